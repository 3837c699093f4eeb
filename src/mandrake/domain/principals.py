"""Who acts, and the proof that they may.

`Grant` is only ever made by `mandrake.tenancy.access` (a test walks the tree and holds this).
Every manager and store takes one; what it does not name is out of reach.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from mandrake.domain.ids import OrganizationId, PrincipalId, ScopeId
from mandrake.errors import NotFound


class Right(StrEnum):
    """What a principal may do in one scope."""

    READ = "read"
    """See documents, sessions, status."""
    CONVERSE = "converse"
    """Start, stop and answer in sessions."""
    OPERATE = "operate"
    """Start and stop servers, call tools directly."""
    CONFIGURE = "configure"
    """Write documents, accept definitions, manage secrets."""


@dataclass(frozen=True, slots=True)
class Principal:
    """An actor: a person, or the server acting for itself (recovery, timers)."""

    id: PrincipalId
    organization_id: OrganizationId
    kind: Literal["user", "system", "agent"] = "user"
    name: str = ""


@dataclass(frozen=True, slots=True)
class Grant:
    """Proof that `principal` may act in `scope_id` with `rights`."""

    principal: Principal
    organization_id: OrganizationId
    scope_id: ScopeId
    rights: frozenset[Right]

    def require(self, right: Right) -> None:
        """Pass, or fail as if the thing did not exist.

        Raises:
            NotFound: The right is missing.
        """
        if right not in self.rights:
            raise NotFound("There is no such thing, or it is not yours to use.")
