"""Over the person's own subscription: the text to paste into its page, and the answer that comes back by hand."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPlainTextEdit, QVBoxLayout, QWidget

from ui.appearance import Appearance
from ui.chat.steps import visible
from ui.cloud.sheet.body import Placeholders
from ui.links import judge
from ui.settings.parts import Picker
from ui.translation import tr
from ui.widgets.buttons import Button
from ui.widgets.flow import Flow
from ui.widgets.labels import label
from ui.widgets.popover import Choice, Popover
from workbench.chat.escalating.escalation import HandOff
from workbench.cloud.hiding.redaction import Redaction
from workbench.cloud.provider import Provider


class ByHand(QWidget):
    """``page_asked`` carries the address to open, ``pasted`` the answer to be kept. ``left``: back to the sheet.
    ``other_asked``: the id of the provider whose page is wanted instead."""

    page_asked = Signal(str)
    pasted = Signal(str)
    left = Signal()
    other_asked = Signal(str)

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._appearance = appearance
        self._handed = HandOff("", "", "")
        self._providers: tuple[Provider, ...] = ()
        self._told = label(
            tr("No key and no cost here: you paste this into your own chat page, and the answer back."),
            "muted",
            wrap=True,
        )
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setProperty("look", "bytes")
        self.text.setTabChangesFocus(True)
        self.text.setAccessibleName(tr("The text to paste there"))
        self.copy = Button(tr("Copy"), appearance, icon_name="copy", name=tr("Copy the text to paste there"))
        self._marks = Placeholders(self.text.document(), appearance)
        self.whose = Picker(tr("Whose page"), appearance)
        self.page = Button("", appearance, icon_name="external-link")
        self.answer = QPlainTextEdit()
        self.answer.setProperty("look", "field")
        self.answer.setTabChangesFocus(True)
        self.answer.setPlaceholderText(tr("Paste the answer here"))
        self.answer.setAccessibleName(tr("The answer from there"))
        self.back = Button(tr("Back"), appearance, look="quiet", icon_name="chevron-left")
        self.keep = Button(tr("Keep the answer"), appearance, look="primary", icon_name="check")
        self._lay_out()
        self.copy.clicked.connect(self._copy)
        self.whose.clicked.connect(self._choose_page)
        self.page.clicked.connect(lambda: self.page_asked.emit(self._handed.page))
        self.answer.textChanged.connect(self._follow)
        self.keep.clicked.connect(lambda: self.pasted.emit(self.answer.toPlainText().strip()))
        self.back.clicked.connect(self.left)
        self._follow()

    @property
    def name(self) -> str:
        """Whose page it is."""
        return self._handed.name

    def show_hand_off(self, handed: HandOff, providers: Sequence[Provider], redactions: Sequence[Redaction]) -> None:
        """What was pasted before stays. ``providers``: whose page may be used instead."""
        self._handed = handed
        self._providers = tuple(one for one in providers if one.chat_page)
        self._marks.mark([one.placeholder for one in redactions])
        self.whose.show_choice(handed.name)
        self.whose.setVisible(len(self._providers) > 1)
        self.text.setPlainText(visible(handed.text))
        self.copy.say(tr("Copy"))
        self.page.setVisible(bool(handed.page))
        self.page.say(tr("Open {name}").format(name=handed.name))
        host = judge(handed.page).shown
        self.page.setAccessibleName(tr("Open {address} in the browser").format(address=host))
        self.page.setToolTip(host)

    def take_focus(self) -> None:
        self.copy.setFocus(Qt.FocusReason.OtherFocusReason)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._handed.text)
        self.copy.say(tr("Copied"))

    def _choose_page(self) -> None:
        choices = [
            Choice(
                one.name,
                partial(self.other_asked.emit, one.id),
                icon="external-link",
                checked=one.name == self._handed.name,
                note=judge(one.chat_page).shown,
            )
            for one in self._providers
        ]
        Popover(tr("Whose page"), choices, self._appearance, self.window()).open_at(self.whose)

    def _follow(self) -> None:
        self.keep.setEnabled(bool(self.answer.toPlainText().strip()))

    def _lay_out(self) -> None:
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(10)
        lines.addWidget(self._told)
        lines.addWidget(self.text, 3)
        steps = QWidget()
        flow = Flow(steps, gap=8)
        flow.addWidget(self.whose)
        flow.addWidget(self.copy)
        flow.addWidget(self.page)
        lines.addWidget(steps)
        lines.addWidget(label(tr("Then bring the answer back"), "strong", wrap=True))
        lines.addWidget(self.answer, 2)
        ends = QWidget()
        foot = Flow(ends, gap=8)
        foot.addWidget(self.back)
        foot.addWidget(self.keep)
        lines.addWidget(ends)
