"""What was written before the chains were joins them now, in the order in which it was written."""

from django.db import migrations

# As the models said it then: a migration does tomorrow what it did today.
CHAIN_OF_LESSON = (
    "SELECT lesson.course_id, lesson.term_id FROM schedule_lesson AS lesson WHERE lesson.id = {row}.lesson_id"
)
OWN_CHAIN = "SELECT {row}.course_id, {row}.term_id"
CHAIN_OF_HOMEWORK = """
    SELECT lesson.course_id, lesson.term_id
    FROM diary_homework AS homework JOIN schedule_lesson AS lesson ON lesson.id = homework.lesson_id
    WHERE homework.id = {row}.homework_id
"""
CHAIN_OF_KEEPING = (
    "SELECT {row}.course_id, "
    "(SELECT lesson.term_id FROM schedule_lesson AS lesson WHERE lesson.id = {row}.lesson_id)"
)
TERMS_OF_WORK = """
    SELECT lesson.term_id FROM schedule_lesson AS lesson WHERE lesson.id = {work}.lesson_id
    UNION ALL
    SELECT term.id
    FROM schools_course AS course JOIN schools_term AS term USING (organisation_id)
    WHERE {work}.lesson_id IS NULL AND course.id = {work}.course_id
      AND {work}.date BETWEEN term.since AND term.until
      AND EXISTS (
        SELECT FROM schools_schoolclass AS class
        WHERE class.grade BETWEEN term.first_grade AND term.last_grade
          AND (class.id = course.school_class_id OR class.id IN (
            SELECT schoolclass_id FROM schools_group_classes WHERE group_id = course.group_id)))
"""
CHAIN_OF_WORK = f"SELECT {{work}}.course_id, (SELECT min(terms.term_id) FROM ({TERMS_OF_WORK}) AS terms)"
CHAIN_OF_MARK = f"{CHAIN_OF_WORK.format(work='work')} FROM diary_work AS work WHERE work.id = {{row}}.work_id"
CHAINS = {
    "schedule_lessonevent": OWN_CHAIN,
    "diary_absenceevent": CHAIN_OF_LESSON,
    "diary_remarkevent": CHAIN_OF_LESSON,
    "diary_homeworkevent": CHAIN_OF_LESSON,
    "diary_homeworkaddresseeevent": CHAIN_OF_HOMEWORK,
    "diary_workevent": CHAIN_OF_WORK.format(work="{row}"),
    "diary_markevent": CHAIN_OF_MARK,
    "diary_pointevent": CHAIN_OF_MARK,
    "diary_resultevent": OWN_CHAIN,
    "diary_correctionevent": OWN_CHAIN,
    "diary_keepingremarkevent": CHAIN_OF_KEEPING,
}


def chain(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        for table, place in CHAINS.items():
            cursor.execute(f"SELECT EXISTS (SELECT FROM {table})")
            if cursor.fetchone()[0]:
                cursor.execute(
                    f"""
                    SELECT count(history_append(place.course, place.term, %s, event.pgh_id, event))
                    FROM (SELECT * FROM {table} ORDER BY pgh_id) AS event
                    LEFT JOIN LATERAL ({place.format(row="event")}) AS place (course, term) ON TRUE
                    WHERE NOT EXISTS (
                        SELECT FROM schools_historylink AS link
                        WHERE link.event_table = %s AND link.event = event.pgh_id)
                    """,
                    [table, table],
                )


class Migration(migrations.Migration):
    dependencies = [("diary", "0009_journal_chained"), ("schedule", "0007_lessons_chained")]

    operations = [migrations.RunPython(chain, migrations.RunPython.noop)]
