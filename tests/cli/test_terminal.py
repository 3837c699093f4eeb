"""On a terminal: approvals asked in place, the REPL, and no foreign control characters."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import sys
import time

import pytest

from tests.cli.support import COMMAND, Cli

# What a login does: the new session takes the terminal, so that Ctrl-C typed there is a signal.
TAKE_TERMINAL = (
    "import fcntl, os, sys, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0); "
    "os.execv(sys.argv[1], sys.argv[1:])"
)


class Terminal:
    """A command on a terminal of its own."""

    def __init__(self, cli: Cli, *arguments: str) -> None:
        self._master, slave = pty.openpty()
        self.process = subprocess.Popen(
            [sys.executable, "-c", TAKE_TERMINAL, *COMMAND, *arguments],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            cwd=cli.folder,
            env={**cli.environment, "PROMPT_TOOLKIT_NO_CPR": "1"},
            start_new_session=True,
        )
        os.close(slave)
        self.text = ""
        self._seen = 0

    def expect(self, mark: str, seconds: float = 20) -> None:
        """Read on until `mark` comes behind what was expected before."""
        until = time.monotonic() + seconds
        while (at := self.text.find(mark, self._seen)) < 0:
            left = until - time.monotonic()
            if left <= 0:
                self.process.kill()
                self.process.wait()
                pytest.fail(
                    f"`{mark}` did not come; there was:\n{self.text[:1500]}…{self.text[-800:]}"
                )
            if select.select([self._master], [], [], left)[0]:
                self.text += self._read()
        self._seen = at + len(mark)

    def type(self, text: str) -> None:
        os.write(self._master, text.encode())

    def end(self) -> int:
        """Read to the end and give the exit code."""
        while piece := self._read():
            self.text += piece
        os.close(self._master)
        return self.process.wait(timeout=10)

    def _read(self) -> str:
        try:
            return os.read(self._master, 65536).decode("utf-8", "replace")
        except OSError:  # Linux: the other side is closed
            return ""


def written(cli: Cli, name: str) -> bool:
    return (cli.home / "workspaces" / "welcome" / "src" / name).exists()


def test_a_person_is_asked_in_place_and_can_allow(served: Cli) -> None:
    terminal = Terminal(served, "ask", "write `a.txt` with ```tide```", "-w", "welcome")
    terminal.expect("[n]o, [l]ater")
    terminal.type("y\r")

    assert terminal.end() == 0, terminal.text
    assert written(served, "a.txt")


def test_a_person_can_leave_the_question_for_later(served: Cli) -> None:
    terminal = Terminal(served, "ask", "write `b.txt` with ```tide```", "-w", "welcome")
    terminal.expect("[n]o, [l]ater")
    terminal.type("l\r")

    assert terminal.end() == 3, terminal.text
    assert "mandrake question answer" in terminal.text
    assert not written(served, "b.txt")


@pytest.mark.requirement("L7")
def test_the_repl_streams_asks_stops_and_goes_on(served: Cli) -> None:
    terminal = Terminal(served, "chat", "-w", "welcome")
    terminal.expect("/help")
    terminal.expect("›")
    terminal.type("count to 3\r")
    terminal.expect("1 2 3")
    terminal.expect("›")
    terminal.type("count to 5000\r")
    terminal.expect("11 12")
    terminal.type("\x03")
    terminal.expect("stopped")
    terminal.expect("›")
    terminal.type("/new\r")
    terminal.expect("new session")
    terminal.expect("›")
    terminal.type("write `c.txt` with ```tide```\r")
    terminal.expect("[n]o, [l]ater")
    terminal.type("n\r")
    terminal.expect("Reason")
    terminal.type("ebb\r")
    terminal.expect("›")
    terminal.type("/nonsense\r")
    terminal.expect("/help lists")
    terminal.expect("›")
    terminal.type("/exit\r")

    assert terminal.end() == 0, terminal.text
    assert not written(served, "c.txt")
    history = (served.home / "cache" / "prompt_history").read_text(encoding="utf-8")
    assert "count to 5000" in history


def test_control_characters_of_others_do_not_reach_the_terminal(served: Cli) -> None:
    (served.home / "workspaces" / "welcome" / "src" / "evil.txt").write_text(
        "before\x1b]52;c;ZXZpbA==\x07after\n", encoding="utf-8"
    )
    terminal = Terminal(served, "ask", "read `evil.txt`", "-w", "welcome")

    assert terminal.end() == 0, terminal.text
    assert "before" in terminal.text
    assert "\x1b]52" not in terminal.text
    assert "\x07" not in terminal.text
