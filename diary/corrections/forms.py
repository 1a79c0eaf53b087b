"""Asking for a correction, and answering it."""

from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from diary.letters import ABSENCE_WORDS
from diary.marking import LONGEST_LATE, values_for
from diary.models import LONGEST_REASON, Correction, ScaleValue, WorkKind

CHOOSE = ("", _("Choose"))
NOTHING, PRESENT = "none", "here"  # an empty choice is no answer


class Words(forms.CharField):
    """Some sentences. A line break is one character, as the browser counts it."""

    default_error_messages = {"required": _("Write it in words.")}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=LONGEST_REASON, widget=forms.Textarea(attrs={"rows": 3}), **kwargs)

    def to_python(self, value: Any) -> Any:
        return super().to_python(value.replace("\r\n", "\n") if value else value)


class CorrectionForm(forms.Form):
    """What the cell shall become and why. `cell` is a correction that is not saved yet; a valid form
    writes what was chosen into it."""

    value = forms.ChoiceField(label=_("What shall stand there"))
    kind = forms.ChoiceField(label=_("What the mark is for"))
    code = forms.ChoiceField(label=_("At the lesson"))
    minutes = forms.IntegerField(label=_("Minutes late"), min_value=1, max_value=LONGEST_LATE, required=False)
    cause = forms.ChoiceField(
        label=_("Cause"),
        choices=[CHOOSE, *((value, capfirst(label)) for value, label in Correction.Cause.choices)],
        help_text=_("The family sees it beside the correction."),
    )
    reason = Words(label=_("Explanation"), help_text=_("The head teacher decides by it."))

    def __init__(self, *args: Any, cell: Correction, is_filled: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.cell = cell
        if cell.subject == Correction.Subject.ABSENCE:
            self._offer("code", _absence_choices())
            del self.fields["value"], self.fields["kind"]
            return
        del self.fields["code"], self.fields["minutes"]
        self.values = {str(value.pk): value for value in _values(cell)}
        may_go = is_filled and cell.subject == Correction.Subject.MARK
        taken_away = [(NOTHING, _("take the mark away"))] if may_go else []
        self._offer("value", [*((key, str(value)) for key, value in self.values.items()), *taken_away])
        if cell.subject == Correction.Subject.MARK and cell.work is None:
            self.kinds = {str(kind.pk): kind for kind in WorkKind.objects.of(cell.course.organisation_id)}
            self._offer("kind", [(key, kind.local_name) for key, kind in self.kinds.items()])
        else:
            del self.fields["kind"]

    def _offer(self, name: str, choices: list[Any]) -> None:
        field: Any = self.fields[name]
        field.choices = [CHOOSE, *choices]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("minutes") and cleaned.get("code", "late") != "late":
            self.add_error("minutes", _("Minutes, 1 to 90, go with being late only."))
        return cleaned

    def fill(self) -> Correction:
        """The cell with what was chosen."""
        chosen, cell = self.cleaned_data, self.cell
        cell.cause, cell.reason = chosen["cause"], chosen["reason"]
        if "code" in chosen:
            cell.code = "" if chosen["code"] == PRESENT else chosen["code"]
            cell.minutes = chosen["minutes"]
        else:
            cell.value = self.values.get(chosen["value"])
        if "kind" in chosen:
            cell.kind = self.kinds[chosen["kind"]]
        return cell


def _values(cell: Correction) -> list[ScaleValue]:
    """Of the scale of the work, of the lesson's course, or of its results."""
    if cell.work:
        return list(ScaleValue.objects.filter(scale=cell.work.scale_id).order_by("order"))
    if cell.lesson:
        return values_for(cell.lesson)
    return list(ScaleValue.objects.for_course(cell.course_id))


def _absence_choices() -> list[tuple[str, Any]]:
    return [(PRESENT, _("present")), *((str(code), words) for code, words in ABSENCE_WORDS.items())]


class ApprovalForm(forms.Form):
    answer = Words(label=_("Answer"), required=False, help_text=_("The teacher reads it. May stay empty."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "approval_%s"} | kwargs)


class RefusalForm(forms.Form):
    answer = Words(
        label=_("Why not"),
        help_text=_("The teacher reads it."),
        error_messages={"required": _("Say why: the teacher has to know.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "refusal_%s"} | kwargs)
