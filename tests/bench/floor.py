"""What a page would cost if it were nothing but its queries and a minimal Jinja2 template."""

from typing import Any

import jinja2
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils import timezone

from diary.home import family_home
from diary.lesson.page import LessonPage
from diary.week import days_of_student
from schedule.models import Lesson
from schedule.weeks import DAY, monday_of
from schools.family import children_of

_environment = jinja2.Environment(autoescape=True)
_days = _environment.from_string("""<!doctype html><title>floor</title>
{% for day in days %}<h2>{{ day.title }}</h2>{% for lesson in day.lessons %}
<p>{{ lesson.number }} {{ lesson.time }} {{ lesson.subject }} {{ lesson.room }} {{ lesson.teacher }}
{% for work in lesson.homework %}{{ work.text }}{% endfor %}
{% for mark in lesson.marks %}{{ mark.text }} {{ mark.kind }}{% endfor %}</p>
{% endfor %}{% endfor %}""")
_roll = _environment.from_string("""<!doctype html><title>floor</title>
{% for row in rows %}<p>{{ row.number }} {{ row.name }}
{% for choice in absence_choices %}<input type=radio name="{{ row.absence_name }}"
value="{{ choice.value }}" {{ "checked" if choice.value == row.absence_code }}>{{ choice.letter }}{% endfor %}
{% for mark in row.marks %}<input name="{{ mark.name }}" value="{{ mark.value }}">{% endfor %}
<input name="{{ row.new_mark.name }}">
<input name="{{ row.new_mark.comment_name }}" value="{{ row.new_mark.comment }}"></p>
{% endfor %}""")


def empty(request: HttpRequest) -> HttpResponse:
    """A signed-in page that asks for nobody's data: it only knows who is there."""
    return HttpResponse(f"<!doctype html><title>floor</title><p>{request.user}</p>")


def home(request: HttpRequest) -> HttpResponse:
    now = timezone.localtime()
    child = children_of(request.user, on=now.date())[0]
    return HttpResponse(_days.render(vars(family_home(child, now=now))))


def week(request: HttpRequest, student_pk: int) -> HttpResponse:
    now = timezone.localtime()
    child = next(c for c in children_of(request.user, on=now.date()) if c.student.pk == student_pk)
    monday = monday_of(now.date())
    days = days_of_student(child, monday, monday + 6 * DAY, now=now)
    return HttpResponse(_days.render(days=days))


def lesson(request: HttpRequest, pk: int) -> HttpResponse:
    now = timezone.localtime()
    visible: Any = Lesson.objects.visible_to(request.user).for_page(request.user)
    page = LessonPage(visible.get(pk=pk), reader=request.user, now=now)
    return HttpResponse(_roll.render(page.context()))


urlpatterns = [
    path("floor/empty/", empty, name="floor-empty"),
    path("floor/home/", home, name="floor-home"),
    path("floor/week/<int:student_pk>/", week, name="floor-week"),
    path("floor/lesson/<int:pk>/", lesson, name="floor-lesson"),
]
