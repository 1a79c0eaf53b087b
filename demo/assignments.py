"""Homework that reads like homework, and comments to marks."""

import re
from random import Random

from demo import curriculum as c

# Of {p} a paragraph, {n} and {m} numbers of exercises, {page} a page; (text, minutes).
_SETS: dict[str, list[tuple[str, int]]] = {
    c.RUSSIAN: [
        ("Упр. {n}, правило на с. {page}", 25),
        ("§ {p}, упр. {n}", 25),
        ("Упр. {n} (письменно), упр. {m} (устно)", 30),
        ("Выучить словарные слова на с. {page}", 15),
        ("§ {p}, упр. {n}, повторить орфограммы", 25),
        ("Подготовиться к диктанту, упр. {n}", 30),
    ],
    c.READING: [
        ("С. {page}, выразительное чтение", 15),
        ("С. {page}, пересказ", 20),
        ("Выучить стихотворение на с. {page}", 25),
        ("С. {page}, вопросы 1–3 (устно)", 15),
    ],
    c.LITERATURE: [
        ("Прочитать гл. {chapter}, ответить на вопросы на с. {page}", 30),
        ("Выучить отрывок наизусть", 30),
        ("Сочинение-миниатюра (10–12 предложений)", 35),
        ("С. {page}, вопросы 2–4; характеристика героя", 25),
    ],
    c.ENGLISH: [
        ("Учебник с. {page}, упр. {small}; выучить слова", 20),
        ("Рабочая тетрадь с. {page}, упр. {small}, {small2}", 20),
        ("Рассказ по теме (8–10 предложений)", 25),
        ("Повторить правило, упр. {small} на с. {page}", 20),
    ],
    c.MATHS: [
        ("§ {p}, № {n}, {m} (чётные)", 25),
        ("№ {n}, № {m}", 20),
        ("П. {p}, № {n} (а, в, д), № {m}", 25),
        ("С. {page}, № {small}, {small2}", 20),
        ("Домашняя контрольная работа на с. {page}, вариант 1", 35),
    ],
    c.STATISTICS: [("П. {p}, № {n}, {m}", 15), ("Построить диаграмму по своим данным, № {n}", 20)],
    c.COMPUTING: [("§ {p}, вопросы 1–5", 15), ("§ {p}, задание {small} (файл сдать учителю)", 20)],
    c.WORLD: [("С. {page}, пересказ; рабочая тетрадь с. {p}", 15), ("Сообщение о растении или животном", 20)],
    c.HISTORY: [
        ("§ {p}, вопросы 1–4 устно, даты в тетрадь", 20),
        ("§ {p}, таблица «Реформы» в тетради", 25),
        ("§ {p}, работа с картой на с. {page}", 20),
    ],
    c.SOCIETY: [("§ {p}, термины наизусть", 15), ("§ {p}, эссе (5–7 предложений)", 20)],
    c.GEOGRAPHY: [("§ {p}, контурная карта", 20), ("§ {p}, вопросы на с. {page}", 15)],
    c.BIOLOGY: [("§ {p}, пересказ, рисунок на с. {page}", 20), ("§ {p}, вопросы 1–3 письменно", 15)],
    c.PHYSICS: [
        ("§ {p}, упр. {small} (1–3)", 20),
        ("§ {p}, № {n}, {m} из задачника", 25),
        ("Оформить лабораторную работу № {small}", 20),
    ],
    c.CHEMISTRY: [
        ("§ {p}, упр. {small}, {small2}", 20),
        ("§ {p}, составить уравнения реакций на с. {page}", 25),
    ],
    c.MUSIC: [("Выучить слова песни", 10)],
    c.ART: [("Закончить рисунок", 15), ("Принести гуашь и бумагу А3", 5)],
    c.CRAFT: [("Принести ткань, иголку и нитки", 5), ("Эскиз изделия", 15)],
    c.SPORT: [("Комплекс упражнений № {small}", 10)],
    c.SAFETY: [("§ {p}, правила наизусть", 15)],
    c.ETHICS: [("С. {page}, поговорить в семье по теме урока", 10)],
    c.PROJECT: [("Дополнить список источников", 30)],
}
_SETS[c.ALGEBRA] = _SETS[c.GEOMETRY] = _SETS[c.MATHS][:3]
# How often a lesson ends with homework.
OFTEN: dict[str, float] = {
    c.MUSIC: 0.1,
    c.ART: 0.15,
    c.CRAFT: 0.15,
    c.SPORT: 0.05,
    c.SAFETY: 0.5,
    c.TALK: 0.0,
}
USUALLY, GRADE_1 = 0.9, 0.3
# «№ 388» and «с. 102» stay on one line.
_BOUND = re.compile(r"(№|§|[Уу]пр\.|\b[сС]\.|\b[гГ]л\.|\b[пП]\.|задание|вариант) (?=\d)")

COMMENTS: dict[int, tuple[str, ...]] = {
    5: ("Отличный ответ у доски!", "Все задания решены самостоятельно", "Лучшая работа в классе", "Молодец!"),
    4: ("Хорошо, но есть неточность", "Неполный вывод", "Ответ с подсказкой", "Почти без ошибок"),
    3: ("Материал усвоен не полностью", "Нет вывода", "Много исправлений", "Нужно повторить правило"),
    2: ("Задание не выполнено", "К уроку не подготовлено, можно исправить до пятницы"),
}


def homework(subject: str, grade: int, progress: float, rng: Random) -> tuple[str, int] | None:
    """(text, minutes) after a lesson `progress` (0…1) into the book; None when nothing is set."""
    share = OFTEN.get(subject, USUALLY) * (GRADE_1 if grade == 1 else 1)
    if rng.random() >= share:
        return None
    text, minutes = rng.choice(_SETS[subject])
    number = int(40 + progress * 500) + rng.randrange(12)
    filled = text.format(
        p=int(2 + progress * 40),
        n=number,
        m=number + 3 + rng.randrange(6),
        page=int(10 + progress * 160) + rng.randrange(4),
        chapter=1 + int(progress * 12),
        small=rng.randrange(1, 5),
        small2=rng.randrange(5, 9),
    )
    return bind(filled), max(5, minutes * 2 // 3 // 5 * 5) if grade <= 4 else minutes


def bind(text: str) -> str:
    """No-break spaces between a sign and its number."""
    return _BOUND.sub("\\1\u00a0", text)
