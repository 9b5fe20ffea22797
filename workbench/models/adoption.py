"""Models of other programs on this disk, used in place and never written to. The values; the finders are beside it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class FoundModel:
    """``program``: LM Studio, Ollama, Hugging Face cache, or Folder. ``path``: the (first) GGUF file, or the MLX folder.

    ``usable`` False: ``problem`` says why (MLX is not for llama.cpp, a broken header), and ``equivalent`` names a GGUF of
    the catalog (its id) with ``equivalent_bytes``, where one is known. ``catalog_id``: which catalog model it is, if known.
    ``can_chat``: it has a chat template. ``adopted``: it is in the library already.
    """

    program: str
    name: str
    path: Path
    bytes: int
    shards: tuple[Path, ...] = ()
    projector: Path | None = None
    sha256: str | None = None
    catalog_id: str | None = None
    architecture: str = ""
    quantization: str = ""
    can_chat: bool = True
    usable: bool = True
    problem: str = ""
    equivalent: str | None = None
    equivalent_bytes: int | None = None
    adopted: bool = False
