"""What a page would cost if it were nothing but its queries and a minimal Jinja2 template."""

import json
from typing import Any

import jinja2
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from diary import marking
from diary.averages import Weighed, weighted_average
from diary.home import family_home
from diary.journal.access import journals_of
from diary.journal.grid import Grid, term_of_day, terms_of
from diary.lesson.page import LessonPage
from diary.models import Mark, SavedEntry, Scale, ScaleValue, WorkKind
from diary.news import rows_of
from diary.subjects.page import SubjectsPage
from diary.subjects.terms import terms_of as child_terms
from diary.week import days_of_student
from schedule.models import Lesson
from schedule.weeks import DAY, monday_of
from schools.family import children_of
from schools.models import Person

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


_cards = _environment.from_string("""<!doctype html><title>floor</title>
{% for subject in subjects %}<h2>{{ subject.name }} {{ subject.average }} {{ subject.others }}</h2>
{% for mark in subject.marks %}<a href="{{ mark.url }}" title="{{ mark.about }}">{{ mark.text }}</a>
{% endfor %}
{% if subject.chart %}<polyline points="{{ subject.chart.own }}">{% endif %}{{ subject.trend }}
{% endfor %}""")
_table = _environment.from_string("""<!doctype html><title>floor</title><table>
{% for row in rows %}<tr><th>{{ row.name }}{% for cell, classes in row.cells %}<td>
{% if cell %}{% for mark in cell.marks %}{{ mark.text }} {% endfor %}{% endif %}
{% endfor %}<td>{{ row.average }}<td>{{ row.suggestion }}{% endfor %}</table>""")


def empty(request: HttpRequest) -> HttpResponse:
    """A signed-in page that asks for nobody's data: it only knows who is there."""
    return HttpResponse(f"<!doctype html><title>floor</title><p>{request.user}</p>")


def home(request: HttpRequest) -> HttpResponse:
    now = timezone.localtime()
    child = children_of(request.user, on=now.date())[0]
    return HttpResponse(
        _days.render(vars(family_home(child, rows_of([child], now=now), [], now=now, since=now)))
    )


def week(request: HttpRequest, student_pk: int) -> HttpResponse:
    now = timezone.localtime()
    child = next(c for c in children_of(request.user, on=now.date()) if c.student.pk == student_pk)
    monday = monday_of(now.date())
    days = days_of_student(child, monday, monday + 6 * DAY, now=now)
    return HttpResponse(_days.render(days=days))


def subjects(request: HttpRequest, student_pk: int) -> HttpResponse:
    now = timezone.localtime()
    child = next(c for c in children_of(request.user, on=now.date()) if c.student.pk == student_pk)
    terms = child_terms(child, on=now.date())
    return HttpResponse(_cards.render(SubjectsPage(child, terms, terms[-1], now=now).context()))


def lesson(request: HttpRequest, pk: int) -> HttpResponse:
    now = timezone.localtime()
    visible: Any = Lesson.objects.visible_to(request.user).for_page(request.user)
    page = LessonPage(visible.get(pk=pk), reader=request.user, now=now)
    return HttpResponse(_roll.render(page.context()))


def grid(request: HttpRequest, pk: int) -> HttpResponse:
    today = timezone.localdate()
    found: Any = journals_of(request.user, today).select_related("organisation__journal_rules").get(pk=pk)
    term = term_of_day(list(terms_of(found)), today)
    return HttpResponse(_table.render(Grid(found, term, user=request.user, today=today).context()))


@csrf_exempt
@transaction.atomic
def entry(request: HttpRequest, pk: int) -> HttpResponse:
    """The lesson locked, the mark given or changed, the average of its student, the key kept."""
    sent = json.loads(request.body)
    found = Lesson.objects.select_for_update().get(pk=sent["lesson"], course=pk)
    value = ScaleValue.objects.get(scale__code=Scale.FIVE_POINT, text=sent["marks"][0]["value"])
    mark = Mark.objects.filter(work__lesson=found, student=sent["student"]).first()
    if mark is None:
        mark = marking.give_mark(
            found, Person(pk=sent["student"]), kind=WorkKind.objects.of(found.organisation_id)[0],
            value=value, comment="", at=timezone.localtime(),
        )  # fmt: skip
    else:
        Mark.objects.filter(pk=mark.pk).update(value=value)
    counted = Mark.objects.filter(work__course=pk, student=sent["student"])
    points = list(counted.values_list("value__points", "work__kind__weight"))
    average = weighted_average(Weighed(*each) for each in points)
    answer = {"cell": {"token": "", "marks": [{"id": mark.pk}]}, "average": str(average)}
    SavedEntry.objects.create(key=sent["key"], person_id=sent["person"], status=200, answer=answer)
    return JsonResponse(answer)


urlpatterns = [
    path("floor/empty/", empty, name="floor-empty"),
    path("floor/home/", home, name="floor-home"),
    path("floor/week/<int:student_pk>/", week, name="floor-week"),
    path("floor/subjects/<int:student_pk>/", subjects, name="floor-subjects"),
    path("floor/grid/<int:pk>/", grid, name="floor-grid"),
    path("floor/entry/<int:pk>/", entry, name="floor-entry"),
    path("floor/lesson/<int:pk>/", lesson, name="floor-lesson"),
]
