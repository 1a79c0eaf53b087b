"""The variant of the behaviour mark in words (rules.md, "Marks, absences, terms"). The other variants
are on the scales that marks have: passed or not, five-point."""

from django.db import migrations

CODE = "behaviour"
VALUES = [
    ("прим.", "примерное", "exemplary", "word"),
    ("удовл.", "удовлетворительное", "satisfactory", "word"),
    ("неуд.", "неудовлетворительное", "unsatisfactory", "word"),
]


def add(apps, schema_editor):
    scale = apps.get_model("diary", "Scale").objects.create(code=CODE, name="Поведение", name_en="Behaviour")
    ScaleValue = apps.get_model("diary", "ScaleValue")
    ScaleValue.objects.bulk_create(
        ScaleValue(scale=scale, text=text, name=name, name_en=name_en, tone=tone, order=order)
        for order, (text, name, name_en, tone) in enumerate(VALUES)
    )


def remove(apps, schema_editor):
    apps.get_model("diary", "ScaleValue").objects.filter(scale__code=CODE).delete()
    apps.get_model("diary", "Scale").objects.filter(code=CODE).delete()


class Migration(migrations.Migration):
    dependencies = [("diary", "0011_results_and_behaviour")]
    operations = [migrations.RunPython(add, remove)]
