"""Other machines in the window: the form, the consent, what is shown of each, the list of models, who answered."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from tests.fakes import openai_servers as fake
from tests.fakes.openai_servers import OpenAiServer
from tests.ui.conftest import MakeWindow, OpenWindow
from ui.appearance import Appearance
from ui.bridge import Bridge
from ui.settings.server_dialog import ServerDialog
from ui.settings.servers import EMPTY, NOBODY, ServersSection
from ui.widgets.buttons import Button, IconButton
from ui.widgets.popover import Popover
from workbench.cancel import CancelToken
from workbench.engine.remote.consent import make_consent
from workbench.errors import WorkbenchError


@pytest.fixture
def server() -> Iterator[OpenAiServer]:
    with OpenAiServer(fake.ollama(), "Hello from afar.") as running:
        yield running


class Shown:
    """The section in a window of its own place, with its errors."""

    def __init__(self, opened: OpenWindow, section: ServersSection) -> None:
        self.opened = opened
        self.section = section
        self.errors: list[WorkbenchError] = []
        self.said: list[str] = []
        section.told.connect(self.errors.append)
        section.said.connect(self.said.append)

    @property
    def words(self) -> str:
        return "\n".join(each.text() for each in self.section.findChildren(QLabel) if not each.isHidden())

    def button(self, name: str) -> Any:
        controls = [*self.section.findChildren(Button), *self.section.findChildren(IconButton)]
        return next(each for each in controls if each.accessibleName().startswith(name) and not each.isHidden())

    @property
    def dialog(self) -> ServerDialog:
        return next(each for each in self.opened.window.findChildren(ServerDialog) if each.isVisible())

    @property
    def has_dialog(self) -> bool:
        return any(each.isVisible() for each in self.opened.window.findChildren(ServerDialog))


@pytest.fixture
def shown(make_window: MakeWindow, bridge: Bridge, appearance: Appearance) -> Iterator[Callable[[], Shown]]:
    made: list[ServersSection] = []

    def show() -> Shown:
        opened = make_window()
        section = ServersSection(bridge, opened.workbench.as_workbench(), appearance)
        section.setParent(opened.window)
        section.resize(600, 400)
        section.show()
        made.append(section)
        opened.until(lambda: bridge.idle)
        return Shown(opened, section)

    yield show
    for section in made:
        section.deleteLater()


def fill(dialog: ServerDialog, address: str, **fields: str) -> None:
    dialog.address.setText(address)
    for name, text in fields.items():
        getattr(dialog, name).setText(text)
    QTest.keyClick(dialog.address, Qt.Key.Key_Return)


def test_from_the_form_over_the_consent_to_a_server(shown: Callable[[], Shown], server: OpenAiServer) -> None:
    one = shown()
    assert EMPTY in one.words
    one.section.add.click()
    dialog = one.dialog
    fill(dialog, server.url, name="attic")
    told = "\n".join(each.text() for each in dialog.findChildren(QLabel) if each.isVisible())
    assert f"Let 127.0.0.1:{server.port} answer?" in told
    assert "what you write, the chat so far and your instructions" in told
    assert server.questions == []
    assert dialog.agree.hasFocus()
    dialog.agree.click()
    one.opened.until(lambda: not one.has_dialog and "attic" in one.words)
    assert one.said == [f"attic (127.0.0.1:{server.port}) can answer: 1 model."]
    assert "Ollama · 1 model" in one.words
    assert EMPTY not in one.words


def test_leaving_the_consent_sends_nothing(shown: Callable[[], Shown], server: OpenAiServer) -> None:
    one = shown()
    one.section.add.click()
    fill(one.dialog, server.url)
    QTest.keyClick(one.dialog, Qt.Key.Key_Escape)
    assert not one.has_dialog
    assert server.questions == []
    assert one.opened.workbench.servers.list() == ()


def test_a_wrong_key_is_asked_for_in_the_form(shown: Callable[[], Shown]) -> None:
    with OpenAiServer(fake.vllm(), key="sk-right") as server:
        one = shown()
        one.section.add.click()
        dialog = one.dialog
        fill(dialog, server.url, name="attic", key="sk-wrong")
        dialog.agree.click()
        one.opened.until(lambda: dialog.next.isVisible())
        assert "refuses the key" in dialog.accessibleDescription()
        assert dialog.key.hasFocus()
        fill(dialog, server.url, key="sk-right")
        dialog.agree.click()
        one.opened.until(lambda: not one.has_dialog and "with a key" in one.words)


def test_what_is_no_address_is_told_in_the_form(shown: Callable[[], Shown]) -> None:
    one = shown()
    one.section.add.click()
    fill(one.dialog, "http://8.8.8.8")
    assert "on the internet" in one.dialog.accessibleDescription()
    assert one.dialog.next.isVisible()
    one.dialog.dismiss()


def test_asked_again_marked_and_forgotten(shown: Callable[[], Shown], server: OpenAiServer) -> None:
    one = shown()
    servers = one.opened.workbench.servers
    servers.add(make_consent(server.url, name="attic"), None, CancelToken())
    one.opened.until(lambda: "attic" in one.words)
    one.button("attic is mine").click()
    one.opened.until(lambda: servers.list()[0].mine)
    server.__exit__()
    one.button("Ask attic again").click()
    one.opened.until(lambda: "Nothing listens at" in one.words)
    one.button("Forget attic").click()
    one.opened.until(lambda: EMPTY in one.words)
    assert one.errors == []
    server.__enter__()


def test_programs_of_this_computer_are_added_with_one_press(
    shown: Callable[[], Shown], server: OpenAiServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = shown()
    servers = one.opened.workbench.servers
    look = servers.find
    monkeypatch.setattr(servers, "find", lambda cancel: look(cancel, {server.port: "ollama"}))
    one.section.look.click()
    one.opened.until(lambda: "ollama on this computer" in one.words)
    one.button("Add ollama").click()
    assert one.dialog.address.text() == server.url
    fill(one.dialog, server.url)
    one.dialog.agree.click()
    one.opened.until(lambda: "ollama (127.0.0.1" in one.words)
    one.opened.until(lambda: "on this computer" not in one.words.lower())  # the found one leaves the list
    one.section.look.click()
    one.opened.until(lambda: NOBODY in one.words)


def knows_servers(opened: OpenWindow) -> bool:
    desk = opened.window._desk
    installed = desk.models._installed if desk is not None else None
    return installed is not None and bool(installed.elsewhere)


def test_its_model_is_chosen_in_the_list_and_its_answers_bear_its_name(
    make_window: MakeWindow, server: OpenAiServer
) -> None:
    opened = make_window()
    label = f"attic (127.0.0.1:{server.port})"
    opened.workbench.servers.add(make_consent(server.url, name="attic"), None, CancelToken())
    opened.until(lambda: knows_servers(opened))
    assert opened.composer.footer.text() == "Runs on this computer. Nothing leaves it."
    opened.composer.model_chip.click()
    popover = next(each for each in opened.window.findChildren(Popover) if each.isVisible())
    entry = next(each for each in popover.findChildren(Button) if each.accessibleName() == "qwen3:8b@attic")
    assert f"Answers come from {label}" in entry.accessibleDescription()
    entry.click()
    opened.until(lambda: opened.composer.footer.text() == f"Answers come from {label}.")
    assert "qwen3:8b@attic" in opened.composer.model_chip.accessibleName()
    opened.send("Hi")
    opened.until(lambda: opened.idle() and len(opened.texts) >= 2)
    assert opened.texts[-1].startswith("Hello from afar.")
    assert opened.page.transcript.items[-1].badge == label
    opened.workbench.servers.remove("attic")
    opened.until(lambda: "attic" not in opened.composer.footer.text())
