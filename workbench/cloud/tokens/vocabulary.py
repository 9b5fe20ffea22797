"""The vocabulary that OpenAI has published, o200k: a file that comes with the program, checked before it is believed.

The file, unpacked: a byte for each token, how long it is, in the order of their ranks; then all of them. Made by
``packaging/vocabulary.py``.
"""

from __future__ import annotations

import zlib
from hashlib import sha256
from pathlib import Path
from typing import Final

from workbench.cloud.tokens.pairing import PairEncoding
from workbench.errors import StorageError
from workbench.paths import asset

NAME: Final = "cloud/o200k.vocabulary"
TOKENS: Final = 199_998  # the special ones are not among them
SHA256: Final = "815ad0c59958aa18ac2136a9d9ac315c38394f2584aefdc5e2aa426fb96722c4"
"""Of the file."""
_MOST_UNPACKED_BYTES: Final = 4 << 20
_HINT: Final = "Install Workbench again; until then what a request holds is an estimate from above."

_UPPER: Final = r"\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}"
_LOWER: Final = r"\p{Ll}\p{Lm}\p{Lo}\p{M}"
_SHORT: Final = "(?:'(?:[sS]|[tT]|[rR][eE]|[vV][eE]|[mM]|[lL][lL]|[dD]))?"
PATTERN: Final = "|".join(
    (
        rf"[^\r\n\p{{L}}\p{{N}}]?[{_UPPER}]*[{_LOWER}]+{_SHORT}",
        rf"[^\r\n\p{{L}}\p{{N}}]?[{_UPPER}]+[{_LOWER}]*{_SHORT}",
        r"\p{N}{1,3}",
        r" ?[^\s\p{L}\p{N}]+[\r\n/]*",
        r"\s*[\r\n]+",
        r"\s+(?!\S)",
        r"\s+",
    )
)
"""How a text is cut into words, numbers and spaces, as published with the vocabulary."""


def published(path: Path | None = None) -> PairEncoding:
    """The encoding with the vocabulary of ``path``, by default the program's own. Takes a tenth of a second and 30 MB.

    Raises `StorageError` with the reason: missing, unreadable, or not what was delivered.
    """
    import regex  # type: ignore[import-untyped]  # only what counts loads it

    return PairEncoding(regex.compile(PATTERN), ranks(_read(path or asset(NAME))))


def ranks(packed: bytes) -> dict[bytes, int]:
    """Raises `StorageError` where ``packed`` is not what was delivered."""
    if sha256(packed).hexdigest() != SHA256:
        raise StorageError("The vocabulary that counts tokens is damaged.", hint=_HINT)
    unpacked = zlib.decompressobj().decompress(packed, _MOST_UNPACKED_BYTES)
    lengths, found, start = unpacked[:TOKENS], dict[bytes, int](), TOKENS
    for rank, length in enumerate(lengths):
        found[unpacked[start : start + length]] = rank
        start += length
    return found


def packed(tokens: list[bytes]) -> bytes:
    """The file of these tokens, in the order of their ranks; each has 1 to 255 bytes."""
    return zlib.compress(bytes(map(len, tokens)) + b"".join(tokens), 9)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise StorageError(
            f"The vocabulary that counts tokens cannot be read: {error.strerror or error}.", hint=_HINT
        ) from error
