"""What boxes hold, and that nothing survives: real kernels, real kills."""

# ruff: noqa: ASYNC240 - a test looks at files while its own loop waits

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil
import pytest

from mandrake.errors import InvalidInput
from mandrake.mcp_host.boxes.probe import probe_drivers
from mandrake.mcp_host.spec import Mount
from tests.mcp_host.support import PYTHON_MOUNTS, REPOSITORY, alive, spec, started, until, wait_dead

DRIVER = """
import asyncio, json, sys
from mandrake.mcp_host.boxes.landlock import LandlockBox
from mandrake.mcp_host.boxes.process import ProcessBox
from mandrake.mcp_host.host import McpHost
from mandrake.mcp_host.launch import Launcher
from tests.mcp_host.support import spec, started

async def main():
    boxes = {"process": ProcessBox(), "landlock": LandlockBox()}
    async with McpHost(boxes=boxes, launcher=Launcher()) as host:
        bad = ("ignore-eof", "ignore-term", "child", "setsid-child")
        await started(host, spec("one", *bad), spec("two", *bad, kind=sys.argv[1]))
        pids = []
        for key in ("one", "two"):
            pids += json.loads((await host.call_tool(key, "pids", {})).text())
        print(json.dumps(pids), flush=True)
        await asyncio.sleep(600)

asyncio.run(main())
"""


def scratch_folders() -> set[str]:
    return {path.name for path in Path(tempfile.gettempdir()).glob("mandrake-*")}


@pytest.mark.sandbox
@pytest.mark.parametrize("kind", ["process", "landlock"])
def test_nothing_is_alive_2_s_after_a_kill_of_the_host(kind):
    before = scratch_folders()
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    driver = subprocess.Popen(
        [sys.executable, "-c", DRIVER, kind],
        stdout=subprocess.PIPE,
        env=environment,
        cwd=REPOSITORY,
    )
    assert driver.stdout is not None
    try:
        pids = json.loads(driver.stdout.readline())
        assert len(pids) == 6
        assert all(alive(pid) for pid in pids)
        guards = [child.pid for child in psutil.Process(driver.pid).children()]
    finally:
        driver.send_signal(signal.SIGKILL)
        driver.wait()
        driver.stdout.close()
    wait_dead([*pids, *guards], 2.0)
    assert scratch_folders() <= before


async def test_a_killed_guard_takes_the_server_with_it(host):
    await started(host, spec("one", "ignore-eof", stop_grace_seconds=0.2))
    pid = host.status("one").pid
    guard = psutil.Process(pid).parent()
    assert guard is not None
    guard.kill()
    wait_dead([pid], 2.0)
    await until(lambda: host.status("one").pid not in (pid, None))
    assert (await host.call_tool("one", "echo", {"text": "new"})).text() == "new"


async def test_grandchildren_go_when_the_server_ends_by_itself(host):
    await started(host, spec("one", "child", "setsid-child"))
    pids = json.loads((await host.call_tool("one", "pids", {})).text())
    os.kill(pids[0], signal.SIGKILL)
    wait_dead(pids, 2.0)


async def test_a_server_inherits_no_environment_and_no_descriptors(host, monkeypatch):
    monkeypatch.setenv("MANDRAKE_TEST_SECRET", "hunter2")
    await started(host, spec("one", env={"GIVEN": "yes"}))
    environment = json.loads((await host.call_tool("one", "environment", {})).text())
    assert environment["GIVEN"] == "yes"
    assert set(environment) <= {"PATH", "HOME", "TMPDIR", "LANG", "GIVEN", "LC_CTYPE"}
    assert "hunter2" not in json.dumps(environment)
    assert environment["HOME"] != os.environ.get("HOME")
    descriptors = Path(f"/proc/{host.status('one').pid}/fd").iterdir()
    assert sorted(path.name for path in descriptors) == ["0", "1", "2"]


async def test_secrets_stay_out_of_the_command_line_and_the_specs_text(host):
    one = spec("one", env={"TOKEN": "hunter2"})
    assert "hunter2" not in repr(one)
    await started(host, one)
    process = psutil.Process(host.status("one").pid)
    guard = process.parent()
    assert guard is not None
    assert "hunter2" not in " ".join([*process.cmdline(), *guard.cmdline()])


async def test_the_private_folder_is_writable_and_removed_at_stop(host):
    before = scratch_folders()
    await started(host, spec("one", kind="process"))
    environment = json.loads((await host.call_tool("one", "environment", {})).text())
    scratch = Path(environment["TMPDIR"])
    wrote = await host.call_tool("one", "write", {"path": str(scratch / "x"), "text": "x"})
    assert not wrote.is_error
    await host.stop("one")
    assert not scratch.exists()
    assert scratch_folders() <= before


@pytest.mark.sandbox
async def test_landlock_denies_files_outside_the_mounts(host, tmp_path):
    inside, readable, outside = (tmp_path / name for name in ("inside", "readable", "outside"))
    for folder in (inside, readable, outside):
        folder.mkdir()
        (folder / "file").write_text(folder.name, encoding="utf-8")
    (inside / "link").symlink_to(outside / "file")
    mounts = (Mount(inside, inside, "rw"), Mount(readable, readable, "ro"))
    await started(host, spec("one", kind="landlock", mounts=mounts))

    async def may(tool: str, path: Path | str) -> bool:
        result = await host.call_tool("one", tool, {"path": str(path), "text": "new"})
        assert not result.is_error or "denied" in result.text(), result.text()
        return not result.is_error

    assert await may("read", inside / "file")
    assert await may("write", inside / "new")
    assert await may("read", readable / "file")
    assert not await may("write", readable / "new")
    assert not await may("read", outside / "file")
    assert not await may("write", outside / "new")
    assert not await may("read", inside / "link")
    assert not await may("read", f"/proc/{os.getpid()}/environ")
    assert not await may("write", Path.home() / "mandrake-test")
    assert not await may("write", "/usr/local/mandrake-test")
    assert not await may("read", "/etc/shadow")
    assert await may("read", "/proc/self/status")
    status = host.status("one")
    assert status.box is not None
    assert status.box.isolated
    assert "inside" in status.box.label


@pytest.mark.sandbox
async def test_landlock_without_network_reaches_no_socket_of_any_kind(host, tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as tcp, socket.socket(socket.AF_UNIX) as local:
        port = tcp.getsockname()[1]
        path = tmp_path / "control.sock"
        local.bind(str(path))
        local.listen()
        mounts = (Mount(tmp_path, tmp_path, "rw"),)
        await started(
            host,
            spec("none", kind="landlock", mounts=mounts),
            spec("open", kind="landlock", mounts=mounts, network="open"),
            spec("bare", kind="process"),
        )

        async def text(key: str, tool: str, **arguments: object) -> str:
            return (await host.call_tool(key, tool, arguments)).text()

        for tool, arguments in (
            ("connect", {"port": port}),
            ("udp", {"port": port}),
            ("unix_connect", {"path": str(path)}),
        ):
            assert "Error" in await text("none", tool, **arguments), tool
        assert await text("bare", "connect", port=port) == "connected"
        assert await text("bare", "unix_connect", path=str(path)) == "connected"
        assert await text("open", "connect", port=port) == "connected"
        # Even an open network isn't a way to this machine's control sockets.
        assert "Error" in await text("open", "unix_connect", path=str(path))


@pytest.mark.sandbox
async def test_landlock_alone_denies_tcp_where_the_call_filter_is_unknown(host, monkeypatch):
    from mandrake.mcp_host.boxes import guard

    source = Path(guard.__file__).read_text(encoding="utf-8")
    without = source.replace("    if seccomp_known():\n", "    if False:\n")
    assert without != source
    changed = Path(tempfile.mkdtemp()) / "guard.py"
    changed.write_text(without, encoding="utf-8")
    monkeypatch.setattr(guard, "__file__", str(changed))
    with socket.create_server(("127.0.0.1", 0)) as tcp:
        port = tcp.getsockname()[1]
        await started(host, spec("one", kind="landlock"))
        result = await host.call_tool("one", "connect", {"port": port})
        assert "PermissionError" in result.text()


@pytest.mark.sandbox
async def test_landlock_denies_signals_to_other_processes(host):
    await started(host, spec("one", kind="landlock"), spec("bare"))
    me = {"pid": os.getpid()}
    assert "PermissionError" in (await host.call_tool("one", "signal", me)).text()
    assert (await host.call_tool("bare", "signal", me)).text() == "may signal"


@pytest.mark.sandbox
async def test_what_a_landlock_box_cannot_hold_is_refused(host, tmp_path):
    await started(
        host,
        spec("list", kind="landlock", network="allowlist"),
        spec("moved", kind="landlock", mounts=(Mount(tmp_path, Path("/data"), "ro"),)),
        spec("gone", kind="landlock", mounts=(Mount(tmp_path / "no", tmp_path / "no", "ro"),)),
    )
    errors = {one.key: one.last_error or "" for one in host.statuses()}
    assert "list of allowed hosts" in errors["list"]
    assert "can't show" in errors["moved"]
    assert "does not exist" in errors["gone"]


@pytest.mark.sandbox
async def test_the_landlock_box_adds_little_to_the_start_of_a_server(host):
    times = {}
    for kind in ("process", "landlock"):
        best = 99.0
        for _ in range(3):
            began = time.perf_counter()
            await started(host, spec("one", kind=kind, name=kind + str(time.time())))
            best = min(best, time.perf_counter() - began)
        times[kind] = best
    assert times["landlock"] - times["process"] < 0.1, times


def test_the_probe_says_what_works_here():
    reports = {report.kind: report for report in probe_drivers()}
    assert set(reports) == {"engine", "bwrap", "landlock", "process"}
    assert reports["process"].available
    assert not reports["process"].isolated
    assert not reports["engine"].available
    if reports["landlock"].available:
        assert "ABI" in reports["landlock"].detail


def test_the_python_mounts_of_these_tests_exist():
    assert all(mount.source.exists() for mount in PYTHON_MOUNTS)
    with pytest.raises(InvalidInput):
        spec("Bad.Key")
