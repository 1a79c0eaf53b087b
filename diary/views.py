"""Home by role, the family's week, the teacher's day."""

import datetime
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from diary.family import chosen_child, family_of, own_first, student_label, tabs_of, with_badges
from diary.home import family_home
from diary.models import Visit
from diary.news import news_of, rows_of
from diary.office import office_home
from diary.teacher_day import classes_led, corrections_told, lessons_of_day, nearest_days
from diary.ways import ways_of_teacher
from diary.week import days_of_student
from schedule.converters import has_address
from schedule.weeks import DAY, WEEK, day_title, monday_of, week_subtitle, week_title
from schools.calendar import calendar_of
from schools.capacities import Kind
from schools.doors import Refusal, Role
from schools.family import Child, children_of
from schools.models import Information, TieProposal


@require_GET
def home(request: HttpRequest, student_pk: int | None = None) -> HttpResponse:
    """Families see their child, teachers their day, offices their figures."""
    if request.user.is_registered_without_person:  # type: ignore[union-attr]
        return redirect("accounts:registration")
    roles = request.user.roles  # type: ignore[union-attr]
    chosen = request.user.acting and request.user.acting.kind  # type: ignore[union-attr]
    wants_family = student_pk is not None or chosen in (Kind.STUDENT, Kind.GUARDIAN, None)
    children = children_of(request.user, on=timezone.localdate()) if wants_family else []
    if children:
        return _home_of_family(request, children, chosen_child(own_first(children, request.user), student_pk))
    if student_pk is not None:
        raise Http404
    if roles.is_employed and (not roles.offices or chosen in (Kind.TEACHER, Kind.EMPLOYEE)):
        return redirect("diary:teacher-today")
    if request.user.refusals and not roles.is_staff:  # type: ignore[union-attr]
        return _closed_home(request)
    return render(request, "diary/home_staff.html", {**_greeting(request.user), **office_home(request.user)})


def _closed_home(request: HttpRequest) -> HttpResponse:
    """The person has roles, but this sign-in opens none of them: which rules say so, and what to do."""
    refusals = [
        {"role": Role(role).label, "rule": why.label, "advice": why.advice, "url": _way_on(why)}
        for role, why in request.user.refusals.items()  # type: ignore[union-attr]
    ]
    context = {**_greeting(request.user), "refusals": refusals}
    return render(request, "diary/home_closed.html", context, status=403)


def _way_on(why: Refusal) -> str:
    """Where a refusal is mended within this sign-in; the others want another one."""
    return resolve_url(settings.SECOND_FACTOR_URL) if why == Refusal.SECOND_FACTOR else ""


def _home_of_family(request: HttpRequest, children: list[Child], child: Child) -> HttpResponse:
    now = timezone.localtime()
    keys = [each.student.pk for each in children]
    since = Visit.objects.look(request.user.person, keys, child.student.pk, now=now)  # type: ignore[union-attr]
    rows = rows_of(children, now=now)
    news = news_of(rows, since, now=now)
    shown = child.student.pk
    page = family_home(child, rows, news.get(shown, []), now=now, since=since[shown])
    week_url = reverse("diary:week-now", args=[child.student.pk])
    if page.last_lessons_on and not page.days:
        week_url = reverse("diary:week", args=[child.student.pk, monday_of(page.last_lessons_on)])
    return render(
        request,
        "diary/home_family.html",
        {
            **_greeting(request.user),
            **vars(page),
            "children": with_badges(tabs_of(children, child, "diary:home-of-child"), children, news),
            "student": student_label(child),
            "week_url": week_url,
            "timetable_url": _timetable_url(child),
        },
    )


@require_GET
def diary(request: HttpRequest) -> HttpResponse:
    """The week of the oldest child, or one's own."""
    _children, child = family_of(request.user, None, on=timezone.localdate())
    return redirect("diary:week-now", student_pk=child.student.pk)


@require_GET
def week(request: HttpRequest, student_pk: int, monday: datetime.date | None = None) -> HttpResponse:
    now = timezone.localtime()
    this_monday = monday_of(now.date())
    children, child = family_of(request.user, student_pk, on=now.date())
    shown = monday or this_monday
    days = days_of_student(child, shown, shown + 6 * DAY, now=now)
    return render(
        request,
        "diary/week.html",
        {
            "student": student_label(child),
            "children": tabs_of(children, child, "diary:week" if monday else "diary:week-now", monday),
            "days": [day for day in days if day.lessons or day.date.isoweekday() != 7],
            "week": {
                "title": week_title(shown),
                "subtitle": week_subtitle(shown, calendar_of(child.school_class)),
                "previous_url": _week_url(student_pk, shown - WEEK),
                "next_url": _week_url(student_pk, shown + WEEK),
                "today_url": "" if shown == this_monday else reverse("diary:week-now", args=[student_pk]),
                "is_current": shown == this_monday,
            },
        },
    )


def _timetable_url(child: Child) -> str:
    """Only while the child is in the class: `SchoolClass.visible_to` shows families no other one."""
    if not (child.is_enrolled and child.shows(Information.TIMETABLE)):
        return ""
    return reverse("schedule:class-timetable", args=[child.school_class.pk])


def _week_url(student_pk: int, monday: datetime.date) -> str:
    return reverse("diary:week", args=[student_pk, monday]) if has_address(monday) else ""


def _greeting(user: Any) -> dict[str, Any]:
    now = timezone.localtime()
    if now.hour < 12:
        greeting = _("Good morning")
    else:
        greeting = _("Good afternoon") if now.hour < 18 else _("Good evening")
    return {"greeting": greeting, "date_label": day_title(now.date()), "proposals": _proposals(user)}


def _proposals(user: Any) -> list[dict[str, str]]:
    """What schools ask the person: asked only when the roles say that there is something."""
    if not user.roles.is_asked:
        return []
    return [
        {
            "label": proposal.organisation.short_name,
            "url": reverse("schools:proposal", args=[proposal.pk]),
            "icon": "institution",
            "note": _("%(whom)s: confirm or refuse") % {"whom": capfirst(proposal.as_whom)},
        }
        for proposal in TieProposal.objects.visible_to(user).select_related("organisation").order_by("pk")
    ]


@require_GET
def teacher_day(request: HttpRequest, day: datetime.date | None = None) -> HttpResponse:
    if not request.user.roles.is_employed:  # type: ignore[union-attr]
        raise Http404
    person, today = request.user.person, timezone.localdate()  # type: ignore[union-attr]
    shown = day or today
    before, after = nearest_days(person, shown, today=today)
    led = classes_led(request.user, today)
    return render(
        request,
        "diary/teacher_day.html",
        {
            "lessons": lessons_of_day(person, shown, today=today),
            "ways": ways_of_teacher(request.user, led, today),
            "noted": [school_class for school_class in led if school_class.notes_waiting],
            "proposals": _proposals(request.user),
            "corrections": corrections_told(person, now=timezone.localtime()),
            "day": {
                "title": day_title(shown),
                "is_today": shown == today,
                "previous_url": reverse("diary:teacher-day", args=[before]) if before else "",
                "next_url": reverse("diary:teacher-day", args=[after]) if after else "",
                "today_url": "" if shown == today else reverse("diary:teacher-today"),
                "next_title": day_title(after) if after else "",
                "previous_title": day_title(before) if before else "",
            },
        },
    )
