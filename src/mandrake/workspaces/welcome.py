"""The sample workspace of a new home: a small, real git repository to try things on.

Fixed authors and dates, so every installation has the same three commits.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from mandrake.workspaces.git import Git

WELCOME_NAME: Final = "welcome"
WELCOME_DESCRIPTION: Final = "A small sample project to try Mandrake on. Delete it when you like."


@dataclass(frozen=True, slots=True)
class _SampleCommit:
    subject: str
    at: str
    files: dict[str, str]


_README = """\
# Tides

A tiny program that tells when the next high tide comes, from a table of one harbour.

    python tides.py 14:30

Things to try in a session of this workspace:

- List the files and explain how they fit together.
- Search for `TODO` and show what is left to do.
- What changed in the last commit?
- Replace the greeting in `tides.py`, then show the diff.
"""

_TABLE = """\
# High water at the sample harbour, local time, by day of the week.
monday 03:12 15:40
tuesday 04:01 16:27
wednesday 04:55 17:20
thursday 05:54 18:19
friday 06:58 19:24
saturday 08:05 20:31
sunday 09:10 21:35
"""

_FIRST_PROGRAM = '''\
"""Tell the next high tide."""

import sys
from pathlib import Path

GREETING = "Ahoy!"


def read_table(path):
    """Times of high water by day."""
    table = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            day, *times = line.split()
            table[day] = times
    return table


def main():
    table = read_table(Path(__file__).with_name("tides.txt"))
    print(GREETING)
    print("High water today:", ", ".join(table[sys.argv[1]]))


if __name__ == "__main__":
    main()
'''

_SECOND_PROGRAM = '''\
"""Tell the next high tide."""

import sys
from datetime import datetime
from pathlib import Path

GREETING = "Ahoy!"


def read_table(path):
    """Times of high water by day."""
    table = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            day, *times = line.split()
            table[day] = times
    return table


def next_tide(times, now):
    """The first time of the day that is not over, or None.

    TODO: after the last tide of a day, look at the next day.
    """
    return next((time for time in times if time >= now), None)


def main():
    table = read_table(Path(__file__).with_name("tides.txt"))
    today = datetime.now()
    now = sys.argv[1] if len(sys.argv) > 1 else today.strftime("%H:%M")
    tide = next_tide(table[today.strftime("%A").lower()], now)
    print(GREETING)
    print("Next high water:", tide or "tomorrow")


if __name__ == "__main__":
    main()
'''

_TESTS = """\
from tides import next_tide


def test_the_next_tide_is_the_first_one_not_over():
    assert next_tide(["03:12", "15:40"], "04:00") == "15:40"


def test_after_the_last_tide_there_is_none_today():
    assert next_tide(["03:12", "15:40"], "16:00") is None
"""

_COMMITS: Final = (
    _SampleCommit(
        "Read the tide table",
        "2026-01-05T09:00:00Z",
        {"README.md": _README, "tides.txt": _TABLE, "tides.py": _FIRST_PROGRAM},
    ),
    _SampleCommit(
        "Tell the next tide instead of all of them",
        "2026-01-06T10:30:00Z",
        {"tides.py": _SECOND_PROGRAM},
    ),
    _SampleCommit(
        "Test the choice of the next tide",
        "2026-01-07T16:45:00Z",
        {"test_tides.py": _TESTS, ".gitignore": "__pycache__/\n"},
    ),
)


async def write_sample(src: Path, git: Git | None) -> None:
    """Fill `src`, which exists and is empty. Without git there are the files only.

    Raises:
        Unavailable: git is there and failed.
    """
    if git is not None:
        await make_repository(src, git)
    for commit in _COMMITS:
        await asyncio.to_thread(_write_files, src, commit.files)
        if git is None:
            continue
        await git.make(src, "add", "--all")
        author = {
            "GIT_AUTHOR_NAME": "Mandrake",
            "GIT_AUTHOR_EMAIL": "welcome@mandrake.invalid",
            "GIT_COMMITTER_NAME": "Mandrake",
            "GIT_COMMITTER_EMAIL": "welcome@mandrake.invalid",
            "GIT_AUTHOR_DATE": commit.at,
            "GIT_COMMITTER_DATE": commit.at,
        }
        await git.make(src, "commit", "--quiet", "-m", commit.subject, variables=author)


async def make_repository(folder: Path, git: Git) -> None:
    """An empty repository with branch `main`, without anybody's templates."""
    await git.make(folder, "init", "--quiet", "--template=", "--initial-branch=main")


def _write_files(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
