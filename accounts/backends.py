"""Login and password; afterwards each request gets the account with its person and roles."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.utils import timezone

from accounts.models import User
from schools.roles import account_with_person


class PersonBackend(ModelBackend):
    """Permissions of Django's groups are not used: rights come from ties (`schools`)."""

    def get_user(self, user_id: Any) -> User | None:
        """One statement: the account, its person and the roles of today."""
        user: User | None = account_with_person(User, user_id, on=timezone.localdate())
        return user if user and self.user_can_authenticate(user) else None
