"""From the key to the caret of the quick entry, on X11: by `workbench quick`, as keys of a desktop start it, and by keys
that the program has itself. The program runs, another window has the keyboard. Medians and the slowest of several.

Run on a display with a window manager; without one nothing is measured. The end is when the X server gives it the keyboard.
"""

from __future__ import annotations

import ctypes
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent.parent
RUNS = 15
KEYS = "Ctrl+Alt+Space"
BUDGET_MILLISECONDS = 150


class Screen:
    """Who has the keyboard, asked of the X server itself."""

    def __init__(self) -> None:
        self._x11: Any = ctypes.CDLL("libX11.so.6")
        self._x11.XOpenDisplay.restype = ctypes.c_void_p
        self._display = ctypes.c_void_p(self._x11.XOpenDisplay(None))

    def in_front(self) -> str:
        window, revert, name = ctypes.c_ulong(), ctypes.c_int(), ctypes.c_char_p()
        self._x11.XGetInputFocus(self._display, ctypes.byref(window), ctypes.byref(revert))
        if window.value > 1:
            self._x11.XFetchName(self._display, window, ctypes.byref(name))
        return (name.value or b"").decode(errors="replace")

    def wait(self, check: Callable[[str], bool], seconds: float = 30.0) -> None:
        deadline = time.monotonic() + seconds
        while not check(self.in_front()):
            if time.monotonic() > deadline:
                raise TimeoutError(self.in_front())
            time.sleep(0.001)


def is_quick(name: str) -> bool:
    return name.startswith("Quick entry")


def milliseconds(screen: Screen, command: list[str]) -> list[float]:
    """For each run: from the start of ``command`` to the keyboard's focus."""
    taken: list[float] = []
    for _run in range(RUNS):
        time.sleep(0.3)
        began = time.perf_counter()
        child = subprocess.Popen(command)
        screen.wait(is_quick)
        taken.append(1000 * (time.perf_counter() - began))
        child.wait(20)
        while is_quick(screen.in_front()):
            subprocess.run(["xdotool", "key", "Escape"], check=True)
            time.sleep(0.2)
    return taken


def main() -> None:
    if not os.environ.get("DISPLAY"):
        return
    screen = Screen()
    with tempfile.TemporaryDirectory() as home:
        (Path(home) / "config.toml").write_text(f'[at_hand]\nquick_entry = "{KEYS}"\n', encoding="utf-8")
        os.environ["WORKBENCH_HOME"] = home
        program = subprocess.Popen([sys.executable, "-m", "workbench.entry"], cwd=ROOT)
        try:
            screen.wait(lambda name: name == "Workbench")
            time.sleep(4)  # the quick entry is built while nobody waits
            by_command = milliseconds(screen, [str(Path(sys.executable).with_name("workbench")), "quick"])
            by_keys = milliseconds(screen, ["xdotool", "key", "ctrl+alt+space"])
        finally:
            program.terminate()
            program.wait(20)
    for what, figures in (("`workbench quick`", by_command), ("keys of the program", by_keys)):
        for kind, value in (("median", statistics.median(figures)), ("slowest", max(figures))):
            name = f"quick entry by {what}, key to caret, {kind} of {RUNS}"
            print(json.dumps({"name": name, "value": value, "unit": "ms", "aim": f"<= {BUDGET_MILLISECONDS}"}))


if __name__ == "__main__":
    main()
