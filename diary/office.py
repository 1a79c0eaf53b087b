"""The home page of those who come for figures and keys: head teacher, administrator, ТУ/ДО, region.

No child has a name here.
"""

import datetime
from typing import Any

from celery import current_app
from django.core.cache import cache
from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from diary.ways import ways_of_office
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
    return {
        "figures": _figures(counts) if counts else [],
        "as_of": as_of,
        "links": ways_of_office(user, today),
    }


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
