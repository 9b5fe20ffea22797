"""The pictures of a request: taken out of its messages, and looked at before anything unpacks them. Pure."""

from __future__ import annotations

import base64
import binascii
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from workbench.engine.worker.faults import BadRequest

MOST_PICTURES = 64
MOST_PIXELS = 50_000_000  # unpacked, three bytes each
NO_SIGHT = "image input is not supported - hint: if this is unexpected, you may need to provide the mmproj"

_FRAMES = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})  # of a JPEG: those that tell its size


@dataclass(frozen=True, slots=True)
class Shown:
    """``messages`` with ``marker`` in the place of each picture; ``pictures``: the bytes of their files, in order."""

    messages: list[Mapping[str, Any]]
    pictures: tuple[bytes, ...] = ()


def shown(messages: Sequence[Mapping[str, Any]], marker: str) -> Shown:
    """``marker`` empty: the model sees nothing. Raises `BadRequest` for a picture that cannot be used."""
    pictures: list[bytes] = []
    prepared = [_prepared(message, marker, pictures) for message in messages]
    if len(pictures) > MOST_PICTURES:
        raise BadRequest(f"At most {MOST_PICTURES} pictures at a time.")
    return Shown(prepared, tuple(pictures))


def _prepared(message: Mapping[str, Any], marker: str, pictures: list[bytes]) -> Mapping[str, Any]:
    content = message.get("content")
    if not isinstance(content, list) or not any(_is_picture(part) for part in content):
        return message
    if not marker:
        raise BadRequest(NO_SIGHT)
    parts = []
    for part in content:
        if _is_picture(part):
            pictures.append(file_of(part))
            parts.append({"type": "text", "text": marker, "marker": True})
        else:
            parts.append(part)
    return {**message, "content": parts}


def _is_picture(part: Any) -> bool:
    return isinstance(part, Mapping) and part.get("type") == "image_url"


def file_of(part: Mapping[str, Any]) -> bytes:
    """The file in an ``image_url`` part: a data URL; nothing is fetched. Raises `BadRequest`."""
    url = part.get("image_url")
    url = url.get("url") if isinstance(url, Mapping) else url
    if not isinstance(url, str):
        raise BadRequest("'image_url' must have a 'url'.")
    head, comma, packed = url.partition(",")
    if not head.startswith("data:image/") or not head.endswith(";base64") or not comma:
        raise BadRequest("A picture must be a data URL: data:image/png;base64,...")
    try:
        file = base64.b64decode(packed, validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadRequest("A picture is not base64.") from error
    size = size_of(file)
    if size is None:
        raise BadRequest("Failed to load image: it is no PNG, JPEG, GIF or BMP file.")
    if size[0] * size[1] > MOST_PIXELS:
        raise BadRequest(f"Failed to load image: it has more than {MOST_PIXELS // 1_000_000} million pixels.")
    return file


def size_of(file: bytes) -> tuple[int, int] | None:
    """Width and height as the file says, unpacked by nothing; None for any other kind of file."""
    found: tuple[int, ...] | None
    try:
        if file.startswith(b"\x89PNG\r\n\x1a\n"):
            found = struct.unpack_from(">II", file, 16)
        elif file.startswith((b"GIF87a", b"GIF89a")):
            found = struct.unpack_from("<HH", file, 6)
        elif file.startswith(b"BM"):
            width, height = struct.unpack_from("<ii", file, 18)
            found = (abs(width), abs(height))
        elif file.startswith(b"\xff\xd8"):
            found = _jpeg(file)
        else:
            return None
    except struct.error:
        return None
    return (int(found[0]), int(found[1])) if found and all(found) else None


def _jpeg(file: bytes) -> tuple[int, ...] | None:
    at = 2
    while file[at] == 0xFF if at < len(file) else False:
        kind, length = struct.unpack_from(">BH", file, at + 1)
        if kind == 0xFF:  # a fill byte
            at += 1
            continue
        if kind in _FRAMES:
            height, width = struct.unpack_from(">HH", file, at + 5)
            return (width, height)
        at += 2 + length
    return None
