"""Choosing the scale of a course."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from diary.models import Scale
from diary.scales import choosing


class ScaleForm(forms.Form):
    scale = forms.ModelChoiceField(
        Scale.objects.order_by("pk").prefetch_related("values"),
        label=gettext_lazy("Scale"),
        empty_label=None,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        scale: Any = self.fields["scale"]
        scale.label_from_instance = _with_values


def _with_values(scale: Scale) -> str:
    """«Пятибалльная: 5, 4, 3…»; of a long one the first and the last."""
    texts = [value.text for value in sorted(scale.values.all(), key=lambda value: value.order)]
    shown = texts if len(texts) <= 12 else [*texts[:2], "…", *texts[-2:]]
    return f"{scale.local_name}: {', '.join(shown)}"


@require_http_methods(["GET", "POST"])
def course_scale(request: HttpRequest, pk: int) -> HttpResponse:
    courses = choosing.courses_headed(request.user, timezone.localdate()).select_related(
        "subject", "school_class", "group"
    )
    course = get_object_or_404(courses, pk=pk)
    has_marks = choosing.has_marks(course)
    form = ScaleForm(
        request.POST if request.method == "POST" else None, initial={"scale": choosing.scale_of(course)}
    )
    if form.is_valid():
        try:
            choosing.choose(course, form.cleaned_data["scale"])
        except choosing.MarksAreGiven:
            raise PermissionDenied from None
        messages.success(request, _("Saved"))
        return redirect("diary:course-scale", pk=pk)
    context = {"course": course, "form": form, "has_marks": has_marks}
    return render(request, "diary/course_scale.html", context, status=422 if form.errors else 200)
