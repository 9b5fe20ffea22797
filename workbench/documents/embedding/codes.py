"""Vectors as signed bytes with a scale, and as their signs alone. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

LARGEST = 127
_WORD_BITS = 64


def quantized(vector: Sequence[float] | NDArray[np.float32]) -> tuple[float, bytes]:
    """The largest value as the scale, and each value times 127 / scale as a signed byte."""
    import numpy as np

    values = np.asarray(vector, np.float32)
    scale = float(np.abs(values).max(initial=0.0))
    if not scale or not np.isfinite(scale):
        return 0.0, bytes(len(values))
    return scale, np.rint(values * (LARGEST / scale)).astype(np.int8).tobytes()


def matrix(codes: Sequence[bytes]) -> NDArray[np.int8]:
    """One row for each vector; all have the same dimensions."""
    import numpy as np

    joined = np.frombuffer(b"".join(codes), np.int8)
    return joined.reshape(len(codes), -1) if codes else joined.reshape(0, 0)


def signs(codes: NDArray[np.int8] | NDArray[np.float32]) -> NDArray[np.uint64]:
    """One row of 64-bit words for each vector: a bit for each value, set where it is above nothing."""
    import numpy as np

    packed = np.packbits(codes > 0, axis=1)
    words = -(-codes.shape[1] // _WORD_BITS)
    padded = np.zeros((len(codes), words * 8), np.uint8)
    padded[:, : packed.shape[1]] = packed
    return padded.view(np.uint64)


def sign_words(dimensions: int) -> int:
    """How many 64-bit words the signs of a vector take."""
    return -(-dimensions // _WORD_BITS)
