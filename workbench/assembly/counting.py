"""What counts the tokens of a request that may leave: models of this machine, and what is published."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from workbench.cancel import CancelToken
from workbench.chat.asking.known_models import KnownModels
from workbench.chat.escalating.counts import tokenizer_of
from workbench.chat.escalating.tokenizing import Found, Sources, TokenCounts
from workbench.cloud.tokens.counting import PublishedTokens
from workbench.engine.counting.keeper import Keeper
from workbench.engine.counting.vocabulary import Vocabularies, VocabularyEngine
from workbench.models.catalog.model import CatalogModel
from workbench.models.library import InstalledModel
from workbench.ports import ChatBackend


def build_counts(
    ready: Callable[[], ChatBackend | None],
    known: KnownModels,
    installed: Callable[[], Iterable[InstalledModel]],
    vocabulary: Callable[[Path, CancelToken], VocabularyEngine],
) -> TokenCounts:
    """``ready``: the model in memory. Nothing is started before something is counted."""

    def loaded() -> tuple[str, ChatBackend] | None:
        backend = ready()
        tokenizer = "" if backend is None else _tokenizer(known.listed(backend.info.model))
        return None if backend is None or not tokenizer else (tokenizer, backend)

    def found() -> Iterator[Found]:
        for model in installed():
            entry = None if model.problem else known.entry(model)
            if entry is not None:
                yield Found(_tokenizer(entry), entry.id, model.path)

    return TokenCounts(
        Sources(
            loaded,
            lambda: tuple(found()),
            Keeper(lambda _cancel: Vocabularies(vocabulary)),
            Keeper(lambda _cancel: PublishedTokens()),
        )
    )


def _tokenizer(entry: CatalogModel | None) -> str:
    return "" if entry is None else tokenizer_of(entry.family, entry.id)
