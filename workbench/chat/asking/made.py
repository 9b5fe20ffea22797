"""By what an answer was computed. Pure values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

PROCESSOR: Final = "processor"
"""The ``devices`` of a model that no GPU computes."""


@dataclass(frozen=True, slots=True)
class Made:
    """``seed``: of the choice of words, None: not known. ``engine``: its build, such as "llama.cpp b6700, cuda-12";
    ``devices``: where the layers of the model were, such as "CUDA0: 25 of 25 layers". Empty: not known."""

    seed: int | None = None
    engine: str = ""
    devices: str = ""


NOT_KNOWN: Final = Made()
