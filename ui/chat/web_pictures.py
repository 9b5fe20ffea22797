"""Pictures that answers name: nothing is loaded before the person has seen from where and said so."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from PySide6.QtCore import QObject, QSize, Qt
from PySide6.QtGui import QDesktopServices, QPixmap
from PySide6.QtWidgets import QFileDialog, QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from ui.appearance import Appearance
from ui.bridge import Bridge
from ui.chat.page import ChatPage
from ui.notify import Toasts
from ui.translation import tr
from ui.widgets.buttons import Button
from ui.widgets.labels import label
from ui.widgets.notice import NoticeCard
from workbench.app import Workbench
from workbench.errors import WorkbenchError
from workbench.jobs import Job
from workbench.messages import Image

LARGEST = QSize(640, 360)
_ENDINGS = {"image/png": "png", "image/jpeg": "jpg", "image/gif": "gif", "image/bmp": "bmp"}


class WebPictures(QObject):
    """One card above the composer at a time: the question, then the picture."""

    def __init__(
        self, bridge: Bridge, workbench: Workbench, appearance: Appearance, page: ChatPage, toasts: Toasts
    ) -> None:
        super().__init__(page)
        self._bridge = bridge
        self._workbench = workbench
        self._appearance = appearance
        self._page = page
        self._toasts = toasts
        self._card: QWidget | None = None
        self._job: Job | None = None

    def ask(self, url: str, words: str) -> None:
        """Offer the picture at ``url``; ``words`` stand for it in the answer."""
        host = urlsplit(url).hostname or url
        steps = (
            (tr("Show it"), partial(self._fetch, url, words)),
            (tr("Open in the browser"), partial(self._browse, url)),
            (tr("Leave it"), self._close),
        )
        question = tr("Fetch this picture from {host}?").format(host=host)
        learns = tr("{host} learns your address by that.").format(host=host)
        self._put(NoticeCard(self._appearance, question, f"{learns} {url}", steps=steps))

    def _fetch(self, url: str, words: str) -> None:
        self._put(NoticeCard(self._appearance, tr("Fetching the picture…"), url, steps=((tr("Stop"), self._close),)))
        card = self._card
        self._job = self._bridge.run(
            lambda job: self._workbench.web_picture(url, job.cancel),
            on_done=lambda image: self._show(card, image, words),
            on_failed=lambda error: self._fail(card, error),
        )

    def _show(self, card: QWidget | None, image: Image, words: str) -> None:
        picture = QPixmap()
        if card is not self._card:
            return
        if not picture.loadFromData(image.content):
            self._close()
            self._toasts.show(tr("This picture cannot be drawn: its file is broken."))
            return
        shown = _fitting(picture, self._room(), self._page.devicePixelRatioF())
        self._put(PictureCard(self._appearance, shown, words.removeprefix("Image: "), self._save(image), self._close))

    def _room(self) -> QSize:
        """In a narrow window less than the largest."""
        return LARGEST.boundedTo(QSize(max(200, self._page.width() - 120), LARGEST.height()))

    def _fail(self, card: QWidget | None, error: WorkbenchError) -> None:
        if card is self._card:
            self._close()
            self._toasts.tell(error)

    def _save(self, image: Image) -> Callable[[], None]:
        def ask() -> None:
            dialog = QFileDialog(self._page.window(), tr("Save the picture"))
            dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
            dialog.selectFile(f"picture.{_ENDINGS.get(image.media_type, 'png')}")
            dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            dialog.fileSelected.connect(lambda path: self._write(Path(path), image.content))
            dialog.open()

        return ask

    def _write(self, path: Path, content: bytes) -> None:
        try:
            path.write_bytes(content)
        except OSError as error:
            self._toasts.show(
                tr("{path} could not be written: {reason}.").format(path=path, reason=error.strerror or error)
            )
        else:
            self._toasts.show(tr("Saved as {path}.").format(path=path))

    def _browse(self, url: str) -> None:
        self._close()
        QDesktopServices.openUrl(url)

    def _put(self, card: QWidget) -> None:
        self._close()
        self._card = card
        self._page.put_above_composer(card)

    def _close(self) -> None:
        if self._job is not None:
            self._job.cancel.cancel()
            self._job = None
        if self._card is not None:
            self._card.hide()
            self._card.deleteLater()
            self._card = None


class PictureCard(QFrame):
    """A picture with what it is said to show."""

    def __init__(
        self, appearance: Appearance, picture: QPixmap, words: str, save: Callable[[], None], close: Callable[[], None]
    ) -> None:
        super().__init__()
        self.setProperty("look", "notice")
        self.setAccessibleName(tr("Picture: {words}").format(words=words))
        shown = QLabel()
        shown.setAccessibleName(words)
        shown.setPixmap(picture)
        keep = Button(tr("Save"), appearance, look="quiet", icon_name="download", name=tr("Save the picture"))
        away = Button(tr("Close"), appearance, look="quiet", icon_name="x", name=tr("Close the picture"))
        keep.clicked.connect(save)
        away.clicked.connect(close)
        row = QHBoxLayout()
        row.addWidget(label(words, "caption", wrap=True), 1)
        row.addWidget(keep)
        row.addWidget(away)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 12, 14, 12)
        column.setSpacing(8)
        column.addWidget(shown, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addLayout(row)


def _fitting(picture: QPixmap, room: QSize, ratio: float) -> QPixmap:
    """Never enlarged."""
    room = room * ratio
    if picture.width() > room.width() or picture.height() > room.height():
        picture = picture.scaled(room, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation)
    picture.setDevicePixelRatio(ratio)
    return picture
