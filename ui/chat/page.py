"""The conversation page: title bar, transcript or welcome, what is going on, the composer. Layout and connections only."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from ui.appearance import Appearance
from ui.chat.composer import Composer
from ui.chat.find_bar import FindBar
from ui.chat.state import ChatState, Notice, Remedy, notice
from ui.chat.welcome import Welcome
from ui.page_frame import HEADER_HEIGHT, column
from ui.translation import marked, tr
from ui.widgets.buttons import ElidedButton, IconButton
from ui.widgets.focus_ring import FocusRing
from ui.widgets.labels import ElidedLabel, PiecesLabel, label
from ui.widgets.notice import NoticeCard
from ui.widgets.scrolling import scrolling

if TYPE_CHECKING:
    from ui.chat.transcript import TranscriptView
    from ui.first_run.page import FirstRunPage

TEMPORARY = marked("Temporary chat")
UNWRITTEN = marked("Nothing of this chat is written to the disk, and it is gone when you leave it.")
COMPOSER_WIDER = 16  # pixels than the column


class ChatPage(QWidget):
    """Shows one `ChatState`. ``remedy_asked`` carries the `Remedy` of a notice."""

    remedy_asked = Signal(object)
    actions_asked = Signal(QWidget)
    sidebar_asked = Signal()

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._notice: tuple[Notice, QWidget] | None = None
        self._transcript: TranscriptView | None = None
        self.setProperty("look", "page")
        self.setAccessibleName(tr("Chat"))
        self.title = ElidedLabel("", "title")
        self.title.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self.engine = PiecesLabel("caption")  # gives way to the title
        self.project = ElidedButton("", appearance, look="quiet", icon_name="folder-open")
        self.project.hide()
        self.show_sidebar = IconButton("panel-left", tr("Show sidebar"), appearance)
        self.show_sidebar.hide()
        self.temporary = label(tr(UNWRITTEN), "caption", wrap=True)
        self.temporary.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.temporary.hide()
        self.branches = IconButton("list-tree", tr("Branches of this chat"), appearance)
        self.branches.hide()
        self.more = IconButton("ellipsis", tr("Chat actions"), appearance)
        self.more.hide()
        self.welcome = Welcome(appearance)
        self.composer = Composer(appearance)
        self.find_bar = FindBar(appearance)
        self._stack = QStackedWidget()
        self._welcome_column = scrolling(column(self.welcome))
        self._offer: FirstRunPage | None = None
        self._offer_in_new_chat: bool | None = None
        self._stack.addWidget(self._welcome_column)
        self._above = QVBoxLayout()
        self._lay_out()
        self.more.clicked.connect(lambda: self.actions_asked.emit(self.more))
        self.find_bar.closed.connect(self.composer.draft.setFocus)
        self.show_sidebar.clicked.connect(self.sidebar_asked)

    @property
    def transcript(self) -> TranscriptView | None:
        """The transcript, once there is one: it is made after the first paint."""
        return self._transcript

    @property
    def talking(self) -> bool:
        """A chat that has begun is in view."""
        return self._stack.currentWidget() is not self._welcome_column

    def put_transcript(self, transcript: TranscriptView) -> None:
        self._transcript = transcript
        self._stack.addWidget(transcript)
        QWidget.setTabOrder(self.more, transcript)
        FocusRing(transcript, self._appearance)

    def put_offer(self, offer: FirstRunPage) -> None:
        """A model can be fetched: within a new chat, or above the composer of another one."""
        self._offer = offer
        self._place_offer()

    def put_above_composer(self, widget: QWidget) -> None:
        """Place a card between the transcript and the composer."""
        self._above.addWidget(widget)
        widget.show()

    def show_state(self, state: ChatState) -> None:
        """Everything but the transcript's own content."""
        empty = not state.nodes and not state.busy and state.conversation_id is None
        named = state.title or (tr("New chat") if state.busy else "")
        self.title.setText(tr(TEMPORARY) if state.temporary else named)
        self.temporary.setVisible(state.temporary)
        self.welcome.show()
        self.more.setVisible(state.conversation_id is not None and not state.temporary)
        self.branches.setVisible(bool(state.alternatives) and not state.busy)
        if self._transcript is not None:
            self._stack.setCurrentWidget(self._welcome_column if empty else self._transcript)
        self._place_offer()
        self.composer.show_busy(state.busy)
        self._show_notice(notice(state))

    def show_project(self, name: str, *, private: bool = False) -> None:
        """The project of the chat in view; empty: it is in none."""
        self.project.say(name)
        said = tr("Project {name}, private") if private else tr("Project {name}")
        self.project.setAccessibleName(said.format(name=name))
        self.project.show_icon("shield-check" if private else "folder-open")
        self.project.setVisible(bool(name))

    def _place_offer(self) -> None:
        if self._offer is None:
            return
        new_chat = not self.talking
        self._offer.show_whole(new_chat)
        if new_chat is not self._offer_in_new_chat:
            self._offer_in_new_chat = new_chat
            shown = not self._offer.isHidden()
            if new_chat:
                self.welcome.hold(self._offer)
            else:
                self._above.addWidget(self._offer)
            self._offer.setVisible(shown)

    def _show_notice(self, told: Notice | None) -> None:
        if self._notice is not None:
            if self._notice[0] == told:
                return
            self._notice[1].hide()
            self._notice[1].deleteLater()
            self._notice = None
        if told is None:
            return
        card = NoticeCard(
            self._appearance,
            told.text,
            told.hint,
            detail=told.detail,
            severe=told.severe,
            steps=[(tr(remedy.value), self._asking_for(remedy)) for remedy in told.remedies],
        )
        self._notice = (told, card)
        self.put_above_composer(card)

    def _asking_for(self, remedy: Remedy) -> Callable[[], None]:
        return lambda: self.remedy_asked.emit(remedy)

    def _lay_out(self) -> None:
        header = QWidget()
        header.setFixedHeight(HEADER_HEIGHT)
        bar = QHBoxLayout(header)
        bar.setContentsMargins(24, 0, 16, 0)
        bar.setSpacing(10)
        bar.addWidget(self.show_sidebar)
        bar.addWidget(self.title)
        bar.addWidget(self.project)
        bar.addWidget(self.engine, 1)
        bar.addWidget(self.branches)
        bar.addWidget(self.more)
        below = QWidget()
        self._above.setContentsMargins(0, 8, 0, 0)
        self._above.setSpacing(8)
        stacked = QVBoxLayout(below)
        stacked.setContentsMargins(0, 0, 0, 0)
        stacked.setSpacing(8)
        stacked.addLayout(self._above)
        stacked.addWidget(self.temporary)
        stacked.addWidget(self.composer)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(header)
        layout.addWidget(self.find_bar)
        layout.addWidget(self._stack, 1)
        layout.addWidget(column(below))
        self._below = below
        self._appearance.follow(self._use_width)

    def _use_width(self) -> None:
        """The composer is as wide as the column, and a little more."""
        self._below.setMaximumWidth(self._appearance.column_width + COMPOSER_WIDER)
