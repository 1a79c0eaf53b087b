"""The plain modules of the journal's grid, run in the browser that will run them: keys, reading, queue."""

from typing import Any

import pytest

pytestmark = pytest.mark.browser

FIVE_POINT = [{"text": text} for text in ("5", "4", "3", "2", "1", "осв", "н/а")]
PASSED = [{"text": text} for text in ("зч", "нз", "осв", "н/а")]
TEN = [{"text": str(points)} for points in range(1, 11)]
SCALES = {"five": FIVE_POINT, "passed": PASSED, "ten": TEN}

MARK, ABSENT = ["5"], {"code": "unstated", "minutes": None}


@pytest.fixture
def page(visitor: Any) -> Any:
    return visitor().open("/help/")


def read(page: Any, text: str, scale: str = "five") -> Any:
    script = "async ([text, scale]) => (await import('/static/js/journal/parse.js')).parse(text, scale)"
    return page.evaluate(script, [text, SCALES[scale]])


def typed(page: Any, keys: list[tuple[str, str]], scale: str = "five") -> Any:
    """`keys`: what the layout makes of each key, and the key's place."""
    script = """async ([keys, scale]) => {
        const { complete, step } = await import('/static/js/journal/draft.js');
        let draft = null;
        for (const [key, code] of keys) {
            if (key === 'Enter') return complete(draft, scale);
            const next = step(draft, new KeyboardEvent('keydown', { key, code }), scale);
            if (!next) return null;
            if (!next.draft) return next;
            draft = next.draft;
        }
        return { waits: draft.typed };
    }"""
    return page.evaluate(script, [keys, SCALES[scale]])


def test_what_a_line_of_a_spreadsheet_means(page: Any) -> None:
    assert read(page, " 4 ") == {"values": ["4"], "absence": None}
    assert read(page, "4/5")["values"] == read(page, "4 5")["values"] == ["4", "5"]
    assert read(page, "Н") == {"values": [], "absence": ABSENT}
    assert read(page, "о12")["absence"] == {"code": "late", "minutes": 12}
    assert read(page, "4 н") == {"values": ["4"], "absence": ABSENT}
    assert read(page, "н/а")["values"] == ["н/а"]
    for wrong in ("", "4,56", "6", "н б", "Иванов"):
        assert read(page, wrong) is None


def test_a_digit_is_complete_at_once_only_on_a_short_scale(page: Any) -> None:
    assert typed(page, [("5", "Digit5")])["read"]["values"] == MARK
    assert typed(page, [("1", "Digit1")], "ten") == {"waits": "1"}
    assert typed(page, [("1", "Digit1"), ("0", "Digit0"), ("Enter", "")], "ten")["read"]["values"] == ["10"]
    assert typed(page, [("7", "Digit7")]) == {"unreadable": "7"}


def test_letters_of_absences_lie_on_the_same_keys_in_either_layout(page: Any) -> None:
    places = {
        "KeyY": ("н", "y", "unstated"), "Comma": ("б", ",", "ill"), "KeyE": ("у", "e", "valid"),
        "KeyG": ("п", "g", "invalid"), "KeyP": ("з", "p", "exempt"),
    }  # fmt: skip
    for code, (russian, english, absence) in places.items():
        for key in (russian, english, russian.upper()):
            assert typed(page, [(key, code)])["read"]["absence"]["code"] == absence


def test_late_waits_for_its_minutes(page: Any) -> None:
    for key in ("о", "j"):
        keys = [(key, "KeyJ"), ("1", "Digit1"), ("5", "Digit5")]
        assert typed(page, [*keys, ("Enter", "")])["read"]["absence"] == {"code": "late", "minutes": 15}
        assert "waits" in typed(page, keys)


def test_a_second_mark_follows_a_plus(page: Any) -> None:
    outcome = typed(page, [("+", "Equal"), ("5", "Digit5")])
    assert outcome["adding"]
    assert outcome["read"]["values"] == MARK


def test_words_of_a_scale_win_over_letters_of_absences(page: Any) -> None:
    for first, second in (("з", "ч"), ("p", "x")):
        keys = [(first, "KeyP"), (second, "KeyX"), ("Enter", "")]
        assert typed(page, keys, "passed")["read"]["values"] == ["зч"]
    assert typed(page, [("з", "KeyP"), ("Enter", "")], "passed")["read"]["absence"]["code"] == "exempt"


def test_a_key_that_means_nothing_types_nothing(page: Any) -> None:
    assert typed(page, [("к", "KeyR")]) is None
    assert typed(page, [("?", "Slash")]) is None


QUEUE = """async () => {
    localStorage.clear();
    const queue = await import('/static/js/journal/queue.js');
    const content = await import('/static/js/journal/content.js');
    const marked = (...values) => content.withValues(content.EMPTY, values, null);
    const cell = { url: '/e/', lesson: 1, student: 2, shown: 'first', was: content.EMPTY };
    const stored = (token, ...marks) => ({ token, marks, absence: {}, point: null });
"""


def queued(page: Any, script: str) -> Any:
    return page.evaluate(QUEUE + script + "}")


def test_changes_of_a_waiting_cell_are_one_entry(page: Any) -> None:
    waiting = queued(
        page,
        """queue.put('7', { ...cell, content: marked('4') });
           queue.put('7', { ...cell, shown: 'other', content: marked('5') });
           return queue.entriesOf('7').map(queue.asSent);""",
    )
    assert [(entry["shown"], entry["marks"][0]["value"], entry["person"]) for entry in waiting] == [
        ("first", "5", 7)
    ]


def test_a_cell_back_at_what_it_was_has_nothing_to_send(page: Any) -> None:
    script = """queue.put('7', { ...cell, content: marked('4') });
                queue.put('7', { ...cell, content: content.EMPTY });
                return queue.entriesOf('7').length;"""
    assert queued(page, script) == 0


def test_an_entry_under_way_stays_and_the_next_takes_over_its_token_and_ids(page: Any) -> None:
    later = queued(
        page,
        """const first = marked('4');
           queue.put('7', { ...cell, content: first });
           const sent = queue.tried(queue.nextOf('7'));
           queue.put('7', { ...cell, was: first, content: content.withValues(first, ['5'], null) });
           queue.saved('7', sent, { cell: stored('second', { id: 9, value: '4', kind: 1, comment: '' }) });
           return queue.entriesOf('7').map(queue.asSent);""",
    )
    assert [(entry["shown"], entry["marks"][0]["id"]) for entry in later] == [("second", 9)]


def test_mine_is_put_over_theirs_with_what_is_stored_now(page: Any) -> None:
    mine = queued(
        page,
        """queue.put('7', { ...cell, content: marked('4') });
           const sent = queue.tried(queue.nextOf('7'));
           const theirs = stored('theirs', { id: 3, value: '3', kind: 1, comment: '' });
           queue.refused('7', sent, { state: 'conflict', message: 'm', cell: theirs });
           const waited = queue.nextOf('7');
           queue.insist('7', queue.entriesOf('7')[0]);
           return [waited, sent.key, queue.asSent(queue.nextOf('7'))];""",
    )
    assert mine[0] is None
    assert mine[1] != mine[2]["key"]
    assert (mine[2]["shown"], mine[2]["marks"][0]["id"], mine[2]["marks"][0]["value"]) == ("theirs", 3, "4")


def test_entries_are_named_by_person(page: Any) -> None:
    script = """queue.put('7', { ...cell, content: marked('4') });
                return [queue.entriesOf('70').length, queue.entriesOf('7').length];"""
    assert queued(page, script) == [0, 1]


def test_a_content_put_back_makes_gone_marks_anew(page: Any) -> None:
    ids = queued(
        page,
        """const [gone, left] = [{ id: 3, value: '3', kind: 1 }, { id: 4, value: '5', kind: 1 }];
           const before = content.contentOf(stored('t', gone, left));
           const now = content.contentOf(stored('u', left));
           return content.rebased(before, now).marks.map(({ id }) => id);""",
    )
    assert ids == [None, 4]
