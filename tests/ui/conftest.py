"""A window over a fake workbench: real chats on a real database, a scripted backend."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.fakes.backend import ScriptedBackend
from tests.fakes.workbench import FakeWorkbench
from tests.patience import MILLISECONDS
from ui.appearance import Appearance
from ui.application import make_application
from ui.bridge import Bridge
from ui.main_window import MainWindow
from workbench.jobs import Jobs

MakeWindow = Callable[..., "OpenWindow"]


@pytest.fixture(scope="session")
def qapp() -> QApplication:
    existing = QApplication.instance()
    return existing if isinstance(existing, QApplication) else make_application(["workbench"])


@pytest.fixture
def appearance(qapp: QApplication) -> Iterator[Appearance]:
    made = Appearance(qapp, "light")
    yield made
    made.deleteLater()


@pytest.fixture
def bridge(qapp: QApplication) -> Iterator[Bridge]:
    made = Bridge(Jobs())
    yield made
    assert made.close()
    made.deleteLater()


class OpenWindow:
    """A filled window and what stands behind it."""

    def __init__(self, window: MainWindow, workbench: FakeWorkbench, bot: QtBot) -> None:
        self.window = window
        self.workbench = workbench
        self.bot = bot

    @property
    def page(self):  # type: ignore[no-untyped-def]
        return self.window.page

    @property
    def composer(self):  # type: ignore[no-untyped-def]
        return self.window.page.composer

    @property
    def texts(self) -> list[str]:
        """What the transcript shows, one text per message."""
        transcript = self.window.page.transcript
        return [item.text for item in transcript.items] if transcript else []

    def until(self, check: Callable[[], bool]) -> None:
        self.bot.waitUntil(check, timeout=MILLISECONDS)

    def send(self, text: str) -> None:
        self.composer.show_text(text)
        self.composer.send_button.click()

    def idle(self) -> bool:
        desk = self.window._desk
        return desk is not None and not desk.chat.state.busy


@pytest.fixture
def make_window(
    qapp: QApplication, bridge: Bridge, appearance: Appearance, tmp_path: Path, qtbot: QtBot
) -> Iterator[MakeWindow]:
    opened: list[OpenWindow] = []

    def make(
        backend: ScriptedBackend | None = None, prepare: Callable[[FakeWorkbench], None] | None = None
    ) -> OpenWindow:
        workbench = FakeWorkbench(tmp_path / "home", backend)
        if prepare:
            prepare(workbench)
        window = MainWindow(appearance, bridge, workbench.paths)
        window.show()
        window.fill(workbench.as_workbench())
        one = OpenWindow(window, workbench, qtbot)
        opened.append(one)
        one.until(lambda: window.page.composer.model_chip.text().strip() != "" and bridge.idle)
        return one

    yield make
    for one in opened:
        one.window.close()
        bridge.close()
        one.workbench.close()
        one.window.deleteLater()
