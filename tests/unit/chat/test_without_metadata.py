"""Pictures leave without what else is in their files; what draws them stays byte for byte."""

from __future__ import annotations

import struct
import zlib

import pytest

from workbench.chat.attaching.without_metadata import without_metadata
from workbench.errors import UsageError
from workbench.messages import Image

CANARY = b"CANARY at 52.5200 N"


def _segment(code: int, said: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, code, len(said) + 2) + said


def _exif(turned: int, order: str = "<") -> bytes:
    entries = [(0x010E, 2, 20, 8), (0x0112, 3, 1, turned)]
    head = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(f"{order}IH", 8, len(entries))
    told = b"".join(
        struct.pack(f"{order}HHI", *entry[:3])
        + (struct.pack(f"{order}HH", entry[3], 0) if entry[1] == 3 else struct.pack(f"{order}I", entry[3]))
        for entry in entries
    )
    return b"Exif\0\0" + head + told + bytes(4) + CANARY


JFIF = b"JFIF\0\1\1\0\0\1\0\1"
COLOURS = _segment(0xE2, b"ICC_PROFILE\0\1\1profile")
TABLES = _segment(0xDB, bytes(65)) + _segment(0xC2, bytes(15)) + _segment(0xC4, bytes(20))
SCANS = (
    _segment(0xDA, bytes(10)) + b"\x12\xff\x00\xff\xd0\x34",
    _segment(0xC4, bytes(20)) + _segment(0xDA, bytes(10)) + b"\x56",
)
DRAWN = TABLES + SCANS[0] + SCANS[1] + b"\xff\xd9"


def _jpeg(turned: int = 1, order: str = "<") -> bytes:
    beside = _segment(0xE1, _exif(turned, order)) + _segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + CANARY)
    more = _segment(0xED, b"Photoshop 3.0\0" + CANARY) + _segment(0xFE, CANARY) + _segment(0xE2, b"MPF\0" + CANARY)
    drawn = TABLES + SCANS[0] + _segment(0xFE, CANARY) + b"\xff" + SCANS[1] + b"\xff\xd9"
    return b"\xff\xd8" + _segment(0xE0, JFIF + b"\1\1" + CANARY[:3]) + beside + COLOURS + more + drawn + CANARY


def _chunk(kind: bytes, said: bytes) -> bytes:
    return struct.pack(">I", len(said)) + kind + said + struct.pack(">I", zlib.crc32(kind + said))


PNG_DRAWN = (_chunk(b"IHDR", bytes(13)), _chunk(b"IDAT", b"pixels"), _chunk(b"IEND", b""))
PNG = b"\x89PNG\r\n\x1a\n" + PNG_DRAWN[0] + b"".join(
    _chunk(kind, CANARY) for kind in (b"tEXt", b"iTXt", b"zTXt", b"eXIf", b"tIME", b"caBX")
) + PNG_DRAWN[1] + _chunk(b"tEXt", CANARY) + PNG_DRAWN[2] + CANARY  # fmt: skip
GIF_HEAD = b"GIF89a\1\0\1\0\x80\0\0" + bytes(6)
GIF_MOVES = b"\x21\xff\x0bNETSCAPE2.0\x03\x01\0\0\0"
GIF_DRAWN = b"\x21\xf9\x04\0\0\0\0\0" + b"\x2c" + bytes(8) + b"\x80" + bytes(6) + b"\2\2\x4c\1\0"
GIF = (
    GIF_HEAD + GIF_MOVES + b"\x21\xfe" + bytes([len(CANARY)]) + CANARY + b"\0"
    + b"\x21\xff\x0bXMP DataXMP" + bytes([len(CANARY)]) + CANARY + b"\0" + GIF_DRAWN + b"\x3b" + CANARY
)  # fmt: skip


def _left(content: bytes, kind: str = "image/jpeg") -> bytes:
    return without_metadata(Image(kind, content)).content


def test_of_a_jpeg_only_what_draws_it_is_left() -> None:
    assert _left(_jpeg()) == b"\xff\xd8" + _segment(0xE0, JFIF + b"\0\0") + COLOURS + DRAWN


@pytest.mark.parametrize("order", ["<", ">"])
def test_which_side_is_up_stays(order: str) -> None:
    left = _left(_jpeg(6, order))
    assert b"CANARY" not in left
    assert b"Exif\0\0II*\0" + struct.pack("<IHHHIHHI", 8, 1, 0x0112, 3, 1, 6, 0, 0) in left
    assert _left(left) == left


def test_of_a_png_only_what_draws_it_is_left() -> None:
    assert _left(PNG, "image/png") == b"\x89PNG\r\n\x1a\n" + b"".join(PNG_DRAWN)


def test_of_a_gif_only_what_draws_it_is_left() -> None:
    assert _left(GIF, "image/gif") == GIF_HEAD + GIF_MOVES + GIF_DRAWN + b"\x3b"


def test_a_file_that_is_built_otherwise_is_not_sent() -> None:
    for content in (b"", b"RIFF", b"\xff\xd8" + CANARY, PNG[:40], PNG[:8] + b"\xff" * 40, GIF[:-40], b"GIF89a"):
        with pytest.raises(UsageError, match="not sent"):
            _left(content)


@pytest.mark.parametrize("content", [_jpeg(), PNG, GIF])
def test_a_file_that_was_cut_leaves_nothing_else(content: bytes) -> None:
    for end in range(len(content)):
        try:
            assert b"CANARY" not in _left(content[:end])
        except UsageError:
            continue


def test_a_picture_made_to_be_slow_is_not() -> None:
    begun = b"\xff\xd8" + _segment(0xDA, bytes(10))
    for content in (b"\xff" * 3_000_000, b"\xff\x00" * 1_000_000, b"\xff\xd0" * 1_000_000):
        assert _left(begun + content) == begun + content
