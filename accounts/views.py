"""The doors."""

from typing import Any

from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from accounts import signing_in
from accounts.forms import SignInForm

DOORS = ("parent", "student", "teacher", "staff")


class SignIn(LoginView):
    """The school's login and password. The door chosen on the front page only changes the words."""

    authentication_form = SignInForm
    template_name = "accounts/sign_in.html"
    redirect_authenticated_user = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        door = self.request.GET.get("as", "")
        return super().get_context_data(door=door if door in DOORS else "", gosuslugi=False, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        super().form_valid(form)
        signing_in.remember(self.request, form.get_user(), second_factor=False)
        return HttpResponseRedirect(self.get_success_url())

    def form_invalid(self, form: Any) -> Any:
        return self.render_to_response(self.get_context_data(form=form), status=422)


class SignOut(LogoutView):
    """Pages seen so far do not come back by the browser's Back: a computer may be shared."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = super().post(request, *args, **kwargs)
        response["Clear-Site-Data"] = '"cache"'
        return response
