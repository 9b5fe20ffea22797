"""Unpacking an engine: honest archives whole, others refused with one sentence and nothing outside the folder."""

from __future__ import annotations

import io
import os
import stat
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.cancel import CancelToken
from workbench.engine.runtimes import unpack as unpacking
from workbench.engine.runtimes.archive_names import link_stays_inside, member_path
from workbench.engine.runtimes.unpack import unpack
from workbench.errors import Cancelled, DownloadError

POSIX = pytest.mark.skipif(os.name != "posix", reason="links and modes of POSIX")
Entry = tuple[str, bytes | None, str | None, int]  # name, content, link target, mode


def entry(name: str, content: bytes | None = b"x", *, link: str | None = None, mode: int = 0o644) -> Entry:
    return name, content, link, mode


def tar(path: Path, *entries: Entry, kind: bytes | None = None) -> Path:
    with tarfile.open(path, "w:gz") as archive:
        for name, content, link, mode in entries:
            info = tarfile.TarInfo(name)
            info.mode = mode
            if link is not None:
                info.type, info.linkname = kind or tarfile.SYMTYPE, link
                archive.addfile(info)
            elif content is None:
                info.type = kind or tarfile.DIRTYPE
                archive.addfile(info)
            else:
                info.size = len(content)
                archive.addfile(info, io.BytesIO(content))
    return path


def zipped(path: Path, *entries: Entry) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content, link, mode in entries:
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            kind = stat.S_IFLNK if link is not None else stat.S_IFREG
            info.external_attr = (kind | mode) << 16
            archive.writestr(info, link if link is not None else content or b"")
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "inside"
    folder.mkdir()
    return folder


def everything(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir()}


@pytest.mark.parametrize(("make", "name"), [(tar, "a.tar.gz"), (zipped, "a.zip")])
def test_an_honest_archive(make: Callable[..., Path], name: str, tmp_path: Path, folder: Path) -> None:
    archive = make(
        tmp_path / name,
        entry("llama-b1/llama-server", b"program", mode=0o755),
        entry("llama-b1/lib/libggml.so.0", b"library"),
        entry("llama-b1/LICENSE", b"MIT"),
    )
    unpack(archive, folder, CancelToken())
    assert everything(folder) == {"llama-server", "lib/libggml.so.0", "LICENSE"}
    assert (folder / "llama-server").read_bytes() == b"program"
    if os.name == "posix":
        assert stat.S_IMODE((folder / "llama-server").stat().st_mode) == 0o700
        assert stat.S_IMODE((folder / "LICENSE").stat().st_mode) == 0o600
        assert stat.S_IMODE((folder / "lib").stat().st_mode) == 0o700


@POSIX
@pytest.mark.parametrize(("make", "name"), [(tar, "a.tar.gz"), (zipped, "a.zip")])
def test_links_within_the_folder_are_kept(make: Callable[..., Path], name: str, tmp_path: Path, folder: Path) -> None:
    archive = make(tmp_path / name, entry("b/lib.so", link="sub/lib.so.0"), entry("b/sub/lib.so.0", b"library"))
    unpack(archive, folder, CancelToken())
    assert (folder / "lib.so").is_symlink()
    assert (folder / "lib.so").read_bytes() == b"library"


def test_two_archives_come_to_lie_side_by_side(tmp_path: Path, folder: Path) -> None:
    unpack(tar(tmp_path / "a.tar.gz", entry("llama-b1/llama-server"), entry("llama-b1/x")), folder, CancelToken())
    unpack(tar(tmp_path / "b.tar.gz", entry("cudart/libcudart.so"), entry("cudart/y")), folder, CancelToken())
    assert everything(folder) == {"llama-server", "x", "libcudart.so", "y"}


BAD_NAMES = [
    "../evil",
    "/etc/evil",
    "a/../../evil",
    "..",
    "a/b\\..\\c",
    "C:evil",
    "evil\n",
    "a" * 500,
    "a/.../b",
]


@pytest.mark.parametrize("name", BAD_NAMES)
@pytest.mark.parametrize(("make", "file"), [(tar, "a.tar.gz"), (zipped, "a.zip")])
def test_names_that_lead_out(make: Callable[..., Path], file: str, name: str, tmp_path: Path, folder: Path) -> None:
    with pytest.raises(DownloadError, match="not allowed"):
        unpack(make(tmp_path / file, entry("ok"), entry(name)), folder, CancelToken())
    assert not (tmp_path / "evil").exists()


@POSIX
@pytest.mark.parametrize(
    "entries",
    [
        [entry("ok"), entry("l", link="../outside")],
        [entry("ok"), entry("l", link="/etc/passwd")],
        [entry("ok"), entry("a/l", link="../../x")],
        [entry("ok"), entry("d", link="."), entry("l", link="d/..")],
        [entry("ok"), entry("l", link="l2"), entry("l2", link="l")],  # a circle
        [entry("ok"), entry("a/b", link=".."), entry("a/b/evil", link="ok")],  # through a link
        [entry("ok"), entry("l", link="")],
    ],
    ids=["up", "absolute", "deep", "two steps", "circle", "through", "empty"],
)
@pytest.mark.parametrize(("make", "file"), [(tar, "a.tar.gz"), (zipped, "a.zip")])
def test_links_that_lead_out(
    make: Callable[..., Path], file: str, entries: list[Entry], tmp_path: Path, folder: Path
) -> None:
    with pytest.raises(DownloadError):
        unpack(make(tmp_path / file, *entries), folder, CancelToken())
    assert {path.name for path in tmp_path.iterdir()} == {"inside", file}


@POSIX
def test_a_second_archive_writes_through_no_link_of_the_first(tmp_path: Path, folder: Path) -> None:
    unpack(tar(tmp_path / "a.tar.gz", entry("f/x"), entry("l", link="f")), folder, CancelToken())
    with pytest.raises(DownloadError, match="link"):
        unpack(tar(tmp_path / "b.tar.gz", entry("l/x", b"other"), entry("k")), folder, CancelToken())
    assert (folder / "f" / "x").read_bytes() == b"x"


@pytest.mark.parametrize("kind", [tarfile.CHRTYPE, tarfile.FIFOTYPE, tarfile.LNKTYPE])
def test_devices_pipes_and_hard_links_are_refused(kind: bytes, tmp_path: Path, folder: Path) -> None:
    archive = tar(tmp_path / "a.tar.gz", entry("ok"), entry("strange", None, link="ok", mode=0o600), kind=kind)
    with pytest.raises(DownloadError, match="neither a file nor a folder"):
        unpack(archive, folder, CancelToken())


@pytest.mark.parametrize(("make", "name"), [(tar, "a.tar.gz"), (zipped, "a.zip")])
def test_a_bomb(
    make: Callable[..., Path], name: str, tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unpacking, "_GROWTH_BYTES", 1 << 20)
    archive = make(tmp_path / name, entry("a", bytes(1 << 20)), entry("b", bytes(1 << 20)))
    with pytest.raises(DownloadError, match="far more than an engine has"):
        unpack(archive, folder, CancelToken())


def test_a_bomb_that_lies_about_its_size(tmp_path: Path, folder: Path) -> None:
    """A zip whose directory says 10 bytes where 9 MB are: no reader gives more than that."""
    archive = zipped(tmp_path / "a.zip", entry("a", bytes(9 << 20)), entry("b"))
    size = (9 << 20).to_bytes(4, "little")
    archive.write_bytes(archive.read_bytes().replace(size, (10).to_bytes(4, "little")))
    with pytest.raises(DownloadError, match="damaged"):
        unpack(archive, folder, CancelToken())
    assert sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) < 1 << 20


def test_too_many_files(tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unpacking, "MOST_MEMBERS", 3)
    with pytest.raises(DownloadError, match="more than 3 files"):
        unpack(tar(tmp_path / "a.tar.gz", *(entry(f"f{number}") for number in range(4))), folder, CancelToken())


def test_an_empty_archive(tmp_path: Path, folder: Path) -> None:
    with pytest.raises(DownloadError, match="empty"):
        unpack(tar(tmp_path / "a.tar.gz"), folder, CancelToken())


@pytest.mark.parametrize(("make", "name"), [(tar, "a.tar.gz"), (zipped, "a.zip")])
@pytest.mark.parametrize("share", [0.0, 0.3, 0.6, 0.95])
def test_a_cut_archive(make: Callable[..., Path], name: str, share: float, tmp_path: Path, folder: Path) -> None:
    archive = make(tmp_path / name, entry("a", os.urandom(20_000)), entry("b", os.urandom(20_000)))
    content = archive.read_bytes()
    archive.write_bytes(content[: int(len(content) * share)])
    with pytest.raises(DownloadError, match=r"damaged|cannot be read"):
        unpack(archive, folder, CancelToken())


@pytest.mark.parametrize("name", ["a.tar.gz", "a.zip"])
def test_a_web_page_instead(name: str, tmp_path: Path, folder: Path) -> None:
    (tmp_path / name).write_bytes(b"<!doctype html><h1>Sign in</h1>" * 100)
    with pytest.raises(DownloadError, match=r"damaged|cannot be read"):
        unpack(tmp_path / name, folder, CancelToken())


def test_cancelled(tmp_path: Path, folder: Path) -> None:
    cancel = CancelToken()
    cancel.cancel()
    with pytest.raises(Cancelled):
        unpack(tar(tmp_path / "a.tar.gz", entry("a")), folder, cancel)


@given(st.text(max_size=60))
def test_a_name_is_refused_or_stays_below(name: str) -> None:
    try:
        path = member_path(name)
    except DownloadError:
        return
    assert not path.is_absolute()
    assert ".." not in path.parts
    assert path.parts


@given(st.lists(st.sampled_from(["a", "b", ".."]), max_size=6), st.lists(st.sampled_from(["a", ".."]), max_size=6))
def test_a_link_is_refused_or_stays_below(at: list[str], target: list[str]) -> None:
    path = "/".join(part for part in at if part != "..") or "l"
    if link_stays_inside(member_path(path), "/".join(target)):
        joined = os.path.normpath(os.path.join("/top", os.path.dirname(path), *target))  # noqa: PTH118, PTH120
        assert joined.startswith("/top")
