"""Tools as assistive technology uses them: the list of a chat, the page, and a question where an answer waits; no mouse."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.contract.test_servers_in_chats import SCRIPT
from tests.e2e.conftest import Display, Program, ScreenReader, change
from tests.e2e.test_access import UNKNOWN_ROLES, walked
from tests.e2e.test_window import chats
from tests.unit.tools.servers.conftest import fake
from workbench.app import build
from workbench.cancel import CancelToken
from workbench.chat.asking.options import Options
from workbench.jobs import quiet_job
from workbench.messages import Finish
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


ASKED = "What does it say?"


@pytest.mark.engine
def test_an_answer_that_waits_is_heard_and_goes_on_by_a_press(
    home: Path,
    open_window: Callable[[], Program],
    reader: ScreenReader,
    display: Display,
    tiny_model: Callable[..., Path],
) -> None:
    """The command line asked; the window tells what waits, and the real server is called after the yes."""
    waits_for_a_server(home, tiny_model("qwen3moe", **SCRIPT))
    program = open_window()
    row = f"{ASKED}, A tool waits for your yes"
    reader.until(lambda: row in chats(reader))
    reader("select", row, "Chats")
    reader.until(lambda: reader("exists", "Allow once"))
    assert any("hello" in heard and "fake" in heard for heard in reader("words"))
    assert reader("nameless") == []
    stops = {name for _role, name in walked(reader, display)}
    assert {"Allow once", "Allow in this chat", "Don't allow"} <= stops
    reader.press("Allow once")
    reader.until(lambda: reader.hears("It said so."), 60)
    reader.until(lambda: not reader.hears("Allow once"))
    assert reader("nameless") == []
    assert program.end() == 0


def waits_for_a_server(home: Path, model: Path) -> None:
    """The model is on this disk, and called a tool that asks."""
    change(home, ("chat.automatic_titles", False))
    models = home / "models"
    models.mkdir(parents=True)
    os.link(model, models / model.name)
    workbench = build(Paths(home))
    try:
        workbench.tool_servers.add("fake", fake())
        start = workbench.tool_servers.asked("fake")
        assert start is not None
        workbench.consents.accept(start.id)
        workbench.tool_servers.start("fake", CancelToken())
        waits = workbench.chat.send(None, ASKED, quiet_job(), Options(tools=("fake_echo",)))
        assert waits.turn is not None
        assert waits.turn.finish is Finish.WAITING
    finally:
        workbench.close()
