"""The check-up: what answers mean (tables), and a whole one over a fake and over a real engine."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.launcher import FakeLauncher
from tests.fakes.llama_server import HangUp, Refusal
from workbench import migrations
from workbench.clock import SystemClock
from workbench.db import Database
from workbench.engine.checking import checkup_rules as rules
from workbench.engine.checking.checkup import CheckStep, CheckUp, Verdict
from workbench.engine.checking.checkups import CheckUps, Subject
from workbench.engine.launching.launcher import NativeLauncher
from workbench.engine.service import EngineService
from workbench.errors import EngineError
from workbench.events import Bus, Changed, Topic
from workbench.jobs import Job, quiet_job
from workbench.models.sizing.estimate import Range
from workbench.paths import Paths
from workbench.ports import EngineLauncher

CALL = {"id": "1", "type": "function", "function": {"name": "get_weather", "arguments": '{"city": "Paris"}'}}


def answer(content: str = "", finish: str = "stop", **message: Any) -> dict[str, Any]:
    return {"choices": [{"message": {"content": content, **message}, "finish_reason": finish}]}


# What answers mean ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("prompt", "note", "verdict"),
    [
        ("Workbench-system-word Workbench-user-word", "", Verdict.OK),
        ("Workbench-user-word", "", Verdict.WARNING),
        ("Workbench-system-word", "", Verdict.PROBLEM),
        ("", "", Verdict.PROBLEM),
        ("Workbench-system-word Workbench-user-word", "It differs.", Verdict.WARNING),
    ],
)
def test_the_template_must_show_what_the_person_writes(prompt: str, note: str, verdict: Verdict) -> None:
    assert rules.judge_template(prompt, note).verdict is verdict


@pytest.mark.parametrize(
    ("found", "verdict"),
    [
        (answer("Paris."), Verdict.OK),
        (answer("  \n"), Verdict.PROBLEM),
        (answer("", reasoning_content="Hm, let me think"), Verdict.WARNING),
        ({}, Verdict.PROBLEM),
        ({"choices": [None]}, Verdict.PROBLEM),
    ],
)
def test_an_empty_answer_is_a_problem(found: dict[str, Any], verdict: Verdict) -> None:
    assert rules.judge_answer(found).verdict is verdict


@pytest.mark.parametrize(
    ("found", "verdict"),
    [
        (answer("Paris."), Verdict.OK),
        (answer("Paris.<|im_end|>"), Verdict.PROBLEM),
        (answer("Paris.<end_of_turn>\nuser"), Verdict.PROBLEM),
        (answer("Paris.<turn|>"), Verdict.PROBLEM),
        (answer("Paris.<|return|>"), Verdict.PROBLEM),
        (answer("Paris.</s>"), Verdict.PROBLEM),
        (answer("Paris, Paris, Paris", "length"), Verdict.WARNING),
        (answer("a < b and <b>bold</b> </section>"), Verdict.OK),
    ],
)
def test_markers_in_an_answer_are_told(found: dict[str, Any], verdict: Verdict) -> None:
    assert rules.judge_stop(found).verdict is verdict


@pytest.mark.parametrize(
    ("found", "reasons", "verdict"),
    [
        (answer("Paris.", reasoning_content="France, so Paris."), True, Verdict.OK),
        (answer("<think>France</think>Paris."), True, Verdict.PROBLEM),
        (answer("<|channel|>analysis<|message|>France"), None, Verdict.PROBLEM),
        (answer("Paris."), True, Verdict.OK),
        (answer("Paris."), False, Verdict.SKIPPED),
        (answer("Paris."), None, Verdict.SKIPPED),
    ],
)
def test_thoughts_must_stand_apart(found: dict[str, Any], reasons: bool | None, verdict: Verdict) -> None:
    assert rules.judge_reasoning(found, reasons=reasons).verdict is verdict


def calling(name: str, arguments: str) -> dict[str, Any]:
    return answer(tool_calls=[{"id": "1", "function": {"name": name, "arguments": arguments}}])


@pytest.mark.parametrize(
    ("found", "verdict"),
    [
        (calling("get_weather", '{"city": "Paris"}'), None),
        (calling("get_weather", "{city"), Verdict.PROBLEM),
        (calling("get_weather", "[1]"), Verdict.PROBLEM),
        (calling("weather", "{}"), Verdict.PROBLEM),
        (calling("get_weather", '{"place": "Paris"}'), Verdict.WARNING),
        (answer("It is sunny in Paris."), Verdict.WARNING),
        (answer('<tool_call>{"name": "get_weather"}</tool_call>'), Verdict.PROBLEM),
    ],
)
def test_a_tool_call_must_be_readable(found: dict[str, Any], verdict: Verdict | None) -> None:
    step = rules.judge_tool_call(found)
    assert (step and step.verdict) is verdict


@pytest.mark.parametrize(
    ("found", "told"),
    [
        (calling("get_weather", '{"city": "Oslo"}'), ""),
        (calling("get_departures", '{"station": "Oslo"}'), "Of two tools it called"),
        (calling("get_weather", '{"city": "Paris"}'), "Of two tools it called"),
        (calling("get_weather", "{"), "Of two tools it called"),
        (answer("Take one."), "no tool by itself"),
    ],
)
def test_a_tool_is_called_where_nobody_says_so(found: dict[str, Any], told: str) -> None:
    step = rules.judge_unasked(found)
    assert told in (step.detail if step else "")
    assert (step is None) is (not told)
    assert step is None or step.verdict is Verdict.WARNING


def test_no_tool_is_called_where_none_is_needed() -> None:
    assert rules.judge_needless(answer("Buenos días.")).verdict is Verdict.OK
    assert rules.judge_needless(calling("get_weather", '{"city": "Madrid"}')).verdict is Verdict.WARNING


@pytest.mark.parametrize(
    ("measured", "predicted", "verdict"),
    [
        (30.0, Range(20, 30, 40), Verdict.OK),
        (80.0, Range(20, 30, 40), Verdict.OK),
        (10.0, Range(20, 30, 40), Verdict.WARNING),
        (10.0, None, Verdict.OK),
        (None, Range(20, 30, 40), Verdict.SKIPPED),
    ],
)
def test_slower_than_predicted_is_told(measured: float | None, predicted: Range | None, verdict: Verdict) -> None:
    assert rules.judge_speed(measured, predicted).verdict is verdict


def test_the_worst_step_is_the_verdict() -> None:
    def made(*verdicts: Verdict) -> CheckUp:
        steps = tuple(CheckStep("answer", "Answers", verdict, "") for verdict in verdicts)
        return CheckUp("m", 0.0, "r", steps)

    assert made(Verdict.OK, Verdict.SKIPPED).verdict is Verdict.OK
    assert made(Verdict.WARNING, Verdict.OK).verdict is Verdict.WARNING
    assert made(Verdict.WARNING, Verdict.PROBLEM).verdict is Verdict.PROBLEM


# Whole check-ups ------------------------------------------------------------------------------------------------------


class Bench:
    """Check-ups over one launcher, with what they published and measured."""

    def __init__(self, paths: Paths, launcher: EngineLauncher, model: Path) -> None:
        self.bus = Bus()
        self.published: list[Changed] = []
        self.bus.subscribe(self.published.append)
        self.database = Database(paths.database, migrations.workbench, backups=paths.backups)
        self.notice = ""
        self.engine = EngineService(launcher, paths, SystemClock(), self.bus, notice=lambda: self.notice)
        self.subject = Subject("Small", model)
        self.check_ups = CheckUps(
            self.database,
            self.engine,
            SystemClock(),
            self.bus,
            lambda _name, _cancel: self.subject,
        )

    def run(self) -> dict[str, Verdict]:
        self.found = self.check_ups.run("Small", quiet_job())
        return {step.name: step.verdict for step in self.found.steps}

    def close(self) -> None:
        self.engine.close()
        self.database.close()


@pytest.fixture
def paths(home: Path) -> Paths:
    paths = Paths(home)
    paths.prepare()
    return paths


@pytest.fixture
def benches() -> Iterator[list[Bench]]:
    made: list[Bench] = []
    yield made
    for bench in made:
        bench.close()


def whole(found: dict[str, Any]) -> tuple[Refusal]:
    return (Refusal(200, json.dumps(found)),)


def test_a_model_in_order(paths: Paths, starter_model: Path, benches: list[Bench]) -> None:
    timings = {"prompt_per_second": 300.0, "predicted_per_second": 40.0}
    launcher = FakeLauncher(
        whole(answer("Paris.", reasoning_content="France.")),
        whole(answer(tool_calls=[CALL], reasoning_content="I need the weather.")),
        whole(answer("It is 17 degrees and raining.")),
        whole(calling("get_weather", '{"city": "Oslo, Norway"}')),
        whole(answer("Buenos días.")),
        whole({**answer("one, two", "length"), "timings": timings}),
    )
    benches.append(bench := Bench(paths, launcher, starter_model))
    told: list[Any] = []
    found = bench.check_ups.run("Small", Job(lambda event: told.append(event.payload)))
    assert [(step.name, step.verdict) for step in found.steps] == [
        (name, Verdict.OK) for name in ("load", "template", "answer", "stop", "reasoning", "tools", "choosing", "speed")
    ]
    assert tuple(told) == found.steps
    assert (found.prompt_tokens_per_second, found.generation_tokens_per_second) == (300.0, 40.0)
    assert bench.check_ups.latest(starter_model) == found
    assert Topic.MODELS in bench.published[-1].topics
    returned = launcher.engines[0].server.bodies[2]["messages"]
    assert returned[-2]["reasoning_content"] == "I need the weather."  # a chain of tool calls keeps its thoughts
    assert returned[-1] == {
        "role": "tool",
        "tool_call_id": "1",
        "name": "get_weather",
        "content": rules.WEATHER_RESULT,
    }


def test_an_engine_that_refuses_one_thing_is_asked_the_next(
    paths: Paths, starter_model: Path, benches: list[Bench]
) -> None:
    format_error = {"error": {"message": "The model's output does not match the expected peg-native format"}}
    launcher = FakeLauncher(
        whole(answer("Paris.<|im_end|>")),
        (Refusal(500, json.dumps(format_error)),),
        whole({**answer("one"), "timings": {"predicted_per_second": 9.0}}),
    )
    benches.append(bench := Bench(paths, launcher, starter_model))
    found = bench.run()
    assert found["stop"] is Verdict.PROBLEM
    assert found["tools"] is Verdict.PROBLEM
    assert found["speed"] is Verdict.OK
    assert "broke its own format" in bench.found.steps[-2].detail
    assert bench.found.verdict is Verdict.PROBLEM


def test_an_engine_that_dies_is_told_in_each_step(paths: Paths, starter_model: Path, benches: list[Bench]) -> None:
    benches.append(bench := Bench(paths, FakeLauncher((HangUp(),)), starter_model))
    found = bench.run()
    assert found["load"] is Verdict.OK
    assert found["answer"] is Verdict.PROBLEM
    assert bench.found.generation_tokens_per_second is None


def test_a_model_that_does_not_load(paths: Paths, starter_model: Path, benches: list[Bench]) -> None:
    failure = EngineError("There is not enough memory for this model.", hint="Choose a smaller one.")
    benches.append(bench := Bench(paths, FakeLauncher(failures=(failure,)), starter_model))
    assert bench.run() == {"load": Verdict.PROBLEM}
    assert bench.found.steps[0].detail == "There is not enough memory for this model. Choose a smaller one."
    assert bench.check_ups.latest(starter_model) == bench.found


def test_an_engine_that_another_one_took_the_place_of_is_told(
    paths: Paths, starter_model: Path, benches: list[Bench]
) -> None:
    bench = Bench(paths, FakeLauncher(whole(answer("Paris."))), starter_model)
    benches.append(bench)
    bench.notice = "The engine cuda-1 did not start."
    assert bench.run()["load"] is Verdict.WARNING
    assert bench.found.steps[0].detail.endswith("tokens of context. The engine cuda-1 did not start.")


def test_a_model_nobody_checked_has_no_result(paths: Paths, starter_model: Path, benches: list[Bench]) -> None:
    benches.append(bench := Bench(paths, FakeLauncher(), starter_model))
    assert bench.check_ups.latest(starter_model) is None


@pytest.mark.engine
def test_a_real_model(paths: Paths, starter_model: Path, benches: list[Bench]) -> None:
    benches.append(bench := Bench(paths, NativeLauncher(paths, SystemClock()), starter_model))
    found = bench.run()
    assert found == {
        "load": Verdict.OK,
        "template": Verdict.OK,
        "answer": Verdict.OK,
        "stop": Verdict.OK,
        "reasoning": Verdict.SKIPPED,  # SmolLM2 does neither
        "tools": Verdict.SKIPPED,
        "speed": Verdict.OK,
    }
    assert bench.found.generation_tokens_per_second
    assert bench.found.memory_bytes
