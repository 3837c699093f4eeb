"""The pure parts of a round: what comes next, and histories that every provider accepts."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mandrake.coordinator.arguments import argument_problems
from mandrake.coordinator.budget import limit_met, trim_rounds, worked_seconds
from mandrake.coordinator.history import (
    MAX_RESULT_CHARACTERS,
    CallTranscript,
    RoundTranscript,
    TurnTranscript,
    build_messages,
    result_text,
)
from mandrake.coordinator.turn_loop import (
    Begin,
    Complete,
    Interrupt,
    RoundState,
    Settle,
    TakeTurn,
    Wait,
    next_step,
)
from mandrake.domain.conversation import (
    Limits,
    RoundStatus,
    ToolCallStatus,
    TurnStatus,
    title_from,
)
from mandrake.domain.records import (
    PartRecord,
    QuestionRecord,
    RoundRecord,
    ToolCallRecord,
    TurnRecord,
)
from mandrake.domain.tools import Effects
from mandrake.domain.usage import Usage, sum_cost, sum_usage
from mandrake.providers.port import (
    AssistantMessage,
    Message,
    TextContent,
    ThinkingContent,
    ToolCallContent,
    ToolResultMessage,
    UserMessage,
)


def a_round(status: RoundStatus) -> RoundRecord:
    return RoundRecord(
        id="rnd",
        session_id="ses",
        parent_round_id=None,
        status=status,
        pause_reason=None,
        error=None,
        request_hash="h",
        model=None,
        limits=Limits(),
        resume_count=0,
        resume_turn_count=0,
        created_at="",
        started_at=None,
        finished_at=None,
    )


def a_turn(status: TurnStatus, turn_id: str = "trn") -> TurnRecord:
    return TurnRecord(
        id=turn_id,
        session_id="ses",
        round_id="rnd",
        turn_index=0,
        status=status,
        provider="p",
        provider_kind="kind",
        model="m",
        usage=Usage(),
        cost_usd=None,
        finish_reason=None,
        error=None,
        started_at="",
        finished_at=None,
    )


def a_call(status: ToolCallStatus, call_id: str = "tc") -> ToolCallRecord:
    return ToolCallRecord(
        id=call_id,
        session_id="ses",
        round_id="rnd",
        turn_id="trn",
        part_index=0,
        provider_call_id=f"provider-{call_id}",
        wire_name="s__t",
        server="s",
        tool="t",
        requested_arguments_hash="h",
        arguments_hash="h",
        argument_digest="d",
        definition_hash=None,
        effects=Effects.READ,
        network=False,
        status=status,
        idempotency_key=call_id,
        sent_at=None,
        finished_at=None,
        duration_ms=None,
        result_hash=None,
        is_error=None,
    )


def a_question(call_id: str = "tc") -> QuestionRecord:
    return QuestionRecord(
        id="qst",
        session_id="ses",
        round_id="rnd",
        turn_id="trn",
        tool_call_id=call_id,
        kind="approval",
        status="open",
        subject={},
        answer=None,
        argument_digest=None,
        definition_hash=None,
        asked_at="",
        answered_at=None,
    )


@pytest.mark.parametrize(
    ("state", "step"),
    [
        (RoundState(a_round("queued"), [], [], []), Begin()),
        (RoundState(a_round("running"), [], [], []), TakeTurn()),
        (
            RoundState(a_round("running"), [a_turn("streaming")], [], []),
            Interrupt(a_turn("streaming")),
        ),
        (RoundState(a_round("running"), [a_turn("interrupted")], [], []), TakeTurn()),
        (RoundState(a_round("running"), [a_turn("failed")], [], []), TakeTurn()),
        (RoundState(a_round("running"), [a_turn("completed")], [], []), Complete()),
        (
            RoundState(a_round("running"), [a_turn("completed")], [a_call("requested")], []),
            Settle([a_call("requested")]),
        ),
        (
            RoundState(a_round("running"), [a_turn("completed")], [a_call("sent")], []),
            Settle([a_call("sent")]),
        ),
        (RoundState(a_round("running"), [a_turn("completed")], [a_call("done")], []), TakeTurn()),
        (
            RoundState(
                a_round("running"), [a_turn("completed")], [a_call("waiting")], [a_question()]
            ),
            Wait(),
        ),
        (
            RoundState(
                a_round("running"),
                [a_turn("completed")],
                [a_call("waiting"), a_call("requested", "tc2")],
                [a_question()],
            ),
            Settle([a_call("requested", "tc2")]),
        ),
        (
            RoundState(
                a_round("waiting"), [a_turn("completed")], [a_call("waiting")], [a_question()]
            ),
            None,
        ),
        (RoundState(a_round("waiting"), [a_turn("completed")], [a_call("waiting")], []), Begin()),
        (RoundState(a_round("paused"), [a_turn("completed")], [a_call("requested")], []), None),
        (RoundState(a_round("completed"), [a_turn("completed")], [], []), None),
        (RoundState(a_round("stopped"), [a_turn("interrupted")], [], []), None),
    ],
)
def test_every_stored_state_has_one_next_step(state: RoundState, step: object) -> None:
    assert next_step(state) == step


# ---- histories ----

TEXT = st.text(max_size=12)
TURN_STATUS: st.SearchStrategy[TurnStatus] = st.sampled_from(["completed", "interrupted", "failed"])


@st.composite
def transcripts(draw: st.DrawFn) -> list[RoundTranscript]:
    rounds: list[RoundTranscript] = []
    calls_made = 0
    for number in range(draw(st.integers(1, 4))):
        turns: list[TurnTranscript] = []
        for turn_number in range(draw(st.integers(0, 3))):
            parts: list[PartRecord] = []
            calls: list[CallTranscript] = []
            turn_id = f"trn{number}.{turn_number}"
            for index in range(draw(st.integers(0, 4))):
                kind = draw(st.sampled_from(["text", "thinking", "tool_call", "user_note"]))
                call_id = None
                if kind == "tool_call":
                    calls_made += 1
                    call_id = f"tc{calls_made}"
                    result = draw(
                        st.sampled_from(
                            [None, {"content": []}, {"content": [{"type": "text", "text": "x"}]}]
                        )
                    )
                    calls.append(CallTranscript(a_call("done", call_id), {"a": 1}, result))  # type: ignore[arg-type]
                parts.append(
                    PartRecord(turn_id, index, kind, draw(TEXT), False, "sig", call_id)  # type: ignore[arg-type]
                )
            turns.append(TurnTranscript(a_turn(draw(TURN_STATUS), turn_id), parts, calls))
        rounds.append(
            RoundTranscript(f"rnd{number}", draw(st.text(min_size=1, max_size=9)), "", turns)
        )
    return rounds


def is_empty(message: Message) -> bool:
    if isinstance(message, ToolResultMessage):
        return not message.text.strip()
    return not message.content


@pytest.mark.requirement("O4")
@given(transcripts(), st.sampled_from(["kind", "other"]))
def test_a_history_is_always_valid(rounds: list[RoundTranscript], kind: str) -> None:
    messages = build_messages(rounds, kind)
    assert isinstance(messages[0], UserMessage)
    assert not any(is_empty(message) for message in messages)
    open_calls: list[str] = []
    previous: Message | None = None
    for message in messages:
        if isinstance(message, ToolResultMessage):
            assert message.call_id == open_calls.pop(0)
        else:
            assert open_calls == [], "a call was left unanswered"
        if isinstance(message, UserMessage):
            assert not isinstance(previous, UserMessage)
        if isinstance(message, AssistantMessage):
            assert any(not isinstance(part, ThinkingContent) for part in message.content)
            for part in message.content:
                if isinstance(part, ThinkingContent):
                    assert kind == "kind", "thinking went to another provider"
            open_calls = [p.call_id for p in message.content if isinstance(p, ToolCallContent)]
        previous = message
    assert open_calls == []


@given(transcripts())
def test_what_was_sent_stays_sent(rounds: list[RoundTranscript]) -> None:
    for count in range(1, len(rounds)):
        earlier = build_messages(rounds[:count], "kind")
        later = build_messages(rounds[: count + 1], "kind")
        # All but the last message, which a following request may be joined to.
        assert later[: len(earlier) - 1] == earlier[:-1]


def test_a_long_result_is_cut_in_the_middle_and_says_so() -> None:
    text = "a" * MAX_RESULT_CHARACTERS + "b" * MAX_RESULT_CHARACTERS
    shown = result_text(
        CallTranscript(a_call("done"), {}, {"content": [{"type": "text", "text": text}]})
    )
    assert len(shown) < MAX_RESULT_CHARACTERS + 100
    assert shown.startswith("aaa")
    assert shown.endswith("bbb")
    assert f"{MAX_RESULT_CHARACTERS} characters left out" in shown


@given(st.lists(st.integers(1, 500), min_size=1, max_size=8), st.integers(0, 400))
def test_trimming_drops_the_oldest_and_never_the_newest(sizes: list[int], fixed: int) -> None:
    rounds = [RoundTranscript(str(n), "text", "", []) for n in range(len(sizes))]
    kept = trim_rounds(rounds, sizes, fixed_tokens=fixed, window_tokens=1000)
    assert kept == rounds[len(rounds) - len(kept) :]
    assert kept[-1] == rounds[-1]
    used = fixed + sum(sizes[len(rounds) - len(kept) :])
    assert used <= 900 or len(kept) == 1
    if len(kept) < len(rounds):
        assert used + sizes[len(rounds) - len(kept) - 1] > 900


@pytest.mark.parametrize(
    ("schema", "arguments", "paths"),
    [
        ({"type": "object", "required": ["a"]}, {}, [""]),
        ({"properties": {"a": {"type": "integer"}}}, {"a": "x"}, ["a"]),
        ({"properties": {"a": {"items": {"type": "string"}}}}, {"a": ["x", 1]}, ["a.1"]),
        ({"$ref": "http://127.0.0.1:1/never-fetched"}, {"a": 1}, []),
        ({"type": "no such type"}, {"a": 1}, []),
        ({"additionalProperties": False, "properties": {"a": {}}}, {"a": 1}, []),
    ],
)
def test_arguments_are_judged_by_the_schema_alone(
    schema: dict[str, object], arguments: dict[str, object], paths: list[str]
) -> None:
    assert [problem.path for problem in argument_problems(schema, arguments)] == paths  # type: ignore[arg-type]


def test_unknown_figures_stay_unknown() -> None:
    assert sum_usage([Usage(input_tokens=5), Usage()]).model_dump() == {
        "input_tokens": 5,
        "output_tokens": None,
        "cache_read_tokens": None,
        "cache_write_tokens": None,
        "reasoning_tokens": None,
    }
    assert sum_cost([Decimal(1), None]) is None
    assert sum_cost([]) is None
    assert sum_cost([Decimal("0.1"), Decimal("0.2")]) == Decimal("0.3")


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("  \n Fix the build \nplease", "Fix the build"),
        ("", "Untitled"),
        ("word " * 30, "word word word word word word word word word word word word…"),
    ],
)
def test_a_title_is_the_first_line_cut_at_a_word(text: str, title: str) -> None:
    assert title_from(text) == title


def test_text_before_thinking_only_turns_is_not_lost() -> None:
    parts = [PartRecord("t", 0, "text", "hello", False, None, None)]
    turn = TurnTranscript(a_turn("completed", "t"), parts, [])
    messages = build_messages([RoundTranscript("r", "hi", "now", [turn])], "kind")
    assert messages == [
        UserMessage((TextContent("now\n\nhi"),)),
        AssistantMessage((TextContent("hello"),)),
    ]


def test_only_time_in_models_and_tools_counts_against_the_limit() -> None:
    turn = replace(
        a_turn("completed"),
        started_at="2026-01-01T10:00:00.000000Z",
        finished_at="2026-01-01T10:00:30.000000Z",
    )
    later = replace(
        turn,
        started_at="2026-01-01T18:00:00.000000Z",
        finished_at="2026-01-01T18:00:20.000000Z",
    )
    assert worked_seconds([turn, later], 5_000.0) == 55.0
    assert limit_met(Limits(max_seconds=56), [turn, later], 5_000.0) is None
    assert limit_met(Limits(max_seconds=55), [turn, later], 5_000.0) == "limit_time"
