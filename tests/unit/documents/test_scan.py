"""A look at a folder sees every file once, opens none, and says why it could not see one."""

from __future__ import annotations

import errno
import os
import socket
import stat
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from workbench.cancel import CancelToken
from workbench.documents.collection import FileStatus, Rules
from workbench.documents.scanning import rooted
from workbench.documents.scanning.placeholders import extended, leads_elsewhere
from workbench.documents.scanning.scan import IN_CLOUD, LINK, scan
from workbench.documents.scanning.seen import FOLDER, Other, Scan, inside, places_of
from workbench.errors import Cancelled

NOBODY = 65534


def look(root: Path, under: str | tuple[str, ...] = "", **more: Any) -> Scan:
    return scan(root, Rules(), CancelToken(), under, **more)


@contextmanager
def as_nobody() -> Iterator[Path]:
    """In this block: a user to whom permissions mean something, and a folder that is theirs."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        folder.chmod(0o755)
        root = os.geteuid() == 0
        if root:
            os.chown(folder, NOBODY, NOBODY)
            os.seteuid(NOBODY)
        try:
            yield folder
        finally:
            if root:
                os.seteuid(0)


def test_files_are_told_with_what_they_are_known_by(tmp_path: Path) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "b" / "c.txt").write_text("words")
    os.utime(tmp_path / "a" / "b" / "c.txt", ns=(1, 1_700_000_000_123_456_789))
    found = look(tmp_path)
    status = (tmp_path / "a" / "b" / "c.txt").stat()
    assert dict(found.files) == {"a/b/c.txt": (5, 1_700_000_000_123_456_789, status.st_dev, status.st_ino)}
    assert found.device == tmp_path.stat().st_dev
    assert (found.problem, found.whole, dict(found.others), dict(found.blind)) == ("", True, {}, {})


def test_what_is_no_file_is_told_and_never_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")  # opening one would wait for ever
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "socket.txt"))
        found = look(tmp_path)
    assert {path: other.reason for path, other in found.others.items()} == {
        "pipe.txt": "It is a pipe, not a file.",
        "socket.txt": "It is a socket, not a file.",
    }
    assert look(tmp_path, "pipe.txt").others == {"pipe.txt": found.others["pipe.txt"]}


def test_links_are_told_and_lead_nowhere(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "a.txt").write_text("words")
    (tmp_path / "circle").symlink_to(tmp_path)
    (tmp_path / "folder" / "up").symlink_to("..")
    (tmp_path / "file.txt").symlink_to("folder/a.txt")
    (tmp_path / "nothing.txt").symlink_to("nowhere")
    found = look(tmp_path)
    assert set(found.files) == {"folder/a.txt"}
    assert found.others == dict.fromkeys(("circle", "folder/up", "file.txt", "nothing.txt"), LINK)
    through = look(tmp_path, ("circle/folder/a.txt", "folder/up/folder"))
    assert not through.files


def test_names_that_are_no_text_and_long_ones(tmp_path: Path) -> None:
    odd = os.fsencode(tmp_path) + b"/caf\xe9.txt"
    Path(os.fsdecode(odd)).write_text("words")
    deep = tmp_path
    for _ in range(6):
        deep = deep / ("x" * 200)
        deep.mkdir()
    (deep / "end.txt").write_text("words")
    (tmp_path / f"{'y' * 251}.txt").write_text("words")
    (tmp_path / "two\nlines.txt").write_text("words")
    found = look(tmp_path)
    assert {"caf\udce9.txt", "two\nlines.txt", f"{'y' * 251}.txt"} < set(found.files)
    assert any(path.endswith("/end.txt") and len(path) > 1200 for path in found.files)


def test_a_path_that_is_too_long_for_the_system_is_told(tmp_path: Path) -> None:
    here = os.open(tmp_path, os.O_RDONLY)
    try:
        for _ in range(20):  # deeper than a path can say
            os.mkdir("x" * 250, dir_fd=here)
            inner = os.open("x" * 250, os.O_RDONLY, dir_fd=here)
            os.close(here)
            here = inner
    finally:
        os.close(here)
    found = look(tmp_path)
    assert [other.reason for other in found.others.values()] == ["Its path is longer than the system can open."]


def test_folders_that_may_not_be_looked_into_are_not_empty() -> None:
    with as_nobody() as folder:
        (folder / "secret").mkdir()
        (folder / "secret" / "a.txt").write_text("words")
        (folder / "listed").mkdir()
        (folder / "listed" / "b.txt").write_text("words")
        (folder / "secret").chmod(0)
        (folder / "listed").chmod(0o400)  # its names can be read, its files not
        try:
            found = look(folder)
            inner = look(folder, "secret/a.txt")
            folder.chmod(0)
            closed = look(folder)
        finally:
            for path in (folder, folder / "secret", folder / "listed"):
                path.chmod(0o700)
    assert {path: other.status for path, other in found.blind.items()} == {
        "secret": FileStatus.NO_PERMISSION,
        "listed/b.txt": FileStatus.NO_PERMISSION,
    }
    assert set(inner.blind) == {"secret/a.txt"}
    assert (closed.problem_kind, dict(closed.files)) == ("no_permission", {})
    assert closed.problem


def failing(monkeypatch: pytest.MonkeyPatch, ending: str, error: OSError) -> None:
    """From now on a path with this ending cannot be opened or listed."""

    def instead(call: Callable[..., Any]) -> Callable[..., Any]:
        def refuse(path: Any, *more: Any, **rest: Any) -> Any:
            if isinstance(path, str) and path.endswith(ending):
                raise error
            return call(path, *more, **rest)

        return refuse

    monkeypatch.setattr(os, "open", instead(os.open))
    monkeypatch.setattr(os, "scandir", instead(os.scandir))


def test_what_vanishes_while_it_is_looked_at_is_simply_gone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "x.txt").write_text("words")
    failing(monkeypatch, "/b", FileNotFoundError(errno.ENOENT, "gone"))
    found = look(tmp_path)
    assert set(found.files) == {"a/x.txt"}
    assert not found.blind


def test_a_folder_whose_drive_fails_keeps_what_is_known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "b").mkdir()
    failing(monkeypatch, "/b", OSError(errno.EIO, "bad sector"))
    found = look(tmp_path)
    assert found.blind["b"].status is FileStatus.OFFLINE
    assert "Input/output error" in found.blind["b"].reason


def test_a_cloud_drives_files_are_counted_and_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "far").mkdir()
    for name, text in (("here.txt", "words"), ("there.txt", "many words"), ("far/x.txt", "w"), (".gitignore", "*")):
        (tmp_path / name).write_text(text)

    def elsewhere(status: os.stat_result) -> bool:
        return status.st_ino != (tmp_path / "here.txt").stat().st_ino

    opened: list[str] = []
    opening = os.open

    def noted(path: str, flags: int) -> int:
        if not flags & os.O_DIRECTORY:
            opened.append(path)
        return opening(path, flags)

    monkeypatch.setattr(os, "open", noted)
    found = look(tmp_path, elsewhere=elsewhere)
    assert set(found.files) == {"here.txt"}
    there = found.others["there.txt"]
    assert (there.status, there.reason, there.bytes) == (FileStatus.IN_CLOUD, IN_CLOUD, 10)
    assert (found.others["far"].status, found.others["far"].modified_ns) == (FileStatus.IN_CLOUD, FOLDER)
    assert not opened  # not even the ignore file, which would be downloaded


def test_places_are_looked_at_for_themselves(tmp_path: Path) -> None:
    for name in ("a/x.txt", "a/y.txt", "ab/z.txt", "c.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("words")
    assert set(look(tmp_path, "a").files) == {"a/x.txt", "a/y.txt"}
    found = look(tmp_path, ("a/x.txt", "c.txt", "gone.txt", "c.txt/below", "../outside", "a//x"))
    assert set(found.files) == {"a/x.txt", "c.txt"}
    assert not found.whole
    assert look(tmp_path, ("a", "")).whole


def test_an_old_spelling_is_the_file_under_its_new_one(tmp_path: Path) -> None:
    """As on macOS and Windows after "Notes/A.txt" was renamed: the old name finds the file too."""
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "a.txt").write_text("words")
    (tmp_path / "caf\N{LATIN SMALL LETTER E}\N{COMBINING ACUTE ACCENT}").mkdir()
    found = look(tmp_path, ("Notes/A.txt", "caf\N{LATIN SMALL LETTER E WITH ACUTE}", "gone"), exact_names=False)
    assert set(found.files) == {"notes/a.txt"}
    assert {"Notes/A.txt", "notes/a.txt", "gone"} < set(found.places)
    assert not look(tmp_path, "Notes/A.txt", exact_names=True).files


def test_places_within_places() -> None:
    assert places_of(("b", "a/b", "a", "a.txt", "a/b/c")) == ("a", "a.txt", "b")
    assert places_of(()) == ("",)
    assert inside("a/b", ("a",))
    assert not inside("ab", ("a",))


def test_a_mount_inside_is_known(tmp_path: Path) -> None:
    found = Scan(device=1, mounts={"usb": 2, "usb/deep": 3})
    assert [found.device_at(path) for path in ("a", "usb", "usb/a", "usb/deep/b")] == [1, 1, 2, 3]


def test_cancelling_ends_a_look(tmp_path: Path) -> None:
    cancel = CancelToken()
    cancel.cancel()
    with pytest.raises(Cancelled):
        scan(tmp_path, Rules(), cancel)


# The folder itself ----------------------------------------------------------------------------------------------------


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    found = look(tmp_path / "gone" / "deeper")
    assert (found.problem_kind, found.device) == ("missing", tmp_path.stat().st_dev)
    (tmp_path / "file").write_text("words")
    assert look(tmp_path / "file").problem_kind == "missing"
    assert look(Path("/media/somebody/USB")).problem_kind == "offline"


@pytest.mark.parametrize(
    ("path", "windows", "kind"),
    [
        ("/Volumes/Backup/notes", False, "offline"),
        ("/run/media/me/STICK", False, "offline"),
        ("/home/me/notes", False, "missing"),
        ("Z:\\notes", True, "offline"),
        ("C:\\Users\\me\\notes", True, "missing"),
        ("\\\\nas\\share\\notes", True, "offline"),
    ],
)
def test_drives_that_are_away_are_told_from_folders_that_went(path: str, windows: bool, kind: str) -> None:
    assert rooted.lost(path, windows=windows, there=lambda drive: drive == "C:\\")[1] == kind


def test_a_server_that_does_not_answer_is_offline() -> None:
    hangs = threading.Event()
    try:
        found = rooted.look("/anywhere", 0.05, lambda _path: hangs.wait(20) and 0)
        assert (found.problem_kind, found.problem) == ("offline", "Its drive or server does not answer.")
    finally:
        hangs.set()


@pytest.mark.parametrize(
    ("code", "kind"), [(errno.EPERM, "no_permission"), (errno.EIO, "offline"), (errno.ESTALE, "offline")]
)
def test_why_a_folder_cannot_be_listed(code: int, kind: str) -> None:
    def refuses(_path: str) -> int:
        raise OSError(code, os.strerror(code))

    found = rooted.look("/anywhere", listed=refuses)
    assert found.problem_kind == kind
    assert found.problem


def test_what_macos_keeps_private_says_where_to_allow_it() -> None:
    assert "System Settings" in rooted.refusal(errno.EPERM, "darwin")
    assert "System Settings" not in rooted.refusal(errno.EACCES, "darwin")
    assert "System Settings" not in rooted.refusal(errno.EPERM, "linux")


# Windows --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("attributes", "tag", "leads"),
    [
        (0x10, 0, False),  # a folder
        (0x410, 0xA0000003, True),  # a junction
        (0x410, 0xA000000C, True),  # a symbolic link
        (0x410, 0x9000601A, False),  # OneDrive's: FILE_ATTRIBUTE_REPARSE_POINT too, and leads nowhere
    ],
)
def test_junctions_are_links(attributes: int, tag: int, leads: bool) -> None:
    status: Any = SimpleNamespace(st_file_attributes=attributes, st_reparse_tag=tag, st_mode=stat.S_IFDIR)
    assert leads_elsewhere(status) is leads


def test_long_paths_on_windows() -> None:
    assert extended("C:\\Users\\me", windows=True) == "\\\\?\\C:\\Users\\me"
    assert extended("\\\\server\\share\\x", windows=True) == "\\\\?\\UNC\\server\\share\\x"
    assert extended("\\\\?\\C:\\x", windows=True) == "\\\\?\\C:\\x"
    assert extended("/home/me", windows=False) == "/home/me"


def test_a_file_that_is_not_read_keeps_its_size(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"12345")
    other = look(tmp_path).others["a.png"]
    assert other == Other(FileStatus.SKIPPED, "Pictures have no text.", 5, (tmp_path / "a.png").stat().st_mtime_ns)
