"""`workbench feedback` and `workbench cases`, over a real database."""

from __future__ import annotations

import argparse
import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.fakes.backend import ScriptedBackend
from tests.unit.chat.test_service import ScriptedRoute
from workbench import migrations
from workbench.chat.cases.service import CaseService
from workbench.chat.cases.store import CaseStore
from workbench.chat.feedback.feedback import Verdict
from workbench.chat.feedback.service import FeedbackService
from workbench.chat.feedback.store import FeedbackStore
from workbench.chat.service import ChatService
from workbench.chat.store import ConversationStore
from workbench.chat.versions.service import VersionService
from workbench.chat.versions.store import VersionStore
from workbench.cli import cases, chats, feedback
from workbench.clock import SystemClock
from workbench.db import Database
from workbench.errors import StorageError, UsageError
from workbench.events import Bus
from workbench.jobs import quiet_job

Captured = pytest.CaptureFixture[str]
Run = Callable[..., int]


@pytest.fixture
def workbench(tmp_path: Path) -> Iterator[Any]:
    """A chat with two answers of which the second was gone on with; the first one was judged."""
    database = Database(tmp_path / "workbench.db", migrations.workbench, backups=tmp_path)
    bus, clock = Bus(), SystemClock()
    store = ConversationStore(database, clock)
    service = FeedbackService(FeedbackStore(database, clock), bus)
    route = ScriptedRoute(ScriptedBackend("Lyon\x1b[31m.", "Paris.", "Yes."))
    chat = ChatService(store, route, bus, clock, went_on=service.went_on)
    first = chat.send(None, "The capital of France?", quiet_job())
    second = chat.regenerate(first.id, quiet_job())
    chat.send(store.conversation_of(first.id), "Sure?", quiet_job())
    service.judge(first.id, Verdict.DOWN, "wrong", "Paris.")
    made = CaseService(CaseStore(database, clock), store, bus)
    versions = VersionService(VersionStore(database, clock))
    yield SimpleNamespace(feedback=service, cases=made, versions=versions, first=first.id, second=second.id)
    database.close()


@pytest.fixture
def run(workbench: Any) -> Run:
    def perform(*words: str) -> int:
        parser = argparse.ArgumentParser(exit_on_error=False)
        commands = parser.add_subparsers()
        feedback.register(commands)
        cases.register(commands)
        chats.register(commands)
        arguments = parser.parse_args(words)
        return int(arguments.run(arguments, workbench))

    return perform


def test_the_list_tells_verdicts_and_preferences(run: Run, workbench: Any, capsys: Captured) -> None:
    assert run("feedback", "list") == 0
    told = capsys.readouterr().out
    assert workbench.first[:8] in told
    assert "wrong (corrected)" in told
    assert "fake-model: Paris." in told
    assert "\x1b" not in told
    run("feedback", "list", "--json")
    document = json.loads(capsys.readouterr().out)
    assert [one["verdict"] for one in document["feedback"]] == ["down"]
    assert [one["kind"] for one in document["preferences"]] == ["regenerate"]


def test_feedback_is_exported_to_a_file_or_printed(run: Run, tmp_path: Path, capsys: Captured) -> None:
    file = tmp_path / "out.json"
    assert run("feedback", "export", str(file)) == 0
    assert "1 verdicts and 1 preferences" in capsys.readouterr().err
    run("feedback", "export")
    assert json.loads(file.read_text(encoding="utf-8")) == json.loads(capsys.readouterr().out)
    run("feedback", "export", "--json", str(file))
    assert json.loads(capsys.readouterr().out) == {"exported": str(file)}
    with pytest.raises(StorageError, match="cannot be written"):
        run("feedback", "export", str(tmp_path / "nowhere" / "out.json"))


def test_a_verdict_a_preference_and_all_are_removed(run: Run, workbench: Any, capsys: Captured) -> None:
    (preferred,) = workbench.feedback.preferred()
    run("feedback", "remove", "--preference", str(preferred.preference.id))
    assert workbench.feedback.preferred() == ()
    run("feedback", "remove", workbench.first[:6], "--json")
    assert json.loads(capsys.readouterr().out) == {"removed": workbench.first}
    assert workbench.feedback.judged() == ()
    with pytest.raises(UsageError, match="no feedback"):
        run("feedback", "remove", workbench.first[:6])
    workbench.feedback.judge(workbench.first, Verdict.UP)
    run("feedback", "remove", "--all")
    assert "Removed 1." in capsys.readouterr().err
    run("feedback", "list")
    assert "no feedback yet" in capsys.readouterr().err


def test_a_case_is_saved_shown_checked_exported_and_removed(run: Run, workbench: Any, capsys: Captured) -> None:
    run("cases", "list")
    assert "no cases yet" in capsys.readouterr().err
    run("cases", "save", workbench.first, "--number", "3.14", "--tolerance", "0.01", "--title", "Pi", "--json")
    case = json.loads(capsys.readouterr().out)
    assert case["check"] == {"kind": "number", "expected": "3.14", "tolerance": 0.01}
    run("cases", "list")
    assert "Pi" in capsys.readouterr().out
    run("cases", "show", case["id"][:5])
    assert "Check: number ± 0.01\n3.14" in (told := capsys.readouterr().out)
    assert "The capital of France?" in told
    run("cases", "check", case["id"], "It is 3.141.")
    assert capsys.readouterr().out == "Passed. The last number of the answer is 3.141.\n"
    run("cases", "check", case["id"], "--stored")
    assert capsys.readouterr().out == "Not passed. The last number of the answer is 31.\n"
    with pytest.raises(UsageError, match="Either"):
        run("cases", "check", case["id"], "Paris", "--stored")
    run("cases", "change", case["id"], "--contains", "Lyon", "--json")
    case = json.loads(capsys.readouterr().out)
    assert (case["title"], case["check"]["expected"]) == ("Pi", "Lyon")
    run("cases", "check", case["id"], "--stored", "--json")
    assert json.loads(capsys.readouterr().out)["passed"]
    run("cases", "export")
    assert json.loads(capsys.readouterr().out)["cases"] == [case]
    run("cases", "remove", case["id"][:5])
    assert workbench.cases.list() == ()


def test_an_answer_is_read_from_standard_input(
    run: Run, workbench: Any, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("cases", "save", workbench.second[:7], "--contains", "Paris", "--json")
    case = json.loads(capsys.readouterr().out)["id"]
    monkeypatch.setattr("sys.stdin", io.StringIO("It is Rome."))
    run("cases", "check", case, "--json")
    assert json.loads(capsys.readouterr().out) == {
        "case": case, "passed": False, "why": "The answer does not contain the words."
    }  # fmt: skip


def test_a_schema_is_read_from_a_file(run: Run, workbench: Any, tmp_path: Path, capsys: Captured) -> None:
    schema = tmp_path / "schema.json"
    with pytest.raises(UsageError, match="cannot be read"):
        run("cases", "save", workbench.first, "--schema", str(schema))
    schema.write_text('{"type": "object"}', encoding="utf-8")
    run("cases", "save", workbench.first, "--schema", str(schema))
    assert workbench.cases.list()[0].check.expected == '{"type": "object"}'
    assert "Saved as case" in capsys.readouterr().err


def test_a_judgement_is_left_to_a_person(run: Run, workbench: Any, capsys: Captured) -> None:
    run("cases", "save", workbench.first, "--judgement", "Is it kind?")
    run("cases", "check", workbench.cases.list()[0].id, "Yes.")
    assert capsys.readouterr().out == "Undecided. You decide: Is it kind?\n"


@pytest.mark.parametrize("noun", ["feedback", "cases"])
def test_every_help_has_an_example(run: Run, capsys: Captured, noun: str) -> None:
    for action in ("list", "export", "remove"):
        with pytest.raises(SystemExit):
            run(noun, action, "--help")
        assert f"example:\n  workbench {noun}" in capsys.readouterr().out


def test_versions_are_listed_printed_and_removed(run: Run, workbench: Any, capsys: Captured) -> None:
    answer = workbench.first
    run("chats", "versions", answer[:9])
    assert "no versions" in capsys.readouterr().err
    workbench.versions.keep(answer, "0:12", "one\x1b[31m")
    workbench.versions.keep(answer, "0:12", "two")
    workbench.versions.keep(answer, "", "all of it")
    run("chats", "versions", answer)
    told = capsys.readouterr().out
    assert "0:12" in told
    assert "whole" in told
    assert "\x1b" not in told
    run("chats", "versions", answer, "--place", "0:12", "--json")
    assert [one["text"] for one in json.loads(capsys.readouterr().out)] == ["one\x1b[31m", "two"]
    run("chats", "versions", answer, "--place", "0:12", "--number", "2")
    assert capsys.readouterr().out == "two\n"
    with pytest.raises(UsageError, match="several texts"):
        run("chats", "versions", answer, "--number", "1")
    with pytest.raises(UsageError, match="no version 9"):
        run("chats", "versions", answer, "--place", "whole", "--number", "9")
    run("chats", "versions", answer, "--place", "0:12", "--remove", "--json")
    assert json.loads(capsys.readouterr().out) == {"removed": 2}
    with pytest.raises(UsageError, match="no versions"):
        run("chats", "versions", answer, "--place", "0:12", "--remove")


def test_which_of_two_answers_was_better(run: Run, workbench: Any, capsys: Captured) -> None:
    before = len(workbench.feedback.preferred())
    assert run("feedback", "prefer", workbench.first[:8], "--over", workbench.second, "--json") == 0
    assert json.loads(capsys.readouterr().out) == {"chosen": workbench.first, "rejected": workbench.second}
    assert len(workbench.feedback.preferred()) == before + 1
    with pytest.raises(UsageError, match="not two answers to one question"):
        run("feedback", "prefer", workbench.first, "--over", workbench.first)
