"""Document folders of a prompt, by their names: typed, or chosen among those that are attached here."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from ui.appearance import Appearance
from ui.prompts.editor.fields import COMMA, LineField, listed
from ui.translation import marked, tr
from ui.widgets.buttons import IconButton
from ui.widgets.popover import Choice, Popover

NONE_HERE = marked("No folder is attached here yet. A name can be typed all the same.")


class FolderField(QWidget):
    """``edited``: the person changed something. ``asked``: they want to choose; whoever knows the folders calls `offer`.

    ``several``: names with commas between, else one.
    """

    edited = Signal()
    asked = Signal()

    def __init__(self, name: str, hint: str, appearance: Appearance, *, several: bool) -> None:
        super().__init__()
        self._appearance = appearance
        self._several = several
        self.line = LineField(name, hint)
        self.choose = IconButton("folder-open", tr("Choose: {what}").format(what=name), appearance)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(self.line, 1)
        row.addWidget(self.choose, 0, Qt.AlignmentFlag.AlignVCenter)
        self.line.textChanged.connect(lambda _text: self.edited.emit())
        self.choose.clicked.connect(self.asked)

    @property
    def names(self) -> tuple[str, ...]:
        return listed(self.line.text())

    def show_names(self, names: Sequence[str]) -> None:
        """Without a sign that it was edited."""
        if self.names != tuple(names):
            self.line.show_text(COMMA.join(names))

    def offer(self, attached: Sequence[str]) -> None:
        """The list opens, with those checked that stand here; a checked one is taken away."""
        chosen = self.names
        choices = [Choice(name, partial(self._toggle, name), checked=name in chosen) for name in attached]
        nothing = Choice(tr("No document folders"), lambda: None, note=tr(NONE_HERE), enabled=False)
        Popover(self.choose.accessibleName(), choices or [nothing], self._appearance, self.window()).open_at(
            self.choose
        )

    def _toggle(self, name: str) -> None:
        chosen = self.names
        if name in chosen:
            left: tuple[str, ...] = tuple(one for one in chosen if one != name)
        else:
            left = (*chosen, name) if self._several else (name,)
        self.line.setText(COMMA.join(left))
