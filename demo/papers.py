"""Files and links of recent homework, homework of groups and of single students. All written by us."""

import hashlib
from datetime import date, timedelta
from io import BytesIO
from typing import Any, NamedTuple

import typst

from demo.copying import copy_rows
from diary.models import Homework, HomeworkAddressee, HomeworkFile, HomeworkLink
from diary.private_files import private_files
from schools.models import Enrolment, Group, Organisation

RECENT = timedelta(days=10)
# Every so many homeworks one has a link, a file; every so many courses one sets something for a group
# and something for one student besides.
LINKED, FILED, GROUPED, SINGLED = 6, 9, 3, 4
LINKS = (
    ("https://resh.edu.ru/", "Российская электронная школа"),
    ("https://gramota.ru/", "Справочник «Грамота»"),
    ("https://ru.wikipedia.org/", ""),
)
FOR_A_GROUP = ("Разобрать дополнительную карточку, решение в тетради", 15)
FOR_ONE = ("Переписать работу над ошибками, показать до урока", 10)
NOTES = """Как выполнять задание

1. Прочитайте условие до конца и выпишите, что известно.
2. Решите сначала то, что получается сразу.
3. Проверьте ответ другим способом.
4. Если не получилось за отведённое время, отметьте место, где остановились: разберём на уроке.
"""
CARD = """#set document(title: "Карточка", date: none)
#set page(paper: "a5")
#set text(lang: "ru", size: 12pt)
= Карточка для домашней работы
+ Выпишите из параграфа два главных правила.
+ Придумайте к каждому по одному примеру.
+ Решите пример соседа по парте и проверьте друг друга.
"""


class Sheet(NamedTuple):
    name: str
    content: bytes
    content_type: str

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.content).hexdigest()

    @property
    def path(self) -> str:
        """The same at each load: all homework of the demo shares the bytes."""
        return f"{self.digest[:2]}/{self.digest[:32]}"


def add_papers(school: Organisation, *, today: date) -> None:
    recent = Homework.objects.filter(
        course__organisation=school, lesson__date__gt=today - RECENT, lesson__term__closure=None
    )
    found: list[Any] = list(recent.select_related("lesson", "course").order_by("pk"))
    sheets = [_kept(sheet) for sheet in _sheets()]
    _add_links(found[::LINKED])
    _add_files(found[::FILED], sheets)
    last_of_course = list({homework.course_id: homework for homework in found}.values())
    _set_for_groups(last_of_course[::GROUPED])
    _set_for_one(last_of_course[::SINGLED])


def _sheets() -> list[Sheet]:
    fonts = typst.Fonts(include_system_fonts=False)  # the same bytes on every computer
    card: Any = typst.compile(CARD.encode(), format="pdf", font_paths=fonts)
    return [
        Sheet("Как выполнять задание.txt", NOTES.encode(), "text/plain"),
        Sheet("Карточка.pdf", card, "application/pdf"),
    ]


def _kept(sheet: Sheet) -> Sheet:
    storage = private_files()
    if not storage.exists(sheet.path):
        storage.save(sheet.path, BytesIO(sheet.content))
    return sheet


def _add_links(found: list[Any]) -> None:
    rows = []
    for number, homework in enumerate(found):
        url, title = LINKS[number % len(LINKS)]
        rows.append({"homework_id": homework.pk, "url": url, "title": title})
    copy_rows(HomeworkLink, rows)


def _add_files(found: list[Any], sheets: list[Sheet]) -> None:
    rows = []
    for number, homework in enumerate(found):
        sheet = sheets[number % len(sheets)]
        rows.append(
            {
                "homework_id": homework.pk,
                "name": sheet.name,
                "file": sheet.path,
                "size": len(sheet.content),
                "content_type": sheet.content_type,
                "sha256": sheet.digest,
                "by_id": homework.lesson.teacher_id,
                "at": homework.published_at,
            }
        )
    copy_rows(HomeworkFile, rows)


def _besides(homework: Any, text: str, minutes: int, group: Group | None = None) -> Homework:
    besides = Homework.objects.create(
        course=homework.course,
        lesson=homework.lesson,
        due_lesson_id=homework.due_lesson_id,
        due_on=homework.due_on,
        text=text,
        minutes=minutes,
        group=group,
    )
    Homework.objects.filter(pk=besides.pk).update(published_at=homework.published_at)
    return besides


def _set_for_groups(found: list[Any]) -> None:
    for homework in found:
        group = Group.objects.filter(classes=homework.course.school_class_id).order_by("pk").first()
        if group:
            _besides(homework, *FOR_A_GROUP, group=group)


def _set_for_one(found: list[Any]) -> None:
    for homework in found:
        there = Enrolment.objects.on(homework.lesson.date).filter(
            school_class=homework.course.school_class_id
        )
        if enrolment := there.order_by("pk").first():
            besides = _besides(homework, *FOR_ONE)
            HomeworkAddressee.objects.create(homework=besides, person_id=enrolment.student_id)
