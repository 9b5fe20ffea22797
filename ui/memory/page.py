"""The Memory page: the two texts, the facts, and what is told of them. Layout and signals only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from ui.appearance import Appearance
from ui.memory import words
from ui.memory.facts import FactList
from ui.memory.texts import MemoryTexts
from ui.memory.words import Filter
from ui.models.parts import card, section
from ui.page_frame import column, head_button, header, lay_out
from ui.settings.parts import Picker, setting_row
from ui.translation import tr
from ui.widgets.buttons import Button, IconButton
from ui.widgets.labels import ElidedLabel, label
from ui.widgets.scrolling import scrolling
from ui.widgets.switch import Switch
from workbench.memory.memory import AboutMe, Fact
from workbench.memory.wording import MOST_FACT_CHARACTERS
from workbench.messages import Id
from workbench.settings import Memory

WIDTH: Final = 680
ENABLED, PROPOSALS = "memory.enabled", "memory.proposals"


@dataclass(frozen=True, slots=True)
class Read:
    """All that the page shows. ``chats`` and ``projects``: titles and names by id."""

    texts: AboutMe = AboutMe()
    facts: tuple[Fact, ...] = ()
    chats: Mapping[Id, str] | None = None
    projects: Mapping[Id, str] | None = None


class MemoryPage(QWidget):
    """``closed``: back to the chat. ``looked_at``: it came into view. ``saved`` carries a setting and its value;
    ``added`` a text and the id of a project, empty for all chats."""

    closed = Signal()
    looked_at = Signal()
    saved = Signal(str, object)
    added = Signal(str, str)

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self.setProperty("look", "page")
        self.setAccessibleName(tr("Memory"))
        self._read = Read()
        self.filter = Filter()
        self.take_in = head_button(tr("Import…"), appearance, name=tr("Import what is remembered"))
        self.export = head_button(tr("Export…"), appearance, name=tr("Export what is remembered"))
        self.close_button = IconButton("x", tr("Close memory"), appearance)
        self.texts = MemoryTexts(appearance)
        self.enabled = Switch(tr("Tell what is remembered"), appearance)
        self.proposals = Switch(tr("Models may propose facts"), appearance)
        self.new_fact = QLineEdit()
        self.add = Button(tr("Remember"), appearance, icon_name="plus", name=tr("Remember this fact"))
        self.told_where = label("", "caption", wrap=True)
        self.search = QLineEdit()
        self.where = Picker(tr("Facts shown"), appearance)
        self.count = label("", "caption")
        self.facts = FactList(appearance)
        self._off = label(tr(words.OFF), "muted", wrap=True)
        self._lay_out(appearance)
        self._connect()

    def show_settings(self, memory: Memory) -> None:
        for switch, on in ((self.enabled, memory.enabled), (self.proposals, memory.proposals)):
            switch.setChecked(on)
        self._off.setVisible(not memory.enabled)

    def show_read(self, read: Read) -> None:
        """As it is on the disk. What is being typed stays, and so do rows that are the same."""
        self._read = read
        self.texts.show_texts(read.texts)
        if self.filter.project_id is not None and self.filter.project_id not in (read.projects or {}):
            self.filter = replace(self.filter, project_id=None, everywhere=True)
        self._show_facts()

    def show_where(self, project_id: Id | None, *, everywhere: bool) -> None:
        """The facts of a project, of all chats, or all."""
        self.filter = replace(self.filter, project_id=project_id, everywhere=everywhere)
        self._show_facts()

    @property
    def projects(self) -> Mapping[Id, str]:
        return self._read.projects or {}

    def clear_new(self) -> None:
        """The new fact is kept."""
        self.new_fact.clear()

    # Inside -----------------------------------------------------------------------------------------------------------

    def _show_facts(self) -> None:
        read, projects = self._read, self.projects
        shown = [fact for fact in read.facts if self.filter.shows(fact)]
        self.facts.show_facts(shown, tr(words.NOT_FOUND) if read.facts else tr(words.EMPTY), read.chats or {}, projects)
        self.count.setText(words.count_words(shown, read.facts) if read.facts else "")
        self.where.show_choice(words.where_words(self.filter, projects))
        self.told_where.setText(words.told_where(self.filter, projects))
        for control in (self.search, self.where):
            control.setVisible(bool(read.facts) or bool(projects))

    def _search(self, text: str) -> None:
        self.filter = replace(self.filter, words=text)
        self._show_facts()

    def _ask_to_add(self) -> None:
        text = " ".join(self.new_fact.text().split())
        if text:
            self.added.emit(text, self.filter.project_id or "")
        else:
            self.new_fact.setFocus(Qt.FocusReason.OtherFocusReason)

    def _connect(self) -> None:
        self.close_button.clicked.connect(self.closed)
        self.enabled.clicked.connect(lambda on: self.saved.emit(ENABLED, on))
        self.proposals.clicked.connect(lambda on: self.saved.emit(PROPOSALS, on))
        self.new_fact.returnPressed.connect(self._ask_to_add)
        self.add.clicked.connect(self._ask_to_add)
        self.search.textChanged.connect(self._search)

    def _lay_out(self, appearance: Appearance) -> None:
        self.new_fact.setAccessibleName(tr("A new fact"))
        self.new_fact.setPlaceholderText(tr("I am allergic to nuts."))
        self.new_fact.setMaxLength(MOST_FACT_CHARACTERS)
        self.search.setAccessibleName(tr("Search the facts"))
        self.search.setPlaceholderText(tr("Search"))
        self.search.setClearButtonEnabled(True)
        inside = QWidget()
        inside.setProperty("look", "column")
        rows = QVBoxLayout(inside)
        rows.setContentsMargins(0, 8, 0, 32)
        rows.setSpacing(20)
        intro = tr(
            "What every chat knows of you, so that you say it once. Models of other machines are told it only"
            " where the machine is marked as yours."
        )
        rows.addWidget(label(intro, "muted", wrap=True))
        rows.addWidget(self._off)
        rows.addWidget(self.texts)
        rows.addWidget(self._facts_section())
        rows.addWidget(self._switches())
        rows.addStretch(1)
        scroll = scrolling(column(inside, WIDTH))
        controls = (self.take_in, self.export, self.close_button)
        lay_out(self, header((ElidedLabel(tr("Memory"), "title"),), controls), scroll)

    def _facts_section(self) -> QWidget:
        made, rows = section(tr("Facts"), self.count)
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self.new_fact, 1)
        line.addWidget(self.add)
        rows.addLayout(line)
        rows.addWidget(self.told_where)
        finding = QHBoxLayout()
        finding.setSpacing(8)
        finding.addWidget(self.search, 1)
        finding.addWidget(self.where)
        rows.addLayout(finding)
        framed, inside = card(tr("Facts"))
        inside.addWidget(self.facts)
        rows.addWidget(framed)
        return made

    def _switches(self) -> QWidget:
        made, rows = section(tr("In chats"))
        framed, inside = card(tr("In chats"))
        inside.setSpacing(12)
        told = tr("Each chat can leave it out: in the list of tools at its message. Temporary chats are told nothing.")
        inside.addWidget(setting_row(tr("Tell what is remembered"), told, self.enabled))
        proposed = tr("Nothing is kept before you accept it, in your words if you like.")
        inside.addWidget(setting_row(tr("Models may propose facts"), proposed, self.proposals))
        rows.addWidget(framed)
        return made

    # Qt ---------------------------------------------------------------------------------------------------------------

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.new_fact.setFocus(Qt.FocusReason.OtherFocusReason)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.looked_at.emit()
