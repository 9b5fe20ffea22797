"""A question before something that cannot be taken back at once, inside the window, with what it means in sentences."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.appearance import Appearance
from ui.translation import tr
from ui.widgets.buttons import Button
from ui.widgets.floating import Floating
from ui.widgets.labels import label

WIDTH = 460


class ConsentDialog(Floating):
    """``act`` is called when the person agrees. Cancel has the focus."""

    def __init__(
        self,
        question: str,
        sentences: Sequence[str],
        agree: str,
        act: Callable[[], None],
        appearance: Appearance,
        window: QWidget,
    ) -> None:
        super().__init__(question, window)
        self._act = act
        self.setAccessibleDescription(" ".join(sentences))
        outside = QVBoxLayout(self)
        outside.setContentsMargins(20, 18, 20, 16)
        outside.setSpacing(12)
        outside.addWidget(label(question, "strong", wrap=True))
        for sentence in sentences:
            outside.addWidget(label(sentence, wrap=True))
        self.cancel = Button(tr("Cancel"), appearance)
        self.agree = Button(agree, appearance, look="primary")
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addStretch()
        row.addWidget(self.cancel)
        row.addWidget(self.agree)
        outside.addLayout(row)
        self.cancel.clicked.connect(lambda: self.dismiss())
        self.agree.clicked.connect(lambda: self._agreed())

    def open(self) -> None:
        self.place_at_top(WIDTH)
        self.appear()
        self.cancel.setFocus(Qt.FocusReason.PopupFocusReason)

    def _agreed(self) -> None:
        self.dismiss()
        self._act()
