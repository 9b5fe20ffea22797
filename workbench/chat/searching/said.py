"""What was said in earlier chats, as passages that an answer can cite.

Unlike the search of a person, who sees at once that a word is one too many, this one leaves words out by itself: first all
must be there, then words that begin so will do, then all but one, then any.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Final

from workbench.cancel import CancelToken
from workbench.chat.searching.search import Query, expression, mark_of_project
from workbench.chat.searching.service import BEFORE_A_SEARCH, CANDIDATES
from workbench.chat.searching.store import Found, SearchStore
from workbench.chat.searching.text import Term, folded, places, relevance, tokens
from workbench.chat.stood_on import CHAT, StoodOn
from workbench.documents.citing.words import SMALL
from workbench.errors import StorageError
from workbench.messages import Id, Passage, Role

CHARACTERS: Final = 900  # of one passage
_BEFORE: Final = 200  # of these, before the first word that was found
MOST_WORDS: Final = 6
MOST_OF_A_CHAT: Final = 3


@dataclass(frozen=True, slots=True)
class Reach:
    """Which chats may be seen. ``only``: those of this project; None: all that are in no private one. ``but``: the chat
    that asks, which knows itself."""

    only: Id | None = None
    but: Id | None = None


class SaidBefore:
    """Any thread."""

    def __init__(self, store: SearchStore, stood_on: StoodOn) -> None:
        self._store, self._stood_on = store, stood_on

    def is_there(self, reach: Reach) -> bool:
        """Whether there is any chat to search."""
        return self._store.has_chats(reach.only, reach.but)

    def find(self, text: str, reach: Reach, limit: int, cancel: CancelToken) -> tuple[Passage, ...]:
        """Without numbers yet (0); the best first. ``path``: ``chat:ID#MESSAGE``; ``context``: the chat's title; ``label``:
        who said it; ``private``: its project is, or something that an answer of its chat stands on. Raises
        `StorageError`, `Cancelled`."""
        words = _words(text)
        if not words:
            return ()
        if self._store.can_write:
            with suppress(StorageError):  # what was written just now; a full disk does not stop a search
                self._store.catch_up(BEFORE_A_SEARCH)
        private, seen = self._store.private_projects(), self._store.chats_seen(reach.only, reach.but)
        found: dict[Id, Found] = {}
        for way in _ways(words):
            cancel.check()
            if len(found) >= limit:
                break
            asked = _expression(way, reach.only, private)
            newest = self._store.newest(asked, None, None, CANDIDATES)
            for one in sorted(newest, key=lambda one: relevance(f"{one.text}\n{one.files}", words), reverse=True):
                if one.conversation_id in seen:
                    found.setdefault(one.message_id, one)
        chosen = tuple(_few(found.values(), limit))
        stays = {one: reach.only in private or self._stood_on.holds_private(one) for one in _chats(chosen)}
        return tuple(self._passage(one, words, private=stays[one.conversation_id]) for one in chosen)

    def _passage(self, one: Found, terms: Sequence[Term], *, private: bool) -> Passage:
        text = one.text if places(one.text, terms) else self._store.texts(one.place)[0]
        if not places(text, terms):
            text = one.files or text
        start, end = window(text, terms)
        return Passage(
            0,
            f"{CHAT}{one.conversation_id}#{one.message_id}",
            "",
            "",
            start,
            end,
            text[start:end],
            label="you said" if one.role == Role.USER else "the answer said",
            context=one.title,
            private=private,
            at=one.at,
        )


def window(text: str, terms: Sequence[Term]) -> tuple[int, int]:
    """The piece of ``text`` in which the most of the terms stand, from word to word."""
    if len(text) <= CHARACTERS:
        return 0, len(text)
    hits = [start for start, _end in places(text, terms)]
    best = max(hits, key=lambda at: sum(at <= other < at + CHARACTERS - _BEFORE for other in hits), default=0)
    start = max(0, min(best - _BEFORE, len(text) - CHARACTERS))
    while start and start < best and not text[start - 1].isspace():
        start += 1
    end = min(len(text), start + CHARACTERS)
    last = text.rfind(" ", start + CHARACTERS // 2, end) if end < len(text) else -1
    return start, end if last < 0 else last


def _words(text: str) -> list[Term]:
    """Those of a question that say something; all where none does."""
    found = list(dict.fromkeys(tokens(folded(text))))
    telling = [word for word in found if word not in SMALL and (len(word) > 1 or not word.isascii() or word.isdigit())]
    return [Term(word, beginning=len(word) > 3 and word.isascii()) for word in (telling or found)[:MOST_WORDS]]


def _ways(words: Sequence[Term]) -> Iterator[tuple[tuple[Term, ...], ...]]:
    """Groups of terms; of a group all must be there, of the groups one. Whole words first: the index reads all that begin
    so, however many they are."""
    whole = tuple(replace(word, beginning=False) for word in words)
    yield (whole,)
    yield (tuple(words),)
    if len(words) > 2:
        yield tuple(tuple(word for word in whole if word != left) for left in whole)
    if len(words) > 1:
        yield tuple((word,) for word in whole)


def _expression(way: Sequence[Sequence[Term]], only: Id | None, private: Sequence[Id]) -> str:
    groups = " OR ".join(f"({expression(Query(terms=tuple(terms)))})" for terms in way)
    if only is not None:
        return f"({groups}) AND marks : {_marked([only])}"
    return f"({groups}) NOT marks : {_marked(private)}" if private else groups


def _marked(projects: Sequence[Id]) -> str:
    return "(" + " OR ".join(f'"{mark_of_project(one)}"' for one in projects) + ")"


def _chats(found: Iterable[Found]) -> frozenset[Id]:
    return frozenset(one.conversation_id for one in found)


def _few(found: Iterable[Found], limit: int) -> Iterator[Found]:
    """Not all of one chat."""
    seen: Counter[Id] = Counter()
    for one in found:
        if seen.total() < limit and seen[one.conversation_id] < MOST_OF_A_CHAT:
            seen[one.conversation_id] += 1
            yield one
