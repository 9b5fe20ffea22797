"""What may be spent and what was: caps, the ledger, and the facade of both. Integers in millionths of one currency."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from workbench.cloud.provider import CURRENCY, Billed, CloudModel, Price
from workbench.errors import RefusedError
from workbench.messages import Id


class CapKind(StrEnum):
    """``provider`` and ``chat`` caps have a name: the provider's id, the conversation's. Days and months are the local
    calendar's; a provider's cap is for a month, a chat's for as long as it is there."""

    REQUEST = "request"
    DAY = "day"
    MONTH = "month"
    PROVIDER = "provider"
    CHAT = "chat"


@dataclass(frozen=True, slots=True)
class Cap:
    """``micros`` 0: nothing may be spent."""

    kind: CapKind
    micros: int
    name: str = ""


# What holds until a person says otherwise: little enough that a mistake does not hurt.
CAPS: tuple[Cap, ...] = (
    Cap(CapKind.REQUEST, 500_000),
    Cap(CapKind.DAY, 2_000_000),
    Cap(CapKind.MONTH, 10_000_000),
)


@dataclass(frozen=True, slots=True)
class CapState:
    """A cap and what counts against it by now; ``usual``: the person did not set it."""

    cap: Cap
    spent_micros: int
    usual: bool

    @property
    def left_micros(self) -> int:
        return max(0, self.cap.micros - self.spent_micros)


class Purpose(StrEnum):
    """What a call was for."""

    ESCALATION = "escalation"
    CHECK = "check"
    HANDED_OFF = "handed_off"
    CONNECTION_TEST = "connection_test"


class CallState(StrEnum):
    """``reserved``: on its way, and counted at its most. ``settled``: as the provider counted. ``estimated``: it said
    nothing, so by our own count. ``assumed``: nobody knows, for this program ended in between or nothing was counted, so at
    its most. ``released``: nothing was charged. ``free``: over the person's own subscription."""

    RESERVED = "reserved"
    SETTLED = "settled"
    ESTIMATED = "estimated"
    ASSUMED = "assumed"
    RELEASED = "released"
    FREE = "free"


@dataclass(frozen=True, slots=True)
class Range:
    """What a request may cost, in millionths: without an answer, and with the longest one."""

    low: int
    high: int
    currency: str = CURRENCY


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a count of a call can be, by what this program saw of it: tokens of prompt and answer below ``least`` or above
    ``most`` are no count. None: whatever is said."""

    least: Billed = Billed()
    most: Billed = Billed()


@dataclass(frozen=True, slots=True)
class Remaining:
    """What may still be spent, and by which cap: the tightest that holds for a request."""

    micros: int
    cap: Cap


class OverCapError(RefusedError):
    """A request would pass a cap. ``left_micros``: what the cap leaves; ``needed_micros``: what it would have to be."""

    def __init__(self, message: str, *, hint: str, cap: Cap, left_micros: int, needed_micros: int) -> None:
        super().__init__(message, hint=hint)
        self.cap = cap
        self.left_micros = left_micros
        self.needed_micros = needed_micros


@dataclass(frozen=True, slots=True)
class Correction:
    """What a person said that a call cost, for an invoice has another sum. ``before_micros``: what had counted at first;
    ``at``: seconds since 1970; ``note``: why, in their words."""

    at: float
    before_micros: int
    note: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One call. ``provider`` and ``model``: their ids; of what was handed off, whose it is and nothing.
    ``reserved_micros``: its most; ``cost_micros``: what counts, as corrected where it was. ``price``: what it was computed
    with, None: the provider named the cost, or there was none. ``at``, ``ended_at``: seconds since 1970."""

    id: Id
    at: float
    provider: str
    model: str
    purpose: Purpose
    state: CallState
    reserved_micros: int
    cost_micros: int
    currency: str = CURRENCY
    price: Price | None = None
    billed: Billed = Billed()
    conversation_id: Id | None = None
    turn_id: Id | None = None
    ended_at: float | None = None
    error: str = ""
    correction: Correction | None = None

    @property
    def passed_its_most(self) -> bool:
        """The provider took more than could be reserved for."""
        return self.cost_micros > self.reserved_micros


@dataclass(frozen=True, slots=True)
class Total:
    """``key``: the day (ISO), the provider, or the model as `provider/model`. Released calls are in none."""

    key: str
    calls: int
    prompt_tokens: int
    completion_tokens: int
    cost_micros: int


class By(StrEnum):
    DAY = "day"
    PROVIDER = "provider"
    MODEL = "model"


@dataclass(frozen=True, slots=True)
class LocalWorth:
    """What the answers of this machine would have cost at the price of ``model``. ``unknown``: answers whose tokens were
    not counted, which are in none of the sums."""

    model: CloudModel
    answers: int
    unknown: int
    prompt_tokens: int
    completion_tokens: int
    cost_micros: int


class Ledger(Protocol):
    """Any thread, any process of this home. Publishes `Topic.CLOUD`."""

    def caps(self) -> tuple[Cap, ...]:
        """Those that hold: a person's, and the usual ones where they said nothing."""
        ...

    def set_cap(self, kind: CapKind, micros: int | None, name: str = "") -> None:
        """None: as usual again, or none. Raises `UsageError` for less than 0, or a name that is missing or too much."""
        ...

    def cap_states(self) -> tuple[CapState, ...]:
        """Of all caps, with what was spent."""
        ...

    def remaining(self, provider: str, conversation_id: Id | None = None) -> Remaining: ...

    def reserve(
        self,
        model: CloudModel,
        most_micros: int,
        purpose: Purpose,
        conversation_id: Id | None = None,
        turn_id: Id | None = None,
    ) -> Id:
        """Count the most that a call may cost, before it is made: in one transaction with the look at all caps, so that
        several at once never pass one. Raises `OverCapError`, which names the cap; `RefusedError` where the price is not
        known and no most was agreed, or is in another currency; `UsageError` for less than 0."""
        ...

    def belongs(self, call_id: Id, turn_id: Id) -> None:
        """The turn that the call answers, where it began only after the money was reserved."""
        ...

    def settle(
        self,
        call_id: Id,
        billed: Billed | None,
        *,
        estimate: Billed | None = None,
        bounds: Bounds | None = None,
        error: str = "",
    ) -> Entry:
        """What it cost: as ``billed``, else by ``estimate`` (our own count), else the most. Less than ``bounds`` is not
        believed, and more neither: then it counts at its most, and its ``error`` says so. Once: what comes later
        changes nothing. Raises `StorageError`; then it counts at its most until `save_endings`, or the next
        reservation, has kept it."""
        ...

    def save_endings(self) -> None:
        """Keep what calls cost that the disk refused when they ended. Quiet where there is still no room."""
        ...

    def release(self, call_id: Id, error: str = "") -> Entry:
        """Nothing was charged: it was refused, or never left."""
        ...

    def correct(self, prefix: str, micros: int, note: str = "") -> Entry:
        """What a call cost in truth, by the beginning of its id; all sums and caps follow. The newest correction counts;
        what was counted at first stays with it. Raises `UsageError` for an id that is not known or of several calls, one
        that is on its way or over the person's own subscription, and an amount that is none."""
        ...

    def handed_off(self, name: str, conversation_id: Id) -> Entry:
        """An answer that was pasted back, over the person's own subscription."""
        ...

    def of_turn(self, turn_id: Id) -> Entry | None:
        """What the answer of this turn cost by now: one with tools takes several requests, here summed as one."""
        ...

    def of_turns(self, turn_ids: Sequence[Id]) -> dict[Id, Entry]: ...

    def entries(
        self, *, since: float | None = None, until: float | None = None, limit: int = 1000
    ) -> tuple[Entry, ...]:
        """Newest first."""
        ...

    def totals(self, by: By, *, since: float | None = None, until: float | None = None) -> tuple[Total, ...]: ...

    def worth(self, model: CloudModel, *, since: float | None = None) -> LocalWorth:
        """Raises `UsageError` where its price is not known."""
        ...

    def export_csv(self, path: Path, *, replace: bool = False) -> int:
        """Returns how many calls were written. Raises `UsageError` where ``path`` is there, `StorageError`."""
        ...

    def recover(self) -> int:
        """Calls of processes that are gone are assumed to have cost their most. Returns how many."""
        ...
