"""Every bad place of a workbook is named at once, and a bad workbook changes nothing."""

import datetime
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from schedule.models import Lesson
from schedule.workbook.importing import import_workbook
from schedule.workbook.problems import Problem, Rejected
from schools.models import Organisation, Person, Term, TermClosure
from tests import factories as make
from tests.schedule import workbooks

pytestmark = pytest.mark.django_db

TODAY = datetime.date(2026, 9, 1)


@pytest.fixture(autouse=True)
def _region() -> None:
    make.MunicipalityFactory(name="Кинель", kind="городской округ")


@pytest.fixture
def problems(tmp_path) -> Any:
    """What is wrong with a workbook: (sheet, row, column letter), errors and warnings."""

    def problems(book: Any) -> list[Problem]:
        path = workbooks.save(book, tmp_path / "school.xlsx")
        try:
            return import_workbook(path, today=TODAY, check=True).warnings
        except Rejected as rejected:
            return rejected.problems

    return problems


def places(found: list[Problem]) -> list[tuple[str, int | None, str]]:
    return [(problem.sheet, problem.row, problem.column.split(" ")[0]) for problem in found]


def test_ten_mistakes_are_named_at_once(problems, tmp_path):
    book = workbooks.small()
    book["school"][0]["municipality"] = "Нарния"
    book["calendar"][0]["until"] = "31.02.2026"
    book["classes"][0]["teacher"] = "Незнакомова Ия Львовна"
    book["students"][0]["snils"] = "112-233-445 96"
    book["students"][1]["label"] = "9Я"
    book["students"].append(dict(book["students"][2]))
    book["guardians"][1]["kind"] = "сосед"
    book["courses"][3]["subject"] = "Алхимия"
    book["bells"][1]["starts"] = "полдень"
    book["timetable"][1]["room"] = "911"
    found = problems(book)
    assert set(places(found)) == {
        ("Школа", 2, "E"),
        ("Четверти и каникулы", 2, "E"),
        ("Классы", 2, "C"),
        ("Ученики", 2, "F"),
        ("Ученики", 3, "G"),
        ("Ученики", 5, "A"),
        ("Родители", 3, "G"),
        ("Курсы", 5, "A"),
        ("Звонки", 3, "B"),
        ("Расписание", 3, "F"),
    }
    by_place = dict(zip(places(found), found, strict=True))
    assert by_place["Ученики", 3, "G"].value == "9Я"
    assert "Классы" in by_place["Ученики", 3, "G"].expected


def test_a_bad_workbook_changes_nothing(tmp_path, capsys):
    book = workbooks.small()
    book["timetable"][-1]["number"] = 9
    path = workbooks.save(book, tmp_path / "school.xlsx")
    with pytest.raises(CommandError):
        call_command("import_school", path)
    assert "Расписание" in capsys.readouterr().err
    assert not Organisation.objects.exists()
    assert not Person.objects.exists()


def test_a_failure_at_the_end_takes_everything_back(tmp_path, monkeypatch):
    path = workbooks.save(workbooks.small(), tmp_path / "school.xlsx")
    monkeypatch.setattr("schedule.workbook.importing.publish", lambda *args, **kwargs: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        import_workbook(path, today=TODAY)
    assert not Organisation.objects.exists()
    assert not Lesson.objects.exists()


def _second_shift(book: Any) -> None:
    """6А learns in the afternoon: its first lesson begins within lesson 2 of the morning."""
    book["classes"][1]["shift"] = 2
    book["bells"] += [
        {"number": 1, "shift": 2, "starts": "09:20", "ends": "10:00"},
        {"number": 2, "shift": 2, "starts": "10:10", "ends": "10:50"},
    ]
    book["timetable"][4]["weekday"] = "ср"


# What is done to the small school, and the places that are then named.
CROSS_CHECKS: dict[str, tuple[Any, list[tuple[str, int | None, str]]]] = {
    "terms overlap": (
        lambda book: book["calendar"][2].update(since="20.10.2026"),
        [("Четверти и каникулы", 4, "D")],
    ),
    "a term outside the year": (
        lambda book: book["calendar"][2].update(since="01.09.2027", until="30.09.2027"),
        [("Четверти и каникулы", 4, "D"), ("Четверти и каникулы", 4, "E")],
    ),
    "a term without its last day": (
        lambda book: book["calendar"][0].update(until=None),
        [("Четверти и каникулы", 2, "E")],
    ),
    "the last day before the first": (
        lambda book: book["calendar"][1].update(until="25.10.2026"),
        [("Четверти и каникулы", 3, "E")],
    ),
    "grades the wrong way round": (
        lambda book: book["calendar"][1].update(first_grade=9, last_grade=5),
        [("Четверти и каникулы", 3, "G")],
    ),
    "a moved day without its weekday": (
        lambda book: book["calendar"][3].update(as_weekday=None),
        [("Четверти и каникулы", 5, "H")],
    ),
    "a class twice": (lambda book: book["classes"].append({"label": "5 «б»"}), [("Классы", 4, "A")]),
    "a student without a birth date": (
        lambda book: book["students"][2].update(birth_date=None),
        [("Ученики", 4, "D")],
    ),
    "a teacher with neither birth date nor SNILS": (
        lambda book: book["teachers"][0].update(birth_date=None),
        [("Учителя", 2, "D")],
    ),
    "one SNILS, two people": (
        lambda book: book["teachers"][0].update(snils=book["teachers"][1]["snils"]),
        [("Учителя", 3, "F")],
    ),
    "one parent with two birth dates": (
        lambda book: book["guardians"].append(
            workbooks.person(
                "Ёлкин Илья Иванович",
                "",
                kind="отец",
                snils=book["guardians"][1]["snils"],
                child_snils=workbooks.snils(112233445),
            )
        ),
        [("Родители", 4, "C")],
    ),
    "an unknown child": (
        lambda book: book["guardians"][1].update(child_name="Ёлкин Антон"),
        [("Родители", 3, "I")],
    ),
    "no child at all": (
        lambda book: book["guardians"][1].update(child_name=None),
        [("Родители", 3, "I")],
    ),
    "a parent of themselves": (
        lambda book: book["guardians"].append(
            workbooks.person("Ёлкин Артём", "17.11.2014", kind="отец", child_name="Ёлкин Артём")
        ),
        [("Родители", 4, "A")],
    ),
    "the same parent of the same child": (
        lambda book: book["guardians"].append(dict(book["guardians"][1])),
        [("Родители", 4, "A")],
    ),
    "a misspelt group": (
        lambda book: book["students"][0].update(groups="5Б англ 1; 5Б агнл 2"),
        [("Ученики", 2, "H")],
    ),
    "a group of another class": (
        lambda book: book["students"][2].update(groups="5Б англ 1"),
        [("Ученики", 4, "H")],
    ),
    "enrolled after the year": (
        lambda book: book["students"][0].update(since="01.09.2027"),
        [("Ученики", 2, "I")],
    ),
    "a course twice": (
        lambda book: book["courses"].append(dict(book["courses"][0])),
        [("Курсы", 6, "A")],
    ),
    "a course of an unknown group": (
        lambda book: book["courses"].append({"subject": "История", "audience": "5Б хор", "hours": 1}),
        [("Курсы", 6, "B")],
    ),
    "bells that overlap": (lambda book: book["bells"][1].update(starts="08:30"), [("Звонки", 3, "B")]),
    "a weekday's own bell over that of every day": (
        lambda book: book["bells"].append(
            {"number": 1, "weekday": "пятница", "starts": "08:20", "ends": "09:00"}
        ),
        [("Звонки", 4, "C")],
    ),
    "a teacher in two shifts at one time": (lambda book: _second_shift(book), [("Расписание", 6, "E")]),
    "a lesson that does not ring": (
        lambda book: book["timetable"][0].update(number=3),
        [("Расписание", 2, "B")],
    ),
    "a teacher in two places": (
        lambda book: book["timetable"][4].update(weekday="ср", number=2),
        [("Расписание", 6, "E")],
    ),
    "a room taken twice": (
        lambda book: book["timetable"][4].update(weekday="понедельник"),
        [("Расписание", 6, "F")],
    ),
    "a class and its own group at once": (
        lambda book: book["timetable"][1].update(weekday="ср", number=2),
        [("Расписание", 4, "C"), ("Расписание", 5, "C")],
    ),
    "the same lesson twice": (
        lambda book: book["timetable"].append(dict(book["timetable"][0])),
        [("Расписание", 8, "D"), ("Курсы", 2, "D")],
    ),
    "which of two teachers": (
        lambda book: book["timetable"][4].update(teacher=None),
        [("Расписание", 6, "E")],
    ),
    "a teacher of another course": (
        lambda book: book["timetable"][0].update(teacher="Зимина О. И."),
        [("Расписание", 2, "E")],
    ),
    "hours unlike the timetable": (
        lambda book: book["courses"][0].update(hours=5),
        [("Курсы", 2, "D")],
    ),
    "a sheet nobody reads": (lambda book: book.update({"Меню": [{}]}), [("Меню", None, "")]),
}


@pytest.mark.parametrize("case", CROSS_CHECKS)
def test_rows_have_to_fit_each_other(problems, case):
    spoil, expected = CROSS_CHECKS[case]
    book = workbooks.small()
    spoil(book)
    assert places(problems(book)) == expected


def test_an_unknown_teacher_does_not_hide_what_else_is_wrong_with_the_lessons(problems):
    book = workbooks.small()
    book["courses"][0]["teachers"] = "Незнакомова Ия Львовна"
    book["courses"].append({"subject": "Алхимия", "audience": "5Б", "teachers": "Никто Н. Н.", "hours": 1})
    book["timetable"][0]["number"] = 9
    book["timetable"][1].update(weekday="пятница")
    assert set(places(problems(book))) == {
        ("Курсы", 2, "C"),
        ("Курсы", 6, "A"),
        ("Курсы", 6, "C"),
        ("Расписание", 2, "B"),
        ("Расписание", 6, "F"),
    }


def test_a_latin_letter_in_a_groups_name_makes_no_other_group(problems):
    book = workbooks.small()
    book["courses"][1]["audience"] = "5Б aнгл 1"
    book["timetable"][2]["audience"] = "5Б АНГЛ 1"
    book["students"][2]["groups"] = "-"
    assert problems(book) == []


# One slip, and the only place that is named: who names the thing elsewhere is not to blame.
ONE_SLIP: dict[str, tuple[tuple[str, int, str, str], tuple[str, int, str]]] = {
    "a class": (("classes", 0, "label", "5-"), ("Классы", 2, "A")),
    "a subject": (("subjects", 0, "name", "М" * 101), ("Предметы", 2, "A")),
    "a room": (("rooms", 0, "name", "2" * 51), ("Кабинеты", 2, "A")),
    "a course's subject": (("courses", 0, "subject", "Матиматика"), ("Курсы", 2, "A")),
    "a course's class": (("courses", 3, "audience", "6Ы"), ("Курсы", 5, "B")),
    "a student's name": (("students", 1, "first_name", "Apтём"), ("Ученики", 3, "B")),
    "a student's SNILS": (("students", 0, "snils", "112-233-445 96"), ("Ученики", 2, "F")),
    "a student's birth date": (("students", 1, "birth_date", "осень"), ("Ученики", 3, "D")),
    "a teacher's name": (("teachers", 0, "surname", "Кузнецова1"), ("Учителя", 2, "A")),
    "groups": (("students", 0, "groups", "х" * 101), ("Ученики", 2, "H")),
}


@pytest.mark.parametrize("slip", ONE_SLIP)
def test_one_slip_is_named_once(problems, slip):
    (sheet, row, name, value), place = ONE_SLIP[slip]
    book = workbooks.small()
    book[sheet][row][name] = value
    assert places(problems(book)) == [place]


def test_a_room_for_several_classes_is_not_taken(problems):
    book = workbooks.small()
    for row in (0, 4):
        book["timetable"][row].update(weekday="понедельник", number=1, room="Спортзал")
    assert problems(book) == []


def test_odd_and_even_weeks_do_not_meet(problems):
    book = workbooks.small()
    book["timetable"][5].update(weekday="ср", number=2, weeks="чётные")
    book["timetable"][2].update(weeks="нечётные")
    assert [problem.is_warning for problem in problems(book)] == [True]  # English has half an hour less


def test_two_teachers_with_the_same_initials_need_a_snils(problems):
    book = workbooks.small()
    book["teachers"].append(workbooks.person("Орлова Софья Павловна", "01.01.1990"))
    book["teachers"].append(workbooks.person("Орлов Семён Петрович", "01.01.1990"))
    assert ("Классы", 3, "C") in places(problems(book))
    assert ("Классы", 2, "C") not in places(problems(book))


def test_a_missing_column_or_sheet_of_the_school_is_named(problems):
    book = workbooks.small()
    assert places(problems({"subjects": book["subjects"]}))[0] == ("Школа", None, "")


def test_an_unreadable_school_does_not_make_its_own_people_outsiders(problems, tmp_path):
    import_workbook(workbooks.save(workbooks.small(), tmp_path / "a.xlsx"), today=TODAY)
    book = workbooks.small()
    book["school"][0].update(code="105638", year="2026/2028")
    assert places(problems(book)) == [("Школа", 2, "A"), ("Школа", 2, "G")]


def test_the_dates_of_a_closed_term_stay(problems, tmp_path):
    import_workbook(workbooks.save(workbooks.small(), tmp_path / "a.xlsx"), today=TODAY)
    TermClosure.objects.create(
        term=Term.objects.get(number=1), at=datetime.datetime.now(datetime.UTC), by=make.PersonFactory()
    )
    book = workbooks.small()
    book["calendar"][0]["until"] = "24.10.2026"
    assert places(problems(book)) == [("Четверти и каникулы", 2, "D")]


def test_a_class_does_not_change_its_shift_without_its_lessons(problems, tmp_path):
    import_workbook(workbooks.save(workbooks.small(), tmp_path / "a.xlsx"), today=TODAY)
    book = workbooks.small()
    book["classes"][1]["shift"] = 2
    part = {name: book[name] for name in ("school", "classes")}
    assert places(problems(part)) == [("Классы", 3, "B")]


def test_the_timetable_must_leave_room_for_other_classes_lessons(problems, tmp_path):
    import_workbook(workbooks.save(workbooks.small(), tmp_path / "a.xlsx"), today=TODAY)
    book = workbooks.small()
    book["timetable"] = [{**book["timetable"][4], "weekday": "понедельник"}]
    assert ("Расписание", 2, "F") in places(problems(book))
