"""*Security*: the password, the second factor, contacts, sessions and the journal of sign-ins."""

from typing import Any

from allauth.account import views as allauth_views
from allauth.account.adapter import get_adapter
from allauth.account.decorators import reauthentication_required
from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.contrib.auth import logout
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import signing_in
from accounts.forms import SecretQuestionForm
from accounts.models import SecretQuestion, answer_hash
from accounts.security import devices, journal, notices
from accounts.security.notices import Notice, confirmed_email
from accounts.security.second_factors import codes_left
from accounts.security.sessions import end_elsewhere, open_sessions
from schools.capacities import SESSION_KEY, capacities_of

LATEST = 5


@never_cache
@require_GET
def security(request: HttpRequest) -> HttpResponse:
    context = {
        "login": request.user.get_username(),
        "ways": _ways(request.user),
        "sessions": open_sessions(request),
        "latest": journal.entries(request.user, 1).object_list[:LATEST],  # type: ignore[arg-type]
    }
    return render(request, "accounts/security.html", context)


@never_cache
@require_GET
def sign_in_journal(request: HttpRequest) -> HttpResponse:
    page = journal.entries(request.user, request.GET.get("page"))  # type: ignore[arg-type]
    return render(request, "accounts/sign_in_journal.html", {"page": page})


@never_cache
@reauthentication_required(allow_get=True)
@require_http_methods(["GET", "POST"])
def sessions(request: HttpRequest) -> HttpResponse:
    """Where one is signed in. POST ends `session`, or all but this one."""
    if request.method == "GET":
        return render(request, "accounts/sessions.html", {"sessions": open_sessions(request)})
    number = request.POST.get("session", "")
    ended = end_elsewhere(request, int(number) if number.isascii() and number.isdecimal() else None)
    words = ngettext("%(count)d session was ended.", "%(count)d sessions were ended.", ended)
    messages.success(request, words % {"count": ended})
    return redirect("usersessions_list")


@never_cache
@reauthentication_required
@sensitive_post_parameters("answer")
@require_http_methods(["GET", "POST"])
def secret_question(request: HttpRequest) -> HttpResponse:
    """Asked when a lost password is recovered."""
    form = SecretQuestionForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        question, answer = form.cleaned_data["question"], form.cleaned_data["answer"]
        SecretQuestion.objects.set_for(request.user, question, answer_hash(answer))  # type: ignore[arg-type]
        notices.send(Notice.QUESTION_CHANGED, request.user, device=devices.device_of(request))  # type: ignore[arg-type]
        messages.success(request, _("The secret question is set."))
        return redirect("accounts:security")
    status = 422 if form.errors else 200
    return render(request, "accounts/secret_question.html", {"form": form}, status=status)


def password_change(request: HttpRequest) -> HttpResponseBase:
    """An account that Gosuslugi opens has no password to change."""
    if not request.user.has_usable_password():  # type: ignore[union-attr]
        raise Http404
    return allauth_views.password_change(request)


@never_cache
@require_http_methods(["GET", "POST"])
def sign_in_anew(request: HttpRequest) -> HttpResponse:
    """How an account without password and second factor proves again whose it is: by its door."""
    if request.method == "GET":
        return render(request, "accounts/sign_in_anew.html", {"next": request.GET.get("next", "")})
    wanted = urlencode({"next": request.POST.get("next", "")})
    signing_in.end(request.session.session_key)
    logout(request)
    return redirect(f"{reverse('accounts:sign-in')}?{wanted}")


@require_POST
def switch(request: HttpRequest) -> HttpResponse:
    """Into another of one's own capacities; a shut one is no more than a word in the menu."""
    own = capacities_of(request.user, on=timezone.localdate())
    key = request.POST.get("capacity", "")
    if not any(each.key == key and each.refusal is None for each in own):
        raise Http404
    request.session[SESSION_KEY] = key
    return redirect("diary:home")


def _ways(account: Any) -> list[dict[str, str]]:
    """What can be changed, each with its present state in words."""
    email, telephone = confirmed_email(account), get_adapter().get_phone(account)
    ways = [
        _way("mfa_index", _("Second factor"), "key", _state_of_factors(account)),
        _way("account_email", _("E-mail"), "mail", email or _("none is confirmed")),
        _way(
            "account_change_phone",
            _("Telephone"),
            "bell",
            telephone[0] if telephone and telephone[1] else _("none is confirmed"),
        ),
    ]
    if account.has_usable_password():
        ways.insert(
            0, _way("account_change_password", _("Password"), "pencil", _("Other sessions end with it"))
        )
    question = SecretQuestion.objects.filter(account=account).first()
    note = question.question if question else _("none is set")
    return [*ways, _way("accounts:secret-question", _("Secret question"), "help", note)]


def _way(name: str, label: str, icon: str, note: str) -> dict[str, str]:
    return {"url": reverse(name), "label": label, "icon": icon, "note": note}


def _state_of_factors(account: Any) -> str:
    kinds = list(Authenticator.objects.filter(user=account).values_list("type", flat=True))
    passkeys = kinds.count(Authenticator.Type.WEBAUTHN)
    words = [_("application of codes")] if Authenticator.Type.TOTP in kinds else []
    if passkeys:
        words.append(ngettext("%(count)d passkey", "%(count)d passkeys", passkeys) % {"count": passkeys})
    if not words:
        return _("not set up")
    left = codes_left(account)
    words.append(
        ngettext("%(count)d recovery code left", "%(count)d recovery codes left", left) % {"count": left}
    )
    return ", ".join(words)
