"""Exactly what leaves, to be read: the bytes as they are, or with their lines broken. Placeholders stand out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFont, QSyntaxHighlighter, QTextCharFormat, QTextDocument, QTextOption
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from ui.appearance import Appearance
from ui.chat.steps import visible
from ui.cloud.sheet.pictures import Folded, folded
from ui.cloud.sheet.words import readable, size_words
from ui.translation import tr
from ui.widgets.buttons import Button, ElidedButton
from ui.widgets.flow import Flow
from ui.widgets.labels import ElidedLabel, label
from workbench.chat.escalating.escalation import Preview

SHOWN: Final = 40_000  # characters; the rest when asked for: one line of a million takes seconds to lay out
HASH_DIGITS: Final = 12


class Placeholders(QSyntaxHighlighter):
    """Marks the placeholders in amber."""

    def __init__(self, document: QTextDocument, appearance: Appearance) -> None:
        super().__init__(document)
        self._appearance = appearance
        self._pattern: re.Pattern[str] | None = None
        appearance.changed.connect(self.rehighlight)

    def mark(self, placeholders: Sequence[str]) -> None:
        ordered = sorted(set(placeholders), key=len, reverse=True)
        self._pattern = re.compile("|".join(re.escape(one) for one in ordered)) if ordered else None

    def highlightBlock(self, text: str) -> None:
        if self._pattern is None:
            return
        look = QTextCharFormat()
        look.setForeground(self._appearance.colour("cloud"))
        look.setBackground(self._appearance.colour("cloud_soft"))
        look.setFontWeight(QFont.Weight.DemiBold)
        for found in self._pattern.finditer(text):
            begin = len(text[: found.start()].encode("utf-16-le")) // 2
            self.setFormat(begin, len(found[0]), look)


class BodyView(QWidget):
    """Exactly or easier to read. What cannot be seen (marks of direction, joiners, controls) is written as its number."""

    changed = Signal()

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._appearance = appearance
        self._body = ""
        self._whole = False
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setProperty("look", "bytes")
        self.text.setTabChangesFocus(True)
        self.text.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.text.setAccessibleName(tr("Exactly what leaves"))
        self._marks = Placeholders(self.text.document(), appearance)
        self.exact = self._way(tr("Exactly"), tr("Show the bytes exactly as they leave"))
        self.easy = self._way(tr("Easier to read"), tr("Show the same with its lines broken"))
        self._ways = QButtonGroup(self)
        for button in (self.exact, self.easy):
            self._ways.addButton(button)
        self.exact.setChecked(True)
        self._folds = True
        self.unfold = ElidedButton("", appearance, look="quiet", icon_name="image")
        self.unfold.clicked.connect(self._show_pictures)
        self._more = ElidedButton("", appearance, look="quiet", icon_name="chevron-down")
        self._more.clicked.connect(self._show_all)
        self.told = ElidedLabel("", "caption")
        self._lay_out()
        self._ways.buttonClicked.connect(lambda _button: self._show())

    @property
    def shows_exactly(self) -> bool:
        return self.exact.isChecked()

    def show_body(self, preview: Preview) -> None:
        """The text that leaves; where nothing of it changed, the place that one reads stays in view."""
        self._marks.mark([one.placeholder for one in preview.redactions])
        other = preview.body != self._body
        self._body = preview.body
        size, whole = f"{len(preview.outgoing.body):,}", preview.outgoing.hash
        self.told.setText(tr("{count} bytes · sha256 {hash}…").format(count=size, hash=whole[:HASH_DIGITS]))
        self.told.explain(whole)
        self.told.setAccessibleName(tr("{count} bytes, sha256 {hash}").format(count=size, hash=whole))
        if other:
            self._show()
        else:
            self._marks.rehighlight()

    def show_nothing(self, words: str) -> None:
        """There is none: ``words`` say why."""
        self._body = ""
        self.told.setText("")
        self._more.hide()
        self.unfold.hide()
        self.text.setPlainText(words)

    # Inside -----------------------------------------------------------------------------------------------------------

    def _way(self, words: str, name: str) -> Button:
        button = Button(words, self._appearance, look="filter", name=name)
        button.setToolTip(name)
        button.setCheckable(True)
        return button

    def _show(self) -> None:
        fold = folded(self._body) if self._folds else Folded(self._body)
        whole = fold.text if self.shows_exactly else readable(fold.text)
        shown = visible(whole if self._whole else whole[:SHOWN])
        place = self.text.verticalScrollBar().value()
        self.text.setPlainText(shown)
        self.text.verticalScrollBar().setValue(place)
        rest = 0 if self._whole else max(0, len(whole) - SHOWN)
        self._more.setVisible(rest > 0)
        self._more.say(tr("Show the other {count}").format(count=size_words(rest)))
        self._more.setAccessibleName(tr("Show the other {count}").format(count=size_words(rest)))
        self._offer_pictures(fold.characters)
        self.changed.emit()

    def _offer_pictures(self, characters: int) -> None:
        self.unfold.setVisible(characters > 0)
        words = tr("Show the {count} of pictures").format(count=size_words(characters))
        self.unfold.say(words)
        self.unfold.setAccessibleName(words)

    def _show_pictures(self) -> None:
        """Every byte of them, as letters."""
        self._folds = False
        self._show()
        self.text.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_all(self) -> None:
        self._whole = True
        self._show()
        self.text.setFocus(Qt.FocusReason.OtherFocusReason)

    def _lay_out(self) -> None:
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(8)
        ways = QWidget()
        flow = Flow(ways, gap=6)
        flow.addWidget(label(tr("What leaves"), "strong"))
        for button in (self.exact, self.easy):
            flow.addWidget(button)
        lines.addWidget(ways)
        lines.addWidget(self.text, 1)
        lines.addWidget(self.unfold, 0, Qt.AlignmentFlag.AlignLeft)
        lines.addWidget(self._more, 0, Qt.AlignmentFlag.AlignLeft)
        foot = QHBoxLayout()
        foot.setSpacing(0)
        foot.addWidget(self.told, 1)
        lines.addLayout(foot)
