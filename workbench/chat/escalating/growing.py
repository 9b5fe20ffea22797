"""What an answer of a provider has said, called and been given so far, as pieces of its next request. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from workbench.chat.escalating.drafting import (
    AFTER_PRIVATE,
    ANOTHER_CHAT,
    DELETED,
    PRIVATE_CHAT,
    PRIVATE_FOLDER,
)
from workbench.chat.escalating.escalation import Piece, PieceKind
from workbench.chat.stood_on import CHAT
from workbench.chat.tooling.told import closing_words, messages_of
from workbench.messages import Id, Message, Part, Passage, Reasoning, Role, Text, ToolCall, ToolResult

KEPT_BACK: Final = "The person keeps this result to themselves."
LEAKED: Final = AFTER_PRIVATE
"""Of all that a model wrote which had been sent what is private now."""


@dataclass(frozen=True, slots=True)
class Growth:
    """``answer_id``: of the answer that goes on; ``parts``: what it has so far. ``first``: the index of its first message.
    ``thoughts``: its provider wants them back. ``leaked``: why none of it may leave any more, for its model was sent what
    has become private since; empty: it was not. ``closing``: why it can call no more tools."""

    answer_id: Id
    parts: Sequence[Part]
    first: int
    is_private: Callable[[Passage], bool] = field(hash=False)
    thoughts: bool = False
    leaked: str = ""
    closing: str = ""


def grown(growth: Growth, kept: Mapping[str, bool]) -> tuple[Piece, ...]:
    """In the order in which they are sent. ``kept``: what the person chose for pieces of earlier requests, by their ids."""
    found = _with_closing(tuple(_grown(growth)), growth)
    return tuple(_chosen(piece, kept) for piece in found)


def is_grown(piece: Piece, answer_id: Id | None) -> bool:
    """Whether the piece is of the answer that goes on."""
    return answer_id is not None and piece.id.startswith(f"{answer_id}.")


def with_private_cut_again(pieces: Sequence[Piece], now: Sequence[Piece]) -> tuple[Piece, ...]:
    """Pieces of an answer; what is private by ``now``, or is not there any more, is cut."""
    there = {piece.id: piece for piece in now}
    return tuple(
        piece if piece.kind is PieceKind.INSTRUCTION else _still(piece, there.get(piece.id)) for piece in pieces
    )


def _still(piece: Piece, now: Piece | None) -> Piece:
    if now is None or now.text != piece.text:
        return replace(piece, kept=False, private=True, note=DELETED)
    return replace(piece, kept=False, private=True, note=now.note) if now.private else piece


def _chosen(piece: Piece, kept: Mapping[str, bool]) -> Piece:
    can_be_cut = not (piece.needed or piece.private)
    return replace(piece, kept=kept[piece.id]) if can_be_cut and piece.id in kept else piece


def _grown(growth: Growth) -> Iterator[Piece]:
    results = {part.id: part for part in growth.parts if isinstance(part, ToolResult)}
    numbers: dict[Id, int] = {}
    said = 0
    before, index = None, growth.first - 1
    for message in messages_of(growth.parts, running=True):
        if message.role is not before or message.role is Role.ASSISTANT:
            index += 1
        before = message.role
        if message.role is Role.ASSISTANT:
            said += 1
            yield from _spoken(growth, message, index, said, numbers)
        else:
            told = next(part for part in message.parts if isinstance(part, ToolResult))
            yield _result(growth, told, results[told.id], index, numbers[told.id])


def _spoken(growth: Growth, message: Message, index: int, said: int, numbers: dict[Id, int]) -> Iterator[Piece]:
    of, private, note = growth.answer_id, bool(growth.leaked), growth.leaked
    for part in message.parts:
        if isinstance(part, Reasoning) and growth.thoughts and message.tool_calls:
            piece = Piece(f"{of}.thought-{said}", PieceKind.THOUGHT, "What it thought", part.text, index, needed=True)
        elif isinstance(part, Text):
            piece = Piece(f"{of}.said-{said}", PieceKind.ANSWER, "What it has said", part.text, index)
        elif isinstance(part, ToolCall):
            number = numbers.setdefault(part.id, len(numbers) + 1)
            piece = Piece(f"{of}.call-{number}", PieceKind.CALL, part.name, part.arguments, index, needed=True)
        else:
            continue
        yield replace(piece, kept=not private, private=private, note=note)


def _result(growth: Growth, told: ToolResult, result: ToolResult, index: int, number: int) -> Piece:
    note = growth.leaked or _why_private(growth, result)
    elsewhere = any(passage.path.startswith(CHAT) for passage in result.passages)
    return Piece(
        f"{growth.answer_id}.result-{number}", PieceKind.RESULT, f"Result of {told.name}", told.text, index,
        kept=not (note or elsewhere), private=bool(note), note=note or (ANOTHER_CHAT if elsewhere else ""),
    )  # fmt: skip


def _why_private(growth: Growth, result: ToolResult) -> str:
    private = next((passage for passage in result.passages if growth.is_private(passage)), None)
    if private is None:
        return ""
    return PRIVATE_CHAT if private.path.startswith(CHAT) else PRIVATE_FOLDER


def _with_closing(pieces: tuple[Piece, ...], growth: Growth) -> tuple[Piece, ...]:
    if not growth.closing or not pieces or pieces[-1].kind is not PieceKind.RESULT:
        return pieces
    words = closing_words(growth.closing)
    own = f"{growth.answer_id}.closing"
    return (*pieces, Piece(own, PieceKind.INSTRUCTION, "What is asked", words, pieces[-1].index, needed=True))
