"""What begins at login is written as each system reads it, and taken away again."""

from __future__ import annotations

import plistlib
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from workbench.errors import StorageError
from workbench.paths import Paths
from workbench.power.login import (
    WINDOW,
    Entry,
    desktop_file,
    desktop_path,
    entry_for,
    mac_plist,
    set_at_login,
    windows_value,
)

ODD = Entry(("/opt/my apps/py$thon", "-m", "workbench.entry", 'a"b\\c%d'), {"WORKBENCH_HOME": "/home/a b"})


def test_the_command_is_this_installation_and_names_a_home_of_its_own() -> None:
    usual = entry_for(Paths(Path("/data")), {}, "linux")
    assert usual == Entry((sys.executable, "-m", "workbench.entry", "ready"), {})
    own = entry_for(Paths(Path("/data")), {"WORKBENCH_HOME": "/data"}, "linux")
    assert own.variables == {"WORKBENCH_HOME": "/data"}


def test_linux_writes_and_removes_an_autostart_entry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    set_at_login(Entry(("/usr/bin/workbench", "ready"), {}), "linux")
    written = (tmp_path / "autostart" / "workbench-ready.desktop").read_text()
    assert 'Exec="/usr/bin/workbench" "ready"' in written
    set_at_login(None, "linux")
    assert not desktop_path().exists()
    set_at_login(None, "linux")  # already gone


def test_what_cannot_be_written_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(blocked))
    with pytest.raises(StorageError, match="login"):
        set_at_login(Entry(("workbench",), {}), "linux")


def test_odd_characters_survive_the_desktops_two_kinds_of_quotes() -> None:
    (line,) = [line for line in desktop_file(ODD).decode().splitlines() if line.startswith("Exec=")]
    value = line.removeprefix("Exec=").replace("\\\\", "\\")  # as the file's strings are read
    assert _words(value) == ["env", "WORKBENCH_HOME=/home/a b", *ODD.command]


def _words(value: str) -> list[str]:
    """The arguments of ``Exec``, by the rules of the specification."""
    words, word, position = [], "", 0
    while position < len(value):
        assert value[position] == '"'
        position += 1
        while value[position] != '"':
            if value[position] == "\\":
                position += 1
            word += value[position]
            position += 1
        words.append(word.replace("%%", "%"))
        word, position = "", position + 2
    return words


@pytest.mark.skipif(shutil.which("desktop-file-validate") is None, reason="desktop-file-utils is not installed")
def test_the_entry_is_valid(tmp_path: Path) -> None:
    file = tmp_path / "x.desktop"
    file.write_bytes(desktop_file(ODD))
    subprocess.run(["desktop-file-validate", str(file)], check=True)


def test_macos_reads_its_arguments_and_variables_back() -> None:
    found = plistlib.loads(mac_plist(ODD))
    assert (found["ProgramArguments"], found["EnvironmentVariables"]) == (list(ODD.command), dict(ODD.variables))
    assert found["RunAtLoad"] is True


def test_windows_quotes_as_its_programs_read() -> None:
    assert windows_value(Entry(("C:\\Program Files\\W.exe", "ready"), {})) == '"C:\\Program Files\\W.exe" ready'
    assert 'set "HOME=D:\\x y"&&start "" W.exe' in windows_value(Entry(("W.exe",), {"HOME": "D:\\x y"}))


def test_the_window_begins_beside_what_keeps_a_model_ready(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    paths = Paths(Path("/data"))
    set_at_login(entry_for(paths, {}, "linux"), "linux")
    set_at_login(entry_for(paths, {}, "linux", what=WINDOW), "linux")
    written = desktop_path(what=WINDOW).read_text()
    assert f'Exec="{sys.executable}" "-m" "workbench.entry"\n' in written
    assert "Name=Workbench\n" in written
    set_at_login(None, "linux", what=WINDOW)
    assert [file.name for file in (tmp_path / "autostart").iterdir()] == ["workbench-ready.desktop"]
    window = plistlib.loads(mac_plist(entry_for(paths, {}, "darwin", what=WINDOW)))
    assert (window["Label"], window["ProgramArguments"][-1]) == ("app.workbench.window", "workbench.entry")
