"""A step of our own in django-allauth's sign-in: between the password and the session."""

from allauth.account.stages import LoginStage
from django.http import HttpResponse
from django.shortcuts import redirect


class FirstPasswordStage(LoginStage):
    """A first password stands on a slip of paper: nobody gets in before it is changed."""

    key = "first-password"
    urlname = "accounts:first-password"

    def handle(self) -> tuple[HttpResponse | None, bool]:
        account = self.login.user
        return (redirect(self.urlname) if account.must_change_password else None), True
