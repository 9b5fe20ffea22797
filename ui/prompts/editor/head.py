"""How a prompt is called: title, slash name, tags."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QVBoxLayout

from ui.appearance import Appearance
from ui.prompts.editor.fields import COMMA, LineField, Section, listed, titled
from ui.translation import tr
from ui.widgets.labels import label
from workbench.prompts import names
from workbench.prompts.prompt import Prompt
from workbench.prompts.tidy import tags

FIELD_WIDTH = 260
BESIDE = 420  # pixels at 100 %: narrower, the two fields stand one below the other


class HeadSection(Section):
    """While a prompt is new its name follows its title, until the person writes one."""

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._appearance = appearance
        self.title = LineField(tr("Title of the prompt"), tr("What it is for"))
        self.name = LineField(tr("Slash name"), tr("name"), appearance.pixels(FIELD_WIDTH))
        self.tags = LineField(tr("Tags"), tr("mail, writing"), appearance.pixels(FIELD_WIDTH))
        self._follows = False
        self._wrong = label("", "danger", wrap=True)
        self._wrong.hide()
        self._beside = beside = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        beside.setSpacing(12)
        for words, field in ((tr("Slash name"), self.name), (tr("Tags, with commas between"), self.tags)):
            beside.addWidget(titled(words, field, wrap=False), 1)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(10)
        rows.addWidget(titled(tr("Title"), self.title))
        rows.addLayout(beside)
        rows.addWidget(self._wrong)
        self.title.textChanged.connect(self._on_title)
        self.name.textEdited.connect(self._on_name)
        self.tags.textChanged.connect(lambda _text: self.edited.emit())

    def show_prompt(self, prompt: Prompt) -> None:
        self._follows = not prompt.name
        self.title.show_text(prompt.title)
        self.name.show_text(prompt.name)
        if listed(self.tags.text()) != prompt.tags:  # else a comma that was typed a moment ago would go
            self.tags.show_text(COMMA.join(prompt.tags))
        self._show_wrong()

    def written(self, prompt: Prompt) -> Prompt:
        name = self.name.text().strip().removeprefix("/")
        return replace(prompt, title=self.title.text().strip(), name=name, tags=tags(listed(self.tags.text())))

    def _on_title(self, title: str) -> None:
        if self._follows:
            self.name.show_text(names.slug(title) if title.strip() else "")
        self._show_wrong()
        self.edited.emit()

    def _on_name(self, _name: str) -> None:
        self._follows = False
        self._show_wrong()
        self.edited.emit()

    def _show_wrong(self) -> None:
        name = self.name.text().strip().removeprefix("/")
        wrong = names.problem(name) if name else ""
        self._wrong.setText(wrong)
        self._wrong.setVisible(bool(wrong))

    def resizeEvent(self, event: QResizeEvent) -> None:
        beside = event.size().width() >= self._appearance.pixels(BESIDE)
        self._beside.setDirection(QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom)
        super().resizeEvent(event)
