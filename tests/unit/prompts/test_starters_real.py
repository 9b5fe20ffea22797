"""Two of the prompts that come with the program, all the way on the real small model. Not how good its answers are."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from workbench.app import Workbench, build
from workbench.checks.schema import problem
from workbench.paths import HOME_VARIABLE
from workbench.prompts.running.run import RunOptions, RunState
from workbench.prompts.starting import add_starters


@pytest.fixture
def workbench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, starter_model: Path) -> Iterator[Workbench]:
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path / "home"))
    models = tmp_path / "home" / "models"
    models.mkdir(parents=True)
    os.link(starter_model, models / starter_model.name)
    opened = build()
    yield opened
    opened.close()


@pytest.mark.engine
def test_a_summary_and_a_document_that_keeps_to_its_schema(workbench: Workbench) -> None:
    add_starters(workbench.prompts)
    summarise, extract = workbench.prompts.get("summarise"), workbench.prompts.get("extract-json")
    text = "Ben and Carla meet at the harbour of Bremen on 4 June."
    run = workbench.prompt_runs.run(summarise, {"text": text}, RunOptions(max_tokens=40))
    assert run.state is RunState.DONE
    assert run.answer.strip()
    assert extract.prompt.output.schema is not None
    short = {"type": "array", "items": {"type": "string", "maxLength": 10}, "maxItems": 1}
    kinds = extract.prompt.output.schema["properties"]["kind"]
    schema = {
        **extract.prompt.output.schema,
        "properties": {"kind": kinds, "people": short},
        "required": ["kind", "people"],
    }
    brief = workbench.prompts.save(
        replace(extract.prompt, output=replace(extract.prompt.output, schema=schema)), extract.id
    ).prompt
    answer = workbench.prompt_runs.run(brief, {"text": text}, RunOptions(max_tokens=60)).answer
    assert problem(schema, json.loads(answer)) is None
