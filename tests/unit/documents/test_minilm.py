"""The model that comes with the program makes vectors that tell near from far."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from workbench.cancel import CancelToken
from workbench.documents.embedding import minilm
from workbench.documents.embedding.minilm import DIMENSIONS, MiniLm, batches
from workbench.errors import Cancelled, EngineError


@pytest.fixture(scope="module")
def model() -> MiniLm:
    return MiniLm(2)


def test_near_and_far(model: MiniLm) -> None:
    cat, kitten, market = np.asarray(
        model.embed(["A cat sits on the mat.", "A kitten rests on the rug.", "The stock market fell."], CancelToken())
    )
    assert cat.shape == (DIMENSIONS,)
    assert np.linalg.norm(cat) == pytest.approx(1.0, abs=1e-5)
    assert cat @ kitten > 0.5 > 0.2 > cat @ market


def test_the_vector_is_that_of_the_model_itself(model: MiniLm) -> None:
    """As its card shows them, as far as bytes can tell."""
    one, other = np.asarray(model.embed(["This is an example sentence", "Each sentence is converted"], CancelToken()))
    assert one[:4] == pytest.approx([0.0677, 0.0635, 0.0487, 0.0793], abs=0.01)
    assert other[:4] == pytest.approx([0.0864, 0.1028, 0.0054, 0.0020], abs=0.01)


def test_a_text_has_the_same_vector_in_any_company(model: MiniLm) -> None:
    texts = [f"Sentence {number} " + "with more words " * (number % 7) for number in range(40)]
    together = model.vectors(texts, CancelToken())
    for place in (0, 13, 39):
        alone = np.asarray(model.embed_query(texts[place]))
        assert float(alone @ together[place]) > 0.98  # int8 rounds by the batch


def test_odd_texts(model: MiniLm) -> None:
    texts = ["", " ", "😀", "x" * 20_000, "word " * 5_000, "漢字かな", "\x00\ud800"]
    vectors = model.vectors(texts, CancelToken())
    assert np.isfinite(vectors).all()
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(len(texts)), abs=1e-4)
    assert model.embed([], CancelToken()) == ()


def test_what_is_too_long_is_cut(model: MiniLm) -> None:
    long = "The ship leaves the harbour at dawn. " * 60
    assert np.asarray(model.embed_query(long)) == pytest.approx(
        np.asarray(model.embed_query(long + "Bananas are yellow. " * 60)), abs=1e-5
    )


def test_cancelling_ends_it(model: MiniLm) -> None:
    cancel = CancelToken()
    cancel.cancel()
    for texts in (["one"], ["some words"] * 200):
        with pytest.raises(Cancelled):
            model.embed(texts, cancel)


def test_it_is_loaded_late_and_dropped_when_nobody_asks() -> None:
    now = [0.0]
    model = MiniLm(1, clock=lambda: now[0])
    assert not model.loaded
    first = model.embed_query("text")
    now[0] = 299.0
    assert not model.drop_idle(300.0)
    now[0] = 301.0
    assert model.drop_idle(300.0)
    assert not model.loaded
    assert not model.drop_idle(300.0)
    assert model.embed_query("text") == first
    model.close()
    assert not model.loaded


def test_a_damaged_installation_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(minilm, "asset", lambda _name: tmp_path / "missing.txt")
    with pytest.raises(EngineError) as told:
        MiniLm(1).embed_query("text")
    assert "meaning" in told.value.message
    assert "words of a question" in told.value.hint


@pytest.mark.parametrize("lengths", [[], [5], [3, 200, 7, 100, 256, 4, 4, 4], [1] * 1000])
def test_batches_hold_all_and_little_filling(lengths: list[int]) -> None:
    found = list(batches(lengths, 256))
    assert sorted(number for batch in found for number in batch) == list(range(len(lengths)))
    assert all(len(batch) * max(lengths[number] for number in batch) <= 256 for batch in found)
