"""The account: a way in. Who the person is stands in `schools.Person`."""

import pgtrigger
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from schools.append_only import AppendOnly
from schools.doors import Door, Proof, Refusal
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

    username = models.CharField(_("login"), max_length=64, unique=True)
    origin = models.CharField(_("origin"), max_length=10, choices=Origin, default=Origin.SCHOOL)
    is_active = models.BooleanField(_("may sign in"), default=True)
    date_joined = models.DateTimeField(_("made at"), auto_now_add=True)

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
            models.CheckConstraint(
                condition=models.Q(username=Lower("username")), name="user_login_in_lower_case"
            ),
            models.CheckConstraint(
                condition=models.Q(origin__in=["school", "registered", "esia", "demo"]), name="user_origin"
            ),
        ]

    def __str__(self) -> str:
        return self.username

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
