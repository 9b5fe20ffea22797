"""Benchmarks that were run on this machine: the only SQL about them."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import replace

from workbench.db import Database
from workbench.diagnostics.bench.result import BenchResult
from workbench.ports import Clock


class BenchStore:
    def __init__(self, database: Database, clock: Clock) -> None:
        self._db = database
        self._clock = clock

    def keep(self, machine: str, result: BenchResult) -> BenchResult:
        """``result`` with its time; nothing is kept where the database may not be written."""
        result = replace(result, at=self._clock.now())
        if not self._db.read_only:
            with self._db.write() as tx:
                tx.table("benchmarks").insert(
                    {
                        "at": result.at,
                        "machine": machine,
                        "runtime": result.runtime,
                        "model": result.model,
                        "result": json.dumps(result.as_json()),
                    }
                )
        return result

    def last(self, machine: str, limit: int = 50) -> tuple[BenchResult, ...]:
        """The newest first; what cannot be read is left out."""
        rows = self._db.rows(
            "SELECT result FROM benchmarks WHERE machine = ? ORDER BY at DESC, id DESC LIMIT ?", (machine, limit)
        )
        found = []
        for row in rows:
            with suppress(KeyError, TypeError, ValueError):
                found.append(BenchResult.from_json(json.loads(row["result"])))
        return tuple(found)
