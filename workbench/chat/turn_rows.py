"""Turns as rows of the database, and back: how each was asked for, how it ended, how fast it was."""

from __future__ import annotations

import json
import statistics
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlite_utils

from workbench import ownership
from workbench.chat.asking.choice import routed_of
from workbench.chat.asking.made import NOT_KNOWN, Made
from workbench.chat.memory_json import memory_as_json, memory_from_json
from workbench.chat.part_rows import clean
from workbench.chat.tree import Turn, TurnState
from workbench.db import Database
from workbench.errors import UsageError
from workbench.memory.memory import Remembered
from workbench.messages import Effort, Finish, Id, Timings, Usage

ANSWERS_LOOKED_AT = 200
LONG_PROMPT_TOKENS = 200  # shorter ones tell little about the speed


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a turn ended, to be stored with its parts."""

    finish: Finish
    usage: Usage = Usage()
    timings: Timings = Timings()
    error: str = ""
    hint: str = ""
    error_kind: str = ""
    note: str = ""
    made: Made = NOT_KNOWN


def turns_of(db: Database, conversation_id: Id) -> dict[Id, Turn]:
    """The last turn of each message."""
    rows = db.rows(
        """SELECT turns.*, routed_turns.choice AS choice, routed_turns.outcome AS outcome
           FROM turns JOIN messages ON messages.id = message_id LEFT JOIN routed_turns ON turn_id = turns.id
           WHERE messages.conversation_id = ? ORDER BY turns.rowid""",
        (conversation_id,),
    )
    return {row["message_id"]: _turn(row) for row in rows}


def insert_turn(
    tx: sqlite_utils.Database,
    message_id: Id,
    now: float,
    *,
    model: str,
    backend: str,
    options: Mapping[str, Any] | None,
    memory: Remembered,
    how: Mapping[str, Any] | None,
) -> Turn:
    """A turn that begins at the second ``now`` in this process. For the rest see `ConversationStore.begin_turn`."""
    kept = json.dumps(dict(options or {}))
    turn = Turn(uuid.uuid4().hex, model, backend, TurnState.RUNNING, now, effort=effort_of(kept), memory=memory)
    tx.table("turns").insert(
        {
            "id": turn.id,
            "message_id": message_id,
            "model": clean(model),
            "backend": backend,
            "options": kept,
            "memory": memory_as_json(memory),
            "asked": json.dumps(dict(how or {})),
            "state": turn.state.value,
            "owner": ownership.this_process(),
            "started_at": turn.started_at,
        }
    )
    return turn


def check_is_last(tx: sqlite_utils.Database, message_id: Id, turn_id: Id) -> None:
    """Within a transaction: whether the answer is still as it was when this turn was its last one, and had ended. Raises
    `UsageError`."""
    row = tx.execute(
        """SELECT turns.id, turns.state FROM turns JOIN messages ON messages.id = message_id
           WHERE message_id = ? AND deleted_at IS NULL ORDER BY turns.rowid DESC LIMIT 1""",
        (message_id,),
    ).fetchone()
    if row is None:
        raise UsageError("This answer was deleted meanwhile.", hint="Restore it first.")
    if (row["id"], row["state"]) != (turn_id, TurnState.ENDED.value):
        raise UsageError(
            "This answer has gone on elsewhere meanwhile: in another window, by a command or over the local API.",
            hint="Look at it again.",
        )


def end_turn(tx: sqlite_utils.Database, turn_id: Id, outcome: Outcome, now: float) -> None:
    """As it ended, at the second ``now``."""
    tx.table("turns").update(
        turn_id,
        {
            "state": TurnState.ENDED.value,
            "finish": outcome.finish.value,
            "error": clean(outcome.error),
            "hint": clean(outcome.hint),
            "error_kind": outcome.error_kind,
            "note": clean(outcome.note),
            "seed": outcome.made.seed,
            "engine": outcome.made.engine,
            "devices": outcome.made.devices,
            "prompt_tokens": outcome.usage.prompt_tokens,
            "cached_tokens": outcome.usage.cached_tokens,
            "completion_tokens": outcome.usage.completion_tokens,
            "first_token_seconds": outcome.timings.first_token_seconds,
            "prompt_tokens_per_second": outcome.timings.prompt_tokens_per_second,
            "generation_tokens_per_second": outcome.timings.generation_tokens_per_second,
            "total_seconds": outcome.timings.total_seconds,
            "ended_at": now,
        },
    )


def interrupt_orphans(db: Database, now: float) -> int:
    """Turns whose process is gone become *interrupted* at the second ``now``, with the text they had. Returns how many."""
    rows = db.rows("SELECT id, owner FROM turns WHERE state = 'running'")
    gone = [row["id"] for row in rows if not ownership.is_alive(row["owner"])]
    if gone:
        with db.write() as tx:
            for turn_id in gone:
                tx.execute(
                    """UPDATE turns SET state = 'ended', finish = 'interrupted', ended_at = ?
                       WHERE id = ? AND state = 'running'""",
                    (now, turn_id),
                )
    return len(gone)


def answer_seconds(db: Database, model: str) -> dict[Effort, list[float]]:
    """Seconds of the last whole answers of a model, by the effort that they were asked for."""
    rows = db.rows(
        """SELECT options, total_seconds FROM turns
           WHERE model = ? AND finish = 'stop' AND total_seconds IS NOT NULL ORDER BY rowid DESC LIMIT ?""",
        (model, ANSWERS_LOOKED_AT),
    )
    found: dict[Effort, list[float]] = {}
    for row in rows:
        if (effort := effort_of(row["options"])) is not None:
            found.setdefault(effort, []).append(row["total_seconds"])
    return found


def reading_speed(db: Database, model: str) -> float | None:
    """Tokens per second at which this model's last long prompts were read; None where there were none."""
    rows = db.rows(
        """SELECT prompt_tokens_per_second FROM turns
           WHERE model = ? AND prompt_tokens_per_second > 0 AND prompt_tokens - coalesce(cached_tokens, 0) >= ?
           ORDER BY rowid DESC LIMIT 5""",
        (model, LONG_PROMPT_TOKENS),
    )
    return statistics.median(row[0] for row in rows) if rows else None


def _turn(row: Any) -> Turn:
    return Turn(
        row["id"],
        row["model"],
        row["backend"],
        TurnState(row["state"]),
        row["started_at"],
        Finish(row["finish"]) if row["finish"] else None,
        Usage(row["prompt_tokens"], row["cached_tokens"], row["completion_tokens"]),
        Timings(
            row["first_token_seconds"],
            row["prompt_tokens_per_second"],
            row["generation_tokens_per_second"],
            row["total_seconds"],
        ),
        row["error"],
        row["hint"],
        effort_of(row["options"]),
        row["error_kind"],
        row["note"],
        memory_from_json(row["memory"]),
        routed_of(row["choice"], row["outcome"]),
        Made(row["seed"], row["engine"], row["devices"]),
    )


def effort_of(options: str) -> Effort | None:
    """Of a turn's kept options; None where they tell none, or one of another version."""
    try:
        return Effort(json.loads(options)["effort"])
    except (KeyError, TypeError, ValueError):
        return None
