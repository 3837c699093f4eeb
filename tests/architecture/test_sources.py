"""Rules about the package's sources that neither ruff nor import-linter can hold."""

from __future__ import annotations

import ast
import importlib.metadata
import re
import sys
import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
GRANT_MAKER = Path("tenancy/access.py")
FORBIDDEN_CLASS_NAME = re.compile(r"(Service|Helper|Utils?|Impl)$")
FORBIDDEN_MODULES = {"common", "constants", "helper", "helpers", "types", "util", "utils"}

# Packages that another one hands on as part of its own interface.
HANDED_ON = {
    "anyio": "mcp",
    "click": "typer",
    "mcp_types": "mcp",
    "pydantic_core": "pydantic",
    "starlette": "fastapi",
}


def is_call_of(node: ast.AST, name: str) -> bool:
    """Tell whether a node calls `name`, alone or as an attribute."""
    if not isinstance(node, ast.Call):
        return False
    called = node.func
    return (isinstance(called, ast.Name) and called.id == name) or (
        isinstance(called, ast.Attribute) and called.attr == name
    )


def test_a_grant_is_made_only_by_tenancy_access(modules: dict[Path, ast.Module]):
    makers = {
        f"{path}:{node.lineno}"
        for path, tree in modules.items()
        if path != GRANT_MAKER
        for node in ast.walk(tree)
        if is_call_of(node, "Grant") and isinstance(node, ast.Call)
    }
    assert makers == set()


def test_the_search_for_grants_sees_both_ways_of_calling():
    calls = [is_call_of(node, "Grant") for node in ast.walk(ast.parse("Grant(1); access.Grant(2)"))]
    assert calls.count(True) == 2


def test_no_class_is_named_service_helper_util_or_impl(modules: dict[Path, ast.Module]):
    named = {
        f"{path}:{node.lineno} {node.name}"
        for path, tree in modules.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef) and FORBIDDEN_CLASS_NAME.search(node.name)
    }
    assert named == set()


def test_no_module_is_a_drawer_for_anything(modules: dict[Path, ast.Module]):
    assert {str(path) for path in modules if path.stem in FORBIDDEN_MODULES} == set()


def test_every_module_says_what_it_is(modules: dict[Path, ast.Module]):
    silent = {str(path) for path, tree in modules.items() if not ast.get_docstring(tree)}
    assert {path for path in silent if not path.endswith("__init__.py")} == set()


def test_every_third_party_import_is_a_declared_dependency(modules: dict[Path, ast.Module]):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    declared = {canonicalize_name(Requirement(text).name) for text in project["dependencies"]}
    distributions = importlib.metadata.packages_distributions()
    undeclared = {}
    for path, tree in modules.items():
        for name in sorted(imported_packages(tree)):
            owner = HANDED_ON.get(name, name)
            names = {canonicalize_name(each) for each in distributions.get(owner, [owner])}
            if not names & declared:
                undeclared.setdefault(name, str(path))
    assert undeclared == {}


def imported_packages(tree: ast.Module) -> set[str]:
    """Give the top-level packages a module imports, without ours and the standard library's."""
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names.update(alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module.split(".")[0])
    return names - {"mandrake", "__future__"} - set(sys.stdlib_module_names)
