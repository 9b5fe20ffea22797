"""Check-ups by themselves: once for what was downloaded, never beside an answer, and told only when something is wrong."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from tests.fakes.backend import ScriptedBackend, gate
from tests.fakes.measured import STEPS
from tests.fakes.models import model
from tests.fakes.workbench import FakeWorkbench
from tests.ui.conftest import MakeWindow, OpenWindow
from workbench.engine.checking.checkup import CheckStep, Verdict
from workbench.events import Topic
from workbench.messages import TextDelta
from workbench.models.library import InstalledModel

NEW = replace(model("gpt-oss 20B", 12_109_566_624), source="huggingface", verified_at=1.0)
ADOPTED = replace(NEW, id="theirs", path=Path("/lm/theirs.gguf"), adopted=True, source="lmstudio")
OWN = replace(NEW, id="own", path=Path("/own.gguf"), source="file")
BASE = replace(NEW, id="base", path=Path("/base.gguf"), can_chat=False)
BROKEN = CheckStep("answer", "Answers", Verdict.PROBLEM, "It repeats one word.")


def arrives(opened: OpenWindow, *new: InstalledModel) -> None:
    """Models have come to the disk."""
    opened.workbench.models.installed = (*opened.workbench.models.installed, *new)
    opened.workbench.bus.publish(Topic.MODELS)


def toast(opened: OpenWindow) -> str:
    shown = opened.window.toasts._toast
    return shown.accessibleName() if shown else ""


def slow(seconds: float) -> Callable[[FakeWorkbench], None]:
    return lambda workbench: setattr(workbench.checkups, "wait_seconds", seconds)


def test_what_was_downloaded_is_checked_once(make_window: MakeWindow) -> None:
    opened = make_window()
    arrives(opened, NEW)
    opened.until(lambda: NEW.path in opened.workbench.checkups.found)
    opened.workbench.checkups.found.clear()
    opened.workbench.bus.publish(Topic.MODELS)
    opened.until(lambda: opened.window._bridge.idle)
    assert opened.workbench.checkups.found == {}
    assert "Check-up" not in toast(opened)  # a warning stands on its card


def test_what_the_person_put_there_or_another_program_has_is_not(make_window: MakeWindow) -> None:
    opened = make_window()
    arrives(opened, ADOPTED, OWN, BASE)
    opened.until(lambda: opened.window._bridge.idle)
    assert opened.workbench.checkups.found == {}


def test_what_was_there_before_is_not(make_window: MakeWindow) -> None:
    opened = make_window(prepare=lambda workbench: setattr(workbench.models, "installed", (NEW,)))
    opened.workbench.bus.publish(Topic.MODELS)
    opened.until(lambda: opened.window._bridge.idle)
    assert opened.workbench.checkups.found == {}


def test_a_problem_is_told_and_leads_to_the_details(make_window: MakeWindow) -> None:
    opened = make_window(prepare=lambda workbench: setattr(workbench.checkups, "steps", (*STEPS, BROKEN)))
    arrives(opened, NEW)
    opened.until(lambda: toast(opened) == f"{NEW.name}: Check-up: 1 problem.")
    assert opened.window._checking is not None
    opened.window._checking.details_asked.emit(NEW.id)
    assert opened.window.pages.models is not None
    details = opened.window.pages.models.details
    opened.until(details.isVisible)
    opened.until(lambda: details.accessibleName() == f"Details of {NEW.name}")


def test_it_waits_for_the_end_of_an_answer(make_window: MakeWindow) -> None:
    held = gate()
    opened = make_window(ScriptedBackend([held, TextDelta("One two three.")]))
    opened.send("Count")
    opened.until(held.reached.is_set)
    arrives(opened, NEW)
    checking = opened.window._checking
    assert checking is not None
    opened.until(lambda: NEW.id in (checking._known or ()))
    assert checking.work == {}
    held.opened.set()
    opened.until(lambda: NEW.path in opened.workbench.checkups.found)


def test_it_makes_way_for_an_answer_and_begins_again(make_window: MakeWindow) -> None:
    held = gate()
    opened = make_window(ScriptedBackend([held, TextDelta("One two three.")]), slow(0.1))
    arrives(opened, NEW)
    checking = opened.window._checking
    assert checking is not None
    opened.until(lambda: "Loads" in "".join(work.words for work in checking.work.values()))
    opened.send("Count")
    opened.until(held.reached.is_set)
    opened.until(lambda: checking.work == {})
    assert opened.workbench.checkups.found == {}
    held.opened.set()
    opened.until(lambda: NEW.path in opened.workbench.checkups.found)


def test_what_the_person_stops_stays_stopped(make_window: MakeWindow) -> None:
    opened = make_window(prepare=slow(30.0))
    arrives(opened, NEW)
    checking = opened.window._checking
    assert checking is not None
    opened.until(lambda: NEW.id in checking.work)
    checking.stop(NEW.id)
    opened.until(lambda: checking.work == {} and opened.window._bridge.idle)
    assert opened.workbench.checkups.found == {}


def test_what_is_asked_for_waits_for_its_turn_and_can_be_taken_back(make_window: MakeWindow) -> None:
    opened = make_window(prepare=slow(30.0))
    checking = opened.window._checking
    assert checking is not None
    checking.ask(NEW)
    checking.ask(OWN)
    assert set(checking.work) == {NEW.id, OWN.id}
    checking.stop(OWN.id)
    assert set(checking.work) == {NEW.id}
    checking.stop(NEW.id)
    opened.until(lambda: opened.window._bridge.idle)
    assert checking.work == {}


def test_the_bin_is_emptied_at_the_start(make_window: MakeWindow) -> None:
    opened = make_window()
    assert opened.workbench.models.purged == 1
