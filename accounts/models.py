"""The account: a way in. Who the person is stands in `schools.Person`."""

import datetime

import pgtrigger
from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from schools.append_only import AppendOnly
from schools.doors import Door, Level, Proof, Refusal
from schools.models import Organisation, Person, sort_key
from schools.roles import Roles


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
