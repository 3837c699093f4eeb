"""The server as a process: what it prints, whom it lets in, and that it leaves nothing behind."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import stat
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from websockets.sync.client import connect

from tests.cli.support import Cli, Up, read_until, status_of, wait_until


@pytest.fixture
def other() -> Iterator[Cli]:
    folder = Path(tempfile.mkdtemp(prefix="mdk-"))
    yield Cli(folder)
    shutil.rmtree(folder)


def test_the_printed_link_signs_in_once_and_only_the_owner_reaches_the_socket(cli: Cli) -> None:
    with Up(cli) as up:
        body = json.dumps({"code": up.code}).encode()
        request = {
            "data": body,
            "method": "POST",
            "headers": {
                "Content-Type": "application/json",
                "Origin": f"http://127.0.0.1:{up.port}",
            },
        }
        assert status_of(up.url("/live")) == 200
        assert status_of(up.url("/api/v1/sign-in"), **request) == 204
        assert status_of(up.url("/api/v1/sign-in"), **request) == 401

        assert str(cli.home) in up.lines
        assert f"http://127.0.0.1:{up.port}/#code={up.code}" in up.lines
        control = (cli.home / "run" / "mandrake.sock").stat()
        assert stat.S_ISSOCK(control.st_mode)
        assert stat.S_IMODE(control.st_mode) == 0o600
        assert stat.S_IMODE((cli.home / "logs" / "mandrake.log").stat().st_mode) == 0o600


def test_open_makes_a_new_link_and_token_and_doctor_know_the_server(cli: Cli) -> None:
    with Up(cli) as up:
        opened = cli.run("open", "--no-browser")
        token = cli.run("token").out.strip()
        doctor = cli.run("doctor", "--json")

        assert opened.out.startswith(f"http://mandrake.localhost:{up.port}/#code=")
        assert up.code not in opened.out
        bearer = {"headers": {"Authorization": f"Bearer {token}"}}
        assert status_of(up.url("/api/v1/system"), **bearer) == 200
        assert status_of(up.url("/api/v1/system")) == 401
        assert doctor.code == 0, doctor.out
        assert str(up.port) in doctor.out
        assert cli.run("version", "--json").json()["server_version"]
        assert up.end(signal.SIGHUP) == 0
    text = (cli.home / "logs" / "mandrake.log").read_text(encoding="utf-8")
    assert all(json.loads(line) for line in text.splitlines())
    for sealed in (up.code, opened.out.strip().rpartition("=")[2]):
        found = subprocess.run(["grep", "-rq", sealed, str(cli.home)], check=False)
        assert found.returncode == 1  # kept as a hash only
    assert token not in text


def test_it_ends_within_five_seconds_also_with_watchers_and_servers_and_leaves_nothing(
    cli: Cli,
) -> None:
    with Up(cli) as up:
        cli.run("tool", "restart", "filesystem", "-w", "welcome")
        wait_until(lambda: len(cli.processes()) > 1, "a tool server runs beside")
        token = cli.run("token").out.strip()
        headers = {"Authorization": f"Bearer {token}"}
        session = json.loads(
            urllib.request.urlopen(
                urllib.request.Request(
                    up.url("/api/v1/workspaces/welcome/sessions"),
                    data=b"{}",
                    headers={**headers, "Content-Type": "application/json"},
                ),
                timeout=10,
            ).read()
        )["id"]
        events = urllib.request.urlopen(
            urllib.request.Request(
                up.url(f"/api/v1/workspaces/welcome/sessions/{session}/events"), headers=headers
            ),
            timeout=10,
        )
        with connect(
            f"ws://127.0.0.1:{up.port}/api/v1/stream", additional_headers=headers
        ) as socket_:
            socket_.send(json.dumps({"op": "sub", "topic": f"session:{session}", "after": 0}))
            socket_.recv(timeout=5)

            assert up.end() == 0  # within five seconds
        events.close()
    cli.assert_nothing_left()
    with socket.socket() as again:
        # Past connections may linger in the kernel; somebody who listens would not be overlooked.
        again.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        again.bind(("127.0.0.1", up.port))


def test_a_second_interrupt_ends_it_at_once(cli: Cli) -> None:
    up = Up(cli)
    up.process.send_signal(signal.SIGINT)
    assert up.process.stderr is not None
    read_until(up.process.stderr, "Stopping")
    up.process.send_signal(signal.SIGINT)
    up.process.communicate(timeout=2)

    assert up.process.returncode == 130
    cli.assert_nothing_left()


def test_a_signal_while_it_opens_ends_it_as_well(cli: Cli) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    started = time.monotonic()
    process = cli.start("up", "--port", str(port))
    wait_until(lambda: status_of(f"http://127.0.0.1:{port}/live") == 200, "it lives")
    print(f"first 200 after {time.monotonic() - started:.2f} s, load {os.getloadavg()[0]:.1f}")
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=5)

    assert process.returncode == 0
    cli.assert_nothing_left()


def test_a_home_has_one_server_and_a_port_one_owner(cli: Cli, other: Cli) -> None:
    with Up(cli) as up:
        again = cli.run("up", "--port", "0")
        elsewhere = other.run("up", "--port", str(up.port))

        assert again.code == 1
        assert f"process {up.process.pid}" in again.err
        assert "mandrake open" in again.err
        assert elsewhere.code == 1
        assert f"Port {up.port} is in use by another Mandrake, process {up.process.pid}" in (
            elsewhere.err
        )
        assert "--port" in elsewhere.err
    other.assert_nothing_left()


def test_what_a_killed_server_left_does_not_hinder_the_next_command(cli: Cli) -> None:
    up = Up(cli)
    up.process.kill()
    up.process.communicate()
    assert (cli.home / "run" / "server.json").exists()

    listed = cli.run("workspace", "list", "--json")

    assert [item["name"] for item in listed.json()["items"]] == ["welcome"]
    cli.assert_nothing_left()


def test_a_home_with_a_long_path_works_too(cli: Cli) -> None:
    cli.home = cli.folder / ("long-" * 30) / "home"

    listed = cli.run("workspace", "list", "--json")

    assert listed.code == 0, listed.err


def test_several_commands_on_a_home_that_nobody_serves_share_one_process(cli: Cli) -> None:
    cli.run("workspace", "list")

    processes = [cli.start("workspace", "show", "welcome", "--json") for _ in range(3)]
    answers = [process.communicate(timeout=30)[0] for process in processes]

    assert [process.returncode for process in processes] == [0, 0, 0]
    assert len({json.loads(answer)["id"] for answer in answers}) == 1
