"""One topic of a programme: added, changed, moved, taken away."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from diary.models import Topic
from diary.programme import contents
from diary.programme.forms import BeginForm, TopicForm
from diary.programme.views import changed_meanwhile, own_course


@require_http_methods(["GET", "POST"])
def topic_new(request: HttpRequest, course_pk: int) -> HttpResponse:
    course = own_course(request, course_pk)
    last = course.topics.order_by("order").last()
    initial = {
        "section": last.section if last else "",
        "hours": 1,
        "shown_version": contents.version_of(course),
    }
    form = TopicForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        shown, place = form.cleaned_data["shown_version"] or 0, form.cleaned_data["place"]
        today = timezone.localdate()
        try:
            was_approved = contents.is_approved(course)
            topic = contents.add_topic(course, form.words, place=place, shown_version=shown, on=today)
        except contents.TooManyTopics:
            form.add_error(None, _("The programme is full: take a topic away first."))
        else:
            messages.success(request, _("The topic is added."))
            if was_approved:
                messages.warning(request, _("The programme was changed: send it for approval again."))
            return redirect(f"{reverse('diary:programme', args=[course_pk])}#topic-{topic.pk}")
    return _render(request, course, form)


@require_http_methods(["GET", "POST"])
def topic(request: HttpRequest, course_pk: int, pk: int) -> HttpResponse:
    course = own_course(request, course_pk)
    found = _topic(course, pk)
    initial = {"place": found.order, "shown_version": found.version}
    form = TopicForm(request.POST if request.method == "POST" else None, instance=found, initial=initial)
    if form.is_valid():
        shown, place = form.cleaned_data["shown_version"] or 0, form.cleaned_data["place"] or found.order
        today = timezone.localdate()
        try:
            contents.change_topic(found, form.words, place=place, shown_version=shown, on=today)
        except contents.ChangedMeanwhile:
            return changed_meanwhile(request, course_pk)
        messages.success(request, _("Saved"))
        return redirect(f"{reverse('diary:programme', args=[course_pk])}#topic-{pk}")
    return _render(request, course, form, topic=found, is_taught=found.lessons.exists())


@require_POST
def topic_place(request: HttpRequest, course_pk: int, pk: int) -> HttpResponse:
    """Up, down, or to any place."""
    course = own_course(request, course_pk)
    found = _topic(course, pk)
    form = BeginForm({"place": request.POST.get(f"place-{pk}")})
    if form.is_valid():
        contents.place_topic(found, form.cleaned_data["place"], on=timezone.localdate())
    return redirect(f"{reverse('diary:programme', args=[course_pk])}?order#topic-{pk}")


@require_POST
def topic_deletion(request: HttpRequest, course_pk: int, pk: int) -> HttpResponse:
    course = own_course(request, course_pk)
    try:
        contents.delete_topic(_topic(course, pk), on=timezone.localdate())
    except contents.AlreadyTaught:
        messages.warning(request, _("Lessons took this topic: it stays in the programme."))
    else:
        messages.success(request, _("The topic is taken away."))
    return redirect("diary:programme", course_pk=course_pk)


def _topic(course: Any, pk: int) -> Topic:
    found = get_object_or_404(Topic, course=course, pk=pk)
    found.course = course
    return found


def _render(request: HttpRequest, course: Any, form: TopicForm, **more: Any) -> HttpResponse:
    context = {"form": form, "course": course, **more}
    return render(request, "diary/topic.html", context, status=422 if form.is_bound else 200)
