"""What a terminal shows of a round, whatever mix of deltas, snapshots and repetitions comes."""

from __future__ import annotations

import io

from hypothesis import given
from hypothesis import strategies as st

from mandrake.cli import wire
from mandrake.cli.output import harmless
from mandrake.cli.round_view import RoundView


def delta(text: str, offset: int, index: int = 0) -> wire.Event:
    data = {"index": index, "kind": "text", "offset": offset, "text": text}
    return wire.Event(type="part.delta", turn_id="trn_1", data=data)


def snapshot(text: str, index: int = 0) -> wire.Event:
    data = {"index": index, "kind": "text", "text": text}
    return wire.Event(type="part.snapshot", turn_id="trn_1", data=data)


def completed(text: str, index: int = 0) -> wire.Event:
    data = {"index": index, "kind": "text", "text": text}
    return wire.Event(type="part.completed", turn_id="trn_1", seq=1, data=data)


def shown(*events: wire.Event) -> str:
    answer = io.StringIO()
    view = RoundView(answer=answer, notes=io.StringIO())
    for event in events:
        view.handle_event(event)
    return answer.getvalue()


def utf16(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


@given(
    st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=40),
    st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=8),
)
def test_text_is_printed_once_in_any_mix_of_pieces(text: str, cuts: list[tuple[int, int]]) -> None:
    events: list[wire.Event] = []
    for start, end in cuts:
        low, high = sorted((min(start, len(text)), min(end, len(text))))
        events += [delta(text[low:high], utf16(text[:low])), snapshot(text[:high])]

    assert shown(*events, completed(text), completed(text)) == text


def test_offsets_count_utf_16_units() -> None:
    assert shown(delta("a🌊", 0), delta("🌊b", 1), delta("c", 4)) == "a🌊bc"


def test_a_gap_waits_for_the_whole_text() -> None:
    assert shown(delta("he", 0), delta("lo", 3), completed("hello")) == "hello"


def test_parts_are_apart_and_other_kinds_are_not_the_answer() -> None:
    thinking = wire.Event(
        type="part.completed", turn_id="trn_1", data={"index": 0, "kind": "thinking", "text": "hm"}
    )

    assert shown(thinking, completed("one", 1), completed("two", 2)) == "one\n\ntwo"


def test_control_characters_are_taken_out_and_line_ends_are_kept() -> None:
    assert harmless("a\x1b[2Jb\tc\nd\r\x9b1me") == "a[2Jb\tc\nd1me"
