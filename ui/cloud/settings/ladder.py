"""Who can answer, from this machine up: what the cloud is for, before there is a key."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.appearance import Appearance
from ui.models.parts import Sign
from ui.tools.parts import paragraph
from ui.translation import marked, tr

INTRODUCTION = marked("Your machine answers first. Where that is not enough, you can go further, one step at a time:")
RUNGS = (
    ("monitor", "accent", marked("This machine"), marked("Free and private. Nothing leaves.")),
    (
        "layers",
        "cloud",
        marked("The same open family, bigger, hosted"),
        marked("Open models that are too large for this machine, such as gpt-oss-120b. With a key, at a known price."),
    ),
    (
        "cloud",
        "cloud",
        marked("A frontier model"),
        marked("The strongest there are, and the dearest. With a key, at a known price."),
    ),
    (
        "clipboard",
        "cloud",
        marked("Your own subscription, by hand"),
        marked("Copy the question, ask it on the page you pay for anyway, paste the answer back. No key."),
    ),
)


class Ladder(QWidget):
    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self.setAccessibleName(tr("Who can answer"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addWidget(paragraph(tr(INTRODUCTION)))
        for icon_name, colour, title, words in RUNGS:
            column.addWidget(_rung(appearance, icon_name, colour, tr(title), tr(words)))


def _rung(appearance: Appearance, icon_name: str, colour: str, title: str, words: str) -> QWidget:
    row = QWidget()
    row.setAccessibleName(f"{title}. {words}")
    line = QHBoxLayout(row)
    line.setContentsMargins(0, 0, 0, 0)
    line.setSpacing(12)
    line.addWidget(Sign(icon_name, appearance, colour=colour, size=18), 0, Qt.AlignmentFlag.AlignTop)
    said = QVBoxLayout()
    said.setSpacing(1)
    said.addWidget(paragraph(title, "strong"))
    said.addWidget(paragraph(words, "caption"))
    line.addLayout(said, 1)
    return row
