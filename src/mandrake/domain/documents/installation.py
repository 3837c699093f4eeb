"""`mandrake.json`: settings of the whole installation."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from mandrake.domain.documents.base import Document, DocumentPart


class RoundLimits(DocumentPart):
    """Bounds of one round; `null` means no bound. A round that meets one pauses."""

    max_turns: int | None = Field(default=50, ge=1, le=10_000)
    """Model calls in one round."""
    max_tokens: int | None = Field(default=None, ge=1)
    """Input and output tokens of one round together."""
    max_seconds: int | None = Field(default=3600, ge=1)
    """Working time of one round; waiting for a person does not count."""


class InstallationDocument(Document):
    """Settings of the whole installation."""

    theme: Literal["system", "light", "dark"] = "system"
    """How pages look until the browser itself was told otherwise."""
    telemetry: bool = False
    """Whether anything about the use of this installation leaves the machine. Nothing does now."""
    limits: RoundLimits = RoundLimits()
    """Bounds of a round in a scope that sets none of its own."""
    metadata: dict[str, str] = {}
    """Free notes of the owner or of other programs."""
