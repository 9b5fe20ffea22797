"""Models in memory: the card that shows and releases them, what is told of them, the one that is kept ready, and the
smaller plan after too many deaths."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QFrame

from tests.fakes.backend import ScriptedBackend
from tests.fakes.engine import GIB, in_memory
from tests.fakes.workbench import FakeWorkbench
from tests.ui import test_models_page
from tests.ui.conftest import MakeWindow, OpenWindow
from tests.ui.test_models_page import ADOPTED, OWN, OpenModels, OpenPage
from ui.models import loaded_words
from ui.models.loaded_card import LoadedCard
from ui.models.loaded_words import InMemory, Keeping
from workbench.engine.connection import State
from workbench.engine.status import EngineStatus, Offer
from workbench.errors import EngineError, UsageError
from workbench.messages import TextDelta
from workbench.ports import Choice

open_models = test_models_page.open_models
LOADED = in_memory(OWN.name, OWN.path, 12 * GIB)
OTHER = in_memory(ADOPTED.name, ADOPTED.path, 3 * GIB)
Prepare = Callable[[FakeWorkbench], None]


def having(*models: EngineStatus, keep_ready: bool = False, **values: object) -> Prepare:
    def prepare(workbench: FakeWorkbench) -> None:
        workbench.engine.models = models
        workbench.engine.current = models[0] if models else EngineStatus()
        engine = replace(workbench.settings.engine, keep_ready=keep_ready)
        workbench.settings = replace(workbench.settings, engine=engine)
        for name, value in values.items():
            setattr(workbench.engine, name, value)

    return prepare


def opened_at(open_models: OpenModels, *models: EngineStatus, **values: object) -> tuple[OpenPage, LoadedCard]:
    opened: OpenPage = open_models(having(*models, **values))  # type: ignore[arg-type]
    return opened, opened.models.loaded


def kept_ready(opened: OpenPage) -> bool:
    return opened.workbench.settings.engine.keep_ready


# The card -------------------------------------------------------------------------------------------------------------


def test_nothing_is_in_memory(open_models: OpenModels) -> None:
    opened, card = opened_at(open_models)
    assert loaded_words.EMPTY in opened.words(card)
    assert set(opened.buttons(card)) == {f"Keep {OWN.name} ready"}


def test_what_is_in_memory_and_what_it_takes(open_models: OpenModels) -> None:
    opened, card = opened_at(open_models, LOADED, replace(OTHER, answering=1, kept_ready=True))
    said = opened.words(card)
    assert loaded_words.EMPTY not in said
    assert "Ready · 12 GB of memory · 8,192 tokens of context · llama.cpp b9310" in said
    assert "Answering, kept ready · 3 GB of memory" in said


def test_a_model_is_released_by_keyboard_and_the_focus_stays_on_the_card(open_models: OpenModels) -> None:
    opened, card = opened_at(open_models, LOADED, OTHER)
    opened.button(f"Release {OWN.name}", card).setFocus()
    for name in (OWN.name, ADOPTED.name):
        button = opened.button(f"Release {name}", card)
        assert button.hasFocus()
        QTest.keyClick(button, Qt.Key.Key_Space)
        opened.settle()
    assert opened.workbench.engine.done == [("unload", OWN.path), ("unload", ADOPTED.path)]
    assert loaded_words.EMPTY in opened.words(card)
    assert card.keep.hasFocus()
    assert f"{ADOPTED.name} was released: 3 GB of memory are free again." in toast(opened)


def test_the_card_follows_what_changes_and_keeps_the_focus(open_models: OpenModels) -> None:
    opened, card = opened_at(open_models, LOADED)
    button = opened.button(f"Release {OWN.name}", card)
    button.setFocus()
    opened.workbench.engine.models = (replace(LOADED, answering=2), OTHER)
    opened.models.ticked.emit()
    opened.settle()
    assert "Answering 2 at once · 12 GB of memory" in opened.words(card)
    assert "3 GB of memory" in opened.words(card)
    assert button.hasFocus()


def test_one_that_loads_and_one_that_could_not(open_models: OpenModels) -> None:
    loading = EngineStatus(State.STARTING, OWN.name, path=OWN.path)
    opened, card = opened_at(open_models, OTHER, current=loading)
    assert "Loading…" in opened.words(card)
    assert f"Release {OWN.name}" not in opened.buttons(card)
    opened.workbench.engine.current = replace(loading, state=State.FAILED, cause="The file is damaged.")
    opened.models.ticked.emit()
    opened.settle()
    assert "Could not be loaded: The file is damaged." in opened.words(card)


def test_keeping_ready_is_switched_on_and_off(open_models: OpenModels) -> None:
    opened, card = opened_at(open_models, LOADED)
    assert "Loads it at login and keeps it: about 12 GB of memory" in opened.words(card)
    opened.press(f"Keep {OWN.name} ready", card)
    assert kept_ready(opened)
    assert card.keep.isChecked()
    assert "Keeps 12 GB of memory, also while nobody asks." in opened.words(card)
    opened.press(f"Keep {OWN.name} ready", card)
    assert not kept_ready(opened)
    assert card.keep.text() == "Off"


def test_what_keeping_ready_would_cost_is_known_before_it_is_loaded(open_models: OpenModels) -> None:
    opened, card = opened_at(open_models)
    assert "about " in opened.words(card)
    assert "GB of memory, also while nobody asks" in opened.words(card)


def test_a_switch_that_could_not_be_saved_goes_back(open_models: OpenModels, monkeypatch: pytest.MonkeyPatch) -> None:
    opened, card = opened_at(open_models, LOADED)

    def refuse(_key: str, _value: object) -> None:
        raise UsageError("The disk is full.")

    monkeypatch.setattr(opened.workbench, "change_setting", refuse)
    opened.press(f"Keep {OWN.name} ready", card)
    assert not card.keep.isChecked()
    assert "The disk is full." in toast(opened)


def test_without_a_model_there_is_nothing_to_keep_ready(open_models: OpenModels) -> None:
    def nothing(workbench: FakeWorkbench) -> None:
        workbench.models.installed = ()

    opened: OpenPage = open_models(nothing)
    assert not opened.models.loaded.keep.isVisible()


def test_screen_readers_are_told_everything(open_models: OpenModels) -> None:
    opened, card = opened_at(open_models, LOADED)
    seen = QAccessible.queryAccessibleInterface(opened.button(f"Release {OWN.name}", card))
    assert seen.text(QAccessible.Text.Description) == "It is loaded again when you ask it something."
    kept = QAccessible.queryAccessibleInterface(card.keep)
    assert kept.text(QAccessible.Text.Name) == f"Keep {OWN.name} ready"
    assert "12 GB of memory" in kept.text(QAccessible.Text.Description)
    assert kept.state().checkable


def test_words_of_a_model_of_another_process() -> None:
    status = replace(LOADED, elsewhere=True, answering=0)
    assert loaded_words.facts(InMemory(status, 12 * GIB)) == (
        "Ready, loaded by another Workbench · 12 GB of memory · 8,192 tokens of context"
    )
    assert "Another Workbench has loaded it" in loaded_words.warning(status)
    assert "breaks off" in loaded_words.warning(replace(status, answering=1))


def test_words_of_one_that_was_released_although_it_is_kept_ready() -> None:
    assert "comes back at the next start and takes about 12 GB of memory." in loaded_words.cost(
        Keeping("M", on=True, takes_bytes=12 * GIB)
    )


# The window -----------------------------------------------------------------------------------------------------------


def toast(opened: OpenPage | OpenWindow) -> str:
    frames = opened.window.findChildren(QFrame)
    return "\n".join(one.accessibleName() for one in frames if one.property("look") == "toast" and one.isVisible())


def ready_when_shown(make_window: MakeWindow, **values: object) -> OpenWindow:
    opened: OpenWindow = make_window(prepare=having(keep_ready=True, **values))
    opened.until(lambda: bool(opened.workbench.engine.done))
    return opened


def test_what_was_unloaded_by_itself_is_told_once(make_window: MakeWindow) -> None:
    opened: OpenWindow = make_window()
    opened.workbench.engine.say("Unloaded Qwen3 4B to make room.", "Loaded gpt-oss 20B smaller.")
    opened.until(lambda: "Unloaded Qwen3 4B to make room.\nLoaded gpt-oss 20B smaller." in toast(opened))
    opened.window.toasts.dismiss()
    opened.workbench.engine.say()
    opened.bot.waitUntil(lambda: opened.window._bridge.idle)
    assert toast(opened) == ""


def test_the_model_is_loaded_when_the_window_is_there(make_window: MakeWindow) -> None:
    opened = ready_when_shown(make_window)
    path = opened.workbench.models.installed[0].path
    assert opened.workbench.engine.done == [("load", path)]
    opened.until(lambda: "Ready" in opened.page.engine.text())


def test_nothing_is_loaded_while_nobody_wants_it(make_window: MakeWindow) -> None:
    opened = make_window(prepare=having())
    opened.bot.wait(600)
    assert opened.workbench.engine.done == []


def test_a_released_model_stays_released_until_it_is_wanted_again(make_window: MakeWindow) -> None:
    opened = ready_when_shown(make_window)
    engine, path = opened.workbench.engine, opened.workbench.models.installed[0].path
    engine.unload(path)
    opened.workbench.change_setting("appearance.theme", "dark")
    opened.bot.wait(600)
    assert engine.done == [("load", path), ("unload", path)]
    opened.until(lambda: opened.page.engine.text() == "Fake 1B · Unloaded")
    for on in (False, True):
        opened.workbench.change_setting("engine.keep_ready", on)
        opened.bot.wait(600)
    assert engine.done[2:] == [("load", path)]


def test_another_model_takes_the_place_of_one_that_still_loads(make_window: MakeWindow) -> None:
    def two(workbench: FakeWorkbench) -> None:
        having(keep_ready=True, wait_seconds=30.0)(workbench)
        workbench.models.installed = (*workbench.models.installed, OWN)

    opened = make_window(prepare=two)
    engine = opened.workbench.engine
    opened.until(lambda: engine.current.state is State.STARTING)
    opened.workbench.change_setting("chat.model", OWN.id)
    opened.until(lambda: {("given up", Path("/Fake 1B.gguf")), ("load", OWN.path)} <= set(engine.done))


def test_one_that_cannot_be_loaded_says_so_in_its_status_only(make_window: MakeWindow) -> None:
    opened = ready_when_shown(make_window, failure=EngineError("The file is damaged."))
    opened.until(lambda: opened.page.engine.text() == "Fake 1B · The engine stopped")
    assert opened.page.engine.toolTip().splitlines()[-1] == "The file is damaged."
    assert toast(opened) == ""


# After too many deaths ------------------------------------------------------------------------------------------------

CAUSE = "The engine ran out of memory."
OFFER = Offer("Start it smaller.", (Choice("Context", "4,096 tokens", f"{CAUSE} The model remembers half as much."),))
DEAD = EngineStatus(State.FAILED, "Fake 1B", CAUSE, path=Path("/Fake 1B.gguf"), offer=OFFER)


def test_after_three_deaths_it_is_loaded_smaller_and_goes_on(make_window: MakeWindow) -> None:
    backend = ScriptedBackend([TextDelta("Half"), EngineError(CAUSE, hint="Continue.")], " an answer.")
    opened = make_window(backend, prepare=having(current=DEAD))
    opened.send("Tell me.")
    transcript = opened.page.transcript
    opened.until(lambda: opened.idle() and "smaller" in transcript.items[-1].actions)
    shown = transcript.items[-1]
    assert shown.actions[:2] == ("smaller", "continue")
    assert "context 4,096 tokens. The model remembers half as much." in shown.hint
    transcript.action.emit(shown.id, "smaller")
    opened.until(lambda: opened.idle() and opened.texts[-1] == "Half an answer.")
    assert opened.workbench.engine.done == [("smaller", DEAD.path)]
    opened.until(lambda: "smaller" not in transcript.items[-1].actions)


def test_the_button_says_what_it_does(make_window: MakeWindow) -> None:
    backend = ScriptedBackend([EngineError(CAUSE)], "There it is.")
    opened = make_window(backend, prepare=having(current=DEAD))
    opened.send("Tell me.")
    name = "Load the model smaller and go on with this answer"

    def found() -> list[QAbstractButton]:
        buttons = opened.page.transcript.findChildren(QAbstractButton)
        return [one for one in buttons if one.accessibleName() == name and one.isVisible()]

    opened.until(lambda: bool(found()))
    found()[0].click()
    opened.until(lambda: opened.idle() and opened.texts[-1] == "There it is.")


def test_no_smaller_plan_is_offered_for_another_models_answer(make_window: MakeWindow) -> None:
    backend = ScriptedBackend([TextDelta("Half"), EngineError(CAUSE)])
    opened = make_window(backend, prepare=having(current=replace(DEAD, model="Another")))
    opened.send("Tell me.")
    opened.until(lambda: opened.idle() and opened.texts[-1] == "Half")
    assert "smaller" not in opened.page.transcript.items[-1].actions
