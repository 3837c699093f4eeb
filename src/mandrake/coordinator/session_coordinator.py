"""What people do in sessions: ask, stop, go on, answer. Reads like the flow of a round.

    submit ─► claim ─► round and event in one unit ─► driver.wake ─► TurnLoop.run_round
    stop   ─► driver.cancel ─► one unit closes the turn, its calls and questions
    answer ─► one unit ─► driver.wake

Every method takes the caller's grant and checks it. Nothing here holds state of a round.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from sqlalchemy import Connection

from mandrake.coordinator.index import ScopeIndex
from mandrake.coordinator.round_scope import RoundScope
from mandrake.coordinator.turn_loop import (
    TurnLoop,
    cancel_calls,
    give_title,
    interrupt_turn,
)
from mandrake.coordinator.work_driver import WorkDriver
from mandrake.domain.conversation import (
    UNFINISHED_ROUND,
    Limits,
    Round,
    Session,
)
from mandrake.domain.ids import new_id
from mandrake.domain.principals import Grant, Right
from mandrake.domain.records import RequestContent, RoundRecord
from mandrake.domain.tools import JsonObject
from mandrake.errors import Conflict, InvalidInput
from mandrake.persistence.stores.conversation import ConversationStore
from mandrake.persistence.stores.idempotency import Command, IdempotencyStore
from mandrake.persistence.stores.questions import QuestionStore
from mandrake.persistence.stores.rounds import RoundStore
from mandrake.persistence.stores.sessions import SessionStore
from mandrake.persistence.stores.turns import TurnStore

MAX_REQUEST_CHARACTERS = 2_000_000


@dataclass(frozen=True, slots=True)
class NewRound:
    """A request as it came in."""

    content: RequestContent
    model: str | None = None
    parent_round_id: str | None = None
    """None continues from the session's head."""
    limits: Limits | None = None


class SessionCoordinator:
    """Commands on the sessions of one scope."""

    def __init__(
        self,
        scope: RoundScope,
        loop: TurnLoop,
        driver: WorkDriver,
        index: ScopeIndex,
        default_limits: Callable[[], Awaitable[Limits]],
    ) -> None:
        self._scope = scope
        self._loop = loop
        self._driver = driver
        self._index = index
        self._default_limits = default_limits

    async def create_session(
        self, grant: Grant, title: str | None, command: Command | None = None
    ) -> Session:
        """A new session."""

        def unit(connection: Connection) -> Session:
            store = SessionStore(connection, grant)
            keys = IdempotencyStore(connection, grant)
            earlier = keys.answer(command)
            if earlier is not None:
                return store.get(str(earlier["session_id"]))
            session = store.create(title)
            keys.keep(command, {"session_id": session.id})
            return session

        return await self._scope.database.write(unit)

    async def submit(
        self, grant: Grant, session_id: str, new: NewRound, command: Command | None = None
    ) -> str:
        """Queue a request; it is durable when this returns the round's id.

        Raises:
            InvalidInput: Nothing was asked, or too much.
            Conflict: A branch was asked for while a round runs.
            NotFound: No such session or parent.
        """
        _check_content(new.content)
        grant.require(Right.CONVERSE)
        round_id = new_id("rnd")
        await self._index.claim(grant.scope_id, session_id, round_id)
        limits = new.limits or await self._default_limits()

        def unit(connection: Connection) -> str:
            keys = IdempotencyStore(connection, grant)
            earlier = keys.answer(command)
            if earlier is not None:
                return str(earlier["round_id"])
            rounds, sessions = RoundStore(connection, grant), SessionStore(connection, grant)
            session = sessions.row(session_id)
            parent = _parent(rounds, session_id, session["head_round_id"], new)
            rounds.create(
                session_id,
                new.content,
                parent_round_id=parent,
                model=new.model,
                limits=limits,
                round_id=round_id,
            )
            sessions.change(session_id, head_round_id=round_id)
            announce_queued(connection, grant, rounds.get(round_id))
            keys.keep(command, {"round_id": round_id})
            return round_id

        accepted = await self._scope.database.write(unit)
        self._driver.wake(session_id)
        return accepted

    async def interrupt(
        self, grant: Grant, session_id: str, new: NewRound, command: Command | None = None
    ) -> str:
        """Stop what runs, then ask."""
        running = await self._scope.database.read(
            lambda connection: RoundStore(connection, grant).next_unfinished(session_id)
        )
        if running is not None and running.status != "queued":
            await self.stop(grant, session_id, running.id)
        return await self.submit(grant, session_id, new, command)

    async def stop(self, grant: Grant, session_id: str, round_id: str) -> Round:
        """End a round now. What was streamed stays; a round at rest is left as it is."""
        grant.require(Right.CONVERSE)
        record = await self._record(grant, session_id, round_id)
        if record.status in ("running", "waiting"):
            # Ends the task that runs this session; the round it ran is closed just below.
            await self._driver.cancel(session_id)

        def unit(connection: Connection) -> None:
            rounds, turns = RoundStore(connection, grant), TurnStore(connection, grant)
            current = rounds.get(round_id)
            if current.status not in (*UNFINISHED_ROUND, "paused"):
                return
            questions = QuestionStore(connection, grant)
            for question in questions.of_round(round_id):
                if question.status == "open":
                    questions.resolve(question, "cancelled", None)
            for turn in turns.of_round(round_id):
                if turn.status == "streaming":
                    interrupt_turn(connection, self._scope, turn)
                else:
                    cancel_calls(connection, self._scope, turn, "a person stopped the round")
            rounds.set_status(current, "stopped")
            give_title(SessionStore(connection, grant), rounds, current)

        await self._scope.database.write(unit)
        self._driver.wake(session_id)
        return await self.round(grant, session_id, round_id)

    async def resume(self, grant: Grant, session_id: str, round_id: str) -> Round:
        """Go on after a pause, a failure, a stop or a limit; a met limit is raised by itself.

        Raises:
            Conflict: It isn't the newest round of its branch, or is not at rest.
        """
        grant.require(Right.CONVERSE)
        await self._index.claim(grant.scope_id, session_id, round_id)

        def unit(connection: Connection) -> None:
            rounds, sessions = RoundStore(connection, grant), SessionStore(connection, grant)
            record = rounds.get(round_id)
            if record.status not in ("paused", "failed", "stopped"):
                raise Conflict(f"The round is `{record.status}`; there is nothing to continue.")
            if sessions.row(session_id)["head_round_id"] != round_id:
                raise Conflict(
                    "Only the newest round can be continued.",
                    hint="Ask again, or branch from this round.",
                )
            rounds.set_values(
                round_id,
                resume_count=0,
                limits=_raised(record, default).model_dump(),
            )
            rounds.set_status(record, "running")
            sessions.announce(session_id)

        await self._record(grant, session_id, round_id)
        default = await self._default_limits()
        await self._scope.database.write(unit)
        self._driver.wake(session_id)
        return await self.round(grant, session_id, round_id)

    async def edit_queued(
        self, grant: Grant, session_id: str, round_id: str, content: RequestContent
    ) -> Round:
        """Change a request that has not started.

        Raises:
            Conflict: It has started.
        """
        _check_content(content)
        await self._record(grant, session_id, round_id)

        def unit(connection: Connection) -> None:
            rounds = RoundStore(connection, grant)
            record = _require_queued(rounds.get(round_id))
            rounds.replace_request(record, content)
            announce_queued(connection, grant, rounds.get(round_id))

        await self._scope.database.write(unit)
        return await self.round(grant, session_id, round_id)

    async def remove_queued(self, grant: Grant, session_id: str, round_id: str) -> None:
        """Take back a request that has not started.

        Raises:
            Conflict: It has started.
        """
        await self._record(grant, session_id, round_id)

        def unit(connection: Connection) -> None:
            rounds, sessions = RoundStore(connection, grant), SessionStore(connection, grant)
            record = _require_queued(rounds.get(round_id))
            if sessions.row(session_id)["head_round_id"] == round_id:
                sessions.change(session_id, head_round_id=record.parent_round_id)
            rounds.delete(record)
            sessions.announce(session_id)

        await self._scope.database.write(unit)

    async def round(self, grant: Grant, session_id: str, round_id: str) -> Round:
        """One round as the API shows it."""

        def query(connection: Connection) -> Round:
            SessionStore(connection, grant).row(session_id)
            record = RoundStore(connection, grant).get(round_id)
            return ConversationStore(connection, grant).rounds([record])[0]

        await self._record(grant, session_id, round_id)
        return await self._scope.database.read(query)

    async def run_session(self, session_id: str) -> None:
        """What the driver calls: run the session's rounds, oldest first, until none can go on."""
        while True:
            record = await self._scope.database.read(
                lambda connection: RoundStore(connection, self._scope.grant).next_unfinished(
                    session_id
                )
            )
            if record is None:
                return
            await self._loop.run_round(record.id)
            if await self._is_unfinished(record.id):
                return

    async def _is_unfinished(self, round_id: str) -> bool:
        record = await self._scope.database.read(
            lambda connection: RoundStore(connection, self._scope.grant).get(round_id)
        )
        return record.status in UNFINISHED_ROUND

    async def _record(self, grant: Grant, session_id: str, round_id: str) -> RoundRecord:
        def query(connection: Connection) -> RoundRecord:
            SessionStore(connection, grant).row(session_id)
            record = RoundStore(connection, grant).get(round_id)
            return RoundStore(connection, grant).of(record, session_id)

        return await self._scope.database.read(query)


def announce_queued(connection: Connection, grant: Grant, record: RoundRecord) -> None:
    """Append `round.queued` with the round as watchers see it."""
    shown = ConversationStore(connection, grant).rounds([record])[0]
    # Everything of a queued round that may change later: a replayed event shows it as it was.
    stored: JsonObject = {
        "request_hash": record.request_hash,
        "parent_round_id": record.parent_round_id,
        "sibling_ids": list(shown.sibling_ids),
        "model": record.model,
        "limits": record.limits.model_dump(),
        "created_at": record.created_at,
    }
    RoundStore(connection, grant).append_event(
        record, "round.queued", stored, {"round": shown.model_dump(mode="json")}
    )


def _parent(
    rounds: RoundStore, session_id: str, head_round_id: str | None, new: NewRound
) -> str | None:
    if new.parent_round_id is None or new.parent_round_id == head_round_id:
        return head_round_id
    parent = rounds.of(rounds.get(new.parent_round_id), session_id)
    busy = rounds.next_unfinished(session_id)
    if busy is not None:
        raise Conflict(
            "A branch can't be made while a round runs.",
            hint="Stop the round or wait for its end.",
        )
    return parent.id


def _require_queued(record: RoundRecord) -> RoundRecord:
    if record.status != "queued":
        raise Conflict(
            f"The round has started (it is `{record.status}`); it can't be changed any more.",
            hint="Stop it, or send another request.",
        )
    return record


def _raised(record: RoundRecord, default: Limits) -> Limits:
    limits = record.limits
    if record.pause_reason == "limit_turns" and limits.max_turns is not None:
        more = default.max_turns or limits.max_turns
        return limits.model_copy(update={"max_turns": limits.max_turns + more})
    if record.pause_reason == "limit_tokens" and limits.max_tokens is not None:
        more = default.max_tokens or limits.max_tokens
        return limits.model_copy(update={"max_tokens": limits.max_tokens + more})
    if record.pause_reason == "limit_time" and limits.max_seconds is not None:
        more = default.max_seconds or limits.max_seconds
        return limits.model_copy(update={"max_seconds": limits.max_seconds + more})
    return limits


def _check_content(content: RequestContent) -> None:
    size = sum(len(str(item.get("text", ""))) for item in content)
    if not any(str(item.get("text", "")).strip() for item in content):
        raise InvalidInput("The request is empty.", hint="Say what you want in `content`.")
    if size > MAX_REQUEST_CHARACTERS:
        raise InvalidInput(
            f"The request has {size} characters; at most {MAX_REQUEST_CHARACTERS} are taken.",
            hint="Put long material into a file of the workspace and refer to it.",
        )
