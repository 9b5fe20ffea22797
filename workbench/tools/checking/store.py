"""Checks of tool calls in the database: the only SQL about them. Each case is kept as soon as it is answered."""

from __future__ import annotations

import json
import uuid
from typing import Any

from workbench import ownership
from workbench.db import Database, Row
from workbench.errors import UsageError
from workbench.messages import Id
from workbench.ports import Clock
from workbench.tools.checking.report import CaseResult, ToolReport, result_from_json, result_json


class ToolCheckStore:
    """Any thread. ``model`` is always what tells its file from another."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._db = database
        self._clock = clock

    def begin(self, model: str, name: str, cases: str, wanted: int, *, anew: bool) -> ToolReport:
        """The check of these cases that did not come to its end, else a new one; this process owns it now.

        Raises `UsageError` while another process that lives is at it.
        """
        with self._db.write() as tx:
            row = tx.execute(
                "SELECT id, owner FROM tool_checks WHERE model = ? AND cases = ? AND ended_at IS NULL"
                " ORDER BY created_at DESC LIMIT 1",
                (model, cases),
            ).fetchone()
            if row is not None and row[1] and ownership.is_alive(row[1]):
                raise UsageError(
                    f"The tool calls of {name} are being checked already.", hint="Wait for it, or stop it."
                )
            if row is not None and not anew:
                check_id = str(row[0])
                tx.execute("UPDATE tool_checks SET owner = ? WHERE id = ?", (ownership.this_process(), check_id))
            else:
                check_id = uuid.uuid4().hex
                tx.execute(
                    "INSERT INTO tool_checks (id, model, name, cases, wanted, owner, created_at)"
                    " VALUES (?, ?, ?, ?, ?, ?, ?)",
                    (check_id, model, name, cases, wanted, ownership.this_process(), self._clock.now()),
                )
        return self._report(self._db.rows("SELECT * FROM tool_checks WHERE id = ?", (check_id,))[0])

    def save(self, check_id: Id, result: CaseResult) -> None:
        """A case that another process has answered meanwhile stays as it is."""
        with self._db.write() as tx:
            tx.execute(
                "INSERT OR IGNORE INTO tool_check_results (check_id, case_id, at, result) VALUES (?, ?, ?, ?)",
                (check_id, result.case, self._clock.now(), clean(json.dumps(result_json(result), ensure_ascii=False))),
            )

    def leave(self, check_id: Id) -> None:
        """It is stopped, and may be gone on with."""
        with self._db.write() as tx:
            tx.execute("UPDATE tool_checks SET owner = '' WHERE id = ?", (check_id,))

    def end(self, check_id: Id, runtime: str) -> ToolReport:
        """Earlier checks of this model that came to no end are forgotten, and all ended ones of the same cases but this."""
        with self._db.write() as tx:
            tx.execute(
                "UPDATE tool_checks SET owner = '', runtime = ?, ended_at = ? WHERE id = ?",
                (runtime, self._clock.now(), check_id),
            )
            tx.execute(
                "DELETE FROM tool_checks WHERE id <> ? AND owner = ''"
                " AND (model, cases) IN (SELECT model, cases FROM tool_checks WHERE id = ?)",
                (check_id, check_id),
            )
        return self._report(self._db.rows("SELECT * FROM tool_checks WHERE id = ?", (check_id,))[0])

    def reports(self, model: str) -> tuple[ToolReport, ...]:
        """Those that came to their end, newest first."""
        rows = self._db.rows(
            "SELECT * FROM tool_checks WHERE model = ? AND ended_at IS NOT NULL ORDER BY ended_at DESC, rowid DESC",
            (model,),
        )
        return tuple(map(self._report, rows))

    def _report(self, row: Row) -> ToolReport:
        found = self._db.rows("SELECT result FROM tool_check_results WHERE check_id = ? ORDER BY at", (row["id"],))
        return ToolReport(
            row["id"],
            row["name"],
            row["created_at"],
            row["runtime"],
            row["wanted"],
            tuple(result_from_json(_told(one)) for one in found),
            row["ended_at"] is not None,
        )


def _told(row: Row) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(row["result"])
    return told


def clean(text: str) -> str:
    """Without what no database takes: halves of characters, which a model may write."""
    return text.encode("utf-8", "replace").decode()
