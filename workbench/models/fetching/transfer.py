"""One HTTP request of a download: redirects followed with care, and every failure told in one plain sentence."""

from __future__ import annotations

import email.utils
import socket
import ssl
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

import httpx

from workbench.cancel import CancelToken
from workbench.errors import DownloadError, causes_of
from workbench.http import open_stream

MAX_REDIRECTS = 10
LONGEST_RETRY_AFTER_SECONDS = 3600.0
BUSY_STATUSES = frozenset({408, 425, 429, 500, 502, 503, 504})


class TransientDownloadError(DownloadError):
    """Worth another try by itself. ``retry_after``: seconds the server asked for, at most an hour."""

    def __init__(self, message: str, *, hint: str = "", detail: str = "", retry_after: float | None = None) -> None:
        super().__init__(message, hint=hint, detail=detail)
        self.retry_after = retry_after


class AccessRefusedError(DownloadError):
    """The server wants to know who asks, or does not let them (401, 403)."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """An `Authorization` header that belongs to one origin and never goes to another."""

    origin: str
    header: str = field(repr=False)

    def headers_for(self, url: httpx.URL) -> Mapping[str, str]:
        return {"Authorization": self.header} if origin(url) == self.origin else {}


def origin(url: httpx.URL) -> str:
    """Scheme, host and port, without credentials."""
    port = url.port or {"https": 443, "http": 80}.get(url.scheme)
    return f"{url.scheme}://{url.host}:{port}"


@contextmanager
def open_following(
    client: httpx.Client,
    url: str,
    cancel: CancelToken,
    headers: Mapping[str, str],
    credentials: Credentials | None = None,
) -> Iterator[httpx.Response]:
    """The response to a GET after its redirects, body unread; any status but a redirect.

    Raises `DownloadError`, also for what goes wrong while the block reads the body, and `Cancelled`.
    """
    current = _address(url)
    seen: set[httpx.URL] = set()
    while True:
        if current in seen or len(seen) > MAX_REDIRECTS:
            raise TransientDownloadError(
                f"{current.host} sends the download around in circles.", hint="Try again later, or use another source."
            )
        seen.add(current)
        sent = {**headers, **(credentials.headers_for(current) if credentials else {})}
        with (
            speaking_download_errors(current.host),
            open_stream(client, "GET", str(current), cancel, headers=sent) as r,
        ):
            if not r.has_redirect_location:
                yield r
                return
            current = _next_address(current, r.headers["Location"])


def _address(url: str) -> httpx.URL:
    try:
        address = httpx.URL(url)
    except (httpx.InvalidURL, TypeError) as error:
        raise DownloadError("The address of the download is not valid.") from error
    if address.scheme not in ("http", "https") or not address.host:
        raise DownloadError("The address of the download is not a web address.")
    return address


def _next_address(current: httpx.URL, location: str) -> httpx.URL:
    try:
        target = current.join(location)
    except httpx.InvalidURL as error:
        raise DownloadError(f"{current.host} sends the download to an address that is not valid.") from error
    if target.scheme not in ("http", "https") or not target.host:
        raise DownloadError(f"{current.host} sends the download to an address that is not a web address.")
    if current.scheme == "https" and target.scheme == "http":
        raise DownloadError(
            f"{current.host} sends the download to {target.host} without encryption, so it was not followed.",
            hint="Use another network or source; this can be a sign that somebody interferes.",
        )
    return target.copy_with(fragment=None)


@contextmanager
def speaking_download_errors(host: str) -> Iterator[None]:
    """Turn httpx's exceptions into sentences that name ``host`` and nothing secret."""
    try:
        yield
    except httpx.TimeoutException as error:
        raise TransientDownloadError(f"{host} stopped answering.", detail=repr(error)) from error
    except httpx.ProxyError as error:
        hint = "Check the proxy settings (HTTPS_PROXY, NO_PROXY)."
        raise DownloadError(f"The proxy refused the way to {host}.", hint=hint, detail=type(error).__name__) from error
    except httpx.ConnectError as error:
        raise connection_failure(host, error) from error
    except (httpx.TransportError, httpx.StreamError) as error:
        raise TransientDownloadError(f"The connection to {host} broke off.", detail=repr(error)) from error
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise DownloadError(f"{host} could not be asked: {type(error).__name__}.", detail=repr(error)) from error


def connection_failure(host: str, error: Exception) -> DownloadError:
    """What kept httpx, or a relative of it, from connecting to ``host``."""
    causes = list(causes_of(error))
    detail = repr(error)
    if any(isinstance(cause, ssl.SSLError) for cause in causes):
        return DownloadError(
            f"The secure connection to {host} could not be trusted.",
            hint="Check this machine's date. In a company network, point SSL_CERT_FILE to its certificates.",
            detail=detail,
        )
    if any(isinstance(cause, socket.gaierror) for cause in causes):
        return TransientDownloadError(f"{host} could not be found: no connection, or no name service.", detail=detail)
    if any(isinstance(cause, ConnectionRefusedError) for cause in causes):
        return TransientDownloadError(f"{host} refuses connections.", detail=detail)
    return TransientDownloadError(f"{host} cannot be reached.", detail=detail)


def refuse_status(response: httpx.Response) -> None:
    """Raise the `DownloadError` that fits a status other than success; the body is not read."""
    status, host = response.status_code, response.url.host
    if status < 400:
        return
    if status in BUSY_STATUSES:
        raise busy(host, status, retry_after_seconds(response.headers.get("Retry-After"), time.time()))
    if status in (401, 403, 407):
        hint = "Check that you may use this source, and its user name and password."
        raise AccessRefusedError(f"{host} refuses access to the file (status {status}).", hint=hint)
    if status in (404, 410):
        raise DownloadError(f"{host} does not have the file (status {status}).", hint="Update Workbench and try again.")
    raise DownloadError(f"{host} answered with status {status}.")


def busy(host: str, status: int, wait: float | None) -> TransientDownloadError:
    """The error for a server that may answer later; ``wait``: seconds it asks for, if it does."""
    asks = f" and asks to wait {_duration(wait)}" if wait else ""
    return TransientDownloadError(f"{host} is busy (status {status}){asks}.", retry_after=wait)


def retry_after_seconds(value: str | None, now: float) -> float | None:
    """Seconds of a `Retry-After` header (a number or a date; ``now`` in seconds since the epoch), at most an hour."""
    if not value:
        return None
    if value.strip().isascii() and value.strip().isdigit():
        seconds = float(value.strip()[:12])
    else:
        try:
            seconds = email.utils.parsedate_to_datetime(value).timestamp() - now
        except (ValueError, TypeError, OverflowError):
            return None
    return min(max(seconds, 0.0), LONGEST_RETRY_AFTER_SECONDS)


def _duration(seconds: float) -> str:
    return f"{seconds:.0f} seconds" if seconds < 120 else f"{seconds / 60:.0f} minutes"
