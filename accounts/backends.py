"""Login and password; afterwards each request gets the account with its person and roles."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.utils import timezone

from accounts.models import User
from schools.roles import people_with_roles, roles_of


class PersonBackend(ModelBackend):
    """Permissions of Django's groups are not used: rights come from ties (`schools`)."""

    def get_user(self, user_id: Any) -> User | None:
        """One statement for an account that has a person."""
        people = people_with_roles(timezone.localdate()).select_related("account")
        person: Any = people.filter(account=user_id).first()
        user: User | None = person.account if person else User.objects.filter(pk=user_id).first()
        if user is None or not self.user_can_authenticate(user):
            return None
        if person:
            user.person = person
            user.roles = roles_of(person)
        return user
