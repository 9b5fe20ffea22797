"""A picture without what stands beside it in its file: place, owner, notes, small copies, what hangs behind its end.

Pure. What is kept is named: what draws the picture, its colours, its movement, and which side is up.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from typing import Final

from workbench.errors import UsageError
from workbench.messages import Image

_PNG: Final = b"\x89PNG\r\n\x1a\n"
_PNG_KEPT: Final = frozenset(b"IHDR PLTE IDAT IEND tRNS gAMA cHRM sRGB iCCP cICP sBIT bKGD pHYs acTL fcTL fdAT".split())
_JPEG: Final = b"\xff\xd8"
_END_OF_PICTURE, _START_OF_SCAN, _COMMENT = 0xD9, 0xDA, 0xFE
_APPLICATIONS: Final = range(0xE0, 0xF0)
# What an application's segment begins with that says how colours are to be read; all others go.
_COLOURS: Final = {0xE2: b"ICC_PROFILE\0", 0xEE: b"Adobe"}
_JFIF: Final = b"JFIF\0"
_JFIF_HEAD: Final = 12  # without the sizes of its small copy
_EXIF: Final = b"Exif\0\0"
_ORIENTATION: Final = 0x0112
_MOST_ENTRIES: Final = 1000
_MARKER: Final = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")
_FILLED: Final = re.compile(rb"\xff++(?<=\xff\xff)")
_GIF_MOVES: Final = (b"NETSCAPE2.0", b"ANIMEXTS1.0")


def without_metadata(image: Image) -> Image:
    """The same picture, byte for byte in what draws it. Raises `UsageError`. A kind that nobody can be sent stays."""
    content = image.content
    try:
        if content.startswith(_JPEG):
            return Image(image.media_type, b"".join(_jpeg(content)))
        if content.startswith(_PNG):
            return Image(image.media_type, b"".join(_png(content)))
        if content.startswith((b"GIF87a", b"GIF89a")):
            return Image(image.media_type, b"".join(_gif(content)))
    except (struct.error, IndexError) as error:
        raise _unknown() from error
    if image.media_type == "image/bmp":  # no provider takes it: it is refused later, in better words
        return image
    raise _unknown()


def _unknown() -> UsageError:
    return UsageError(
        "What else is in the file of this picture cannot be told, so it is not sent.",
        hint="Save it anew as PNG or JPEG and attach that, or leave it out.",
    )


def _png(content: bytes) -> Iterator[bytes]:
    yield _PNG
    place, kind = len(_PNG), b""
    while kind != b"IEND":
        length, kind = struct.unpack_from(">I4s", content, place)
        end = place + length + 12
        if end > len(content):
            raise _unknown()
        if kind in _PNG_KEPT:
            yield content[place:end]
        place = end


def _jpeg(content: bytes) -> Iterator[bytes]:
    """Up to the end of the first picture: telephones hang films and depths behind it."""
    yield _JPEG
    place = len(_JPEG)
    while True:
        if filled := _FILLED.match(content, place):
            place = filled.end() - 1
        mark, code = struct.unpack_from(">BB", content, place)
        if mark != 0xFF:
            raise _unknown()
        if code == _END_OF_PICTURE:
            yield content[place : place + 2]
            return
        (length,) = struct.unpack_from(">H", content, place + 2)
        end = place + 2 + length
        if length < 2 or end > len(content):
            raise _unknown()
        yield _segment(code, content[place:end])
        place = end
        if code == _START_OF_SCAN:
            scan = _MARKER.search(content, place)
            place = scan.start() if scan else len(content)
            yield content[end:place]
            if scan is None:  # cut off: readers show what there is
                return


def _segment(code: int, segment: bytes) -> bytes:
    """As it is, or what of it is kept."""
    if code == _COMMENT:
        return b""
    if code not in _APPLICATIONS:
        return segment
    said = segment[4:]
    if code == 0xE0 and said.startswith(_JFIF) and len(said) >= _JFIF_HEAD:
        return _with_length(code, said[:_JFIF_HEAD] + b"\0\0")
    if code == 0xE1 and said.startswith(_EXIF):
        turned = _orientation(said[len(_EXIF) :])
        return _with_length(code, _EXIF + _only_orientation(turned)) if turned > 1 else b""
    begins = _COLOURS.get(code)
    return segment if begins and said.startswith(begins) else b""


def _with_length(code: int, said: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, code, len(said) + 2) + said


def _orientation(tiff: bytes) -> int:
    """Which side is up, 1 to 8; 1 where nothing is said that can be read."""
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2], "")
    try:
        (first,) = struct.unpack_from(f"{order}I", tiff, 4)
        (entries,) = struct.unpack_from(f"{order}H", tiff, first)
        for number in range(min(entries, _MOST_ENTRIES)):
            tag, _kind, _count, value = struct.unpack_from(f"{order}HHIH", tiff, first + 2 + 12 * number)
            if tag == _ORIENTATION:
                return value if 1 <= value <= 8 else 1
    except struct.error:
        pass
    return 1


def _only_orientation(turned: int) -> bytes:
    return b"II*\0" + struct.pack("<IHHHIHHI", 8, 1, _ORIENTATION, 3, 1, turned, 0, 0)


def _gif(content: bytes) -> Iterator[bytes]:
    place = 13 + _colours(content[10])
    yield content[:place]
    while True:
        start, kind = place, content[place]
        if kind == 0x3B:
            yield b"\x3b"
            return
        if kind == 0x2C:
            place += 11 + _colours(content[place + 9])
            kept = True
        elif kind == 0x21:
            kept = _drawn(content[place + 1], content[place + 3 : place + 14])
            place += 2
        else:
            raise _unknown()
        while size := content[place]:
            place += size + 1
        place += 1
        if kept:
            yield content[start:place]


def _drawn(label: int, said: bytes) -> bool:
    """Whether an extension changes what is seen: times and transparency, words that are drawn, repetitions."""
    return label in (0xF9, 0x01) or (label == 0xFF and said in _GIF_MOVES)


def _colours(flags: int) -> int:
    """The bytes of a table of colours."""
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0
