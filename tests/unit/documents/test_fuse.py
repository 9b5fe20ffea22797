"""What several methods found, as one order."""

from __future__ import annotations

import pytest

from workbench.documents.retrieval.fuse import AGAIN, fused, spread


def order(scores: dict[int, float]) -> list[int]:
    return sorted(scores, key=lambda one: -scores[one])


def test_what_both_methods_like_is_first() -> None:
    scores = fused({1: 9.0, 2: 8.5, 3: 1.0}, {1: 0.2, 2: 0.6, 3: 0.61, 4: 0.1})
    assert order(scores)[0] == 2
    assert scores.keys() == {1, 2, 3, 4}
    assert all(0 < score < 1 for score in scores.values())


def test_one_passage_with_the_rare_word_stands_out() -> None:
    """All are about as near in meaning; an identifier is in one only."""
    near = {one: 0.3 + one / 1000 for one in range(50)}
    assert order(fused({7: 6.0}, near))[0] == 7


def test_one_method_alone() -> None:
    assert order(fused({1: 1.0, 2: 3.0, 3: 2.0}, {})) == [2, 3, 1]
    assert order(fused({}, {1: 0.1, 2: 0.3, 3: 0.2})) == [2, 3, 1]
    assert fused({}, {}) == {}
    assert list(fused({5: 1.0}, {})) == [5]


def test_a_passage_without_a_vector_is_neither_near_nor_far() -> None:
    scores = fused({1: 2.0, 2: 2.0, 3: 2.0}, {1: 0.9, 3: 0.1})
    assert order(scores) == [1, 2, 3]


@pytest.mark.parametrize("huge", [1e9, 1e-12])
def test_extreme_scores_are_no_error(huge: float) -> None:
    assert set(fused({1: huge, 2: 0.0}, {1: 1.0, 2: -1.0})) == {1, 2}


def test_one_document_does_not_take_all_places() -> None:
    ranked = [(1, 10, 0.90), (2, 10, 0.89), (3, 10, 0.88), (4, 20, 0.80)]
    assert [one for one, _document, _score in spread(ranked)] == [1, 4, 2, 3]
    assert spread(ranked)[2][2] == pytest.approx(0.89 * AGAIN)
