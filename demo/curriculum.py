"""What is taught how many hours a week in each grade, and which subjects one teacher takes.

After the federal curriculum for a five-day week (order 371/370/372 of 2022 as amended); the hours
keep within SanPiN 1.2.3685-21: 21 in grade 1, 23 in 2–4, 29–34 later.
"""

from dataclasses import dataclass

RUSSIAN, LITERATURE, READING = "Русский язык", "Литература", "Литературное чтение"
ENGLISH, MATHS, ALGEBRA, GEOMETRY = "Английский язык", "Математика", "Алгебра", "Геометрия"
STATISTICS, COMPUTING = "Вероятность и статистика", "Информатика"
HISTORY, SOCIETY, GEOGRAPHY = "История", "Обществознание", "География"
BIOLOGY, PHYSICS, CHEMISTRY, WORLD = "Биология", "Физика", "Химия", "Окружающий мир"
MUSIC, ART, CRAFT, SPORT = "Музыка", "Изобразительное искусство", "Труд (технология)", "Физическая культура"
SAFETY = "Основы безопасности и защиты Родины"
TALK, ETHICS, PROJECT = "Разговоры о важном", "Основы религиозных культур и этики", "Индивидуальный проект"

SHORT_NAMES = {
    RUSSIAN: "Рус. яз.",
    LITERATURE: "Лит-ра",
    READING: "Лит. чтение",
    ENGLISH: "Англ. яз.",
    STATISTICS: "ВиС",
    SOCIETY: "Общество",
    WORLD: "Окр. мир",
    ART: "ИЗО",
    CRAFT: "Труд",
    SPORT: "Физ-ра",
    SAFETY: "ОБЗР",
    TALK: "РоВ",
    ETHICS: "ОРКСЭ",
    PROJECT: "Инд. проект",
}

_PRIMARY = {RUSSIAN: 5, READING: 4, ENGLISH: 2, MATHS: 4, WORLD: 2, ART: 1, MUSIC: 1, CRAFT: 1, SPORT: 2}
_SENIOR = {
    RUSSIAN: 2, LITERATURE: 3, ENGLISH: 3, ALGEBRA: 3, GEOMETRY: 2, STATISTICS: 1, COMPUTING: 1,
    HISTORY: 2, SOCIETY: 2, GEOGRAPHY: 1, BIOLOGY: 1, PHYSICS: 2, CHEMISTRY: 1, SPORT: 3, SAFETY: 1,
}  # fmt: skip
HOURS: dict[int, dict[str, int]] = {
    1: {subject: hours for subject, hours in _PRIMARY.items() if subject != ENGLISH},
    2: _PRIMARY,
    3: _PRIMARY,
    4: _PRIMARY | {READING: 3, ETHICS: 1},
    5: {
        RUSSIAN: 5, LITERATURE: 3, ENGLISH: 3, MATHS: 5, HISTORY: 3, GEOGRAPHY: 1, BIOLOGY: 1,
        MUSIC: 1, ART: 1, CRAFT: 2, SPORT: 2,
    },
    6: {
        RUSSIAN: 6, LITERATURE: 3, ENGLISH: 3, MATHS: 5, HISTORY: 2, SOCIETY: 1, GEOGRAPHY: 1,
        BIOLOGY: 1, MUSIC: 1, ART: 1, CRAFT: 2, SPORT: 2,
    },
    7: {
        RUSSIAN: 4, LITERATURE: 2, ENGLISH: 3, ALGEBRA: 3, GEOMETRY: 2, STATISTICS: 1, COMPUTING: 1,
        HISTORY: 2, SOCIETY: 1, GEOGRAPHY: 2, BIOLOGY: 1, PHYSICS: 2, MUSIC: 1, ART: 1, CRAFT: 2, SPORT: 2,
    },
    8: {
        RUSSIAN: 3, LITERATURE: 2, ENGLISH: 3, ALGEBRA: 3, GEOMETRY: 2, STATISTICS: 1, COMPUTING: 1,
        HISTORY: 2, SOCIETY: 1, GEOGRAPHY: 2, BIOLOGY: 2, PHYSICS: 2, CHEMISTRY: 2, MUSIC: 1, CRAFT: 1,
        SPORT: 2, SAFETY: 1,
    },
    9: {
        RUSSIAN: 3, LITERATURE: 3, ENGLISH: 3, ALGEBRA: 3, GEOMETRY: 2, STATISTICS: 1, COMPUTING: 1,
        HISTORY: 2, SOCIETY: 1, GEOGRAPHY: 2, BIOLOGY: 2, PHYSICS: 3, CHEMISTRY: 2, CRAFT: 1, SPORT: 2,
        SAFETY: 1,
    },
    10: _SENIOR | {PROJECT: 1},
    11: _SENIOR | {RUSSIAN: 3, ALGEBRA: 4},
}  # fmt: skip
for _plan in HOURS.values():
    _plan.setdefault(TALK, 1)

IN_GROUPS = (ENGLISH, COMPUTING)
UNMARKED = (TALK,)  # never marked, in no grade
PASS_OR_FAIL = (ETHICS, PROJECT)
FIRST_MARKED_GRADE = 2

# What the teacher of a primary class gives that class.
PRIMARY_TEACHERS = (RUSSIAN, READING, MATHS, WORLD, ART, CRAFT, ETHICS)


@dataclass(frozen=True)
class Area:
    """Subjects that one teacher takes, and what such a teacher is called."""

    position: str
    subjects: tuple[str, ...]


_LANGUAGE = Area("учитель русского языка и литературы", (RUSSIAN, LITERATURE))
_MATHS = Area("учитель математики", (MATHS, ALGEBRA, GEOMETRY, STATISTICS))
_ENGLISH = Area("учитель английского языка", (ENGLISH,))
_COMPUTING = Area("учитель информатики", (COMPUTING,))
_HISTORY = Area("учитель истории и обществознания", (HISTORY, SOCIETY, PROJECT))
_SPORT = Area("учитель физической культуры", (SPORT,))
_CRAFT = Area("учитель труда", (CRAFT, SAFETY))

LARGE_SCHOOL = (
    _LANGUAGE, _MATHS, _ENGLISH, _COMPUTING, _HISTORY, _SPORT, _CRAFT,
    Area("учитель географии", (GEOGRAPHY,)),
    Area("учитель биологии", (BIOLOGY,)),
    Area("учитель химии", (CHEMISTRY,)),
    Area("учитель физики", (PHYSICS,)),
    Area("учитель музыки и изобразительного искусства", (MUSIC, ART)),
)  # fmt: skip
SMALL_SCHOOL = (
    _LANGUAGE, _MATHS, _ENGLISH, _COMPUTING, _HISTORY, _SPORT, _CRAFT,
    Area("учитель географии и биологии", (GEOGRAPHY, BIOLOGY)),
    Area("учитель физики и химии", (PHYSICS, CHEMISTRY)),
    Area("учитель музыки и изобразительного искусства", (MUSIC, ART)),
)  # fmt: skip


def areas_for(classes: int) -> tuple[Area, ...]:
    return LARGE_SCHOOL if classes > 14 else SMALL_SCHOOL


def position_of(subject: str, areas: tuple[Area, ...]) -> Area:
    return next(area for area in areas if subject in area.subjects)
