"""What is chosen at the first sign-in through ESIA."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.esia.linking import Choices
from accounts.forms import SecretQuestionForm
from accounts.models import SecretQuestion, answer_hash
from schools.models import Organisation


class InstitutionForm(SecretQuestionForm):
    """Institution, secret question and answer. An answer left empty keeps the question that is set."""

    organisation = forms.ModelChoiceField(
        Organisation.objects.none(),
        label=_("Institution"),
        empty_label=_("Choose"),
        error_messages={"invalid_choice": _("Choose an institution from the list.")},
    )
    field_order = ["organisation"]

    def __init__(
        self, *args: Any, organisations: QuerySet[Organisation], kept: SecretQuestion | None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.kept = kept
        found = list(organisations)
        choice: Any = self.fields["organisation"]
        choice.queryset = organisations
        if not found:  # staff of a territory or of the region belong to none
            del self.fields["organisation"]
        elif len(found) == 1:
            choice.initial = found[0]
        if kept:
            self.fields["question"].initial = kept.question
            self.fields["answer"].required = False
            self.fields["answer"].help_text = _("Leave it empty to keep the answer you gave before.")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        is_changed = self.kept and cleaned.get("question") != self.kept.question
        if is_changed and not cleaned.get("answer") and "answer" not in self.errors:
            self.add_error("answer", _("A new question needs an answer."))
        return cleaned

    def choices(self) -> Choices:
        organisation = self.cleaned_data.get("organisation")
        answer = self.cleaned_data["answer"]
        return Choices(
            organisation=organisation and organisation.pk,
            question=self.cleaned_data["question"],
            answer=answer and answer_hash(answer),
        )
