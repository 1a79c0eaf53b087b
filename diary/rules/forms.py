"""What a head teacher may set about marks."""

from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from diary.models import JournalRules, WorkKind


class RulesForm(forms.ModelForm):
    class Meta:
        model = JournalRules
        fields = (
            "rounds_up_from",
            "fewest_marks",
            "marks_published_at",
            "overdue_points",
            "behaviour",
            "shows_standing",
        )
        widgets = {
            "rounds_up_from": forms.NumberInput(attrs={"step": "0.01"}),
            "marks_published_at": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        }


class WeightsForm(forms.Form):
    """A weight for each kind of work: `weight-<letter>`."""

    def __init__(self, *args: Any, kinds: list[WorkKind], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for kind in kinds:
            self.fields[f"weight-{kind.pk}"] = forms.DecimalField(
                label=f"{kind.code} · {kind.local_name}",
                min_value=0,
                max_value=100,
                max_digits=5,
                decimal_places=2,
                initial=kind.weight.normalize() if kind.weight % 1 else int(kind.weight),
                widget=forms.NumberInput(attrs={"step": "0.01"}),
                localize=False,
            )


class KindForm(forms.ModelForm):
    """A kind of work of the school's own."""

    code = forms.CharField(
        label=_("Letter"),
        max_length=3,
        help_text=_("One to three letters, as it stands in the journal: ПР."),
        validators=[RegexValidator(r"^[^\W\d_]+$", _("Letters only."))],
    )

    class Meta:
        model = WorkKind
        fields = ("code", "name", "weight", "is_test")

    def __init__(self, *args: Any, taken: set[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.taken = taken
        self.fields["weight"].widget.attrs["step"] = "0.01"

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"].strip().upper()
        if code in self.taken:
            raise forms.ValidationError(_("There is a kind with this letter: change its weight above."))
        return code
