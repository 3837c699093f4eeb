"""Arguments of a call, filled by the names that a tool's `input_schema` knows. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from pydantic import JsonValue

from mandrake.providers.adapters.rehearsal.wishes import (
    EditFile,
    Git,
    ListFolder,
    ReadFile,
    Search,
    Wish,
    WriteFile,
)

JsonObject = dict[str, JsonValue]

_PATH_NAMES = ("path", "file_path", "filename", "file", "directory", "dir", "folder", "root")
_REPOSITORY_NAMES = ("repo_path", "repository", "repo", *_PATH_NAMES)
_QUERY_NAMES = ("query", "text", "content", "search", "needle", "regex", "pattern")
_OLD_NAMES = ("old_text", "oldText", "old_string", "old_str", "search", "old")
_NEW_NAMES = ("new_text", "newText", "new_string", "new_str", "replace", "new")
_CONTENT_NAMES = ("content", "contents", "text", "data", "file_text")
_START_NAMES = ("start_line", "start", "first_line", "offset")
_END_NAMES = ("end_line", "end", "last_line")


def arguments_for(wish: Wish, properties: dict[str, JsonObject]) -> JsonObject:
    match wish:
        case ListFolder():
            return _put({}, properties, _PATH_NAMES, wish.path)
        case ReadFile():
            return _read_arguments(wish, properties)
        case Search():
            arguments = _put({}, properties, _QUERY_NAMES, wish.text)
            if wish.path is not None:
                _put(arguments, properties, _PATH_NAMES, wish.path)
            return arguments
        case Git():
            return _put({}, properties, _REPOSITORY_NAMES[:3], ".")
        case WriteFile():
            arguments = _put({}, properties, _PATH_NAMES, wish.path)
            return _put(arguments, properties, _CONTENT_NAMES, wish.content)
        case EditFile():
            return _edit_arguments(wish, properties)
        case _:
            return {}


def _read_arguments(wish: ReadFile, properties: dict[str, JsonObject]) -> JsonObject:
    with_lines = wish.start_line is not None
    if "files" in properties and (with_lines or "paths" not in properties):
        item = properties_of(_items(properties["files"]))
        if not item:
            return {"files": [wish.path]}
        entry = _put({}, item, _PATH_NAMES, wish.path)
        return {"files": [_put_lines(entry, item, wish)]}
    if "paths" in properties:
        return {"paths": [wish.path]}
    return _put_lines(_put({}, properties, _PATH_NAMES, wish.path), properties, wish)


def _put_lines(
    arguments: JsonObject, properties: dict[str, JsonObject], wish: ReadFile
) -> JsonObject:
    if wish.start_line is None or wish.end_line is None:
        return arguments
    _put(arguments, properties, _START_NAMES, wish.start_line)
    _put(arguments, properties, _END_NAMES, wish.end_line)
    if "limit" in properties:
        arguments["limit"] = wish.end_line - wish.start_line + 1
    return arguments


def _edit_arguments(wish: EditFile, properties: dict[str, JsonObject]) -> JsonObject:
    arguments = _put({}, properties, _PATH_NAMES, wish.path)
    if "edits" in properties:
        item = properties_of(_items(properties["edits"]))
        edit = _put({}, item, _OLD_NAMES, wish.old_text)
        arguments["edits"] = [_put(edit, item, _NEW_NAMES, wish.new_text)]
        return arguments
    _put(arguments, properties, _OLD_NAMES, wish.old_text)
    return _put(arguments, properties, _NEW_NAMES, wish.new_text)


def _put(
    arguments: JsonObject,
    properties: dict[str, JsonObject],
    names: Sequence[str],
    value: JsonValue,
) -> JsonObject:
    """Set the first of `names` that the schema knows."""
    for name in names:
        if name in properties and name not in arguments:
            arguments[name] = value
            break
    return arguments


def properties_of(schema: JsonObject) -> dict[str, JsonObject]:
    found = _resolved(schema, schema).get("properties")
    if not isinstance(found, dict):
        return {}
    return {
        name: _resolved(value, schema) for name, value in found.items() if isinstance(value, dict)
    }


def _items(schema: JsonObject) -> JsonObject:
    """The schema of an array's items, also where the array is one of several options."""
    options = schema.get("anyOf")
    candidates = [schema, *(options if isinstance(options, list) else [])]
    for candidate in candidates:
        if isinstance(candidate, dict) and isinstance(items := candidate.get("items"), dict):
            return items
    return {}


def _resolved(schema: JsonObject, root: JsonObject) -> JsonObject:
    """Follow `#/$defs/Name`, also in items, as Pydantic writes it."""
    definitions = root.get("$defs")
    if not isinstance(definitions, dict):
        return schema

    def follow(value: JsonValue, depth: int) -> JsonValue:
        if depth > 6:
            return value
        if isinstance(value, list):
            return [follow(item, depth + 1) for item in value]
        if not isinstance(value, dict):
            return value
        reference = value.get("$ref")
        if isinstance(reference, str) and reference.startswith("#/$defs/"):
            return follow(definitions.get(reference.removeprefix("#/$defs/"), {}), depth + 1)
        return {key: follow(item, depth + 1) for key, item in value.items() if key != "$defs"}

    return cast("JsonObject", follow(schema, 0))
