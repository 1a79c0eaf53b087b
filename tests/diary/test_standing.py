"""Where a child stands: a quarter, without names, and what cannot be learnt from it (demand row 29)."""

import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from diary.models import JournalRules, StandingOptOut
from diary.standing.places import FEWEST_OF_A_BAR, Band, band_of, distribution
from schools.models import Guardianship
from tests import factories as make
from tests.conftest import NOW, TODAY
from tests.diary.test_subjects import DAY, classmates, marked
from tests.queries import assert_same_statements, statements

averages = st.lists(st.decimals(2, 5, places=2), max_size=40)


def address(cast: Any, name: str = "standing-of") -> str:
    return reverse(f"diary:{name}", args=[cast.student.pk])


def standing(client: Any, cast: Any) -> Any:
    return client.get(address(cast)).context


@pytest.fixture
def five(cast: Any) -> list[Any]:
    """The student with a 5 and four others with a 4."""
    marked(cast, cast.student, "5")
    return classmates(cast, 4)


# --- Rules -----------------------------------------------------------------------------------------


@given(averages)
def test_no_bar_holds_fewer_than_three(found: list[Decimal]) -> None:
    bars = distribution(found)
    assert all(bar.students >= FEWEST_OF_A_BAR for bar in bars)
    assert not bars or sum(bar.students for bar in bars) == len(found) >= 5
    assert all(sum(bar.holds(each) for bar in bars) == 1 for each in found if bars)


@given(averages)
def test_a_band_is_a_quarter_at_each_end(found: list[Decimal]) -> None:
    if len(found) < 5:
        assert {band_of(each, found) for each in found} <= {None}
        return
    bands = [band_of(each, found) for each in sorted(found)]
    assert bands[-1] == Band.TOP
    assert bands.count(Band.LOW) <= len(found) / 4
    order = [Band.LOW, Band.MIDDLE, Band.TOP]
    assert [order.index(band) for band in bands if band] == sorted(
        order.index(band) for band in bands if band
    )


def test_equals_share_the_better_band() -> None:
    assert {band_of(Decimal(4), [Decimal(4)] * 8)} == {Band.TOP}


# --- The family ------------------------------------------------------------------------------------


def test_a_family_is_told_a_band(cast: Any, five: Any, as_: Any) -> None:
    for person in (cast.parent, cast.student):
        context = standing(as_(person), cast)
        assert context["overall"]["band"] == "в\u00a0верхней четверти"
        assert [subject["band"] for subject in context["subjects"]] == ["в\u00a0верхней четверти"]


def test_nobody_elses_name_is_on_the_page(cast: Any, five: Any, as_: Any) -> None:
    page = as_(cast.parent).get(address(cast)).content.decode()
    assert not any(other.surname in page for other in [*five, cast.classmate])


def test_four_with_marks_are_too_few(cast: Any, as_: Any) -> None:
    marked(cast, cast.student, "5")
    classmates(cast, 3)
    context = standing(as_(cast.parent), cast)
    assert context["overall"] is None
    assert [subject["band"] for subject in context["subjects"]] == [""]


def test_marks_of_this_week_count_from_monday_on(cast: Any, five: Any, as_: Any) -> None:
    marked(cast, cast.student, "2", "2", date=TODAY)
    marked(cast, cast.student, "2", "2", published_at=NOW - DAY)
    assert standing(as_(cast.parent), cast)["overall"]["band"] == "в\u00a0верхней четверти"


def test_who_left_the_class_is_not_counted(cast: Any, five: Any, as_: Any) -> None:
    five[0].enrolments.update(until=TODAY - DAY)
    assert standing(as_(cast.parent), cast)["overall"] is None


def test_a_school_may_switch_it_off(cast: Any, five: Any, as_: Any) -> None:
    JournalRules.objects.create(organisation=cast.school, shows_standing=False)
    response = as_(cast.parent).get(address(cast))
    assert response.status_code == 200
    assert response.context["is_switched_off"]
    assert "overall" not in response.context


def test_before_the_first_term_there_is_nothing_to_compare(cast: Any, as_: Any) -> None:
    cast.student.enrolments.update(since=TODAY + DAY)
    assert as_(cast.parent).get(address(cast)).status_code == 200


@pytest.mark.parametrize("who", ["other_parent", "classmate", "outsider", "teacher", "head_teacher"])
def test_nobody_else_opens_it(cast: Any, five: Any, as_: Any, who: str) -> None:
    assert as_(getattr(cast, who)).get(address(cast)).status_code == 404
    assert as_(getattr(cast, who)).post(address(cast, "standing-opt-out")).status_code == 404


def test_it_goes_with_the_marks(cast: Any, five: Any, as_: Any) -> None:
    Guardianship.objects.filter(guardian=cast.parent).update(information=["results"])
    assert as_(cast.parent).get(address(cast)).status_code == 404


# --- Opting out ------------------------------------------------------------------------------------


def second_parent(cast: Any, **tie: Any) -> Any:
    person = make.PersonFactory(
        surname="Соколов", account=make.UserFactory(), birth_date=datetime.date(1985, 1, 1)
    )
    make.GuardianshipFactory(guardian=person, child=cast.student, kind="father", **tie)
    return person


def test_a_parent_opts_the_whole_family_out(cast: Any, five: Any, as_: Any) -> None:
    father = second_parent(cast)
    for _twice in range(2):
        assert as_(cast.parent).post(address(cast, "standing-opt-out")).status_code == 302
    found = StandingOptOut.objects.get()
    assert (found.by, found.at) == (cast.parent, NOW)
    for person in (cast.parent, cast.student, father):
        context = standing(as_(person), cast)
        assert "overall" not in context
        assert "Соколова\u00a0А.\u00a0Ю." in context["opted_out"]


def test_other_families_see_the_same_as_before(cast: Any, five: Any, as_: Any) -> None:
    """Else the difference would tell what the child has."""
    marked(cast, cast.classmate, "4")
    other = reverse("diary:standing-of", args=[cast.classmate.pk])
    before = as_(cast.other_parent).get(other).context["overall"]
    as_(cast.parent).post(address(cast, "standing-opt-out"))
    assert as_(cast.other_parent).get(other).context["overall"] == before


def test_a_student_neither_opts_out_nor_undoes_it(cast: Any, five: Any, as_: Any) -> None:
    assert as_(cast.student).post(address(cast, "standing-opt-out")).status_code == 403
    as_(cast.parent).post(address(cast, "standing-opt-out"))
    assert as_(cast.student).post(address(cast, "standing-opt-in")).status_code == 403
    assert StandingOptOut.objects.filter(ended_at=None).exists()


def test_a_grown_up_student_decides(cast: Any, five: Any, as_: Any) -> None:
    as_(cast.parent).post(address(cast, "standing-opt-out"))
    cast.student.birth_date = datetime.date(2008, 12, 16)  # 18 today
    cast.student.save()
    assert as_(cast.student).post(address(cast, "standing-opt-in")).status_code == 302
    as_(cast.student).post(address(cast, "standing-opt-out"))
    assert as_(cast.parent).post(address(cast, "standing-opt-in")).status_code == 403


def test_only_who_opted_out_takes_it_back(cast: Any, five: Any, as_: Any) -> None:
    father = second_parent(cast)
    as_(cast.parent).post(address(cast, "standing-opt-out"))
    assert as_(father).post(address(cast, "standing-opt-in")).status_code == 403
    assert as_(cast.parent).post(address(cast, "standing-opt-in")).status_code == 302
    found = StandingOptOut.objects.get()
    assert (found.ended_by, found.ended_at) == (cast.parent, NOW)
    assert as_(cast.parent).post(address(cast, "standing-opt-in")).status_code == 302


def test_the_other_parent_may_once_that_one_is_struck_off(cast: Any, five: Any, as_: Any) -> None:
    father = second_parent(cast)
    as_(cast.parent).post(address(cast, "standing-opt-out"))
    Guardianship.objects.filter(guardian=cast.parent).update(until=TODAY - DAY)
    assert as_(father).post(address(cast, "standing-opt-in")).status_code == 302
    assert as_(cast.parent).get(address(cast)).status_code == 404


def test_a_guardian_who_does_not_sign_does_not_decide(cast: Any, five: Any, as_: Any) -> None:
    guest = second_parent(cast, may_sign=False)
    assert "may_opt_out" in standing(as_(guest), cast)
    assert as_(guest).post(address(cast, "standing-opt-out")).status_code == 403


# --- Staff -----------------------------------------------------------------------------------------


def class_page(client: Any, cast: Any, **query: Any) -> Any:
    return client.get(reverse("diary:class-standing", args=[cast.class_7a.pk]), query)


def test_staff_see_names_in_order(cast: Any, five: Any, as_: Any) -> None:
    for person in (cast.class_teacher, cast.head_teacher):
        rows = class_page(as_(person), cast).context["rows"]
        assert rows[0]["name"] == cast.student.roll_name
        assert [row["place"] for row in rows[:6]] == [1, 2, 2, 2, 2, ""]
        assert rows[-1]["name"] == cast.classmate.roll_name


def test_staff_see_them_though_families_do_not(cast: Any, five: Any, as_: Any) -> None:
    JournalRules.objects.create(organisation=cast.school, shows_standing=False)
    StandingOptOut.objects.create(student=cast.student, by=cast.parent, at=NOW)
    assert class_page(as_(cast.class_teacher), cast).context["rows"][0]["place"] == 1


def test_the_order_may_be_by_attendance(cast: Any, five: Any, as_: Any) -> None:
    make.AbsenceFactory(lesson=cast.lesson, student=cast.student)
    rows = class_page(as_(cast.class_teacher), cast, by="attendance").context["rows"]
    assert (rows[-1]["name"], rows[-1]["missed"]) == (cast.student.roll_name, 1)
    assert class_page(as_(cast.class_teacher), cast, by="surname").status_code == 404


def test_quality_is_the_share_of_good_subjects(cast: Any, five: Any, as_: Any) -> None:
    rows = class_page(as_(cast.class_teacher), cast, by="quality").context["rows"]
    assert (rows[0]["good"], rows[0]["subjects"], rows[0]["quality"]) == (1, 1, 100)


@pytest.mark.parametrize("who", ["teacher", "parent", "student", "administrator", "outsider"])
def test_nobody_else_sees_names(cast: Any, five: Any, as_: Any, who: str) -> None:
    assert class_page(as_(getattr(cast, who)), cast).status_code == 404


# --- What they cost --------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["parent", "class_teacher"])
def test_they_cost_the_same_for_any_number_of_students(cast: Any, five: Any, as_: Any, who: str) -> None:
    client = as_(getattr(cast, who))
    names = {
        "parent": address(cast),
        "class_teacher": reverse("diary:class-standing", args=[cast.class_7a.pk]),
    }
    assert_same_statements(lambda: client.get(names[who]), lambda: classmates(cast, 8))
    assert len(statements(lambda: client.get(names[who]))) <= 10
