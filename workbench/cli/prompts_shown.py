"""How prompts are shown on the command line: as JSON, as lines of a list, as what changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from workbench.prompts.prompt import Prompt, SavedPrompt, Version
    from workbench.prompts.word_diff import Piece

_EVERY_KEY: Final[Mapping[str, Any]] = {
    "title": "",
    "name": "",
    "text": "",
    "system": "",
    "variables": [],
    "tags": [],
    "preferences": {},
    "folders": [],
    "output": {"kind": "free"},
    "notes": "",
    "steps": [],
    "cases": [],
    "extra": {},
}


def head_json(one: SavedPrompt) -> dict[str, Any]:
    """What a list tells of a prompt. Times in seconds since the epoch."""
    return {
        "id": one.id,
        "name": one.prompt.name,
        "title": one.prompt.title,
        "tags": list(one.prompt.tags),
        "favourite": one.favourite,
        "version": one.version,
        "uses": one.uses,
        "last_used_at": one.last_used_at,
        "created_at": one.created_at,
        "changed_at": one.changed_at,
        "removed_at": one.removed_at,
        "file": one.file,
    }


def prompt_json(prompt: Prompt) -> dict[str, Any]:
    """All that a person wrote; every key is there."""
    from workbench.prompts.content import to_mapping  # only now: other commands need not know of prompts

    return {**_EVERY_KEY, **to_mapping(prompt)}


def saved_json(one: SavedPrompt) -> dict[str, Any]:
    return {**head_json(one), **prompt_json(one.prompt)}


def version_json(version: Version, changes: Sequence[Piece] | None = None) -> dict[str, Any]:
    """``changes``: of its text, since the version before."""
    told: dict[str, Any] = {
        "version": version.number,
        "saved_at": version.saved_at,
        "origin": version.origin.value,
        "note": version.note,
        "prompt": prompt_json(version.prompt),
    }
    if changes is not None:
        told["changes"] = [{"kind": piece.kind.value, "text": piece.text} for piece in changes]
    return told


def rows(prompts: Sequence[SavedPrompt]) -> list[tuple[str, ...]]:
    """For a table, under its headings."""
    head = ("NAME", "TITLE", "TAGS", "USES", "CHANGED")
    return [head, *(_row(one) for one in prompts)]


def _row(one: SavedPrompt) -> tuple[str, ...]:
    star = "* " if one.favourite else ""
    tags = ", ".join(one.prompt.tags)
    return (one.prompt.name, f"{star}{_short(one.prompt.title, 48)}", _short(tags, 32) or "-", str(one.uses),
            when(one.changed_at))  # fmt: skip


def when(seconds: float) -> str:
    return datetime.fromtimestamp(seconds).astimezone().strftime("%Y-%m-%d %H:%M")


def diff_text(pieces: Sequence[Piece]) -> str:
    """In one text: what came as {+this+}, what went as [-this-]."""
    marks = {"added": ("{+", "+}"), "removed": ("[-", "-]")}
    shown = ((*marks.get(piece.kind.value, ("", "")), piece.text) for piece in pieces)
    return "".join(f"{begin}{text}{end}" for begin, end, text in shown)


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"
