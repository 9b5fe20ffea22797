"""The sheet on which a question is taken to a stronger model: what would leave, to whom, at what price. Nothing leaves by
opening or changing it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QLabel, QStackedWidget, QVBoxLayout, QWidget

from ui.appearance import Appearance
from ui.cloud.sheet.body import BodyView
from ui.cloud.sheet.by_hand import ByHand
from ui.cloud.sheet.choices import Choices
from ui.cloud.sheet.foot import Foot
from ui.cloud.sheet.state import SheetState
from ui.cloud.sheet.words import retention_words
from ui.icons import pixmap
from ui.links import Verdict, judge
from ui.notify import announce
from ui.translation import marked, tr
from ui.widgets.buttons import ElidedButton, IconButton
from ui.widgets.floating import Floating
from ui.widgets.labels import label, rule
from ui.widgets.scrolling import scrolling
from workbench.chat.escalating.escalation import HandOff

WIDTH, HEIGHT, MARGIN = 1040, 820, 24  # pixels
BESIDE = 780  # pixels at 100 %: below, what leaves stands under the choices
FOOT_BESIDE = 540  # pixels at 100 %: below, price and buttons stand under each other
LOW = 300  # pixels at 100 %: below, the foot scrolls with all else
LOW_BODY = 220  # pixels of the text that leaves, where it stands under the choices
FIXED = marked("This waits for your answer. Nothing has left this computer: exactly this goes when you press Send.")
FIXED_FURTHER = marked(
    "The answer wants to go on with what its tools gave. That has not left this computer: exactly this goes when you"
    " press Send."
)
SHADE = QColor(0, 0, 0, 90)


class Veil(QWidget):
    """Lies over the window while the sheet is open: what is behind waits."""

    def __init__(self, host: QWidget) -> None:
        super().__init__(host)
        self.setGeometry(host.rect())
        self.setAccessibleName("")
        self.show()
        self.raise_()

    def paintEvent(self, _event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), SHADE)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()


class EscalationSheet(Floating):
    """``changed``: the draft as the person wants it. ``mode_asked``: another `Mode`. ``sent``: yes, with its `Scope`.
    ``refused``: a no to what waits. ``change_asked``: what waits is to be changed first. ``step_asked``: a `NextStep`.
    ``hand_off_asked`` (whose page, empty: the model's), ``pasted`` (the answer, whose), ``page_asked`` (an address): by
    hand. ``closed``: it is gone."""

    changed = Signal(object)
    mode_asked = Signal(object)
    sent = Signal(object)
    left = Signal()
    change_asked = Signal()
    step_asked = Signal(object)
    hand_off_asked = Signal(str)
    pasted = Signal(str, str)
    page_asked = Signal(str)
    closed = Signal()

    def __init__(self, appearance: Appearance, window: QWidget) -> None:
        super().__init__(tr("Ask a stronger model"), window)
        self._appearance = appearance
        self._veil = Veil(window)
        self._state = SheetState()
        self._busy = ""
        self._open = True
        self.setProperty("look", "popover")
        self._sign = QLabel()
        self._title = label(tr("Ask a stronger model"), "title", wrap=True)
        self.told = label("", "caption", wrap=True)
        self.told.setMinimumWidth(1)  # its longest word does not make the sheet scroll sideways
        self.close_button = IconButton("x", tr("Not now"), appearance)
        self.close_button.say(tr("Not now"), "Esc")
        self._place = QFrame()
        self.host_name = label("", "cloud", wrap=True)
        self.retention = label("", "small", wrap=True)
        self.source = ElidedButton("", appearance, look="link").gives_way()
        self.choices = Choices(appearance)
        self.body = BodyView(appearance)
        self.foot = Foot(appearance)
        self.by_hand = ByHand(appearance)
        self._sides = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._pages = QStackedWidget()
        self._beside: bool | None = None
        self._low = False
        self._lay_out()
        self._connect()
        window.installEventFilter(self)
        appearance.follow(self._dress)

    def open(self) -> None:
        self._fit()
        self.appear()
        self.foot.leave.setFocus(Qt.FocusReason.PopupFocusReason)  # the rest waits for the draft

    def show_state(self, state: SheetState) -> None:
        """All that is on it."""
        before, self._state = self._state, state
        self.choices.show_state(state)
        self.choices.setVisible(state.draft is not None)
        self.body.setVisible(state.draft is not None)
        if before.draft is None and state.draft is not None and self.foot.leave.hasFocus() and not state.fixed:
            self.choices.model.setFocus(Qt.FocusReason.PopupFocusReason)
        self.foot.show_state(state)
        self._tell(state)
        if state.preview is not None and state.preview is not before.preview:
            self.body.show_body(state.preview)
            self._show_place(state)
        elif state.preview is None and (state.busy, state.problem) != (before.busy, before.problem):
            self.body.show_nothing(state.busy or state.problem)
        if state.busy and state.busy != before.busy:
            announce(self, state.busy)
        elif state.problem and state.problem != before.problem:
            announce(self, state.problem)

    def show_hand_off(self, handed: HandOff) -> None:
        preview = self._state.preview
        self.by_hand.show_hand_off(handed, self._state.providers, preview.redactions if preview is not None else ())
        self._pages.setCurrentWidget(self.by_hand)
        self._title.setText(tr("Use my own subscription"))
        self.by_hand.take_focus()

    def dismiss(self) -> None:
        if self._open:
            self._open = False
            self.host.removeEventFilter(self)
            self._veil.hide()
            self._veil.deleteLater()
            super().dismiss()
            self.closed.emit()

    def event(self, event: QEvent) -> bool:
        """The window's own keys wait while it is open."""
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return super().event(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """It follows the window's size. A press beside it closes nothing: a person may have written in it."""
        if watched is self.host and event.type() == QEvent.Type.Resize:
            self._fit()
        return False

    # Inside -----------------------------------------------------------------------------------------------------------

    def _tell(self, state: SheetState) -> None:
        if state.busy:
            words = state.busy
        elif state.fixed:
            words = tr(FIXED_FURTHER) if state.grows else tr(FIXED)
        elif state.preview is not None and state.preview.standing:
            words = tr("Nothing has left this computer. You allowed this without asking: Send is all that is needed.")
        else:
            words = tr(
                "Nothing has left this computer yet. What is shown here goes when you press Send, and nothing else."
            )
        self.told.setText(words)

    def _show_place(self, state: SheetState) -> None:
        preview = state.preview
        if preview is None:
            return
        provider = preview.provider
        kept, source = retention_words(provider)
        self._place.show()
        self.host_name.setText(tr("Goes to {host}").format(host=provider.host))
        self.retention.setText(kept)
        self.source.setVisible(bool(source))
        self.source.setEnabled(judge(provider.retention.source).verdict is Verdict.OPEN)
        self.source.say(tr("As read on {date}").format(date=provider.retention.date) if source else "")
        self.source.setAccessibleName(tr("Where that was read: {source}").format(source=source))
        self.source.setToolTip(source)

    def _leave(self) -> None:
        self.dismiss()

    def _show_sheet(self) -> None:
        self._pages.setCurrentIndex(0)
        self._title.setText(tr("Ask a stronger model"))
        self.foot.hand.setFocus(Qt.FocusReason.OtherFocusReason)

    def _open_source(self) -> None:
        if self._state.preview is not None:
            self.page_asked.emit(self._state.preview.provider.retention.source)

    def _fit(self) -> None:
        host = self.host
        self._veil.setGeometry(host.rect())
        width = min(self._appearance.pixels(WIDTH), host.width() - 2 * MARGIN)
        height = min(self._appearance.pixels(HEIGHT), host.height() - 2 * MARGIN)
        self.setGeometry((host.width() - width) // 2, (host.height() - height) // 2, width, height)
        self._arrange(beside=width >= self._appearance.pixels(BESIDE))
        self._lower(low=height < self._appearance.pixels(LOW))
        self.foot.arrange(beside=width >= self._appearance.pixels(FOOT_BESIDE))

    def _arrange(self, *, beside: bool) -> None:
        """What leaves stands beside the choices, or under them where there is no room."""
        if beside is self._beside:
            return
        self._beside = beside
        if beside:
            self.body.setMinimumHeight(0)
            self._sides.addWidget(self.body, 6)
            self._page_lines.insertWidget(0, self.told)
        else:
            self.body.setMinimumHeight(self._appearance.pixels(LOW_BODY))
            self._below.addWidget(self.body)
            self._below.insertWidget(0, self.told)

    def _lower(self, *, low: bool) -> None:
        """In a low window price and buttons stand at the end of what scrolls."""
        if low is not self._low:
            self._low = low
            (self._below if low else self._page_lines).addWidget(self.foot)

    def _dress(self) -> None:
        side = self._appearance.pixels(18)
        self._sign.setPixmap(pixmap("cloud", self._appearance.tokens.cloud, side, self.devicePixelRatioF()))

    def _connect(self) -> None:
        self.close_button.clicked.connect(self._leave)
        self.choices.changed.connect(self.changed)
        self.choices.mode_asked.connect(self.mode_asked)
        self.foot.sent.connect(self.sent)
        self.foot.left.connect(self._say_no)
        self.foot.change_asked.connect(self.change_asked)
        self.foot.step_asked.connect(self.step_asked)
        self.foot.by_hand.connect(lambda: self.hand_off_asked.emit(""))
        self.by_hand.other_asked.connect(self.hand_off_asked)
        self.by_hand.left.connect(self._show_sheet)
        self.by_hand.page_asked.connect(self.page_asked)
        self.by_hand.pasted.connect(lambda text: self.pasted.emit(text, self.by_hand.name))
        self.source.clicked.connect(self._open_source)

    def _say_no(self) -> None:
        self.left.emit()
        self.dismiss()

    def _lay_out(self) -> None:
        outside = QVBoxLayout(self)
        outside.setContentsMargins(20, 14, 16, 16)
        outside.setSpacing(10)
        head = QHBoxLayout()
        head.setSpacing(10)
        head.addWidget(self._sign)
        head.addWidget(self._title, 1)
        head.addWidget(self.close_button)
        outside.addLayout(head)
        self._pages.setProperty("look", "bare")
        outside.addWidget(self._pages, 1)
        self._pages.addWidget(self._sheet_page())
        self._pages.addWidget(self.by_hand)

    def _sheet_page(self) -> QWidget:
        page = QWidget()
        self._page_lines = lines = QVBoxLayout(page)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(10)
        lines.addWidget(self.told)
        inside = QWidget()
        inside.setProperty("look", "column")
        self._below = QVBoxLayout(inside)
        self._below.setContentsMargins(0, 0, 0, 0)
        self._below.setSpacing(14)
        self._below.addWidget(self._place_banner())
        self._below.addWidget(self.choices)
        self._scroll = scrolling(inside)
        self._sides.setSpacing(18)
        self._sides.addWidget(self._scroll, 5)
        lines.addLayout(self._sides, 1)
        lines.addWidget(rule())
        lines.addWidget(self.foot)
        return page

    def _place_banner(self) -> QWidget:
        self._place.setProperty("look", "cloud")
        lines = QVBoxLayout(self._place)
        lines.setContentsMargins(14, 10, 14, 10)
        lines.setSpacing(3)
        lines.addWidget(self.host_name)
        lines.addWidget(self.retention)
        lines.addWidget(self.source, 0, Qt.AlignmentFlag.AlignLeft)
        self._place.hide()
        return self._place
