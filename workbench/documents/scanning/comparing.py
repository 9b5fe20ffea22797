"""What is different now from what is known: new, changed, moved and gone files. Pure.

A file is the same while its size, time of change and place on the disk are; then nothing of it is read. A file that is
somewhere else under another name but the same in these is the same file too, moved.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from os import fsdecode
from typing import Any, Final, NamedTuple

from workbench.documents.collection import FileStatus
from workbench.documents.scanning import rooted
from workbench.documents.scanning.seen import Other, Scan, Stamp

NOT_READ: Final = -1
"""The device of what is not read: were it read one day, its stamp would be another one."""

CHANGED: Final = 1
ASKED_FOR: Final = 2
"""Why a file is read before others: somebody saved it just now; a person asked for it, and it may be downloaded."""

_KEPT_AWAY: Final = frozenset((FileStatus.OFFLINE, FileStatus.NO_PERMISSION))
_SETTLED: Final = frozenset(("indexed", "waiting", "failed", "skipped"))
_ENOUGH_TO_TELL: Final = 20
_AWAY: Final = Other(FileStatus.OFFLINE, "Its drive is not there.")


KnownRow = Sequence[Any]
"""path as bytes, bytes, modified_ns, device, inode, status, reason, content_id, id, asked; slices of it are tuples."""


class Known(NamedTuple):
    """A file as the index has it."""

    id: int
    path: str
    bytes: int
    modified_ns: int
    device: int
    inode: int
    status: str
    reason: str
    content_id: int | None
    asked: int

    @property
    def stamp(self) -> Stamp:
        return (self.bytes, self.modified_ns, self.device, self.inode)


def known_file(row: KnownRow) -> Known:
    return Known._make((row[8], fsdecode(row[0]), *row[1:8], row[9]))


class Twin(NamedTuple):
    """What is known of a file that was, or is, elsewhere: the same in all but its place."""

    content_id: int
    ending: str
    status: str
    reason: str


@dataclass(slots=True)
class Delta:
    """What to write. Lists of rows: ``new``: path, stamp; ``aside``: path and why it is not read, new in the index;
    ``changed``: id, stamp; ``moved``: id, new path, stamp; ``set_aside``: id and why it is not read any more;
    ``kept``: id and why nothing is known of it now; ``back``: id, of files that can be seen again; ``touched``: id, stamp,
    of files that are the same; ``gone``: files as they were; ``twins``: what is known of new and changed files already, by
    path. ``look``: how many were written before."""

    collection_id: str = ""
    scan: Scan = field(default_factory=Scan)
    new: list[tuple[str, Stamp]] = field(default_factory=list)
    aside: list[tuple[str, Other]] = field(default_factory=list)
    changed: list[tuple[Known, Stamp]] = field(default_factory=list)
    moved: list[tuple[Known, str, Stamp]] = field(default_factory=list)
    set_aside: list[tuple[Known, Other]] = field(default_factory=list)
    kept: list[tuple[int, Other]] = field(default_factory=list)
    back: list[int] = field(default_factory=list)
    touched: list[tuple[int, Stamp]] = field(default_factory=list)
    gone: list[Known] = field(default_factory=list)
    twins: dict[str, Twin] = field(default_factory=dict)
    problem: str = ""
    problem_kind: str = ""
    look: int = 0

    @property
    def empty(self) -> bool:
        """Whether nothing is different."""
        lists = (self.new, self.aside, self.changed, self.moved, self.set_aside, self.kept, self.back, self.touched)
        return not (any(lists) or self.gone)


def compare(
    known: Iterable[KnownRow],
    scan: Scan,
    kind_of: Callable[[str], str],
    readable: Callable[[str], bool] = lambda _path: True,
) -> Delta:
    """``known``: all of the places that were looked at. ``kind_of``: what of a name decides how a file is read.
    ``readable``: whether the system lets a file be read that it did not let be read before."""
    delta = Delta(scan=scan, problem=scan.problem, problem_kind=scan.problem_kind)
    differing: list[Known] = []
    paths: list[str] = []
    files, others, see = scan.files, scan.others, paths.append
    for row in known:  # of 100,000 nearly all are as they were: this has to be short
        path = fsdecode(row[0])
        see(path)
        if files.get(path) == row[1:5] and row[5] in _SETTLED:
            continue
        if others and (other := others.get(path)) and row[1:8] == (*other[2:], NOT_READ, 0, *other[:2], None):
            continue
        differing.append(known_file(row))
    same = len(paths) - len(differing)
    if scan.problem_kind:
        _name_the_loss(delta, differing)
    elif scan.whole and not same and _another_drive(differing, scan):
        delta.problem, delta.problem_kind = "Another drive is there now, or none.", rooted.OFFLINE
    elif differing or same != len(files) + len(others) or scan.blind:
        _Comparison(delta, differing, same, kind_of, readable).run(set(paths))
    return delta


def identity(stamp: Stamp) -> Stamp | None:
    """What a file is known by wherever it stands; None where the system does not tell."""
    return stamp if stamp[3] and stamp[2] != NOT_READ else None


class _Comparison:
    def __init__(
        self,
        delta: Delta,
        differing: Sequence[Known],
        same: int,
        kind_of: Callable[[str], str],
        readable: Callable[[str], bool],
    ) -> None:
        self._delta = delta
        self._scan = delta.scan
        self._rows = differing
        self._kind_of = kind_of
        self._readable = readable
        self._other_inodes = _have_other_inodes(differing, same, delta.scan)
        self._renumbered = _renumbered(differing, delta.scan)

    def run(self, paths: set[str]) -> None:
        lost = []
        for row in self._rows:
            if (stamp := self._scan.files.get(row.path)) is not None:
                self._file(row, stamp)
            elif (other := self._scan.others.get(row.path)) is not None:
                self._other(row, other)
            elif (why := self._blind(row.path)) is not None:
                self._unseen(row, why)
            else:
                lost.append(row)
        gone = [row for row in lost if not self._drive_is_away(row)]
        new = {path: self._scan.files[path] for path in self._scan.files.keys() - paths}
        self._moves(gone, new)
        self._delta.new = sorted(new.items())
        for others in (self._scan.others, self._scan.blind):
            self._delta.aside += sorted((path, others[path]) for path in others.keys() - paths)
        self._twins()

    def _file(self, row: Known, stamp: Stamp) -> None:
        if not self._unchanged(row, stamp):
            self._delta.changed.append((row, stamp))
            return
        if row.status in _KEPT_AWAY and (row.status == FileStatus.OFFLINE or self._readable(row.path)):
            self._delta.back.append(row.id)
        if stamp != row.stamp:
            self._delta.touched.append((row.id, stamp))

    def _unchanged(self, row: Known, stamp: Stamp) -> bool:
        if stamp[:2] != row.stamp[:2] or row.status == FileStatus.IN_CLOUD:
            return False
        if row.device == NOT_READ:  # downloaded and read because a person asked
            return row.status == FileStatus.INDEXED
        return stamp[3] == row.inode or self._other_inodes

    def _other(self, row: Known, other: Other) -> None:
        same = (row.bytes, row.modified_ns) == (other.bytes, other.modified_ns)
        if other.status is FileStatus.IN_CLOUD and self._outlives_the_cloud(row, other, same=same):
            return
        if not same or row.status != other.status or row.reason != other.reason or row.content_id is not None:
            self._delta.set_aside.append((row, other))

    def _outlives_the_cloud(self, row: Known, other: Other, *, same: bool) -> bool:
        """What was read of a file is still of it when its content is taken off the disk; and what a person asked to have
        downloaded waits for it."""
        if row.status == FileStatus.WAITING and row.asked >= ASKED_FOR:
            if not same:
                self._delta.touched.append((row.id, (other.bytes, other.modified_ns, NOT_READ, 0)))
            return True
        return same and row.status in (FileStatus.INDEXED, FileStatus.FAILED)

    def _blind(self, path: str) -> Other | None:
        blind = self._scan.blind
        if not blind:
            return None
        parts = path.split("/")
        return next((found for count in range(len(parts) + 1) if (found := blind.get("/".join(parts[:count])))), None)

    def _unseen(self, row: Known, why: Other) -> None:
        rather = row.device != NOT_READ and (row.status, row.reason) != (why.status, why.reason)
        if rather:
            self._delta.kept.append((row.id, why))

    def _drive_is_away(self, row: Known) -> bool:
        """A drive inside the folder was taken away: what it held is not gone."""
        away = (
            row.device not in (0, NOT_READ)
            and row.device != self._scan.device_at(row.path)
            and row.device not in self._renumbered
        )
        if away and row.status != FileStatus.OFFLINE:
            self._delta.kept.append((row.id, _AWAY))
        return away

    def _moves(self, gone: Sequence[Known], new: dict[str, Stamp]) -> None:
        """Of ``new``, what is moved goes out."""
        old = {row.stamp: row for row in gone if identity(row.stamp)}
        moved: set[int] = set()
        for path, stamp in sorted(new.items()) if old else ():
            row = old.get(stamp)
            if row is not None and row.id not in moved and self._kind_of(row.path) == self._kind_of(path):
                moved.add(row.id)
                self._delta.moved.append((row, path, stamp))
                del new[path]
        self._delta.gone = [row for row in gone if row.id not in moved]

    def _twins(self) -> None:
        """Files that took each other's places are known already."""
        delta = self._delta
        rows = [*(row for row, _stamp in delta.changed), *delta.gone, *(row for row, _path, _stamp in delta.moved)]
        known = {row.stamp: twin for row in rows if identity(row.stamp) and (twin := twin_of(row, self._kind_of))}
        if known:
            for path, stamp in waiting_of(delta):
                twin = known.get(stamp)
                if twin is not None and twin.ending == self._kind_of(path):
                    delta.twins[path] = twin


def waiting_of(delta: Delta) -> Iterable[tuple[str, Stamp]]:
    """Paths and stamps of the files that are to be read."""
    yield from delta.new
    yield from ((row.path, stamp) for row, stamp in delta.changed)


def twin_of(row: Known, kind_of: Callable[[str], str]) -> Twin | None:
    """What is known of this file, for another place of it; None where nothing was read."""
    if row.content_id is None or row.status not in (FileStatus.INDEXED, FileStatus.SKIPPED):
        return None
    return Twin(row.content_id, kind_of(row.path), row.status, row.reason)


def _name_the_loss(delta: Delta, rows: Sequence[Known]) -> None:
    """A folder that is not there was on a drive of its own: then that is away."""
    there = delta.scan.device
    if delta.problem_kind == rooted.MISSING and there and any(row.device not in (0, NOT_READ, there) for row in rows):
        delta.problem, delta.problem_kind = "Its drive is not there.", rooted.OFFLINE


def _another_drive(rows: Sequence[Known], scan: Scan) -> bool:
    """Whether nothing there is of the drive that was read: another one, or the empty folder where it is mounted."""
    ours = [row for row in rows if row.device not in (0, NOT_READ)]
    if not ours or any(row.device == scan.device for row in ours):
        return False
    there = [(row, scan.files[row.path]) for row in ours if row.path in scan.files]
    alike = any(stamp[:2] == row.stamp[:2] for row, stamp in there)
    return not alike and 2 * len(there) < len(ours)


def _have_other_inodes(rows: Sequence[Known], same: int, scan: Scan) -> bool:
    """Whether the drive numbers its files anew, as some servers do each time, and copies on another drive: their sizes and
    times then say enough."""
    other = 0
    for row in rows:
        stamp = scan.files.get(row.path)
        other += stamp is not None and stamp[:2] == row.stamp[:2] and stamp[3] != row.inode
    return other >= _ENOUGH_TO_TELL and other > same


def _renumbered(rows: Sequence[Known], scan: Scan) -> set[int]:
    """Devices that have another number now: files of theirs are where they were."""
    return {
        row.device
        for row in rows
        if (stamp := scan.files.get(row.path)) is not None
        and (stamp[:2], stamp[3]) == (row.stamp[:2], row.inode)
        and stamp[2] != row.device
    }
