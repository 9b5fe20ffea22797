"""What is to be done so that a folder and the library say the same. Pure: from three pictures to a list of actions.

The pictures: the files that are there, how each file was when it was last written or read, and the library. Of what changed
since then on one side, the other side learns. Where both changed, the file's text wins and the library's is kept beside it.
Nothing that is not ours, or cannot be read, is ever written to or removed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import Final

from workbench.messages import Id
from workbench.prompts.files.markdown import SUFFIX
from workbench.prompts.prompt import Prompt

_COPIES: Final = (  # Dropbox and Nextcloud, Syncthing, ownCloud
    re.compile(r"(.+?) ?\((?:[^()]*['’]s? )?(?:case )?conflict(?:ed copy)?[^()]*\)", re.IGNORECASE),
    re.compile(r"(.+?)[.-]sync-conflict-\d{8}-\d{6}(?:-\w+)?", re.IGNORECASE),
    re.compile(r"(.+?)_conflict-\d{8}-\d{6}", re.IGNORECASE),
)


@dataclass(frozen=True, slots=True)
class File:
    """A file that is there. ``path``: relative, with "/". ``prompt`` None: it was not read, as it is ``same`` as it was; or
    it cannot be read, and ``line`` and ``problem`` say why. ``older``: it says what an older version of the prompt said.
    ``warnings``: what is read in it and hardly meant, with its lines."""

    path: str
    sha256: str = ""
    prompt: Prompt | None = None
    id: Id = ""
    line: int = 0
    problem: str = ""
    same: bool = False
    older: bool = False
    warnings: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Filed:
    """How the file of a prompt was, and which version it said."""

    prompt_id: Id
    path: str
    version: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Held:
    """A prompt of the library."""

    id: Id
    version: int
    prompt: Prompt
    removed: bool = False


# Actions --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Note:
    """They say the same: remember it."""

    file: File
    held: Held


@dataclass(frozen=True, slots=True)
class Write:
    """The library's text goes to ``path``. ``instead``: the file that has it now, as it was seen; None: there is none."""

    held: Held
    path: str
    instead: File | None = None


@dataclass(frozen=True, slots=True)
class Take:
    """The file's text goes to the library. ``held`` None: as a new prompt, with ``as_id`` where that is not empty.
    ``keep``: the library's text was changed too, and becomes a prompt of its own."""

    file: File
    held: Held | None = None
    as_id: Id = ""
    keep: bool = False


@dataclass(frozen=True, slots=True)
class PutIntoBin:
    """Its file was deleted."""

    held: Held
    path: str


@dataclass(frozen=True, slots=True)
class Delete:
    """The prompt was removed here."""

    file: File
    prompt_id: Id


@dataclass(frozen=True, slots=True)
class Forget:
    """Nothing is left of the file."""

    prompt_id: Id


@dataclass(frozen=True, slots=True)
class Told:
    """What a person should know. ``line`` 0: of the whole file."""

    path: str
    line: int
    text: str

    def __str__(self) -> str:
        place = f"{self.path}, line {self.line}" if self.line else self.path
        return f"{place}: {self.text}"


Action = Note | Write | Take | PutIntoBin | Delete | Forget | Told


# Deciding -------------------------------------------------------------------------------------------------------------


def decide(files: Iterable[File], filed: Iterable[Filed], library: Iterable[Held]) -> tuple[Action, ...]:
    """``library``: all prompts that are not in the bin, and those of the bin that a file or ``filed`` names."""
    return tuple(_Decision(files, filed, library).actions())


def original(stem: str) -> str:
    """Of a copy that a sync program made because two machines changed a file: the stem of that file; else empty."""
    found = next((match for pattern in _COPIES if (match := pattern.fullmatch(stem))), None)
    return found[1].strip() if found else ""


def same_place(path: str) -> str:
    """As paths are compared: without regard to case and composition, for disks that have none."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", path).casefold())


class _Decision:
    def __init__(self, files: Iterable[File], filed: Iterable[Filed], library: Iterable[Held]) -> None:
        self._files = {file.path: file for file in files}
        self._filed = {one.prompt_id: one for one in filed}
        self._library = {held.id: held for held in library}
        known = {one.path for one in self._filed.values()}
        self._new = {path: file for path, file in self._files.items() if path not in known}
        self._claimed = set(self._filed)
        self._places = {same_place(path) for path in self._files}

    def actions(self) -> Iterator[Action]:
        for one in self._filed.values():
            yield from self._known(one)
        for file in tuple(self._new.values()):
            yield from self._unknown(file)
        for held in self._library.values():
            if held.id not in self._claimed and not held.removed:
                yield Write(held, self._free(held.prompt.name))

    # Files that were there before -------------------------------------------------------------------------------------

    def _known(self, one: Filed) -> Iterator[Action]:
        held = self._library.get(one.prompt_id)
        file = self._files.get(one.path) or self._moved(one, held)
        if held is None:
            yield Forget(one.prompt_id)
        elif file is None:
            yield from self._gone(one, held)
        elif file.problem:
            yield from self._unreadable(file, held)
        elif file.same or (file.sha256 == one.sha256 and file.path == one.path):
            yield from self._untouched(one, file, held)
        else:
            yield from self._touched(one, file, held)

    def _moved(self, one: Filed, held: Held | None) -> File | None:
        """The file under a new name, by its id or as it was."""
        mine = [file for file in self._new.values() if file.id == one.prompt_id and not _is_copy(file)]
        same = [file for file in self._new.values() if file.sha256 == one.sha256 and not file.problem]
        found = next(iter(mine or same), None)
        if found is not None and held is not None:
            del self._new[found.path]
            return found
        return None

    def _gone(self, one: Filed, held: Held) -> Iterator[Action]:
        if held.removed:
            yield Forget(held.id)
        elif held.version != one.version:
            yield Told(one.path, 0, "it was deleted, but its prompt was changed here meanwhile, and so it is back")
            yield Write(held, one.path)
        else:
            yield PutIntoBin(held, one.path)

    @staticmethod
    def _unreadable(file: File, held: Held) -> Iterator[Action]:
        yield Told(file.path, file.line, file.problem)
        if held.removed:
            yield Forget(held.id)

    def _untouched(self, one: Filed, file: File, held: Held) -> Iterator[Action]:
        if held.removed:
            yield Delete(replace(file, sha256=one.sha256), held.id)
        elif held.version != one.version:
            yield Write(held, self._renamed(file, held), replace(file, sha256=one.sha256))

    @staticmethod
    def _touched(one: Filed, file: File, held: Held) -> Iterator[Action]:
        unchanged = file.sha256 == one.sha256  # only its name is another one
        if held.removed and unchanged:
            yield Delete(file, held.id)
        elif held.removed:
            yield Told(file.path, 0, "it was changed after its prompt was removed here, and so the prompt is back")
            yield Take(file, held)
        elif file.prompt == held.prompt:
            yield Note(file, held)
        elif unchanged and held.version != one.version:
            yield Write(held, file.path, file)
        else:
            yield Take(file, held, keep=held.version != one.version)

    def _renamed(self, file: File, held: Held) -> str:
        """A file that is called as its prompt stays so; a name that a person gave it stays too."""
        place = PurePosixPath(file.path)
        called_so = file.prompt is not None and file.prompt.name == place.stem
        if not called_so or place.stem == held.prompt.name:
            return file.path
        return self._free(held.prompt.name, str(place.parent))

    # Files that were not ----------------------------------------------------------------------------------------------

    def _unknown(self, file: File) -> Iterator[Action]:
        if file.prompt is None:
            yield Told(file.path, file.line, file.problem)
            return
        held = self._library.get(file.id)
        if held is None or held.id in self._claimed:
            held = self._alike(file)
        if held is None:
            yield from self._taken_as_new(file)
            return
        self._claimed.add(held.id)
        if held.removed:
            yield Take(file, held)
        elif file.prompt == held.prompt:
            yield Note(file, held)
        elif file.older:
            yield Write(held, file.path, file)
        else:
            yield Take(file, held, keep=True)

    def _alike(self, file: File) -> Held | None:
        """A prompt without a file that says what this one does."""
        candidates = (one for one in self._library.values() if one.id not in self._claimed and not one.removed)
        return next((one for one in candidates if one.prompt == file.prompt), None)

    def _taken_as_new(self, file: File) -> Iterator[Action]:
        owner = self._library.get(file.id)
        if _is_copy(file):
            if owner is not None and owner.prompt == file.prompt:
                yield Told(file.path, 0, "a sync program made this copy, which says the same: it can be deleted")
                return
            yield Told(file.path, 0, "a sync program kept two versions: this one is a prompt of its own now")
        yield Take(file, as_id="" if file.id in self._library else file.id)

    def _free(self, name: str, parent: str = ".") -> str:
        """A path that nothing has; from now on this one has."""
        number, stem = 1, name
        while same_place(path := str(PurePosixPath(parent, f"{stem}{SUFFIX}"))) in self._places:
            number += 1
            stem = f"{name}-{number}"
        self._places.add(same_place(path))
        return path


def _is_copy(file: File) -> bool:
    return bool(original(PurePosixPath(file.path).stem))
