"""From the SDK's types to ours, at the host's edge."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from mandrake.domain.tools import JsonObject, ToolAnnotations, ToolDefinition, ToolResult

if TYPE_CHECKING:
    from mcp_types import CallToolResult, Tool


def tool_definition(server: str, tool: Tool) -> ToolDefinition:
    """A listed tool as ours."""
    hints = tool.annotations
    return ToolDefinition(
        server=server,
        tool=tool.name,
        description=tool.description or "",
        input_schema=cast("JsonObject", tool.input_schema),
        output_schema=cast("JsonObject | None", tool.output_schema),
        annotations=ToolAnnotations(
            title=tool.title or (hints.title if hints else None),
            read_only=hints.read_only_hint if hints else None,
            destructive=hints.destructive_hint if hints else None,
            idempotent=hints.idempotent_hint if hints else None,
            open_world=hints.open_world_hint if hints else None,
        ),
    )


def tool_result(result: CallToolResult, duration_ms: float) -> ToolResult:
    """A call's result as ours, its items in the protocol's own JSON."""
    items: list[JsonObject] = []
    for item in result.content:
        if item.type == "text" and item.annotations is None and item.meta is None:
            items.append({"type": "text", "text": item.text})
        else:
            dumped = item.model_dump(mode="json", by_alias=True, exclude_none=True)
            items.append(cast("JsonObject", dumped))
    structured = cast("object", result.structured_content)
    return ToolResult(
        content=tuple(items),
        structured_content=cast("JsonObject", structured) if isinstance(structured, dict) else None,
        is_error=bool(result.is_error),
        duration_ms=duration_ms,
    )


def failed_call(text: str, duration_ms: float) -> ToolResult:
    """A protocol failure of one call, as the result that the model is shown."""
    return ToolResult(({"type": "text", "text": text},), is_error=True, duration_ms=duration_ms)
