"""Fetching from the public web at a person's word: bounded, cancellable, and never from the own network.

An address in an answer was written by a model, perhaps after reading a hostile page: it must not reach the router, another
computer here or a cloud machine's own services. So each host, of each redirect too, is looked up and must be public.
"""

from __future__ import annotations

import ipaddress
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial
from urllib.parse import urljoin, urlsplit

import httpx

from workbench.cancel import CancelToken
from workbench.errors import DownloadError, RefusedError
from workbench.http import make_client, open_stream
from workbench.sizes import size_words
from workbench.web.network import CheckedTransport, Resolve, look_up

MOST_REDIRECTS = 5
SECONDS = 20.0
MOST_SECONDS = 60.0
_REDIRECTS = (301, 302, 303, 307, 308)
_PIECE = 1 << 16
_TRANSLATED = ipaddress.ip_network("64:ff9b::/96")
_HIDING = tuple(ipaddress.ip_network(one) for one in ("64:ff9b:1::/48", "2002::/16", "2001::/32"))  # an IPv4 inside

IsPublic = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Fetched:
    """``url``: where it was in the end. ``media_type``, ``charset``: as its server says. ``encoding``: how the content is
    packed all the same, empty where it is not."""

    url: str
    media_type: str
    content: bytes
    charset: str = ""
    encoding: str = ""


def is_public(ip: str) -> bool:
    """Whether anybody on the internet may reach this address. False for what is no IP address."""
    try:
        address = ipaddress.ip_address(ip.partition("%")[0])
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv6Address):
        if address in _TRANSLATED:  # what such a network reaches IPv4 by: the address itself stands at its end
            address = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        elif address.ipv4_mapped is not None:
            address = address.ipv4_mapped
        elif any(address in network for network in _HIDING):
            return False
    return address.is_global and not address.is_multicast


def fetch(
    url: str,
    cancel: CancelToken,
    *,
    most_bytes: int,
    accept: str = "*/*",
    resolve: Resolve = look_up,
    public: IsPublic = is_public,
) -> Fetched:
    """What is at a public http or https address, after at most five redirects. Sends no cookie, no referrer.

    Raises `RefusedError` for another scheme, a name and password in it, or an address that is not public; `DownloadError`
    with a plain sentence for what the other side does wrong, for more than ``most_bytes`` and after a minute; `Cancelled`.
    """
    transport = CheckedTransport(partial(_only_public, public), resolve)
    headers = {"Accept": accept, "Accept-Encoding": "identity", "User-Agent": "Workbench"}
    with make_client(headers=headers, timeout_seconds=SECONDS, keep_alive=False, transport=transport) as client:
        for _ in range(MOST_REDIRECTS + 1):
            check_address(url)
            found = _one(client, url, cancel, most_bytes)
            if isinstance(found, Fetched):
                return found
            url = urljoin(url, found)
    raise DownloadError(f"{_host(url)} sends in circles: more than {MOST_REDIRECTS} redirects.")


def check_address(url: str) -> None:
    """Raises `RefusedError` for what is no plain web address."""
    try:
        parts = urlsplit(url)
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.username is None
        _ = parts.port
    except ValueError:
        good = False
    if not good:
        raise RefusedError(f"This is no plain web address: {url[:200]}", hint="Nothing was fetched.")


def _one(client: httpx.Client, url: str, cancel: CancelToken, most_bytes: int) -> Fetched | str:
    """The content, or where it is instead."""
    try:
        with _asked(client, url, cancel) as answer:
            if answer.status_code in _REDIRECTS and "location" in answer.headers:
                return answer.headers["location"]
            if answer.status_code != 200:
                raise DownloadError(
                    f"{_host(url)} answered {answer.status_code} {answer.reason_phrase}.".replace(" .", ".")
                )
            media_type = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
            encoding = answer.headers.get("content-encoding", "").strip().lower()
            return Fetched(url, media_type, _read(answer, url, most_bytes), answer.charset_encoding or "", encoding)
    except (httpx.HTTPError, httpx.StreamError, httpx.InvalidURL) as error:
        raise DownloadError(f"{_host(url)} cannot be reached.", detail=str(error)) from error


def _asked(client: httpx.Client, url: str, cancel: CancelToken) -> AbstractContextManager[httpx.Response]:
    return open_stream(client, "GET", url, cancel)


def _read(answer: httpx.Response, url: str, most_bytes: int) -> bytes:
    content, until = bytearray(), time.monotonic() + MOST_SECONDS
    for piece in answer.iter_raw(_PIECE):
        content += piece
        if time.monotonic() > until:
            raise DownloadError(f"{_host(url)} is too slow: it was given up after a minute.")
        if len(content) > most_bytes:
            raise DownloadError(
                f"What {_host(url)} sends is larger than {size_words(most_bytes)}.", hint="It was not kept."
            )
    return bytes(content)


def _only_public(public: IsPublic, host: str, found: Sequence[str]) -> Sequence[str]:
    """Raises `RefusedError` where any of a host's addresses is not public: a name of both kinds is a trick."""
    if not all(public(ip) for ip in found):
        raise RefusedError(f"{host} is an address of this computer's own network.", hint="Nothing was fetched from it.")
    return found


def _host(url: str) -> str:
    return urlsplit(url).hostname or url[:80]
