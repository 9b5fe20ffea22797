"""The rules of Auto: whose hold, what of them was not understood, and where they can be changed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.appearance import Appearance
from ui.bridge import Bridge
from ui.settings.parts import setting_row
from ui.translation import tr
from ui.widgets.buttons import Button
from ui.widgets.labels import label

if TYPE_CHECKING:
    from workbench.app import Workbench

MOST_TOLD = 3  # notices


class Held(NamedTuple):
    """``own``: the person's rules hold; ``notices``: what of their file was not taken."""

    own: bool
    notices: tuple[str, ...]


class RoutingRow(QWidget):
    """``told`` carries an error, ``said`` what was done."""

    told = Signal(object)
    said = Signal(str)

    def __init__(self, bridge: Bridge, workbench: Workbench, appearance: Appearance) -> None:
        super().__init__()
        self._bridge = bridge
        self._workbench = workbench
        self.open = Button(tr("Open the rules"), appearance, icon_name="pencil", name=tr("Open the rules of Auto"))
        self.open.clicked.connect(self._open)
        self.restore = Button(tr("Restore"), appearance, name=tr("Restore the rules of Auto"))
        self.restore.clicked.connect(self._restore)
        self.restore.hide()
        self.state = label("", "caption")
        self.state.setWordWrap(True)
        self.state.hide()
        buttons = QWidget()
        row = QHBoxLayout(buttons)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.restore)
        row.addWidget(self.open)
        words = tr("Auto chooses a model and its effort for each question, by rules in a file that you can change.")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(setting_row(tr("Rules of Auto"), words, buttons))
        layout.addWidget(self.state)

    def refresh(self) -> None:
        """Look again which rules hold."""
        self._bridge.run(lambda _job: self._look(), on_done=self._show)

    def _look(self) -> Held:
        """In a worker."""
        router = self._workbench.router
        _rules, notices = router.rules()
        return Held(router.file.exists(), tuple(str(one) for one in notices))

    def _show(self, held: Held) -> None:
        self.restore.setVisible(held.own)
        lines = list(held.notices[:MOST_TOLD])
        if len(held.notices) > MOST_TOLD:
            lines.append(tr("and {count} more.").format(count=len(held.notices) - MOST_TOLD))
        if held.own and not lines:
            lines = [tr("Your own rules hold.")]
        self.state.setText("\n".join(lines))
        self.state.setVisible(bool(lines))

    def _open(self) -> None:
        def show(file: Path) -> None:
            if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(file))):
                self.said.emit(tr("Nothing opens it here: the rules are in {file}.").format(file=file))
            self.refresh()

        self._bridge.run(lambda _job: self._workbench.router.begin_own(), on_done=show, on_failed=self.told.emit)

    def _restore(self) -> None:
        def tell(kept: Path | None) -> None:
            if kept is not None:
                words = tr("The program's rules hold again; yours are kept as {name}.")
                self.said.emit(words.format(name=kept.name))
            self.refresh()

        self._bridge.run(lambda _job: self._workbench.router.restore(), on_done=tell, on_failed=self.told.emit)
