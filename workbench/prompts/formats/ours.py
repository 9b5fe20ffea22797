"""Our own formats: a Markdown file for each prompt, and one JSON document with all versions. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any, Final

from workbench.errors import UsageError
from workbench.prompts.content import from_mapping, to_mapping
from workbench.prompts.files.markdown import read_markdown, write_markdown
from workbench.prompts.formats.exchanged import Brought, Earlier, Exported, Imported, Left, NotThisFormat, text_of
from workbench.prompts.prompt import Prompt, SavedPrompt, Version

FORMAT, VERSION = "workbench-prompts", 1
LATEST: Final = 1e11  # seconds since the epoch: milliseconds are no seconds
_KEPT_PROMPT: Final = ("id", "favourite", "uses", "last_used_at", "created_at", "changed_at")


def is_markdown(name: str, text: str) -> bool:
    return name.lower().endswith(".md") and bool(text.strip())


def read_file(content: bytes, name: str) -> Imported:
    """One Markdown file. Raises `UnreadablePrompt`."""
    found = read_markdown(content, PurePosixPath(name).stem, name)
    left = tuple(Left(f"{name}, line {line}", what) for line, what in found.warnings)
    return Imported((Brought(found.prompt),), left)


def write_files(prompts: Sequence[Prompt]) -> Exported:
    files = ((f"{one.name}.md", write_markdown(one, stem=one.name).encode()) for one in prompts)
    return Exported(tuple(files))


def is_json(name: str, text: str) -> bool:
    return name.lower().endswith(".json") and f'"{FORMAT}"' in text


def document(prompts: Iterable[tuple[SavedPrompt, Sequence[Version]]]) -> dict[str, Any]:
    """``versions``: oldest first, each whole."""
    return {
        "format": FORMAT,
        "version": VERSION,
        "prompts": [
            {
                **{key: getattr(saved, key) for key in _KEPT_PROMPT},
                "name": saved.prompt.name,
                "versions": [_version_told(one) for one in sorted(versions, key=lambda one: one.number)],
            }
            for saved, versions in prompts
        ],
    }


def _version_told(one: Version) -> dict[str, Any]:
    told = {"number": one.number, "saved_at": one.saved_at, "origin": one.origin.value, "note": one.note}
    return {**told, "prompt": to_mapping(one.prompt)}


def read_json(content: bytes, name: str) -> Imported:
    """Raises `NotThisFormat`, also for what a newer program wrote."""
    try:
        told = json.loads(text_of(content, name))
    except (ValueError, RecursionError) as error:
        raise NotThisFormat(f"{name} is not valid JSON: {error}.") from None
    if not isinstance(told, dict) or told.get("format") != FORMAT or not isinstance(told.get("prompts"), list):
        raise NotThisFormat(f"{name} is not a document of prompts.")
    if not isinstance(told.get("version"), int) or told["version"] > VERSION:
        raise NotThisFormat(f"{name} was written by a newer Workbench.", hint="Install the newer version.")
    prompts, left = [], []
    for one in told["prompts"]:
        try:
            prompts.append(_brought(one))
        except (UsageError, KeyError, TypeError, ValueError, AttributeError) as error:
            named = one.get("name") if isinstance(one, dict) else None
            why = error.message if isinstance(error, UsageError) else "it is not whole"
            left.append(Left(str(named or "a prompt"), why.rstrip(".")))
    return Imported(tuple(prompts), tuple(left))


def _brought(told: Mapping[str, Any]) -> Brought:
    versions = sorted(told["versions"], key=lambda one: int(one["number"]))
    *earlier, newest = [_version_read(one) for one in versions]
    return Brought(newest.prompt, tuple(earlier), told.get("favourite") is True, newest.note, newest.saved_at)


def _version_read(told: Mapping[str, Any]) -> Earlier:
    return Earlier(from_mapping(told["prompt"]), str(told.get("note") or ""), _time(told.get("saved_at")))


def _time(told: Any) -> float | None:
    """Nothing where it is none: it is no reason to refuse a prompt."""
    is_number = isinstance(told, int | float) and not isinstance(told, bool)
    return float(told) if is_number and 0 < told < LATEST else None


def write_json(prompts: Iterable[tuple[SavedPrompt, Sequence[Version]]]) -> Exported:
    text = json.dumps(document(prompts), ensure_ascii=False, indent=2) + "\n"
    return Exported((("prompts.json", text.encode()),))
