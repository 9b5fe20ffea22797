"""Prompts and files stay in step while the program runs, in one process or several."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from workbench import migrations
from workbench.assembly.watching import follow
from workbench.clock import SystemClock
from workbench.db import Database
from workbench.errors import UsageError
from workbench.events import Bus, Topic
from workbench.messages import Id
from workbench.paths import Paths
from workbench.prompts.files.following import Follow, Follower, PromptFiles
from workbench.prompts.files.store import FileRows
from workbench.prompts.prompt import Prompt
from workbench.prompts.service import PromptLibrary
from workbench.prompts.store import PromptStore
from workbench.settings import Prompts as PromptSettings

PATIENCE = 20.0


class Process:
    """What one process of a home has."""

    def __init__(self, paths: Paths, follow: Follow) -> None:
        self.database = Database(paths.database, migrations.workbench, backups=paths.backups)
        self.bus = Bus()
        self.settings = PromptSettings()
        self.library = PromptLibrary(PromptStore(self.database, SystemClock()), self.bus)
        rows = FileRows(self.database)
        self.files = PromptFiles(paths, rows, self.library, self.bus, lambda: self.settings, follow)

    def close(self) -> None:
        self.files.close()
        self.database.close()

    @property
    def texts(self) -> dict[str, str]:
        return {one.prompt.name: one.prompt.text for one in self.library.all()}


class Silent:
    """A system that tells of nothing."""

    def __init__(self, _changed: Callable[[Id, set[str]], None]) -> None:
        self.closed = False

    def follow(self, roots: object) -> None: ...

    def close(self) -> None:
        self.closed = True


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    paths = Paths(tmp_path / "home")
    paths.prepare()
    return paths


@pytest.fixture
def started(paths: Paths) -> Iterator[Callable[..., Process]]:
    begun: list[Process] = []

    def start(follow: Callable[[Callable[[Id, set[str]], None]], Follower] = Silent) -> Process:
        begun.append(Process(paths, follow))
        return begun[-1]

    yield start
    for process in begun:
        process.close()


def wait_until(done: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE
    while not done():
        assert time.monotonic() < until
        time.sleep(0.02)


def test_both_ways_with_the_real_watcher(paths: Paths, started: Callable[..., Process]) -> None:
    process = started(follow)
    process.library.save(Prompt("One", "one", "Text."))
    process.files.start()
    wait_until(lambda: (paths.prompts / "one.md").exists())
    saved = process.library.save(Prompt("One", "one", "Newer."), process.library.get("one").id)
    wait_until(lambda: "Newer." in (paths.prompts / "one.md").read_text())
    (paths.prompts / "two.md").write_text("By hand.")
    wait_until(lambda: "two" in process.texts)
    (paths.prompts / "one.md").write_text("Edited.")
    wait_until(lambda: process.library.get(saved.prompt.id).prompt.text == "Edited.")
    (paths.prompts / "two.md").unlink()
    wait_until(lambda: "two" not in process.texts)


def test_a_look_finds_what_the_system_does_not_tell(paths: Paths, started: Callable[..., Process]) -> None:
    process = started()
    process.files.start()
    wait_until(lambda: paths.prompts.exists())
    (paths.prompts / "two.md").write_text("By hand.")
    process.files.look()
    wait_until(lambda: "two" in process.texts)


def test_what_is_wrong_is_told_once_and_gone_when_it_is_right(paths: Paths, started: Callable[..., Process]) -> None:
    process = started()
    heard: list[object] = []
    process.bus.subscribe(lambda changed: heard.append(changed.topics))
    paths.prompts.mkdir()
    (paths.prompts / "x.md").write_text("---\n")
    process.files.sync()
    process.files.sync()
    assert [str(one) for one in process.files.told] == [
        "x.md, line 1: the line of dashes that ends the front matter is missing"
    ]
    assert heard == [frozenset({Topic.PROMPTS})]
    (paths.prompts / "x.md").write_text("Right.")
    process.files.sync()
    assert process.files.told == ()


def test_several_processes_do_nothing_twice(started: Callable[..., Process]) -> None:
    processes = [started() for _one in range(3)]
    processes[0].library.save(Prompt("One", "one", "Text."))
    folder = processes[0].files.folder
    folder.mkdir()
    (folder / "two.md").write_text("By hand.")
    threads = [threading.Thread(target=process.files.sync) for process in processes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(process.texts == {"one": "Text.", "two": "By hand."} for process in processes)
    assert {path.name for path in folder.glob("*.md")} == {"one.md", "two.md"}


def test_another_folder_is_begun_anew(tmp_path: Path, started: Callable[..., Process]) -> None:
    process = started()
    process.library.save(Prompt("One", "one", "Text."))
    process.files.sync()
    old = process.files.folder
    process.settings = PromptSettings(folder=str(tmp_path / "git"))
    assert "cannot be read" in str(process.files.sync().told)  # a drive that is not there is not made
    assert not (tmp_path / "git").exists()
    process.files.begin_anew()
    (tmp_path / "git" / "one.md").write_text((old / "one.md").read_text())
    (tmp_path / "git" / "two.md").write_text("Theirs.")
    report = process.files.sync()
    assert (report.taken, report.written, report.binned) == (1, 0, 0)
    assert process.texts == {"one": "Text.", "two": "Theirs."}
    assert (old / "one.md").exists()
    (tmp_path / "a file").write_text("")
    for wrong in (tmp_path / "a file", tmp_path / "no" / "such"):
        process.settings = PromptSettings(folder=str(wrong))
        with pytest.raises(UsageError):
            process.files.begin_anew()


def test_files_can_be_switched_off(paths: Paths, started: Callable[..., Process]) -> None:
    process = started()
    process.settings = PromptSettings(files=False)
    process.library.save(Prompt("One", "one", "Text."))
    process.files.sync()
    assert not paths.prompts.exists()
