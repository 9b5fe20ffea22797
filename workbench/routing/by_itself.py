"""Whether a question that the rules would take to a stronger model is sent there without being asked about. Pure, total."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from workbench.chat.asking.choice import Routed
from workbench.cloud.spending.amounts import short, short_left
from workbench.messages import Finish


class Step(StrEnum):
    """``propose``: a person is offered it, as ever. ``prepare``: nothing speaks against it yet, so what would leave is to
    be made and looked at. ``send``: it may go."""

    PROPOSE = "propose"
    PREPARE = "prepare"
    SEND = "send"


@dataclass(frozen=True, slots=True)
class Request:
    """What would leave. ``private``: something of it never leaves, and was cut. ``refused``: why it cannot be sent, in
    sentences. ``most_micros``: it may cost; None: its price is not known."""

    private: bool
    refused: tuple[str, ...]
    most_micros: int | None


@dataclass(frozen=True, slots=True)
class Case:
    """``routed``, ``finish``: of the answer of this machine. ``enabled``: the cloud is on. ``taken``: its question was
    taken elsewhere before. ``allowed``: this very chat has a lasting yes for the provider that would be asked.
    ``left_micros``: of the chat's own cap, None: it has none. ``request`` None: not made yet."""

    routed: Routed | None
    finish: Finish | None
    enabled: bool = False
    taken: bool = False
    allowed: bool = False
    left_micros: int | None = None
    request: Request | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """``why``: what keeps it here although the person had allowed it, as a sentence; else empty."""

    step: Step
    why: str = ""


PRIVATE: Final = "Not sent by itself: some of this chat is private."
NO_PRICE: Final = "Not sent by itself: what it may cost is not known."
OVER: Final = "Not sent by itself: it may cost up to {most}, and {left} is left for this chat."
_WHOLE: Final = (Finish.STOP, Finish.LENGTH)
_PROPOSE: Final = Decision(Step.PROPOSE)


def decided(case: Case) -> Decision:
    """A yes for all chats is none for this one, and a cap for a month none for it: both are the person's word about this
    chat, or it is proposed."""
    if not rung_up(case.routed, case.finish) or not case.enabled or case.taken:
        return _PROPOSE
    if not case.allowed or case.left_micros is None:
        return _PROPOSE
    if case.request is None:
        return Decision(Step.PREPARE) if case.left_micros else Decision(Step.PROPOSE, _over(None, case.left_micros))
    held = _held(case.request, case.left_micros)
    return Decision(Step.PROPOSE, held) if held else Decision(Step.SEND)


def rung_up(routed: Routed | None, finish: Finish | None) -> bool:
    """Whether the rules propose a stronger model for an answer that has ended. One that fails a check is no reason: what a
    model here refused, or said badly, the person sees first."""
    if routed is None or routed.overruled or routed.sent or routed.held or finish not in _WHOLE:
        return False
    return routed.choice.propose and not routed.choice.private


def _held(request: Request, left_micros: int) -> str:
    if request.private:
        return PRIVATE
    if request.most_micros is None:
        return NO_PRICE
    if request.most_micros > left_micros:
        return _over(request.most_micros, left_micros)
    return f"Not sent by itself: {_within(request.refused[0])}" if request.refused else ""


def _over(most_micros: int | None, left_micros: int) -> str:
    if most_micros is None:
        return "Not sent by itself: nothing is left for this chat."
    return OVER.format(most=short(most_micros), left=short_left(left_micros))


def _within(sentence: str) -> str:
    """In the middle of another sentence."""
    return sentence[:1].lower() + sentence[1:]


def sent_words(provider: str, because: str, most_micros: int) -> str:
    """Why it was sent, in one line. ``because``: the sentence of the rule."""
    reason = _within(because).rstrip(".")
    return f"Sent to {provider} by your yes for this chat: {reason}; at most {short(most_micros)}."
