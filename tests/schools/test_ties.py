"""What must always hold is refused by the database itself."""

import datetime
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from schools.models import Appointment, Enrolment, Person
from tests import factories as make

SPRING = datetime.date(2027, 3, 1)


def refuses(make_row: Any) -> bool:
    try:
        with transaction.atomic():
            make_row()
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    except IntegrityError:
        return True
    return False


def test_a_student_is_in_one_class_at_a_time(cast: Any) -> None:
    elsewhere = make.SchoolClassFactory(organisation=cast.other_school)
    assert refuses(lambda: make.EnrolmentFactory(student=cast.student, school_class=elsewhere, since=SPRING))


def test_a_student_may_change_class_from_one_day_to_the_next(cast: Any) -> None:
    cast.student.enrolments.update(until=SPRING - datetime.timedelta(days=1))
    make.EnrolmentFactory(student=cast.student, school_class=make.SchoolClassFactory(), since=SPRING)
    assert Enrolment.objects.on(SPRING).filter(student=cast.student).count() == 1


def test_a_tie_does_not_end_before_it_begins(cast: Any) -> None:
    assert refuses(lambda: cast.student.enrolments.update(until=datetime.date(2020, 1, 1)))


def test_a_class_has_one_class_teacher(cast: Any) -> None:
    assert refuses(lambda: make.ClassTeacherFactory(school_class=cast.class_7a, person=cast.teacher))


def test_nobody_is_their_own_guardian(cast: Any) -> None:
    assert refuses(lambda: make.GuardianshipFactory(guardian=cast.parent, child=cast.parent))


def test_a_course_stays_within_one_school(cast: Any) -> None:
    subject = make.SubjectFactory(organisation=cast.other_school)
    assert refuses(lambda: make.CourseFactory(school_class=cast.class_7a, subject=subject))


def test_a_course_is_of_a_class_or_of_a_group(cast: Any) -> None:
    group = make.GroupFactory(organisation=cast.school)
    assert refuses(lambda: make.CourseFactory(school_class=cast.class_7a, group=group))


def test_homework_is_due_at_a_lesson_of_the_same_course(cast: Any) -> None:
    other = make.LessonFactory(term=cast.lesson.term, course=make.CourseFactory(school_class=cast.class_7a))
    assert refuses(lambda: make.HomeworkFactory(lesson=cast.lesson, due_lesson=other))


def test_terms_of_a_grade_do_not_overlap(cast: Any) -> None:
    assert refuses(lambda: make.TermFactory(organisation=cast.school, kind="half-year", number=1))


def test_quarters_and_half_years_live_side_by_side(cast: Any) -> None:
    make.TermFactory(organisation=cast.other_school, first_grade=1, last_grade=9)
    make.TermFactory(organisation=cast.other_school, kind="half-year", number=1, first_grade=10)


@pytest.mark.parametrize(
    ("role", "place"),
    [
        (Appointment.Role.HEAD_TEACHER, {}),
        (Appointment.Role.REGION_OPERATOR, {"organisation": True}),
        (Appointment.Role.TERRITORY_STAFF, {"organisation": True}),
    ],
)
def test_an_office_is_held_at_its_place(cast: Any, role: int, place: dict[str, bool]) -> None:
    where = {"organisation": cast.school} if place else {}
    assert refuses(lambda: make.AppointmentFactory(person=cast.parent, role=role, **where))


def test_an_office_is_held_once_at_a_time(cast: Any) -> None:
    assert refuses(
        lambda: make.AppointmentFactory(
            person=cast.head_teacher, role=Appointment.Role.HEAD_TEACHER, organisation=cast.school
        )
    )


def test_one_snils_has_one_file(cast: Any) -> None:
    make.PersonFactory(snils="11223344595")
    assert refuses(lambda: make.PersonFactory(snils="11223344595"))


def test_a_teacher_is_in_one_place_at_a_time(cast: Any) -> None:
    make.TimetableEntryFactory(course=cast.algebra, teacher=cast.teacher)
    other = make.CourseFactory(school_class=cast.class_7a)
    assert refuses(lambda: make.TimetableEntryFactory(course=other, teacher=cast.teacher))


def test_odd_and_even_weeks_do_not_clash(cast: Any) -> None:
    make.TimetableEntryFactory(course=cast.algebra, teacher=cast.teacher, first_week=1, last_week=1)
    other = make.CourseFactory(school_class=cast.class_7a)
    make.TimetableEntryFactory(course=other, teacher=cast.teacher, first_week=2, last_week=2)


def test_a_form_hears_it_in_words(cast: Any) -> None:
    enrolment = Enrolment(student=cast.student, school_class=make.SchoolClassFactory(), since=SPRING)
    with pytest.raises(ValidationError, match=r"another class|в другом классе"):
        enrolment.full_clean()


def test_the_snils_is_encrypted_and_found_by_its_hash(cast: Any) -> None:
    person = make.PersonFactory(snils="11223344595")
    with connection.cursor() as cursor:
        cursor.execute("SELECT snils, snils_hash FROM schools_person WHERE id = %s", [person.pk])
        [(stored, digest)] = cursor.fetchall()
    assert "11223344595" not in stored + digest
    assert Person.objects.with_snils("11223344595").get() == person
    assert Person.objects.get(pk=person.pk).masked_snils == "***-***-445 95"


def test_old_keys_still_read_and_match(cast: Any, settings: Any) -> None:
    person = make.PersonFactory(snils="11223344595")
    settings.ENCRYPTION_KEYS = ["bmV3LWtleS1uZXcta2V5LW5ldy1rZXktbmV3LWtleS0=", *settings.ENCRYPTION_KEYS]
    settings.HASH_KEYS = ["new-key", *settings.HASH_KEYS]
    assert Person.objects.get(pk=person.pk).snils == "11223344595"
    assert Person.objects.with_snils("11223344595").get() == person


def test_names_sort_with_yo_as_ye_and_hyphen_as_blank(cast: Any) -> None:
    for surname in ("Ёлкина-Ель", "Ежова", "Ёжикова", "елкина"):
        make.PersonFactory(surname=surname, first_name="Я", patronymic="Я")
    names = Person.objects.filter(first_name="Я").order_by("sort_key").values_list("surname", flat=True)
    assert list(names) == ["Ёжикова", "Ежова", "Ёлкина-Ель", "елкина"]
