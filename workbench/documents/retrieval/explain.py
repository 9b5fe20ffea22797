"""Why something was not found, and what to try. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from workbench.documents.collection import Collection, FileStatus
from workbench.documents.retrieval.asked import Asked
from workbench.documents.retrieval.hit import NotSearched, Query

_BY_STATUS: Final = {
    FileStatus.WAITING: "not read yet",
    FileStatus.SKIPPED: "left out",
    FileStatus.FAILED: "could not be read",
    FileStatus.OFFLINE: "on a drive that is not there",
    FileStatus.IN_CLOUD: "kept by a cloud drive elsewhere, and not downloaded",
    FileStatus.NO_PERMISSION: "the system does not let us read them",
}

MOST_REASONS: Final = 3  # of files of one folder


@dataclass(frozen=True, slots=True)
class Looked:
    """What a search came to. ``near``: for words that are not there, such as are."""

    query: Query
    asked: Asked
    unknown: tuple[str, ...]
    near: Mapping[str, Sequence[str]]
    found: bool
    note: str = ""


def why(collection: Collection, status: FileStatus, reasons: Mapping[str, int]) -> NotSearched:
    """``reasons``: of how many files each is; the most frequent ones are told."""
    told, count = _BY_STATUS.get(status, status.value), sum(reasons.values())
    often = sorted((one for one in reasons if one), key=lambda one: (-reasons[one], one))
    if len(reasons) == 1:
        return NotSearched(collection, status.value, count, ": ".join((told, *often)))
    named = [f"{one.removesuffix('.')} ({reasons[one]:,})" for one in often[:MOST_REASONS]]
    rest = count - sum(reasons[one] for one in often[:MOST_REASONS])
    more = [f"other reasons ({rest:,})"] if rest else []
    return NotSearched(collection, status.value, count, f"{told}: {'; '.join((*named, *more))}.")


def suggestions(looked: Looked, files_missing: int) -> tuple[str, ...]:
    """What a person may try, in sentences, the most promising first."""
    query, told = looked.query, list[str]()
    if not looked.asked.pieces:
        return ("Type a word that the text may have.",)
    for word in looked.unknown:
        near = looked.near.get(word, ())
        told.append(
            f"“{word}” is in no file; there is {_listed(near)}." if near else f"“{word}” is in no file that was read."
        )
    if any(piece.required for piece in looked.asked.pieces):
        told.append("The words in quotes must stand together exactly so: try without the quotes.")
    if query.collections or query.documents:
        told.append("Only some folders or files were searched: try all of them.")
    if query.media_types or query.path or query.modified_after is not None or query.modified_before is not None:
        told.append("Only some kinds, places or dates of files were searched: try without.")
    if files_missing:
        some = "1 file was" if files_missing == 1 else f"{files_missing:,} files were"
        told.append(f"{some} not searched: see why below.")
    if looked.note:
        told.append(looked.note)
    if not told and not looked.found:
        told.append("Try other words for the same thing.")
    return tuple(told)


def wider(looked: Looked) -> Query | None:
    """The next wider search: everywhere; then in the spelling of the index; then without quotes. None: there is none."""
    query = looked.query
    everywhere = Query(query.text, limit=query.limit, per_document=query.per_document)
    if query != everywhere:
        return everywhere
    text = query.text
    for word, near in looked.near.items():
        if near:
            text = _with(text, word, near[0])
    if text != query.text:
        return replace(query, text=text)
    if '"' in query.text:
        return replace(query, text=query.text.replace('"', " ").strip())
    return None


def _listed(words: Sequence[str]) -> str:
    return " and ".join(f"“{word}”" for word in words)


def _with(text: str, word: str, other: str) -> str:
    at = text.lower().find(word)
    return text if at < 0 else f"{text[:at]}{other}{text[at + len(word) :]}"
