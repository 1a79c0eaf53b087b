"""Files of homework: known by their content, kept privately, handed out to those who may see the lesson."""

import datetime
import zlib
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
import time_machine
from django.conf import settings
from django.urls import reverse

from diary.homework.contents import recognise
from diary.homework.files import clean_name, remove_unused
from diary.models import Homework, HomeworkFile
from schools.models import Information
from tests import factories as make
from tests.conftest import NOW
from tests.diary.homework import DOCX, EXE, PDF, PNG, HomeworkPage, archive, upload
from tests.diary.test_lesson_page import Sheet

DAY = datetime.timedelta(days=1)


@pytest.fixture
def homework(cast: Any) -> Homework:
    found: Homework = make.HomeworkFactory(
        lesson=cast.lesson, due_lesson=cast.lesson, due_on=cast.lesson.date
    )
    return found


@pytest.fixture
def sheet(cast: Any, homework: Homework, as_: Any) -> HomeworkPage:
    return HomeworkPage(as_(cast.teacher), homework=homework)


@pytest.fixture
def file(sheet: HomeworkPage) -> HomeworkFile:
    sheet.send(uploads=[upload()])
    return HomeworkFile.objects.get()


def address(file: HomeworkFile) -> str:
    return reverse("diary:homework-file", args=[file.pk])


def refusal(response: Any) -> str:
    return str(response.context["form"].errors.get("uploads", ""))


def opendocument(kind: str) -> bytes:
    """Its first entry is stored, not deflated."""
    body = f"application/vnd.oasis.opendocument.{kind}".encode()
    head = b"PK\x03\x04" + b"\x14\x00" + b"\x00" * 8 + zlib.crc32(body).to_bytes(4, "little")
    return head + len(body).to_bytes(4, "little") * 2 + b"\x08\x00\x00\x00mimetype" + body + b"PK\x03\x04"


TAKEN = {
    "a.pdf": PDF,
    "a.docx": DOCX,
    "a.xlsx": archive("[Content_Types].xml", "xl/workbook.xml"),
    "a.pptx": archive("[Content_Types].xml", "ppt/presentation.xml"),
    "a.odt": opendocument("text"),
    "a.ods": opendocument("spreadsheet"),
    "a.odp": opendocument("presentation"),
    "a.png": PNG,
    "a.JPG": b"\xff\xd8\xff\xe0\x00\x10JFIF",
    "a.gif": b"GIF89a\x01\x00\x01\x00",
    "a.webp": b"RIFF\x1a\x00\x00\x00WEBPVP8 ",
    "a.mp3": b"ID3\x04\x00\x00\x00\x00\x00\x00",
    "b.mp3": b"\xff\xfb\x90\x64\x00\x00",
    "a.mp4": b"\x00\x00\x00\x18ftypisom\x00\x00\x02\x00",
    "a.txt": "Ёж: §\u00a05 📐".encode(),
    "b.txt": "Выучить".encode("cp1251"),
}
REFUSED = {
    "program.pdf": EXE,
    "page.txt": b"<html>\x00</html>",
    "page.html": b"<script>alert(1)</script>",
    "picture.svg": b'<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>',
    "archive.zip": archive("a.exe"),
    "renamed.docx": archive("a.exe"),
    "macros.docx": archive("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"),
    "old.doc": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 50,
    "really-a-picture.pdf": PNG,
    "really-a-document.xlsx": DOCX,
    "photo.heic": b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00",
    "cut.docx": DOCX[:60],
    "nothing.pdf": b"",
    "script.js": b"alert(1)",
}


@pytest.mark.parametrize("name", TAKEN)
def test_a_school_s_files_are_taken(sheet: HomeworkPage, name: str) -> None:
    response = sheet.send(uploads=[upload(name, TAKEN[name])])
    assert response.status_code == 302, response.context["errors"]
    assert HomeworkFile.objects.get().content_type != "text/html"


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_what_it_says_is_refused(sheet: HomeworkPage, name: str) -> None:
    response = sheet.send(uploads=[upload(name, REFUSED[name])])
    assert response.status_code == 422
    assert name in refusal(response)
    assert not HomeworkFile.objects.exists()


def test_an_archive_is_not_unpacked() -> None:
    """Half a gigabyte of zeros in half a megabyte: only the list of names is read."""
    bomb = archive("[Content_Types].xml", "word/document.xml", content=b"\x00" * 50_000_000)
    assert len(bomb) < 200_000
    found = recognise(upload("a.docx", bomb))  # type: ignore[arg-type]
    assert found is not None
    assert found.extensions == ("docx",)


def test_a_list_of_names_without_end_is_not_read() -> None:
    names = ["[Content_Types].xml", "word/document.xml", *(f"{number:0200}" for number in range(6000))]
    assert recognise(upload("a.docx", archive(*names, content=b""))) is None  # type: ignore[arg-type]


def test_a_name_without_an_end_gets_one(sheet: HomeworkPage) -> None:
    sheet.send(uploads=[upload("image", PNG)])
    assert HomeworkFile.objects.get().name == "image.png"


def test_a_good_file_is_kept_beside_a_bad_one_and_both_are_told_of(sheet: HomeworkPage) -> None:
    response = sheet.send(uploads=[upload("a.pdf"), upload("b.exe", EXE)])
    assert [file.name for file in HomeworkFile.objects.all()] == ["a.pdf"]
    assert "b.exe" in refusal(response)
    assert "a.pdf" in refusal(response)


def test_large_files_and_too_many_are_refused(sheet: HomeworkPage, settings: Any) -> None:
    settings.HOMEWORK_FILES, settings.HOMEWORK_FILE_MEGABYTES = 2, 1
    large = upload("large.pdf", PDF + b"\x00" * 1024 * 1024)
    assert "large.pdf" in refusal(sheet.send(uploads=[large]))
    sheet.send(uploads=[upload(f"{number}.pdf", PDF + bytes([number])) for number in range(3)])
    assert HomeworkFile.objects.count() == 2


def test_the_same_file_twice_is_kept_once(sheet: HomeworkPage) -> None:
    for _twice in range(2):
        sheet.send(uploads=[upload()])
        sheet.open()
    assert HomeworkFile.objects.count() == 1


NAMES = {
    "Ёлка 📐 «задание».pdf": "Ёлка 📐 «задание».pdf",
    'a"b;c.pdf': 'a"b;c.pdf',
    "a\r\nSet-Cookie: x.pdf": "a Set-Cookie: x.pdf",
    "../../etc/a.pdf": "a.pdf",
    "C:\\Documents\\a.pdf": "a.pdf",
    "\u202efdp.exe.pdf": "fdp.exe.pdf",
    "я" * 300 + ".pdf": "я" * 141 + ".pdf",
    "  . ": "файл",
}


@pytest.mark.parametrize("given", NAMES, ids=range(len(NAMES)))
def test_names_are_one_honest_line(given: str) -> None:
    assert clean_name(given) == NAMES[given]


@pytest.mark.parametrize("name", ["Ёлка 📐 «задание».pdf", 'a"b; filename=c.pdf', "a%0d%0ab.pdf"])
def test_names_reach_the_family_whole(cast: Any, homework: Any, file: Any, as_: Any, name: str) -> None:
    HomeworkFile.objects.update(name=name)
    disposition = as_(cast.parent).get(address(file))["Content-Disposition"]
    assert disposition.startswith("attachment; ")
    shown = unquote(disposition.partition("utf-8''")[2]) if "utf-8''" in disposition else disposition
    assert name.replace('"', '\\"') in shown or name in shown


def test_a_file_is_saved_and_nothing_in_it_runs(cast: Any, file: Any, as_: Any) -> None:
    response = as_(cast.parent).get(address(file))
    assert (response.getvalue(), response["Content-Type"]) == (PDF, "application/pdf")
    assert "sandbox" in response["Content-Security-Policy"]
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "private, no-store"


def test_a_picture_is_shown(cast: Any, sheet: Any, as_: Any) -> None:
    sheet.send(uploads=[upload("a.png", PNG)])
    response = as_(cast.student).get(address(HomeworkFile.objects.get()))
    assert response["Content-Disposition"].startswith("inline")
    assert "sandbox" in response["Content-Security-Policy"]


def test_nginx_hands_it_out_where_it_is_told_to(cast: Any, file: Any, as_: Any, settings: Any) -> None:
    settings.PRIVATE_FILES_ACCEL = "/private-files/"
    response = as_(cast.parent).get(address(file))
    assert response["X-Accel-Redirect"] == f"/private-files/{file.file.name}"
    assert response.content == b""


def test_it_is_stored_privately_under_a_name_that_says_nothing(file: HomeworkFile) -> None:
    path = Path(settings.PRIVATE_FILES_ROOT) / str(file.file)
    assert path.read_bytes() == PDF
    assert path.name.isalnum()
    assert path.stat().st_mode & 0o007 == 0
    with pytest.raises(NotImplementedError):
        _address = file.file.url


SEE = ["teacher", "class_teacher", "head_teacher", "student", "parent", "classmate", "other_parent"]
DO_NOT = ["administrator", "territory_staff", "region_operator", "outsider"]
NO_MORE = ["former_teacher", "former_guardian", "limited_guardian", "substitute"]


@pytest.mark.parametrize("who", SEE)
def test_who_may_see_the_lesson_gets_the_file(cast: Any, file: Any, as_: Any, who: str) -> None:
    assert as_(getattr(cast, who)).get(address(file)).status_code == 200


@pytest.mark.parametrize("who", [*DO_NOT, *NO_MORE])
def test_nobody_else_gets_it(cast: Any, outlasted: Any, file: Any, as_: Any, who: str) -> None:
    person = getattr(cast, who, None) or getattr(outlasted, who)
    assert as_(person).get(address(file)).status_code == 404


def test_a_student_who_has_left_does_not_get_what_is_due_today(outlasted: Any, file: Any, as_: Any) -> None:
    assert as_(outlasted.former_student).get(address(file)).status_code == 404


def test_a_stranger_is_asked_to_sign_in(file: Any, as_: Any) -> None:
    assert as_(None).get(address(file)).status_code == 302


def test_a_guardian_without_homework_does_not_get_it(cast: Any, file: Any, as_: Any) -> None:
    cast.parent.guardianships.update(information=[Information.MARKS, Information.TIMETABLE])
    assert as_(cast.parent).get(address(file)).status_code == 404


def test_of_one_students_homework_the_others_get_nothing(
    cast: Any, homework: Any, file: Any, as_: Any
) -> None:
    homework.students.add(cast.student)
    assert as_(cast.parent).get(address(file)).status_code == 200
    for who in (cast.classmate, cast.other_parent):
        assert as_(who).get(address(file)).status_code == 404


def test_of_a_groups_homework_only_its_members_get_it(cast: Any, homework: Any, file: Any, as_: Any) -> None:
    group = make.GroupFactory(organisation=cast.school, classes=[cast.class_7a])
    make.MembershipFactory(group=group, student=cast.student)
    make.MembershipFactory(group=group, student=cast.classmate, until=cast.lesson.date - DAY)
    Homework.objects.update(group=group)
    assert as_(cast.student).get(address(file)).status_code == 200
    assert as_(cast.classmate).get(address(file)).status_code == 404


def test_a_class_teacher_gets_no_file_of_another_classs_student(cast: Any, as_: Any) -> None:
    group = make.GroupFactory(organisation=cast.school, classes=[cast.class_7a, make.SchoolClassFactory()])
    lesson = make.LessonFactory(
        course=make.CourseFactory(group=group, school_class=None), term=cast.lesson.term
    )
    other = make.EnrolmentFactory(school_class=group.classes.exclude(pk=cast.class_7a.pk).get()).student
    for student in (other, cast.student):
        make.MembershipFactory(group=group, student=student)
    file = make.HomeworkFileFactory(homework__lesson=lesson)
    assert as_(cast.class_teacher).get(address(file)).status_code == 200
    file.homework.students.add(other)
    assert as_(cast.class_teacher).get(address(file)).status_code == 404
    assert as_(cast.head_teacher).get(address(file)).status_code == 200


def test_what_is_not_published_yet_is_not_handed_out(cast: Any, file: Any, as_: Any) -> None:
    Homework.objects.update(published_at=NOW + DAY)
    assert as_(cast.parent).get(address(file)).status_code == 404
    assert as_(cast.teacher).get(address(file)).status_code == 200


def test_bytes_that_are_gone_are_not_found(cast: Any, file: Any, as_: Any) -> None:
    file.file.storage.delete(file.file.name)
    assert as_(cast.parent).get(address(file)).status_code == 404


def test_removed_files_go_after_a_month_and_no_other(sheet: HomeworkPage, file: HomeworkFile) -> None:
    root, kept = Path(settings.PRIVATE_FILES_ROOT), str(file.file)
    sheet.open()
    sheet.send(uploads=[upload("b.pdf", PDF + b" ")])
    second = HomeworkFile.objects.get(name="b.pdf")
    sheet.open()
    sheet.send(remove=[second.pk])
    written = second.file.storage.get_modified_time(str(second.file))  # the disk's clock is not the cast's
    assert remove_unused(at=written + 10 * DAY) == 0
    assert remove_unused(at=written + 31 * DAY) == 1
    assert (root / kept).exists()
    assert not (root / str(second.file)).exists()


def test_files_come_with_the_lessons_own_form(cast: Any, homework: Any, as_: Any) -> None:
    sheet = Sheet(as_(cast.teacher), cast.lesson)
    assert sheet.send(homework_files=upload()).status_code == 302
    assert homework.files.get().name == "задание.pdf"


def test_files_of_the_lessons_form_want_a_text_to_go_with(cast: Any, as_: Any) -> None:
    sheet = Sheet(as_(cast.teacher), cast.lesson)
    response = sheet.send(homework_files=upload(), topic="Кубы")
    assert response.status_code == 422
    assert response.context["form"].errors["homework_files"]
    cast.lesson.refresh_from_db()
    assert cast.lesson.topic == "Кубы"


def test_a_new_homework_of_the_lessons_form_takes_its_files_along(cast: Any, as_: Any) -> None:
    Sheet(as_(cast.teacher), cast.lesson).send(homework_text="§ 5", homework_files=upload())
    assert Homework.objects.get().files.count() == 1


def test_its_files_are_in_the_diary_at_once(cast: Any, file: Any, as_: Any) -> None:
    week = as_(cast.parent).get(f"/diary/{cast.student.pk}/2026-12-14/").content.decode()
    assert address(file) in week
    assert "задание.pdf" in week
    assert cast.student.surname not in address(file)


def test_the_hour_at_which_it_was_set_stands_in_the_diary(cast: Any, file: Any, as_: Any) -> None:
    with time_machine.travel(NOW + DAY, tick=False):
        week = as_(cast.parent).get(f"/diary/{cast.student.pk}/2026-12-14/").content.decode()
    assert "16\u00a0декабря в\u00a012:00" in week
