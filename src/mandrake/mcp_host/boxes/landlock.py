"""The box made by the Linux kernel's Landlock, for servers that live on this machine's files.

Reads system files, what the command needs and the mounts; writes only `rw` mounts and a private
scratch folder. Without network (`none`) the server can open no socket at all. It doesn't hide the
names of things (`stat` still answers), and it holds memory per process but neither pids nor cpus.
"""

from __future__ import annotations

from mandrake.domain.tools import BoxKind, BoxStatus
from mandrake.errors import InvalidInput, ServerUnavailable
from mandrake.mcp_host.boxes.guard import LandlockOrders, landlock_abi, seccomp_known
from mandrake.mcp_host.boxes.guarded import start_guarded
from mandrake.mcp_host.boxes.process import refuse_moved_mounts
from mandrake.mcp_host.ports import BoxedServer, Launch, OutputSink

SYSTEM_READ = (
    "/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/nix/store",
    "/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/ld.so.conf.d", "/etc/alternatives",
    "/etc/ssl", "/etc/pki", "/etc/ca-certificates", "/etc/localtime", "/etc/timezone",
    "/etc/passwd", "/etc/group", "/etc/nsswitch.conf", "/etc/mime.types", "/etc/locale.alias",
    "/dev/zero", "/dev/random", "/dev/urandom",
    # Facts about the machine and the server itself; other processes stay closed.
    "/proc/self", "/proc/cpuinfo", "/proc/meminfo", "/proc/stat", "/proc/uptime", "/proc/loadavg",
    "/proc/filesystems", "/proc/version", "/proc/sys/kernel/random", "/proc/sys/kernel/pid_max",
    "/proc/sys/vm/overcommit_memory", "/sys/devices/system/cpu",
)  # fmt: skip
NETWORK_READ = (
    "/etc/resolv.conf",
    "/etc/hosts",
    "/etc/host.conf",
    "/etc/gai.conf",
    "/etc/services",
)
SYSTEM_WRITE = ("/dev/null",)
MINIMUM_ABI_FOR_TCP = 4


class LandlockBox:
    """Confines the command in the kernel, without other software and without being root."""

    @property
    def kind(self) -> BoxKind:
        return "landlock"

    async def start(self, launch: Launch, sink: OutputSink) -> BoxedServer:
        abi = landlock_abi()
        if abi < 1:
            raise ServerUnavailable(
                "the `landlock` box needs Linux 5.13 or newer with Landlock switched on",
                hint="choose another box for this server; `mandrake doctor` lists what works here",
            )
        refuse_moved_mounts(launch, "landlock")
        _refuse_network(launch, abi)
        mounts = launch.box.mounts
        read = [*SYSTEM_READ, *map(str, launch.readable)]
        read += [str(mount.source) for mount in mounts if mount.mode == "ro"]
        if launch.box.network == "open":
            read += NETWORK_READ
        write = [*SYSTEM_WRITE, str(launch.scratch)]
        write += [str(mount.source) for mount in mounts if mount.mode == "rw"]
        orders = LandlockOrders(read=read, write=write, network=launch.box.network == "open")
        status = BoxStatus(kind="landlock", isolated=True, label=_label(launch))
        return await start_guarded(launch, sink, status, orders)


def _refuse_network(launch: Launch, abi: int) -> None:
    if launch.box.network == "allowlist":
        raise InvalidInput(
            "a `landlock` box can't hold a list of allowed hosts",
            hint="set `network` to `none` or `open`, or use an engine or bwrap box",
        )
    if launch.box.network == "none" and abi < MINIMUM_ABI_FOR_TCP and not seccomp_known():
        raise ServerUnavailable(
            f"this kernel's Landlock (version {abi}) can't keep a server off the network",
            hint="use Linux 6.7 or newer, or another box",
        )


def _label(launch: Launch) -> str:
    def names(mode: str) -> str:
        return ", ".join(
            mount.source.name or str(mount.source)
            for mount in launch.box.mounts
            if mount.mode == mode
        )

    parts = ["reads system files" + (f" and {names('ro')}" if names("ro") else "")]
    parts.append(f"writes {names('rw')}" if names("rw") else "writes nothing")
    parts.append("no network" if launch.box.network == "none" else "open network")
    return "Landlock: " + ", ".join(parts)
