"""What every document shares: a schema version, kept unknown keys, and the value types in them.

Knows neither files nor scopes: `parsing` turns bytes into documents and back.
"""

from __future__ import annotations

import re
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Discriminator, Field, Tag
from pydantic_core import PydanticCustomError

KEY_PATTERN = r"^[a-z0-9][a-z0-9_-]{0,31}$"
RESERVED_KEYS = frozenset({"import", "test", "catalog", "active"})
"""Words that are routes beside the keys, so no server or model may be called so."""
SECRET_NAME_PATTERN = r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$"  # noqa: S105 - a rule, no secret
ENVIRONMENT_NAME_PATTERN = r"^[A-Za-z_][A-Za-z0-9_]{0,127}$"


class DocumentPart(BaseModel):
    """An object inside a document. Keys we don't know are kept and written back."""

    model_config = ConfigDict(
        extra="allow", frozen=True, use_attribute_docstrings=True, allow_inf_nan=False
    )


class Document(DocumentPart):
    """A file a person may edit by hand. Immutable; edits make a copy."""

    CURRENT_VERSION: ClassVar[int] = 1

    schema_version: int = 1
    """Version of the document's shape. Absent means 1; a newer one than we know is refused."""


def problem_at(path: str, message: str) -> PydanticCustomError:
    """An error of a whole document that belongs to one place in it, for its validators to raise."""
    return PydanticCustomError("at", "{problem}", {"problem": message, "path": path})


def check_key(key: str) -> str:
    """Pass a server or model key, or say what is wrong with it.

    Raises:
        ValueError: Not a key, or a reserved one.
    """
    if key in RESERVED_KEYS:
        raise ValueError(f"`{key}` is a reserved word; choose another key")
    if re.fullmatch(KEY_PATTERN, key) is None:
        raise ValueError(
            f"`{key}` is not a key: lower-case letters, digits, `-` and `_`, at most 32, "
            "starting with a letter or digit"
        )
    return key


Key = Annotated[str, AfterValidator(check_key)]
"""A server or model key: a slug that stands in routes and in qualified tool names."""


class SecretReference(BaseModel):
    """A value kept in the secret store, named here."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    secret: str = Field(pattern=SECRET_NAME_PATTERN)
    """Name in the secret store of this scope; the installation's is the fallback."""


class EnvironmentReference(BaseModel):
    """A value taken from the environment in which Mandrake was started."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    env: str = Field(pattern=ENVIRONMENT_NAME_PATTERN)
    """Name of the variable."""


Reference = SecretReference | EnvironmentReference


def _value_tag(value: object) -> Literal["text", "secret", "env"] | None:
    if isinstance(value, str):
        return "text"
    if isinstance(value, SecretReference) or (isinstance(value, dict) and "secret" in value):
        return "secret"
    if isinstance(value, EnvironmentReference | dict):
        return "env"
    return None


ValueOrReference = Annotated[
    Annotated[str, Tag("text")]
    | Annotated[SecretReference, Tag("secret")]
    | Annotated[EnvironmentReference, Tag("env")],
    Discriminator(
        _value_tag,
        custom_error_type="value_or_reference",
        custom_error_message='a string, {"secret": name} or {"env": NAME} is expected',
    ),
]
"""A plain string, or a reference to a secret or to a variable of the environment."""


def _reference_tag(value: object) -> Literal["secret", "env"] | None:
    tag = _value_tag(value)
    return None if tag == "text" else tag


SecretOnly = Annotated[
    Annotated[SecretReference, Tag("secret")] | Annotated[EnvironmentReference, Tag("env")],
    Discriminator(
        _reference_tag,
        custom_error_type="reference_only",
        custom_error_message=(
            'keys are not written into documents: use {"secret": name} after '
            '`mandrake secret set name`, or {"env": NAME}'
        ),
    ),
]
"""A reference; a literal is refused, because documents are shown, copied and versioned."""
