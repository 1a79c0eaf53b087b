"""What is chosen at the first sign-in through ESIA."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.esia.linking import Choices
from accounts.forms import SecretQuestionForm
from accounts.models import answer_hash
from schools.models import Organisation


class InstitutionForm(SecretQuestionForm):
    """Institution, secret question and answer. A question that is set already is not
    asked for: changing it is proved for on the page of security."""

    organisation = forms.ModelChoiceField(
        Organisation.objects.none(),
        label=_("Institution"),
        empty_label=_("Choose"),
        error_messages={"invalid_choice": _("Choose an institution from the list.")},
    )
    field_order = ["organisation"]

    def __init__(
        self, *args: Any, organisations: QuerySet[Organisation], has_question: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        found = list(organisations)
        choice: Any = self.fields["organisation"]
        choice.queryset = organisations
        if not found:  # staff of a territory or of the region belong to none
            del self.fields["organisation"]
        elif len(found) == 1:
            choice.initial = found[0]
        if has_question:
            del self.fields["question"], self.fields["answer"]

    def choices(self) -> Choices:
        organisation = self.cleaned_data.get("organisation")
        answer = self.cleaned_data.get("answer")
        return Choices(
            organisation=organisation and organisation.pk,
            question=self.cleaned_data.get("question", ""),
            answer=answer_hash(answer) if answer else "",
        )
