"""How messages go to a server and come back: through a child's pipes, or over HTTP. For the island only: here and in
`connection` the library of the protocol is imported."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from typing import Any

import anyio
import httpx2
import mcp_types as types
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.message import SessionMessage

from workbench.http import usual_authorities
from workbench.tools.servers.child import Child
from workbench.tools.servers.lines import LISTING_LINE_BYTES

_CONNECT_SECONDS = 10.0
_SILENCE_SECONDS = 300.0

Streams = tuple[Any, Any]


class Seen:
    """What a connection met that the library does not tell: the last status of HTTP, or what went wrong on the way."""

    status = 0
    trouble = ""


@asynccontextmanager
async def over_pipes(child: Child, closed: Callable[[], None]) -> AsyncIterator[Streams]:
    """Lines that are no messages are passed over and noted in the child's log. ``closed``: nothing more will come."""
    to_session, from_server = anyio.create_memory_object_stream[SessionMessage | Exception](0)
    to_server, from_session = anyio.create_memory_object_stream[SessionMessage](0)

    async def take(line: bytes) -> None:
        if not line.strip():
            return
        try:
            message = types.jsonrpc_message_adapter.validate_json(line, by_name=False)
        except ValueError:
            child.heard_junk(line)
            return
        await to_session.send(SessionMessage(message))

    async def hear() -> None:
        with suppress(anyio.BrokenResourceError, anyio.ClosedResourceError):
            await child.receive(take)
        await child.ended()
        closed()
        await to_session.aclose()

    async def say() -> None:
        try:
            async for one in from_session:
                await child.send(one.message.model_dump_json(by_alias=True, exclude_unset=True).encode())
        except OSError:
            await to_session.aclose()

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(hear)
        tasks.start_soon(say)
        try:
            yield from_server, to_server
        finally:
            tasks.cancel_scope.cancel()
            for stream in (to_session, from_server, to_server, from_session):
                with anyio.CancelScope(shield=True):
                    await stream.aclose()


@asynccontextmanager
async def over_http(url: str, headers: Mapping[str, str], seen: Seen) -> AsyncIterator[Streams]:
    """Redirects that leave the origin are not followed: headers with keys go nowhere else."""
    async with (
        httpx2.AsyncClient(
            transport=_Bounded(_trusted(url), seen),
            headers={**headers, "Accept-Encoding": "identity"},
            timeout=httpx2.Timeout(_SILENCE_SECONDS, connect=_CONNECT_SECONDS),
            trust_env=False,
        ) as client,
        streamable_http_client(url, http_client=client, max_sse_event_size=LISTING_LINE_BYTES) as streams,
    ):
        yield streams


def _trusted(url: str) -> ssl.SSLContext:
    return usual_authorities() if url.startswith("https:") else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


class _Bounded(httpx2.AsyncHTTPTransport):
    """An answer that is one document has a limit; one that is packed, which could be a bomb, is not read."""

    def __init__(self, trusted: ssl.SSLContext, seen: Seen) -> None:
        super().__init__(verify=trusted)
        self._seen = seen

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        try:
            response = await super().handle_async_request(request)
        except httpx2.TransportError as error:
            self._seen.trouble = _trouble(error)
            raise
        self._seen.status, self._seen.trouble = response.status_code, ""
        packed = response.headers.get("content-encoding", "identity").strip().lower() not in ("", "identity")
        if packed or _length(response) > LISTING_LINE_BYTES:
            await response.aclose()
            self._seen.trouble = "its answer is packed or too long"
            raise httpx2.ReadError(self._seen.trouble, request=request)
        if "text/event-stream" not in response.headers.get("content-type", ""):
            response.stream = _BoundedStream(response.stream, self._seen)
        return response


class _BoundedStream(httpx2.AsyncByteStream):
    def __init__(self, stream: Any, seen: Seen) -> None:
        self._stream = stream
        self._seen = seen

    async def __aiter__(self) -> AsyncIterator[bytes]:
        left = LISTING_LINE_BYTES
        async for piece in self._stream:
            left -= len(piece)
            if left < 0:
                self._seen.trouble = "its answer is too long"
                raise httpx2.ReadError(self._seen.trouble)
            yield piece

    async def aclose(self) -> None:
        await self._stream.aclose()


def _trouble(error: httpx2.TransportError) -> str:
    if isinstance(error, httpx2.ConnectTimeout | httpx2.ReadTimeout):
        return "it does not answer"
    if isinstance(error, httpx2.ConnectError):
        return "it cannot be reached"
    return "the connection broke"


def _length(response: httpx2.Response) -> int:
    length = response.headers.get("content-length", "")
    return int(length) if length.isdigit() else 0
