"""Which backups there are, which are due, and which may go. Pure but for reading the folder's names and sizes.

A backup is a folder of its own, named after its time (UTC) and how it came about: ``2026-11-22T213000Z-daily``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path

from workbench.errors import UsageError

KEPT_DAYS, KEPT_WEEKS, KEPT_REPLACED = 7, 4, 3
DAY = 86400.0
DATABASE = "workbench.db"
ATTACHMENTS = "attachments"
_NAME = re.compile(r"(\d{4}-\d{2}-\d{2}T\d{6}Z)-(daily|manual|replaced)(?:-\d+)?")
_TIME = "%Y-%m-%dT%H%M%SZ"


class Kind(StrEnum):
    """``daily``: made by itself, and goes by itself; ``manual``: made by a person, stays; ``replaced``: what was there
    before a backup was restored."""

    DAILY = "daily"
    MANUAL = "manual"
    REPLACED = "replaced"


@dataclass(frozen=True, slots=True)
class Backup:
    """``made_at``: seconds since 1970; ``bytes`` of its database: attached files are shared with the home."""

    name: str
    kind: Kind
    made_at: float
    bytes: int
    path: Path


def list_backups(folder: Path) -> tuple[Backup, ...]:
    """The newest first; what is no backup is passed over."""
    try:
        found = [backup for entry in folder.iterdir() if (backup := _read(entry)) is not None]
    except OSError:
        return ()
    return tuple(sorted(found, key=lambda backup: (backup.made_at, backup.name), reverse=True))


def find_backup(backups: Sequence[Backup], name: str) -> Backup:
    """By the beginning of its name, or ``latest`` (but none of what was replaced). Raises `UsageError`."""
    found = [backup for backup in backups if name and backup.name.startswith(name)]
    if name == "latest":
        found = [backup for backup in backups if backup.kind is not Kind.REPLACED][:1]
    exact = [backup for backup in found if backup.name == name]
    if len(exact or found) != 1:
        many = "Several backups have names that begin with" if found else "There is no backup"
        raise UsageError(f"{many} {name!r}.", hint="`workbench backup list` shows them.")
    return (exact or found)[0]


def new_name(kind: Kind, now: float, taken: Iterable[str] = ()) -> str:
    name = f"{datetime.fromtimestamp(now, UTC).strftime(_TIME)}-{kind.value}"
    names, count = set(taken), 1
    while (numbered := name if count == 1 else f"{name}-{count}") in names:
        count += 1
    return numbered


def is_due(backups: Sequence[Backup], now: float) -> bool:
    """Whether no daily backup was made in the last day. One of the future (a clock that was set) counts as none."""
    return not any(backup.kind is Kind.DAILY and 0 <= now - backup.made_at < DAY for backup in backups)


def next_due(backups: Sequence[Backup], now: float) -> float:
    """When the next daily backup is made; ``now`` when one is due."""
    last = max((one.made_at for one in backups if one.kind is Kind.DAILY and one.made_at <= now), default=None)
    return now if last is None else max(now, last + DAY)


def outdated(backups: Sequence[Backup], now: float) -> tuple[Backup, ...]:
    """What may go: of the daily ones all but the newest of each of 7 days and of each of 4 weeks, of the replaced ones all
    but 3. The newest daily one always stays, and so do those of a future that a wrong clock made."""
    today = datetime.fromtimestamp(now, UTC).date()
    days: set[object] = set()
    weeks: set[object] = set()
    replaced = 0
    gone = []
    for backup in sorted(backups, key=lambda one: one.made_at, reverse=True):
        if backup.kind is Kind.REPLACED:
            replaced += 1
            gone += [backup] if replaced > KEPT_REPLACED else []
        elif backup.kind is Kind.DAILY:
            day = datetime.fromtimestamp(backup.made_at, UTC).date()
            week = day.isocalendar()[:2]
            is_first_of_day = day not in days and day > today - timedelta(days=KEPT_DAYS)
            is_first_of_week = week not in weeks and len(weeks) < KEPT_WEEKS
            days.add(day)
            weeks.add(week)
            gone += [] if is_first_of_day or is_first_of_week or day > today else [backup]
    return tuple(gone)


def _read(entry: Path) -> Backup | None:
    match = _NAME.fullmatch(entry.name)
    if match is None:
        return None
    try:
        made = datetime.strptime(match[1], _TIME).replace(tzinfo=UTC).timestamp()
        size = (entry / DATABASE).stat().st_size
    except (ValueError, OSError):
        return None
    return Backup(entry.name, Kind(match[2]), made, size, entry)
