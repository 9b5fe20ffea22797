"""Whether a request may be paid: a decision over caps and what was spent, and how it is told. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from workbench.cloud.provider import MILLION
from workbench.cloud.spending.amounts import plain, short, short_left, words
from workbench.cloud.spending.money import CAPS, Cap, CapKind, OverCapError, Remaining
from workbench.messages import Id

_ORDER: Final = tuple(CapKind)
_NAMED: Final = (CapKind.PROVIDER, CapKind.CHAT)


@dataclass(frozen=True, slots=True)
class Spent:
    """What counts, in millionths: of this day, this month, this month with the provider, and ever in the chat."""

    day: int = 0
    month: int = 0
    provider: int = 0
    chat: int = 0

    def by(self, kind: CapKind) -> int:
        """A request has spent nothing yet."""
        return 0 if kind is CapKind.REQUEST else int(getattr(self, kind.value))


def holding(own: Sequence[Cap]) -> tuple[Cap, ...]:
    """A person's caps, and the usual ones where they said nothing; in the order of their kinds, then by name."""
    said = {(cap.kind, cap.name) for cap in own}
    caps = (*own, *(cap for cap in CAPS if (cap.kind, cap.name) not in said))
    return tuple(sorted(caps, key=lambda cap: (_ORDER.index(cap.kind), cap.name)))


def restored(now: Sequence[Cap], before: Sequence[Cap]) -> tuple[Cap, ...]:
    """A person's caps after their state of ``before`` came back: those of now, and of the earlier ones what is tighter
    than what holds now, so that it frees no money."""
    said = {(cap.kind, cap.name) for cap in now}
    usual = {(cap.kind, cap.name): cap.micros for cap in CAPS}
    back = [cap for cap in before if (cap.kind, cap.name) not in said]
    return (*now, *(cap for cap in back if cap.micros < usual.get((cap.kind, cap.name), cap.micros + 1)))


def remaining(caps: Sequence[Cap], spent: Spent, provider: str, conversation_id: Id | None = None) -> Remaining:
    """What the tightest cap leaves for a request to ``provider`` in this chat; at least one cap holds for all."""
    names = {CapKind.PROVIDER: provider, CapKind.CHAT: conversation_id}
    applying = (cap for cap in caps if cap.kind not in _NAMED or cap.name == names[cap.kind])
    left = (Remaining(max(0, cap.micros - spent.by(cap.kind)), cap) for cap in applying)
    return min(left, key=lambda one: (one.micros, _ORDER.index(one.cap.kind)))


def refuse_over(left: Remaining, spent: Spent, most_micros: int) -> None:
    """Raises `OverCapError` where a request that may cost ``most_micros`` would pass the cap. What costs nothing passes."""
    if most_micros <= left.micros:
        return
    cap = left.cap
    needed = spent.by(cap.kind) + most_micros
    raise OverCapError(
        f"This may cost up to {short(most_micros)}, and {_left_words(left)}.",
        hint="Ask for a shorter answer or a cheaper model, or raise the cap:"
        f" `workbench cloud budget {option_words(cap, enough(needed))}`.",
        cap=cap,
        left_micros=left.micros,
        needed_micros=needed,
    )


def option_words(cap: Cap, micros: int) -> str:
    """What `workbench cloud budget` takes to make the cap so much: ``--day 5``, ``--provider openai=5``."""
    named = f"{cap.name}=" if cap.kind in _NAMED else ""
    whole = plain(micros).removesuffix(".00")
    return f"--{cap.kind.value} {named}{whole}"


def cap_words(cap: Cap) -> str:
    """What a cap is for, after "for"."""
    return {
        CapKind.REQUEST: "one request",
        CapKind.DAY: "today",
        CapKind.MONTH: "this month",
        CapKind.PROVIDER: f"{cap.name} this month",
        CapKind.CHAT: "this chat",
    }[cap.kind]


def enough(micros: int) -> int:
    """The next of 1, 2, 5, 10, 20... dollars (cents, where that is enough) that is at least so much."""
    step = MILLION // 100
    while True:
        for amount in (step, 2 * step, 5 * step):
            if amount >= micros:
                return amount
        step *= 10


def _left_words(left: Remaining) -> str:
    cap = left.cap
    if cap.kind is CapKind.REQUEST:
        return f"{words(cap.micros)} is the most that one request may cost"
    rest = "nothing" if not left.micros else f"only {short_left(left.micros)}"
    return f"{rest} is left of the {words(cap.micros)} for {cap_words(cap)}"
