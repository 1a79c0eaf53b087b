"""Which days are printed."""

import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

# What a browser's own field of dates takes, whatever the language.
DATE, ISO = {"type": "date"}, "%Y-%m-%d"


class PeriodForm(forms.Form):
    """Any days of the academic year; the first one not after the last."""

    since = forms.DateField(label=_("From"), widget=forms.DateInput(DATE, format=ISO))
    until = forms.DateField(label=_("Until"), widget=forms.DateInput(DATE, format=ISO))

    def __init__(self, *args: Any, year: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.year = year

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and since > until:
            self.add_error("until", _("The last day cannot come before the first."))
        for name, day in (("since", since), ("until", until)):
            if day and not self.year.since <= day <= self.year.until:
                self.add_error(
                    name,
                    _("Choose a day of this school year: %(since)s – %(until)s.")
                    % {"since": _day(self.year.since), "until": _day(self.year.until)},
                )
        return cleaned


def _day(day: datetime.date) -> str:
    return f"{day:%d.%m.%Y}"
