"""What the window shows of the ledger, read in the background."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from ui.cloud.ledger.words import offered
from workbench.cloud.provider import CloudModel
from workbench.cloud.spending.calendar import start_of_day, start_of_month
from workbench.cloud.spending.money import By, CapKind, CapState, Entry, LocalWorth, Total
from workbench.messages import Id

if TYPE_CHECKING:
    from workbench.app import Workbench

MOST_CALLS = 500


class Period(StrEnum):
    DAY = "day"
    MONTH = "month"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class ReadCaps:
    """``providers``: names by id; ``chats``: titles of those that have a cap."""

    states: tuple[CapState, ...] = ()
    providers: Mapping[str, str] = field(default_factory=dict)
    chats: Mapping[Id, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ReadLedger:
    """``entries``: the newest; ``models``: that this machine can be compared with; ``worth`` None: there is none."""

    entries: tuple[Entry, ...]
    totals: Mapping[By, tuple[Total, ...]]
    models: tuple[CloudModel, ...]
    worth: LocalWorth | None


def read_caps(workbench: Workbench) -> ReadCaps:
    """What other processes left open is counted by the way."""
    if not workbench.read_only:
        workbench.ledger.recover()
    states = workbench.ledger.cap_states()
    with_chat = any(state.cap.kind is CapKind.CHAT for state in states)
    chats = {chat.id: chat.title for chat in workbench.chat.list()} if with_chat else {}
    return ReadCaps(states, {one.id: one.name for one in workbench.cloud.providers()}, chats)


def read_ledger(workbench: Workbench, period: Period, compared: str) -> ReadLedger:
    """``compared``: what this machine is compared with, as `provider/model`; empty: the first that has a price."""
    since = _since(period)
    ledger = workbench.ledger
    models = offered(workbench.cloud.models())
    model = next((one for one in models if one.full_name == compared), models[0] if models else None)
    return ReadLedger(
        ledger.entries(since=since, limit=MOST_CALLS),
        {by: ledger.totals(by, since=since) for by in By},
        models,
        None if model is None else ledger.worth(model, since=since),
    )


def _since(period: Period) -> float | None:
    now = time.time()
    return {Period.DAY: start_of_day, Period.MONTH: start_of_month}[period](now) if period is not Period.ALL else None
