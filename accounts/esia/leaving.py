"""The way out of ESIA, for those who came by it."""

from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from schools.doors import Door, Proof


def way_out(request: HttpRequest) -> str:
    """ESIA's address that ends its session too and comes back to the front page; empty for other
    doors. Asked before the portal's own session ends.

    On a shared computer the next one would otherwise be in as this one by a click. `redirect_url` is
    ESIA's own name for what others call redirect_uri.
    """
    proof = Proof.of_session(request.session)
    if not settings.ESIA_URL or proof is None or proof.door != Door.ESIA:
        return ""
    back = request.build_absolute_uri(reverse("front"))
    query = urlencode({"client_id": settings.ESIA_CLIENT_ID, "redirect_url": back})
    return f"{settings.ESIA_URL}/idp/ext/Logout?{query}"
