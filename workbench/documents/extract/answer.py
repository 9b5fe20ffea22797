"""What an extraction child says, as bytes, and what the parent makes of it: it may be broken, or a lie."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any, TypeVar

from workbench.documents.chunking import wire
from workbench.documents.collection import Chunk
from workbench.documents.extract.document import DocumentError, Extracted, Limits, Section, Why
from workbench.documents.extract.opening import cannot

Box = tuple[float, float, float, float]
Made = TypeVar("Made")
_BYTES_OF_A_CHARACTER = 6  # in JSON, at most: a control as an escape
_FOR_THE_REST = 1 << 20


def most_bytes(limits: Limits) -> int:
    """An answer that is longer is none."""
    return limits.characters * _BYTES_OF_A_CHARACTER + _FOR_THE_REST


def written(answer: Extracted | bytes | list[Box] | DocumentError, chunks: Sequence[Chunk] = ()) -> bytes:
    """What was read, and its passages; a picture; or where something stands; else why not."""
    if isinstance(answer, Extracted):
        said: dict[str, Any] = asdict(answer) | {"chunks": wire.said(chunks)}
    elif isinstance(answer, DocumentError):
        said = {"error": answer.message, "hint": answer.hint, "detail": answer.detail, "why": answer.why}
    else:
        said = {"png": b64encode(answer).decode()} if isinstance(answer, bytes) else {"boxes": answer}
    return json.dumps(said, ensure_ascii=False).encode("utf-8", "replace")


def understood(said: bytes, name: str) -> Extracted:
    """Raises the `DocumentError` that was said, and one where nothing sensible was."""
    return _understood(said, name, _extracted)


def cut(said: bytes, name: str) -> tuple[Extracted, tuple[Chunk, ...]]:
    """What was read, and its passages. Raises as `understood`."""
    return _understood(said, name, lambda answer: (extracted := _extracted(answer), _chunks(answer, extracted.text)))


def picture(said: bytes, name: str) -> bytes:
    """A PNG. Raises as `understood`."""
    return _understood(said, name, lambda answer: b64decode(answer["png"]))


def places(said: bytes, name: str) -> tuple[Box, ...]:
    """Boxes. Raises as `understood`."""
    return _understood(said, name, lambda answer: tuple(_box(*box) for box in answer["boxes"]))


def _understood(said: bytes, name: str, made: Callable[[dict[str, Any]], Made]) -> Made:
    try:
        answer: dict[str, Any] = json.loads(said)
        if "error" in answer:
            raise _error(answer)
        return made(answer)
    except (ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
        raise cannot(name, "could not be read: its reader was cut off") from error


def _extracted(answer: dict[str, Any]) -> Extracted:
    return Extracted(
        str(answer["text"]),
        str(answer["media_type"]),
        tuple(_section(one) for one in answer["sections"]),
        tuple(map(str, answer["notes"])),
        None if answer["pixels"] is None else (int(answer["pixels"][0]), int(answer["pixels"][1])),
        str(answer.get("title", "")),
        tuple(map(int, answer.get("scanned", ()))),
        str(answer.get("date", "")),
    )


def _chunks(answer: dict[str, Any], text: str) -> tuple[Chunk, ...]:
    found = wire.heard(answer["chunks"], text)
    if not all(isinstance(one.page, int | None) and 0 <= one.start < one.end <= len(text) for one in found):
        raise ValueError("no passage of this text")
    return found


def _box(left: float, top: float, right: float, bottom: float) -> Box:
    return float(left), float(top), float(right), float(bottom)


def _section(said: dict[str, Any]) -> Section:
    page = said.get("page")
    return Section(str(said["label"]), int(said["start"]), None if page is None else int(page))


def _error(said: dict[str, Any]) -> DocumentError:
    why = Why(str(said.get("why", Why.FAILED)))
    return DocumentError(str(said["error"]), hint=str(said["hint"]), detail=str(said.get("detail", "")), why=why)
