"""The account: a way in. Who the person is stands in `schools.Person`."""

import datetime
from typing import Any

import pgtrigger
from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from schools.append_only import AppendOnly
from schools.capacities import Acting
from schools.doors import Door, Level, Proof, Refusal
from schools.models import Appointment, Organisation, Person, Territory, sort_key
from schools.models.documents import EncryptedTextField
from schools.roles import Roles

# Within which an office answers a registration.
ANSWER_TERM = datetime.timedelta(days=7)


class UserManager(BaseUserManager["User"]):
    def create_user(self, username: str, password: str | None = None, **fields) -> "User":
        user = self.model(username=username.lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, username: str, password: str | None = None, **fields) -> "User":
        return self.create_user(username, password, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        """Logins are typed on phones that begin with a capital: case does not count."""
        return self.get(username=(username or "").strip().lower())


class User(AbstractBaseUser, PermissionsMixin):
    """A login, unique in the region. Its person, if it has one yet, is `user.person`.

    `is_superuser` opens Django admin as the region operator would, and nothing of the journal;
    `createsuperuser` makes the first one of an installation.
    """

    class Origin(models.TextChoices):
        SCHOOL = "school", _("issued by a school")
        REGISTERED = "registered", _("from a registration")
        ESIA = "esia", _("made at the first sign-in through Gosuslugi")
        DEMO = "demo", _("of the demo region")

    MANY = 100
    ORIGINS_OF_A_SCHOOL = (Origin.SCHOOL, Origin.DEMO)

    username = models.CharField(_("login"), max_length=64, unique=True)
    origin = models.CharField(_("origin"), max_length=10, choices=Origin, default=Origin.SCHOOL)
    is_active = models.BooleanField(_("may sign in"), default=True)
    date_joined = models.DateTimeField(_("made at"), auto_now_add=True)
    must_change_password = models.BooleanField(_("must choose an own password"), default=False)
    # Until when a first password that a school handed out opens the door; none once it was changed.
    first_password_until = models.DateTimeField(_("first password holds until"), null=True, blank=True)

    # Set on every request (`accounts.backends`, `accounts.middleware`): what the sign-in proved, the
    # roles that it opens, and why others stay shut. An account without a person has no roles.
    proof: Proof | None = None
    roles = Roles()
    refusals: dict[str, Refusal] = {}
    # Which of several was chosen in the header.
    acting: Acting | None = None

    objects = UserManager()

    USERNAME_FIELD = "username"

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        constraints = [
            models.CheckConstraint(condition=Q(username=Lower("username")), name="user_login_in_lower_case"),
            models.CheckConstraint(
                condition=Q(origin__in=["school", "registered", "esia", "demo"]), name="user_origin"
            ),
            models.CheckConstraint(
                condition=Q(first_password_until__isnull=True) | Q(must_change_password=True),
                name="user_changes_a_first_password",
            ),
        ]

    def __str__(self) -> str:
        return self.username

    @property
    def is_of_a_school(self) -> bool:
        """May a school change the password? Not of an account that the person made at another door."""
        return self.origin in self.ORIGINS_OF_A_SCHOOL

    @property
    def is_registered_without_person(self) -> bool:
        """Signed in, and nothing to see yet but how the registration stands."""
        return self.origin == self.Origin.REGISTERED and getattr(self, "person", None) is None

    @property
    def registrations_to_decide(self) -> int:
        """How many registrations wait for this person's offices, counted no further than `MANY`; for
        pages of apps below this one."""
        waiting = Registration.objects.visible_to(self, on=timezone.localdate()).waiting()
        return len(waiting.values_list("pk")[: self.MANY])

    def first_password_expired(self, now: datetime.datetime) -> bool:
        return self.first_password_until is not None and self.first_password_until <= now

    def choose_password(self, password: str) -> None:
        """The person's own password takes the place of whatever was there; other sessions end."""
        self.set_password(password)
        self.must_change_password, self.first_password_until = False, None
        self.save(update_fields=["password", "must_change_password", "first_password_until"])

    @property
    def password_door(self) -> Door:
        """The door that this account's password opens. One made by ESIA has none (no password)."""
        if self.origin == self.Origin.DEMO:
            return Door.DEMO
        return Door.OWN if self.origin == self.Origin.REGISTERED else Door.SCHOOL

    @property
    def is_staff(self) -> bool:
        """Django's libraries ask it; ours is answered by appointments (`schools.admin.site`)."""
        return self.is_superuser


class SignInAttempt(models.Model):
    """Each try at the school's door, of existing and of unknown logins (`accounts.attempts`)."""

    username = models.CharField(_("login"), max_length=64)
    address = models.GenericIPAddressField(_("address"), null=True)
    at = models.DateTimeField(_("at"), auto_now_add=True)
    succeeded = models.BooleanField(_("succeeded"))
    refused = models.BooleanField(_("refused while waiting"), default=False)

    append_only = AppendOnly(columns=("succeeded",), may_be_deleted=True)

    class Meta:
        verbose_name = _("sign-in attempt")
        verbose_name_plural = _("sign-in attempts")
        indexes = [
            models.Index(fields=["username", "at"], name="attempt_of_login"),
            models.Index(fields=["address", "at"], name="attempt_from_address"),
        ]
        triggers = [
            # Whoever breaks in does not wipe out the traces (`accounts.attempts.KEPT`).
            pgtrigger.Protect(
                name="traces_stay",
                operation=pgtrigger.Delete,
                condition=pgtrigger.Condition("OLD.at > now() - interval '90 days'"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.at:%d.%m.%Y %H:%M}"


class LoginIssue(models.Model):
    """A first password was handed out: for whom, by whom, on what ground. Kept for good."""

    class How(models.TextChoices):
        OFFICE = "office", _("by an administrator")
        CLASS_TEACHER = "class-teacher", _("by the class teacher")
        GUARDIAN = "guardian", _("by a guardian")
        COMMAND = "command", _("by a command of the server")

    account = models.ForeignKey(User, models.PROTECT, related_name="issues", verbose_name=_("account"))
    person = models.ForeignKey(Person, models.PROTECT, related_name="login_issues", verbose_name=_("person"))
    # Nobody for a command, and for a superuser without a file.
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", verbose_name=_("issued by"))
    how = models.CharField(_("on what ground"), max_length=13, choices=How)
    again = models.BooleanField(_("anew"))
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, related_name="+", verbose_name=_("organisation")
    )
    at = models.DateTimeField(_("at"), auto_now_add=True)

    class Meta:
        verbose_name = _("issue of a login")
        verbose_name_plural = _("issues of logins")
        indexes = [models.Index(fields=["organisation", "-id"], name="login_issues_of_organisation")]
        constraints = [
            models.CheckConstraint(
                condition=Q(how__in=["office", "class-teacher", "guardian", "command"]),
                name="login_issue_how",
            ),
            models.CheckConstraint(
                condition=Q(by__isnull=False) | Q(how__in=["office", "command"]),
                name="login_issue_has_a_hand",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}, {self.at:%d.%m.%Y}"


class LoginBatch(models.Model):
    """Logins being made for many people, and the sheet of slips that waits for its one download.

    No password is ever in this row: the sheet lies in the cache, sealed to `public_key`, whose other
    half only the asker's session has (`accounts.batches`). Rows live for a day.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("not started")
        WAITING = "waiting", _("waiting")
        RUNNING = "running", _("being made")
        READY = "ready", _("ready")
        TAKEN = "taken", _("downloaded")
        EXPIRED = "expired", _("not downloaded in time")
        FAILED = "failed", _("failed")

    UNDER_WAY = (State.WAITING, State.RUNNING)

    asked_by = models.ForeignKey(User, models.CASCADE, related_name="login_batches", verbose_name=_("by"))
    # Those chosen one by one, or the classes chosen; after the start `people` has everybody.
    people = ArrayField(models.BigIntegerField(), default=list)
    classes = ArrayField(models.BigIntegerField(), default=list)
    again = models.BooleanField(_("anew"), default=False)
    state = models.CharField(_("state"), max_length=7, choices=State, default=State.DRAFT)
    done = models.PositiveIntegerField(_("made"), default=0)
    total = models.PositiveIntegerField(_("to make"), default=0)
    address = models.URLField(blank=True)
    language = models.CharField(max_length=10, blank=True)
    public_key = models.BinaryField(default=bytes)
    changed_at = models.DateTimeField(_("at"), auto_now=True)

    class Meta:
        verbose_name = _("batch of logins")
        verbose_name_plural = _("batches of logins")
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["draft", "waiting", "running", "ready", "taken", "expired", "failed"]),
                name="login_batch_state",
            ),
            models.UniqueConstraint(
                fields=["asked_by"],
                condition=Q(state__in=["waiting", "running"]),
                name="one_login_batch_under_way",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk}, {self.get_state_display()}"

    @property
    def is_under_way(self) -> bool:
        return self.state in self.UNDER_WAY


class SecretQuestion(models.Model):
    """A second proof for recovery, chosen by the account's holder. The answer is kept as a hash only."""

    account = models.OneToOneField(
        User, models.CASCADE, related_name="secret_question", verbose_name=_("account")
    )
    question = models.CharField(_("secret question"), max_length=200)
    answer = models.CharField(max_length=128, editable=False)
    set_at = models.DateTimeField(_("set at"), auto_now=True)

    class Meta:
        verbose_name = _("secret question")
        verbose_name_plural = _("secret questions")

    def __str__(self) -> str:
        return self.question

    def is_answered_by(self, text: str) -> bool:
        return check_password(_normalised(text), self.answer)


def answer_hash(text: str) -> str:
    """Capital letters, Ё, hyphens and blanks are remembered by nobody: they do not count."""
    return make_password(_normalised(text))


def _normalised(answer: str) -> str:
    return " ".join(sort_key(answer).split())


class EsiaLink(models.Model):
    """An ESIA identity was tied to an account: whose, when, by which match. Rows are only added, and
    ended once; python-social-auth's row (`UserSocialAuth`) is what the sign-in looks up."""

    class Basis(models.TextChoices):
        SNILS = "snils", _("the SNILS, checked by Gosuslugi")
        NAME = "name", _("full name and birth date")
        LOGIN = "login", _("login and password issued by the school")

    account = models.ForeignKey(User, models.PROTECT, related_name="esia_links", verbose_name=_("account"))
    person = models.ForeignKey(Person, models.PROTECT, related_name="esia_links", verbose_name=_("person"))
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, related_name="+", verbose_name=_("organisation")
    )
    oid = models.BigIntegerField(_("number in ESIA"))
    basis = models.CharField(_("linked by"), max_length=10, choices=Basis)
    level = models.CharField(_("level of the account"), max_length=10, choices=Level)
    at = models.DateTimeField(_("at"), auto_now_add=True)
    ended_at = models.DateTimeField(_("ended at"), null=True)
    ended_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name=_("ended by")
    )

    append_only = AppendOnly(columns=("ended_at", "ended_by_id"))

    class Meta:
        verbose_name = _("link with Gosuslugi")
        verbose_name_plural = _("links with Gosuslugi")
        constraints = [
            *(
                models.UniqueConstraint(
                    fields=[field], condition=models.Q(ended_at__isnull=True), name=f"esia_link_of_{field}"
                )
                for field in ("oid", "account", "person")
            ),
            models.CheckConstraint(
                condition=models.Q(basis__in=["snils", "name", "login"]), name="esia_link_basis"
            ),
            models.CheckConstraint(
                condition=models.Q(ended_at__isnull=True, ended_by__isnull=True)
                | models.Q(ended_at__isnull=False, ended_by__isnull=False),
                name="esia_link_end_says_who",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}, {self.at:%d.%m.%Y}"


class PhoneNumber(models.Model):
    """The telephone of an account. A family may share one; confirmed, it is one account's alone,
    because it gives a new password away (model.md, "People"). The hash is the number's keyed one."""

    account = models.OneToOneField(
        User, models.CASCADE, related_name="phone_number", verbose_name=_("account")
    )
    number = EncryptedTextField(_("telephone"))
    number_hash = models.CharField(max_length=64, editable=False)
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True, blank=True)

    class Meta:
        verbose_name = _("telephone number")
        verbose_name_plural = _("telephone numbers")
        constraints = [
            models.UniqueConstraint(
                fields=["number_hash"],
                condition=models.Q(confirmed_at__isnull=False),
                name="confirmed_phone_once",
            )
        ]

    def __str__(self) -> str:
        return str(self.account)


class SentCode(models.Model):
    """A confirmation code, or the answer in its place, went to a telephone or an e-mail address
    (`accounts.codes`). The hash is the contact's keyed one. Rows live for a day."""

    contact_hash = models.CharField(max_length=64)
    address = models.GenericIPAddressField(_("address"), null=True)
    at = models.DateTimeField(_("at"), auto_now_add=True)

    class Meta:
        verbose_name = _("sent code")
        verbose_name_plural = _("sent codes")
        indexes = [
            models.Index(fields=["contact_hash", "at"], name="code_to_contact"),
            models.Index(fields=["address", "at"], name="code_asked_from_address"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%d.%m.%Y %H:%M}"


class RegistrationQuerySet(models.QuerySet["Registration"]):
    def confirmed(self) -> "RegistrationQuerySet":
        """Those whose telephone and e-mail answered: before that anybody could have typed them."""
        emails = EmailAddress.objects.filter(user=models.OuterRef("account"), verified=True)
        return self.filter(models.Exists(emails), account__phone_number__confirmed_at__isnull=False)

    def visible_to(self, user: Any, *, on: datetime.date) -> "RegistrationQuerySet":
        """Teachers' to the administrators of their school, staff's to the staff of their territory, both
        to the region operator. Parents' and students' to nobody: no office decides them."""
        roles, mine = user.roles, Q(pk__in=[])
        offices = Appointment.objects.on(on).filter(person=getattr(user, "person", None))
        if roles.is_school_administrator:
            schools = offices.filter(role=Appointment.Role.SCHOOL_ADMINISTRATOR).values("organisation")
            mine |= Q(status=Registration.Status.TEACHER, organisation__in=schools)
        if roles.is_territory_staff:
            territories = offices.filter(role=Appointment.Role.TERRITORY_STAFF).values("territory")
            mine |= Q(status=Registration.Status.STAFF, territory__in=territories)
        if roles.is_region_operator:
            mine |= Q(status__in=Registration.DECIDED_BY_OFFICES)
        return self.confirmed().filter(mine)

    def waiting(self) -> "RegistrationQuerySet":
        """A person tied by another door meanwhile needs no decision any more."""
        return self.filter(state=Registration.State.WAITING, account__person__isnull=True)


class Registration(models.Model):
    """An application for an account: what somebody typed about themselves, and what was decided.

    Nothing of it is a right. It ties an account to a file only when an office approves it; parents
    and students are tied by Gosuslugi or by the school's login, never by what they typed.
    """

    class Status(models.TextChoices):
        PARENT = "parent", _("parent")
        STUDENT = "student", _("student")
        TEACHER = "teacher", _("teacher")
        STAFF = "staff", _("staff of the territorial administration")

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting for an answer")
        APPROVED = "approved", pgettext_lazy("registration", "approved")
        REFUSED = "refused", pgettext_lazy("registration", "refused")

    class Reason(models.TextChoices):
        UNKNOWN = "unknown", _("Nobody of this name works here")
        DATA = "data", _("The name or the birth date differs from the documents")
        PLACE = "place", _("Another institution or territory was meant")
        DOUBLE = "double", _("You have an account already")
        OTHER = "other", pgettext_lazy("reason", "Another reason")

    AT_A_SCHOOL = (Status.STUDENT, Status.TEACHER)
    DECIDED_BY_OFFICES = (Status.TEACHER, Status.STAFF)

    account = models.OneToOneField(
        User, models.CASCADE, related_name="registration", verbose_name=_("account")
    )
    status = models.CharField(_("status"), max_length=7, choices=Status)
    surname = models.CharField(_("surname"), max_length=100)
    first_name = models.CharField(_("first name"), max_length=100)
    patronymic = models.CharField(_("patronymic"), max_length=100, blank=True)
    birth_date = models.DateField(_("birth date"))
    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="registrations",
        verbose_name=_("organisation"),
    )
    territory = models.ForeignKey(
        Territory,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="registrations",
        verbose_name=_("territorial administration"),
    )
    language = models.CharField(max_length=10, editable=False)  # of the letter with the answer
    made_at = models.DateTimeField(_("made at"), auto_now_add=True)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.WAITING)
    decided_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=7, choices=Reason, blank=True)
    explanation = models.CharField(_("explanation"), max_length=500, blank=True)
    person = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="registrations",
        verbose_name=_("tied to the file"),
    )

    objects = RegistrationQuerySet.as_manager()

    class Meta:
        verbose_name = _("registration")
        verbose_name_plural = _("registrations")
        indexes = [
            models.Index(
                fields=["organisation", "territory"],
                condition=Q(state="waiting"),
                name="registration_waiting",
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(status="parent", organisation__isnull=True, territory__isnull=True)
                | Q(status__in=["student", "teacher"], organisation__isnull=False, territory__isnull=True)
                | Q(status="staff", organisation__isnull=True, territory__isnull=False),
                name="registration_is_at_its_place",
            ),
            models.CheckConstraint(
                condition=Q(
                    state="waiting",
                    decided_by__isnull=True,
                    decided_at__isnull=True,
                    person__isnull=True,
                    reason="",
                    explanation="",
                )
                | Q(
                    state="approved",
                    status__in=["teacher", "staff"],
                    decided_by__isnull=False,
                    decided_at__isnull=False,
                    person__isnull=False,
                    reason="",
                    explanation="",
                )
                | Q(
                    state="refused",
                    status__in=["teacher", "staff"],
                    decided_by__isnull=False,
                    decided_at__isnull=False,
                    person__isnull=True,
                    reason__in=["unknown", "data", "place", "double", "other"],
                ),
                name="registration_is_decided_by_somebody_at_some_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.full_name}, {self.get_status_display()}"

    @property
    def full_name(self) -> str:
        return " ".join(filter(None, (self.surname, self.first_name, self.patronymic)))

    @property
    def place(self) -> Organisation | Territory | None:
        return self.organisation or self.territory

    @property
    def is_decided_by_an_office(self) -> bool:
        return self.status in self.DECIDED_BY_OFFICES

    @property
    def answer_due(self) -> datetime.date:
        """By when the office answers: `ANSWER_TERM` after the application."""
        return timezone.localdate(self.made_at) + ANSWER_TERM


class Recovery(models.Model):
    """A try at a new password. There is one for an unknown contact as well, which nothing can finish:
    whoever asks cannot tell the two apart. `code` is hashed like a password, but quickly (HMAC)."""

    class Channel(models.TextChoices):
        EMAIL = "email", _("by e-mail")
        SMS = "sms", _("by SMS")

    channel = models.CharField(_("channel"), max_length=5, choices=Channel)
    contact = EncryptedTextField(_("contact"))
    language = models.CharField(_("language"), max_length=10)
    at = models.DateTimeField(_("at"))
    expires_at = models.DateTimeField(_("holds until"))
    account = models.ForeignKey(
        User, models.CASCADE, null=True, blank=True, related_name="recoveries", verbose_name=_("account")
    )
    code = models.CharField(max_length=64, blank=True, editable=False)
    wrong_codes = models.PositiveSmallIntegerField(_("wrong codes"), default=0)
    wrong_answers = models.PositiveSmallIntegerField(_("wrong answers"), default=0)
    code_shown_at = models.DateTimeField(_("code shown at"), null=True, blank=True)
    answered_at = models.DateTimeField(_("question answered at"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)

    class Meta:
        verbose_name = _("recovery of a password")
        verbose_name_plural = _("recoveries of passwords")
        constraints = [
            models.CheckConstraint(condition=Q(channel__in=["email", "sms"]), name="recovery_channel"),
            models.CheckConstraint(
                condition=Q(code_shown_at__isnull=True) | Q(account__isnull=False),
                name="recovery_code_is_of_an_account",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_channel_display()}, {self.at:%d.%m.%Y %H:%M}"
