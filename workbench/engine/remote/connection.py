"""One server on another machine, as it is asked: JSON questions with bounds, and streams."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx

from workbench.cancel import CancelToken
from workbench.engine.remote.address import Address
from workbench.engine.remote.connecting import make_remote_client
from workbench.engine.remote.errors import ServerError
from workbench.engine.remote.failures import parsed, refusal, speaking, unreadable
from workbench.http import open_stream
from workbench.sse import SseDecoder
from workbench.web.network import Resolve, look_up

ASK_SECONDS = 15.0
# The first token may wait for a model of a hundred gigabytes to be loaded there.
SILENCE_SECONDS = 600.0
MOST_JSON_BYTES = 8 << 20
MOST_STREAM_BYTES = 256 << 20


@dataclass(frozen=True, slots=True)
class Connection:
    """Holds no connection between calls. ``key`` is sent to this address only."""

    address: Address
    key: str | None = field(default=None, repr=False)
    resolve: Resolve = field(default=look_up, repr=False)
    silence_seconds: float = SILENCE_SECONDS

    @property
    def who(self) -> str:
        return self.address.destination

    def ask(
        self, path: str, cancel: CancelToken, body: Mapping[str, Any] | None = None, seconds: float = ASK_SECONDS
    ) -> dict[str, Any]:
        """The JSON object at ``path``; ``body`` is posted. Raises `ServerError`, `RefusedError`, `Cancelled`."""
        with speaking(self.who), make_remote_client(self.address, self.key, seconds, self.resolve) as client:
            method = "GET" if body is None else "POST"
            url = self.address.base_url + path
            with open_stream(client, method, url, cancel, json=None if body is None else dict(body)) as response:
                text = self._read(response, time.monotonic() + seconds)
            if response.status_code != httpx.codes.OK:
                raise refusal(self.who, response.status_code, text, response.headers.get("location", ""))
            answer = parsed(text)
        if not isinstance(answer, dict):
            raise unreadable(self.who, text[:300])
        return answer

    def stream(self, path: str, body: Mapping[str, Any], cancel: CancelToken) -> Iterator[str]:
        """The payloads of a stream, up to ``[DONE]``; of a server that cannot stream, its one answer."""
        with (
            speaking(self.who),
            make_remote_client(self.address, self.key, self.silence_seconds, self.resolve) as client,
            open_stream(client, "POST", self.address.base_url + path, cancel, json=dict(body)) as response,
        ):
            if response.status_code != httpx.codes.OK:
                text = self._read(response, time.monotonic() + ASK_SECONDS)
                raise refusal(self.who, response.status_code, text, response.headers.get("location", ""))
            kind = response.headers.get("content-type", "")
            if "text/event-stream" in kind:
                yield from self._payloads(response)
            elif "json" in kind:
                yield self._read(response, time.monotonic() + self.silence_seconds)
            else:
                raise unreadable(self.who, f"Content-Type: {kind[:100]}")
            cancel.check()

    def _payloads(self, response: httpx.Response) -> Iterator[str]:
        decoder, size, heard = SseDecoder(), 0, time.monotonic()
        for chunk in response.iter_raw():
            size += len(chunk)
            if size > MOST_STREAM_BYTES:
                raise ServerError(f"{self.who} does not end its answer.")
            payloads = decoder.feed(chunk)
            if payloads:
                heard = time.monotonic()
            elif time.monotonic() - heard > self.silence_seconds:  # signs of life, and nothing else
                raise ServerError(f"{self.who} has not answered for a long time.")
            for payload in payloads:
                if payload.strip() == "[DONE]":
                    return
                yield payload

    def _read(self, response: httpx.Response, deadline: float) -> str:
        """The whole body. It must not be packed: a small one could become too large."""
        if response.headers.get("content-encoding", "identity") != "identity":
            raise unreadable(self.who, "Content-Encoding")
        pieces, size = [], 0
        for chunk in response.iter_raw():
            pieces.append(chunk)
            size += len(chunk)
            if size > MOST_JSON_BYTES:
                raise unreadable(self.who, f"more than {MOST_JSON_BYTES} bytes")
            if time.monotonic() > deadline:
                raise ServerError(f"{self.who} is too slow.")
        return b"".join(pieces).decode("utf-8", "replace")
