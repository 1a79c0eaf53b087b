"""A step of our own in django-allauth's sign-in: between the password and the session."""

from allauth.account.stages import LoginStage
from django.http import HttpResponse
from django.shortcuts import redirect

from accounts import signing_in
from schools.doors import Door


class FirstPasswordStage(LoginStage):
    """A first password stands on a slip of paper: nobody gets in by it before it is changed. Who
    comes through Gosuslugi has shown none, and is not asked."""

    key = "first-password"
    urlname = "accounts:first-password"

    def handle(self) -> tuple[HttpResponse | None, bool]:
        account = self.login.user
        shown = signing_in.expected_door(self.request, account) != Door.ESIA
        return (redirect(self.urlname) if shown and account.must_change_password else None), True
