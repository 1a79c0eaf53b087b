"""What a sign-in proved decides which of the person's roles it opens, anew on every request: a
student who turns 14 during the night is refused in the morning."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone

from schools.doors import Proof


def proven_roles(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    def answer(request: HttpRequest) -> HttpResponseBase:
        user: Any = request.user
        if user.is_authenticated:
            user.proof = Proof.of_session(request.session)
            person = getattr(user, "person", None)
            user.roles, user.refusals = user.roles.proven_by(
                user.proof, birth_date=person and person.birth_date, on=timezone.localdate()
            )
        return get_response(request)

    return answer
