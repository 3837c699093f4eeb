"""Arguments against a tool's input schema. Pure; remote references are never fetched."""

from __future__ import annotations

from functools import lru_cache

import orjson
from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError, ValidationError
from jsonschema.protocols import Validator
from jsonschema.validators import validator_for
from referencing import Registry
from referencing.exceptions import Unresolvable

from mandrake.domain.tools import JsonObject
from mandrake.errors import FieldProblem

MAX_PROBLEMS = 10


def argument_problems(schema: JsonObject, arguments: JsonObject) -> list[FieldProblem]:
    """What does not fit, at most ten places; empty when all fits.

    A schema that is itself broken lets everything pass: the server judges its own arguments.
    """
    validator = _validator(orjson.dumps(schema))
    if validator is None:
        return []
    try:
        found = sorted(validator.iter_errors(arguments), key=_place)
    except Unresolvable:
        return []
    return [FieldProblem(_place(error), _message(error)) for error in found[:MAX_PROBLEMS]]


@lru_cache(maxsize=512)
def _validator(schema_json: bytes) -> Validator | None:
    schema = orjson.loads(schema_json)
    kind = validator_for(schema, default=Draft202012Validator)
    try:
        kind.check_schema(schema)
    except SchemaError:
        return None
    # An empty registry: `$ref` to anything outside the schema is unresolvable, never a request.
    return kind(schema, registry=Registry())


def _place(error: ValidationError) -> str:
    return ".".join(str(step) for step in error.absolute_path)


def _message(error: ValidationError) -> str:
    return error.message if len(error.message) <= 300 else f"{error.message[:300]}…"
