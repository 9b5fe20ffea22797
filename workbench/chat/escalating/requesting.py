"""The pieces that are kept, as one request, with what is to be hidden taken out of it. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from workbench.chat.attaching.given import framed
from workbench.chat.escalating.drafting import BETWEEN, MEMORY_ID
from workbench.chat.escalating.escalation import Draft, Piece, PieceKind
from workbench.chat.escalating.growing import is_grown
from workbench.chat.escalating.hiding_parts import texts_of, with_texts
from workbench.chat.escalating.hiding_tools import texts_of_tools, with_tool_texts, without_told
from workbench.chat.escalating.offering import tools_of
from workbench.chat.escalating.resuming import grown_messages
from workbench.cloud.hiding.redaction import Redacted, Redaction, Redactor
from workbench.documents.citing.prompt import question_with
from workbench.messages import Attachment, ChatRequest, Image, Message, Part, Passage, Role, Sources, Text, Tool

MOST_BESIDE: Final = 40_000
"""Characters of what stays here that are read for who is named in it."""
_LONGEST_ENDING: Final = 5
_BETWEEN_WORDS: Final = re.compile(r"[\W_\d]+")

LEFT_OUT: Final = "(An earlier message was left out.)"
KEEP_PLACEHOLDERS: Final = (
    "Some words were replaced by placeholders in brackets, such as {example}. Write them exactly like that wherever you"
    " mean what they stand for."
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as it would be sent, and what was hidden in it."""

    request: ChatRequest
    redactions: tuple[Redaction, ...]


def asked(
    draft: Draft,
    pictures: Mapping[str, Image],
    redactor: Redactor,
    own: Sequence[str],
    before: Sequence[Redaction] = (),
    around: Sequence[str] = (),
) -> Asked:
    """``pictures``: by the id of their piece. ``own``: words that are hidden too. ``before``: what earlier requests
    of the same answer hid. ``around``: texts of the chat, whether they go or not: who is named there is hidden here."""
    first = [piece for piece in draft.pieces if not is_grown(piece, draft.grows)]
    grown = [piece for piece in draft.pieces if is_grown(piece, draft.grows)]
    messages = [*_messages([piece for piece in first if _is_said(piece)], pictures), *grown_messages(grown)]
    tools = _offered(draft, redactor, own)
    texts, of_tools = texts_of(messages), texts_of_tools(tools)
    hidden = _hidden(draft, (*texts, *of_tools), redactor, own, before, around)
    told = with_texts(messages, hidden.texts[: len(texts)])
    tools = with_tool_texts(tools, hidden.texts[len(texts) :])
    if hidden.redactions:
        told = _told_of_placeholders(told, hidden.redactions[0].placeholder)
    request = ChatRequest(tuple(told), max_tokens=draft.most_tokens, effort=draft.effort, tools=tools)
    return Asked(request, hidden.redactions)


def goes(piece: Piece) -> bool:
    return piece.kept and not piece.private


def _is_said(piece: Piece) -> bool:
    """Tools are no part of what is said."""
    return goes(piece) and piece.kind is not PieceKind.TOOL


def as_one_text(messages: Sequence[Message]) -> str:
    """For a chat page, which has one field: who said what stands over it where there is more than one message."""
    texts = [(message.role, message.text) for message in messages if message.text]
    if len(texts) == 1:
        return texts[0][1]
    names = {Role.SYSTEM: "Instructions", Role.USER: "I asked", Role.ASSISTANT: "The answer was"}
    return "\n\n".join(f"{names.get(role, 'Also')}:\n{text}" for role, text in texts)


def _hidden(
    draft: Draft,
    texts: Sequence[str],
    redactor: Redactor,
    own: Sequence[str],
    before: Sequence[Redaction],
    around: Sequence[str],
) -> Redacted:
    if not draft.redact:
        return Redacted(tuple(texts), ())
    beside = _beside(draft.pieces, around, texts)
    return redactor.redact(texts, own=own, shown=draft.shown, before=before, beside=beside)


def _beside(pieces: Sequence[Piece], around: Sequence[str], texts: Sequence[str]) -> tuple[str, ...]:
    """What stays here and may name somebody who is named without a title in what goes: to cut a piece never shows more. The
    names of files as words, for rules see none in "Anna_Berg.pdf". Of a long chat the end."""
    files = (_words(one.title) for one in pieces if goes(one) and one.kind in (PieceKind.ATTACHMENT, PieceKind.PASSAGE))
    cut = (one.text for one in pieces if not goes(one) and one.kind is not PieceKind.TOOL)
    there, room = set(texts), MOST_BESIDE
    found: list[str] = []
    for text in dict.fromkeys((*files, *cut, *reversed(around))):
        if text and text not in there and room > 0:
            found.append(text[-room:])
            room -= len(text)
    return tuple(found)


def _words(title: str) -> str:
    """The name of a file without its ending, with spaces between."""
    name, dot, ending = title.partition(BETWEEN)[0].rpartition(".")
    stem = name if dot and ending.isalnum() and len(ending) <= _LONGEST_ENDING else title
    return " ".join(_BETWEEN_WORDS.split(stem))


def _offered(draft: Draft, redactor: Redactor, own: Sequence[str]) -> tuple[Tool, ...]:
    """The tools that are offered: none whose name, or the name of a field of it, is to be hidden."""
    tools = tools_of(draft.pieces)
    if not draft.redact:
        return tools

    def tells(texts: Collection[str]) -> list[str]:
        told = redactor.redact(tuple(texts), own=own, shown=draft.shown).texts
        return [text for text, seen in zip(texts, told, strict=True) if text != seen]

    return without_told(tools, tells)


def _messages(pieces: Sequence[Piece], pictures: Mapping[str, Image]) -> list[Message]:
    """Neighbours of one role become one message; a question comes first, as providers want it."""
    messages: list[Message] = []
    ordered = sorted(pieces, key=lambda piece: piece.index)
    for own in [tuple(group) for _index, group in groupby(ordered, key=lambda piece: piece.index)]:
        message = _system(own) if own[0].index == 0 else _said(own, pictures)
        if not message.parts:
            continue
        if message.role is Role.ASSISTANT and all(one.role is Role.SYSTEM for one in messages):
            messages.append(Message(Role.USER, (Text(LEFT_OUT),)))
        if messages and messages[-1].role is message.role:
            message = _joined(messages.pop(), message)
        messages.append(message)
    return messages


def _system(pieces: Sequence[Piece]) -> Message:
    """Memory stands last, as it does for a local model."""
    ordered = sorted(pieces, key=lambda piece: piece.id == MEMORY_ID)
    text = "\n\n".join(piece.text for piece in ordered if piece.text.strip())
    return Message(Role.SYSTEM, (Text(text),) if text else ())


def _said(pieces: Sequence[Piece], pictures: Mapping[str, Image]) -> Message:
    if all(piece.kind is PieceKind.ANSWER for piece in pieces):
        return _message(Role.ASSISTANT, (), "\n\n".join(piece.text for piece in pieces))
    shown = tuple(pictures[piece.id] for piece in pieces if piece.id in pictures)
    return _message(Role.USER, shown, _question(pieces))


def _question(pieces: Sequence[Piece]) -> str:
    """Instructions, documents, passages, and the question last: as a local model is asked."""
    first = [piece.text for piece in pieces if piece.kind is PieceKind.SYSTEM]
    results = [piece for piece in pieces if piece.kind is PieceKind.PASSAGE and _number(piece) is None]
    passages = tuple(_passage(piece) for piece in pieces if piece.kind is PieceKind.PASSAGE and _number(piece))
    documents = [
        Attachment(piece.title, "", 0, piece.id, piece.text) for piece in pieces if piece.kind is PieceKind.ATTACHMENT
    ]
    last = (PieceKind.QUESTION, PieceKind.BRIEF, PieceKind.INSTRUCTION)
    wanted = "\n\n".join(piece.text for piece in pieces if piece.kind in last and piece.text.strip())
    told = [*first, *(f"{piece.title}:\n{piece.text}" for piece in results)]
    return "\n\n".join(text for text in (*told, framed(documents, question_with(wanted, Sources(passages)))) if text)


def _passage(piece: Piece) -> Passage:
    name, _between, label = piece.title.partition(BETWEEN)
    return Passage(_number(piece) or 0, name, "", "", 0, len(piece.text), piece.text, label=label)


def _number(piece: Piece) -> int | None:
    """Of a passage, as answers cite it; None of what a tool gave."""
    _node, _dot, what = piece.id.rpartition(".")
    number = what.removeprefix("passage-")
    return int(number) if number.isdecimal() else None


def _message(role: Role, shown: tuple[Image, ...], text: str) -> Message:
    said: tuple[Part, ...] = (Text(text),) if text.strip() else ()
    return Message(role, (*shown, *said))


def _joined(before: Message, after: Message) -> Message:
    shown = tuple(part for message in (before, after) for part in message.parts if isinstance(part, Image))
    return _message(before.role, shown, "\n\n".join(text for text in (before.text, after.text) if text))


def _told_of_placeholders(messages: Sequence[Message], example: str) -> list[Message]:
    told = Text(KEEP_PLACEHOLDERS.format(example=example))
    if messages and messages[0].role is Role.SYSTEM:
        first = Message(Role.SYSTEM, (Text(f"{messages[0].text}\n\n{told.text}"),))
        return [first, *messages[1:]]
    return [Message(Role.SYSTEM, (told,)), *messages]
