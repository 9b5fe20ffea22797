"""`workbench ready`, `engines loaded` and `unload`: over fake engines, in the same home."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes.launcher import FakeLauncher
from tests.patience import until
from workbench.app import Workbench, build
from workbench.cancel import CancelToken
from workbench.cli import loaded, output, ready
from workbench.errors import UsageError
from workbench.paths import Paths
from workbench.power.login import desktop_path


@pytest.fixture
def launcher() -> FakeLauncher:
    return FakeLauncher("Hello.")


@pytest.fixture
def workbench(
    home: Path, launcher: FakeLauncher, starter_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Workbench]:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    paths = Paths(home)
    paths.prepare()
    shutil.copyfile(starter_model, paths.models / "smol.gguf")
    workbench = build(paths, launcher=launcher)
    yield workbench
    workbench.close()


def json_of(capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
    found: dict[str, object] = json.loads(capsys.readouterr().out)
    return found


def test_nothing_is_loaded_at_first(workbench: Workbench, capsys: pytest.CaptureFixture[str]) -> None:
    assert loaded.run_loaded(argparse.Namespace(json=True), workbench) == output.OK
    assert json_of(capsys) == {"loaded": []}
    with pytest.raises(UsageError, match="not in memory"):
        loaded.run_unload(argparse.Namespace(json=False, model="smol"), workbench)


def test_what_is_loaded_is_listed_and_unloaded_by_its_name(
    workbench: Workbench, launcher: FakeLauncher, capsys: pytest.CaptureFixture[str]
) -> None:
    model = workbench.models.get(None)
    workbench.engine.backend(model.path, model.name, CancelToken())
    loaded.run_loaded(argparse.Namespace(json=False), workbench)
    assert model.name in capsys.readouterr().out
    loaded.run_unload(argparse.Namespace(json=False, model=model.name), workbench)
    assert workbench.engine.loaded() == ()
    assert launcher.engines[0].exit_cause()


@pytest.mark.skipif(os.name != "posix", reason="a signal of POSIX")
def test_ready_loads_and_stays_until_it_is_stopped(
    workbench: Workbench, launcher: FakeLauncher, capsys: pytest.CaptureFixture[str]
) -> None:
    def stop() -> None:
        told = ""
        while "is ready" not in told:
            time.sleep(0.01)
            told += capsys.readouterr().err
        os.kill(os.getpid(), signal.SIGINT)

    before = signal.getsignal(signal.SIGINT)
    stopper = threading.Thread(target=stop)
    stopper.start()
    assert ready.run(argparse.Namespace(json=False, model=None), workbench) == output.OK
    stopper.join()
    assert "is not kept ready any more" in capsys.readouterr().err
    assert signal.getsignal(signal.SIGINT) is before


def test_ready_starts_a_dead_engine_again_and_ends_when_it_is_released(
    workbench: Workbench, launcher: FakeLauncher
) -> None:
    def act() -> None:
        until(lambda: len(launcher.engines) == 1 and bool(workbench.engine.loaded()))
        launcher.engines[0].die("It crashed.")
        until(lambda: len(launcher.engines) == 2 and bool(workbench.engine.loaded()))
        assert workbench.engine.loaded()[0].kept_ready
        time.sleep(0.2)
        workbench.engine.unload(workbench.models.get(None).path)

    actor = threading.Thread(target=act)
    actor.start()
    assert ready.run(argparse.Namespace(json=False, model=None), workbench) == output.OK
    actor.join()
    assert len(launcher.engines) == 2


@pytest.mark.skipif(sys.platform != "linux", reason="the desktop's entry is of Linux")
def test_the_setting_writes_what_begins_at_login_and_ends_no_engine(
    workbench: Workbench, launcher: FakeLauncher
) -> None:
    model = workbench.models.get(None)
    workbench.engine.backend(model.path, model.name, CancelToken())
    workbench.change_setting("engine.keep_ready", True)  # noqa: FBT003 - a value
    assert desktop_path().exists()
    assert workbench.engine.loaded()[0].kept_ready
    workbench.change_setting("engine.unload_after_minutes", 5)
    workbench.change_setting("engine.keep_ready", False)  # noqa: FBT003 - a value
    assert not desktop_path().exists()
    assert len(workbench.engine.loaded()) == 1
    workbench.change_setting("engine.context_tokens", 1024)
    assert workbench.engine.loaded() == ()
