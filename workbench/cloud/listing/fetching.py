"""Asking a provider for its list of models: the only requests that cost nothing. Bounded, cancellable, never redirected."""

from __future__ import annotations

import ssl
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Final
from urllib.parse import quote, urlsplit

import httpx

from workbench.cancel import CancelToken
from workbench.cloud.asking import CloudError
from workbench.cloud.listing.fetched import MOST_MODELS, ModelList, read_list
from workbench.cloud.protocols import anthropic, failures
from workbench.cloud.protocols.places import check_place, is_this_machine
from workbench.cloud.protocols.speaking import speaking
from workbench.cloud.provider import CloudModel, Dialect, Provider
from workbench.http import make_client, open_stream, usual_authorities
from workbench.sizes import size_words

SILENCE_SECONDS: Final = 20.0
MOST_SECONDS: Final = 60.0
MOST_BYTES: Final = 32 << 20
MOST_PAGES: Final = 20


def fetch_models(
    provider: Provider, key: str, day: str, cancel: CancelToken, tls: ssl.SSLContext | None = None
) -> tuple[CloudModel, ...]:
    """All pages of its list. ``day``: today, ISO; ``tls``: whom to trust, where it is not the usual authorities.

    Sends the key and nothing else that says who asks. Raises as `get`.
    """
    found: dict[str, CloudModel] = {}
    path = _first_path(provider)
    for _page in range(MOST_PAGES):
        listed = _read(get(provider, path, key, cancel, tls), provider, day)
        found |= {model.id: model for model in listed.models if model.id not in found}
        if not listed.next or not listed.models or len(found) >= MOST_MODELS:
            break
        path = _next_path(provider, listed.next)
    return tuple(found.values())[:MOST_MODELS]


def get(provider: Provider, path: str, key: str, cancel: CancelToken, tls: ssl.SSLContext | None = None) -> bytes:
    """What is at ``path`` of the provider's own origin. Raises `CloudError`, `Cancelled`; `RefusedError`, before a byte is
    sent, where that is neither https nor this machine."""
    check_place(provider, provider.base_url)
    local = is_this_machine(urlsplit(provider.base_url).hostname or "")
    trusted = tls or (usual_authorities() if local else None)
    until = time.monotonic() + MOST_SECONDS
    with (
        _free_of_charge(),
        speaking(provider.name, SILENCE_SECONDS),
        make_client(timeout_seconds=SILENCE_SECONDS, keep_alive=False, system_proxy=not local, tls=trusted) as client,
        open_stream(client, "GET", provider.origin + path, cancel, headers=_headers(provider, key)) as response,
    ):
        if response.status_code != httpx.codes.OK:
            raise refusal(provider, response.status_code, response.headers.get("location", ""))
        return _body(response, provider, until)


@contextmanager
def _free_of_charge() -> Iterator[None]:
    """What is told of a question that broke off does not hold for a list."""
    try:
        yield
    except CloudError as error:
        if not error.charged:
            raise
        raise CloudError(
            error.message,
            hint="A list costs nothing. Try again.",
            detail=error.detail,
            steps=error.steps,
            charged=False,
        ) from error


def refusal(provider: Provider, status: int, location: str) -> CloudError:
    """What an answer with a ``status`` other than 200 means; its words are not passed on: a stranger wrote them."""
    if status in (404, 405):
        return CloudError(
            f"{provider.host} has no list of models at {provider.base_url}/models.",
            hint="Is the address right? Many end in /v1.",
            charged=False,
        )
    return failures.refusal(provider.name, status, "", location=location)


def _first_path(provider: Provider) -> str:
    query = "?limit=1000" if provider.dialect is Dialect.ANTHROPIC else ""
    return f"{urlsplit(provider.base_url).path}/models{query}"


def _next_path(provider: Provider, after: str) -> str:
    """Always of the same origin, whatever the list says."""
    if provider.dialect is Dialect.ANTHROPIC:
        return f"{_first_path(provider)}&after_id={quote(after, safe='')}"
    return after


def _headers(provider: Provider, key: str) -> Mapping[str, str]:
    headers = {"Accept": "application/json", "Accept-Encoding": "identity", "User-Agent": "Workbench"}
    if provider.dialect is Dialect.ANTHROPIC:
        return {**headers, "x-api-key": key, "anthropic-version": anthropic.VERSION}
    return {**headers, "Authorization": f"Bearer {key}"}


def _read(content: bytes, provider: Provider, day: str) -> ModelList:
    try:
        return read_list(content, provider, day)
    except ValueError as error:
        raise CloudError(
            f"{provider.name} answers with something that is no list of models.",
            hint="Is the address right? A network that wants a sign-in first answers so, too.",
            charged=False,
        ) from error


def _body(response: httpx.Response, provider: Provider, until: float) -> bytes:
    content = bytearray()
    for piece in response.iter_bytes():
        content += piece
        if len(content) > MOST_BYTES:
            raise CloudError(f"{provider.name} answers with more than {size_words(MOST_BYTES)}: it was not kept.")
        if time.monotonic() > until:
            raise CloudError(f"{provider.name} is too slow: it was given up after {MOST_SECONDS:.0f} seconds.")
    return bytes(content)
