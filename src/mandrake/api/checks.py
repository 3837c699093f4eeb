"""What is right and wrong with a running installation, each with its cure.

Looks only; quick enough to be asked often. `mandrake doctor` adds what can be seen without a
running server.
"""

from __future__ import annotations

import asyncio
import shutil
import stat
from dataclasses import dataclass
from typing import Literal

from mandrake.api.health_probe import is_writable
from mandrake.bootstrap import Runtime
from mandrake.domain.ids import INSTALLATION_SCOPE
from mandrake.domain.principals import Principal
from mandrake.errors import MandrakeError
from mandrake.tenancy.access import access_installation

CheckStatus = Literal["ok", "warning", "error"]
LOW_DISK_BYTES = 512 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at."""

    name: str
    status: CheckStatus
    detail: str
    cure: str | None = None


async def run_checks(runtime: Runtime, principal: Principal) -> list[Check]:
    """Everything, in the order in which a person should read it."""
    return [
        await _storage(runtime),
        await asyncio.to_thread(_home, runtime),
        await asyncio.to_thread(_disk, runtime),
        await _secrets(runtime, principal),
        _isolation(runtime),
        _git(),
        await _model(runtime, principal),
        await _workspaces(runtime, principal),
    ]


async def _storage(runtime: Runtime) -> Check:
    if await is_writable(runtime):
        return Check("storage", "ok", "database and journal can be written")
    cure = "Check free space and permissions of the home folder."
    return Check("storage", "error", "the database can't be written", cure)


def _home(runtime: Runtime) -> Check:
    home = runtime.layout.home
    mode = stat.S_IMODE(home.stat().st_mode)
    if mode & 0o077:
        detail = f"`{home}` can be entered by others (mode {mode:o})"
        return Check("home", "warning", detail, f"chmod 700 {home}")
    return Check("home", "ok", f"`{home}` is open to its owner only")


def _disk(runtime: Runtime) -> Check:
    free_bytes = shutil.disk_usage(runtime.layout.home).free
    detail = f"{free_bytes / 1024**3:.1f} GB free"
    if free_bytes < LOW_DISK_BYTES:
        return Check("disk", "warning", detail, "Make room: a full disk stops rounds.")
    return Check("disk", "ok", detail)


async def _secrets(runtime: Runtime, principal: Principal) -> Check:
    try:
        known = await runtime.secrets.list(access_installation(principal))
    except MandrakeError as error:
        return Check("secrets", "error", error.detail, error.hint)
    return Check("secrets", "ok", f"the key ring opens; {len(known)} secrets of the installation")


def _isolation(runtime: Runtime) -> Check:
    isolated = [each.kind for each in runtime.drivers if each.available and each.isolated]
    if isolated:
        return Check("isolation", "ok", f"tool servers run under {', '.join(isolated)}")
    return Check(
        "isolation",
        "warning",
        "this machine offers no isolation: shipped tool servers run as plain processes",
        "On Linux 5.13 or newer Landlock is there; elsewhere run only servers you trust.",
    )


def _git() -> Check:
    if shutil.which("git") is None:
        cure = "Install git: branch, history and clones need it."
        return Check("git", "warning", "`git` is not installed", cure)
    return Check("git", "ok", "`git` is installed")


async def _model(runtime: Runtime, principal: Principal) -> Check:
    grant, scope = await runtime.registry.access(principal, INSTALLATION_SCOPE)
    try:
        active = (await scope.models.effective(grant)).active
    except MandrakeError as error:
        return Check("model", "error", error.detail, error.hint)
    if active is None or active.provider is None:
        cure = "Choose one: `mandrake model use …`."
        return Check("model", "error", "no usable model is chosen", cure)
    if active.provider.entry.kind == "rehearsal":
        cure = "Add a provider: `mandrake provider add …`, then `mandrake model use …`."
        return Check("model", "warning", "the rehearsal model is active: scripted, no AI", cure)
    return Check("model", "ok", f"`{active.key}` through `{active.provider.key}`")


async def _workspaces(runtime: Runtime, principal: Principal) -> Check:
    found = await runtime.workspaces.list(access_installation(principal))
    broken = [f"`{each.name}`: {each.problems[0].detail}" for each in found if each.problems]
    broken += [f"`{each.name}`: {each.problem}" for each in runtime.home_report.unusable]
    if broken:
        cure = "Mend what is named; nothing is changed before."
        return Check("workspaces", "warning", "; ".join(broken[:5]), cure)
    return Check("workspaces", "ok", f"{len(found)} workspaces, none with a problem")
