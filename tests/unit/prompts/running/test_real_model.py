"""Three steps, test cases and a batch on the real small model: JSON keeps to its schema, and each step is accounted for."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.unit.prompts.running.parts import listening
from workbench.app import Workbench, build
from workbench.checks.check import CheckKind, make_check
from workbench.jobs import quiet_job
from workbench.messages import Effort, TextDelta
from workbench.prompts.prompt import Output, OutputKind, Preferences, Prompt, Step, StepCase, Variable, VariableKind
from workbench.prompts.running.batches.batch import BatchState, Input
from workbench.prompts.running.run import RunOptions, RunState

COLD = Preferences(effort=Effort.HIGH, temperature=0.0)  # a wish: this model knows no efforts
SHORT = {"type": "string", "maxLength": 20}
CITY = Output(
    OutputKind.SCHEMA,
    {
        "type": "object",
        "properties": {"city": SHORT, "country": SHORT},
        "required": ["city", "country"],
        "additionalProperties": False,
    },
)
CASES = tuple(
    StepCase({"text": text}, make_check(CheckKind.CONTAINS, words))
    for text, words in (
        ("Paris is the capital of France.", "Paris"),
        ("Rome is the capital of Italy.", "no such words"),
    )
)
FACTS = Prompt(
    "City facts",
    "city-facts",
    variables=(Variable("text", VariableKind.LONG_TEXT),),
    steps=(
        Step("extract", "Which city and country is this? {{ text }}", "", "", COLD, CITY, CASES),
        Step("tell", "Say hello to {{ steps.extract.city }} in {{ steps.extract.country }}.", "Be brief.", "", COLD),
        Step("end", "Write one word about this: {{ steps.tell }}", preferences=COLD),
    ),
)
BRIEF = RunOptions(max_tokens=40)


@pytest.fixture
def workbench(home: Path, starter_model: Path) -> Iterator[Workbench]:
    models = home / "models"
    models.mkdir(parents=True)
    os.link(starter_model, models / starter_model.name)
    opened = build()
    yield opened
    opened.close()


@pytest.mark.engine
def test_three_steps_cases_and_many_inputs_on_the_real_model(workbench: Workbench) -> None:
    saved = workbench.prompts.save(FACTS).prompt
    job, heard = listening()
    run = workbench.prompt_runs.run(saved, {"text": "Paris is the capital of France."}, BRIEF, job)
    assert run.state is RunState.DONE
    extract, tell, end = run.steps
    city = json.loads(extract.text)
    assert set(city) == {"city", "country"}
    assert "Paris" in city["city"]
    for step in run.steps:
        assert step.usage.prompt_tokens
        assert step.usage.completion_tokens
        assert step.seconds
        assert (step.cost_micros, step.effort) == (0, "")
    said = "".join(one.text for one in heard if isinstance(one, TextDelta))
    assert said == extract.text + tell.text + end.text

    again = workbench.prompt_runs.run(saved, {"text": "Paris is the capital of France."}, BRIEF)
    assert [step.from_cache for step in again.steps] == [True] * 3
    assert again.answer == run.answer

    report = workbench.prompt_tests.run(saved, quiet_job(), options=BRIEF)
    assert (report.steps[0].share.passed, report.steps[0].share.asked) == (1, 2)

    inputs = [Input(name, {"text": f"{name} is a city."}) for name in ("Rome", "Oslo")]
    batch = workbench.batches.start(replace(FACTS, steps=FACTS.steps[:1]), inputs, BRIEF)
    done = workbench.batches.work(batch.id, quiet_job())
    assert (done.state, done.done) == (BatchState.DONE, 2)
    runs = workbench.batches.results(batch.id)
    assert all(set(json.loads(one.answer)) == {"city", "country"} for one in runs)
    assert workbench.prompts.get("city-facts").uses == 2
