"""The only SQL of batches; their inputs are runs."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from workbench import ownership
from workbench.db import Database, Row
from workbench.errors import UsageError
from workbench.messages import Id
from workbench.ports import Clock
from workbench.prompts.content import clean, from_text, to_text
from workbench.prompts.prompt import Prompt
from workbench.prompts.running.batches.batch import Batch, BatchState, Input
from workbench.prompts.running.run import RunOptions, RunState
from workbench.prompts.running.store import found_id, input_text, options_from, options_text

_BATCHES = """SELECT batches.*,
    (SELECT COUNT(*) FROM runs WHERE batch_id = batches.id) AS total,
    (SELECT COUNT(*) FROM runs WHERE batch_id = batches.id AND state = 'done') AS done,
    (SELECT COUNT(*) FROM runs WHERE batch_id = batches.id AND state = 'failed') AS failed
    FROM batches"""
_LEFT = ("waiting", "interrupted", "running")
_WHY = "why"


class BatchStore:
    """Any thread. One process at a time works on a batch: its owner."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._db = database
        self._clock = clock

    def add(
        self,
        title: str,
        prompt: Prompt,
        prompt_id: Id | None,
        version: int | None,
        inputs: Sequence[Input],
        options: RunOptions,
    ) -> Id:
        batch_id, now = uuid.uuid4().hex, self._clock.now()
        told = options_text(options)
        with self._db.write() as tx:
            tx.execute(
                "INSERT INTO batches (id, prompt_id, title, content, options, state, created_at, changed_at)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (batch_id, prompt_id, clean(title), to_text(prompt), told, BatchState.WAITING.value, now, now),
            )
            for position, one in enumerate(inputs):
                tx.execute(
                    "INSERT INTO runs (id, prompt_id, version, batch_id, position, label, input, options, state,"
                    " created_at, changed_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    (
                        uuid.uuid4().hex,
                        prompt_id,
                        version,
                        batch_id,
                        position,
                        clean(one.label),
                        input_text(one.values, one.files),
                        told,
                        RunState.WAITING.value,
                        now,
                        now,
                    ),
                )
        return batch_id

    def all(self) -> tuple[Batch, ...]:
        """Newest first."""
        return tuple(map(_batch, self._db.rows(f"{_BATCHES} ORDER BY created_at DESC, batches.rowid DESC")))

    def get(self, batch_id: Id) -> Batch:
        """Raises `UsageError` for an unknown id."""
        row = self._db.row(f"{_BATCHES} WHERE batches.id = ?", (batch_id,))
        if row is None:
            raise UsageError(f"There is no batch {batch_id!r}.", hint="`workbench prompts batches` lists them.")
        return _batch(row)

    def find(self, prefix: str) -> Id:
        """A full id from its beginning. Raises `UsageError` when it is unknown or ambiguous."""
        return found_id(self._db, "batches", prefix, "batch")

    def state(self, batch_id: Id) -> BatchState | None:
        """As it is written; None where it was removed."""
        row = self._db.row("SELECT state FROM batches WHERE id = ?", (batch_id,))
        return None if row is None else BatchState(row[0])

    def claim(self, batch_id: Id) -> None:
        """This process works on it from now on. Raises `UsageError` while another one that lives does."""
        me = ownership.this_process()
        with self._db.write() as tx:
            row = tx.execute("SELECT state, owner FROM batches WHERE id = ?", (batch_id,)).fetchone()
            if row is None:
                raise UsageError(f"There is no batch {batch_id!r}.", hint="`workbench prompts batches` lists them.")
            owner = row[1] or ""
            if owner != me and ownership.is_alive(owner):
                raise UsageError("Another Workbench is at this batch.", hint="Pause it there first, or let it work.")
            self._put(tx, batch_id, BatchState.RUNNING, me)

    def release(self, batch_id: Id, state: BatchState, why: str = "") -> None:
        """Nobody is at it any more. One that was paused meanwhile stays so, unless it is done."""
        with self._db.write() as tx:
            row = tx.execute("SELECT state FROM batches WHERE id = ?", (batch_id,)).fetchone()
            if row is not None:
                self._put(tx, batch_id, state, None, why)

    def pause(self, batch_id: Id) -> None:
        """Whoever works on it sees it."""
        with self._db.write() as tx:
            tx.execute(
                "UPDATE batches SET state = ?, changed_at = ? WHERE id = ? AND state IN ('waiting', 'running')",
                (BatchState.PAUSED.value, self._clock.now(), batch_id),
            )

    def next(self, batch_id: Id, after: int) -> tuple[Id, int, str] | None:
        """Id, position and label of the first run behind a position that has no end; None where there is none."""
        row = self._db.row(
            "SELECT id, position, label FROM runs WHERE batch_id = ? AND position > ? AND state IN (?, ?, ?)"
            " ORDER BY position LIMIT 1",
            (batch_id, after, *_LEFT),
        )
        return None if row is None else (row[0], row[1], row[2])

    def wait_again(self, batch_id: Id, run_ids: Sequence[Id] | None = None) -> None:
        """These runs, or all that failed, have their turn again."""
        with self._db.write() as tx:
            if run_ids is None:
                tx.execute(
                    "UPDATE runs SET state = 'waiting', owner = NULL WHERE batch_id = ? AND state = 'failed'",
                    (batch_id,),
                )
            for run_id in run_ids or ():
                tx.execute("UPDATE runs SET state = 'waiting', owner = NULL WHERE id = ?", (run_id,))

    def remove(self, batch_id: Id) -> None:
        """With all its runs."""
        with self._db.write() as tx:
            tx.execute("DELETE FROM batches WHERE id = ?", (batch_id,))

    def _put(self, tx: Any, batch_id: Id, state: BatchState, owner: str | None, why: str = "") -> None:
        options = json.loads(tx.execute("SELECT options FROM batches WHERE id = ?", (batch_id,)).fetchone()[0])
        told: Mapping[str, Any] = {**options, _WHY: why}
        tx.execute(
            "UPDATE batches SET state = ?, owner = ?, options = ?, changed_at = ? WHERE id = ?",
            (state.value, owner, json.dumps(told, ensure_ascii=False), self._clock.now(), batch_id),
        )


def _batch(row: Row) -> Batch:
    found = Batch(
        row["id"],
        row["title"],
        from_text(row["content"]),
        row["prompt_id"],
        options_from(row["options"]),
        BatchState(row["state"]),
        row["total"],
        row["done"],
        row["failed"],
        json.loads(row["options"]).get(_WHY, ""),
        row["created_at"],
        row["changed_at"],
    )
    if found.state is BatchState.RUNNING and not ownership.is_alive(row["owner"] or ""):
        return replace(found, state=BatchState.INTERRUPTED)
    return found
