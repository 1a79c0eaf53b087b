"""The outbox of development: what would have left the portal. In production it does not exist."""

import re
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from messaging.models import Outgoing

PAGE = 50
# A one-time code as our letters and django-allauth's write it: 123456, PLKF-RDXF; a year is none.
CODE = re.compile(r"(?<![\w/+-])(?:\d{6,8}|[A-Z0-9]{4}-[A-Z0-9]{4})(?![\w/-])")


@login_not_required  # the code is wanted before one is signed in
@never_cache
@require_GET
def outbox(request: HttpRequest) -> HttpResponse:
    """Everything that was written, newest first."""
    refuse_without_outbox()
    newest = Outgoing.objects.newest_first().defer("html")
    page = Paginator(newest, PAGE).get_page(request.GET.get("page"))
    shown = [_shown(row) | {"url": reverse("messaging:outgoing", args=[row.pk])} for row in page]
    return render(request, "messaging/outbox.html", {"page": page, "messages_shown": shown})


@login_not_required
@never_cache
@require_GET
def outgoing(request: HttpRequest, pk: int) -> HttpResponse:
    refuse_without_outbox()
    row = get_object_or_404(Outgoing, pk=pk)
    return render(request, "messaging/outgoing.html", {"message": _shown(row), "html": row.html})


def refuse_without_outbox() -> None:
    if not settings.OUTBOX:
        raise Http404


def _shown(row: Outgoing) -> dict[str, Any]:
    code = CODE.search(row.text)
    return {
        "channel": row.get_channel_display(),
        "icon": "mail" if row.channel == Outgoing.Channel.EMAIL else "bell",
        "recipient": row.recipient,
        "title": row.subject or row.text,
        "subject": row.subject,
        "text": row.text,
        "language": row.language,
        "code": code and code.group(),
        "at": row.created_at,
        "state": _state_of(row),
    }


def _state_of(row: Outgoing) -> str:
    if row.sent_at:
        return _("sent")
    if row.next_attempt_at:
        return _("waits to be sent")
    return _("not sent: %(why)s") % {"why": _(row.failure)}
