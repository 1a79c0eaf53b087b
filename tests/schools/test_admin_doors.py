"""Who gets into Django admin: holders of two offices, on the day on which they hold them."""

import datetime
from typing import Any

import pytest
from django.contrib import admin
from django.urls import reverse

from schools.models import Appointment
from tests import factories as make
from tests.conftest import TODAY, Cast
from tests.schools.test_admin_rows import url

PEOPLE_WITHOUT_OFFICE = ["teacher", "class_teacher", "head_teacher", "student", "parent", "territory_staff"]


def addresses() -> list[str]:
    pages = ["/admin/nothing/", *(reverse(f"admin:{name}") for name in ("index", "autocomplete", "jsi18n"))]
    apps = [reverse("admin:app_list", args=[app]) for app in ("schools", "schedule", "diary", "accounts")]
    lists = [url(model, page) for model in admin.site._registry for page in ("changelist", "add")]
    rows = [url(m, page, 1) for m in admin.site._registry for page in ("change", "delete", "history")]
    return [*pages, *apps, *lists, *rows]


@pytest.mark.parametrize("who", PEOPLE_WITHOUT_OFFICE)
def test_without_an_office_no_address_exists(cast: Cast, as_: Any, who: str) -> None:
    client = as_(getattr(cast, who))
    assert {client.get(each).status_code for each in addresses()} == {404}


def test_anonymous_is_sent_to_the_portals_door(db: Any, as_: Any) -> None:
    client = as_(None)
    for address in addresses():
        assert client.get(address).status_code == 302, address
    response = client.get(reverse("admin:index"), follow=True)
    assert response.redirect_chain[-1][0] == "/sign-in/?next=/admin/"


@pytest.mark.parametrize("who", ["administrator", "region_operator"])
def test_an_office_opens_it(cast: Cast, as_: Any, who: str) -> None:
    response = as_(getattr(cast, who)).get(reverse("admin:index"))
    assert response.status_code == 200
    assert "АСУ РСО" in response.content.decode()


def test_it_closes_on_the_day_after_the_office_ends(cast: Cast, as_: Any) -> None:
    held = Appointment.objects.filter(person=cast.administrator)
    held.update(until=TODAY)
    assert as_(cast.administrator).get("/admin/").status_code == 200
    held.update(until=TODAY - datetime.timedelta(days=1))
    assert as_(cast.administrator).get("/admin/").status_code == 404


def test_a_superuser_counts_as_the_region_operator(cast: Cast, as_: Any) -> None:
    client = as_(make.UserFactory(is_superuser=True))
    assert client.get(url(Appointment, "changelist")).status_code == 200


def test_a_closed_account_stays_outside(cast: Cast, as_: Any) -> None:
    client = as_(cast.region_operator)
    account: Any = cast.region_operator.account
    account.is_active = False
    account.save()
    assert client.get("/admin/").status_code == 302


def test_its_own_doors_lead_to_the_portals(cast: Cast, as_: Any) -> None:
    client = as_(cast.administrator)
    for name in ("password_change", "password_change_done"):
        assert client.get(reverse(f"admin:{name}")).status_code == 302
    assert as_(None).get(reverse("admin:login"), {"next": "/admin/"})["Location"] == "/sign-in/?next=/admin/"
    client.post(reverse("admin:logout"))
    assert client.get("/admin/").status_code == 302


def test_no_page_has_inline_styles_or_scripts(cast: Cast, as_: Any) -> None:
    client = as_(cast.administrator)
    for address in ("/admin/", url(make.PersonFactory._meta.model, "add"), url(Appointment, "changelist")):
        body = client.get(address).content.decode()
        assert " style=" not in body
        assert " onclick=" not in body
        assert "<script>" not in body
