"""Pictures: recognised, and measured by their first bytes. Nothing is decoded here."""

from __future__ import annotations

import struct
from typing import BinaryIO

from workbench.documents.extract.document import DocumentError, Extracted, Limits
from workbench.documents.extract.opening import cannot

_STANDALONE = frozenset([0x01, *range(0xD0, 0xD9)])
_NOT_FRAMES = frozenset([0xC4, 0xC8, 0xCC])


def prepare() -> None:
    """Python alone does it."""


def read(file: BinaryIO, name: str, kind: str, limits: Limits) -> Extracted:
    """Raises `DocumentError` for a broken picture and one too large to be given to a model."""
    raw = file.read(limits.picture_bytes + 1)
    if len(raw) > limits.picture_bytes:
        raise _too_large(name, f"more than {limits.picture_bytes >> 20} MB")
    try:
        width, height = _MEASURES[kind](raw)
    except (struct.error, IndexError, ValueError) as error:
        raise cannot(name, "is a broken picture") from error
    if width < 1 or height < 1:
        raise cannot(name, "is a broken picture")
    if width * height > limits.picture_pixels:
        raise _too_large(name, f"{width:,} × {height:,} pixels")
    return Extracted("", kind, pixels=(width, height))


def _too_large(name: str, how: str) -> DocumentError:
    return cannot(name, f"is too large a picture ({how})", "Make it smaller, or cut out what matters.")


def _png(raw: bytes) -> tuple[int, int]:
    if raw[12:16] != b"IHDR":
        raise ValueError("no header")
    width, height = struct.unpack_from(">II", raw, 16)
    return width, height


def _gif(raw: bytes) -> tuple[int, int]:
    width, height = struct.unpack_from("<HH", raw, 6)
    return width, height


def _bmp(raw: bytes) -> tuple[int, int]:
    width, height = struct.unpack_from("<ii", raw, 18)
    return width, abs(height)


def _jpeg(raw: bytes) -> tuple[int, int]:
    """Goes from marker to marker until one begins a frame."""
    place = 2
    while True:
        if raw[place] != 0xFF:
            raise ValueError("no marker")
        marker = raw[place + 1]
        if marker == 0xFF:
            place += 1
        elif marker in _STANDALONE:
            place += 2
        elif 0xC0 <= marker <= 0xCF and marker not in _NOT_FRAMES:
            height, width = struct.unpack_from(">HH", raw, place + 5)
            return width, height
        else:
            place += 2 + struct.unpack_from(">H", raw, place + 2)[0]


_MEASURES = {"image/png": _png, "image/gif": _gif, "image/bmp": _bmp, "image/jpeg": _jpeg}
