"""One adapter per wire protocol. Only `bootstrap` and `testing` import from here."""

from __future__ import annotations

from collections.abc import Mapping

BUILT_IN_ADAPTERS: Mapping[str, str] = {
    "rehearsal": "mandrake.providers.adapters.rehearsal:RehearsalProvider",
    "openai": "mandrake.providers.adapters.openai_chat:OpenAIChatProvider",
}
"""Kind to `module:attribute`, for `ProviderRegistry`: nothing is imported by naming it."""
