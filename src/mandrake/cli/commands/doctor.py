"""`mandrake doctor`: checks and their cures, with and without a running server."""

from __future__ import annotations

import os
import stat
import sys
from typing import TYPE_CHECKING

import typer

from mandrake.cli.exit_codes import ExitCode
from mandrake.cli.options import JsonOption
from mandrake.cli.output import print_json, say, styled
from mandrake.cli.running import settings_of, with_api

if TYPE_CHECKING:
    from mandrake.cli import wire
    from mandrake.cli.client import ApiClient
    from mandrake.settings import Settings

_MARKS = {"ok": ("✓", "\x1b[32m"), "warning": ("!", "\x1b[33m"), "error": ("✗", "\x1b[31m")}


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(doctor)


def doctor(as_json: JsonOption = False) -> None:
    """Look for what is missing or wrong, and say how to mend it.

    Exit code 1 when a check is an error; warnings are fine.

    Examples:
      mandrake doctor
      mandrake doctor --json
    """
    from mandrake.cli import wire
    from mandrake.errors import MandrakeError

    settings = settings_of()
    checks = [_holder(settings)]

    async def ask_server(api: ApiClient) -> wire.System:
        return (await api.get("/system")).decode(wire.System)

    try:
        checks += with_api(ask_server).checks
    except MandrakeError as error:
        checks.append(wire.Check("installation", "error", error.detail, error.hint))
        checks += _from_outside(settings)
    if as_json:
        import msgspec

        print_json({"home": str(settings.home), "checks": msgspec.to_builtins(checks)})
    else:
        for check in checks:
            _show(check)
    if any(check.status == "error" for check in checks):
        raise typer.Exit(ExitCode.FAILED)


def _show(check: wire.Check) -> None:
    mark, color = _MARKS.get(check.status, ("?", ""))
    detail = f": {check.detail}" if check.detail else ""
    print(f"{styled(sys.stdout, mark, color)} ", end="")
    say(f"{check.name}{detail}")
    if check.cure and check.status != "ok":
        say(f"  → {check.cure}")


def _holder(settings: Settings) -> wire.Check:
    """Which process holds the home."""
    from mandrake.cli import wire
    from mandrake.workspaces.home_lock import find_running
    from mandrake.workspaces.layout import HomeLayout

    running = find_running(HomeLayout.at(settings.home, key_file=settings.key_file))
    if running is None:
        state = "none; commands open the home themselves"
    elif running.port is not None:
        state = f"process {running.pid} serves on port {running.port}, version {running.version}"
    else:
        state = f"process {running.pid} holds the home, without a page"
    return wire.Check("server", "ok", state)


def _from_outside(settings: Settings) -> list[wire.Check]:
    """What can be seen of a home that does not open."""
    from mandrake.cli import wire
    from mandrake.workspaces.layout import HomeLayout

    layout = HomeLayout.at(settings.home, key_file=settings.key_file)
    found = [wire.Check("home", "ok" if layout.home.exists() else "warning", str(layout.home))]
    for path in (layout.home, layout.key_ring, layout.home / "keys" / "token"):
        try:
            status = path.stat()
        except OSError:
            continue
        if status.st_uid != os.getuid():
            cure = f"chown {os.getuid()} {path}"
            found.append(wire.Check("owner", "error", f"`{path}` is not yours", cure))
        elif status.st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            mode = "700" if path.is_dir() else "600"
            detail = f"others may open `{path}`"
            found.append(wire.Check("permissions", "error", detail, f"chmod {mode} {path}"))
    return found
