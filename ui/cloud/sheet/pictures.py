"""The pictures within a body that leaves: what they are, and the body without their long runs of letters. Pure, no Qt."""

from __future__ import annotations

import re
from base64 import b64decode
from binascii import Error
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from ui.translation import tr
from workbench.chat.escalating.escalation import Piece, PieceKind

_RUN: Final = re.compile(r'(?:;base64,|"data": ?")([A-Za-z0-9+/]{64,}={0,2})')
_BEGINS: Final = ("/9j/", "iVBORw0KGgo", "R0lGOD", "UklGR")  # JPEG, PNG, GIF, WebP: nothing else is folded


@dataclass(frozen=True, slots=True)
class Folded:
    """``text``: the body with a mark for each picture; ``characters``: how many stand behind the marks, all together."""

    text: str
    characters: int = 0


def folded(body: str) -> Folded:
    """Only what begins as a picture does is folded: words could be hidden in anything else."""
    runs = tuple(_runs(body))
    if not runs:
        return Folded(body)
    pieces, end, count = [], 0, 0
    for begin, behind in runs:
        length = behind - begin
        pieces += [body[end:begin], tr("⟨{count} characters of a picture⟩").format(count=f"{length:,}")]
        end, count = behind, count + length
    return Folded("".join((*pieces, body[end:])), count)


def leaving(body: str, pieces: Sequence[Piece]) -> dict[str, bytes]:
    """The pictures that leave, by the ids of their pieces; empty where it cannot be told which is which."""
    sent = [piece for piece in sorted(pieces, key=lambda one: one.index) if _goes(piece)]
    found = [_content(body[begin:behind]) for begin, behind in _runs(body)] if sent else []
    if len(found) != len(sent):
        return {}
    return {piece.id: content for piece, content in zip(sent, found, strict=True) if content}


def _goes(piece: Piece) -> bool:
    return piece.kind is PieceKind.PICTURE and piece.kept and not piece.private


def _runs(body: str) -> Iterator[tuple[int, int]]:
    return (found.span(1) for found in _RUN.finditer(body) if found[1].startswith(_BEGINS))


def _content(run: str) -> bytes:
    try:
        return b64decode(run, validate=True)
    except (Error, ValueError):
        return b""
