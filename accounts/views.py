"""The school's door, and the way out."""

from typing import Any

from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from allauth.account.stages import LoginStageController
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LogoutView
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts import institutions, signing_in
from accounts.esia.leaving import way_out as esia_way_out
from accounts.forms import NewPasswordForm, SignInForm
from accounts.models import User
from accounts.security import lifetimes
from accounts.stages import FirstPasswordStage

DOORS = ("parent", "student", "teacher", "staff")


@login_not_required
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """The tab *Educational institution*: which one, then login and password."""
    if request.user.is_authenticated:
        return HttpResponseRedirect(_way_on(request))
    cascade = institutions.cascade(institutions.asked_in(request))
    response = _try_login(request, {"cascade": cascade, "door": _door(request)})
    institutions.remember(response, cascade, secure=request.is_secure())
    return response


@login_not_required
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def sign_in_administration(request: HttpRequest) -> HttpResponse:
    """The tab *Administration*: staff of ТУ/ДО and the region operator belong to no institution."""
    if request.user.is_authenticated:
        return HttpResponseRedirect(_way_on(request))
    return _try_login(request, {"administration": True})


@login_not_required
@never_cache
@sensitive_post_parameters("new_password1", "new_password2")
@require_http_methods(["GET", "POST"])
def first_password(request: HttpRequest) -> HttpResponse:
    """Between the first password and the session: an own one instead (`FirstPasswordStage`)."""
    stage = LoginStageController.enter(request, FirstPasswordStage.key)
    if stage is None:
        return redirect("accounts:sign-in")
    account: Any = stage.login.user
    form = NewPasswordForm(account, request.POST if request.method == "POST" else None)
    if form.is_valid():
        account.choose_password(form.cleaned_data["new_password1"])
        return stage.exit()
    context = {"form": form, "login": account.username}
    return render(request, "accounts/first_password.html", context, status=422 if form.errors else 200)


def _try_login(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    """What follows the password (the first one's change, a second factor) are allauth's stages."""
    typed = request.POST if request.method == "POST" else None
    form = SignInForm(request, data=typed)
    if form.is_valid():
        account: Any = form.get_user()
        signing_in.expect_password(request)
        lifetimes.expect_shared_device(request, shared=form.cleaned_data["shared_device"])
        login = Login(
            user=account, redirect_url=_way_on(request), email_verification=_email_verification(account)
        )
        return perform_password_login(request, {"username": account.username}, login)
    context |= {"form": form, "next": _next(request)}
    return render(request, "accounts/sign_in.html", context, status=422 if typed is not None else 200)


def _email_verification(account: User) -> str:
    """A registration that was left before its codes goes on with them. Logins of a school have none."""
    return "mandatory" if account.origin == User.Origin.REGISTERED else "none"


def _door(request: HttpRequest) -> str:
    """The door chosen on the front page only changes the words."""
    door = request.GET.get("as", "")
    return door if door in DOORS else ""


def _next(request: HttpRequest) -> str:
    return request.POST.get("next") or request.GET.get("next", "")


def _way_on(request: HttpRequest) -> str:
    wanted = _next(request)
    if url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure()):
        return wanted
    return resolve_url("diary:home")


class SignOut(LogoutView):
    """Pages seen so far do not come back by the browser's Back: a computer may be shared."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        esia_address = esia_way_out(request)
        signing_in.end(request.session.session_key)
        response = super().post(request, *args, **kwargs)
        if esia_address:
            response = HttpResponseRedirect(esia_address)
        response["Clear-Site-Data"] = '"cache"'
        return response
