"""The installation itself: version, checks, what the machine offers."""

from __future__ import annotations

import os
from datetime import datetime

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict

from mandrake.api.checks import CheckStatus, run_checks
from mandrake.api.deps import CurrentPrincipal, CurrentRuntime
from mandrake.bootstrap import Runtime
from mandrake.domain.ids import INSTALLATION_SCOPE
from mandrake.domain.principals import Principal

router = APIRouter(tags=["system"])

KEY_VARIABLES = {"openai": ("OPENAI_API_KEY",)}
"""Variables in which people keep keys, by provider kind."""


class CheckView(BaseModel):
    """One thing that `mandrake doctor` looks at."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    name: str
    status: CheckStatus
    detail: str
    cure: str | None
    """What to do about it."""


class FoundProvider(BaseModel):
    """A provider that could be used with one click. Nothing is sent to it before."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    kind: str
    variable: str
    """Name of the variable of the environment that holds a key."""


class BoxDriver(BaseModel):
    """A kind of isolation, and whether this machine has it."""

    kind: str
    available: bool
    isolated: bool
    detail: str


class SystemReport(BaseModel):
    """The installation as it runs now."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    version: str
    home: str
    started_at: datetime
    pid: int
    checks: list[CheckView]
    providers_found: list[FoundProvider]
    box_drivers: list[BoxDriver]
    rehearsal_active: bool
    """The installation's active model is scripted and no AI."""


@router.get("/system")
async def get_system(runtime: CurrentRuntime, principal: CurrentPrincipal) -> SystemReport:
    """What `mandrake doctor` shows."""
    return SystemReport(
        version=runtime.version,
        home=str(runtime.layout.home),
        started_at=runtime.started_at,
        pid=os.getpid(),
        checks=[
            CheckView(name=each.name, status=each.status, detail=each.detail, cure=each.cure)
            for each in await run_checks(runtime, principal)
        ],
        providers_found=_found(runtime),
        box_drivers=[
            BoxDriver(
                kind=each.kind,
                available=each.available,
                isolated=each.isolated,
                detail=each.detail,
            )
            for each in runtime.drivers
        ],
        rehearsal_active=await _rehearsal_active(runtime, principal),
    )


def _found(runtime: Runtime) -> list[FoundProvider]:
    return [
        FoundProvider(kind=kind, variable=name)
        for kind, names in KEY_VARIABLES.items()
        for name in names
        if kind in runtime.provider_kinds and runtime.settings.environment.get(name)
    ]


async def _rehearsal_active(runtime: Runtime, principal: Principal) -> bool:
    grant, scope = await runtime.registry.access(principal, INSTALLATION_SCOPE)
    active = (await scope.models.effective(grant)).active
    return active is not None and (
        active.provider is not None and active.provider.entry.kind == "rehearsal"
    )
