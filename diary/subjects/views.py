"""The family's pages of subjects, of one subject, and of debts."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from diary.family import family_shown, framed
from diary.subjects.courses import course_of
from diary.subjects.debts import debts_of
from diary.subjects.page import SubjectsPage
from diary.subjects.subject import SubjectPage
from diary.subjects.terms import chosen_term, terms_of
from schools.models import Information

TOLD = (Information.MARKS, Information.RESULTS)


@require_GET
def subjects_start(request: HttpRequest) -> HttpResponse:
    """Of the oldest child, or one's own."""
    _children, child = family_shown(request.user, None, *TOLD, on=timezone.localdate())
    return redirect("diary:subjects-of", child.student.pk)


@require_GET
def subjects(request: HttpRequest, student_pk: int, term_pk: int | None = None) -> HttpResponse:
    now = timezone.localtime()
    children, child = family_shown(request.user, student_pk, *TOLD, on=now.date())
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
    children, child = family_shown(request.user, student_pk, *TOLD, on=now.date())
    found = course_of(child, course_pk, terms_of(child, on=now.date()), today=now.date())
    if found is None:
        raise Http404
    course, terms = found
    page = SubjectPage(child, course, terms, chosen_term(terms, term_pk), now=now, query=request.GET)
    context = framed(children, child, "diary:subjects-of") | {"student_pk": student_pk}
    return render(request, "diary/subject.html", context | page.context())


@require_GET
def debts_start(request: HttpRequest) -> HttpResponse:
    _children, child = family_shown(request.user, None, Information.MARKS, on=timezone.localdate())
    return redirect("diary:debts-of", child.student.pk)


@require_GET
def debts(request: HttpRequest, student_pk: int) -> HttpResponse:
    now = timezone.localtime()
    children, child = family_shown(request.user, student_pk, Information.MARKS, on=now.date())
    owed, closed = debts_of(student_pk, now=now)
    context = framed(children, child, "diary:debts-of") | {"owed": owed, "closed": closed}
    return render(request, "diary/debts.html", context)
