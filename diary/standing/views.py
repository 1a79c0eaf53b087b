"""Where a child stands: the family's page, its two decisions, and the class by name for staff."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from diary.access import classes_seen_whole_by
from diary.family import family_shown, framed
from diary.standing import opting
from diary.standing.class_page import BY, class_standing, terms_of_class
from diary.standing.page import opted_out_words, standing_context
from diary.subjects.terms import chosen_term, rules_of, terms_of
from schools.family import Child
from schools.models import Information


@require_GET
def standing_start(request: HttpRequest) -> HttpResponse:
    _children, child = family_shown(request.user, None, Information.MARKS, on=timezone.localdate())
    return redirect("diary:standing-of", child.student.pk)


@require_GET
def standing(request: HttpRequest, student_pk: int, term_pk: int | None = None) -> HttpResponse:
    today = timezone.localdate()
    children, child = family_shown(request.user, student_pk, Information.MARKS, on=today)
    terms = terms_of(child, on=today)
    term = chosen_term(terms, term_pk)
    context = framed(children, child, "diary:standing-of") | {"student_pk": student_pk}
    if term and term.is_opted_out:
        context |= _opted_out(request.user, child)
    elif term and not rules_of(term).shows_standing:
        context |= {"is_switched_off": True}
    elif term:
        context |= standing_context(child, terms, term, today=today)
        context |= {"may_opt_out": opting.may_decide(request.user, child, on=today)}
    return render(request, "diary/standing.html", context)


def _opted_out(user: Any, child: Child) -> dict[str, Any]:
    found = opting.current_of(child.student.pk)
    if found is None:
        return {}
    may_opt_in = opting.may_opt_in(user, child, found, on=timezone.localdate())
    return {"opted_out": opted_out_words(found), "may_opt_in": may_opt_in}


@require_POST
def opt_out(request: HttpRequest, student_pk: int) -> HttpResponse:
    now = timezone.localtime()
    _children, child = family_shown(request.user, student_pk, Information.MARKS, on=now.date())
    if not opting.may_decide(request.user, child, on=now.date()):
        raise PermissionDenied
    opting.opt_out(child.student, by=request.user.person, at=now)  # type: ignore[union-attr]
    messages.success(request, _("Switched off for your whole family"))
    return redirect("diary:standing-of", student_pk)


@require_POST
def opt_in(request: HttpRequest, student_pk: int) -> HttpResponse:
    """Twice is once: what is switched on already stays so."""
    now = timezone.localtime()
    _children, child = family_shown(request.user, student_pk, Information.MARKS, on=now.date())
    found = opting.current_of(student_pk)
    if not opting.may_opt_in(request.user, child, found, on=now.date()):
        raise PermissionDenied
    if found:
        opting.opt_in(found, by=request.user.person, at=now)  # type: ignore[union-attr]
        messages.success(request, _("Switched on again"))
    return redirect("diary:standing-of", student_pk)


@require_GET
def class_names(request: HttpRequest, pk: int, term_pk: int | None = None) -> HttpResponse:
    """By name: to the class teacher and the head teacher, whatever families are shown."""
    today = timezone.localdate()
    school_class = get_object_or_404(classes_seen_whole_by(request.user, today), pk=pk)
    by = request.GET.get("by", BY[0])
    if by not in BY:
        raise Http404
    terms = terms_of_class(school_class, today)
    term = chosen_term(terms, term_pk)
    context: dict[str, Any] = {"school_class": school_class}
    if term:
        context |= class_standing(school_class, terms, term, by=by, today=today)
    return render(request, "diary/class_standing.html", context)
