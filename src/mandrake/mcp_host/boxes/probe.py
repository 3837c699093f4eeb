"""Which kinds of box work on this machine."""

from __future__ import annotations

import sys

from mandrake.mcp_host.boxes.guard import landlock_abi, seccomp_known
from mandrake.mcp_host.ports import DriverReport


def probe_drivers() -> tuple[DriverReport, ...]:
    """One report for each kind, best isolation first. Quick: asks the kernel, starts nothing."""
    return (
        DriverReport("engine", available=False, isolated=True, detail="not built yet"),
        DriverReport("bwrap", available=False, isolated=True, detail="not built yet"),
        _landlock(),
        DriverReport(
            "process",
            available=sys.platform != "win32",
            isolated=False,
            detail="a plain process with all your rights: not isolated",
        ),
    )


def _landlock() -> DriverReport:
    if not sys.platform.startswith("linux"):
        detail = f"Landlock is a part of Linux; this is {sys.platform}"
        return DriverReport("landlock", available=False, isolated=True, detail=detail)
    abi = landlock_abi()
    if abi < 1:
        detail = "this kernel has no Landlock, or it is switched off (needs Linux 5.13)"
        return DriverReport("landlock", available=False, isolated=True, detail=detail)
    gaps: list[str] = []
    if abi < 4 and not seccomp_known():
        gaps.append("TCP")
    if abi < 6:
        gaps.append("signals to other processes")
    detail = f"Landlock ABI {abi}" + (f"; does not hold: {', '.join(gaps)}" if gaps else "")
    return DriverReport("landlock", available=True, isolated=True, detail=detail)
