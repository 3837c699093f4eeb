"""The stores: scope walls, legal states only, content by hash."""

from __future__ import annotations

import pytest
from sqlalchemy import Connection

from mandrake.domain.conversation import Limits, ToolCallStatus
from mandrake.domain.ids import ScopeId, SessionId, new_id
from mandrake.domain.principals import Grant
from mandrake.domain.records import ToolCallRecord, TurnRecord
from mandrake.domain.tools import ToolResult
from mandrake.errors import Conflict, NotFound
from mandrake.kit.canonical import digest
from mandrake.persistence.blobs import BlobStore
from mandrake.persistence.database import Database
from mandrake.persistence.stores.conversation import ConversationStore
from mandrake.persistence.stores.idempotency import Command, IdempotencyStore
from mandrake.persistence.stores.questions import QuestionStore
from mandrake.persistence.stores.rounds import RoundStore
from mandrake.persistence.stores.sessions import SessionFilter, SessionStore
from mandrake.persistence.stores.tool_calls import ToolCallStore
from mandrake.persistence.stores.turns import Draft, TurnStore
from mandrake.tenancy.access import OWNER, access_scope

TEXT = ToolResult(content=({"type": "text", "text": "fine"},))


def new_turn(connection: Connection, grant: Grant) -> TurnRecord:
    session = SessionStore(connection, grant).create()
    rounds = RoundStore(connection, grant)
    round_id = rounds.create(
        session.id,
        [{"type": "text", "text": "hello"}],
        parent_round_id=None,
        model=None,
        limits=Limits(),
    )
    return TurnStore(connection, grant).start(
        rounds.get(round_id),
        provider="p",
        provider_kind="rehearsal",
        model="m",
        manifest=[],
        wire_tools={"s__t": ("s", "t")},
    )


def new_call(connection: Connection, grant: Grant) -> ToolCallRecord:
    turn = new_turn(connection, grant)
    turns, calls = TurnStore(connection, grant), ToolCallStore(connection, grant)
    call_id = new_id("tc")
    turns.start_part(turn, 0, "tool_call", call_id)
    turns.complete_part(turn, 0, "tool_call", "{}")
    calls.create(
        turn,
        call_id,
        part_index=0,
        provider_call_id="call_1",
        wire_name="s__t",
        target=("s", "t"),
        arguments={"path": "a"},
    )
    return calls.get(call_id)


async def test_another_scopes_session_answers_as_missing(database: Database, grant: Grant) -> None:
    session = await database.write(lambda c: SessionStore(c, grant).create())
    stranger = access_scope(OWNER, ScopeId(new_id("ws")))
    with pytest.raises(NotFound):
        await database.read(lambda c: SessionStore(c, stranger).get(session.id))
    listed = await database.read(lambda c: SessionStore(c, stranger).list(SessionFilter(), limit=9))
    assert listed == []


async def test_sessions_are_listed_newest_first_in_pages(database: Database, grant: Grant) -> None:
    made = [await database.write(lambda c: SessionStore(c, grant).create()) for _ in range(5)]
    pages: list[str] = []
    before: tuple[str, str] | None = None
    while True:
        page = await database.read(
            lambda c, b=before: SessionStore(c, grant).list(SessionFilter(), limit=2, before=b)
        )
        if not page:
            break
        pages += [session.id for session in page]
        row = await database.read(lambda c, i=page[-1].id: SessionStore(c, grant).row(i))
        before = (row["updated_at"], row["id"])
    assert pages == [session.id for session in reversed(made)]


@pytest.mark.parametrize("skipped", ["done", "unknown"])
async def test_a_call_without_intent_cannot_have_a_result(
    database: Database, grant: Grant, skipped: ToolCallStatus
) -> None:
    call = await database.write(lambda c: new_call(c, grant))
    with pytest.raises(Conflict, match="requested"):
        await database.write(lambda c: ToolCallStore(c, grant).finish(call, skipped, TEXT))


async def test_a_result_is_recorded_once(database: Database, grant: Grant) -> None:
    call = await database.write(lambda c: new_call(c, grant))
    sent = await database.write(lambda c: ToolCallStore(c, grant).move(call, "sent"))
    await database.write(lambda c: ToolCallStore(c, grant).finish(sent, "done", TEXT))
    with pytest.raises(Conflict, match="done"):
        await database.write(lambda c: ToolCallStore(c, grant).finish(sent, "failed", TEXT))


async def test_a_question_is_answered_once(database: Database, grant: Grant) -> None:
    def ask(connection: Connection) -> str:
        call = new_call(connection, grant)
        store = QuestionStore(connection, grant)
        return store.ask(call, "approval", {"server": "s"}, definition_hash="x").id

    question_id = await database.write(ask)

    def answer(connection: Connection) -> None:
        store = QuestionStore(connection, grant)
        store.resolve(store.get(question_id), "answered", {"decision": "allow"})

    await database.write(answer)
    with pytest.raises(Conflict, match="answered"):
        await database.write(answer)


async def test_large_results_are_shown_as_a_preview_and_kept_whole(
    database: Database, grant: Grant
) -> None:
    text = "line of a long file\n" * 2000

    def unit(connection: Connection) -> ToolCallRecord:
        calls = ToolCallStore(connection, grant)
        sent = calls.move(new_call(connection, grant), "sent")
        return calls.finish(sent, "done", ToolResult(content=({"type": "text", "text": text},)))

    call = await database.write(unit)
    shown = await database.read(lambda c: ToolCallStore(c, grant).shown_result(call))
    whole = await database.read(lambda c: ToolCallStore(c, grant).result(call))
    assert shown is not None
    assert whole == {"content": [{"type": "text", "text": text}]}
    assert int(str(shown["bytes"])) > len(text)
    assert text.startswith(str(shown["preview"]))


async def test_purging_a_session_erases_its_content_but_not_what_others_share(
    database: Database, grant: Grant
) -> None:
    def two(connection: Connection) -> tuple[str, str, str, str]:
        first = SessionStore(connection, grant).create()
        second = SessionStore(connection, grant).create()
        blobs = BlobStore(connection, grant)
        own = blobs.put_text("only mine", SessionId(first.id))
        blobs.put_text("shared", SessionId(first.id))
        shared = blobs.put_text("shared", SessionId(second.id))
        return first.id, second.id, own, shared

    first, _, own, shared = await database.write(two)
    await database.write(lambda c: SessionStore(c, grant).remove(first, purge=True))
    assert await database.read(lambda c: BlobStore(c, grant).text(shared)) == "shared"
    with pytest.raises(NotFound):
        await database.read(lambda c: BlobStore(c, grant).text(own))


async def test_an_interrupted_turn_keeps_its_text(database: Database, grant: Grant) -> None:
    def unit(connection: Connection) -> str:
        turn = new_turn(connection, grant)
        turns = TurnStore(connection, grant)
        turns.start_part(turn, 0, "text")
        turns.checkpoint(turn, [Draft(0, 0, "half "), Draft(0, 1, "an ans")])
        turns.interrupt(turn)
        return turn.round_id

    round_id = await database.write(unit)
    [shown] = await database.read(
        lambda c: ConversationStore(c, grant).rounds([RoundStore(c, grant).get(round_id)])
    )
    [turn] = shown.response.turns
    assert (turn.status, turn.parts[0].text, turn.parts[0].is_open) == (
        "interrupted",
        "half an ans",
        False,
    )


async def test_an_idempotency_key_replays_its_answer_and_refuses_another_body(
    database: Database, grant: Grant
) -> None:
    command = Command("POST /sessions", "key-1", digest({"a": 1}))
    await database.write(lambda c: IdempotencyStore(c, grant).keep(command, {"id": "x"}))
    again = await database.read(lambda c: IdempotencyStore(c, grant).answer(command))
    assert again == {"id": "x"}
    other = Command("POST /sessions", "key-1", digest({"a": 2}))
    with pytest.raises(Conflict) as caught:
        await database.read(lambda c: IdempotencyStore(c, grant).answer(other))
    assert caught.value.code == "conflict.idempotency"
