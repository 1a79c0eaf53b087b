"""Which identity of ESIA opens which account."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.users import User
from schools.append_only import AppendOnly
from schools.doors import Level
from schools.models import Organisation, Person


class EsiaLink(models.Model):
    """An ESIA identity was tied to an account: whose, when, by which match. Rows are only added, and
    ended once, by somebody or by the portal itself; a simplified `level` rises when ESIA has checked the
    data, which are compared then. python-social-auth's row (`UserSocialAuth`) is what the sign-in looks
    up."""

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

    append_only = AppendOnly(columns=("level", "ended_at", "ended_by_id"))

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
                condition=models.Q(ended_by__isnull=True) | models.Q(ended_at__isnull=False),
                name="esia_link_end_says_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}, {self.at:%d.%m.%Y}"
