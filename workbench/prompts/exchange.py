"""Prompts brought in from other programs, and written for them. What is there already is not brought in again."""

from __future__ import annotations

import stat
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path, PurePosixPath
from typing import Final

from workbench.errors import UsageError, WorkbenchError
from workbench.messages import Id
from workbench.prompts import content, names
from workbench.prompts.formats.exchanged import MOST_BYTES, Brought, Earlier, Exported, Imported, Left, NotThisFormat
from workbench.prompts.formats.ours import write_json
from workbench.prompts.formats.registry import JSON, SUFFIXES, guessed, named, read
from workbench.prompts.library import Prompts
from workbench.prompts.prompt import Origin, Prompt, SavedPrompt
from workbench.prompts.tidy import tidied

MOST_FILES: Final = 10_000
MOST_TOGETHER: Final = 256 << 20
_BROKEN: Final = (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError, ValueError, OSError)
_BESIDE: Final = ("readme", "license", "licence", "changelog", "contributing")


class Becomes(StrEnum):
    """``again``: it is there already, as it is or as an older version; ``binned``: it is in the bin."""

    NEW = "new"
    AGAIN = "again"
    BINNED = "binned"


@dataclass(frozen=True, slots=True)
class Item:
    """A prompt of a file and what becomes of it. ``name``: the one it gets, as its own may be taken."""

    brought: Brought
    becomes: Becomes
    name: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What importing would do. ``formats``: of the files that were read."""

    formats: tuple[str, ...]
    items: tuple[Item, ...]
    skipped: tuple[Left, ...]

    def count(self, becomes: Becomes) -> int:
        return sum(item.becomes is becomes for item in self.items)


class PromptExchange:
    """Any thread."""

    def __init__(self, library: Prompts) -> None:
        self._library = library

    # In ---------------------------------------------------------------------------------------------------------------

    def plan(self, path: Path, form: str = "") -> Plan:
        """What is in a file, a folder or a zip, and what would become of it. Nothing is changed; nothing in it is run.

        Raises `UsageError` for what is no prompt at all.
        """
        formats: dict[str, None] = {}
        found: list[Brought] = []
        skipped: list[Left] = []
        files = _files(path)
        for name, data in files:
            try:
                chosen = form or guessed(data, name)
                imported = read(chosen, data, name)
            except UsageError as error:
                if len(files) == 1:
                    raise
                skipped.append(Left(name, error.message.rstrip(".")))
                continue
            formats[chosen] = None
            whole, broken = _tidied(imported)
            found += whole
            skipped += [*imported.skipped, *broken]
        return Plan(tuple(formats), tuple(self._items(found)), tuple(skipped))

    def _items(self, found: Iterable[Brought]) -> Iterator[Item]:
        live, binned = self._known(self._library.all()), self._known(self._library.bin())
        taken = [one.prompt.name for one in self._library.all()]
        for brought in found:
            key = _key(brought.prompt)
            if key in live or key in binned:
                yield Item(brought, Becomes.AGAIN if key in live else Becomes.BINNED, brought.prompt.name)
                continue
            name = names.free(brought.prompt.name, taken)
            taken.append(name)
            live.add(key)
            yield Item(brought, Becomes.NEW, name)

    def _known(self, prompts: Iterable[SavedPrompt]) -> set[str]:
        """All that these say and said."""
        return {_key(version.prompt) for one in prompts for version in self._library.history(one.id)}

    def bring_in(self, plan: Plan) -> tuple[SavedPrompt, ...]:
        """The new ones of a plan, with their older versions. Raises `StorageError`."""
        return tuple(self._kept(item) for item in plan.items if item.becomes is Becomes.NEW)

    def _kept(self, item: Item) -> SavedPrompt:
        brought = item.brought
        prompt_id: Id | None = None
        for one in (*brought.earlier, Earlier(brought.prompt, brought.note, brought.saved_at)):
            prompt = replace(one.prompt, name=item.name)
            saved = self._library.save(prompt, prompt_id, origin=Origin.IMPORTED, note=one.note, saved_at=one.saved_at)
            prompt_id = saved.prompt.id
        if brought.favourite:
            self._library.favourite(saved.prompt.id, on=True)
        return saved.prompt

    # Out --------------------------------------------------------------------------------------------------------------

    def export(self, prompts: Sequence[SavedPrompt], form: str) -> Exported:
        """Raises `UsageError` for a format that is not known."""
        write = named(form).write
        if form == JSON or write is None:
            return write_json((one, self._library.history(one.id)) for one in prompts)
        return write([one.prompt for one in prompts])


def _key(prompt: Prompt) -> str:
    """All but the name, of which there may be another one here."""
    return content.to_text(replace(prompt, name=""))


def _tidied(imported: Imported) -> tuple[list[Brought], list[Left]]:
    whole, broken = [], []
    for brought in imported.prompts:
        try:
            earlier = tuple(replace(one, prompt=tidied(one.prompt)) for one in brought.earlier)
            whole.append(replace(brought, prompt=tidied(brought.prompt), earlier=earlier))
        except WorkbenchError as error:
            broken.append(Left(brought.prompt.title or brought.prompt.name, error.message.rstrip(".")))
    return whole, broken


# What a person gives --------------------------------------------------------------------------------------------------


def _files(path: Path) -> list[tuple[str, bytes]]:
    """Names (paths within a folder or a zip) and contents. Raises `UsageError`."""
    try:
        if path.is_dir():
            files = list(_of_folder(path))
        elif not stat.S_ISREG(path.stat().st_mode):
            raise UsageError(f"{path} is no file.", hint="Give the path of an exported file, or a folder.")
        elif zipfile.is_zipfile(path):
            files = list(_of_zip(path))
        else:
            return [(path.name, _content(path))]
    except FileNotFoundError:
        raise UsageError(f"There is no file {path}.", hint="Give the path of an exported file, or a folder.") from None
    except _BROKEN as error:
        raise UsageError(f"{path} cannot be read: {getattr(error, 'strerror', None) or error}.") from error
    if not files:
        known = ", ".join(sorted(SUFFIXES))
        raise NotThisFormat(f"There are no prompts in {path}.", hint=f"Their files end in {known}.")
    return files


def _wanted(name: str) -> bool:
    place = PurePosixPath(name)
    # `.claude/commands` is where prompts are; other hidden files are nobody's
    hidden = any(part.startswith(".") and part != ".claude" for part in place.parts)
    return not hidden and place.suffix.lower() in SUFFIXES and place.stem.lower() not in _BESIDE


def _of_folder(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Names are those below the folder, with its own where that tells what it is: Claude's are in ``commands``."""
    before = PurePosixPath(folder.resolve().name) if folder.resolve().name == "commands" else PurePosixPath()
    found = sorted(path for path in folder.rglob("*") if _wanted(path.relative_to(folder).as_posix()))
    total = 0
    for path in found[:MOST_FILES]:
        if path.is_symlink() or not stat.S_ISREG(path.stat().st_mode):
            continue
        data = _content(path)
        total = _bounded(total + len(data), folder)
        yield str(before / path.relative_to(folder).as_posix()), data


def _of_zip(path: Path) -> Iterator[tuple[str, bytes]]:
    with zipfile.ZipFile(path) as archive:
        members = [one for one in archive.infolist() if not one.is_dir() and _wanted(one.filename)]
        total = 0
        for member in sorted(members, key=lambda one: one.filename)[:MOST_FILES]:
            with archive.open(member) as file:
                data = file.read(MOST_BYTES + 1)  # what it says of its size need not be true
            if len(data) > MOST_BYTES:
                raise UsageError(f"{member.filename} in {path} is larger than {MOST_BYTES >> 20} MB.")
            total = _bounded(total + len(data), path)
            yield member.filename, data


def _bounded(total: int, path: Path) -> int:
    if total > MOST_TOGETHER:
        raise UsageError(f"{path} has more than {MOST_TOGETHER >> 20} MB of prompts.", hint="Import parts of it.")
    return total


def _content(path: Path) -> bytes:
    with path.open("rb") as file:
        data = file.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise UsageError(f"{path} is larger than {MOST_BYTES >> 20} MB.", hint="Give a smaller file.")
    return data
