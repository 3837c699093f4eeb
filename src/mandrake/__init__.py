"""Mandrake: a self-hosted, MCP-native agent workspace server.

Holds the version and nothing else, so that importing the package costs nothing.
"""

from __future__ import annotations

__version__ = "0.1.0"
