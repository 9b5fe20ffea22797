"""One file over HTTP, resumable: whatever the server does, the result is the right file or none.

The bytes go to ``TARGET.part``. A later call goes on where an earlier one stopped, if the server proves that it still has
the same file (`If-Range` with its ETag) or the file's sha256 is known beforehand and decides at the end.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import httpx

from workbench.cancel import CancelToken
from workbench.errors import DownloadError
from workbench.models.partial import FreeBytes, Origin, PartFile, check_room, free_bytes, locked
from workbench.models.transfer import (
    Credentials,
    TransientDownloadError,
    open_following,
    refuse_status,
)

_CONTENT_RANGE = re.compile(r"bytes (\d{1,18})-(\d{1,18})/(\d{1,18}|\*)")


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """What to fetch. ``size`` in bytes and ``sha256`` where they are known beforehand; ``credentials`` for one origin."""

    url: str
    size: int | None = None
    sha256: str | None = None
    credentials: Credentials | None = None


@dataclass(frozen=True, slots=True)
class Patience:
    """Tries in a row that brought nothing, and the seconds waited between tries: doubled each time."""

    attempts: int = 5
    first_wait: float = 1.0
    longest_wait: float = 60.0


def download(
    remote: RemoteFile,
    target: Path,
    *,
    client: httpx.Client,
    cancel: CancelToken,
    on_bytes: Callable[[int], None] = lambda _bytes: None,
    on_resume: Callable[[int], None] = lambda _bytes: None,
    free: FreeBytes = free_bytes,
    patience: Patience = Patience(),
) -> str:
    """Fetch ``remote`` to ``target`` and return its sha256; ``on_bytes`` hears how many bytes are there.

    ``on_resume`` hears the bytes that an earlier try left, while they are hashed again. Raises `DownloadError`,
    `StorageError` when the disk is full or refuses, `Cancelled`; except where the bytes are known to be wrong, what has
    arrived stays in the part file.
    """
    with locked(target), PartFile(target, free) as part:
        part.recover(cancel, on_resume)
        transfer = _Transfer(remote, part, client, cancel, on_bytes, patience)
        transfer.run()
        if not transfer.is_right() and transfer.resumed:  # the earlier bytes may be the wrong ones
            part.restart(Origin())
            transfer.run()
        if not transfer.is_right():
            part.discard()
            raise DownloadError(
                f"What {httpx.URL(remote.url).host} sent is not the promised file: its sha256 is {part.sha256}.",
                hint="It was thrown away. Try again; if it happens twice, use another network or source.",
                detail=f"expected sha256 {remote.sha256}",
            )
        part.complete()
        return part.sha256


class _StartOverError(Exception):
    """The server's file is not the one that the part began with."""


class _Transfer:
    """Requests until the part is whole."""

    def __init__(
        self,
        remote: RemoteFile,
        part: PartFile,
        client: httpx.Client,
        cancel: CancelToken,
        on_bytes: Callable[[int], None],
        patience: Patience,
    ) -> None:
        self._remote = remote
        self._part = part
        self._client = client
        self._cancel = cancel
        self._on_bytes = on_bytes
        self._patience = patience
        self.resumed = part.bytes > 0

    def is_right(self) -> bool:
        return self._remote.sha256 in (None, self._part.sha256)

    def run(self) -> None:
        """Try until the file is whole, or several tries in a row brought nothing."""
        failures = 0
        while not self._is_whole():
            before = self._part.bytes
            try:
                self._attempt()
                return
            except _StartOverError:
                self._part.restart(Origin())
                failures += 1
                if failures > self._patience.attempts:
                    raise DownloadError("The file changes on its server again and again.") from None
            except TransientDownloadError as error:
                failures = 1 if self._part.bytes > before else failures + 1
                self._wait_or_give_up(error, failures)

    def _wait_or_give_up(self, error: TransientDownloadError, failures: int) -> None:
        wait = self._patience.first_wait * 2 ** (failures - 1) if error.retry_after is None else error.retry_after
        if failures >= self._patience.attempts or (error.retry_after or 0) > self._patience.longest_wait:
            raise error
        self._part.sync()
        self._cancel.wait(min(wait, self._patience.longest_wait))

    def _is_whole(self) -> bool:
        size = self._remote.size or self._part.origin.size
        return size is not None and self._part.bytes >= size and self._may_resume()

    def _may_resume(self) -> bool:
        """Whether the bytes that are there can be trusted: by a pinned hash, or by the server's own validator."""
        if self._remote.sha256 is not None:
            return self._remote.size is None or self._part.bytes <= self._remote.size
        return bool(self._known_origin().etag)

    def _attempt(self) -> None:
        headers = {"Accept-Encoding": "identity", **self._range_headers()}
        with open_following(
            self._client, self._remote.url, self._cancel, headers, self._remote.credentials
        ) as response:
            asked = "Range" in headers
            size = accept(response, self._known_origin(), self._part.bytes if asked else 0, self._remote.size)
            if response.status_code == 200:
                self._part.restart(Origin(self._remote.url, strong_etag(response.headers), size))
            else:
                self.resumed = True
            check_room((size or self._part.bytes) - self._part.bytes, self._part.path.parent, self._part.free)
            self._receive(response, size)

    def _range_headers(self) -> Mapping[str, str]:
        if not self._part.bytes or not self._may_resume():
            return {}
        asked = {"Range": f"bytes={self._part.bytes}-"}
        if etag := self._known_origin().etag:
            asked["If-Range"] = etag
        return asked

    def _known_origin(self) -> Origin:
        """What is known of the file at *this* address; another mirror's ETag says nothing here."""
        return self._part.origin if self._part.origin.url == self._remote.url else Origin()

    def _receive(self, response: httpx.Response, size: int | None) -> None:
        for block in response.iter_raw():
            room = len(block) if size is None else size - self._part.bytes
            self._part.append(block[:room])
            self._on_bytes(self._part.bytes)
            self._cancel.check()
            if len(block) > room:  # more than promised: a pinned hash decides what the first bytes are worth
                break
        if size is not None and self._part.bytes < size:
            raise TransientDownloadError(
                f"{response.url.host} ended the download after {self._part.bytes:,} of {size:,} bytes."
            )


def accept(response: httpx.Response, origin: Origin, offset: int, expected_size: int | None) -> int | None:
    """Decide, before a byte is written, whether this response may go on at ``offset`` (206) or start afresh (200).

    Returns the size of the whole file, None where nobody says. Raises `_StartOverError` when the server's file is
    another one, `DownloadError` when the response is not the file at all: then the part is left as it is.
    """
    if response.status_code == 416:
        raise _StartOverError
    refuse_status(response)
    host = response.url.host
    if response.headers.get("Content-Type", "").lower().startswith(("text/html", "application/xhtml")):
        raise DownloadError(
            f"{host} sent a web page instead of the file.",
            hint="A network's log-in page, perhaps: open any page in a browser, sign in, then try again.",
        )
    if response.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise DownloadError(f"{host} sent the file in a packing that was not asked for.")
    if response.status_code == 206 and offset:
        return _check_continuation(response, origin, offset, expected_size)
    if response.status_code != 200:
        raise DownloadError(f"{host} answered with status {response.status_code}, which makes no sense here.")
    size = _content_length(response)
    if expected_size is not None and size not in (None, expected_size):
        raise DownloadError(f"{host} offers {size:,} bytes, but the file has {expected_size:,}.")
    return expected_size if size is None else size


def _check_continuation(response: httpx.Response, origin: Origin, offset: int, expected_size: int | None) -> int:
    found = _CONTENT_RANGE.fullmatch(response.headers.get("Content-Range", "").strip())
    if not found or int(found[1]) != offset:
        raise _StartOverError
    total = int(found[2]) + 1 if found[3] == "*" else int(found[3])
    if total != (expected_size or origin.size or total):
        raise _StartOverError
    etag = strong_etag(response.headers)
    if origin.etag and etag and etag != origin.etag:
        raise _StartOverError
    return total


def _content_length(response: httpx.Response) -> int | None:
    value = response.headers.get("Content-Length", "")
    return int(value[:18]) if value.isascii() and value.isdigit() else None


def strong_etag(headers: Mapping[str, str]) -> str:
    """The ETag if it promises equal bytes, else empty: a weak one (``W/``) does not."""
    etag = headers.get("ETag", "").strip()
    return etag if etag.startswith('"') and etag.endswith('"') and len(etag) > 2 else ""
