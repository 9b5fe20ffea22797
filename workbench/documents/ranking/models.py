"""Rerankers that are known: where each is had. Pure values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class RankingRow:
    """``names``: parts of a file's or model's name, in small letters without signs, that it is known by. ``reference``: a
    file of it on the model hub; ``about``: its size and what it is good at, for a person."""

    name: str
    names: tuple[str, ...]
    licence: str
    reference: str
    about: str


ROWS: Final = (
    RankingRow(
        "BGE Reranker v2 M3",
        ("bgererankerv2m3",),
        "Apache-2.0",
        "gpustack/bge-reranker-v2-m3-GGUF/bge-reranker-v2-m3-Q8_0.gguf",
        "0.6 GB, more than 100 languages; wants a GPU",
    ),
    RankingRow(
        "GTE Reranker ModernBERT",
        ("gtererankermodernbertbase",),
        "Apache-2.0",
        "jolleyboy/gte-reranker-modernbert-base-GGUF/gte-reranker-modernbert-base-Q8_0.gguf",
        "0.2 GB, English",
    ),
)


def row_of(name: str) -> RankingRow | None:
    """The row of a model or file with this name."""
    plain = "".join(letter for letter in name.lower() if letter.isalnum())
    return next((row for row in ROWS if any(known in plain for known in row.names)), None)
