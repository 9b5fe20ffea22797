"""Views with much in them, for the pictures and the check that nothing is cut: documents, prompts, the cloud's sheet."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from tests.fakes.workbench import FakeWorkbench
from tests.ui.cloud import test_tools_of_provider as of_tools
from tests.ui.cloud.test_escalating import answered as answered_there
from tests.ui.cloud.test_escalating import ask, asked, last, waiting, with_cloud
from tests.ui.cloud.test_pictures import picture
from tests.ui.conftest import OpenWindow
from tests.ui.test_batches import choose_lines, lines, with_batches
from tests.ui.test_run_page import LINE
from ui.chat.footer_actions import BESIDE_LOCAL
from workbench.checks.check import Check, CheckKind
from workbench.cloud.provider import Billed, CloudModel, Price
from workbench.cloud.spending.money import Purpose
from workbench.documents.collection import FileStatus, Phase, Progress
from workbench.prompts.prompt import Output, OutputKind, Prompt, Step, StepCase, Variable, VariableKind

NOTES = "# Notice\n\nThe rent is 900 euro a month.\n\nNotice is given **three months** before the end of a quarter."
LEASE = (
    "Lease\n\nThe rent is 900 euro a month, to be paid by the third working day.\fNotice: three months before the end."
)
REPLY = Prompt(
    "Reply to a letter of the house",
    "reply",
    "Write a {{ tone }} reply to this letter, in the language of the letter:\n\n{{ letter }}\n\nSign as {{ who }}.",
    variables=(
        Variable("tone", VariableKind.CHOICE, "How it sounds", choices=("warm", "dry", "formal")),
        Variable("letter", VariableKind.LONG_TEXT, "The letter"),
        Variable("who", label="Who signs", default="Maria Muster"),
    ),
    cases=(StepCase({"letter": "Hello"}, Check(CheckKind.CONTAINS, "Dear"), "Polite"),),
    output=Output(OutputKind.SCHEMA, {"type": "object"}),
    tags=("letters", "house"),
)
STEPS = Prompt(
    "Extract and judge", "judge", steps=(Step("extract", "From {{ text }}"), Step("judge", "{{ steps.extract }}"))
)


# Documents ------------------------------------------------------------------------------------------------------------


def with_documents(workbench: FakeWorkbench) -> None:
    """Four folders: one with files of each status, one being read, one whose drive is gone, one that is private."""
    documents, made = workbench.documents, []
    for name in ("Contracts and letters of the house", "Notes", "Old drive", "Tax"):
        path = Path(workbench.paths.home) / "files" / name
        path.mkdir(parents=True)
        made.append(documents.add(path, private=name == "Tax"))
    contracts, notes, old, _tax = made
    documents.put(contracts.id, "flat/lease-of-the-flat-in-the-long-street.pdf", LEASE, media_type="application/pdf")
    documents.put(contracts.id, "notice.md", NOTES, media_type="text/markdown", days=-3)
    for number, (status, reason) in enumerate(
        (
            (FileStatus.FAILED, "It has a password."),
            (FileStatus.SKIPPED, "It is larger than 100 MB."),
            (FileStatus.IN_CLOUD, "A cloud drive keeps it elsewhere."),
            (FileStatus.NO_PERMISSION, "The system refuses to let it be read."),
            (FileStatus.WAITING, ""),
        )
    ):
        documents.put(contracts.id, f"scans/{number}-letter-of-the-landlord.pdf", status=status, reason=reason)
    documents.put(notes.id, "rent.md", "Ask about the rent.", media_type="text/markdown", days=-400)
    documents.show(notes.id, progress=Progress(Phase.READING, 10, 5000, 120.0, 41.6))
    documents.put(old.id, "diary.txt", status=FileStatus.OFFLINE, reason="Its drive is not there.")
    documents.show(old.id, problem="The folder is not there. Is its drive connected?")


def folders(opened: OpenWindow) -> None:
    opened.window.actions_["documents"].trigger()
    opened.until(lambda: _documents(opened).folders.add.isVisible() and len(_documents(opened).folders.cards) == 4)


def files(opened: OpenWindow) -> None:
    folders(opened)
    page = _documents(opened)
    next(iter(page.folders.cards.values())).open.click()
    opened.until(lambda: page.in_folder and page.folder.files.model.rowCount() > 0)


def searched(opened: OpenWindow) -> None:
    opened.window.actions_["search_documents"].trigger()
    view = _documents(opened).search
    opened.until(lambda: view._folders not in (None, ()))
    view.field.setText("rent notice")
    opened.until(lambda: len(view.list.hits) > 1 and not opened.workbench.documents.asked[-1].as_typed)


def why(opened: OpenWindow) -> None:
    searched(opened)
    view = _documents(opened).search
    view.field.setText("rent quorum")
    opened.until(lambda: opened.workbench.documents.asked[-1].text == "rent quorum" and opened.window._bridge.idle)
    (view.why_step if view.why_step.isVisible() else view.why_button).click()
    opened.until(lambda: view.why.isVisible() and opened.window._bridge.idle)


def passage(kind: str) -> Callable[[OpenWindow], None]:
    """A passage of the text of this ending, beside the page."""

    def open_it(opened: OpenWindow) -> None:
        searched(opened)
        document = next(one for one in opened.workbench.documents.files.values() if one.path.endswith(kind))
        chunk = opened.workbench.documents.chunks[document.id][1]
        _documents(opened).passage_asked.emit(document.id, chunk.start, chunk.end)
        viewer = opened.window._reading.viewer()
        opened.until(lambda: viewer.panel.isVisible() and opened.window._bridge.idle)

    return open_it


def _documents(opened: OpenWindow) -> Any:
    return opened.window.pages.documents


# Prompts --------------------------------------------------------------------------------------------------------------


def with_prompts(workbench: FakeWorkbench) -> None:
    with_batches(workbench)
    for number in range(12):
        workbench.prompts.save(Prompt(f"Explain {number}", f"explain-{number}", "Explain {{ code }}", tags=("code",)))
    one = workbench.prompts.save(REPLY).prompt
    workbench.prompts.save(replace(REPLY, text=REPLY.text + "\n\nBe {{ wrong"), one.id, instead_of=1)
    workbench.prompts.save(STEPS)
    workbench.prompts.save(LINE)
    workbench.prompts.remove(workbench.prompts.save(Prompt("Gone", "gone", "text")).prompt.id)


def library(opened: OpenWindow) -> None:
    opened.window.actions_["prompts"].trigger()
    desk: Any = opened.window.pages.prompts_desk
    opened.until(lambda: desk.read)


def editor(name: str, *, folds: bool = False, history: bool = False) -> Callable[[OpenWindow], None]:
    def open_it(opened: OpenWindow) -> None:
        library(opened)
        page: Any = opened.window.pages.prompts
        desk: Any = opened.window.pages.prompts_desk
        desk.open(opened.workbench.prompts.get(name).id)
        opened.until(lambda: page.in_editor and desk.editor.saved is not None)
        if folds:
            shown = page.editor
            for fold in (shown.system_fold, shown.answer_fold, shown.cases_fold, shown.notes_fold):
                fold.open()
            for fields in (*shown.variables.fields.values(), *shown.steps.fields):
                fields.open()
        if history:
            page.editor.history.click()
            opened.until(lambda: bool(page.history._pieces))

    return open_it


def form(opened: OpenWindow) -> None:
    desk: Any = opened.window.desk
    desk.prompts.use(opened.workbench.prompts.get("reply").id)
    opened.until(lambda: opened.window._bridge.idle)


def results(opened: OpenWindow) -> None:
    opened.window.pages.begin_batch(opened.workbench.prompts.get("sum-up").id)
    page: Any = opened.window.pages.batches
    desk: Any = opened.window.pages.batches_desk
    opened.until(lambda: "Sum up" in page.start.title.text())
    choose_lines(opened, page, lines(Path(opened.workbench.paths.home), 8))
    page.start.start.click()
    opened.until(lambda: page.in_batch and not desk.working and page.batch.model.index(7, 2).data() is not None)
    page.batch.table.selectRow(1)


def pipeline(opened: OpenWindow) -> None:
    desk: Any = opened.window.desk
    desk.prompts.use(opened.workbench.prompts.get("plan-and-write").id)
    opened.until(lambda: opened.window.pages.run is not None and opened.window.pages.run.form is not None)
    page: Any = opened.window.pages.run
    page.form.fields[0].entry.setText("the sea")
    page.form.send_button.click()
    opened.until(lambda: [card.look.state.value for card in page.cards] == ["done", "done"])


# The cloud ------------------------------------------------------------------------------------------------------------


def with_a_picture(workbench: FakeWorkbench) -> None:
    of_tools.with_tools(workbench)
    (Path(workbench.paths.home) / "harbour.png").write_bytes(picture())


def sheet(*, with_picture: bool = False) -> Callable[[OpenWindow], None]:
    def open_it(opened: OpenWindow) -> None:
        if with_picture:
            opened.composer.attach(Path(opened.workbench.paths.home) / "harbour.png", "harbour.png")
            opened.until(lambda: len(opened.composer.attached()) == 1 and opened.window._bridge.idle)
        ask(asked(opened))

    return open_it


def further(opened: OpenWindow) -> None:
    of_tools.waits(asked(opened))


def card(opened: OpenWindow) -> None:
    waiting(asked(opened))


def beside(opened: OpenWindow) -> None:
    ask(asked(opened)).foot.send.click()
    answered_there(opened)
    desk: Any = opened.window.desk
    desk.act_on(last(opened), BESIDE_LOCAL)
    opened.until(lambda: opened.window._bridge.idle)


def with_calls(workbench: FakeWorkbench) -> None:
    with_cloud(workbench)
    model = CloudModel(
        "groq", "openai/gpt-oss-120b", price=Price(150_000, 600_000, source="the table", date="2026-11-01")
    )
    for micros in (500_000, 1_350, 20_400):
        call = workbench.ledger.reserve(model, micros, Purpose.ESCALATION)
        workbench.ledger.settle(call, Billed(1000, None, None, 2000, cost_micros=micros))
    workbench.ledger.handed_off("ChatGPT", "c1")
    entry = next(one for one in workbench.ledger.entries() if one.cost_micros == 500_000)
    workbench.ledger.correct(entry.id, 420_000, "Invoice 7")


def ledger(*, correcting: bool = False) -> Callable[[OpenWindow], None]:
    def open_it(opened: OpenWindow) -> None:
        opened.window.pages.open_cloud()
        settings: Any = opened.window.settings_page
        opened.until(lambda: settings.cloud.model.isVisible())
        page = settings.cloud.spending.open_page()
        opened.until(lambda: page._found is not None)
        page.table.selectRow(page.table.model().rowCount() - 1)
        if correcting:
            page.correct.click()

    return open_it
