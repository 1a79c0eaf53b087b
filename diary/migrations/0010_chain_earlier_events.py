"""What was written before the chains were joins them now, in the order in which it was written."""

from django.db import migrations

from diary.models.homework import CHAIN_OF_HOMEWORK
from diary.models.keeping import CHAIN_OF_KEEPING
from diary.models.works import CHAIN_OF_MARK, CHAIN_OF_WORK
from schedule.models import CHAIN_OF_LESSON, OWN_CHAIN

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
