"""The school day with no more rights in the database than production has."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse

from diary.models import Absence, Homework, Mark
from schools.database import grant_rights
from schools.models import Person, SignIn
from tests import factories as make
from tests.conftest import PASSWORD
from tests.diary.test_lesson_page import Sheet
from tests.schools.test_admin_rows import filled, url
from tests.schools.test_database_roles import ROLE, as_application


@pytest.fixture
def application(cast: Any) -> Iterator[None]:
    grant_rights(ROLE)
    with as_application():
        yield


def signed_in(person: Person) -> Client:
    client = Client()
    fields = {"username": person.account.username, "password": PASSWORD}  # type: ignore[union-attr]
    assert client.post(reverse("accounts:sign-in"), fields).status_code == 302
    return client


def test_a_school_day(cast: Any, as_: Any, application: None) -> None:
    me, mate = cast.student.pk, cast.classmate.pk
    sheet = Sheet(as_(cast.teacher), cast.lesson)
    entries = {f"new_{me}": "4", f"absence_{mate}": "ill", "topic": "Разность квадратов"}
    sheet.fields["homework_text"] = "§ 21"
    assert sheet.send(**entries).status_code == 302
    sheet.open()
    assert sheet.send(**{f"mark_{Mark.objects.get().pk}": "5"}).status_code == 302
    sheet.open()
    assert sheet.send(**{f"mark_{Mark.objects.get().pk}": "", f"absence_{mate}": ""}).status_code == 302
    assert (Mark.objects.count(), Absence.objects.count(), Homework.objects.count()) == (0, 0, 1)
    assert "§ 21" in Homework.objects.get().text


def test_a_student_signs_in_reads_and_signs_out(cast: Any, application: None) -> None:
    client = signed_in(cast.student)
    assert SignIn.objects.filter(person=cast.student).exists()
    assert client.get(reverse("diary:week-now", args=[cast.student.pk])).status_code == 200
    assert client.post(reverse("accounts:sign-out")).status_code == 302


def test_the_office_changes_the_timetable_and_a_file(cast: Any, as_: Any, application: None) -> None:
    free = make.LessonFactory(course=cast.algebra, term=cast.lesson.term, number=5)
    free.move(free.date, make.BellFactory(organisation=cast.school, number=6), by=cast.head_teacher)
    free.substitute(cast.class_teacher, by=cast.head_teacher)
    free.cancel(by=cast.head_teacher)
    client, address = as_(cast.administrator), url(Person, "change", cast.student.pk)
    assert client.post(address, filled(client, address, surname="Соколова-Ель")).status_code == 302
    assert LogEntry.objects.filter(object_id=cast.student.pk).exists()
