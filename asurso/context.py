"""What every page shows around its content."""

from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from asurso.vision import vision_of
from schedule.timetable import has_timetables
from schools.capacities import Kind, capacities_of, current
from schools.models import Region

THEMES = ("auto", "light", "dark")
REGION_SECONDS = 300
PLACES = 5  # of a phone's bottom bar
OF_A_LESSON = {"lesson", "homework", "homework-new", "homework-load", "homework-copies"} | {
    *("point", "point-new", "work", "work-new", "cell-history")
}
# How the names of pages begin that belong to the journals, though their names do not say so.
OF_JOURNALS = (
    *("results", "average", "class-results", "behaviour", "programme", "topic", "correction"),
    *("class-absences", "absence-", "class-tests", "class-journal", "class-reports", "class-standing"),
    *("course-points", "course-scale"),
    *("completeness", "course-completeness", "keeping-remark", "term"),
)
Place = tuple[Any, str, str, str]  # label, URL name, icon, how the names of its pages begin
# After home, as many as fit; the timetable moves among the rest by itself.
FAMILY_PLACES: list[Place] = [
    (gettext_lazy("Diary"), "diary:diary", "diary", "week"),
    (gettext_lazy("Subjects"), "diary:subjects", "chart", "subject"),
]


def site(request: HttpRequest) -> dict[str, Any]:
    user = getattr(request, "user", None)
    signed_in = user is not None and user.is_authenticated
    person = getattr(user, "person", None) if signed_in else None
    return {
        "site": {
            "region": region_name(),
            "gosuslugi": bool(settings.ESIA_URL),
            **look_of(request),
            "nav": _navigation(request, user) if signed_in else [],
            "outbox": reverse("messaging:outbox") if settings.OUTBOX else "",
            **(_switch(user) if signed_in else {}),
            "person": f"{person.pk}" if person else "",
            "person_label": person.short_name if person else (str(user) if signed_in else ""),
        }
    }


def look_of(request: HttpRequest) -> dict[str, Any]:
    """How this device shows every page: out of cookies alone."""
    theme = request.COOKIES.get("theme", "auto")
    return {"theme": theme if theme in THEMES else "auto", "vision": vision_of(request)}


def _switch(user: Any) -> dict[str, Any]:
    """What the header offers to switch to, and what it shows as chosen."""
    capacities = capacities_of(user, on=timezone.localdate())
    return {"capacities": capacities, "capacity": current(capacities, user.acting)}


def region_name() -> str:
    return cache.get_or_set("region-name", _read_region_name, REGION_SECONDS) or ""


def _read_region_name() -> str:
    return Region.objects.values_list("name", flat=True).first() or ""


def _navigation(request: HttpRequest, user: Any) -> list[dict[str, Any]]:
    """Up to five places, the same in the phone's bottom bar and in the desktop's top bar. Who chose one
    of several capacities finds its pages alone; the others' stay open to links and bookmarks."""
    roles, chosen = user.roles, user.acting and user.acting.kind
    family, teaching = (Kind.STUDENT, Kind.GUARDIAN, None), (Kind.TEACHER, Kind.EMPLOYEE, None)
    work: list[Place] = []
    if roles.keeps_journals and chosen in teaching:
        work.append((_("Lessons"), "diary:teacher-today", "lessons", "teacher"))
    if _keeps_journals(roles, chosen):
        work.append((_("Journals"), "diary:journals", "journal", "journal"))
    places: list[Place] = [(_("Home"), "diary:home", "home", "home")]
    if (roles.is_student or roles.is_guardian) and chosen in family:
        places += FAMILY_PLACES[: PLACES - 2 - len(work)]
    places += work
    # Five fit: who has a diary and journals finds the timetable among the rest.
    if has_timetables(roles) and len(places) < PLACES - 1:
        places.append((_("Timetable"), "schedule:classes", "timetable", "class"))
    places.append((_("More"), "more", "more", "more"))
    here = (request.resolver_match and request.resolver_match.url_name) or ""
    return [
        {"label": label, "url": reverse(name), "icon": icon, "current": _is_current(here, name, start)}
        for label, name, icon, start in places
    ]


def _keeps_journals(roles: Any, chosen: Any) -> bool:
    """Teachers and class teachers write them, head teachers read them."""
    if roles.is_head_teacher and chosen in (Kind.HEAD_TEACHER, None):
        return True
    return bool(roles.keeps_journals and chosen in (Kind.TEACHER, Kind.EMPLOYEE, None))


def _is_current(here: str, name: str, start: str) -> bool:
    if here in OF_A_LESSON:
        return start == "teacher"
    if here.startswith(OF_JOURNALS):
        return start == "journal"
    return here == name.split(":")[-1] or here.startswith(start)
