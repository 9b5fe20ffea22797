"""The real program, its own tools, and a provider on loopback that calls them: each request is a yes of its own."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.conftest import change
from tests.e2e.test_cloud import MODEL, at_a_terminal, document, objects, said_in, workbench
from tests.fakes.cloud_servers import KEY, CloudServer
from tests.unit.chat.escalating.tooled import saying

pytestmark = pytest.mark.timeout(120)
CALLS = [("calculate", {"expression": "17 * 23"})]
SAID = "It is 391."


@pytest.fixture
def server(home: Path) -> Iterator[CloudServer]:
    with CloudServer(usage={"prompt_tokens": 400, "completion_tokens": 30, "total_tokens": 430}) as running:
        change(home, ("cloud.enabled", True), ("cloud.addresses", {"mine": running.base_url}))
        assert workbench("cloud", "prices", MODEL, "--input", "0.15", "--output", "0.60").returncode == 0
        running.asked.clear()
        running.faults[:] = [saying(CALLS), saying(SAID)]
        yield running


def asked(*more: str) -> list[str]:
    return ["chat", "--cloud", MODEL, "--key-stdin", "--tools", "calculate", *more, "How much is 17 times 23?"]


def test_the_next_request_waits_for_a_yes_and_is_what_was_shown(server: CloudServer) -> None:
    (first,) = objects(workbench(*asked("--preview", "--json"), key=True))
    assert '"calculate"' in first["body"]
    waits = workbench("chat", "--accept", first["hash"], "--key-stdin", "--json", key=True)
    assert waits.returncode == 6, waits.stderr
    events = objects(waits)
    (second,) = (event for event in events if event["event"] == "consent")
    assert (events[-1]["event"], events[-1]["finish"]) == ("end", "waiting")
    assert len(server.questions) == 1
    (waiting,) = document("consents", "list")
    assert waiting["id"] == second["id"]
    assert "391" in waiting["request"]["body"]
    refused = workbench("consents", "accept", second["id"])  # no key is known in this process
    assert refused.returncode in (2, 6), refused.stderr
    body_hash = waiting["request"]["body_sha256"]
    sent = workbench("chat", "--accept", body_hash, "--key-stdin", "--json", key=True)
    assert sent.returncode == 0, sent.stderr
    end = objects(sent)[-1]
    assert (end["text"], end["finish"]) == (SAID, "stop")
    assert [one.body.decode() for one in server.questions] == [first["body"], waiting["request"]["body"]]
    assert said_in(first["conversation"]).endswith(SAID)
    calls = document("cloud", "ledger")
    assert len(calls) == 2
    assert end["cost_micros"] == sum(call["cost_micros"] for call in calls)
    assert len({call["conversation"] for call in calls}) == 1


def test_a_no_ends_the_answer_with_what_it_has(server: CloudServer) -> None:
    (first,) = objects(workbench(*asked("--preview", "--json"), key=True))
    assert workbench("chat", "--accept", first["hash"], "--key-stdin", "--json", key=True).returncode == 6
    (waiting,) = document("consents", "list")
    ended = workbench("consents", "refuse", waiting["id"], "--json")
    assert ended.returncode == 0, ended.stderr
    assert objects(ended)[-1]["finish"] == "length"
    assert document("consents", "list") == []
    assert len(server.questions) == 1


def test_a_tool_that_is_not_there_is_told_before_anything_is_kept(server: CloudServer) -> None:
    told = workbench("chat", "--cloud", MODEL, "--key-stdin", "--tools", "nothing", "Well?", key=True)
    assert (told.returncode, "There is no tool" in told.stderr) == (2, True)
    assert not server.questions


@pytest.mark.skipif(sys.platform == "win32", reason="a terminal of Unix")
def test_at_a_terminal_a_person_is_asked_twice(server: CloudServer) -> None:
    prompts = {"Key:": KEY, "Enter = later:": "y", "Send what its tools gave": "y"}
    shown, ended = at_a_terminal(asked(), prompts)
    assert ended == 0
    assert shown.index("Send this to model-one") < shown.index("Send what its tools gave to model-one")
    assert SAID in shown
    assert len(server.questions) == 2


def test_a_lasting_yes_lets_it_all_go_through(server: CloudServer) -> None:
    (first,) = objects(workbench(*asked("--preview", "--json"), key=True))
    always = workbench("consents", "accept", first["id"], "--scope", "always", "--later")
    assert always.returncode == 0, always.stderr
    sent = workbench("chat", "--accept", first["hash"], "--key-stdin", "--json", key=True)
    assert sent.returncode == 0, sent.stderr
    assert objects(sent)[-1]["text"] == SAID
    assert len(server.questions) == 2
    assert "391" in json.loads(server.questions[1].body)["messages"][-1]["content"]


def test_a_search_for_a_model_elsewhere_finds_nothing_private(server: CloudServer, tmp_path: Path) -> None:
    for name, text in (("Open", "The turbine hall was painted in March."), ("Diary", "The turbine of CANARY.")):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "note.txt").write_text(text)
        private = ["--private"] if name == "Diary" else []
        added = workbench("folders", "add", str(folder), "--wait", *private)
        assert added.returncode == 0, added.stderr
    server.faults[:] = [saying([("search_documents", {"query": "turbine"})]), saying("In March [1].")]
    how = [
        "chat",
        "--cloud",
        MODEL,
        "--key-stdin",
        "--tools",
        "search_documents",
        "--folder",
        "Open",
        "--folder",
        "Diary",
    ]
    (first,) = objects(workbench(*how, "--preview", "--json", "When was the turbine hall painted?", key=True))
    always = workbench("consents", "accept", first["id"], "--scope", "always", "--later")
    assert always.returncode == 0, always.stderr
    sent = workbench("chat", "--accept", first["hash"], "--key-stdin", "--json", key=True)
    assert sent.returncode == 0, sent.stderr
    assert len(server.questions) == 2
    assert b"painted in March" in server.questions[1].body
    assert not any(b"CANARY" in asked.body for asked in server.questions)
    (citation,) = (event for event in objects(sent) if event["event"] == "citation")
    assert (citation["number"], citation["verdict"]) == (1, "supported")
