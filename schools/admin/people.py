"""People's files. They belong to the region; a school changes those that are wholly its own."""

import re
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.postgres.expressions import ArraySubquery
from django.core.exceptions import ValidationError
from django.db.models import OuterRef, QuerySet
from django.db.models.functions import JSONObject
from django.http import HttpRequest, HttpResponse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from schools.admin.filters import RoleFilter
from schools.admin.office import EVERYTHING, SchoolAdmin, WholeForm
from schools.admin.scope import Scope, scope_of
from schools.admin.ties import (
    ChildrenInline,
    EmploymentInline,
    EnrolmentInline,
    FirstChild,
    FirstEmployment,
    FirstEnrolment,
    GuardiansInline,
    MembershipInline,
)
from schools.models import Enrolment, Person, class_label
from schools.models.documents import clean_snils
from schools.models.people import sort_key

NAMES = ("surname", "first_name", "patronymic", "sex", "birth_date")


class PersonForm(WholeForm):
    """`clean_snils` runs only where the form has the field: not on files of other schools too."""

    def clean_snils(self) -> str:
        """Says nothing of whose the number is: the file may be another school's."""
        digits = clean_snils(self.cleaned_data["snils"])
        others = Person.objects.current().exclude(pk=self.instance.pk)
        if digits and others.with_snils(digits).exists():
            raise ValidationError(
                _("This SNILS cannot be entered. If it is right, ask the region operator."), code="snils"
            )
        return digits


_CLASS = re.compile(r"""(?<!\d)(\d{1,2})[\s\u00a0]*[«"]?([^\W\d_])[»"]?(?!\w)""")


def _words_and_class(term: str) -> tuple[list[str], tuple[int, str] | None]:
    """What was typed into the search: words of names as `sort_key` has them, and (grade, letter)."""
    found = _CLASS.search(term)
    names = _CLASS.sub(" ", term) if found else term
    words = sort_key(names.replace("\x00", "")).split()
    return words, (int(found[1]), found[2]) if found else None


@admin.register(Person)
class PersonAdmin(SchoolAdmin):
    """A new file is made with its first tie: `?as=student`, `employee` or `guardian`."""

    administrator_may = EVERYTHING - {"delete"}
    organisation_path = ""
    form = PersonForm
    list_display = ("full_name", "current_class", "birth_date", "snils_masked")
    ordering = ("sort_key",)
    search_fields = ("sort_key",)
    search_help_text = _("Any part of the name, or the class: Roman, 8 B")
    list_filter = (RoleFilter,)

    FIRST_TIES = {"student": FirstEnrolment, "employee": FirstEmployment, "guardian": FirstChild}
    TIES = (EnrolmentInline, MembershipInline, EmploymentInline, GuardiansInline, ChildrenInline)

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        if db_field.name == "snils":
            return forms.CharField(label=capfirst(db_field.verbose_name), max_length=14, required=False)
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    # --- Rows ------------------------------------------------------------------------------------
    def limited(self, rows: QuerySet[Any], scope: Scope) -> QuerySet[Any]:
        return scope.people(rows)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        scope = scope_of(request)
        enrolments = Enrolment.objects.on(scope.on).filter(student=OuterRef("pk"))
        if not scope.is_region:
            enrolments = enrolments.filter(school_class__organisation__in=scope.organisations)
        labels = enrolments.values(
            label=JSONObject(grade="school_class__grade", letter="school_class__letter")
        )
        return super().get_queryset(request).annotate(classes_today=ArraySubquery(labels))

    def get_ordering(self, request: HttpRequest) -> tuple[str, ...]:
        """By name in the region as well: there is an index."""
        return ("sort_key", "pk")

    def get_search_results(self, request: HttpRequest, queryset: QuerySet[Any], search_term: str) -> Any:
        """By parts of the name in any order, Ё as Е, and by the class of the day: «8 Б», «8б». In the
        region the name begins with the first part: an index answers, not 900,000 rows."""
        scope, (words, school_class) = scope_of(request), _words_and_class(search_term)
        found = queryset
        for place, word in enumerate(words):
            how = "startswith" if scope.is_region and place == 0 else "contains"
            found = found.filter(**{f"sort_key__{how}": word})
        if school_class:
            grade, letter = school_class
            enrolled = Enrolment.objects.on(scope.on).filter(
                school_class__grade=grade, school_class__letter__iexact=letter
            )
            if not scope.is_region:
                enrolled = enrolled.filter(school_class__organisation__in=scope.organisations)
            found = found.filter(pk__in=enrolled.values("student"))
        return found, False

    def get_object(self, request: HttpRequest, object_id: str, from_field: Any = None) -> Any:
        person = super().get_object(request, object_id, from_field)
        person.may_be_renamed = scope_of(request).has_whole([person.pk])
        return person

    def name_to_choose(self, obj: Any) -> str:
        return f"{obj}, {obj.birth_date:%d.%m.%Y}" if obj.birth_date else str(obj)

    # --- Rights ----------------------------------------------------------------------------------
    def is_open_to(self, request: HttpRequest, obj: Any) -> bool:
        own: bool = obj.pk == scope_of(request).person
        return not own

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        if obj is None:
            return (*NAMES, "snils")
        return (*NAMES, "snils" if self._shows_whole(request, obj) else "snils_masked", "login")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        if obj is None:
            return ()
        return ("login",) if self._shows_whole(request, obj) else (*NAMES, "snils_masked", "login")

    def _shows_whole(self, request: HttpRequest, obj: Any) -> bool:
        """A file that other schools need as well is the region operator's to change."""
        return obj.may_be_renamed and self.has_change_permission(request, obj)

    # --- Pages -----------------------------------------------------------------------------------
    def get_inlines(self, request: HttpRequest, obj: Any) -> Any:
        if obj is not None:
            return self.TIES
        return (self.FIRST_TIES.get(request.GET.get("as", ""), FirstEnrolment),)

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: Any = None) -> HttpResponse:
        response = super().response_add(request, obj, post_url_continue)
        if "_addanother" in request.POST and request.GET.get("as") in self.FIRST_TIES:
            response["Location"] = f"{request.path}?as={request.GET['as']}"
        return response

    @admin.display(description=_("full name"), ordering="sort_key")
    def full_name(self, obj: Any) -> str:
        return str(obj)

    @admin.display(description=_("class"))
    def current_class(self, obj: Any) -> str:
        return ", ".join(class_label(each["grade"], each["letter"]) for each in obj.classes_today)

    @admin.display(description=_("login"))
    def login(self, obj: Any) -> str:
        return obj.account.username if obj.account_id else ""

    @admin.display(description=_("SNILS"))
    def snils_masked(self, obj: Any) -> str:
        masked: str = obj.masked_snils
        return masked
