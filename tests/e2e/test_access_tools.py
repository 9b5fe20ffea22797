"""Tools as assistive technology uses them: the list of a chat, the page, and a question where an answer waits; no mouse."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.e2e.conftest import Display, Program, ScreenReader
from tests.e2e.test_access import UNKNOWN_ROLES, walked
from workbench.app import build
from workbench.paths import Paths
from workbench.tools.servers.definition import Definition

pytestmark = [pytest.mark.display, pytest.mark.timeout(300)]


def test_a_server_is_asked_about_and_tools_are_listed(
    home: Path, open_window: Callable[[], Program], reader: ScreenReader, display: Display
) -> None:
    workbench = build(Paths(home))
    workbench.tool_servers.add("nothing", Definition("/bin/does-not-exist"))
    workbench.close()
    program = open_window()
    reader.until(lambda: reader.hears("Skip for now"))
    display.keys("ctrl+shift+t")
    reader.until(lambda: reader.hears("Nobody has agreed to it yet."))
    assert reader("nameless") == []
    stops = walked(reader, display)
    assert [stop for stop in stops if not stop[1] or stop[0] in UNKNOWN_ROLES] == []
    assert {"Look at the clock", "Start… nothing", "Add a server…"} <= {name for _role, name in stops}
    switch = next(role for role, name in stops if name == "Look at the clock")
    reader("press", "Look at the clock", switch)
    reader.until(lambda: (home / "config.toml").exists() and "now" in (home / "config.toml").read_text())
    reader.press("Start… nothing")
    reader.until(lambda: reader.hears("Start the program of “nothing” on this computer?"))
    assert reader("nameless") == []
    reader.press("Don't start")
    reader.until(lambda: not reader.hears("Start the program of"))
    display.keys("Escape")
    display.keys("ctrl+shift+k")
    reader.until(lambda: reader.hears("As the settings say"))
    assert reader("nameless") == []
    assert program.end() == 0
