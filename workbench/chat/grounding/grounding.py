"""Finds the passages that an answer stands on, and checks afterwards what it cites. Fills the port `asked.Grounds`."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from workbench.cancel import CancelToken
from workbench.chat.grounding import budget, choosing, question
from workbench.chat.grounding.asked import Asked, Room, earlier_passages
from workbench.chat.grounding.scope import Scope, known, listed, scope_of
from workbench.chat.tree import Node
from workbench.documents.citing.check import check
from workbench.documents.citing.numbers import markers
from workbench.errors import Cancelled, RefusedError, WorkbenchError
from workbench.messages import Passage, Sources

if TYPE_CHECKING:
    from workbench.documents.service import Documents

log = logging.getLogger(__name__)

MOST_PASSAGES: Final = 12
MOST_WHOLE_FILES: Final = 4


class Grounding:
    """Any thread."""

    def __init__(
        self,
        documents: Callable[[], Documents],
        stranger: Callable[[str], str],
    ) -> None:
        """``documents`` is asked only where a chat has some. ``stranger``: of a model's name, the label of the machine that
        answers for it and is not the person's; else ""."""
        self._documents = documents
        self._stranger = stranger

    def known(self, folders: Sequence[str]) -> tuple[str, ...]:
        """See `Grounds.known`."""
        return known(folders, self._documents()) if folders else ()

    def check(self, asked: Asked, branch: Sequence[Node], model: str) -> None:
        """See `Grounds.check`."""
        passages = [passage for node in branch for passage in node.message.passages]
        if not asked and not passages:
            return
        stranger = self._stranger(model)
        if stranger and (private := self._private(asked, passages)):
            raise RefusedError(
                f"{listed(private)} is private, and {stranger} is not marked as yours: nothing was sent.",
                hint="Choose a model of this computer, mark that machine as yours in the settings, or ask in a new chat"
                " without that folder.",
            )

    def find(
        self,
        asked: Asked,
        text: str,
        branch: Sequence[Node],
        room: Room,
        cancel: CancelToken,
        tell: Callable[[str], None],
    ) -> Sources:
        """See `Grounds.find`."""
        if not asked:
            return Sources()
        try:
            return self._find(asked, text, branch, room, cancel, tell)
        except Cancelled:
            raise
        except WorkbenchError as error:
            log.warning("the documents could not be asked: %s", error.message)
            return Sources(note=f"The documents could not be searched: {error.message}")

    def checked(self, sources: Sources, branch: Sequence[Node], text: str, found: Sequence[Passage] = ()) -> Sources:
        """See `Grounds.checked`."""
        own = {passage.number for passage in (*sources.passages, *found)}
        earlier = [passage for passage in earlier_passages(branch).passages if passage.number not in own]
        if not own and not earlier:
            return sources
        cited = {number for marker in markers(text) for number in marker.numbers}
        passages = (*sources.passages, *(passage for passage in earlier if passage.number in cited))
        return replace(sources, passages=passages, citations=check(text, (*passages, *found)))

    # Pieces -----------------------------------------------------------------------------------------------------------

    def _private(self, asked: Asked, passages: Sequence[Passage]) -> list[str]:
        """What of it is private, in words."""
        documents = self._documents()
        scope = scope_of(asked, documents)
        now_private = {state.collection.id: state.collection for state in documents.collections()}
        names = [f"“{one.name}”" for one in scope.collections if one.private]
        for passage in passages:
            collection = now_private.get(passage.collection_id)
            if passage.private or (collection is not None and collection.private):
                names.append(f"“{collection.name}”" if collection else passage.name)
        return list(dict.fromkeys(names))

    def _find(
        self,
        asked: Asked,
        text: str,
        branch: Sequence[Node],
        room: Room,
        cancel: CancelToken,
        tell: Callable[[str], None],
    ) -> Sources:
        documents = self._documents()
        scope = scope_of(asked, documents)
        earlier = earlier_passages(branch).passages
        chosen = _Choice(room, earlier)
        if scope.only_files and len(scope.files) <= MOST_WHOLE_FILES:
            found = self._whole(scope, documents, chosen, tell)
            if found is not None:
                return found
        if not scope.collections:
            return Sources(note=" ".join(scope.gone))
        if not question.is_searchable(text):
            return Sources()
        tell(f"Searching {listed([f'“{one.name}”' for one in scope.collections])}…")
        wanted = question.searches(text, branch)
        answers = [documents.search(query, cancel) for one in wanted for query in scope.queries(one, MOST_PASSAGES)]
        hits = choosing.telling(choosing.alternating([answer.hits for answer in answers], MOST_PASSAGES))
        notes = [*scope.gone, *dict.fromkeys(answer.note for answer in answers if answer.note)]
        if not hits:
            return Sources(note=" ".join([f"Nothing was found in {scope.told()}.", *notes]))
        return chosen.given(choosing.passages_of(hits), notes)

    def _whole(
        self, scope: Scope, documents: Documents, chosen: _Choice, tell: Callable[[str], None]
    ) -> Sources | None:
        """All of the files that are asked, where they fit; None where they do not."""
        tell(f"Reading {listed([document.name for _collection, document in scope.files])}…")
        try:
            read = [documents.text(document.id) for _collection, document in scope.files]
        except WorkbenchError:  # not read yet: the search says more
            return None
        passages = [passage for one in read for passage in choosing.whole(one)]
        changed = [f"{one.document.name} was changed since it was read." for one in read if one.changed]
        return chosen.whole(passages, [*scope.gone, *changed])


class _Choice:
    """How much of what was found is given."""

    def __init__(self, room: Room, earlier: Sequence[Passage]) -> None:
        self._room = room
        self._earlier = earlier
        self._bare: int | None = None

    def whole(self, passages: Sequence[Passage], notes: Sequence[str]) -> Sources | None:
        if not passages:
            return None
        room = self._room
        most = budget.whole_budget(room.context_tokens, self.bare, room.reserve, room.tokens_per_second)
        if budget.surely_too_long(sum(len(passage.text) for passage in passages), most):
            return None
        found = Sources(choosing.numbered(passages, self._earlier), note=" ".join(notes))
        return found if self._taken(found.passages) <= most else None

    def given(self, passages: Sequence[Passage], notes: Sequence[str]) -> Sources:
        room = self._room
        allowed = budget.budget(room.context_tokens, self.bare, room.reserve, room.tokens_per_second)
        found = choosing.numbered(passages, self._earlier)
        kept = budget.fitting(found, allowed.tokens, self._taken)
        told = []
        if len(kept) < len(found):
            told = [f"{len(kept)} of the {len(found)} best passages were given: {allowed.because}."]
        if not kept:
            told = ["Passages were found, but there is no room for them in the model's context."]
        return Sources(kept, note=" ".join([*told, *notes]))

    @property
    def bare(self) -> int:
        """Tokens of the prompt without any."""
        if self._bare is None:
            self._bare = self._room.count(Sources())
        return self._bare

    def _taken(self, passages: Sequence[Passage]) -> int:
        return self._room.count(Sources(tuple(passages))) - self.bare
