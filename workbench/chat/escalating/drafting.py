"""What would leave, in pieces: of a branch, what it stands on, and what the model is told first. Pure.

What a private folder gave never leaves, and neither does what was written after a model had read it: an answer may repeat
it. The person's memory is listed, and stays here until they add it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from workbench.chat.context.room import part_seen, summary_text
from workbench.chat.escalating.escalation import Mode, Piece, PieceKind
from workbench.chat.stood_on import CHAT
from workbench.chat.tooling.told import result_told
from workbench.chat.tree import SEEN_WHOLE, Node, Seen
from workbench.messages import Attachment, Id, Message, Passage, Role, ToolResult

SYSTEM_ID: Final = "system"
MEMORY_ID: Final = "memory"
SUMMARY_ID: Final = "summary"
BRIEF_ID: Final = "brief"
CHECK_ID: Final = "check"
BETWEEN: Final = " · "
"""Between the name of a passage's file and the place in it."""

CHECK_ASKED: Final = (
    "Check your answer above as a careful reviewer would who did not write it. Say in the first sentence whether it is"
    " right. Then name what is wrong, missing or unsupported in it, each with the correction and the reason. Do not praise"
    " what is right. Where a better answer is needed, end with it. Write in the language of the question."
)
EARLIER_CHAT: Final = "An earlier chat"
PRIVATE_CHAT: Final = "Its chat has something private: it never leaves."
PRIVATE_FOLDER: Final = "Its folder is private: it never leaves."
AFTER_PRIVATE: Final = "It was written from private documents: it never leaves."
DELETED: Final = "It was deleted since: it stays here."
ANOTHER_CHAT: Final = "It was said in another chat: it stays here unless you add it."
MEMORY_STAYS: Final = "It stays here unless you add it."
SEES_NOT: Final = "This model sees no pictures."
_STOOD_ON: Final = (PieceKind.PASSAGE, PieceKind.ANSWER)
_GIVEN: Final = (PieceKind.QUESTION, PieceKind.ATTACHMENT, PieceKind.PICTURE)
_Given = dict[tuple[int, str, str, int, int], bool]


@dataclass(frozen=True, slots=True)
class Ground:
    """What a draft is made of. ``branch``: up to the question and with it. ``answer``: the local one that the stronger one
    stands beside. ``system``, ``memory``: what a local model would be told first. ``is_private``: of a passage, by now.
    ``sees``: whether the model that is asked sees pictures, None: not known."""

    branch: Sequence[Node]
    answer: Node | None = None
    seen: Seen = SEEN_WHOLE
    system: str = ""
    memory: str = ""
    is_private: Callable[[Passage], bool] = field(default=lambda passage: passage.private, hash=False)
    sees: bool | None = None

    @property
    def question(self) -> Node:
        return self.branch[-1]


def drafted(ground: Ground, mode: Mode, brief: str = "") -> tuple[Piece, ...]:
    """The pieces in the order in which they are sent. ``brief``: of `Mode.CONDENSED`, by the local model."""
    said = tuple(_said(ground))
    own = tuple(piece for node_id, piece in said if node_id == ground.question.id)
    last = own[0].index
    match mode:
        case Mode.BRANCH:
            shown = {node.id for node in part_seen(ground.branch, ground.seen)}
            return (*_told_first(ground, said), *(piece for node_id, piece in said if node_id in shown))
        case Mode.QUESTION:
            return (*_told_first(ground, ()), *own)
        case Mode.CONDENSED:
            pictures = (piece for piece in own if piece.kind is PieceKind.PICTURE)
            return (Piece(_brief_id(ground, said), PieceKind.BRIEF, "Brief", brief, last, needed=True), *pictures)
        case Mode.CHECK:
            asked = Piece(CHECK_ID, PieceKind.INSTRUCTION, "What is asked", CHECK_ASKED, last + 2, needed=True)
            return (*own, *_answer_to_check(ground, said, last + 1), asked)


def for_brief(ground: Ground) -> tuple[Piece, ...]:
    """What the local model writes a brief from: all of the branch that may leave, but for what it was told first."""
    shown = {node.id for node in part_seen(ground.branch, ground.seen)}
    return tuple(piece for node_id, piece in _said(ground) if node_id in shown and piece.kept)


def with_private_cut(pieces: Sequence[Piece], ground: Ground) -> tuple[Piece, ...]:
    """The same pieces; what is private by now is cut, whatever the person, or an older draft, says."""
    said = tuple(_said(ground))
    every = (*_told_first(ground, said), *(piece for _node_id, piece in said), *_answer_to_check(ground, said, 0))
    private = {piece.id: piece.note for piece in every if piece.private}
    why_old = AFTER_PRIVATE if _read_private(ground, said) else DELETED
    private |= {piece.id: why_old for piece in pieces if _is_old_brief(piece, ground, said)}
    known = {piece.id for piece in every}
    private |= {piece.id: DELETED for piece in pieces if piece.id not in known and _can_be_deleted(piece)}
    private |= {piece.id: DELETED for piece in pieces if piece.id == MEMORY_ID and _is_forgotten(piece, ground)}
    return tuple(
        replace(piece, kept=False, private=True, note=private.get(piece.id, piece.note))
        if piece.private or piece.id in private
        else piece
        for piece in pieces
    )


def _can_be_deleted(piece: Piece) -> bool:
    """With its message: what a person wrote or gave in one goes with it as what an answer says does."""
    own_prompt = piece.kind is PieceKind.SYSTEM and piece.id.endswith(".prompt")
    return piece.kind in _STOOD_ON or (piece.kept and (piece.kind in _GIVEN or own_prompt))


def _is_forgotten(piece: Piece, ground: Ground) -> bool:
    """Of what is remembered something may be gone: it is shown anew."""
    return piece.kept and piece.text != ground.memory


def _brief_id(ground: Ground, said: Sequence[tuple[Id, Piece]]) -> str:
    """Names what was there when the brief was written, and what of it was private: it was written without that only."""
    after = (node.id for node in _nodes(ground) if _follows_private(node, ground))
    there = (f"{piece.id}{'!' if piece.private else ''}" for _node_id, piece in said)
    return f"{BRIEF_ID}.{hashlib.sha256(','.join((*there, *after)).encode()).hexdigest()[:8]}"


def _is_old_brief(piece: Piece, ground: Ground, said: Sequence[tuple[Id, Piece]]) -> bool:
    return piece.kind is PieceKind.BRIEF and piece.id != _brief_id(ground, said)


def _nodes(ground: Ground) -> tuple[Node, ...]:
    return (*ground.branch, *([ground.answer] if ground.answer else []))


def _follows_private(node: Node, ground: Ground) -> bool:
    """Whether a deleted message above it stood on something private."""
    return any(map(ground.is_private, node.after))


def _read_private(ground: Ground, said: Sequence[tuple[Id, Piece]]) -> bool:
    """Whether anything private was read in this branch."""
    return any(piece.private for _node_id, piece in said) or any(
        _follows_private(one, ground) for one in _nodes(ground)
    )


def _told_first(ground: Ground, said: Sequence[tuple[Id, Piece]]) -> Iterator[Piece]:
    """``said``: the whole branch, where its summary is told too."""
    opening = ground.branch[0].message.prompt
    if ground.system.strip():
        yield Piece(SYSTEM_ID, PieceKind.SYSTEM, "Instructions", ground.system.strip(), 0)
    if opening is not None and opening.system.strip():
        yield Piece(_id(ground.branch[0], "prompt"), PieceKind.SYSTEM, opening.title, opening.system.strip(), 0)
    if ground.memory.strip():
        title = "What is remembered of you"
        yield Piece(MEMORY_ID, PieceKind.MEMORY, title, ground.memory, 0, kept=False, note=MEMORY_STAYS)
    if said and (summary := summary_text(ground.branch, ground.seen)):
        private = _read_private(ground, said)
        note = AFTER_PRIVATE if private else ""
        yield Piece(
            SUMMARY_ID, PieceKind.SYSTEM, "Earlier messages, in short", summary, 0,
            kept=not private, private=private, note=note,
        )  # fmt: skip


def _said(ground: Ground) -> Iterator[tuple[Id, Piece]]:
    """Each piece with the message it belongs to. Of the whole branch, for what is not sent may be private too."""
    below = {node.parent_id: node for node in ground.branch if node.message.role is Role.ASSISTANT}
    if ground.answer is not None:
        below[ground.question.id] = ground.answer
    tainted, there = False, _Given()
    for place, node in enumerate(ground.branch, 1):
        tainted = tainted or _follows_private(node, ground)
        if node.message.role is Role.ASSISTANT:
            yield from ((node.id, piece) for piece in _answer(node, place, private=tainted))
        elif node.message.role is Role.USER:
            answer = below.get(node.id)
            found = tuple(_stood_on(node, answer, place, ground, there, tainted)) if answer else ()
            tainted = tainted or any(piece.private for piece in found)
            yield from ((node.id, piece) for piece in _question(node, place, ground, found))


def _question(node: Node, place: int, ground: Ground, found: Sequence[Piece]) -> Iterator[Piece]:
    message, needed = node.message, node is ground.question
    if message.prompt is not None and message.prompt.system.strip() and node is not ground.branch[0]:
        prompt = message.prompt
        yield Piece(_id(node, "prompt"), PieceKind.SYSTEM, prompt.title, prompt.system.strip(), place)
    for number, attachment in enumerate(message.attachments, 1):
        yield _attachment(node, number, attachment, place, ground.sees)
    yield from found
    title = "Your question" if needed else "An earlier question"
    yield Piece(_id(node, "question"), PieceKind.QUESTION, title, message.text, place, needed=needed)


def _attachment(node: Node, number: int, attachment: Attachment, place: int, sees: bool | None) -> Piece:
    own = _id(node, f"attachment-{number}")
    if attachment.is_image:
        blind = sees is False
        note = SEES_NOT if blind else ""
        return Piece(own, PieceKind.PICTURE, attachment.name, "", place, kept=not blind, note=note)
    return Piece(own, PieceKind.ATTACHMENT, attachment.name, attachment.text, place, note=attachment.note)


def _stood_on(node: Node, answer: Node, place: int, ground: Ground, there: _Given, tainted: bool) -> Iterator[Piece]:
    """The passages that the local answer was given or found, each once in the branch, and what its tools gave."""
    for passage in answer.message.passages:
        private, same = ground.is_private(passage), _place(passage)
        if same in there and (there[same] or not private):
            continue
        there[same] = private
        elsewhere = passage.path.startswith(CHAT)
        note = _private_note(passage) if private else ANOTHER_CHAT if elsewhere else ""
        yield Piece(
            _id(node, f"passage-{passage.number}"), PieceKind.PASSAGE, _title(passage), passage.text, place,
            kept=not (private or elsewhere), private=private, note=note,
        )  # fmt: skip
        tainted = tainted or private
    for number, result in enumerate(_plain_results(answer.message), 1):
        yield Piece(
            _id(node, f"result-{number}"), PieceKind.PASSAGE, f"Result of {result.name}", result_told(result), place,
            kept=not tainted, private=tainted, note=AFTER_PRIVATE if tainted else "",
        )  # fmt: skip


def _plain_results(message: Message) -> Iterator[ToolResult]:
    """Those whose text is not told by passages, and that are no failures."""
    for part in message.parts:
        if isinstance(part, ToolResult) and part.text.strip() and not part.passages and not part.failed:
            yield part


def _place(passage: Passage) -> tuple[int, str, str, int, int]:
    """What makes two passages the same: a number alone may be given again."""
    return passage.number, passage.path, passage.sha256, passage.start, passage.end


def _private_note(passage: Passage) -> str:
    return PRIVATE_CHAT if passage.path.startswith(CHAT) else PRIVATE_FOLDER


def _title(passage: Passage) -> str:
    where = passage.label or (f"Page {passage.page}" if passage.page else "")
    name = EARLIER_CHAT if passage.path.startswith(CHAT) else passage.name or passage.path
    return BETWEEN.join(text for text in (name, where) if text)


def _answer(node: Node, place: int, *, private: bool) -> Iterator[Piece]:
    if node.message.text:
        note = AFTER_PRIVATE if private else ""
        yield Piece(
            _id(node, "answer"), PieceKind.ANSWER, "An earlier answer", node.message.text, place,
            kept=not private, private=private, note=note,
        )  # fmt: skip


def _answer_to_check(ground: Ground, said: Sequence[tuple[Id, Piece]], place: int) -> Iterator[Piece]:
    if ground.answer is not None:
        private = _read_private(ground, said)
        for piece in _answer(ground.answer, place, private=private):
            yield replace(piece, title="The local answer", needed=True)


def _id(node: Node, what: str) -> str:
    """The same in all modes, so that what was cut stays cut in another one."""
    return f"{node.id}.{what}"
