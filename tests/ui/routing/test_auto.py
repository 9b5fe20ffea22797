"""Auto in the window: chosen in the list, told at the answer, proposed below one in doubt, its rules in the settings."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QPushButton

from tests.fakes.backend import ScriptedBackend
from tests.fakes.workbench import FakeWorkbench
from tests.ui.conftest import MakeWindow, OpenWindow
from ui.bridge import Bridge
from ui.chat.choosing import chosen_words, proposal
from ui.chat.footer_actions import ASK_STRONGER, Foot
from ui.settings.routing_row import RoutingRow
from ui.widgets.popover import Popover
from workbench.chat.asking.choice import Choice, Routed
from workbench.chat.asking.resolve import KnownModel
from workbench.chat.tree import Node, Turn, TurnState
from workbench.messages import Effort, Finish, assistant

EFFORTS = (Effort.LOW, Effort.MEDIUM, Effort.HIGH)
REFUSAL = "I'm sorry, but I can't help with that."
PROPOSED = "The model refused to answer."


def with_efforts(workbench: FakeWorkbench) -> None:
    workbench.known = KnownModel("fake-1b", "Fake 1B", EFFORTS)
    workbench.backend.info = replace(workbench.backend.info, efforts=EFFORTS)


def auto(workbench: FakeWorkbench) -> None:
    with_efforts(workbench)
    workbench.change_setting("chat.model", "auto")


def auto_and_cloud(workbench: FakeWorkbench) -> None:
    auto(workbench)
    workbench.cloud.switch(on=True)


def buttons(opened: OpenWindow) -> list[str]:
    """Of the card under the last answer."""
    wanted = ("deeper", ASK_STRONGER)
    found = [one for one in opened.window.findChildren(QPushButton) if one.objectName() in wanted and one.isVisible()]
    return [one.objectName() for one in found if one.text().strip()]


def test_auto_is_first_in_the_list_and_is_chosen(make_window: MakeWindow) -> None:
    opened = make_window(ScriptedBackend("Hello."), with_efforts)
    opened.composer.model_chip.click()
    opened.until(lambda: opened.window.findChild(Popover) is not None)
    popover = opened.window.findChild(Popover)
    assert popover is not None
    entries = popover.findChildren(QPushButton)
    assert entries[0].accessibleName() == "Auto"
    entries[0].click()
    opened.until(lambda: opened.composer.model_chip.accessibleName() == "Model: Auto")
    assert opened.workbench.settings.chat.model == "auto"
    opened.until(lambda: not opened.composer.effort_chip.isVisible())


def test_why_a_model_was_chosen_stands_at_the_answer(make_window: MakeWindow) -> None:
    opened = make_window(ScriptedBackend("def f(): ..."), auto)
    opened.send("Write a Python function that sorts a list.")
    opened.until(lambda: len(opened.texts) == 2 and opened.idle())
    item = opened.page.transcript.items[-1]
    assert item.chosen == "Chosen: Fake 1B, high effort, because there is code (rule code)."
    assert item.proposal == ("", ())


def test_an_answer_in_doubt_offers_a_deeper_one(make_window: MakeWindow) -> None:
    opened = make_window(ScriptedBackend(REFUSAL, "Hello."), auto)
    opened.send("Hi there!")
    opened.until(lambda: opened.idle() and buttons(opened) == ["deeper"])
    item = opened.page.transcript.items[-1]
    assert item.proposal[0] == f"{PROPOSED} Answer it again, with more thought?"
    button = opened.page.transcript.button(item.id, "deeper")
    button.click()
    opened.until(lambda: opened.idle() and opened.texts[-1] == "Hello.")
    assert opened.workbench.backend.requests[-1].effort is Effort.HIGH
    assert buttons(opened) == []


def test_with_the_cloud_on_a_stronger_model_is_offered_and_nothing_is_sent(make_window: MakeWindow) -> None:
    opened = make_window(ScriptedBackend(REFUSAL), auto_and_cloud)
    opened.send("Hi there!")
    opened.until(lambda: opened.idle() and buttons(opened) == ["deeper", ASK_STRONGER])
    assert opened.page.transcript.items[-1].proposal[0] == f"{PROPOSED} Ask a stronger model?"
    assert opened.workbench.provider_client.sent == []


def foot(routed: Routed | None, *, cloud: bool = False, busy: bool = False, temporary: bool = False) -> Foot:
    turn = Turn("t", "Fake 1B", "engine", TurnState.ENDED, 0.0, Finish.STOP, routed=routed)
    node = Node("m", "q", assistant("Hello."), 0.0, turn)
    return Foot(node, last=True, cloud=cloud, busy=busy, temporary=temporary)


@pytest.mark.parametrize(
    ("choice", "cloud", "shown"),
    [
        (Choice("m", None, "x"), False, ("deeper",)),
        (Choice("m", None, "x"), True, ("deeper", ASK_STRONGER)),
        (Choice("m", None, "x", deep=True), True, (ASK_STRONGER,)),
        (Choice("m", None, "x", deep=True), False, ()),
        (Choice("m", None, "x", private=True), True, ("deeper",)),
        (Choice("m", None, "x", deep=True, private=True), True, ()),
    ],
)
def test_what_is_offered(choice: Choice, cloud: bool, shown: tuple[str, ...]) -> None:
    assert proposal(foot(Routed(choice, ("It is empty.",)), cloud=cloud))[1] == shown


def test_nothing_is_offered_where_all_is_well_or_the_person_chose() -> None:
    choice = Choice("m", None, "x")
    assert proposal(foot(Routed(choice), cloud=True)) == ("", ())
    assert proposal(foot(None, cloud=True)) == ("", ())
    assert proposal(foot(Routed(choice, ("Wrong.",), overruled="other"), cloud=True)) == ("", ())
    assert proposal(foot(Routed(choice, ("Wrong.",)), cloud=True, busy=True)) == ("", ())
    assert proposal(foot(Routed(choice, ("Wrong.",)), temporary=True, cloud=True))[1] == ("deeper",)
    assert chosen_words(foot(Routed(choice, overruled="other")).node.turn) == ""


def test_the_rules_are_opened_told_and_restored(
    make_window: MakeWindow, bridge: Bridge, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[str] = []

    def open_url(url: QUrl) -> bool:
        shown.append(url.toLocalFile())
        return True

    monkeypatch.setattr(QDesktopServices, "openUrl", open_url)
    opened = make_window(ScriptedBackend("x"), auto)
    opened.window.pages.open_settings()
    row = opened.window.findChild(RoutingRow)
    assert row is not None
    file = opened.workbench.router.file
    row.open.click()
    opened.until(lambda: shown == [str(file)] and row.restore.isVisible() and bridge.idle)
    assert "Your own rules hold." in row.state.text()
    file.write_text('[[rule]]\nname = "x"\nthen = { use = "depp" }\n', encoding="utf-8")
    row.refresh()
    opened.until(lambda: "line 3" in row.state.text())
    assert "did you mean 'deep'" in row.state.text()
    row.restore.click()
    opened.until(lambda: not row.restore.isVisible() and bridge.idle)
    assert not file.exists()
