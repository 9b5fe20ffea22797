"""The header of a GGUF file on a server: its first megabytes are asked for, in a few requests of growing size.

A header is between a hundred kilobytes and some sixteen megabytes long, and says so only as it is read. What the server
sends is never more than asked for and never trusted: a wrong place, another file or a web page is a typed error.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

import httpx

from workbench.cancel import CancelToken
from workbench.errors import DownloadError
from workbench.models.fetching.download import RemoteFile
from workbench.models.fetching.transfer import TransientDownloadError, open_following, refuse_status
from workbench.models.gguf.header import Header, parse_header
from workbench.models.gguf.shards import join

FIRST_BYTES: Final = 1 << 20
GROWTH: Final = 4
MAX_BYTES: Final = 64 << 20
MAX_REQUESTS: Final = 12  # four when all goes well; the rest are for a server that cuts its answers short

_CONTENT_RANGE: Final = re.compile(r"bytes (\d{1,18})-(\d{1,18})/(\d{1,18}|\*)")


def read_remote_header(remote: RemoteFile, client: httpx.Client, cancel: CancelToken) -> Header:
    """The header of the file at ``remote``, as `gguf.read_header` gives it for one on the disk.

    Raises `ModelError` when it is not a sound GGUF, `DownloadError` when the server does not give it, `Cancelled`.
    """
    start = _Start(remote, client, cancel)
    start.grow_to(1)
    return parse_header(start, start.size, httpx.URL(remote.url).path.rpartition("/")[2])


def read_remote_model(remotes: Sequence[RemoteFile], client: httpx.Client, cancel: CancelToken) -> Header:
    """The header of the whole model whose parts these are, in order: its tensors are spread over all of them.

    Raises as `read_remote_header`.
    """
    headers = [read_remote_header(remote, client, cancel) for remote in remotes]
    return join(headers, httpx.URL(remotes[0].url).path.rpartition("/")[2])


class _Start:
    """The beginning of a remote file, as a file that fetches what is read."""

    def __init__(self, remote: RemoteFile, client: httpx.Client, cancel: CancelToken) -> None:
        self._remote = remote
        self._client = client
        self._cancel = cancel
        self._bytes = bytearray()
        self._at = 0
        self._requests = 0
        self._total = remote.size
        self._etag = ""

    @property
    def size(self) -> int:
        """Of the whole file. Known after the first answer."""
        return self._total or 0

    def seek(self, offset: int, /) -> None:
        self._at = offset

    def read(self, count: int, /) -> bytes:
        end = min(self._at + count, self.size)
        self.grow_to(end)
        piece = bytes(self._bytes[self._at : end])
        self._at += len(piece)
        return piece

    def grow_to(self, end: int) -> None:
        """Have at least the first ``end`` bytes; what is fetched ahead of them grows with every request."""
        while len(self._bytes) < end:
            if end > MAX_BYTES:
                raise DownloadError(
                    f"The header of {self._name} is longer than {MAX_BYTES >> 20} MB.", hint="Choose another file."
                )
            self._requests += 1
            if self._requests > MAX_REQUESTS:
                raise DownloadError(f"{self._host} cuts its answers short again and again.", hint="Try again later.")
            ahead = FIRST_BYTES * GROWTH ** (self._requests - 1)
            self._request(min(max(end, ahead), MAX_BYTES, self._total or MAX_BYTES))

    def _request(self, end: int) -> None:
        before = len(self._bytes)
        wanted = {"Accept-Encoding": "identity", "Range": f"bytes={len(self._bytes)}-{end - 1}"}
        try:
            with open_following(
                self._client, self._remote.url, self._cancel, wanted, self._remote.credentials
            ) as response:
                self._accept(response)
                for block in response.iter_raw():
                    self._cancel.check()
                    self._bytes += block[: end - len(self._bytes)]
                    if len(self._bytes) >= end:
                        break
        except TransientDownloadError:
            if len(self._bytes) <= before:  # else it was cut, and the next request goes on
                raise

    def _accept(self, response: httpx.Response) -> None:
        """Decide before a byte is kept whether this is the asked part of the file; a whole file begins it anew."""
        refuse_status(response)
        if response.headers.get("Content-Type", "").lower().startswith(("text/html", "application/xhtml")):
            raise DownloadError(
                f"{self._host} sent a web page instead of the file.",
                hint="A network's log-in page, perhaps: open any page in a browser, sign in, then try again.",
            )
        if response.headers.get("Content-Encoding", "identity").lower() != "identity":
            raise DownloadError(f"{self._host} sent the file in a packing that was not asked for.")
        if response.status_code == 206:
            self._check_place(response)
        elif response.status_code == 200:
            self._learn_total(_whole(response.headers.get("Content-Length", "")))
            self._bytes.clear()
        else:
            raise DownloadError(f"{self._host} answered with status {response.status_code}, which makes no sense here.")
        self._check_version(response.headers.get("ETag", ""))

    def _check_place(self, response: httpx.Response) -> None:
        found = _CONTENT_RANGE.fullmatch(response.headers.get("Content-Range", "").strip())
        if not found or int(found[1]) != len(self._bytes):
            raise DownloadError(f"{self._host} sent another part of the file than the one asked for.")
        self._learn_total(_whole(found[3]))

    def _learn_total(self, total: int | None) -> None:
        if self._total is None:
            self._total = total
        if self._total is None:
            raise DownloadError(f"{self._host} does not say how large {self._name} is.")
        if total not in (None, self._total):
            raise DownloadError(f"{self._host} offers {total:,} bytes, but the file has {self._total:,}.")

    def _check_version(self, etag: str) -> None:
        if self._etag and etag and etag != self._etag:
            raise DownloadError(f"{self._name} changes on its server while it is read.", hint="Try again.")
        self._etag = self._etag or etag

    @property
    def _host(self) -> str:
        return httpx.URL(self._remote.url).host

    @property
    def _name(self) -> str:
        return httpx.URL(self._remote.url).path.rpartition("/")[2]


def _whole(text: str) -> int | None:
    return int(text[:18]) if text.isascii() and text.isdigit() else None
