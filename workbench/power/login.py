"""Has `workbench ready`, or the window, begin at login: a file that desktops look for, or a value in the registry."""

from __future__ import annotations

import os
import plistlib
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workbench.errors import StorageError
from workbench.paths import HOME_VARIABLE, Paths

RUN_KEY = r"Software\Microsoft\Windows\CurrentVersion\Run"


@dataclass(frozen=True, slots=True)
class Beginning:
    """Something that can begin at login: the ``arguments`` of the command, and what each system knows it by."""

    arguments: tuple[str, ...]
    name: str
    comment: str
    file_name: str
    label: str
    run_value: str


READY = Beginning(
    ("ready",),
    "Workbench: keep a model ready",
    "Loads the model of Workbench, so that it answers at once",
    "workbench-ready.desktop",
    "app.workbench.ready",
    "Workbench ready",
)
WINDOW = Beginning(
    (),
    "Workbench",
    "Opens the window of Workbench",
    "workbench-window.desktop",
    "app.workbench.window",
    "Workbench",
)


@dataclass(frozen=True, slots=True)
class Entry:
    """What begins at login: a command, and the variables that it needs beside those of the login."""

    command: Sequence[str]
    variables: Mapping[str, str]
    what: Beginning = READY


def entry_for(
    paths: Paths,
    variables: Mapping[str, str] = os.environ,
    platform: str = sys.platform,
    *,
    what: Beginning = READY,
) -> Entry:
    """For this installation, and for this data home when it is not the usual one."""
    program = Path(sys.executable)
    if platform == "win32":  # the one of the two that opens no console
        quiet = program.with_name("Workbench.exe" if getattr(sys, "frozen", False) else "pythonw.exe")
        program = quiet if quiet.exists() else program
    start = [str(program)] if getattr(sys, "frozen", False) else [str(program), "-m", "workbench.entry"]
    home = {HOME_VARIABLE: str(paths.home)} if variables.get(HOME_VARIABLE) else {}
    return Entry((*start, *what.arguments), home, what)


def set_at_login(entry: Entry | None, platform: str = sys.platform, *, what: Beginning = READY) -> None:
    """Begin ``entry`` at each login from now on; None: ``what`` no more. Raises `StorageError` if it cannot."""
    what = what if entry is None else entry.what
    try:
        if platform == "win32":
            _set_in_registry(what.run_value, None if entry is None else windows_value(entry))
            return
        path, content = (mac_path(what), mac_plist) if platform == "darwin" else (desktop_path(what=what), desktop_file)
        if entry is None:
            with suppress(FileNotFoundError):
                path.unlink()
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content(entry))
    except OSError as error:
        raise StorageError(f"What begins at login could not be changed: {error.strerror or error}.") from error


def desktop_path(variables: Mapping[str, str] = os.environ, what: Beginning = READY) -> Path:
    """Where desktops of Linux look, by the XDG autostart specification."""
    return Path(variables.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "autostart" / what.file_name


def desktop_file(entry: Entry) -> bytes:
    """As the desktop entry specification wants it. Pure."""
    words = [f"{name}={value}" for name, value in entry.variables.items()]
    command = ["env", *words, *entry.command] if words else list(entry.command)
    return (
        "[Desktop Entry]\n"
        "Type=Application\n"
        f"Name={entry.what.name}\n"
        f"Comment={entry.what.comment}\n"
        f"Exec={' '.join(map(_quoted, command))}\n"
        "Terminal=false\n"
        "NoDisplay=true\n"
        "X-GNOME-Autostart-enabled=true\n"
    ).encode()


def _quoted(word: str) -> str:
    """An argument of ``Exec``: in quotes, what is special in them escaped, the backslash once more for the file's own
    strings, and no field code."""
    inner = "".join(f"\\{char}" if char in '"`$\\' else char for char in word)
    return f'"{inner}"'.replace("\\", "\\\\").replace("%", "%%")


def mac_path(what: Beginning = READY) -> Path:
    """Where launchd looks at login."""
    return Path.home() / "Library" / "LaunchAgents" / f"{what.label}.plist"


def mac_plist(entry: Entry) -> bytes:
    """A launch agent that is started once at login, as `launchd.plist(5)` has it. Pure."""
    return plistlib.dumps(
        {
            "Label": entry.what.label,
            "ProgramArguments": list(entry.command),
            "EnvironmentVariables": dict(entry.variables),
            "RunAtLoad": True,
            "ProcessType": "Interactive",  # else the system slows it down like any background work
        }
    )


def windows_value(entry: Entry) -> str:
    """A command line for the key `Run`. Pure."""
    line = subprocess.list2cmdline(entry.command)
    if not entry.variables:
        return line
    sets = "&&".join(f'set "{name}={value}"' for name, value in entry.variables.items())
    return f'cmd /c "{sets}&&start "" {line}"'


def _set_in_registry(name: str, value: str | None) -> None:
    import importlib

    registry: Any = importlib.import_module("winreg")
    with registry.OpenKey(registry.HKEY_CURRENT_USER, RUN_KEY, 0, registry.KEY_SET_VALUE) as key:
        if value is None:
            with suppress(FileNotFoundError):
                registry.DeleteValue(key, name)
        else:
            registry.SetValueEx(key, name, 0, registry.REG_SZ, value)
