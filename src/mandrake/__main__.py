"""`python -m mandrake` is `mandrake`."""

from __future__ import annotations

from mandrake.cli.main import run

if __name__ == "__main__":
    run()
