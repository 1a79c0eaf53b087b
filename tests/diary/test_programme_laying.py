"""Topics lie on lessons in order, and move with them."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as some

from diary.programme.laying import Hour, TopicHours, hours_done, hours_left, lay, place_of


@some.composite
def programmes(draw: some.DrawFn) -> list[TopicHours]:
    rows = draw(
        some.lists(some.tuples(some.integers(1, 6), some.integers(0, 8), some.booleans()), max_size=40)
    )
    return [TopicHours(key, *row) for key, row in enumerate(rows)]


LESSONS = some.integers(0, 200).map(lambda count: list(range(count)))


@given(programmes())
def test_every_hour_is_done_or_left(topics: list[TopicHours]) -> None:
    left = hours_left(topics)
    assert hours_done(topics) + len(left) == sum(topic.planned for topic in topics)
    assert len(set(left)) == len(left)
    assert hours_done(topics) >= 0


@given(programmes())
def test_what_is_left_stands_in_order(topics: list[TopicHours]) -> None:
    left = hours_left(topics)
    assert left == sorted(left)


@given(programmes(), LESSONS)
def test_each_lesson_takes_one_hour_in_order(topics: list[TopicHours], lessons: list[int]) -> None:
    left = hours_left(topics)
    laid = lay(left, lessons)
    assert [hour for hour, _lesson in laid.hours] + laid.unplaced == left
    assert [lesson for _hour, lesson in laid.hours] + laid.free == lessons
    assert not (laid.unplaced and laid.free)


@given(programmes(), LESSONS, some.data())
def test_a_lesson_that_falls_out_moves_what_is_behind_it_by_one(
    topics: list[TopicHours], lessons: list[int], data: some.DataObject
) -> None:
    left = hours_left(topics)
    before = lay(left, lessons).hours
    if not before:
        return
    lost = data.draw(some.integers(0, len(before) - 1))
    after = lay(left, lessons[:lost] + lessons[lost + 1 :]).hours
    assert after[:lost] == before[:lost]
    moved = zip(before[lost:], after[lost:], strict=False)
    assert all(old[0] == new[0] and new[1] == old[1] + 1 for old, new in moved)


@given(programmes(), LESSONS, some.integers(0, 200))
def test_a_lesson_more_brings_the_rest_forward(
    topics: list[TopicHours], lessons: list[int], place: int
) -> None:
    left = hours_left(topics)
    place = min(place, len(lessons))
    more = lay(left, [*lessons[:place], -1, *lessons[place:]])
    assert len(more.unplaced) == max(0, len(lay(left, lessons).unplaced) - 1)


@given(programmes())
def test_a_topic_that_takes_longer_moves_no_hour_away(topics: list[TopicHours]) -> None:
    """The lesson is spent, the hours that are left stay the same."""
    begun = [place for place, topic in enumerate(topics) if topic.taught]
    if not begun or topics[begun[-1]].taught < topics[begun[-1]].hours:
        return
    last = topics[begun[-1]]
    longer = [*topics]
    longer[begun[-1]] = TopicHours(last.key, last.hours, last.taught + 1, last.left_out)
    assert hours_left(longer) == hours_left(topics)


@given(programmes())
def test_taking_what_is_offered_brings_the_programme_to_its_end(topics: list[TopicHours]) -> None:
    taught = Counter({topic.key: topic.taught for topic in topics})

    def now() -> list[TopicHours]:
        return [TopicHours(topic.key, topic.hours, taught[topic.key], topic.left_out) for topic in topics]

    for _lesson in range(len(hours_left(topics))):
        taught[hours_left(now())[0].topic] += 1
        if not hours_left(now()):
            break
    assert hours_left(now()) == []


def test_a_topic_begun_and_left_is_done_one_passed_over_waits() -> None:
    topics = [TopicHours(1, 2, 1), TopicHours(2, 1), TopicHours(3, 1, 1), TopicHours(4, 1)]
    assert hours_left(topics) == [Hour(2, 1), Hour(4, 1)]


def test_the_place_counts_hours_that_get_lessons() -> None:
    topics = [TopicHours(1, 2), TopicHours(2, 3, left_out=True), TopicHours(3, 2)]
    assert place_of(Hour(3, 2), topics) == (4, 4)
    assert place_of(Hour(1, 5), topics) == (2, 4)
