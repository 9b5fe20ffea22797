"""Prompts and versions from and to the rows of the database. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from workbench.messages import Id
from workbench.prompts import content
from workbench.prompts.prompt import Origin, Prompt, SavedPrompt, Version

AT_ONCE: Final = 300  # values in one statement


@dataclass(frozen=True, slots=True)
class Stamp:
    """Where a version comes from. ``at``: when it was saved, in seconds since the epoch; None: now."""

    origin: Origin
    note: str = ""
    at: float | None = None


def in_parts(prompt_ids: Sequence[Id]) -> list[tuple[str, tuple[Id, ...]]]:
    """Conditions of at most `AT_ONCE` ids."""
    parts = [tuple(prompt_ids[start : start + AT_ONCE]) for start in range(0, len(prompt_ids), AT_ONCE)]
    return [(f"prompts.id IN ({', '.join('?' * len(part))})", part) for part in parts]


def saved_of(row: Any, prompt: Prompt) -> SavedPrompt:
    return SavedPrompt(
        row["id"],
        prompt,
        row["version"],
        bool(row["favourite"]),
        row["uses"],
        row["last_used_at"],
        row["created_at"],
        row["changed_at"],
        row["removed_at"],
        _path(row["file"]),
    )


def _path(stored: bytes | str | None) -> str:
    """Names that are no UTF-8 hold surrogates, as elsewhere."""
    return stored.decode("utf-8", "surrogateescape") if isinstance(stored, bytes) else stored or ""


def version_of(row: Any) -> Version | None:
    try:
        origin = Origin(row["origin"])
    except ValueError:  # of a newer version of the program
        origin = Origin.WRITTEN
    prompt = content.readable(row["content"])
    return None if prompt is None else Version(row["number"], row["saved_at"], origin, row["note"], prompt)
