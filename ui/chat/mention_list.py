"""The list that a sign such as "@" opens above the composer: it follows what is typed, and the keyboard stays there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent, QTextCursor
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QVBoxLayout

from ui.appearance import Appearance
from ui.chat.mentions import mention_in
from ui.notify import announce
from ui.translation import tr
from ui.widgets.buttons import Button
from ui.widgets.direction import leave_room
from ui.widgets.floating import shade
from ui.widgets.labels import ElidedLabel, label

WIDTH, GAP = 440, 6
_CHOOSING = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab)


@dataclass(frozen=True, slots=True)
class Mention:
    """What is being written after a sign: from ``begin`` to ``end`` of the draft with the sign, ``query`` without it."""

    begin: int
    end: int
    query: str


class Offer(Protocol):
    """What may be chosen. ``kind``: what it is, in a word; ``detail``: muted, on a second line."""

    @property
    def name(self) -> str: ...

    @property
    def detail(self) -> str: ...

    @property
    def icon(self) -> str: ...

    @property
    def kind(self) -> str: ...


class MentionList(QObject):
    """``asked`` (text after the sign): `show_places` is to be called. ``chosen`` carries the `Offer`; what was typed for
    it is taken out of the draft then."""

    asked = Signal(str)
    chosen = Signal(object)

    def __init__(
        self,
        appearance: Appearance,
        draft: QPlainTextEdit,
        query_in: Callable[[str], str | None] = mention_in,
        name: str = "",
        below: QVBoxLayout | None = None,
    ) -> None:
        """``query_in``: what is being written after the one sign at the end of a text, None for nothing. ``name``: of the
        list, for those who hear it. ``below``: where the list stands instead of floating above the draft."""
        super().__init__(draft)
        self._appearance, self._draft = appearance, draft
        self._query_in, self._name = query_in, name or tr("Folders and files")
        self._below = below
        self._mention: Mention | None = None
        self._refused = -1  # where the sign stands that the person did not mean
        self._places: tuple[Offer, ...] = ()
        self._entries: list[_Entry] = []
        self._spare: tuple[QFrame | None, list[_Entry]] = (None, [])
        self._shown = ""  # what the list is for
        self._early = False  # Enter was pressed before the list had followed
        self._at = 0
        self._frame: QFrame | None = None
        draft.textChanged.connect(self._follow)
        draft.cursorPositionChanged.connect(self._follow)
        draft.installEventFilter(self)

    @property
    def is_open(self) -> bool:
        return self._frame is not None

    @property
    def places(self) -> tuple[Offer, ...]:
        return self._places

    def show_places(self, query: str, places: Sequence[Offer], nothing: str = "") -> None:
        """What there is for ``query``, if that is still what stands there; ``nothing``: said where there is none."""
        if self._mention is None or self._mention.query != query:
            return
        self._shown, early, self._early = query, self._early, False
        if not places:
            self._close_frame()
            self._say(nothing)
            return
        self._places = tuple(places)
        frame = self._frame if self._frame is not None and self._entries else self._spare_or_new()
        self._fill(frame)
        self._place(frame)
        frame.show()
        frame.raise_()
        self._point_at(0)
        if early:
            self._choose(self._places[0])

    def close(self) -> None:
        """Until another sign is typed."""
        self._refused = self._mention.begin if self._mention is not None else -1
        self._mention = None
        self._close_frame()

    def _spare_or_new(self) -> QFrame:
        """The one of the last time, where there is one: opening makes no new widgets either."""
        spare, entries = self._spare
        if spare is None:
            return self._opened()
        self._close_frame(self._places)
        self._frame, self._entries, self._spare = spare, entries, (None, [])
        return spare

    def _opened(self) -> QFrame:
        self._close_frame(self._places)
        self._frame = frame = QFrame(self._draft.window())
        frame.setProperty("look", "popover")
        frame.setAccessibleName(self._name)
        if self._below is None:
            shade(frame)
        lines = QVBoxLayout(frame)
        lines.setContentsMargins(GAP, GAP, GAP, GAP)
        lines.setSpacing(1)
        return frame

    def _fill(self, frame: QFrame) -> None:
        """Rows that are there already say something else: a new letter makes no new widgets."""
        lines = frame.layout()
        while len(self._entries) > len(self._places):
            gone = self._entries.pop()
            gone.hide()
            gone.deleteLater()
        for place, entry in zip(self._places, self._entries, strict=False):
            entry.show_offer(place)
        for place in self._places[len(self._entries) :]:
            entry = _Entry(self._appearance, place)
            entry.clicked.connect(partial(self._choose_row, len(self._entries)))
            self._entries.append(entry)
            if lines is not None:
                lines.addWidget(entry)

    def _say(self, nothing: str) -> None:
        """That there is nothing to choose."""
        if not nothing:
            return
        frame = self._opened()
        lines = frame.layout()
        if lines is not None:
            lines.addWidget(label(nothing, "caption", wrap=True))
        self._place(frame)
        frame.show()
        frame.raise_()

    def _choose_row(self, row: int, _checked: bool = False) -> None:
        if row < len(self._places):
            self._choose(self._places[row])

    # Inside -----------------------------------------------------------------------------------------------------------

    def _follow(self) -> None:
        found = _mention(self._draft.textCursor(), self._query_in)
        if found is None or found.begin != self._refused:
            self._refused = -1
        if found is None or found.begin == self._refused:
            self._mention = None
            self._close_frame()
        elif found != self._mention:
            self._mention, self._early = found, False
            self.asked.emit(found.query)

    def _choose(self, place: Offer) -> None:
        mention = self._mention
        self._mention = None
        self._close_frame()
        if mention is not None:
            cursor = QTextCursor(self._draft.document())
            cursor.setPosition(mention.begin)
            cursor.setPosition(mention.end, QTextCursor.MoveMode.KeepAnchor)
            cursor.removeSelectedText()
        self._draft.setFocus(Qt.FocusReason.OtherFocusReason)
        self.chosen.emit(place)

    def _point_at(self, at: int) -> None:
        if not self._entries:
            return
        self._at = at % len(self._entries)
        for place, entry in enumerate(self._entries):
            entry.setChecked(place == self._at)
        here = self._entries[self._at]
        told = tr("{place} of {count}").format(place=self._at + 1, count=len(self._entries))
        announce(self._draft, f"{here.accessibleName()}, {told}")

    def _place(self, frame: QFrame) -> None:
        """Above the composer, where there is more room than below."""
        window = self._draft.window()
        if self._below is not None:
            self._below.addWidget(frame)
            frame.show()
            window.adjustSize()
            return
        frame.setFixedWidth(min(self._appearance.pixels(WIDTH), window.width() - 2 * GAP))
        frame.adjustSize()
        above = self._draft.parentWidget() or self._draft  # with the chips, which stay in view
        corner = above.mapTo(window, QPoint(0, 0))
        left = max(GAP, min(corner.x(), window.width() - frame.width() - GAP))
        frame.move(left, max(GAP, corner.y() - frame.height() - 2 * GAP))

    def _close_frame(self, places: tuple[Offer, ...] = ()) -> None:
        if self._frame is not None:
            self._frame.hide()
            if self._entries and self._below is None:
                self._spare = (self._frame, self._entries)
            else:
                self._frame.deleteLater()
            self._frame = None
            if self._below is not None:
                self._draft.window().adjustSize()
        self._entries, self._places = [], places

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """While it is open, the keys that walk and choose are its own."""
        if event.type() == QEvent.Type.FocusOut:
            self._close_frame()
            self._mention = None
        if self._frame is None or not isinstance(event, QKeyEvent):
            return False
        key = Qt.Key(event.key())
        ours = key == Qt.Key.Key_Escape or (
            bool(self._entries) and key in (*_CHOOSING, Qt.Key.Key_Down, Qt.Key.Key_Up) and not event.modifiers()
        )
        if not ours:
            return False
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
        elif event.type() == QEvent.Type.KeyPress:
            self._press(key)
        return True

    def _press(self, key: Qt.Key) -> None:
        if key == Qt.Key.Key_Escape:
            self.close()
        elif key in _CHOOSING and self._mention is not None and self._mention.query != self._shown:
            self._early = True  # what fits the last letters is still looked for: its first is meant
        elif key in _CHOOSING:
            self._choose(self._places[self._at])
        else:
            self._point_at(self._at + (1 if key == Qt.Key.Key_Down else -1))


class _Entry(Button):
    """One row: the name, and muted below it what else is to be told."""

    def __init__(self, appearance: Appearance, offer: Offer) -> None:
        super().__init__("", appearance, look="entry", icon_name=offer.icon)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setCheckable(True)
        self._name, self._detail = ElidedLabel(), ElidedLabel("", "caption")
        lines = QVBoxLayout(self)
        leave_room(lines, 38, 5, 12, 5)
        lines.setSpacing(0)
        for shown in (self._name, self._detail):
            shown.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            lines.addWidget(shown)
        self.show_offer(offer)
        self.setMinimumHeight(lines.sizeHint().height())

    def show_offer(self, offer: Offer) -> None:
        self._name.setText(offer.name)
        self._detail.setText(offer.detail)
        self.show_icon(offer.icon)
        self.setAccessibleName(f"{offer.name}, {offer.kind}")
        self.setAccessibleDescription(offer.detail)


def _mention(cursor: QTextCursor, query_in: Callable[[str], str | None]) -> Mention | None:
    """The one that the cursor stands at the end of."""
    if cursor.hasSelection():
        return None
    end = cursor.position()
    before = QTextCursor(cursor)
    before.movePosition(QTextCursor.MoveOperation.StartOfBlock, QTextCursor.MoveMode.KeepAnchor)
    query = query_in(before.selectedText())
    if query is None:
        return None
    return Mention(end - len(f"@{query}".encode("utf-16-le", "surrogatepass")) // 2, end, query)
