"""The one mapper from stored events to wire events.

`hydrator` looks up, for a replay, what a live event carries beside its stored data (texts, results,
questions), so that both are the same on the wire. One exception: a replayed `session.updated`
carries the session as it is now, not as it was.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import cast

from pydantic import JsonValue
from sqlalchemy import Connection

from mandrake.coordinator.stream import Delta, Hydrate, Item, Reset, Snapshot
from mandrake.domain.conversation import (
    PREVIEW_BYTES,
    Limits,
    RequestView,
    ResponseView,
    Round,
    TextItem,
    preview_result,
)
from mandrake.domain.events import EVENT_VERSION, CommittedEvent, StoredEvent
from mandrake.domain.principals import Grant
from mandrake.domain.tools import JsonObject
from mandrake.domain.usage import Usage
from mandrake.errors import NotFound
from mandrake.kit.clock import format_instant
from mandrake.persistence.blobs import BlobStore, blob_id
from mandrake.persistence.stores.questions import QuestionStore, shown
from mandrake.persistence.stores.sessions import SessionStore

_ENVELOPE = ("session_id", "round_id", "turn_id")


def hydrator(grant: Grant) -> Hydrate:
    """Looks up the transient fields of events replayed for one reader. Erased content is left out:
    the event stays, its text is gone.
    """
    reader = _Reader(grant)

    def hydrate(connection: Connection, event: StoredEvent) -> dict[str, JsonValue]:
        look_up = _LOOK_UPS.get(event.type)
        if look_up is None:
            return {}
        try:
            return look_up(reader, connection, event)
        except NotFound:
            return {}

    return hydrate


def to_wire(topic: str, item: Item | Reset) -> dict[str, JsonValue]:
    """One item of a topic's stream as watchers get it."""
    if isinstance(item, Reset):
        return {"topic": topic, "reset": True, "seq": item.seq}
    if isinstance(item, Delta):
        return _text_event(topic, "part.delta", item, {"offset": item.offset})
    if isinstance(item, Snapshot):
        return _text_event(topic, "part.snapshot", item, {})
    if isinstance(item, CommittedEvent):
        event = item.event
        wire = _envelope(topic, event.type, event.v, event.at, {**event.data, **item.transient})
        wire["seq"] = event.seq
        return wire
    return _envelope(topic, item.type, EVENT_VERSION, _now(), item.data)


def _envelope(
    topic: str, type_: str, version: int, at: str, data: Mapping[str, JsonValue]
) -> dict[str, JsonValue]:
    wire: dict[str, JsonValue] = {"topic": topic, "type": type_, "v": version, "at": at}
    for name in _ENVELOPE:
        value = data.get(name)
        if value is not None:
            wire[name] = value
    # Hashes are how content is kept; what watchers get is the content.
    wire["data"] = {
        name: value
        for name, value in data.items()
        if name not in _ENVELOPE and not name.endswith("_hash")
    }
    return wire


def _text_event(
    topic: str, type_: str, item: Delta | Snapshot, more: JsonObject
) -> dict[str, JsonValue]:
    wire: dict[str, JsonValue] = {"topic": topic, "type": type_, "v": EVENT_VERSION, "at": _now()}
    if topic.startswith("session:"):
        wire["session_id"] = topic.removeprefix("session:")
    wire["turn_id"] = item.turn_id
    wire["data"] = {
        "turn_id": item.turn_id,
        "index": item.index,
        "kind": item.kind,
        **more,
        "text": item.text,
    }
    return wire


def _now() -> str:
    return format_instant(datetime.now(UTC))


class _Reader:
    """Looks things up for one reader; sessions are remembered while they do not change."""

    def __init__(self, grant: Grant) -> None:
        self._grant = grant
        self._sessions: dict[str, tuple[str, JsonObject]] = {}

    def text(self, connection: Connection, event: StoredEvent) -> JsonObject:
        if event.data.get("kind") == "tool_call":
            return {}
        digest = event.data.get("text_hash")
        if not isinstance(digest, str):
            return {"text": None}
        return {"text": BlobStore(connection, self._grant).text(digest)}

    def arguments(self, connection: Connection, event: StoredEvent) -> JsonObject:
        digest = str(event.data["arguments_hash"])
        return {"arguments": BlobStore(connection, self._grant).value(digest)}

    def result(self, connection: Connection, event: StoredEvent) -> JsonObject:
        blobs, digest = BlobStore(connection, self._grant), str(event.data["result_hash"])
        content, _ = blobs.get(digest)
        value = blobs.value(digest)
        if len(content) > PREVIEW_BYTES:
            value = preview_result(value, blob_id(digest), len(content))
        return {"result": value}

    def session(self, connection: Connection, event: StoredEvent) -> JsonObject:
        session_id = str(event.data["session_id"])
        store = SessionStore(connection, self._grant)
        updated_at = str(store.row(session_id)["updated_at"])
        known = self._sessions.get(session_id)
        if known is None or known[0] != updated_at:
            known = (updated_at, store.get(session_id).model_dump(mode="json"))
            self._sessions[session_id] = known
        return {"session": known[1]}

    def queued_round(self, connection: Connection, event: StoredEvent) -> JsonObject:
        """The round as it was queued: everything that can change stands in the event."""
        data = event.data
        content = BlobStore(connection, self._grant).value(str(data["request_hash"]))
        items = cast("list[JsonObject]", content)
        queued = Round(
            id=str(data["round_id"]),
            session_id=str(data["session_id"]),
            status="queued",
            parent_round_id=cast("str | None", data["parent_round_id"]),
            sibling_ids=cast("list[str]", data["sibling_ids"]),
            model=cast("str | None", data["model"]),
            limits=Limits.model_validate(data["limits"]),
            created_at=datetime.fromisoformat(str(data["created_at"])),
            started_at=None,
            finished_at=None,
            request=RequestView(content=[TextItem.model_validate(item) for item in items]),
            response=ResponseView(turns=[]),
            usage=Usage(),
            cost_usd=None,
        )
        return {"round": queued.model_dump(mode="json")}

    def asked(self, connection: Connection, event: StoredEvent) -> JsonObject:
        question = QuestionStore(connection, self._grant).get(str(event.data["question_id"]))
        # As it was asked, whatever was answered since: `question.resolved` tells that.
        as_asked = shown(question).model_copy(
            update={"status": "open", "answer": None, "answered_at": None}
        )
        return {"question": as_asked.model_dump(mode="json")}

    def answer(self, connection: Connection, event: StoredEvent) -> JsonObject:
        digest = event.data.get("answer_hash")
        if not isinstance(digest, str):
            return {"answer": None}
        return {"answer": BlobStore(connection, self._grant).value(digest)}


_LookUp = Callable[[_Reader, Connection, StoredEvent], JsonObject]
_LOOK_UPS: Mapping[str, _LookUp] = {
    "session.created": _Reader.session,
    "session.updated": _Reader.session,
    "round.queued": _Reader.queued_round,
    "part.completed": _Reader.text,
    "tool.requested": _Reader.arguments,
    "tool.started": _Reader.arguments,
    "tool.completed": _Reader.result,
    "question.asked": _Reader.asked,
    "question.resolved": _Reader.answer,
}
