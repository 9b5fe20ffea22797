"""What the cloud may cost and what it did. Built when somebody asks, or at start to count what a process left open."""

from __future__ import annotations

from workbench.assembly.foundation import Foundation
from workbench.cloud.spending.service import LedgerService
from workbench.cloud.spending.store import LedgerStore
from workbench.engine.remote.route import LOCAL


def build_ledger(base: Foundation) -> LedgerService:
    """Calls of processes that are gone are assumed to have cost their most, by the way."""
    ledger = LedgerService(LedgerStore(base.database, base.clock), base.bus, LOCAL)
    if not base.database.read_only:
        ledger.recover()
    return ledger
