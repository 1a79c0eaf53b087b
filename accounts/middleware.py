"""Who is signed in, anew on every request: which roles the sign-in opens (a student who turns 14 during
the night is refused in the morning), which of them was chosen, whether the session still lives, and whether
the proof is fresh."""

from collections.abc import Callable
from functools import partial
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.core.exceptions import ReauthenticationRequired
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from accounts import signing_in
from accounts.models import Registration
from accounts.security import lifetimes
from schools.capacities import Acting
from schools.doors import Proof


def proven_roles(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    def answer(request: HttpRequest) -> HttpResponseBase:
        user: Any = request.user
        if user.is_authenticated:
            user.proof = Proof.of_session(request.session)
            person = getattr(user, "person", None)
            user.roles, user.refusals = user.roles.proven_by(
                user.proof, birth_date=person and person.birth_date, on=timezone.localdate()
            )
            # For pages of apps below this one; asked by those that show it alone.
            user.registrations_to_decide = partial(
                Registration.objects.number_to_decide, user, on=timezone.localdate()
            )
            user.acting = Acting.of_session(request.session, user.roles)
        return get_response(request)

    return answer


def session_lifetime(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """A session that nobody used for long ends here, whatever the browser kept (`security.lifetimes`)."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        now = timezone.now()
        if request.user.is_authenticated and lifetimes.is_over(request.user, request.session, now=now):
            signing_in.end(request.session.session_key)
            logout(request)
            messages.info(request, _("You were away for long, so the portal signed you out. Sign in again."))
        elif request.user.is_authenticated:
            lifetimes.touch(request, now=now)
        return get_response(request)

    return answer


def proving_again_keeps_nothing(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """A form that was sent too long after the proof is entered again: allauth would put what was typed,
    a secret answer or a password, into the session in clear until the holder has proved again."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        return get_response(request)

    def process_exception(request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, ReauthenticationRequired) or request.method != "POST":
            return None
        messages.warning(request, _("Show that it is you and enter it again: what you sent was not kept."))
        way = get_adapter().get_reauthentication_methods(request.user)[0]["url"]
        return redirect(f"{way}?{urlencode({'next': request.get_full_path()})}")

    answer.process_exception = process_exception  # type: ignore[attr-defined]
    return answer
