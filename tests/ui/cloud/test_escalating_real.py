"""The window over the real core, and a provider on loopback that records what arrives."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.fakes.cloud_servers import KEY, CloudServer
from tests.patience import MILLISECONDS
from tests.ui.cloud.test_pictures import picture
from ui.appearance import Appearance
from ui.bridge import Bridge
from ui.cloud.sheet.pictures import folded
from ui.main_window import MainWindow
from workbench.app import Workbench, build
from workbench.cloud.provider import Price
from workbench.cloud.spending.money import CallState
from workbench.paths import Paths


@pytest.fixture
def server() -> Iterator[CloudServer]:
    with CloudServer() as made:
        yield made


@pytest.fixture
def core(home: Path, server: CloudServer) -> Iterator[Workbench]:
    made = build(Paths(home))
    made.cloud.switch(on=True)
    made.cloud.set_address("mine", server.base_url)
    made.cloud.use_key("mine", KEY)
    made.cloud.set_price("mine/big", Price(1_000_000, 2_000_000))
    made.change_setting("cloud.model", "mine/big")
    yield made
    made.close()


@pytest.fixture
def window(core: Workbench, bridge: Bridge, appearance: Appearance, qtbot: QtBot) -> Iterator[MainWindow]:
    made = MainWindow(appearance, bridge, core.paths)
    made.show()
    made.fill(core)
    yield made
    qtbot.waitUntil(lambda: bridge.idle, timeout=MILLISECONDS)
    made.close()
    bridge.close()
    made.deleteLater()


def test_the_bytes_that_arrive_are_the_ones_that_were_shown(
    window: MainWindow, core: Workbench, server: CloudServer, bridge: Bridge, qtbot: QtBot
) -> None:
    def until(check) -> None:  # type: ignore[no-untyped-def]
        qtbot.waitUntil(check, timeout=MILLISECONDS)

    desk = window.desk
    assert desk is not None
    until(lambda: desk.chat.state.cloud and bridge.idle)
    window.page.composer.show_text("/cloud Write to maria@example.org about the sea.")
    window.page.composer.send_button.click()
    until(lambda: desk.escalations.sheets.sheet is not None and desk.escalations.sheets.state.fresh is not None)
    sheet = desk.escalations.sheets.sheet
    assert sheet is not None
    shown = sheet.body.text.toPlainText()
    assert server.questions == [], "nothing has left before the yes"
    assert "maria@example.org" not in shown
    assert sheet.foot.send.isEnabled(), sheet.foot.reasons.words.text()
    sheet.foot.send.click()
    until(lambda: not desk.chat.state.busy and len(desk.chat.state.nodes) == 2 and bridge.idle)
    (arrived,) = server.questions
    assert arrived.body == shown.encode()
    answer = desk.chat.state.nodes[-1]
    assert answer.turn is not None
    assert answer.turn.backend == "cloud:mine"
    assert answer.message.text
    until(lambda: "$" in window.page.transcript.items[-1].badge)  # type: ignore[union-attr]
    (entry,) = core.ledger.entries()
    assert entry.state is CallState.SETTLED


def test_a_picture_is_seen_on_the_sheet_and_leaves_as_it_is_shown(
    window: MainWindow, server: CloudServer, bridge: Bridge, qtbot: QtBot, tmp_path: Path
) -> None:
    def until(check) -> None:  # type: ignore[no-untyped-def]
        qtbot.waitUntil(check, timeout=MILLISECONDS)

    (tmp_path / "sea.png").write_bytes(picture(width=400, height=100))
    desk, composer = window.desk, window.page.composer
    assert desk is not None
    until(lambda: desk.chat.state.cloud and bridge.idle)
    composer.attach(tmp_path / "sea.png", "sea.png")
    until(lambda: len(composer.attached()) == 1 and bridge.idle)
    composer.show_text("/cloud What is in it?")
    composer.send_button.click()
    until(lambda: desk.escalations.sheets.sheet is not None and desk.escalations.sheets.state.fresh is not None)
    sheet = desk.escalations.sheets.sheet
    assert sheet is not None
    (tick,) = [one for key, one in sheet.choices.pieces.ticks.items() if "attachment" in key]
    assert tick.picture.isVisible()
    assert tick.accessibleDescription().startswith("400 × 100 · ")
    shown = sheet.body.text.toPlainText()
    assert "characters of a picture⟩" in shown
    assert sheet.body.unfold.isVisible()
    sheet.body.unfold.click()
    whole = sheet.body.text.toPlainText()
    assert not sheet.body.unfold.isVisible()
    tick.click()
    until(lambda: desk.escalations.sheets.state.fresh is not None)
    assert "base64" not in sheet.body.text.toPlainText()
    tick.click()
    until(lambda: desk.escalations.sheets.state.fresh is not None)
    sheet.foot.send.click()
    until(lambda: not desk.chat.state.busy and len(desk.chat.state.nodes) == 2 and bridge.idle)
    (arrived,) = server.questions
    assert arrived.body == whole.encode()
    assert folded(whole).text == shown
