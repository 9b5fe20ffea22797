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
from workbench.models.fetching.limiter import Pace, unhurried
from workbench.models.fetching.partial import FreeBytes, Origin, PartFile, free_bytes, locked
from workbench.models.fetching.patience import USUAL
from workbench.models.fetching.patience import Patience as Patience
from workbench.models.fetching.transfer import (
    Credentials,
    TransientDownloadError,
    open_following,
    refuse_status,
)

SAME_PUZZLES, MOST_PUZZLES = 5, 20  # equal odd answers in a row before the whole is asked for; all before giving up
_CONTENT_RANGE = re.compile(r"bytes (\d{1,18})-(\d{1,18})/(\d{1,18}|\*)")


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """What to fetch. ``size`` in bytes and ``sha256`` where they are known beforehand; ``credentials`` for one origin."""

    url: str
    size: int | None = None
    sha256: str | None = None
    credentials: Credentials | None = None


@dataclass(frozen=True, slots=True)
class Listener:
    """Who hears how a download goes on.

    ``arrived``: how many bytes are there. ``resumed``: how many of those that an earlier try left were hashed again.
    ``waits``: why the next try must wait, and for how many seconds. ``paced``: this many bytes came; it may sleep.
    """

    arrived: Callable[[int], None] = lambda _bytes: None
    resumed: Callable[[int], None] = lambda _bytes: None
    waits: Callable[[DownloadError, float], None] = lambda _error, _seconds: None
    paced: Pace = unhurried


def download(
    remote: RemoteFile,
    target: Path,
    *,
    client: httpx.Client,
    cancel: CancelToken,
    listener: Listener = Listener(),
    free: FreeBytes = free_bytes,
    patience: Patience = USUAL,
) -> str:
    """Fetch ``remote`` to ``target`` and return its sha256.

    Raises `DownloadError` (`BusyError` when somebody else fetches it), `StorageError` when the disk is full (`NoRoomError`)
    or refuses, `Cancelled`; except where the bytes are known to be wrong, what has arrived stays in the part file.
    """
    with locked(target), PartFile(target, free) as part:
        part.recover(cancel, listener.resumed)
        transfer = _Transfer(remote, part, client, cancel, listener, patience)
        transfer.run()
        if not transfer.is_right() and transfer.resumed:  # the earlier bytes may be the wrong ones
            part.restart(Origin())
            transfer.run()
        if not transfer.is_right():
            found = part.sha256
            part.discard()
            raise DownloadError(
                f"What {httpx.URL(remote.url).host} sent is not the promised file: its sha256 is {found}.",
                hint="It was thrown away. Try again; if it happens twice, use another network or source.",
                detail=f"expected sha256 {remote.sha256}",
            )
        part.complete()
        return part.sha256


class _PuzzleError(TransientDownloadError):
    """The server answers the request for the rest of the file as if its file were another one, or does not understand.

    ``kind``: in which way. ``same_file``: it does send the file that the part began with."""

    def __init__(self, response: httpx.Response, kind: str, *, same_file: bool = False) -> None:
        super().__init__(f"{response.url.host} does not send the rest of the file when asked for it: {kind}.")
        self.kind = kind
        self.same_file = same_file


class _Transfer:
    """Requests until the part is whole."""

    def __init__(
        self,
        remote: RemoteFile,
        part: PartFile,
        client: httpx.Client,
        cancel: CancelToken,
        listener: Listener,
        patience: Patience,
    ) -> None:
        self._remote = remote
        self._part = part
        self._client = client
        self._cancel = cancel
        self._listener = listener
        self._patience = patience
        self._puzzles: list[str] = []  # kinds of odd answers, since the last one that fitted
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
            except _PuzzleError as puzzle:
                self._note(puzzle)
            except TransientDownloadError as error:
                failures = 1 if self._part.bytes > before else failures + 1
                wait = self._patience.wait_after(error, failures)
                self._part.sync()
                self._listener.waits(error, wait)
                self._cancel.wait(wait)

    def _note(self, puzzle: _PuzzleError) -> None:
        """A hash decides at the end whether the bytes that are there are right; without one they are given up."""
        self._puzzles.append(puzzle.kind)
        if len(self._puzzles) > MOST_PUZZLES:
            raise puzzle
        if not self._is_pinned() and not puzzle.same_file:
            self._part.restart(Origin())

    @property
    def _insists(self) -> bool:
        """Whether the server gives the same odd answer again and again: then the whole file is asked for, not its rest."""
        last = self._puzzles[-SAME_PUZZLES:]
        return len(last) == SAME_PUZZLES and len(set(last)) == 1

    def _is_whole(self) -> bool:
        size = self._remote.size or self._part.origin.size
        return size is not None and self._part.bytes >= size and self._may_resume()

    def _is_pinned(self) -> bool:
        """Whether a known hash decides at the end, and the bytes that are there were fetched for the same hash."""
        fetched_for = self._part.origin.sha256
        return self._remote.sha256 is not None and fetched_for in (None, self._remote.sha256)

    def _may_resume(self) -> bool:
        """Whether the bytes that are there can be trusted: by a pinned hash, or by the server's own validator."""
        if self._remote.sha256 is not None:
            return self._is_pinned() and (self._remote.size is None or self._part.bytes <= self._remote.size)
        return bool(self._known_origin().etag)

    def _attempt(self) -> None:
        offset = self._part.bytes if self._may_resume() else 0
        asked = {} if not offset or self._insists else self._range_headers(offset)
        headers = {"Accept-Encoding": "identity", **asked}
        with open_following(
            self._client, self._remote.url, self._cancel, headers, self._remote.credentials
        ) as response:
            size = accept(response, self._comparable_origin(), offset if asked else 0, self._remote.size)
            skip = self._begin(response, offset, size)
            if skip and asked:  # perhaps only this answer ignores ranges
                raise _PuzzleError(response, "it sends the whole file", same_file=True)
            if size is not None:
                self._part.reserve(size)
            self._receive(response, size, skip)

    def _begin(self, response: httpx.Response, offset: int, size: int | None) -> int:
        """Prepare for the body of an accepted response; returns how many of its first bytes are there already."""
        origin = Origin(self._remote.url, strong_etag(response.headers), size, self._remote.sha256)
        if response.status_code == 206:
            self.resumed = True
            if origin.etag and origin != self._part.origin:
                self._part.know(origin)
            return 0
        if offset and (self._is_pinned() or origin.etag == self._known_origin().etag != ""):
            self.resumed = True
            return offset
        self._part.restart(origin)
        return 0

    def _range_headers(self, offset: int) -> Mapping[str, str]:
        asked = {"Range": f"bytes={offset}-"}
        etag = self._known_origin().etag
        if etag and not (self._puzzles and self._is_pinned()):  # then the file is asked for whatever its ETag is now
            asked["If-Range"] = etag
        return asked

    def _known_origin(self) -> Origin:
        """What is known of the file at *this* address; another mirror's ETag says nothing here."""
        return self._part.origin if self._part.origin.url == self._remote.url else Origin()

    def _comparable_origin(self) -> Origin:
        """What the response must agree with: a pinned hash judges better than an ETag."""
        return Origin() if self._is_pinned() else self._known_origin()

    def _receive(self, response: httpx.Response, size: int | None, skip: int) -> None:
        for block in response.iter_raw():
            self._listener.paced(len(block), self._cancel)
            fresh = block[skip:]
            skip -= len(block) - len(fresh)
            room = len(fresh) if size is None else size - self._part.bytes
            if fresh:
                self._puzzles.clear()
                self._part.append(fresh[:room])
                self._listener.arrived(self._part.bytes)
            self._cancel.check()
            if len(fresh) > room:  # more than promised: a pinned hash decides what the first bytes are worth
                break
        if size is not None and self._part.bytes < size:
            raise TransientDownloadError(
                f"{response.url.host} ended the download after {self._part.bytes:,} of {size:,} bytes."
            )


def accept(response: httpx.Response, origin: Origin, offset: int, expected_size: int | None) -> int | None:
    """Decide, before a byte is written, whether this response may go on at ``offset`` (206) or be the whole file (200).

    Returns the size of the whole file, None where nobody says. Raises `_PuzzleError` when the server's file seems to be
    another one, `DownloadError` when the response is not the file at all: then the part is left as it is.
    """
    if response.status_code == 416:
        raise _PuzzleError(response, "it says that there is no such part")
    refuse_status(response)
    host = response.url.host
    if response.headers.get("Content-Type", "").lower().startswith(("text/html", "application/xhtml")):
        raise TransientDownloadError(
            f"{host} sent a web page instead of the file.",
            hint="A network's log-in page, perhaps: open any page in a browser, sign in, then try again.",
        )
    if response.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise TransientDownloadError(f"{host} sent the file in a packing that was not asked for.")
    if response.status_code == 206 and offset:
        return _check_continuation(response, origin, offset, expected_size)
    if response.status_code != 200:
        raise TransientDownloadError(f"{host} answered with status {response.status_code}, which makes no sense here.")
    size = _content_length(response)
    if expected_size is not None and size not in (None, expected_size):
        raise TransientDownloadError(f"{host} offers {size:,} bytes, but the file has {expected_size:,}.")
    return expected_size if size is None else size


def _check_continuation(response: httpx.Response, origin: Origin, offset: int, expected_size: int | None) -> int:
    found = _CONTENT_RANGE.fullmatch(response.headers.get("Content-Range", "").strip())
    if not found or int(found[1]) != offset:
        raise _PuzzleError(response, "it sends another part")
    total = int(found[2]) + 1 if found[3] == "*" else int(found[3])
    if total != (expected_size or origin.size or total):
        raise _PuzzleError(response, "it says that the file has another length")
    etag = strong_etag(response.headers)
    if origin.etag and etag and etag != origin.etag:
        raise _PuzzleError(response, "its file is another one now")
    return total


def _content_length(response: httpx.Response) -> int | None:
    value = response.headers.get("Content-Length", "")
    return int(value[:18]) if value.isascii() and value.isdigit() else None


def strong_etag(headers: Mapping[str, str]) -> str:
    """The ETag if it promises equal bytes, else empty: a weak one (``W/``) does not."""
    etag = headers.get("ETag", "").strip()
    return etag if etag.startswith('"') and etag.endswith('"') and len(etag) > 2 else ""
