"""axe finds nothing on any page, in light and dark, and nothing scrolls sideways at 360 px."""

import datetime
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.files.base import ContentFile

from accounts.models import SignInAttempt
from diary.corrections import deciding
from diary.models import CarriedAbsence, JournalRules, Phrase, Point, WorkKind
from diary.notes import answering
from schools.models import TieProposal
from tests import factories as make
from tests.browser.conftest import DESKTOP, PHONE
from tests.conftest import NOW
from tests.diary.closed import asked, close, lesson_of_autumn

pytestmark = pytest.mark.browser
DAY = datetime.timedelta(days=1)

NARROWEST = {"width": 320, "height": 640}


# Keys that no sequence comes to, however many tests have run before.
OUTGOING, REGISTRATION, HOMEWORK, POINT, WORK, TOPIC = 481_500, 162_300, 420_000, 430_000, 108_000, 440_000
NOTE = 450_000


@pytest.fixture
def full_day(cast: Any) -> Any:
    """Every kind of thing that the pages can show, with long words."""
    cast.algebra.subject.name = "Английский язык"
    cast.algebra.subject.save(update_fields=["name"])
    friday = make.LessonFactory(course=cast.algebra, term=cast.lesson.term, date=datetime.date(2026, 12, 18))
    homework = make.HomeworkFactory(
        pk=HOMEWORK, lesson=cast.lesson, due_lesson=friday, due_on=friday.date, minutes=20
    )
    make.HomeworkFileFactory(homework=homework, name="Рабочая тетрадь, часть первая, страницы 12–48.pdf")
    homework.links.create(url="https://resh.edu.ru/subject/lesson/7-rather-long-address-of-a-lesson/")
    parallel = make.CourseFactory(
        subject=cast.algebra.subject, school_class=make.SchoolClassFactory(organisation=cast.school, grade=7)
    )
    make.AssignmentFactory(course=parallel, teacher=cast.teacher)
    make.LessonFactory(course=parallel, term=cast.lesson.term)
    for number, text in enumerate(("5", "4", "3", "2", "осв"), start=1):
        make.MarkFactory(work__lesson=cast.lesson, work__number=number, student=cast.student, text=text)
    late = make.LessonFactory(
        course=cast.algebra, term=cast.lesson.term, number=5, planned_teacher=cast.teacher
    )
    make.AbsenceFactory(lesson=cast.lesson, student=cast.student)
    make.AbsenceFactory(lesson=late, student=cast.student, code="late", minutes=7)
    friday.substitute(cast.class_teacher, by=cast.head_teacher)
    make.LessonFactory(course=cast.algebra, term=cast.lesson.term, number=6).cancel(by=cast.head_teacher)
    JournalRules.objects.create(organisation=cast.school, behaviour="words", fewest_marks=2)
    make.ResultFactory(
        course=cast.algebra, term=cast.lesson.term, student=cast.classmate, text="4", reason="Пересдал тему"
    )
    plan_and_owe(cast)
    make.SchoolClassFactory(organisation=cast.school, grade=5)
    make.EnrolmentFactory(student=cast.head_teacher, school_class=cast.class_7a)
    SignInAttempt.objects.create(username=cast.teacher.account.username, succeeded=False)
    make.LetterFactory(recipient="a-rather-long-name-of-somebody@a-rather-long-name-of-a-school.example")
    make.OutgoingFactory(pk=OUTGOING)
    proposed = {"tie": "guardianship", "child": cast.classmate.pk, "kind": "relative"}
    TieProposal.objects.create(person=cast.parent, organisation=cast.school, proposed=proposed)
    for number, day in enumerate((14, 15, 18), start=1):
        make.TopicFactory(
            pk=TOPIC + number,
            course=cast.algebra,
            section="Достопримечательности Великобритании",
            title="Усовершенствование произносительных навыков",
            homework="§ 21, № 392",
            note="с презентацией",
            is_test=number == 2,
            plan=[datetime.date(2026, 12, day)],
        )
    make.TaughtFactory(lesson=late, topic_id=TOPIC + 1, topic=None)
    make.RegistrationFactory(pk=REGISTRATION, organisation=cast.school, surname="Константинопольская")
    files = {"surname": "Константинопольская", "first_name": "Ольга"}
    make.EmploymentFactory(person=make.PersonFactory(**files), organisation=cast.school, position="педагог")
    correct_in_a_closed_term(cast)
    excuse(cast)
    return cast


def excuse(cast: Any) -> None:
    """A note that waits, with a file, and one that was refused."""
    whose = {"student": cast.student, "school_class": cast.class_7a, "by": cast.parent, "reason": "valid"}
    make.NoteFactory(
        pk=NOTE,
        **whose,
        text="Достопримечательности " * 10,
        file=ContentFile(b"%PDF-1.7", "note"),
        name="Справка из поликлиники № 14, страницы 1–2.pdf",
        content_type="application/pdf",
    )
    refused = make.NoteFactory(pk=NOTE + 1, **whose, since=datetime.date(2026, 12, 9), text="Соревнования")
    answering.refuse(refused.pk, by=cast.class_teacher, at=NOW, words="Приложите приказ " * 8)


def correct_in_a_closed_term(cast: Any) -> None:
    """One correction approved and one waiting; and a term that can be closed."""
    cast.autumn = lesson_of_autumn(cast)
    make.MarkFactory(work__lesson=cast.autumn, student=cast.student, text="3")
    close(cast, cast.autumn)
    approved = asked(cast, cast.autumn)
    deciding.approve(approved.pk, by=cast.head_teacher, at=NOW)
    cast.correction = asked(cast, cast.autumn, student=cast.classmate, reason="Перепутала " * 20)
    week = {"since": datetime.date(2026, 10, 26), "until": datetime.date(2026, 11, 1)}
    cast.over = make.TermFactory(organisation=cast.school, kind="trimester", number=1, **week)


def plan_and_owe(cast: Any) -> None:
    """A planned test, a point, an absence carried on, own phrases."""
    test = WorkKind.objects.get(organisation=None, code="К")
    make.WorkFactory(pk=WORK, lesson=cast.lesson, kind=test, title="Контрольная № 3, квадратные уравнения")
    owed = make.WorkFactory(lesson=cast.lesson, number=9)
    due = datetime.date(2026, 12, 15)
    Point.objects.create(pk=POINT, work=owed, student=cast.classmate, due_on=due, by=cast.teacher)
    stand_among_others(cast)
    CarriedAbsence.objects.create(student=cast.student, lesson=cast.lesson, by=cast.teacher)
    Phrase.objects.create(person=cast.teacher, text="решила двумя способами")
    Phrase.objects.create(person=cast.teacher, kind="praise", text="помогла соседу")


def stand_among_others(cast: Any) -> None:
    """Enough of the class have marks, and the student owes a work."""
    for number in range(7):
        other = make.PersonFactory(surname=f"Константинопольский{number}")
        make.EnrolmentFactory(student=other, school_class=cast.class_7a)
        lesson = make.LessonFactory(
            course=cast.algebra, term=cast.lesson.term, date=datetime.date(2026, 12, 9), number=20 + number
        )
        for student in (cast.student, other):
            mark = {"student": student, "text": f"{2 + number % 4}", "published_at": NOW - 5 * DAY}
            make.MarkFactory(work__lesson=lesson, work__number=1 + (student == other), **mark)
    owed = make.WorkFactory(
        lesson=cast.lesson, number=10, title="Контрольная № 4, прямоугольные треугольники"
    )
    due = datetime.date(2026, 12, 17)
    Point.objects.create(work=owed, student=cast.student, due_on=due, by=cast.teacher)


PAGES = [
    ("front", None, "/"),
    ("help", None, "/help/"),
    ("sign-in", None, "/sign-in/?as=parent"),
    ("registration", None, "/account/signup/"),
    ("registration of a teacher", None, "/account/signup/?as=teacher"),
    ("registrations", "administrator", "/registrations/"),
    ("registration to decide", "administrator", f"/registrations/{REGISTRATION}/"),
    ("not found", None, "/nowhere/"),
    ("home of a parent", "parent", "/home/"),
    ("home of an office", "region_operator", "/home/"),
    ("week", "student", "/diary/"),
    ("empty week", "student", "/diary/{student}/2027-07-05/"),
    ("subjects", "parent", "/diary/{student}/subjects/"),
    ("subject", "student", "/diary/{student}/subjects/{algebra}/"),
    ("debts", "parent", "/diary/{student}/debts/"),
    ("standing", "parent", "/diary/{student}/standing/"),
    ("standing of a class", "class_teacher", "/classes/{class_7a}/standing/"),
    ("class timetable", "student", "/classes/{class_7a}/timetable/"),
    ("classes", "teacher", "/classes/"),
    ("teacher's day", "teacher", "/lessons/"),
    ("empty day", "teacher", "/lessons/on/2026-12-20/"),
    ("lesson", "teacher", "/lessons/{lesson}/"),
    ("history of a cell", "teacher", "/lessons/{lesson}/students/{student}/history/"),
    ("history of a cell for the family", "parent", "/lessons/{lesson}/students/{student}/history/"),
    ("history of results", "parent", "/diary/{student}/results/{algebra}/history/"),
    ("journals", "teacher", "/journals/"),
    ("journals of a school", "head_teacher", "/journals/"),
    ("journal", "teacher", "/journals/{algebra}/"),
    ("journal, read only", "head_teacher", "/journals/{algebra}/"),
    ("lesson, read only", "class_teacher", "/lessons/{lesson}/"),
    ("results", "teacher", "/journals/{algebra}/results/"),
    ("results, read only", "class_teacher", "/journals/{algebra}/results/"),
    ("average", "parent", "/journals/{algebra}/terms/{term}/averages/{student}/"),
    ("reports", "parent", "/diary/{student}/reports/"),
    ("report of progress", "parent", "/diary/{student}/reports/progress/"),
    (
        "report of days the wrong way round",
        "parent",
        "/diary/{student}/reports/progress/?since=2026-12-16&until=2026-12-01",
    ),
    ("report of a term", "parent", "/diary/{student}/reports/term/"),
    ("report of the year", "student", "/diary/{student}/reports/year/"),
    ("reports of a class", "class_teacher", "/classes/{class_7a}/reports/"),
    ("calendar", "parent", "/calendar/"),
    ("results of a class", "class_teacher", "/journals/classes/{class_7a}/results/"),
    ("rules of the journal", "head_teacher", "/schools/{school}/journal-rules/"),
    ("homework", "teacher", f"/homework/{HOMEWORK}/"),
    ("homework of a day", "teacher", "/lessons/{lesson}/load/"),
    ("homework for parallel classes", "teacher", f"/homework/{HOMEWORK}/copies/"),
    ("another homework", "teacher", "/lessons/{lesson}/homework/"),
    ("new point", "teacher", "/lessons/{lesson}/points/new/"),
    ("point", "teacher", "/points/{point}/"),
    ("points of a course", "teacher", "/courses/{course}/points/"),
    ("scale of a course", "head_teacher", "/courses/{course}/scale/"),
    ("new work", "teacher", "/lessons/{lesson}/works/new/"),
    ("planned work", "teacher", "/works/{work}/"),
    ("tests of a class", "teacher", "/classes/{class_7a}/tests/"),
    ("attendance", "parent", "/diary/{student}/attendance/"),
    ("attendance of a year", "student", "/diary/{student}/attendance/year/"),
    ("new absence note", "parent", "/diary/{student}/attendance/notes/new/"),
    ("new note on lessons", "parent", "/diary/{student}/attendance/notes/new/2026-12-16/"),
    ("absence note", "class_teacher", f"/absence-notes/{NOTE}/"),
    ("own absence note", "parent", f"/absence-notes/{NOTE}/"),
    ("absences of a class", "class_teacher", "/classes/{class_7a}/absences/"),
    ("absences of a class, read only", "head_teacher", "/classes/{class_7a}/absences/"),
    ("phrases", "teacher", "/phrases/"),
    ("programmes", "head_teacher", "/programmes/"),
    ("programme", "teacher", "/programmes/{course}/"),
    ("programme, its order", "teacher", "/programmes/{course}/?order"),
    ("programme to approve", "head_teacher", "/programmes/{course}/"),
    ("programme to copy", "teacher", "/programmes/{course}/copy/"),
    ("programme to import", "teacher", "/programmes/{course}/import/"),
    ("topic", "teacher", f"/programmes/{{course}}/topics/{TOPIC + 2}/"),
    ("new topic", "teacher", "/programmes/{course}/topics/new/"),
    ("more", "parent", "/more/"),
    ("several roles", "head_teacher", "/more/"),
    ("security", "teacher", "/security/"),
    ("own sign-ins", "teacher", "/security/sign-ins/"),
    ("sessions", "teacher", "/account/sessions/"),
    ("second factor", "teacher", "/account/2fa/"),
    ("application of codes", "teacher", "/account/2fa/totp/activate/"),
    ("new passkey", "teacher", "/account/2fa/webauthn/add/"),
    ("own passkeys", "teacher", "/account/2fa/webauthn/"),
    ("e-mail", "teacher", "/account/email/"),
    ("telephone", "teacher", "/account/phone/change/"),
    ("secret question", "teacher", "/security/question/"),
    ("password", "teacher", "/account/password/change/"),
    ("is it you", "teacher", "/account/reauthenticate/"),
    ("sign in anew", "teacher", "/sign-in/anew/"),
    ("closed account", None, "/account/inactive/"),
    ("outbox", None, "/outbox/"),
    ("sms in the outbox", None, f"/outbox/{OUTGOING}/"),
    ("terms", "head_teacher", "/terms/"),
    ("term", "head_teacher", "/terms/{term}/"),
    ("term that is closed", "head_teacher", "/terms/{autumn.term_id}/"),
    ("closing a term", "head_teacher", "/terms/{over.pk}/closure/"),
    ("closing a year", "head_teacher", "/schools/{school}/years/{year}/closure/"),
    ("corrections", "head_teacher", "/corrections/"),
    ("correction", "head_teacher", "/corrections/{correction.pk}/"),
    ("correction to ask for", "teacher", "/corrections/new/?lesson={autumn.pk}&student={student}"),
    (
        "form of a correction",
        "teacher",
        "/corrections/new/?lesson={autumn.pk}&student={student}&subject=mark",
    ),
    ("lesson of a closed term", "teacher", "/lessons/{autumn.pk}/"),
    ("week with a correction", "student", "/diary/{student}/2026-10-12/"),
    ("proposal", "parent", "/proposals/{proposal}/"),
    ("version for low vision", None, "/vision/"),
    ("no connection", None, "/offline/"),
]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("name", "role", "path"), PAGES, ids=[page[0] for page in PAGES])
def test_axe_finds_nothing(
    full_day: Any, visitor: Any, name: str, role: str | None, path: str, scheme: str
) -> None:
    person = getattr(full_day, role) if role else None
    guest = visitor(person, size=PHONE if scheme == "dark" else DESKTOP, color_scheme=scheme)
    page = guest.open(_address(path, full_day))
    assert not guest.complaints
    results = Axe().run(page)
    guest.complaints.clear()  # axe itself looks for imported style sheets at wrong addresses
    assert results.violations_count == 0, results.generate_report()


@pytest.mark.parametrize("locale", ["ru", "en"])
@pytest.mark.parametrize(("name", "role", "path"), PAGES, ids=[page[0] for page in PAGES])
def test_nothing_scrolls_sideways_on_a_phone(
    full_day: Any, visitor: Any, name: str, role: str | None, path: str, locale: str
) -> None:
    guest = visitor(getattr(full_day, role) if role else None, locale=locale)
    page = guest.open(_address(path, full_day))
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


ROLES = sorted({role or "" for _name, role, _path in PAGES})
# By turns, so that every scheme and every size of letters is looked at on each kind of page.
VERSIONS = ("white-28", "black-34", "blue-40")
# axe takes a second a page: of each role's pages these many, spread over the list.
PAGES_FOR_AXE = 4


def _pages_of(role: str) -> list[tuple[str, str]]:
    return [(name, path) for name, whose, path in PAGES if (whose or "") == role]


def _in_version(guest: Any, version: str) -> None:
    guest.page.context.add_cookies([{"name": "vision", "value": version, "url": guest.address}])


@pytest.mark.parametrize("role", ROLES)
def test_axe_finds_nothing_in_the_version_for_low_vision(full_day: Any, visitor: Any, role: str) -> None:
    guest = visitor(getattr(full_day, role) if role else None)
    pages = _pages_of(role)
    for number, (name, path) in enumerate(pages[:: -(-len(pages) // PAGES_FOR_AXE)]):
        _in_version(guest, VERSIONS[number % len(VERSIONS)])
        page = guest.open(_address(path, full_day))
        results = Axe().run(page)
        guest.complaints.clear()
        assert results.violations_count == 0, f"{name}: {results.generate_report()}"


@pytest.mark.parametrize("role", ROLES)
def test_nothing_scrolls_sideways_at_320_pixels(full_day: Any, visitor: Any, role: str) -> None:
    guest = visitor(getattr(full_day, role) if role else None, size=NARROWEST)
    wide = []
    for number, (name, path) in enumerate(_pages_of(role)):
        for version in ("", VERSIONS[number % len(VERSIONS)]):
            _in_version(guest, version)
            width = guest.open(_address(path, full_day)).evaluate("document.documentElement.scrollWidth")
            wide += [(name, version, width)] if width > NARROWEST["width"] else []
    assert not wide


def _address(path: str, cast: Any) -> str:
    numbers = {
        "student": cast.student.pk,
        "class_7a": cast.class_7a.pk,
        "lesson": cast.lesson.pk,
        "algebra": cast.algebra.pk,
        "term": cast.lesson.term_id,
        "school": cast.school.pk,
    }
    numbers |= {"course": cast.algebra.pk, "point": POINT, "work": WORK, "year": cast.class_7a.year_id}
    rows = {"autumn": cast.autumn, "correction": cast.correction, "over": cast.over}
    return path.format(**numbers, **rows, proposal=cast.parent.tie_proposals.get().pk)
