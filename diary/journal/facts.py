"""What decides about an entry besides rights, read with its lesson in the one statement that locks it.

Written out: composing it anew from querysets with every save costs several times what the database needs.
"""

import datetime
from typing import Any

from django.db.models import JSONField
from django.db.models.expressions import RawSQL

from diary.journal.entry import Entry

_FACTS = """(
    SELECT jsonb_build_object(
        -- Whether the student belongs to the class or group that day, as `Lesson.students` has it; and since
        -- when, for who belongs to it today.
        'is_there', coalesce(bool_or(
            schedule_lesson.date BETWEEN tie.since AND coalesce(tie.until, 'infinity')
            AND schedule_lesson.date BETWEEN tie.enrolled_since AND coalesce(tie.enrolled_until, 'infinity')
        ), FALSE),
        'came', max(tie.since) FILTER (WHERE %s BETWEEN tie.since AND coalesce(tie.until, 'infinity')),
        -- The lessons given in the term so far: those of `diary.journal.sums.Given`.
        'given', (SELECT coalesce(jsonb_agg(jsonb_build_object(
                      'pk', g.id, 'date', g.date, 'starts', g.starts, 'ends', g.ends)), '[]')
                  FROM schedule_lesson g
                  WHERE g.course_id = schedule_lesson.course_id AND g.term_id = schedule_lesson.term_id
                    AND g.date <= %s AND g.state <> 'cancelled'),
        'is_year_closed', EXISTS (
            SELECT FROM schools_term t
            JOIN schools_yearclosure y ON y.organisation_id = t.organisation_id AND y.year_id = t.year_id
            WHERE t.id = schedule_lesson.term_id),
        -- The kind of its planned test: `diary.journal.grid.planned_test`.
        'test', (SELECT w.kind_id FROM diary_work w JOIN diary_workkind k ON k.id = w.kind_id
                 WHERE w.lesson_id = schedule_lesson.id AND k.is_test ORDER BY w.number, w.id LIMIT 1),
        'recorded', (SELECT jsonb_build_object('person', s.person_id, 'status', s.status, 'answer', s.answer)
                     FROM diary_savedentry s WHERE s.key = %s)
    )
    FROM (
        SELECT e.since, e.until, e.since AS enrolled_since, e.until AS enrolled_until
        FROM schools_course c JOIN schools_enrolment e ON e.school_class_id = c.school_class_id
        WHERE c.id = schedule_lesson.course_id AND e.student_id = %s
        UNION ALL
        SELECT m.since, m.until, e.since, e.until
        FROM schools_course c
        JOIN schools_groupmembership m ON m.group_id = c.group_id
        JOIN schools_group_classes gc ON gc.group_id = c.group_id
        JOIN schools_enrolment e ON e.school_class_id = gc.schoolclass_id AND e.student_id = m.student_id
        WHERE c.id = schedule_lesson.course_id AND m.student_id = %s
    ) tie
)"""


def facts(entry: Entry, on: datetime.date) -> RawSQL:
    """An annotation of lessons: `is_there`, `came`, `given`, `is_year_closed`, `test`, `recorded`."""
    parameters: list[Any] = [on, on, entry.key, entry.student, entry.student]
    return RawSQL(_FACTS, parameters, output_field=JSONField())  # noqa: S611 (of a constant)
