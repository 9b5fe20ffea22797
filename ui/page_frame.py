"""What every page of the window has: a header of one height, a column in its middle, tabs."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from ui.appearance import Appearance
from ui.theme import COLUMN_WIDTH
from ui.widgets.buttons import Button, ElidedButton
from ui.widgets.labels import ElidedLabel

HEADER_HEIGHT = 54


def column(inside: QWidget, width: int = COLUMN_WIDTH) -> QWidget:
    """``inside`` in the middle, at most ``width`` wide, with air at both sides of a narrow window."""
    outside = QWidget()
    inside.setMaximumWidth(width)
    row = QHBoxLayout(outside)
    row.setContentsMargins(24, 0, 24, 0)
    row.addStretch(1)
    row.addWidget(inside, 1000)
    row.addStretch(1)
    return outside


def header(left: Sequence[QWidget], right: Sequence[QWidget]) -> QWidget:
    """The bar above a page: ``left`` names it, ``right`` closes it."""
    made = QWidget()
    made.setFixedHeight(HEADER_HEIGHT)
    bar = QHBoxLayout(made)
    bar.setContentsMargins(24, 0, 16, 0)
    bar.setSpacing(8)
    for one in left:
        bar.addWidget(one, 1 if isinstance(one, ElidedLabel) else 0)
    if not any(isinstance(one, ElidedLabel) for one in left):
        bar.addStretch()
    for one in right:
        bar.addWidget(one)
    return made


def lay_out(page: QWidget, head: QWidget, body: QWidget) -> None:
    """``body`` fills what ``head`` leaves."""
    layout = QVBoxLayout(page)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(0)
    layout.addWidget(head)
    layout.addWidget(body, 1)


def tab(words: str, icon_name: str, appearance: Appearance, tabs: QButtonGroup) -> Button:
    """One of the views that a page has, to choose from."""
    made = ElidedButton(words, appearance, look="chip", icon_name=icon_name)
    made.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
    made.setCheckable(True)
    tabs.addButton(made)
    return made


def head_button(words: str, appearance: Appearance, *, name: str) -> Button:
    """A quiet button of the bar above a page."""
    made = ElidedButton(words, appearance, look="quiet", name=name)
    made.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
    return made
