"""The grid saves a cell at a time: docs/journal-entries.md."""

import datetime
import json
import uuid
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from diary.models import Absence, JournalRules, Mark, Point, SavedEntry, Work, WorkKind
from schools.models import TermClosure, YearClosure
from tests import factories as make
from tests.conftest import NOW
from tests.queries import statements


class Cell:
    """A cell of the grid as somebody's browser has it: what it shows, and how its entries go out."""

    def __init__(self, client: Any, lesson: Any, student: Any, person: Any) -> None:
        self.client, self.lesson, self.student, self.person = client, lesson, student, person
        self.address = reverse("diary:journal-entries", args=[lesson.course.pk])
        self.open()

    def open(self) -> None:
        page = self.client.get(reverse("diary:journal", args=[self.lesson.course.pk]))
        self.shown, self.marks, self.absence, self.point = "", [], {"code": "", "minutes": None}, None
        if page.status_code != 200:
            return
        cells = json.loads(page.context["grid"]["data"])["cells"]
        packed = cells.get(str(self.lesson.pk), {}).get(str(self.student.pk), [""])
        self.shown, marks, absence, point = ([*packed, [], 0, 0])[:4] if len(packed) < 4 else packed
        keys = ("id", "value", "kind", "comment")
        self.marks = [dict(zip(keys, mark, strict=False)) for mark in marks or []]
        if absence:
            self.absence = {"code": absence[0], "minutes": ([*absence, None])[1]}
        if point:
            self.point = {"due_on": point[0], "kind": point[1]}

    def entry(self, **changed: Any) -> dict[str, Any]:
        return {
            "key": str(uuid.uuid4()),
            "person": self.person.pk,
            "lesson": self.lesson.pk,
            "student": self.student.pk,
            "shown": self.shown,
            "marks": self.marks,
            "absence": self.absence,
            "point": self.point,
            **changed,
        }

    def send(self, entry: dict[str, Any] | None = None, **changed: Any) -> Any:
        body = entry or self.entry(**changed)
        response = self.client.post(self.address, json.dumps(body), content_type="application/json")
        if response.status_code == 200:
            self.read(response.json()["cell"])
        return response

    def read(self, cell: dict[str, Any]) -> None:
        self.shown, self.point = cell["token"], cell["point"]
        keys = ("id", "value", "kind", "comment")
        self.marks = [{key: mark[key] for key in keys} for mark in cell["marks"]]
        self.absence = {key: cell["absence"][key] for key in ("code", "minutes")}


def new(value: str, **more: Any) -> dict[str, Any]:
    return {"id": None, "value": value, "kind": None, "comment": "", **more}


@pytest.fixture
def cell(cast: Any, as_: Any) -> Cell:
    return Cell(as_(cast.teacher), cast.lesson, cast.student, cast.teacher)


def test_a_digit_makes_a_mark_and_its_work(cell: Cell, cast: Any) -> None:
    answer = cell.send(marks=[new("5")])
    assert (answer.status_code, answer.json()["state"]) == (200, "saved")
    mark = Mark.objects.get(student=cast.student)
    assert (mark.value.text, mark.work.kind.code, mark.work.lesson) == ("5", "О", cast.lesson)
    assert (answer.json()["average"], answer.json()["suggestion"]) == ("5,00", "н/а")
    assert answer.json()["cell"]["marks"][0]["id"] == mark.pk


def test_the_answer_shows_the_cell_as_the_page_will(cell: Cell) -> None:
    cell.send(marks=[new("5", comment="решила у доски"), new("4")], absence={"code": "late", "minutes": 7})
    told = (cell.shown, cell.marks, cell.absence)
    cell.open()
    assert cell.shown == told[0]
    assert cell.absence == told[2]
    assert [mark["value"] for mark in cell.marks] == ["5", "4"]


def test_a_digit_on_a_filled_cell_replaces(cell: Cell) -> None:
    cell.send(marks=[new("3")])
    cell.send(marks=[{**cell.marks[0], "value": "4"}])
    mark = Mark.objects.get()
    assert (mark.value.text, mark.version) == ("4", 2)


def test_an_emptied_cell_takes_the_work_that_was_made_for_it(cell: Cell) -> None:
    cell.send(marks=[new("3")])
    answer = cell.send(marks=[])
    assert answer.json()["average"] == ""
    assert answer.json()["cell"]["token"] == ""
    assert not Mark.objects.exists()
    assert not Work.objects.exists()


def test_a_second_mark_stands_beside_the_first(cell: Cell, cast: Any) -> None:
    cell.send(marks=[new("5")])
    JournalRules.objects.create(organisation=cast.school, fewest_marks=2)
    answer = cell.send(marks=[*cell.marks, new("4")])
    assert (answer.json()["average"], answer.json()["suggestion"]) == ("4,50", "5")
    assert [work.number for work in Work.objects.order_by("number")] == [1, 2]


def test_the_kind_of_a_mark_can_be_changed(cell: Cell) -> None:
    cell.send(marks=[new("5")])
    kind = WorkKind.objects.get(organisation=None, code="С")
    answer = cell.send(marks=[{**cell.marks[0], "kind": kind.pk}])
    assert answer.json()["cell"]["marks"][0]["kind"] == kind.pk
    assert Mark.objects.get().work.kind == kind
    assert Work.objects.count() == 1


def test_a_planned_test_is_what_marks_of_its_lesson_are_for(cell: Cell, cast: Any) -> None:
    kind = WorkKind.objects.get(organisation=None, code="К")
    test = make.WorkFactory(lesson=cast.lesson, kind=kind)
    cell.send(marks=[new("4")])
    assert Mark.objects.get().work == test
    cell.send(marks=[])
    assert Work.objects.get() == test, "a test stays planned when its last mark is emptied"


def test_absences_with_their_minutes(cell: Cell) -> None:
    for code, minutes in (("unstated", None), ("late", 7), ("exempt", None)):
        assert cell.send(absence={"code": code, "minutes": minutes}).status_code == 200
        absence = Absence.objects.get()
        assert (absence.code, absence.minutes) == (code, minutes)
    cell.send(absence={"code": "", "minutes": None})
    assert not Absence.objects.exists()


def test_that_there_was_no_valid_reason_is_for_the_class_teacher(cell: Cell, cast: Any, as_: Any) -> None:
    answer = cell.send(absence={"code": "invalid", "minutes": None})
    assert (answer.status_code, answer.json()["state"]) == (422, "refused")
    cell.send(absence={"code": "unstated", "minutes": None})
    theirs = Cell(as_(cast.class_teacher), cast.lesson, cast.student, cast.class_teacher)
    assert theirs.send(absence={"code": "invalid", "minutes": None}).status_code == 200
    assert Absence.objects.get().code == "invalid"


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"marks": [new("7")]}, "7"),
        ({"marks": [new("", comment="а отметки нет")]}, "отметк"),
        ({"marks": [new("5")] * 11}, "10"),
        ({"absence": {"code": "late", "minutes": 91}}, "90"),
        ({"absence": {"code": "asleep", "minutes": None}}, "букв"),
        ({"marks": [new("5", comment="а" * 301)]}, "300"),
        ({"marks": [new("5", kind=987654)]}, "за что"),
    ],
)
def test_what_makes_no_sense_is_refused_with_words(cell: Cell, changed: Any, says: str) -> None:
    answer = cell.send(**changed)
    assert (answer.status_code, answer.json()["state"]) == (422, "refused")
    assert says in answer.json()["message"]
    assert not Mark.objects.exists()
    assert not Work.objects.exists()
    assert not Absence.objects.exists()


def test_no_marks_in_grade_1(cast: Any, as_: Any) -> None:
    type(cast.class_7a).objects.update(grade=1)
    cell = Cell(as_(cast.teacher), cast.lesson, cast.student, cast.teacher)
    assert cell.send(marks=[new("5")]).status_code == 422


def test_a_mark_of_somebody_absent_is_asked_about_once(cell: Cell) -> None:
    cell.send(absence={"code": "ill", "minutes": None})
    entry = cell.entry(marks=[new("4")])
    answer = cell.send(entry)
    assert (answer.status_code, answer.json()["state"]) == (422, "question")
    assert cell.send({**entry, "sure": True}).status_code == 200


def test_so_is_an_absence_beside_a_mark(cell: Cell) -> None:
    cell.send(marks=[new("4")])
    assert cell.send(absence={"code": "unstated", "minutes": None}).json()["state"] == "question"
    assert cell.send(marks=[], absence={"code": "unstated", "minutes": None}).status_code == 200


def test_marks_are_seen_from_the_schools_hour_on(cell: Cell, cast: Any) -> None:
    JournalRules.objects.create(organisation=cast.school, marks_published_at=datetime.time(18))
    cell.send(marks=[new("5")])
    assert timezone.localtime(Mark.objects.get().published_at).hour == 18


# --- Points ---------------------------------------------------------------------------------------


def test_a_point_is_owed_put_off_and_taken_back(cell: Cell) -> None:
    answer = cell.send(point={"due_on": "2026-12-20", "kind": None})
    assert answer.json()["cell"]["point"]["due"] == "20.12"
    cell.send(point={"kind": None, "due_on": "2026-12-22"})
    assert Point.objects.get().due_on == datetime.date(2026, 12, 22)
    assert cell.send(point=None).json()["cell"]["point"] is None
    assert not Point.objects.exists()
    assert not Work.objects.exists()


def test_a_mark_settles_the_point(cell: Cell) -> None:
    cell.send(point={"due_on": "2026-12-20", "kind": None})
    answer = cell.send(point=None, marks=[new("4")])
    assert answer.json()["cell"]["point"] is None
    assert Mark.objects.get().work == Point.objects.get().work


def test_a_day_that_is_over_is_refused(cell: Cell) -> None:
    assert cell.send(point={"due_on": "2026-12-15", "kind": None}).status_code == 422


# --- Two writers, and the same entry twice --------------------------------------------------------


def test_the_second_of_two_is_shown_what_is_stored(cell: Cell, cast: Any, as_: Any) -> None:
    twin = Cell(as_(cast.teacher), cast.lesson, cast.student, cast.teacher)
    cell.send(marks=[new("4")])
    answer = twin.send(marks=[new("3")])
    assert (answer.status_code, answer.json()["state"]) == (409, "conflict")
    assert [mark["value"] for mark in answer.json()["cell"]["marks"]] == ["4"]
    assert "3" in answer.json()["message"]
    assert "4" in answer.json()["message"]
    twin.read(answer.json()["cell"])
    assert twin.send(marks=[{**twin.marks[0], "value": "3"}]).status_code == 200


def test_two_who_put_the_same_agree(cell: Cell, cast: Any, as_: Any) -> None:
    twin = Cell(as_(cast.teacher), cast.lesson, cast.student, cast.teacher)
    cell.send(marks=[new("4")])
    assert twin.send(marks=[new("4")]).status_code == 200
    assert Mark.objects.count() == 1


def test_the_same_key_gets_the_recorded_answer_and_writes_nothing(cell: Cell) -> None:
    entry = cell.entry(marks=[new("4")])
    first, again = cell.send(entry), cell.send(entry)
    assert first.json() == again.json()
    assert Mark.objects.count() == SavedEntry.objects.count() == 1


def test_a_conflict_stays_one_under_its_key(cell: Cell, cast: Any) -> None:
    stale = cell.entry(marks=[new("3")])
    cell.send(marks=[new("4")])
    assert cell.send(stale).status_code == 409
    cell.send(marks=[])
    assert cell.send(stale).status_code == 409
    assert not Mark.objects.exists()


def test_another_persons_key_tells_nothing(cell: Cell, cast: Any, as_: Any) -> None:
    make.AssignmentFactory(course=cast.algebra, teacher=cast.class_teacher)
    entry = cell.entry(marks=[new("4")])
    cell.send(entry)
    theirs = Cell(as_(cast.class_teacher), cast.lesson, cast.student, cast.class_teacher)
    answer = theirs.send({**entry, "person": cast.class_teacher.pk})
    assert answer.status_code == 404
    assert "cell" not in answer.json()


def test_an_entry_that_waited_is_not_taken_from_somebody_else(cell: Cell, cast: Any, as_: Any) -> None:
    make.AssignmentFactory(course=cast.algebra, teacher=cast.class_teacher)
    other = as_(cast.class_teacher)
    answer = other.post(cell.address, json.dumps(cell.entry(marks=[new("4")])), content_type="text/json")
    assert (answer.status_code, answer.json()["state"]) == (401, "signed-out")
    assert not Mark.objects.exists()


# --- Who may ---------------------------------------------------------------------------------------


def test_only_the_teacher_and_the_substitute_of_the_lesson_write(
    cell: Cell, cast: Any, outlasted: Any, as_: Any
) -> None:
    people = {**cast.people(), **vars(outlasted)}
    expected = dict.fromkeys(people, 404) | {"teacher": 200, "class_teacher": 403, "head_teacher": 403}
    for name, person in people.items():
        mine = Cell(as_(person), cast.lesson, cast.student, person)
        assert mine.send(marks=[new("4")]).status_code == expected[name], name
        Mark.objects.all().delete()


def test_the_substitute_writes_that_lesson_and_no_other(cast: Any, outlasted: Any, as_: Any) -> None:
    substitute = outlasted.substitute
    lesson = substitute.lessons_taught.get()
    assert Cell(as_(substitute), lesson, cast.student, substitute).send(marks=[new("4")]).status_code == 200
    other = Cell(as_(substitute), cast.lesson, cast.student, substitute)
    assert other.send(marks=[new("4")]).status_code == 404


def test_a_substitute_is_not_told_averages(cast: Any, outlasted: Any, as_: Any) -> None:
    make.MarkFactory(work__lesson=cast.lesson, student=cast.student, text="2")
    substitute = outlasted.substitute
    cell = Cell(as_(substitute), substitute.lessons_taught.get(), cast.student, substitute)
    assert cell.send(marks=[new("4")]).json()["average"] == ""


def test_a_student_who_was_not_there_has_no_cell(cast: Any, outlasted: Any, as_: Any) -> None:
    cell = Cell(as_(cast.teacher), cast.lesson, outlasted.former_student, cast.teacher)
    assert cell.send(marks=[new("4")]).status_code == 404


def test_the_class_teacher_gives_reasons_and_nothing_else(cast: Any, as_: Any) -> None:
    make.AbsenceFactory(lesson=cast.lesson, student=cast.student)
    cell = Cell(as_(cast.class_teacher), cast.lesson, cast.student, cast.class_teacher)
    assert cell.send(absence={"code": "ill", "minutes": None}).status_code == 200
    for refused in ({"code": "", "minutes": None}, {"code": "late", "minutes": 3}):
        assert cell.send(absence=refused).status_code == 403
    assert cell.send(absence={"code": "valid", "minutes": None}, marks=[new("5")]).status_code == 403
    assert Absence.objects.get().code == "ill"


def test_of_a_group_only_members_have_cells(cast: Any, as_: Any) -> None:
    group = make.GroupFactory(organisation=cast.school, classes=[cast.class_7a])
    make.MembershipFactory(group=group, student=cast.student)
    cast.algebra.school_class, cast.algebra.group = None, group
    cast.algebra.save()
    client = as_(cast.teacher)
    member = Cell(client, cast.lesson, cast.student, cast.teacher)
    other = Cell(client, cast.lesson, cast.classmate, cast.teacher)
    assert member.send(marks=[new("4")]).status_code == 200
    assert other.send(marks=[new("4")]).status_code == 404
    leader = Cell(as_(cast.class_teacher), cast.lesson, cast.student, cast.class_teacher)
    assert leader.send(absence={"code": "ill", "minutes": None}).status_code == 403


@pytest.fixture
def closed(cast: Any) -> TermClosure:
    return TermClosure.objects.create(term=cast.lesson.term, at=NOW, by=cast.head_teacher)


def test_a_closed_term_takes_nothing(cell: Cell, closed: Any) -> None:
    answer = cell.send(marks=[new("4")])
    assert (answer.status_code, answer.json()["state"]) == (422, "refused")
    assert not Mark.objects.exists()


def test_but_the_reasons_until_the_year_is_closed(cast: Any, as_: Any) -> None:
    make.AbsenceFactory(lesson=cast.lesson, student=cast.student)
    TermClosure.objects.create(term=cast.lesson.term, at=NOW, by=cast.head_teacher)
    cell = Cell(as_(cast.class_teacher), cast.lesson, cast.student, cast.class_teacher)
    assert cell.send(absence={"code": "ill", "minutes": None}).status_code == 200
    YearClosure.objects.create(
        organisation=cast.school, year=cast.class_7a.year, at=NOW, by=cast.head_teacher
    )
    assert cell.send(absence={"code": "valid", "minutes": None}).status_code == 422


def test_lessons_to_come_and_cancelled_ones_take_nothing(cast: Any, as_: Any) -> None:
    day = datetime.date(2026, 12, 18)
    lesson = make.LessonFactory(
        course=cast.algebra, term=cast.lesson.term, date=day, planned_teacher=cast.teacher
    )
    cell = Cell(as_(cast.teacher), lesson, cast.student, cast.teacher)
    assert cell.send(marks=[new("4")]).status_code == 422
    cast.lesson.cancel(by=None)
    cell = Cell(as_(cast.teacher), cast.lesson, cast.student, cast.teacher)
    assert cell.send(marks=[new("4")]).status_code == 422


# --- Always JSON -----------------------------------------------------------------------------------


def test_signed_out_is_told_in_json(cell: Cell, as_: Any) -> None:
    answer = as_(None).post(cell.address, json.dumps(cell.entry()), content_type="application/json")
    assert answer.status_code == 401
    assert answer.json() == {"state": "signed-out", "sign_in": reverse("accounts:sign-in")}


def test_a_turned_token_brings_one_that_fits(cell: Cell) -> None:
    cell.client.handler.enforce_csrf_checks = True
    answer = cell.send(marks=[new("4")])
    assert (answer.status_code, answer.json()["state"]) == (403, "csrf")
    headers = {"X-CSRFToken": answer.json()["csrf"]}
    body = json.dumps(cell.entry(marks=[new("4")]))
    again = cell.client.post(cell.address, body, content_type="application/json", headers=headers)
    assert again.status_code == 200


def test_half_a_character_is_no_entry(cell: Cell) -> None:
    body = json.dumps(cell.entry(marks=[new("5", comment="\ud800")]))
    assert cell.client.post(cell.address, body, content_type="application/json").status_code == 400


@pytest.mark.parametrize(
    "body", ["", "[" * 15_000, "[]", "{}", "null", '{"key": 5}', "\x00", '{"key":"x","marks":{}}']
)
def test_what_is_no_entry_is_told_so(cell: Cell, body: str) -> None:
    answer = cell.client.post(cell.address, body, content_type="application/json")
    assert answer.status_code == 400


def test_not_an_entry_of_anothers_course_is_not_found(cast: Any, as_: Any) -> None:
    address = reverse("diary:journal-entries", args=[cast.algebra.pk])
    assert as_(cast.outsider).post(address, "{}", content_type="application/json").status_code == 404


# --- What it costs ---------------------------------------------------------------------------------


def test_an_entry_costs_at_most_eight_statements(cell: Cell, cast: Any) -> None:
    def cost(**changed: Any) -> int:
        return len(statements(lambda: cell.send(**changed)))

    cell.send(marks=[new("3")])
    cell.send(marks=[])
    costs = {
        "new": cost(marks=[new("3")]),
        "replaced": cost(marks=[{**cell.marks[0], "value": "4"}] if cell.marks else [new("4")]),
    }
    costs["second"] = cost(marks=[*cell.marks, new("5")])
    costs["one emptied"] = cost(marks=cell.marks[:1])
    test = WorkKind.objects.get(organisation=None, code="К").pk
    costs["another kind"] = cost(marks=[{**cell.marks[0], "kind": test}])
    costs["commented"] = cost(marks=[{**cell.marks[0], "comment": "молодец"}])
    costs["emptied"] = cost(marks=[])
    costs["owed"] = cost(point={"due_on": "2026-12-18", "kind": None})
    costs["put off"] = cost(point={"due_on": "2026-12-21", "kind": None})
    costs["settled"] = cost(marks=[new("4")], point=None)
    cell.send(marks=[])
    cell.send(point={"due_on": "2026-12-18", "kind": None})
    costs["taken back"] = cost(point=None)
    costs["absence"] = cost(absence={"code": "unstated", "minutes": None})
    costs["reason"] = cost(absence={"code": "ill", "minutes": None})
    costs["present"] = cost(absence={"code": "", "minutes": None})
    assert {name: number for name, number in costs.items() if number > 8} == {}


def test_a_key_is_of_its_cell_alone(cast: Any, as_: Any) -> None:
    mine = Cell(as_(cast.teacher), cast.lesson, cast.student, cast.teacher)
    theirs = Cell(as_(cast.teacher), cast.lesson, cast.classmate, cast.teacher)
    entry = mine.entry(marks=[new("4")])
    assert mine.send(entry).status_code == 200
    again = theirs.send({**theirs.entry(marks=[new("5")]), "key": entry["key"]})
    assert (again.status_code, again.json()["state"]) == (422, "refused")
    assert Mark.objects.count() == 1


def test_a_mark_for_the_owed_work_settles_the_point_in_the_answer_too(cast: Any, as_: Any) -> None:
    cell = Cell(as_(cast.teacher), cast.lesson, cast.student, cast.teacher)
    cell.send(point={"due_on": "2026-12-18", "kind": None})
    settled = cell.send(marks=[new("5")])
    assert settled.json()["cell"]["point"] is None
    assert cell.send(marks=[{**cell.marks[0], "value": "4"}]).status_code == 200


def kind_of(code: str) -> int:
    return WorkKind.objects.get(organisation=None, code=code).pk


def test_a_mark_that_moves_to_the_owed_kind_settles_the_point(cell: Cell, cast: Any) -> None:
    given, owed = (
        make.WorkFactory(lesson=cast.lesson, kind_id=kind_of("К"), number=number) for number in (1, 2)
    )
    make.MarkFactory(work=given, student=cast.classmate)
    Point.objects.create(work=owed, student=cast.student, due_on=datetime.date(2026, 12, 18), by=cast.teacher)
    cell.open()
    cell.send(marks=[new("4", kind=kind_of("О"))])
    moved = cell.send(marks=[{**cell.marks[0], "kind": kind_of("К")}], point=None)
    assert moved.json()["cell"]["point"] is None
    assert Mark.objects.get(student=cast.student).work == owed
    assert Point.objects.exists()


def test_a_changed_value_leaves_the_point_of_another_work(cell: Cell) -> None:
    cell.send(marks=[new("4")])
    cell.send(point={"due_on": "2026-12-18", "kind": kind_of("К")})
    changed = cell.send(marks=[{**cell.marks[0], "value": "5"}])
    assert changed.json()["cell"]["point"]["due"] == "18.12"
