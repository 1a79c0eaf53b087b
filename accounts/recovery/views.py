"""The four pages of a lost password. The session names the running recovery, nothing else does."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts import codes
from accounts.attempts import address_of
from accounts.forms import AnswerForm, CodeForm, ContactForm, NewPasswordForm
from accounts.recovery import steps as recovery
from accounts.security import devices, notices
from accounts.security.notices import Notice

_KEY = "recovery"


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def contact(request: HttpRequest) -> HttpResponse:
    form = ContactForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            begun = recovery.begin(
                **form.cleaned_data, address=address_of(request), language=get_language() or "ru"
            )
        except codes.TooManyCodes:
            form.add_error(None, _("Too many codes were asked for. Try again in an hour."))
        else:
            request.session[_KEY] = begun.pk
            return redirect("accounts:recovery-code")
    return _render(request, "accounts/recovery_contact.html", form)


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    form = CodeForm(request.POST if request.method == "POST" else None)
    try:
        if form.is_valid():
            recovery.check_code(_begun(request), form.cleaned_data["code"])
            return redirect("accounts:recovery-answer")
    except recovery.WrongCode as wrong:
        form.add_error("code", _wrong(_("The code does not fit."), wrong.left))
    except recovery.Over:
        return _anew(request)
    return _render(request, "accounts/recovery_code.html", form)


@login_not_required
@never_cache
@sensitive_post_parameters("answer")
@require_http_methods(["GET", "POST"])
def answer(request: HttpRequest) -> HttpResponse:
    form, asked = AnswerForm(request.POST if request.method == "POST" else None), ""
    try:
        question = recovery.question_of(_begun(request))
        if question is None:
            return redirect("accounts:recovery-password")
        asked = question.question
        if form.is_valid():
            recovery.check_answer(_begun(request), form.cleaned_data["answer"])
            return redirect("accounts:recovery-password")
    except recovery.WrongAnswer as wrong:
        form.add_error("answer", _wrong(_("The answer does not fit."), wrong.left))
    except recovery.Over:
        return _anew(request)
    return _render(request, "accounts/recovery_answer.html", form, question=asked)


@login_not_required
@never_cache
@sensitive_post_parameters("new_password1", "new_password2")
@require_http_methods(["GET", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    try:
        account = recovery.account_for_password(_begun(request))
        form = NewPasswordForm(account, request.POST if request.method == "POST" else None)
        if form.is_valid():
            recovery.choose_password(_begun(request), form.cleaned_data["new_password1"])
            notices.send(Notice.PASSWORD_CHANGED, account, device=devices.device_of(request))
            del request.session[_KEY]
            messages.success(request, _("The new password holds. Sign in with it."))
            return redirect("accounts:sign-in")
    except recovery.Over:
        return _anew(request)
    return _render(request, "accounts/recovery_password.html", form, login=account.username)


def _begun(request: HttpRequest) -> int:
    pk: int = request.session.get(_KEY, 0)
    return pk


def _anew(request: HttpRequest) -> HttpResponse:
    request.session.pop(_KEY, None)
    messages.warning(request, _("The time is up, or there were too many attempts. Begin anew."))
    return redirect("accounts:recovery")


def _wrong(what: str, left: int) -> str:
    if not left:
        return what
    more = ngettext("%(left)d attempt is left.", "%(left)d attempts are left.", left) % {"left": left}
    return f"{what} {more}"


def _render(request: HttpRequest, template: str, form: Any, **context: Any) -> HttpResponse:
    return render(request, template, {"form": form, **context}, status=422 if form.errors else 200)
