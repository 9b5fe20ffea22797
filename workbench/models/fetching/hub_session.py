"""Calls of `huggingface_hub` that end in time, can be cancelled, and fail in words.

By itself that library waits without limit, takes answers of any length into memory, keeps connections, and follows
redirects to unencrypted addresses.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import Protocol

import httpx2
from huggingface_hub import HfApi, set_client_factory
from huggingface_hub.errors import (
    GatedRepoError,
    HfHubHTTPError,
    HFValidationError,
    RepositoryNotFoundError,
    RevisionNotFoundError,
)

from workbench.cancel import CancelToken
from workbench.errors import Cancelled, DownloadError, UsageError
from workbench.http import Wire
from workbench.models.fetching.transfer import (
    BUSY_STATUSES,
    TransientDownloadError,
    busy,
    connection_failure,
    retry_after_seconds,
)

SILENCE_SECONDS = 10.0  # of the hub, within a call
CALL_SECONDS = 30.0  # of a whole call: a listing has a few kilobytes
MOST_BYTES = 32 << 20  # of an answer: a repository with 50,000 files is told in less

# What that library fails with over anything but a hub's answer.
_NO_HUBS_ANSWER = (
    httpx2.HTTPError, httpx2.InvalidURL, ValueError, KeyError, TypeError, AttributeError, RecursionError,
)  # fmt: skip

_call: ContextVar[tuple[Wire, str] | None] = ContextVar("hub_call", default=None)  # its connection and its scheme


class AskedHub(Protocol):
    """As `hub.Hub`: where it is, as whom it is asked, and its sentences."""

    @property
    def endpoint(self) -> str: ...

    def token(self) -> str | None: ...

    def page(self, repository: str) -> str: ...

    def refusal(self, repository: str) -> DownloadError: ...


@contextmanager
def asking(hub: AskedHub, repository: str, revision: str | None, cancel: CancelToken) -> Iterator[HfApi]:
    """In this block the API may be called: the block ends within `CALL_SECONDS`, or as soon as it is cancelled.

    Raises `DownloadError` with what the hub's answer means, `UsageError` for a name it finds impossible, `Cancelled`.
    """
    _use_our_client()
    cancel.check()
    wire = Wire()
    late = threading.Event()

    def end() -> None:
        late.set()
        wire.shut()

    deadline = threading.Timer(CALL_SECONDS, end)
    token = _call.set((wire, httpx2.URL(hub.endpoint).scheme))
    deadline.start()
    try:
        with cancel.unblocks(wire.shut), _speaking_hub_errors(hub, repository, revision):
            yield HfApi(endpoint=hub.endpoint, token=hub.token() or False)
    except DownloadError as error:
        if cancel.cancelled:  # what failed after the shutdown failed because of it
            raise Cancelled from error
        if late.is_set():
            raise TransientDownloadError(f"{_host(hub)} took too long to answer.", detail=error.detail) from error
        raise
    finally:
        deadline.cancel()
        deadline.join()
        _call.reset(token)


@cache
def _use_our_client() -> None:
    set_client_factory(_client)


def _client() -> httpx2.Client:
    return httpx2.Client(
        event_hooks={"request": [_watch], "response": [_bound]},
        follow_redirects=True,
        timeout=SILENCE_SECONDS,
        limits=httpx2.Limits(max_keepalive_connections=0),
    )


def _watch(request: httpx2.Request) -> None:
    """Before each request, also one that follows a redirect: let its connection be shut from another thread."""
    if call := _call.get():
        wire, scheme = call
        if scheme == "https" != request.url.scheme:
            raise httpx2.UnsupportedProtocol("The hub redirects to an address without encryption.")
        request.extensions = {**request.extensions, "trace": wire.trace}
    request.headers["Accept-Encoding"] = "identity"


def _bound(response: httpx2.Response) -> None:
    """Before a body is read: what is packed could grow without limit, so it is not taken; nor is too much."""
    if response.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise httpx2.DecodingError("The hub's answer is packed, which was not asked for.")
    if isinstance(response.stream, httpx2.SyncByteStream):
        response.stream = _Bounded(response.stream)


class _Bounded(httpx2.SyncByteStream):
    """A body that ends in an error where it has become too long for an answer."""

    def __init__(self, body: httpx2.SyncByteStream) -> None:
        self._body = body

    def __iter__(self) -> Iterator[bytes]:
        count = 0
        for block in self._body:
            count += len(block)
            if count > MOST_BYTES:
                raise httpx2.DecodingError(f"The hub's answer is longer than {MOST_BYTES} bytes.")
            yield block

    def close(self) -> None:
        self._body.close()


@contextmanager
def _speaking_hub_errors(hub: AskedHub, repository: str, revision: str | None) -> Iterator[None]:
    host = _host(hub)
    try:
        yield
    except HFValidationError as error:
        raise UsageError(f"{repository} cannot be a hub repository.", detail=str(error)) from error
    except HfHubHTTPError as error:
        raise _refusal(error, hub, repository, revision) from error
    except httpx2.ConnectError as error:
        raise connection_failure(host, error) from error
    except httpx2.TimeoutException as error:
        raise TransientDownloadError(f"{host} stopped answering.", detail=repr(error)) from error
    except httpx2.TransportError as error:
        raise TransientDownloadError(f"The connection to {host} broke off.", detail=repr(error)) from error
    except _NO_HUBS_ANSWER as error:
        raise TransientDownloadError(
            f"{host} sent an answer that is not a hub's.",
            hint="A network's log-in page, perhaps. Check HF_ENDPOINT if you set it.",
            detail=repr(error),
        ) from error


def _refusal(error: HfHubHTTPError, hub: AskedHub, repository: str, revision: str | None) -> DownloadError:
    """What the hub's status and error code mean."""
    host, status = _host(hub), error.response.status_code
    if isinstance(error, GatedRepoError):
        return hub.refusal(repository)
    if isinstance(error, RepositoryNotFoundError):
        hint = f"Check the name at {hub.page(repository)}. A private one needs your token: set HF_TOKEN."
        return DownloadError(f"{host} has no repository {repository}.", hint=hint, detail=str(error))
    if isinstance(error, RevisionNotFoundError):
        return DownloadError(f"{repository} has no commit or branch {revision}.", detail=str(error))
    if status in (401, 403):
        return hub.refusal(repository)
    if status in BUSY_STATUSES:
        wait = retry_after_seconds(error.response.headers.get("Retry-After"), time.time())
        return busy(host, status, wait)
    return DownloadError(f"{host} does not give out {repository} (status {status}).", detail=str(error))


def _host(hub: AskedHub) -> str:
    return httpx2.URL(hub.endpoint).host
