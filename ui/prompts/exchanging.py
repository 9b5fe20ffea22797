"""Prompts of other programs come in, after a look at what that would do; and go out, with what that loses."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QDir, QObject, Qt
from PySide6.QtWidgets import QFileDialog, QWidget

from ui.appearance import Appearance
from ui.bridge import Bridge
from ui.notify import Toasts
from ui.prompts.words import count_words
from ui.settings.keeping_consent import ConsentDialog
from ui.translation import tr
from ui.widgets.popover import Choice, Popover
from workbench.errors import StorageError
from workbench.jobs import Job
from workbench.prompts.prompt import SavedPrompt

if TYPE_CHECKING:
    from workbench.app import Workbench
    from workbench.prompts.exchange import Plan, PromptExchange
    from workbench.prompts.formats.exchanged import Left

MOST_TOLD = 6  # of what is left out
READABLE = "*.json *.csv *.md *.yaml *.yml *.txt *.prompt *.zip"


class Exchanging(QObject):
    def __init__(
        self, bridge: Bridge, workbench: Workbench, appearance: Appearance, page: QWidget, toasts: Toasts
    ) -> None:
        super().__init__(page)
        self._bridge = bridge
        self._workbench = workbench
        self._appearance = appearance
        self._page = page
        self._toasts = toasts

    def add_starters(self) -> None:
        """The starter set; what is there already is not added again."""

        def add(_job: Job) -> int:
            from workbench.prompts.starting import add_starters

            return len(add_starters(self._workbench.prompts))

        self._bridge.run(
            add,
            on_done=lambda count: self._toasts.show(tr("{count} added.").format(count=count_words(count))),
            on_failed=self._toasts.tell,
        )

    def offer_import(self, anchor: QWidget) -> None:
        """A file or a folder: the system's dialog takes one kind at a time."""
        choices = [
            Choice(tr("A file or archive…"), partial(self._choose, folder=False), icon="file-text"),
            Choice(tr("A folder…"), partial(self._choose, folder=True), icon="folder-open"),
        ]
        Popover(tr("Import"), choices, self._appearance, self._page.window()).open_at(anchor)

    def look_into(self, path: str) -> None:
        """What is in it, and what would become of it."""
        self._bridge.run(
            lambda _job: _exchange(self._workbench).plan(Path(path)),
            on_done=self._ask,
            on_failed=self._toasts.tell,
        )

    def offer_export(self, one: SavedPrompt, anchor: QWidget | None = None) -> None:
        """In which format."""
        from workbench.prompts.formats.registry import FORMATS

        choices = [Choice(form.label, partial(self._choose_place, one, name)) for name, form in FORMATS.items()]
        popover = Popover(tr("Export"), choices, self._appearance, self._page.window())
        popover.open_at(anchor or self._page)

    def export_to(self, one: SavedPrompt, form: str, folder: str) -> None:
        """Into a folder; a file that is there already is not touched, the new one gets a number."""
        self._bridge.run(
            lambda _job: _written(self._workbench, one, form, Path(folder)),
            on_done=self._tell_written,
            on_failed=self._toasts.tell,
        )

    # Inside -----------------------------------------------------------------------------------------------------------

    def _choose(self, *, folder: bool) -> None:
        dialog = QFileDialog(self._page.window(), tr("Import prompts"), QDir.homePath())
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if folder:
            dialog.setFileMode(QFileDialog.FileMode.Directory)
        else:
            dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
            prompts, files = tr("Prompts"), tr("All files")
            dialog.setNameFilters([f"{prompts} ({READABLE})", f"{files} (*)"])
        dialog.fileSelected.connect(self.look_into)
        dialog.open()

    def _ask(self, plan: Plan) -> None:
        from workbench.prompts.exchange import Becomes

        new = plan.count(Becomes.NEW)
        sentences = plan_words(plan)
        if not new:
            self._toasts.show(" ".join(sentences) or tr("There is no prompt in it."), seconds=15)
            return
        question = tr("Import {count}?").format(count=count_words(new))
        act = partial(self._bring_in, plan)
        ConsentDialog(question, sentences, tr("Import"), act, self._appearance, self._page.window()).open()

    def _bring_in(self, plan: Plan) -> None:
        self._bridge.run(
            lambda _job: _exchange(self._workbench).bring_in(plan),
            on_done=lambda made: self._toasts.show(tr("{count} imported.").format(count=count_words(len(made)))),
            on_failed=self._toasts.tell,
        )

    def _choose_place(self, one: SavedPrompt, form: str) -> None:
        dialog = QFileDialog(self._page.window(), tr("Where to?"), QDir.homePath())
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.fileSelected.connect(partial(self.export_to, one, form))
        dialog.open()

    def _tell_written(self, done: tuple[tuple[str, ...], tuple[Left, ...]]) -> None:
        files, lost = done
        told = tr("Written: {files}.").format(files=", ".join(files))
        self._toasts.show(" ".join((told, *left_words(tr("Lost"), lost))), seconds=15 if lost else 8)


def plan_words(plan: Plan) -> tuple[str, ...]:
    """What an import would do, in sentences."""
    from workbench.prompts.exchange import Becomes

    again, binned = plan.count(Becomes.AGAIN), plan.count(Becomes.BINNED)
    sentences: list[str] = []
    if again:
        sentences.append(tr("Here already: {count}.").format(count=count_words(again)))
    if binned:
        sentences.append(tr("In the bin, and left there: {count}.").format(count=count_words(binned)))
    return (*sentences, *left_words(tr("Not taken over"), plan.skipped))


def left_words(what: str, left: Sequence[Left]) -> tuple[str, ...]:
    """What stays behind and why, the first few."""
    told = [f"{what}: {one.what} ({one.why})." for one in left[:MOST_TOLD]]
    if len(left) > MOST_TOLD:
        told.append(tr("And {count} more.").format(count=len(left) - MOST_TOLD))
    return tuple(told)


def _exchange(workbench: Workbench) -> PromptExchange:
    from workbench.prompts.exchange import PromptExchange  # only here: it brings the readers of all formats

    return PromptExchange(workbench.prompts)


def _written(
    workbench: Workbench, one: SavedPrompt, form: str, folder: Path
) -> tuple[tuple[str, ...], tuple[Left, ...]]:
    made = _exchange(workbench).export([one], form)
    names = []
    for name, data in made.files:
        target = _free(folder / Path(name).name)
        try:
            with target.open("xb") as file:
                file.write(data)
        except OSError as error:
            told = tr("{path} could not be written: {reason}.").format(path=target, reason=error.strerror or error)
            raise StorageError(told) from error
        names.append(target.name)
    return tuple(names), made.lost


def _free(path: Path) -> Path:
    """A file of this name, with a number where there is one already."""
    number, wanted = 2, path
    while path.exists():
        path = wanted.with_stem(f"{wanted.stem}-{number}")
        number += 1
    return path
