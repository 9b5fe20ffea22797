"""The section of the Tools page with the servers of tools: how each is, what it offers, and what can be done with it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout, QWidget

from ui.appearance import Appearance
from ui.chat.steps import one_line
from ui.models.parts import card, empty
from ui.tools.parts import paragraph, titled
from ui.tools.state_words import harm_words, how_it_is, place_of, tool_note
from ui.translation import marked, tr
from ui.widgets.buttons import Button, IconButton
from ui.widgets.flow import Flow
from ui.widgets.labels import ElidedLabel, label, rule
from ui.widgets.switch import Switch
from workbench.tools.servers.offer import State
from workbench.tools.servers.offered import OfferedTool

if TYPE_CHECKING:
    from workbench.tools.servers.offer import Offer

NONE_YET = marked(
    "Servers offer more tools: your files, your calendar, a database. A server is a program on this computer or an "
    "address, and speaks MCP. Add one by its command or address, or take over the list of another program."
)
MOST_SHOWN = 100  # tools of a server that has thousands


class ServersSection(QWidget):
    """``asked`` (what, server name): "start", "stop", "restart", "change", "log" or "remove". ``switched`` (server, tool,
    on); ``marked`` (server, tool, only reads)."""

    add_asked = Signal()
    import_asked = Signal()
    asked = Signal(str, str)
    switched = Signal(str, str, bool)
    marked = Signal(str, str, bool)

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._appearance = appearance
        self._offers: tuple[Offer, ...] = ()
        self._busy: dict[str, str] = {}
        self._shown: object = None
        self._unfolded: set[str] = set()
        self.add = Button(tr("Add a server…"), appearance, icon_name="plus")
        self.take_over = Button(tr("Take over a list…"), appearance, icon_name="download")
        self.add.clicked.connect(self.add_asked)
        self.take_over.clicked.connect(self.import_asked)
        self._column = QVBoxLayout()
        self._column.setSpacing(8)
        buttons = Flow()
        buttons.addWidget(self.add)
        buttons.addWidget(self.take_over)
        outside = titled(self, tr("Servers of tools"))
        outside.addLayout(self._column)
        outside.addLayout(buttons)

    def show_offers(self, offers: tuple[Offer, ...]) -> None:
        self._offers = offers
        self._refresh()

    def show_busy(self, name: str, words: str) -> None:
        """What is being done with a server; empty: nothing any more."""
        if words:
            self._busy[name] = words
        else:
            self._busy.pop(name, None)
        self._refresh()

    # Inside -----------------------------------------------------------------------------------------------------------

    def _refresh(self) -> None:
        """Only where something is another than it was: a press on a button that is made anew would be lost."""
        shown = (self._offers, dict(self._busy), frozenset(self._unfolded))
        if shown == self._shown:
            return
        self._shown = shown
        focused = QApplication.focusWidget()
        name = focused.accessibleName() if focused is not None else ""
        inside = focused is not None and self.isAncestorOf(focused)
        empty(self._column)
        if not self._offers:
            framed, column = card(tr("Servers of tools"))
            column.addWidget(paragraph(tr(NONE_YET), "muted"))
            self._column.addWidget(framed)
        for offer in self._offers:
            self._column.addWidget(self._card(offer))
        if inside:
            self._give_focus_back(name)

    def _give_focus_back(self, name: str) -> None:
        controls = [*self.findChildren(Button), *self.findChildren(IconButton)]
        again = next((one for one in controls if one.accessibleName() == name and not one.isHidden()), self.add)
        again.setFocus(Qt.FocusReason.OtherFocusReason)

    def _card(self, offer: Offer) -> QWidget:
        server = offer.server
        framed, column = card(server.name)
        head = QHBoxLayout()
        head.setSpacing(6)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(ElidedLabel(server.name, "strong"))
        words.addWidget(ElidedLabel(place_of(server.definition), "caption"))
        failed = offer.health.state is State.FAILED and server.enabled
        told = self._busy.get(server.name) or how_it_is(server, offer.health, offer.tools)
        words.addWidget(paragraph(told, "danger" if failed else "small", selectable=True))
        head.addLayout(words, 1)
        for control in self._controls(offer):
            head.addWidget(control, 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(head)
        if offer.tools:
            column.addWidget(self._fold(offer), 0, Qt.AlignmentFlag.AlignLeft)
            if server.name in self._unfolded:
                for row in self._tools(offer):
                    column.addWidget(row)
        return framed

    def _controls(self, offer: Offer) -> Iterator[QWidget]:
        server = offer.server
        on = server.enabled and server.is_agreed
        words, what = (tr("Switch off"), "stop") if on else (tr("Start…"), "start")
        switch = Button(words, self._appearance, name=f"{words} {server.name}")
        switch.clicked.connect(lambda: self.asked.emit(what, server.name))
        switch.setEnabled(server.name not in self._busy)
        yield switch
        steps = [("restart", "refresh-cw", tr("Restart {name}"))] if on else []
        steps += [("change", "pencil", tr("Change {name}"))]
        steps += [("log", "file-text", tr("What {name} said"))] if server.definition.is_program else []
        for step, icon, told in (*steps, ("remove", "trash-2", tr("Remove {name}"))):
            button = IconButton(icon, told.format(name=server.name), self._appearance, size=16)
            button.setObjectName(f"{step}:{server.name}")
            button.clicked.connect(lambda _=False, step=step: self.asked.emit(step, server.name))
            yield button

    def _fold(self, offer: Offer) -> Button:
        name, shown = offer.server.name, offer.server.name in self._unfolded
        changed = sum(bool(one.note) for one in offer.tools)
        words = tr("{count} tools").format(count=f"{len(offer.tools):,}")
        if changed:
            left = tr("{count} to look at").format(count=f"{changed:,}")
            words = f"{words} · {left}"
        button = Button(
            words,
            self._appearance,
            look="quiet",
            icon_name="chevron-down" if shown else "chevron-right",
            name=tr("Tools of {name}").format(name=name),
        )
        button.setAccessibleDescription(tr("shown") if shown else tr("folded"))
        button.clicked.connect(lambda: self._toggle(name))
        return button

    def _toggle(self, name: str) -> None:
        self._unfolded ^= {name}
        self._refresh()

    def _tools(self, offer: Offer) -> Iterator[QWidget]:
        looked_at_first = sorted(offer.tools, key=lambda one: not one.note)
        for one in looked_at_first[:MOST_SHOWN]:
            yield rule()
            yield self._tool(offer, one)
        if len(offer.tools) > MOST_SHOWN:
            more = tr("{count} more: `workbench tools servers show {name}` lists them.")
            yield label(more.format(count=f"{len(offer.tools) - MOST_SHOWN:,}", name=offer.server.name), "caption")

    def _tool(self, offer: Offer, tool: OfferedTool) -> QWidget:
        server, title = offer.server, one_line(tool.title or tool.name)
        row = QWidget()
        row.setAccessibleName(title)
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(paragraph(title))
        if note := tool_note(tool):
            words.addWidget(paragraph(note, "caption"))
        if tool.note:
            words.addWidget(paragraph(one_line(tool.note), "danger"))
        if tool.usable:
            words.addWidget(paragraph(harm_words(tool, program=server.definition.is_program), "caption"))
        line.addLayout(words, 1)
        reads = Button(tr("Only reads"), self._appearance, name=tr("{tool} only reads").format(tool=title))
        reads.setCheckable(True)
        reads.setChecked(tool.reads)
        reads.setEnabled(tool.usable)
        reads.clicked.connect(lambda on: self.marked.emit(server.name, tool.name, on))
        switch = Switch(title, self._appearance, on=tool.enabled)
        switch.setEnabled(tool.usable)
        switch.clicked.connect(lambda on: self.switched.emit(server.name, tool.name, on))
        for control in (reads, switch):
            line.addWidget(control, 0, Qt.AlignmentFlag.AlignTop)
        return row
