"""Records of earlier rounds as messages for a model. Pure.

What comes out is always valid: every tool call is answered, user and assistant alternate, nothing
is empty. Interrupted and failed turns are left out; what was sent once is sent the same way again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mandrake.domain.records import PartRecord, ToolCallRecord, TurnRecord
from mandrake.domain.tools import JsonObject
from mandrake.providers.port import (
    AssistantMessage,
    ImageContent,
    Message,
    TextContent,
    ThinkingContent,
    ToolCallContent,
    ToolResultMessage,
    UserMessage,
)

MAX_RESULT_CHARACTERS = 48_000
"""What a model is told of one tool result; the whole is kept and shown to people."""


@dataclass(frozen=True, slots=True)
class CallTranscript:
    """One tool call with its content."""

    record: ToolCallRecord
    arguments: JsonObject
    result: JsonObject | None


@dataclass(frozen=True, slots=True)
class TurnTranscript:
    """One turn with its content."""

    record: TurnRecord
    parts: Sequence[PartRecord]
    calls: Sequence[CallTranscript]


@dataclass(frozen=True, slots=True)
class RoundTranscript:
    """One round with its content. `preface` goes before the request: date, dynamic context."""

    round_id: str
    request: str
    preface: str
    turns: Sequence[TurnTranscript]


def build_messages(rounds: Sequence[RoundTranscript], provider_kind: str) -> list[Message]:
    """Messages of the rounds, oldest first. Thinking goes back to its own provider kind only."""
    messages: list[Message] = []
    for transcript in rounds:
        messages.extend(round_messages(transcript, provider_kind))
    return merge_user_messages(messages)


def round_messages(transcript: RoundTranscript, provider_kind: str) -> list[Message]:
    """Messages of one round, the request first."""
    opening = "\n\n".join(text for text in (transcript.preface, transcript.request) if text)
    messages: list[Message] = [UserMessage((TextContent(opening),))]
    for turn in transcript.turns:
        if turn.record.status == "completed":
            messages.extend(_turn_messages(turn, provider_kind))
        messages.extend(_notes(turn))
    return messages


def _turn_messages(turn: TurnTranscript, provider_kind: str) -> list[Message]:
    calls = {call.record.id: call for call in turn.calls}
    content: list[TextContent | ThinkingContent | ToolCallContent] = []
    results: list[ToolResultMessage] = []
    for part in turn.parts:
        if part.kind == "text" and part.text:
            content.append(TextContent(part.text))
        elif part.kind == "thinking" and part.text and turn.record.provider_kind == provider_kind:
            content.append(ThinkingContent(part.text, part.signature))
        elif part.kind == "tool_call" and part.tool_call_id in calls:
            call = calls[part.tool_call_id]
            record = call.record
            content.append(
                ToolCallContent(record.provider_call_id, record.wire_name, call.arguments)
            )
            results.append(
                ToolResultMessage(
                    record.provider_call_id,
                    record.wire_name,
                    result_text(call),
                    is_error=bool(record.is_error),
                )
            )
    if not content or all(isinstance(item, ThinkingContent) for item in content):
        return []
    return [AssistantMessage(tuple(content)), *results]


def _notes(turn: TurnTranscript) -> list[Message]:
    return [
        UserMessage((TextContent(part.text),))
        for part in turn.parts
        if part.kind == "user_note" and part.text
    ]


def result_text(call: CallTranscript) -> str:
    """What the model is told; never empty, cut in the middle when it is too long."""
    result = call.result or {}
    pieces: list[str] = []
    content = result.get("content")
    for item in content if isinstance(content, list) else []:
        if not isinstance(item, dict):
            continue
        if item.get("type") == "text":
            pieces.append(str(item.get("text", "")))
        else:
            pieces.append(f"[{item.get('type')} content, shown to the person only]")
    text = "\n".join(pieces)
    if not text.strip():
        return "(the tool answered with nothing)"
    if len(text) <= MAX_RESULT_CHARACTERS:
        return text
    half = MAX_RESULT_CHARACTERS // 2
    left_out = len(text) - 2 * half
    return f"{text[:half]}\n[… {left_out} characters left out …]\n{text[-half:]}"


def merge_user_messages(messages: Sequence[Message]) -> list[Message]:
    """Join neighbouring user messages: a stopped round has no answer between two requests."""
    merged: list[Message] = []
    for message in messages:
        last = merged[-1] if merged else None
        if isinstance(message, UserMessage) and isinstance(last, UserMessage):
            content: tuple[TextContent | ImageContent, ...] = (*last.content, *message.content)
            merged[-1] = UserMessage(content)
        else:
            merged.append(message)
    return merged
