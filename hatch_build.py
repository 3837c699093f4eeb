"""Hatchling's hook: a wheel or sdist made from a checkout carries the built web UI.

Node comes as a build dependency, and only if a build is due. An editable install builds nothing:
`make run` and `make dev` see to the UI there.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

# The build backend does not put the project itself on the path.
sys.path.insert(0, str(Path(__file__).resolve().parent))

from scripts import build_ui, node


class CustomBuildHook(BuildHookInterface[Any]):
    """Builds the UI before files are collected."""

    def dependencies(self) -> list[str]:
        """Ask for node only if there is something to build."""
        return [node.NODE_REQUIREMENT] if build_ui.is_due(Path(self.root)) else []

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 - the hook's signature
        """Build if due; the stamp keeps pip's metadata step from building twice."""
        if version == "editable" and os.environ.get("MANDRAKE_UI") != "force":
            return
        if build_ui.is_due(Path(self.root)):
            build_ui.build(node.ensure_node(Path(sys.executable)), Path(self.root))
