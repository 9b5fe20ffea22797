"""Two windows, and a window and a command line, change the same prompts: both see it, and nothing is lost."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from tests.fakes.launcher import FakeLauncher
from workbench.app import Workbench, build
from workbench.cancel import CancelToken
from workbench.clock import SystemClock
from workbench.diagnostics.backup_restoring import restore
from workbench.errors import StorageError
from workbench.events import Topic
from workbench.paths import Paths
from workbench.prompts.prompt import Prompt

ROOT = Path(__file__).parents[3]


@pytest.fixture
def windows(tmp_path: Path) -> Iterator[tuple[Workbench, Workbench]]:
    paths = Paths(tmp_path / "home")
    one = build(paths, launcher=FakeLauncher("Hello."))
    with closing(one), closing(build(paths, launcher=FakeLauncher("Hello."))) as other:
        yield one, other


def at_the_shell(home: Path, *words: str) -> str:
    """What the command line writes, in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "workbench.entry", *words],
        cwd=ROOT,
        env={**os.environ, "WORKBENCH_HOME": str(home)},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return done.stdout


def test_what_one_window_saves_the_other_sees(windows: tuple[Workbench, Workbench]) -> None:
    one, other = windows
    heard: list[frozenset[Topic]] = []
    other.bus.subscribe(lambda changed: heard.append(changed.topics))
    assert other.prompts.all() == ()
    saved = one.prompts.save(Prompt("Plan", "plan", "Make a plan.")).prompt
    assert other.prompts.all() == (saved,)
    assert other.prompts.find("plan") == (saved,)
    assert other.changed_elsewhere()
    assert Topic.PROMPTS in heard[-1]
    one.prompts.used(saved.id, {"x": "y"})
    assert other.prompts.get("plan").uses == 1
    other.prompts.remove(saved.id)
    assert one.prompts.all() == ()


def test_both_windows_change_the_same_prompt(windows: tuple[Workbench, Workbench]) -> None:
    one, other = windows
    first = one.prompts.save(Prompt("Plan", "plan", "Make a plan.")).prompt
    seen = other.prompts.get("plan")
    one.prompts.save(replace(first.prompt, text="Of one window."), first.id, instead_of=first.version)
    kept = other.prompts.save(replace(seen.prompt, text="Of the other."), seen.id, instead_of=seen.version)
    assert kept.beside
    for window in windows:
        assert [(saved.prompt.name, saved.prompt.text) for saved in window.prompts.all()] == [
            ("plan", "Of one window."),
            ("plan-2", "Of the other."),
        ]
    one.prompts.erase([first.id])
    assert len(other.prompts.history(first.id)) == 2


def test_a_window_and_the_command_line(windows: tuple[Workbench, Workbench]) -> None:
    window, _other = windows
    home = window.paths.home
    seen = window.prompts.save(Prompt("Plan", "plan", "Make a plan.")).prompt
    told = json.loads(at_the_shell(home, "prompts", "save", "--name", "plan", "--text", "Of the shell.", "--json"))
    assert (told["version"], told["changed"]) == (2, True)
    assert window.prompts.get("plan").prompt.text == "Of the shell."
    kept = window.prompts.save(replace(seen.prompt, text="Of the window."), seen.id, instead_of=1)
    assert kept.beside
    assert [one.prompt.name for one in window.prompts.all()] == ["plan", "plan-2"]


def test_prompts_are_in_a_backup_and_come_back_with_it(tmp_path: Path) -> None:
    paths = Paths(tmp_path / "home")
    with closing(build(paths, launcher=FakeLauncher("Hello."))) as workbench:
        one = workbench.prompts.save(Prompt("Plan", "plan", "Make a plan.", tags=("work",))).prompt
        one = workbench.prompts.save(replace(one.prompt, text="Second."), one.id).prompt
        workbench.prompts.favourite(one.id, on=True)
        workbench.prompts.used(one.id, {"x": "y"})
        before = workbench.prompts.get("plan")
        backup = workbench.backups.create(CancelToken())
        workbench.prompts.remove(one.id)
        workbench.prompts.erase([one.id])
        workbench.prompts.save(Prompt("Later", "later", "After the backup."))
    restore(paths, backup.name, SystemClock().now)
    with closing(build(paths, launcher=FakeLauncher("Hello."))) as workbench:
        assert workbench.prompts.all() == (before,)
        assert [version.number for version in workbench.prompts.history(one.id)] == [2, 1]
        assert workbench.prompts.last_values(one.id) == {"x": "y"}


def test_a_home_that_only_can_be_read_shows_its_prompts(tmp_path: Path) -> None:
    paths = Paths(tmp_path / "home")
    with closing(build(paths, launcher=FakeLauncher("Hello."))) as workbench:
        workbench.prompts.save(Prompt("Plan", "plan", "Make a plan."))
    with closing(build(paths, launcher=FakeLauncher("Hello."))) as workbench:
        workbench._database.read_only = "it is mounted read-only"
        assert [one.prompt.name for one in workbench.prompts.all()] == ["plan"]
        with pytest.raises(StorageError, match="mounted read-only"):
            workbench.prompts.save(Prompt("New", "new", "x"))


def test_nothing_is_imported_before_the_library_is_asked_for(tmp_path: Path) -> None:
    code = (
        "import sys, workbench.cli.main; shell = 'workbench.prompts.prompt' in sys.modules;"
        "from workbench.app import build; from workbench.paths import Paths; from pathlib import Path;"
        f"w = build(Paths(Path({str(tmp_path / 'home')!r})));"
        "early = [m for m in sys.modules if m in ('workbench.prompts.store', 'rapidfuzz', 'jinja2', 'yaml')];"
        "w.prompts.all(); w.prompts.find('x'); late = 'rapidfuzz' in sys.modules; w.close(); print(shell, early, late)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split("\n")[0] == "False [] False"
