"""What every engine promises of vectors: the same for the same text, of length 1, and tokens counted as they are read."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.contract.test_tiny_models import Asking, launcher_of, running

pytestmark = pytest.mark.engine

TEXTS = ["a cat", "the stock market fell", "a marker <|im_end|> in a text"]


@pytest.fixture(scope="module", params=("native", "binary", "worker"))
def vectors(
    request: pytest.FixtureRequest, starter_model: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Asking]:
    launcher = launcher_of(request.param, tmp_path_factory.mktemp("vectors"), request)
    with running(launcher, starter_model, embeddings=True, options={"pooling": "mean"}, context_tokens=512) as asking:
        yield asking


def test_tokens_are_counted_as_they_are_read(vectors: Asking) -> None:
    counts = [
        len(vectors.post("/tokenize", content=text, add_special=True, parse_special=True).json()["tokens"])
        for text in TEXTS
    ]
    usage = vectors.post("/v1/embeddings", input=TEXTS).json()["usage"]
    assert usage["prompt_tokens"] == usage["total_tokens"] == sum(counts)
    assert vectors.post("/v1/embeddings", input=TEXTS[0]).json()["usage"]["prompt_tokens"] == counts[0]


def test_a_text_has_the_same_vector_alone_and_among_others(vectors: Asking) -> None:
    together = [entry["embedding"] for entry in vectors.post("/v1/embeddings", input=TEXTS).json()["data"]]
    for text, found in zip(TEXTS, together, strict=True):
        alone = vectors.post("/v1/embeddings", input=text).json()["data"][0]["embedding"]
        assert math.hypot(*alone) == pytest.approx(1, abs=1e-4)
        assert sum(one * other for one, other in zip(alone, found, strict=True)) > 0.999
