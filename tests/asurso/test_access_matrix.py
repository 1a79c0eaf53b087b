"""Every address × everybody → what they get, reads and writes. No address may be missing here."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import transaction
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from diary.models import AbsenceNote, Homework, JournalRules, Phrase, Point
from schools.models import TieProposal
from tests import factories as make
from tests.diary.closed import asked

ROLES = (
    "anonymous",
    "student",
    "parent",
    "other_parent",
    "teacher",
    "class_teacher",
    "head_teacher",
    "administrator",
    "territory_staff",
    "region_operator",
    "outsider",
    "former_teacher",
    "former_student",
    "former_guardian",
    "limited_guardian",
    "substitute",
)
ALL = dict.fromkeys(ROLES, 200)
SIGNED_IN = ALL | {"anonymous": 302}
NOBODY = dict.fromkeys(ROLES, 404) | {"anonymous": 302}


def only(status: int = 200, *people: str, others: int = 404) -> dict[str, int]:
    return dict.fromkeys(ROLES, others) | {"anonymous": 302} | dict.fromkeys(people, status)


FAMILY = ("student", "parent")
DECIDE = ("administrator", "region_operator")  # a teacher's registration
JOURNAL = ("teacher", "class_teacher", "head_teacher")
GRID = (*JOURNAL, "substitute")
READERS = {"class_teacher": 403, "head_teacher": 403}
# A lesson's homework: its teacher; others who see the lesson may not.
WRITES = only(200, "teacher") | {"class_teacher": 403, "head_teacher": 403}
STAFF = ("teacher", "class_teacher", "head_teacher", "administrator", "substitute")
PROGRAMMES = (*STAFF, "outsider")
READS_PROGRAMME = {"class_teacher": 403, "head_teacher": 403}
READ_NOTES = (*FAMILY, "class_teacher", "head_teacher")
TEACHES_AND_LEADS = {"teacher": 403, "class_teacher": 403}

EVERY_STAFF = (*STAFF, "territory_staff", "region_operator", "outsider")

# (method, URL name, whose row or none) → who gets what
MATRIX: dict[tuple[str, str, str], dict[str, int]] = {
    ("GET", "front", ""): dict.fromkeys(ROLES, 302) | {"anonymous": 200},
    ("GET", "help", ""): ALL,
    ("GET", "healthz", ""): ALL,
    ("GET", "more", ""): SIGNED_IN,
    ("POST", "set-language", ""): dict.fromkeys(ROLES, 302),
    ("POST", "set-theme", ""): dict.fromkeys(ROLES, 302),
    ("GET", "vision", ""): ALL,
    ("POST", "vision", ""): dict.fromkeys(ROLES, 302),
    ("GET", "offline", ""): ALL,
    ("GET", "manifest", ""): ALL,
    ("GET", "service-worker", ""): ALL,
    ("GET", "accounts:sign-in", ""): dict.fromkeys(ROLES, 302) | {"anonymous": 200},
    ("POST", "accounts:sign-in", ""): dict.fromkeys(ROLES, 302) | {"anonymous": 422},
    ("GET", "accounts:class-logins", ""): only(200, "class_teacher", "outsider"),
    ("GET", "accounts:child-logins", ""): only(200, "parent", "other_parent"),
    ("GET", "accounts:student-login", "student"): only(200, "class_teacher", "parent"),
    ("POST", "accounts:student-login", "student"): only(200, "class_teacher", "parent"),
    ("GET", "accounts:recovery", ""): ALL,
    ("POST", "accounts:recovery", ""): dict.fromkeys(ROLES, 422),
    ("GET", "accounts:recovery-code", ""): ALL,
    ("GET", "accounts:recovery-answer", ""): dict.fromkeys(ROLES, 302),
    ("GET", "accounts:recovery-password", ""): dict.fromkeys(ROLES, 302),
    ("GET", "accounts:first-password", ""): dict.fromkeys(ROLES, 302),
    ("GET", "accounts:sign-in-administration", ""): dict.fromkeys(ROLES, 302) | {"anonymous": 200},
    ("POST", "accounts:sign-out", ""): dict.fromkeys(ROLES, 302),
    # ESIA is switched off here; see tests/accounts/esia.
    ("GET", "accounts:esia", ""): dict.fromkeys(ROLES, 302),
    ("POST", "accounts:esia", ""): dict.fromkeys(ROLES, 404),
    ("GET", "accounts:esia-complete", ""): dict.fromkeys(ROLES, 404),
    ("GET", "accounts:esia-link", ""): dict.fromkeys(ROLES, 302),
    ("POST", "accounts:esia-link", ""): dict.fromkeys(ROLES, 302),
    ("GET", "accounts:esia-institution", ""): dict.fromkeys(ROLES, 302),
    ("POST", "accounts:esia-institution", ""): dict.fromkeys(ROLES, 302),
    ("GET", "accounts:esia-refused", ""): ALL,
    ("GET", "old-about", ""): dict.fromkeys(ROLES, 301),
    ("GET", "old-esia", ""): dict.fromkeys(ROLES, 301),
    ("GET", "old-esia-slash", ""): dict.fromkeys(ROLES, 301),
    ("GET", "old-main", ""): dict.fromkeys(ROLES, 301),
    ("GET", "account_signup", ""): dict.fromkeys(ROLES, 302) | {"anonymous": 200},
    ("POST", "account_signup", ""): dict.fromkeys(ROLES, 302),
    ("GET", "account_verify_phone", ""): dict.fromkeys(ROLES, 302),
    ("GET", "account_email_verification_sent", ""): dict.fromkeys(ROLES, 302),
    ("GET", "accounts:security", ""): SIGNED_IN,
    ("GET", "accounts:secret-question", ""): dict.fromkeys(ROLES, 302),
    ("POST", "accounts:secret-question", ""): dict.fromkeys(ROLES, 302),
    ("GET", "accounts:sign-in-journal", ""): SIGNED_IN,
    ("GET", "accounts:sign-in-anew", ""): SIGNED_IN,
    ("POST", "accounts:sign-in-anew", ""): dict.fromkeys(ROLES, 302),
    ("POST", "accounts:switch", ""): NOBODY,  # nobody is what an empty choice says
    # Their own pages, and of nobody else; 302 also leads to proving again (test_proving_again.py).
    ("GET", "account_login", ""): dict.fromkeys(ROLES, 302),
    ("GET", "account_logout", ""): dict.fromkeys(ROLES, 302),
    ("GET", "account_inactive", ""): ALL,
    ("GET", "account_reauthenticate", ""): SIGNED_IN,
    ("GET", "account_email", ""): dict.fromkeys(ROLES, 302),
    ("POST", "account_email", ""): dict.fromkeys(ROLES, 302),
    ("GET", "account_change_phone", ""): dict.fromkeys(ROLES, 302),
    ("POST", "account_change_phone", ""): dict.fromkeys(ROLES, 302),
    ("GET", "account_change_password", ""): SIGNED_IN,
    ("GET", "usersessions_list", ""): SIGNED_IN,
    ("POST", "usersessions_list", ""): dict.fromkeys(ROLES, 302),
    ("GET", "mfa_index", ""): SIGNED_IN,
    ("GET", "mfa_authenticate", ""): dict.fromkeys(ROLES, 302),
    ("GET", "mfa_reauthenticate", ""): dict.fromkeys(ROLES, 302),
    ("GET", "mfa_activate_totp", ""): dict.fromkeys(ROLES, 302),
    ("GET", "mfa_deactivate_totp", ""): NOBODY,
    ("GET", "mfa_view_recovery_codes", ""): NOBODY,
    ("GET", "mfa_generate_recovery_codes", ""): dict.fromkeys(ROLES, 302),
    ("GET", "mfa_list_webauthn", ""): SIGNED_IN,
    ("GET", "mfa_add_webauthn", ""): dict.fromkeys(ROLES, 302),
    ("GET", "mfa_reauthenticate_webauthn", ""): dict.fromkeys(ROLES, 302),
    ("GET", "mfa_edit_webauthn", "student"): dict.fromkeys(ROLES, 302),
    ("POST", "mfa_edit_webauthn", "student"): dict.fromkeys(ROLES, 302),
    ("GET", "mfa_remove_webauthn", "student"): dict.fromkeys(ROLES, 302),
    ("POST", "mfa_remove_webauthn", "student"): dict.fromkeys(ROLES, 302),
    ("GET", "accounts:registration", ""): NOBODY,
    ("POST", "accounts:registration-anew", ""): NOBODY,
    ("GET", "accounts:registrations", ""): only(200, *DECIDE, "territory_staff", "outsider"),
    ("GET", "accounts:registration-decision", "registration"): only(200, *DECIDE),
    ("POST", "accounts:registration-decision", "registration"): only(422, *DECIDE),
    ("POST", "accounts:registration-refusal", "registration"): only(422, *DECIDE),
    ("GET", "messaging:outbox", ""): ALL,  # in development only, see tests/messaging/test_outbox.py
    ("GET", "messaging:outgoing", "outgoing"): ALL,
    ("GET", "diary:home", ""): SIGNED_IN | dict.fromkeys(("teacher", "class_teacher", "substitute"), 302),
    ("GET", "diary:home-of-child", "student"): only(200, *FAMILY),
    ("GET", "diary:diary", ""): only(302, *FAMILY, "other_parent"),
    ("GET", "diary:week-now", "student"): only(200, *FAMILY),
    ("GET", "diary:week", "student"): only(200, *FAMILY),
    ("GET", "diary:reports", ""): only(302, *FAMILY, "other_parent"),
    ("GET", "diary:reports-of", "student"): only(200, *FAMILY),
    ("GET", "diary:report", "student"): only(200, *FAMILY),
    ("POST", "diary:report", "student"): dict.fromkeys(ROLES, 405) | {"anonymous": 302},
    ("GET", "diary:report-pdf", "student"): only(200, *FAMILY),
    ("GET", "diary:class-reports", "class"): only(200, "class_teacher", "head_teacher"),
    ("GET", "diary:class-report-pdf", "class"): only(200, "class_teacher", "head_teacher"),
    ("GET", "diary:calendar", ""): only(200, *FAMILY, "other_parent"),
    ("GET", "diary:calendar-feed", ""): dict.fromkeys(ROLES, 404),
    ("POST", "diary:calendar-feed", ""): dict.fromkeys(ROLES, 405),
    ("POST", "diary:calendar-address", "student"): only(200, *FAMILY),
    ("POST", "diary:calendar-removal", "student"): only(302, *FAMILY),
    ("POST", "diary:week", "student"): dict.fromkeys(ROLES, 405) | {"anonymous": 302},
    ("GET", "diary:subjects", ""): only(302, *FAMILY, "other_parent"),
    ("GET", "diary:subjects-of", "student"): only(200, *FAMILY),
    ("GET", "diary:subjects-of-term", "student"): only(200, *FAMILY),
    ("GET", "diary:subject", "student"): only(200, *FAMILY),
    ("GET", "diary:subject-of-term", "student"): only(200, *FAMILY),
    ("POST", "diary:subject", "student"): dict.fromkeys(ROLES, 405) | {"anonymous": 302},
    ("GET", "diary:debts", ""): only(302, *FAMILY, "other_parent"),
    ("GET", "diary:debts-of", "student"): only(200, *FAMILY),
    ("GET", "diary:standing", ""): only(302, *FAMILY, "other_parent"),
    ("GET", "diary:standing-of", "student"): only(200, *FAMILY),
    ("GET", "diary:standing-of-term", "student"): only(200, *FAMILY),
    ("POST", "diary:standing-opt-out", "student"): only(302, "parent") | {"student": 403},
    ("POST", "diary:standing-opt-in", "student"): only(302, "parent") | {"student": 403},
    ("GET", "diary:class-standing", "class"): only(200, "class_teacher", "head_teacher"),
    ("GET", "diary:class-standing-of-term", "class"): only(200, "class_teacher", "head_teacher"),
    ("GET", "diary:teacher-today", ""): only(200, *STAFF, "outsider"),
    ("GET", "diary:teacher-day", ""): only(200, *STAFF, "outsider"),
    ("GET", "diary:lesson", "lesson"): only(200, "teacher", "class_teacher", "head_teacher"),
    ("GET", "diary:cell-history", "cell"): only(200, "teacher", "class_teacher", "head_teacher", *FAMILY),
    ("POST", "diary:cell-history", "cell"): dict.fromkeys(ROLES, 405) | {"anonymous": 302},
    ("GET", "diary:result-history", "results_of"): only(200, *FAMILY),
    ("POST", "diary:result-history", "results_of"): dict.fromkeys(ROLES, 405) | {"anonymous": 302},
    ("POST", "diary:lesson", "lesson"): only(302, "teacher") | {"class_teacher": 403, "head_teacher": 403},
    ("GET", "diary:journal-print", "course"): only(200, "teacher", "head_teacher"),
    ("GET", "diary:class-journal-print", "class"): only(200, "class_teacher", "head_teacher"),
    ("GET", "diary:completeness-start", ""): only(302, "head_teacher", "outsider"),
    ("GET", "diary:completeness", "school"): only(200, "head_teacher"),
    ("GET", "diary:course-completeness", "course"): only(200, "teacher", "head_teacher"),
    ("GET", "diary:keeping-remark-new", "course"): only(200, "head_teacher") | {"teacher": 403},
    ("POST", "diary:keeping-remark-new", "course"): only(422, "head_teacher") | {"teacher": 403},
    ("GET", "diary:keeping-remarks", ""): only(200, *STAFF, "outsider"),
    ("POST", "diary:keeping-remark-answer", "keeping_remark"): only(422, "teacher") | {"head_teacher": 403},
    ("POST", "diary:keeping-remark-settlement", "keeping_remark"): only(302, "head_teacher")
    | {"teacher": 403},
    ("GET", "diary:journals", ""): only(200, *STAFF, "outsider"),
    ("GET", "diary:journal", "course"): only(200, *GRID),
    ("GET", "diary:journal-of-term", "course"): only(200, *GRID),
    # An entry that is none; real ones by every role: tests/diary/test_journal_entries.py.
    ("POST", "diary:journal-entries", "course"): only(400, *GRID) | {"anonymous": 401},
    ("GET", "diary:terms", ""): only(200, "head_teacher", "outsider"),
    ("GET", "diary:term", "term"): only(200, "head_teacher"),
    ("GET", "diary:term-closure", "term"): only(200, "head_teacher"),
    ("POST", "diary:term-closure", "term"): only(422, "head_teacher"),  # it is not over
    ("GET", "diary:year-closure", "year"): only(200, "head_teacher"),
    ("POST", "diary:year-closure", "year"): only(422, "head_teacher"),
    ("GET", "diary:corrections", ""): only(200, *STAFF, "outsider"),
    ("GET", "diary:correction-new", ""): only(200, "teacher") | READERS,
    ("POST", "diary:correction-new", ""): only(422, "teacher") | READERS,
    ("GET", "diary:correction", "correction"): only(200, "teacher", "head_teacher"),
    ("POST", "diary:correction-approval", "correction"): only(302, "head_teacher") | {"teacher": 403},
    ("POST", "diary:correction-refusal", "correction"): only(422, "head_teacher") | {"teacher": 403},
    ("GET", "diary:results", "course"): only(200, *JOURNAL),
    ("GET", "diary:results-of", "course"): only(200, *JOURNAL),
    ("POST", "diary:results-of", "course"): only(302, "teacher") | READERS,
    # The term goes on: it is asked first. 302 is tried in tests/diary/test_results.py.
    ("POST", "diary:results-acceptance", "course"): only(422, "teacher") | READERS,
    ("POST", "diary:results-acceptance-undoing", "course"): only(302, "teacher") | READERS,
    ("GET", "diary:average", "course"): only(200, *JOURNAL, *FAMILY),
    ("GET", "diary:class-results", "class"): only(200, "class_teacher", "head_teacher"),
    ("GET", "diary:class-results-of", "class"): only(200, "class_teacher", "head_teacher"),
    ("POST", "diary:behaviour", "class"): only(302, "class_teacher") | {"head_teacher": 403},
    ("GET", "diary:rules", "school"): only(200, "head_teacher"),
    ("POST", "diary:rules", "school"): only(422, "head_teacher"),
    ("POST", "diary:rules-weights", "school"): only(422, "head_teacher"),
    ("POST", "diary:rules-kinds", "school"): only(422, "head_teacher"),
    # 302 of an open homework is tried in tests/diary/test_homework_*: an empty form is refused.
    ("GET", "diary:homework-new", "lesson"): WRITES,
    ("POST", "diary:homework-new", "lesson"): WRITES | {"teacher": 422},
    ("GET", "diary:homework", "homework"): WRITES,
    ("POST", "diary:homework", "homework"): WRITES | {"teacher": 422},
    ("POST", "diary:homework-removal", "homework"): WRITES | {"teacher": 302},
    ("GET", "diary:homework-copies", "homework"): WRITES,
    ("POST", "diary:homework-copies", "homework"): WRITES | {"teacher": 422},
    ("GET", "diary:homework-load", "lesson"): only(200, "teacher", "class_teacher", "head_teacher"),
    ("GET", "diary:homework-file", "file"): only(
        200, "teacher", "class_teacher", "head_teacher", *FAMILY, "other_parent"
    ),
    ("GET", "diary:point-new", "lesson"): only(200, "teacher") | READERS,
    ("POST", "diary:point-new", "lesson"): only(422, "teacher") | READERS,
    ("GET", "diary:point", "point"): only(200, "teacher") | READERS,
    ("POST", "diary:point", "point"): only(422, "teacher") | READERS,
    ("POST", "diary:point-withdrawal", "point"): only(302, "teacher") | READERS,
    ("GET", "diary:course-points", "course"): only(
        200, "teacher", "class_teacher", "head_teacher", "substitute"
    ),
    ("GET", "diary:course-scale", "course"): only(200, "head_teacher"),
    ("POST", "diary:course-scale", "course"): only(422, "head_teacher"),
    ("GET", "diary:work-new", "lesson"): only(200, "teacher") | READERS,
    ("POST", "diary:work-new", "lesson"): only(422, "teacher") | READERS,
    ("GET", "diary:work", "work"): only(200, "teacher") | READERS,
    ("POST", "diary:work", "work"): only(422, "teacher") | READERS,
    ("POST", "diary:work-removal", "work"): only(302, "teacher") | READERS,
    ("GET", "diary:class-tests", "class"): only(200, "teacher", "class_teacher", "head_teacher"),
    ("GET", "diary:class-tests-of-month", "class"): only(200, "teacher", "class_teacher", "head_teacher"),
    ("GET", "diary:class-absences", "class"): only(200, "class_teacher", "head_teacher"),
    ("POST", "diary:absence-reasons", "class"): only(302, "class_teacher") | {"head_teacher": 403},
    ("POST", "diary:absence-period", "class"): only(422, "class_teacher") | {"head_teacher": 403},
    ("GET", "diary:attendance", ""): only(302, *FAMILY, "other_parent"),
    ("GET", "diary:attendance-of", "student"): only(200, *FAMILY),
    ("GET", "diary:attendance-of-period", "student"): only(200, *FAMILY),
    ("GET", "diary:note-new", "student"): only(200, "parent") | {"student": 403},
    ("POST", "diary:note-new", "student"): only(422, "parent") | {"student": 403},
    ("GET", "diary:note-day", "student"): only(302, *FAMILY),
    ("GET", "diary:note-new-lessons", "student"): only(200, "parent") | {"student": 403},
    ("POST", "diary:note-new-lessons", "student"): only(422, "parent") | {"student": 403},
    ("GET", "diary:absence-note", "note"): only(200, *READ_NOTES),
    ("GET", "diary:absence-note-file", "note"): only(200, *READ_NOTES),
    ("POST", "diary:note-withdrawal", "note"): only(403, *READ_NOTES) | {"parent": 302},
    ("POST", "diary:note-acceptance", "note"): only(403, *READ_NOTES) | {"class_teacher": 302},
    ("POST", "diary:note-refusal", "note"): only(403, *READ_NOTES) | {"class_teacher": 422},
    ("GET", "diary:phrases", ""): only(200, *STAFF, "outsider"),
    ("POST", "diary:phrases", ""): only(422, *STAFF, "outsider"),
    ("POST", "diary:phrase-removal", "phrase"): only(302, "teacher"),
    ("GET", "diary:programmes", ""): only(200, *PROGRAMMES),
    ("GET", "diary:programme-template", ""): only(200, *PROGRAMMES),
    ("GET", "diary:programme", "course"): only(200, "teacher", "class_teacher", "head_teacher"),
    ("GET", "diary:programme-export", "course"): only(200, "teacher", "class_teacher", "head_teacher"),
    ("POST", "diary:programme-plan", "course"): only(302, "teacher") | READS_PROGRAMME,
    ("POST", "diary:programme-start", "course"): only(302, "teacher") | READS_PROGRAMME,
    ("GET", "diary:programme-copy", "course"): only(200, "teacher") | READS_PROGRAMME,
    ("POST", "diary:programme-copy", "course"): only(422, "teacher") | READS_PROGRAMME,
    ("POST", "diary:programme-copies", "course"): only(302, "teacher") | READS_PROGRAMME,
    ("GET", "diary:programme-import", "course"): only(200, "teacher") | READS_PROGRAMME,
    ("POST", "diary:programme-import", "course"): only(422, "teacher") | READS_PROGRAMME,
    ("POST", "diary:programme-import-confirmation", "course"): only(302, "teacher") | READS_PROGRAMME,
    ("POST", "diary:programme-submission", "course"): only(302, "teacher") | READS_PROGRAMME,
    ("POST", "diary:programme-approval", "course"): only(302, "head_teacher") | TEACHES_AND_LEADS,
    ("POST", "diary:programme-return", "course"): only(422, "head_teacher") | TEACHES_AND_LEADS,
    ("GET", "diary:topic-new", "course"): only(200, "teacher") | READS_PROGRAMME,
    ("POST", "diary:topic-new", "course"): only(422, "teacher") | READS_PROGRAMME,
    ("GET", "diary:topic", "topic"): only(200, "teacher") | READS_PROGRAMME,
    ("POST", "diary:topic", "topic"): only(422, "teacher") | READS_PROGRAMME,
    ("POST", "diary:topic-place", "topic"): only(302, "teacher") | READS_PROGRAMME,
    ("POST", "diary:topic-deletion", "topic"): only(302, "teacher") | READS_PROGRAMME,
    ("GET", "schools:proposal", "proposal"): only(200, "teacher"),
    ("POST", "schools:proposal-confirmation", "proposal"): only(302, "teacher"),
    ("POST", "schools:proposal-refusal", "proposal"): only(302, "teacher"),
    ("GET", "schedule:classes", ""): only(200, *STAFF, "outsider")
    | dict.fromkeys(("student", "parent", "other_parent"), 302),
    ("GET", "schedule:class-timetable", "class"): only(200, *FAMILY, "other_parent", *STAFF),
    ("GET", "schedule:class-timetable-week", "class"): only(200, *FAMILY, "other_parent", *STAFF),
}


def owed_by_the_student(cast: Any) -> Point:
    work = make.WorkFactory(lesson=cast.lesson)
    return Point.objects.create(
        work=work, student=cast.student, due_on=datetime.date(2026, 12, 18), by=cast.teacher
    )


def homework_due_at_the_lesson(cast: Any) -> Homework:
    return make.HomeworkFactory(lesson=cast.lesson, due_lesson=cast.lesson, due_on=cast.lesson.date)


def note_with_a_file(cast: Any) -> AbsenceNote:
    file = ContentFile(b"%PDF-1.7", "certificate")
    whose = {"student": cast.student, "school_class": cast.class_7a, "by": cast.parent}
    return make.NoteFactory(**whose, file=file, name="Справка.pdf", content_type="application/pdf")


# Whose row an address names first.
ROWS: dict[str, Callable[[Any], list[Any]]] = {
    "": lambda cast: [],
    "student": lambda cast: [cast.student.pk],
    "lesson": lambda cast: [cast.lesson.pk],
    "class": lambda cast: [cast.class_7a.pk],
    "course": lambda cast: [cast.algebra.pk],
    "school": lambda cast: [cast.school.pk],
    "term": lambda cast: [cast.lesson.term_id],
    "year": lambda cast: [cast.school.pk, cast.class_7a.year_id],
    "cell": lambda cast: [cast.lesson.pk, cast.student.pk],
    "results_of": lambda cast: [cast.student.pk, cast.algebra.pk],
    "proposal": lambda cast: [cast.teacher.tie_proposals.first().pk],
    "registration": lambda cast: [make.RegistrationFactory(organisation=cast.school).pk],
    "outgoing": lambda cast: [make.OutgoingFactory().pk],
    "keeping_remark": lambda cast: [
        make.KeepingRemarkFactory(course=cast.algebra, asked_by=cast.head_teacher).pk
    ],
    "correction": lambda cast: [asked(cast, cast.lesson).pk],
    "homework": lambda cast: [homework_due_at_the_lesson(cast).pk],
    "file": lambda cast: [make.HomeworkFileFactory(homework=homework_due_at_the_lesson(cast)).pk],
    "point": lambda cast: [owed_by_the_student(cast).pk],
    "work": lambda cast: [make.WorkFactory(lesson=cast.lesson, title="Контрольная № 3").pk],
    "topic": lambda cast: [cast.algebra.pk, make.TopicFactory(course=cast.algebra).pk],
    "note": lambda cast: [note_with_a_file(cast).pk],
    "phrase": lambda cast: [Phrase.objects.create(person=cast.teacher, text="молодец").pk],
}


def arguments(name: str, row: str, cast: Any) -> list[Any]:
    if name == "accounts:esia-refused":
        return ["unavailable"]
    term = f"term-{cast.lesson.term_id}"
    return ROWS[row](cast) + {
        "diary:course-completeness": [cast.lesson.term_id],
        "diary:results-of": [term],
        "diary:results-acceptance": [term],
        "diary:results-acceptance-undoing": [term],
        "diary:average": [cast.lesson.term_id, cast.student.pk],
        "diary:class-results-of": [term],
        "diary:behaviour": [term],
        "diary:subjects-of-term": [cast.lesson.term_id],
        "diary:subject": [cast.algebra.pk],
        "diary:subject-of-term": [cast.algebra.pk, cast.lesson.term_id],
        "diary:standing-of-term": [cast.lesson.term_id],
        "diary:class-standing-of-term": [cast.lesson.term_id],
        "diary:attendance-of-period": ["year"],
        "diary:note-new-lessons": [datetime.date(2026, 12, 16)],
        "diary:calendar-feed": ["no-secret"],
        "diary:report": ["progress"],
        "diary:report-pdf": ["term"],
        "diary:class-report-pdf": ["year"],
        "diary:week": [datetime.date(2026, 12, 14)],
        "schedule:class-timetable-week": [datetime.date(2026, 12, 14)],
        "diary:journal-of-term": [cast.lesson.term_id],
        "diary:teacher-day": [datetime.date(2026, 12, 16)],
        "diary:class-tests-of-month": [datetime.date(2026, 12, 1)],
    }.get(name, [])


def query(name: str, cast: Any) -> str:
    """What the address names after its question mark."""
    if name != "diary:correction-new":
        return ""
    return f"?lesson={cast.lesson.pk}&student={cast.student.pk}&subject=absence"


@pytest.fixture
def busy_day(cast: Any) -> None:
    """With several classes in sight the list of classes is a page and not a redirect; the other
    school names the teacher."""
    JournalRules.objects.create(organisation=cast.school, behaviour="words")
    for organisation in (cast.school, cast.other_school):
        make.SchoolClassFactory(organisation=organisation, grade=5)
    proposed = {"tie": "employment", "position": "учитель"}
    TieProposal.objects.create(person=cast.teacher, organisation=cast.other_school, proposed=proposed)


@pytest.mark.parametrize(("method", "name", "row"), MATRIX, ids=lambda value: str(value))
def test_everybody_gets_what_the_map_says(
    method: str, name: str, row: str, cast: Any, outlasted: Any, as_: Any, busy_day: None
) -> None:
    people, got = cast.people() | vars(outlasted), {}
    for role in ROLES:
        with transaction.atomic():  # each finds what the first one found
            address = reverse(name, args=arguments(name, row, cast)) + query(name, cast)
            response = getattr(as_(people.get(role)), method.lower())(address, **EMPTY.get(method, {}))
            got[role] = response.status_code
            if role == "anonymous" and response.status_code == 302 and name not in PUBLIC_REDIRECTS:
                assert response["Location"].startswith(
                    (reverse("accounts:sign-in"), reverse("account_login"))
                )
            transaction.set_rollback(True)
    assert got == MATRIX[method, name, row]


EMPTY: dict[str, Any] = {"POST": {"data": {}}}

PUBLIC_REDIRECTS = {
    "accounts:esia",
    "accounts:recovery-answer",
    "accounts:recovery-password",
    "set-language",
    "set-theme",
    "vision",
    "accounts:sign-out",
    "accounts:esia-link",
    "accounts:esia-institution",
    "account_signup",
    "account_verify_phone",
    "account_email_verification_sent",
    "account_logout",
    "accounts:registration-anew",
}


@pytest.mark.parametrize(("method", "name", "row"), MATRIX, ids=lambda value: str(value))
def test_a_refusal_tells_no_names(
    method: str, name: str, row: str, cast: Any, as_: Any, busy_day: None
) -> None:
    response = as_(cast.outsider).generic(method, reverse(name, args=arguments(name, row, cast)))
    if response.status_code in (403, 404):
        assert cast.student.surname not in response.content.decode()


def test_no_address_is_missing() -> None:
    named = {name for _method, name, _row in MATRIX}
    assert set(_names(get_resolver().url_patterns)) - {"admin"} == named


def _names(patterns: list[Any], namespace: str = "") -> list[str]:
    """Names of all addresses; Django admin's are tried one by one in tests/schools/test_admin_*."""
    names = []
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            if pattern.namespace == "admin":
                continue
            inner = f"{pattern.namespace}:" if pattern.namespace else namespace
            names += _names(pattern.url_patterns, inner)
        elif isinstance(pattern, URLPattern) and pattern.name:
            names.append(namespace + pattern.name)
    return names
