"""The home page of those who come for figures and keys: head teacher, administrator, ТУ/ДО, region.

No child has a name here.
"""

from typing import Any

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from diary.teacher_day import classes_led
from schedule.models import Lesson
from schools.models import Appointment, Enrolment, Organisation, SchoolClass
from schools.models.periods import in_force


def office_home(user: Any) -> dict[str, Any]:
    today = timezone.localdate()
    organisations = _organisations_of(user, today)
    return {"figures": _figures(organisations, today), "links": _links(user, today)}


def _organisations_of(user: Any, today: Any) -> QuerySet[Organisation]:
    """The schools of one's offices: one's own, the territory's, or all of them."""
    person, roles = getattr(user, "person", None), user.roles
    if roles.is_region_operator or user.is_superuser:
        return Organisation.objects.all()
    if person is None:
        return Organisation.objects.none()
    offices = Appointment.objects.on(today).filter(person=person)
    return Organisation.objects.filter(
        Q(pk__in=offices.values("organisation"))
        | Q(locality__municipality__territory__in=offices.values("territory"))
    )


def _figures(organisations: QuerySet[Organisation], today: Any) -> list[dict[str, Any]]:
    schools = organisations.values("pk")
    year = {"year__since__lte": today, "year__until__gte": today}
    classes = SchoolClass.objects.filter(organisation__in=schools, **year)
    students = Enrolment.objects.filter(in_force(today), school_class__in=classes.values("pk"))
    lessons = Lesson.objects.filter(organisation__in=schools, date=today).aggregate(
        all=Count("pk"), held=Count("pk", filter=Q(roll_called_at__isnull=False))
    )
    school_count, class_count, student_count = organisations.count(), classes.count(), students.count()
    held = _("%(held)d with the roll called") % {"held": lessons["held"]}
    return [
        {"value": school_count, "label": ngettext("school", "schools", school_count), "note": ""},
        {"value": class_count, "label": ngettext("class", "classes", class_count), "note": ""},
        {"value": student_count, "label": ngettext("student", "students", student_count), "note": ""},
        {
            "value": lessons["all"],
            "label": ngettext("lesson today", "lessons today", lessons["all"]),
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
