"""Another school's rows: an administrator neither sees nor chooses nor changes them anywhere."""

from typing import Any

import pytest
from django.contrib import admin
from django.contrib.admin.models import CHANGE, LogEntry
from django.forms import ModelChoiceField
from django.urls import reverse

from schools.models import Appointment, Organisation, Person, SchoolClass, Subject
from tests.conftest import Cast
from tests.schools.test_admin_rows import (
    JOURNAL_MODELS,
    SCHOOL_MODELS,
    STRANGE,
    filled,
    foreign,
    journal_of,
    own,
    request_of,
    url,
)

__all__ = ["foreign", "own"]

every_school_model = pytest.mark.parametrize("model", SCHOOL_MODELS, ids=lambda model: model.__name__)
Rows = dict[Any, Any]


@every_school_model
def test_lists_hold_own_rows_only(cast: Cast, as_: Any, own: Rows, foreign: Rows, model: Any) -> None:
    response = as_(cast.administrator).get(url(model, "changelist"))
    shown = set(response.context["cl"].queryset.values_list("pk", flat=True))
    assert own[model].pk in shown
    assert foreign[model].pk not in shown
    assert STRANGE not in response.content.decode()


@every_school_model
def test_pages_of_foreign_rows_do_not_exist(
    cast: Cast, as_: Any, own: Rows, foreign: Rows, model: Any
) -> None:
    client, row = as_(cast.administrator), foreign[model]
    for address in (url(model, page, row.pk) for page in ("change", "delete", "history")):
        assert client.get(address).status_code == 404
        assert client.post(address, {"post": "yes"}).status_code == 404
        assert client.get(f"{address}?_popup=1&_to_field=id").status_code == 404
    assert model.objects.filter(pk=row.pk).exists()


@every_school_model
def test_pages_of_own_rows_open(cast: Cast, as_: Any, own: Rows, foreign: Rows, model: Any) -> None:
    client = as_(cast.administrator)
    for page in ("change", "history"):
        response = client.get(url(model, page, own[model].pk))
        assert response.status_code == 200
        assert STRANGE not in response.content.decode()


@every_school_model
def test_forms_offer_own_rows_only(cast: Cast, own: Rows, foreign: Rows, model: Any) -> None:
    model_admin, request = admin.site._registry[model], request_of(cast.administrator)
    form_classes = [model_admin.get_form(request)]
    for obj in (None, model_admin.get_object(request, str(own[model].pk))):
        inlines = model_admin.get_inline_instances(request, obj)
        form_classes += [inline.get_formset(request, obj).form for inline in inlines]
    for form in form_classes:
        for field in form.base_fields.values():
            offered: Any = field.queryset if isinstance(field, ModelChoiceField) else None
            if offered is not None and offered.model in foreign:
                assert not offered.filter(pk=foreign[offered.model].pk).exists()


@every_school_model
def test_actions_leave_foreign_rows_alone(cast: Cast, as_: Any, own: Rows, foreign: Rows, model: Any) -> None:
    data = {"action": "delete_selected", "_selected_action": [foreign[model].pk], "post": "yes"}
    as_(cast.administrator).post(url(model, "changelist"), data)
    assert model.objects.filter(pk=foreign[model].pk).exists()


def keys() -> list[Any]:
    """Every key between models that the site knows."""
    return [
        field
        for model in admin.site._registry
        for field in (*model._meta.fields, *model._meta.many_to_many)
        if field.remote_field
    ]


def test_autocomplete_finds_own_rows_only(cast: Cast, as_: Any, own: Rows, foreign: Rows) -> None:
    client, statuses = as_(cast.administrator), set()
    for field in keys():
        names = {"app_label": field.model._meta.app_label, "model_name": field.model._meta.model_name}
        for term in ("", STRANGE):
            query = {**names, "field_name": field.name, "term": term}
            response = client.get(reverse("admin:autocomplete"), query)
            statuses.add(response.status_code)
            assert STRANGE not in response.content.decode()
    assert statuses == {200, 403, 404}


@every_school_model
def test_values_in_the_address_name_nobody(
    cast: Cast, as_: Any, own: Rows, foreign: Rows, model: Any
) -> None:
    """Filters, searches and prefilled forms with the numbers of foreign rows."""
    numbers = {each._meta.model_name: row.pk for each, row in foreign.items()}
    fields = {
        field.name: numbers.get(field.remote_field.model._meta.model_name, 1)
        for field in model._meta.fields
        if field.remote_field
    }
    client = as_(cast.administrator)
    chosen = {"organisation": cast.other_school.pk, "class": foreign[SchoolClass].pk, "q": STRANGE[:-1]}
    for name, value in chosen.items():
        response = client.get(url(model, "changelist"), {name: value})
        assert response.status_code in (200, 302)
        assert STRANGE not in response.content.decode()
    response = client.get(url(model, "add"), {"as": "guardian", **fields})
    assert response.status_code in (200, 403)
    assert STRANGE not in response.content.decode()


@pytest.mark.parametrize("model", [m for m in admin.site._registry if m not in SCHOOL_MODELS], ids=str)
def test_what_is_not_a_schools_does_not_exist_for_it(cast: Cast, as_: Any, own: Rows, model: Any) -> None:
    if model._meta.model_name in ("academicyear", "signin"):  # to read: tests/schools/test_admin_sign_ins.py
        return
    journal_of(own)
    client, row = as_(cast.administrator), model.objects.first()
    addresses = [url(model, "changelist"), url(model, "add")]
    addresses += [url(model, page, row.pk if row else 1) for page in ("change", "delete", "history")]
    assert {client.get(each).status_code for each in addresses} == {404}
    assert {client.post(each).status_code for each in addresses} == {404}
    assert url(model, "changelist") not in client.get("/admin/").content.decode()


@pytest.mark.parametrize("model", [Organisation, Appointment])
def test_own_organisation_and_offices_are_read_only(cast: Cast, as_: Any, own: Rows, model: Any) -> None:
    client, row = as_(cast.administrator), own[model]
    assert client.get(url(model, "add")).status_code == 403
    assert client.post(url(model, "change", row.pk), {}).status_code == 403
    assert client.post(url(model, "delete", row.pk), {"post": "yes"}).status_code == 403


def test_years_are_the_regions(cast: Cast, as_: Any, own: Rows) -> None:
    model, client = type(own[SchoolClass].year), as_(cast.administrator)
    assert client.get(url(model, "changelist")).status_code == 200
    assert client.get(url(model, "add")).status_code == 403


def test_a_forged_organisation_is_refused(cast: Cast, as_: Any, own: Rows, foreign: Rows) -> None:
    client = as_(cast.administrator)
    data = {"organisation": cast.other_school.pk, "name": "Астрономия"}
    response = client.post(url(Subject, "add"), data)
    assert response.status_code == 200
    assert response.context["adminform"].form.errors.keys() == {"organisation"}
    assert not Subject.objects.filter(name="Астрономия").exists()


@every_school_model
def test_forged_numbers_are_refused(cast: Cast, as_: Any, own: Rows, foreign: Rows, model: Any) -> None:
    """A new row whose every key leads to the other school: each key is an error, nothing is made."""
    client = as_(cast.administrator)
    if client.get(url(model, "add")).status_code == 403:
        return
    address = url(model, "add") + ("?as=guardian" if model is Person else "")
    keyed = {
        f.name: foreign[f.remote_field.model].pk
        for f in model._meta.fields
        if f.remote_field and f.remote_field.model in foreign
    }
    before = model.objects.count()
    response = client.post(address, filled(client, address, **keyed))
    if model is not Person:
        assert (
            keyed.keys() - {"basis", "predecessor", "account"}
            <= response.context["adminform"].form.errors.keys()
        )
    assert model.objects.count() == before


def test_the_log_of_a_row_shows_the_schools_own_acts(cast: Cast, as_: Any, own: Rows, foreign: Rows) -> None:
    """A file passes from school to school, and its log with it."""
    ours, theirs = _account(cast.administrator), _account(cast.outsider)
    for account in (ours, theirs):
        LogEntry.objects.log_actions(account.pk, [own[Person]], CHANGE, "…")
    body = as_(cast.administrator).get(url(Person, "history", own[Person].pk)).content.decode()
    assert ours.username in body
    assert theirs.username not in body
    body = as_(cast.region_operator).get(url(Person, "history", own[Person].pk)).content.decode()
    assert theirs.username in body


def _account(person: Person) -> Any:
    return person.account


def test_recent_actions_are_ones_own(cast: Cast, as_: Any, own: Rows, foreign: Rows) -> None:
    LogEntry.objects.log_actions(_account(cast.outsider).pk, [foreign[Person]], CHANGE, "…")
    assert STRANGE not in as_(cast.administrator).get("/admin/").content.decode()


def test_journal_models_are_not_among_the_schools() -> None:
    assert not set(JOURNAL_MODELS) & set(SCHOOL_MODELS)
