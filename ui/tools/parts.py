"""What the sections of the Tools page share."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from ui.widgets.labels import label


def paragraph(text: str, tone: str = "", *, selectable: bool = False) -> QLabel:
    """Words in as many lines as they need, that never make the page wider."""
    made = label(text, tone, wrap=True, selectable=selectable)
    made.setMinimumWidth(1)
    return made


def titled(section: QWidget, title: str) -> QVBoxLayout:
    """Puts the title on top of a section, in as many lines as it needs; returns the layout for what is below."""
    section.setAccessibleName(title)
    outside = QVBoxLayout(section)
    outside.setContentsMargins(0, 0, 0, 0)
    outside.setSpacing(8)
    outside.addWidget(paragraph(title, "strong"))
    return outside
