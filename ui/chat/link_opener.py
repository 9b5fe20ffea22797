"""Links of answers: opened, asked about in the window, or refused. The judgement itself is `ui.links`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget

from ui.appearance import Appearance
from ui.chat.page import ChatPage
from ui.chat.words import shortened
from ui.links import Verdict, judge
from ui.notify import Toasts
from ui.translation import marked, tr
from ui.widgets.notice import NoticeCard

if TYPE_CHECKING:
    from ui.bridge import Bridge
    from ui.chat.web_pictures import WebPictures
    from workbench.app import Workbench

QUESTION = marked("This link leads to another place than it says, or to another program:")


class LinkOpener(QObject):
    def __init__(self, appearance: Appearance, page: ChatPage, toasts: Toasts) -> None:
        super().__init__(page)
        self._appearance = appearance
        self._page = page
        self._toasts = toasts
        self._card: QWidget | None = None
        self._pictures: WebPictures | None = None

    def open(self, target: str, text: str = "") -> None:
        """``text`` is what the link says, when that is known."""
        link = judge(target, text)
        if link.verdict is Verdict.OPEN:
            QDesktopServices.openUrl(QUrl(link.target))
        elif link.verdict is Verdict.ASK:
            self._ask(link.target, link.shown)
        else:
            self._toasts.show(tr("This link is not opened: {link}").format(link=shortened(link.shown, 90)))

    def offer_picture(self, url: str, words: str, bridge: Bridge, workbench: Workbench) -> None:
        """A picture of an answer: shown here once the person has seen from where it comes."""
        from ui.chat.web_pictures import WebPictures  # most answers have none

        if self._pictures is None:
            self._pictures = WebPictures(bridge, workbench, self._appearance, self._page, self._toasts)
        self._pictures.ask(url, words)

    def _ask(self, target: str, shown: str) -> None:
        self._close()
        steps = ((tr("Open it"), lambda: self._open_asked(target)), (tr("Leave it"), self._close))
        self._card = NoticeCard(self._appearance, tr(QUESTION), shown, steps=steps)
        self._page.put_above_composer(self._card)

    def _open_asked(self, target: str) -> None:
        self._close()
        QDesktopServices.openUrl(QUrl(target))

    def _close(self) -> None:
        if self._card is not None:
            self._card.hide()
            self._card.deleteLater()
            self._card = None
