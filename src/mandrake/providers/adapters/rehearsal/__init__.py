"""The rehearsal provider: a small program, not a language model, that drives real tools.

`wishes` reads a message, `plan` turns wishes into calls of the tools on offer, `report` words
what came back, `provider` streams it. All but the last are pure.
"""

from mandrake.providers.adapters.rehearsal.provider import RehearsalProvider

__all__ = ["RehearsalProvider"]
