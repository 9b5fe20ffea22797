"""The ledger and its caps in the database: the only SQL about them."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import tzinfo
from typing import Any, Final

from workbench import ownership
from workbench.cloud.provider import Billed, Price
from workbench.cloud.spending.budget import Spent, restored
from workbench.cloud.spending.calendar import start_of_day, start_of_month
from workbench.cloud.spending.money import CallState, Cap, CapKind, Correction, Entry, Purpose
from workbench.cloud.spending.summing import together
from workbench.db import Database
from workbench.errors import UsageError
from workbench.messages import Id
from workbench.ports import Clock

# Each call with its newest correction, which counts in the place of what was counted first; clocks are set back.
_CHARGES: Final = """(SELECT calls.id, calls.at, calls.ended_at, calls.provider, calls.model, calls.purpose, calls.state,
    calls.reserved_micros, calls.currency, calls.price, calls.prompt_tokens, calls.cached_tokens, calls.cache_write_tokens,
    calls.completion_tokens, calls.conversation_id, calls.turn_id, calls.error, calls.rowid AS place,
    coalesce(latest.cost_micros, calls.cost_micros) AS cost_micros, calls.cost_micros AS before_micros,
    latest.at AS corrected_at, latest.note AS note
    FROM cloud_calls AS calls LEFT JOIN cloud_corrections AS latest ON latest.rowid = (
        SELECT max(rowid) FROM cloud_corrections WHERE call_id = calls.id))"""
# What lies in the future counts: the clock was set back since, and what was spent stays spent.
_SPENT: Final = f"""SELECT
    coalesce(sum(cost_micros) FILTER (WHERE at >= :day), 0),
    coalesce(sum(cost_micros) FILTER (WHERE at >= :month), 0),
    coalesce(sum(cost_micros) FILTER (WHERE at >= :month AND provider = :provider), 0),
    coalesce(sum(cost_micros) FILTER (WHERE conversation_id = :chat), 0)
    FROM {_CHARGES} WHERE at >= :month OR conversation_id = :chat"""  # noqa: S608 - SQL of ours
_ENTRIES: Final = f"""SELECT * FROM {_CHARGES}
    WHERE (:since IS NULL OR at >= :since) AND (:until IS NULL OR at < :until)
    ORDER BY at DESC, place DESC LIMIT :limit"""  # noqa: S608 - SQL of ours
_COUNTED: Final = f"""SELECT at, provider, model, prompt_tokens, completion_tokens, cost_micros FROM {_CHARGES}
    WHERE (state <> 'released' OR corrected_at IS NOT NULL)
    AND (:since IS NULL OR at >= :since) AND (:until IS NULL OR at < :until)"""  # noqa: S608 - SQL of ours
_ONE: Final = f"SELECT * FROM {_CHARGES} WHERE id = ?"  # noqa: S608 - SQL of ours
_ANSWERED: Final = """SELECT count(*) FILTER (WHERE known), count(*) FILTER (WHERE NOT known),
    coalesce(sum(prompt_tokens) FILTER (WHERE known), 0),
    coalesce(sum(min(coalesce(cached_tokens, 0), prompt_tokens)) FILTER (WHERE known), 0),
    coalesce(sum(completion_tokens) FILTER (WHERE known), 0)
    FROM (SELECT *, prompt_tokens IS NOT NULL AND completion_tokens IS NOT NULL AS known FROM turns
        WHERE backend = :source AND state = 'ended' AND (:since IS NULL OR started_at >= :since))"""
_ENDED_IN_BETWEEN: Final = "The program ended before it was known what this cost."
_AT_ONCE: Final = 500  # names in one query

Decide = Callable[[tuple[Cap, ...], Spent], None]
"""Raises what a reservation is refused with; the caps are the person's own."""


@dataclass(frozen=True, slots=True)
class Ending:
    """How a call ended. ``billed``: its tokens are kept, and no price where it names the cost."""

    state: CallState
    cost_micros: int
    billed: Billed = Billed()
    error: str = ""


@dataclass(frozen=True, slots=True)
class Answered:
    """What a backend answered: ``answers`` with their tokens, ``unknown`` without."""

    answers: int
    unknown: int
    prompt_tokens: int
    cached_tokens: int
    completion_tokens: int


class LedgerStore:
    """``zone`` None: of this computer."""

    def __init__(self, database: Database, clock: Clock, zone: tzinfo | None = None) -> None:
        self._db = database
        self._clock = clock
        self._zone = zone

    # Caps -------------------------------------------------------------------------------------------------------------

    def caps(self) -> tuple[Cap, ...]:
        """Those that a person set."""
        return _caps(self._db.rows("SELECT * FROM cloud_caps"))

    def set_cap(self, kind: CapKind, micros: int | None, name: str) -> None:
        with self._db.write() as tx:
            if micros is None:
                tx.execute("DELETE FROM cloud_caps WHERE kind = ? AND name = ?", (kind.value, name))
            else:
                row = (kind.value, name, micros)
                tx.execute("INSERT OR REPLACE INTO cloud_caps (kind, name, micros) VALUES (?, ?, ?)", row)

    def spent(self, provider: str, conversation_id: Id | None) -> Spent:
        return _spent(self._db.rows(_SPENT, self._asked(self._clock.now(), provider, conversation_id))[0])

    # Calls ------------------------------------------------------------------------------------------------------------

    def reserve(self, entry: Entry, decide: Decide) -> Entry:
        """Keep it as of now, unless ``decide`` raises: in one transaction, so that no other comes in between."""
        with self._db.write() as tx:
            entry = replace(entry, at=self._clock.now())
            asked = self._asked(entry.at, entry.provider, entry.conversation_id)
            spent = _spent(tx.execute(_SPENT, asked).fetchone())
            decide(_caps(tx.execute("SELECT * FROM cloud_caps").fetchall()), spent)
            tx.table("cloud_calls").insert(_row(entry))
        return entry

    def add(self, entry: Entry) -> Entry:
        """One that cost nothing and is over."""
        entry = replace(entry, at=self._clock.now())
        with self._db.write() as tx:
            tx.table("cloud_calls").insert(_row(replace(entry, ended_at=entry.at)))
        return self.get(entry.id)

    def end(self, call_id: Id, ending: Callable[[Entry], Ending]) -> Entry:
        """Once: one that has ended stays as it is."""
        with self._db.write() as tx:
            row = tx.execute(_ONE, (call_id,)).fetchone()
            if row is None:
                raise _unknown(call_id)
            entry = _entry(row)
            if entry.state is not CallState.RESERVED:
                return entry
            ended = _ended(entry, ending(entry), self._clock.now())
            tx.table("cloud_calls").update(call_id, _row(ended))
        return ended

    def belongs(self, call_id: Id, turn_id: Id) -> None:
        with self._db.write() as tx:
            if not tx.execute("UPDATE cloud_calls SET turn_id = ? WHERE id = ?", (turn_id, call_id)).rowcount:
                raise _unknown(call_id)

    def correct(self, call_id: Id, check: Callable[[Entry], None], micros: int, note: str) -> Entry:
        """A new row that refers to the call, unless ``check`` raises."""
        with self._db.write() as tx:
            row = tx.execute(_ONE, (call_id,)).fetchone()
            if row is None:
                raise _unknown(call_id)
            check(_entry(row))
            told = {"at": self._clock.now(), "cost_micros": micros, "note": _clean(note)}
            tx.table("cloud_corrections").insert({"id": uuid.uuid4().hex, "call_id": call_id, **told})
        return self.get(call_id)

    def recover(self) -> int:
        rows = self._db.rows("SELECT id, owner FROM cloud_calls WHERE state = 'reserved'")
        gone = [row["id"] for row in rows if not ownership.is_alive(row["owner"])]
        if not gone:
            return 0
        with self._db.write() as tx:
            return sum(
                tx.execute(
                    """UPDATE cloud_calls SET state = 'assumed', cost_micros = reserved_micros, ended_at = ?, error = ?
                       WHERE id = ? AND state = 'reserved'""",
                    (self._clock.now(), _ENDED_IN_BETWEEN, call_id),
                ).rowcount
                for call_id in gone
            )

    # Reading ----------------------------------------------------------------------------------------------------------

    def get(self, call_id: Id) -> Entry:
        row = self._db.row(_ONE, (call_id,))
        if row is None:
            raise _unknown(call_id)
        return _entry(row)

    def beginning_with(self, prefix: str) -> tuple[Id, ...]:
        """At most two."""
        rows = self._db.rows("SELECT id FROM cloud_calls WHERE substr(id, 1, ?) = ? LIMIT 2", (len(prefix), prefix))
        return tuple(row["id"] for row in rows) if prefix else ()

    def of_turns(self, turn_ids: Sequence[Id]) -> dict[Id, Entry]:
        """Of each turn that asked a provider, what its answer cost by now: all requests of all its turns as one."""
        found: dict[Id, Entry] = {}
        for start in range(0, len(turn_ids), _AT_ONCE):
            some = tuple(turn_ids[start : start + _AT_ONCE])
            marks = ", ".join("?" * len(some))
            rows = self._db.rows(
                f"""SELECT coalesce(asked.id, call.turn_id) AS asked, call.* FROM {_CHARGES} AS call
                    LEFT JOIN turns AS own ON own.id = call.turn_id
                    LEFT JOIN turns AS asked ON asked.message_id = own.message_id
                    WHERE coalesce(asked.id, call.turn_id) IN ({marks}) ORDER BY call.at, call.place""",  # noqa: S608 - marks only
                some,
            )
            for row in rows:
                entry = _entry(row)
                before = found.get(row["asked"])
                found[row["asked"]] = entry if before is None else together(before, entry)
        return found

    def entries(self, since: float | None, until: float | None, limit: int) -> tuple[Entry, ...]:
        """Newest first. ``limit`` -1: all."""
        return tuple(map(_entry, self._db.rows(_ENTRIES, {"since": since, "until": until, "limit": limit})))

    def counted(self, since: float | None, until: float | None) -> Iterator[tuple[float, str, str, int, int, int]]:
        """Moment, provider, model, tokens of prompt and answer, cost: of all calls but the released ones."""
        for row in self._db.rows(_COUNTED, {"since": since, "until": until}):
            yield row[0], row[1], row[2], row[3] or 0, row[4] or 0, row[5]

    def answered(self, source: str, since: float | None) -> Answered:
        """What the backend ``source`` answered in all chats that are kept."""
        return Answered(*self._db.rows(_ANSWERED, {"source": source, "since": since})[0])

    def _asked(self, at: float, provider: str, conversation_id: Id | None) -> dict[str, Any]:
        day, month = start_of_day(at, self._zone), start_of_month(at, self._zone)
        return {"day": day, "month": month, "provider": provider, "chat": conversation_id}


def carry_calls(source: Database, target: Database) -> int:
    """Calls of ``source`` that ``target`` does not know, or not the end of, and all corrections. Returns how many calls.
    Raises `StorageError`."""
    states = {row["id"]: row["state"] for row in target.rows("SELECT id, state FROM cloud_calls")}
    found = [
        dict(row)
        for row in source.rows("SELECT * FROM cloud_calls")
        if states.get(row["id"], CallState.RESERVED) == CallState.RESERVED
    ]
    if found:
        with target.write() as tx:
            tx.table("cloud_calls").insert_all(found, replace=True)
    corrections = [dict(row) for row in source.rows("SELECT * FROM cloud_corrections")]
    if corrections:
        with target.write() as tx:
            tx.table("cloud_corrections").insert_all(corrections, ignore=True)
    return len(found)


def carry_caps(source: Database, target: Database) -> None:
    """The caps of ``source`` hold in ``target``; see `budget.restored`. Raises `StorageError`."""
    asked = "SELECT * FROM cloud_caps"
    held = restored(_caps(source.rows(asked)), _caps(target.rows(asked)))
    with target.write() as tx:
        tx.execute("DELETE FROM cloud_caps")
        for cap in held:
            tx.table("cloud_caps").insert({"kind": cap.kind.value, "name": cap.name, "micros": cap.micros})


def _ended(entry: Entry, ending: Ending, at: float) -> Entry:
    return replace(
        entry,
        state=ending.state,
        cost_micros=ending.cost_micros,
        billed=replace(ending.billed, cost_micros=None),
        price=None if ending.billed.cost_micros is not None else entry.price,
        error=_clean(ending.error),
        ended_at=at,
    )


def _spent(row: Any) -> Spent:
    return Spent(*row)


def _caps(rows: Iterable[Any]) -> tuple[Cap, ...]:
    return tuple(Cap(CapKind(row["kind"]), row["micros"], row["name"]) for row in rows)


def _row(entry: Entry) -> dict[str, Any]:
    return {
        "id": entry.id,
        "at": entry.at,
        "ended_at": entry.ended_at,
        "provider": _clean(entry.provider),
        "model": _clean(entry.model),
        "purpose": entry.purpose.value,
        "state": entry.state.value,
        "reserved_micros": entry.reserved_micros,
        "cost_micros": entry.cost_micros,
        "currency": entry.currency,
        "price": None if entry.price is None else json.dumps(asdict(entry.price)),
        "prompt_tokens": entry.billed.prompt_tokens,
        "cached_tokens": entry.billed.cached_tokens,
        "cache_write_tokens": entry.billed.cache_write_tokens,
        "completion_tokens": entry.billed.completion_tokens,
        "conversation_id": entry.conversation_id,
        "turn_id": entry.turn_id,
        "error": entry.error,
        "owner": ownership.this_process(),
    }


def _entry(row: Any) -> Entry:
    price = _price(json.loads(row["price"])) if row["price"] else None
    tokens = (row[f"{name}_tokens"] for name in ("prompt", "cached", "cache_write", "completion"))
    return Entry(
        row["id"],
        row["at"],
        row["provider"],
        row["model"],
        Purpose(row["purpose"]),
        CallState(row["state"]),
        row["reserved_micros"],
        row["cost_micros"],
        row["currency"],
        price,
        Billed(*tokens),
        row["conversation_id"],
        row["turn_id"],
        row["ended_at"],
        row["error"],
        None if row["corrected_at"] is None else Correction(row["corrected_at"], row["before_micros"], row["note"]),
    )


def _price(told: dict[str, Any]) -> Price:
    """Of whichever version kept it."""
    return Price(**{field.name: told[field.name] for field in fields(Price) if field.name in told})


def _clean(text: str) -> str:
    """Text that SQLite stores and gives back: lone surrogates become question marks."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def _unknown(call_id: str) -> UsageError:
    return UsageError(f"There is no call {call_id!r}.", hint="`workbench cloud ledger` shows the calls.")
