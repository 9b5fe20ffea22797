"""Answers that a server packed although nobody asked it to. Pure."""

from __future__ import annotations

import zlib
from typing import Final

_KNOWN: Final = ("gzip", "x-gzip", "deflate")


class TooLargeError(ValueError):
    """It unpacks to more than was allowed: it may be made to do harm."""


def unpacked(content: bytes, encoding: str, most_bytes: int) -> bytes:
    """``encoding``: as the answer's header says. Raises `TooLargeError`; `ValueError` for what is packed in another way, or
    broken."""
    encoding = encoding.strip().lower()
    if encoding in ("", "identity"):
        return content
    if encoding not in _KNOWN:
        raise ValueError(f"packed as {encoding[:40]}")
    unpacking = zlib.decompressobj(zlib.MAX_WBITS | 32)
    try:
        found = unpacking.decompress(content, most_bytes + 1)
    except zlib.error as error:
        raise ValueError(str(error)) from error
    if len(found) > most_bytes:
        raise TooLargeError
    if not unpacking.eof:
        raise ValueError("cut off")
    return found
