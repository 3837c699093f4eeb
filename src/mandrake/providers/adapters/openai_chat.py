"""Provider of the OpenAI Chat Completions protocol at any base URL, without a vendor SDK.

Owns the HTTP client, the deadlines and the order of events. Deliberately does not know message
formats (`openai_encoding`, `openai_decoding`), judges no failure itself (`http_failures`) and
never retries. The key goes to the configured address only: redirects are not followed.
"""

from __future__ import annotations

import asyncio
import hashlib
import ssl
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing, asynccontextmanager
from typing import cast
from urllib.parse import urlsplit

import httpx2
import orjson

from mandrake.errors import InvalidInput
from mandrake.providers.adapters.http_body import drain, error_body, stream_body, whole_body
from mandrake.providers.adapters.http_failures import (
    Endpoint,
    ended_early,
    error_of_status,
    error_of_transport,
    is_loopback,
    not_an_api,
    shown_url,
    too_late,
)
from mandrake.providers.adapters.openai_decoding import ChatDecoder
from mandrake.providers.adapters.openai_encoding import (
    body_size_estimate,
    dialect_of,
    encode_request,
)
from mandrake.providers.adapters.sse import LineTooLong, SseReader
from mandrake.providers.port import (
    Deadlines,
    ListedModel,
    ModelEvent,
    ModelRequest,
    ProviderConfig,
    ProviderError,
    RequestSent,
)

ADAPTER = "openai_chat/1"
DEFAULT_BASE_URL = "https://api.openai.com/v1"

_MAX_LIST_BYTES = 16 * 1024 * 1024
_MAX_CONNECTIONS = 2000
_ENCODE_IN_THREAD_BYTES = 512 * 1024
_LIST_SECONDS = 30.0


class OpenAIChatProvider:
    """One configured provider; keeps a pool of connections.

    Raises:
        InvalidInput: An option of the config has a value that does not exist.
    """

    def __init__(self, config: ProviderConfig) -> None:
        self.kind = config.kind
        self._config = config
        self._base_url = (config.base_url or DEFAULT_BASE_URL).rstrip("/")
        self._dialect = dialect_of(urlsplit(self._base_url).hostname or "", config.options)
        self._client: httpx2.AsyncClient | None = None
        self._client_lock = asyncio.Lock()
        self._closed = False

    async def stream(self, request: ModelRequest) -> AsyncGenerator[ModelEvent]:
        """See `Provider.stream`. `RequestSent` comes just before the first byte is written."""
        endpoint = self._endpoint(request.model)
        deadlines = request.deadlines
        try:
            if body_size_estimate(request) > _ENCODE_IN_THREAD_BYTES:
                body = await asyncio.to_thread(encode_request, request, self._dialect)
            else:
                body = encode_request(request, self._dialect)
        except InvalidInput as error:
            raise ProviderError(error.detail, failure="bad_request") from error
        client = await self._open_client()
        http_request = self._request(client, "POST", "/chat/completions", deadlines, body)
        # What the client holds is what goes out: hashed there, not before.
        yield RequestSent(hashlib.sha256(http_request.content).hexdigest(), ADAPTER)
        clock = asyncio.get_running_loop()
        first_by = clock.time() + deadlines.first_event_seconds
        async with self._sent(client, http_request, endpoint, deadlines) as response:
            decoder = ChatDecoder(endpoint)
            events = self._events(response, decoder, endpoint, deadlines, first_by)
            async with aclosing(events):
                async for event in events:
                    yield event

    async def list_models(self) -> list[ListedModel]:
        """See `Provider.list_models`: `GET {base_url}/models`."""
        endpoint = self._endpoint(None)
        client = await self._open_client()
        deadlines = Deadlines(first_event_seconds=_LIST_SECONDS)
        http_request = self._request(client, "GET", "/models", deadlines, None)
        async with self._sent(client, http_request, endpoint, deadlines) as response:
            body = await whole_body(
                response, endpoint, limit_bytes=_MAX_LIST_BYTES, limit_seconds=_LIST_SECONDS
            )
        return _listed_models(body, endpoint)

    async def aclose(self) -> None:
        """Close every connection; running streams fail."""
        self._closed = True
        async with self._client_lock:
            if self._client is not None:
                await self._client.aclose()
                self._client = None

    def _endpoint(self, model: str | None) -> Endpoint:
        return Endpoint(self._config.id, shown_url(self._base_url), model)

    async def _open_client(self) -> httpx2.AsyncClient:
        async with self._client_lock:
            if self._closed:
                raise ProviderError(
                    f"provider `{self._config.id}` is closed: it was changed or removed",
                    failure="network",
                    retriable=True,
                )
            if self._client is None:
                local = is_loopback(self._base_url)
                self._client = httpx2.AsyncClient(
                    verify=await asyncio.to_thread(_tls_context),
                    follow_redirects=False,
                    # A proxy from the environment is for the outside, not for this machine.
                    trust_env=not local,
                    limits=httpx2.Limits(
                        max_connections=_MAX_CONNECTIONS,
                        max_keepalive_connections=100,
                        keepalive_expiry=30.0,
                    ),
                )
            return self._client

    def _request(
        self,
        client: httpx2.AsyncClient,
        method: str,
        path: str,
        deadlines: Deadlines,
        body: bytes | None,
    ) -> httpx2.Request:
        headers = {"accept": "text/event-stream, application/json", "accept-encoding": "identity"}
        if body is not None:
            headers["content-type"] = "application/json"
        key = self._config.api_key
        if key:
            if not (key.isascii() and key.isprintable()) or key != key.strip():
                raise ProviderError(
                    f"the key of provider `{self._config.id}` holds characters no key has",
                    failure="authentication",
                    hint="Enter it again without spaces and line ends.",
                )
            headers["authorization"] = f"Bearer {key}"
        timeout = httpx2.Timeout(
            connect=deadlines.connect_seconds,
            pool=deadlines.connect_seconds,
            # Silence is judged by events below: bytes of comments are no sign of progress.
            read=None,
            write=deadlines.first_event_seconds,
        )
        try:
            return client.build_request(
                method, f"{self._base_url}{path}", headers=headers, content=body, timeout=timeout
            )
        except (httpx2.InvalidURL, httpx2.UnsupportedProtocol) as error:
            raise error_of_transport(self._endpoint(None), error) from error

    @asynccontextmanager
    async def _sent(
        self,
        client: httpx2.AsyncClient,
        http_request: httpx2.Request,
        endpoint: Endpoint,
        deadlines: Deadlines,
    ) -> AsyncGenerator[httpx2.Response]:
        """The response to a request once its headers say success; closed on the way out."""
        limit = deadlines.first_event_seconds
        try:
            async with asyncio.timeout(limit):
                response = await client.send(http_request, stream=True)
        except TimeoutError:
            raise too_late(endpoint, "no first event", limit) from None
        except (httpx2.ConnectTimeout, httpx2.PoolTimeout):
            raise too_late(endpoint, "no connection", deadlines.connect_seconds) from None
        except httpx2.TimeoutException:
            raise too_late(endpoint, "no first event", limit) from None
        except (httpx2.TransportError, httpx2.InvalidURL) as error:
            raise error_of_transport(endpoint, error) from error
        try:
            if response.status_code != 200:
                body = await error_body(response)
                raise error_of_status(endpoint, response.status_code, response.headers, body)
            yield response
        finally:
            await response.aclose()

    async def _events(
        self,
        response: httpx2.Response,
        decoder: ChatDecoder,
        endpoint: Endpoint,
        deadlines: Deadlines,
        first_by: float,
    ) -> AsyncGenerator[ModelEvent]:
        content_type = response.headers.get("content-type", "").lower()
        if "html" in content_type:
            raise not_an_api(endpoint, "a web page instead of a stream")
        chunks = stream_body(response, decoder, endpoint, deadlines, first_by)
        async with aclosing(chunks):
            if "json" in content_type:
                for event in decoder.feed_whole(b"".join([chunk async for chunk in chunks])):
                    yield event
            else:
                reader = SseReader()
                async for chunk in chunks:
                    for event in _decoded(reader, decoder, chunk, endpoint):
                        yield event
                    if decoder.done:
                        break
                for event in _last_events(reader, decoder, endpoint):
                    yield event
            await drain(chunks)
        for event in decoder.close():
            yield event


def _tls_context() -> ssl.SSLContext:
    # Reads the authorities from disk, which is too slow for the loop.
    return httpx2.create_ssl_context()


def _decoded(
    reader: SseReader, decoder: ChatDecoder, chunk: bytes, endpoint: Endpoint
) -> list[ModelEvent]:
    try:
        found = reader.feed(chunk)
    except LineTooLong as error:
        raise not_an_api(endpoint, str(error)) from error
    if len(found) == 1:
        return decoder.feed(found[0])
    return [event for data in found for event in decoder.feed(data)]


def _last_events(reader: SseReader, decoder: ChatDecoder, endpoint: Endpoint) -> list[ModelEvent]:
    """What an event without its blank line held. Half an event counts as a cut stream."""
    if decoder.done:
        return []
    try:
        return [event for data in reader.flush() for event in decoder.feed(data)]
    except ProviderError as error:
        if error.failure != "protocol":
            raise
        if decoder.finish_seen:
            return []
        raise ended_early(endpoint) from error


def _listed_models(body: bytes, endpoint: Endpoint) -> list[ListedModel]:
    """Figures beyond the name are what OpenRouter, vLLM, Groq and Mistral add to the list."""
    try:
        parsed: object = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise not_an_api(endpoint, "no JSON as its list of models") from None
    data = cast("dict[str, object]", parsed).get("data") if isinstance(parsed, dict) else parsed
    if not isinstance(data, list):
        raise not_an_api(endpoint, "no list of models")
    models: list[ListedModel] = []
    for item in cast("list[object]", data):
        if not isinstance(item, dict):
            continue
        fields = cast("dict[str, object]", item)
        name = fields.get("id")
        if not isinstance(name, str) or not name:
            continue
        top = fields.get("top_provider")
        top_fields = cast("dict[str, object]", top) if isinstance(top, dict) else {}
        supported = fields.get("supported_parameters")
        models.append(
            ListedModel(
                name=name,
                context_tokens=_first_count(
                    fields,
                    "context_length",
                    "context_window",
                    "max_model_len",
                    "max_context_length",
                ),
                max_output_tokens=_first_count(fields, "max_completion_tokens", "max_output_tokens")
                or _first_count(top_fields, "max_completion_tokens"),
                tools="tools" in cast("list[object]", supported)
                if isinstance(supported, list)
                else None,
            )
        )
    return models


def _first_count(fields: Mapping[str, object], *names: str) -> int | None:
    for name in names:
        value = fields.get(name)
        if isinstance(value, int) and not isinstance(value, bool) and value > 0:
            return value
    return None
