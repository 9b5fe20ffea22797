"""A ledger over a real file, whose clock stands still until it is told to go on; also in a process of its own."""

from __future__ import annotations

import os
import signal
import sys
from datetime import UTC, tzinfo
from pathlib import Path

from workbench import migrations
from workbench.clock import SystemClock
from workbench.cloud.provider import Billed, CloudModel, Price
from workbench.cloud.spending.money import OverCapError, Purpose
from workbench.cloud.spending.service import LedgerService
from workbench.cloud.spending.store import LedgerStore
from workbench.db import Database, MemoryDatabase
from workbench.errors import StorageError
from workbench.events import Bus, Changed

PRICE = Price(150_000, 600_000, source="the table", date="2026-11-01")
MODEL = CloudModel("groq", "openai/gpt-oss-120b", price=PRICE)
OTHER = CloudModel("openai", "gpt-6-luna", price=Price(100_000, 500_000))
UNPRICED = CloudModel("own", "mystery")
NOON = 1_795_435_200.0  # 2026-11-23, 12:00 UTC


class Clock(SystemClock):
    def __init__(self, now: float = NOON) -> None:
        self._now = now

    def now(self) -> float:
        return self._now

    def pass_seconds(self, seconds: float) -> None:
        self._now += seconds


class Place:
    """``path`` None: in memory."""

    def __init__(self, path: Path | None, zone: tzinfo | None = UTC) -> None:
        self.clock = Clock()
        self.database = MemoryDatabase(migrations.workbench) if path is None else _opened(path)
        self.bus = Bus()
        self.heard: list[Changed] = []
        self.bus.subscribe(self.heard.append)
        self.ledger = self.opened(zone)

    def opened(self, zone: tzinfo | None = UTC) -> LedgerService:
        """As one process of several has it."""
        return LedgerService(LedgerStore(self.database, self.clock, zone), self.bus, "engine", zone)

    def call(self, micros: int, model: CloudModel = MODEL, chat: str | None = None) -> str:
        return self.ledger.reserve(model, micros, Purpose.ESCALATION, chat)

    def paid(self, micros: int, model: CloudModel = MODEL, chat: str | None = None) -> str:
        call = self.call(micros, model, chat)
        self.ledger.settle(call, Billed(cost_micros=micros))
        return call

    @property
    def total(self) -> int:
        return sum(entry.cost_micros for entry in self.ledger.entries())


def _opened(path: Path) -> Database:
    return Database(path, migrations.workbench, backups=path.parent / "backups")


def reserve_until_refused(path: Path, micros: int) -> None:
    """Says how many were let through; settles every second one."""
    place = Place(path)
    print("ready", flush=True)
    sys.stdin.readline()
    count = 0
    try:
        while True:
            try:
                call = place.call(micros)
            except StorageError as error:  # eight write at once: one that waited a second asks again
                if "locked" not in error.message:
                    raise
                continue
            count += 1
            if count % 2:
                place.ledger.settle(call, Billed(cost_micros=micros))
    except OverCapError:
        print(count, flush=True)
    sys.stdin.readline()  # it lives on: what it reserved is not assumed


def die_between(path: Path, micros: int) -> None:
    """Killed after the money was reserved, before anything was known of the answer."""
    Place(path).call(micros)
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    {"reserve": reserve_until_refused, "die": die_between}[sys.argv[1]](Path(sys.argv[2]), int(sys.argv[3]))
