"""The forecast: exact, and as short as can be (demand row 27). Tried against brute force."""

from decimal import Decimal
from itertools import combinations_with_replacement, product
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from diary.averages import Weighed
from diary.models import JournalRules
from diary.subjects.forecast import MOST_MARKS, marks_missing, reaches, shortest_ways

POINTS = [Decimal(each) for each in (2, 3, 4, 5)]
WEIGHTS = [Decimal(each) for each in ("1", "1.5", "3")]
marks = st.lists(
    st.builds(
        Weighed,
        st.sampled_from([None, *POINTS]),
        st.sampled_from(["0.5", "1", "1.33", "2", "3"]).map(Decimal),
    ),
    max_size=12,
)
rules = st.builds(
    JournalRules,
    rounds_up_from=st.sampled_from(["0.01", "0.50", "0.60", "0.65", "0.99"]).map(Decimal),
    fewest_marks=st.integers(0, 3),
)
targets = st.sampled_from([3, 4, 5])


@settings(deadline=None, max_examples=300)
@given(targets, marks, st.sampled_from(POINTS), st.sampled_from(WEIGHTS), rules)
def test_one_mark_less_does_not_reach(target: int, had: Any, points: Any, weight: Any, rule: Any) -> None:
    more = Weighed(points, weight)
    count = marks_missing(target, had, of=more, rules=rule)
    reached = [number for number in range(60) if reaches(target, had + [more] * number, rule)]
    if count is None or count >= 60:
        assert not reached
    else:
        assert reached[0] == count


@settings(deadline=None, max_examples=120)
@given(targets, marks, rules)
def test_no_mixture_is_shorter_than_the_shortest_way(target: int, had: Any, rule: Any) -> None:
    if reaches(target, had, rule):
        return
    ways = shortest_ways(target, had, points=POINTS, weights=WEIGHTS, rules=rule)
    every = [Weighed(*each) for each in product(POINTS, WEIGHTS)]
    shorter = min(ways[0].number - 1 if ways else 3, 3)
    for count in range(shorter + 1):
        for mixture in combinations_with_replacement(every, count):
            assert not reaches(target, [*had, *mixture], rule)
    if ways:
        best = Weighed(ways[0].points, ways[0].weight)
        assert reaches(target, [*had, *[best] * ways[0].number], rule)


def test_the_edge_of_rounding_counts() -> None:
    """4.495 is shown as 4.50 and makes a 5."""
    rule = JournalRules(fewest_marks=1)
    had = [Weighed(Decimal(4), Decimal("1.01")), Weighed(Decimal(5), Decimal("0.99"))]
    assert reaches(5, had, rule)
    assert not reaches(5, [Weighed(Decimal(4), Decimal("1.02")), Weighed(Decimal(5), Decimal("0.98"))], rule)


def test_without_marks_the_fewest_that_the_school_asks_for_are_missing() -> None:
    five = Weighed(Decimal(5), Decimal(1))
    assert marks_missing(5, [], of=five, rules=JournalRules(fewest_marks=3)) == 3
    assert marks_missing(5, [], of=five, rules=JournalRules(fewest_marks=0)) == 1


def test_a_four_never_makes_a_five() -> None:
    had = [Weighed(Decimal(4), Decimal(1))] * 5
    assert marks_missing(5, had, of=Weighed(Decimal(4), Decimal(3)), rules=JournalRules()) is None


def test_more_than_ten_marks_are_no_way() -> None:
    had = [Weighed(Decimal(2), Decimal(1))] * 30
    ways = shortest_ways(5, had, points=[Decimal(5)], weights=[Decimal(1)], rules=JournalRules())
    assert ways == []
    assert MOST_MARKS == 10
