"""Where a school stands: region → territorial administration → municipality → locality."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Region(models.Model):
    """The one region of this installation. `demo_since` marks a database of invented people."""

    name = models.CharField(_("name"), max_length=100)
    demo_since = models.DateTimeField(_("demo since"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("region")
        verbose_name_plural = _("regions")
        constraints = [models.UniqueConstraint(models.Value(1), name="region_is_one")]

    def __str__(self) -> str:
        return self.name


class Territory(models.Model):
    """A territorial administration or education department (ТУ/ДО)."""

    name = models.CharField(_("name"), max_length=200, unique=True)

    class Meta:
        verbose_name = _("territorial administration")
        verbose_name_plural = _("territorial administrations")

    def __str__(self) -> str:
        return self.name


class Municipality(models.Model):
    territory = models.ForeignKey(Territory, models.PROTECT, verbose_name=_("territorial administration"))
    name = models.CharField(_("name"), max_length=200)
    kind = models.CharField(_("kind"), max_length=100, blank=True)

    class Meta:
        verbose_name = _("municipality")
        verbose_name_plural = _("municipalities")
        constraints = [models.UniqueConstraint(fields=["name", "kind"], name="municipality_once")]

    def __str__(self) -> str:
        return f"{self.name} ({self.kind})" if self.kind else self.name


class Locality(models.Model):
    municipality = models.ForeignKey(Municipality, models.PROTECT, verbose_name=_("municipality"))
    name = models.CharField(_("name"), max_length=200)

    class Meta:
        verbose_name = _("locality")
        verbose_name_plural = _("localities")
        constraints = [models.UniqueConstraint(fields=["municipality", "name"], name="locality_once")]

    def __str__(self) -> str:
        return self.name
