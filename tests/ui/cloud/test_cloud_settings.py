"""*Cloud* in the settings: off until it is switched on, keys by their end, and nobody is asked before a person asks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget

from tests.fakes.cloud_servers import KEY, CloudServer, faults
from tests.ui.conftest import MakeWindow, OpenWindow
from ui.appearance import Appearance
from ui.bridge import Bridge
from ui.cloud.settings.address_dialog import AddressDialog
from ui.cloud.settings.login_dialog import LoginDialog
from ui.cloud.settings.models_dialog import ModelsDialog
from ui.cloud.settings.section import CloudSection
from ui.cloud.settings.standing_rows import revoked_words
from ui.widgets.buttons import Button
from ui.widgets.floating import Floating
from ui.widgets.popover import Popover
from workbench.cloud.cloud import OWN_SOURCE
from workbench.consents.consent import ConsentKind, Question, Scope
from workbench.errors import WorkbenchError
from workbench.events import Topic
from workbench.secrets import KeychainError
from workbench.settings import Cloud

Dialog = TypeVar("Dialog", bound=Floating)


class Shown:
    def __init__(self, opened: OpenWindow, section: CloudSection) -> None:
        self.opened, self.section = opened, section
        self.workbench = opened.workbench
        self.errors: list[WorkbenchError] = []
        self.said: list[str] = []
        section.told.connect(self.errors.append)
        section.said.connect(self.said.append)

    def until(self, check: Callable[[], bool]) -> None:
        self.opened.until(check)

    def switch_on(self) -> None:
        self.section.switch.click()
        self.until(lambda: self.says("No provider has a key yet"))  # the keychain has answered, and it is shown

    def says(self, words: str, root: QWidget | None = None) -> bool:
        return any(words in one.text() for one in (root or self.section).findChildren(QLabel) if one.isVisible())

    def button(self, name: str) -> QAbstractButton:
        """What a row was made of anew is shown a moment later."""
        self.until(lambda: self.has_button(name))
        found = self.section.findChildren(QAbstractButton)
        return next(one for one in found if one.accessibleName() == name and one.isVisible())

    def has_button(self, name: str) -> bool:
        found = self.section.findChildren(QAbstractButton)
        return any(one.accessibleName() == name and one.isVisible() for one in found)

    def pick(self, anchor: str, words: str) -> None:
        self.button(anchor).click()
        self.until(lambda: bool(self.opened.window.findChildren(Popover)))
        popover = self.opened.window.findChildren(Popover)[-1]
        next(one for one in popover.findChildren(Button) if one.accessibleName() == words).click()

    def dialog(self, kind: type[Dialog]) -> Dialog:
        self.until(lambda: any(one.isVisible() for one in self.opened.window.findChildren(kind)))
        return next(one for one in self.opened.window.findChildren(kind) if one.isVisible())

    def log_in(self, provider: str, key: str = KEY) -> LoginDialog:
        self.pick("Log in to a provider…", provider)
        dialog = self.dialog(LoginDialog)
        QTest.keyClicks(dialog.key, key)
        QTest.keyClick(dialog.key, Qt.Key.Key_Return)
        return dialog

    def add(self, name: str, address: str) -> AddressDialog:
        self.section.add.click()
        dialog = self.dialog(AddressDialog)
        dialog.name.setText(name)
        dialog.address.setText(address)
        QTest.keyClick(dialog.address, Qt.Key.Key_Return)
        return dialog

    def add_server(self, server: CloudServer, key: str = KEY) -> None:
        """A provider on loopback, and its key."""
        self.add("mine", server.base_url)
        self.until(lambda: self.has_button("Log in to mine"))
        self.button("Log in to mine").click()
        dialog = self.dialog(LoginDialog)
        QTest.keyClicks(dialog.key, key)
        QTest.keyClick(dialog.key, Qt.Key.Key_Return)
        self.until(lambda: self.has_button("Test the connection to mine"))

    def models(self, provider: str) -> ModelsDialog:
        self.button(f"Models and prices of {provider}").click()
        return self.dialog(ModelsDialog)


class Watched(dict[str, str]):
    """Counts who looks for a key."""

    asked = 0

    def get(self, key: str, default: Any = None) -> Any:
        self.asked += 1
        return super().get(key, default)


class Locked(dict[str, str]):
    """As a keychain that waits for its password."""

    def get(self, key: str, default: Any = None) -> Any:
        raise KeychainError("The keychain of this system is locked.")


@pytest.fixture
def shown(make_window: MakeWindow, bridge: Bridge, appearance: Appearance) -> Iterator[Callable[[], Shown]]:
    made: list[CloudSection] = []

    def show() -> Shown:
        opened = make_window()
        opened.window.resize(1000, 900)
        section = CloudSection(bridge, opened.workbench.as_workbench(), appearance)
        section.setParent(opened.window)
        section.resize(640, 860)
        section.show()
        made.append(section)
        opened.until(lambda: bridge.idle)
        return Shown(opened, section)

    yield show
    for section in made:
        section.deleteLater()


def test_off_it_tells_what_there_is_and_leaves_the_keychain_alone(shown: Callable[[], Shown]) -> None:
    one = shown()
    one.workbench.cloud_secrets.kept = kept = Watched()
    one.section.refresh()
    one.until(lambda: one.section._bridge.idle)
    assert one.section.ladder.isVisible()
    assert "Off" in one.section.switch.text()
    for part in (one.section.rows, one.section.log_in, one.section.add, one.section.hiding, one.section.standing):
        assert not part.isVisible()
    assert kept.asked == 0
    assert not one.workbench.settings.cloud.enabled


def test_it_is_switched_on_and_off(shown: Callable[[], Shown]) -> None:
    one = shown()
    one.switch_on()
    assert one.workbench.settings.cloud.enabled
    assert one.section.ladder.isVisible()  # nobody has a key yet
    one.until(lambda: one.says("Nothing: each question is shown to you before it leaves."))
    one.section.switch.click()
    one.until(lambda: not one.section.rows.isVisible())
    assert one.workbench.settings.cloud == Cloud()
    assert one.errors == []


def test_a_key_is_kept_shown_by_its_end_and_deleted(shown: Callable[[], Shown]) -> None:
    one = shown()
    one.switch_on()
    one.log_in("Groq")
    one.until(lambda: one.says(f"api.groq.com · Key ending in {KEY[-4:]}, in the keychain"))
    one.until(lambda: one.says("Can be asked"))
    assert one.section.ladder.isHidden()
    assert one.workbench.cloud_secrets.kept == {"groq@https://api.groq.com": KEY}
    assert one.said == ["The key of Groq is kept. Nothing was sent."]
    assert not any(KEY in label.text() for label in one.opened.window.findChildren(QLabel))
    one.pick("More of Groq", "Log out")
    one.until(lambda: one.says("No provider has a key yet"))
    assert one.workbench.cloud_secrets.kept == {}


def test_without_a_keychain_a_key_is_for_this_session_and_that_is_told(shown: Callable[[], Shown]) -> None:
    one = shown()
    one.workbench.cloud_secrets.note = "There is no keychain here. The key is kept until Workbench is closed."
    one.switch_on()
    one.log_in("Groq")
    one.until(lambda: one.says(f"Key ending in {KEY[-4:]}, until Workbench is closed"))
    assert one.said == [one.workbench.cloud_secrets.note]


def test_a_keychain_that_does_not_answer_is_told_once(shown: Callable[[], Shown]) -> None:
    one = shown()
    one.workbench.cloud_secrets.kept = Locked()
    one.switch_on()
    told = [label for label in one.section.rows.findChildren(QLabel) if "is locked" in label.text()]
    assert len(told) == 1
    assert one.says("No provider has a key yet")


def test_what_is_no_key_is_told_in_the_dialog(shown: Callable[[], Shown]) -> None:
    one = shown()
    one.switch_on()
    dialog = one.log_in("Groq", "two words")
    one.until(dialog.problem.isVisible)
    assert "no key" in dialog.problem.text()
    assert "two words" not in dialog.problem.text()
    assert dialog.keep.isEnabled()
    QTest.keyClick(dialog.key, Qt.Key.Key_Escape)
    one.until(lambda: not one.opened.window.findChildren(LoginDialog))
    assert one.workbench.cloud_secrets.kept == {}


def test_while_a_key_is_kept_it_is_said_that_the_system_may_ask(shown: Callable[[], Shown]) -> None:
    one = shown()
    one.switch_on()
    one.pick("Log in to a provider…", "Groq")
    dialog = one.dialog(LoginDialog)
    assert not dialog.waiting.isVisible()
    given: list[str] = []
    dialog.given.disconnect()
    dialog.given.connect(given.append)  # a keychain that waits for its password
    QTest.keyClicks(dialog.key, KEY)
    QTest.keyClick(dialog.key, Qt.Key.Key_Return)
    QTest.keyClick(dialog.key, Qt.Key.Key_Return)
    assert given == [KEY]
    assert dialog.waiting.isVisible()
    dialog.show_failure(KeychainError("No."))
    assert not dialog.waiting.isVisible()


def test_the_connection_is_tested_when_asked_and_told_in_words(shown: Callable[[], Shown]) -> None:
    one = shown()
    one.switch_on()
    with CloudServer() as server:
        one.add_server(server)
        assert server.asked == []
        one.button("Test the connection to mine").click()
        one.until(lambda: one.says("takes the key, and lists 1 model"))
        assert [asked.method for asked in server.asked] == ["GET"]
        server.faults.append(faults.status(401))
        one.button("Test the connection to mine").click()
        one.until(lambda: not one.says("takes the key") and one.has_button("Test the connection to mine"))
        told = [label for label in one.section.rows.findChildren(QLabel) if label.property("tone") == "danger"]
        assert "key" in told[0].text()
    assert one.errors == []


def test_a_test_is_stopped(shown: Callable[[], Shown]) -> None:
    one = shown()
    one.switch_on()
    with CloudServer() as server:
        one.add_server(server)
        server.faults.append(faults.stall)
        one.button("Test the connection to mine").click()
        one.until(lambda: one.has_button("Stop asking mine") and bool(server.asked))
        one.button("Stop asking mine").click()
        one.until(lambda: one.has_button("Test the connection to mine"))
        assert not one.says("Asking 127.0.0.1")


def test_an_address_that_is_not_encrypted_is_refused_in_the_dialog(shown: Callable[[], Shown]) -> None:
    one = shown()
    one.switch_on()
    dialog = one.add("mine", "http://models.example.org/v1")
    one.until(dialog.problem.isVisible)
    assert one.workbench.settings.cloud.addresses == {}
    dialog.address.setText("https://models.example.org/v1")
    QTest.keyClick(dialog.address, Qt.Key.Key_Return)
    one.until(lambda: one.says("models.example.org · No key"))
    assert dict(one.workbench.settings.cloud.addresses) == {"mine": "https://models.example.org/v1"}
    one.until(lambda: one.says("What mine keeps of what it is sent is not known here"))
    one.pick("More of mine", "Forget it")
    one.until(lambda: not one.says("models.example.org"))
    assert one.workbench.settings.cloud.addresses == {}


def test_another_address_asks_for_the_key_again(shown: Callable[[], Shown]) -> None:
    one = shown()
    one.switch_on()
    with CloudServer() as first, CloudServer() as second:
        one.add_server(first)
        one.pick("More of mine", "Change its address…")
        dialog = one.dialog(AddressDialog)
        assert dialog.name.isReadOnly()
        dialog.address.setText(second.base_url)
        QTest.keyClick(dialog.address, Qt.Key.Key_Return)
        one.until(lambda: one.has_button("Log in to mine"))
        assert (first.asked, second.asked) == ([], [])


def test_models_are_fetched_on_demand_and_an_own_price_is_kept(shown: Callable[[], Shown]) -> None:
    one = shown()
    one.switch_on()
    with CloudServer() as server:
        one.add_server(server)
        dialog = one.models("mine")
        one.until(lambda: one.says("Nothing is listed of mine yet", dialog))
        assert server.asked == []
        dialog.refresh.click()
        one.until(lambda: dialog.table.model.rowCount() == 1)
        assert len(server.asked) == 1
    one.until(lambda: one.says("Its price is not known", dialog))
    dialog.price.read.setText("junk")
    dialog.price.written.setText("0.60")
    dialog.price._check()
    dialog.price.keep.click()
    assert dialog.price.problem.isVisible()
    dialog.price.read.setText("0.15")
    QTest.keyClick(dialog.price.read, Qt.Key.Key_Return)
    one.until(lambda: one.says("$0.15 read, $0.60 written", dialog))
    price = one.workbench.cloud.model("mine/model-one").price
    assert price is not None
    assert (price.input_micros, price.output_micros, price.source) == (150_000, 600_000, OWN_SOURCE)
    dialog.price.listed.click()
    one.until(lambda: one.says("Its price is not known", dialog))
    assert one.workbench.cloud.model("mine/model-one").price is None


def test_a_failed_list_is_told_where_it_was_asked_for(shown: Callable[[], Shown]) -> None:
    one = shown()
    one.switch_on()
    with CloudServer(key="another key that is right") as server:
        one.add_server(server)
        dialog = one.models("mine")
        dialog.refresh.click()
        one.until(lambda: dialog.state.property("tone") == "danger")
        assert "key" in dialog.state.text()
        assert dialog.refresh.isEnabled()


def test_the_proposed_model_is_chosen_in_the_list_and_among_all(shown: Callable[[], Shown]) -> None:
    one = shown()
    one.switch_on()
    one.log_in("Groq")
    one.until(lambda: one.section.model.isVisible() and "gpt-oss" in one.section.model.text())
    dialog = one.models("Groq")
    dialog.filter.setText("oss-20b")
    assert dialog.table.model.rowCount() == 1
    dialog.propose.click()
    one.until(lambda: one.workbench.settings.cloud.model == "groq/openai/gpt-oss-20b")
    one.until(lambda: "20B" in one.section.model.text() and not dialog.propose.isEnabled())
    dialog.dismiss()
    one.pick(one.section.model.accessibleName(), "The program's choice")
    one.until(lambda: one.workbench.settings.cloud.model == "" and "120B" in one.section.model.text())


def test_what_is_hidden_is_switched_and_written(shown: Callable[[], Shown]) -> None:
    one = shown()
    one.switch_on()
    hiding = one.section.hiding
    assert "On" in hiding.redact.text()
    hiding.words.setText(" Atlantis ,, Projekt Möwe")
    hiding.words.editingFinished.emit()
    one.until(lambda: one.workbench.settings.cloud.hidden_words == "Atlantis, Projekt Möwe")
    hiding.redact.click()
    one.until(lambda: not one.workbench.settings.cloud.redact and not hiding.words.isVisible())


def test_what_is_allowed_without_asking_is_listed_and_taken_back(shown: Callable[[], Shown]) -> None:
    one = shown()
    one.switch_on()
    consents = one.workbench.consents
    always = Question(
        ConsentKind.CLOUD, "groq@https://api.groq.com", "Send this?", {"body": "x"}, scopes=(Scope.ONCE, Scope.ALWAYS)
    )
    consents.accept(consents.ask(always).id, Scope.ALWAYS)
    tool = Question(ConsentKind.TOOL, "web_search", "Search?", {"query": "x"}, scopes=(Scope.ONCE, Scope.ALWAYS))
    consents.accept(consents.ask(tool).id, Scope.ALWAYS)
    one.workbench.bus.publish(Topic.CONSENTS)
    name = "Ask again before anything goes to Groq. In every chat, within your caps"
    one.until(lambda: one.has_button(name))
    assert not one.says("web_search")
    one.button(name).click()
    one.until(lambda: one.says("Nothing: each question is shown to you before it leaves."))
    assert [standing.kind for standing in consents.standing()] == [ConsentKind.TOOL]
    assert one.said[-1] == "You are asked again before anything leaves."


@pytest.mark.parametrize(("recalled", "words"), [(1, "1 request was"), (12, "12 requests were")])
def test_a_yes_that_is_taken_back_tells_what_waits_again(recalled: int, words: str) -> None:
    told = revoked_words(recalled)
    assert words in told
    assert "your answer" in told


def test_what_is_allowed_for_an_address_of_before_is_told_with_that_address(shown: Callable[[], Shown]) -> None:
    one = shown()
    one.switch_on()
    consents = one.workbench.consents
    subject = "groq@https://before.example"
    always = Question(ConsentKind.CLOUD, subject, "Send this?", {"body": "x"}, scopes=(Scope.ONCE, Scope.ALWAYS))
    consents.accept(consents.ask(always).id, Scope.ALWAYS)
    one.until(lambda: one.says(subject))
    one.button(f"Ask again before anything goes to {subject}. In every chat, within your caps").click()
    one.until(lambda: not consents.standing())


def test_side_by_side_shows_who_offers_a_model_and_reaches_nobody(shown: Callable[[], Shown]) -> None:
    one = shown()
    dialog = one.section.open_side_by_side()
    table = dialog.table.model
    assert table.rowCount() >= 3
    names = {table.index(row, 0).data() for row in range(table.rowCount())}
    assert {"Groq", "OpenRouter", "Together AI"} <= names
    dialog.table.sorts.button(3).click()  # by speed: what is not known comes last, whichever way
    for _way in range(2):
        known = [table.index(row, 3).data() != "not known" for row in range(table.rowCount())]
        assert known == sorted(known, reverse=True)
        dialog.table.sorts.button(3).click()
    other = dialog.choices.buttons()[1]
    other.click()
    assert other.isChecked()
    assert not dialog.choices.buttons()[0].isChecked()
    assert "for a million tokens" in dialog.told.text()
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    one.until(lambda: not dialog.isVisible())


def test_the_settings_open_at_it_and_every_control_has_a_name(make_window: MakeWindow) -> None:
    opened = make_window()
    pages = opened.window.pages
    pages.open_cloud()
    opened.until(lambda: pages.settings is not None and pages.settings.cloud.switch.hasFocus())
    assert pages.settings is not None
    section = pages.settings.cloud
    assert not section.switch.visibleRegion().isEmpty()
    section.switch.click()
    opened.until(section.rows.isVisible)
    unnamed = [
        one
        for one in section.findChildren(QWidget)
        if one.isVisible() and one.focusPolicy() & Qt.FocusPolicy.TabFocus and not one.accessibleName()
    ]
    assert unnamed == []
    assert QApplication.focusWidget() is section.switch
