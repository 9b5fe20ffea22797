"""What a model looks up in documents by itself, in the middle of an answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from workbench.cancel import CancelToken
from workbench.chat.grounding import choosing
from workbench.chat.grounding.asked import Asked
from workbench.chat.grounding.scope import scope_of
from workbench.documents.retrieval.hit import Query
from workbench.messages import Passage

if TYPE_CHECKING:
    from workbench.documents.service import Documents


class LookingUp:
    """Any thread."""

    def __init__(self, documents: Callable[[], Documents]) -> None:
        self._documents = documents

    def find(
        self, asked: Asked, text: str, limit: int, cancel: CancelToken, *, outward: bool = False
    ) -> tuple[tuple[Passage, ...], str]:
        """Passages without numbers yet (0), the best first, and what must be known of this search. Where nothing is asked,
        all folders that are not private are searched. ``outward``: private ones never are, and nothing is told of them.
        Raises `StorageError`, `Cancelled`."""
        documents = self._documents()
        queries, gone = self._queries(asked, documents, text, limit, outward=outward)
        answers = [documents.search(query, cancel) for query in queries]
        hits = choosing.telling(choosing.alternating([answer.hits for answer in answers], limit))
        notes = [*gone, *dict.fromkeys(answer.note for answer in answers if answer.note)]
        found = choosing.passages_of(hits)
        return tuple(one for one in found if not (outward and one.private)), " ".join(notes)

    def _queries(
        self, asked: Asked, documents: Documents, text: str, limit: int, *, outward: bool
    ) -> tuple[Sequence[Query], Sequence[str]]:
        if asked:
            scope = scope_of(asked, documents)
            if outward:  # what is said of a folder that is gone may name one that is private
                return tuple(scope.without_private().queries(text, limit)), ()
            return tuple(scope.queries(text, limit)), scope.gone
        shared = tuple(one.collection.id for one in documents.collections() if not one.collection.private)
        return ((Query(text, shared, limit=limit),) if shared else ()), ()
