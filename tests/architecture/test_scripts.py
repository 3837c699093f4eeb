"""The parts of `scripts/` that decide something, shown on folders of their own."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts.build_ui import STAMP, STATIC, inputs_digest, is_due
from scripts.generated import GeneratedFile, stale_files, write_files
from scripts.locks import problems
from scripts.steps import Stamp, StepFailed, digest_of, run_quietly


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout whose UI was built from what lies in `web/`."""
    web, static = tmp_path / "web", tmp_path / STATIC
    (web / "src").mkdir(parents=True)
    static.mkdir(parents=True)
    (web / "package.json").write_text("{}", encoding="utf-8")
    (web / "src" / "main.ts").write_text("1", encoding="utf-8")
    (static / "index.html").write_text("<html>", encoding="utf-8")
    (static / STAMP).write_text(inputs_digest(web), encoding="utf-8")
    return tmp_path


@pytest.fixture(autouse=True)
def no_mode(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MANDRAKE_UI", raising=False)


def test_an_unchanged_ui_is_not_built_again(checkout: Path):
    assert not is_due(checkout)


def test_a_changed_a_new_or_a_renamed_source_makes_the_ui_due(checkout: Path):
    source = checkout / "web" / "src" / "main.ts"
    source.write_text("2", encoding="utf-8")
    assert is_due(checkout)
    source.write_text("1", encoding="utf-8")
    assert not is_due(checkout)
    source.rename(source.with_name("other.ts"))
    assert is_due(checkout)


def test_tests_and_installed_packages_do_not_make_the_ui_due(checkout: Path):
    modules = checkout / "web" / "node_modules" / "react"
    modules.mkdir(parents=True)
    (modules / "index.js").write_text("1", encoding="utf-8")
    (checkout / "web" / "src" / "main.test.ts").write_text("1", encoding="utf-8")
    assert not is_due(checkout)


def test_the_environment_skips_or_forces_the_ui(checkout: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("MANDRAKE_UI", "force")
    assert is_due(checkout)
    (checkout / STATIC / "index.html").unlink()
    monkeypatch.setenv("MANDRAKE_UI", "skip")
    assert not is_due(checkout)
    monkeypatch.setenv("MANDRAKE_UI", "maybe")
    with pytest.raises(ValueError, match="maybe"):
        is_due(checkout)


def test_a_stale_generated_file_is_named_until_it_is_written(tmp_path: Path):
    files = [GeneratedFile("schemas/one.json", lambda: "{}\n")]
    assert list(stale_files(files, tmp_path)) == ["schemas/one.json"]
    write_files(files, tmp_path)
    assert stale_files(files, tmp_path) == {}
    (tmp_path / "schemas/one.json").write_text("{ }\n", encoding="utf-8")
    assert "+{}" in stale_files(files, tmp_path)["schemas/one.json"]


def test_a_stamp_is_fresh_only_for_the_content_it_was_set_for(tmp_path: Path):
    source = tmp_path / "input"
    source.write_text("1", encoding="utf-8")
    Stamp(tmp_path / "stamp", digest_of(source)).set()
    assert Stamp(tmp_path / "stamp", digest_of(source)).is_fresh()
    source.write_text("2", encoding="utf-8")
    assert not Stamp(tmp_path / "stamp", digest_of(source)).is_fresh()


def test_a_failed_step_says_what_the_command_said():
    with pytest.raises(StepFailed, match="exited with 3:\nno room"):
        run_quietly(["sh", "-c", "echo no room >&2; exit 3"])


def test_the_locks_hold_what_the_project_asks_for():
    assert problems() == []
