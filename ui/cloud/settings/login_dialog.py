"""Logging in: the key of one provider, where it goes, and what the provider says that it keeps."""

from __future__ import annotations

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from ui.appearance import Appearance
from ui.cloud.settings.words import retention_words
from ui.notify import announce
from ui.tools.parts import paragraph
from ui.translation import marked, tr
from ui.widgets.buttons import Button
from ui.widgets.fields import line_edit
from ui.widgets.floating import Floating
from ui.widgets.flow import Flow
from workbench.cloud.provider import Provider
from workbench.errors import WorkbenchError

WIDTH = 480
WHERE = marked(
    "It goes to the keychain of this system and to {host} alone, and is never shown again. Keeping it sends nothing."
)
KEEPING = marked("Keeping it… Your system may ask for the password of its keychain.")


class LoginDialog(Floating):
    """``given`` carries the key. Whoever hears it calls `dismiss`, or `show_failure`."""

    given = Signal(str)

    def __init__(self, provider: Provider, appearance: Appearance, window: QWidget) -> None:
        title = tr("Log in to {name}").format(name=provider.name)
        super().__init__(title, window)
        self._appearance = appearance
        self._page = provider.key_page
        self.key = line_edit(tr("Key of {name}").format(name=provider.name), tr("Paste the key"))
        self.key.setEchoMode(QLineEdit.EchoMode.Password)
        self.problem = paragraph("", "danger", selectable=True)
        self.problem.hide()
        self.waiting = paragraph(tr(KEEPING), "caption")
        self.waiting.hide()
        self.keep = Button(tr("Keep the key"), appearance, look="primary")
        self.cancel = Button(tr("Cancel"), appearance)
        name = tr("Make a key on the page of {name}").format(name=provider.name)
        self.make = Button(tr("Make a key"), appearance, look="quiet", icon_name="external-link", name=name)
        self.make.setToolTip(provider.key_page)
        self.make.setVisible(bool(provider.key_page))
        rows = QVBoxLayout(self)
        rows.setContentsMargins(20, 18, 20, 16)
        rows.setSpacing(10)
        rows.addWidget(paragraph(title, "title"))
        rows.addWidget(paragraph(tr(WHERE).format(host=provider.host), "caption"))
        rows.addWidget(self.key)
        rows.addWidget(self.problem)
        rows.addWidget(self.waiting)
        rows.addWidget(paragraph(retention_words(provider), "caption", selectable=True))
        rows.addWidget(self.make, 0, Qt.AlignmentFlag.AlignLeft)
        buttons = QWidget()
        line = Flow(buttons, gap=8, trailing=True)
        line.addWidget(self.cancel)
        line.addWidget(self.keep)
        rows.addWidget(buttons)
        self.cancel.clicked.connect(self.dismiss)
        self.make.clicked.connect(lambda: QDesktopServices.openUrl(QUrl(self._page)))
        self.keep.clicked.connect(self._give)
        self.key.returnPressed.connect(self._give)
        self.key.textChanged.connect(lambda _text: self._check())
        self._check()

    def open(self) -> None:
        self._place()
        self.appear()
        self.key.setFocus(Qt.FocusReason.PopupFocusReason)

    def show_failure(self, error: WorkbenchError) -> None:
        """It was not kept: another try."""
        self.problem.setText(f"{error.message} {error.hint}")
        self.problem.show()
        self.waiting.hide()
        self.setAccessibleDescription(self.problem.text())
        self._check()
        self._place()
        self.key.setFocus(Qt.FocusReason.OtherFocusReason)

    def dismiss(self) -> None:
        self.key.clear()
        super().dismiss()

    def _place(self) -> None:
        self.place_at_top(self._appearance.pixels(WIDTH))

    def _check(self) -> None:
        self.keep.setEnabled(bool(self.key.text().strip()))

    def _give(self) -> None:
        if self.keep.isEnabled() and (key := self.key.text().strip()):
            self.keep.setEnabled(False)
            self.waiting.show()
            announce(self, self.waiting.text())
            self._place()
            self.given.emit(key)
