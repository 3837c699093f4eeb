"""A person's own, large repository, answered by a model reached over HTTP (issue figure 2)."""

from __future__ import annotations

import ast
import json
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from mandrake.testing.llm_server import Answer, FakeLlmServer, Rule, RuleScript, ScriptedCall
from tests.e2e.conftest import Installation

MINIMUM_FILES = 1000


def make_repository(target: Path) -> int:
    """The installed standard library and site-packages, as a git repository; gives the files."""
    standard_library = Path(sysconfig.get_paths()["stdlib"])
    packages = Path(sysconfig.get_paths()["purelib"])
    keep = shutil.ignore_patterns("__pycache__", "*.so", "site-packages", "test", "tests", "*.js")
    shutil.copytree(standard_library, target / "stdlib", ignore=keep, symlinks=True)
    for name in ("fastapi", "pydantic", "sqlalchemy", "mcp", "starlette", "jsonschema"):
        shutil.copytree(packages / name, target / "site-packages" / name, ignore=keep)
    git = ["git", "-c", "user.name=Test", "-c", "user.email=test@localhost"]
    subprocess.run([*git, "init", "-q", "-b", "main"], cwd=target, check=True)
    subprocess.run([*git, "add", "-A", "-f"], cwd=target, check=True)
    subprocess.run([*git, "commit", "-q", "-m", "Everything installed"], cwd=target, check=True)
    listed = subprocess.run(
        [*git, "ls-files"], cwd=target, check=True, capture_output=True, text=True, encoding="utf-8"
    )
    return len(listed.stdout.splitlines())


def definition_lines(source: Path) -> str:
    """The true lines of `def urlopen`."""
    text = source.read_text(encoding="utf-8")
    [found] = [
        node
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef) and node.name == "urlopen"
    ]
    assert found.end_lineno is not None
    return "\n".join(text.splitlines()[found.lineno - 1 : found.end_lineno])


@pytest.mark.requirement("P1", "P2", "M7")
def test_a_linked_repository_answers_with_the_true_lines(
    installation: Installation, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    repository = tmp_path / "everything"
    count = make_repository(repository)
    with capsys.disabled():
        print(f"\nlinked repository: {count} files, Python {sys.version.split()[0]}")
    assert count >= MINIMUM_FILES
    wanted = "stdlib/urllib/request.py"
    script = RuleScript(
        rules=[
            Rule(
                contains="def urlopen",
                answers=[
                    Answer(
                        text="I search the files and look at the last commit.",
                        tool_calls=[
                            ScriptedCall(
                                name="filesystem__search_files",
                                arguments={"query": "def urlopen", "case_sensitive": True},
                            ),
                            ScriptedCall(name="git__git_log", arguments={"repo_path": "."}),
                        ],
                    ),
                    Answer(
                        tool_calls=[
                            ScriptedCall(
                                name="filesystem__read_files",
                                arguments={"files": [{"path": wanted}]},
                            )
                        ]
                    ),
                    Answer(text="It reads:\n{tool}"),
                ],
            )
        ]
    )
    model = FakeLlmServer(script, api_key="sk-large-repository")
    model.start()
    try:
        installation.start()
        installation.run(
            *("workspace", "create", "everything", "--source", "link"), "--path", str(repository)
        )
        with installation.client() as api:
            api.post("/secrets", json={"name": "model-key", "value": "sk-large-repository"})
            provider = {
                "kind": "openai",
                "base_url": model.base_url,
                "api_key": {"secret": "model-key"},
            }
            assert api.put("/providers/fake", json=provider).is_success
            overrides = {"input_usd": 1.0, "output_usd": 4.0}
            entry = {"provider": "fake", "model": "fake-model", "overrides": overrides}
            assert api.put("/models/fake", json=entry).is_success
            assert api.put("/models/active", json={"key": "fake"}).is_success
        printed = installation.run(
            "ask",
            "search for `def urlopen` and read that file",
            *("--workspace", "everything", "--json"),
        )
    finally:
        model.stop()
    shown = json.loads(printed)
    assert shown["status"] == "completed"
    calls = [
        part
        for turn in shown["response"]["turns"]
        for part in turn["parts"]
        if part["kind"] == "tool_call"
    ]
    assert [call["status"] for call in calls] == ["done", "done", "done"]
    searched = calls[0]["result"]["content"][0]["text"]
    assert wanted in searched
    assert "Everything installed" in calls[1]["result"]["content"][0]["text"]
    with installation.client() as api:
        whole = api.get(f"/workspaces/everything/blobs/{calls[2]['result']['blob_id']}").json()
    assert definition_lines(repository / wanted) in whole["content"][0]["text"]
    assert shown["usage"]["input_tokens"] > 0
    assert shown["cost_usd"] > 0
    assert [request.refused for request in model.requests] == [None] * len(model.requests)
    assert installation.stop() == 0
    status = subprocess.run(
        ["git", "status", "--porcelain"],
        cwd=repository,
        check=True,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert status.stdout == ""
