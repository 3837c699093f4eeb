"""Where tests keep the environments of shipped servers, so that each is installed once."""

from __future__ import annotations

import os
from pathlib import Path

_REPOSITORY = Path(__file__).parents[1]
SERVER_CACHE = Path(os.environ.get("MANDRAKE_TEST_CACHE", _REPOSITORY / ".cache")) / "servers"
