"""Settings of the whole installation: `mandrake.json`."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Body, Response
from pydantic import JsonValue

from mandrake.api.deps import CurrentRuntime, IfMatch, Installation
from mandrake.api.responses import document_answer
from mandrake.domain.documents import InstallationDocument

router = APIRouter(tags=["config"])


@router.get("/config", response_model=InstallationDocument)
async def get_config(runtime: CurrentRuntime, grant: Installation) -> Response:
    """The settings, with their revision as `ETag`."""
    return document_answer(await runtime.installation.get(grant))


@router.patch("/config", response_model=InstallationDocument)
async def patch_config(
    changes: Annotated[dict[str, JsonValue], Body()],
    runtime: CurrentRuntime,
    grant: Installation,
    if_match: IfMatch,
) -> Response:
    """Merge changes into the settings (RFC 7396): objects merge, `null` removes."""
    return document_answer(await runtime.installation.patch(grant, changes, if_match=if_match))
