"""Prompts are performed step by step: stored, gone on with, and not asked twice."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.fakes.backend import gate
from tests.unit.prompts.running.parts import Parts, listening, make_parts
from workbench.errors import ContextFullError, EngineError, ModelError, UsageError
from workbench.messages import Effort, Finish, Finished, ReasoningDelta, TextDelta, Usage
from workbench.prompts.prompt import Output, OutputKind, Preferences, Prompt, Step, Variable, VariableKind
from workbench.prompts.running.run import RunOptions, RunStarted, RunState, StepDone, StepStarted
from workbench.prompts.running.store import options_from, options_text

CITY = Output(OutputKind.SCHEMA, {"type": "object", "required": ["name"], "properties": {"name": {"type": "string"}}})
TEXT = (Variable("text", VariableKind.LONG_TEXT),)
COLD = Preferences(temperature=0.0)
LINE = Prompt(
    "Cities",
    "cities",
    variables=TEXT,
    steps=(
        Step(
            "extract", "Extract from {{ text }}", output=CITY, preferences=Preferences("other-model", temperature=0.0)
        ),
        Step("tell", "Tell of {{ steps.extract.name }}", "Be brief.", preferences=COLD),
        Step("end", "End {{ steps.tell }}"),
    ),
)
WARM = replace(LINE, steps=tuple(replace(step, preferences=Preferences(temperature=0.8)) for step in LINE.steps))
ROME = '{"name": "Rome"}'


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[list[Parts]]:
    made: list[Parts] = []
    yield made
    for one in made:
        one.database.close()


def parts_of(opened: list[Parts], home: Path, *answers: object, **options: int) -> Parts:
    opened.append(make_parts(home, *answers, **options))  # type: ignore[arg-type]
    return opened[-1]


def asked(parts: Parts) -> list[str]:
    return [request.messages[-1].text for request in parts.backend.requests]


def test_a_prompt_without_steps_is_one_step(opened: list[Parts], tmp_path: Path) -> None:
    parts = parts_of(opened, tmp_path, "It is short.")
    saved = parts.save(Prompt("Sum up", "sum-up", "Sum up {{ text }}", "Be kind.", TEXT))
    job, heard = listening()
    run = parts.runner.run(saved, {"text": "a long letter"}, job=job)
    assert (run.state, run.answer, run.prompt_id, run.version) == (RunState.DONE, "It is short.", "sum-up", 1)
    request = parts.backend.requests[0]
    assert [(message.role.value, message.text) for message in request.messages] == [
        ("system", "Be kind."),
        ("user", "Sum up a long letter"),
    ]
    (step,) = run.steps
    assert (step.name, step.model, step.finish, step.cost_micros) == ("answer", "fake-model", "stop", 0)
    assert step.usage.completion_tokens == 3
    assert step.seconds is not None
    assert [type(one) for one in heard if isinstance(one, RunStarted | StepStarted | StepDone)] == [
        RunStarted,
        StepStarted,
        StepDone,
    ]
    assert "".join(one.text for one in heard if isinstance(one, TextDelta)) == "It is short."
    assert parts.used == [("sum-up", {"text": "a long letter"})]


def test_later_steps_are_given_what_earlier_ones_answered(opened: list[Parts], tmp_path: Path) -> None:
    parts = parts_of(opened, tmp_path, ROME, "It is old.", "The end.")
    run = parts.runner.run(parts.save(LINE), {"text": "Rome, Italy"})
    assert asked(parts) == ["Extract from Rome, Italy", "Tell of Rome", "End It is old."]
    assert parts.route.asked == ["other-model", "fake-model", "fake-model"]
    assert [request.schema for request in parts.backend.requests] == [CITY.schema, None, None]
    assert [request.sampling.temperature for request in parts.backend.requests] == [0.0, 0.0, None]
    assert [step.text for step in run.steps] == [ROME, "It is old.", "The end."]
    assert parts.runner.get(run.id) == run
    assert parts.runner.runs() == (run,)
    assert parts.runner.find(run.id[:6]) == run.id


def test_what_a_person_asks_goes_before_what_the_steps_prefer(opened: list[Parts], tmp_path: Path) -> None:
    parts = parts_of(opened, tmp_path, ROME, "x", "y")
    options = RunOptions("fake-model", temperature=1.5, max_tokens=7, background=True)
    parts.runner.run(parts.save(LINE), {"text": "x"}, options)
    assert set(parts.route.asked) == {"fake-model"}
    assert {one.sampling.temperature for one in parts.backend.requests} == {1.5}
    assert {(one.max_tokens, one.background) for one in parts.backend.requests} == {(7, True)}


@pytest.mark.parametrize(
    "options",
    [
        RunOptions(),
        RunOptions("a", Effort.OFF, 0.0, 7, fresh=True, background=True, seed=0),
        RunOptions(temperature=0.5, seed=9),
    ],
)
def test_how_it_was_asked_for_is_kept(options: RunOptions) -> None:
    assert options_from(options_text(options)) == options


def test_a_run_that_goes_on_is_asked_as_it_was_begun(opened: list[Parts], tmp_path: Path) -> None:
    parts = parts_of(opened, tmp_path, ROME, [EngineError("No.")], "It is old.", "End.")
    with pytest.raises(EngineError):
        parts.runner.run(WARM, {"text": "Rome"}, RunOptions(temperature=0.0, seed=3))
    parts.runner.go_on(parts.runner.runs()[0].id)
    assert {(one.sampling.temperature, one.sampling.seed) for one in parts.backend.requests} == {(0.0, 3)}


def test_the_same_is_not_asked_twice_where_the_answer_is_always_the_same(opened: list[Parts], tmp_path: Path) -> None:
    first, second = (ROME, "It is old.", "The end.", "The end."), (ROME, "The end.", ROME, "It is old.", "The end.")
    parts = parts_of(opened, tmp_path, *first, *second)
    saved = parts.save(LINE)
    parts.runner.run(saved, {"text": "Rome"})
    again = parts.runner.run(saved, {"text": "Rome"})
    assert asked(parts)[3:] == ["End It is old."], "what is drawn by chance is asked anew"
    assert [step.from_cache for step in again.steps] == [True, True, False]
    assert [step.seconds for step in again.steps][:2] == [0.0, 0.0]
    parts.runner.run(saved, {"text": "Paris"})
    assert asked(parts)[4:] == ["Extract from Paris", "End It is old."], "both cities were read as Rome"
    fresh = parts.runner.run(saved, {"text": "Rome"}, RunOptions(fresh=True))
    assert not any(step.from_cache for step in fresh.steps)


def test_another_model_effort_schema_or_system_part_is_another_question(opened: list[Parts], tmp_path: Path) -> None:
    parts = parts_of(opened, tmp_path, "{}")
    one = Prompt("One", "one", "Ask", preferences=COLD)
    others = [
        replace(one, preferences=Preferences("other-model", temperature=0.0)),
        replace(one, system="Be brief."),
        replace(one, output=Output(OutputKind.SCHEMA, {"type": "object"})),
        replace(one, text="Ask!"),
    ]
    for prompt in (one, *others):
        parts.runner.run(prompt, {})
    assert len(parts.backend.requests) == 5
    parts.runner.run(replace(one, title="Other words beside it", notes="…"), {})
    assert len(parts.backend.requests) == 5


def test_a_changed_last_step_takes_the_others_from_the_run_before(opened: list[Parts], tmp_path: Path) -> None:
    parts = parts_of(opened, tmp_path, ROME, "It is old.", "The end.")
    before = parts.runner.run(parts.save(WARM), {"text": "Rome"})
    changed = replace(WARM, steps=(*WARM.steps[:2], replace(WARM.steps[2], text="Finish {{ steps.tell }}")))
    after = parts.runner.run(parts.save(changed, 2), {"text": "Rome"}, earlier=before)
    assert asked(parts)[3:] == ["Finish It is old."]
    assert [step.from_cache for step in after.steps] == [True, True, False]


def test_a_broken_answer_is_repaired_once_by_the_same_step(opened: list[Parts], tmp_path: Path) -> None:
    parts = parts_of(opened, tmp_path, "Rome, I think", ROME, "x", "y")
    job, heard = listening()
    run = parts.runner.run(LINE, {"text": "Rome"}, job=job)
    assert run.state is RunState.DONE
    repair = parts.backend.requests[1]
    assert [message.text for message in repair.messages] == [
        "Extract from Rome",
        "Rome, I think",
        "That is not the JSON that was asked for: The answer is no JSON. Answer again, with the JSON alone.",
    ]
    assert repair.schema == CITY.schema
    assert [one.again for one in heard if isinstance(one, StepStarted)][:2] == ["", "The answer is no JSON."]
    assert run.steps[0].text == ROME
    assert run.steps[0].usage.completion_tokens == 5, "both attempts are counted"


def test_an_answer_that_stays_broken_fails_its_step_and_is_kept(opened: list[Parts], tmp_path: Path) -> None:
    parts = parts_of(opened, tmp_path, "Rome", "Roma", ROME, "x", "y")
    with pytest.raises(UsageError, match="no JSON"):
        parts.runner.run(LINE, {"text": "Rome"})
    (run,) = parts.runner.runs()
    assert (run.state, len(run.steps)) == (RunState.FAILED, 1)
    assert (run.steps[0].text, run.steps[0].error) == ("Roma", "The answer is no JSON.")
    done = parts.runner.go_on(run.id)
    assert (done.id, done.state, done.answer) == (run.id, RunState.DONE, "y")


def test_json_that_was_cut_is_not_asked_for_again(opened: list[Parts], tmp_path: Path) -> None:
    cut = [TextDelta('{"name": "Ro'), Finished(Finish.LENGTH, Usage(10, 0, 4))]
    parts = parts_of(opened, tmp_path, cut)
    with pytest.raises(UsageError, match="cut at the longest answer of 4 tokens"):
        parts.runner.run(LINE, {"text": "Rome"})
    assert len(parts.backend.requests) == 1


def test_a_failed_step_is_run_again_alone(opened: list[Parts], tmp_path: Path) -> None:
    parts = parts_of(
        opened, tmp_path, ROME, [TextDelta("It is"), EngineError("The engine crashed.")], "It is old.", "End."
    )
    with pytest.raises(EngineError):
        parts.runner.run(parts.save(WARM), {"text": "Rome"})
    (run,) = parts.runner.runs()
    failed = run.failed_step
    assert failed is not None
    assert (failed.name, failed.text, failed.error) == ("tell", "It is", "The engine crashed.")
    run = parts.runner.go_on(run.id)
    assert [step.text for step in run.steps] == [ROME, "It is old.", "End."]
    assert asked(parts) == ["Extract from Rome", "Tell of Rome", "Tell of Rome", "End It is old."]
    again = parts.runner.go_on(run.id, from_step="end")
    assert (again.id, again.state) == (run.id, RunState.DONE)
    assert asked(parts)[4:] == ["End It is old."]
    with pytest.raises(UsageError, match="no step 'nothing'"):
        parts.runner.go_on(run.id, from_step="nothing")
    assert parts.runner.get(run.id).state is RunState.DONE


def test_what_was_said_is_kept_when_a_person_stops_it(opened: list[Parts], tmp_path: Path) -> None:
    wait = gate()
    parts = parts_of(opened, tmp_path, ROME, [ReasoningDelta("Hm."), TextDelta("It is"), wait], "It is old.", "End.")
    job, heard = listening()
    report = job.report

    def stop(event: object) -> None:
        report(event)  # type: ignore[arg-type]
        if heard[-1] == TextDelta("It is"):
            job.cancel.cancel()

    run = parts.runner.run(LINE, {"text": "Rome"}, job=replace(job, report=stop))
    assert run.state is RunState.INTERRUPTED
    assert [(step.state.value, step.text, step.reasoning) for step in run.steps] == [
        ("done", ROME, ""),
        ("interrupted", "It is", "Hm."),
    ]
    assert run.steps[1].finish == "cancelled"
    assert parts.runner.go_on(run.id).answer == "End."


def test_a_run_whose_process_is_gone_is_told_as_interrupted_and_goes_on(opened: list[Parts], tmp_path: Path) -> None:
    parts = parts_of(opened, tmp_path, ROME, "It is old.", "End.")
    run = parts.store.begin(LINE, {"text": "Rome"}, RunOptions(), None, None)
    with parts.database.write() as tx:
        tx.execute("UPDATE runs SET owner = '4194305@1.0'")
    assert parts.runner.get(run.id).state is RunState.INTERRUPTED
    assert parts.runner.go_on(run.id).answer == "End."


def test_a_run_that_another_process_is_at_is_left_alone(opened: list[Parts], tmp_path: Path) -> None:
    from workbench import ownership

    parts = parts_of(opened, tmp_path, ROME)
    run = parts.store.begin(LINE, {"text": "Rome"}, RunOptions())
    with parts.database.write() as tx:
        tx.execute("UPDATE runs SET owner = ?", (ownership.of(1),))
    with pytest.raises(UsageError, match="Another Workbench"):
        parts.runner.go_on(run.id)
    assert not parts.backend.requests


def test_steps_that_cannot_be_performed_are_told_before_the_first_is_asked(opened: list[Parts], tmp_path: Path) -> None:
    parts = parts_of(opened, tmp_path, "x")
    bad = replace(LINE, steps=(Step("a", "{{ steps.b }}"), Step("b", "x", preferences=Preferences("none"))))
    with pytest.raises(UsageError, match=r"Step 'a': It takes steps.b.*Step 'b': No model is called 'none'"):
        parts.runner.run(bad, {})
    with pytest.raises(ModelError):
        parts.runner.run(LINE, {"text": "x"}, RunOptions("none"))
    assert not parts.backend.requests
    assert not parts.runner.runs()


def test_what_is_missing_is_named(opened: list[Parts], tmp_path: Path) -> None:
    parts = parts_of(opened, tmp_path, "x")
    with pytest.raises(UsageError, match="text must be filled in"):
        parts.runner.run(LINE, {})
    assert not parts.backend.requests
    assert not parts.runner.runs(), "what was never asked is no run"


def test_an_answer_has_the_room_that_is_left(opened: list[Parts], tmp_path: Path) -> None:
    parts = parts_of(opened, tmp_path, "x", context_tokens=1000)
    parts.runner.run(Prompt("P", "p", "word " * 800), {})
    assert parts.backend.requests[0].max_tokens == 1000 - 805
    with pytest.raises(ContextFullError, match="This step has"):
        parts.runner.run(Prompt("P", "p", "word " * 960), {})


def test_a_saved_prompt_as_a_step_gets_what_the_step_before_said(opened: list[Parts], tmp_path: Path) -> None:
    parts = parts_of(opened, tmp_path, "A story.", json.dumps([{"word": "story"}]))
    parts.save(
        Prompt(
            "Words", "words", "Words of {{ text }}", "List.", TEXT, output=Output(OutputKind.TABLE, columns=("word",))
        )
    )
    run = parts.runner.run(Prompt("Two", "two", steps=(Step("tell", "Tell"), Step("list", prompt="words"))), {})
    assert [message.text for message in parts.backend.requests[1].messages] == ["List.", "Words of A story."]
    assert run.state is RunState.DONE
