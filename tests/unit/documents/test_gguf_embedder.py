"""An embedding model of one's own makes the vectors, through the real engine."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from pathlib import Path

import pytest

from workbench.app import build
from workbench.cancel import CancelToken
from workbench.documents.embedding.choice import Embedders, OwnModel
from workbench.documents.embedding.gguf import GgufEmbedder
from workbench.documents.embedding.models import ROWS, row_of
from workbench.errors import EngineError, ModelError
from workbench.paths import Paths


class Picky:
    """An engine that refuses all texts where one is longer than ``most``."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.asked: list[list[str]] = []

    def embed(self, texts: Sequence[str], cancel: CancelToken) -> tuple[tuple[float, ...], ...]:
        self.asked.append(list(texts))
        if any(len(text) > self.most for text in texts):
            raise EngineError("input is too large to process")
        return tuple((float(len(text)), 0.0) for text in texts)


@pytest.fixture(scope="session")
def embedding_model(starter_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The starter model with a header that says it makes vectors. What is put in is three times the alignment long."""
    content = starter_model.read_bytes()
    version, tensors, values = struct.unpack_from("<IQQ", content, 4)
    key, padding = b"llama.pooling_type", b"general.pad"
    more = struct.pack("<Q", len(key)) + key + struct.pack("<II", 4, 1)
    rest = 96 - len(more) - 8 - len(padding) - 4 - 8
    more += struct.pack("<Q", len(padding)) + padding + struct.pack("<IQ", 8, rest) + b" " * rest
    place = tmp_path_factory.mktemp("models") / "EmbeddingGemma-300M-Q8_0.gguf"
    place.write_bytes(content[:4] + struct.pack("<IQQ", version, tensors, values + 2) + more + content[24:])
    return place


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("embeddinggemma-300M-Q8_0", "EmbeddingGemma 300M"),
        ("Qwen3-Embedding-0.6B-f16", "Qwen3 Embedding 0.6B"),
        ("nomic-embed-text-v1.5.Q8_0", "Nomic Embed Text v1.5"),
        ("all-MiniLM-L6-v2-ggml-model-f16", "all-MiniLM-L6-v2"),
        ("Qwen3-4B", None),
    ],
)
def test_models_are_known_by_their_names(name: str, known: str | None) -> None:
    row = row_of(name)
    assert (row and row.name) == known


def test_each_row_says_under_what_licence() -> None:
    assert all(row.licence and row.dimensions for row in ROWS)


def test_a_text_that_is_too_long_is_cut_and_the_others_are_not(embedding_model: Path) -> None:
    engine = Picky(200)
    embedder = GgufEmbedder(embedding_model, lambda _cancel: engine)
    texts = ["a" * 20, "b" * 1000, "c" * 30, "d" * 40]
    found = [round(first) for first, _second in embedder.embed(texts, CancelToken())]
    before = len("title: none | text: ")
    assert found == [20 + before, (1000 + before) // 8, 30 + before, 40 + before]
    assert embedder.embed([], CancelToken()) == ()


def test_an_engine_that_fails_is_not_asked_on_and_on(embedding_model: Path) -> None:
    engine = Picky(0)
    with pytest.raises(EngineError):
        GgufEmbedder(embedding_model, lambda _cancel: engine).embed(["text " * 100] * 8, CancelToken())
    assert len(engine.asked) == 2


def test_questions_and_passages_are_told_apart(embedding_model: Path) -> None:
    engine = Picky(1000)
    embedder = GgufEmbedder(embedding_model, lambda _cancel: engine)
    embedder.embed(["text"], CancelToken())
    embedder.embed_query("text")
    assert engine.asked == [["title: none | text: text"], ["task: search result | query: text"]]


@pytest.mark.engine
def test_real_vectors(home: Path, embedding_model: Path) -> None:
    paths = Paths(home)
    paths.prepare()
    workbench = build(paths)
    try:
        embedder = GgufEmbedder(
            embedding_model, lambda cancel: workbench.engine.embedder(embedding_model, "vectors", cancel)
        )
        first, same, other = embedder.embed(["the sea", "the sea", "a tax form"], CancelToken())
        assert len(first) == embedder.dimensions == 576
        assert sum(value * value for value in other) == pytest.approx(1.0, abs=1e-3)
        assert _alike(first, same) > _alike(first, other)
        assert len(embedder.embed_query("the sea")) == 576
    finally:
        workbench.close()


def _alike(one: Sequence[float], other: Sequence[float]) -> float:
    return sum(left * right for left, right in zip(one, other, strict=True))


def test_the_vectors_of_the_model_before_can_still_be_asked(embedding_model: Path) -> None:
    wanted, there = [""], [OwnModel("id", "Mine", embedding_model, lambda _cancel: Picky(1000))]
    embedders = Embedders(lambda: wanted[0], lambda: there)
    assert embedders.wanted().name == "all-MiniLM-L6-v2"
    wanted[0] = "Mine"
    own = embedders.wanted()
    assert own.name.startswith("EmbeddingGemma-300M-Q8_0 (")
    assert embedders.answering(own.name) is own
    assert embedders.answering("all-MiniLM-L6-v2").dimensions == 384
    there.clear()
    with pytest.raises(EngineError, match="not on this disk any more"):
        embedders.answering(own.name)
    with pytest.raises(ModelError, match="'Mine'"):
        embedders.wanted()
    embedders.close()
