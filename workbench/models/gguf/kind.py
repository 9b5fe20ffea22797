"""What a GGUF file is for: most hold a model that writes, others a part of one or a model that does something else."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from workbench.models.gguf.header import Header


class Kind(StrEnum):
    """``WRITER``: what can answer. ``PROJECTOR``: turns pictures into tokens for the model beside it (`mmproj`)."""

    WRITER = "writer"
    PROJECTOR = "projector"
    EMBEDDER = "embedder"
    RANKER = "ranker"
    DRAFT = "draft"
    ADAPTER = "adapter"
    ARTIST = "artist"
    FOREIGN = "foreign"


PROBLEMS: Final = {
    Kind.WRITER: "",
    Kind.PROJECTOR: "It is the projector that lets a vision model see, and no such model lies beside it.",
    Kind.EMBEDDER: "It is an embedding model: it turns texts into numbers for searching and cannot chat.",
    Kind.RANKER: "It is a reranker: it tells how well a text answers a question and cannot chat.",
    Kind.DRAFT: "It is a draft model: it only speeds up the model it was made for.",
    Kind.ADAPTER: "It is an adapter: a change to another model, not a model by itself.",
    Kind.ARTIST: "It makes pictures, films or sounds, and does not write.",
    Kind.FOREIGN: "It is written in a form that only Ollama reads. Fetch the same model from the catalog.",
}

_RANKS: Final = 4  # of llama.cpp's `llama_pooling_type`
_EMBEDDERS: Final = ("bert", "gemma-embedding", "llama-embed", "t5encoder")
_DRAFTS: Final = ("eagle", "dflash")
_ARTISTS: Final = (
    *("flux", "sd1", "sd3", "sdxl", "qwen_image", "z_image", "hidream", "lumina2", "aura", "cosmos"),
    *("wan", "ltxv", "hyvid", "wavtokenizer", "whisper"),
)
# Ollama's converter names these architectures its own way, and its other files hold the vision part with the model.
_OLLAMA_ONLY: Final = frozenset({"gptoss", "mllama", "qwen25vl"})
_VISION_TENSORS: Final = ("v.", "mm.")


def kind_of(header: Header) -> Kind:
    """Judged by what the file says, never by its name."""
    stated = header.metadata.get("general.type")
    architecture = header.architecture
    if architecture == "clip" or stated == "mmproj":
        return Kind.PROJECTOR
    if stated == "adapter":
        return Kind.ADAPTER
    if architecture.startswith(_DRAFTS):
        return Kind.DRAFT
    if architecture.startswith(_ARTISTS):
        return Kind.ARTIST
    if header.metadata.get(f"{architecture}.pooling_type") == _RANKS:
        return Kind.RANKER
    if f"{architecture}.pooling_type" in header.metadata or any(word in architecture for word in _EMBEDDERS):
        return Kind.EMBEDDER
    if architecture in _OLLAMA_ONLY or any(tensor.name.startswith(_VISION_TENSORS) for tensor in header.tensors):
        return Kind.FOREIGN
    return Kind.WRITER
