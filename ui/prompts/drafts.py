"""What is being written and is no version yet, in files of its own: a crash loses at most the last moment of typing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workbench.errors import WorkbenchError
from workbench.messages import Id
from workbench.paths import Paths, private_folder
from workbench.prompts.content import from_mapping, to_mapping
from workbench.prompts.prompt import Prompt
from workbench.settings import replace_file

NEW: Id = ""
"""Where the id of a prompt stands that is not in the library yet."""

MOST_BYTES = 20_000_000
FOLDER, ENDING, NAME_OF_NEW = "prompt_drafts", ".json", "new"


@dataclass(frozen=True, slots=True)
class PromptDraft:
    """``version``: of the library, on which it was written; 0 for a new one."""

    prompt_id: Id
    version: int
    prompt: Prompt


def folder(paths: Paths) -> Path:
    return paths.home / FOLDER


def load(place: Path) -> dict[Id, PromptDraft]:
    """All that are kept, by the id of their prompt. What cannot be read is left alone where it lies."""
    found = (_read(file) for file in sorted(place.glob(f"*{ENDING}"))) if place.is_dir() else ()
    return {one.prompt_id: one for one in found if one is not None}


def keep(place: Path, draft: PromptDraft) -> None:
    """Raises `StorageError`."""
    told = {"prompt_id": draft.prompt_id, "version": draft.version, "prompt": to_mapping(draft.prompt)}
    replace_file(private_folder(place) / _name(draft.prompt_id), json.dumps(told, ensure_ascii=True))


def forget(place: Path, prompt_id: Id) -> None:
    (place / _name(prompt_id)).unlink(missing_ok=True)


def _name(prompt_id: Id) -> str:
    return f"{prompt_id or NAME_OF_NEW}{ENDING}"


def _read(file: Path) -> PromptDraft | None:
    try:
        if file.stat().st_size > MOST_BYTES:
            return None
        return _draft(json.loads(file.read_text(encoding="utf-8")))
    except (OSError, ValueError, RecursionError, WorkbenchError):
        return None


def _draft(told: object) -> PromptDraft | None:
    if not isinstance(told, Mapping):
        return None
    known: Mapping[str, Any] = told
    prompt_id, version, prompt = known.get("prompt_id"), known.get("version"), known.get("prompt")
    if not isinstance(prompt_id, str) or not isinstance(version, int) or not isinstance(prompt, Mapping):
        return None
    return PromptDraft(prompt_id, version, from_mapping(prompt))
