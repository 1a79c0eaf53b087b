"""ESIA's door: the way there, the way back, and the pages of the first sign-in between them."""

import logging
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods
from social_core.exceptions import AuthCanceled
from social_core.utils import PARTIAL_TOKEN_SESSION_NAME
from social_django.utils import load_strategy

from accounts import attempts
from accounts.esia.backend import UNPROVEN, EsiaOAuth2, is_ill
from accounts.esia.forms import InstitutionForm
from accounts.esia.linking import HALF_DONE_LASTS
from accounts.esia.matching import Cause, tied_organisations
from accounts.esia.refusals import Reason, Refused
from accounts.forms import SignInForm
from accounts.models import SecretQuestion
from accounts.security import lifetimes
from schools.models import Person

log = logging.getLogger(__name__)


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def begin(request: HttpRequest) -> HttpResponse:
    """From a door of the front page to ESIA. Field `as`: the door; `next`: where to go afterwards.
    A bookmark or a reload has pressed no door, and leads to them."""
    if request.method == "GET":
        return redirect("front")
    backend = _backend(request)
    _forget_linking(request, backend)
    if not backend.answers():
        return _refused(Reason.UNAVAILABLE)
    wanted = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure())
    backend.ask_for(door=request.POST.get("as", ""), way_on=wanted if is_ours else "")
    way_there: HttpResponse = backend.start()
    return way_there


@login_not_required
@never_cache
@require_GET
def complete(request: HttpRequest) -> HttpResponse:
    """ESIA sends the person back. A session that somebody else may know gets a new key."""
    backend = _backend(request)
    _forget_linking(request, backend)
    response = _tried(request, backend.complete)
    if not request.user.is_authenticated:
        request.session.cycle_key()
    return response


@login_not_required
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def link(request: HttpRequest) -> HttpResponse:
    """Nothing matches: the login issued by the school says whose file it is; or one registers. Who has
    registered before shows that login, or goes on without it."""
    partial = _waiting(request, "prove_file_by_login", "adopt_registration")
    if partial is None:
        return _refused(Reason.LINKING_EXPIRED)
    cause = Cause(partial.kwargs.get("cause", Cause.REGISTERED))
    if cause == Cause.REGISTERED and "without" in request.POST:
        return _resume(request, partial, owner=0)
    typed = request.POST if request.method == "POST" else None
    form = SignInForm(request, data=typed)
    if form.is_valid():
        lifetimes.expect_shared_device(request, shared=form.cleaned_data["shared_device"])
        return _resume(request, partial, owner=form.get_user().pk)
    context = {"form": form, "cause": cause, "registration": _registration()}
    return render(request, "accounts/esia_link.html", context, status=200 if typed is None else 422)


@login_not_required
@never_cache
@sensitive_post_parameters("answer")
@require_http_methods(["GET", "POST"])
def institution(request: HttpRequest) -> HttpResponse:
    """Institution, secret question and answer, *Save and continue*."""
    partial = _waiting(request, "choose_institution")
    if partial is None:
        return _refused(Reason.LINKING_EXPIRED)
    # The key of the file comes from the session, where the pipeline left what it had matched.
    file = Person.objects.get(pk=partial.kwargs["file"])
    typed = request.POST if request.method == "POST" else None
    form = InstitutionForm(
        typed,
        organisations=tied_organisations(file, on=timezone.localdate()),
        has_question=SecretQuestion.objects.filter(account=file.account_id).exists(),
    )
    if form.is_valid():
        return _resume(request, partial, choices=asdict(form.choices()))
    context = {"form": form, "person": file}
    return render(request, "accounts/esia_institution.html", context, status=200 if typed is None else 422)


@login_not_required
@require_GET
def refused(request: HttpRequest, reason: str) -> HttpResponse:
    """A page for each reason: it knows nobody, so that it may be sent to whoever helps."""
    if reason not in Reason.values:
        raise Http404
    context = {"reason": Reason(reason), "registration": _registration()}
    return render(request, "accounts/esia_refused.html", context)


# --- The conversation ------------------------------------------------------------------------------
def _backend(request: HttpRequest) -> EsiaOAuth2:
    if not settings.ESIA_URL:
        raise Http404
    return EsiaOAuth2(load_strategy(request), redirect_uri=reverse("accounts:esia-complete"))


def _tried(request: HttpRequest, step: Callable[..., Any], *args: Any) -> HttpResponse:
    """Run the steps; whatever ends them early becomes a page. The log names no one."""
    try:
        response: HttpResponse = step(*args)
    except Refused as refusal:
        log.info("ESIA: refused, %s", refusal.reason)
        attempts.note_refusal(f"esia-{refusal.oid}", attempts.address_of(request))
        return _refused(refusal.reason)
    except AuthCanceled:
        return _refused(Reason.DENIED)
    except UNPROVEN as error:
        log.warning("ESIA: nothing proved, %s %s", type(error).__name__, getattr(error, "code", ""))
        return _refused(Reason.UNAVAILABLE if is_ill(error) else Reason.UNPROVEN)
    return response


def _refused(reason: Reason) -> HttpResponse:
    """A redirection: the address that ESIA called, with its code, does not stay in the browser."""
    return redirect("accounts:esia-refused", reason.value)


# --- The half-done sign-in -------------------------------------------------------------------------
def _waiting(request: HttpRequest, *steps: str) -> Any:
    """The half-done sign-in of this session, if it waits at one of `steps` and has not grown old."""
    token = request.session.get(PARTIAL_TOKEN_SESSION_NAME)
    if not token or not settings.ESIA_URL:
        return None
    partial = load_strategy(request).partial_load(token)
    if partial is None or timezone.now() - partial.timestamp > HALF_DONE_LASTS:
        return None
    step = settings.SOCIAL_AUTH_ESIA_PIPELINE[partial.next_step].rpartition(".")[2]
    return partial if step in steps and partial.backend == EsiaOAuth2.name else None


def _resume(request: HttpRequest, partial: Any, **findings: Any) -> HttpResponse:
    """Once: the half-done sign-in is destroyed first."""
    backend = _backend(request)
    backend.strategy.clean_partial_pipeline(partial.token)
    partial.extend_kwargs(findings)
    return _tried(request, backend.continue_pipeline, partial)


def _forget_linking(request: HttpRequest, backend: EsiaOAuth2) -> None:
    """Whoever begins anew, perhaps as somebody else, must not go on with an earlier identity."""
    if token := request.session.get(PARTIAL_TOKEN_SESSION_NAME):
        backend.strategy.clean_partial_pipeline(token)


def _registration() -> str:
    try:
        return reverse("account_signup")
    except NoReverseMatch:
        return ""
