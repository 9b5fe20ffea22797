"""The pieces of an answer that goes on, as the messages of a request. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from workbench.chat.escalating.escalation import Piece, PieceKind
from workbench.chat.escalating.growing import KEPT_BACK
from workbench.messages import Message, Part, Reasoning, Role, Text, ToolCall, ToolResult


def grown_messages(pieces: Sequence[Piece]) -> list[Message]:
    """A result that the person keeps is told to be kept: a call without a result is refused by providers."""
    calls = {_number(piece): piece for piece in pieces if piece.kind is PieceKind.CALL and _goes(piece)}
    made: list[Message] = []
    for _index, group in groupby(sorted(pieces, key=lambda piece: piece.index), key=lambda piece: piece.index):
        own = tuple(group)
        results = [piece for piece in own if piece.kind is PieceKind.RESULT and _number(piece) in calls]
        if results:
            made += _given(results, calls, [piece for piece in own if piece.kind is PieceKind.INSTRUCTION])
        elif said := tuple(_said([piece for piece in own if _goes(piece)])):
            made.append(Message(Role.ASSISTANT, said))
    return made


def _said(pieces: Sequence[Piece]) -> Iterator[Part]:
    for piece in pieces:
        match piece.kind:
            case PieceKind.THOUGHT:
                yield Reasoning(piece.text)
            case PieceKind.ANSWER:
                yield Text(piece.text)
            case PieceKind.CALL:
                yield ToolCall(_id(piece), piece.title, piece.text)
            case _:
                pass


def _given(results: Sequence[Piece], calls: dict[str, Piece], closing: Sequence[Piece]) -> Iterator[Message]:
    """``closing``: what is told after the last one."""
    for piece in results:
        text = piece.text if _goes(piece) else KEPT_BACK
        if piece is results[-1]:
            text = "\n\n".join((text, *(one.text for one in closing)))
        yield Message(Role.TOOL, (ToolResult(_id(piece), calls[_number(piece)].title, text),))


def _goes(piece: Piece) -> bool:
    return piece.kept and not piece.private


def _number(piece: Piece) -> str:
    """What a call and its result share."""
    return piece.id.rpartition("-")[2]


def _id(piece: Piece) -> str:
    return f"call_{_number(piece)}"
