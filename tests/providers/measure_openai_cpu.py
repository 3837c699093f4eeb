"""Client CPU per streamed token of the OpenAI adapter, against the fake server in its own process.

Run: `python tests/providers/measure_openai_cpu.py [tokens] [rounds]`. Prints the best and the
median of the rounds in microseconds of process CPU per token, load average beside it.
"""

from __future__ import annotations

import asyncio
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from mandrake.providers.adapters.openai_chat import OpenAIChatProvider
from mandrake.providers.port import (
    ModelRequest,
    PartDelta,
    ProviderConfig,
    TextContent,
    UserMessage,
)


async def one_round(provider: OpenAIChatProvider, tokens: int) -> float:
    request = ModelRequest("fake-model", "", (UserMessage((TextContent("count"),)),))
    seen = 0
    started = time.process_time()
    async for event in provider.stream(request):
        if type(event) is PartDelta:
            seen += 1
    used = time.process_time() - started
    if seen != tokens:
        raise SystemExit(f"{seen} tokens instead of {tokens}")
    return used / tokens * 1e6


async def measure(base_url: str, tokens: int, rounds: int) -> list[float]:
    provider = OpenAIChatProvider(ProviderConfig("fake", "openai", base_url))
    await one_round(provider, tokens)
    results = [await one_round(provider, tokens) for _ in range(rounds)]
    await provider.aclose()
    return results


def main() -> None:
    tokens = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "script.json"
        script.write_text(
            json.dumps({"default": {"text": [f"{n:>8} " for n in range(tokens)]}}), encoding="utf-8"
        )
        command = [sys.executable, "-m", "mandrake.testing.llm_server", "--script", str(script)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
            assert server.stdout is not None
            base_url = json.loads(server.stdout.readline())["base_url"]
            try:
                results = asyncio.run(measure(base_url, tokens, rounds))
            finally:
                server.terminate()
    sys.stdout.write(
        f"openai_chat: {tokens} tokens, best {min(results):.1f} us/token, "
        f"median {statistics.median(results):.1f} us/token, load {os.getloadavg()[0]:.1f}\n"
    )


if __name__ == "__main__":
    main()
