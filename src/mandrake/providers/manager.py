"""The life of configured providers: made at first use, shared, replaced when their config changes.

Knows kinds only by the registry it is given; imports no adapter. A provider that is replaced or
removed serves the streams it has and is closed when the last of them ends.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing

from mandrake.errors import MandrakeError
from mandrake.providers.port import (
    ListedModel,
    ModelEvent,
    ModelRequest,
    Provider,
    ProviderConfig,
    ProviderError,
)
from mandrake.providers.registry import ProviderRegistry
from mandrake.telemetry.logging import get_logger

_log = get_logger(__name__)


class ProviderManager:
    """Hands out providers by config; equal configs share one, whichever scope they stand in."""

    def __init__(self, registry: ProviderRegistry) -> None:
        self._registry = registry
        self._shared: dict[ProviderConfig, _SharedProvider] = {}
        self._current: dict[tuple[str, str], ProviderConfig] = {}
        self._retired: set[_SharedProvider] = set()
        self._closing: set[asyncio.Task[None]] = set()

    def provider(self, config: ProviderConfig, *, scope_id: str = "installation") -> Provider:
        """The provider of a config. Another config under the same id and scope replaces the
        earlier one.

        Cheap: the adapter itself is imported and made, in a thread, when it is first used.
        `aclose` of what is returned does nothing; the manager closes.

        Raises:
            InvalidInput: The kind is not known.
        """
        self._registry.require(config.kind)
        place = (scope_id, config.id)
        previous = self._current.get(place)
        shared = self._shared.get(config)
        if shared is None:
            shared = _SharedProvider(config, self._registry, self._retired.discard)
            self._shared[config] = shared
        self._current[place] = config
        if previous is not None and previous != config:
            self._release(previous)
        return shared

    def forget(self, provider_id: str, *, scope_id: str = "installation") -> None:
        """A provider was removed from a scope: close it when nothing else uses it."""
        config = self._current.pop((scope_id, provider_id), None)
        if config is not None:
            self._release(config)

    def forget_scope(self, scope_id: str) -> None:
        """A scope was closed: forget all its providers."""
        for owner, provider_id in list(self._current):
            if owner == scope_id:
                self.forget(provider_id, scope_id=scope_id)

    async def warm(self, config: ProviderConfig) -> None:
        """Import and make the adapter ahead of its first use.

        Raises:
            InvalidInput: The kind is not known, or the adapter refuses the config.
        """
        self._registry.require(config.kind)
        shared = self._shared.get(config)
        if shared is not None:
            await shared.opened()
        else:
            await asyncio.to_thread(self._registry.factory, config.kind)

    async def aclose(self) -> None:
        """Close every provider; running streams fail."""
        open_ones = [*self._shared.values(), *self._retired]
        self._shared.clear()
        self._current.clear()
        self._retired.clear()
        async with asyncio.TaskGroup() as group:
            for one in open_ones:
                group.create_task(one.close_now())
        for task in list(self._closing):
            await task

    def _release(self, config: ProviderConfig) -> None:
        if config in self._current.values():
            return
        shared = self._shared.pop(config, None)
        if shared is None:
            return
        self._retired.add(shared)
        shared.retire()
        task = asyncio.get_running_loop().create_task(shared.close_if_unused())
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)


class _SharedProvider:
    """A provider that counts its calls, so that it can be closed after the last.

    Someone who got it just before it was retired may still start a stream with it: it is made
    again for that stream, and closed after it.
    """

    def __init__(
        self,
        config: ProviderConfig,
        registry: ProviderRegistry,
        on_closed: Callable[[_SharedProvider], None],
    ) -> None:
        self.kind = config.kind
        self._config = config
        self._registry = registry
        self._on_closed = on_closed
        self._inner: Provider | None = None
        self._making = asyncio.Lock()
        self._running = 0
        self._retired = False
        self._closed = False

    async def stream(self, request: ModelRequest) -> AsyncGenerator[ModelEvent]:
        """See `Provider.stream`."""
        self._running += 1
        try:
            inner = await self.opened()
            async with aclosing(inner.stream(request)) as events:
                async for event in events:
                    yield event
        finally:
            self._running -= 1
            await self.close_if_unused()

    async def list_models(self) -> list[ListedModel]:
        """See `Provider.list_models`."""
        self._running += 1
        try:
            return await (await self.opened()).list_models()
        finally:
            self._running -= 1
            await self.close_if_unused()

    async def aclose(self) -> None:
        """Nothing: the manager owns the life of what it hands out."""

    async def opened(self) -> Provider:
        """The adapter, made at the first call.

        Raises:
            InvalidInput: The adapter refuses the config.
            ProviderError: Its package can't be imported.
        """
        inner = self._inner
        if inner is None:
            async with self._making:
                if self._closed:
                    raise ProviderError(
                        f"provider `{self._config.id}` is closed: Mandrake is stopping",
                        failure="network",
                    )
                inner = self._inner
                if inner is None:
                    inner = self._inner = await self._make()
        return inner

    async def _make(self) -> Provider:
        try:
            factory = await asyncio.to_thread(self._registry.factory, self._config.kind)
        except ImportError as error:
            raise ProviderError(
                f"the adapter of provider kind `{self.kind}` can't be loaded: {error.name}",
                failure="bad_request",
                hint="Install the missing package beside Mandrake, then restart it.",
            ) from error
        return factory(self._config)

    def retire(self) -> None:
        """Let the end of the last call close it; if none runs, `close_if_unused` does."""
        self._retired = True

    async def close_now(self) -> None:
        """Close for good, whatever runs."""
        self._closed = True
        await self._close()

    async def close_if_unused(self) -> None:
        """Close it if it is retired and no call runs."""
        if self._retired and self._running == 0:
            await self._close()
            self._on_closed(self)

    async def _close(self) -> None:
        inner, self._inner = self._inner, None
        if inner is None:
            return
        try:
            await inner.aclose()
        except (MandrakeError, OSError) as error:
            _log.warning("provider_close_failed", provider=self._config.id, error=str(error))
