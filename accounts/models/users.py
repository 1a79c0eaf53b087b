"""The account: a way in. Who the person is stands in `schools.Person`."""

import datetime

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from schools.capacities import Acting
from schools.doors import Door, Proof, Refusal
from schools.roles import Roles

# So begin the logins that the first sign-in through ESIA makes; nobody may choose one.
LOGINS_OF_ESIA = "esia-"


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
