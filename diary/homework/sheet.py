"""The page of one homework: its form, what is stored, and what was refused."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.http import QueryDict
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from diary.homework.copying import may_copy
from diary.homework.due import due_choices, due_day
from diary.homework.files import attach
from diary.homework.forms import HomeworkForm, LinkForms
from diary.homework.papers import Paper, papers, with_papers
from diary.homework.writing import Wanted, change_homework, hold_lesson, remove_files, set_homework
from diary.lesson.page import LessonPage
from diary.marking import ChangedMeanwhile
from diary.models import Homework
from diary.typed import number
from schedule.weeks import day_title
from schools.models import Group, Person


class HomeworkSheet:
    """Of a lesson that may be written; without `homework` a new one.

    `typed` is what a form sent, files and all.
    """

    def __init__(
        self,
        page: LessonPage,
        homework: Homework | None,
        *,
        typed: QueryDict | None = None,
        files: Mapping[str, Any] | None = None,
    ) -> None:
        self.page, self.lesson, self.homework = page, page.lesson, homework
        self.typed, self.files = typed, files
        self.sent = QueryDict() if typed is None else typed

    # --- What may be chosen ----------------------------------------------------------------------

    @cached_property
    def near(self) -> list[Any]:
        return self.page.course_lessons

    @cached_property
    def addressees(self) -> list[Person]:
        """Those named already, first; they may have left the course meanwhile."""
        return list(self.homework.students.order_by("sort_key", "pk")) if self.homework else []

    @cached_property
    def students(self) -> list[Person]:
        there = list(self.lesson.students())
        known = {student.pk for student in there}
        return there + [student for student in self.addressees if student.pk not in known]

    @cached_property
    def groups(self) -> list[tuple[int, str]]:
        """Of the class, and the one it is for already; a course of a group has none of its own."""
        classes = [self.lesson.course.school_class] if self.lesson.course.school_class else []
        stored = self.homework.group_id if self.homework else None
        found = Group.objects.filter(Q(classes__in=classes) | Q(pk=stored))
        return list(found.order_by("name").values_list("pk", "name").distinct())

    # --- The form --------------------------------------------------------------------------------

    @cached_property
    def form(self) -> HomeworkForm:
        following = self.near[self.page.place + 1 :]
        return HomeworkForm(
            self.typed,
            self.files,
            due=due_choices(following, self.homework),
            groups=self.groups,
            students=[(student.pk, student.roll_name) for student in self.students],
            initial=self._initial(following),
        )

    def _initial(self, following: list[Any]) -> dict[str, Any]:
        homework = self.homework
        if homework is None:
            return {"due": following[0][0] if following else "", "whom": HomeworkForm.EVERYBODY}
        whom = HomeworkForm.GROUP if homework.group_id else HomeworkForm.EVERYBODY
        return {
            "text": homework.text,
            "due": homework.due_lesson_id or "",
            "minutes": homework.minutes,
            "whom": HomeworkForm.STUDENTS if self.addressees else whom,
            "group": homework.group_id,
            "students": [student.pk for student in self.addressees],
        }

    @cached_property
    def links(self) -> Any:
        kept = [(paper.link, paper.name) for paper in self.papers if not paper.is_file]
        return LinkForms(
            self.typed, prefix="links", initial=[{"url": url, "title": title} for url, title in kept]
        )

    @cached_property
    def papers(self) -> list[Paper]:
        return self._read_papers()

    def _read_papers(self) -> list[Paper]:
        if self.homework is None:
            return []
        read = with_papers(Homework.objects.filter(pk=self.homework.pk)).values_list("file_rows", "link_rows")
        return [paper for files, links in read for paper in papers(files, links)]

    def _wanted(self) -> Wanted:
        cleaned = self.form.cleaned_data
        whom = cleaned["whom"]
        links = [(link["url"], link["title"]) for link in self.links.cleaned_data if link.get("url")]
        return Wanted(
            text=cleaned["text"].strip().replace("\r\n", "\n"),
            minutes=cleaned["minutes"],
            due_lesson=cleaned["due"],
            due_on=due_day(cleaned["due"], lesson=self.lesson, near=self.near, homework=self.homework),
            group=cleaned["group"] if whom == HomeworkForm.GROUP else None,
            students=frozenset(cleaned["students"] if whom == HomeworkForm.STUDENTS else ()),
            links=tuple(dict.fromkeys(links)),
        )

    # --- Saving ----------------------------------------------------------------------------------

    def save(self, *, by: Person) -> bool:
        """Text, links and files each by themselves: what is refused is said in the form, the rest is
        saved. Raises NoLongerOpen."""
        if self.form.is_valid() & self.links.is_valid():
            self._save_text()
        uploads = self.form.cleaned_data.get("uploads") or []
        if self.homework is None:
            if uploads:
                self.form.add_error("uploads", _("Choose the files again: they are kept once the text is."))
            return False
        removed = {number(pk) for pk in self.sent.getlist("remove")} - {0}
        if removed:
            remove_files(self.homework, removed)
        if uploads:
            self._attach(self.homework, uploads, by=by)
        return not self.form.errors and self.links.is_valid()

    def _save_text(self) -> None:
        wanted, shown = self._wanted(), self.sent.get("version", "")
        if self.homework is None:
            self.homework = set_homework(self.lesson, wanted)
            return
        try:
            change_homework(self.homework, wanted, shown_version=number(shown))
        except ChangedMeanwhile as changed:
            self.form.add_error("text", str(changed))

    def _attach(self, homework: Homework, uploads: list[Any], *, by: Person) -> None:
        with transaction.atomic():
            hold_lesson(self.lesson)
            refused = attach(homework, uploads, by=by)
        if refused:
            self.form.add_error("uploads", refused)

    # --- For the template ------------------------------------------------------------------------

    def context(self) -> dict[str, Any]:
        lesson, homework = self.lesson, self.homework
        return {
            "title": _("Homework"),
            "subtitle": f"{lesson.course.subject.name}, {lesson.course.audience} · {day_title(lesson.date)}",
            "lesson_url": reverse("diary:lesson", args=[lesson.pk]),
            "load_url": reverse("diary:homework-load", args=[lesson.pk]),
            "homework": homework,
            "copies_url": reverse("diary:homework-copies", args=[homework.pk])
            if homework and self.page.beside.has_parallel and may_copy(homework)
            else "",
            "version": Homework.objects.values_list("version", flat=True).get(pk=homework.pk)
            if homework
            else "",
            "form": self.form,
            "links": self.links,
            "files": [paper for paper in self._read_papers() if paper.is_file],
            "has_groups": bool(self.groups),
            "files_help": self._files_help(),
            "errors": self._error_summary(),
            "action": self._action(),
        }

    def _files_help(self) -> str:
        return _(
            "Up to %(count)d files of at most %(most)d MB: PDF, Word, Excel, PowerPoint, OpenDocument, "
            "pictures, sound, video, text."
        ) % {"count": settings.HOMEWORK_FILES, "most": settings.HOMEWORK_FILE_MEGABYTES}

    def _action(self) -> str:
        if self.homework:
            return reverse("diary:homework", args=[self.homework.pk])
        return reverse("diary:homework-new", args=[self.lesson.pk])

    def _error_summary(self) -> list[dict[str, str]]:
        if self.typed is None:
            return []
        odd = [{"anchor": "links-title", "text": str(error)} for error in self.links.non_form_errors()]
        return odd + [
            {"anchor": form[name].auto_id, "text": f"{form.fields[name].label}: {errors[0]}"}
            for form in (self.form, *self.links.forms)
            for name, errors in form.errors.items()
        ]
