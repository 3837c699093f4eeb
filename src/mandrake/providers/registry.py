"""Which adapter speaks for which kind of provider, without importing any of them.

Entries are `module:attribute` or a factory itself; the module is imported at the first use.
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from typing import cast

from mandrake.errors import InvalidInput
from mandrake.providers.port import ProviderFactory


class ProviderRegistry:
    """Maps a kind to a factory of its adapter."""

    def __init__(self, entries: Mapping[str, str | ProviderFactory]) -> None:
        self._entries = dict(entries)

    def kinds(self) -> tuple[str, ...]:
        """Every known kind, sorted."""
        return tuple(sorted(self._entries))

    def require(self, kind: str) -> None:
        """Check that a kind is known, without importing its adapter.

        Raises:
            InvalidInput: It is not.
        """
        if kind not in self._entries:
            known = ", ".join(f"`{name}`" for name in self.kinds())
            raise InvalidInput(
                f"there is no provider kind `{kind}`",
                code="invalid.provider_kind",
                hint=f"Use one of {known}.",
            )

    def factory(self, kind: str) -> ProviderFactory:
        """The factory of a kind. The first call imports the adapter, which may take seconds: make
        it in a thread.

        Raises:
            InvalidInput: The kind is not known.
        """
        self.require(kind)
        entry = self._entries[kind]
        if isinstance(entry, str):
            module_name, _, attribute = entry.partition(":")
            module = importlib.import_module(module_name)
            entry = cast("ProviderFactory", getattr(module, attribute))
            self._entries[kind] = entry
        return entry
