"""Real processes of the command line on homes of their own."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.support import Cli, Up


@pytest.fixture
def cli() -> Iterator[Cli]:
    """The command line on a new home that nobody holds."""
    # Short: the path of a socket has a limit, and one test is about that.
    folder = Path(tempfile.mkdtemp(prefix="mdk-"))
    made = Cli(folder)
    yield made
    made.assert_nothing_left()
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def served() -> Iterator[Cli]:
    """The command line beside a running `mandrake up`, shared by the tests of a module."""
    folder = Path(tempfile.mkdtemp(prefix="mdk-"))
    made = Cli(folder)
    with Up(made):
        yield made
    made.assert_nothing_left()
    shutil.rmtree(folder)
