"""What one model call is given: sections in an order that keeps the provider's cache warm.

Instructions, tools (sorted), workspace facts; then history; then, attached to each request when it
was made, its date. What was sent stays sent: everything before the newest request is the same
bytes in the next turn. Each section's hash, size and reason go into the turn's manifest.
"""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import orjson
from pydantic import JsonValue
from sqlalchemy import Connection

from mandrake.coordinator.budget import trim_rounds
from mandrake.coordinator.history import (
    CallTranscript,
    RoundTranscript,
    TurnTranscript,
    build_messages,
    round_messages,
)
from mandrake.coordinator.round_scope import PromptTexts, ResolvedModel, RoundScope
from mandrake.domain.events import EphemeralEvent, session_topic
from mandrake.domain.ids import SessionId
from mandrake.domain.principals import Grant
from mandrake.domain.records import RoundRecord
from mandrake.domain.tools import ToolDefinition
from mandrake.kit.clock import parse_instant
from mandrake.mcp_host.naming import wire_names
from mandrake.persistence.stores.rounds import RoundStore
from mandrake.persistence.stores.tool_calls import ToolCallStore
from mandrake.persistence.stores.turns import TurnStore
from mandrake.providers.accounting import estimate_tokens
from mandrake.providers.port import ModelRequest, WireTool
from mandrake.security.decide import is_offered

SERVERS_SECONDS = 60.0
"""How long a turn waits for servers that are starting (the first use of one may install it); then
it goes on without them."""
NOTICE_SECONDS = 0.5
"""How often it looks what they are doing; a shorter wait is not worth a word."""


@dataclass(frozen=True, slots=True)
class Section:
    """One entry of the manifest."""

    name: str
    text: str
    reason: str

    def manifest(self) -> dict[str, JsonValue]:
        return {
            "name": self.name,
            "hash": hashlib.sha256(self.text.encode(errors="replace")).hexdigest(),
            "tokens": estimate_tokens(self.text),
            "reason": self.reason,
        }


@dataclass(frozen=True, slots=True)
class BuiltContext:
    """A request with the proof of what is in it."""

    request: ModelRequest
    wire_tools: dict[str, tuple[str, str]]
    """Wire name to `(server, tool)`; stored with the turn, never parsed back."""
    manifest: list[dict[str, JsonValue]]

    @property
    def tokens(self) -> int:
        """Estimated size of the whole."""
        return sum(int(str(part["tokens"])) for part in self.manifest)


class ContextBuilder:
    """Builds the request of the next turn of a round."""

    def __init__(self, scope: RoundScope) -> None:
        self._scope = scope

    async def build(self, record: RoundRecord, model: ResolvedModel) -> BuiltContext:
        """Read everything the next turn needs and put it in order."""
        scope = self._scope
        prompt = await scope.documents.prompt()
        offered = await self._offered_tools(record)
        names = wire_names(offered)
        by_target = {(tool.server, tool.tool): tool for tool in offered}
        tools = tuple(
            WireTool(name, by_target[target].description, by_target[target].input_schema)
            for name, target in sorted(names.items())
        )
        transcripts = await scope.database.read(
            lambda connection: read_transcripts(connection, scope.grant, record, prompt)
        )
        sections = [Section(part.name, part.text, part.reason) for part in prompt.parts]
        tool_text = orjson.dumps(
            [[tool.name, tool.description, tool.input_schema] for tool in tools]
        )
        sections.append(Section("tools", tool_text.decode(), f"{len(tools)} tools offered"))
        sizes = [
            estimate_tokens(repr(round_messages(each, model.provider_kind))) for each in transcripts
        ]
        kept = trim_rounds(
            transcripts,
            sizes,
            fixed_tokens=sum(estimate_tokens(section.text) for section in sections),
            window_tokens=model.window_tokens,
        )
        sections.extend(_history_sections(kept, len(transcripts), model.provider_kind))
        request = ModelRequest(
            model=model.model,
            instructions="\n\n".join(part.text for part in prompt.parts if part.text.strip()),
            messages=tuple(build_messages(kept, model.provider_kind)),
            tools=tools,
            settings=model.settings,
        )
        return BuiltContext(request, names, [section.manifest() for section in sections])

    async def _wait_for_servers(self, record: RoundRecord) -> None:
        """A workspace that was just opened starts its servers; a model without tools is no use."""
        host, told = self._scope.host, dict[str, str | None]()
        waited_seconds = 0.0
        while waited_seconds < SERVERS_SECONDS:
            if await host.wait_settled(timeout_seconds=NOTICE_SECONDS):
                return
            waited_seconds += NOTICE_SECONDS
            starting = {
                each.key: each.detail for each in host.statuses() if each.state == "starting"
            }
            if starting != told:
                told = starting
                _announce(self._scope, record, starting)

    async def _offered_tools(self, record: RoundRecord) -> list[ToolDefinition]:
        await self._wait_for_servers(record)
        policy_of = await self._scope.documents.policies()
        offered: list[ToolDefinition] = []
        for definition in self._scope.host.catalog():
            policy = policy_of(definition)
            if policy.approval != "deny" and is_offered(
                definition.tool, policy.allowed_patterns, policy.denied_patterns
            ):
                offered.append(definition)
        return offered


def _announce(scope: RoundScope, record: RoundRecord, servers: dict[str, str | None]) -> None:
    data: dict[str, JsonValue] = {
        "session_id": record.session_id,
        "round_id": record.id,
        "servers": [{"server": key, "detail": detail} for key, detail in servers.items()],
    }
    topic = session_topic(SessionId(record.session_id))
    scope.hub.publish(EphemeralEvent(topic, "servers.waiting", data))


def read_transcripts(
    connection: Connection, grant: Grant, record: RoundRecord, prompt: PromptTexts
) -> list[RoundTranscript]:
    """Rounds from the root to `record`, with content."""
    rounds = RoundStore(connection, grant)
    turns = TurnStore(connection, grant)
    calls = ToolCallStore(connection, grant)
    by_round = turns.of_session(record.session_id)
    transcripts: list[RoundTranscript] = []
    for each in rounds.path(record.session_id, record.id):
        turn_records = by_round.get(each.id, [])
        ids = [turn.id for turn in turn_records]
        parts, called = turns.parts_of(ids), calls.of_turns(ids)
        transcripts.append(
            RoundTranscript(
                round_id=each.id,
                request="\n".join(str(item.get("text", "")) for item in rounds.request(each)),
                preface=_moment(each) if prompt.include_datetime else "",
                turns=[
                    TurnTranscript(
                        turn,
                        parts.get(turn.id, []),
                        [
                            CallTranscript(
                                call, calls.requested_arguments(call), calls.result(call)
                            )
                            for call in called.get(turn.id, [])
                        ],
                    )
                    for turn in turn_records
                ],
            )
        )
    return transcripts


def system_facts() -> str:
    """What the model is told of the machine."""
    return f"The server runs on {platform.system()} ({platform.machine()})."


def _moment(record: RoundRecord) -> str:
    """The date goes with the request it belongs to, so that it never changes afterwards."""
    at: datetime = parse_instant(record.started_at or record.created_at)
    return f"<context>\nDate and time of this request: {at:%A, %Y-%m-%d %H:%M} UTC\n</context>"


def _history_sections(
    kept: Sequence[RoundTranscript], total: int, provider_kind: str
) -> list[Section]:
    sections: list[Section] = []
    for index, transcript in enumerate(kept):
        newest = index == len(kept) - 1
        reason = "newest request" if newest else "history"
        if index == 0 and len(kept) < total:
            reason = f"{reason}; {total - len(kept)} older rounds left out to fit the window"
        text = repr(round_messages(transcript, provider_kind))
        sections.append(Section(f"round:{transcript.round_id}", text, reason))
    return sections
