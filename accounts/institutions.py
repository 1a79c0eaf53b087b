"""The cascade of lists at the school's door: municipality → locality → type → organisation (§2.3).

Each list is narrowed by the choice before it, so no list is ever the region's 700 organisations; a
list of one is chosen by itself. What was chosen last is remembered on the device.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from schools.models import Locality, Municipality, Organisation

STEPS = ("municipality", "locality", "kind", "organisation")
COOKIE = "institution"
COOKIE_SECONDS = 365 * 24 * 3600


@dataclass
class Step:
    """One list of the cascade. `options` are (value, words); `chosen` is one of the values or empty."""

    name: str
    label: str
    options: list[tuple[str, str]]
    chosen: str = ""

    def choose(self, wanted: str) -> str:
        """What was asked for, if the list has it; the only option otherwise."""
        values = [value for value, _words in self.options]
        self.chosen = wanted if wanted in values else values[0] if len(values) == 1 else ""
        return self.chosen


@dataclass
class Cascade:
    steps: list[Step] = field(default_factory=list)
    organisation: Organisation | None = None


def cascade(asked: Mapping[str, str]) -> Cascade:
    """The lists for what was asked for, up to the first that waits for a choice. Four statements at most."""
    found = Cascade()
    organisations = Organisation.objects.select_related("locality__municipality")

    def step(name: str, label: str, options: list[tuple[str, str]]) -> str:
        found.steps.append(Step(name, label, options))
        return found.steps[-1].choose(asked.get(name, ""))

    municipalities = Municipality.objects.filter(locality__organisation__isnull=False).distinct()
    municipality = step("municipality", _("City or district"), _options(municipalities))
    if not municipality:
        return found
    localities = Locality.objects.filter(
        municipality=int(municipality), organisation__isnull=False
    ).distinct()
    locality = step("locality", _("Town or village"), _options(localities))
    if not locality:
        return found
    here = list(organisations.filter(locality=int(locality)).order_by("short_name", "pk"))
    kinds = dict.fromkeys((row.kind, row.get_kind_display().capitalize()) for row in here)
    kind = step("kind", _("Type"), sorted(kinds))
    if not kind:
        return found
    of_kind = {str(row.pk): row for row in here if row.kind == kind}
    chosen = step("organisation", _("Institution"), [(pk, row.short_name) for pk, row in of_kind.items()])
    found.organisation = of_kind.get(chosen)
    return found


def asked_in(request: HttpRequest) -> dict[str, str]:
    """The choices in the address or the form; without any, those remembered on this device."""
    sent = request.POST if request.method == "POST" else request.GET
    asked = {name: sent[name] for name in STEPS if name in sent}
    if asked:
        return asked
    organisation = remembered(request.COOKIES)
    return asked_for(organisation) if organisation else {}


def remember(response: HttpResponse, found: Cascade, *, secure: bool) -> None:
    """Keep what was chosen on the device."""
    if found.organisation:
        response.set_cookie(
            COOKIE,
            str(found.organisation.pk),
            max_age=COOKIE_SECONDS,
            samesite="Lax",
            httponly=True,
            secure=secure,
        )


def remembered(cookies: Mapping[str, str]) -> Organisation | None:
    pk = cookies.get(COOKIE, "")
    if not (pk.isascii() and pk.isdecimal() and len(pk) < 10):
        return None
    return Organisation.objects.select_related("locality__municipality").filter(pk=pk).first()


def asked_for(organisation: Organisation) -> dict[str, str]:
    """The choices that lead to an organisation."""
    return {
        "municipality": str(organisation.locality.municipality_id),
        "locality": str(organisation.locality_id),
        "kind": organisation.kind,
        "organisation": str(organisation.pk),
    }


def _options(rows: Any) -> list[tuple[str, str]]:
    return [(str(row.pk), str(row)) for row in rows.order_by("name", "pk")]
