"""Help teaches, and costs nothing."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from typer.main import get_command

from mandrake.cli.main import app
from tests.cli.support import COMMAND, Cli

HEAVY = ("fastapi", "sqlalchemy", "mcp", "httpx2", "pydantic", "uvicorn", "rich", "prompt_toolkit")


def commands(command: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:
    children = getattr(command, "commands", None)
    if children is None:
        yield " ".join(path), command
        return
    for name, child in children.items():
        yield from commands(child, (*path, name))


COMMANDS = dict(commands(get_command(app)))


@pytest.mark.requirement("L3")
@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_teaches_with_an_example_of_itself(name: str) -> None:
    text = COMMANDS[name].help or ""

    assert "\n\n\b\nExample" in text
    assert f"mandrake {name}" in text


def test_help_imports_nothing_heavy() -> None:
    script = (
        "import sys; from mandrake.cli.main import app\n"
        "try: app(['--help'])\n"
        "except SystemExit: pass\n"
        f"print([name for name in {HEAVY} if name in sys.modules], file=sys.stderr)"
    )
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)

    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(f"CPU of --help: {spent:.2f} s")
    assert "mandrake up" in done.stdout
    assert done.stderr.strip() == "[]"


@pytest.mark.requirement("L3")
def test_the_shell_completes_commands_and_names_of_workspaces(cli: Cli) -> None:
    (cli.home / "workspaces" / "tides").mkdir(parents=True)

    def completed(words: str) -> list[str]:
        environment = {
            **cli.environment,
            "_MANDRAKE_COMPLETE": "complete_bash",
            "COMP_WORDS": words,
            "COMP_CWORD": str(len(words.split(" ")) - 1),
        }
        done = subprocess.run(
            COMMAND, env=environment, capture_output=True, text=True, timeout=20, check=False
        )
        return done.stdout.split()

    assert completed("mandrake work") == ["workspace"]
    assert completed("mandrake workspace show ti") == ["tides"]


def test_the_version_is_printed_without_a_home(cli: Cli) -> None:
    result = cli.run("--version")

    assert (result.code, result.err) == (0, "")
    assert result.out.strip().count(".") == 2
    assert not cli.home.exists()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["asq"], "asq"),
        (["ask", "--approve", "some", "x"], "read-only"),
        (["up", "--port", "70000"], "70000"),
        (["up", "--host", "0.0.0.0"], "no accounts"),
        (["tool", "call", "list_directory"], "SERVER.TOOL"),
        (["tool", "call", "files.list", "{path: 1}"], "column 2"),
        (["tool", "add", "clock"], "--definition"),
        (["workspace", "create", "x", "--source", "link"], "--path"),
        (["workspace", "create", "x", "--path", ".", "--url", "y"], "exclude"),
        (["question", "answer", "qst_1", "deny", "--remember", "always"], "belong to `allow`"),
        (["secret", "set", "key"], "nothing came"),
        (["chat"], "needs a terminal"),
        (["ask"], "nothing to ask"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_wrong_usage_is_told_before_anything_happens(
    cli: Cli, arguments: list[str], told: str
) -> None:
    result = cli.run(*arguments)

    assert result.code == 2
    assert told in result.err
    assert not result.out
    assert not cli.home.exists()


def test_a_home_that_cannot_be_made_is_told_with_the_next_step(cli: Cli) -> None:
    cli.home.write_text("in the way", encoding="utf-8")

    result = cli.run("workspace", "list")

    assert result.code == 1
    assert str(cli.home) in result.err
    assert "--home" in result.err
    os.unlink(cli.home)  # noqa: PTH108 - a file in a folder's place
