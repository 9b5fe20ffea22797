"""Brings a folder and the library together: what was decided is done, file by file, and looked at again."""

from __future__ import annotations

import hashlib
import os
import time
import uuid
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import Final

from workbench.errors import StorageError, UsageError
from workbench.messages import Id
from workbench.prompts import names
from workbench.prompts.files import disk
from workbench.prompts.files.deciding import (
    Action,
    Delete,
    File,
    Filed,
    Forget,
    Held,
    Note,
    PutIntoBin,
    Take,
    Told,
    Write,
    decide,
    original,
)
from workbench.prompts.files.disk import Seen
from workbench.prompts.files.markdown import merge_mark, write_markdown
from workbench.prompts.files.rewriting import rewritten
from workbench.prompts.files.store import FileRows
from workbench.prompts.library import Prompts
from workbench.prompts.prompt import Origin, Prompt

ROUNDS: Final = 5
SETTLE_SECONDS: Final = 0.5  # editors that replace a file take it away for a moment


@dataclass(slots=True)
class Report:
    """What a sync did: prompts ``written`` as files and ``taken`` from files, ``binned`` as their files were deleted, files
    ``removed`` as their prompts were. ``told``: what a person should know."""

    written: int = 0
    taken: int = 0
    binned: int = 0
    removed: int = 0
    told: list[Told] = field(default_factory=list)

    def tell(self, told: Told) -> None:
        if told not in self.told:
            self.told.append(told)


@dataclass(frozen=True, slots=True)
class _Picture:
    files: tuple[File, ...]
    about: dict[str, os.stat_result]
    rows: tuple[Seen, ...]
    held: tuple[Held, ...]

    @property
    def actions(self) -> tuple[Action, ...]:
        return decide(self.files, [row.filed for row in self.rows], self.held)

    @property
    def lacks_files(self) -> bool:
        return any(row.filed.path not in self.about for row in self.rows)


class FolderSync:
    """One run. Whoever makes it holds the lock: no other process of this home does the same. ``filed`` is called when
    prompts have other files than before."""

    def __init__(
        self,
        root: Path,
        rows: FileRows,
        library: Prompts,
        filed: Callable[[], object],
        wait: Callable[[float], object] = time.sleep,
    ) -> None:
        self._root = root
        self._rows = rows
        self._library = library
        self._filed = filed
        self._wait = wait
        self._report = Report()
        self._put: dict[Id, Seen] = {}
        self._drop: list[Id] = []
        self._about: dict[str, os.stat_result] = {}
        self._written_to: set[Path] = set()

    def run(self) -> Report:
        """Raises `StorageError` where the database refuses; what the disk refuses is told."""
        try:
            picture = self._look()
            if picture.lacks_files:
                self._wait(SETTLE_SECONDS)
                picture = self._look()
        except OSError as error:
            self._report.tell(Told(str(self._root), 0, f"the folder cannot be read ({error.strerror or error})"))
            return self._report
        if not disk.is_it(self._root, picture.about, {row.filed.path: row for row in picture.rows}):
            self._report.tell(Told(str(self._root), 0, _WENT))
            return self._report
        disk.mark(self._root)
        self._refresh(picture)
        for _round in range(ROUNDS):
            if not self._perform(picture):
                break
            with suppress(OSError):
                picture = self._look()
        return self._report

    # The picture ------------------------------------------------------------------------------------------------------

    def _look(self) -> _Picture:
        about = disk.folder_files(self._root)
        rows = self._rows.all()
        live = {one.id: Held(one.id, one.version, one.prompt) for one in self._library.all()}
        same = {row.filed.path: row for row in rows if _is_current(row, live)}

        def had_marks(prompt_id: Id) -> bool:
            return prompt_id in live and merge_mark(live[prompt_id].prompt.text) > 0

        looked = (disk.look(self._root, path, one, same.get(path), had_marks) for path, one in about.items())
        files = tuple(self._aged(file, live, rows) for file in looked if file is not None)
        named = {row.filed.prompt_id for row in rows} | {file.id for file in files if file.id}
        held = (*live.values(), *(self._binned(named - live.keys()) if named - live.keys() else ()))
        return _Picture(files, about, rows, held)

    def _refresh(self, picture: _Picture) -> None:
        """Files that were read again only because they had just changed then need not be read next time."""
        read = {file.path: file.sha256 for file in picture.files if not file.same}
        fresh = (
            disk.remembered(row.filed, picture.about[row.filed.path])
            for row in picture.rows
            if read.get(row.filed.path) == row.filed.sha256
        )
        known = set(picture.rows)
        if settled := [row for row in fresh if row not in known]:
            self._rows.change(settled)

    def _binned(self, wanted: Iterable[Id]) -> Iterable[Held]:
        ids = set(wanted)
        return [Held(one.id, one.version, one.prompt, removed=True) for one in self._library.bin() if one.id in ids]

    def _aged(self, file: File, live: dict[Id, Held], rows: tuple[Seen, ...]) -> File:
        """Of a file that nothing is known of but the id of its prompt: whether the prompt said so once."""
        held = live.get(file.id)
        if held is None or file.prompt in (None, held.prompt) or any(row.filed.prompt_id == file.id for row in rows):
            return file
        return replace(file, older=any(version.prompt == file.prompt for version in self._library.history(held.id)))

    # Doing ------------------------------------------------------------------------------------------------------------

    def _perform(self, picture: _Picture) -> bool:
        """Returns whether to look again."""
        self._about = picture.about
        again = False
        try:
            for action in picture.actions:
                again = self._do(action) or again
        except StorageError as error:
            self._report.tell(Told(str(self._root), 0, error.message.rstrip(".")))
            again = False
        finally:
            for folder in self._written_to:
                disk.flush(folder)
            self._written_to.clear()
            if self._put or self._drop:
                self._rows.change(self._put.values(), self._drop)
                self._put, self._drop = {}, []
                self._filed()
        return again

    def _do(self, action: Action) -> bool:
        try:
            return self._done(action)
        except disk.ChangedMeanwhile:
            return True
        except UsageError as error:
            path = action.file.path if isinstance(action, Take) else ""
            self._report.tell(Told(path, 0, error.message.rstrip(".")))
            return False

    def _done(self, action: Action) -> bool:
        match action:
            case Told():
                self._report.tell(action)
                return False
            case Note(file, held):
                self._remember(held.id, file.path, held.version, file.sha256, self._about[file.path])
            case Write(held, path, instead):
                self._write(held, path, instead)
            case Take():
                self._take(action)
            case PutIntoBin(held, path):
                self._library.remove(held.id)
                self._report.binned += 1
                self._report.tell(Told(path, 0, f"it was deleted, so “{held.prompt.title}” is in the bin"))
                self._drop.append(held.id)
            case Delete(file, prompt_id):
                disk.remove(self._root, file.path, file.sha256)
                self._report.removed += 1
                self._drop.append(prompt_id)
            case Forget(prompt_id):
                self._drop.append(prompt_id)
        return True

    def _write(self, held: Held, path: str, instead: File | None) -> None:
        content = self._content(held, path, instead)
        sha256 = hashlib.sha256(content).hexdigest()
        moved = instead is not None and instead.path != path
        before = instead.sha256 if instead and not moved else None
        about = disk.put(self._root, path, content, before)
        self._written_to.add((self._root / path).parent)
        if instead is not None and moved:
            disk.remove(self._root, instead.path, instead.sha256)
        self._report.written += 1
        self._remember(held.id, path, held.version, sha256, about)

    def _content(self, held: Held, path: str, instead: File | None) -> bytes:
        """What is there, with what changed; what is not what it was is looked at again, see `disk.put`."""
        stem = PurePosixPath(path).stem
        if instead is None:
            return write_markdown(held.prompt, held.id, stem).encode()
        before = PurePosixPath(instead.path).stem
        return rewritten(disk.content(self._root, instead.path), original(before) or before, held.prompt, held.id, stem)

    def _take(self, action: Take) -> None:
        file, held = action.file, action.held
        if file.prompt is None:
            return
        saved = self._library.take_in(
            file.prompt, held.id if held else action.as_id or uuid.uuid4().hex, Origin.FILE
        ).prompt
        self._report.taken += 1
        for line, text in file.warnings:
            self._report.tell(Told(file.path, line, text))
        if held is not None and action.keep:
            beside = self._beside(held.prompt)
            text = f"it was changed here too: what was written here is “{beside}” now"
            self._report.tell(Told(file.path, 0, text))
        self._remember(saved.id, file.path, saved.version, file.sha256, self._about[file.path])

    def _beside(self, ours: Prompt) -> str:
        """Keep it as a prompt of its own; returns its title."""
        name = names.free(ours.name, [one.prompt.name for one in self._library.all()])
        title = f"{ours.title} ({name.rpartition('-')[2]})" if name != ours.name else ours.title
        return self._library.save(replace(ours, name=name, title=title), origin=Origin.FILE).prompt.prompt.title

    def _remember(self, prompt_id: Id, path: str, version: int, sha256: str, about: os.stat_result) -> None:
        self._put[prompt_id] = disk.remembered(Filed(prompt_id, path, version, sha256), about)


_WENT: Final = (
    "none of its files are there, and it is not known as the folder of prompts; nothing was removed. "
    "`workbench prompts folder` with its path begins anew"
)


def _is_current(row: Seen, live: dict[Id, Held]) -> bool:
    """Whether the prompt is as its file was: then the file need not be read."""
    held = live.get(row.filed.prompt_id)
    return held is not None and held.version == row.filed.version
