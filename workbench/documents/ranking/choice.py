"""Which reranker reads the best passages once more: one of the person's own, or none."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from workbench.cancel import CancelToken
from workbench.errors import ModelError
from workbench.ports import Ranker


@dataclass(frozen=True, slots=True)
class OwnRanker:
    """A reranker on this disk. ``engine``: starts what computes for it, or attaches to it."""

    id: str
    name: str
    engine: Callable[[CancelToken], Ranker]

    def rank(self, question: str, texts: Sequence[str], cancel: CancelToken) -> tuple[float, ...]:
        """As `ports.Ranker.rank`."""
        return self.engine(cancel).rank(question, texts, cancel)


def wanted(name: str, installed: Callable[[], Iterable[OwnRanker]]) -> OwnRanker | None:
    """``name``: a model's name or id, empty: none. Raises `ModelError` for one that is not on this disk."""
    if not name:
        return None
    for model in installed():
        if name in (model.id, model.name):
            return model
    raise ModelError(
        f"There is no reranker {name!r} on this disk.",
        hint="Set documents.reranking_model to one that `workbench models list` shows, or to nothing.",
    )
