"""The programme of a course: who reads it, who writes it, who approves it."""

import datetime
import io
from typing import Any

import pytest
from django.db import transaction
from django.urls import reverse
from openpyxl import load_workbook

from diary.models import LessonProgramme, Topic
from diary.programme import contents
from diary.programme.plan import lay_plan
from schools.models import YearClosure
from tests import factories as make
from tests.conftest import NOW, TODAY
from tests.queries import assert_same_statements

TOPIC = {"section": "", "title": "Пропорция", "hours": "2", "homework": "", "note": "", "place": ""}
DAYS = (14, 15, 17, 18)


@pytest.fixture
def topics(cast: Any) -> list[Topic]:
    """Three topics and, with the cast's lesson, five lessons of the week."""
    for day in DAYS:
        make.LessonFactory(
            course=cast.algebra,
            term=cast.lesson.term,
            date=datetime.date(2026, 12, day),
            planned_teacher=cast.teacher,
        )
    return [make.TopicFactory(course=cast.algebra) for _number in range(3)]


def address(cast: Any, name: str, *more: int) -> str:
    return reverse(f"diary:{name}", args=[cast.algebra.pk, *more])


def titles(cast: Any) -> list[str]:
    return list(cast.algebra.topics.order_by("order").values_list("title", flat=True))


def decided(cast: Any) -> LessonProgramme:
    return LessonProgramme.objects.get(course=cast.algebra)


def test_plan_stands_beside_fact(cast: Any, topics: list[Topic], as_: Any) -> None:
    with transaction.atomic():
        lay_plan(contents.hold(cast.algebra), TODAY)
    make.TaughtFactory(lesson=cast.algebra.lessons.get(date="2026-12-14"), topic=topics[0])
    page = as_(cast.teacher).get(address(cast, "programme"))
    first, second, _third = page.context["sections"][0]["rows"]
    assert (first["plan"], first["facts"][0]["day"]) == ("14\xa0декабря", "14\xa0декабря")
    assert second["is_next"]
    assert second["expected"] == "16\xa0декабря"
    assert page.context["progress"].behind == 1


@pytest.mark.parametrize("role", ["teacher", "class_teacher", "head_teacher"])
def test_those_of_the_school_read_it(cast: Any, topics: list[Topic], as_: Any, role: str) -> None:
    page = as_(getattr(cast, role)).get(address(cast, "programme"))
    assert "Тема 1" in page.content.decode()
    assert page.context["may_edit"] is (role == "teacher")


@pytest.mark.parametrize("role", ["outsider", "student", "parent", "administrator", "region_operator"])
def test_to_others_it_does_not_exist(cast: Any, topics: list[Topic], as_: Any, role: str) -> None:
    assert as_(getattr(cast, role)).get(address(cast, "programme")).status_code == 404


@pytest.mark.parametrize("role", ["former_teacher", "substitute"])
def test_nor_to_who_left_and_to_who_substitutes(
    cast: Any, outlasted: Any, topics: list[Topic], as_: Any, role: str
) -> None:
    for name in ("programme", "programme-export", "programme-import"):
        assert as_(getattr(outlasted, role)).get(address(cast, name)).status_code == 404


WRITES = [
    ("programme-plan", {}),
    ("programme-start", {"place": "2"}),
    ("programme-submission", {"shown_version": "1"}),
    ("programme-copy", {"source": "1"}),
    ("programme-import", {}),
    ("programme-import-confirmation", {"draft": "x"}),
    ("topic-new", TOPIC),
    ("topic", TOPIC),
    ("topic-place", {}),
    ("topic-deletion", {}),
]


@pytest.mark.parametrize(("name", "data"), WRITES)
@pytest.mark.parametrize(
    ("role", "status"), [("class_teacher", 403), ("head_teacher", 403), ("outsider", 404)]
)
def test_only_its_teacher_writes(
    cast: Any, topics: list[Topic], as_: Any, name: str, data: dict[str, str], role: str, status: int
) -> None:
    more = [topics[0].pk] if name in ("topic", "topic-place", "topic-deletion") else []
    response = as_(getattr(cast, role)).post(address(cast, name, *more), data)
    assert response.status_code == status
    assert titles(cast) == ["Тема 1", "Тема 2", "Тема 3"]


@pytest.mark.parametrize("name", ["programme-approval", "programme-return"])
def test_nobody_approves_the_own_programme(cast: Any, topics: list[Topic], as_: Any, name: str) -> None:
    data = {"shown_version": "1", "words": "так"}
    assert as_(cast.teacher).post(address(cast, name), data).status_code == 403


def test_a_closed_year_takes_no_changes(cast: Any, topics: list[Topic], as_: Any) -> None:
    year = cast.algebra.year
    YearClosure.objects.create(organisation=cast.school, year=year, at=NOW, by=cast.head_teacher)
    assert as_(cast.teacher).post(address(cast, "topic-new"), TOPIC).status_code == 403


def test_a_topic_is_added_where_it_is_wanted(cast: Any, topics: list[Topic], as_: Any) -> None:
    as_(cast.teacher).post(address(cast, "topic-new"), TOPIC | {"place": "2"})
    assert titles(cast) == ["Тема 1", "Пропорция", "Тема 2", "Тема 3"]


def test_the_first_topic_begins_the_programme(cast: Any, as_: Any) -> None:
    as_(cast.teacher).post(address(cast, "topic-new"), TOPIC)
    assert cast.algebra.topics.get().plan == [TODAY]


def test_a_topic_without_a_title_is_refused_and_nothing_typed_is_lost(cast: Any, as_: Any) -> None:
    response = as_(cast.teacher).post(address(cast, "topic-new"), TOPIC | {"title": "", "note": "важно"})
    assert response.status_code == 422
    assert "важно" in response.content.decode()


@pytest.mark.parametrize("hours", ["0", "-1", "100", "два", "1.5", ""])
def test_hours_are_whole_and_at_least_one(cast: Any, as_: Any, hours: str) -> None:
    assert as_(cast.teacher).post(address(cast, "topic-new"), TOPIC | {"hours": hours}).status_code == 422


def test_topics_go_up_and_down(cast: Any, topics: list[Topic], as_: Any) -> None:
    pk = topics[2].pk
    as_(cast.teacher).post(address(cast, "topic-place", pk), {f"place-{pk}": "1"})
    assert titles(cast) == ["Тема 3", "Тема 1", "Тема 2"]


def test_a_topic_goes_and_the_others_close_up(cast: Any, topics: list[Topic], as_: Any) -> None:
    as_(cast.teacher).post(address(cast, "topic-deletion", topics[0].pk))
    assert list(cast.algebra.topics.order_by("order").values_list("order", "title")) == [
        (1, "Тема 2"),
        (2, "Тема 3"),
    ]


def test_a_topic_that_a_lesson_took_stays(cast: Any, topics: list[Topic], as_: Any) -> None:
    make.TaughtFactory(lesson=cast.lesson, topic=topics[0])
    page = as_(cast.teacher).post(address(cast, "topic-deletion", topics[0].pk), follow=True)
    assert "остаётся в программе" in page.content.decode()
    assert len(titles(cast)) == 3


def test_a_topic_of_another_course_is_not_found(cast: Any, topics: list[Topic], as_: Any) -> None:
    other = make.TopicFactory(course=make.CourseFactory(school_class=cast.class_7a))
    assert as_(cast.teacher).post(address(cast, "topic-deletion", other.pk)).status_code == 404


def test_of_two_who_change_a_topic_the_second_is_told(cast: Any, topics: list[Topic], as_: Any) -> None:
    pk = topics[0].pk
    data = TOPIC | {"place": "1", "shown_version": "1"}
    as_(cast.teacher).post(address(cast, "topic", pk), data)
    page = as_(cast.teacher).post(address(cast, "topic", pk), data | {"title": "Другое"}, follow=True)
    assert "изменили" in page.content.decode()
    assert titles(cast)[0] == "Пропорция"


# --- Approval ------------------------------------------------------------------------------------


def approve(cast: Any, as_: Any) -> None:
    version = decided(cast).version
    as_(cast.head_teacher).post(address(cast, "programme-approval"), {"shown_version": version})


def test_the_head_teacher_approves_what_was_sent(cast: Any, topics: list[Topic], as_: Any) -> None:
    as_(cast.teacher).post(address(cast, "programme-submission"), {"shown_version": "1"})
    assert decided(cast).state == "sent"
    approve(cast, as_)
    assert (decided(cast).state, decided(cast).decided_by) == ("approved", cast.head_teacher)


def test_or_returns_it_with_words_that_the_teacher_reads(cast: Any, topics: list[Topic], as_: Any) -> None:
    data = {"shown_version": "1", "words": "Добавьте контрольные"}
    as_(cast.head_teacher).post(address(cast, "programme-return"), data)
    assert "Добавьте контрольные" in as_(cast.teacher).get(address(cast, "programme")).content.decode()


def test_without_words_nothing_is_returned(cast: Any, topics: list[Topic], as_: Any) -> None:
    response = as_(cast.head_teacher).post(address(cast, "programme-return"), {"shown_version": "1"})
    assert response.status_code == 422
    assert decided(cast).state == "draft"


def test_a_version_nobody_looked_at_is_not_approved(cast: Any, topics: list[Topic], as_: Any) -> None:
    as_(cast.teacher).post(address(cast, "topic-new"), TOPIC)
    as_(cast.head_teacher).post(address(cast, "programme-approval"), {"shown_version": "1"})
    assert decided(cast).state == "draft"


@pytest.mark.parametrize(
    ("change", "state"),
    [({"homework": "§ 1"}, "approved"), ({"title": "Иначе"}, "draft"), ({"place": "3"}, "draft")],
)
def test_a_change_of_topics_takes_the_approval_back(
    cast: Any, topics: list[Topic], as_: Any, change: dict[str, str], state: str
) -> None:
    approve(cast, as_)
    same = TOPIC | {"title": "Тема 1", "hours": "1", "place": "1", "shown_version": "1"}
    as_(cast.teacher).post(address(cast, "topic", topics[0].pk), same | change)
    assert decided(cast).state == state


def test_moving_the_plan_leaves_the_approval(cast: Any, topics: list[Topic], as_: Any) -> None:
    approve(cast, as_)
    as_(cast.teacher).post(address(cast, "programme-plan"))
    assert decided(cast).state == "approved"


# --- Copies, lists, files ------------------------------------------------------------------------


def test_a_programme_is_copied_from_a_colleague_of_the_subject(
    cast: Any, topics: list[Topic], as_: Any
) -> None:
    parallel = _parallel(cast, "Б", cast.class_teacher)
    copy = reverse("diary:programme-copy", args=[parallel.pk])
    assert as_(cast.class_teacher).post(copy, {"source": cast.algebra.pk}).status_code == 302
    assert list(parallel.topics.values_list("title", flat=True).order_by("order")) == titles(cast)


def test_one_action_gives_it_to_the_parallel_classes(cast: Any, topics: list[Topic], as_: Any) -> None:
    parallel = [_parallel(cast, letter, cast.teacher) for letter in "БВ"]
    client = as_(cast.teacher)
    page = client.get(address(cast, "programme"))
    assert [target["pk"] for target in page.context["targets"]] == [course.pk for course in parallel]
    client.post(address(cast, "programme-copies"), {"targets": [course.pk for course in parallel]})
    assert [course.topics.count() for course in parallel] == [3, 3]


def test_but_to_nobody_elses(cast: Any, topics: list[Topic], as_: Any) -> None:
    theirs = _parallel(cast, "Б", cast.class_teacher)
    as_(cast.teacher).post(address(cast, "programme-copies"), {"targets": [theirs.pk]})
    assert not theirs.topics.exists()


def _parallel(cast: Any, letter: str, teacher: Any) -> Any:
    school_class = make.SchoolClassFactory(organisation=cast.school, letter=letter)
    course = make.CourseFactory(school_class=school_class, subject=cast.algebra.subject)
    make.AssignmentFactory(course=course, teacher=teacher)
    return course


def test_a_strangers_programme_is_no_source(cast: Any, as_: Any) -> None:
    stranger = make.TopicFactory(course=make.CourseFactory(subject__name="Алгебра")).course
    response = as_(cast.teacher).post(address(cast, "programme-copy"), {"source": stranger.pk})
    assert response.status_code == 422
    assert not titles(cast)


def test_a_copy_does_not_go_over_a_programme(cast: Any, topics: list[Topic], as_: Any) -> None:
    other = make.CourseFactory(school_class=cast.class_7a)
    make.AssignmentFactory(course=other, teacher=cast.teacher)
    make.TopicFactory(course=other)
    as_(cast.teacher).post(address(cast, "programme-copy"), {"source": other.pk})
    assert len(titles(cast)) == 3


def test_the_head_teachers_list_names_the_state_of_each(cast: Any, topics: list[Topic], as_: Any) -> None:
    make.CourseFactory(school_class=cast.class_7a)
    rows = as_(cast.head_teacher).get(reverse("diary:programmes")).context["rows"]
    assert [row["kind"] for row in rows] == ["draft", "none"]
    only = as_(cast.head_teacher).get(reverse("diary:programmes"), {"state": "none"}).context["rows"]
    assert [row["kind"] for row in only] == ["none"]


def test_the_outsiders_list_holds_their_own_school_alone(cast: Any, topics: list[Topic], as_: Any) -> None:
    page = as_(cast.outsider).get(reverse("diary:programmes"))
    assert "Алгебра" not in page.content.decode()
    assert page.context["all_count"] == 1


def test_the_export_can_be_read_again(cast: Any, topics: list[Topic], as_: Any) -> None:
    Topic.objects.filter(pk=topics[0].pk).update(title="=1+1")
    response = as_(cast.head_teacher).get(address(cast, "programme-export"))
    sheet: Any = load_workbook(io.BytesIO(response.content)).active
    assert sheet["C2"].value == "=1+1"
    assert sheet["C2"].data_type == "s"


def test_statements_do_not_grow_with_topics_and_lessons(cast: Any, topics: list[Topic], as_: Any) -> None:
    client = as_(cast.teacher)
    make.TaughtFactory(lesson=cast.algebra.lessons.get(date="2026-12-14"), topic=topics[0])

    def grow() -> None:
        for number in range(10):
            topic = make.TopicFactory(course=cast.algebra)
            lesson = make.LessonFactory(course=cast.algebra, term=cast.lesson.term, number=number + 10)
            make.TaughtFactory(lesson=lesson, topic=topic)

    assert_same_statements(lambda: client.get(address(cast, "programme")), grow)


def test_nor_those_of_the_list_with_courses(cast: Any, topics: list[Topic], as_: Any) -> None:
    client = as_(cast.head_teacher)

    def grow() -> None:
        for _number in range(10):
            make.TopicFactory(course=make.CourseFactory(school_class=cast.class_7a))

    assert_same_statements(lambda: client.get(reverse("diary:programmes")), grow)


def test_the_same_form_sent_twice_adds_a_topic_once(cast: Any, topics: list[Topic], as_: Any) -> None:
    client, new = as_(cast.teacher), address(cast, "topic-new")
    form = TOPIC | {"shown_version": client.get(new).context["form"].initial["shown_version"]}
    for _twice in range(2):
        assert client.post(new, form).status_code == 302
    assert titles(cast).count("Пропорция") == 1
    again = form | {"shown_version": client.get(new).context["form"].initial["shown_version"]}
    client.post(new, again)
    assert titles(cast).count("Пропорция") == 2


def test_a_long_text_is_counted_and_refused_never_cut(cast: Any, topics: list[Topic], as_: Any) -> None:
    client, new = as_(cast.teacher), address(cast, "topic-new")
    page = client.get(new).content.decode()
    assert 'data-longest="500"' in page
    assert "maxlength" not in page
    refused = client.post(new, TOPIC | {"title": "т" * 501})
    assert refused.status_code == 422
    assert "501" in refused.context["form"].errors["title"][0]
    assert "т" * 501 in refused.content.decode()
