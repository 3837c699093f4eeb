"""The box that isolates nothing: a plain process. A person chooses it, and it says what it is."""

from __future__ import annotations

from mandrake.domain.tools import BoxKind, BoxStatus
from mandrake.errors import InvalidInput
from mandrake.mcp_host.boxes.guarded import start_guarded
from mandrake.mcp_host.ports import BoxedServer, Launch, OutputSink


class ProcessBox:
    """Runs the command with all rights of Mandrake itself, but under a guard, and without its
    environment.
    """

    @property
    def kind(self) -> BoxKind:
        return "process"

    async def start(self, launch: Launch, sink: OutputSink) -> BoxedServer:
        refuse_moved_mounts(launch, "process")
        status = BoxStatus(kind="process", isolated=False, label="not isolated")
        return await start_guarded(launch, sink, status, None)


def refuse_moved_mounts(launch: Launch, kind: BoxKind) -> None:
    """Raise `InvalidInput` for a mount that a box without own mounts can't show elsewhere."""
    for mount in launch.box.mounts:
        if mount.target != mount.source:
            raise InvalidInput(
                f"a `{kind}` box can't show `{mount.source}` as `{mount.target}`",
                hint="give the mount the same source and target, or use an engine or bwrap box",
            )
