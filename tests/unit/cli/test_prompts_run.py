"""`workbench prompts run`, `runs`, `test`, `batch`, `batches`, `pause`, `resume`: words, shapes and exit codes."""

from __future__ import annotations

import io
import json
import os
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.fakes.launcher import FakeLauncher
from workbench.cli.main import main
from workbench.cli.output import OK, USAGE
from workbench.cli.prompts_batch import progress_words
from workbench.prompts.running.batches.batch import BatchProgress

Captured = pytest.CaptureFixture[str]

CITIES = """---
title: City facts
name: city-facts
variables:
  - name: text
    type: long_text
  - name: tone
    default: kind
steps:
  - name: extract
    text: "Which city? {{ text }}"
    output:
      schema: {type: object, properties: {city: {type: string}}, required: [city]}
    temperature: 0
    cases:
      - values: {text: "Paris is in France."}
        check: {contains: Paris}
      - values: {text: "Rome is in Italy."}
        check: {contains: Italy}
      - values: {text: "Oslo"}
        check: {judgement: "Is it a city?"}
  - name: tell
    text: "Tell of {{ steps.extract.city }}, be {{ tone }}."
---
"""
PARIS = '{"city": "Paris"}'

Answers = Callable[..., FakeLauncher]


@pytest.fixture
def answers(home: Path, starter_model: Path, monkeypatch: pytest.MonkeyPatch) -> Answers:
    """Makes the engine say these from now on; standard input is empty."""
    models = home / "models"
    models.mkdir(parents=True)
    os.link(starter_model, models / starter_model.name)
    monkeypatch.setattr("sys.stdin", SimpleNamespace(isatty=lambda: False, buffer=io.BytesIO()))

    def make(*answers: Any) -> FakeLauncher:
        launcher = FakeLauncher(*answers)
        monkeypatch.setattr("workbench.app.NativeLauncher", lambda _paths, _clock: launcher)
        return launcher

    return make


@pytest.fixture
def cities(tmp_path: Path, answers: Answers) -> Answers:
    answers()
    file = tmp_path / "city-facts.md"
    file.write_text(CITIES)
    assert main(["prompts", "save", str(file)]) == OK
    return answers


def told(capsys: Captured, *words: str, code: int = OK) -> Any:
    """What a command tells in JSON."""
    capsys.readouterr()
    assert main(["prompts", *words, "--json"]) == code
    return json.loads(capsys.readouterr().out)


def asked(launcher: FakeLauncher) -> list[str]:
    """The questions that its engines were sent."""
    return [body["messages"][-1]["content"] for engine in launcher.engines for body in engine.server.bodies]


def test_the_answer_of_the_last_step_is_on_stdout_and_the_steps_are_told_beside_it(
    cities: Answers, capsys: Captured
) -> None:
    cities(PARIS, "It is old.")
    capsys.readouterr()
    assert main(["prompts", "run", "city-facts", "--set", "tone=brief", "Paris is", "in France."]) == OK
    written = capsys.readouterr()
    assert written.out == "It is old.\n"
    assert "Step 1 of 2, extract: " in written.err
    assert "Step 2 of 2, tell: " in written.err
    assert "2 steps: " in written.err
    assert "0.00 USD" in written.err


def test_standard_input_is_what_a_prompt_is_about(
    cities: Answers, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    launcher = cities(PARIS, "It is old.")
    piped = SimpleNamespace(isatty=lambda: False, buffer=io.BytesIO("Ein Brief über Paris.".encode()))
    monkeypatch.setattr("sys.stdin", piped)
    capsys.readouterr()
    assert main(["prompts", "run", "city-facts", "--json"]) == OK
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert asked(launcher)[0] == "Which city? Ein Brief über Paris."
    events = [line["event"] for line in lines if line["event"] != "text"]
    assert events == ["start", "step", "step_end", "step", "step_end", "end"]
    assert (lines[0]["steps"], lines[1]["number"], lines[1]["of"]) == (["extract", "tell"], 1, 2)
    end = lines[-1]
    assert (end["state"], end["answer"], end["cost_micros"], end["currency"]) == ("done", "It is old.", 0, "USD")
    assert [step["step"] for step in end["steps"]] == ["extract", "tell"]
    assert end["steps"][0]["completion_tokens"] is not None


def test_a_failed_run_is_gone_on_with_and_a_step_asked_anew(cities: Answers, capsys: Captured) -> None:
    cities("no json")
    capsys.readouterr()
    assert main(["prompts", "run", "city-facts", "Paris"]) == USAGE
    written = capsys.readouterr()
    assert written.out == ""
    assert "The answer is no JSON. It is asked again." in written.err
    (run,) = told(capsys, "runs")
    assert (run["state"], run["error"]) == ("failed", "The answer is no JSON.")
    assert main(["prompts", "save", "--name", "other", "--text", "Other"]) == OK
    assert main(["prompts", "run", "other", "--run", run["run"]]) == USAGE
    assert "That run is of /city-facts." in capsys.readouterr().err
    launcher = cities(PARIS, "It is old.")
    assert main(["prompts", "run", "city-facts", "--run", run["run"][:6]]) == OK
    assert asked(launcher) == ["Which city? Paris", "Tell of Paris, be kind."]
    launcher = cities("It is new.")
    assert main(["prompts", "run", "city-facts", "--from", "tell", "--set", "tone=brief"]) == OK
    assert asked(launcher) == ["Tell of Paris, be brief."]
    assert "answered before" in capsys.readouterr().err
    newest = told(capsys, "runs", "--of", "city-facts")[0]
    assert main(["prompts", "runs", newest["run"]]) == OK
    shown = capsys.readouterr().out
    assert "## tell\nIt is new." in shown
    assert "answered before" in shown
    assert told(capsys, "runs", newest["run"], "--remove") == {"removed": newest["run"]}
    assert len(told(capsys, "runs")) == 1


REFUSED = (
    (["run", "city-facts"], "text must be filled in"),
    (["run", "city-facts", "--set", "tune=x", "y"], "no variable 'tune'"),
    (["run", "city-facts", "-m", "gone", "x"], "gone"),
    (["run", "city-facts", "--from", "nothing"], "no step 'nothing'"),
    (["run", "city-facts", "--from", "tell"], "not run yet"),
    (["run", "gone", "x"], "no prompt"),
    (["runs", "3f2a"], "not known"),
    (["test", "city-facts", "--step", "tell"], "no test cases"),
    (["test", "city-facts", "--version", "7"], "no version 7"),
    (["batch", "city-facts", "--lines", "/nowhere"], "cannot be read"),
    (["batch", "--files", "/"], "Which prompt?"),
    (["batches", "3f2a"], "not known"),
    (["batches", "--remove"], "Which batch?"),
    (["pause", "3f2a"], "not known"),
)


def test_what_cannot_be_done_is_told(cities: Answers, capsys: Captured) -> None:
    launcher = cities(PARIS)
    for words, wrong in REFUSED:
        capsys.readouterr()
        assert main(["prompts", *words]) == USAGE, words
        assert wrong.casefold() in capsys.readouterr().err.casefold(), words
    assert not asked(launcher)


def test_a_failure_in_json_has_its_end_too(cities: Answers, capsys: Captured) -> None:
    cities("no json")
    capsys.readouterr()
    assert main(["prompts", "run", "city-facts", "--json", "Paris"]) == USAGE
    *_others, again, _text, _more, failed, error, end = (
        json.loads(line) for line in capsys.readouterr().out.splitlines()
    )
    assert (again["event"], again["again"]) == ("step", "The answer is no JSON.")
    assert (failed["event"], failed["state"], failed["text"]) == ("step_end", "failed", "no json")
    assert (error["event"], error["kind"]) == ("error", "broken_answer")
    assert (end["event"], end["state"]) == ("end", "failed")
    assert end["run"]


def test_a_table_is_written_as_it_is_asked_for(answers: Answers, capsys: Captured, tmp_path: Path) -> None:
    answers('[{"name": "a|b", "price": 2}]')
    file = tmp_path / "prices.md"
    file.write_text("---\ntitle: Prices\noutput: {columns: [name, price]}\ntemperature: 0\n---\nPrices of {{ text }}\n")
    main(["prompts", "save", str(file)])
    for form, wanted in (
        ([], "| name | price |\n| --- | --- |\n| a\\|b | 2 |\n"),
        (["--as", "csv"], "name,price\r\na|b,2\r\n"),
        (["--as", "json"], '[{"name": "a|b", "price": 2}]\n'),
    ):
        capsys.readouterr()
        assert main(["prompts", "run", "prices", *form, "all"]) == OK
        assert capsys.readouterr().out == wanted


def test_cases_are_counted_for_each_step_and_beside_the_last_version(
    cities: Answers, capsys: Captured, tmp_path: Path
) -> None:
    cities(PARIS, '{"city": "Rome"}', '{"city": "Oslo"}')
    capsys.readouterr()
    assert main(["prompts", "test", "city-facts"]) == OK
    written = capsys.readouterr()
    assert "extract: 1 of 2 passed (50%, 95 %: 9% to 91%); 1 a person must look at" in written.out
    assert "look: Oslo: You decide: Is it a city?" in written.out
    assert "FAILED  Rome is in Italy." in written.err
    file = tmp_path / "city-facts.md"
    file.write_text(CITIES.replace("Which city?", "Which city and country?"))
    main(["prompts", "save", str(file)])
    cities(PARIS, '{"city": "Rome, Italy"}', '{"city": "Oslo"}')
    (report,) = told(capsys, "test", "city-facts")
    (step,) = report["steps"]
    assert (report["version"], step["passed"], step["asked"], step["to_judge"]) == (2, 2, 2, 1)
    assert step["before"] == {
        "version": 1,
        "passed": 1,
        "asked": 2,
        "now_passed": 2,
        "now_asked": 2,
        "verdict": "cannot be told apart",
    }
    launcher = cities(PARIS)
    assert main(["prompts", "test", "city-facts", "--version", "1"]) == OK
    assert asked(launcher)[0] == "Which city? Paris is in France.", "the old text"
    assert "(version 2): cannot be told apart" in capsys.readouterr().out


def test_a_prompt_on_many_lines(cities: Answers, capsys: Captured, tmp_path: Path) -> None:
    lines, results = tmp_path / "lines.txt", tmp_path / "results.csv"
    lines.write_text("Paris\nRome\n\n")
    launcher = cities(PARIS, "It is old.", "no json", "still none", PARIS, "It is new.")
    words = ["--set", "tone=brief", "--lines", str(lines), "--output", str(results)]
    assert main(["prompts", "batch", "city-facts", *words]) == OK
    assert asked(launcher)[:2] == ["Which city? Paris", "Tell of Paris, be brief."]
    assert "Rome: The answer is no JSON." in capsys.readouterr().err
    assert results.read_text("utf-8-sig").splitlines()[1:] == [
        "Paris,It is old.,done,",
        "Rome,,failed,The answer is no JSON.",
    ]
    (batch,) = told(capsys, "batches")
    assert (batch["state"], batch["done"], batch["failed"], batch["total"]) == ("done", 1, 1, 2)
    cities(PARIS, "It is new.")
    again = told(capsys, "resume", batch["id"][:6], "--failed")
    assert (again["done"], again["failed"]) == (2, 0)
    assert [one["answer"] for one in told(capsys, "batches", batch["id"])["results"]] == ["It is old.", "It is new."]
    assert told(capsys, "pause", batch["id"])["state"] == "done"
    assert main(["prompts", "batch", "--resume", batch["id"]]) == OK
    assert told(capsys, "batches", batch["id"], "--remove") == {"removed": batch["id"]}
    assert told(capsys, "batches") == []


def test_how_far_a_batch_is() -> None:
    assert progress_words(BatchProgress("b", 100, 0, 0, "a.txt")) == "0 of 100 · a.txt"
    assert (
        progress_words(BatchProgress("b", 1000, 10, 2, "a\x1b.txt", 3.25, 3211.0))
        == "12 of 1,000, 2 failed · 3.2 s each, 54 min left · a.txt"
    )
