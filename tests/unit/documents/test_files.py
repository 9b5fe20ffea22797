"""The index follows what looks see: nothing is read twice, nothing is forgotten because it cannot be seen now."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from workbench.cancel import CancelToken
from workbench.db import Database
from workbench.documents.collection import Chunk, FileStatus, Rules
from workbench.documents.extract.document import Extracted
from workbench.documents.scanning.comparing import Delta
from workbench.documents.scanning.scan import scan
from workbench.documents.scanning.seen import Other, Scan
from workbench.documents.storing.contents import ContentStore, Linked, Read
from workbench.documents.storing.files import FileStore
from workbench.documents.storing.schema import index
from workbench.documents.storing.sweeping import sweep

NOW = 1_800_000_000.0


class Folder:
    """A folder and its index; `read` is what the indexer would do."""

    def __init__(self, root: Path, database: Database, name: str = "c") -> None:
        self.root = root
        self.name = name
        self.db = database
        self.files = FileStore(database, lambda: NOW)
        self.contents = ContentStore(database, 1, lambda: NOW)
        self.rules = Rules()
        root.mkdir(exist_ok=True)

    def write(self, *names: str, text: str = "") -> None:
        for name in names:
            path = self.root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text or f"words of {name}")

    def seen(self, *places: str, **more: Any) -> Scan:
        return scan(self.root, self.rules, CancelToken(), places or "", **more)

    def look(self, *places: str, change: dict[str, Any] | None = None, **more: Any) -> Delta:
        seen = replace(self.seen(*places, **more), **(change or {}))
        delta = self.files.diff(self.name, seen)
        assert self.files.apply(delta)
        return delta

    def read(self) -> list[str]:
        """Read all that waits; returns what was read."""
        waiting = self.files.waiting(100_000)
        for file in waiting:
            path = self.root / file.path
            if not path.is_file() or (path.stat().st_size, path.stat().st_mtime_ns) != (file.bytes, file.modified_ns):
                continue  # another look will tell
            text = path.read_bytes()
            known = self.contents.known(text, file.name)
            if known is not None:
                self.contents.store([Linked(file, known)])
                continue
            words = text.decode(errors="replace") or "nothing"
            extracted = Extracted(words, "text/plain")
            self.contents.store([Read(file, text, extracted, (Chunk(0, 0, len(words), words),))])
        return sorted(file.path for file in waiting)

    def rows(self) -> dict[str, tuple[str, bytes | None]]:
        """Status and what was read of each file."""
        rows = self.db.rows(
            """SELECT path, status, sha256 FROM documents LEFT JOIN contents ON contents.id = content_id
               WHERE collection_id = ?""",
            (self.name,),
        )
        return {os.fsdecode(row[0]): (row[1], row[2]) for row in rows}

    def statuses(self) -> dict[str, str]:
        return {path: status for path, (status, _sha) in self.rows().items()}

    def id_of(self, path: str) -> int:
        found = self.files.at(self.name, path)
        assert found is not None
        return found.id


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    made = Database(tmp_path / "index.db", index, backups=tmp_path / "backups", durable=False)
    yield made
    made.close()


def to_read(delta: Delta) -> int:
    """How many files will wait."""
    return len(delta.new) + len(delta.changed) - len(delta.twins)


@pytest.fixture
def folder(tmp_path: Path, database: Database) -> Folder:
    return Folder(tmp_path / "folder", database)


# What is read, and what is not ----------------------------------------------------------------------------------------


def test_new_files_wait_and_unchanged_ones_are_left_alone(folder: Folder) -> None:
    folder.write("a.txt", "b/c.txt", "d.png")
    assert to_read(folder.look()) == 2
    assert folder.statuses() == {"a.txt": "waiting", "b/c.txt": "waiting", "d.png": "skipped"}
    folder.read()
    assert folder.look().empty
    assert folder.read() == []


@pytest.mark.parametrize("how", ["longer", "same size", "replaced with the same size and time"])
def test_a_changed_file_waits_and_answers_meanwhile(folder: Folder, how: str) -> None:
    folder.write("a.txt", "b.txt", text="old words")
    folder.look()
    folder.read()
    path, before = folder.root / "a.txt", (folder.root / "a.txt").stat()
    if how == "replaced with the same size and time":
        (folder.root / "new").write_text("new words")
        os.utime(folder.root / "new", ns=(before.st_atime_ns, before.st_mtime_ns))
        (folder.root / "new").rename(path)
    else:
        path.write_text("new words" if how == "same size" else "new words, and more")
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns + (1 if how == "same size" else 0)))
    assert to_read(folder.look("a.txt")) == 1
    assert folder.rows()["a.txt"] == ("waiting", b"old words")
    assert folder.read() == ["a.txt"]


def test_moving_and_renaming_read_nothing(folder: Folder) -> None:
    folder.write("a.txt", "tree/b.txt", "tree/deep/c.md")
    folder.look()
    folder.read()
    kept = folder.id_of("tree/deep/c.md")
    (folder.root / "a.txt").rename(folder.root / "z.txt")
    (folder.root / "tree").rename(folder.root / "moved")
    delta = folder.look("a.txt", "z.txt", "tree", "moved")
    assert len(delta.moved) == 3
    assert folder.read() == []
    assert set(folder.rows()) == {"z.txt", "moved/b.txt", "moved/deep/c.md"}
    assert folder.id_of("moved/deep/c.md") == kept


def test_a_rename_that_changes_how_a_file_is_read_reads_it(folder: Folder) -> None:
    folder.write("a.txt")
    folder.look()
    folder.read()
    (folder.root / "a.txt").rename(folder.root / "a.html")
    folder.look()
    assert folder.read() == ["a.html"]


def test_files_that_take_each_others_places_read_nothing(folder: Folder) -> None:
    folder.write("a.txt", text="first")
    folder.write("b.txt", text="other")
    folder.write("c.txt", text="third")
    folder.look()
    folder.read()
    (folder.root / "a.txt").rename(folder.root / "x")
    (folder.root / "b.txt").rename(folder.root / "a.txt")
    (folder.root / "x").rename(folder.root / "b.txt")
    (folder.root / "c.txt").rename(folder.root / "d.txt")
    folder.look()
    assert folder.read() == []
    assert folder.rows() == {
        "a.txt": ("indexed", b"other"),
        "b.txt": ("indexed", b"first"),
        "d.txt": ("indexed", b"third"),
    }


def test_a_file_that_replaces_another_by_its_name_reads_nothing(folder: Folder) -> None:
    folder.write("a.txt", text="first")
    folder.write("b.txt", text="other")
    folder.look()
    folder.read()
    (folder.root / "a.txt").rename(folder.root / "b.txt")
    folder.look("a.txt", "b.txt")
    assert folder.read() == []
    assert folder.rows() == {"b.txt": ("indexed", b"first")}


@pytest.mark.parametrize("order", [("old", "new"), ("new", "old")])
def test_a_move_that_is_seen_in_two_looks_reads_nothing(folder: Folder, order: tuple[str, str]) -> None:
    folder.write("old/a.txt")
    folder.look()
    folder.read()
    (folder.root / "new").mkdir()
    (folder.root / "old" / "a.txt").rename(folder.root / "new" / "a.txt")
    for place in order:
        folder.look(place)
    assert folder.read() == []
    assert folder.statuses() == {"new/a.txt": "indexed"}


def test_a_move_to_another_folder_reads_nothing(folder: Folder, tmp_path: Path) -> None:
    other = Folder(tmp_path / "other", folder.db, "other")
    other.files = folder.files
    folder.write("a.txt", "b.txt")
    folder.look()
    folder.read()
    (folder.root / "a.txt").rename(other.root / "a.txt")
    os.link(folder.root / "b.txt", other.root / "b.txt")
    other.look()
    folder.look()
    assert other.read() == []
    assert other.statuses() == {"a.txt": "indexed", "b.txt": "indexed"}
    assert folder.statuses() == {"b.txt": "indexed"}


def test_what_is_read_first(folder: Folder) -> None:
    folder.write("old.txt", "new.txt", "large.txt", "asked.txt")
    (folder.root / "large.txt").write_bytes(b"x" * (3 << 20))
    for name, moment in (("old.txt", 1), ("new.txt", 3), ("large.txt", 4), ("asked.txt", 2)):
        os.utime(folder.root / name, (moment, moment))
    folder.look()
    folder.files.retry([folder.id_of("asked.txt")])
    folder.write("saved.txt")
    folder.look("saved.txt")
    order = [file.path for file in folder.files.waiting(9)]
    assert order == ["asked.txt", "saved.txt", "new.txt", "old.txt", "large.txt"]
    assert [file.asked for file in folder.files.waiting(2)] == [True, False]
    assert folder.files.waiting(9, skip=["c"]) == ()


def test_rules_that_change_take_files_out_and_in_again(folder: Folder) -> None:
    folder.write("a.txt", "b.txt")
    folder.look()
    folder.read()
    folder.rules = Rules(exclude=("b.txt",))
    folder.look()
    assert folder.rows()["b.txt"] == ("skipped", None)
    folder.rules = Rules()
    folder.look()
    assert folder.read() == ["b.txt"]


def test_what_the_reader_said_stays_while_the_file_does(folder: Folder) -> None:
    folder.write("a.txt", "b.txt")
    folder.look()
    with folder.db.write() as tx:
        tx.execute("UPDATE documents SET status = 'failed', reason = 'It is damaged.' WHERE path = ?", (b"a.txt",))
        tx.execute("UPDATE documents SET status = 'skipped', reason = 'No text.' WHERE path = ?", (b"b.txt",))
    assert folder.look().empty
    (folder.root / "a.txt").rename(folder.root / "c.txt")
    folder.look()
    assert folder.statuses() == {"c.txt": "failed", "b.txt": "skipped"}
    folder.write("c.txt", text="better words")
    folder.look()
    assert folder.read() == ["c.txt"]


def test_retrying(folder: Folder) -> None:
    folder.write("a.txt", "b.png")
    folder.look()
    folder.read()
    again = folder.files.retry([folder.id_of("a.txt"), folder.id_of("b.png"), 999])
    assert again == ()
    assert folder.statuses() == {"a.txt": "waiting", "b.png": "skipped"}  # what the rules leave out stays out


# What cannot be seen now ----------------------------------------------------------------------------------------------


def test_a_folder_that_is_away_forgets_nothing(folder: Folder) -> None:
    folder.write("a.txt", "b.png")
    folder.look()
    folder.read()
    away = folder.root.rename(folder.root.with_name("away"))
    assert folder.look().problem_kind == "missing"
    assert folder.files.counts() == {"c": {FileStatus.OFFLINE: 1, FileStatus.SKIPPED: 1}}
    (shown,) = folder.files.items("c", (FileStatus.OFFLINE,))
    assert (shown.path, shown.status) == ("a.txt", FileStatus.OFFLINE)
    assert "not there" in shown.reason
    look = folder.files.look("c")
    assert look is not None
    assert look.problem_kind == "missing"
    assert folder.rows()["a.txt"][1] is not None  # it still answers
    away.rename(folder.root)
    assert folder.look("a.txt").empty  # a look at a part is enough to see that all is there again
    assert folder.files.counts() == {"c": {FileStatus.INDEXED: 1, FileStatus.SKIPPED: 1}}


def test_nothing_of_a_folder_that_is_away_is_to_be_read(folder: Folder) -> None:
    folder.write("a.txt")
    folder.look()
    assert folder.files.waiting(9)
    shutil.rmtree(folder.root)
    folder.look()
    assert folder.files.waiting(9) == ()


def renumbered(seen: Scan, device: int) -> dict[str, Any]:
    """The same look, on a device with another number."""
    files = {path: (stamp[0], stamp[1], device, stamp[3]) for path, stamp in seen.files.items()}
    return {"files": files, "device": device}


def test_an_empty_mount_point_is_an_unplugged_drive(folder: Folder) -> None:
    folder.write("a.txt", "b.txt")
    seen = folder.seen()
    folder.look(change=renumbered(seen, 77))
    folder.read()
    for name in ("a.txt", "b.txt"):
        (folder.root / name).unlink()
    assert folder.look().problem_kind == "offline"  # on the device of the system now, and empty
    assert folder.files.counts() == {"c": {FileStatus.OFFLINE: 2}}
    folder.write("strange.txt")
    assert folder.look().problem_kind == "offline"  # somebody else's drive
    assert set(folder.rows()) == {"a.txt", "b.txt"}


def test_a_folder_that_was_emptied_is_empty(folder: Folder) -> None:
    folder.write("a.txt", "b.txt")
    folder.look()
    folder.read()
    for name in ("a.txt", "b.txt"):
        (folder.root / name).unlink()
    assert folder.look().problem_kind == ""
    assert folder.rows() == {}


def test_a_drive_with_another_number_is_the_same_drive(folder: Folder) -> None:
    folder.write("a.txt", "b.txt", "c.txt")
    folder.look(change=renumbered(folder.seen(), 77))
    folder.read()
    (folder.root / "b.txt").unlink()
    delta = folder.look(change=renumbered(folder.seen(), 88))
    assert (delta.problem_kind, to_read(delta)) == ("", 0)
    assert folder.statuses() == {"a.txt": "indexed", "c.txt": "indexed"}


def test_a_folder_that_went_with_its_drive_is_offline(folder: Folder) -> None:
    folder.write("a.txt")
    folder.look(change=renumbered(folder.seen(), 77))
    shutil.rmtree(folder.root)
    assert folder.look().problem_kind == "offline"


def test_a_drive_inside_that_is_away_keeps_its_files(folder: Folder) -> None:
    folder.write("a.txt", "usb/b.txt", "usb/c.txt")
    seen = folder.seen()
    ours, device = dict(seen.files), seen.device
    on_usb = {path: (*stamp[:2], 77, stamp[3]) for path, stamp in ours.items() if path.startswith("usb/")}
    folder.look(change={"files": {**ours, **on_usb}, "mounts": {"usb": 77}})
    folder.read()
    away = {"files": {"a.txt": ours["a.txt"]}, "device": device}
    folder.look(change=away)
    assert folder.statuses() == {"a.txt": "indexed", "usb/b.txt": "offline", "usb/c.txt": "offline"}
    assert folder.look(change=away).empty
    there = {"a.txt": ours["a.txt"], "usb/b.txt": on_usb["usb/b.txt"]}
    folder.look(change={"files": there, "mounts": {"usb": 77}})
    assert folder.statuses() == {"a.txt": "indexed", "usb/b.txt": "indexed"}
    assert folder.read() == []


def test_what_may_not_be_looked_into_keeps_its_files(folder: Folder) -> None:
    folder.write("a.txt", "secret/b.txt", "secret/c.png")
    folder.look()
    folder.read()
    seen = folder.seen()
    why = Other(FileStatus.NO_PERMISSION, "This user may not look into it.")
    blind = {"files": {"a.txt": seen.files["a.txt"]}, "others": {}, "blind": {"secret": why}}
    folder.look(change=blind)
    assert folder.statuses() == {
        "a.txt": "indexed",
        "secret": "no_permission",
        "secret/b.txt": "no_permission",
        "secret/c.png": "skipped",
    }
    assert folder.look(change=blind).empty
    assert folder.files.retry([folder.id_of("secret")]) == (("c", "secret"),)
    folder.look()
    assert folder.statuses() == {"a.txt": "indexed", "secret/b.txt": "indexed", "secret/c.png": "skipped"}
    assert folder.read() == []


def test_a_file_that_may_not_be_read_waits_once_it_may(folder: Folder) -> None:
    folder.write("a.txt")
    folder.look()
    with folder.db.write() as tx:
        tx.execute("UPDATE documents SET status = 'no_permission'")
    assert folder.files.diff("c", folder.seen(), lambda _path: False).empty
    folder.look()
    assert folder.read() == ["a.txt"]


def test_files_in_the_cloud(folder: Folder) -> None:
    def everything(_status: os.stat_result) -> bool:
        return True

    folder.write("a.txt", "b.txt", "c.txt")
    (folder.root / "c.txt").unlink()
    folder.look()
    folder.read()
    folder.write("c.txt", text="twelve words")
    (folder.root / "b.txt").write_text("changed elsewhere")
    folder.look(elsewhere=everything)  # all are taken off the disk
    assert folder.rows() == {
        "a.txt": ("indexed", b"words of a.txt"),
        "b.txt": ("in_cloud", None),
        "c.txt": ("in_cloud", None),
    }
    assert folder.files.cloud_bytes() == {"c": 17 + 12}
    assert folder.look(elsewhere=everything).empty
    folder.files.retry([folder.id_of("b.txt")])
    assert [(file.path, file.asked) for file in folder.files.waiting(9)] == [("b.txt", True)]
    folder.look(elsewhere=everything)  # it goes on waiting for its download
    assert folder.read() == ["b.txt"]
    assert folder.look(elsewhere=everything).empty
    assert to_read(folder.look()) == 1  # all are on the disk again: only what was never read is
    assert folder.read() == ["c.txt"]


def test_a_drive_that_numbers_its_files_anew_is_not_read_again(folder: Folder) -> None:
    folder.write(*(f"{number}.txt" for number in range(30)))
    folder.look()
    folder.read()
    seen = folder.seen()
    files = {path: (*stamp[:3], stamp[3] + 1_000_000) for path, stamp in seen.files.items()}
    assert to_read(folder.look(change={"files": files})) == 0


def test_systems_that_tell_no_numbers_of_files(folder: Folder) -> None:
    folder.write("a.txt", "b.txt")
    plain = {path: (*stamp[:2], 5, 0) for path, stamp in folder.seen().files.items()}
    folder.look(change={"files": plain, "device": 5})
    folder.read()
    assert folder.look(change={"files": plain, "device": 5}).empty
    moved = {"a.txt": plain["a.txt"], "z.txt": plain["b.txt"]}
    assert to_read(folder.look(change={"files": moved, "device": 5})) == 1  # its content decides


# Looks that race ------------------------------------------------------------------------------------------------------


def test_a_look_that_began_before_another_one_is_not_believed(folder: Folder) -> None:
    folder.write("a.txt")
    early = folder.seen()
    folder.write("b.txt")
    folder.look()
    delta = folder.files.diff("c", early)
    assert not folder.files.apply(delta)
    assert set(folder.rows()) == {"a.txt", "b.txt"}


def test_a_difference_from_what_is_not_so_any_more_is_not_written(folder: Folder) -> None:
    folder.write("a.txt")
    first, second = folder.files.diff("c", folder.seen()), folder.files.diff("c", folder.seen())
    assert folder.files.apply(first)
    assert not folder.files.apply(second)


def test_a_look_at_a_folder_that_was_forgotten_comes_too_late(folder: Folder) -> None:
    folder.write("a.txt")
    delta = folder.files.diff("c", folder.seen())
    folder.files.forget("c")
    assert not folder.files.apply(delta)
    assert folder.rows() == {}


# Lists ----------------------------------------------------------------------------------------------------------------


def test_items_come_by_path_and_page(folder: Folder) -> None:
    folder.write("b.txt", "a/x.txt", "a.txt", "Ünder_100%.txt", "c.png")
    folder.look()
    paths = [item.path for item in folder.files.items("c")]
    assert paths == ["a.txt", "a/x.txt", "b.txt", "c.png", "Ünder_100%.txt"]
    first = folder.files.items("c", limit=2)
    assert [item.path for item in folder.files.items("c", limit=9, after=first[-1].id)] == paths[2:]
    assert [item.path for item in folder.files.items("c", (FileStatus.SKIPPED,))] == ["c.png"]
    assert [item.path for item in folder.files.items("c", text="A/")] == ["a/x.txt"]
    assert [item.path for item in folder.files.items("c", text="ünder_1")] == ["Ünder_100%.txt"]
    assert [item.path for item in folder.files.items("c", text="0%")] == ["Ünder_100%.txt"]
    assert folder.files.items("c", text="x%t") == ()


def test_a_document_tells_what_was_read_of_it(folder: Folder) -> None:
    odd = "caf\udce9.txt"
    folder.write(odd, text="words")
    folder.look()
    folder.read()
    document = folder.files.document(folder.id_of(odd))
    assert document is not None
    assert (document.path, document.status, document.media_type, document.chunks) == (
        odd,
        FileStatus.INDEXED,
        "text/plain",
        1,
    )
    assert bytes.fromhex(document.sha256)
    assert folder.files.document(999) is None


# What is left ---------------------------------------------------------------------------------------------------------


def passages(database: Database) -> int:
    row = database.row("SELECT count(*) FROM chunks")
    assert row is not None
    return int(row[0])


def test_what_was_read_of_a_deleted_file_stays_a_while(folder: Folder) -> None:
    folder.write("a.txt", "b.txt")
    folder.look()
    folder.read()
    (folder.root / "a.txt").unlink()
    folder.look()
    assert not sweep(folder.db, NOW + 60, 5)
    assert passages(folder.db) == 2
    assert not sweep(folder.db, NOW + 4000, 5)
    assert passages(folder.db) == 1
    assert folder.rows() == {"b.txt": ("indexed", b"words of b.txt")}


def test_a_file_that_comes_back_while_it_is_swept_is_read(folder: Folder) -> None:
    folder.write("a.txt")
    folder.look()
    folder.read()
    (folder.root / "a.txt").rename(folder.root.parent / "bin.txt")
    folder.look()
    with folder.db.write() as tx:
        tx.execute("UPDATE contents SET reader = -1")
    (folder.root.parent / "bin.txt").rename(folder.root / "a.txt")
    folder.look()
    assert folder.read() == ["a.txt"]
    assert not sweep(folder.db, NOW + 4000, 5)
    assert passages(folder.db) == 1


def test_forgetting_a_folder_sweeps_only_what_no_other_has(folder: Folder, tmp_path: Path) -> None:
    other = Folder(tmp_path / "other", folder.db, "other")
    folder.write("a.txt", "b.txt", text="")
    folder.look()
    folder.read()
    shutil.copy2(folder.root / "a.txt", other.root / "a.txt")
    other.look()
    other.read()
    folder.files.forget("c")
    assert folder.files.counts() == {"other": {FileStatus.INDEXED: 1}}
    assert folder.files.look("c") is None
    assert not folder.files.sweep(5)
    assert passages(folder.db) == 1


def test_sweeping_lets_others_write_in_between(folder: Folder) -> None:
    folder.write("a.txt")
    folder.look()
    folder.read()
    with folder.db.write() as tx:
        tx.conn.executemany(
            """INSERT INTO chunks (content_id, ordinal, start, "end", text, text_key)
               SELECT id, ?, 0, 1, 'words', x'00' FROM contents""",
            [(number,) for number in range(1, 20_000)],
        )
    folder.files.forget("c")
    written = 0
    done = threading.Event()

    def sweep_all() -> None:
        folder.files.sweep(60)
        done.set()

    thread = threading.Thread(target=sweep_all)
    thread.start()
    while not done.is_set():
        with folder.db.write() as tx:
            tx.execute("INSERT OR REPLACE INTO facts VALUES ('x', 'y')")
        written += 1
        time.sleep(0.001)
    thread.join()
    assert passages(folder.db) == 0
    assert written > 5


# A storm --------------------------------------------------------------------------------------------------------------


class Storm:
    """Whatever people and programs do to files, at random."""

    def __init__(self, root: Path, seed: int) -> None:
        self.root = root
        self.chance = random.Random(seed)
        self.count = 0

    def _pick(self, *, folders: bool) -> Path | None:
        found = [path for path in self.root.rglob("*") if path.is_dir() == folders and not path.is_symlink()]
        return self.chance.choice(sorted(found)) if found else None

    def _place(self) -> Path:
        folder = (self._pick(folders=True) if self.chance.random() < 0.7 else None) or self.root
        self.count += 1
        name = self.chance.choice(("note{}.txt", "data{}.md", "x{}.log", "p{}.png", ".h{}", "node_modules", "{}.tmp"))
        return folder / name.format(self.count % 7 if self.chance.random() < 0.3 else self.count)

    def step(self) -> None:
        action = self.chance.choice(
            (self._write, self._write, self._write, self._folder, self._move, self._move, self._delete)
        )
        try:
            (self._ignore if self.chance.random() < 0.04 else action)()
        except OSError:
            return  # into itself, over a folder: the system refused, as it does to people

    def _write(self) -> None:
        path = (self._pick(folders=False) if self.chance.random() < 0.4 else None) or self._place()
        if path.is_symlink() or path.is_dir():
            return
        text = "".join(self.chance.choices("abc \n", k=self.chance.randint(1, 6)))
        if self.chance.random() < 0.4:  # as editors save
            (path.parent / "save.tmp").write_text(text)
            (path.parent / "save.tmp").replace(path)
        else:
            path.write_text(text)

    def _folder(self) -> None:
        if self.chance.random() < 0.5:
            self._place().with_suffix("").mkdir()
        else:  # a tree that comes from elsewhere at once
            tree = self.root.parent / f"tree{self.count}"
            for name in ("a/b/c.txt", "a/d.txt", "e.md"):
                (tree / name).parent.mkdir(parents=True, exist_ok=True)
                (tree / name).write_text(f"{name} {self.chance.random()}")
            tree.rename(self._place().with_suffix(""))

    def _move(self) -> None:
        path = self._pick(folders=self.chance.random() < 0.4)
        if path is not None:
            path.rename(self._place() if self.chance.random() < 0.8 else self.root.parent / f"out{self.count}")

    def _delete(self) -> None:
        if self.chance.random() < 0.3 and (folder := self._pick(folders=True)):
            shutil.rmtree(folder)
        elif file := self._pick(folders=False):
            file.unlink()

    def _ignore(self) -> None:
        folder = self._pick(folders=True) or self.root
        (folder / ".gitignore").write_text(self.chance.choice(("*.md\n", "note*\n", "!note1.txt\n*.txt\n", "\n")))


def rebuilt(folder: Folder, home: Path) -> dict[str, tuple[str, bytes | None]]:
    database = Database(home / f"fresh{random.random()}.db", index, backups=home, durable=False)
    try:
        fresh = Folder(folder.root, database)
        fresh.look()
        fresh.read()
        return fresh.rows()
    finally:
        database.close()


@pytest.mark.parametrize("seed", range(6))
def test_after_a_storm_the_index_is_what_a_new_one_would_be(folder: Folder, tmp_path: Path, seed: int) -> None:
    storm = Storm(folder.root, seed)
    chance = random.Random(seed)
    for _ in range(12):
        for _ in range(chance.randint(1, 25)):
            storm.step()
        if chance.random() < 0.7:
            folder.look()
        if chance.random() < 0.7:
            folder.read()
    folder.look()
    folder.read()
    assert folder.rows() == rebuilt(folder, tmp_path)
    left = folder.db.rows(
        """SELECT 1 FROM contents WHERE left_at IS NULL
           AND NOT EXISTS (SELECT 1 FROM documents WHERE content_id = contents.id)"""
    )
    assert not left


# A real drive ---------------------------------------------------------------------------------------------------------


@contextmanager
def mounted(place: Path) -> Iterator[None]:
    done = subprocess.run(["mount", "-t", "tmpfs", "none", str(place)], capture_output=True, check=False)
    if done.returncode:
        pytest.skip("nothing can be mounted here")
    try:
        yield
    finally:
        subprocess.run(["umount", str(place)], check=True)


@pytest.mark.skipif(shutil.which("mount") is None or os.geteuid() != 0, reason="mounting needs root")
def test_a_real_drive_that_is_taken_away_and_comes_back(folder: Folder) -> None:
    (folder.root / "usb").mkdir()
    folder.write("home.txt")
    with mounted(folder.root / "usb"):
        folder.write("usb/a.txt", "usb/deep/b.txt")
        folder.look()
        folder.read()
    folder.look()
    assert folder.statuses() == {"home.txt": "indexed", "usb/a.txt": "offline", "usb/deep/b.txt": "offline"}
