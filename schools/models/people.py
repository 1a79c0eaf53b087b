"""The file the school keeps on a person, whether or not the person ever signs in."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from schools.models.documents import EncryptedTextField, document_hashes, mask_snils

_SMALL = "абвгдеёжзийклмнопрстуфхцчшщъыьэюяabcdefghijklmnopqrstuvwxyzЁ-"
_LARGE = "АБВГДЕЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯABCDEFGHIJKLMNOPQRSTUVWXYZЕ "


def sort_key(name: str) -> str:
    """How a name is sorted and searched: `Ёлкина-Ель Юлия` → `ЕЛКИНА ЕЛЬ ЮЛИЯ`.

    The same on every server, whatever its locale; the column `Person.sort_key` is the database's
    copy of it.
    """
    return name.translate(str.maketrans(_SMALL, _LARGE))


def _names(*fields: str) -> Any:
    joined: Any = F(fields[0])
    for field in fields[1:]:
        joined = Func(joined, Value(" "), F(field), template="(%(expressions)s)", arg_joiner=" || ")
    return joined


class PersonQuerySet(models.QuerySet["Person"]):
    def with_snils(self, digits: str) -> "PersonQuerySet":
        return self.filter(snils_hash__in=document_hashes(digits))

    def current(self) -> "PersonQuerySet":
        return self.filter(merged_into__isnull=True)


class Person(models.Model):
    """A human being's file. It belongs to the region; the ties (`schools.models.ties`) to schools."""

    class Sex(models.TextChoices):
        FEMALE = "f", _("female")
        MALE = "m", _("male")

    surname = models.CharField(_("surname"), max_length=100)
    first_name = models.CharField(_("first name"), max_length=100)
    patronymic = models.CharField(_("patronymic"), max_length=100, blank=True)
    sex = models.CharField(_("sex"), max_length=1, choices=Sex, blank=True)
    birth_date = models.DateField(_("birth date"), null=True, blank=True)
    snils = EncryptedTextField(_("SNILS"), blank=True, default="")
    snils_hash = models.CharField(max_length=64, null=True, editable=False)  # noqa: DJ001 (empty is unique)
    account = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="person",
        verbose_name=_("account"),
    )
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, editable=False, related_name="merged_files"
    )
    sort_key = models.GeneratedField(
        expression=Func(
            _names("surname", "first_name", "patronymic"), Value(_SMALL), Value(_LARGE), function="translate"
        ),
        output_field=models.TextField(db_collation="C"),
        db_persist=True,
    )

    objects = PersonQuerySet.as_manager()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        indexes = [models.Index(fields=["sort_key", "birth_date"], name="person_by_name")]
        constraints = [
            models.UniqueConstraint(
                fields=["snils_hash"],
                condition=Q(merged_into__isnull=True),
                name="snils_once_among_unmerged_files",
                violation_error_message=_("Another file has this SNILS."),
            ),
            models.CheckConstraint(
                condition=~Q(merged_into=F("id")), name="person_is_not_merged_into_itself"
            ),
        ]

    def __str__(self) -> str:
        return self.full_name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.snils_hash = document_hashes(self.snils)[0] if self.snils else None
        fields = kwargs.get("update_fields")
        if fields is not None and "snils" in fields:
            kwargs["update_fields"] = {*fields, "snils_hash"}
        super().save(*args, **kwargs)

    @property
    def full_name(self) -> str:
        """«Кузнецова Елена Викторовна»"""
        return " ".join(filter(None, (self.surname, self.first_name, self.patronymic)))

    @property
    def roll_name(self) -> str:
        """«Абрамова Дарья», as a class list has it."""
        return f"{self.surname} {self.first_name}"

    @property
    def short_name(self) -> str:
        """«Кузнецова Е. В.», with no-break spaces."""
        return short_name(self.surname, self.first_name, self.patronymic)

    @property
    def masked_snils(self) -> str:
        return mask_snils(self.snils)


def short_name(surname: str, first_name: str, patronymic: str = "") -> str:
    """«Кузнецова Е. В.» of a name's parts, bound by no-break spaces."""
    initials = [f"{name[0]}." for name in (first_name, patronymic) if name]
    return "\u00a0".join([surname, *initials])
