"""What FastAPI does not say by itself: problems, events and WebSocket frames."""

from __future__ import annotations

from typing import Any, cast

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel, TypeAdapter
from pydantic.json_schema import models_json_schema

from mandrake.api.errors import Problem
from mandrake.api.problems import MEDIA_TYPE
from mandrake.api.stream import ClientMessage

_REFERENCE = "#/components/schemas/{model}"
_DESCRIPTION = """\
Mandrake's API. Errors are `application/problem+json`; lists have `items` and `next_cursor`;
documents answer with `ETag` and take `If-Match`; POST takes `Idempotency-Key`.

Live updates: a WebSocket at `/api/v1/stream` takes `StreamClientMessage` and sends
`StreamServerFrame`; the same events come as Server-Sent Events from a session's `/events`.
"""


def describe(api: FastAPI) -> None:
    """Make `api.openapi()` complete."""

    def openapi() -> dict[str, Any]:
        if api.openapi_schema is None:
            api.openapi_schema = _document(api)
        return api.openapi_schema

    api.openapi = openapi


def _document(api: FastAPI) -> dict[str, Any]:
    document = get_openapi(
        title=api.title, version=api.version, description=_DESCRIPTION, routes=api.routes
    )
    components = cast("dict[str, Any]", document.setdefault("components", {}))
    schemas = cast("dict[str, Any]", components.setdefault("schemas", {}))
    for name, schema in _further_schemas().items():
        schemas.setdefault(name, schema)
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    _rename_generics(document, schemas)
    components["schemas"] = dict(sorted(components["schemas"].items()))
    components["securitySchemes"] = {
        "token": {"type": "http", "scheme": "bearer", "description": "`mandrake token` prints it."},
        "cookie": {
            "type": "apiKey",
            "in": "cookie",
            "name": "mandrake_4000",
            "description": "Of `POST /sign-in`; its name ends with the server's port.",
        },
    }
    for path, operations in cast("dict[str, dict[str, Any]]", document["paths"]).items():
        for operation in operations.values():
            _complete(path, operation)
    return document


def _rename_generics(document: dict[str, Any], schemas: dict[str, Any]) -> None:
    """Give `Page[Session]` and the events the names that their classes say, everywhere."""
    names: dict[str, str] = {}
    for name in list(schemas):
        if "Page_" in name or "Envelope_" in name:
            schema = schemas.pop(name)
            names[_REFERENCE.format(model=name)] = schema["title"]
            schemas[schema["title"]] = schema

    def walk(value: object) -> object:
        if isinstance(value, dict):
            items = cast("dict[str, object]", value)
            return {key: walk(each) for key, each in items.items()}
        if isinstance(value, list):
            return [walk(each) for each in cast("list[object]", value)]
        if isinstance(value, str) and value in names:
            return _REFERENCE.format(model=names[value])
        return value

    for part in ("paths", "components"):
        document[part].update(cast("dict[str, Any]", walk(document[part])))


def _complete(path: str, operation: dict[str, Any]) -> None:
    responses = operation["responses"]
    responses.pop("422", None)
    if not path.startswith("/api/"):
        return
    responses["default"] = {
        "description": "A problem",
        "content": {MEDIA_TYPE: {"schema": {"$ref": _REFERENCE.format(model="Problem")}}},
    }
    if not (path.endswith("/sign-in") and operation["operationId"] == "sign_in"):
        operation["security"] = [{"token": []}, {"cookie": []}]


def _further_schemas() -> dict[str, Any]:
    # Half a second of model building that only this document needs, not every start.
    from mandrake.api.event_models import Event, ServerFrame

    further: dict[str, Any] = {}
    named: list[tuple[str, TypeAdapter[Any]]] = [
        ("StreamEvent", TypeAdapter(Event)),
        ("StreamServerFrame", TypeAdapter(ServerFrame)),
        ("StreamClientMessage", TypeAdapter(ClientMessage)),
    ]
    for name, adapter in named:
        schema = adapter.json_schema(ref_template=_REFERENCE, mode="serialization")
        further.update(schema.pop("$defs", {}))
        further[name] = schema
    models: list[type[BaseModel]] = [Problem]
    _, problem = models_json_schema(
        [(model, "serialization") for model in models], ref_template=_REFERENCE
    )
    further.update(problem["$defs"])
    return further
