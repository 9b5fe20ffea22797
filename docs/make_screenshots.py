"""Makes the README's pictures: the real window over a prepared conversation, kept in the real store. No model is asked.
The first start and the Models page show the real catalog and what the real advisor says of it for a laptop. The folders
of the Documents page are made up; the prompts are the starter set.

python -m docs.make_screenshots          writes light.png, dark.png, models.png, first_run.png, documents*.png,
                                         prompts*.png, consent.png, memory.png, tools.png and cloud*.png into docs/images
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

os.environ.setdefault("QT_SCALE_FACTOR", "2")
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEventLoop, QPoint, QRect, QTimer
from PySide6.QtWidgets import QApplication, QScrollArea, QWidget

from tests.fakes import shelf
from tests.fakes.backend import Pause, ScriptedBackend, Step, words
from tests.fakes.catalog import LAPTOP_WITH_CUDA
from tests.fakes.cloud import ScriptedClient
from tests.fakes.engine import in_memory
from tests.fakes.models import model
from tests.fakes.tools import ABLE
from tests.fakes.workbench import FakeWorkbench
from ui.appearance import Appearance
from ui.application import make_application
from ui.bridge import Bridge
from ui.chat.compare_panel import ComparePanel
from ui.chat.desk import Desk
from ui.chat.footer_actions import BESIDE_LOCAL
from ui.cloud.sheet.sheet import EscalationSheet
from ui.documents.page import DocumentsPage
from ui.documents.viewer.panel import DocumentPanel
from ui.main_window import MainWindow
from ui.models.page import ModelsPage
from ui.prompts.page import PromptsPage
from ui.settings.page import SettingsPage
from workbench.cloud.asking import Outgoing
from workbench.cloud.protocols.client import ProviderClient
from workbench.cloud.provider import Billed, CloudModel, Provider
from workbench.engine.status import EngineStatus
from workbench.events import Bus
from workbench.hardware.backends import CPU, Engines
from workbench.jobs import Jobs, quiet_job
from workbench.memory.memory import AboutMe
from workbench.messages import ChatRequest, Finish, Finished, ReasoningDelta, TextDelta, Timings, ToolCallDelta, Usage
from workbench.models.advising.advisor import Advisor
from workbench.models.catalog.file import CatalogStore
from workbench.paths import Paths
from workbench.prompts.starting import add_starters
from workbench.settings import with_value
from workbench.tools.builtin.calculate import CALCULATE
from workbench.tools.builtin.now import NOW
from workbench.tools.tool import Outcome

IMAGES = Path(__file__).parent / "images"
WIDTH, HEIGHT = 1280, 860
OTHER_CHATS = ("Bread with 70 % water", "Letter about a dripping tap", "Fix the retry loop")
QUESTION = "Explain attention to me like I write Python but skipped linear algebra. Then show the smallest version."
REASONING = "The reader knows Python. Start from a dictionary lookup and make it soft. Keep the code under ten lines."
ANSWER = """\
Think of a `dict` lookup that never misses. A normal dict compares your key with every stored key and returns **one** \
value. Attention compares your *query* with every key and returns a **blend of all values**, weighted by how well each \
key matched.

```python
import numpy as np

def attention(q, k, v):
    score = q @ k.T / np.sqrt(q.shape[-1])   # similarity, kept in range
    w = np.exp(score - score.max(-1, keepdims=True))
    return (w / w.sum(-1, keepdims=True)) @ v
```

Two details carry the weight:

- **Scaling** by √d keeps the scores from saturating the softmax.
- **The sum** of the weights is one, so the answer is always a mix of what is there.
"""
END = Finished(Finish.STOP, Usage(212, 0, 187), Timings(0.31, 840.0, 41.6, 4.8))


CALLING: Sequence[list[Step]] = (
    [
        TextDelta("Three of them, with 4 % more:"),
        ToolCallDelta(0, "c1", "calculate", '{"expression": "3 * 14500 * 1.04 EUR"}'),
        Finished(Finish.TOOL_CALLS),
    ],
    [
        TextDelta("45,240 euros. I write that down."),
        ToolCallDelta(0, "c2", "files_write_file", '{"path": "costs.md", "text": "Three next year: 45,240 EUR"}'),
        Finished(Finish.TOOL_CALLS),
    ],
)


CLOUD_QUESTION = (
    "Write to maria.keller@example.org: three hulls next year, each 14,500 EUR, 4 % more than now. Is it fair?"
)
CLOUD_LOCAL = "Dear Maria,\n\nwe would take three hulls next year at 14,500 EUR each. Could you keep this year's price?"
CLOUD_ANSWER = """\
Dear Maria,

three hulls next year come to **45,240 EUR** with the increase of 4 %. That is fair where resin and glass have risen as \
much; ask for two things in return:

1. The price holds for all three, also when the third is built in autumn.
2. A tenth is paid with the order, the rest as each hull leaves the mould.

With kind regards
"""


def prepared(home: Path, more: Sequence[list[Step]] = ()) -> FakeWorkbench:
    """Real chats in a real database; the model's name says that it stands for any. ``more``: what it says next."""
    answer: list[Step] = [ReasoningDelta(REASONING), *(TextDelta(word) for word in words(ANSWER)), END]
    workbench = FakeWorkbench(home, ScriptedBackend("Done.", "Done.", "Done.", answer, *more, context_tokens=8192))
    workbench.models.installed = (model("Your model", 12_100_000_000),)
    workbench.engine.current = in_memory("Your model", workbench.models.installed[0].path)
    for text in (*reversed(OTHER_CHATS), QUESTION):
        workbench.chat.send(None, text, quiet_job())
    workbench.chat.rename(workbench.chat.list()[0].id, "Attention, explained twice")
    return workbench


@contextmanager
def opened(
    application: QApplication, workbench: FakeWorkbench, theme: str = "light"
) -> Iterator[tuple[MainWindow, Bridge]]:
    """The window over it, as large as in all pictures; both are closed afterwards."""
    bridge = Bridge(Jobs())
    window = MainWindow(Appearance(application, theme), bridge, workbench.paths)
    window.resize(WIDTH, HEIGHT)
    window.show()
    _later(300, lambda: window.fill(workbench.as_workbench()))
    try:
        yield window, bridge
    finally:
        window.close()
        bridge.close()
        workbench.close()


def take(application: QApplication, theme: str, file: Path) -> None:
    """One picture of a window in this theme."""
    with tempfile.TemporaryDirectory() as folder:
        workbench = prepared(Path(folder))
        workbench.settings = with_value(replace(workbench.settings), "appearance.theme", theme)
        with opened(application, workbench, theme) as (window, _bridge):
            _later(600, window.actions_["chat_1"].trigger)
            _later(900, window.page.composer.draft.clearFocus)
            _later(300, lambda: window.grab().save(str(file)))


def take_models(application: QApplication, file: Path) -> None:
    """The catalog of the Models page, with the details of the model that is recommended."""
    with tempfile.TemporaryDirectory() as folder:
        workbench = prepared(Path(folder))
        workbench.models.installed = ()
        workbench.advisor = advisor(workbench.paths)
        with opened(application, workbench) as (window, bridge):
            _later(900, window.actions_["models"].trigger)
            page = cast(ModelsPage, window.findChild(ModelsPage))
            _later(300, page.there.click)
            _wait_until(lambda: bridge.idle)
            _later(300, lambda: page.catalog.list.asked.emit("details", page.catalog.model.rows[0].model.id, QRect()))
            _wait_until(lambda: bridge.idle)
            _later(300, page.details.close_button.clearFocus)
            _later(300, lambda: window.grab().save(str(file)))


def take_first_run(application: QApplication, file: Path) -> None:
    """What a first start offers on the same laptop."""
    with tempfile.TemporaryDirectory() as folder:
        workbench = FakeWorkbench(Path(folder))
        workbench.models.installed = ()
        workbench.engine.current = EngineStatus()
        workbench.advisor = advisor(workbench.paths)
        with opened(application, workbench) as (window, bridge):
            _wait_until(lambda: bridge.idle)
            _later(900, window.page.composer.draft.clearFocus)
            _later(300, lambda: window.grab().save(str(file)))


def take_documents(application: QApplication, images: Path) -> None:
    """The folders, the files of one, what a search finds with its passage beside it, and why something is not found."""
    with tempfile.TemporaryDirectory() as folder:
        workbench = prepared(Path(folder))
        contracts = shelf.fill(workbench.documents, Path(folder))
        with opened(application, workbench) as (window, bridge):
            _later(600, window.pages.open_documents)
            _wait_until(lambda: bridge.idle)
            page = cast(DocumentsPage, window.findChild(DocumentsPage))

            def take_picture(name: str) -> None:
                _wait_until(lambda: bridge.idle)
                _later(600, lambda: window.grab().save(str(images / f"{name}.png")))

            page.folders.add.choose.clearFocus()
            take_picture("documents")
            page.folders.cards[contracts.id].open.click()
            _later(300, page.folder.back.clearFocus)
            take_picture("documents_files")
            window.pages.search_documents()
            page.search.field.setText("when may the rent rise")
            _later(900, page.search.list.setFocus)
            page.search.list.step(1)
            page.search.list.choose()
            take_picture("documents_search")
            window.pages.explain_search("deposit for the heating", (contracts.id,))
            _later(300, lambda: [panel.dismiss() for panel in window.findChildren(DocumentPanel)])
            take_picture("documents_why")


def take_prompts(application: QApplication, images: Path) -> None:
    """The library with the starter set, one of its prompts in the editor, and what its second version changed."""
    with tempfile.TemporaryDirectory() as folder:
        workbench = prepared(Path(folder))
        prompts = workbench.prompts
        add_starters(prompts)
        chosen = prompts.get("reply-to-mail")
        prompts.favourite(chosen.id, on=True)
        prompts.used(chosen.id, {"mail": "Could you send me the minutes of Tuesday?\nBest, Ana"})
        longer = chosen.prompt.text.rstrip() + "\n\nEnd with one clear next step.\n"
        chosen = prompts.save(replace(chosen.prompt, text=longer), chosen.id, instead_of=1).prompt
        with opened(application, workbench) as (window, bridge):
            _later(600, window.pages.open_prompts)
            _wait_until(lambda: bridge.idle)
            page = cast(PromptsPage, window.pages.prompts)

            def take_picture(name: str) -> None:
                _wait_until(lambda: bridge.idle)
                _later(600, lambda: window.grab().save(str(images / f"{name}.png")))

            take_picture("prompts")
            page.library.list.opened.emit(chosen)
            take_picture("prompts_editor")
            page.editor.history.click()
            take_picture("prompts_versions")


def take_tools(application: QApplication, images: Path) -> None:
    """An answer that reckoned and then asks before it writes, what is remembered, and the page of tools."""
    with tempfile.TemporaryDirectory() as folder:
        workbench = prepared(Path(folder), [*CALLING])
        workbench.tool_checks.known = ABLE
        workbench.tool_source.outcomes["calculate"] = Outcome("3 * 14500 * 1.04 EUR = 45240 EUR")
        workbench.memory.write_texts(AboutMe("I repair boats in Kiel.", "Short, with metric units."))
        for fact in ("The Hedda is 9.8 m long.", "My sister Ana runs the workshop."):
            workbench.memory.add(fact)
        with opened(application, workbench) as (window, bridge):

            def take_picture(name: str) -> None:
                _wait_until(lambda: bridge.idle)
                _later(600, lambda: window.grab().save(str(images / f"{name}.png")))

            workbench.chat.send(None, "What do three of them cost next year? Put it into costs.md.", quiet_job())
            _later(600, window.actions_["chat_1"].trigger)
            take_picture("consent")
            window.pages.open_memory()
            take_picture("memory")
            window.pages.open_tools()
            take_picture("tools")


def take_cloud(application: QApplication, images: Path) -> None:
    """The sheet, an answer that asks to go on with what its tools gave, two answers beside each other, what was spent, and
    the settings. The provider is scripted: nobody is asked."""
    with tempfile.TemporaryDirectory() as folder:
        workbench = prepared(Path(folder), [[TextDelta(CLOUD_LOCAL), END]])
        at_the_cloud(workbench)
        with opened(application, workbench) as (window, bridge):

            def take_picture(name: str) -> None:
                _wait_until(lambda: bridge.idle)
                _later(900, lambda: window.grab().save(str(images / f"{name}.png")))

            workbench.chat.send(None, CLOUD_QUESTION, quiet_job())
            _later(600, window.actions_["chat_1"].trigger)
            _wait_until(lambda: bridge.idle)
            escalations = cast(Desk, window.desk).escalations
            sheets = escalations.sheets

            def send() -> None:
                _wait_until(lambda: sheets.state.fresh is not None)
                cast(EscalationSheet, sheets.sheet).foot.send.click()
                _wait_until(lambda: not cast(Desk, window.desk).answering and bridge.idle)

            escalations.ask_last()
            _wait_until(lambda: sheets.state.fresh is not None)
            take_picture("cloud_sheet")
            send()
            take_picture("cloud_goes_on")
            (consent,) = workbench.consents.list()
            escalations.review(consent)
            send()
            window.toasts.dismiss()
            answer = cast(Desk, window.desk).chat.state.nodes[-1]
            cast(Desk, window.desk).act_on(answer.id, BESIDE_LOCAL)
            take_picture("cloud_beside")
            for panel in window.findChildren(ComparePanel):
                panel.dismiss()
            window.pages.open_cloud()
            settings = cast(SettingsPage, window.settings_page)
            _later(600, lambda: settings.open_cloud())
            _later(300, lambda: settings.cloud.switch.clearFocus())
            _later(0, lambda: _to_top(settings))
            take_picture("cloud_settings")
            settings.cloud.spending.calls.click()
            take_picture("cloud_ledger")


def _to_top(settings: SettingsPage) -> None:
    """The section of the cloud stands at the top of what is seen."""
    area = cast(QScrollArea, settings.findChild(QScrollArea))
    place = settings.cloud.mapTo(cast(QWidget, area.widget()), QPoint(0, 0)).y()
    area.verticalScrollBar().setValue(place - 56)


def at_the_cloud(workbench: FakeWorkbench) -> None:
    """A key, a model, tools, and calls of the days before."""
    workbench.change_setting("cloud.enabled", value=True)
    workbench.change_setting("cloud.tools", value=True)
    workbench.cloud.login("groq", "gsk_0123456789abcdef0123456789abcdef")
    workbench.change_setting("cloud.model", "groq/openai/gpt-oss-120b")
    workbench.tool_source.offered = (CALCULATE, NOW)
    workbench.tool_source.outcomes["calculate"] = Outcome("3 * 14500 * 1.04 EUR = 45240 EUR")
    call = ToolCallDelta(0, "c1", "calculate", '{"expression": "3 * 14500 * 1.04 EUR"}')
    said: list[list[Step]] = [[TextDelta(word), Pause(0.02)] for word in words(CLOUD_ANSWER)]
    workbench.provider_client = ShownClient(
        steps=tuple(step for steps in said for step in steps),
        counted=Billed(1_240, 0, 0, 112),
        rounds=[(Pause(0.4), TextDelta("Let me work it out first."), Pause(0.6), call)],
    )


class ShownClient(ScriptedClient):
    """Says what is written here; what would leave is made as it always is."""

    def outgoing(self, provider: Provider, model: CloudModel, request: ChatRequest) -> Outgoing:
        return ProviderClient().outgoing(provider, model, request)


def advisor(paths: Paths) -> Any:
    """The real one, on a laptop with an NVIDIA GPU and the engine for it."""
    store = CatalogStore(paths)
    machine, engines = LAPTOP_WITH_CUDA, Engines(frozenset({CPU, "cuda"}))
    bus, none = Bus(), cast(Any, None)
    return Advisor(lambda _fresh=False: machine, lambda _machine: engines, store, none, none, none, bus)


def _later(milliseconds: int, act: Callable[[], object]) -> None:
    """Let the window live for a while, then act."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()
    act()


def _wait_until(check: Callable[[], bool]) -> None:
    while not check():
        _later(100, lambda: None)


def main() -> int:
    IMAGES.mkdir(exist_ok=True)
    application = make_application(["workbench"])
    for theme in ("light", "dark"):
        take(application, theme, IMAGES / f"{theme}.png")
    take_models(application, IMAGES / "models.png")
    take_first_run(application, IMAGES / "first_run.png")
    take_documents(application, IMAGES)
    take_prompts(application, IMAGES)
    take_tools(application, IMAGES)
    take_cloud(application, IMAGES)
    return 0


if __name__ == "__main__":
    sys.exit(main())
