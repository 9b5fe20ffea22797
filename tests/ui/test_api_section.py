"""The section *Local API* of the settings: switch, address, token, web pages, who has asked."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from tests.fakes.workbench import FakeWorkbench
from tests.patience import MILLISECONDS
from ui.appearance import Appearance
from ui.bridge import Bridge
from ui.settings import api_items
from ui.settings.api import HIDDEN, ApiSection
from ui.settings.page import SettingsPage
from ui.widgets.notice import NoticeCard
from workbench.serving.activity import Exchange
from workbench.serving.switch import ApiState

NOW = datetime(2026, 11, 22, 14, 30).astimezone()
CHAT = Exchange(1, NOW.timestamp(), "/v1/chat/completions", "curl/8", "gpt-oss-20b")


@pytest.fixture
def workbench(tmp_path: Path) -> Iterator[FakeWorkbench]:
    made = FakeWorkbench(tmp_path / "home")
    yield made
    made.close()


@pytest.fixture
def section(bridge: Bridge, appearance: Appearance, workbench: FakeWorkbench, qtbot: QtBot) -> ApiSection:
    page = SettingsPage(bridge, workbench.as_workbench(), appearance)
    qtbot.addWidget(page)
    bridge.follow(workbench.bus)
    page.resize(760, 1800)
    page.show()
    return page.api


def test_the_switch_opens_and_closes(section: ApiSection, workbench: FakeWorkbench, qtbot: QtBot) -> None:
    assert not section.switch.isChecked()
    assert not section.address.isVisible()
    assert not section.empty.isVisible()
    section.switch.click()
    qtbot.waitUntil(lambda: section.address.isVisible())
    assert workbench.settings.api.enabled
    assert workbench.api.status().state is ApiState.ON
    assert (section.switch.text(), section.address.text()) == ("On", "http://127.0.0.1:9117/v1")
    assert section.empty.isVisible()
    section.copy_address.click()
    assert QGuiApplication.clipboard().text() == "http://127.0.0.1:9117/v1"
    section.switch.click()
    qtbot.waitUntil(lambda: not section.address.isVisible())
    assert workbench.api.status().state is ApiState.OFF


def test_tab_goes_from_top_to_bottom(section: ApiSection, qtbot: QtBot) -> None:
    section.switch.click()
    qtbot.waitUntil(lambda: section.token.isVisible())
    found: list[str] = []
    here: QWidget | None = section.switch.nextInFocusChain()
    while here is not None and here is not section.list:
        if section.isAncestorOf(here) and here.isVisible() and here.focusPolicy() & Qt.FocusPolicy.TabFocus:
            found.append(here.accessibleName())
        here = here.nextInFocusChain()
    assert found == [
        "Copy the address",
        "Show the token",
        "Copy the token",
        "Replace the token",
        "Port",
        "Web pages that may ask",
        "Models of other machines",
    ]


def test_the_token_is_shown_only_when_asked_for(section: ApiSection, workbench: FakeWorkbench, qtbot: QtBot) -> None:
    section.switch.click()
    qtbot.waitUntil(lambda: section.token.isVisible())
    token = workbench.api.token.current()
    assert section.token.text() == HIDDEN
    section.copy_token.click()
    qtbot.waitUntil(lambda: QGuiApplication.clipboard().text() == token)
    assert section.token.text() == HIDDEN
    section.show_token.click()
    qtbot.waitUntil(lambda: section.token.text() == token)
    assert section.show_token.accessibleName() == "Hide the token"
    section.hide()
    section.show()
    assert section.token.text() == HIDDEN
    with qtbot.waitSignal(section.said, timeout=MILLISECONDS):
        section.new_token.click()
    assert workbench.api.token.current() != token


def test_a_port_that_is_taken_is_shown_and_another_taken(
    section: ApiSection, workbench: FakeWorkbench, qtbot: QtBot
) -> None:
    workbench.taken_ports[9117] = "x"
    section.switch.click()
    qtbot.waitUntil(lambda: bool(section.findChildren(NoticeCard)))
    card = section.findChildren(NoticeCard)[0]
    assert card.accessibleName().startswith("Port 9117 is in use")
    assert not section.address.isVisible()
    section.port.setText("9200")
    section.port.editingFinished.emit()
    qtbot.waitUntil(lambda: section.address.text().endswith(":9200/v1") and section.address.isVisible())
    qtbot.waitUntil(lambda: not section.findChildren(NoticeCard))


def test_a_port_that_is_none_is_not_saved(section: ApiSection, workbench: FakeWorkbench) -> None:
    section.port.setText("80")
    section.port.editingFinished.emit()
    assert workbench.settings.api.port == 9117


def test_origins_and_other_machines_are_saved(section: ApiSection, workbench: FakeWorkbench, qtbot: QtBot) -> None:
    section.origins.setText("  https://notes.example   http://localhost:3000 ")
    section.origins.editingFinished.emit()
    qtbot.waitUntil(lambda: workbench.settings.api.origins == "https://notes.example http://localhost:3000")
    section.remote.click()
    qtbot.waitUntil(lambda: workbench.settings.api.remote_models)


def test_requests_appear_as_they_come(section: ApiSection, workbench: FakeWorkbench, qtbot: QtBot) -> None:
    QAbstractItemModelTester(section.model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    number = workbench.api.activity.begin("/v1/chat/completions", "curl/8")
    qtbot.waitUntil(lambda: section.list.isVisible())
    assert section.model.index(0).data(api_items.OUTCOME_ROLE) == "Running"
    workbench.api.activity.note(number, model="gpt-oss-20b", completion_tokens=40, tokens_per_second=31.26)
    workbench.api.activity.end(number, 200)
    qtbot.waitUntil(lambda: section.model.index(0).data(api_items.OUTCOME_ROLE) == "31.3 tokens/s")
    assert str(section.model.index(0).data()).startswith("Chat · gpt-oss-20b, 31.3 tokens/s, ")
    section.grab()  # painted without a word on the standard error


@pytest.mark.parametrize(
    ("one", "outcome", "detail"),
    [
        (CHAT, "Running", "14:30:00 · curl/8"),
        (Exchange(1, CHAT.at, "/health", status=200, seconds=0.04), "Answered", "14:30:00 · Unnamed program · 0.0 s"),
        (
            Exchange(1, CHAT.at, "unknown", "Firefox", status=403, error="forbidden_origin", times=9),
            "Refused, 403",
            "14:30:00 · Firefox · a web page that is not listed · 9 times",
        ),
        (
            Exchange(1, CHAT.at, "/v1/models", "x", status=507, error="some_code"),
            "Failed, 507",
            "14:30:00 · x · some code",
        ),
        (Exchange(1, CHAT.at, "/v1/models", "x", status=499, error="client_left"), "Client left", "14:30:00 · x"),
        (
            Exchange(1, CHAT.at - 86400, "/v1/models", "x", "m", 200, "", 12.0, 9, 1234, 8.0),
            "8.0 tokens/s",
            "21 Nov, 14:30 · x · 1,234 tokens · 12.0 s",
        ),
    ],
)
def test_words_of_a_request(one: Exchange, outcome: str, detail: str) -> None:
    assert (api_items.outcome_words(one), api_items.detail_words(one, NOW)) == (outcome, detail)
