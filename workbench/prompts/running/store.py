"""The only SQL of runs and of tests of prompts."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

from workbench import ownership
from workbench.db import Database, Row
from workbench.errors import UsageError
from workbench.messages import Effort, Id, Usage
from workbench.ports import Clock
from workbench.prompts.content import clean, from_text, to_text
from workbench.prompts.prompt import Prompt
from workbench.prompts.running.run import Run, RunOptions, RunState, StepResult

LEAST_OF_AN_ID = 2
_RUNS = """SELECT runs.*, COALESCE(runs.content, batches.content) AS whole
    FROM runs LEFT JOIN batches ON batches.id = runs.batch_id"""


class RunStore:
    """Any thread. A run that is being made has an owner; one whose owner is gone is told as interrupted."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._db = database
        self._clock = clock

    def begin(
        self,
        prompt: Prompt,
        values: Mapping[str, str],
        options: RunOptions,
        prompt_id: Id | None = None,
        version: int | None = None,
    ) -> Run:
        """A new run that this process owns."""
        run_id, now = uuid.uuid4().hex, self._clock.now()
        run = Run(run_id, prompt, dict(values), options, RunState.RUNNING, (), prompt_id, version)
        with self._db.write() as tx:
            tx.execute(
                "INSERT INTO runs (id, prompt_id, version, input, content, options, state, owner, created_at, changed_at)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    run_id,
                    prompt_id,
                    version,
                    input_text(values, {}),
                    to_text(prompt),
                    options_text(options),
                    RunState.RUNNING.value,
                    ownership.this_process(),
                    now,
                    now,
                ),
            )
        return replace(run, created_at=now, changed_at=now)

    def claim(self, run_id: Id) -> Run:
        """This process goes on with it from now on. Raises `UsageError` while another one that lives is at it."""
        with self._db.write() as tx:
            row = tx.execute("SELECT state, owner FROM runs WHERE id = ?", (run_id,)).fetchone()
            if row is None:
                raise _unknown(run_id)
            owner = row[1] or ""
            if row[0] == RunState.RUNNING.value and owner != ownership.this_process() and ownership.is_alive(owner):
                raise UsageError("Another Workbench is at this run.", hint="Wait for it, or stop it there.")
            tx.execute(
                "UPDATE runs SET state = ?, owner = ?, changed_at = ? WHERE id = ?",
                (RunState.RUNNING.value, ownership.this_process(), self._clock.now(), run_id),
            )
        return self.get(run_id)

    def get(self, run_id: Id) -> Run:
        """Raises `UsageError` for an unknown id."""
        row = self._db.row(f"{_RUNS} WHERE runs.id = ?", (run_id,))
        if row is None:
            raise _unknown(run_id)
        return self._runs([row])[0]

    def find(self, prefix: str) -> Id:
        """A full id from its beginning. Raises `UsageError` when it is unknown or ambiguous."""
        return found_id(self._db, "runs", prefix, "run")

    def recent(self, prompt_id: Id | None = None, limit: int = 50) -> tuple[Run, ...]:
        """Those outside batches, newest first."""
        where = "runs.batch_id IS NULL" + ("" if prompt_id is None else " AND runs.prompt_id = :prompt")
        sql = f"{_RUNS} WHERE {where} ORDER BY runs.created_at DESC, runs.rowid DESC LIMIT :limit"
        return self._runs(self._db.rows(sql, {"prompt": prompt_id, "limit": limit}))

    def of_batch(self, batch_id: Id, offset: int, limit: int) -> tuple[Run, ...]:
        """By position."""
        sql = f"{_RUNS} WHERE runs.batch_id = ? AND runs.position >= ? ORDER BY runs.position LIMIT ?"
        return self._runs(self._db.rows(sql, (batch_id, offset, limit)))

    def known(self, key: str) -> StepResult | None:
        """The newest answer to exactly this."""
        row = self._db.row(
            "SELECT run_steps.* FROM run_steps JOIN runs ON runs.id = run_id WHERE key = ? AND run_steps.state = 'done'"
            " ORDER BY runs.created_at DESC LIMIT 1",
            (key,),
        )
        return None if row is None else _step(row)

    def save_step(self, run_id: Id, step: StepResult) -> None:
        """In place of what was known of it."""
        usage = step.usage
        with self._db.write() as tx:
            tx.execute(
                "INSERT OR REPLACE INTO run_steps (run_id, position, name, state, key, model, effort, text, reasoning,"
                " finish, error, hint, prompt_tokens, cached_tokens, completion_tokens, seconds, cost_micros, from_cache,"
                " why) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    run_id,
                    step.position,
                    step.name,
                    step.state.value,
                    step.key,
                    step.model,
                    step.effort,
                    clean(step.text),
                    clean(step.reasoning),
                    step.finish,
                    clean(step.error),
                    clean(step.hint),
                    usage.prompt_tokens,
                    usage.cached_tokens,
                    usage.completion_tokens,
                    step.seconds,
                    step.cost_micros,
                    int(step.from_cache),
                    clean(step.why),
                ),
            )

    def end(self, run_id: Id, state: RunState) -> None:
        with self._db.write() as tx:
            tx.execute(
                "UPDATE runs SET state = ?, owner = NULL, changed_at = ? WHERE id = ?",
                (state.value, self._clock.now(), run_id),
            )

    def forget_from(self, run_id: Id, position: int) -> None:
        """What the step at this position and those after it gave."""
        with self._db.write() as tx:
            tx.execute("DELETE FROM run_steps WHERE run_id = ? AND position >= ?", (run_id, position))

    def remove(self, run_id: Id) -> None:
        with self._db.write() as tx:
            tx.execute("DELETE FROM runs WHERE id = ?", (run_id,))

    # Tests ------------------------------------------------------------------------------------------------------------

    def save_test(self, prompt_id: Id, version: int, model: str, results: Sequence[Mapping[str, Any]]) -> None:
        with self._db.write() as tx:
            tx.execute(
                "INSERT INTO step_tests (id, prompt_id, version, model, created_at, results) VALUES (?, ?, ?, ?, ?, ?)",
                (
                    uuid.uuid4().hex,
                    prompt_id,
                    version,
                    model,
                    self._clock.now(),
                    clean(json.dumps(results, ensure_ascii=False)),
                ),
            )

    def tests(self, prompt_id: Id) -> tuple[tuple[int, str, float, Sequence[Mapping[str, Any]]], ...]:
        """Version, model, when, and results, newest first."""
        rows = self._db.rows(
            "SELECT version, model, created_at, results FROM step_tests WHERE prompt_id = ?"
            " ORDER BY created_at DESC, rowid DESC",
            (prompt_id,),
        )
        return tuple((row[0], row[1], row[2], json.loads(row[3])) for row in rows)

    # Reading ----------------------------------------------------------------------------------------------------------

    def _runs(self, rows: Sequence[Row]) -> tuple[Run, ...]:
        steps: dict[Id, list[StepResult]] = {row["id"]: [] for row in rows}
        prompts: dict[str, Prompt] = {}
        ids = list(steps)
        for start in range(0, len(ids), 500):
            some = ids[start : start + 500]
            marks = ",".join("?" * len(some))
            sql = f"SELECT * FROM run_steps WHERE run_id IN ({marks}) ORDER BY run_id, position"  # noqa: S608 - marks only
            for row in self._db.rows(sql, tuple(some)):
                steps[row["run_id"]].append(_step(row))
        return tuple(_run(row, tuple(steps[row["id"]]), prompts) for row in rows)


def found_id(database: Database, table: str, prefix: str, what: str) -> Id:
    """The full id of what begins so in ``table``. Raises `UsageError` when it is unknown or ambiguous."""
    wanted = prefix.strip()
    end = wanted + "\U0010ffff"
    sql = f"SELECT id FROM {table} WHERE id >= ? AND id < ? LIMIT 2"  # noqa: S608 - names of ours
    rows = database.rows(sql, (wanted, end)) if len(wanted) >= LEAST_OF_AN_ID else []
    if len(rows) != 1:
        how = "could be more than one" if rows else "is not known"
        raise UsageError(f"The {what} {prefix!r} {how}.", hint="Give more of its id, as the list shows it.")
    return str(rows[0][0])


def input_text(values: Mapping[str, str], files: Mapping[str, str]) -> str:
    return clean(json.dumps({"values": dict(values), **({"files": dict(files)} if files else {})}, ensure_ascii=False))


def options_text(options: RunOptions) -> str:
    told = {
        key: value for key, value in asdict(options).items() if value is not None and value is not False and value != ""
    }
    return json.dumps(told, ensure_ascii=False)


def options_from(text: str) -> RunOptions:
    told = json.loads(text)
    known = {key: value for key, value in told.items() if key in RunOptions.__dataclass_fields__}
    if "effort" in known:
        known["effort"] = Effort(known["effort"])
    return RunOptions(**known)


def _run(row: Row, steps: tuple[StepResult, ...], prompts: dict[str, Prompt]) -> Run:
    whole = row["whole"]
    if whole not in prompts:
        prompts[whole] = from_text(whole)
    state, told = RunState(row["state"]), json.loads(row["input"])
    if state is RunState.RUNNING and not ownership.is_alive(row["owner"] or ""):
        state = RunState.INTERRUPTED
        steps = tuple(replace(one, state=state) if one.state is RunState.RUNNING else one for one in steps)
    return Run(
        row["id"],
        prompts[whole],
        told["values"],
        options_from(row["options"]),
        state,
        steps,
        row["prompt_id"],
        row["version"],
        row["batch_id"],
        row["position"],
        row["label"],
        told.get("files", {}),
        row["created_at"],
        row["changed_at"],
    )


def _step(row: Row) -> StepResult:
    return StepResult(
        row["position"],
        row["name"],
        RunState(row["state"]),
        row["key"],
        row["model"],
        row["effort"],
        row["text"],
        row["reasoning"],
        row["finish"],
        row["error"],
        row["hint"],
        Usage(row["prompt_tokens"], row["cached_tokens"], row["completion_tokens"]),
        row["seconds"],
        row["cost_micros"],
        bool(row["from_cache"]),
        row["why"],
    )


def _unknown(run_id: str) -> UsageError:
    return UsageError(f"There is no run {run_id!r}.", hint="`workbench prompts runs` lists them.")
