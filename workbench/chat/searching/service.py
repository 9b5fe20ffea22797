"""Search over all chats: by their titles, and by what was said in them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from datetime import UTC, date, datetime
from itertools import islice

from workbench.cancel import CancelToken
from workbench.chat.searching.search import Hit, Query, Where, expression, parse, title_expression, whole
from workbench.chat.searching.store import Found, SearchStore, Titled
from workbench.chat.searching.text import Snippet, Term, folded, places, relevance, snippet, tokens
from workbench.errors import StorageError
from workbench.messages import Id
from workbench.ports import Clock

CANDIDATES = 120  # of the newest matches, among which the best are chosen
AT_ONCE = 100  # messages indexed in one transaction, so that saving never waits long
BEFORE_A_SEARCH = 300  # messages that a search itself takes into the index first

_NEWEST, _IN_TITLE = 1.0, 0.75  # what the newest candidate, and one whose chat is called so, get on top


class SearchService:
    """All methods may be called from any thread."""

    def __init__(self, store: SearchStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def find(
        self, text: str, limit: int, *, per_chat: int = 0, narrow: Callable[[Query], Query] = lambda query: query
    ) -> tuple[Hit, ...]:
        """The best of the newest hits for what was typed, see `search`; at most ``per_chat`` of one chat (0: any number).
        ``narrow`` may add to the query. Nothing typed finds nothing. Raises `StorageError` only."""
        query = narrow(parse(text, self.today()))
        if query.is_empty or limit < 1:
            return ()
        self._take_in_a_few()
        projects, models = self._projects(query), self._models(query)
        if projects is None or models is None:
            return ()
        found = self._newest(query, projects, models, max(CANDIDATES, limit * (3 if per_chat else 1)))
        ranked = _ranked(query, found)
        said = [self._hit(query, one) for one in islice(_few_of_each(ranked, per_chat), limit)]
        known = {one.conversation_id for one in found}
        named = [_title_hit(query, chat) for chat in self._titled(query, limit) if chat.conversation_id not in known]
        return tuple(_title_first(named, said, limit))

    def models(self) -> tuple[str, ...]:
        """What ``model:`` may name: all that have answered."""
        return self._store.models()

    def projects(self) -> tuple[str, ...]:
        """What ``project:`` may name."""
        return tuple(sorted({name for _id, name in self._store.projects()}, key=folded))

    def waiting(self) -> int:
        """How many messages are not in the index yet: 0 but after an import or an update of the program."""
        return self._store.waiting()

    def catch_up(self, cancel: CancelToken, progress: Callable[[int], None] = lambda _left: None) -> None:
        """Index all that waits, in short transactions; ``progress`` hears how many messages are left.

        Raises `Cancelled`, or `StorageError` when nothing can be written.
        """
        left = self._store.waiting() if self._store.can_write else 0
        while left > 0:
            cancel.check()
            progress(left)
            done = self._store.catch_up(AT_ONCE)
            left = left - done if done else 0

    def today(self) -> date:
        return datetime.fromtimestamp(self._clock.now(), UTC).astimezone().date()

    def _take_in_a_few(self) -> None:
        """What was written just now, by whomever. Busy or full disks do not stop a search."""
        if self._store.can_write:
            with suppress(StorageError):
                self._store.catch_up(BEFORE_A_SEARCH)

    def _newest(self, query: Query, projects: tuple[Id, ...], models: tuple[str, ...], most: int) -> tuple[Found, ...]:
        """Of words that begin so only where there are not enough of the whole word."""
        words = whole(query)
        if words is not None:
            found = self._store.newest(expression(words, projects, models), query.after, query.before, most)
            if len(found) == most:
                return found
        return self._store.newest(expression(query, projects, models), query.after, query.before, most)

    def _models(self, query: Query) -> tuple[str, ...] | None:
        """The models that the query names; None when none of that name has answered."""
        if not query.models:
            return ()
        wanted = [Term(" ".join(tokens(name)), beginning=True) for name in query.models]
        return tuple(name for name in self._store.models() if any(places(name, [term]) for term in wanted)) or None

    def _projects(self, query: Query) -> tuple[Id, ...] | None:
        """The projects that the query names; None when there is none of that name."""
        if not query.projects:
            return ()
        wanted = [folded(name).strip() for name in query.projects]
        known = self._store.projects()
        found = [one for one, name in known if any(folded(name).startswith(words) for words in wanted)]
        exact = [one for one, name in known if folded(name) in wanted or one in query.projects]
        return tuple(exact or found) or None

    def _titled(self, query: Query, limit: int) -> list[Titled]:
        titles = title_expression(query)
        chats = self._store.titled(titles, max(CANDIDATES, limit)) if titles else ()
        return [
            chat
            for chat in chats
            if (query.after is None or chat.updated_at >= query.after)
            and (query.before is None or chat.updated_at < query.before)
        ]

    def _hit(self, query: Query, found: Found) -> Hit:
        where, piece = _piece(query, found.text, found.files, found.reasoning)
        if query.terms and not piece.marks:  # it stands further down than what was read to rank it
            where, piece = _piece(query, *self._store.texts(found.place))
        return Hit(
            found.conversation_id,
            found.message_id,
            found.title,
            piece.text,
            found.at,
            where,
            found.role,
            piece.marks,
            tuple(places(found.title, query.terms)),
        )


def _piece(query: Query, text: str, files: str, reasoning: str) -> tuple[Where, Snippet]:
    """Where the most of the terms stand, and what to show of it."""
    texts: list[tuple[Where, str]] = [("text", text), ("attachment", files)]
    if query.reasoning:
        texts.append(("reasoning", reasoning))
    where, best = max(texts, key=lambda one: sum(bool(places(one[1], [term])) for term in query.terms))
    if not query.terms and not text:
        where, best = "attachment", files
    return where, snippet(best, query.terms)


def _ranked(query: Query, found: tuple[Found, ...]) -> list[Found]:
    """The best first; of equal ones the newer."""

    def score(place: int) -> float:
        one = found[place]
        text = "\n".join((one.text, one.files, one.reasoning if query.reasoning else ""))
        fresh = _NEWEST * (1 - place / len(found))
        named = _IN_TITLE if all(places(one.title, [term]) for term in query.terms) else 0.0
        return relevance(text, query.terms) + fresh + named

    return [found[place] for place in sorted(range(len(found)), key=score, reverse=True)]


def _few_of_each(found: Iterable[Found], per_chat: int) -> Iterator[Found]:
    seen: Counter[Id] = Counter()
    for one in found:
        seen[one.conversation_id] += 1
        if not per_chat or seen[one.conversation_id] <= per_chat:
            yield one


def _title_hit(query: Query, chat: Titled) -> Hit:
    return Hit(
        chat.conversation_id,
        None,
        chat.title,
        "",
        chat.updated_at,
        "title",
        title_marks=tuple(places(chat.title, query.terms)),
    )


def _title_first(named: list[Hit], said: list[Hit], limit: int) -> Iterator[Hit]:
    """Titles come first, but leave half of the room to what was said."""
    room = max(limit - len(said), (limit + 1) // 2)
    kept = named[:room]
    yield from kept
    yield from said[: limit - len(kept)]
