"""Models that make vectors: what each wants to have before a question and before a passage. Pure values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class EmbeddingRow:
    """``names``: parts of a file's or model's name, in small letters without signs, that it is known by. ``query`` and
    ``passage``: what it was trained to find before them. ``licence``: empty where the file must say it. ``reference``: a
    file of it on the model hub; ``about``: its size and what it is good at, for a person."""

    name: str
    names: tuple[str, ...]
    dimensions: int
    query: str = ""
    passage: str = ""
    licence: str = ""
    reference: str = ""
    about: str = ""


BUILT_IN: Final = EmbeddingRow("all-MiniLM-L6-v2", ("allminilml6v2",), 384, licence="Apache-2.0")
ROWS: Final = (
    BUILT_IN,
    EmbeddingRow(
        "EmbeddingGemma 300M",
        ("embeddinggemma300m",),
        768,
        query="task: search result | query: ",
        passage="title: none | text: ",
        licence="Gemma terms of use",
        reference="ggml-org/embeddinggemma-300M-GGUF/embeddinggemma-300M-Q8_0.gguf",
        about="0.3 GB, more than 100 languages",
    ),
    EmbeddingRow(
        "Qwen3 Embedding 0.6B",
        ("qwen3embedding06b",),
        1024,
        query="Instruct: Given a web search query, retrieve relevant passages that answer the query\nQuery:",
        licence="Apache-2.0",
        reference="Qwen/Qwen3-Embedding-0.6B-GGUF/Qwen3-Embedding-0.6B-Q8_0.gguf",
        about="0.6 GB, more than 100 languages, the slowest and most exact",
    ),
    EmbeddingRow(
        "Nomic Embed Text v1.5",
        ("nomicembedtextv15",),
        768,
        query="search_query: ",
        passage="search_document: ",
        licence="Apache-2.0",
        reference="nomic-ai/nomic-embed-text-v1.5-GGUF/nomic-embed-text-v1.5.Q8_0.gguf",
        about="0.1 GB, English, quick",
    ),
)


def row_of(name: str) -> EmbeddingRow | None:
    """The row of a model or file with this name; None: nothing is known of it, and it gets the texts as they are."""
    plain = "".join(letter for letter in name.lower() if letter.isalnum())
    return next((row for row in ROWS if any(known in plain for known in row.names)), None)
