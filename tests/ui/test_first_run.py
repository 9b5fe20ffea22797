"""The first run, the list of models and the settings of the machine in the real window, over a fake of the core."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QFrame, QLabel, QProgressBar, QPushButton, QWidget

from tests.fakes import catalog
from tests.fakes.backend import ScriptedBackend
from tests.fakes.models import LM_STUDIO_MODEL, model
from tests.fakes.runtimes import CUDA, NATIVE
from tests.fakes.workbench import FakeWorkbench
from tests.ui.conftest import MakeWindow, OpenWindow
from ui.appearance import Appearance
from ui.bridge import Bridge
from ui.first_run.page import FirstRunPage
from ui.main_window import MainWindow
from ui.widgets.popover import Popover
from workbench.engine.runtimes.builds import InstalledEngine
from workbench.errors import HardwareError
from workbench.events import Topic
from workbench.jobs import quiet_job
from workbench.models.fetching.queue import DownloadState
from workbench.paths import Paths

GET = "Get Qwen3.6 35B-A3B · 25.9 GB · about 35 min"
USE = "Use Qwen3 4B Instruct 2507 from LM Studio — nothing to download"
DEMO_WAY = "Just try it: a 93 MB demo"
BRIDGE = "Qwen3 4B Instruct 2507"
OFFLINE, ONLINE = False, True
REAL = model("Qwen3 4B", 2_500_000_000)
LARGE = model("gpt-oss 20B", 12_100_000_000)
DEMO = replace(model("SmolLM2"), id="starter", demo=True)

Prepare = Callable[[FakeWorkbench], None]


def buttons(parent: QWidget) -> dict[str, QAbstractButton]:
    return {one.accessibleName(): one for one in parent.findChildren(QAbstractButton) if one.isVisible()}


def press(opened: OpenWindow, name: str) -> None:
    opened.until(lambda: name in buttons(opened.window))
    buttons(opened.window)[name].click()


def toast(opened: OpenWindow) -> str:
    shown = [one for one in opened.window.findChildren(QFrame) if one.property("look") == "toast" and one.isVisible()]
    return shown[-1].accessibleName() if shown else ""


def heading(opened: OpenWindow) -> str:
    return str(opened.page.welcome._heading.text())


def frames(opened: OpenWindow) -> list[QFrame]:
    return [one for one in opened.window.findChildren(QFrame) if one.isVisible()]


def labels(opened: OpenWindow) -> list[QLabel]:
    return [one for one in opened.window.findChildren(QLabel) if one.isVisible()]


def without_models(workbench: FakeWorkbench) -> None:
    workbench.models.installed = ()


def installed(*models: object) -> Prepare:
    def prepare(workbench: FakeWorkbench) -> None:
        workbench.models.installed = models  # type: ignore[assignment]

    return prepare


def found_in_lm_studio(workbench: FakeWorkbench) -> None:
    without_models(workbench)
    workbench.models.on_disk = (LM_STUDIO_MODEL,)


def fetching(workbench: FakeWorkbench) -> None:
    """As a run of the program left it that ended in the middle of a download."""
    without_models(workbench)
    item = workbench.downloads.add(catalog.QWEN_4B.files[0].reference, BRIDGE)
    workbench.downloads.step(item.id, 1_000_000_000, 2_497_280_736, 12e6)


# First run -----------------------------------------------------------------------------------------------------------


def test_a_model_of_another_program_answers_after_one_press(make_window: MakeWindow) -> None:
    opened = make_window(ScriptedBackend("Here I am."), found_in_lm_studio)
    press(opened, USE)
    opened.until(lambda: bool(opened.workbench.models.installed))
    opened.until(lambda: opened.workbench.settings.chat.model == opened.workbench.models.installed[0].id)
    opened.until(lambda: heading(opened) == "What are you working on?")
    assert opened.workbench.models.installed[0].adopted
    assert opened.workbench.downloads.done == [("start", "")]  # nothing was fetched
    opened.send("Hello")
    opened.until(lambda: opened.texts == ["Hello", "Here I am."])


def test_one_press_queues_the_whole_plan_and_the_first_model_talks(make_window: MakeWindow) -> None:
    opened = make_window(ScriptedBackend("Hello."), without_models)
    press(opened, GET)
    downloads = opened.workbench.downloads
    opened.until(lambda: len(downloads.queue) == 3)
    assert [one.title for one in downloads.queue] == [BRIDGE, "CUDA engine", "Qwen3.6 35B-A3B"]
    opened.until(lambda: downloads.queue[2].state is DownloadState.PAUSED)  # the bridge has the connection to itself
    downloads.step(downloads.queue[0].id, 1_200_000_000, 2_497_280_736, 10e6)
    opened.until(lambda: heading(opened) == "A model is on its way")
    opened.until(lambda: f"Pause: {BRIDGE}" in buttons(opened.window))
    downloads.finish(downloads.queue[0].id)
    opened.until(lambda: heading(opened) == "What are you working on?")
    opened.until(lambda: toast(opened) == f"{BRIDGE} is ready: ask it something.")
    opened.until(lambda: "Pause: Qwen3.6 35B-A3B" in buttons(opened.window))  # now it follows, and stays in view
    opened.send("Hi")
    opened.until(lambda: opened.idle() and opened.texts == ["Hi", "Hello."])


def test_the_recommended_model_takes_over_an_empty_chat(make_window: MakeWindow) -> None:
    opened = make_window(None, installed(REAL))
    opened.workbench.models.installed += (LARGE,)
    opened.workbench.bus.publish(Topic.MODELS)
    opened.until(lambda: toast(opened) == "gpt-oss 20B is ready: ask it something.")


def test_in_the_middle_of_a_chat_the_person_decides(make_window: MakeWindow) -> None:
    opened = make_window(ScriptedBackend("One.", "Two."), installed(REAL))
    opened.send("Hello")
    opened.until(lambda: opened.idle() and len(opened.texts) == 2)
    opened.workbench.models.installed = (LARGE, REAL)  # the fake takes the first where nobody chose
    opened.workbench.bus.publish(Topic.MODELS)
    opened.until(lambda: toast(opened) == "gpt-oss 20B is ready.")
    opened.until(lambda: opened.workbench.settings.chat.model == REAL.id)  # what answers goes on answering
    press(opened, "Switch")
    opened.until(lambda: opened.workbench.settings.chat.model == LARGE.id)


def test_the_demo_is_fetched_on_request_and_chosen(make_window: MakeWindow) -> None:
    opened = make_window(None, without_models)
    press(opened, DEMO_WAY)
    downloads = opened.workbench.downloads
    opened.until(lambda: [one.reference for one in downloads.queue] == ["starter"])
    opened.until(lambda: DEMO_WAY not in buttons(opened.window))
    downloads.change("finish", downloads.queue[0].id, state=DownloadState.READY)
    opened.workbench.models.installed = (DEMO,)
    opened.workbench.bus.publish(Topic.MODELS)
    opened.until(lambda: opened.workbench.settings.chat.model == "starter")
    opened.until(lambda: heading(opened) == "What are you working on?" and GET not in buttons(opened.window))
    press(opened, "Set up a model")  # a demo is no end
    opened.until(lambda: GET in buttons(opened.window))


def test_beside_a_demo_the_plan_is_offered_until_it_is_skipped(make_window: MakeWindow) -> None:
    opened = make_window(ScriptedBackend("Poor answer."), installed(DEMO))
    opened.until(lambda: GET in buttons(opened.page.welcome))
    assert DEMO_WAY not in buttons(opened.window)
    opened.send("Hello")  # the demo answers all the same, and is not in its own way
    opened.until(lambda: opened.idle() and len(opened.texts) == 2)
    assert GET not in buttons(opened.window)
    opened.window.actions_["new_chat"].trigger()
    press(opened, "Skip for now")
    opened.until(lambda: opened.workbench.settings.chat.model == "starter")
    opened.until(lambda: "Summarise a text" in buttons(opened.window))


def test_it_can_be_skipped_and_taken_up_again(make_window: MakeWindow) -> None:
    opened = make_window(None, without_models)
    press(opened, "Skip for now")
    opened.until(lambda: "Summarise a text" in buttons(opened.window))
    press(opened, "Set up a model")
    opened.until(lambda: GET in buttons(opened.window))


def test_it_can_be_skipped_while_the_computer_is_looked_at(make_window: MakeWindow) -> None:
    opened = make_window(None, without_models)
    press(opened, "Skip for now")
    opened.workbench.models.wait_seconds = 60
    press(opened, "Set up a model")
    opened.until(lambda: any(one.accessibleName() == "Looking at this computer" for one in frames(opened)))
    press(opened, "Skip for now")
    opened.until(lambda: "Set up a model" in buttons(opened.window))


def test_a_former_runs_download_is_in_view_and_can_be_steered(make_window: MakeWindow) -> None:
    opened = make_window(None, fetching)
    assert ("start", "") in opened.workbench.downloads.done
    opened.until(lambda: heading(opened) == "A model is on its way")
    bar = next(one for one in opened.window.findChildren(QProgressBar) if one.isVisible())
    assert bar.value() == 400
    item = opened.workbench.downloads.queue[0]
    press(opened, f"Pause: {BRIDGE}")
    press(opened, f"Resume: {BRIDGE}")
    opened.until(lambda: ("resume", item.id) in opened.workbench.downloads.done)


def test_gigabytes_are_thrown_away_only_when_that_is_said(make_window: MakeWindow) -> None:
    opened = make_window(None, fetching)
    press(opened, f"Cancel the download of {BRIDGE}")
    assert opened.workbench.downloads.queue
    press(opened, "Cancel, and throw away 1.0 GB")
    opened.until(lambda: opened.workbench.downloads.queue == ())
    opened.until(lambda: GET.split(" · ")[0] in " ".join(buttons(opened.window)))  # the plan is back


def test_a_refusal_is_told_and_can_be_tried_again(make_window: MakeWindow) -> None:
    def refused(workbench: FakeWorkbench) -> None:
        fetching(workbench)
        workbench.downloads.change(
            "fail",
            workbench.downloads.queue[0].id,
            state=DownloadState.FAILED,
            error="The hub says 403.",
            hint="Log in.",
        )

    opened = make_window(None, refused)
    opened.until(lambda: f"Try again: {BRIDGE}" in buttons(opened.window))
    opened.until(lambda: any("The hub says 403. Log in." in one.accessibleName() for one in frames(opened)))
    opened.until(lambda: DEMO_WAY in buttons(opened.window))
    press(opened, f"Try again: {BRIDGE}")
    opened.until(lambda: opened.workbench.downloads.queue[0].state is DownloadState.QUEUED)


def test_a_look_that_fails_says_why_and_can_be_repeated(make_window: MakeWindow) -> None:
    def failing(workbench: FakeWorkbench) -> None:
        without_models(workbench)
        workbench.advisor.failure = HardwareError("The probe failed.")

    opened = make_window(None, failing)
    opened.until(lambda: any(one.accessibleName() == "The probe failed." for one in frames(opened)))
    opened.workbench.advisor.failure = None
    press(opened, "Look again")
    opened.until(lambda: GET in buttons(opened.window))


def test_no_network_is_told_and_what_was_asked_for_goes_on_when_it_is_back(make_window: MakeWindow) -> None:
    opened = make_window(None, without_models)
    opened.until(lambda: GET in buttons(opened.window))
    guide = opened.window._desk.models._guide  # type: ignore[union-attr]
    assert guide is not None
    assert guide._network is not None
    guide._network.changed.emit(OFFLINE)
    opened.until(lambda: any("no network" in one.accessibleName() for one in frames(opened)))
    press(opened, GET)
    opened.until(lambda: len(opened.workbench.downloads.queue) == 3)
    first = opened.workbench.downloads.queue[0]
    opened.workbench.downloads.change("fail", first.id, state=DownloadState.FAILED, error="No connection.")
    opened.until(lambda: f"Try again: {BRIDGE}" in buttons(opened.window))
    guide._network.changed.emit(ONLINE)
    opened.until(lambda: ("resume", first.id) in opened.workbench.downloads.done)


def test_the_offer_stands_in_a_new_chat_and_above_the_composer_of_another(make_window: MakeWindow) -> None:
    def chat_without_model(workbench: FakeWorkbench) -> None:
        workbench.chat.send(None, "Hello", quiet_job())
        without_models(workbench)

    opened = make_window(ScriptedBackend("Hi."), chat_without_model)
    opened.until(lambda: GET in buttons(opened.page.welcome))
    opened.window.actions_["chat_1"].trigger()
    opened.until(lambda: opened.texts == ["Hello", "Hi."])
    opened.until(lambda: GET in buttons(opened.page))
    assert GET not in buttons(opened.page.welcome)
    opened.window.actions_["new_chat"].trigger()
    opened.until(lambda: GET in buttons(opened.page.welcome))


def test_the_other_choices_and_the_sum_are_there_on_demand(make_window: MakeWindow) -> None:
    opened = make_window(None, without_models)
    press(opened, "Show the sum")
    assert any("GB weights + " in one.text() for one in labels(opened))
    press(opened, "Other choices")
    other = next(name for name in buttons(opened.window) if name.startswith("Get ") and name != GET)
    press(opened, other)
    opened.until(lambda: bool(opened.workbench.downloads.queue))


def test_all_models_leads_to_the_models_page(make_window: MakeWindow) -> None:
    opened = make_window(None, without_models)
    press(opened, "All models…")
    opened.until(lambda: not opened.page.isVisible())


def test_it_can_be_walked_with_the_keyboard(make_window: MakeWindow) -> None:
    opened = make_window(None, without_models)
    opened.until(lambda: GET in buttons(opened.window))
    opened.window.activateWindow()
    buttons(opened.window)["Show the sum"].setFocus()
    walked = []
    for _step in range(8):
        focused = opened.window.focusWidget()
        walked.append(focused.accessibleName())
        QTest.keyClick(focused, Qt.Key.Key_Tab)
    ways = ["Other choices", "Choose a GGUF file…", "All models…", DEMO_WAY, "Skip for now"]
    assert walked == ["Show the sum", GET, *ways, "Message"]
    first_run = opened.window.findChild(FirstRunPage)
    assert first_run is not None
    assert all(one.accessibleName() for one in first_run.findChildren(QPushButton) if one.isVisible())


def test_a_long_name_stays_inside_a_narrow_window(make_window: MakeWindow) -> None:
    name = "Qwen3-30B-A3B-Instruct-2507-UD-Q4_K_XL-with-a-name-that-goes-on"

    def long_name(workbench: FakeWorkbench) -> None:
        without_models(workbench)
        workbench.models.on_disk = (replace(LM_STUDIO_MODEL, name=name),)

    opened = make_window(None, long_name)
    opened.window.resize(560, 480)
    use = f"Use {name} from LM Studio — nothing to download"
    opened.until(lambda: use in buttons(opened.window))
    first_run = opened.window.findChild(FirstRunPage)
    assert first_run is not None
    opened.until(lambda: not opened.window.sidebar.isVisible() and first_run.width() <= 560 - 2 * 24)


def test_a_file_of_ones_own_ends_it(make_window: MakeWindow) -> None:
    opened = make_window(None, without_models)
    opened.until(lambda: GET in buttons(opened.window))
    elsewhere = model("Elsewhere")
    opened.workbench.models.list = lambda: ()  # type: ignore[method-assign]  # not in the models folder
    opened.workbench.models.installed = (elsewhere,)
    opened.workbench.change_setting("chat.model", str(elsewhere.path))
    opened.until(lambda: heading(opened) == "What are you working on?")


def test_with_a_model_nothing_of_it_is_made(make_window: MakeWindow) -> None:
    opened = make_window(None, installed(REAL))
    assert opened.window.findChild(FirstRunPage) is None
    assert opened.workbench.advisor.asked == []


# The list of models --------------------------------------------------------------------------------------------------


def test_the_list_tells_fit_speed_source_and_what_is_on_its_way(make_window: MakeWindow) -> None:
    def several(workbench: FakeWorkbench) -> None:
        fetching(workbench)
        workbench.models.installed = (
            replace(LARGE, source="lmstudio", adopted=True),
            DEMO,
            replace(model("Gone"), problem="Its file is not there."),
        )

    opened = make_window(None, several)
    opened.window.actions_["model"].trigger()
    popover = opened.window.findChild(Popover)
    assert popover is not None
    entries = {one.accessibleName(): one for one in popover.findChildren(QPushButton)}
    below = ["Get more models…", "Choose a GGUF file…", "Ask two models…", "Options of gpt-oss 20B…"]
    assert list(entries) == ["Auto", BRIDGE, "gpt-oss 20B", "SmolLM2", "Gone", *below]
    assert entries[BRIDGE].accessibleDescription().startswith("40 %, 1.0 GB of 2.5 GB")
    assert not entries["Gone"].isEnabled()
    assert "Its file is not there." in entries["Gone"].accessibleDescription()
    assert "Only a demo" in entries["SmolLM2"].accessibleDescription()
    opened.until(lambda: "tokens/s · from LM Studio" in entries["gpt-oss 20B"].accessibleDescription())
    walked = []
    for _step in range(9):
        walked.append(opened.window.focusWidget().accessibleName())
        QTest.keyClick(popover, Qt.Key.Key_Down)
    assert walked == ["gpt-oss 20B", "SmolLM2", *below, "Auto", BRIDGE, "gpt-oss 20B"]
    entries["Get more models…"].click()
    opened.until(lambda: not opened.page.isVisible())


def test_a_file_somewhere_else_stands_in_the_list_while_it_answers(make_window: MakeWindow) -> None:
    opened = make_window(None, installed(REAL))
    elsewhere = replace(model("Elsewhere"), id="/somewhere/Elsewhere.gguf")
    list_ = opened.window._desk.models  # type: ignore[union-attr]
    assert list_._installed is not None
    list_._installed = replace(list_._installed, chosen=elsewhere)
    list_.open_list()
    popover = opened.window.findChild(Popover)
    assert popover is not None
    assert "Elsewhere" in buttons(popover)


# Settings ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("picker", "choice", "section", "key", "value"),
    [
        ("Files at once: 2", "4", "downloads", "at_once", 4),
        ("Limit: No limit", "5 MB/s", "downloads", "limit_megabytes_per_second", 5.0),
        ("Engine: Automatic", "CUDA engine", "engine", "runtime", "cuda-13"),
    ],
)
def test_the_settings_of_engine_and_downloads(
    make_window: MakeWindow, picker: str, choice: str, section: str, key: str, value: object
) -> None:
    def with_cuda(workbench: FakeWorkbench) -> None:
        cuda = InstalledEngine(CUDA.id, CUDA.label, CUDA.version, None, frozenset({"cuda"}))
        broken = InstalledEngine("path", "llama-server", "", None, frozenset(), problem="It does not start.")
        workbench.runtimes.here = (NATIVE, cuda, broken)

    opened = make_window(None, with_cuda)
    opened.window.pages.open_settings()
    opened.until(lambda: opened.window._bridge.idle)
    press(opened, picker)
    popover = opened.window.findChild(Popover)
    assert popover is not None
    if section == "engine":
        assert not buttons(popover)["llama-server"].isEnabled()
    press(opened, choice)
    opened.until(lambda: getattr(getattr(opened.workbench.settings, section), key) == value)
    opened.until(lambda: f"{picker.partition(':')[0]}: {choice}" in buttons(opened.window))


def test_a_binary_of_ones_own_can_be_forgotten(make_window: MakeWindow) -> None:
    opened = make_window(None, lambda workbench: workbench.change_setting("engine.binary", "/opt/llama/llama-server"))
    opened.window.pages.open_settings()
    assert any(one.text() == "/opt/llama/llama-server" for one in labels(opened))
    press(opened, "Use no binary of my own")
    opened.until(lambda: opened.workbench.settings.engine.binary == "")
    opened.until(lambda: any(one.text() == "Only what is on the PATH" for one in labels(opened)))


def test_the_very_first_start_shows_no_suggestions_that_nothing_could_answer(
    appearance: Appearance, bridge: Bridge, tmp_path: Path
) -> None:
    window = MainWindow(appearance, bridge, Paths(tmp_path / "new"))
    shown = [one.text() for one in window.page.welcome.findChildren(QPushButton) if not one.isHidden()]
    assert shown == []
    window.deleteLater()
