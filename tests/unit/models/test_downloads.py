"""The queue of downloads over a real database, real files and a hub on loopback."""

from __future__ import annotations

import hashlib
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.fakes import http_server as fake
from tests.fakes.gguf_file import tiny_model
from tests.fakes.http_server import Exchange, ScriptedServer
from tests.fakes.hub import COMMIT, LoopbackHub, Repository
from tests.patience import PATIENCE
from workbench import migrations, ownership
from workbench.cancel import CancelToken
from workbench.clock import SystemClock
from workbench.db import Database
from workbench.errors import Cancelled, DownloadError, StorageError, UsageError
from workbench.events import Bus, Changed, Topic
from workbench.jobs import Job
from workbench.models.fetching import downloads as queue_module
from workbench.models.fetching.download import Patience
from workbench.models.fetching.downloads import DownloadQueue
from workbench.models.fetching.fetchers import Fetchers
from workbench.models.fetching.hub import Hub
from workbench.models.fetching.limiter import Limiter, Pace
from workbench.models.fetching.partial import NoRoomError, free_bytes, locked
from workbench.models.fetching.preallocate import allocated_bytes
from workbench.models.fetching.progress import DownloadProgress
from workbench.models.fetching.pull import PARTIAL_FOLDER
from workbench.models.fetching.queue import DownloadItem, DownloadState
from workbench.models.fetching.queue_store import QueueStore
from workbench.models.fetching.room import Room
from workbench.models.service import ModelService
from workbench.paths import Paths
from workbench.settings import Downloads

READY, RUNNING, QUEUED = DownloadState.READY, DownloadState.RUNNING, DownloadState.QUEUED
PAUSED, FAILED = DownloadState.PAUSED, DownloadState.FAILED
MODEL = tiny_model("One") + random.Random(5).randbytes(3_000_000)
QUICK = Patience(attempts=4, first_wait=0.001)
REFERENCE = "o/r/m.gguf"


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue_module, "TRY_AGAIN_SECONDS", 0.05)


@pytest.fixture
def server() -> Iterator[LoopbackHub]:
    with LoopbackHub() as running:
        yield running


class EngineShop:
    """`EngineBuilds` that remember what they were asked; ``broken``: they fail."""

    def __init__(self) -> None:
        self.fetched: list[tuple[str, Pace]] = []
        self.discarded: list[str] = []
        self.broken = False

    def fetch(self, build_id: str, job: Job, pace: Pace) -> None:
        job.emit(DownloadProgress(1, 2, None, None))
        self.fetched.append((build_id, pace))
        if self.broken:
            raise DownloadError("It broke off.")

    def discard(self, build_id: str) -> None:
        self.discarded.append(build_id)


class Desk:
    """A home with a queue, as one process has it."""

    def __init__(self, home: Path, server: LoopbackHub, patience: Patience = QUICK, token: str = "hf_x") -> None:
        self.paths = Paths(home)
        self.paths.prepare()
        clock, self.bus = SystemClock(), Bus()
        self.database = Database(self.paths.database, migrations.workbench, backups=self.paths.backups)
        self.models = ModelService(self.paths, self.database, clock, self.bus)
        self.settings = Downloads()
        self.free: Callable[[Path], int] = free_bytes
        self.engines = EngineShop()
        limiter = Limiter(lambda: 1e6 * self.settings.limit_megabytes_per_second, clock)
        hub = Hub({"HF_ENDPOINT": server.url(""), "HF_TOKEN": token})
        room = Room(lambda folder: self.free(folder))
        fetchers = Fetchers(self.paths.models, self.models, hub, self.engines, clock, limiter.take, room, patience)
        self.store = QueueStore(self.database, clock)
        self.queue = DownloadQueue(self.store, fetchers, lambda: self.settings, self.bus, clock)

    def wait(self, item: DownloadItem, *states: DownloadState, having: str = "") -> DownloadItem:
        """The item as it is once it is in one of ``states``, with ``having`` in its step or error."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            found = next((one for one in self.queue.items() if one.id == item.id), None)
            if found and found.state in states and having in f"{found.step} {found.error}":
                return found
            time.sleep(0.005)
        raise AssertionError(self.queue.items())

    def gone(self, item: DownloadItem) -> bool:
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            if item.id not in [one.id for one in self.queue.items()]:
                return True
            time.sleep(0.005)
        return False

    @property
    def target(self) -> Path:
        return self.paths.models / "o" / "r" / "m.gguf"

    @property
    def staged(self) -> list[str]:
        """Files in the hidden folder that hold something."""
        folder = self.paths.models / PARTIAL_FOLDER
        return sorted(path.name for path in folder.rglob("*") if path.is_file() and path.suffix != ".lock")

    def close(self) -> None:
        self.queue.close()
        self.database.close()


@pytest.fixture
def desk(tmp_path: Path, server: LoopbackHub) -> Iterator[Desk]:
    desk = Desk(tmp_path / "home", server)
    desk.queue.start()
    yield desk
    desk.close()


class Gate:
    """A CDN reply that sends ``before`` bytes, and the rest when it is opened."""

    def __init__(self, content: bytes, before: int) -> None:
        self.opened = threading.Event()
        self.reply = fake.file(content, then=lambda exchange, body: self._send(exchange, body, before))

    def _send(self, exchange: Exchange, body: bytes, before: int) -> None:
        exchange.body(body[: before - fake.BLOCK])
        time.sleep(0.15)  # progress is told ten times a second
        exchange.body(body[before - fake.BLOCK : before])
        exchange.handler.wfile.flush()
        while not self.opened.wait(0.01):
            if exchange.server.closing.is_set():
                return
        exchange.body(body[before:])


def serve(server: LoopbackHub, content: bytes = MODEL) -> Repository:
    return server.add("o/r", m=content)


# Arriving -------------------------------------------------------------------------------------------------------------


def test_all_parts_and_the_projector_become_one_model(desk: Desk, server: LoopbackHub) -> None:
    parts = {f"Q4__m-0000{part}-of-00002": tiny_model("Parts") + bytes(part) for part in (1, 2)}
    server.add("o/r", **parts, **{"mmproj-F16": tiny_model("Eye")})
    item = desk.queue.add("o/r/Q4/m-00001-of-00002.gguf")
    assert item.title == "o/r/Q4/m-00001-of-00002.gguf"
    done = desk.wait(item, READY)
    assert (done.title, done.bytes) == ("m-00001-of-00002", done.total_bytes)
    (model,) = desk.models.list()
    assert model.path == desk.paths.models / "o/r/Q4/m-00001-of-00002.gguf"
    record = desk.database.row("SELECT * FROM models")
    assert record is not None
    assert (record["repository"], record["revision"]) == ("o/r", COMMIT)
    assert record["projector"] == "o/r/mmproj-F16.gguf"
    assert desk.staged == []
    if os.name == "posix":
        assert all(folder.stat().st_mode & 0o077 == 0 for folder in desk.paths.models.rglob("*") if folder.is_dir())


def test_the_library_never_sees_half_a_model(desk: Desk, server: LoopbackHub) -> None:
    parts = {f"m-0000{part}-of-00002": MODEL + bytes(part) for part in (1, 2)}
    server.add("o/r", **parts)
    gate = Gate(parts["m-00002-of-00002"], 100_000)
    server.script("/cdn/o/r/m-00002-of-00002.gguf", gate.reply)
    item = desk.queue.add("o/r/m-00001-of-00002.gguf")
    while "m-00001-of-00002.gguf" not in desk.staged:
        time.sleep(0.005)
    assert desk.models.list() == ()
    gate.opened.set()
    desk.wait(item, READY)
    assert len(desk.models.list()) == 1


def test_what_is_here_already_is_not_fetched_again(desk: Desk, server: LoopbackHub) -> None:
    serve(server)
    item = desk.queue.add(REFERENCE)
    desk.wait(item, READY)
    sent = server.body_bytes
    desk.queue.clear()
    desk.wait(desk.queue.add(REFERENCE), READY)
    assert server.body_bytes - sent < 5000  # the listing


def test_engines_and_starters_go_their_own_ways(desk: Desk) -> None:
    desk.wait(desk.queue.add("engine:cuda-12", "CUDA engine"), READY)
    assert [name for name, _pace in desk.engines.fetched] == ["cuda-12"]
    with pytest.raises(UsageError):
        desk.queue.add("no such thing")
    with pytest.raises(UsageError):
        desk.queue.add("o/r/../../evil.gguf")


def test_an_engine_keeps_the_limit_and_its_rest_is_thrown_away_with_it(desk: Desk) -> None:
    desk.engines.broken = True
    item = desk.wait(desk.queue.add("engine:cuda-12"), FAILED)
    assert desk.engines.fetched == [("cuda-12", desk.queue.pace)]
    assert desk.engines.discarded == []
    desk.queue.cancel(item.id)
    assert desk.engines.discarded == ["cuda-12"]


def test_what_has_arrived_of_a_starter_is_thrown_away_with_it(desk: Desk) -> None:
    starter = desk.models.starters()[0]
    workshop = desk.paths.models / ".partial"
    workshop.mkdir()
    names = [starter.file, *(piece.wheel for piece in starter.pieces)]
    for name in names:
        (workshop / f"{name}.part").write_bytes(b"x")
    desk.queue.close()
    item = desk.queue.add(starter.id)
    desk.queue.cancel(item.id)
    assert not list(workshop.glob("*.part"))


def test_first_come_first_served_and_so_many_at_once(desk: Desk, server: LoopbackHub) -> None:
    names = ["a", "b", "c", "d"]
    server.add("o/r", **{name: MODEL + name.encode() for name in names})
    gates = {name: Gate(MODEL + name.encode(), 100_000) for name in names}
    for name in names:
        server.script(f"/cdn/o/r/{name}.gguf", gates[name].reply)
    items = [desk.queue.add(f"o/r/{name}.gguf") for name in names]
    for item in items[:2]:
        desk.wait(item, RUNNING, having="fetching")
    assert [item.state for item in desk.queue.items()] == [RUNNING, RUNNING, QUEUED, QUEUED]
    desk.settings = replace(desk.settings, at_once=3)
    desk.bus.publish(Topic.SETTINGS)
    desk.wait(items[2], RUNNING, having="fetching")
    assert [item.state for item in desk.queue.items()][3] is QUEUED
    for gate in gates.values():
        gate.opened.set()
    for item in items:
        desk.wait(item, READY)


def test_the_same_reference_twice_is_one_download(desk: Desk, server: LoopbackHub) -> None:
    serve(server)
    assert desk.queue.add(REFERENCE).id == desk.queue.add(f" {REFERENCE}").id
    assert len(desk.queue.items()) == 1


def test_it_is_told(desk: Desk, server: LoopbackHub) -> None:
    told: list[Changed] = []
    desk.bus.subscribe(told.append)
    serve(server)
    desk.wait(desk.queue.add(REFERENCE), READY)
    desk.queue.close()
    topics = [topic for change in told for topic in change.topics]
    assert Topic.DOWNLOADS in topics
    assert Topic.MODELS in topics


# Pausing, cancelling, restarting --------------------------------------------------------------------------------------


def begun(desk: Desk, server: LoopbackHub, before: int = 1_500_000) -> tuple[DownloadItem, Gate]:
    """A download of which ``before`` bytes are there and no more come."""
    serve(server)
    gate = Gate(MODEL, before)
    server.script("/cdn/o/r/m.gguf", gate.reply)
    item = desk.queue.add(REFERENCE)
    while desk.wait(item, RUNNING).bytes < before - 100_000:
        time.sleep(0.005)
    return item, gate


def test_pause_keeps_and_resume_goes_on(desk: Desk, server: LoopbackHub) -> None:
    item, gate = begun(desk, server)
    desk.queue.pause(item.id)
    assert desk.wait(item, PAUSED).bytes > 1_000_000
    while threading.active_count() and any(thread.name == "download" for thread in threading.enumerate()):
        time.sleep(0.005)
    part = desk.paths.models / PARTIAL_FOLDER / "o/r/m.gguf.part"
    assert allocated_bytes(part) < len(MODEL)  # what was only reserved is given back
    gate.opened.set()
    desk.queue.resume(item.id)
    desk.wait(item, READY)
    assert desk.target.read_bytes() == MODEL
    assert int(server.requests[-1].headers["range"].removeprefix("bytes=").removesuffix("-")) > 1_000_000


def test_cancel_throws_away(desk: Desk, server: LoopbackHub) -> None:
    item, _gate = begun(desk, server)
    assert desk.staged
    desk.queue.cancel(item.id)
    assert desk.gone(item)
    assert desk.staged == []
    with pytest.raises(UsageError):
        desk.queue.pause(item.id)


def test_a_paused_one_is_cancelled_too(desk: Desk, server: LoopbackHub) -> None:
    item, _gate = begun(desk, server)
    desk.queue.pause(item.id)
    while any(thread.name == "download" for thread in threading.enumerate()):
        time.sleep(0.005)
    desk.queue.cancel(item.id)
    assert desk.gone(item)
    assert desk.staged == []


def test_the_next_start_goes_on(tmp_path: Path, server: LoopbackHub) -> None:
    first = Desk(tmp_path / "home", server)
    first.queue.start()
    item, gate = begun(first, server)
    waiting = first.queue.add("o/r/m.gguf@main")
    first.queue.pause(waiting.id)
    first.close()
    gate.opened.set()
    sent = server.body_bytes
    second = Desk(tmp_path / "home", server)
    assert second.wait(item, QUEUED).bytes > 1_000_000
    second.queue.start()
    second.wait(item, READY)
    assert second.wait(waiting, PAUSED)
    assert second.target.read_bytes() == MODEL
    assert server.body_bytes - sent < len(MODEL) - 1_000_000
    second.close()


def test_what_another_process_fetches_is_left_to_it_until_it_is_gone(desk: Desk, server: LoopbackHub) -> None:
    serve(server)
    desk.queue.close()
    again = Desk(desk.paths.home, server)
    item = again.queue.add(REFERENCE)
    again.store.change(item.id, {"state": "running", "owner": ownership.of(os.getppid())})
    again.queue.start()
    time.sleep(0.2)
    assert again.wait(item, RUNNING).bytes == 0
    again.store.change(item.id, {"owner": "999999999@1.00"})
    again.wait(item, READY)
    again.close()


KILLED = """
import sys
from pathlib import Path
from tests.unit.models.test_downloads import Desk

class Server:
    def url(self, path): return sys.argv[2] + path

desk = Desk(Path(sys.argv[1]), Server())
desk.queue.start()
item = desk.queue.add("o/r/m.gguf")
print("started", flush=True)
sys.stdin.read()
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no kill -9 here")
def test_killed_at_random_points_it_goes_on_each_time(tmp_path: Path, server: LoopbackHub) -> None:
    content = tiny_model() + random.Random(7).randbytes(24 << 20)
    serve(server, content)

    def slowly(exchange: Exchange, body: bytes) -> None:
        for start in range(0, len(body), 1 << 20):
            exchange.body(body[start : start + (1 << 20)])
            time.sleep(0.02)

    server.script("/cdn/o/r/m.gguf", fake.file(content, then=slowly))
    chance, rounds = random.Random(11), 3
    for _round in range(rounds):
        command = [sys.executable, "-c", KILLED, str(tmp_path / "home"), server.url("")]
        root = Path(__file__).parents[3]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=root) as child:
            assert child.stdout is not None
            child.stdout.readline()
            time.sleep(chance.uniform(0.1, 0.5))
            child.kill()
    desk = Desk(tmp_path / "home", server)
    desk.queue.start()
    (item,) = desk.queue.items()
    desk.wait(item, READY)
    assert desk.target.read_bytes() == content
    assert server.body_bytes < len(content) + rounds * (8 << 20)  # on the way, and not yet written
    assert desk.database.check() == "ok"
    desk.close()


# What goes wrong ------------------------------------------------------------------------------------------------------


def test_a_failure_is_told_and_may_be_tried_again(desk: Desk, server: LoopbackHub) -> None:
    item = desk.wait(desk.queue.add(REFERENCE), FAILED)
    assert "has no repository o/r" in item.error
    assert item.hint
    serve(server)
    assert desk.queue.add(REFERENCE).id == item.id
    assert desk.wait(item, READY).error == ""


def test_a_gated_file_says_what_to_do_and_the_token_stays_with_the_hub(tmp_path: Path, server: LoopbackHub) -> None:
    with ScriptedServer() as cdn:
        serve(server).asks_for = "hf_right"
        server.cdn = cdn
        cdn.script("/cdn/o/r/m.gguf", fake.file(MODEL))
        desk = Desk(tmp_path / "home", server, token="hf_wrong")
        desk.queue.start()
        item = desk.wait(desk.queue.add(REFERENCE), FAILED)
        assert "only for those whom its publisher lets in" in item.error
        assert server.url("/o/r") in item.hint
        desk.close()
        desk = Desk(tmp_path / "home", server, token="hf_right")
        desk.queue.start()
        desk.queue.add(REFERENCE)
        desk.wait(item, READY)
        desk.close()
        assert all("authorization" not in asked.headers for asked in cdn.requests)


def test_a_full_disk_pauses_and_goes_on_when_there_is_room(desk: Desk, server: LoopbackHub) -> None:
    serve(server)
    desk.free = lambda _folder: 1000
    item = desk.wait(desk.queue.add(REFERENCE), QUEUED, having="is too full")
    assert item.hint == "It goes on by itself when there is room."
    assert allocated_bytes(desk.paths.models / PARTIAL_FOLDER / "o/r/m.gguf.part") == 0
    desk.free = free_bytes
    desk.wait(item, READY)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """The models folder of a home, on a disk of 6 MB of its own."""
    models = tmp_path / "home" / "models"
    models.mkdir(parents=True)
    mount = ["mount", "-t", "tmpfs", "-o", "size=6m,mode=0700", "tmpfs", str(models)]
    if sys.platform != "linux" or subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("cannot mount a small file system here")
    yield models
    subprocess.run(["umount", str(models)], check=True)


def fill(disk: Path) -> Path:
    """A file that takes all that is left."""
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(bytes(4096))
    return filler


def test_six_megabytes_are_too_few_until_somebody_makes_room(
    small_disk: Path, tmp_path: Path, server: LoopbackHub
) -> None:
    serve(server)
    filler = fill(small_disk)
    desk = Desk(tmp_path / "home", server)
    desk.queue.start()
    item = desk.wait(desk.queue.add(REFERENCE), QUEUED, having="full")
    filler.unlink()
    desk.wait(item, READY)
    assert desk.target.read_bytes() == MODEL
    desk.close()


@pytest.mark.skipif(sys.platform != "linux", reason="reserves with fallocate")
def test_what_was_reserved_arrives_on_a_disk_that_others_filled(
    small_disk: Path, tmp_path: Path, server: LoopbackHub
) -> None:
    desk = Desk(tmp_path / "home", server)
    desk.queue.start()
    item, gate = begun(desk, server)
    fill(small_disk)
    gate.opened.set()
    deadline = time.monotonic() + PATIENCE
    part = small_disk / PARTIAL_FOLDER / "o/r/m.gguf.part"
    while part.exists() and part.stat().st_size < len(MODEL) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert desk.target.exists() or part.stat().st_size == len(MODEL)
    (small_disk / "filler").unlink()  # the sidecar needs a few bytes
    desk.wait(item, READY)
    assert desk.target.read_bytes() == MODEL
    desk.close()


def test_a_download_elsewhere_is_waited_for(desk: Desk, server: LoopbackHub) -> None:
    serve(server)
    folder = desk.paths.models / PARTIAL_FOLDER / "o" / "r"
    folder.mkdir(parents=True)
    with locked(folder / "m.gguf.model"):
        item = desk.wait(desk.queue.add(REFERENCE), QUEUED, having="already being downloaded")
    desk.wait(item, READY)


def test_a_busy_hub_is_waited_for_and_it_shows(tmp_path: Path, server: LoopbackHub) -> None:
    serve(server)
    server.script("/cdn/o/r/m.gguf", fake.status(503, Retry_After="3000"), fake.file(MODEL))
    desk = Desk(tmp_path / "home", server, replace(QUICK, longest_asked=3600.0))
    desk.queue.start()
    item = desk.wait(desk.queue.add(REFERENCE), RUNNING, having="waiting until")
    assert "asks to wait 50 minutes" in item.error
    desk.queue.pause(item.id)
    desk.wait(item, PAUSED)
    while any(thread.name == "download" for thread in threading.enumerate()):
        time.sleep(0.005)
    desk.queue.resume(item.id)
    desk.wait(item, READY)
    desk.close()


def test_a_replaced_file_is_begun_anew(desk: Desk, server: LoopbackHub) -> None:
    """The newest commit has another file than the one that was begun: no byte of the old one is asked for."""
    item, _gate = begun(desk, server)
    desk.queue.pause(item.id)
    desk.wait(item, PAUSED)
    while any(thread.name == "download" for thread in threading.enumerate()):
        time.sleep(0.005)
    new = tiny_model("New") + random.Random(9).randbytes(2_000_000)
    serve(server, new).commit = "2" * 40
    server.scripts.clear()
    other = desk.queue.add(f"{REFERENCE}@main")
    desk.wait(other, READY)
    assert desk.target.read_bytes() == new
    assert "range" not in server.requests[-1].headers


# Room and limit -------------------------------------------------------------------------------------------------------


def test_two_downloads_are_never_promised_the_same_room(tmp_path: Path) -> None:
    room = Room(lambda _folder: 200_000_000)
    with room.promise({tmp_path / "a": 100_000_000}, tmp_path) as first:
        with pytest.raises(NoRoomError, match="68 MB more"), room.promise({tmp_path / "b": 100_000_000}, tmp_path):
            pass
        assert first.free(tmp_path) == 200_000_000
        (tmp_path / "a").write_bytes(bytes(1 << 20))
        assert first.missing() == 100_000_000 - (1 << 20)
        with room.promise({tmp_path / "c": 10_000_000}, tmp_path) as second:
            assert second.free(tmp_path) == 100_000_000 + (1 << 20)
    with room.promise({tmp_path / "b": 100_000_000}, tmp_path):
        pass


class Stepping:
    """A clock that goes only when somebody waits."""

    def __init__(self) -> None:
        self.seconds = 100.0

    def now(self) -> float:
        return self.seconds

    def monotonic(self) -> float:
        return self.seconds


class Sleeper(CancelToken):
    def __init__(self, clock: Stepping, then: Callable[[], None] = lambda: None) -> None:
        super().__init__()
        self.clock, self.then = clock, then

    def wait(self, seconds: float) -> None:
        self.clock.seconds += seconds
        self.then()
        super().wait(0)


def test_the_limit_is_kept_and_may_change_at_any_time() -> None:
    clock, rate = Stepping(), [1e6]
    limiter = Limiter(lambda: rate[0], clock)
    sleeper = Sleeper(clock)
    for _block in range(100):
        limiter.take(65_536, sleeper)
    assert clock.seconds - 100 == pytest.approx(6.5536)
    rate[0] = 0.0
    before = clock.seconds
    limiter.take(1 << 30, sleeper)
    assert clock.seconds == before
    rate[0] = 1000.0
    changing = Sleeper(clock, lambda: rate.__setitem__(0, 0.0))
    limiter.take(1 << 30, changing)
    assert clock.seconds - before < 1
    rate[0] = 1000.0
    sleeper.cancel()
    with pytest.raises(Cancelled):
        limiter.take(1 << 30, sleeper)


def test_all_downloads_share_the_limit(desk: Desk, server: LoopbackHub) -> None:
    desk.settings = Downloads(limit_megabytes_per_second=0.2)
    serve(server)
    item = desk.queue.add(REFERENCE)
    assert desk.wait(item, RUNNING, having="fetching").bytes < len(MODEL)
    desk.settings = Downloads()
    desk.wait(item, READY)


def test_a_queue_that_cannot_be_kept_says_so(desk: Desk, server: LoopbackHub, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that is too full for the database: what runs goes on, and its end is stored when there is room."""
    item, gate = begun(desk, server)
    full = [True]
    change = desk.store.change

    def refuse(identifier: str, changes: Any) -> None:
        if full[0]:
            raise StorageError("The disk is full.")
        change(identifier, changes)

    monkeypatch.setattr(desk.store, "change", refuse)
    gate.opened.set()
    desk.wait(item, READY)
    assert [row.state for row in desk.store.all()] == [RUNNING]
    full[0] = False
    deadline = time.monotonic() + PATIENCE
    while desk.store.all()[0].state is not READY and time.monotonic() < deadline:
        time.sleep(0.01)
    assert desk.store.all()[0].state is READY


def test_the_hash_of_what_is_ready_is_the_promised_one(desk: Desk, server: LoopbackHub) -> None:
    serve(server)
    server.script("/cdn/o/r/m.gguf", fake.file(MODEL[:-1] + b"?"))
    item = desk.wait(desk.queue.add(REFERENCE), FAILED)
    assert "is not the promised file" in item.error
    assert not desk.target.exists()
    server.scripts.clear()
    desk.queue.resume(item.id)
    desk.wait(item, READY)
    assert hashlib.sha256(desk.target.read_bytes()).digest() == hashlib.sha256(MODEL).digest()
