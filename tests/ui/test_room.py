"""Pages and what floats above them, in a narrow window with large text in a longer language: nothing is cut."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from tests.fakes.backend import ScriptedBackend
from tests.fakes.pseudo_locale import PseudoLocale
from tests.fakes.workbench import FakeWorkbench
from tests.ui import cloud_views
from tests.ui import filled_views as filled
from tests.ui.cloud.test_escalating import LOCAL, with_cloud
from tests.ui.cloud.test_tools_of_provider import with_tools
from tests.ui.conftest import MakeWindow, OpenWindow
from tests.ui.test_batches import with_batches
from tests.ui.test_compare import two_models
from tests.ui.test_feedback_page import judged
from tests.ui.test_first_run import without_models
from tests.ui.test_models_page import fill
from tests.ui.test_translation import NARROW, cut, sideways
from ui.appearance import Appearance
from ui.chat.compare import CompareDesk
from ui.feedback.entries import EntryKind
from ui.settings.parts import setting_row
from ui.widgets.buttons import Button
from ui.widgets.popover import Popover
from workbench.jobs import quiet_job

ANSWER = (
    "## The tides\n\nThe **moon** and the sun pull at the sea.\n\n"
    "| body | share of the pull | known since |\n|---|---|---|\n"
    "| moon | two thirds | Newton, 1687 |\n| sun | one third | Laplace, 1775 |\n\n```python\nfor body in ('moon', 'sun'):\n"
    "    print(f'{body} pulls at the sea with a force that falls with the third power')\n```\n\n> As it is said.\n"
)
Prepare = Callable[[FakeWorkbench], None]


@dataclass(frozen=True)
class View:
    """``prepare`` fills the disk, ``open`` brings the view up, ``answers`` are what the model says."""

    open: Callable[[OpenWindow], None]
    prepare: Prepare = lambda _workbench: None
    answers: tuple[str, ...] = (ANSWER,)


def act(name: str) -> Callable[[OpenWindow], None]:
    return lambda opened: opened.window.actions_[name].trigger()


def answered(opened: OpenWindow) -> None:
    opened.send("What makes the tides, and why are there two of them each day?")
    opened.until(lambda: opened.idle() and len(opened.texts) == 2)


def of_answer(action: str) -> Callable[[OpenWindow], None]:
    def open_it(opened: OpenWindow) -> None:
        answered(opened)
        transcript = opened.page.transcript
        transcript.action.emit(transcript.items[-1].id, action)
        opened.until(lambda: opened.window._bridge.idle)

    return open_it


def changed_in_panel(opened: OpenWindow) -> None:
    of_answer("open_in_panel")(opened)
    panel = opened.window._reading.panel
    panel.editor.setPlainText(panel.editor.toPlainText().replace("moon", "Moon"))
    panel.keep_version()
    panel.compare.click()


def compared(opened: OpenWindow) -> None:
    of_answer("compare")(opened)
    opened.window.findChildren(Popover)[-1]._entries[0].click()
    desk = opened.window.findChild(CompareDesk)
    opened.until(lambda: desk is not None and desk.panel is not None and desk.panel.columns[1].use.isEnabled())


def branches(opened: OpenWindow) -> None:
    answered(opened)
    opened.window.actions_["branches"].trigger()


def models(part: str) -> Callable[[OpenWindow], None]:
    def open_it(opened: OpenWindow) -> None:
        opened.window.actions_["models"].trigger()
        page: Any = opened.window.pages.models
        opened.until(opened.idle)
        if part == "catalog":
            page.there.click()
        elif part == "details":
            opened.window.pages.open_model(opened.workbench.models.list()[0].id)

    return open_it


def feedback(kind: EntryKind | None = None) -> Callable[[OpenWindow], None]:
    def open_it(opened: OpenWindow) -> None:
        opened.window.actions_["feedback"].trigger()
        page, desk = opened.window.pages.feedback, opened.window.pages.feedback_desk
        assert page is not None
        assert desk is not None
        opened.until(lambda: len(page.rows.shown) == 4)
        if kind is not None:
            desk._change(next(one.entry for one in page.rows.shown if one.entry.kind is kind))
            opened.until(lambda: desk.card is not None)

    return open_it


def restore(opened: OpenWindow) -> None:
    backup = opened.workbench.backups.create(quiet_job().cancel)
    opened.workbench.chat.send(None, "A chat that is newer than the backup", quiet_job())
    opened.window.actions_["settings"].trigger()
    settings = opened.window.settings_page
    assert settings is not None
    settings.keeping.backups.ask(backup, opened.workbench.backups.difference(backup.name))


def project(opened: OpenWindow) -> None:
    opened.window.pages.open_project(opened.workbench.projects.create("Thesis about the sea").id)


def batches(opened: OpenWindow) -> None:
    opened.window.pages.begin_batch(opened.workbench.prompts.get("sum-up").id)


def run(opened: OpenWindow) -> None:
    opened.window.pages.run_prompt(opened.workbench.prompts.get("sum-up").id)


def facts(workbench: FakeWorkbench) -> None:
    workbench.memory.add("I am allergic to nuts.")
    workbench.memory.add("Writes about bees", workbench.projects.create("Thesis").id)


VIEWS = {
    "chat": View(answered),
    "details": View(of_answer("answer_details")),
    "more": View(of_answer("more")),
    "verdict": View(of_answer("bad")),
    "case": View(of_answer("case")),
    "panel": View(of_answer("open_in_panel")),
    "panel changed": View(changed_in_panel),
    "compare": View(compared, two_models, (ANSWER, "Some 3,700 m.")),
    "branches": View(branches),
    "commands": View(act("commands")),
    "shortcuts": View(act("shortcuts")),
    "model list": View(act("model")),
    "effort list": View(act("effort")),
    "settings": View(act("settings")),
    "shortcuts of the settings": View(act("change_shortcuts")),
    "restore": View(restore),
    "first run": View(lambda opened: opened.until(opened.idle), without_models),
    "models": View(models("library"), fill_models := (lambda workbench: fill(workbench, lambda _one: None))),
    "catalog": View(models("catalog"), fill_models),
    "details of a model": View(models("details"), fill_models),
    "feedback": View(feedback(), judged, ("It is Lyon.", "It is Paris.")),
    "feedback, a verdict": View(feedback(EntryKind.BAD), judged, ("It is Lyon.", "It is Paris.")),
    "feedback, a case": View(feedback(EntryKind.CASE), judged, ("It is Lyon.", "It is Paris.")),
    "no feedback": View(act("feedback")),
    "memory": View(act("memory"), facts),
    "project": View(project),
    "no batches": View(act("batches"), with_batches),
    "batches": View(batches, with_batches),
    "run": View(run, with_batches),
    "tools": View(act("tools")),
    "prompts": View(act("prompts")),
    "documents": View(act("documents")),
    "documents, folders": View(filled.folders, filled.with_documents),
    "documents, files": View(filled.files, filled.with_documents),
    "documents, found": View(filled.searched, filled.with_documents),
    "documents, why not found": View(filled.why, filled.with_documents),
    "a passage": View(filled.passage(".md"), filled.with_documents),
    "a passage on its page": View(filled.passage(".pdf"), filled.with_documents),
    "prompts, many": View(filled.library, filled.with_prompts),
    "prompt": View(filled.editor("reply", folds=True), filled.with_prompts),
    "prompt with steps": View(filled.editor("judge", folds=True), filled.with_prompts),
    "versions of a prompt": View(filled.editor("reply", history=True), filled.with_prompts),
    "form of a prompt": View(filled.form, filled.with_prompts),
    "results of a batch": View(filled.results, filled.with_prompts, ("Short.", ANSWER)),
    "steps that ran": View(filled.pipeline, filled.with_prompts, ("Three parts.", "The sea is wide.")),
    "cloud sheet": View(filled.sheet(), with_tools, (LOCAL,)),
    "cloud sheet, a picture": View(filled.sheet(with_picture=True), filled.with_a_picture, (LOCAL,)),
    "a further request": View(filled.further, with_tools, (LOCAL,)),
    "a request that waits": View(filled.card, with_cloud, (LOCAL,)),
    "cloud beside local": View(filled.beside, with_cloud, (LOCAL,)),
    "spending": View(filled.ledger(), filled.with_calls),
    "a call is corrected": View(filled.ledger(correcting=True), filled.with_calls),
    "settings of the cloud": View(cloud_views.settings(), filled.with_calls),
    "providers side by side": View(cloud_views.settings(cloud_views.side_by_side), filled.with_calls),
    "models of a provider": View(cloud_views.settings(cloud_views.models), filled.with_calls),
    "a key is asked for": View(cloud_views.settings(cloud_views.login), filled.with_calls),
}


@pytest.fixture
def pseudo_locale(qapp: QApplication) -> Iterator[None]:
    translator = PseudoLocale(qapp)
    qapp.installTranslator(translator)
    yield
    qapp.removeTranslator(translator)
    translator.deleteLater()


def shown(make_window: MakeWindow, name: str, width: int, *, scale: float, theme: str = "light") -> OpenWindow:
    """A window of this width in which the view stands."""
    view = VIEWS[name]

    def prepare(workbench: FakeWorkbench) -> None:
        workbench.change_setting("appearance.text_scale", scale)
        workbench.change_setting("appearance.theme", theme)
        view.prepare(workbench)

    opened = make_window(ScriptedBackend(*view.answers), prepare=prepare)
    opened.window.resize(width, 900)
    opened.until(opened.idle)
    view.open(opened)
    settle(opened)
    return opened


def settle(opened: OpenWindow) -> None:
    """What was just filled is laid out by and by."""
    for _ in range(20):
        QTest.qWait(60)
        if opened.idle() and opened.window._bridge.idle and not cut(opened.window) and not sideways(opened.window):
            break
    QTest.qWait(60)


@pytest.mark.parametrize("name", VIEWS)
def test_nothing_is_cut_in_a_narrow_window_with_large_text(
    pseudo_locale: None, make_window: MakeWindow, tmp_path: Path, name: str
) -> None:
    opened = shown(make_window, name, NARROW, scale=2.0)
    opened.window.grab().save(str(tmp_path / "shown.png"))
    assert cut(opened.window) == []
    assert sideways(opened.window) == []
    assert hollow(opened.window) == []


def hollow(root: QWidget) -> list[str]:
    """What scrolls although there is nothing more to see: it is higher than its words need at its width."""
    found = []
    for area in root.findChildren(QScrollArea):
        inside = area.widget()
        if area.isVisible() and inside is not None and inside.hasHeightForWidth():
            needed = max(inside.heightForWidth(inside.width()), area.viewport().height())
            if inside.height() > needed + 1:
                found.append(f"{area.accessibleName()}: {inside.height()} of {needed}")
    return found


def test_a_control_that_grows_goes_below_its_words(appearance: Appearance, qtbot: QtBot) -> None:
    button = Button("Now", appearance)
    row = setting_row("Backups", "One a day, by itself.", button)
    qtbot.addWidget(row)
    row.resize(320, 120)
    row.show()
    qtbot.waitUntil(lambda: button.x() > 100)
    button.say("Back everything up here and now")
    qtbot.waitUntil(lambda: button.x() == 0 and button.width() >= button.sizeHint().width())
    button.say("Now")
    qtbot.waitUntil(lambda: button.x() > 100)
