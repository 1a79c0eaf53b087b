"""Login and password; afterwards each request gets the account with its person and roles."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.utils import timezone

from accounts.models import User
from schools.roles import person_with_roles


class PersonBackend(ModelBackend):
    """Permissions of Django's groups are not used: rights come from ties (`schools`)."""

    def get_user(self, user_id: Any) -> User | None:
        """Two statements: the account, and its person with the roles of today."""
        user = User.objects.filter(pk=user_id).first()
        if user is None or not self.user_can_authenticate(user):
            return None
        found = person_with_roles(user.pk, on=timezone.localdate())
        if found:
            user.person, user.roles = found
        return user
