"""Nouns: what the API holds, seen and changed from a shell; secrets stay out of sight."""

from __future__ import annotations

import json
import subprocess

import psutil

from tests.cli.support import Cli, wait_until

KEY = "sk-test-1234567890abcdef-tail"


def test_a_secret_comes_in_by_standard_input_and_never_out(served: Cli) -> None:
    process = served.start("secret", "set", "harbour-key", stdin=subprocess.PIPE)
    seen = psutil.Process(process.pid).cmdline()
    out, err = process.communicate(f"{KEY}\n", timeout=30)
    listed = served.run("secret", "list")
    removed = served.run("secret", "remove", "harbour-key", "--yes")

    assert process.returncode == 0, err
    assert "harbour-key" in listed.out
    assert removed.code == 0
    for text in (out, err, listed.out, listed.err, " ".join(seen)):
        assert KEY not in text
    assert "harbour-key" not in served.run("secret", "list").out


def test_a_provider_is_added_with_a_key_tested_and_removed(served: Cli) -> None:
    address = "http://127.0.0.1:9/v1"  # nobody listens there
    added = served.run("provider", "add", "away", "--base-url", address, "--json", stdin=KEY)
    listed = served.run("provider", "list")
    tested = served.run("provider", "test", "away")
    model = served.run("model", "add", "far", "--provider", "away", "--model", "gpt-far")
    used = served.run("model", "use", "far")
    models = served.run("model", "list")
    failed = served.run("ask", "count to 2")
    back = served.run("model", "use", "rehearsal")
    removed = served.run("provider", "remove", "away", "--yes")

    assert added.code == 0, added.err
    assert added.json()["api_key"]["set"] is True
    assert "away" in listed.out
    assert tested.code == 1
    assert "away" in tested.err or "127.0.0.1" in tested.err
    assert (model.code, used.code, back.code, removed.code) == (0, 0, 0, 0)
    assert any(line.startswith("*") and "far" in line for line in models.out.splitlines())
    assert failed.code == 1
    assert "mandrake session continue" in failed.err or "→" in failed.err
    for result in (added, listed, tested, failed):
        assert KEY not in result.out + result.err
    grep = subprocess.run(["grep", "-rq", KEY, str(served.home)], check=False)
    assert grep.returncode == 1


def test_servers_are_listed_stopped_started_and_their_tools_called(served: Cli) -> None:
    stopped = served.run("tool", "stop", "filesystem", "-w", "welcome")
    started = served.run("tool", "start", "filesystem", "-w", "welcome")
    call = ("tool", "call", "filesystem.list_directory")
    called = served.run(*call, '{"path": "."}', "-w", "welcome")
    wrong = served.run(*call, '{"path": 3}', "-w", "welcome", "--json")
    methods = served.run("tool", "methods", "filesystem", "-w", "welcome")
    logs = served.run("tool", "logs", "filesystem", "-w", "welcome", "--json")

    assert "stopped" in stopped.out or "stopping" in stopped.out
    assert started.code == 0, started.err
    assert called.code == 0, called.err
    assert "tides.py" in called.out
    assert wrong.code == 2
    assert "path" in wrong.err
    assert "filesystem.write_file" in methods.out
    assert logs.code == 0
    wait_until(
        lambda: "ready" in served.run("tool", "list", "-w", "welcome").out, "the server is ready"
    )


def test_an_imported_definition_waits_until_it_is_accepted_as_shown(served: Cli) -> None:
    block = {"mcpServers": {"Clock Two": {"command": "no-such-clock", "args": ["--utc"]}}}
    imported = served.run("tool", "import", "-", "-w", "welcome", stdin=json.dumps(block))
    listed = served.run("tool", "list", "-w", "welcome")
    key = next(line for line in listed.out.splitlines() if "needs_review" in line).split()[0]
    unasked = served.run("tool", "accept", key, "-w", "welcome")
    accepted = served.run("tool", "accept", key, "-w", "welcome", "--yes")
    removed = served.run("tool", "remove", key, "-w", "welcome", "--yes")

    assert imported.code == 0, imported.err
    assert f"mandrake tool accept {key}" in listed.err
    assert unasked.code == 2
    assert "no-such-clock --utc" in unasked.err
    assert "--yes" in unasked.err
    assert accepted.code == 0, accepted.err
    assert "needs_review" not in accepted.out
    assert removed.code == 0
    assert key not in served.run("tool", "list", "-w", "welcome", "--json").out


def test_a_server_is_added_by_its_command(served: Cli) -> None:
    added = served.run("tool", "add", "echo", "-w", "welcome", "--", "cat", "-u")
    definition = served.run("tool", "list", "-w", "welcome", "--json").json()
    twice = served.run("tool", "add", "echo", "-w", "welcome", "--", "cat")
    served.run("tool", "remove", "echo", "-w", "welcome", "--yes")

    entry = next(each for each in definition["items"] if each["key"] == "echo")["definition"]
    assert added.code == 0, added.err
    assert (entry["command"], entry["args"]) == ("cat", ["-u"])
    assert twice.code == 1
    assert "echo" in twice.err


def test_a_session_is_listed_renamed_and_deleted(served: Cli) -> None:
    session = served.run("ask", "count to 2", "--json").json()["session_id"]
    renamed = served.run("session", "rename", session, "Ebb and flow")
    listed = served.run("session", "list")
    unasked = served.run("session", "delete", session)
    deleted = served.run("session", "delete", session, "--yes")

    assert renamed.code == 0, renamed.err
    assert "Ebb and flow" in listed.out
    assert unasked.code == 2
    assert deleted.code == 0
    assert session not in served.run("session", "list").out


def test_a_wrong_token_is_refused_with_the_cure(served: Cli) -> None:
    result = served.run("workspace", "list", environment={"MANDRAKE_TOKEN": "mdk_wrong"})

    assert result.code == 1
    assert "MANDRAKE_TOKEN" in result.err


def test_workspaces_are_shown_and_wrong_names_explained(served: Cli) -> None:
    shown = served.run("workspace", "show", "welcome")
    wrong = served.run("workspace", "create", "Not A Name")

    assert str(served.home) in shown.out
    assert wrong.code == 2
    assert "name" in wrong.err
