"""The family's pages of subjects, of one subject, and of debts."""

import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from diary.family import chosen_child, own_first, student_label, tabs_of
from diary.subjects.courses import course_of
from diary.subjects.debts import debts_of
from diary.subjects.page import SubjectsPage
from diary.subjects.subject import SubjectPage
from diary.subjects.terms import chosen_term, terms_of
from schools.family import Child, children_of
from schools.models import Information

TOLD = {Information.MARKS, Information.RESULTS}


def family_told(
    user: Any, student_pk: int | None, *, on: datetime.date, kinds: set[Information]
) -> tuple[list[Child], Child]:
    """The children of whom the account is told one of `kinds`, and the one of the address. Raises Http404."""
    children = [child for child in children_of(user, on=on) if child.information & kinds]
    return children, chosen_child(own_first(children, user), student_pk)


def framed(children: list[Child], child: Child, url_name: str) -> dict[str, Any]:
    return {"student": student_label(child), "children": tabs_of(children, child, url_name)}


@require_GET
def subjects_start(request: HttpRequest) -> HttpResponse:
    """Of the oldest child, or one's own."""
    _children, child = family_told(request.user, None, on=timezone.localdate(), kinds=TOLD)
    return redirect("diary:subjects-of", child.student.pk)


@require_GET
def subjects(request: HttpRequest, student_pk: int, term_pk: int | None = None) -> HttpResponse:
    now = timezone.localtime()
    children, child = family_told(request.user, student_pk, on=now.date(), kinds=TOLD)
    terms = terms_of(child, on=now.date())
    term = chosen_term(terms, term_pk)
    context = framed(children, child, "diary:subjects-of") | {"student_pk": student_pk}
    if term:
        context |= SubjectsPage(child, terms, term, now=now).context()
    return render(request, "diary/subjects.html", context)


@require_GET
def subject(
    request: HttpRequest, student_pk: int, course_pk: int, term_pk: int | None = None
) -> HttpResponse:
    """With `kind` and `mark` in the address: imaginary marks, which nobody keeps."""
    now = timezone.localtime()
    children, child = family_told(request.user, student_pk, on=now.date(), kinds=TOLD)
    found = course_of(child, course_pk, terms_of(child, on=now.date()), today=now.date())
    if found is None:
        raise Http404
    course, terms = found
    page = SubjectPage(child, course, terms, chosen_term(terms, term_pk), now=now, query=request.GET)
    context = framed(children, child, "diary:subjects-of") | {"student_pk": student_pk}
    return render(request, "diary/subject.html", context | page.context())


@require_GET
def debts_start(request: HttpRequest) -> HttpResponse:
    _children, child = family_told(request.user, None, on=timezone.localdate(), kinds={Information.MARKS})
    return redirect("diary:debts-of", child.student.pk)


@require_GET
def debts(request: HttpRequest, student_pk: int) -> HttpResponse:
    now = timezone.localtime()
    children, child = family_told(request.user, student_pk, on=now.date(), kinds={Information.MARKS})
    owed, closed = debts_of(student_pk, now=now)
    context = framed(children, child, "diary:debts-of") | {"owed": owed, "closed": closed}
    return render(request, "diary/debts.html", context)
