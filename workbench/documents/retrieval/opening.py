"""Which index of words there is on this machine."""

from __future__ import annotations

import importlib.util
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from workbench.documents.retrieval.words import WordIndex
    from workbench.documents.storing.chunks import ChunkStore


def open_words(folder: Path, store: ChunkStore) -> WordIndex:
    """The index beside ``index.db``: by tantivy, or where there is none of it for this machine by SQLite's own."""
    if importlib.util.find_spec("tantivy") is not None:
        with suppress(ImportError):
            from workbench.documents.retrieval.tantivy_words import TantivyWords

            return TantivyWords(folder, store)
    from workbench.documents.storing.word_index import SqliteWords

    return SqliteWords(folder, store)
