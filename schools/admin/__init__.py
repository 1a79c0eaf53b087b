"""Django admin of schools: whose rows (`scope`), which office (`office`), then model by model."""

from schools.admin import calendar, classes, history, people, proposals, region, sign_ins, ties

__all__ = ["calendar", "classes", "history", "people", "proposals", "region", "sign_ins", "ties"]
