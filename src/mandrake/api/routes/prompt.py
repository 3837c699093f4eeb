"""The instructions of a scope, and how they add up."""

from __future__ import annotations

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict

from mandrake.api.deps import IfMatch, Scope
from mandrake.api.responses import document_answer
from mandrake.domain.documents import PromptDocument
from mandrake.providers.accounting import estimate_tokens
from mandrake.workspaces.prompt import PromptOrigin

router = APIRouter(tags=["prompt"])


class PromptPieceView(BaseModel):
    """One piece, in the order in which it is sent."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    name: str
    origin: PromptOrigin
    text: str
    enabled: bool
    tokens: int
    """Estimated."""


class PromptPreview(BaseModel):
    """The instructions as the next round will send them."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    pieces: list[PromptPieceView]
    text: str
    """Enabled pieces, joined."""
    tokens: int
    """Estimated, of `text`."""
    include_workspace: bool
    include_system_info: bool
    include_datetime: bool


@router.get("/prompt", response_model=PromptDocument)
async def get_prompt(scope: Scope) -> Response:
    """The scope's own `prompt.json`, with its revision as `ETag`."""
    return document_answer(await scope.runtime.prompt.documents.get(scope.grant))


@router.put("/prompt", response_model=PromptDocument)
async def put_prompt(document: PromptDocument, scope: Scope, if_match: IfMatch) -> Response:
    """Replace it."""
    documents = scope.runtime.prompt.documents
    return document_answer(await documents.put(scope.grant, document, if_match=if_match))


@router.get("/prompt/preview")
async def preview_prompt(scope: Scope) -> PromptPreview:
    """What the model is told, piece by piece, each with its origin."""
    composed = await scope.runtime.prompt.compose(scope.grant)
    return PromptPreview(
        pieces=[
            PromptPieceView(
                name=piece.name,
                origin=piece.origin,
                text=piece.text,
                enabled=piece.enabled,
                tokens=estimate_tokens(piece.text),
            )
            for piece in composed.pieces
        ],
        text=composed.text,
        tokens=estimate_tokens(composed.text),
        include_workspace=composed.include_workspace,
        include_system_info=composed.include_system_info,
        include_datetime=composed.include_datetime,
    )
