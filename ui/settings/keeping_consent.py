"""A question before something that cannot be taken back at once, inside the window, with what it means in sentences."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.appearance import Appearance
from ui.translation import tr
from ui.widgets.buttons import Button
from ui.widgets.floating import Floating, Scrolled
from ui.widgets.flow import Flow
from ui.widgets.labels import label

WIDTH, OTHER_LINES = 460, 14  # pixels; of text, which the question and the buttons may take


class ConsentDialog(Floating):
    """``act`` is called when the person agrees. ``other``: words and act of another way to agree. Cancel has the focus."""

    def __init__(
        self,
        question: str,
        sentences: Sequence[str],
        agree: str,
        act: Callable[[], None],
        appearance: Appearance,
        window: QWidget,
        other: tuple[str, Callable[[], None]] | None = None,
    ) -> None:
        super().__init__(question, window)
        self._act = act
        self.other: Button | None = None
        self.setAccessibleDescription(" ".join(sentences))
        outside = QVBoxLayout(self)
        outside.setContentsMargins(20, 18, 20, 16)
        outside.setSpacing(12)
        outside.addWidget(label(question, "strong", wrap=True))
        told = QWidget()
        told.setAccessibleName(question)
        lines = QVBoxLayout(told)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(12)
        for sentence in sentences:
            lines.addWidget(label(sentence, wrap=True))
        self._told = Scrolled(told)
        outside.addWidget(self._told)
        self.cancel = Button(tr("Cancel"), appearance)
        self.agree = Button(agree, appearance, look="primary")
        row = Flow(gap=8, trailing=True)
        row.addWidget(self.cancel)
        if other is not None:
            self.other = Button(other[0], appearance)
            self.other.clicked.connect(lambda: self._agreed(other[1]))
            row.addWidget(self.other)
        row.addWidget(self.agree)
        outside.addLayout(row)
        self.cancel.clicked.connect(lambda: self.dismiss())
        self.agree.clicked.connect(lambda: self._agreed(self._act))

    def open(self) -> None:
        self.appear()  # once its style is on, its heights are known
        width = min(WIDTH, self.host.width() - 48)
        self._told.fit(width - 40, self.host.height() - OTHER_LINES * self.fontMetrics().lineSpacing())
        self.place_at_top(WIDTH)
        self.cancel.setFocus(Qt.FocusReason.PopupFocusReason)

    def _agreed(self, act: Callable[[], None]) -> None:
        self.dismiss()
        act()
