"""`prompt.json`: instructions and named parts, with the switches of the built-in sections."""

from __future__ import annotations

from typing import Self, cast

from pydantic import Field, model_validator

from mandrake.domain.documents.base import Document, DocumentPart, problem_at


class PromptPart(DocumentPart):
    """A named piece of the prompt that can be switched by itself."""

    name: str = Field(min_length=1, max_length=64)
    """Heading of the part; unique in the document."""
    text: str
    """Markdown."""
    enabled: bool = True
    """Whether it goes into the prompt."""


class PromptDocument(Document):
    """What the model is told before everything else."""

    instructions: str = ""
    """Markdown. Comes first; in a workspace it is added to the installation's."""
    parts: list[PromptPart] = []
    """Named parts, in the order in which they are sent."""
    include_workspace: bool = True
    """Whether name, description and path of the workspace are told."""
    include_system_info: bool = True
    """Whether the operating system and architecture are told."""
    include_datetime: bool = True
    """Whether date and time are told with the newest request."""
    include_installation: bool = True
    """In a workspace: whether the installation's instructions and parts come before its own."""

    @model_validator(mode="before")
    @classmethod
    def _read_old_name(cls, data: object) -> object:
        if not isinstance(data, dict) or "prompt" not in data:
            return cast("object", data)
        migrated = dict(cast("dict[str, object]", data))
        old = migrated.pop("prompt")
        if migrated.get("instructions") not in (None, "", old):
            raise ValueError("`prompt` is the old name of `instructions`: keep one of the two")
        migrated["instructions"] = old
        return migrated

    @model_validator(mode="after")
    def _check_names(self) -> Self:
        seen: set[str] = set()
        for index, part in enumerate(self.parts):
            if part.name in seen:
                raise problem_at(f"parts.{index}.name", f"two parts are named `{part.name}`")
            seen.add(part.name)
        return self
