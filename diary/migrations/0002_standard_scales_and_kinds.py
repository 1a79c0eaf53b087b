"""The scales and kinds of work every school starts with (source: rules.md, "Marks, absences, terms")."""

from django.db import migrations

SCALES = [
    # code, Russian, English, [(text, Russian, English, points, look)]
    ("five-point", "Пятибалльная", "Five-point", [
        ("5", "отлично", "excellent", 5, "five"),
        ("4", "хорошо", "good", 4, "four"),
        ("3", "удовлетворительно", "satisfactory", 3, "three"),
        ("2", "неудовлетворительно", "unsatisfactory", 2, "two"),
        ("1", "плохо", "poor", 1, "two"),
        ("осв", "освобождён", "exempt", None, "word"),
        ("н/а", "не аттестован", "not certified", None, "word"),
    ]),
    ("passed", "Зачёт", "Passed or not", [
        ("зч", "зачёт", "passed", None, "word"),
        ("нз", "незачёт", "not passed", None, "word"),
        ("осв", "освобождён", "exempt", None, "word"),
        ("н/а", "не аттестован", "not certified", None, "word"),
    ]),
]

KINDS = [
    # letter, Russian, English, weight, test
    ("О", "ответ на уроке", "answer in class", 1, False),
    ("ДЗ", "домашняя работа", "homework", 1, False),
    ("С", "самостоятельная работа", "independent work", 2, False),
    ("К", "контрольная работа", "test", 3, True),
    ("А", "практическая работа", "practical work", 2, False),
    ("Л", "лабораторная работа", "laboratory work", 2, False),
    ("Т", "тестирование", "quiz", 2, False),
    ("Н", "диктант", "dictation", 2, False),
    ("И", "изложение", "retelling", 2, False),
    ("Ч", "сочинение", "essay", 2, False),
    ("В", "срезовая работа", "survey test", 3, True),
    ("П", "проект", "project", 2, False),
    ("Р", "реферат", "report", 1, False),
    ("З", "зачёт", "credit", 2, False),
]


def add(apps, schema_editor):
    Scale = apps.get_model("diary", "Scale")
    ScaleValue = apps.get_model("diary", "ScaleValue")
    WorkKind = apps.get_model("diary", "WorkKind")
    for code, name, name_en, values in SCALES:
        scale = Scale.objects.create(code=code, name=name, name_en=name_en)
        ScaleValue.objects.bulk_create(
            ScaleValue(scale=scale, text=text, name=ru, name_en=en, points=points, tone=tone, order=order)
            for order, (text, ru, en, points, tone) in enumerate(values)
        )
    WorkKind.objects.bulk_create(
        WorkKind(code=code, name=name, name_en=name_en, weight=weight, is_test=is_test, order=order)
        for order, (code, name, name_en, weight, is_test) in enumerate(KINDS)
    )


def remove(apps, schema_editor):
    apps.get_model("diary", "WorkKind").objects.filter(organisation=None).delete()
    apps.get_model("diary", "ScaleValue").objects.filter(scale__code__in=[s[0] for s in SCALES]).delete()
    apps.get_model("diary", "Scale").objects.filter(code__in=[s[0] for s in SCALES]).delete()


class Migration(migrations.Migration):
    dependencies = [("diary", "0001_initial")]
    operations = [migrations.RunPython(add, remove)]
