"""How many bytes, in words: one convention for memory and one for files, used wherever a person reads a size. Pure."""

from __future__ import annotations

from typing import Final

GIB: Final = 1 << 30
MIB: Final = 1 << 20


def memory_words(count: int) -> str:
    """Bytes of memory in the binary units that it is sold in, written as on the box: 16 GB, 9.1 GB, 310 MB."""
    size = count / GIB
    if size < 0.95:
        return f"{max(0, count) / MIB:.0f} MB"
    return f"{size:.0f} GB" if size >= 100 or abs(size - round(size)) < 0.05 else f"{size:.1f} GB"


def size_words(count: int) -> str:
    """Bytes of a file, a download or a disk in the decimal units that these are sold in: 4.7 GB, 93 MB, 12 kB."""
    if count >= 999_500_000:
        return f"{count / 1e9:.1f} GB"
    if count >= 999_500:
        return f"{count / 1e6:.0f} MB"
    return f"{max(0, count) / 1e3:.0f} kB"
