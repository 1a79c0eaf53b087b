"""How far courses are with their programmes on a day: ahead or behind, by how many lessons.

For one course and for all of a school alike, in one statement.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from diary.programme.laying import TopicHours, hours_done


@dataclass(frozen=True)
class Progress:
    """`planned` hours should have been given before the day, `done` were; of `hours` in all."""

    topics: int
    hours: int
    planned: int
    done: int

    @property
    def behind(self) -> int:
        """Lessons; negative when ahead."""
        return self.planned - self.done

    @property
    def words(self) -> str:
        """«отстаёт от плана на 2 урока»"""
        lessons = abs(self.behind)
        if self.behind > 0:
            text = ngettext(
                "behind the plan by %(number)d lesson", "behind the plan by %(number)d lessons", lessons
            )
        elif self.behind < 0:
            text = ngettext(
                "ahead of the plan by %(number)d lesson", "ahead of the plan by %(number)d lessons", lessons
            )
        else:
            text = _("in step with the plan")
        return text % {"number": lessons}


# By course, its topics in order: hours, lessons that took it before the day, whether it is left out.
_PROGRESS = """
    SELECT topic.course_id,
           array_agg(topic.hours ORDER BY topic."order"),
           array_agg(coalesce(taught.lessons, 0) ORDER BY topic."order"),
           array_agg(topic.left_out ORDER BY topic."order"),
           sum((SELECT count(*) FROM unnest(topic.plan) AS day WHERE day < %(on)s))
    FROM diary_topic AS topic
    LEFT JOIN (
        SELECT taught.topic_id, count(*) AS lessons
        FROM diary_topictaught AS taught JOIN schedule_lesson AS lesson ON lesson.id = taught.lesson_id
        WHERE taught.course_id = ANY (%(courses)s) AND lesson.date < %(on)s AND lesson.state != 'cancelled'
        GROUP BY taught.topic_id
    ) AS taught ON taught.topic_id = topic.id
    WHERE topic.course_id = ANY (%(courses)s)
    GROUP BY topic.course_id
"""


def progress_of(courses: Iterable[int], on: datetime.date) -> dict[int, Progress]:
    """By course, as of the morning of the day; courses without topics are left out. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_PROGRESS, {"courses": list(courses), "on": on})
        return {course: _progress(*row) for course, *row in cursor.fetchall()}


def _progress(hours: list[int], taught: list[int], left_out: list[bool], planned: int) -> Progress:
    topics = [TopicHours(0, *row) for row in zip(hours, taught, left_out, strict=True)]
    return Progress(len(topics), sum(topic.planned for topic in topics), int(planned), hours_done(topics))
