"""An answer on its way: what arrives, as events, with limits on its size, its lines and its silence."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from itertools import chain

import httpx

from workbench.cancel import CancelToken
from workbench.cloud.asking import CloudError
from workbench.cloud.protocols import failures
from workbench.cloud.protocols.answers import AnswerReader, Piece
from workbench.cloud.protocols.clean_pieces import CleanPieces, scrubbed
from workbench.cloud.protocols.counting import usage_of
from workbench.cloud.protocols.scrubbing import Scrubber
from workbench.cloud.provider import Billed, Provider
from workbench.messages import Finish, Finished, StreamEvent, Timings
from workbench.sse import SseDecoder

MOST_EVENT_BYTES = 4 << 20
MOST_BYTES = 64 << 20
MOST_SECONDS = 3600.0
_BLANK = b" \t\r\n\xef\xbb\xbf"


class ProviderReply:
    """A `Reply`. ``stack`` closes the connection. ``started``: when it was asked, on the monotonic clock."""

    def __init__(
        self,
        provider: Provider,
        response: httpx.Response,
        reader: AnswerReader,
        scrub: Scrubber,
        stack: ExitStack,
        cancel: CancelToken,
        started: float,
        silence_seconds: float,
    ) -> None:
        self._provider = provider
        self._response = response
        self._reader = reader
        self._scrub = scrub
        self._stack = stack
        self._cancel = cancel
        self._started = started
        self._silence_seconds = silence_seconds
        self._first: float | None = None

    @property
    def billed(self) -> Billed | None:
        """A count before the word why it ended is none of the end."""
        reader = self._reader
        return None if reader.finish is None and reader.withheld is None else reader.billed

    @property
    def so_far(self) -> Billed | None:
        return self._reader.so_far

    def close(self) -> None:
        self._stack.close()

    def events(self) -> Iterator[StreamEvent]:
        with self._speaking(), self._stack:
            for piece in self._pieces():
                self._cancel.check()
                if self._first is None:
                    self._first = time.monotonic()
                yield piece
            yield Finished(self._ended(), usage_of(self.billed), self._timings())

    def _ended(self) -> Finish:
        self._cancel.check()  # a shut socket may look like a proper end
        if self._reader.withheld is not None:
            raise failures.withheld(self._provider.name, self._reader.withheld)
        if self._reader.finish is None:
            raise failures.cut(self._provider.name)
        return self._reader.finish

    def _pieces(self) -> Iterator[Piece]:
        clean = CleanPieces(self._scrub)
        try:
            yield from clean.of(self._told())
        except CloudError:
            yield from clean.rest()
            raise
        except httpx.TransportError:
            if not self._cancel.cancelled:
                yield from clean.of(self._reader.end())
                yield from clean.rest()
            raise
        yield from clean.of(self._reader.end())
        yield from clean.rest()

    def _told(self) -> Iterator[Piece]:
        kind = self._response.headers.get("content-type", "").lower()
        if "html" in kind:
            raise failures.web_page(self._provider.name)
        chunks = self._chunks()
        beginning = next((chunk for chunk in chunks if chunk.strip(_BLANK)), b"")
        match beginning.lstrip(_BLANK)[:1]:
            case b"<":
                raise failures.web_page(self._provider.name)
            case b"{":
                body = beginning + b"".join(chunks)
                yield from self._reader.whole(self._scrub(body.decode("utf-8", "replace")))
            case _:
                yield from self._streamed(beginning, chunks)

    def _streamed(self, beginning: bytes, chunks: Iterator[bytes]) -> Iterator[Piece]:
        decoder = SseDecoder(MOST_EVENT_BYTES)
        for chunk in chain((beginning,), chunks):
            for payload in self._payloads(decoder, chunk):
                yield from self._reader.read(self._scrub(payload))
                if self._reader.done:
                    return

    def _payloads(self, decoder: SseDecoder, chunk: bytes) -> list[str]:
        try:
            return decoder.feed(chunk)
        except ValueError as error:
            raise failures.too_large(self._provider.name) from error

    def _chunks(self) -> Iterator[bytes]:
        size = 0
        for chunk in self._response.iter_bytes():
            size += len(chunk)
            if size > MOST_BYTES or time.monotonic() - self._started > MOST_SECONDS:
                raise failures.too_large(self._provider.name)
            yield chunk

    def _timings(self) -> Timings:
        first = None if self._first is None else self._first - self._started
        return Timings(first, None, None, time.monotonic() - self._started)

    @contextmanager
    def _speaking(self) -> Iterator[None]:
        """Translates what fails within an answer: what came before stays."""
        name = self._provider.name
        try:
            yield
        except CloudError as error:
            raise scrubbed(error, self._scrub) from None
        except httpx.TimeoutException as error:
            raise failures.silent(name, self._silence_seconds, begun=self._first is not None) from error
        except httpx.TransportError as error:
            raise failures.cut(name, str(error), begun=self._first is not None) from error
        except (httpx.HTTPError, httpx.StreamError) as error:
            raise failures.unreadable(name, type(error).__name__) from error
