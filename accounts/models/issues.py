"""First passwords that schools hand out."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models.users import User
from schools.models import Organisation, Person


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
    half only the asker's session has (`accounts.issuing.batches`). Rows live for a day.
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
