"""Keep secrets out of text: known values, and the shapes that tokens of well-known makers have.

Values are registered when they are read from a store. A value is also masked in the forms in which
it usually travels: inside a JSON string, in a URL, in Base64.
"""

from __future__ import annotations

import base64
import json
import re
import threading
from urllib.parse import quote

MASK = "[secret]"
MIN_VALUE_LENGTH = 4
"""Shorter values are not masked: they would turn ordinary text into noise."""

_TOKEN_SHAPES = re.compile(
    r"""
      \bsk-[A-Za-z0-9_-]{16,}                                  # OpenAI, Anthropic, OpenRouter
    | \bgh[pousr]_[A-Za-z0-9]{20,} | \bgithub_pat_[A-Za-z0-9_]{20,}
    | \bglpat-[A-Za-z0-9_-]{20,}
    | \bxox[abeoprs]-[A-Za-z0-9-]{10,}                         # Slack
    | \bxai-[A-Za-z0-9]{20,} | \bgsk_[A-Za-z0-9]{20,} | \bhf_[A-Za-z0-9]{20,}
    | \bAIza[A-Za-z0-9_-]{30,} | \bya29\.[A-Za-z0-9_-]{20,}    # Google
    | \bAKIA[A-Z0-9]{16}\b
    | \beyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*  # JSON Web Token
    | (?<=(?i:bearer)\ )[A-Za-z0-9._~+/=-]{8,}
    | (?<=(?i:basic)\ )[A-Za-z0-9+/=]{16,}
    | (?<=://)[^\s/:@"'<>]*:[^\s/@"'<>]+(?=@)                  # user:password@ in a URL
    | -----BEGIN\ [A-Z ]*PRIVATE\ KEY-----.*?(?:-----END\ [A-Z ]*PRIVATE\ KEY-----|\Z)
    """,
    re.VERBOSE | re.DOTALL,
)


class Redactor:
    """The values known to be secret in this process. Safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._forms: frozenset[str] = frozenset()
        self._known: re.Pattern[str] | None = None

    def add(self, value: str) -> None:
        """Mask `value` from now on, unless it is shorter than four characters."""
        if len(value) < MIN_VALUE_LENGTH:
            return
        with self._lock:
            forms = self._forms | _forms_of(value)
            if forms == self._forms:
                return
            # Longest first: a secret that contains another one disappears as a whole.
            ordered = sorted(forms, key=len, reverse=True)
            self._known = re.compile("|".join(re.escape(form) for form in ordered))
            self._forms = forms

    def mask(self, text: str) -> str:
        """`text` with every known value and every token shape replaced by `[secret]`."""
        if self._known is not None:
            text = self._known.sub(MASK, text)
        return _TOKEN_SHAPES.sub(MASK, text)


def looks_secret(text: str) -> bool:
    """Whether a text as a whole has the shape of a well-known maker's token."""
    return _TOKEN_SHAPES.search(text) is not None


def _forms_of(value: str) -> frozenset[str]:
    plain = value.strip() or value
    encoded = base64.b64encode(plain.encode("utf-8", "replace")).decode("ascii")
    forms = {
        value,
        plain,
        json.dumps(plain)[1:-1],
        json.dumps(plain, ensure_ascii=False)[1:-1],
        quote(plain, safe="", errors="replace"),
        encoded,
        encoded.rstrip("="),
    }
    return frozenset(form for form in forms if len(form) >= MIN_VALUE_LENGTH)
