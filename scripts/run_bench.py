"""Run the figures of `bench/`: `python -m scripts.run_bench bench|soak|chaos`.

`soak` runs the modules whose name starts with `soak_`, `chaos` those with `chaos_`, `bench` all the
others; each is a program of its own that prints its figures and exits non-zero if one is not held.
"""

from __future__ import annotations

import os
import subprocess
import sys

from scripts.steps import ROOT, exit_with, say

SLOW_KINDS = ("soak", "chaos")


def modules(kind: str) -> list[str]:
    """List the modules of one kind by name, sorted."""
    names = sorted(path.stem for path in (ROOT / "bench").glob("[!_]*.py"))
    if kind in SLOW_KINDS:
        return [name for name in names if name.startswith(f"{kind}_")]
    return [name for name in names if not name.startswith(("soak_", "chaos_", "conftest"))]


def main() -> int:
    """Run all modules of one kind, with the machine's load said first: it explains figures."""
    kind = sys.argv[1] if len(sys.argv) == 2 else ""
    if kind not in {"bench", *SLOW_KINDS}:
        print("usage: python -m scripts.run_bench bench|soak|chaos", file=sys.stderr)
        return 2
    names = modules(kind)
    if not names:
        say(f"bench/ has no modules for `make {kind}`")
        return 0
    failed: list[str] = []
    for name in names:
        load = ", ".join(f"{value:.2f}" for value in os.getloadavg())
        print(f"\n=== {name} (load {load})", flush=True)
        command = [sys.executable, "-m", f"bench.{name}"]
        if subprocess.run(command, cwd=ROOT, check=False).returncode:
            failed.append(name)
    say(f"{len(names) - len(failed)} of {len(names)} held their figures")
    for name in failed:
        say(f"failed: {name}")
    return 1 if failed else 0


if __name__ == "__main__":
    exit_with(main)
