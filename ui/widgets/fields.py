"""Fields of one line, and the words beside them."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from ui.widgets.labels import label


def line_edit(name: str, placeholder: str = "") -> QLineEdit:
    made = QLineEdit()
    made.setAccessibleName(name)
    made.setPlaceholderText(placeholder)
    return made


def labelled(words: str, field: QLineEdit) -> QWidget:
    """Words and field, in one line wherever it stands."""
    made = QWidget()
    line = QHBoxLayout(made)
    line.setContentsMargins(0, 0, 0, 0)
    line.setSpacing(8)
    line.addWidget(label(words, "caption"))
    line.addWidget(field)
    return made
