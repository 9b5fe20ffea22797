"""The language of the search over chats: what a person types becomes a `Query`, a query an expression of FTS5. Pure.

Words must all be there; ``"two words"`` stand together; ``wor*`` is how a word begins, and so is the last word, which may
still be being typed. ``model:NAME``, ``project:NAME``, ``after:DAY``, ``before:DAY``, ``has:attachment`` and
``in:reasoning`` narrow or widen. Nothing that is typed is an error: what has no meaning is searched for as words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Literal

from workbench.chat.searching.text import Term, folded, tokens
from workbench.messages import Id

MOST_CHARACTERS, MOST_TERMS = 500, 16
ATTACHMENT_MARK = "attachment"
_PIECE = re.compile(r'(?:(?P<key>[A-Za-z]+):)?(?:"(?P<quoted>[^"]*)"?|(?P<bare>[^\s"]+))')
Where = Literal["title", "text", "attachment", "reasoning"]
_KEYS = ("model", "project", "after", "before", "has", "in")
INDEXED_BEGINNING = 3  # characters: shorter ones have an index of their own
_SHORTEST_BEGINNING = 2  # one letter begins too many words to be looked for


@dataclass(frozen=True, slots=True)
class Query:
    """``after`` (included) and ``before`` (excluded): seconds since the epoch. ``models`` and ``projects``: beginnings of
    names. ``reasoning``: search what models thought, too."""

    terms: tuple[Term, ...] = ()
    models: tuple[str, ...] = ()
    projects: tuple[str, ...] = ()
    after: float | None = None
    before: float | None = None
    has_attachment: bool = False
    reasoning: bool = False

    @property
    def is_empty(self) -> bool:
        return replace(self, reasoning=False) == Query()


@dataclass(frozen=True, slots=True)
class Hit:
    """``message`` is None where only the chat's title was found. ``marks`` and ``title_marks``: begin and end of each hit
    in ``snippet`` and ``title``. ``at``: seconds since the epoch; ``role``: who said it."""

    conversation: Id
    message: Id | None
    title: str
    snippet: str
    at: float
    where: Where
    role: str = ""
    marks: tuple[tuple[int, int], ...] = ()
    title_marks: tuple[tuple[int, int], ...] = ()


def parse(text: str, today: date) -> Query:
    """What ``text`` asks for; never raises. ``today``: for ``after:yesterday`` and the like."""
    text = text.replace("\0", " ")[:MOST_CHARACTERS]
    query, terms = Query(), list[Term]()
    for piece in _PIECE.finditer(text):
        key, quoted, bare = piece["key"], piece["quoted"], piece["bare"]
        value = quoted if quoted is not None else bare
        narrowed = _narrowed(query, key.lower(), value, today) if key else None
        if narrowed is not None:
            query = narrowed
        elif quoted is not None:
            terms += _term(key or "", beginning=False) + _term(quoted, beginning=False)
        elif bare.lower().removesuffix(":") not in _KEYS or not bare.endswith(":"):  # else its value is still to come
            last = piece.end() == len(text)
            terms += _term(piece.group(), beginning=last or bare.endswith("*"))
    return replace(query, terms=_without_stub(terms)[:MOST_TERMS])


def day(text: str, today: date) -> float | None:
    """The begin of a day, month or year: ``2026``, ``2026-03``, ``2026-03-31``, ``today``, ``yesterday``; else None."""
    then = {"today": today, "yesterday": today - timedelta(days=1)}.get(text.lower())
    if then is not None:
        return datetime(then.year, then.month, then.day).astimezone().timestamp()
    for form in ("%Y-%m-%d", "%Y-%m", "%Y"):
        try:
            return datetime.strptime(text, form).astimezone().timestamp()
        except (ValueError, OverflowError, OSError):
            continue
    return None


def expression(query: Query, project_ids: Iterable[str] = (), models: Iterable[str] = ()) -> str:
    """The query for FTS5; empty when every message has what it asks for.

    ``project_ids`` and ``models``: what the query's names stand for.
    """
    pieces: list[str] = []
    if query.terms:
        columns = "{text files reasoning}" if query.reasoning else "{text files}"
        pieces.append(f"{columns} : ({' AND '.join(_phrase(term) for term in query.terms)})")
    names = [_phrase(Term(name)) for name in models]
    if names:
        pieces.append(f"model : ({' OR '.join(names)})")
    if query.has_attachment:
        pieces.append(f'marks : "{ATTACHMENT_MARK}"')
    ids = [f'"{mark_of_project(project_id)}"' for project_id in project_ids]
    if ids:
        pieces.append(f"marks : ({' OR '.join(ids)})")
    return " AND ".join(pieces)


def whole(query: Query) -> Query | None:
    """The query with its beginnings taken for whole words; None where the index finds beginnings as fast.

    Of a long beginning, all words that begin so are read whole; of a word, only its newest places.
    """
    long = any(term.beginning and len(term.text.rpartition(" ")[2]) > INDEXED_BEGINNING for term in query.terms)
    return replace(query, terms=tuple(replace(term, beginning=False) for term in query.terms)) if long else None


def title_expression(query: Query) -> str:
    """The query for the titles; empty when no title can have what it asks for."""
    if query != Query(terms=query.terms, after=query.after, before=query.before, reasoning=query.reasoning):
        return ""
    return " AND ".join(_phrase(term) for term in query.terms)


def mark_of_project(project_id: str) -> str:
    """One word of the index, whatever the id holds."""
    return "p" + "".join(tokens(project_id))


def _phrase(term: Term) -> str:
    """Of plain words only, so that nothing in it can be taken for syntax."""
    return f'"{" ".join(tokens(term.text))}"{" *" if term.beginning else ""}'


def _term(text: str, *, beginning: bool) -> list[Term]:
    return [Term(" ".join(tokens(text)), beginning)] if tokens(text) else []


def _without_stub(terms: list[Term]) -> tuple[Term, ...]:
    """One letter that begins the last word says nothing yet: it is left out, or taken for a whole word."""
    if terms and terms[-1].beginning and len(terms[-1].text) < _SHORTEST_BEGINNING and terms[-1].text.isascii():
        return tuple(terms[:-1]) or (replace(terms[-1], beginning=False),)
    return tuple(terms)


def _narrowed(query: Query, key: str, value: str, today: date) -> Query | None:
    """The query with a filter; None when these are words like others."""
    match key, folded(value):
        case ("model", _) if tokens(value):
            return replace(query, models=(*query.models, value))
        case ("project", _) if value.strip():
            return replace(query, projects=(*query.projects, value))
        case "has", "attachment" | "attachments" | "file" | "files":
            return replace(query, has_attachment=True)
        case "in", "reasoning":
            return replace(query, reasoning=True)
        case ("after", _) if (then := day(value, today)) is not None:
            return replace(query, after=then)
        case ("before", _) if (then := day(value, today)) is not None:
            return replace(query, before=then)
    return None
