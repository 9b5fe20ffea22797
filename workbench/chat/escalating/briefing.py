"""A brief that the model of this machine writes: the question with all that another one must know to answer it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from workbench.cancel import CancelToken
from workbench.chat.context import context
from workbench.chat.escalating.escalation import Piece, PieceKind
from workbench.errors import ContextFullError, EngineError
from workbench.messages import ChatRequest, Sampling, TextDelta, user
from workbench.ports import ChatBackend

BRIEF_TOKENS: Final = 1_200
WRITING: Final = "Writing a brief on this machine…"
ASKED: Final = (
    "Another assistant will answer the last question below. It knows nothing of this conversation. Write a brief that it"
    " can answer from alone: first the question itself in full, then only the facts, figures, texts and wishes that it"
    " needs. Leave out everything else, above all what is personal and not needed. Answer nothing yourself, and add"
    " nothing. Write in the language of the question. Write only the brief."
)
_NAMES: Final = {
    PieceKind.QUESTION: "Question",
    PieceKind.ANSWER: "Answer",
    PieceKind.PASSAGE: "Passage",
    PieceKind.ATTACHMENT: "Document",
    PieceKind.SYSTEM: "Instructions",
}


def brief_of(pieces: Sequence[Piece], backend: ChatBackend, cancel: CancelToken) -> str:
    """Raises `ContextFullError` where not even the question fits, `EngineError` where the model wrote nothing."""
    limit = backend.info.context_tokens
    most = min(BRIEF_TOKENS, limit // 3)
    told = [piece for piece in pieces if piece.text.strip()]
    while True:
        request = _request(told, backend, most)
        tokens = backend.count_tokens(request, cancel)
        if tokens + most <= limit:
            break
        if len(told) <= 1:
            raise ContextFullError(
                "The question is too long for the model of this machine to write a brief of it.",
                hint="Send only the question, or cut it yourself.",
            )
        told = told[max(1, len(told) // 4) :]  # the oldest first: the question stands last
    brief = "".join(one.text for one in backend.stream(request, cancel) if isinstance(one, TextDelta)).strip()
    if not brief:
        raise EngineError("The model of this machine wrote no brief.", hint="Send only the question instead.")
    return brief


def _request(pieces: Sequence[Piece], backend: ChatBackend, most_tokens: int) -> ChatRequest:
    material = "\n\n".join(f"{_NAMES.get(piece.kind, 'Also')} ({piece.title}):\n{piece.text}" for piece in pieces)
    return ChatRequest(
        (user(f"{ASKED}\n\n---\n\n{material}"),),
        max_tokens=max(most_tokens, context.ANSWER_RESERVE_TOKENS),
        sampling=Sampling(temperature=0.0),
        effort=next(iter(backend.info.efforts), None),
        background=True,
    )
