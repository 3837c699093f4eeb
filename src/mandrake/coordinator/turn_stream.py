"""One model call as it streams: events of a provider become parts, deltas and checkpoints.

Every durable step is queued to the database's writer in order and none is waited for before the
next delta goes out. At most a second or 4 KB of text exists only in memory. When the turn is
cancelled, what is known is queued to be saved; who cancelled decides what the turn becomes.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import cast

import orjson
from pydantic import JsonValue
from sqlalchemy import Connection

from mandrake.coordinator.round_scope import ResolvedModel, RoundScope
from mandrake.domain.conversation import PartKind
from mandrake.domain.events import session_topic
from mandrake.domain.ids import SessionId, new_id
from mandrake.domain.records import TurnOutcome, TurnRecord
from mandrake.domain.tools import JsonObject
from mandrake.domain.usage import Usage
from mandrake.persistence.stores.tool_calls import ToolCallStore
from mandrake.persistence.stores.turns import Draft, TurnStore
from mandrake.providers.port import (
    Finished,
    ModelEvent,
    PartCompleted,
    PartDelta,
    PartStarted,
    ProviderError,
    RequestSent,
    UsageReported,
)

_Change = Callable[[TurnStore], None]
_Unit = Callable[[Connection], None]

CHECKPOINT_SECONDS = 1.0
CHECKPOINT_CHARACTERS = 4_096


@dataclass(slots=True)
class _Open:
    kind: PartKind
    call_id: str | None
    provider_call_id: str
    wire_name: str
    pieces: list[str] = field(default_factory=list[str])
    unsaved: list[str] = field(default_factory=list[str])
    unsaved_characters: int = 0
    saved_count: int = 0

    @property
    def text(self) -> str:
        return "".join(self.pieces)

    def take_unsaved(self, index: int) -> Draft:
        """What came since the last time; it counts as saved from now on."""
        draft = Draft(index, self.saved_count, "".join(self.unsaved))
        self.saved_count += 1
        self.unsaved.clear()
        self.unsaved_characters = 0
        return draft


class TurnStream:
    """Writes one turn. Made for it, used once."""

    def __init__(
        self,
        scope: RoundScope,
        turn: TurnRecord,
        model: ResolvedModel,
        wire_tools: dict[str, tuple[str, str]],
    ) -> None:
        self._scope = scope
        self._turn = turn
        self._model = model
        self._wire_tools = wire_tools
        self._topic = session_topic(SessionId(turn.session_id))
        self._open: dict[int, _Open] = {}
        self._writes: list[asyncio.Future[None]] = []
        self._usage = Usage()
        self._provider_cost: Decimal | None = None
        self._sent: RequestSent | None = None
        self._finish: Finished | None = None

    async def run(self, events: AsyncGenerator[ModelEvent]) -> None:
        """Take the stream to its end and complete the turn.

        Raises:
            ProviderError: The call failed; parts so far are saved, the turn is still open.
        """
        try:
            failure = await self._consume(events)
        except asyncio.CancelledError:
            self._save_all()
            raise
        finally:
            self._scope.hub.close_turn(self._topic, self._turn.id)
        if failure is not None:
            self._save_all()
            raise failure
        if self._finish is None:
            self._save_all()
            raise ProviderError(
                "The provider's stream ended without saying that it was finished.",
                failure="protocol",
                retriable=True,
            )
        outcome = self.outcome()
        turn = self._turn
        await self._scope.database.write(
            lambda connection: TurnStore(connection, self._scope.grant).complete(turn, outcome)
        )
        for write in self._writes:
            await write

    async def _consume(self, events: AsyncGenerator[ModelEvent]) -> Exception | None:
        async with asyncio.TaskGroup() as tasks:
            ticker = tasks.create_task(self._checkpoint_by_time())
            try:
                async with contextlib.aclosing(events):
                    async for event in events:
                        self._take(event)
            except Exception as failure:  # noqa: BLE001 - raised by `run`, outside the group
                return failure
            finally:
                ticker.cancel()
        return None

    def outcome(self) -> TurnOutcome:
        """What is known of the turn now."""
        cost, prices = self._model.price(self._usage)
        return TurnOutcome(
            usage=self._usage,
            cost_usd=self._provider_cost if self._provider_cost is not None else cost,
            unit_prices=prices,
            finish_reason=None if self._finish is None else self._finish.reason,
            body_sha256=None if self._sent is None else self._sent.body_sha256,
            adapter=None if self._sent is None else self._sent.adapter,
        )

    # ---- events ----

    def _take(self, event: ModelEvent) -> None:
        match event:
            case PartDelta(index=index, text=text):
                self._append(index, text)
            case PartStarted():
                self._start(event)
            case PartCompleted(index=index, signature=signature):
                self._complete(index, signature)
            case UsageReported(usage=usage, provider_cost_usd=cost):
                self._usage, self._provider_cost = usage, cost
            case RequestSent():
                self._sent = event
            case Finished():
                self._finish = event

    def _start(self, event: PartStarted) -> None:
        call_id = new_id("tc") if event.kind == "tool_call" else None
        self._open[event.index] = _Open(
            event.kind, call_id, event.call_id or "", event.wire_name or ""
        )
        turn, index, kind = self._turn, event.index, event.kind
        self._write(lambda store: store.start_part(turn, index, kind, call_id))

    def _append(self, index: int, text: str) -> None:
        part = self._open[index]
        part.pieces.append(text)
        part.unsaved.append(text)
        part.unsaved_characters += len(text)
        self._scope.hub.append_text(self._topic, self._turn.id, index, part.kind, text)
        if part.unsaved_characters >= CHECKPOINT_CHARACTERS:
            self._checkpoint()

    def _complete(self, index: int, signature: str | None) -> None:
        part = self._open.pop(index)
        turn, text = self._turn, part.text
        if part.kind != "tool_call":
            self._write(
                lambda store: store.complete_part(turn, index, part.kind, text, signature=signature)
            )
            return
        arguments = parse_arguments(text)
        target = self._wire_tools.get(part.wire_name)
        grant = self._scope.grant

        def unit(connection: Connection) -> None:
            TurnStore(connection, grant).complete_part(turn, index, "tool_call", text)
            ToolCallStore(connection, grant).create(
                turn,
                part.call_id or new_id("tc"),
                part_index=index,
                provider_call_id=part.provider_call_id,
                wire_name=part.wire_name,
                target=target,
                arguments=arguments or {},
            )

        self._queue(unit)

    # ---- saving ----

    def _write(self, change: _Change) -> None:
        grant = self._scope.grant
        self._queue(lambda connection: change(TurnStore(connection, grant)))

    def _queue(self, unit: _Unit) -> None:
        self._writes.append(self._scope.database.submit(unit))
        # A failed write (disk full) ends the turn at the next event rather than at its end.
        while self._writes and self._writes[0].done():
            self._writes.pop(0).result()

    async def _checkpoint_by_time(self) -> None:
        while True:
            await asyncio.sleep(CHECKPOINT_SECONDS)
            self._checkpoint()

    def _checkpoint(self) -> None:
        drafts = self._unsaved()
        if drafts:
            turn = self._turn
            self._write(lambda store: store.checkpoint(turn, drafts))

    def _unsaved(self) -> list[Draft]:
        return [part.take_unsaved(index) for index, part in self._open.items() if part.unsaved]

    def _save_all(self) -> None:
        """Queue the text and usage known so far; the turn stays open."""
        turn, outcome, drafts = self._turn, self.outcome(), self._unsaved()

        def unit(connection: Connection) -> None:
            store = TurnStore(connection, self._scope.grant)
            store.checkpoint(turn, drafts)
            store.save_outcome(turn, outcome)

        self._scope.database.submit(unit).add_done_callback(_retrieve)


def parse_arguments(text: str) -> JsonObject | None:
    """The arguments of a tool call; None when the model wrote no JSON object."""
    if not text.strip():
        return {}
    try:
        value = cast("JsonValue", orjson.loads(text))
    except orjson.JSONDecodeError:
        return None
    return value if isinstance(value, dict) else None


def _retrieve(future: asyncio.Future[None]) -> None:
    """A failed save was already reported by the error that led to it; don't warn again."""
    if not future.cancelled():
        future.exception()
