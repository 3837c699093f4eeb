"""The OpenAPI document as a file's content: `python -m mandrake.api.export`."""

from __future__ import annotations

import json
import sys

from mandrake.api.app import build_api


def render_openapi() -> str:
    """The same text on every machine: keys keep the order of the code, no host, no time."""
    return json.dumps(build_api().openapi(), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    sys.stdout.write(render_openapi())
