"""Asking a search: one request to one address, bounded, and what goes wrong with it in words."""

from __future__ import annotations

import json
import time
from typing import Final

import httpx

from workbench.cancel import CancelToken
from workbench.engine.remote.connecting import make_remote_client
from workbench.errors import ToolError
from workbench.http import open_stream
from workbench.sizes import size_words
from workbench.tools.web.search import Hit, Provider, best
from workbench.tools.web.unpacking import TooLargeError, unpacked
from workbench.web.network import Resolve, look_up

SILENCE_SECONDS: Final = 15.0
MOST_SECONDS: Final = 30.0
MOST_BYTES: Final = 4 << 20
_PIECE: Final = 1 << 16
_SETTINGS: Final = "Settings, Web search, says who is asked."


def search(
    provider: Provider, key: str | None, query: str, cancel: CancelToken, *, resolve: Resolve = look_up
) -> tuple[Hit, ...]:
    """What the provider finds for ``query``; empty for nothing.

    Sends the query, the key, and nothing else that says who asks. Raises `ToolError` with a plain sentence for whatever the
    other side does, `RefusedError` before a byte is sent where plain http would reach the internet, `Cancelled`.
    """
    answer = _asked(provider, key, query, cancel, resolve)
    try:
        return best(provider.found(json.loads(answer)))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise _unreadable(provider) from error


def _asked(provider: Provider, key: str | None, query: str, cancel: CancelToken, resolve: Resolve) -> bytes:
    asked = provider.asked(query)
    headers = {"Accept": "application/json", "User-Agent": "Workbench", **provider.headers(key)}
    until = time.monotonic() + MOST_SECONDS
    try:
        with (
            make_remote_client(provider.address, None, SILENCE_SECONDS, resolve) as client,
            open_stream(
                client, asked.method, provider.address.base_url + asked.path, cancel, headers=headers, json=asked.body
            ) as response,
        ):
            if response.status_code != httpx.codes.OK:
                raise _refusal(provider, response.status_code)
            return _read(provider, response, until)
    except httpx.TimeoutException as error:
        raise ToolError(f"{provider.title} does not answer.", detail=str(error)) from error
    except (httpx.HTTPError, httpx.StreamError, httpx.InvalidURL) as error:
        raise ToolError(
            f"{provider.title} cannot be reached at {provider.host}.",
            hint="Is this computer connected? The answer goes on without it.",
            detail=str(error),
        ) from error


def _read(provider: Provider, response: httpx.Response, until: float) -> bytes:
    """The whole body."""
    content = bytearray()
    for piece in response.iter_raw(_PIECE):
        content += piece
        if len(content) > MOST_BYTES:
            raise _too_large(provider)
        if time.monotonic() > until:
            raise ToolError(f"{provider.title} is too slow: it was given up after {MOST_SECONDS:.0f} seconds.")
    try:
        return unpacked(bytes(content), response.headers.get("content-encoding", ""), MOST_BYTES)
    except TooLargeError as error:
        raise _too_large(provider) from error
    except ValueError as error:
        raise _unreadable(provider) from error


def _refusal(provider: Provider, status: int) -> ToolError:
    """What an answer with a ``status`` other than 200 means; its words are not passed on: a stranger wrote them."""
    if 300 <= status < 400:
        return ToolError(f"{provider.title} sends its visitors to another address, which was not asked.")
    if status == 403 and not provider.wants_key:
        return ToolError(
            f"{provider.title} at {provider.host} does not answer in JSON.",
            hint="In its settings.yml, list json below search: formats.",
        )
    if status in (401, 403, 422) and provider.wants_key:
        return ToolError(f"{provider.title} refuses the key.", hint=f"Give it anew. {_SETTINGS}")
    if status in (402, 432, 433):
        return ToolError(f"What your plan at {provider.title} pays for is used up.", hint=_SETTINGS)
    if status == 429:
        return ToolError(f"{provider.title} was asked too often.", hint="Try again in a minute.")
    if status == 404:
        return ToolError(f"There is no {provider.title} at {provider.host}.", hint=_SETTINGS)
    return ToolError(f"{provider.title} answers with an error (HTTP {status}).", hint="Try again later.")


def _too_large(provider: Provider) -> ToolError:
    return ToolError(f"{provider.title} answers with more than {size_words(MOST_BYTES)}: it was not kept.")


def _unreadable(provider: Provider) -> ToolError:
    return ToolError(f"{provider.title} answers with something that is no search result.", hint=_SETTINGS)
