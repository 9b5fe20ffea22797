"""One prompt on many inputs: paused, resumed, exported, and each answered once."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.fakes.backend import Answer
from tests.unit.prompts.running.parts import Parts, listening, make_parts
from workbench import ownership
from workbench.errors import EngineError, UsageError
from workbench.jobs import Job, quiet_job
from workbench.messages import TextDelta
from workbench.prompts.prompt import Output, OutputKind, Prompt, Variable, VariableKind
from workbench.prompts.running.batches.batch import BatchProgress, BatchState, Input, ItemFailed
from workbench.prompts.running.batches.inputs import completed, filled_by, from_csv, from_files, from_lines
from workbench.prompts.running.batches.service import Batches
from workbench.prompts.running.batches.store import BatchStore
from workbench.prompts.running.run import RunOptions, RunState, StepDone

TEXT = Variable("text", VariableKind.LONG_TEXT)
SUM_UP = Prompt("Sum up", "sum-up", "Sum up {{ text }}", variables=(TEXT,))
INPUTS = tuple(Input(f"line {number}", {"text": f"line {number}"}) for number in range(5))


class Desk:
    def __init__(self, home: Path, *answers: Answer) -> None:
        self.parts: Parts = make_parts(home, *answers)
        self.batches = self.another()

    def another(self) -> Batches:
        """As a second process has it."""
        store = BatchStore(self.parts.database, self.parts.around.clock)
        return Batches(store, self.parts.store, self.parts.runner, self.parts.around)

    @property
    def asked(self) -> list[str]:
        return [request.messages[-1].text for request in self.parts.backend.requests]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path, "An answer.")
    yield made
    made.parts.database.close()


def answers(desk: Desk, *answers: Answer) -> None:
    desk.parts.backend._answers = list(answers)


def test_each_input_is_answered_in_turn_behind_a_persons_own_messages(desk: Desk) -> None:
    saved = desk.parts.save(SUM_UP)
    batch = desk.batches.start(saved, INPUTS, RunOptions(temperature=0.5))
    assert (batch.state, batch.total, batch.left, batch.title) == (BatchState.WAITING, 5, 5, "Sum up")
    job, heard = listening()
    done = desk.batches.work(batch.id, job)
    assert (done.state, done.done, done.failed, done.left) == (BatchState.DONE, 5, 0, 0)
    assert desk.asked == [f"Sum up line {number}" for number in range(5)]
    assert {(one.background, one.sampling.temperature) for one in desk.parts.backend.requests} == {(True, 0.5)}
    progress = [one for one in heard if isinstance(one, BatchProgress)]
    assert [(one.done, one.label) for one in progress] == [*((n, f"line {n}") for n in range(5)), (5, "")]
    assert progress[0].seconds_left is None
    assert progress[-1].seconds_left == 0
    runs = desk.batches.results(batch.id)
    assert [(run.label, run.state, run.answer) for run in runs] == [
        (one.label, RunState.DONE, "An answer.") for one in INPUTS
    ]
    assert [run.label for run in desk.batches.results(batch.id, 3, 1)] == ["line 3"]
    assert not desk.parts.runner.runs(), "its runs are its own"
    assert desk.batches.list() == (done,)
    assert desk.batches.find(batch.id[:5]) == batch.id


def test_a_failed_input_is_told_and_the_rest_goes_on(desk: Desk) -> None:
    answers(desk, "a", [TextDelta("b"), UsageError("That went wrong.")], "c", "d", "e")
    batch = desk.batches.start(SUM_UP, INPUTS)
    job, heard = listening()
    done = desk.batches.work(batch.id, job)
    assert (done.state, done.done, done.failed) == (BatchState.DONE, 4, 1)
    assert [one for one in heard if isinstance(one, ItemFailed)] == [ItemFailed("line 1", "That went wrong.")]
    failed = desk.batches.results(batch.id)[1]
    assert (failed.state, failed.answer) == (RunState.FAILED, "b")
    again = desk.batches.work(batch.id, quiet_job(), failed_again=True)
    assert (again.done, again.failed) == (5, 0)
    assert desk.asked[5:] == ["Sum up line 1"]


def test_an_engine_that_keeps_failing_pauses_it_and_no_input_is_lost(desk: Desk) -> None:
    answers(desk, "a", [EngineError("The engine crashed.")])
    batch = desk.batches.start(SUM_UP, INPUTS)
    paused = desk.batches.work(batch.id, quiet_job())
    assert (paused.state, paused.why, paused.done, paused.failed) == (BatchState.PAUSED, "The engine crashed.", 1, 0)
    assert len(desk.asked) == 4
    answers(desk, "b")
    done = desk.batches.work(batch.id, quiet_job())
    assert (done.state, done.why, done.done) == (BatchState.DONE, "", 5)


def test_paused_in_the_middle_of_an_answer_and_resumed_nothing_is_asked_twice(desk: Desk) -> None:
    batch = desk.batches.start(SUM_UP, INPUTS)
    seen: list[object] = []

    def stop(event: object) -> None:
        seen.append(getattr(event, "payload", None))
        if sum(isinstance(one, StepDone) for one in seen) == 2 and isinstance(seen[-1], TextDelta):
            desk.batches.pause(batch.id)

    paused = desk.batches.work(batch.id, Job(stop))
    assert (paused.state, paused.done) == (BatchState.PAUSED, 2)
    assert desk.batches.results(batch.id)[2].state is RunState.INTERRUPTED
    done = desk.batches.work(batch.id, quiet_job())
    assert (done.state, done.done) == (BatchState.DONE, 5)
    assert desk.asked == [f"Sum up line {number}" for number in (0, 1, 2, 2, 3, 4)], (
        "only the half answer is asked again"
    )


def test_another_process_pauses_it_too(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    from workbench.prompts.running.batches import service

    monkeypatch.setattr(service, "LOOK_SECONDS", 0.0)
    batch = desk.batches.start(SUM_UP, INPUTS)
    other = desk.another()

    def stop(event: object) -> None:
        if isinstance(getattr(event, "payload", None), StepDone):
            other.pause(batch.id)

    paused = desk.batches.work(batch.id, Job(stop))
    assert (paused.state, paused.done) == (BatchState.PAUSED, 1)


def test_a_cancelled_job_pauses_it(desk: Desk) -> None:
    batch = desk.batches.start(SUM_UP, INPUTS)
    job = quiet_job()
    job.cancel.cancel()
    assert desk.batches.work(batch.id, job).state is BatchState.PAUSED
    assert not desk.asked


def test_one_process_at_a_time_works_on_it(desk: Desk) -> None:
    batch = desk.batches.start(SUM_UP, INPUTS)
    with desk.parts.database.write() as tx:
        tx.execute("UPDATE batches SET state = 'running', owner = ?", (ownership.of(1),))
    with pytest.raises(UsageError, match="Another Workbench"):
        desk.batches.work(batch.id, quiet_job())
    with desk.parts.database.write() as tx:
        tx.execute("UPDATE batches SET owner = '4194305@1.0'")
    assert desk.batches.get(batch.id).state is BatchState.INTERRUPTED
    assert desk.batches.work(batch.id, quiet_job()).state is BatchState.DONE


def test_removed_with_all_its_answers(desk: Desk) -> None:
    batch = desk.batches.start(SUM_UP, INPUTS)
    desk.batches.work(batch.id, quiet_job())
    desk.batches.remove(batch.id)
    assert not desk.batches.list()
    assert desk.parts.database.rows("SELECT * FROM runs") == []
    assert desk.parts.database.rows("SELECT * FROM run_steps") == []
    with pytest.raises(UsageError, match="no batch"):
        desk.batches.get(batch.id)


def test_nothing_and_what_cannot_be_run_are_refused(desk: Desk) -> None:
    with pytest.raises(UsageError, match="nothing to work on"):
        desk.batches.start(SUM_UP, ())
    with pytest.raises(UsageError, match="cannot be run"):
        desk.batches.start(replace(SUM_UP, text=""), INPUTS)


# Inputs ---------------------------------------------------------------------------------------------------------------


def test_files_are_read_when_their_turn_comes(desk: Desk, tmp_path: Path) -> None:
    folder = tmp_path / "letters"
    (folder / "old").mkdir(parents=True)
    for name in ("b.txt", "a.txt", "old/c.txt", ".hidden", "old/gone.txt"):
        (folder / name).write_text(f"text of {name}")
    inputs = from_files(str(folder), TEXT)
    assert [one.label for one in inputs] == ["a.txt", "b.txt", "old/c.txt", "old/gone.txt"]
    assert [one.label for one in from_files(str(folder / "*.txt"), TEXT)] == ["a.txt", "b.txt"]
    batch = desk.batches.start(SUM_UP, inputs)
    (folder / "old" / "gone.txt").unlink()
    done = desk.batches.work(batch.id, quiet_job())
    assert (done.done, done.failed) == (3, 1)
    assert desk.asked == [f"Sum up text of {name}" for name in ("a.txt", "b.txt", "old/c.txt")]
    failed = desk.batches.results(batch.id)[3].failed_step
    assert failed is not None
    assert failed.error == "gone.txt cannot be read."
    named = from_files(str(folder / "a.txt"), Variable("file", VariableKind.FILE))
    assert (named[0].files, named[0].values) == ({}, {"file": str(folder / "a.txt")})
    with pytest.raises(UsageError, match="no files"):
        from_files(str(folder / "*.pdf"), TEXT)


def test_lines_and_rows(tmp_path: Path) -> None:
    lines = tmp_path / "lines.txt"
    lines.write_text("\ufeffone\n\n  two  \r\n")
    assert from_lines(str(lines), TEXT) == (Input("one", {"text": "one"}), Input("two", {"text": "two"}))
    table = tmp_path / "rows.csv"
    table.write_text('text;tone\n"a;b";kind\n\nc;strict\n')
    variables = (TEXT, Variable("tone"))
    assert [one.values for one in from_csv(str(table), variables)] == [
        {"text": "a;b", "tone": "kind"},
        {"text": "c", "tone": "strict"},
    ]
    with pytest.raises(UsageError, match="No column is a variable"):
        from_csv(str(table), (Variable("other"),))
    lines.write_bytes(b"\xff\xfe")
    with pytest.raises(UsageError, match="not UTF-8"):
        from_lines(str(lines), TEXT)
    lines.write_text("\n")
    with pytest.raises(UsageError, match="no inputs"):
        from_lines(str(lines), TEXT)


def test_which_variable_an_input_fills() -> None:
    variables = (Variable("tone"), TEXT)
    assert filled_by(variables) == TEXT
    assert filled_by(variables, "tone") == Variable("tone")
    with pytest.raises(UsageError, match="no variable 'x'"):
        filled_by(variables, "x")
    with pytest.raises(UsageError, match="no variable that an input"):
        filled_by(())


def test_what_is_the_same_for_all_inputs_is_given_once() -> None:
    variables = (TEXT, Variable("tone"), Variable("length", default="short"))
    found = completed(
        [Input("a", {"text": "a"}), Input("b", {"tone": "own"}, {"text": "/b"})], {"tone": "kind"}, variables
    )
    assert [one.values for one in found] == [{"tone": "kind", "text": "a"}, {"tone": "own"}]
    with pytest.raises(UsageError, match="tone must be filled in"):
        completed([Input("a", {"text": "a"})], {}, variables)


# Results --------------------------------------------------------------------------------------------------------------


def test_results_as_a_table(desk: Desk, tmp_path: Path) -> None:
    table = replace(SUM_UP, output=Output(OutputKind.TABLE, columns=("name", "price")))
    answers(
        desk,
        json.dumps([{"name": "a", "price": 1}, {"name": "=b", "price": "2"}]),
        "[]",
        [UsageError("No.")],
    )
    batch = desk.batches.start(table, INPUTS[:3])
    desk.batches.work(batch.id, quiet_job())
    assert desk.batches.export(batch.id, tmp_path / "out.csv") == 3
    rows = list(csv.reader((tmp_path / "out.csv").read_text("utf-8-sig").splitlines()))
    assert rows == [
        ["input", "name", "price", "state", "error"],
        ["line 0", "a", "1", "done", ""],
        ["line 0", "'=b", "2", "done", ""],
        ["line 1", "", "", "done", ""],
        ["line 2", "", "", "failed", "No."],
    ]
    desk.batches.export(batch.id, tmp_path / "out.json")
    told = json.loads((tmp_path / "out.json").read_text())
    assert [one["answer"] for one in told] == [[{"name": "a", "price": 1}, {"name": "=b", "price": "2"}], [], None]
    assert told[0]["steps"][0]["cost_micros"] == 0
    desk.batches.export(batch.id, tmp_path / "out", "md")
    assert "| line 0 | a | 1 | done |  |" in (tmp_path / "out").read_text()
    with pytest.raises(UsageError, match="cannot be written as 'xls'"):
        desk.batches.export(batch.id, tmp_path / "out.xls")
    assert sorted(one.name for one in tmp_path.glob("out*")) == ["out", "out.csv", "out.json"]


def test_results_of_an_object_are_columns(desk: Desk, tmp_path: Path) -> None:
    schema = {"type": "object", "properties": {"city": {"type": "string"}, "people": {"type": "integer"}}}
    answers(desk, '{"city": "Rome", "people": 3}')
    batch = desk.batches.start(replace(SUM_UP, output=Output(OutputKind.SCHEMA, schema)), INPUTS[:1])
    desk.batches.work(batch.id, quiet_job())
    desk.batches.export(batch.id, tmp_path / "out.csv")
    assert (tmp_path / "out.csv").read_text("utf-8-sig").splitlines()[1] == "line 0,Rome,3,done,"
