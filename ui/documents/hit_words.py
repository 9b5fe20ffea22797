"""What is said of a passage that was found, and of a whole search. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from ui.documents.words import files_words, passages_words, shown_path
from ui.search.hit_painter import when
from ui.translation import marked, tr
from workbench.documents.retrieval.hit import Found, Hit, NotSearched

METHODS: Final = {"words": marked("words"), "vectors": marked("meaning"), "reranker": marked("reranker")}
NOTHING: Final = marked("Nothing was found.")


def place_words(hit: Hit) -> str:
    """ "Page 3", or where the file has none, the title it stands under."""
    if hit.chunk.label:
        return hit.chunk.label
    if hit.chunk.page is not None:
        return tr("Page {number}").format(number=hit.chunk.page)
    return hit.chunk.headings[-1] if hit.chunk.headings else ""


def path_words(hit: Hit) -> str:
    """ "Papers › 2024/lease.pdf"."""
    return f"{hit.collection.name} › {shown_path(hit.document.path)}"


def day_words(hit: Hit) -> str:
    return when(hit.document.modified_ns / 1e9)


def score_words(methods: Mapping[str, float]) -> str:
    """ "words 7.31 · meaning 0.62"."""
    told = (f"{tr(METHODS[name]) if name in METHODS else name} {score:.2f}" for name, score in methods.items())
    return " · ".join(told)


def found_words(found: Found) -> str:
    """ "23 passages in 9 files", and how they were searched for."""
    if not found.hits:
        return tr(NOTHING)
    of = max(found.documents, len({hit.document.id for hit in found.hits}))
    counted = tr("{passages} in {files}").format(passages=passages_words(len(found.hits)), files=files_words(of))
    if of > len({hit.document.id for hit in found.hits}):
        many = (
            tr("The best {passages}; about {files} have the words")
            if found.about
            else tr("The best {passages}; {files} have the words")
        )
        counted = many.format(passages=passages_words(len(found.hits)), files=files_words(of))
    how = tr("by words and meaning") if found.vectors else tr("by words")
    return f"{counted} · {how}"


def not_searched_words(one: NotSearched) -> str:
    """ "Papers: 12 files. They have a password.", "Papers: 12 files left out: Pictures have no text."."""
    joint = " " if one.reason[:1].islower() else ". "
    return f"{one.collection.name}: {files_words(one.count)}{joint}{one.reason}".strip()


def spoken_hit(hit: Hit) -> str:
    """A hit for a screen reader."""
    text = " ".join(hit.chunk.text.split())
    pieces = (shown_path(hit.document.name), place_words(hit), hit.collection.name, text)
    return ", ".join(piece for piece in pieces if piece)


def title_of(hit: Hit) -> str:
    """The file's name, and its title where that says more."""
    name, title = shown_path(hit.document.name), " ".join(hit.document.title.split())
    return f"{name} · {title}" if title and title.casefold() not in name.casefold() else name


def since(days: int, now: datetime) -> float:
    """Seconds since 1970 at the beginning of the day from which the last ``days`` count."""
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight.timestamp() - (days - 1) * 86_400
