"""What a provider's model may ask to be done here: all tools of the chat with one switch, and each by itself."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.appearance import Appearance
from ui.cloud.sheet.lists import PieceList, Tick
from ui.cloud.sheet.state import tools_of
from ui.cloud.sheet.words import offered_words
from ui.translation import tr
from ui.widgets.labels import label
from workbench.chat.escalating.escalation import Draft


class ToolList(QWidget):
    """``cut``: a tool's piece, and whether it is offered. ``offered``: whether any is. It is hidden where there is none."""

    cut = Signal(str, bool)
    offered = Signal(bool)

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self.all = Tick(appearance, tr("It may call tools"), "", on=False)
        self.meaning = label("", "caption", wrap=True)
        self.pieces = PieceList(appearance, tr("Tools that are offered"))
        head = label(tr("What it may ask for"), "strong", wrap=True)
        head.setContentsMargins(0, 10, 0, 0)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(6)
        for one in (head, self.all, self.meaning, self.pieces):
            lines.addWidget(one)
        self.meaning.setText(
            tr(
                "A call is made here, as your tools' own rules say. What it gave does not leave by that: it is shown to"
                " you, as another request."
            )
        )
        self.all.clicked.connect(self.offered)
        self.pieces.cut.connect(self.cut)

    def show_draft(self, draft: Draft, *, fixed: bool) -> None:
        tools = tools_of(draft)
        on = sum(one.kept for one in tools)
        self.setVisible(bool(tools))
        self.all.tell(offered_words(on, len(tools)))
        self.all.setEnabled(not fixed)
        if self.all.isChecked() is not bool(on):
            self.all.setChecked(bool(on))
        self.pieces.show_pieces(tools, fixed=fixed)
        self.pieces.setVisible(bool(on) or any(one.note for one in tools))
