"""Rows for tests. Dates default to the academic year 2026/27; the cast's today is in it."""

import datetime
from typing import Any

import factory
from allauth.account.models import EmailAddress
from django.core.files.base import ContentFile
from django.utils import timezone
from factory.django import DjangoModelFactory

from accounts.models import PhoneNumber, Registration, User
from diary.models import (
    Absence,
    AbsenceNote,
    BehaviourMark,
    Homework,
    HomeworkFile,
    KeepingRemark,
    LessonProgramme,
    Mark,
    Remark,
    Result,
    Scale,
    ScaleValue,
    Topic,
    TopicTaught,
    Work,
    WorkKind,
)
from messaging.models import Outgoing
from schedule.models import Bell, Lesson, Room, TimetableEntry
from schools.models import (
    AcademicYear,
    Appointment,
    ClassTeacher,
    Course,
    Employment,
    Enrolment,
    Group,
    GroupMembership,
    Guardianship,
    Locality,
    Municipality,
    Organisation,
    Person,
    SchoolClass,
    Subject,
    TeachingAssignment,
    Term,
    Territory,
)
from schools.models.documents import document_hashes

YEAR_BEGINS = datetime.date(2026, 9, 1)
YEAR_ENDS = datetime.date(2027, 8, 31)


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User

    username = factory.Sequence(lambda n: f"login{n}")
    password = "!"


class TerritoryFactory(DjangoModelFactory):
    class Meta:
        model = Territory

    name = factory.Sequence(lambda n: f"Управление {n}")


class MunicipalityFactory(DjangoModelFactory):
    class Meta:
        model = Municipality

    territory = factory.SubFactory(TerritoryFactory)
    name = factory.Sequence(lambda n: f"Город {n}")


class LocalityFactory(DjangoModelFactory):
    class Meta:
        model = Locality

    municipality = factory.SubFactory(MunicipalityFactory)
    name = factory.Sequence(lambda n: f"Посёлок {n}")


class OrganisationFactory(DjangoModelFactory):
    class Meta:
        model = Organisation

    locality = factory.SubFactory(LocalityFactory)
    code = factory.Sequence(lambda n: f"10263000{n:05d}")
    name = factory.LazyAttribute(lambda o: f"Муниципальная {o.short_name}")
    short_name = factory.Sequence(lambda n: f"Школа № {n}")


class YearFactory(DjangoModelFactory):
    class Meta:
        model = AcademicYear
        django_get_or_create = ("since", "until")

    since = YEAR_BEGINS
    until = YEAR_ENDS


class TermFactory(DjangoModelFactory):
    class Meta:
        model = Term

    organisation = factory.SubFactory(OrganisationFactory)
    year = factory.SubFactory(YearFactory)
    kind = Term.Kind.QUARTER
    number = 2
    since = datetime.date(2026, 11, 2)
    until = datetime.date(2026, 12, 30)


class PersonFactory(DjangoModelFactory):
    class Meta:
        model = Person

    surname = factory.Sequence(lambda n: f"Фамилия{n}")
    first_name = "Александра"
    patronymic = "Сергеевна"
    birth_date = datetime.date(2014, 3, 5)


class SchoolClassFactory(DjangoModelFactory):
    class Meta:
        model = SchoolClass

    organisation = factory.SubFactory(OrganisationFactory)
    year = factory.SubFactory(YearFactory)
    grade = 7
    letter = factory.Sequence(lambda n: f"А{n}")


class GroupFactory(DjangoModelFactory):
    class Meta:
        model = Group
        skip_postgeneration_save = True

    organisation = factory.SubFactory(OrganisationFactory)
    year = factory.SubFactory(YearFactory)
    name = factory.Sequence(lambda n: f"Группа {n}")

    @factory.post_generation
    def classes(self, create: bool, classes: Any, **kwargs: Any) -> None:
        self.classes.set(classes or [])  # type: ignore[attr-defined]


class SubjectFactory(DjangoModelFactory):
    class Meta:
        model = Subject

    organisation = factory.SubFactory(OrganisationFactory)
    name = factory.Sequence(lambda n: f"Предмет {n}")


class CourseFactory(DjangoModelFactory):
    class Meta:
        model = Course

    school_class = factory.SubFactory(SchoolClassFactory)
    organisation = factory.LazyAttribute(lambda o: (o.school_class or o.group).organisation)
    year = factory.LazyAttribute(lambda o: (o.school_class or o.group).year)
    subject = factory.SubFactory(SubjectFactory, organisation=factory.SelfAttribute("..organisation"))
    group = None
    hours_per_week = 3


class TieFactory(DjangoModelFactory):
    class Meta:
        abstract = True

    since = YEAR_BEGINS


class EnrolmentFactory(TieFactory):
    class Meta:
        model = Enrolment

    student = factory.SubFactory(PersonFactory)
    school_class = factory.SubFactory(SchoolClassFactory)


class MembershipFactory(TieFactory):
    class Meta:
        model = GroupMembership

    student = factory.SubFactory(PersonFactory)
    group = factory.SubFactory(GroupFactory)


class EmploymentFactory(TieFactory):
    class Meta:
        model = Employment

    person = factory.SubFactory(PersonFactory, birth_date=datetime.date(1980, 1, 1))
    organisation = factory.SubFactory(OrganisationFactory)
    position = "учитель"


class AssignmentFactory(TieFactory):
    class Meta:
        model = TeachingAssignment

    course = factory.SubFactory(CourseFactory)
    teacher = factory.SubFactory(PersonFactory)


class ClassTeacherFactory(TieFactory):
    class Meta:
        model = ClassTeacher

    school_class = factory.SubFactory(SchoolClassFactory)
    person = factory.SubFactory(PersonFactory)


class GuardianshipFactory(TieFactory):
    class Meta:
        model = Guardianship

    guardian = factory.SubFactory(PersonFactory, birth_date=datetime.date(1985, 1, 1))
    child = factory.SubFactory(PersonFactory)
    kind = Guardianship.Kind.MOTHER


class AppointmentFactory(TieFactory):
    class Meta:
        model = Appointment

    person = factory.SubFactory(PersonFactory, birth_date=datetime.date(1975, 1, 1))
    role = Appointment.Role.HEAD_TEACHER


class RoomFactory(DjangoModelFactory):
    class Meta:
        model = Room

    organisation = factory.SubFactory(OrganisationFactory)
    name = factory.Sequence(lambda n: f"{300 + n}")


class BellFactory(DjangoModelFactory):
    class Meta:
        model = Bell

    organisation = factory.SubFactory(OrganisationFactory)
    number = 1
    starts = datetime.time(8, 0)
    ends = datetime.time(8, 40)


class TimetableEntryFactory(TieFactory):
    class Meta:
        model = TimetableEntry

    course = factory.SubFactory(CourseFactory)
    organisation = factory.SelfAttribute("course.organisation")
    teacher = factory.SubFactory(PersonFactory)
    weekday = 1
    number = 1


class LessonFactory(DjangoModelFactory):
    class Meta:
        model = Lesson

    course = factory.SubFactory(CourseFactory)
    organisation = factory.SelfAttribute("course.organisation")
    term = factory.SubFactory(TermFactory, organisation=factory.SelfAttribute("..organisation"))
    date = datetime.date(2026, 12, 16)
    number = 2
    starts = datetime.time(8, 50)
    ends = datetime.time(9, 30)
    planned_teacher = factory.SubFactory(PersonFactory)
    teacher = factory.SelfAttribute("planned_teacher")


class WorkFactory(DjangoModelFactory):
    class Meta:
        model = Work

    lesson = factory.SubFactory(LessonFactory)
    course = factory.SelfAttribute("lesson.course")
    date = factory.SelfAttribute("lesson.date")
    kind = factory.LazyFunction(lambda: WorkKind.objects.get(organisation=None, code="О"))
    scale = factory.LazyFunction(lambda: Scale.objects.get(code="five-point"))


class MarkFactory(DjangoModelFactory):
    class Meta:
        model = Mark

    class Params:
        text = "5"

    work = factory.SubFactory(WorkFactory)
    student = factory.SubFactory(PersonFactory)
    year = factory.SelfAttribute("work.course.year")
    value = factory.LazyAttribute(lambda o: ScaleValue.objects.get(scale=o.work.scale, text=o.text))
    published_at = datetime.datetime(2026, 12, 16, 6, tzinfo=datetime.UTC)


class AbsenceFactory(DjangoModelFactory):
    class Meta:
        model = Absence

    student = factory.SubFactory(PersonFactory)
    lesson = factory.SubFactory(LessonFactory)


class NoteFactory(DjangoModelFactory):
    class Meta:
        model = AbsenceNote

    student = factory.SubFactory(PersonFactory)
    school_class = factory.SubFactory(SchoolClassFactory)
    since = datetime.date(2026, 12, 16)
    until = factory.SelfAttribute("since")
    reason = "ill"
    by = factory.SubFactory(PersonFactory)
    at = datetime.datetime(2026, 12, 16, 6, tzinfo=datetime.UTC)


class RemarkFactory(DjangoModelFactory):
    class Meta:
        model = Remark

    student = factory.SubFactory(PersonFactory)
    lesson = factory.SubFactory(LessonFactory)
    kind = Remark.Kind.PRAISE
    text = "Помогла соседу"
    by = factory.SelfAttribute("lesson.planned_teacher")


class ResultFactory(DjangoModelFactory):
    class Meta:
        model = Result

    class Params:
        text = "5"

    course = factory.SubFactory(CourseFactory)
    student = factory.SubFactory(PersonFactory)
    year = factory.SelfAttribute("course.year")
    kind = Result.Kind.TERM
    term = factory.SubFactory(TermFactory, organisation=factory.SelfAttribute("..course.organisation"))
    value = factory.LazyAttribute(lambda o: ScaleValue.objects.get(scale__code="five-point", text=o.text))
    by = factory.SubFactory(PersonFactory)
    at = datetime.datetime(2026, 12, 16, 6, tzinfo=datetime.UTC)


class BehaviourMarkFactory(DjangoModelFactory):
    class Meta:
        model = BehaviourMark

    class Params:
        text = "прим."

    school_class = factory.SubFactory(SchoolClassFactory)
    student = factory.SubFactory(PersonFactory)
    value = factory.LazyAttribute(lambda o: ScaleValue.objects.get(scale__code="behaviour", text=o.text))
    by = factory.SubFactory(PersonFactory)
    at = datetime.datetime(2026, 12, 16, 6, tzinfo=datetime.UTC)


class HomeworkFactory(DjangoModelFactory):
    class Meta:
        model = Homework

    lesson = factory.SubFactory(LessonFactory)
    course = factory.SelfAttribute("lesson.course")
    due_on = datetime.date(2026, 12, 18)
    text = "§\u00a021, №\u00a0388"


class KeepingRemarkFactory(DjangoModelFactory):
    class Meta:
        model = KeepingRemark

    course = factory.SubFactory(CourseFactory)
    text = "Проверьте темы уроков"
    asked_by = factory.SubFactory(PersonFactory)
    asked_at = factory.LazyFunction(timezone.now)


class HomeworkFileFactory(DjangoModelFactory):
    class Meta:
        model = HomeworkFile

    homework = factory.SubFactory(HomeworkFactory)
    name = "Карточка.pdf"
    file = factory.LazyFunction(lambda: ContentFile(b"%PDF-1.7", "card"))
    size = 8
    content_type = "application/pdf"
    sha256 = "0" * 64
    by = factory.SelfAttribute("homework.lesson.planned_teacher")


class OutgoingFactory(DjangoModelFactory):
    class Meta:
        model = Outgoing

    channel = "sms"
    recipient = "+79271234567"
    text = "Код: 481516. Никому его не говорите."
    language = "ru"
    created_at = factory.LazyFunction(timezone.now)
    next_attempt_at = factory.SelfAttribute("created_at")


class LetterFactory(OutgoingFactory):
    channel = "email"
    recipient = "anna@family.example"
    subject = "Новый пароль"


class EmailFactory(DjangoModelFactory):
    class Meta:
        model = EmailAddress

    email = factory.Sequence(lambda n: f"registered{n}@family.example")
    verified = True
    primary = True


class PhoneFactory(DjangoModelFactory):
    class Meta:
        model = PhoneNumber

    number = factory.Sequence(lambda n: f"+7927100{n:04d}")
    number_hash = factory.LazyAttribute(lambda o: document_hashes(o.number)[0])
    confirmed_at = factory.LazyFunction(timezone.now)


class RegistrationFactory(DjangoModelFactory):
    """A teacher's, with telephone and e-mail confirmed; of whom nobody's file knows."""

    class Meta:
        model = Registration
        skip_postgeneration_save = True

    account = factory.SubFactory(
        UserFactory, origin="registered", last_login=factory.LazyFunction(timezone.now)
    )
    status = "teacher"
    surname = "Новикова"
    first_name = "Ольга"
    patronymic = "Петровна"
    birth_date = datetime.date(1984, 2, 29)
    language = "ru"

    @factory.post_generation
    def contacts(self, create: bool, confirmed: Any, **kwargs: Any) -> None:
        if confirmed is not False:
            EmailFactory(user=self.account)
            PhoneFactory(account=self.account)


class ProgrammeFactory(DjangoModelFactory):
    class Meta:
        model = LessonProgramme
        django_get_or_create = ("course",)

    course = factory.SubFactory(CourseFactory)


class TopicFactory(DjangoModelFactory):
    """At the end of the course's programme, which is begun with it."""

    class Meta:
        model = Topic

    course = factory.SubFactory(CourseFactory)
    order = factory.LazyAttribute(lambda o: Topic.objects.filter(course=o.course).count() + 1)
    title = factory.LazyAttribute(lambda o: f"Тема {o.order}")

    @classmethod
    def _create(cls, model_class: Any, *args: Any, **kwargs: Any) -> Any:
        ProgrammeFactory(course=kwargs["course"])
        return super()._create(model_class, *args, **kwargs)


class TaughtFactory(DjangoModelFactory):
    class Meta:
        model = TopicTaught

    lesson = factory.SubFactory(LessonFactory)
    course = factory.SelfAttribute("lesson.course")
    topic = factory.SubFactory(TopicFactory, course=factory.SelfAttribute("..course"))
