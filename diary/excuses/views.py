"""The class teacher's page of absences."""

import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from diary.access import classes_seen_whole_by, leads
from diary.excuses import absences
from diary.excuses.forms import PeriodForm, PeriodReasonForm, ReasonForm
from diary.notes.lines import notes_of_class
from schedule.weeks import DAY, monday_of
from schools.models import Enrolment, Person, SchoolClass


@require_GET
def class_absences(request: HttpRequest, pk: int) -> HttpResponse:
    """This week and the one before, or the period in the address."""
    school_class = get_object_or_404(classes_seen_whole_by(request.user, timezone.localdate()), pk=pk)
    return _page(request, school_class)


def _page(
    request: HttpRequest, school_class: SchoolClass, period_reason: PeriodReasonForm | None = None
) -> HttpResponse:
    today = timezone.localdate()
    shown = {"since": monday_of(today) - 7 * DAY, "until": today}
    period = PeriodForm(request.GET if "since" in request.GET else None, initial=shown, auto_id="shown_%s")
    if period.is_bound and period.is_valid():
        shown = period.cleaned_data
    may_edit = leads(request.user, school_class, today) and not absences.is_year_closed(school_class)
    refused = period_reason is not None or bool(period.errors)
    context = {
        "school_class": school_class,
        "period": period,
        "days": absences.days_of(school_class, shown["since"], shown["until"]),
        "may_edit": may_edit,
        "notes": notes_of_class(school_class),
        "reason": ReasonForm(initial={"code": "ill"}, auto_id="ticked_%s"),
        "period_reason": period_reason or PeriodReasonForm(students=_students(school_class), initial=shown),
        "shown": {name: day.isoformat() for name, day in shown.items()},
    }
    return render(request, "diary/class_absences.html", context, status=422 if refused else 200)


def _students(school_class: SchoolClass) -> Any:
    """Everybody who is or was in the class this year."""
    ties = Enrolment.objects.filter(school_class=school_class)
    return Person.objects.filter(pk__in=ties.values("student")).order_by("sort_key", "pk")


def _own_class(request: HttpRequest, pk: int) -> SchoolClass:
    """404 for a class one does not read, 403 for who does not lead it, and once the year is closed."""
    today = timezone.localdate()
    school_class: SchoolClass = get_object_or_404(classes_seen_whole_by(request.user, today), pk=pk)
    if not leads(request.user, school_class, today) or absences.is_year_closed(school_class):
        raise PermissionDenied
    return school_class


@require_POST
def absence_reasons(request: HttpRequest, pk: int) -> HttpResponse:
    """For the ticked days."""
    school_class = _own_class(request, pk)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose a reason and days of the list."))
        return _back(request, school_class)
    written, changed = absences.give_reason_to_days(
        school_class, form.cleaned_data["days"], form.cleaned_data["code"]
    )
    if changed:
        text = ngettext(
            "%(count)d day changed meanwhile and stays as it is: look again.",
            "%(count)d days changed meanwhile and stay as they are: look again.",
            changed,
        )
        messages.warning(request, text % {"count": changed})
    _tell(request, written)
    return _back(request, school_class)


@require_POST
def absence_period(request: HttpRequest, pk: int) -> HttpResponse:
    """For all that one student missed in a period."""
    school_class = _own_class(request, pk)
    form = PeriodReasonForm(request.POST, students=_students(school_class))
    if not form.is_valid():
        return _page(request, school_class, form)
    data = form.cleaned_data
    written = absences.give_reason_to_period(
        school_class,
        data["student"].pk,
        data["since"],
        data["until"],
        data["code"],
        only_unstated=data["only_unstated"],
    )
    _tell(request, written)
    return _back(request, school_class, since=data["since"].isoformat(), until=data["until"].isoformat())


def _tell(request: HttpRequest, written: int) -> None:
    if not written:
        messages.warning(request, _("Nothing to change: no day is ticked, or the reason is that already."))
        return
    text = ngettext("%(count)d lesson has the reason now", "%(count)d lessons have the reason now", written)
    messages.success(request, text % {"count": written})


def _back(request: HttpRequest, school_class: SchoolClass, **period: str) -> HttpResponse:
    """To the period that was shown. Only dates go into the address."""
    days = {name: period.get(name) or request.POST.get(f"shown-{name}", "") for name in ("since", "until")}
    page = reverse("diary:class-absences", args=[school_class.pk])
    if all(_is_day(day) for day in days.values()):
        page += f"?since={days['since']}&until={days['until']}"
    return redirect(page)


def _is_day(text: str) -> bool:
    try:
        datetime.date.fromisoformat(text)
    except ValueError:
        return False
    return True
