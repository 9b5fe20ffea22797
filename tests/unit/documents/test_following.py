"""Folders are followed: every change leads to a look at the right place, whatever is lost on the way."""

from __future__ import annotations

import os
import random
import shutil
import sys
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path, PureWindowsPath
from typing import Any

import pytest

from tests.unit.documents.test_files import Folder, Storm, rebuilt
from tests.unit.documents.test_scan import as_nobody
from workbench.db import Database
from workbench.documents.following.drives import kind_at, linux_mounts, macos_mounts, mounts_below, windows_network
from workbench.documents.following.follower import Follower
from workbench.documents.following.hints import ADDED, DELETED, MODIFIED, MOST_PLACES, Due, by_root, place_of
from workbench.documents.following.watching import Watcher
from workbench.documents.storing.schema import index

PATIENCE = 60.0


def wait_until(done: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE
    while not done():
        assert time.monotonic() < until
        time.sleep(0.01)


class Heard:
    """What a follower told."""

    def __init__(self) -> None:
        self.told: list[tuple[str, set[str]]] = []
        self._news = threading.Condition()

    def __call__(self, collection_id: str, places: set[str]) -> None:
        with self._news:
            self.told.append((collection_id, places))
            self._news.notify_all()

    def wait_for(self, place: str, collection_id: str = "c") -> None:
        def there() -> bool:
            return any(one == collection_id and place in places for one, places in self.told)

        with self._news:
            assert self._news.wait_for(there, PATIENCE), f"{place!r} was not told, but {self.told}"

    def clear(self) -> None:
        with self._news:
            self.told.clear()

    def places(self) -> set[str]:
        with self._news:
            return {place for _one, places in self.told for place in places}


@pytest.fixture
def heard() -> Heard:
    return Heard()


@pytest.fixture
def started(heard: Heard) -> Iterator[Callable[..., Follower]]:
    begun: list[Follower] = []

    def start(*roots: Path, live: bool = True, **more: Any) -> Follower:
        named = dict(zip("cdefgh", roots, strict=False))
        more.setdefault("check_seconds", 0.1)
        follower = Follower(named, heard, **more)
        begun.append(follower)
        follower.start()
        wait_until(lambda: all(name in follower.states() and follower.states()[name].live == live for name in named))
        return follower

    yield start
    for follower in begun:
        follower.close()


# With the real watcher ------------------------------------------------------------------------------------------------


def test_files_and_folders_that_change_are_told(tmp_path: Path, heard: Heard, started: Callable[..., Follower]) -> None:
    root = tmp_path / "root"
    (root / "in").mkdir(parents=True)
    started(root)
    (root / "in" / "a.txt").write_text("words")
    heard.wait_for("in/a.txt")
    (root / "in" / "a.txt").rename(root / "b.txt")
    heard.wait_for("b.txt")
    tree = tmp_path / "tree"
    (tree / "deep").mkdir(parents=True)
    (tree / "deep" / "c.txt").write_text("words")
    tree.rename(root / "came")  # its files come without events of their own
    heard.wait_for("came")
    (root / "came" / "deep" / "d.txt").write_text("words")
    heard.wait_for("came/deep/d.txt")
    (root / "came" / ".gitignore").write_text("*.log")
    heard.clear()
    (root / "came" / "deep" / ".workbenchignore").write_text("*.txt")
    heard.wait_for("came/deep")
    shutil.rmtree(root / "came")
    heard.wait_for("came")


def test_what_is_not_looked_into_is_not_told(tmp_path: Path, heard: Heard, started: Callable[..., Follower]) -> None:
    (tmp_path / "node_modules" / "x").mkdir(parents=True)
    started(tmp_path)
    (tmp_path / "node_modules" / "x" / "index.js").write_text("words")
    (tmp_path / "a.txt").write_text("words")
    heard.wait_for("a.txt")
    assert heard.places() == {"a.txt"}


def test_a_burst_becomes_a_few_looks_at_the_whole(
    tmp_path: Path, heard: Heard, started: Callable[..., Follower]
) -> None:
    started(tmp_path)
    for number in range(3_000):
        (tmp_path / f"{number}.txt").write_text("x")
    (tmp_path / "last").mkdir()
    heard.wait_for("")
    time.sleep(0.5)
    assert len(heard.told) < 40


def test_a_name_that_is_no_text_does_not_end_the_following(
    tmp_path: Path, heard: Heard, started: Callable[..., Follower]
) -> None:
    started(tmp_path)
    (tmp_path / os.fsdecode(b"caf\xe9.txt")).write_text("words")
    heard.wait_for("")  # the watcher cannot say it, so all is looked at
    (tmp_path / "a.txt").write_text("words")
    heard.wait_for("a.txt")


def test_a_root_that_goes_and_comes_back(tmp_path: Path, heard: Heard, started: Callable[..., Follower]) -> None:
    root = tmp_path / "root"
    root.mkdir()
    follower = started(root)
    root.rename(tmp_path / "away")
    heard.wait_for("")
    wait_until(lambda: not follower.states()["c"].live)
    (tmp_path / "away" / "while.txt").write_text("words")
    heard.clear()
    (tmp_path / "away").rename(root)
    heard.wait_for("")
    wait_until(lambda: follower.states()["c"].live)
    (root / "a.txt").write_text("words")
    heard.wait_for("a.txt")


def test_a_drive_that_comes_or_goes_inside_a_folder_is_looked_at_and_watched(
    tmp_path: Path, heard: Heard, started: Callable[..., Follower]
) -> None:
    """No event tells of it, and a watcher that began before sees nothing of the new drive."""
    mounted = ["1 0 0:1 / / rw - ext4 /dev/one rw"]
    watcher = Scripted()
    started(tmp_path, mounts=lambda: "\n".join(mounted), watcher=watcher)
    first = len(watcher.made)
    for line in (f"7 1 0:9 / {tmp_path}/in rw - ext4 /dev/two rw", f"8 1 0:9 / {tmp_path}/in rw - ext4 /dev/two rw"):
        heard.clear()
        mounted[1:] = [line]
        heard.wait_for("")
    heard.clear()
    del mounted[1]
    heard.wait_for("")
    assert len(watcher.made) == first + 3
    heard.clear()
    mounted.append("9 1 0:7 / /somewhere/else rw - ext4 /dev/three rw")
    time.sleep(0.35)
    assert not heard.told


def test_folders_are_added_and_taken_away(tmp_path: Path, heard: Heard, started: Callable[..., Follower]) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    one.mkdir()
    two.mkdir()
    follower = started(one)
    follower.follow({"d": two})
    wait_until(lambda: follower.states().keys() == {"d"} and follower.states()["d"].live)
    (one / "a.txt").write_text("words")
    (two / "b.txt").write_text("words")
    heard.wait_for("b.txt", "d")
    assert not [places for name, places in heard.told if name == "c"]


def test_nothing_is_told_after_the_end(tmp_path: Path, heard: Heard, started: Callable[..., Follower]) -> None:
    follower = started(tmp_path)
    follower.close()
    (tmp_path / "a.txt").write_text("words")
    time.sleep(0.3)
    assert not heard.told


@pytest.mark.parametrize("seed", range(3))
def test_an_index_that_is_followed_through_a_storm_is_what_a_new_one_would_be(tmp_path: Path, seed: int) -> None:
    """Looks only where the follower says so, while the storm goes on."""
    database = Database(tmp_path / "index.db", index, backups=tmp_path / "backups", durable=False)
    folder = Folder(tmp_path / "folder", database)
    folder.look()
    wanted: set[str] = set()
    news = threading.Condition()

    def changed(_collection_id: str, places: set[str]) -> None:
        with news:
            wanted.update(places)
            news.notify_all()

    follower = Follower({"c": folder.root}, changed)
    follower.start()
    wait_until(lambda: bool(follower.states()) and follower.states()["c"].live)
    try:
        storm, chance = Storm(folder.root, 500 + seed), random.Random(seed)
        for _ in range(40):
            for _ in range(chance.randint(1, 12)):
                storm.step()
            time.sleep(chance.choice((0, 0, 0.02, 0.2)))
            with news:
                places, wanted = wanted, set()
            if places:
                folder.look(*places)
        quiet = time.monotonic() + 3.5  # new folders are told twice, the second time after two seconds
        while time.monotonic() < quiet:
            with news:
                news.wait(0.2)
                places, wanted = wanted, set()
            if places:
                folder.look(*places)
        folder.read()
        assert folder.rows() == rebuilt(folder, tmp_path)
    finally:
        follower.close()
        database.close()


# With a watcher that does what it is told ------------------------------------------------------------------------------


class Scripted:
    """A watcher whose events are put in; `room` says how many roots fit into all of them."""

    def __init__(self, room: int = 99, broken: str = "") -> None:
        self.made: list[list[str]] = []
        self.room = room
        self.broken = broken
        self.events: list[set[tuple[int, str]]] = []
        self.watched: list[str] = []

    def __call__(self, paths: list[str]) -> Watcher:
        self.made.append(paths)
        if len(paths) > self.room:
            raise OSError("OS file watch limit reached.")
        self.watched = paths
        return self

    def watch(self, _debounce: int, _step: int, timeout: int, stop: Any, /) -> set[tuple[int, str]] | str:
        if self.broken:
            raise RuntimeError(f'Unable to decode path "{self.broken}/\\xFF" to string')
        if self.events:
            return self.events.pop(0)
        return "stop" if stop.wait(min(timeout / 1000, 0.02)) else "timeout"

    def close(self) -> None:
        pass


def test_without_room_for_watches_folders_are_looked_at_now_and_then(
    tmp_path: Path, heard: Heard, started: Callable[..., Follower]
) -> None:
    roots = [tmp_path / name for name in ("one", "two", "three")]
    for root in roots:
        root.mkdir()
    moment = [0.0]
    follower = started(*roots, live=False, watcher=Scripted(room=0), clock=lambda: moment[0])
    wait_until(lambda: all("fs.inotify.max_user_watches" in state.note for state in follower.states().values()))
    assert not heard.told
    moment[0] = 61.0
    for name in "cde":
        heard.wait_for("", name)


def test_what_fits_is_watched_and_the_rest_is_told(tmp_path: Path, heard: Heard) -> None:
    roots = {name: tmp_path / name for name in ("one", "two", "three")}
    for root in roots.values():
        root.mkdir()
    watcher = Scripted(room=2)
    follower = Follower(roots, heard, watcher=watcher)
    follower.start()
    try:
        wait_until(lambda: sum(state.live for state in follower.states().values()) == 2)
        assert watcher.watched == [str(root) for root in list(roots.values())[:2]]
        assert [name for name, state in follower.states().items() if state.note] == ["three"]
    finally:
        follower.close()


@pytest.mark.skipif(sys.platform != "linux", reason="other systems watch a tree as one")
def test_a_folder_that_may_not_be_looked_into_is_told(heard: Heard, started: Callable[..., Follower]) -> None:
    with as_nobody() as folder:
        (folder / "secret").mkdir()
        (folder / "secret").chmod(0)
        follower = started(folder, live=False)
        wait_until(lambda: "may not be looked into" in follower.states()["c"].note)
        follower.close()
        (folder / "secret").chmod(0o700)


def test_network_drives_are_not_watched(tmp_path: Path, heard: Heard, started: Callable[..., Follower]) -> None:
    moment = [0.0]
    watcher = Scripted()
    follower = started(tmp_path, live=False, watcher=watcher, network=lambda _path: True, clock=lambda: moment[0])
    wait_until(lambda: bool(follower.states()["c"].note))
    assert "network drive" in follower.states()["c"].note
    assert not watcher.made
    moment[0] = 121.0
    heard.wait_for("")


def test_a_watcher_that_always_fails_is_given_up_for_a_while(
    tmp_path: Path, heard: Heard, started: Callable[..., Follower]
) -> None:
    watcher = Scripted(broken=str(tmp_path))
    follower = started(tmp_path, live=False, watcher=watcher, check_seconds=5)
    wait_until(lambda: "cannot be read" in follower.states()["c"].note)
    assert len(watcher.made) <= 5
    heard.wait_for("")


def test_live_folders_are_looked_at_anyway_now_and_then(
    tmp_path: Path, heard: Heard, started: Callable[..., Follower]
) -> None:
    moment = [0.0]
    started(tmp_path, watcher=Scripted(), clock=lambda: moment[0])
    moment[0] = 899.0
    time.sleep(0.1)
    assert not heard.told
    moment[0] = 901.0
    heard.wait_for("")


def test_what_changes_before_the_watching_has_begun_is_looked_at(
    tmp_path: Path, heard: Heard, started: Callable[..., Follower]
) -> None:
    """Between the first look and the first watch no event is told: where the whole is looked at first, none is needed."""
    follower = started(tmp_path, watcher=Scripted(), look_first=True)
    heard.wait_for("")
    heard.clear()
    (tmp_path / "second").mkdir()
    follower.follow({"c": tmp_path, "d": tmp_path / "second"})
    heard.wait_for("", "d")


def test_whoever_listens_and_fails_ends_nothing(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    calls: list[set[str]] = []

    def changed(_collection_id: str, places: set[str]) -> None:
        calls.append(places)
        raise ValueError("a mistake")

    def told(name: str) -> bool:
        return any(name in places for places in calls)

    watcher = Scripted()
    follower = Follower({"c": tmp_path}, changed, watcher=watcher)
    follower.start()
    try:
        for name in ("a", "b"):
            watcher.events.append({(MODIFIED, str(tmp_path / name))})
            wait_until(partial(told, name))
    finally:
        follower.close()
    assert "could not be told" in caplog.text


# Decisions ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("/r", ""),
        ("/r/a.txt", "a.txt"),
        ("/r/b/c", "b/c"),
        ("/r/b/.gitignore", "b"),
        ("/r/.workbenchignore", ""),
        ("/r/v/pyvenv.cfg", "v"),
        ("/r/node_modules", "node_modules"),
        ("/r/.git/index", None),
        ("/rest/a.txt", None),
    ],
)
def test_where_to_look(path: str, place: str | None) -> None:
    assert place_of(path, "/r") == place
    assert place_of(path, "/r/") == place or path == "/r"


def test_events_of_windows_and_of_other_ways_to_write_a_root() -> None:
    assert place_of("C:\\Users\\me\\b\\c.txt", "C:\\Users\\me", "\\") == "b/c.txt"
    events = [(ADDED, "/private/var/x/a"), (DELETED, "/private/var/x/a"), (MODIFIED, "/var/x/b"), (ADDED, "/else")]
    assert by_root(events, {"c": ("/var/x", "/private/var/x")}, "/") == {"c": {"a": ADDED, "b": MODIFIED}}


def test_a_storm_is_told_as_a_whole_now_and_then_and_at_its_end() -> None:
    due = Due()
    for number in range(MOST_PLACES + 1):
        due.want(str(number))
    assert due.take(10.0) == {""}
    due.want("a")
    due.want("")
    assert due.take(10.5) == set()
    assert due.next == 12.0
    assert due.take(12.0) == {""}
    assert due.take(13.0) == set()
    assert due.next == float("inf")


def test_a_new_folder_is_told_again() -> None:
    due = Due()
    due.want("a")
    due.want_again("a", 2.0)
    assert due.take(0.0) == {"a"}
    due.want("b")
    assert due.take(1.0) == {"b"}
    assert due.take(2.0) == {"a"}
    due.whole_at = 5.0
    assert due.take(5.0) == {""}


MOUNTINFO = """\
22 27 0:21 / /proc rw,nosuid shared:12 - proc proc rw
27 1 259:2 / / rw,relatime shared:1 - ext4 /dev/nvme0n1p2 rw
90 27 0:55 / /mnt/nas rw,relatime shared:50 - cifs //nas/share rw,vers=3.1.1
91 27 0:56 / /home/me/my\\040server rw shared:51 - fuse.sshfs me@host: rw
92 27 8:17 / /media/me/STICK rw - vfat /dev/sdb1 rw
"""
MOUNT = """\
/dev/disk3s1s1 on / (apfs, sealed, local, read-only, journaled)
/dev/disk3s5 on /System/Volumes/Data (apfs, local, journaled, nobrowse, protect)
//me@nas._smb._tcp.local/Home on /Volumes/Home (smbfs, nodev, nosuid, mounted by me)
/dev/disk4s1 on /Volumes/My Stick (1) (exfat, local, nodev, nosuid, noowners, noatime, fskit)
"""


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/home/me/notes", "ext4"),
        ("/mnt/nas", "cifs"),
        ("/mnt/nas/papers", "cifs"),
        ("/mnt/nasty", "ext4"),
        ("/home/me/my server/x", "fuse.sshfs"),
        ("/media/me/STICK/a", "vfat"),
    ],
)
def test_drives_of_linux(path: str, kind: str) -> None:
    assert kind_at(path, linux_mounts(MOUNTINFO)) == kind


def test_drives_inside_a_folder() -> None:
    told = r"""1 0 0:1 / / rw - ext4 /dev/a rw
2 1 0:2 / /home/me rw - ext4 /dev/b rw
3 2 0:3 / /home/me/My\040Drive rw - vfat /dev/c rw
4 2 0:4 / /home/meadow rw - vfat /dev/d rw
nonsense
"""
    assert mounts_below("/home/me", told) == {("3", "/home/me/My Drive")}
    assert len(mounts_below("/", told)) == 3
    assert not mounts_below("/srv", told)


@pytest.mark.parametrize(
    ("path", "kind"),
    [("/Users/me", "apfs"), ("/Volumes/Home/notes", "smbfs"), ("/Volumes/My Stick (1)/a", "exfat")],
)
def test_drives_of_macos(path: str, kind: str) -> None:
    assert kind_at(path, macos_mounts(MOUNT)) == kind


@pytest.mark.parametrize(
    ("path", "drive_type", "network"),
    [("C:\\x", 3, False), ("D:\\x", 2, False), ("Z:\\x", 4, True), ("\\\\nas\\share\\x", 1, True)],
)
def test_drives_of_windows(path: str, drive_type: int, network: bool) -> None:
    assert windows_network(PureWindowsPath(path), drive_type) is network
