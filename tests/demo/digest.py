"""What a region holds, without keys, moments of loading and secrets: two equal loads are equal."""

import hashlib
from typing import Any

from django.apps import apps
from django.db import models

from schools.models import HistoryLink, HistorySeal, SealedHead

APPS = ("schools", "schedule", "diary", "accounts")
# Links of history go over the moments of loading.
MOMENTS = {HistoryLink, HistorySeal, SealedHead}
# Encrypted anew each time, hashed with salt, or the time of loading.
LEFT_OUT = {"snils", "password", "date_joined", "demo_since", "last_login", "pgh_created_at"}


def digest() -> dict[str, str]:
    """By model, of every row of our apps; a foreign key counts as the row it points at."""
    known: dict[type[models.Model], dict[Any, str]] = {}
    for model in _in_order():
        known[model] = {row.pk: _of_row(row, known) for row in model._default_manager.all()}
    return {model._meta.label: _hash("\n".join(sorted(rows.values()))) for model, rows in known.items()}


def _in_order() -> list[type[models.Model]]:
    """Models after those they point at."""
    waiting = [
        model for app in APPS for model in apps.get_app_config(app).get_models(include_auto_created=True)
    ]
    waiting = [model for model in waiting if not model.__name__.endswith("Event") and model not in MOMENTS]
    ordered: list[type[models.Model]] = []
    while waiting:
        ready = [model for model in waiting if not _targets(model) & set(waiting) - {model}]
        ordered += ready
        waiting = [model for model in waiting if model not in ready]
    return ordered


def _targets(model: type[models.Model]) -> set[Any]:
    return {field.related_model for field in model._meta.concrete_fields if field.is_relation}


def _of_row(row: models.Model, known: dict[type[models.Model], dict[Any, str]]) -> str:
    parts = []
    for field in row._meta.concrete_fields:
        if field.primary_key or field.name in LEFT_OUT:
            continue
        value = getattr(row, field.attname)
        if field.is_relation and value is not None:
            value = known.get(field.related_model, {}).get(value, "")  # type: ignore[arg-type]
        parts.append(f"{field.name}={value}")
    return _hash("|".join(parts))


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
