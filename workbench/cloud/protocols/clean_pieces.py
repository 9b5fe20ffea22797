"""Answers and failures without the key, however it was written or parted on its way. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from workbench.cloud.asking import CloudError
from workbench.cloud.protocols.answers import Piece
from workbench.cloud.protocols.scrubbing import Scrubber
from workbench.messages import ToolCallDelta


class CleanPieces:
    """Of one answer. The end of a piece that may be the beginning of the key waits for the next one of its kind."""

    def __init__(self, scrub: Scrubber) -> None:
        self._scrub = scrub
        self._held: Piece | None = None

    def of(self, pieces: Iterable[Piece]) -> Iterator[Piece]:
        for piece in pieces:
            if self._held is not None and not _goes_on(self._held, piece):
                yield from self.rest()
            whole = self._scrub_names(piece)
            text = self._scrub((_text(self._held) if self._held is not None else "") + _text(piece))
            self._held = None
            end = self._scrub.begins_at(text)
            if end < len(text):
                self._held = _waiting(piece, text[end:])
            if text[:end] or _names(whole) or not text:
                yield _with(whole, text[:end])

    def rest(self) -> Iterator[Piece]:
        held, self._held = self._held, None
        if held is not None:
            yield held

    def _scrub_names(self, piece: Piece) -> Piece:
        if not isinstance(piece, ToolCallDelta):
            return piece
        return replace(piece, id=self._scrub(piece.id), name=self._scrub(piece.name))


def scrubbed(error: CloudError, scrub: Scrubber) -> CloudError:
    """The same failure: what was taken apart for people may hold what was not seen in the whole."""
    return CloudError(
        scrub(error.message), hint=error.hint, detail=scrub(error.detail), steps=error.steps, charged=error.charged
    )


def _goes_on(held: Piece, piece: Piece) -> bool:
    if isinstance(held, ToolCallDelta) or isinstance(piece, ToolCallDelta):
        return isinstance(held, ToolCallDelta) and isinstance(piece, ToolCallDelta) and held.index == piece.index
    return type(held) is type(piece)


def _text(piece: Piece) -> str:
    return piece.arguments if isinstance(piece, ToolCallDelta) else piece.text


def _names(piece: Piece) -> bool:
    return isinstance(piece, ToolCallDelta) and bool(piece.id or piece.name)


def _with(piece: Piece, text: str) -> Piece:
    return replace(piece, arguments=text) if isinstance(piece, ToolCallDelta) else replace(piece, text=text)


def _waiting(piece: Piece, text: str) -> Piece:
    return ToolCallDelta(piece.index, arguments=text) if isinstance(piece, ToolCallDelta) else replace(piece, text=text)
