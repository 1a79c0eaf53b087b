"""Registration: the application, how it stands, and the queue in which offices decide it."""

from typing import Any

from allauth.account.internal.flows.logout import logout
from allauth.account.internal.stagekit import unstash_login
from allauth.account.models import EmailAddress
from allauth.account.views import SignupView
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import institutions, registrations
from accounts.attempts import address_of
from accounts.models import Registration
from accounts.registration_forms import ApprovalForm, LoginTaken, RefusalForm
from accounts.registrations import AlreadyDecided, FileNotFree

ROWS_A_PAGE = 50


class SignUp(SignupView):
    """django-allauth's sign-up behind the portal's questions: who one is, and where."""

    template_name = "accounts/sign_up.html"

    @cached_property
    def status(self) -> str:
        sent = self.request.POST if self.request.method == "POST" else self.request.GET
        return sent["as"] if sent.get("as") in Registration.Status.values else ""

    @cached_property
    def cascade(self) -> institutions.Cascade | None:
        if self.status in Registration.AT_A_SCHOOL:
            return institutions.cascade(institutions.asked_in(self.request))
        return None

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.status:
            return render(request, "accounts/sign_up_status.html")
        response: HttpResponse = super().get(request, *args, **kwargs)
        return self._remembering(response)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.status:
            return redirect("account_signup")
        response: HttpResponse = super().post(request, *args, **kwargs)
        return self._remembering(response)

    def get_form_kwargs(self) -> dict[str, Any]:
        organisation = self.cascade.organisation if self.cascade else None
        address = address_of(self.request)
        mine = {"status": self.status, "organisation": organisation, "address": address}
        return super().get_form_kwargs() | mine

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        mine = {"status": self.status, "cascade": self.cascade}
        context: dict[str, Any] = super().get_context_data(**kwargs) | mine
        return context

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            response: HttpResponse = super().form_valid(form)
        except LoginTaken:
            form.add_error("username", form.login_taken())
            return self.form_invalid(form)
        return response

    def form_invalid(self, form: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def _remembering(self, response: HttpResponse) -> HttpResponse:
        if self.cascade:
            institutions.remember(response, self.cascade, secure=self.request.is_secure())
        return response


@require_GET
def registration(request: HttpRequest) -> HttpResponse:
    """How one's own registration stands, what opens the diary, whom to ask."""
    user: Any = request.user
    own = get_object_or_404(Registration.objects.select_related("organisation", "territory"), account=user)
    if not user.is_registered_without_person:
        return redirect("diary:home")
    return render(request, "accounts/registration.html", {"registration": own})


@login_not_required
@never_cache
@require_POST
def registration_anew(request: HttpRequest) -> HttpResponse:
    """Another try: before the codes, where something was mistyped, or after a refusal."""
    user: Any = request.user
    if not user.is_authenticated:
        pending = unstash_login(request)
        user = pending.user if pending else None
    elif not user.is_registered_without_person:
        raise Http404
    begun = registrations.begin_anew(user) if user else False
    if request.user.is_authenticated and not begun:
        raise Http404
    logout(request, show_message=False)
    return redirect("account_signup")


# --- The queue -----------------------------------------------------------------------------------
@require_GET
def registration_queue(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    roles = user.roles
    if not (roles.is_school_administrator or roles.is_territory_staff or roles.is_region_operator):
        raise Http404
    rows = Registration.objects.visible_to(user, on=timezone.localdate()).waiting()
    rows = rows.select_related("organisation", "territory").order_by("made_at", "pk")
    page = Paginator(rows, ROWS_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "accounts/registrations.html", {"page": page})


@require_http_methods(["GET", "POST"])
def registration_decision(request: HttpRequest, pk: int) -> HttpResponse:
    """Both sides' data side by side; POST approves."""
    own = _visible(request, pk)
    if own.state != Registration.State.WAITING:
        return render(request, "accounts/registration_decided.html", {"registration": own})
    found = registrations.candidates(own, by=request.user, on=timezone.localdate())
    typed = request.POST if request.method == "POST" else None
    form = ApprovalForm(
        typed,
        files=[each.person.pk for each in found if not each.obstacle],
        with_position=own.status == Registration.Status.TEACHER,
    )
    if not form.is_valid():
        return _decision_page(request, own, found, approval=form)
    try:
        registrations.approve(
            own.pk,
            by=request.user.person,  # type: ignore[union-attr]
            file=form.chosen,
            position=form.cleaned_data.get("position", ""),
            on=timezone.localdate(),
        )
    except FileNotFree:
        form.add_error("file", _("This file has got an account meanwhile. Look again."))
        return _decision_page(request, own, found, approval=form)
    except AlreadyDecided:
        return _already_decided(request, own)
    messages.success(request, _("Approved. A letter tells %(name)s.") % {"name": own.full_name})
    return redirect("accounts:registrations")


@require_POST
def registration_refusal(request: HttpRequest, pk: int) -> HttpResponse:
    own = _visible(request, pk)
    form = RefusalForm(request.POST)
    if not form.is_valid():
        found = registrations.candidates(own, by=request.user, on=timezone.localdate())
        return _decision_page(request, own, found, refusal=form)
    try:
        registrations.refuse(own.pk, by=request.user.person, **form.cleaned_data)  # type: ignore[union-attr]
    except AlreadyDecided:
        return _already_decided(request, own)
    messages.success(request, _("Refused. A letter tells %(name)s.") % {"name": own.full_name})
    return redirect("accounts:registrations")


def _visible(request: HttpRequest, pk: int) -> Registration:
    rows = Registration.objects.visible_to(request.user, on=timezone.localdate())
    return get_object_or_404(
        rows.select_related("organisation", "territory", "decided_by", "account__phone_number"), pk=pk
    )


def _decision_page(
    request: HttpRequest,
    own: Registration,
    found: list[registrations.Candidate],
    *,
    approval: ApprovalForm | None = None,
    refusal: RefusalForm | None = None,
) -> HttpResponse:
    is_teacher = own.status == Registration.Status.TEACHER
    context = {
        "registration": own,
        "candidates": found,
        "telephone": own.account.phone_number.number,
        "emails": list(EmailAddress.objects.filter(user=own.account, verified=True)),
        "approval": approval or ApprovalForm(files=[], with_position=is_teacher),
        "refusal": refusal or RefusalForm(),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "accounts/registration_decision.html", context, status=status)


def _already_decided(request: HttpRequest, own: Registration) -> HttpResponse:
    messages.warning(request, _("Somebody has decided this registration before you."))
    return redirect("accounts:registration-decision", pk=own.pk)
