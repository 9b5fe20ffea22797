"""Small pieces that the sections of the Models page share."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLayout, QSizePolicy, QVBoxLayout, QWidget

from ui.appearance import Appearance
from ui.fit_words import fit_words
from ui.icons import icon, pixmap
from ui.models.words import FIT_ICONS
from ui.translation import tr
from ui.widgets.buttons import ElidedButton
from ui.widgets.flow import Flow
from ui.widgets.labels import label
from workbench.models.sizing.estimate import Estimate, Fit

FIT_ICON = 14
NAME_WIDTH = 72
FIT_TONES = {Fit.GPU: "good", Fit.EXPERTS_ON_CPU: "good", Fit.CPU: "fair", Fit.NONE: "bad"}
TONE_COLOURS = {"good": "accent", "fair": "text", "bad": "danger"}


class Sign(QLabel):
    """An icon beside words that say the same; ``colour`` names a token."""

    def __init__(self, icon_name: str, appearance: Appearance, *, colour: str = "muted", size: int = 16) -> None:
        super().__init__()
        self._appearance = appearance
        self._icon_name = icon_name
        self._colour = colour
        self._size = size
        appearance.follow(self.recolour)

    def show_icon(self, name: str, colour: str) -> None:
        if (name, colour) != (self._icon_name, self._colour):
            self._icon_name, self._colour = name, colour
            self.recolour()

    def recolour(self) -> None:
        colour = getattr(self._appearance.tokens, self._colour)
        side = self._appearance.pixels(self._size)
        self.setFixedWidth(side)
        self.setPixmap(pixmap(self._icon_name, colour, side, self.devicePixelRatioF()))


class FitButton(ElidedButton):
    """The fit label: a word and a sign, never a colour alone. Clicking it asks for the sum."""

    def __init__(self, appearance: Appearance, estimate: Estimate, of: str) -> None:
        words = fit_words(estimate)
        tone, sign = FIT_TONES[estimate.fit], FIT_ICONS[estimate.fit]
        super().__init__(
            words,
            appearance,
            look="fit",
            icon_name=sign,
            tone=tone,
            name=tr("{words}: show the sum for {of}").format(words=words, of=of),
        )
        self.setAccessibleDescription(tr("Show the sum"))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)  # else nothing is elided

    def recolour(self) -> None:
        colour = getattr(self._appearance.tokens, TONE_COLOURS[self.property("tone")])
        size = self._appearance.pixels(FIT_ICON)
        self.setIconSize(QSize(size, size))
        self.setIcon(icon(self._icon_name, colour, size))


def section(title: str, *beside: QWidget) -> tuple[QWidget, QVBoxLayout]:
    """A titled part of the page, with controls at the right of its title, and the layout for what is in it."""
    made = QWidget()
    made.setAccessibleName(title)
    outside = QVBoxLayout(made)
    outside.setContentsMargins(0, 0, 0, 0)
    outside.setSpacing(8)
    head = QHBoxLayout()
    head.setSpacing(8)
    head.addWidget(label(title, "strong", wrap=True), 1)
    controls = Flow(trailing=True, one_line=True)
    for control in beside:
        controls.addWidget(control)
    head.addLayout(controls)
    outside.addLayout(head)
    inside = QVBoxLayout()
    inside.setSpacing(8)
    outside.addLayout(inside)
    return made, inside


def card(name: str) -> tuple[QFrame, QVBoxLayout]:
    """A framed group with room inside."""
    made = QFrame()
    made.setProperty("look", "card")
    made.setAccessibleName(name)
    inside = QVBoxLayout(made)
    inside.setContentsMargins(16, 12, 14, 12)
    inside.setSpacing(6)
    return made, inside


def fact_name(title: str, appearance: Appearance) -> QLabel:
    """What a fact is called, in a column of its own; wider only where the word is."""
    made = label(title, "muted")
    made.ensurePolished()
    made.setFixedWidth(max(appearance.pixels(NAME_WIDTH), made.sizeHint().width()))
    return made


def line(*pieces: QWidget, spacing: int = 8, stretch: bool = True) -> QHBoxLayout:
    """Widgets beside each other, from the left."""
    row = QHBoxLayout()
    row.setSpacing(spacing)
    for piece in pieces:
        row.addWidget(piece, 0, Qt.AlignmentFlag.AlignVCenter)
    if stretch:
        row.addStretch(1)
    return row


def empty(layout: QLayout) -> None:
    """Take everything out of ``layout``; what has the focus is given up last, by Qt."""
    while (item := layout.takeAt(0)) is not None:
        if (widget := item.widget()) is not None:
            widget.hide()
            widget.deleteLater()
        elif (inner := item.layout()) is not None:
            empty(inner)
