"""The only place where a `Grant` is made (a test holds this).

A single-user installation has one organization and one owner, who may do everything in every
scope. Roles and members come with organisations; the callers stay as they are.
"""

from __future__ import annotations

from mandrake.domain.ids import (
    INSTALLATION_SCOPE,
    LOCAL_ORGANIZATION,
    LOCAL_OWNER,
    PrincipalId,
    ScopeId,
)
from mandrake.domain.principals import Grant, Principal, Right
from mandrake.errors import NotFound

OWNER = Principal(id=LOCAL_OWNER, organization_id=LOCAL_ORGANIZATION, kind="user", name="Owner")
"""The person whose installation this is."""


def system_principal(part: str) -> Principal:
    """The server acting for itself: `system:recovery`, `system:start`."""
    return Principal(
        id=PrincipalId(f"system:{part}"),
        organization_id=LOCAL_ORGANIZATION,
        kind="system",
        name=part,
    )


def access_scope(principal: Principal, scope_id: ScopeId) -> Grant:
    """What `principal` may do in one scope.

    Raises:
        NotFound: Nothing; a scope that is hidden answers like one that is missing.
    """
    if principal.organization_id != LOCAL_ORGANIZATION:
        raise NotFound("There is no such thing, or it is not yours to use.")
    if principal.kind == "user" and principal.id != LOCAL_OWNER:
        raise NotFound("There is no such thing, or it is not yours to use.")
    return Grant(
        principal=principal,
        organization_id=principal.organization_id,
        scope_id=scope_id,
        rights=frozenset(Right),
    )


def access_installation(principal: Principal) -> Grant:
    """What `principal` may do with the installation itself; see `access_scope`."""
    return access_scope(principal, INSTALLATION_SCOPE)
