"""The timetable of a class."""

import datetime
from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from schedule.converters import has_address
from schedule.timetable import class_days
from schedule.weeks import WEEK, monday_of, week_subtitle, week_title
from schools.calendar import calendar_of
from schools.models import SchoolClass


@require_GET
def classes(request: HttpRequest) -> HttpResponse:
    """The classes one may look at; a student or a parent of one goes straight to the class."""
    today = timezone.localdate()
    this_year = SchoolClass.objects.filter(year__since__lte=today, year__until__gte=today)
    visible = list(this_year.visible_to(request.user).select_related("organisation").in_order())
    if len(visible) == 1:
        return redirect("schedule:class-timetable", pk=visible[0].pk)
    several = len({school_class.organisation_id for school_class in visible}) > 1
    grades = [
        {
            "label": _("Grade %(grade)d") % {"grade": grade},
            "classes": [
                {
                    "label": school_class.label,
                    "url": reverse("schedule:class-timetable", args=[school_class.pk]),
                    "note": school_class.organisation.short_name if several else "",
                }
                for school_class in members
            ],
        }
        for grade, members in groupby(visible, key=lambda school_class: school_class.grade)
    ]
    return render(request, "schedule/classes.html", {"grades": grades})


@require_GET
def class_timetable(request: HttpRequest, pk: int, monday: datetime.date | None = None) -> HttpResponse:
    school_class = get_object_or_404(SchoolClass.objects.visible_to(request.user), pk=pk)
    today = timezone.localdate()
    shown = monday or monday_of(today)
    context = {
        "school_class": school_class,
        "days": class_days(school_class, shown, today=today),
        "week": week_pager(shown, school_class, today=today),
    }
    return render(request, "schedule/class_timetable.html", context)


def week_pager(
    monday: datetime.date, school_class: SchoolClass, *, today: datetime.date
) -> dict[str, object]:
    def url(day: datetime.date) -> str:
        return (
            reverse("schedule:class-timetable-week", args=[school_class.pk, day]) if has_address(day) else ""
        )

    return {
        "title": week_title(monday),
        "subtitle": week_subtitle(monday, calendar_of(school_class)),
        "previous_url": url(monday - WEEK),
        "next_url": url(monday + WEEK),
        "today_url": "" if monday == monday_of(today) else url(monday_of(today)),
        "is_current": monday == monday_of(today),
    }
