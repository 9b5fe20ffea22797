"""The ledger as a table for other programs: a CSV file that is whole or not there."""

from __future__ import annotations

import csv
import io
import os
import uuid
from collections.abc import Iterable, Iterator
from datetime import tzinfo
from pathlib import Path
from typing import Final

from workbench.cloud.spending.amounts import plain
from workbench.cloud.spending.calendar import written
from workbench.cloud.spending.money import Entry
from workbench.errors import StorageError, UsageError

COLUMNS: Final = (
    "at",
    "provider",
    "model",
    "purpose",
    "state",
    "prompt_tokens",
    "cached_tokens",
    "cache_write_tokens",
    "completion_tokens",
    "cost",
    "cost_micros",
    "reserved_micros",
    "currency",
    "price_input_micros",
    "price_output_micros",
    "price_cached_micros",
    "price_cache_write_micros",
    "price_source",
    "price_date",
    "conversation",
    "turn",
    "seconds",
    "error",
    "id",
    "corrected_at",
    "cost_micros_before",
    "note",
)
_FORMULAS: Final = ("=", "+", "-", "@", "\t", "\r", "\n")


def csv_lines(entries: Iterable[Entry], zone: tzinfo | None = None) -> Iterator[str]:
    """Lines as RFC 4180 has them, the names of the columns first. Prices are per million tokens, unknowns empty."""
    line = io.StringIO()
    writer = csv.writer(line, lineterminator="\r\n")
    for cells in (COLUMNS, *(_cells(entry, zone) for entry in entries)):
        writer.writerow(map(_safe, cells))
        yield line.getvalue()
        line.seek(0)
        line.truncate()


def write_file(path: Path, lines: Iterable[str], *, replace: bool) -> None:
    """For the person alone. Raises `UsageError` where ``path`` is there and not to be replaced, `StorageError`."""
    part = path.with_name(f".{path.name[:60]}.{uuid.uuid4().hex[:8]}.part") if replace else path
    try:
        with part.open("x", encoding="utf-8", newline="") as file:
            try:
                part.chmod(0o600)
                file.writelines(lines)
                file.flush()
                os.fsync(file.fileno())
            except BaseException:
                file.close()
                part.unlink(missing_ok=True)
                raise
        if replace:
            part.replace(path)
    except FileExistsError as error:
        raise UsageError(f"{path} is there already.", hint="Give another name.") from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise StorageError(f"{path} cannot be written: {reason}.") from error


def _cells(entry: Entry, zone: tzinfo | None) -> tuple[object, ...]:
    billed, price = entry.billed, entry.price
    tokens = (billed.prompt_tokens, billed.cached_tokens, billed.cache_write_tokens, billed.completion_tokens)
    prices: tuple[object, ...] = ("",) * 6
    if price is not None:
        rates = (price.input_micros, price.output_micros, price.cached_micros, price.cache_write_micros)
        prices = (*rates, price.source, price.date)
    seconds = None if entry.ended_at is None else round(max(0.0, entry.ended_at - entry.at), 3)
    return (
        written(entry.at, zone),
        entry.provider,
        entry.model,
        entry.purpose.value,
        entry.state.value,
        *tokens,
        plain(entry.cost_micros),
        entry.cost_micros,
        entry.reserved_micros,
        entry.currency,
        *prices,
        entry.conversation_id,
        entry.turn_id,
        seconds,
        entry.error,
        entry.id,
        *_correction(entry, zone),
    )


def _correction(entry: Entry, zone: tzinfo | None) -> tuple[object, ...]:
    told = entry.correction
    return ("",) * 3 if told is None else (written(told.at, zone), told.before_micros, told.note)


def _safe(cell: object) -> str:
    """No program that opens the table takes a name that a stranger chose for a formula."""
    text = "" if cell is None else str(cell)
    return f"'{text}" if text.startswith(_FORMULAS) else text
