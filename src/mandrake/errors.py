"""Every failure Mandrake reports on purpose, as one tree.

Each error has a `kind` (coarse, decides HTTP status and exit code) and a `code` (stable slug for
programs, `kind` or `kind.narrower`). The tree:

    MandrakeError                      internal
    ├── InvalidInput                   invalid
    │   └── InvalidDocument            invalid.document
    ├── Unauthenticated                unauthenticated
    ├── Forbidden                      forbidden
    ├── NotFound                       not_found
    ├── Conflict                       conflict
    ├── PreconditionFailed             precondition_failed
    ├── LimitExceeded                  limit_exceeded
    ├── Unavailable                    unavailable
    │   ├── ServerUnavailable          unavailable.server
    │   └── ProviderUnavailable        unavailable.provider
    ├── DeadlineExceeded               timeout
    └── Cancelled                      cancelled

Knows nothing of HTTP, terminals or JSON-RPC: each edge translates `kind` once. A tool that fails
is a result, not an error of this tree. Messages name the thing in backticks and the next step, and
never hold a secret.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

Kind = Literal[
    "invalid",
    "unauthenticated",
    "forbidden",
    "not_found",
    "conflict",
    "precondition_failed",
    "limit_exceeded",
    "unavailable",
    "timeout",
    "cancelled",
    "internal",
]


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """What is wrong at one place of an input. `path` is dotted (`models.fast.provider`)."""

    path: str
    message: str


class MandrakeError(Exception):
    """Base of all errors raised on purpose; `str(error)` is fit for a person to read."""

    kind: ClassVar[Kind] = "internal"
    default_code: ClassVar[str] = "internal"

    def __init__(
        self,
        detail: str,
        *,
        code: str | None = None,
        hint: str | None = None,
        errors: Sequence[FieldProblem] = (),
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.code = code or self.default_code
        self.hint = hint
        """The next step in one sentence, or None when `detail` already says it."""
        self.errors = tuple(errors)


class InvalidInput(MandrakeError):
    """The input can't be used as it is; `errors` says where."""

    kind = "invalid"
    default_code = "invalid"


class InvalidDocument(InvalidInput):
    """A document does not parse or validate; the file is left as it is."""

    default_code = "invalid.document"


class Unauthenticated(MandrakeError):
    """No identity, or one that is no longer valid."""

    kind = "unauthenticated"
    default_code = "unauthenticated"


class Forbidden(MandrakeError):
    """Known and refused. Used only where the caller already knows that the thing exists."""

    kind = "forbidden"
    default_code = "forbidden"


class NotFound(MandrakeError):
    """Missing, or hidden from this principal: the two answer the same."""

    kind = "not_found"
    default_code = "not_found"


class Conflict(MandrakeError):
    """The thing is in a state in which this can't be done."""

    kind = "conflict"
    default_code = "conflict"


class PreconditionFailed(MandrakeError):
    """The revision named in `If-Match` is not the current one."""

    kind = "precondition_failed"
    default_code = "precondition_failed"


class LimitExceeded(MandrakeError):
    """A bound of size, count, rate or spending was met."""

    kind = "limit_exceeded"
    default_code = "limit_exceeded"


class Unavailable(MandrakeError):
    """Something we depend on does not answer; trying again later may work."""

    kind = "unavailable"
    default_code = "unavailable"


class ServerUnavailable(Unavailable):
    """A tool server is not running, died, or could not be reached."""

    default_code = "unavailable.server"


class ProviderUnavailable(Unavailable):
    """A provider could not be reached or refused to serve."""

    default_code = "unavailable.provider"


class DeadlineExceeded(MandrakeError):
    """A wait reached its deadline and the work was ended."""

    kind = "timeout"
    default_code = "timeout"


class Cancelled(MandrakeError):
    """Someone asked for the work to stop."""

    kind = "cancelled"
    default_code = "cancelled"
