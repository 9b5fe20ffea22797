"""One server of tools that was started or reached, and what it is asked. For the island only."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from workbench.errors import ToolError
from workbench.tools.servers.child import Child, Launch
from workbench.tools.servers.definition import Definition
from workbench.tools.servers.hidden import without_hidden
from workbench.tools.servers.limits import Limits
from workbench.tools.servers.lines import LINE_BYTES, LISTING_LINE_BYTES

if TYPE_CHECKING:
    from pathlib import Path

    from mcp.client.client import Client

    from workbench.tools.servers.transports import Seen, Streams

MOST_TOOLS = 200
_MOST_PAGES = 100
_CLOSE_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Listing:
    """``tools``: as the protocol's JSON has them, at most `MOST_TOOLS`. ``more``: it has others."""

    tools: tuple[Mapping[str, Any], ...]
    more: bool
    about: str


class Connection:
    """``definition`` has no references left. ``on_changed`` is called when the server says that its tools are others."""

    def __init__(
        self, name: str, definition: Definition, log: Path, limits: Limits, on_changed: Callable[[], None]
    ) -> None:
        self.name = name
        self._definition = definition
        self._limits = limits
        self._on_changed = on_changed
        self._child = Child(name, log) if definition.is_program else None
        self._seen: Seen | None = None
        self._client: Client | None = None
        self._stop = asyncio.Event()
        self._is_ending = False
        self._life: asyncio.Task[None] | None = None

    @property
    def alive(self) -> bool:
        return self._client is not None and not self._stop.is_set()

    @property
    def cause(self) -> str:
        """Why a program ended; empty while it lives, and of an address."""
        return self._child.end_cause if self._child is not None else ""

    async def open(self, launch: Launch | None) -> Listing:
        """Start or reach it, and hear what it offers. Raises `ToolError`; then it has been ended."""
        ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._life = asyncio.create_task(self._live(launch, ready))
        try:
            async with asyncio.timeout(self._limits.start):
                await ready
                return await self.list_tools()
        except TimeoutError:
            late = f"{self.name} did not get ready within {self._limits.start:g} s."
            if self._child is not None:
                self._child.end_cause = late
            await self.close()
            raise ToolError(late) from None
        except BaseException:
            await self.close()
            raise

    async def list_tools(self) -> Listing:
        """Raises `ToolError`."""
        client = self._speaking()
        found: list[Mapping[str, Any]] = []
        cursor: str | None = None
        if client.server_capabilities.tools is None:
            return Listing((), more=False, about=_about(client))
        with _LongLines(self._child), _Telling(self._told):
            for _page in range(_MOST_PAGES):
                page = await client.list_tools(cursor=cursor)
                found += [tool.model_dump(by_alias=True, mode="json", exclude_none=True) for tool in page.tools]
                cursor = page.next_cursor
                if not cursor or len(found) > MOST_TOOLS:
                    break
        return Listing(tuple(found[:MOST_TOOLS]), more=bool(cursor) or len(found) > MOST_TOOLS, about=_about(client))

    async def call(self, tool: str, arguments: Mapping[str, Any], tell: Callable[[str], None]) -> Mapping[str, Any]:
        """The result, as the protocol's JSON has it. A program that says nothing for so long is ended.

        Raises `ToolError`.
        """
        client, silence = self._speaking(), self._limits.call
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(silence) as patience:

                async def heard(progress: float, total: float | None, message: str | None) -> None:
                    patience.reschedule(loop.time() + silence)
                    tell(_progress(progress, total, message))

                with _Telling(self._told):
                    result = await client.call_tool(tool, dict(arguments), progress_callback=heard)
                    return result.model_dump(by_alias=True, mode="json", exclude_none=True)
        except TimeoutError:
            if self._child is not None:
                self._child.end_cause = f"{self.name} did not answer for {silence:g} s and was ended."
                await self.close()
                raise ToolError(self._child.end_cause) from None
            raise ToolError(f"{self.name} did not answer for {silence:g} s.") from None

    async def close(self) -> None:
        """End it, and wait until it is gone. Safe to call twice."""
        self._stop.set()
        life = self._life
        if life is not None and not life.done():
            if self._client is not None or self._is_ending:
                await asyncio.wait({life}, timeout=_CLOSE_SECONDS)
            life.cancel()  # it has not even begun to speak, or does not end
            with suppress(asyncio.CancelledError):
                await asyncio.wait({life}, timeout=_CLOSE_SECONDS)
        self._client = None

    def tail(self, lines: int) -> str:
        """What a program said last on standard error."""
        return self._child.tail.text(lines) if self._child is not None else ""

    # Its life ------------------------------------------------------------------------------------------------------

    async def _live(self, launch: Launch | None, ready: asyncio.Future[None]) -> None:
        from mcp.client.client import Client
        from mcp_types import Implementation

        from workbench import __version__

        try:
            if self._child is not None and launch is not None:
                await self._child.start(launch)
            client = Client(
                self._streams(),
                cache=None,
                client_info=Implementation(name="workbench", version=__version__),
                message_handler=self._heard,
            )
            async with client:
                # By itself the library checks results against schemas whose patterns a server may make endless.
                client.session.validate_tool_result = _as_it_is  # type: ignore[assignment,method-assign]
                self._client = client
                ready.set_result(None)
                await self._stop.wait()
        except asyncio.CancelledError:
            raise
        except BaseException as error:  # noqa: BLE001 - whatever the library raises is told to who waits
            if not ready.done():
                ready.set_exception(self._told(error))
        finally:
            self._client, self._is_ending = None, True
            if self._child is not None:
                await self._child.stop()
            if not ready.done():
                ready.cancel()

    @asynccontextmanager
    async def _streams(self) -> AsyncIterator[Streams]:
        from workbench.tools.servers import transports

        opened: AbstractAsyncContextManager[Streams]
        if self._child is not None:
            opened = transports.over_pipes(self._child, self._stop.set)
        else:
            self._seen = transports.Seen()
            opened = transports.over_http(self._definition.url, dict(self._definition.headers), self._seen)
        async with opened as streams:
            yield streams

    async def _heard(self, message: Any) -> None:
        from mcp_types import ToolListChangedNotification

        if isinstance(getattr(message, "root", message), ToolListChangedNotification):
            self._on_changed()

    def _speaking(self) -> Client:
        if self._client is None or self._stop.is_set():
            raise ToolError(self.cause or f"{self.name} does not run.")
        return self._client

    # What goes wrong ------------------------------------------------------------------------------------------------

    def _told(self, error: BaseException) -> ToolError:
        """In a sentence."""
        while isinstance(error, BaseExceptionGroup):
            error = error.exceptions[0]
        if isinstance(error, ToolError):
            return error
        if cause := self.cause:
            return ToolError(cause)
        return ToolError(_sentence(self.name, error, self._seen), detail=type(error).__name__)


class _LongLines:
    """In this block a message of a child may be as long as a listing."""

    def __init__(self, child: Child | None) -> None:
        self._child = child

    def __enter__(self) -> None:
        if self._child is not None:
            self._child.lines.most = LISTING_LINE_BYTES

    def __exit__(self, *_: object) -> None:
        if self._child is not None:
            self._child.lines.most = LINE_BYTES


class _Telling:
    """Turns what the library raises into a `ToolError`."""

    def __init__(self, told: Callable[[BaseException], ToolError]) -> None:
        self._told = told

    def __enter__(self) -> None: ...

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if isinstance(error, Exception) and not isinstance(error, TimeoutError):
            raise self._told(error) from error


_STATUS = {
    401: "wants a key that it was not given, or another one",
    403: "does not let this key in",
    404: "has no server of tools at this address",
    405: "has no server of tools at this address",
    429: "has been asked too often",
}


def _sentence(name: str, error: BaseException, seen: Seen | None) -> str:
    from mcp.shared.exceptions import MCPError
    from mcp_types import PARSE_ERROR

    if seen is not None and seen.trouble:
        return f"{name} did not answer: {seen.trouble}."
    if seen is not None and seen.status >= 400:
        said = _STATUS.get(seen.status, "refuses")
        return f"{name} {said} (HTTP {seen.status})."
    if isinstance(error, MCPError) and error.code != PARSE_ERROR:
        return _answered(name, " ".join(without_hidden(error.message)[0].split())[:500])
    return f"{name} said what is no answer of this protocol."


def _answered(name: str, message: str) -> str:
    """The library's own words for what is no answer are put as ours."""
    if message.startswith("Unexpected content type"):
        return f"{name} has no server of tools at this address: it answers with {message.partition(': ')[2]}."
    if message.startswith("Redirect to"):
        return f"{name} leads elsewhere, which is not followed: {message.split()[2]}"
    return f"{name} answered: {message}"


def _about(client: Client) -> str:
    info = client.server_info
    return "" if info is None else f"{info.name} {info.version}"[:200]


def _progress(progress: float, total: float | None, message: str | None) -> str:
    return message[:200] if message else f"{progress:g}" + (f" of {total:g}" if total else "")


async def _as_it_is(_name: str, _result: Any) -> None:
    """What a server answers is words to the model, whatever it promised."""
