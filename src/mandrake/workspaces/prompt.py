"""Verbs over `prompt.json`, and the order in which instructions add up.

Built-in, then the installation's, then the workspace's; the session's come later, elsewhere. Knows
no models and counts no tokens: each piece keeps its origin so that others can.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from mandrake.domain.documents import PromptDocument
from mandrake.domain.ids import INSTALLATION_SCOPE
from mandrake.domain.principals import Grant
from mandrake.tenancy.access import access_installation
from mandrake.workspaces.documents import DocumentManager

PromptOrigin = Literal["built-in", "installation", "workspace"]

BUILT_IN_INSTRUCTIONS: Final = """\
You are the assistant in Mandrake, a workspace server on the person's own machine. Tools are \
called only through the tool interface; a call that changes something may first be shown to the \
person, who can refuse it or change its arguments. Say what you did, not what you would do."""


@dataclass(frozen=True, slots=True)
class PromptPiece:
    """A piece of the instructions, in the order in which it is sent."""

    name: str
    """`instructions`, or the name of a part."""
    origin: PromptOrigin
    text: str
    enabled: bool = True
    """A piece that is switched off is shown, and not sent."""


@dataclass(frozen=True, slots=True)
class ComposedPrompt:
    """The instructions of a scope, and the switches of what is told besides."""

    pieces: tuple[PromptPiece, ...]
    include_workspace: bool
    include_system_info: bool
    include_datetime: bool

    @property
    def text(self) -> str:
        """What is sent: enabled pieces that are not empty, joined by blank lines."""
        return "\n\n".join(
            render_piece(piece) for piece in self.pieces if piece.enabled and piece.text.strip()
        )


class PromptManager:
    """The prompt of one scope; in the installation the two documents are the same."""

    def __init__(
        self,
        own: DocumentManager[PromptDocument],
        installation: DocumentManager[PromptDocument],
    ) -> None:
        self.documents = own
        self._installation = installation

    async def compose(self, grant: Grant) -> ComposedPrompt:
        """The instructions as they add up for this scope now."""
        own = (await self.documents.get(grant)).document
        if grant.scope_id == INSTALLATION_SCOPE:
            return compose_prompt(own, None)
        base = await self._installation.get(access_installation(grant.principal))
        return compose_prompt(base.document, own)


def compose_prompt(
    installation: PromptDocument, workspace: PromptDocument | None
) -> ComposedPrompt:
    """Pure. The nearest document's switches decide; a workspace may switch the installation's
    pieces off.
    """
    nearest = installation if workspace is None else workspace
    pieces = [PromptPiece("instructions", "built-in", BUILT_IN_INSTRUCTIONS)]
    included = workspace is None or workspace.include_installation
    pieces += _pieces(installation, "installation", included=included)
    if workspace is not None:
        pieces += _pieces(workspace, "workspace", included=True)
    return ComposedPrompt(
        tuple(pieces),
        include_workspace=nearest.include_workspace and workspace is not None,
        include_system_info=nearest.include_system_info,
        include_datetime=nearest.include_datetime,
    )


def _pieces(document: PromptDocument, origin: PromptOrigin, *, included: bool) -> list[PromptPiece]:
    pieces = [PromptPiece("instructions", origin, document.instructions, included)]
    pieces += [
        PromptPiece(part.name, origin, part.text, included and part.enabled)
        for part in document.parts
    ]
    return pieces


def render_piece(piece: PromptPiece) -> str:
    """A piece as it is sent: parts under their name."""
    """One piece as it is sent; parts get their name as a heading."""
    text = piece.text.strip()
    return text if piece.name == "instructions" else f"## {piece.name}\n\n{text}"
