"""Pictures that answers name: not loaded before the person has said so, then shown, saved or put away."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QFileDialog, QLabel

from tests.fakes.backend import ScriptedBackend, gate
from tests.ui.conftest import MakeWindow, OpenWindow
from ui.chat.web_pictures import LARGEST, PictureCard
from ui.widgets.buttons import Button
from ui.widgets.notice import NoticeCard
from workbench.cancel import CancelToken
from workbench.errors import Cancelled, RefusedError
from workbench.messages import Image

URL = "https://pictures.example/sea.png"


def drawn(width: int, height: int) -> Image:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.blue)
    image.save(buffer, "PNG")  # type: ignore[call-overload]
    return Image("image/png", bytes(buffer.data().data()))


def asked(make_window: MakeWindow) -> OpenWindow:
    """An answer with a picture, clicked."""
    opened = make_window(ScriptedBackend(f"Look: ![The sea]({URL})"))
    opened.send("Show me the sea")
    opened.until(opened.idle)
    assert opened.workbench.fetched == []
    opened.page.transcript.link_activated.emit(URL)
    return opened


def toast(opened: OpenWindow) -> str:
    shown = opened.window.toasts._toast
    return shown.accessibleName() if shown else ""


def press(opened: OpenWindow, words: str) -> None:
    next(one for one in opened.page.findChildren(Button) if one.isVisible() and words in one.text()).click()


def test_a_picture_is_fetched_when_the_person_says_so(make_window: MakeWindow, tmp_path: Path) -> None:
    opened = asked(make_window)
    card = opened.page.findChild(NoticeCard)
    assert card is not None
    assert card.accessibleName() == "Fetch this picture from pictures.example?"
    assert opened.workbench.fetched == []
    opened.workbench.picture = drawn(2000, 1000)
    press(opened, "Show it")
    opened.until(lambda: opened.page.findChild(PictureCard) is not None)
    assert opened.workbench.fetched == [URL]
    shown = opened.page.findChild(PictureCard)
    assert shown is not None
    assert shown.accessibleName() == "Picture: The sea (pictures.example)"
    size = next(one.pixmap() for one in shown.findChildren(QLabel) if not one.pixmap().isNull()).deviceIndependentSize()
    assert 200 <= size.width() <= LARGEST.width()
    assert size.height() * 2 == size.width()

    press(opened, "Save")
    dialog = opened.window.findChild(QFileDialog)
    assert dialog is not None
    dialog.fileSelected.emit(str(tmp_path / "sea.png"))
    dialog.close()
    assert QImage(str(tmp_path / "sea.png")).width() == 2000
    press(opened, "Close")
    assert not shown.isVisible()


def test_nothing_is_fetched_that_is_left(make_window: MakeWindow) -> None:
    opened = asked(make_window)
    press(opened, "Leave it")
    assert opened.workbench.fetched == []


def test_what_went_wrong_is_told(make_window: MakeWindow) -> None:
    opened = asked(make_window)
    opened.workbench.picture = RefusedError("pictures.example is an address of this computer's own network.")
    press(opened, "Show it")
    opened.until(lambda: "own network" in toast(opened))
    assert opened.page.findChild(PictureCard) is None


def test_a_broken_picture_is_told(make_window: MakeWindow) -> None:
    opened = asked(make_window)
    opened.workbench.picture = Image("image/png", b"\x89PNG\r\n\x1a\nnothing")
    press(opened, "Show it")
    opened.until(lambda: "broken" in toast(opened))


def test_fetching_can_be_stopped(make_window: MakeWindow) -> None:
    opened, door = asked(make_window), gate()
    seen: list[CancelToken] = []

    def wait(url: str, cancel: CancelToken) -> Image:
        seen.append(cancel)
        door.reached.set()
        with cancel.unblocks(door.opened.set):
            door.opened.wait()
        raise Cancelled

    opened.workbench.web_picture = wait  # type: ignore[method-assign]
    press(opened, "Show it")
    opened.until(door.reached.is_set)
    press(opened, "Stop")
    opened.until(lambda: seen[0].cancelled)
    assert opened.page.findChild(PictureCard) is None
