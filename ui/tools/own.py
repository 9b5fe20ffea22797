"""The section of the Tools page with what comes along: whether chats are offered tools, and each tool on or off."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.appearance import Appearance
from ui.chat.steps import one_line
from ui.models.parts import card, empty
from ui.settings.parts import setting_row
from ui.tools.parts import titled
from ui.tools.words import reach
from ui.translation import tr
from ui.widgets.buttons import Button
from ui.widgets.labels import label
from ui.widgets.switch import Switch
from workbench.settings import Tools
from workbench.tools.desk import Listed
from workbench.tools.tool import BUILT_IN, ToolSpec

IN_CHATS = "tools.in_chats"


class OwnTools(QWidget):
    """``saved`` carries a setting and its value, ``switched`` a tool's name and whether it is on. ``web_asked``: the
    settings of the web search."""

    saved = Signal(str, object)
    switched = Signal(str, bool)
    web_asked = Signal()

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._appearance = appearance
        self._shown: tuple[ToolSpec, ...] | None = None
        self._switches: dict[str, Switch] = {}
        self.in_chats = Switch(tr("Tools in chats"), appearance)
        self.in_chats.clicked.connect(lambda on: self.saved.emit(IN_CHATS, "auto" if on else "off"))
        self.web = Button(tr("Web search…"), appearance, icon_name="globe", name=tr("Settings of the web search"))
        self.web.clicked.connect(self.web_asked)
        framed, inside = card(tr("Tools that come with Workbench"))
        inside.setSpacing(12)
        inside.addWidget(
            setting_row(
                tr("Tools in chats"),
                tr("Models that were seen to call tools properly are offered those below. A chat may say otherwise."),
                self.in_chats,
            )
        )
        self._rows = QVBoxLayout()
        self._rows.setSpacing(12)
        inside.addLayout(self._rows)
        inside.addWidget(
            setting_row(
                tr("Who is asked on the web"),
                tr("Nobody until you choose. What is searched for is shown in the chat."),
                self.web,
            )
        )
        titled(self, tr("Tools that come with Workbench")).addWidget(framed)

    def show_settings(self, tools: Tools) -> None:
        self.in_chats.setChecked(tools.in_chats == "auto")

    def show_tools(self, listed: tuple[Listed, ...]) -> None:
        """Rows of the same tools stay: only their switches follow."""
        own = tuple(one for one in listed if one.spec.source == BUILT_IN)
        specs = tuple(one.spec for one in own)
        if specs != self._shown:
            self._shown = specs
            self._switches = {}
            empty(self._rows)
            if not own:
                self._rows.addWidget(label(tr("There is none yet."), "muted"))
            for spec in specs:
                self._rows.addWidget(self._row(spec))
        for one in own:
            self._switches[one.spec.name].setChecked(one.enabled)

    def _row(self, spec: ToolSpec) -> QWidget:
        switch = self._switches[spec.name] = Switch(one_line(spec.title), self._appearance)
        switch.clicked.connect(lambda on: self.switched.emit(spec.name, on))
        return setting_row(one_line(spec.title), reach(spec), switch)
