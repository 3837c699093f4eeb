"""Signs of life for supervisors: no prefix, no sign-in, and nothing but a status."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter, Response
from pydantic import BaseModel

from mandrake.api.checks import run_checks
from mandrake.api.deps import CurrentRuntime
from mandrake.api.health_probe import is_writable
from mandrake.tenancy.access import system_principal

router = APIRouter(tags=["health"])


class Health(BaseModel):
    """One word."""

    status: Literal["ok", "degraded", "down"]


@router.get("/live")
async def live() -> Health:
    """The process answers."""
    return Health(status="ok")


@router.get("/ready", responses={503: {"model": Health}})
async def ready(runtime: CurrentRuntime, response: Response) -> Health:
    """Database and journal can be written."""
    if await is_writable(runtime):
        return Health(status="ok")
    response.status_code = 503
    return Health(status="down")


@router.get("/health", responses={503: {"model": Health}})
async def health(runtime: CurrentRuntime, response: Response) -> Health:
    """`down` when nothing can be stored, `degraded` when a check failed; `GET /system` says why."""
    if not await is_writable(runtime):
        response.status_code = 503
        return Health(status="down")
    checks = await run_checks(runtime, system_principal("health"))
    return Health(status="degraded" if any(each.status == "error" for each in checks) else "ok")
