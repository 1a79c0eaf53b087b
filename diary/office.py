"""The home page of those who come for figures and keys: head teacher, administrator, ТУ/ДО, region.

No child has a name here.
"""

import datetime
from typing import Any

from celery import current_app
from django.core.cache import cache
from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from diary.courses import schools_headed_by
from diary.models import Correction
from diary.teacher_day import classes_led
from schedule.models import Lesson
from schools.capacities import Kind
from schools.models import Appointment, Enrolment, Organisation, SchoolClass
from schools.models.periods import in_force

REGION_COUNTS = "region-counts"
COUNTS_KEPT = 24 * 60 * 60
ASKED_AGAIN_AFTER = 60


def office_home(user: Any) -> dict[str, Any]:
    today = timezone.localdate()
    is_operator = user.roles.is_region_operator or user.is_superuser
    if is_operator and (user.acting is None or user.acting.kind == Kind.REGION):
        counts = region_counts()
        as_of = _as_of(counts)
    else:
        counts, as_of = _count(_organisations_of(user, today), today), ""
    return {"figures": _figures(counts) if counts else [], "as_of": as_of, "links": _links(user, today)}


def count_region(now: datetime.datetime) -> None:
    """Every ten minutes (`asurso/celery.py`): no page counts the region's rows."""
    counts = {**_count(Organisation.objects.all(), now.date()), "at": f"{now:%H:%M}"}
    cache.set(REGION_COUNTS, counts, COUNTS_KEPT)


def region_counts() -> dict[str, Any] | None:
    """None before the first count, which is asked for once."""
    counts: dict[str, Any] | None = cache.get(REGION_COUNTS)
    if counts is None and cache.add(f"{REGION_COUNTS}-asked", True, ASKED_AGAIN_AFTER):
        current_app.send_task("diary.tasks.count_region")
    return counts


def _as_of(counts: dict[str, Any] | None) -> str:
    if counts is None:
        return _("The region is being counted: look again in a minute.")
    return _("As of %(time)s") % {"time": counts["at"]}


def _organisations_of(user: Any, today: Any) -> QuerySet[Organisation]:
    """The schools of the office chosen in the header, or of all one's offices."""
    person = getattr(user, "person", None)
    if person is None:
        return Organisation.objects.none()
    offices = Appointment.objects.in_service(today).filter(person=person)
    if user.acting and user.acting.kind in (Kind.HEAD_TEACHER, Kind.ADMINISTRATOR):
        offices = offices.filter(organisation=user.acting.place)
    elif user.acting and user.acting.kind == Kind.TERRITORY:
        offices = offices.filter(territory=user.acting.place)
    return Organisation.objects.filter(
        Q(pk__in=offices.values("organisation"))
        | Q(locality__municipality__territory__in=offices.values("territory"))
    )


def _count(organisations: QuerySet[Organisation], today: Any) -> dict[str, Any]:
    schools = organisations.values("pk")
    year = {"year__since__lte": today, "year__until__gte": today}
    classes = SchoolClass.objects.filter(organisation__in=schools, **year)
    students = Enrolment.objects.filter(in_force(today), school_class__in=classes.values("pk"))
    lessons = Lesson.objects.filter(organisation__in=schools, date=today).aggregate(
        lessons=Count("pk"), held=Count("pk", filter=Q(roll_called_at__isnull=False))
    )
    return {
        "schools": organisations.count(),
        "classes": classes.count(),
        "students": students.count(),
        **lessons,
    }


def _figures(counts: dict[str, Any]) -> list[dict[str, Any]]:
    schools, classes, students = counts["schools"], counts["classes"], counts["students"]
    held = _("%(held)d with the roll called") % {"held": counts["held"]}
    return [
        {"value": schools, "label": ngettext("school", "schools", schools), "note": ""},
        {"value": classes, "label": ngettext("class", "classes", classes), "note": ""},
        {"value": students, "label": ngettext("student", "students", students), "note": ""},
        {
            "value": counts["lessons"],
            "label": ngettext("lesson today", "lessons today", counts["lessons"]),
            "note": held,
        },
    ]


def _links(user: Any, today: Any) -> list[dict[str, str]]:
    roles, links = user.roles, []
    for led in classes_led(user, today):
        links.append(
            {
                "label": _("My class, %(class)s") % {"class": led.label},
                "url": reverse("schedule:class-timetable", args=[led.pk]),
                "icon": "people",
                "note": _("Timetable, and from it the journals of the class"),
            }
        )
        links.append(_results_of(led))
    if roles.is_school_administrator or roles.is_territory_staff or roles.is_region_operator:
        links.append(_registrations(user))
    if roles.is_head_teacher:
        links.append(_terms())
        links.append(_corrections(user))
    if roles.is_head_teacher or roles.is_school_administrator or roles.is_employed:
        links.append(
            {
                "label": _("Timetables of classes"),
                "url": reverse("schedule:classes"),
                "icon": "timetable",
                "note": _("Substitutions and changes of the week, and from each lesson its journal")
                if roles.is_head_teacher
                else _("Substitutions and changes of the week"),
            }
        )
    if roles.is_head_teacher:
        links.append(
            {
                "label": _("Journals’ completeness"),
                "url": reverse("diary:completeness-start"),
                "icon": "check",
                "note": _("What is missing in the journals, teacher by teacher"),
            }
        )
        links.append(
            {
                "label": _("Lesson programmes"),
                "url": reverse("diary:programmes"),
                "icon": "journal",
                "note": _("What waits for approval, and which classes are behind"),
            }
        )
    links += [_rules_of(school) for school in schools_headed_by(user, today)]
    if roles.is_employed:
        links.append(
            {"label": _("My lessons"), "url": reverse("diary:teacher-today"), "icon": "teacher", "note": ""}
        )
    if roles.is_school_administrator or roles.is_region_operator or user.is_superuser:
        links.append(
            {
                "label": _("Administration"),
                "url": reverse("admin:index"),
                "icon": "institution",
                "note": _("People, classes, ties"),
            }
        )
    return links


def _terms() -> dict[str, str]:
    return {
        "label": _("Terms"),
        "url": reverse("diary:terms"),
        "icon": "check",
        "note": _("What is missing, and closing"),
    }


def _corrections(user: Any) -> dict[str, str]:
    count = Correction.objects.answered_by(user).waiting().count()
    waiting = ngettext("%(count)d waits for an answer", "%(count)d wait for an answer", count)
    return {
        "label": _("Corrections of closed terms"),
        "url": reverse("diary:corrections"),
        "icon": "pencil",
        "note": waiting % {"count": count} if count else _("None waits for an answer"),
    }


def _results_of(led: SchoolClass) -> dict[str, str]:
    return {
        "label": _("Results of %(class)s") % {"class": led.label},
        "url": reverse("diary:class-results", args=[led.pk]),
        "icon": "chart",
        "note": _("The summary sheet of the class, and behaviour"),
    }


def _rules_of(school: Organisation) -> dict[str, str]:
    return {
        "label": _("Rules of the journal"),
        "url": reverse("diary:rules", args=[school.pk]),
        "icon": "settings",
        "note": _("Weights, rounding, when families see marks: %(school)s") % {"school": school.short_name},
    }


def _registrations(user: Any) -> dict[str, str]:
    count = user.registrations_to_decide()
    waiting = ngettext("%(count)d waits for an answer", "%(count)d wait for an answer", count)
    if count >= user.MANY:
        waiting = _("%(count)d or more wait for an answer")
    return {
        "label": _("Registrations"),
        "url": reverse("accounts:registrations"),
        "icon": "people",
        "note": waiting % {"count": count} if count else _("None waits for an answer"),
    }
