"""The cloud of one home, seen by two processes: switched off in one, it is off in the other."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fakes.launcher import FakeLauncher
from workbench.app import build
from workbench.errors import RefusedError
from workbench.paths import Paths
from workbench.settings import load


def test_off_in_one_process_is_off_in_the_other_and_stays_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent")
    paths = Paths(tmp_path / "home")
    window, command = build(paths, launcher=FakeLauncher("")), None
    try:
        assert not window.cloud.enabled
        window.cloud.switch(on=True)
        window.cloud.use_key("groq", "sk-0123456789ab")
        assert window.cloud.key("groq")
        command = build(paths, launcher=FakeLauncher(""))
        assert command.cloud.enabled
        command.cloud.switch(on=False)
        assert not window.cloud.enabled
        with pytest.raises(RefusedError, match="The cloud is off"):
            window.cloud.key("groq")
        window.change_setting("appearance.text_scale", 1.5)  # which saves all that it knows
        assert not load(paths.config)[0].cloud.enabled
        window.cloud.switch(on=True)
        assert window.cloud.key("groq")
        command.cloud.switch(on=True)
        command.cloud.switch(on=False)
        window.changed_elsewhere()  # as the window looks now and then
        window.change_setting("appearance.text_scale", 1.2)
        assert not load(paths.config)[0].cloud.enabled
    finally:
        window.close()
        if command is not None:
            command.close()
