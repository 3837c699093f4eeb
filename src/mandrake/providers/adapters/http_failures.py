"""What went wrong over HTTP, as a `ProviderError` that names the next step.

Owns the judgement of status codes, error bodies and transport exceptions, for every HTTP adapter.
Deliberately does not know streams or message formats. Never shows a key: addresses lose their
user part and query, and a provider's own words are shortened and masked.
"""

from __future__ import annotations

import re
import socket
import ssl
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import cast
from urllib.parse import urlsplit

import httpx2
import orjson

from mandrake.providers.port import ProviderError, ProviderFailure

MAX_ERROR_BODY_BYTES = 64 * 1024
_MAX_MESSAGE_CHARS = 500

_PASSING: dict[int, tuple[ProviderFailure, str]] = {
    408: ("timeout", "The provider was too slow: try again."),
    425: ("rate_limit", "Wait and try again, or choose another model."),
    429: ("rate_limit", "Wait and try again, or choose another model."),
    503: ("overloaded", "The provider is overloaded: try again in a while."),
    504: ("timeout", "The provider was too slow: try again."),
    529: ("overloaded", "The provider is overloaded: try again in a while."),
}
_CONTEXT_LENGTH = re.compile(
    r"context.?length|context.?window|maximum context|available context size|context size"
    r"|prompt is too long|too many (?:input )?tokens|reduce the length|input is too long",
    re.IGNORECASE,
)
_BAD_KEY = re.compile(
    r"(?:incorrect|invalid|wrong|missing) api.?key|api.?key (?:is )?(?:not valid|invalid)",
    re.IGNORECASE,
)
_NO_CREDIT = re.compile(r"insufficient.?quota|exceeded your current quota|credit", re.IGNORECASE)
_NO_MODEL = re.compile(r"model", re.IGNORECASE)
_KEY_LIKE = re.compile(r"\b(?:sk|pk|key|gsk|xai|AIza)[-_A-Za-z0-9*]{8,}")


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Who is asked: for messages only. `base_url` is already fit to be shown."""

    provider_id: str
    base_url: str
    model: str | None = None


def shown_url(url: str) -> str:
    """The address without user, password, query and fragment."""
    parts = urlsplit(url)
    try:
        port = parts.port
    except ValueError:
        port = None
    host = parts.hostname or ""
    if ":" in host:
        host = f"[{host}]"
    return f"{parts.scheme}://{host}{f':{port}' if port else ''}{parts.path}"


def is_loopback(url: str) -> bool:
    """Whether the address names this machine."""
    host = urlsplit(url).hostname or ""
    return host in {"localhost", "::1"} or host.endswith(".localhost") or host.startswith("127.")


def retry_after_seconds(headers: Mapping[str, str], now: datetime | None = None) -> float | None:
    """The wait that a response asks for, from `retry-after-ms` or `retry-after`.

    Source: RFC 9110, 10.2.3: seconds or an HTTP date. A date in the past is 0.
    """
    milliseconds = headers.get("retry-after-ms")
    if milliseconds is not None and (value := _number(milliseconds)) is not None:
        return value / 1000
    text = headers.get("retry-after")
    if text is None:
        return None
    if (value := _number(text)) is not None:
        return value
    try:
        instant = parsedate_to_datetime(text)
    except ValueError:
        return None
    if instant.tzinfo is None:
        instant = instant.replace(tzinfo=UTC)
    return max(0.0, (instant - (now or datetime.now(UTC))).total_seconds())


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if 0 <= value < 1e9 else None


def error_of_status(
    endpoint: Endpoint, status: int, headers: Mapping[str, str], body: bytes
) -> ProviderError:
    """Judge a response that is no success. `headers` need lower-case names or no case."""
    message, code = _body_error(body)
    if 300 <= status < 400:
        return _redirect(endpoint, status, headers.get("location", ""))
    if message is None and _is_html(headers.get("content-type", ""), body):
        message = "it answered with a web page"
    return _judge(endpoint, status, message, code, retry_after_seconds(headers))


def error_in_stream(endpoint: Endpoint, error: object) -> ProviderError:
    """Judge an error object that came inside a stream that had begun well (status 200)."""
    message, code = _error_fields(error)
    status = int(code) if code is not None and re.fullmatch(r"[45]\d\d", code) else None
    if status is None and code is not None:
        lowered = code.lower()
        if "rate_limit" in lowered:
            status = 429
        elif "overloaded" in lowered:
            status = 529
        elif "authentication" in lowered or "invalid_api_key" in lowered:
            status = 401
        elif "invalid_request" in lowered or "context_length" in lowered:
            status = 400
    error_found = _judge(endpoint, status or 500, message, code, None)
    if status is None:
        error_found.status = None
    return error_found


def not_an_api(endpoint: Endpoint, what: str) -> ProviderError:
    """Status 200, but the body is not what the protocol says."""
    return ProviderError(
        f"provider `{endpoint.provider_id}` at `{endpoint.base_url}` answered with {what}",
        failure="protocol",
        status=200,
        hint="Check the base URL: it must be the API's address and usually ends in `/v1`.",
    )


def ended_early(endpoint: Endpoint) -> ProviderError:
    """The body ended before the model's answer did."""
    return ProviderError(
        f"provider `{endpoint.provider_id}`: the stream ended early",
        failure="network",
        retriable=True,
        hint="Send the request again; what came until now is kept.",
    )


def too_late(endpoint: Endpoint, what: str, seconds: float) -> ProviderError:
    """A deadline passed. `what` says which: `no connection`, `no first event`, …"""
    return ProviderError(
        f"provider `{endpoint.provider_id}`: {what} within {seconds:g} s",
        failure="timeout",
        retriable=True,
        hint=f"Check that `{endpoint.base_url}` is reachable and not busy, or raise the deadline.",
    )


def error_of_transport(endpoint: Endpoint, error: Exception) -> ProviderError:
    """Judge an exception of the HTTP client other than a deadline."""
    causes = list(_causes(error))
    where = f"provider `{endpoint.provider_id}` at `{endpoint.base_url}`"
    if isinstance(error, (httpx2.InvalidURL, httpx2.UnsupportedProtocol)):
        return ProviderError(
            f"{where}: the base URL is not one",
            failure="bad_request",
            hint="Write it like `http://127.0.0.1:11434/v1`.",
        )
    if isinstance(error, httpx2.ConnectError):
        if any(isinstance(cause, ssl.SSLError) for cause in causes):
            return ProviderError(
                f"{where}: its certificate can't be verified",
                failure="network",
                hint="Check the host name, or name your authority in `SSL_CERT_FILE`.",
            )
        if any(isinstance(cause, socket.gaierror) for cause in causes):
            return ProviderError(
                f"{where}: the host name is not known",
                failure="network",
                retriable=True,
                hint="Check the base URL and this machine's network.",
            )
        return ProviderError(
            f"{where} refuses the connection",
            failure="network",
            # Nothing listens here and nothing will appear within a retry's wait.
            retriable=not is_loopback(endpoint.base_url),
            hint=f"Is the server running at `{endpoint.base_url}`?",
        )
    if isinstance(error, httpx2.DecodingError):
        return not_an_api(endpoint, "a body whose compression is broken")
    return ProviderError(
        f"{where}: the connection broke ({type(error).__name__})", failure="network", retriable=True
    )


def _causes(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    stack: list[BaseException | None] = [error]
    while stack:
        current = stack.pop()
        if current is None or id(current) in seen:
            continue
        seen.add(id(current))
        yield current
        stack += [current.__cause__, current.__context__]
        if isinstance(current, BaseExceptionGroup):
            stack += cast("BaseExceptionGroup[BaseException]", current).exceptions


def _redirect(endpoint: Endpoint, status: int, location: str) -> ProviderError:
    target = shown_url(location) if urlsplit(location).hostname else "another path"
    return ProviderError(
        f"provider `{endpoint.provider_id}` at `{endpoint.base_url}` redirects to `{target}`",
        failure="protocol",
        status=status,
        hint="Redirects are not followed with a key: put the final address into the base URL.",
    )


def _judge(
    endpoint: Endpoint,
    status: int,
    message: str | None,
    code: str | None,
    retry_after: float | None,
) -> ProviderError:
    failure, retriable, hint = _classify(endpoint, status, message or "", code or "")
    said = f": {_shortened(message)}" if message else ""
    return ProviderError(
        f"provider `{endpoint.provider_id}` answered {status}{said}",
        failure=failure,
        status=status,
        retry_after_seconds=retry_after,
        retriable=retriable,
        hint=hint,
    )


def _classify(
    endpoint: Endpoint, status: int, message: str, code: str
) -> tuple[ProviderFailure, bool, str]:
    key_hint = f"Check the key of provider `{endpoint.provider_id}`: `mandrake provider --help`."
    if status == 401 or (status == 400 and (_BAD_KEY.search(message) or "api_key" in code)):
        return "authentication", False, key_hint
    if status == 402:
        return "permission", False, "Add credit at the provider, or choose another model."
    if status == 429 and _NO_CREDIT.search(f"{code} {message}"):
        return "rate_limit", False, "Add credit at the provider, or choose another model."
    if status == 403:
        return "permission", False, f"The key may not use this model or region. {key_hint}"
    if status in {400, 413, 422} and (status == 413 or _CONTEXT_LENGTH.search(f"{code} {message}")):
        return (
            "context_length",
            False,
            "Shorten the conversation or its context, or choose a model with a larger window.",
        )
    if status == 404:
        return _missing(endpoint, message, code)
    if status in _PASSING:
        failure, hint = _PASSING[status]
        return failure, True, hint
    if status >= 500:
        return "server", True, "The fault is the provider's: try again, or see its status page."
    return "bad_request", False, "Check the model's settings: the provider refuses one of them."


def _missing(endpoint: Endpoint, message: str, code: str) -> tuple[ProviderFailure, bool, str]:
    if endpoint.model is not None and (_NO_MODEL.search(message) or "model" in code):
        return (
            "model_not_found",
            False,
            f"Check the model name `{endpoint.model}`: `mandrake model list`.",
        )
    return (
        "bad_request",
        False,
        f"Check the base URL `{endpoint.base_url}`: it usually ends in `/v1`.",
    )


def _body_error(body: bytes) -> tuple[str | None, str | None]:
    try:
        parsed = orjson.loads(body)
    except orjson.JSONDecodeError:
        return None, None
    if isinstance(parsed, list) and parsed:
        parsed = cast("list[object]", parsed)[0]
    if not isinstance(parsed, dict):
        return None, None
    fields = cast("dict[str, object]", parsed)
    inner = fields.get("error")
    return _error_fields(inner or fields)


def _error_fields(error: object) -> tuple[str | None, str | None]:
    if isinstance(error, str):
        return error, None
    if not isinstance(error, dict):
        return None, None
    fields = cast("dict[str, object]", error)
    message = fields.get("message") or fields.get("detail") or fields.get("error")
    # A code is the more exact word; the type is what is left when it is null.
    code = fields.get("code") or fields.get("type")
    return (
        message if isinstance(message, str) else (None if message is None else str(message)),
        str(code) if isinstance(code, (str, int)) else None,
    )


def _is_html(content_type: str, body: bytes) -> bool:
    return "html" in content_type.lower() or body.lstrip()[:1] == b"<"


def _shortened(message: str) -> str:
    text = _KEY_LIKE.sub("…", " ".join(message.split()))
    return text if len(text) <= _MAX_MESSAGE_CHARS else text[: _MAX_MESSAGE_CHARS - 1] + "…"
