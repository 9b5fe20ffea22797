"""The editor: what a prompt says, how it is answered, its steps and tests; beside it what the model will be told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut, QTextCursor
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from ui.appearance import Appearance
from ui.icons import FILLED
from ui.prompts.editor.answer import AnswerFields
from ui.prompts.editor.cases import CasesFields
from ui.prompts.editor.fields import COMMA, Fold, GrowingEdit, Section, titled
from ui.prompts.editor.folders import FolderField
from ui.prompts.editor.head import HeadSection
from ui.prompts.editor.marking import PromptHighlighter, at_unit, underline
from ui.prompts.editor.preview import Preview
from ui.prompts.editor.problem_list import ProblemList
from ui.prompts.editor.steps import StepsSection, with_one_more, without_steps
from ui.prompts.editor.testing import TestsCard
from ui.prompts.editor.variables import VariablesSection
from ui.translation import tr
from ui.widgets.buttons import Button, IconButton
from ui.widgets.labels import ElidedLabel, label
from ui.widgets.notice import NoticeCard
from ui.widgets.scrolling import scrolling
from workbench.prompts.filling.fill import asked
from workbench.prompts.filling.problems import Problem
from workbench.prompts.prompt import Prompt

BESIDE = 900  # pixels: below, the preview stands under the text
PREVIEW_SHARE = 0.38
COLUMN = 760


class EditorView(QWidget):
    """``edited``: the person changed something; see `prompt`. ``more_asked``: where the list of actions opens.
    ``folders_asked``: the field that wants to offer the attached folders."""

    edited = Signal()
    left = Signal()
    save_asked = Signal()
    use_asked = Signal()
    star_asked = Signal()
    history_asked = Signal()
    more_asked = Signal(QWidget)
    folders_asked = Signal(FolderField)

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._appearance = appearance
        self._before = Prompt("", "")
        self._notice: NoticeCard | None = None
        self.setAccessibleName(tr("Editor of a prompt"))
        self.back = IconButton("chevron-left", tr("All prompts"), appearance)
        self._called = ElidedLabel("", "title")
        self.status = label("", "caption")
        self.star = IconButton("star", tr("Make it a favourite"), appearance)
        self.history = IconButton("history", tr("Versions"), appearance)
        self.more = IconButton("ellipsis", tr("More for this prompt"), appearance)
        self.use = Button(tr("Use in a chat"), appearance, icon_name="message-square")
        self.save = Button(tr("Save"), appearance, look="primary")
        self.save.setToolTip("Ctrl+S")
        self.head = HeadSection(appearance)
        self.text = GrowingEdit(
            tr("Text of the prompt"),
            appearance,
            least=8,
            most=30,
            hint=tr("What the model is to do, with {{ names }} for what changes"),
        )
        self.problems = ProblemList(appearance)
        self.variables = VariablesSection(appearance)
        self.system = GrowingEdit(tr("System part"), appearance, least=2, most=16)
        self.answer = AnswerFields(appearance)
        self.folders = FolderField(tr("Document folders"), tr("names, with commas between"), appearance, several=True)
        self.steps = StepsSection(appearance)
        self.cases = CasesFields(appearance)
        self.notes = GrowingEdit(tr("Notes"), appearance, least=2, most=12, hint=tr("For yourself; never sent"))
        self.tests = TestsCard(appearance)
        self.preview = Preview(appearance)
        self.system_fold = Fold(tr("System part"), appearance)
        self.answer_fold = Fold(tr("How it is answered"), appearance)
        self.cases_fold = Fold(tr("Tests"), appearance)
        self.notes_fold = Fold(tr("Notes"), appearance)
        self._text_row = titled(tr("Text"), self.text)
        self._highlighters = [PromptHighlighter(one.document(), appearance) for one in (self.text, self.system)]
        self._lay_out()
        self._connect()

    @property
    def prompt(self) -> Prompt:
        """As it stands in the fields."""
        made = self._before
        for section in self._sections:
            made = section.written(made)
        if made.steps:
            return replace(made, folders=self.folders.names, notes=self.notes.text)
        return replace(
            made,
            text=self.text.text,
            system=self.system.text,
            preferences=self.answer.preferences,
            output=self.answer.output,
            folders=self.folders.names,
            cases=self.cases.cases,
            notes=self.notes.text,
        )

    def show_prompt(self, prompt: Prompt) -> None:
        """Fill all fields."""
        self._before = prompt
        for section in self._sections:
            section.show_prompt(prompt)
        self.text.show_text(prompt.text)
        self.system.show_text(prompt.system)
        self.answer.show_answer(prompt.preferences, prompt.output)
        self.folders.show_names(prompt.folders)
        self.cases.show_cases(prompt.cases)
        self.notes.show_text(prompt.notes)
        self._show_steps(bool(prompt.steps))
        self.follow(prompt)

    def begin(self, prompt: Prompt) -> None:
        """Another prompt comes into view: from its beginning, with what it says open and the rest closed."""
        self.show_notice(None)
        self.show_problems(())
        self.preview.clear()
        self.show_prompt(prompt)
        self.system_fold.open(opened=bool(prompt.system) and not prompt.steps)
        for fold in (self.answer_fold, self.cases_fold, self.notes_fold):
            fold.open(opened=False)
        self._scroll.verticalScrollBar().setValue(0)
        first = self.text if prompt.title and not prompt.steps else self.head.title
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_kept(self, title: str, status: str, *, favourite: bool | None, changed: bool) -> None:
        """``favourite`` None: it is not in the library yet."""
        self._called.setText(title or tr("New prompt"))
        self.status.setText(status)
        for control in (self.star, self.history, self.more):
            control.setVisible(favourite is not None)
        self.star.show_icon("star" + FILLED if favourite else "star")
        self.star.say(tr("No favourite any more") if favourite else tr("Make it a favourite"))
        self.save.setEnabled(changed)

    def show_models(self, names: tuple[str, ...]) -> None:
        self.answer.show_models(names)
        self.steps.show_models(names)

    def show_problems(self, problems: Sequence[Problem]) -> None:
        """In the list, and underlined where they are."""
        self.problems.show_problems(problems)
        for part, edit in self._texts().items():
            underline(
                edit, [(one.start, one.end, one.severe) for one in problems if one.part == part], self._appearance
            )

    def show_notice(self, notice: NoticeCard | None) -> None:
        """Above everything, or nothing."""
        if self._notice is not None:
            self._notice.hide()
            self._notice.deleteLater()
        self._notice = notice
        if notice is not None:
            self._column.insertWidget(0, notice)
            self._scroll.verticalScrollBar().setValue(0)

    # Inside -----------------------------------------------------------------------------------------------------------

    @property
    def _sections(self) -> tuple[Section, ...]:
        return self.head, self.variables, self.steps

    def _texts(self) -> dict[str, QPlainTextEdit]:
        """The fields of texts by what problems call them."""
        found: dict[str, QPlainTextEdit] = {"text": self.text, "system": self.system}
        for number, one in enumerate(self.steps.fields, 1):
            found |= {f"steps.{number}.text": one.text, f"steps.{number}.system": one.system}
        return found

    def follow(self, prompt: Prompt) -> None:
        """What depends on what is written, once the person pauses: variables, and what closed parts say of themselves."""
        self.variables.show_prompt(prompt)
        self.preview.show_steps([step.name for step in prompt.steps])
        names = tuple(one.name for one in asked(prompt))
        self.cases.show_names(names)
        self.system_fold.say(tr("System part"), " ".join(prompt.system.split())[:120])
        folders = tr("folders: {names}").format(names=COMMA.join(prompt.folders)) if prompt.folders else ""
        self.answer_fold.say(tr("How it is answered"), " · ".join(one for one in (self.answer.summary, folders) if one))
        self.cases_fold.say(tr("Tests"), f"{len(prompt.cases)}" if prompt.cases else "")
        self.tests.setVisible(any(step.cases for step in prompt.line))
        self.notes_fold.say(tr("Notes"), " ".join(prompt.notes.split())[:120])

    def _show_steps(self, some: bool) -> None:
        """A prompt with steps says everything in them."""
        for part in (self._text_row, self.system_fold, self.cases_fold, self.answer):
            part.setVisible(not some)

    def _add_step(self) -> None:
        self.show_prompt(with_one_more(self.prompt))
        self.steps.open_last()
        self.edited.emit()

    def _on_steps(self) -> None:
        prompt = self.prompt
        if len(prompt.steps) == 1 and (single := without_steps(prompt)) is not prompt:
            self.show_prompt(single)
        elif not prompt.steps and self._text_row.isHidden():
            self.show_prompt(prompt)
        self.edited.emit()

    def _go_to(self, problem: Problem) -> None:
        edit = self._texts().get(problem.part)
        if edit is None:
            return
        if edit is self.system:
            self.system_fold.open()
        for fields in self.steps.fields:
            if edit in (fields.text, fields.system):
                fields.open()
        cursor = edit.textCursor()
        text = edit.toPlainText()
        cursor.setPosition(at_unit(text, min(problem.start, len(text))))
        cursor.setPosition(at_unit(text, min(problem.end, len(text))), QTextCursor.MoveMode.KeepAnchor)
        edit.setTextCursor(cursor)
        edit.setFocus(Qt.FocusReason.OtherFocusReason)
        self._scroll.ensureWidgetVisible(edit)

    def _lay_out(self) -> None:
        bar = QHBoxLayout()
        bar.setContentsMargins(16, 0, 16, 6)
        bar.setSpacing(6)
        bar.addWidget(self.back)
        bar.addWidget(self._called, 1)
        for control in (self.status, self.star, self.history, self.more, self.use, self.save):
            bar.addWidget(control, 0, Qt.AlignmentFlag.AlignVCenter)
        self.system_fold.rows.addWidget(self.system)
        self.answer_fold.rows.addWidget(self.answer)
        self.answer_fold.rows.addWidget(titled(tr("Document folders that its answers stand on"), self.folders))
        self.cases_fold.rows.addWidget(self.cases)
        self.notes_fold.rows.addWidget(self.notes)
        inside = QWidget()
        inside.setProperty("look", "column")
        self._column = QVBoxLayout(inside)
        self._column.setContentsMargins(24, 4, 16, 32)
        self._column.setSpacing(14)
        for part in (self.head, self._text_row, self.problems, self.variables, self.system_fold, self.answer_fold):
            self._column.addWidget(part)
        for part in (self.steps, self.cases_fold, self.tests, self.notes_fold):
            self._column.addWidget(part)
        self._column.addStretch(1)
        self._scroll = scrolling(inside)
        self._side = QWidget()
        side = QVBoxLayout(self._side)
        side.setContentsMargins(4, 4, 20, 16)
        self._side_rows = side
        side.addWidget(self.preview)
        body = QHBoxLayout()
        body.setSpacing(0)
        body.addWidget(self._scroll, 1)
        body.addWidget(self._side)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(bar)
        layout.addLayout(body, 1)

    def _connect(self) -> None:
        self.back.clicked.connect(self.left)
        self.save.clicked.connect(self.save_asked)
        self.use.clicked.connect(self.use_asked)
        self.star.clicked.connect(self.star_asked)
        self.history.clicked.connect(self.history_asked)
        self.more.clicked.connect(lambda: self.more_asked.emit(self.more))
        self.problems.chosen.connect(self._go_to)
        self.steps.add.clicked.connect(self._add_step)
        self.steps.edited.connect(self._on_steps)
        for part in (self.head, self.variables, self.answer, self.cases):
            part.edited.connect(self.edited)
        for edit in (self.text, self.system, self.notes):
            edit.textChanged.connect(self.edited)
        self.folders.edited.connect(self.edited)
        self.folders.asked.connect(lambda: self.folders_asked.emit(self.folders))
        self.variables.folders_asked.connect(self.folders_asked)
        key = QShortcut(QKeySequence(QKeySequence.StandardKey.Save), self)
        key.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        key.activated.connect(self.save_asked)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The preview beside the text, or below it where that is narrow."""
        beside = event.size().width() >= BESIDE
        if beside:
            self._side.setFixedWidth(round(event.size().width() * PREVIEW_SHARE))
        if beside and self.preview.parentWidget() is not self._side:
            self._side_rows.addWidget(self.preview)
        elif not beside and self._column.indexOf(self.preview) < 0:
            self._column.insertWidget(self._column.indexOf(self.problems) + 1, self.preview)
        self._side.setVisible(beside)
        narrow = event.size().width() < self._appearance.pixels(620)
        if narrow:
            self.use.setText("")
        else:
            self.use.say(tr("Use in a chat"))
        self.use.setToolTip(tr("Use in a chat") if narrow else "")
        self.status.setVisible(not narrow)
        super().resizeEvent(event)

    def place_of(self, widget: QWidget) -> QPoint:
        return widget.mapTo(self.window(), QPoint(0, widget.height()))
