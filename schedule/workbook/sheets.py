"""The workbook's format: sheets, columns, what each may hold. One place for reader and template.

Names of sheets, headings and explanations are Russian constants of the format. The two examples of
a sheet are marked in the first column and skipped by the reader.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django.utils.translation import gettext

from schedule.workbook import cells
from schedule.workbook.cells import CellError
from schools.models import Guardianship, Organisation, Term
from schools.models.organisations import LAST_GRADE

# The first column of every sheet: rows with one of these words are not read.
MARK_TITLE = "Пометка"
EXAMPLE, HINT = "пример", "пояснение"
GUIDE_TITLE = "Как заполнить"
LIST_TITLE = "Справочник"


@dataclass(frozen=True)
class Choice:
    """Reads one of a few words; `words` maps what is written to what is meant."""

    words: dict[str, Any]

    def __call__(self, value: Any) -> Any:
        text = cells.read_text(value).lower().replace("ё", "е")
        for word, meant in self.words.items():
            if text == word.lower().replace("ё", "е"):
                return meant
        raise CellError(gettext("expected one of: %(words)s") % {"words": ", ".join(self.words)})


@dataclass(frozen=True)
class Column:
    """`hint` stands below the heading, `choices` become a drop-down, `examples` the two rows."""

    name: str
    title: str
    read: Callable[[Any], Any]
    hint: str
    examples: tuple[str, str]
    required: bool = False
    width: int = 18

    @property
    def choices(self) -> list[str]:
        if self.read is cells.read_weekday:
            return list(cells.WEEKDAYS)
        return list(self.read.words) if isinstance(self.read, Choice) else []


@dataclass(frozen=True)
class Sheet:
    name: str
    title: str
    about: str
    columns: tuple[Column, ...] = field(repr=False)


ORGANISATION_KINDS = Choice(
    {
        "школа": Organisation.Kind.SCHOOL,
        "гимназия": Organisation.Kind.GYMNASIUM,
        "лицей": Organisation.Kind.LYCEUM,
        "детский сад": Organisation.Kind.KINDERGARTEN,
        "колледж": Organisation.Kind.COLLEGE,
    }
)
HOLIDAY, DAY_OFF, MOVED_DAY = "holiday", "day-off", "moved-day"
CALENDAR_KINDS = Choice(
    {
        "четверть": Term.Kind.QUARTER,
        "триместр": Term.Kind.TRIMESTER,
        "полугодие": Term.Kind.HALF_YEAR,
        "каникулы": HOLIDAY,
        "выходной": DAY_OFF,
        "рабочий день": MOVED_DAY,
    }
)
SEXES = Choice({"ж": "f", "м": "m"})
YES_NO = Choice({"да": True, "нет": False})
SHIFTS = partial(cells.read_number, last=2)
GRADES = partial(cells.read_number, last=LAST_GRADE)
LESSONS = partial(cells.read_number, last=20)
WEEKDAYS = cells.read_weekday
WEEKS = Choice({"все": (1, 2), "нечётные": (1, 1), "чётные": (2, 2)})
KINSHIP = Choice(
    {
        "мать": Guardianship.Kind.MOTHER,
        "отец": Guardianship.Kind.FATHER,
        "опекун": Guardianship.Kind.GUARDIAN,
        "попечитель": Guardianship.Kind.TRUSTEE,
        "родственник": Guardianship.Kind.RELATIVE,
    }
)


def text(longest: int) -> Callable[[Any], str]:
    return partial(cells.read_text, longest=longest)


def _person(surnames: str, first_names: str, patronymics: str, births: str) -> tuple[Column, ...]:
    """The columns of a human being; two examples each, separated by a bar."""

    def two(examples: str) -> tuple[str, str]:
        first, second = examples.split("|")
        return first, second

    return (
        Column("surname", "Фамилия", cells.read_name, "", two(surnames), required=True),
        Column("first_name", "Имя", cells.read_name, "", two(first_names), required=True),
        Column("patronymic", "Отчество", cells.read_patronymic, "пусто, если нет", two(patronymics)),
        Column("birth_date", "Дата рождения", cells.read_birth_date, "например, 05.03.2014", two(births)),
        Column("sex", "Пол", SEXES, "ж или м", ("ж", "м"), width=6),
    )


def _snils(first: str, second: str, hint: str) -> Column:
    return Column("snils", "СНИЛС", cells.read_snils, hint, (first, second))


SCHOOL = Sheet(
    "school",
    "Школа",
    "Одна строка: школа, к которой относится вся книга.",
    (
        Column("code", "ОГРН", cells.read_ogrn, "13 цифр", ("1056380000016", ""), required=True),
        Column(
            "name",
            "Полное наименование",
            text(300),
            "как в уставе",
            ("Муниципальное бюджетное общеобразовательное учреждение «Школа № 1»", ""),
            required=True,
            width=60,
        ),
        Column(
            "short_name", "Краткое наименование", text(100), "", ("Школа № 1", ""), required=True, width=26
        ),
        Column("kind", "Вид", ORGANISATION_KINDS, "из списка; пусто: школа", ("школа", "")),
        Column(
            "municipality",
            "Муниципалитет",
            text(200),
            "как в Справочнике",
            ("Кинель (городской округ)", ""),
            required=True,
            width=34,
        ),
        Column(
            "locality",
            "Населённый пункт",
            cells.read_locality,
            "без «г.», «с.»",
            ("Кинель", ""),
            required=True,
        ),
        Column(
            "year",
            "Учебный год",
            cells.read_academic_year,
            "например, 2026/2027",
            ("2026/2027", ""),
            required=True,
        ),
    ),
)
CALENDAR = Sheet(
    "calendar",
    "Четверти и каникулы",
    "Четверти (триместры, полугодия), каникулы, выходные дни и перенесённые рабочие дни.",
    (
        Column("what", "Что это", CALENDAR_KINDS, "из списка", ("четверть", "рабочий день"), required=True),
        Column("number", "Номер", GRADES, "четверти, триместра, полугодия", ("1", "")),
        Column("name", "Название", text(100), "каникул или выходного", ("", "")),
        Column("since", "С", cells.read_date, "первый день", ("01.09.2026", "07.11.2026"), required=True),
        Column("until", "По", cells.read_date, "последний день; пусто: один день", ("25.10.2026", "")),
        Column("first_grade", "Классы с", GRADES, "пусто: с 1-х", ("1", ""), width=10),
        Column("last_grade", "Классы по", GRADES, "пусто: по 11-е", ("9", ""), width=10),
        Column(
            "as_weekday",
            "Учимся как в",
            WEEKDAYS,
            "для рабочего дня: расписание какого дня недели",
            ("", "понедельник"),
        ),
    ),
)
CLASSES = Sheet(
    "classes",
    "Классы",
    "Все классы учебного года. Классный руководитель должен быть на листе «Учителя».",
    (
        Column("label", "Класс", cells.read_class, "например, 5Б", ("5Б", "10А"), required=True, width=10),
        Column("shift", "Смена", SHIFTS, "1 или 2; пусто: 1", ("1", "1"), width=8),
        Column(
            "teacher",
            "Классный руководитель",
            text(100),
            "фамилия, имя, отчество; или СНИЛС",
            ("Кузнецова Елена Викторовна", ""),
            width=36,
        ),
    ),
)
STUDENTS = Sheet(
    "students",
    "Ученики",
    "Ученик узнаётся по СНИЛС, а без него по фамилии, имени, отчеству и дате рождения. "
    "Выбывший в этом году не зачисляется снова, пока в «Зачислен с» не стоит более поздний день.",
    (
        *_person("Соколова|Ёлкин", "Мария|Артём", "Андреевна|", "05.03.2014|17.11.2014"),
        _snils("112-233-445 95", "", "если есть"),
        Column("label", "Класс", cells.read_class, "с листа «Классы»", ("5Б", "5Б"), required=True, width=10),
        Column(
            "groups",
            "Группы",
            cells.read_list,
            "все подгруппы через точку с запятой или запятую; пусто: как было",
            ("5Б английский 1", "5Б английский 2"),
            width=36,
        ),
        Column(
            "since",
            "Зачислен с",
            cells.read_date,
            "пусто: с начала года, позже со дня загрузки; кто вернулся: день возвращения",
            ("", ""),
        ),
    ),
)
GUARDIANS = Sheet(
    "guardians",
    "Родители",
    "Строка на каждого ребёнка. Родитель узнаётся по СНИЛС или по имени и дате рождения; ребёнок так же. "
    "Исключённого из дела ребёнка возвращают только на страницах администрирования.",
    (
        *_person("Соколова|Ёлкин", "Анна|Илья", "Юрьевна|Петрович", "12.04.1986|30.01.1984"),
        _snils("", "", "СНИЛС или дата рождения обязательны"),
        Column("kind", "Кем приходится", KINSHIP, "из списка", ("мать", "отец"), required=True),
        Column("child_snils", "СНИЛС ребёнка", cells.read_snils, "", ("112-233-445 95", "")),
        Column(
            "child_name",
            "Ребёнок",
            cells.read_full_name,
            "фамилия, имя, отчество, если нет СНИЛС",
            ("", "Ёлкин Артём"),
            width=34,
        ),
        Column("child_birth_date", "Дата рождения ребёнка", cells.read_birth_date, "", ("", "17.11.2014")),
    ),
)
TEACHERS = Sheet(
    "teachers",
    "Учителя",
    "Все, кто ведёт уроки или классы. "
    "Уволенный не принимается снова, пока в «Работает с» не стоит более поздний день.",
    (
        *_person("Кузнецова|Орлов", "Елена|Сергей", "Викторовна|Павлович", "17.05.1980|02.09.1975"),
        _snils("", "", "СНИЛС или дата рождения обязательны"),
        Column("position", "Должность", text(200), "", ("учитель математики", "учитель истории"), width=28),
        Column(
            "since",
            "Работает с",
            cells.read_date,
            "пусто: с начала года, позже со дня загрузки; кто вернулся: день возвращения",
            ("", ""),
        ),
    ),
)
SUBJECTS = Sheet(
    "subjects",
    "Предметы",
    "Названия предметов так, как они пишутся в журнале.",
    (
        Column("name", "Предмет", text(100), "", ("Математика", "Иностранный язык"), required=True, width=36),
        Column("short_name", "Кратко", text(30), "для узких мест", ("Мат.", "Ин. яз.")),
    ),
)
COURSES = Sheet(
    "courses",
    "Курсы",
    "Кто чему учит какой класс или подгруппу.",
    (
        Column(
            "subject",
            "Предмет",
            text(100),
            "с листа «Предметы»",
            ("Математика", "Иностранный язык"),
            required=True,
            width=36,
        ),
        Column(
            "audience",
            "Класс или группа",
            text(100),
            "с листов «Классы», «Ученики»",
            ("5Б", "5Б английский 1"),
            required=True,
            width=26,
        ),
        Column(
            "teachers",
            "Учитель",
            cells.read_list,
            "фамилия, имя, отчество; двое через точку с запятой или запятую; пусто: как было",
            ("Кузнецова Елена Викторовна", "Орлов С. П."),
            width=36,
        ),
        Column("hours", "Часов в неделю", cells.read_hours, "например, 5 или 0,5", ("5", "3"), required=True),
    ),
)
BELLS = Sheet(
    "bells",
    "Звонки",
    "Начало и конец уроков. Строка с днём недели важнее строки без него.",
    (
        Column("number", "Урок", LESSONS, "1, 2, 3…", ("1", "2"), required=True, width=8),
        Column("starts", "Начало", cells.read_time, "", ("08:00", "08:50"), required=True, width=10),
        Column("ends", "Конец", cells.read_time, "", ("08:40", "09:30"), required=True, width=10),
        Column("shift", "Смена", SHIFTS, "1 или 2; пусто: 1", ("1", "1"), width=8),
        Column("weekday", "День недели", WEEKDAYS, "пусто: все дни", ("", "")),
    ),
)
ROOMS = Sheet(
    "rooms",
    "Кабинеты",
    "Кабинеты, залы, мастерские.",
    (
        Column("name", "Кабинет", text(50), "", ("204", "Спортзал"), required=True),
        Column("seats", "Мест", cells.read_number, "", ("30", ""), width=8),
        Column(
            "shared", "Несколько классов сразу", YES_NO, "да или нет; пусто: нет", ("нет", "да"), width=26
        ),
    ),
)
TIMETABLE = Sheet(
    "timetable",
    "Расписание",
    "Для класса или группы, которые здесь есть, нужны все уроки недели: чего нет, то больше не идёт.",
    (
        Column("weekday", "День недели", WEEKDAYS, "", ("понедельник", "вторник"), required=True),
        Column("number", "Урок", LESSONS, "номер урока", ("1", "3"), required=True, width=8),
        Column(
            "audience", "Класс или группа", text(100), "", ("5Б", "5Б английский 1"), required=True, width=26
        ),
        Column(
            "subject", "Предмет", text(100), "", ("Математика", "Иностранный язык"), required=True, width=36
        ),
        Column("teacher", "Учитель", text(100), "если у курса их двое", ("", ""), width=36),
        Column("room", "Кабинет", text(50), "с листа «Кабинеты»", ("204", "")),
        Column("weeks", "Недели", WEEKS, "все, нечётные, чётные; пусто: все", ("", "нечётные")),
    ),
)

SHEETS = (
    SCHOOL,
    CALENDAR,
    CLASSES,
    STUDENTS,
    GUARDIANS,
    TEACHERS,
    SUBJECTS,
    COURSES,
    BELLS,
    ROOMS,
    TIMETABLE,
)
