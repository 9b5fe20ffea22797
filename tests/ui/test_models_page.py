"""The Models page: what it shows, what each control does, by mouse, keyboard and name; its place in the window."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QModelIndex, QObject, QPoint, QRect, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from tests.fakes import catalog
from tests.fakes.catalog import GPT_OSS_20B, GPT_OSS_120B, LFM_8B, QWEN_4B, QWEN_35B
from tests.fakes.models import LM_STUDIO_MODEL, MLX_FOLDER, model
from tests.fakes.runtimes import CUDA
from tests.fakes.workbench import FakeWorkbench
from tests.ui.conftest import MakeWindow
from ui.appearance import Appearance
from ui.bridge import Bridge
from ui.main_window import MainWindow
from ui.models.checking import Checking
from ui.models.desk import ModelsDesk
from ui.models.items import CatalogListModel
from ui.models.memory_sum import MemorySum
from ui.models.page import ModelsPage
from ui.models.state import CatalogRow
from ui.models.tool_check import together
from ui.notify import Toasts
from ui.widgets.popover import Popover
from workbench.errors import DownloadError
from workbench.events import Topic
from workbench.jobs import quiet_job
from workbench.models.fetching.queue import DownloadState
from workbench.models.sizing.estimate import Request
from workbench.tools.checking.capability import Capability

OWN = replace(model("gpt-oss 20B", 12_109_566_624), path=Path("/models/gpt-oss-20b-MXFP4.gguf"), source="huggingface")
ADOPTED = replace(
    model("Qwen3 4B", 2_497_280_736), path=Path("/lm/Qwen_Qwen3-4B-Q4_K_M.gguf"), source="lmstudio", adopted=True
)
BROKEN = replace(model("Half a file"), problem="It ends too early.")


@dataclass
class OpenPage:
    """The Models page, filled, in a window: one of its own, or the program's."""

    window: QWidget
    models: ModelsPage
    toasts: Toasts
    bridge: Bridge
    workbench: FakeWorkbench
    bot: QtBot

    def until(self, check: Callable[[], bool]) -> None:
        self.bot.waitUntil(check, timeout=5000)

    @property
    def main(self) -> MainWindow:
        assert isinstance(self.window, MainWindow)
        return self.window

    @property
    def desk(self) -> ModelsDesk:
        found = self.models.findChild(ModelsDesk)
        assert isinstance(found, ModelsDesk)
        return found

    def press(self, name: str, within: QWidget | None = None) -> None:
        """Click the visible button with this accessible name."""
        self.button(name, within).click()
        self.settle()

    def button(self, name: str, within: QWidget | None = None) -> QAbstractButton:
        found = self.buttons(within)
        assert name in found, f"no visible button {name!r} among {sorted(found)}"
        return found[name]

    def buttons(self, within: QWidget | None = None) -> dict[str, QAbstractButton]:
        inside = within or self.window
        return {one.accessibleName(): one for one in inside.findChildren(QAbstractButton) if one.isVisible()}

    def words(self, within: QWidget | None = None) -> str:
        return "\n".join(one.text() for one in (within or self.models).findChildren(QLabel) if one.isVisible())

    @property
    def wishes(self) -> list[str]:
        """What was asked to be downloaded."""
        return [reference for what, reference in self.workbench.downloads.done if what == "add"]

    def settle(self) -> None:
        self.until(lambda: self.bridge.idle)
        QApplication.processEvents()

    def click_row(self, model_id: str, part: str) -> None:
        """Click on a part of a row of the catalog: details, sum or download."""
        shown = self.models.catalog.list
        place = self.models.catalog.model.place_of(model_id)
        index = self.models.catalog.model.index(place)
        box = shown.visualRect(index)
        places = shown._delegate.places(box, self.models.catalog.model.rows[place])
        target = {"sum": places.fit, "download": places.button, "details": places.name}[part]
        QTest.mouseClick(shown.viewport(), Qt.MouseButton.LeftButton, pos=target.center())
        self.settle()

    @property
    def sum_(self) -> MemorySum | None:
        """The sum that floats, if it does."""
        shown = [one for one in self.window.findChildren(MemorySum) if one.isVisible()]
        return shown[0] if shown else None


Prepare = Callable[[FakeWorkbench], None]
OpenModels = Callable[..., OpenPage]


def fill(workbench: FakeWorkbench, prepare: Prepare) -> None:
    workbench.models.installed = (OWN, ADOPTED, BROKEN)
    prepare(workbench)


def nothing_more(_workbench: FakeWorkbench) -> None:
    """The three models, and no more."""


@pytest.fixture
def open_models(
    qapp: QApplication, bridge: Bridge, appearance: Appearance, tmp_path: Path, qtbot: QtBot
) -> Iterator[OpenModels]:
    """The page in a window of its own, which is half as long to make as the program's."""
    opened: list[OpenPage] = []
    bugs: list[object] = []
    bridge.failed.connect(bugs.append)

    def make(prepare: Prepare = nothing_more, *, there: bool = False) -> OpenPage:
        workbench = FakeWorkbench(tmp_path / "home")
        fill(workbench, prepare)
        window = QWidget()
        window.resize(1012, 860)
        layout = QVBoxLayout(window)
        layout.setContentsMargins(0, 0, 0, 0)
        page = ModelsPage(appearance)
        layout.addWidget(page)
        toasts = Toasts(page, QWidget(page), appearance)
        bridge.follow(workbench.bus)
        checking = Checking(bridge, workbench.as_workbench(), toasts, lambda: False, page)
        desk = ModelsDesk(bridge, workbench.as_workbench(), appearance, page, toasts, checking)
        checking.details_asked.connect(desk.open_details)
        one = OpenPage(window, page, toasts, bridge, workbench, qtbot)
        opened.append(one)
        window.show()
        window.activateWindow()
        one.until(window.isActiveWindow)
        one.settle()
        if there:
            page.there.click()
        return one

    yield make
    for one in opened:
        one.window.close()
        one.bridge.close()
        one.workbench.close()
        one.window.deleteLater()
    assert bugs == []


@pytest.fixture
def open_in_window(make_window: MakeWindow) -> OpenModels:
    """The page in the program's window, opened from its sidebar."""

    def make(prepare: Prepare = nothing_more, *, there: bool = False) -> OpenPage:
        plain = make_window(prepare=lambda workbench: fill(workbench, prepare))
        window = plain.window
        window.activateWindow()
        plain.until(window.isActiveWindow)
        window.sidebar.models_button.click()
        assert window.pages.models is not None
        opened = OpenPage(window, window.pages.models, window.toasts, window._bridge, plain.workbench, plain.bot)
        opened.settle()
        if there:
            opened.models.there.click()
        return opened

    return make


UNSEEN = replace(QWEN_4B, id="gemma-4-12b", name="Gemma 4 12B", layers=0, cache=())


def with_unseen(workbench: FakeWorkbench) -> None:
    """The catalog has a model whose header nobody has read."""
    workbench.advisor.known = (*catalog.MODELS, UNSEEN)


# Coming and going -----------------------------------------------------------------------------------------------------


def test_escape_closes_the_details_then_the_page(open_in_window: OpenModels) -> None:
    opened = open_in_window(there=True)
    opened.click_row(QWEN_35B.id, "details")
    assert opened.models.details.isVisible()
    QTest.keyClick(opened.window, Qt.Key.Key_Escape)
    assert not opened.models.details.isVisible()
    assert opened.models.isVisible()
    QTest.keyClick(opened.window, Qt.Key.Key_Escape)
    assert opened.main.page.isVisible()


def test_the_page_is_in_the_list_of_commands(make_window: MakeWindow) -> None:
    opened = make_window()
    opened.window.actions_["models"].trigger()
    assert opened.window.pages.models is not None
    assert opened.window.pages.models.isVisible()


def test_nothing_is_read_before_the_page_is_opened(make_window: MakeWindow) -> None:
    opened = make_window()
    assert opened.window.pages.models is None
    assert opened.workbench.advisor.asked == []


def test_changes_are_read_when_the_page_is_in_view_again(open_in_window: OpenModels) -> None:
    opened = open_in_window()
    QTest.keyClick(opened.window, Qt.Key.Key_Escape)
    opened.workbench.models.remove(ADOPTED.id)
    opened.settle()
    assert ADOPTED.id in opened.models.library.cards
    opened.main.sidebar.models_button.click()
    opened.settle()
    assert ADOPTED.id not in opened.models.library.cards


def test_no_part_of_the_page_is_ever_a_window_of_its_own(open_in_window: OpenModels, qapp: QApplication) -> None:
    seen = WindowsShown(qapp)
    opened = open_in_window(found, there=True)
    opened.click_row(QWEN_35B.id, "details")
    opened.click_row(QWEN_35B.id, "sum")
    opened.workbench.advisor.machine_now = catalog.STUDIO
    opened.workbench.bus.publish(Topic.ENGINES)
    opened.settle()
    qapp.removeEventFilter(seen)
    assert seen.names == ["MainWindow"]


class WindowsShown(QObject):
    """Notes what is shown as a window: a part without a parent flashes on the screen and takes the focus."""

    def __init__(self, application: QApplication) -> None:
        super().__init__()
        self.names: list[str] = []
        application.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            self.names.append(type(watched).__name__)
        return False


# This computer --------------------------------------------------------------------------------------------------------


def test_the_machine_card_tells_memory_gpu_and_what_to_install(open_models: OpenModels) -> None:
    opened = open_models()
    said = opened.words(opened.models.machine)
    for piece in ("AMD Ryzen 7 7840HS", "21 GB free of 32 GB", "8 cores", "214.0 GB free", "is not used"):
        assert piece in said
    opened.press("Install the CUDA engine · 180 MB")
    assert opened.wishes == ["engine:cuda-13"]
    assert "CUDA engine" in opened.words(opened.models.downloads)


def test_an_engine_that_the_driver_is_too_old_for_is_not_offered(open_models: OpenModels) -> None:
    opened = open_models(lambda workbench: setattr(workbench.runtimes, "refused", frozenset({CUDA.id})))
    assert "Install the CUDA engine · 180 MB" not in opened.buttons()
    assert "A newer graphics driver may change that." in opened.words(opened.models.machine)


def test_the_free_memory_is_live_while_somebody_looks(open_models: OpenModels) -> None:
    opened = open_models()
    card = opened.models.machine
    before = card.findChildren(QLabel)
    opened.workbench.advisor.machine_now = replace(catalog.LAPTOP, memory_available_bytes=3 << 30)
    opened.models.ticked.emit()
    opened.until(lambda: "3 GB free of 32 GB" in opened.words(card))
    assert card.findChildren(QLabel) == before  # only the figures were touched
    assert opened.models._tick.isActive()
    opened.window.hide()
    assert not opened.models._tick.isActive()


def test_an_installed_engine_changes_what_is_said_of_the_gpu(open_models: OpenModels) -> None:
    opened = open_models()
    opened.workbench.advisor.machine_now = catalog.LAPTOP_WITH_CUDA
    opened.workbench.runtimes.fetch("cuda-13", job=None)  # type: ignore[arg-type]
    opened.until(lambda: "is used through CUDA" in opened.words(opened.models.machine))
    assert "Install the CUDA engine · 180 MB" not in opened.buttons()


# Downloads ------------------------------------------------------------------------------------------------------------


def test_a_download_from_the_catalog_shows_progress_and_can_be_steered(open_models: OpenModels) -> None:
    opened = open_models(there=True)
    queue = opened.workbench.downloads
    opened.click_row(LFM_8B.id, "download")
    (item,) = queue.items()
    assert (item.reference, item.title) == (LFM_8B.files[0].reference, LFM_8B.name)
    queue.step(item.id, 2_000_000_000, 5_155_564_768)
    opened.until(lambda: "2.0 GB of 5.2 GB · 24 MB/s" in opened.words(opened.models.downloads))
    row = opened.models.catalog.model.rows[opened.models.catalog.model.place_of(LFM_8B.id)]
    assert row.download is not None
    opened.press(f"Pause: {LFM_8B.name}")
    opened.until(lambda: "paused" in opened.words(opened.models.downloads))
    opened.press(f"Resume: {LFM_8B.name}")
    queue.change("fail", item.id, state=DownloadState.FAILED, error="The hub closed the connection.")
    opened.until(lambda: "The hub closed the connection." in opened.words(opened.models.downloads))
    opened.press(f"Try again: {LFM_8B.name}")
    opened.press(f"Cancel the download of {LFM_8B.name}")
    assert queue.items()  # two gigabytes are thrown away only when that is said
    opened.press("Cancel, and throw away 2.0 GB")
    opened.until(lambda: not opened.models.downloads.isVisible())
    assert [what for what, _id in queue.done if what != "start"] == [
        "add",
        "step",
        "pause",
        "resume",
        "fail",
        "resume",
        "cancel",
    ]


def test_progress_leaves_the_rows_and_the_focus_where_they_are(open_models: OpenModels) -> None:
    opened = open_models()
    queue = opened.workbench.downloads
    item = queue.add(QWEN_35B.files[0].reference, QWEN_35B.name)
    opened.settle()
    pause = opened.button(f"Pause: {QWEN_35B.name}")
    pause.setFocus()
    queue.step(item.id, 1_000_000_000, 22_000_000_000)
    opened.until(lambda: "1.0 GB of 22.0 GB" in opened.words(opened.models.downloads))
    assert opened.button(f"Pause: {QWEN_35B.name}") is pause
    assert pause.hasFocus()


def test_what_is_over_can_be_cleared(open_models: OpenModels) -> None:
    opened = open_models()
    item = opened.workbench.downloads.add("a/b/c.gguf", "C")
    opened.workbench.downloads.finish(item.id)
    opened.settle()
    assert not opened.models.downloads.findChildren(QWidget, "never")
    opened.press("Clear finished")
    opened.until(lambda: not opened.models.downloads.isVisible())


# The library ----------------------------------------------------------------------------------------------------------


def test_the_library_tells_size_source_fit_and_problems(open_models: OpenModels) -> None:
    opened = open_models(lambda workbench: workbench.models.notes.update({OWN.name: "Its template differs."}))
    cards = opened.models.library.cards
    own, adopted, broken = (opened.words(cards[one.id]) for one in (OWN, ADOPTED, BROKEN))
    assert "12.1 GB · Downloaded" in own
    assert "Its template differs." in own
    assert "Answers in chats" in own
    assert "2.5 GB · In place, from LM Studio" in adopted
    assert "Not checked yet" in adopted
    assert "It ends too early." in broken
    assert f"Use {BROKEN.name} in chat" not in opened.buttons()
    assert "12.2 GB in Workbench's folder · 2.5 GB in place" in opened.words(opened.models.library)


def test_use_in_chat_chooses_the_model_and_shows_the_chat(open_in_window: OpenModels) -> None:
    opened = open_in_window()
    opened.press(f"Use {ADOPTED.name} in chat")
    assert opened.workbench.settings.chat.model == ADOPTED.id
    assert opened.main.page.isVisible()


def choose(opened: OpenPage, one: str, entry: str) -> None:
    """An entry of the … list of a model."""
    opened.press(f"More for {one}")
    (popover,) = opened.window.findChildren(Popover)
    opened.press(entry, popover)


def toast(opened: OpenPage) -> str:
    shown = opened.toasts._toast
    return shown.accessibleName() if shown else ""


def test_delete_can_be_undone(open_models: OpenModels) -> None:
    opened = open_models()
    choose(opened, OWN.name, "Delete")
    assert toast(opened) == f"{OWN.name} was deleted."
    assert OWN.id not in opened.models.library.cards
    opened.press("Undo")
    assert OWN.id in opened.models.library.cards
    assert opened.workbench.models.purged == 0


def test_what_was_deleted_gives_its_room_back_when_nobody_can_undo_it_any_more(open_models: OpenModels) -> None:
    opened = open_models()
    opened.desk._purge_soon.setInterval(0)
    choose(opened, OWN.name, "Delete")
    opened.until(lambda: opened.workbench.models.purged == 1)
    assert not opened.desk._purge_soon.isActive()


def test_an_adopted_model_is_forgotten_and_its_file_stays(open_models: OpenModels) -> None:
    opened = open_models()
    opened.press(f"More for {ADOPTED.name}")
    (popover,) = opened.window.findChildren(Popover)
    assert "Delete" not in opened.buttons(popover)
    assert opened.button("Forget", popover).accessibleDescription() == "the file stays"
    opened.press("Forget", popover)
    assert toast(opened) == f"{ADOPTED.name} was forgotten. Its file stays."


def test_a_check_up_tells_its_steps_and_its_verdict(open_models: OpenModels) -> None:
    opened = open_models(lambda workbench: setattr(workbench.checkups, "wait_seconds", 0.02))
    card = opened.models.library.cards[OWN.id]
    opened.press(f"More for {OWN.name}")
    (popover,) = opened.window.findChildren(Popover)
    opened.button("Check up", popover).click()
    opened.until(lambda: "Checking up" in opened.words(card))
    opened.until(lambda: toast(opened) == f"{OWN.name}: Check-up: 1 thing to know.")
    opened.settle()
    card = opened.models.library.cards[OWN.id]
    assert "21.4 tokens/s measured" in opened.words(card)
    assert "Check-up: 1 thing to know" in opened.words(card)
    opened.press("Show")
    assert "Tools: It answered without calling the tool." in opened.words(opened.models.details)


def test_a_check_up_can_be_stopped(open_models: OpenModels) -> None:
    opened = open_models(lambda workbench: setattr(workbench.checkups, "wait_seconds", 30.0))
    opened.press(f"More for {OWN.name}")
    (popover,) = opened.window.findChildren(Popover)
    opened.button("Check up", popover).click()
    opened.until(lambda: f"Stop the work on {OWN.name}" in opened.buttons())
    opened.button(f"Stop the work on {OWN.name}").click()
    opened.settle()
    assert f"Stop the work on {OWN.name}" not in opened.buttons()
    assert toast(opened) == ""


def test_a_check_of_tool_calls_tells_how_far_it_is_and_what_it_found(open_models: OpenModels) -> None:
    def prepare(workbench: FakeWorkbench) -> None:
        workbench.tool_checks.wait_seconds, workbench.tool_checks.bus = 0.02, workbench.bus

    opened = open_models(prepare)
    choose(opened, OWN.name, "Details")
    assert "Nobody has checked it yet." in opened.words(opened.models.details)
    opened.press(f"Check tools: {OWN.name}")
    told = together(f"{OWN.name}: 10 of 15 tasks with tools done (42 % to 85 % likely), 15 of 15 calls valid.")
    opened.until(lambda: toast(opened) == told)
    opened.settle()
    said = opened.words(opened.models.details)
    assert together("Picks the right tool: 2 of 3 (21 % to 94 % likely)") in said
    assert "It took 30 s." in said


def test_a_model_that_uses_tools_says_so_on_its_card(open_models: OpenModels) -> None:
    opened = open_models()
    assert "Uses tools" not in opened.words(opened.models.library)
    opened.workbench.tool_checks.known = Capability(able=True, why="It can.")
    opened.workbench.bus.publish(Topic.MODELS)
    opened.until(lambda: "Uses tools" in opened.words(opened.models.library.cards[OWN.id]))
    assert "Uses tools" not in opened.words(opened.models.library.cards[BROKEN.id])


def test_a_check_of_tool_calls_can_be_stopped(open_models: OpenModels) -> None:
    opened = open_models(lambda workbench: setattr(workbench.tool_checks, "wait_seconds", 30.0))
    opened.press(f"More for {OWN.name}")
    (popover,) = opened.window.findChildren(Popover)
    opened.button("Check tool calls", popover).click()
    opened.until(lambda: "Checking tool calls: 1 of 15, 28 s left" in opened.words(opened.models.library))
    opened.button(f"Stop the work on {OWN.name}").click()
    opened.settle()
    assert f"Stop the work on {OWN.name}" not in opened.buttons()
    assert opened.workbench.tool_checks.report is None


@pytest.mark.parametrize(
    ("wrong", "said"), [(False, "is what it should be, byte for byte."), (True, "gpt-oss 20B: It has changed.")]
)
def test_verifying_says_what_it_found(open_models: OpenModels, *, wrong: bool, said: str) -> None:
    opened = open_models(lambda workbench: setattr(workbench.models, "wrong", frozenset({OWN.id} if wrong else ())))
    choose(opened, OWN.name, "Verify every byte")
    assert said in toast(opened)


def test_an_empty_library_says_what_to_do(open_models: OpenModels) -> None:
    opened = open_models(lambda workbench: setattr(workbench.models, "installed", ()))
    assert "No model is on this computer yet." in opened.words(opened.models.library)
    opened.press("Open the catalog")
    assert opened.models.catalog.isVisible()
    assert opened.models.catalog.search.hasFocus()


def test_news_of_one_model_leave_the_cards_of_the_others(open_models: OpenModels) -> None:
    opened = open_models()
    cards = dict(opened.models.library.cards)
    cards[OWN.id].more.setFocus()
    opened.workbench.checkups.run(OWN.id, quiet_job())
    opened.until(lambda: "21.4 tokens/s measured" in opened.words(opened.models.library))
    now = opened.models.library.cards
    assert {name for name in now if now[name] is not cards[name]} == {OWN.id}
    assert now[OWN.id].more.hasFocus()
    assert now[OWN.id].y() < now[ADOPTED.id].y() < now[BROKEN.id].y()


# Other programs -------------------------------------------------------------------------------------------------------


def found(workbench: FakeWorkbench) -> None:
    workbench.models.on_disk = (
        LM_STUDIO_MODEL,
        MLX_FOLDER,
        replace(LM_STUDIO_MODEL, name="Two", path=Path("/two.gguf")),
    )


def test_models_of_other_programs_are_adopted_in_place(open_models: OpenModels) -> None:
    opened = open_models(found)
    opened.press(f"Adopt {LM_STUDIO_MODEL.name}")
    opened.until(lambda: any(one.path == LM_STUDIO_MODEL.path for one in opened.workbench.models.installed))
    opened.settle()
    assert f"Adopt {LM_STUDIO_MODEL.name}" not in opened.buttons()
    assert "Adopt Two" in opened.buttons()


def test_all_usable_ones_are_adopted_at_once(open_models: OpenModels) -> None:
    opened = open_models(found)
    opened.press("Adopt all")
    opened.settle()
    assert len(opened.workbench.models.installed) == 5
    assert "Adopt all" not in opened.buttons()


def test_an_mlx_folder_is_explained_with_the_same_model_as_gguf(open_models: OpenModels) -> None:
    opened = open_models(found)
    said = opened.words(opened.models.found)
    assert "MLX models are not usable by llama.cpp. The same model as GGUF: gpt-oss-20b." in said
    button = opened.button("Download gpt-oss-20b as GGUF")
    assert button.text().endswith("Download GGUF · 12.1 GB")
    button.click()
    opened.settle()
    assert opened.wishes == [GPT_OSS_20B.files[0].reference]


# The catalog ----------------------------------------------------------------------------------------------------------


def test_the_list_model_keeps_the_rules_of_item_models(qapp: QApplication) -> None:
    shown = CatalogListModel()
    tester = QAbstractItemModelTester(shown, QAbstractItemModelTester.FailureReportingMode.Fatal)
    rows = tuple(CatalogRow(catalog.pick(one)) for one in catalog.MODELS)
    resets: list[None] = []
    changed: list[int] = []
    shown.modelReset.connect(lambda: resets.append(None))
    shown.dataChanged.connect(lambda index, _end: changed.append(index.row()))
    shown.show_rows(rows)
    shown.show_rows((rows[0], replace(rows[1], installed=True), *rows[2:]))
    assert (len(resets), changed) == (1, [1])
    shown.show_rows(rows[:2])
    assert (len(resets), shown.rowCount()) == (2, 2)
    said = str(shown.data(shown.index(0), Qt.ItemDataRole.AccessibleTextRole))
    assert said.startswith("Qwen3.6 35B-A3B, Qwen/Alibaba, ")
    assert shown.data(QModelIndex()) is None
    tester.deleteLater()


def test_search_and_filters_follow_the_typing(open_models: OpenModels) -> None:
    opened = open_models(there=True)
    section = opened.models.catalog
    QTest.keyClicks(section.search, "qwen")
    assert {row.model.vendor for row in section.model.rows} == {"Qwen/Alibaba"}
    opened.press("Reads pictures")
    assert [row.model.id for row in section.model.rows] == [QWEN_35B.id]
    assert section.list.height() == section.list.visualRect(section.model.index(0)).height()
    QTest.keyClicks(section.search, " zzz")
    assert section.model.rows == ()
    assert "No model of the catalog is like this." in opened.words(section)
    section.search.clear()
    opened.press("Reads pictures")
    assert len(section.model.rows) == len(catalog.MODELS)


def test_order_and_use_are_chosen_from_lists(open_models: OpenModels) -> None:
    opened = open_models(there=True)
    opened.press("Order: Recommended first")
    opened.press("Smallest first")
    sizes = [row.pick.download_bytes for row in opened.models.catalog.model.rows]
    assert sizes == sorted(sizes)
    before = opened.models.catalog.model.rows[0].pick.answer_seconds
    opened.press("For: For chat")
    opened.press("Long documents")
    opened.settle()
    assert opened.models.catalog.model.rows[0].pick.answer_seconds.expected > before.expected


def test_the_keyboard_reaches_everything_of_a_row(open_models: OpenModels) -> None:
    opened = open_models(there=True)
    section = opened.models.catalog
    section.search.setFocus()
    QTest.keyClick(section.search, Qt.Key.Key_Down)
    assert section.list.hasFocus()
    QTest.keyClick(section.list, Qt.Key.Key_Down)
    row = section.model.rows[section.list.currentIndex().row()]
    assert row is section.model.rows[1]
    QTest.keyClick(section.list, Qt.Key.Key_Return)
    opened.settle()
    details = opened.models.details
    assert details.accessibleName() == f"Details of {row.model.name}"
    assert details.close_button.hasFocus()
    quantization = row.model.files[0].quantization
    fit = [
        name for name in opened.buttons(details) if name.endswith(f"show the sum for {row.model.name} {quantization}")
    ]
    assert fit
    details.close_button.click()
    assert section.list.hasFocus()


def test_the_sum_opens_at_the_fit_label_and_follows_the_context(open_models: OpenModels) -> None:
    opened = open_models(there=True)
    opened.click_row(QWEN_35B.id, "sum")
    shown = opened.sum_
    assert shown is not None
    said = opened.words(shown)
    for piece in (
        "Weights",
        "Pictures",
        "Together",
        "Left where it is tightest",
        "8,192 tokens",
        "after installing the CUDA engine",
    ):
        assert piece in said
    opened.press("Context of 131,072 tokens", shown)
    reference, request = opened.workbench.advisor.asked[-1]
    assert (reference, request.context_tokens) == (QWEN_35B.files[0].reference, 131_072)
    assert "131,072 tokens" in opened.words(shown)
    assert shown.geometry().right() <= opened.window.width()
    assert shown.geometry().bottom() <= opened.window.height()
    QTest.keyClick(shown, Qt.Key.Key_Escape)
    assert opened.sum_ is None
    assert opened.models.isVisible()


def test_a_model_that_does_not_fit_is_shown_its_sum_and_can_be_had_anyway(open_models: OpenModels) -> None:
    opened = open_models(there=True)
    opened.click_row(GPT_OSS_120B.id, "download")
    assert opened.wishes == []
    shown = opened.sum_
    assert shown is not None
    assert "more free memory than there is now" in opened.words(shown)
    opened.press("Download anyway", shown)
    assert opened.wishes == [GPT_OSS_120B.files[0].reference]


def test_a_sum_that_cannot_be_worked_out_says_why(open_models: OpenModels) -> None:
    opened = open_models(there=True)
    opened.click_row(QWEN_35B.id, "sum")
    opened.workbench.advisor.failure = DownloadError("The hub does not answer.")
    shown = opened.sum_
    assert shown is not None
    opened.press("Context of 4,096 tokens", shown)
    opened.until(lambda: "The hub does not answer." in opened.words(shown))


def test_an_answer_for_a_sum_that_was_closed_is_dropped(open_models: OpenModels) -> None:
    opened = open_models(there=True)
    opened.click_row(QWEN_35B.id, "sum")
    opened.workbench.advisor.wait_seconds = 30.0  # ends at once when it is cancelled
    shown = opened.sum_
    assert shown is not None
    opened.button("Context of 4,096 tokens", shown).click()
    assert "Working it out…" in opened.words(shown)
    QTest.keyClick(shown, Qt.Key.Key_Escape)
    opened.settle()
    assert opened.sum_ is None
    assert toast(opened) == ""


def test_details_offer_every_build_with_its_own_fit(open_models: OpenModels) -> None:
    opened = open_models(there=True)
    opened.click_row(QWEN_35B.id, "details")
    details = opened.models.details
    said = opened.words(details)
    for piece in (
        "UD-Q8_K_XL", "best here", "Apache-2.0", "Thinking can be switched on and off", "MMLU-Pro", "independent",
        "unsloth/Qwen3.6-35B-A3B-GGUF", "c099eb48e663", "temperature 1", "899 MB of it for pictures",
    ):  # fmt: skip
        assert piece in said
    opened.press(f"Download {QWEN_35B.name} UD-Q5_K_XL", details)
    assert opened.wishes == [QWEN_35B.files[1].reference]
    asked = {reference for reference, _request in opened.workbench.advisor.asked}
    assert {file.reference for file in QWEN_35B.files} <= asked


def test_details_of_a_library_model_tell_the_file_and_the_check_up(open_models: OpenModels) -> None:
    opened = open_models()
    choose(opened, OWN.name, "Details")
    said = opened.words(opened.models.details)
    assert "gpt-oss-20b-MXFP4.gguf" in said
    assert "On this computer" in said
    assert "Builds" in said  # the catalog knows it too
    opened.button(f"Check up: {OWN.name}").setFocus()
    opened.press(f"Check up: {OWN.name}")
    opened.until(lambda: "Loads: In 3.1 s." in opened.words(opened.models.details))
    opened.settle()
    assert opened.models.details.close_button.hasFocus()  # the button that was pressed was made again
    opened.models.details.close_button.click()
    assert opened.models.library.cards[OWN.id].more.hasFocus()


def test_details_close_when_their_model_is_gone(open_models: OpenModels) -> None:
    opened = open_models()
    choose(opened, BROKEN.name, "Details")
    assert opened.models.details.isVisible()
    opened.workbench.models.installed = (OWN,)
    opened.workbench.bus.publish(Topic.MODELS)
    opened.until(lambda: not opened.models.details.isVisible())


def test_a_repository_is_added_and_taken_away_again(open_models: OpenModels) -> None:
    opened = open_models(there=True)
    section = opened.models.catalog
    QTest.keyClicks(section.repository, "someone/Model-GGUF")
    QTest.keyClick(section.repository, Qt.Key.Key_Return)
    opened.settle()
    assert section.model.place_of("someone/model-gguf") >= 0
    assert section.repository.text() == ""
    opened.click_row("someone/model-gguf", "details")
    opened.press("Remove Model-GGUF from the catalog")
    opened.until(lambda: section.model.place_of("someone/model-gguf") < 0)
    assert not opened.models.details.isVisible()


def test_a_repository_that_is_refused_stays_in_the_field(open_models: OpenModels) -> None:
    opened = open_models(there=True)
    opened.workbench.advisor.failure = DownloadError("There is no repository a/b.")
    opened.models.catalog.repository.setText("a/b")
    opened.press("Add the repository")
    assert "There is no repository a/b." in toast(opened)
    assert opened.models.catalog.repository.text() == "a/b"
    assert opened.models.catalog.add.isEnabled()


# Errors, narrow places, names -----------------------------------------------------------------------------------------


def test_a_catalog_that_cannot_be_read_says_so_and_is_tried_again(open_models: OpenModels) -> None:
    def fail(workbench: FakeWorkbench) -> None:
        workbench.advisor.failure = DownloadError("The catalog is damaged.", hint="Remove it.")

    opened = open_models(fail, there=True)
    assert "The catalog is damaged. Remove it." in opened.words(opened.models.catalog)
    opened.workbench.advisor.failure = None
    opened.press("Try again")
    assert len(opened.models.catalog.model.rows) == len(catalog.MODELS)
    assert "Try again" not in opened.buttons()


def test_a_failure_of_another_part_is_told_on_top(open_models: OpenModels, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise DownloadError("The queue cannot be read.")

    opened = open_models(lambda workbench: monkeypatch.setattr(workbench.downloads, "items", fail))
    assert "The queue cannot be read." in opened.words()
    monkeypatch.undo()
    opened.press("Try again")
    assert "The queue cannot be read." not in opened.words()


@pytest.mark.parametrize("there", [False, True])
def test_a_narrow_window_cuts_nothing_off(open_models: OpenModels, *, there: bool) -> None:
    def many(workbench: FakeWorkbench) -> None:
        found(workbench)
        workbench.downloads.add(QWEN_35B.files[0].reference, QWEN_35B.name)

    opened = open_models(many, there=there)
    opened.window.resize(560, 700)
    opened.settle()
    view = opened.models._scroll.viewport()
    inside = opened.models._column
    assert inside.width() <= view.width()
    for button in opened.buttons(inside).values():
        right = button.mapTo(view, QPoint(button.width(), 0)).x()
        assert right <= view.width(), button.accessibleName()
    opened.models.there.click()
    opened.click_row(QWEN_4B.id, "details")
    assert not opened.models._left.isVisible()
    assert opened.models.details.width() == opened.models.width()
    opened.models.details.close_button.click()
    assert opened.models._left.isVisible()


def test_a_sidebar_that_was_asked_for_leaves_a_narrow_window_to_the_page(open_in_window: OpenModels) -> None:
    opened = open_in_window()
    opened.window.resize(560, 700)
    QTest.keyClick(opened.window, Qt.Key.Key_Escape)
    opened.main.actions_["sidebar"].trigger()
    assert opened.main.sidebar.isVisible()
    opened.main.sidebar.models_button.click()
    assert opened.models.isVisible()
    assert not opened.main.sidebar.isVisible()


def test_every_control_has_a_name_and_a_place_in_the_tab_order(open_models: OpenModels) -> None:
    opened = open_models(found)
    opened.workbench.downloads.add(QWEN_35B.files[0].reference, QWEN_35B.name)
    opened.settle()
    for tab in (opened.models.here, opened.models.there):
        tab.click()
        choose_details = opened.models.catalog.isVisible()
        if choose_details:
            opened.click_row(QWEN_35B.id, "details")
        for kind in (QAbstractButton, QLineEdit):
            for control in opened.models.findChildren(kind):
                if not control.isVisible() or control.parent() in opened.models.findChildren(QLineEdit):
                    continue
                interface = QAccessible.queryAccessibleInterface(control)
                assert interface.text(QAccessible.Text.Name).strip(), control
                in_group = isinstance(control, QAbstractButton) and control.group()  # then the arrow keys reach it
                assert in_group or control.focusPolicy() & Qt.FocusPolicy.TabFocus, control
    names = [interface.accessibleName() for interface in (opened.models, opened.models.catalog.list)]
    assert names == ["Models", "Catalog of models"]
    assert QRect(QPoint(0, 0), opened.window.size()).contains(opened.models.details.geometry())


# Models that nobody has looked at -------------------------------------------------------------------------------------


def test_a_model_of_unknown_memory_is_in_the_catalog_and_can_be_looked_at(open_models: OpenModels) -> None:
    opened = open_models(with_unseen, there=True)
    assert f"Catalog · {len(catalog.MODELS) + 1}" in opened.models.there.text()
    assert "known after a look at the file" in opened.words(opened.models.catalog.unseen)
    opened.press(f"Look at the file of {UNSEEN.name}")
    assert (UNSEEN.id, Request()) in opened.workbench.advisor.asked
    fit = next(name for name in opened.buttons(opened.models.catalog.unseen) if name.endswith(f"sum for {UNSEEN.name}"))
    opened.press(fit)
    assert opened.sum_ is not None
    opened.sum_.dismiss()
    opened.press(f"Download {UNSEEN.name}")
    assert opened.wishes == [UNSEEN.files[0].reference]
    assert "Waiting" in opened.words(opened.models.catalog.unseen)


def test_a_file_that_cannot_be_looked_at_says_why_and_can_be_tried_again(open_models: OpenModels) -> None:
    opened = open_models(with_unseen, there=True)
    opened.workbench.advisor.failure = DownloadError("The hub does not answer.", hint="Check your connection.")
    opened.button(f"Look at the file of {UNSEEN.name}").setFocus()
    opened.press(f"Look at the file of {UNSEEN.name}")
    assert "The hub does not answer. Check your connection." in opened.words(opened.models.catalog.unseen)
    assert opened.button(f"Look at the file of {UNSEEN.name}").hasFocus()


def test_what_was_seen_of_it_stays_when_the_catalog_is_read_again(open_models: OpenModels) -> None:
    opened = open_models(with_unseen, there=True)
    opened.press(f"Look at the file of {UNSEEN.name}")
    opened.workbench.bus.publish(Topic.MODELS)
    opened.settle()
    assert f"Look at the file of {UNSEEN.name}" not in opened.buttons()


def test_filters_hold_for_what_nobody_has_looked_at(open_models: OpenModels) -> None:
    opened = open_models(with_unseen, there=True)
    opened.models.catalog.search.setText("gemma 4 12b")
    assert opened.models.catalog.unseen.isVisible()
    assert opened.models.catalog.model.rowCount() == 0
    assert "No model of the catalog" not in opened.words(opened.models.catalog)
    opened.models.catalog.switches["fits"].click()
    assert not opened.models.catalog.unseen.isVisible()
    assert "No model of the catalog" in opened.words(opened.models.catalog)


def hosted(opened: OpenPage) -> list[str]:
    return [one.text() for one in opened.models.details.findChildren(QLabel) if "hosts would answer" in one.text()]


def test_what_is_too_large_here_is_told_to_be_hosted_while_the_cloud_is_on(open_models: OpenModels) -> None:
    opened = open_models(lambda workbench: setattr(workbench.advisor, "machine_now", catalog.SMALL), there=True)
    opened.desk.open_details(GPT_OSS_120B.id)
    opened.settle()
    assert hosted(opened) == []  # off is off: nothing tells of it
    opened.workbench.change_setting("cloud.enabled", True)  # noqa: FBT003 - the value of a setting
    opened.desk.open_details(QWEN_4B.id)
    opened.settle()
    assert hosted(opened) == []  # it fits
    opened.desk.open_details(GPT_OSS_120B.id)
    opened.until(lambda: bool(hosted(opened)))
    assert "Settings, Cloud" in hosted(opened)[0]
