"""The cast: a small school day on Wednesday 16 December 2026, 12:00 in Samara, and an outsider."""

import datetime
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.contrib.auth.hashers import make_password
from django.core.cache import cache
from django.test import Client

from accounts.models import User
from diary.models import Scale
from schedule.models import Lesson
from schools.database import close_history
from schools.doors import Door, Level, Proof
from schools.models import Appointment, Course, Organisation, Person, SchoolClass
from tests import factories as make

pytest_plugins = ["tests.browser_setup"]

TODAY = datetime.date(2026, 12, 16)
NOW = datetime.datetime(2026, 12, 16, 12, tzinfo=datetime.timezone(datetime.timedelta(hours=4)))
PASSWORD = "right-password-1"
OPENS_EVERYTHING = Proof(Door.ESIA, Level.VERIFIED, second_factor=True)


@pytest.fixture(scope="session")
def password_hash() -> str:
    """PBKDF2 is made to be slow: one hash serves every account of the tests."""
    return make_password(PASSWORD)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """A browser test empties all tables; what migrations put there comes back."""
    with django_db_blocker.unblock():
        close_history()
        restore_standard_rows()


def restore_standard_rows() -> None:
    """The scales and kinds of work that a migration makes."""
    if not Scale.objects.exists():
        for name in ("0002_standard_scales_and_kinds", "0012_behaviour_scale"):
            import_module(f"diary.migrations.{name}").add(apps, None)


@pytest.fixture(autouse=True)
def _standard_rows(request: pytest.FixtureRequest) -> None:
    """A test that commits empties all tables behind it; what migrations put there comes back."""
    if request.node.get_closest_marker("django_db") or "db" in request.fixturenames:
        request.getfixturevalue("_django_db_helper")
        restore_standard_rows()


@pytest.fixture(autouse=True)
def _clean_cache() -> None:
    """Sessions and limits of one test are not the next one's."""
    cache.clear()


@pytest.fixture(autouse=True)
def _private_files(settings: Any, tmp_path: Any) -> None:
    """What a test stores goes with it."""
    settings.PRIVATE_FILES_ROOT = str(tmp_path / "files")


@pytest.fixture
def today() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield TODAY


@dataclass
class Cast:
    """Everybody the tests name. `school` and `class_7a` are the family's; `other_…` the outsider's."""

    school: Organisation
    other_school: Organisation
    class_7a: SchoolClass
    algebra: Course
    lesson: Lesson
    teacher: Person
    class_teacher: Person
    head_teacher: Person
    administrator: Person
    student: Person
    classmate: Person
    parent: Person
    other_parent: Person
    territory_staff: Person
    region_operator: Person
    outsider: Person  # a teacher, class teacher and administrator of the other school

    def people(self) -> dict[str, Person]:
        return {name: value for name, value in vars(self).items() if isinstance(value, Person)}


def _person(surname: str, first_name: str, patronymic: str, born: int, password_hash: str) -> Person:
    account = make.UserFactory(password=password_hash)
    return make.PersonFactory(
        surname=surname,
        first_name=first_name,
        patronymic=patronymic,
        birth_date=datetime.date(born, 5, 17),
        account=account,
    )


@pytest.fixture
def cast(db: Any, today: Any, password_hash: str) -> Cast:
    def person(surname: str, first_name: str, patronymic: str, born: int) -> Person:
        return _person(surname, first_name, patronymic, born, password_hash)

    school = make.OrganisationFactory(short_name="Школа № 1")
    other_school = make.OrganisationFactory(short_name="Чужая школа")
    class_7a = make.SchoolClassFactory(organisation=school, letter="А")
    cast = Cast(
        school=school,
        other_school=other_school,
        class_7a=class_7a,
        algebra=make.CourseFactory(school_class=class_7a, subject__name="Алгебра"),
        lesson=Lesson(),
        teacher=person("Кузнецова", "Елена", "Викторовна", 1980),
        class_teacher=person("Петрова", "Тамара", "Алексеевна", 1978),
        head_teacher=person("Орлов", "Сергей", "Павлович", 1970),
        administrator=person("Зимина", "Ольга", "Игоревна", 1985),
        student=person("Соколова", "Мария", "Андреевна", 2013),
        classmate=person("Ёлкин", "Артём", "Ильич", 2013),
        parent=person("Соколова", "Анна", "Юрьевна", 1986),
        other_parent=person("Ёлкина", "Вера", "Львовна", 1986),
        territory_staff=person("Титова", "Нина", "Олеговна", 1975),
        region_operator=person("Ремизов", "Пётр", "Кузьмич", 1975),
        outsider=person("Чужих", "Инна", "Романовна", 1983),
    )
    _tie(cast)
    cast.lesson = make.LessonFactory(course=cast.algebra, planned_teacher=cast.teacher, number=2)
    return cast


def _tie(cast: Cast) -> None:
    for student, guardian in ((cast.student, cast.parent), (cast.classmate, cast.other_parent)):
        make.EnrolmentFactory(student=student, school_class=cast.class_7a)
        make.GuardianshipFactory(guardian=guardian, child=student)
    for employee in (cast.teacher, cast.class_teacher, cast.head_teacher, cast.administrator):
        make.EmploymentFactory(person=employee, organisation=cast.school)
    make.AssignmentFactory(course=cast.algebra, teacher=cast.teacher)
    make.ClassTeacherFactory(school_class=cast.class_7a, person=cast.class_teacher)
    office, role = make.AppointmentFactory, Appointment.Role
    office(person=cast.head_teacher, role=role.HEAD_TEACHER, organisation=cast.school)
    office(person=cast.administrator, role=role.SCHOOL_ADMINISTRATOR, organisation=cast.school)
    territory = cast.school.locality.municipality.territory
    office(person=cast.territory_staff, role=role.TERRITORY_STAFF, territory=territory)
    office(person=cast.region_operator, role=role.REGION_OPERATOR)

    other_class = make.SchoolClassFactory(organisation=cast.other_school, letter="А")
    make.EmploymentFactory(person=cast.outsider, organisation=cast.other_school)
    make.AssignmentFactory(course=make.CourseFactory(school_class=other_class), teacher=cast.outsider)
    make.ClassTeacherFactory(school_class=other_class, person=cast.outsider)
    for office_role in (role.HEAD_TEACHER, role.SCHOOL_ADMINISTRATOR):
        office(person=cast.outsider, role=office_role, organisation=cast.other_school)


@dataclass
class Outlasted:
    """People whose tie to the cast's school ended yesterday, or never went as far."""

    former_teacher: Person  # of the algebra, employed until yesterday
    former_student: Person  # of 7 «А» until yesterday
    former_guardian: Person  # of the student, struck off yesterday
    limited_guardian: Person  # of the student, but a court lets them see nothing
    substitute: Person  # of another lesson of the algebra


@pytest.fixture
def outlasted(cast: Cast, password_hash: str) -> Outlasted:
    def person(surname: str, born: int) -> Person:
        return _person(surname, "Саша", "", born, password_hash)

    found = Outlasted(
        former_teacher=person("Уволенных", 1980),
        former_student=person("Выбывших", 2013),
        former_guardian=person("Исключённых", 1985),
        limited_guardian=person("Лишённых", 1985),
        substitute=person("Заменяющих", 1980),
    )
    yesterday = TODAY - datetime.timedelta(days=1)
    make.EmploymentFactory(person=found.former_teacher, organisation=cast.school, until=yesterday)
    make.AssignmentFactory(course=cast.algebra, teacher=found.former_teacher)
    make.EnrolmentFactory(student=found.former_student, school_class=cast.class_7a, until=yesterday)
    make.GuardianshipFactory(guardian=found.former_guardian, child=cast.student, until=yesterday)
    make.GuardianshipFactory(guardian=found.limited_guardian, child=cast.student, may_see=False)
    make.EmploymentFactory(person=found.substitute, organisation=cast.school)
    make.LessonFactory(
        course=cast.algebra,
        term=cast.lesson.term,
        number=3,
        planned_teacher=cast.teacher,
        teacher=found.substitute,
    )
    return found


@pytest.fixture
def as_() -> Any:
    """A client of one person: `as_(cast.parent).get(…)`; of nobody: `as_(None)`.

    It came through the door that opens everything, a verified account of ESIA with a second factor,
    unless `proof` says otherwise.
    """

    def sign_in(person: Person | User | None, proof: Proof | None = OPENS_EVERYTHING) -> Client:
        client = Client()
        if person is not None:
            account = person if isinstance(person, User) else person.account
            assert account is not None
            client.force_login(account, backend="accounts.backends.PersonBackend")
            if proof is not None:
                session = client.session
                proof.keep_in(session)
                session.save()
        return client

    return sign_in
