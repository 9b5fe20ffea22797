"""Look at a folder, or at places in it: which files there are, and which of them are read. Nothing is opened but folders
and their ignore files.

Links are not followed, whatever they lead to: what they lead to inside is seen where it stands, and what they lead to
outside nobody attached.
"""

from __future__ import annotations

import errno
import os
import stat
import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from workbench.cancel import CancelToken
from workbench.documents.collection import FileStatus, Rules
from workbench.documents.scanning import rooted
from workbench.documents.scanning.ignoring import TELLING, Level, Sieve
from workbench.documents.scanning.noise import ODD_BEGINNINGS
from workbench.documents.scanning.placeholders import FLAGGED, Elsewhere, elsewhere_here, extended, leads_elsewhere
from workbench.documents.scanning.seen import FOLDER, Other, Scan, Stamp, places_of
from workbench.documents.scanning.spelling import as_listed
from workbench.documents.scanning.watched import Watched

LINK: Final = Other(
    FileStatus.SKIPPED, "It is a link: what it leads to is read where it stands, if that is in a folder."
)
IN_CLOUD: Final = "A cloud drive keeps it elsewhere: reading it would download it."
_CLOUD_FOLDER: Final = Other(
    FileStatus.IN_CLOUD,
    "A cloud drive keeps what is in this folder elsewhere, and was not asked what that is.",
    0,
    FOLDER,
)
_GONE: Final = (errno.ENOENT, errno.ENOTDIR)
_ODD_KINDS: Final = (
    (stat.S_ISLNK, LINK),
    (stat.S_ISFIFO, Other(FileStatus.SKIPPED, "It is a pipe, not a file.")),
    (stat.S_ISSOCK, Other(FileStatus.SKIPPED, "It is a socket, not a file.")),
    (stat.S_ISCHR, Other(FileStatus.SKIPPED, "It is a device, not a file.")),
    (stat.S_ISBLK, Other(FileStatus.SKIPPED, "It is a device, not a file.")),
)
_MOST_IGNORE_BYTES: Final = 1 << 20
_NO_LINKS: Final = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
_LISTED: Final = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_NOFOLLOW", 0)
_BY_HANDLE: Final = os.scandir in os.supports_fd


def scan(
    root: Path,
    rules: Rules,
    cancel: CancelToken,
    under: str | Collection[str] = "",
    *,
    elsewhere: Elsewhere | None = None,
    exact_names: bool = not FLAGGED,
    clock: Callable[[], float] = time.monotonic,
    watched: Watched | None = None,
) -> Scan:
    """What is there now. ``under``: only these files and folders, relative to the root and with "/" between their parts,
    whether they are there or not.

    ``elsewhere``: whether a cloud drive keeps a file elsewhere; None: as this system tells. ``exact_names``: whether "A"
    and "a" are two names. ``watched``: notices a drive that stops to answer. Raises `Cancelled`; what cannot be looked at
    is told in what comes back.
    """
    began = clock()
    places = places_of({under} if isinstance(under, str) else set(under))
    place = place_of(root)
    found = rooted.NO_ANSWER if watched is not None and watched.hangs(place) else rooted.look(place)
    if found.problem_kind:
        return Scan(places, device=found.device, problem=found.problem, problem_kind=found.problem_kind, began=began)
    walk = _Walk(place, Sieve(rules), cancel, found.device, elsewhere or elsewhere_here())
    listed = {one: one for one in places}

    def work() -> None:
        if not exact_names:
            listed.update(as_listed(place, places))
        for one in places_of(set(listed.values())):
            walk.look_at(one)

    if watched is None:
        work()
    elif not watched.run(place, work, walk.progress, cancel):
        silent = rooted.NO_ANSWER
        return Scan(places, device=found.device, problem=silent.problem, problem_kind=silent.problem_kind, began=began)
    places = places_of({*listed, *listed.values()})
    return Scan(places, walk.files, walk.others, walk.blind, found.device, walk.mounts, began=began)


def place_of(root: Path) -> str:
    """As it is given to the system, and to `Watched`."""
    return extended(os.path.abspath(root), windows=os.name == "nt")  # noqa: PTH100 - a text, for speed


@dataclass(slots=True)
class _Walk:
    root: str
    sieve: Sieve
    cancel: CancelToken
    device: int
    elsewhere: Elsewhere | None
    files: dict[str, Stamp] = field(default_factory=dict)
    others: dict[str, Other] = field(default_factory=dict)
    blind: dict[str, Other] = field(default_factory=dict)
    mounts: dict[str, int] = field(default_factory=dict)
    _folders: list[tuple[Level, str, int]] = field(default_factory=list)

    def progress(self) -> tuple[int, int, int, int]:
        """Another one as long as there is something new; may be asked by another thread."""
        return len(self.files), len(self.others), len(self.blind), len(self._folders)

    def look_at(self, place: str) -> None:
        """One place and all below."""
        if not place:
            self._folders.append((Level(), "", self.device))
        else:
            self._go_down_to(place)
        while self._folders:
            self.cancel.check()
            above, path, device = self._folders.pop()
            self._folder(above, path, device)

    def _go_down_to(self, place: str) -> None:
        """Through the folders above a place, for their ignore files count; it ends where one of them is not looked into."""
        level, device, parts = Level(), self.device, place.split("/")
        if any(part in ("", ".", "..") for part in parts):
            return
        for count, name in enumerate(parts, start=1):
            path = "/".join(parts[:count])
            here = self._entered(level, path.rpartition("/")[0])
            if here is None:
                return
            level = here
            try:
                status = os.lstat(os.path.join(self.root, path))  # noqa: PTH118 - texts, for speed
            except (OSError, ValueError) as error:
                self._unseen(path, error)
                return
            if count == len(parts) and not stat.S_ISDIR(status.st_mode):
                self._file(level, name, status)
                return
            why = self._closed(level, name, status)
            if why is not None:
                if count == len(parts):
                    self.others[path] = why
                return
            device = self._crossed(path, status, device)
        self._folders.append((level, place, device))

    def _entered(self, above: Level, path: str) -> Level | None:
        """What holds in a folder; None where it is not looked into for what it holds."""
        held = frozenset(name for name in TELLING if os.path.lexists(self._full(f"{path}/{name}" if path else name)))
        return None if self.sieve.tree(held) and path else self._level(above, path, held)

    def _level(self, above: Level, path: str, held: frozenset[str]) -> Level:
        prefix = f"{path}/" if path else ""
        texts = {}
        if self.sieve.asks_ignore_files and held:
            texts = {name: self._ignore_file(prefix + name) for name in held}
        return Level(prefix, above, texts)

    def _folder(self, above: Level, path: str, device: int) -> None:
        handle: int | None = None
        try:
            # Through a handle, files are found by their names alone: the system need not walk down each path.
            handle = os.open(self._full(path), _LISTED) if _BY_HANDLE else None
            with os.scandir(self._full(path) if handle is None else handle) as listing:
                entries = list(listing)
            self._entries(above, path, device, entries)
        except OSError as error:
            self._unseen(path, error)
        finally:
            if handle is not None:
                os.close(handle)

    def _entries(self, above: Level, path: str, device: int, entries: Sequence[os.DirEntry[str]]) -> None:
        held = TELLING.intersection([entry.name for entry in entries])
        if path and held and (why := self.sieve.tree(held)):
            self.others[path] = Other(FileStatus.SKIPPED, why, 0, FOLDER)
            return
        level = self._level(above, path, held)
        prefix, files = level.path, self.files
        plain = self.sieve.plain(level) if self.elsewhere is None else ()
        for entry in entries:
            name = entry.name
            try:
                if entry.is_file(follow_symlinks=False):
                    status = entry.stat(follow_symlinks=False)
                    stem, _dot, ending = name.rpartition(".")
                    if ending in plain and stem and name[0] not in ODD_BEGINNINGS:  # nearly all: it has to be short
                        files[prefix + name] = (status.st_size, status.st_mtime_ns, status.st_dev, status.st_ino)
                    else:
                        self._file(level, name, status)
                elif entry.is_dir(follow_symlinks=False):
                    self._subfolder(level, entry, device)
                else:
                    self._file(level, name, entry.stat(follow_symlinks=False))
            except OSError as error:
                self._unseen(prefix + name, error)

    def _subfolder(self, level: Level, entry: os.DirEntry[str], device: int) -> None:
        path = level.path + entry.name
        status = entry.stat(follow_symlinks=False)
        why = self._closed(level, entry.name, status)
        if why is not None:
            self.others[path] = why
        else:
            self._folders.append((level, path, self._crossed(path, status, device)))

    def _closed(self, level: Level, name: str, status: os.stat_result) -> Other | None:
        """Why a folder is not looked into."""
        if stat.S_ISLNK(status.st_mode) or (FLAGGED and leads_elsewhere(status)):
            return LINK
        if not stat.S_ISDIR(status.st_mode):
            return Other(FileStatus.SKIPPED, "")
        if why := self.sieve.folder(level, name):
            return Other(FileStatus.SKIPPED, why, 0, FOLDER)
        return _CLOUD_FOLDER if self.elsewhere is not None and self.elsewhere(status) else None

    def _file(self, level: Level, name: str, status: os.stat_result) -> None:
        path, size, modified = level.path + name, status.st_size, status.st_mtime_ns
        if odd := next((other for is_it, other in _ODD_KINDS if is_it(status.st_mode)), None):
            self.others[path] = odd
        elif why := self.sieve.file(level, name):
            self.others[path] = Other(FileStatus.SKIPPED, why, size, modified)
        elif self.elsewhere is not None and self.elsewhere(status):
            self.others[path] = Other(FileStatus.IN_CLOUD, IN_CLOUD, size, modified)
        else:
            device = self.device if os.name == "nt" else status.st_dev  # a listing on Windows tells neither of the two
            inode = 0 if os.name == "nt" else status.st_ino
            self.files[path] = (size, modified, device, inode)

    def _crossed(self, path: str, status: os.stat_result, device: int) -> int:
        if os.name == "nt" or status.st_dev == device:
            return device
        self.mounts[path] = status.st_dev
        return status.st_dev

    def _unseen(self, path: str, error: OSError | ValueError) -> None:
        """What went meanwhile is gone; of anything else nothing is known now, and so what was known holds."""
        code = error.errno if isinstance(error, OSError) else None
        if code in _GONE or code is None:
            return
        if code in (errno.EACCES, errno.EPERM):
            self.blind[path] = Other(FileStatus.NO_PERMISSION, rooted.refusal(code))
        elif code == errno.ENAMETOOLONG:
            self.others[path] = Other(FileStatus.SKIPPED, "Its path is longer than the system can open.")
        else:
            self.blind[path] = Other(FileStatus.OFFLINE, f"It could not be looked at: {os.strerror(code or 0)}.")

    def _ignore_file(self, path: str) -> str:
        """Its text; empty where it is none that can be read now."""
        try:
            status = os.lstat(self._full(path))
            if not stat.S_ISREG(status.st_mode) or (self.elsewhere is not None and self.elsewhere(status)):
                return ""
            with os.fdopen(os.open(self._full(path), os.O_RDONLY | _NO_LINKS), "rb") as file:
                return file.read(_MOST_IGNORE_BYTES).decode("utf-8-sig", "surrogateescape")
        except OSError:
            return ""

    def _full(self, path: str) -> str:
        return os.path.join(self.root, path) if path else self.root  # noqa: PTH118 - a text, for speed
