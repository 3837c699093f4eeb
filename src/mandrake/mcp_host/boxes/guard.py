"""The guard: parent of one boxed server, run on its own as `python -I -S guard.py CONTROL STATUS`.

It owns the life of one server and of everything the server starts: it is a child subreaper, so
that descendants which left the process group or called `setsid` become its children when their
parent dies, and it kills all of them when the server ends, when it is told to, and when the
control pipe closes, which the death of Mandrake does by itself.

Standard library only, and no import of Mandrake: it runs without `site`. It doesn't know MCP; the
server's three standard streams pass straight through and the guard keeps no copy of them.

Control pipe, read: one line of JSON (`Orders`), then single bytes: `T` SIGTERM to the server's
group, `K` end everything. Status pipe, written: lines of JSON `{"pid"}` or `{"error"}`, then
`{"exit": status}` (negative: the signal), then `{"gone": true}` when nothing is left.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import resource
import select
import shutil
import signal
import stat
import struct
import sys
import time
from typing import TYPE_CHECKING, TypedDict

if TYPE_CHECKING:
    from collections.abc import Iterable

PR_SET_PDEATHSIG = 1
PR_SET_SECCOMP = 22
PR_SET_CHILD_SUBREAPER = 36
PR_SET_NO_NEW_PRIVS = 38
SECCOMP_MODE_FILTER = 2

# Linux, include/uapi/linux/landlock.h: rights by the ABI that brought them.
LANDLOCK_CREATE_RULESET = 444
LANDLOCK_ADD_RULE = 445
LANDLOCK_RESTRICT_SELF = 446
LANDLOCK_CREATE_RULESET_VERSION = 1
LANDLOCK_RULE_PATH_BENEATH = 1
_FS_EXECUTE, _FS_WRITE_FILE, _FS_READ_FILE, _FS_READ_DIR = 1, 2, 4, 8
_FS_ABI_1 = (1 << 13) - 1
_FS_REFER, _FS_TRUNCATE, _FS_IOCTL_DEV = 1 << 13, 1 << 14, 1 << 15
_FS_OF_FILES = _FS_EXECUTE | _FS_WRITE_FILE | _FS_READ_FILE | _FS_TRUNCATE | _FS_IOCTL_DEV
_READ = _FS_EXECUTE | _FS_READ_FILE | _FS_READ_DIR

# System calls that a boxed server has no use for and that lead around Landlock: other processes'
# memory, new name spaces and mounts, io_uring (which opens sockets unseen), kernel keys.
_DENIED_CALLS: dict[str, tuple[int, ...]] = {
    "x86_64": (
        101, 155, 165, 166, 248, 249, 250, 272, 298, 304, 308, 310, 311, 321, 323, 425, 426, 427,
        428, 429, 430, 431, 432, 433, 438, 442,
    ),
    "aarch64": (
        39, 40, 41, 97, 117, 217, 218, 219, 241, 265, 268, 270, 271, 280, 282, 425, 426, 427, 428,
        429, 430, 431, 432, 433, 438, 442,
    ),
}  # fmt: skip
_SOCKET_CALL = {"x86_64": 41, "aarch64": 198}
_AUDIT_ARCH = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_AF_INET, _AF_INET6, _AF_NETLINK = 2, 10, 16
_EPERM, _EAFNOSUPPORT = 1, 97


class LandlockOrders(TypedDict):
    """What the server may touch. Everything else of the file system is denied."""

    read: list[str]
    write: list[str]
    network: bool


class Orders(TypedDict):
    """The first line on the control pipe."""

    argv: list[str]
    env: dict[str, str]
    cwd: str
    memory_bytes: int | None
    open_files: int
    landlock: LandlockOrders | None
    remove: list[str]
    """Folders removed once nothing of the server is alive."""


def landlock_abi() -> int:
    """The kernel's Landlock version, 0 where there is none."""
    if not sys.platform.startswith("linux"):
        return 0
    version = int(
        _libc().syscall(LANDLOCK_CREATE_RULESET, None, 0, LANDLOCK_CREATE_RULESET_VERSION)
    )
    return max(version, 0)


def seccomp_known() -> bool:
    """Whether the system call filter knows this machine's architecture."""
    return os.uname().machine in _AUDIT_ARCH


def main() -> None:
    """Run one server to its end; the process exits 0 when nothing is left of it."""
    control, status = int(sys.argv[1]), int(sys.argv[2])
    for descriptor in (control, status):
        os.set_inheritable(descriptor, False)
    _prctl(PR_SET_CHILD_SUBREAPER, 1)
    orders, pending = _read_orders(control)
    wakeup = _watch_children()
    server = _start(orders, status)
    _release_streams()
    try:
        if server is not None:
            _supervise(server, control, status, wakeup, pending)
    finally:
        for folder in orders["remove"]:
            shutil.rmtree(folder, ignore_errors=True)
        _report(status, {"gone": True})


def _read_orders(control: int) -> tuple[Orders, bytes]:
    received = b""
    while b"\n" not in received:
        piece = os.read(control, 65536)
        if not piece:
            sys.exit(0)
        received += piece
    line, _, rest = received.partition(b"\n")
    return json.loads(line), rest


def _report(status: int, message: dict[str, object]) -> None:
    # Nobody may be left to read it.
    with contextlib.suppress(OSError):
        os.write(status, json.dumps(message).encode() + b"\n")


def _watch_children() -> int:
    reader, writer = os.pipe()
    os.set_blocking(reader, False)
    os.set_blocking(writer, False)
    signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda _number, _frame: None)
    for number in (signal.SIGINT, signal.SIGHUP, signal.SIGTERM, signal.SIGPIPE):
        signal.signal(number, signal.SIG_IGN)
    return reader


def _release_streams() -> None:
    null = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(null, descriptor)
    os.close(null)


def _start(orders: Orders, status: int) -> int | None:
    """Fork the server; None (and an error reported) when it can't be executed."""
    guard = os.getpid()
    failure_read, failure_write = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            _become_server(orders, guard)
        except BaseException as error:  # noqa: BLE001 - a forked child must not return into main
            os.write(failure_write, str(error).encode("utf-8", "replace")[:4000])
        os._exit(127)
    os.close(failure_write)
    failure = b""
    while piece := os.read(failure_read, 4096):
        failure += piece
    os.close(failure_read)
    if failure:
        os.waitpid(child, 0)
        _report(status, {"error": failure.decode("utf-8", "replace")})
        return None
    _report(status, {"pid": child})
    return child


def _become_server(orders: Orders, guard: int) -> None:
    os.setsid()
    _prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != guard:
        raise RuntimeError("the guard died")
    signal.set_wakeup_fd(-1)
    for number in (signal.SIGCHLD, signal.SIGINT, signal.SIGHUP, signal.SIGTERM, signal.SIGPIPE):
        signal.signal(number, signal.SIG_DFL)
    os.chdir(orders["cwd"])
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_NOFILE, orders["open_files"])
    if orders["memory_bytes"] is not None:
        _limit(resource.RLIMIT_DATA, orders["memory_bytes"])
    if orders["landlock"] is not None:
        _prctl(PR_SET_NO_NEW_PRIVS, 1)
        confine(orders["landlock"])
    os.execve(orders["argv"][0], orders["argv"], orders["env"])


def _limit(kind: int, value: int) -> None:
    hard = resource.getrlimit(kind)[1]
    allowed = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(kind, (allowed, allowed))


def _supervise(server: int, control: int, status: int, wakeup: int, pending: bytes) -> None:
    poll = select.poll()
    poll.register(control, select.POLLIN)
    poll.register(wakeup, select.POLLIN)
    while True:
        if b"K" in pending:
            break
        if b"T" in pending:
            _signal_group(server, signal.SIGTERM)
        pending = b""
        if server in (ended := _reap()):
            _report(status, {"exit": ended[server]})
            _end_everything(server)
            return
        for descriptor, _event in poll.poll():
            if descriptor == wakeup:
                os.read(wakeup, 4096)
            else:
                pending = os.read(control, 4096) or b"K"
    ended = _end_everything(server)
    _report(status, {"exit": ended.get(server, -signal.SIGKILL)})


def _reap() -> dict[int, int]:
    """Collect every child that ended: pid to status (negative: the signal)."""
    ended: dict[int, int] = {}
    while True:
        try:
            pid, code = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return ended
        if pid == 0:
            return ended
        ended[pid] = os.waitstatus_to_exitcode(code)


def _end_everything(server: int) -> dict[int, int]:
    """SIGKILL all descendants until there are none.

    Killing a parent hands its children to us, so "no child left" means "no descendant left".
    """
    ended: dict[int, int] = {}
    give_up = time.monotonic() + 10.0
    while time.monotonic() < give_up:
        _signal_group(server, signal.SIGKILL)
        for pid in _descendants():
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)
        ended |= _reap()
        try:
            # WNOWAIT: only asks whether a child exists; `_reap` collects it.
            os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        except ChildProcessError:
            return ended
        time.sleep(0.001)
    return ended


def _signal_group(group: int, number: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, number)


def _descendants() -> list[int]:
    children: dict[int, list[int]] = {}
    try:
        names = os.listdir("/proc")  # noqa: PTH208 - pathlib would double the guard's start
    except OSError:
        return []
    for name in names:
        if not name.isdigit():
            continue
        try:
            with open(f"/proc/{name}/stat", "rb") as file:  # noqa: PTH123 - as above
                # The command in parentheses may hold anything, so fields count from its end.
                parent = int(file.read().rpartition(b")")[2].split()[1])
        except (OSError, ValueError, IndexError):
            continue
        children.setdefault(parent, []).append(int(name))
    found: list[int] = []
    waiting = [os.getpid()]
    while waiting:
        below = children.get(waiting.pop(), [])
        found.extend(below)
        waiting.extend(below)
    return found


def confine(orders: LandlockOrders) -> None:
    """Confine this process and all that it starts, for good.

    Landlock holds files, TCP, abstract sockets and signals; a system call filter closes what
    Landlock leaves: UDP, unix sockets by path, other processes' memory, name spaces.

    Raises:
        OSError: The kernel refused; the caller must not go on to execute the server.
    """
    abi = landlock_abi()
    if abi < 1:
        raise OSError("this kernel has no Landlock")
    handled = _FS_ABI_1
    if abi >= 2:
        handled |= _FS_REFER
    if abi >= 3:
        handled |= _FS_TRUNCATE
    if abi >= 5:
        handled |= _FS_IOCTL_DEV
    network = 0 if orders["network"] or abi < 4 else 3
    scoped = 3 if abi >= 6 else 0
    attributes = struct.pack("QQQ", handled, network, scoped)
    attributes = attributes[: 24 if abi >= 6 else 16 if abi >= 4 else 8]
    ruleset = _call(LANDLOCK_CREATE_RULESET, attributes, len(attributes), 0)
    try:
        _allow(ruleset, orders["read"], _READ & handled, handled)
        _allow(ruleset, orders["write"], handled, handled)
        _call(LANDLOCK_RESTRICT_SELF, ruleset, 0)
    finally:
        os.close(ruleset)
    if seccomp_known():
        _filter_calls(network_allowed=orders["network"])


def _allow(ruleset: int, paths: Iterable[str], rights: int, handled: int) -> None:
    for path in paths:
        try:
            descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
        except (FileNotFoundError, NotADirectoryError, PermissionError):
            continue
        try:
            allowed = (
                rights if stat.S_ISDIR(os.fstat(descriptor).st_mode) else rights & _FS_OF_FILES
            )
            rule = struct.pack("=Qi", allowed & handled, descriptor)
            _call(LANDLOCK_ADD_RULE, ruleset, LANDLOCK_RULE_PATH_BENEATH, rule, 0)
        finally:
            os.close(descriptor)


def _filter_calls(*, network_allowed: bool) -> None:
    """Install the seccomp filter. Source: Linux, Documentation/userspace-api/seccomp_filter.rst."""
    machine = os.uname().machine

    def step(code: int, yes: int, no: int, value: int) -> bytes:
        return struct.pack("HBBI", code, yes, no, value)

    load, equal, at_least, answer = 0x20, 0x15, 0x35, 0x06
    allow, kill, refuse = 0x7FFF0000, 0x80000000, 0x00050000
    program = [
        step(load, 0, 0, 4),  # the architecture
        step(equal, 1, 0, _AUDIT_ARCH[machine]),
        step(answer, 0, 0, kill),
        step(load, 0, 0, 0),  # the call's number
    ]
    if machine == "x86_64":
        program += [step(at_least, 0, 1, 0x40000000), step(answer, 0, 0, refuse | _EPERM)]
    for number in _DENIED_CALLS[machine]:
        program += [step(equal, 0, 1, number), step(answer, 0, 0, refuse | _EPERM)]
    families = (_AF_INET, _AF_INET6, _AF_NETLINK) if network_allowed else ()
    program.append(step(equal, 0, 2 + len(families), _SOCKET_CALL[machine]))
    program.append(step(load, 0, 0, 16))  # the first argument: the family
    program += [
        step(equal, len(families) - index, 0, family) for index, family in enumerate(families)
    ]
    program += [step(answer, 0, 0, refuse | _EAFNOSUPPORT), step(answer, 0, 0, allow)]
    buffer = ctypes.create_string_buffer(b"".join(program))
    header = ctypes.create_string_buffer(
        struct.pack("HxxxxxxP", len(program), ctypes.addressof(buffer))
    )
    _prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.addressof(header))


def _libc() -> ctypes.CDLL:
    library = ctypes.CDLL(None, use_errno=True)
    library.syscall.restype = ctypes.c_long
    return library


def _call(number: int, *arguments: int | bytes) -> int:
    prepared = [
        ctypes.c_char_p(argument) if isinstance(argument, bytes) else ctypes.c_long(argument)
        for argument in arguments
    ]
    result = int(_libc().syscall(ctypes.c_long(number), *prepared))
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, f"system call {number}: {os.strerror(code)}")
    return result


def _prctl(option: int, value: int, third: int = 0) -> None:
    if not sys.platform.startswith("linux"):
        return
    arguments = [ctypes.c_ulong(item) for item in (value, third, 0, 0)]
    if _libc().prctl(option, *arguments) != 0:
        code = ctypes.get_errno()
        raise OSError(code, f"prctl {option}: {os.strerror(code)}")


if __name__ == "__main__":
    main()
