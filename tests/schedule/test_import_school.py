"""A workbook makes a school, and the same workbook changes nothing the second time."""

import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.core.management import call_command

from schedule.models import Bell, Lesson, Room, TimetableEntry
from schedule.workbook.changes import Status
from schedule.workbook.importing import Report, import_workbook
from schools.models import (
    ClassTeacher,
    Course,
    Employment,
    Enrolment,
    Group,
    GroupMembership,
    Guardianship,
    Holiday,
    MovedDay,
    Organisation,
    Person,
    SchoolClass,
    TeachingAssignment,
    Term,
)
from tests import factories as make
from tests.schedule import workbooks

pytestmark = pytest.mark.django_db

TODAY = datetime.date(2026, 9, 1)
LATER = datetime.date(2026, 11, 16)


@pytest.fixture(autouse=True)
def _region() -> None:
    make.MunicipalityFactory(name="Кинель", kind="городской округ")


@pytest.fixture
def load(tmp_path) -> Any:
    def load(book: Any, today: datetime.date = TODAY, **options: Any) -> Report:
        return import_workbook(workbooks.save(book, tmp_path / "school.xlsx"), today=today, **options)

    return load


def test_a_workbook_makes_a_school(load):
    report = load(workbooks.small())
    assert report.is_new
    assert not report.warnings
    school = Organisation.objects.get()
    assert (school.code, school.short_name, school.locality.name) == (workbooks.CODE, "Школа № 1", "Кинель")
    counts = {
        model: model.objects.count()
        for model in (Term, Holiday, MovedDay, SchoolClass, Person, Enrolment, Guardianship, Employment)
    }
    assert list(counts.values()) == [2, 1, 1, 2, 8, 3, 2, 3]
    assert [Group.objects.count(), GroupMembership.objects.count(), Course.objects.count()] == [2, 2, 4]
    assert [TeachingAssignment.objects.count(), ClassTeacher.objects.count()] == [5, 2]
    assert [Bell.objects.count(), Room.objects.count(), TimetableEntry.objects.count()] == [2, 2, 6]


def test_what_it_makes_is_what_the_rows_say(load):
    load(workbooks.small())
    student = Person.objects.get(surname="Ёлкин", first_name="Артём")
    assert (student.patronymic, student.birth_date) == ("", datetime.date(2014, 11, 17))
    assert student.enrolments.get().school_class.label == "5\u00a0«Б»"
    assert student.enrolments.get().since == datetime.date(2026, 9, 1)
    assert student.guardians.get().guardian.snils == workbooks.snils(334455667).replace("-", "").replace(
        " ", ""
    )
    group = Group.objects.get(name="5Б англ 2")
    assert [str(row) for row in group.classes.all()] == ["5\u00a0«Б»"]
    history = Course.objects.get(subject__name="История")
    assert history.hours_per_week == Decimal("1.5")
    odd = TimetableEntry.objects.get(course=history, number=2)
    assert (odd.teacher.surname, odd.first_week, odd.last_week) == ("Зимина", 1, 1)


def test_the_lessons_of_the_current_term_are_published(load):
    report = load(workbooks.small())
    assert report.published is not None
    assert report.published.created == Lesson.objects.count() > 40
    assert Lesson.objects.latest("date").date <= datetime.date(2026, 10, 25)
    assert load(workbooks.small(), today=LATER).published.created > 40
    saturday = Lesson.objects.filter(date=datetime.date(2026, 11, 7))
    assert [lesson.course.subject.name for lesson in saturday] == ["Математика"]


def test_the_same_file_again_changes_nothing(load):
    load(workbooks.small())
    before = list(Person.objects.order_by("pk").values_list("pk", "surname", "snils_hash"))
    report = load(workbooks.small())
    assert not report.changed_anything
    assert {status for counts in report.lines.values() for status in counts} == {Status.UNCHANGED}
    assert (report.published.created, report.published.updated, report.published.removed) == (0, 0, 0)
    assert list(Person.objects.order_by("pk").values_list("pk", "surname", "snils_hash")) == before
    assert not load(workbooks.small(), today=LATER).changed_anything


def test_checking_tells_what_would_change_and_changes_nothing(load):
    report = load(workbooks.small(), check=True)
    assert report.changed_anything
    assert report.lines["Ученики"] == {Status.NEW: 3}
    assert report.published.created > 40
    assert not Organisation.objects.exists()
    assert not Person.objects.exists()
    assert not Lesson.objects.exists()


@pytest.mark.parametrize("save", [workbooks.save_like_excel, workbooks.save_like_libreoffice])
def test_what_excel_and_libreoffice_write_is_read(tmp_path, save):
    path = save(workbooks.small(), tmp_path / "book.xlsx")
    report = import_workbook(path, today=TODAY)
    assert not report.warnings
    assert not import_workbook(workbooks.save(workbooks.small(), path), today=TODAY).changed_anything


def test_absent_sheets_and_rows_stay_as_they_are(load):
    load(workbooks.small())
    load({"school": [workbooks.school(short_name="Первая школа")]})
    assert Organisation.objects.get().short_name == "Первая школа"
    assert Enrolment.objects.filter(until=None).count() == 3
    book = workbooks.small()
    part = {name: book[name] for name in ("school", "students")}
    part["students"] = [workbooks.person("Новиков Егор", "02.02.2014", label="5-б")]
    report = load(part, today=LATER)
    assert report.lines["Ученики"] == {Status.NEW: 1}
    assert Enrolment.objects.get(student__surname="Новиков").since == LATER


def test_a_changed_class_ends_one_enrolment_and_begins_another(load):
    load(workbooks.small())
    book = workbooks.small()
    book["students"][1] |= {"label": "6А", "groups": None}
    report = load(book, today=LATER)
    assert report.lines["Ученики"] == {Status.UNCHANGED: 2, Status.CHANGED: 1}
    first, second = Enrolment.objects.filter(student__first_name="Артём").order_by("since")
    assert (first.until, second.since) == (datetime.date(2026, 11, 15), LATER)
    assert (first.school_class.label, second.school_class.label) == ("5\u00a0«Б»", "6\u00a0«А»")
    assert not load(book, today=LATER).changed_anything


def test_the_day_of_coming_to_the_school_is_not_the_day_of_a_move(load):
    book = workbooks.small()
    book["students"][1]["since"] = "01.09.2020"
    assert not load(book).warnings
    assert Enrolment.objects.get(student__first_name="Артём").since == TODAY
    book["students"][1] |= {"label": "6А", "groups": None}
    load(book, today=LATER)
    spans = (
        Enrolment.objects.filter(student__first_name="Артём").order_by("since").values_list("since", "until")
    )
    assert list(spans) == [(TODAY, datetime.date(2026, 11, 15)), (LATER, None)]


def test_a_new_year_begins_new_classes(load):
    load(workbooks.small())
    book = workbooks.small()
    book["school"][0]["year"] = "2027/2028"
    book["calendar"] = [{"what": "четверть", "number": 1, "since": "01.09.2027", "until": "24.10.2027"}]
    book["classes"] = [{"label": "6Б"}, {"label": "7А"}]
    for row in (*book["students"], *book["courses"], *book["timetable"]):
        for name in ("label", "audience", "groups"):
            if name in row:
                row[name] = row[name].replace("6", "7").replace("5", "6")
    report = load(book, today=datetime.date(2027, 8, 25))
    assert report.lines["Ученики"] == {Status.CHANGED: 3}
    assert set(Enrolment.objects.values_list("since", "until")) == {
        (TODAY, datetime.date(2027, 8, 31)),
        (datetime.date(2027, 9, 1), None),
    }
    assert report.published.created > 40
    assert not load(book, today=datetime.date(2027, 8, 26)).changed_anything


def test_a_changed_teacher_ends_one_assignment_and_begins_another(load):
    load(workbooks.small())
    book = workbooks.small()
    book["courses"][0]["teachers"] = "Зимина О. И."
    book["classes"][0]["teacher"] = "Зимина О. И."
    book["timetable"] = book["timetable"][:2]
    load(book, today=LATER)
    course = Course.objects.get(subject__name="Математика")
    spans = course.assignments.order_by("since").values_list("teacher__surname", "since", "until")
    assert list(spans) == [
        ("Кузнецова", TODAY, datetime.date(2026, 11, 15)),
        ("Зимина", LATER, None),
    ]
    assert [tie.until for tie in ClassTeacher.objects.filter(school_class__letter="Б").order_by("since")] == [
        datetime.date(2026, 11, 15),
        None,
    ]
    assert not Lesson.objects.filter(course=course, date__gte=LATER, teacher__surname="Кузнецова").exists()
    assert not load(book, today=LATER).changed_anything


def test_the_timetable_of_a_class_is_replaced_as_a_whole(load):
    load(workbooks.small())
    load(workbooks.small(), today=LATER)
    book = workbooks.small()
    book["timetable"] = [book["timetable"][0], {**book["timetable"][1], "weekday": "четверг"}]
    report = load(book, today=LATER)
    assert report.ended["Расписание"] == 1
    mathematics = Lesson.objects.filter(course__subject__name="Математика", date__gte=LATER)
    assert {lesson.date.isoweekday() for lesson in mathematics} == {1, 4}
    assert {lesson.date.isoweekday() for lesson in Lesson.objects.filter(date__gte=LATER)} == {1, 3, 4, 5}
    assert not load(book, today=LATER).changed_anything


def test_terms_may_be_shifted_past_each_other(load):
    load(workbooks.small())
    book = workbooks.small()
    book["calendar"][0]["until"] = "08.11.2026"
    book["calendar"][1] |= {"since": "09.11.2026", "until": "15.11.2026"}
    book["calendar"][2]["since"] = "16.11.2026"
    load(book)
    assert Term.objects.get(number=1).until == datetime.date(2026, 11, 8)
    assert Holiday.objects.get().since == datetime.date(2026, 11, 9)


def test_a_list_without_the_dots_of_yo_means_the_same_people(load):
    load(workbooks.small())
    book = workbooks.small()
    book["students"][1] |= {"surname": "ЕЛКИН", "first_name": "Артем"}
    book["students"][2] |= {"surname": "Петрова – Водкина", "snils": None}
    book["students"][1]["surname"] = "Елкин"
    assert not load(book).changed_anything
    assert Person.objects.filter(surname="Ёлкин", first_name="Артём").exists()


def test_a_snils_that_comes_later_joins_the_file(load):
    load(workbooks.small())
    book = workbooks.small()
    book["students"][1]["snils"] = workbooks.snils(667788990)
    assert load(book).lines["Ученики"][Status.CHANGED] == 1
    assert not load(book).changed_anything
    book["students"][1]["surname"] = "Ёлкин-Ель"
    book["guardians"][1]["child_name"] = "Ёлкин-Ель Артём"
    load(book)
    assert Person.objects.get(first_name="Артём").surname == "Ёлкин-Ель"


def test_the_command_tells_what_it_did(load, tmp_path, capsys):
    path = workbooks.save(workbooks.small(), tmp_path / "book.xlsx")
    call_command("import_school", path, "--check")
    assert not Organisation.objects.exists()
    call_command("import_school", path)
    assert "Школа № 1" in capsys.readouterr().out
    call_command("import_school", "--template", tmp_path / "empty.xlsx")
    assert (tmp_path / "empty.xlsx").stat().st_size > 5000


def test_the_number_of_statements_does_not_grow_with_the_rows(load, django_assert_max_num_queries):
    book = workbooks.small()
    for number in range(40):
        book["students"].append(workbooks.person(f"Иванов{'а' * number} Пётр", "01.01.2014", label="5Б"))
        book["guardians"].append(
            workbooks.person(
                f"Иванов{'а' * number} Олег",
                "01.01.1980",
                kind="отец",
                child_name=f"Иванов{'а' * number} Пётр",
            )
        )
    with django_assert_max_num_queries(70):
        load(book)
