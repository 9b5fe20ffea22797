"""Reading many files: a few confined children that stay warm, each with one file at a time.

A child that hangs, dies or grows is replaced; only the file it was reading fails. One that dies of a file after others were
read by it may have died of them: a fresh one tries once more.
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path
from typing import BinaryIO

from workbench.cancel import CancelToken
from workbench.documents.chunking.chunk import chunks
from workbench.documents.collection import Chunk
from workbench.documents.extract import extract_child, ocr
from workbench.documents.extract.answer import Box, cut, most_bytes, picture, places, understood
from workbench.documents.extract.channel import ParentEnd
from workbench.documents.extract.document import Extracted, Limits, ReaderError, Why
from workbench.documents.extract.extraction import CHILD_FOLDER, LIMITS, child_environment, died, starting
from workbench.documents.extract.opening import cannot, open_file, with_text
from workbench.errors import Cancelled


class ExtractionPool:
    """``workers``: so many files are read at the same time. May be used by many threads. Children start when they are
    needed, and end when nobody asked for a minute."""

    def __init__(self, workers: int, limits: Limits = LIMITS) -> None:
        self._workers = max(1, workers)
        self._limits = limits
        self._turn = threading.Condition()
        self._idle: list[ParentEnd] = []
        self._busy: set[ParentEnd] = set()
        self._taken = 0
        self._closed = False
        self._ocr: ocr.Ocr | None = None
        # Linux ends a child with the thread that started it, so one thread starts them all, and lives as long as they.
        self._starter = ThreadPoolExecutor(1, "extraction-children")

    def read(self, path: Path, name: str, cancel: CancelToken, *, download: bool = False) -> Extracted:
        """What is in the file; ``name`` decides between kinds of text. Blocks while all children are busy.

        Never reads what a cloud drive keeps elsewhere, but with ``download``. Raises `DocumentError` whose ``why`` says
        what to make of the file, `ReaderError` where no child can work, `Cancelled` also where the pool is closed.
        """
        with open_file(path, download=download) as file:
            extracted = understood(self._answer({"task": "read"}, file, name, cancel), name)
        return _text(self._with_words(extracted, path, cancel), name)

    def read_cut(
        self, path: Path, name: str, cancel: CancelToken, *, download: bool = False
    ) -> tuple[Extracted, tuple[Chunk, ...]]:
        """As `read`, and its passages, which the child cuts: that is work too."""
        with open_file(path, download=download) as file:
            extracted, passages = cut(self._answer({"task": "cut"}, file, name, cancel), name)
        read = _text(self._with_words(extracted, path, cancel), name)
        return read, passages if read is extracted else chunks(read, name)

    def page_image(self, path: Path, page: int, width: int, cancel: CancelToken) -> bytes:
        """The page of a PDF, from 1, as PNG of this width in pixels. Raises as `read`."""
        with open_file(path, download=False) as file:
            order = {"task": "draw", "page": page, "width": width}
            return picture(self._answer(order, file, path.name, cancel), path.name)

    def page_boxes(self, path: Path, page: int, passage: str, cancel: CancelToken) -> tuple[Box, ...]:
        """Where a passage stands on the page of a PDF, line by line: left, top, right, bottom as parts of the page's width
        and height, from its upper left corner. Empty where it is not found. Raises as `read`."""
        with open_file(path, download=False) as file:
            order = {"task": "find", "page": page, "passage": passage}
            return places(self._answer(order, file, path.name, cancel), path.name)

    def _with_words(self, extracted: Extracted, path: Path, cancel: CancelToken) -> Extracted:
        """With the words of pages that are pictures, where a program is installed that reads them."""
        if not extracted.scanned or (found := self._ocr or ocr.installed(cancel)) is None:
            return extracted
        self._ocr = found  # one that was installed meanwhile is found with the next scan
        return ocr.with_words(
            extracted, found, lambda page: self.page_image(path, page, ocr.PAGE_WIDTH, cancel), self._limits, cancel
        )

    def rest(self) -> None:
        """End the children that have nothing to do."""
        with self._turn:
            idle, self._idle = self._idle, []
        for child in idle:
            child.end()

    def close(self) -> None:
        """End all children; who waits for an answer is told `Cancelled`."""
        with self._turn:
            self._closed = True
            for child in self._busy:
                child.kill()
            self._turn.notify_all()
            while self._taken:
                self._turn.wait()
        self.rest()
        self._starter.shutdown()

    def _answer(self, order: Mapping[str, object], file: BinaryIO, name: str, cancel: CancelToken) -> bytes:
        said, descriptor = json.dumps({**order, "name": name}).encode(), file.fileno()
        self._wait_for_turn(cancel)
        try:
            while True:
                child = self._child()
                used = child.served > 0
                answered, status, late = self._asked(child, said, descriptor, cancel)
                if self._closed:
                    raise Cancelled
                cancel.check()
                if answered:
                    return answered
                if not child.ready:
                    raise ReaderError("The program that reads documents ended as it began, or took too long to begin.")
                if late:
                    raise cannot(name, f"could not be read within {self._limits.seconds:.0f} seconds")
                if not used:
                    raise died(status, name)
                os.lseek(descriptor, 0, os.SEEK_SET)
        finally:
            with self._turn:
                self._taken -= 1
                self._turn.notify_all()

    def _asked(self, child: ParentEnd, order: bytes, descriptor: int, cancel: CancelToken) -> tuple[bytes, int, bool]:
        """The answer, else the exit status of the child and whether it was ended because its time was over."""
        late = threading.Event()

        def end() -> None:
            late.set()
            child.kill()

        clock = threading.Timer(self._limits.seconds, end)
        clock.daemon = True
        clock.start()
        try:
            with cancel.unblocks(child.kill):
                said, last = child.ask(order, descriptor, most_bytes(self._limits))
        finally:
            clock.cancel()
            clock.join()
        with self._turn:
            self._busy.discard(child)
            keep = not (last or late.is_set() or cancel.cancelled or self._closed)
            if keep:
                self._idle.append(child)
        return said, 0 if keep else child.end(), late.is_set()

    def _wait_for_turn(self, cancel: CancelToken) -> None:
        with self._turn, cancel.unblocks(self._wake):
            while self._taken >= self._workers and not self._closed:
                cancel.check()
                self._turn.wait()
            cancel.check()
            if self._closed:
                raise Cancelled
            self._taken += 1

    def _wake(self) -> None:
        with self._turn:
            self._turn.notify_all()

    def _child(self) -> ParentEnd:
        with self._turn:
            child = self._idle.pop() if self._idle else None
        if child is None:
            with starting():
                child = self._starter.submit(self._started).result()
        with self._turn:
            self._busy.add(child)
            if self._closed:
                child.kill()
        return child

    def _started(self) -> ParentEnd:
        order = json.dumps({"parent": os.getpid(), "serves": True, "limits": asdict(self._limits)})
        return ParentEnd(extract_child.command(order), CHILD_FOLDER, child_environment(), self._limits.memory_bytes)


def _text(extracted: Extracted, name: str) -> Extracted:
    """Raises `DocumentError` for a picture: nothing in it can be found by words."""
    if extracted.pixels is not None:
        raise cannot(
            name, "is a picture: it has no text", "Attach it to a message for a model that sees.", why=Why.SKIPPED
        )
    return with_text(extracted, name)
