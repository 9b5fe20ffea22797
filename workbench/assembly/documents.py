"""Document folders: what reads them, what finds in them, and what keeps both in step. Made when somebody needs it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cached_property, partial
from typing import TYPE_CHECKING

from workbench.assembly.foundation import Foundation
from workbench.assembly.watching import follow
from workbench.documents.desk import DocumentDesk
from workbench.documents.held import Opened
from workbench.documents.storing.collections import CollectionStore
from workbench.events import Topic

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workbench.documents.collection import Collection
    from workbench.documents.embedding.choice import Embedders, OwnModel
    from workbench.documents.extract.pool import ExtractionPool
    from workbench.documents.indexing.keeper import Crew, Keeper
    from workbench.documents.ranking.choice import OwnRanker
    from workbench.documents.retrieval.search import Search
    from workbench.documents.retrieval.words import WordIndex
    from workbench.engine.service import EngineService
    from workbench.messages import Id
    from workbench.models.service import ModelService


def build_documents(
    base: Foundation,
    busy: Callable[[], bool],
    own: Callable[[], Iterable[OwnModel]] = tuple,
    rankers: Callable[[], Iterable[OwnRanker]] = tuple,
) -> DocumentDesk:
    """``busy``: whether a person waits for an answer of an engine, so that what is behind everything else waits too.
    ``own``: the embedding models on this disk; ``rankers``: the rerankers."""
    collections = CollectionStore(base.database, base.clock.now)
    return DocumentDesk(
        base.paths,
        collections,
        base.bus,
        base.clock,
        lambda damaged: IndexParts(base, collections, busy, own, rankers, damaged).opened(),
    )


def own_models(models: ModelService, engine: EngineService) -> Iterable[OwnModel]:
    """The embedding models on this disk."""
    from workbench.documents.embedding.choice import OwnModel

    for model in models.list():
        if model.embeds:
            yield OwnModel(model.id, model.name, model.path, partial(engine.embedder, model.path, model.name))


def own_rankers(models: ModelService, engine: EngineService) -> Iterable[OwnRanker]:
    """The rerankers on this disk."""
    from workbench.documents.ranking.choice import OwnRanker

    for model in models.list():
        if model.ranks:
            yield OwnRanker(model.id, model.name, partial(engine.ranker, model.path, model.name))


class IndexParts:
    """What works on one open index.db."""

    def __init__(
        self,
        base: Foundation,
        collections: CollectionStore,
        busy: Callable[[], bool],
        own: Callable[[], Iterable[OwnModel]],
        rankers: Callable[[], Iterable[OwnRanker]],
        damaged: Callable[[], None],
    ) -> None:
        """``damaged``: told when the index cannot be read any more."""
        from workbench.documents.chunking.chunk import READER_VERSION
        from workbench.documents.indexing.followed import FollowedFolders
        from workbench.documents.indexing.lock import IndexLock
        from workbench.documents.storing.contents import ContentStore
        from workbench.documents.storing.files import FileStore
        from workbench.documents.storing.index import open_index
        from workbench.documents.storing.vectors import VectorStore

        self._base = base
        self._collections = collections
        self._busy = busy
        self._own = own
        self._rankers = rankers
        self._damaged = damaged
        lock = IndexLock(base.paths)
        try:
            self.database, self.told = open_index(base.paths, may_remake=lock.acquire())
        finally:
            lock.release()
        self.files = FileStore(self.database, base.clock.now)
        self.contents = ContentStore(self.database, READER_VERSION, base.clock.now)
        self.vectors = VectorStore(self.database)
        self.folders = FollowedFolders(collections, self.files, self.vectors)

    def opened(self) -> Opened:
        from workbench.documents.tally import Tally

        return Opened(
            self.database,
            self.files,
            self.contents,
            Tally(self.vectors),
            self.keeper,
            self.search,
            lambda: self.pages,
            self._close,
            self.told,
        )

    @cached_property
    def embedders(self) -> Embedders:
        from workbench.documents.embedding.choice import Embedders

        return Embedders(lambda: self._base.settings().documents.embedding_model, self._own)

    @cached_property
    def pages(self) -> ExtractionPool:
        """For whoever looks at a page while others are read."""
        from workbench.documents.extract.pool import ExtractionPool

        return ExtractionPool(1)

    @cached_property
    def search(self) -> Search:
        from workbench.documents.ranking.choice import wanted
        from workbench.documents.retrieval.judging import Judge
        from workbench.documents.retrieval.search import Search
        from workbench.documents.retrieval.vectors import VectorIndex
        from workbench.documents.storing.chunks import ChunkStore

        store = ChunkStore(self.database)
        judge = Judge(lambda: wanted(self._base.settings().documents.reranking_model, self._rankers))
        return Search(store, self.words, VectorIndex(self.vectors), self._embed_query, self._all, judge)

    @cached_property
    def words(self) -> WordIndex:
        from workbench.documents.indexing.words_child import WORDS_FOLDER
        from workbench.documents.retrieval.opening import open_words
        from workbench.documents.storing.chunks import ChunkStore

        return open_words(self._base.paths.home / WORDS_FOLDER, ChunkStore(self.database))

    @cached_property
    def keeper(self) -> Keeper:
        from workbench.documents.indexing.keeper import Keeper

        return Keeper(self._base.paths, self.folders, self._crew, follow, self._base.clock.now)

    def _crew(self) -> Crew:
        """A new one: its threads run once."""
        from workbench.documents.extract.pool import ExtractionPool
        from workbench.documents.indexing.embedding import Embedding
        from workbench.documents.indexing.indexer import Indexer, Machinery, workers
        from workbench.documents.indexing.keeper import Crew
        from workbench.documents.indexing.lacking import LackingVectors
        from workbench.documents.indexing.news import News
        from workbench.documents.indexing.taking_in import TakingIn
        from workbench.documents.indexing.words_child import take_in_apart

        count, clock, paths = workers(), self._base.clock, self._base.paths
        news = News(lambda: self._base.bus.publish(Topic.DOCUMENTS))
        self.contents.read_again()
        self._forget_detached()

        def stored() -> None:
            taking_in.wake()
            embedding.wake()

        def ended() -> None:
            taking_in.nothing_comes()
            embedding.go_on()

        machinery = Machinery(
            count, lambda: ExtractionPool(count), self._busy, stored, ended, self._damaged, self.folders.watched
        )
        indexer = Indexer(self.folders, self.contents, machinery, clock, news)
        taking_in = TakingIn(
            lambda: self.words,
            lambda cancel: take_in_apart(paths, cancel),
            lambda: indexer.reading,
            lambda: embedding.go_on(),
        )
        embedding = Embedding(
            LackingVectors(self.vectors, self.embedders.wanted, lambda: self.folders.followed()),
            lambda: taking_in.idle and not indexer.reading and not self._busy(),
            self.embedders.drop_idle,
            clock,
            news,
        )
        return Crew(indexer, taking_in, embedding)

    def _forget_detached(self) -> None:
        """What is left of folders whose removal was cut short."""
        for collection_id in self.files.counts().keys() - self._all().keys():
            self.files.forget(collection_id)

    def _embed_query(self, text: str) -> Sequence[float]:
        active = self.vectors.active()
        embedder = self.embedders.wanted() if active is None else self.embedders.answering(active.name)
        vector = embedder.embed_query(text)
        self.keeper.used()
        return vector

    def _all(self) -> Mapping[Id, Collection]:
        return {one.id: one for one in self._collections.all()}

    def _close(self) -> None:
        if "pages" in vars(self):
            self.pages.close()
        if "words" in vars(self):
            self.words.close()
        if "embedders" in vars(self):
            self.embedders.close()
        self.database.close()
