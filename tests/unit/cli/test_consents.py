"""`workbench consents`, and `chat` where an answer waits: at a terminal it asks, elsewhere it tells how to answer."""

from __future__ import annotations

import json
import os
import pty
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.backend import ScriptedBackend, calling
from tests.fakes.turn_tools import FakeTools, spec
from tests.unit.chat.test_service import ScriptedRoute
from workbench import app
from workbench.app import Workbench
from workbench.chat.service import ChatService
from workbench.chat.store import ConversationStore
from workbench.cli.consent_words import exactly
from workbench.cli.main import main
from workbench.cli.output import OK, REFUSED, USAGE
from workbench.clock import SystemClock
from workbench.consents.consent import ConsentKind, Question, Scope
from workbench.events import Changed, Topic
from workbench.tools.tool import Harm, Outcome

Captured = pytest.CaptureFixture[str]
TEA, MILK = ("write", '{"text": "Tea"}'), ("write", '{"text": "Milk"}')
WRITE = spec("write", Harm.WRITE)


class Program:
    """What the command line opens: the real program, but that the model and its tools are the test's."""

    def __init__(self) -> None:
        self.scripted = ScriptedBackend("Hello.")
        self.tools = FakeTools({WRITE: lambda arguments, _call: Outcome(f"Wrote {arguments['text']}.")})

    def says(self, *answers: Any) -> None:
        self.scripted = ScriptedBackend(*answers)

    @property
    def written(self) -> list[str]:
        return [arguments["text"] for _name, arguments in self.tools.calls]

    def open(self, **more: Any) -> Workbench:
        workbench = _build(**more)
        store = ConversationStore(workbench._database, SystemClock())
        route = ScriptedRoute(self.scripted)
        workbench.chat = ChatService(
            store, route, workbench.bus, SystemClock(), tools=self.tools, consents=workbench.consents
        )
        return workbench


_build = app.build


@pytest.fixture
def program(home: Path, monkeypatch: pytest.MonkeyPatch) -> Program:
    program = Program()
    monkeypatch.setattr(app, "build", program.open)
    return program


@pytest.fixture
def typing(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """Puts a terminal in front of the program, on which these keys were pressed."""
    opened: list[Any] = []

    def type_(keys: str) -> None:
        ours, theirs = pty.openpty()
        opened.append(ours)
        terminal = os.fdopen(theirs, encoding="utf-8")
        opened.append(terminal)
        monkeypatch.setattr(sys, "stdin", terminal)
        os.write(ours, keys.encode())

    yield type_
    for one in opened:
        os.close(one) if isinstance(one, int) else one.close()


def lines(capsys: Captured) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def waiting(capsys: Captured, *more: str) -> list[dict[str, Any]]:
    capsys.readouterr()
    assert main(["consents", "list", "--json", *more]) == OK
    found: list[dict[str, Any]] = json.loads(capsys.readouterr().out)
    return found


def test_without_a_terminal_it_ends_with_6_and_how_to_answer(program: Program, capsys: Captured) -> None:
    program.says(calling(TEA), "It is done.")
    assert main(["chat", "Write down: Tea."]) == REFUSED
    told = capsys.readouterr().err
    (consent,) = waiting(capsys)
    for verb in ("show", "accept", "refuse"):
        assert f"workbench consents {verb} {consent['id'][:8]}" in told
    assert program.written == []

    assert main(["consents", "show", consent["id"][:8]]) == OK
    shown = capsys.readouterr().out
    assert exactly(consent["request"]) in shown
    assert consent["hash"] in shown
    assert "offered   once, chat" in shown

    program.says("It is done.")
    assert main(["consents", "accept", consent["id"][:8]]) == OK
    assert capsys.readouterr().out == "It is done.\n"
    assert program.written == ["Tea"]
    assert waiting(capsys) == []
    (answered,) = waiting(capsys, "--all")
    assert (answered["state"], answered["scope"]) == ("accepted", "once")


def test_scripts_get_it_as_objects(program: Program, capsys: Captured) -> None:
    program.says(calling(TEA), "It is done.")
    assert main(["chat", "--json", "Write down: Tea."]) == REFUSED
    told = lines(capsys)
    assert [one["event"] for one in told] == ["start", "consent", "end"]
    consent = told[1]
    assert consent["request"]["arguments"] == {"text": "Tea"}
    assert (consent["scopes"], told[2]["finish"]) == (["once", "chat"], "waiting")

    program.says("It is done.")
    assert main(["consents", "accept", consent["id"], "--json"]) == OK
    told = lines(capsys)
    assert [one["event"] for one in told if one["event"] != "text"] == ["start", "tool", "end"]
    tool = next(one for one in told if one["event"] == "tool")
    assert (tool["name"], tool["arguments"], tool["result"], tool["failed"]) == (
        "write",
        {"text": "Tea"},
        "Wrote Tea.",
        False,
    )
    assert told[-1]["finish"] == "stop"


def test_a_no_is_told_to_the_model(program: Program, capsys: Captured) -> None:
    program.says(calling(TEA))
    main(["chat", "Write down: Tea."])
    (consent,) = waiting(capsys)
    program.says("Then not.")
    assert main(["consents", "refuse", consent["id"]]) == OK
    assert capsys.readouterr().out == "Then not.\n"
    assert program.written == []
    assert "does not want this call" in str(program.scripted.requests[-1].messages[-1])
    for verb in ("accept", "refuse"):
        assert main(["consents", verb, consent["id"]]) == USAGE
        assert "refused before" in capsys.readouterr().err


def test_an_answer_for_later_and_then_the_same_again(program: Program, capsys: Captured) -> None:
    program.says(calling(TEA))
    main(["chat", "Write down: Tea."])
    (consent,) = waiting(capsys)
    assert main(["consents", "accept", consent["id"], "--later"]) == OK
    assert capsys.readouterr().err == "Allowed.\n"
    assert program.written == []
    program.says("It is done.")
    assert main(["consents", "accept", consent["id"]]) == OK  # as after a crash
    assert program.written == ["Tea"]
    assert main(["consents", "accept", consent["id"]]) == USAGE
    assert program.written == ["Tea"]


def test_an_answer_that_waits_for_two_goes_on_after_both(program: Program, capsys: Captured) -> None:
    program.says(calling(TEA, MILK))
    main(["chat", "Write down: Tea, milk."])
    first, second = waiting(capsys)
    assert main(["consents", "accept", first["id"]]) == OK
    told = capsys.readouterr()
    assert (told.out, program.written) == ("", [])
    assert second["id"][:8] in told.err
    program.says("One of them.")
    assert main(["consents", "refuse", second["id"]]) == OK
    assert capsys.readouterr().out == "One of them.\n"
    assert program.written == ["Tea"]


@pytest.mark.skipif(sys.platform == "win32", reason="a terminal of its own")
@pytest.mark.parametrize(
    ("keys", "code", "written", "left"),
    [
        ("y\n", OK, ["Tea"], 0),
        ("x\nYES\n", OK, ["Tea"], 0),
        ("n\n", OK, [], 0),
        ("\n", REFUSED, [], 1),
        ("\x04", REFUSED, [], 1),
        ("a\nn\n", OK, [], 0),  # always is not offered: it is asked again
    ],
)
def test_at_a_terminal_the_person_is_asked(
    program: Program,
    typing: Callable[[str], None],
    capsys: Captured,
    keys: str,
    code: int,
    written: list[str],
    left: int,
) -> None:
    program.says(calling(TEA), "That is all.")
    typing(keys)
    assert main(["chat", "Write down: Tea."]) == code
    told = capsys.readouterr()
    assert '"text": "Tea"' in told.err
    assert "y = yes, this once, c = in this chat, n = no" in told.err
    assert ("That is all." in told.out) is (code == OK)
    assert program.written == written
    assert len(waiting(capsys)) == left


@pytest.mark.skipif(sys.platform == "win32", reason="a terminal of its own")
def test_going_on_with_a_chat_asks_what_waited_in_it(
    program: Program, typing: Callable[[str], None], capsys: Captured
) -> None:
    program.says(calling(TEA))
    main(["chat", "Write down: Tea."])
    (consent,) = waiting(capsys)
    program.says("It is done.", "You are welcome.")
    typing("y\nThank you.\n\n")
    assert main(["chat", "-c", consent["conversation"]]) == OK
    assert capsys.readouterr().out == "It is done.\nYou are welcome.\n"
    assert program.written == ["Tea"]


@pytest.mark.skipif(sys.platform == "win32", reason="a terminal of its own")
def test_yes_for_the_chat_is_kept_shown_and_taken_back(
    program: Program, typing: Callable[[str], None], capsys: Captured
) -> None:
    program.says(calling(TEA), calling(MILK), "That is all.")
    typing("c\n")
    assert main(["chat", "Write down: Tea, then milk."]) == OK
    assert program.written == ["Tea", "Milk"]
    capsys.readouterr()
    assert main(["consents", "standing", "--json"]) == OK
    (standing,) = json.loads(capsys.readouterr().out)
    assert (standing["name"], standing["kind"]) == ("built-in/write", "tool")
    assert main(["consents", "standing"]) == OK
    assert f"in {standing['conversation'][:8]}, Write down: Tea, then milk." in capsys.readouterr().out
    assert main(["consents", "revoke", "built-in/write", "-c", standing["conversation"][:8]]) == OK
    assert main(["consents", "revoke", "built-in/write"]) == USAGE
    capsys.readouterr()
    assert main(["consents", "standing"]) == OK
    assert "Nothing is allowed" in capsys.readouterr().err


def test_a_revoked_yes_has_the_call_wait_again(program: Program, capsys: Captured) -> None:
    program.says(calling(TEA))
    main(["chat", "Write down: Tea."])
    (consent,) = waiting(capsys)
    assert main(["consents", "accept", consent["id"], "--scope", "chat", "--later"]) == OK
    assert main(["consents", "revoke", "built-in/write"]) == OK
    assert "not made yet, so they wait for your answer: 1." in capsys.readouterr().err
    assert [one["id"] for one in waiting(capsys)] == [consent["id"]]
    assert program.written == []


def test_what_is_offered_and_what_is_not(program: Program, capsys: Captured) -> None:
    program.says(calling(TEA))
    main(["chat", "Write down: Tea."])
    (consent,) = waiting(capsys)
    assert main(["consents", "accept", consent["id"], "--scope", "always"]) == USAGE
    assert "What is offered: once, chat." in capsys.readouterr().err
    assert main(["consents", "accept", consent["id"], "--text", "other"]) == USAGE
    assert main(["consents", "show", "nothing"]) == USAGE
    assert len(waiting(capsys)) == 1


def test_something_to_remember_is_kept_in_the_persons_words(program: Program, capsys: Captured) -> None:
    workbench = program.open()
    proposal = {"text": "Likes tea", "project_id": None}
    consent = workbench.consents.ask(Question(ConsentKind.MEMORY, "memory", "Remember this?", proposal))
    workbench.close()
    assert main(["consents", "accept", consent.id, "--text", "Likes green tea"]) == OK
    assert capsys.readouterr().err == "Remembered.\n"
    workbench = program.open()
    try:
        assert [fact.text for fact in workbench.memory.facts()] == ["Likes green tea"]
    finally:
        workbench.close()


def test_a_server_is_allowed_and_not_yet_started(program: Program, capsys: Captured) -> None:
    workbench = program.open()
    question = Question(ConsentKind.SERVER, "files#1:2", "Start this?", {"command": ["files"]})
    allowed, refused = (workbench.consents.ask(one) for one in (question, replace(question, subject="other#1:2")))
    workbench.close()
    assert main(["consents", "accept", allowed.id]) == OK
    assert "workbench tools servers start files" in capsys.readouterr().err
    assert main(["consents", "refuse", refused.id]) == OK
    assert capsys.readouterr().err == "Refused.\n"


@pytest.mark.parametrize("name", ["mine", "mine@https://good.example"])
def test_a_provider_is_no_longer_allowed(program: Program, capsys: Captured, name: str) -> None:
    workbench = program.open()
    for subject in ("mine@https://good.example", "other@https://good.example"):
        asked = Question(ConsentKind.CLOUD, subject, "Send this?", {"body": subject}, scopes=(Scope.ALWAYS,))
        workbench.consents.accept(workbench.consents.ask(asked).id, Scope.ALWAYS)
    workbench.close()
    assert main(["consents", "revoke", name]) == OK
    capsys.readouterr()
    assert main(["consents", "standing", "--json"]) == OK
    assert [one["name"] for one in json.loads(capsys.readouterr().out)] == ["other@https://good.example"]


def test_nothing_waits(program: Program, capsys: Captured) -> None:
    assert main(["consents", "list"]) == OK
    assert capsys.readouterr() == ("", "Nothing waits for your answer.\n")


def test_what_is_not_seen_is_written_out() -> None:
    request = {"a": "x\u202ey\u200bz\x1b[2J\U000e0041 ä", "b": [1, "\ud800"]}
    shown = exactly(request)
    assert shown.isprintable() is False  # its own line ends
    assert "".join(shown.split("\n")).isprintable()
    assert "x\\u202ey\\u200bz\\u001b[2J\\udb40\\udc41 ä" in shown
    assert json.loads(shown) == request


def test_another_process_hears_of_a_question_and_its_answer(program: Program) -> None:
    here, there = program.open(), program.open()
    try:
        heard: list[Changed] = []
        here.bus.subscribe(heard.append)
        there.changed_elsewhere()
        consent = there.consents.ask(Question(ConsentKind.TOOL, "a/b#run:", "May it?", {"x": 1}))
        assert here.changed_elsewhere()
        assert Topic.CONSENTS in heard[-1].topics
        assert here.consents.list() == (consent,)
        here.consents.accept(consent.id, Scope.ONCE)
        assert there.changed_elsewhere()
        assert there.consents.list() == ()
    finally:
        here.close()
        there.close()
