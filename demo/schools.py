"""The invented schools of a demo region: where they stand, how large they are."""

from dataclasses import dataclass
from random import Random

from demo.plans import ClassPlan
from schools.models import Locality, Municipality, Organisation

LETTERS = "АБВГДЕ"
CODES = "199630"  # how the codes of invented schools begin, and no real OGRN: those start with 2002
SECOND_SHIFT_GRADE = 3  # SanPiN: never 1, 5, 9, 11; a primary day ends by 19:00
SPLIT_FROM = 20  # students in a class that learns languages and computing in halves
SMALL_GRADES = (1, 3, 6, 9, 10)
VILLAGES = (
    "Ольховый Дол", "Студёный Ключ", "Новая Заволжка", "Берёзовый Яр", "Старая Мельница",
    "Ковыльное", "Верхняя Осиновка", "Чистополье", "Липовая Поляна", "Ежевичное",
)  # fmt: skip


@dataclass(frozen=True)
class SchoolPlan:
    number: int  # the first is 0
    kind: str
    full_name: str
    short_name: str
    municipality: str
    locality: str  # made when the region's map does not have it
    letters: dict[int, int]  # classes in each grade
    sizes: tuple[int, int]
    second_shift: bool
    split_from: int = SPLIT_FROM

    @property
    def code(self) -> str:
        """An OGRN that cannot be a real one (of the year ’99), with the right control digit."""
        digits = f"{CODES}{self.number + 1:06d}"
        return f"{digits}{int(digits) % 11 % 10}"

    def classes(self, rng: Random) -> list[ClassPlan]:
        plans = []
        for grade, count in self.letters.items():
            for letter in LETTERS[:count]:
                size = rng.randint(*self.sizes)
                shift = 2 if self.second_shift and grade == SECOND_SHIFT_GRADE else 1
                plans.append(ClassPlan(grade, letter, shift, size, in_groups=size >= self.split_from))
        return plans


def plan_schools(count: int, *, small: bool = False) -> list[SchoolPlan]:
    """A large town school, a gymnasium of another territory, a small one in a district; and so on.

    `small`: a handful of classes each, for tests.
    """
    makers = (_town_school, _gymnasium, _rural_school)
    plans = [makers[number % 3](number) for number in range(count)]
    return [_smaller(plan) for plan in plans] if small else plans


def _town_school(number: int) -> SchoolPlan:
    name = f"Школа № {263 + number}".replace("№ ", "№\u00a0")
    town = "Самара" if number == 0 else _TOWNS[number // 3 % len(_TOWNS)]
    return SchoolPlan(
        number=number,
        kind=Organisation.Kind.SCHOOL,
        full_name=(
            "Муниципальное бюджетное общеобразовательное учреждение "
            f"«{name}» городского округа {town} Самарской области"
        ),
        short_name=name,
        municipality=town,
        locality=town,
        letters={grade: 2 if grade < 10 else 1 for grade in range(1, 12)},
        sizes=(22, 28),
        second_shift=True,
    )


def _gymnasium(number: int) -> SchoolPlan:
    name = f"Гимназия № {162 + number}".replace("№ ", "№\u00a0")
    town = "Тольятти" if number == 1 else _TOWNS[-1 - number // 3 % len(_TOWNS)]
    return SchoolPlan(
        number=number,
        kind=Organisation.Kind.GYMNASIUM,
        full_name=(
            "Муниципальное автономное общеобразовательное учреждение "
            f"«{name}» городского округа {town} Самарской области"
        ),
        short_name=name,
        municipality=town,
        locality=town,
        letters=dict.fromkeys(range(1, 12), 1),
        sizes=(22, 27),
        second_shift=True,
    )


def _rural_school(number: int) -> SchoolPlan:
    district, village = "Красноярский", "Красный Яр"
    if number != 2:
        district = _DISTRICTS[number // 3 % len(_DISTRICTS)]
        village = VILLAGES[number // 3 % len(VILLAGES)]
        if number >= 3 * len(VILLAGES):
            village = f"{village} {number // 3 // len(VILLAGES) + 1}-й"
    name = f"Школа «Родник» с. {village}".replace("с. ", "с.\u00a0")
    return SchoolPlan(
        number=number,
        kind=Organisation.Kind.SCHOOL,
        full_name=(
            "Государственное бюджетное общеобразовательное учреждение Самарской области основная "
            f"общеобразовательная школа «Родник» с.\u00a0{village} муниципального района {district}"
        ),
        short_name=name,
        municipality=district,
        locality=village,
        letters=dict.fromkeys(range(1, 10), 1),
        sizes=(9, 15),
        second_shift=False,
    )


_TOWNS = ("Сызрань", "Новокуйбышевск", "Чапаевск", "Жигулёвск", "Отрадный", "Кинель", "Самара", "Тольятти")
_DISTRICTS = ("Кошкинский", "Борский", "Шигонский", "Безенчукский", "Сергиевский", "Пестравский")


def _smaller(plan: SchoolPlan) -> SchoolPlan:
    return SchoolPlan(
        **{
            **vars(plan),
            "letters": {grade: 1 for grade in plan.letters if grade in SMALL_GRADES},
            "sizes": (6, 8),
            "split_from": 0 if plan.sizes[0] >= SPLIT_FROM else 99,
        }
    )


def make_organisation(plan: SchoolPlan) -> Organisation:
    municipality = Municipality.objects.get(name=plan.municipality)
    locality, _made = Locality.objects.get_or_create(municipality=municipality, name=plan.locality)
    return Organisation.objects.create(
        locality=locality,
        kind=plan.kind,
        code=plan.code,
        name=plan.full_name,
        short_name=plan.short_name,
    )


def group_name(label: str, short_subject: str, half: int) -> str:
    """«6 «А», англ. яз., 1-я группа»"""
    return f"{label}, {short_subject.lower()}, {half}-я\u00a0группа"
