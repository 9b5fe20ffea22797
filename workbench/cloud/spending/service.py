"""The ledger: money is reserved before a call and settled after it, whoever asks, in any thread or process of this home."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import tzinfo
from pathlib import Path
from typing import Final

from workbench.cloud.provider import CURRENCY, Billed, CloudModel
from workbench.cloud.spending import budget, calendar, export
from workbench.cloud.spending.amounts import MOST_MICROS, words
from workbench.cloud.spending.money import (
    Bounds,
    By,
    CallState,
    Cap,
    CapKind,
    CapState,
    Entry,
    LocalWorth,
    Purpose,
    Remaining,
    Total,
)
from workbench.cloud.spending.pricing import MOST_BELIEVED, believed, completed, cost_of, larger
from workbench.cloud.spending.store import Ending, LedgerStore
from workbench.cloud.spending.summing import totals
from workbench.cloud.spending.weighing import claim_words, is_too_little
from workbench.errors import RefusedError, StorageError, UsageError
from workbench.events import Bus, Topic
from workbench.messages import Id

_ALL: Final = -1
_ANY: Final = Bounds()
_HOW_TO_PRICE: Final = (
    "Give it: `workbench cloud prices {model} --input DOLLARS --output DOLLARS`, for a million tokens."
)
_HOW_TO_CAP: Final = "`workbench cloud budget --help` shows how caps are given."
_NAMED: Final = (CapKind.PROVIDER, CapKind.CHAT)


class LedgerService:
    """`Ledger`."""

    def __init__(self, store: LedgerStore, bus: Bus, local_source: str, zone: tzinfo | None = None) -> None:
        """``local_source``: what turns that the engine of this machine answered have as their backend. ``zone`` None: of
        this computer."""
        self._store = store
        self._bus = bus
        self._local_source = local_source
        self._zone = zone
        self._lock = threading.Lock()
        self._unsaved: dict[Id, Callable[[Entry], Ending]] = {}

    # Caps -------------------------------------------------------------------------------------------------------------

    def caps(self) -> tuple[Cap, ...]:
        return budget.holding(self._store.caps())

    def set_cap(self, kind: CapKind, micros: int | None, name: str = "") -> None:
        name = name.strip()
        if kind in _NAMED and not name:
            raise UsageError(f"A cap for a {kind.value} needs its name.", hint=_HOW_TO_CAP)
        if kind not in _NAMED and name:
            raise UsageError(f"A cap for a {kind.value} has no name.", hint=_HOW_TO_CAP)
        if micros is not None and not 0 <= micros <= MOST_MICROS:
            raise UsageError(
                f"{words(micros)} is no cap.", hint="A cap is an amount from 0, which stops everything, to a million."
            )
        self._store.set_cap(kind, micros, name)
        self._bus.publish(Topic.CLOUD)

    def cap_states(self) -> tuple[CapState, ...]:
        calendar.notice_another_zone()
        own = self._store.caps()
        return tuple(
            CapState(cap, self._store.spent(cap.name, cap.name).by(cap.kind), usual=cap not in own)
            for cap in budget.holding(own)
        )

    def remaining(self, provider: str, conversation_id: Id | None = None) -> Remaining:
        calendar.notice_another_zone()
        spent = self._store.spent(provider, conversation_id)
        return budget.remaining(self.caps(), spent, provider, conversation_id)

    # Calls ------------------------------------------------------------------------------------------------------------

    def reserve(
        self,
        model: CloudModel,
        most_micros: int,
        purpose: Purpose,
        conversation_id: Id | None = None,
        turn_id: Id | None = None,
    ) -> Id:
        _refuse_unpriced(model, most_micros)
        self.save_endings()
        calendar.notice_another_zone()
        entry = Entry(
            uuid.uuid4().hex,
            0.0,
            model.provider,
            model.id,
            purpose,
            CallState.RESERVED,
            most_micros,
            most_micros,
            price=model.price,
            conversation_id=conversation_id,
            turn_id=turn_id,
        )

        def decide(own: tuple[Cap, ...], spent: budget.Spent) -> None:
            left = budget.remaining(budget.holding(own), spent, model.provider, conversation_id)
            budget.refuse_over(left, spent, most_micros)

        self._store.reserve(entry, decide)
        self._bus.publish(Topic.CLOUD)
        return entry.id

    def belongs(self, call_id: Id, turn_id: Id) -> None:
        self._store.belongs(call_id, turn_id)
        self._bus.publish(Topic.CLOUD)

    def settle(
        self,
        call_id: Id,
        billed: Billed | None,
        *,
        estimate: Billed | None = None,
        bounds: Bounds | None = None,
        error: str = "",
    ) -> Entry:
        return self._end(call_id, lambda entry: settled(entry, billed, estimate, error, bounds or _ANY))

    def release(self, call_id: Id, error: str = "") -> Entry:
        return self._end(call_id, lambda _entry: Ending(CallState.RELEASED, 0, error=error))

    def save_endings(self) -> None:
        with self._lock:
            unsaved = dict(self._unsaved)
        with suppress(StorageError):
            for call_id, ending in unsaved.items():
                self._end(call_id, ending)

    def handed_off(self, name: str, conversation_id: Id) -> Entry:
        entry = Entry(
            uuid.uuid4().hex,
            0.0,
            name,
            "",
            Purpose.HANDED_OFF,
            CallState.FREE,
            0,
            0,
            conversation_id=conversation_id,
        )
        added = self._store.add(entry)
        self._bus.publish(Topic.CLOUD)
        return added

    def correct(self, prefix: str, micros: int, note: str = "") -> Entry:
        found = self._store.beginning_with(prefix)
        if not found:
            raise UsageError(f"There is no call {prefix!r}.", hint="`workbench cloud ledger` shows the calls.")
        if len(found) > 1:
            raise UsageError(f"Several calls have an id that begins with {prefix!r}.", hint="Give more of the id.")
        if not 0 <= micros <= MOST_MICROS:
            raise UsageError(f"{words(micros)} is no cost of a call.", hint="Give what the invoice says, from 0 on.")
        entry = self._store.correct(found[0], _refuse_correction(micros), micros, " ".join(note.split()))
        self._bus.publish(Topic.CLOUD)
        return entry

    def recover(self) -> int:
        count = self._store.recover()
        if count:
            self._bus.publish(Topic.CLOUD)
        return count

    # Reading ----------------------------------------------------------------------------------------------------------

    def of_turn(self, turn_id: Id) -> Entry | None:
        return self.of_turns((turn_id,)).get(turn_id)

    def of_turns(self, turn_ids: Sequence[Id]) -> dict[Id, Entry]:
        return self._store.of_turns(turn_ids)

    def entries(
        self, *, since: float | None = None, until: float | None = None, limit: int = 1000
    ) -> tuple[Entry, ...]:
        return self._store.entries(since, until, max(0, limit))

    def totals(self, by: By, *, since: float | None = None, until: float | None = None) -> tuple[Total, ...]:
        calendar.notice_another_zone()
        return totals(self._store.counted(since, until), by, self._zone)

    def worth(self, model: CloudModel, *, since: float | None = None) -> LocalWorth:
        if model.price is None:
            raise UsageError(
                f"The price of {model.full_name} is not known.",
                hint=_HOW_TO_PRICE.format(model=model.full_name),
            )
        found = self._store.answered(self._local_source, since)
        billed = Billed(found.prompt_tokens, found.cached_tokens, None, found.completion_tokens)
        cost = cost_of(billed, model.price)
        assert cost is not None  # noqa: S101 - tokens and price are known
        return LocalWorth(model, found.answers, found.unknown, found.prompt_tokens, found.completion_tokens, cost)

    def export_csv(self, path: Path, *, replace: bool = False) -> int:
        calendar.notice_another_zone()
        entries = self._store.entries(None, None, _ALL)
        export.write_file(path, export.csv_lines(entries, self._zone), replace=replace)
        return len(entries)

    def _end(self, call_id: Id, ending: Callable[[Entry], Ending]) -> Entry:
        try:
            entry = self._store.end(call_id, ending)
        except StorageError:
            with self._lock:
                self._unsaved.setdefault(call_id, ending)
            raise
        with self._lock:
            self._unsaved.pop(call_id, None)
        self._bus.publish(Topic.CLOUD)
        return entry


def settled(entry: Entry, billed: Billed | None, estimate: Billed | None, error: str, bounds: Bounds = _ANY) -> Ending:
    """As the provider counted; else with our own count; else at its most. Pure."""
    told = believed(billed or Billed())
    if too_much := claim_words(told, bounds.most, entry.price):
        return Ending(
            CallState.ASSUMED, entry.reserved_micros, completed(None, estimate), f"{error} {too_much}".strip()
        )
    if is_too_little(told, bounds.least):
        estimate = None if estimate is None else larger(estimate, told)
        billed = told = Billed()
    for state, counted in (
        (CallState.SETTLED, told),
        (CallState.ESTIMATED, completed(billed, estimate)),
    ):
        cost = cost_of(counted, entry.price)
        if cost is not None:
            return Ending(state, min(cost, MOST_BELIEVED), counted, error)
    return Ending(CallState.ASSUMED, entry.reserved_micros, completed(billed, estimate), error)


def _refuse_correction(micros: int) -> Callable[[Entry], None]:
    """What raises `UsageError` for a call that is not over, costs nobody anything, or counts so already."""

    def check(entry: Entry) -> None:
        if entry.state is CallState.RESERVED:
            raise UsageError("This call is on its way.", hint="It can be corrected when it has ended.")
        if entry.state is CallState.FREE:
            raise UsageError("This was asked over your own subscription.", hint="What that costs is in no ledger.")
        if entry.cost_micros == micros:
            raise UsageError(f"It counts with {words(micros)} already.", hint="Give what the invoice says.")

    return check


def _refuse_unpriced(model: CloudModel, most_micros: int) -> None:
    """An unknown price is never zero. Raises `UsageError`, `RefusedError`."""
    if most_micros < 0:
        raise UsageError("Less than nothing cannot be reserved.", hint="Give what the call may cost at its most.")
    price = model.price
    if price is None and not most_micros:
        raise RefusedError(
            f"The price of {model.full_name} is not known.",
            hint=f"{_HOW_TO_PRICE.format(model=model.full_name)} Or agree to what it may cost at its most.",
        )
    if price is not None and price.currency != CURRENCY:
        raise RefusedError(
            f"The price of {model.full_name} is in {price.currency}, and the caps are in {CURRENCY}.",
            hint=f"Give its price in {CURRENCY}.",
        )
    if price is not None and not most_micros and max(price.input_micros, price.output_micros):
        raise UsageError(f"{model.full_name} is not free.", hint="Give what the call may cost at its most.")
