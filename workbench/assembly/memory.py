"""What is remembered of the person. Built when somebody asks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from workbench.assembly.foundation import Foundation
from workbench.errors import StorageError, UsageError
from workbench.memory.service import MemoryService
from workbench.memory.store import MemoryStore

if TYPE_CHECKING:
    from pathlib import Path

    from workbench.cancel import CancelToken
    from workbench.chat.projects.service import ProjectService
    from workbench.memory.importing import Imported

MOST_BYTES: Final = 8 << 20


def build_memory(base: Foundation, projects: ProjectService) -> MemoryService:
    """What has been in the bin for 30 days is forgotten by the way."""
    store = MemoryStore(base.database, base.clock)
    if not base.database.read_only:
        store.empty_bin()
    return MemoryService(store, base.bus, lambda: {one.id: one.name for one in projects.list()})


def take_in(memory: MemoryService, path: Path, cancel: CancelToken) -> Imported:
    """What a Markdown file of ours, or an export of ChatGPT or Claude, says of the person, beside what is remembered.

    Raises `UsageError` for what cannot be read and where nothing of the kind is in it, `StorageError`, `Cancelled`.
    """
    from workbench.chat.importing.instructions import section_of
    from workbench.memory.markdown import sections

    if path.suffix.lower() in (".md", ".markdown", ".txt"):
        found = sections(_text(path))
    else:
        found = tuple(section for section in (section_of(path, cancel),) if section)
    if not found:
        raise UsageError(
            f"Nothing about you was found in {path.name}.",
            hint="Exports of ChatGPT hold custom instructions where chats were told them; those of Claude its memory.",
        )
    return memory.take(found)


def write_out(memory: MemoryService, path: Path, *, replace: bool) -> None:
    """All of it as Markdown, for the person alone. Raises `UsageError` where a file is there and is not to be replaced,
    `StorageError`."""
    written = memory.as_markdown()
    try:
        with path.open("w" if replace else "x", encoding="utf-8", newline="\n") as file:
            path.chmod(0o600)
            file.write(written)
    except FileExistsError as error:
        raise UsageError(f"{path} is there already.", hint="Give another name.") from error
    except (OSError, ValueError) as error:
        raise StorageError(f"{path} cannot be written: {getattr(error, 'strerror', None) or error}.") from error


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            raw = file.read(MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise UsageError(f"{path} cannot be read: {reason}.", hint="Give the path of a file.") from error
    if len(raw) > MOST_BYTES:
        raise UsageError(f"{path.name} is longer than {MOST_BYTES >> 20} MB.", hint="Import a part of it.")
    return raw.decode("utf-8", "replace")
