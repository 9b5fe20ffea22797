"""Finding passages by their words: what such an index must do. It can be made again of ``index.db``."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

from workbench.cancel import CancelToken

if TYPE_CHECKING:
    from workbench.documents.retrieval.asked import Asked
    from workbench.documents.storing.chunks import ChunkStore

HEADS: Final = 0.25  # what a word in a heading or a name counts, besides being there
MOST_LANGUAGES: Final = 4  # in which a word is looked for
PATIENCE: Final = 3_000  # changes for which a search waits while another thread takes them in
MOST_BEGUN: Final = 40  # words that a beginning stands for


@dataclass(frozen=True, slots=True)
class Match:
    """A passage that has some of the words; ``score``: BM25, larger is better."""

    chunk_id: int
    content_id: int
    score: float


class WordIndex(Protocol):
    """All methods may be called from any thread; several processes may have it open. Raise `StorageError`."""

    def catch_up(self, cancel: CancelToken, *, more: bool = False) -> int:
        """Take in what came and went since; how many changes are left, where others take them in right now.
        Made again where it is damaged or of another ``index.db``. ``more``: is to be expected, so this process goes on to
        be the one that writes, until `rest`. Raises `Cancelled`: what was taken in stays."""
        ...

    def rest(self) -> None:
        """Nothing more is expected: any process may write. Never waits for long."""
        ...

    def behind(self) -> int:
        """How many changes were not taken in yet, about."""
        ...

    def languages(self) -> tuple[str, ...]:
        """Of the passages, the most frequent first."""
        ...

    def search(self, asked: Asked, limit: int, contents: Collection[int] | None = None) -> list[Match]:
        """The best passages, the best first; ``contents``: only of these."""
        ...

    def mentioning(self, asked: Asked, most: int | None = None) -> set[int] | None:
        """All contents with a passage that has all that was asked for; None where more than ``most`` passages have it."""
        ...

    def about_mentioning(self, asked: Asked) -> int:
        """How many those are, a few of a hundred more or less: quick where they are many."""
        ...

    def near(self, word: str, limit: int = 3) -> list[str]:
        """Words of the index that are spelled much like it, the most frequent first."""
        ...

    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Mark:
    """How far an index beside ``index.db`` has come, and of which it is; ``format``: of the index's own making."""

    identity: str
    sequence: int
    chunk_id: int
    format: int

    def as_json(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def of_json(cls, text: str) -> Mark | None:
        """None for what is no mark."""
        try:
            found = json.loads(text)
            return cls(str(found["identity"]), int(found["sequence"]), int(found["chunk_id"]), int(found["format"]))
        except (ValueError, KeyError, TypeError):
            return None

    def fits(self, store: ChunkStore, version: int) -> bool:
        """Whether what was taken in is still the beginning of what happened."""
        if self.format != version or self.identity != store.identity():
            return False
        if self.sequence == 0:
            return True
        change = store.change(self.sequence)
        return change is not None and change.chunk_id == self.chunk_id


def read_mark(path: Path) -> Mark | None:
    """None where there is none that can be read."""
    try:
        return Mark.of_json(path.read_text("utf-8"))
    except (OSError, ValueError):
        return None


def write_mark(path: Path, mark: Mark) -> None:
    """Whole or not at all."""
    new = path.with_suffix(".new")
    new.write_text(mark.as_json(), "utf-8")
    os.replace(new, path)  # noqa: PTH105 - replaces on Windows too


@contextmanager
def taking_in(lock: threading.Lock, behind: Callable[[], int], cancel: CancelToken) -> Iterator[bool]:
    """Whether it is this thread's turn: it waits for another one that has little left to do, not for much of it."""
    while not (mine := lock.acquire(timeout=0.05)):
        cancel.check()
        if behind() > PATIENCE:
            break
    try:
        yield mine
    finally:
        if mine:
            lock.release()
