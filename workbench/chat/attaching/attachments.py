"""The files given with messages: their content kept by its sha256, their text read in the confined child."""

from __future__ import annotations

import hashlib
import io
import os
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from workbench.cancel import CancelToken
from workbench.documents.extract.document import DocumentError, Extracted
from workbench.documents.extract.extraction import extract, extract_content
from workbench.documents.extract.opening import cannot, open_file
from workbench.errors import StorageError
from workbench.messages import Attachment, Image
from workbench.paths import private_folder
from workbench.sizes import size_words

MOST_BYTES = 256_000_000
YOUNG_SECONDS = 3600.0
_PIECE = 1 << 20

Count = Callable[[str, CancelToken], int | None]


class AttachmentService:
    """Safe to use from any thread. ``names``: the sha256 of all that anybody names; ``count``: tokens of a text, None
    while nobody can count."""

    def __init__(
        self,
        folder: Path,
        names: Callable[[], frozenset[str]],
        count: Count = lambda _text, _cancel: None,
    ) -> None:
        self._folder = folder
        self._names = names
        self._count = count
        self._lock = threading.Lock()
        self._swept = False
        self._unwritten: dict[str, bytes] = {}  # pictures of chats that are never written

    def read(self, path: Path, cancel: CancelToken, *, keep: bool = True) -> Attachment:
        """Keep the file and read its text; the original may go afterwards. ``keep`` False: for a chat that is never
        written, in memory alone.

        Raises `DocumentError` with a plain reason, `StorageError` when it cannot be kept, `Cancelled`.
        """
        with open_file(path) as file:
            return self._take(file, path.name, cancel, keep=keep)

    def read_content(self, content: bytes, name: str, cancel: CancelToken, *, keep: bool = True) -> Attachment:
        """The same for what has no file: a screenshot, a long paste."""
        return self._take(io.BytesIO(content), name, cancel, keep=keep)

    def image(self, attachment: Attachment) -> Image:
        """A picture as a model is sent it. Raises `StorageError` when its file is gone."""
        if content := self._unwritten.get(attachment.sha256):
            return Image(attachment.media_type, content)
        try:
            return Image(attachment.media_type, self.path(attachment).read_bytes())
        except OSError as error:
            raise StorageError(
                f"The picture {attachment.name} is not in the attachments folder any more.",
                hint="Attach it again, or bring the folder back from a backup.",
            ) from error

    def path(self, attachment: Attachment) -> Path:
        """Where its content is kept."""
        return self._folder / attachment.sha256

    def sweep(self, now: float | None = None) -> int:
        """Remove what nobody names any more and is older than an hour; returns how many files."""
        try:
            files = list(os.scandir(self._folder))
        except OSError:
            return 0
        old = (time.time() if now is None else now) - YOUNG_SECONDS
        files = [file for file in files if file.stat(follow_symlinks=False).st_mtime < old]
        named = self._names() if files else frozenset()
        gone = [file for file in files if file.name not in named]
        for file in gone:
            with suppress(OSError):
                Path(file).unlink()
        return len(gone)

    def _take(self, source: BinaryIO, name: str, cancel: CancelToken, *, keep: bool) -> Attachment:
        if not keep:
            return self._in_memory(source, name, cancel)
        self._sweep_once()
        sha256, size = self._keep(source, name, cancel)
        return self._attachment(extract(self._folder / sha256, cancel, name=name), name, size, sha256, cancel)

    def _in_memory(self, source: BinaryIO, name: str, cancel: CancelToken) -> Attachment:
        target = io.BytesIO()
        sha256, size = _copied(source, target, name, cancel)
        extracted = extract_content(target.getvalue(), name, cancel)
        if extracted.pixels is not None:
            self._unwritten[sha256] = target.getvalue()
        return self._attachment(extracted, name, size, sha256, cancel)

    def _attachment(self, extracted: Extracted, name: str, size: int, sha256: str, cancel: CancelToken) -> Attachment:
        text = marked(extracted)
        tokens = self._count(text, cancel) if text else None
        notes = " ".join(extracted.notes)
        return Attachment(shown_name(name), extracted.media_type, size, sha256, text, notes, tokens)

    def _keep(self, source: BinaryIO, name: str, cancel: CancelToken) -> tuple[str, int]:
        """Copy into the folder, whole or not at all; what is there already is not written again."""
        folder = private_folder(self._folder)
        descriptor, temporary = tempfile.mkstemp(prefix=".new-", dir=folder)
        try:
            with os.fdopen(descriptor, "wb") as target:
                sha256, size = _copied(source, target, name, cancel)
                target.flush()
                os.fsync(target.fileno())
            place = folder / sha256
            if place.exists():
                os.utime(place)  # young again: it is about to be named
            else:
                Path(temporary).replace(place)
                _sync_folder(folder)
            return sha256, size
        except OSError as error:
            raise StorageError(f"{shown_name(name)} cannot be kept: {error.strerror or error}.") from error
        finally:
            with suppress(OSError):
                Path(temporary).unlink()

    def _sweep_once(self) -> None:
        with self._lock:
            swept, self._swept = self._swept, True
        if not swept:
            self.sweep()


def marked(extracted: Extracted) -> str:
    """The text with a line such as "[Page 3]" where each page begins."""
    if not extracted.sections:
        return extracted.text.strip("\n")
    pieces = ((label, text.strip("\n")) for label, text in extracted.pieces)
    return "\n\n".join(f"[{label}]\n{text}" for label, text in pieces if text.strip())


def shown_name(name: str) -> str:
    """As people see it: one line, without what no text can hold."""
    return " ".join(name.encode("utf-8", "replace").decode("utf-8").split()) or "file"


def _copied(source: BinaryIO, target: BinaryIO, name: str, cancel: CancelToken) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    while piece := source.read(_PIECE):
        cancel.check()
        size += len(piece)
        if size > MOST_BYTES:
            raise too_large(name)
        digest.update(piece)
        target.write(piece)
    return digest.hexdigest(), size


def too_large(name: str) -> DocumentError:
    return cannot(
        shown_name(name), f"is larger than {size_words(MOST_BYTES)}", "Give the part of it that the question is about."
    )


def _sync_folder(folder: Path) -> None:
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
