"""The journals: their list, the grid of one term, and the address that takes its entries."""

from typing import Any

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from asurso.resending import signed_out
from diary.journal.access import journals_of
from diary.journal.entries import save_entry
from diary.journal.entry import Entry, NotAnEntry
from diary.journal.grid import Grid, term_of_day, term_title, terms_of
from diary.journal.listing import journal_title, journals_by_class, own_journals
from diary.letters import ABSENCE_LETTERS
from diary.phrases.bank import comments_of


@require_GET
def journals(request: HttpRequest) -> HttpResponse:
    roles = request.user.roles  # type: ignore[union-attr]
    if not (roles.is_employed or roles.leads_class or roles.is_head_teacher):
        raise Http404
    sections = journals_by_class(request.user, timezone.localdate())
    return render(request, "diary/journals.html", {"sections": sections})


@require_GET
def journal(request: HttpRequest, pk: int, term_pk: int | None = None) -> HttpResponse:
    today = timezone.localdate()
    known = journals_of(request.user, today).filter(Q(pk=pk) | Q(is_mine=True))
    known = known.annotate(phrases=comments_of(request.user.person))  # type: ignore[union-attr]
    courses: dict[int, Any] = {
        course.pk: course for course in known.select_related("organisation__journal_rules")
    }
    if pk not in courses:
        raise Http404
    course = courses[pk]
    terms = list(terms_of(course))
    chosen = [term for term in terms if term.pk == term_pk] if term_pk else [term_of_day(terms, today)]
    if not chosen:
        raise Http404
    grid = chosen[0] and Grid(course, chosen[0], user=request.user, today=today)
    context = {
        "title": journal_title(course),
        "term": term_title(chosen[0]) if chosen[0] else "",
        "courses": own_journals(courses.values(), beside=course),
        "terms": [
            {"label": term_title(term), "url": _term_url(course, term), "current": term == chosen[0]}
            for term in terms
        ],
        "ways": _ways_on(course) if grid and grid.sees_whole else [],
        "phrases": course.phrases,
        "grid": {**grid.context(), **_frame(request, grid)} if grid else None,
    }
    response = render(request, "diary/journal.html", context)
    # Going back to it asks anew: what was entered since would be missing, and be told as a conflict.
    response["Cache-Control"] = "private, no-store"
    return response


def _ways_on(course: Any) -> list[dict[str, str]]:
    """The other pages of a course; whoever sees only a part of it has none of them."""
    pages = [
        (_("Results"), "diary:results"),
        (_("Owed works"), "diary:course-points"),
        (_("Programme"), "diary:programme"),
        (_("Print"), "diary:journal-print"),
    ]
    return [{"label": label, "url": reverse(name, args=[course.pk])} for label, name in pages]


def _term_url(course: Any, term: Any) -> str:
    return reverse("diary:journal-of-term", args=[course.pk, term.pk])


def _frame(request: HttpRequest, grid: Grid) -> dict[str, Any]:
    """What the table says of itself to the scripts (docs/journal-entries.md)."""
    return {
        "course": f"{grid.course.pk}",
        "term": f"{grid.term.pk}",
        "person": f"{request.user.person.pk}",  # type: ignore[union-attr]
        "today": f"{grid.today}",
        "entries_url": reverse("diary:journal-entries", args=[grid.course.pk]),
        "averages_url": reverse("diary:average", args=[grid.course.pk, grid.term.pk, 0]),
        "results_url": reverse("diary:results-of", args=[grid.course.pk, f"term-{grid.term.pk}"])
        if grid.sees_whole and grid.vocabulary.values
        else "",
        "correct_url": reverse("diary:correction-new") if grid.takes_corrections else "",
        "csrf": get_token(request),
        "letters": {str(code): str(letter) for code, letter in ABSENCE_LETTERS.items()},
    }


@require_POST
def journal_entries(request: HttpRequest, pk: int) -> HttpResponse:
    """One entry; the answer is JSON whatever happens."""
    person = getattr(request.user, "person", None)
    try:
        entry = Entry.read(request.body)
    except NotAnEntry as wrong:
        get_object_or_404(journals_of(request.user, timezone.localdate()), pk=pk)
        return JsonResponse({"state": "refused", "message": str(wrong)}, status=400)
    if person is None or entry.person != person.pk:
        return signed_out(request)
    answer = save_entry(entry, course=pk, user=request.user, now=timezone.localtime())
    return JsonResponse(answer.body, status=answer.status)
