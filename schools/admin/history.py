"""The chains of the journal's history, their seals and what was retired: read by the region operator."""

from typing import Any

from django.contrib import admin
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from schools.admin.journal import JournalAdmin
from schools.models import HistoryChain, HistoryLink, HistoryRetirement, HistorySeal, SealedHead

SHOWN_LINKS = 100


@admin.register(HistoryChain)
class HistoryChainAdmin(JournalAdmin):
    list_display = ("pk", "course", "term", "length", "sealed_to")
    list_select_related = (
        "course__subject",
        "course__school_class",
        "course__group",
        "term",
    )
    fields = readonly_fields = ("course", "term", "length", "sealed_to", "last_links")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        links = HistoryLink.objects.filter(chain=OuterRef("pk")).order_by("-number").values("number")
        heads = SealedHead.objects.filter(chain=OuterRef("pk")).order_by("-number").values("number")
        rows = super().get_queryset(request)
        return rows.annotate(last=Subquery(links[:1]), sealed=Subquery(heads[:1]))

    @admin.display(description=_("records"))
    def length(self, obj: Any) -> int:
        return obj.last or 0

    @admin.display(description=_("sealed to record"))
    def sealed_to(self, obj: Any) -> int:
        return obj.sealed or 0

    @admin.display(description=_("last records"))
    def last_links(self, obj: Any) -> SafeString:
        links = HistoryLink.objects.filter(chain=obj.pk).order_by("-number")
        rows = links.values_list("number", "event_table", "event", "digest")[:SHOWN_LINKS]
        shown = ((number, table, event, bytes(digest).hex()) for number, table, event, digest in rows)
        return format_html_join("", "<div>{} · {} {} · <code>{}</code></div>", shown)


@admin.register(HistorySeal)
class HistorySealAdmin(JournalAdmin):
    list_display = ("number", "at", "heads", "digest")


@admin.register(HistoryRetirement)
class HistoryRetirementAdmin(JournalAdmin):
    list_display = ("at", "chain", "act", "since", "until", "by", "reason")
    list_select_related = ("chain",)
