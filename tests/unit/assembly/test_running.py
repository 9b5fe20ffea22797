"""How the program performs prompts: what their answers stand on, and how they are asked."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes.launcher import FakeLauncher
from tests.unit.prompts.running.parts import listening
from workbench.app import Workbench, build
from workbench.errors import UsageError
from workbench.jobs import quiet_job
from workbench.messages import Effort
from workbench.paths import Paths
from workbench.prompts.prompt import Preferences, Prompt, Step, Variable
from workbench.prompts.running.run import RunOptions, RunState, Telling

COLD = Preferences(temperature=0.0)


@pytest.fixture
def launcher() -> FakeLauncher:
    return FakeLauncher("By Friday [1].")


@pytest.fixture
def workbench(tmp_path: Path, starter_model: Path, launcher: FakeLauncher) -> Iterator[Workbench]:
    paths = Paths(tmp_path / "home")
    paths.prepare()
    paths.models.mkdir(exist_ok=True)
    os.link(starter_model, paths.models / starter_model.name)
    opened = build(paths, launcher=launcher)
    yield opened
    opened.close()


def asked(launcher: FakeLauncher) -> list[list[str]]:
    """The texts of the messages of each question."""
    return [
        [message["content"] for message in body["messages"]]
        for engine in launcher.engines
        for body in engine.server.bodies
    ]


def test_only_the_prompt_says_what_the_model_is_told_first(workbench: Workbench, launcher: FakeLauncher) -> None:
    workbench.change_setting("chat.system", "You are a pirate.")
    workbench.change_setting("chat.max_tokens", 99)
    workbench.prompt_runs.run(Prompt("One", "one", "Ask {{ date }}", "Be brief.", preferences=COLD), {})
    ((system, text),) = asked(launcher)
    assert system == "Be brief."
    assert text.startswith("Ask 20")
    assert launcher.engines[0].server.bodies[0]["max_tokens"] == 99


def test_an_effort_that_is_preferred_is_passed_over_and_one_that_is_asked_for_refused(workbench: Workbench) -> None:
    eager = Prompt("One", "one", "Ask", preferences=Preferences(effort=Effort.HIGH))
    assert workbench.prompt_runs.run(eager, {}).state is RunState.DONE
    with pytest.raises(UsageError, match="effort"):
        workbench.prompt_runs.run(eager, {}, RunOptions(effort=Effort.LOW))


def test_another_model_file_of_the_same_name_is_asked_again(workbench: Workbench, launcher: FakeLauncher) -> None:
    prompt = Prompt("One", "one", "Ask", preferences=COLD)
    workbench.prompt_runs.run(prompt, {})
    again = workbench.prompt_runs.run(prompt, {})
    assert (again.steps[0].from_cache, len(asked(launcher))) == (True, 1)
    launcher.version = "fake 2.0"
    newer = workbench.prompt_runs.run(prompt, {})
    assert (newer.steps[0].from_cache, len(asked(launcher))) == (False, 2), "another engine"


def test_the_first_step_stands_on_the_folders_of_its_prompt(
    workbench: Workbench, launcher: FakeLauncher, tmp_path: Path
) -> None:
    folder = tmp_path / "Contracts"
    folder.mkdir()
    (folder / "rent.txt").write_text("The rent of the house is paid by Friday of each week, in Euro.")
    workbench.documents.add(folder)
    workbench.documents.sync(quiet_job())
    steps = (Step("find", "When is the {{ what }} paid?", preferences=COLD), Step("tell", "Say: {{ steps.find }}"))
    prompt = Prompt("Ask", "ask", variables=(Variable("what"),), folders=("Contracts",), steps=steps)
    job, heard = listening()
    run = workbench.prompt_runs.run(prompt, {"what": "rent of the house"}, job=job)
    first, second = asked(launcher)
    assert "paid by Friday of each week" in first[0]
    assert first[0].endswith("Question: When is the rent of the house paid?")
    assert second == ["Say: By Friday [1]."]
    assert any("Contracts" in one.text for one in heard if isinstance(one, Telling))
    assert run.state is RunState.DONE
    again = workbench.prompt_runs.run(prompt, {"what": "rent of the house"})
    assert not again.steps[0].from_cache, "what a folder says may change"
    with pytest.raises(UsageError, match="Gone"):
        workbench.prompt_runs.run(Prompt("Ask", "ask", "When?", folders=("Gone",)), {})
