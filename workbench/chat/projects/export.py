"""A project goes out as one folder: what holds in it, its chats for reading and for taking over again, its files."""

from __future__ import annotations

import json
import shutil
import uuid
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from workbench.cancel import CancelToken
from workbench.chat.exporting.files import file_name, write_file
from workbench.chat.exporting.service import ExportFormat, Exports
from workbench.chat.projects.projects import Project, as_json
from workbench.errors import StorageError, UsageError
from workbench.messages import Id

FORMAT: Final = "workbench-project"
VERSION: Final = 1
FORMS: Final = (ExportFormat.JSON, ExportFormat.MARKDOWN)


@dataclass(frozen=True, slots=True)
class ExportedProject:
    """``skipped``: what is not in the folder, and why, in words."""

    folder: Path
    chats: int
    files: int
    skipped: tuple[str, ...] = ()


def folder_name(project: Project) -> str:
    """A name that every system takes."""
    return file_name(project.name, project.id, "")


def export_project(
    project: Project, chats: Sequence[Id], exports: Exports, target: Path, cancel: CancelToken
) -> ExportedProject:
    """Write ``target``, a folder that is not there yet: ``project.json``, ``chats`` and ``files``; whole or not at all.

    Of ``folders`` only the paths are told. Raises `UsageError` when the target is there or its parent is not,
    `StorageError` when the disk refuses, `Cancelled`.
    """
    if target.exists() or target.is_symlink():
        raise UsageError(f"{target} is there already.", hint="Choose another name.")
    part = target.with_name(f".{target.name[:60]}.{uuid.uuid4().hex[:8]}.part")
    try:
        done = _fill(part, target, project, chats, exports, cancel)
        part.rename(target)
    except FileNotFoundError as error:
        raise UsageError(
            f"There is no folder {target.parent}.", hint="Make it first, or choose another one."
        ) from error
    except OSError as error:
        raise StorageError(f"{target} cannot be written: {error.strerror or error}.") from error
    finally:
        with suppress(OSError):
            shutil.rmtree(part)  # gone already where all went well
    return done


def _fill(
    part: Path, target: Path, project: Project, chats: Sequence[Id], exports: Exports, cancel: CancelToken
) -> ExportedProject:
    part.mkdir(mode=0o700)
    names = _write_chats(part / "chats", chats, exports, cancel)
    files, skipped = _copy_files(part / "files", project.files, cancel)
    told = _told(project, names, files)
    write_file(part / "project.json", [json.dumps(told, ensure_ascii=False, indent=1), "\n"], force=False)
    skipped += [f"{folder}: of folders only the path is kept" for folder in project.folders]
    return ExportedProject(target, len(chats), len(files), tuple(skipped))


def _told(project: Project, chats: Sequence[str], files: dict[str, str]) -> dict[str, Any]:
    """``files``: each path, and its name in the folder; None for one that could not be copied."""
    kept = {key: value for key, value in as_json(project).items() if key != "removed_at"}
    held = [{"path": path, "name": files.get(path)} for path in project.files]
    return {"format": FORMAT, "version": VERSION, **kept, "chats": list(chats), "files": held}


def _write_chats(folder: Path, chats: Sequence[Id], exports: Exports, cancel: CancelToken) -> list[str]:
    """The names of the files with every branch."""
    folder.mkdir(mode=0o700)
    for chat in chats:
        for form in FORMS:
            cancel.check()
            write_file(folder / exports.name(chat, form), [exports.text(chat, form)], force=False)
    return [f"chats/{exports.name(chat, ExportFormat.JSON)}" for chat in chats]


def _copy_files(folder: Path, paths: Sequence[str], cancel: CancelToken) -> tuple[dict[str, str], list[str]]:
    """The name of each copy by its path, and what could not be read."""
    folder.mkdir(mode=0o700)
    copied: dict[str, str] = {}
    skipped: list[str] = []
    taken: set[str] = set()
    for path in map(Path, paths):
        cancel.check()
        name = _free(path, taken)
        if not path.is_file():
            skipped.append(f"{path}: it is not there any more")
        elif _unreadable(path):
            skipped.append(f"{path}: it cannot be read")
        else:
            shutil.copyfile(path, folder / name)
            taken.add(name.casefold())
            copied[str(path)] = f"files/{name}"
    return copied, skipped


def _free(path: Path, taken: set[str]) -> str:
    """Its name, with a number where another file has it."""
    name, number = path.name, 2
    while name.casefold() in taken:
        name, number = f"{path.stem} {number}{path.suffix}", number + 1
    return name


def _unreadable(path: Path) -> bool:
    try:
        with path.open("rb"):
            return False
    except OSError:
        return True
