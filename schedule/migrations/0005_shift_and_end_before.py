"""Changes that are older than these columns: what the lesson has now is the best that is known."""

from django.db import migrations


def fill(apps, schema_editor):
    LessonChange = apps.get_model("schedule", "LessonChange")
    for change in LessonChange.objects.select_related("lesson").iterator():
        change.was_shift, change.was_ends = change.lesson.shift, change.lesson.ends
        change.save(update_fields=["was_shift", "was_ends"])


class Migration(migrations.Migration):
    dependencies = [("schedule", "0004_lesson_before")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
