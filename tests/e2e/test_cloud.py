"""The real program and a provider on loopback: nothing connects before a yes, what was shown is what arrives, and what a
killed process left open is counted at its most."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.conftest import change
from tests.fakes.cloud_servers import KEY, CloudServer, faults
from tests.patience import until

ROOT = Path(__file__).parent.parent.parent
pytestmark = pytest.mark.timeout(120)
MODEL = "mine/model-one"
_CALLED = re.compile(r"\b(connect|sendto|sendmsg)\(\d+, (.*)")
_INTERNET = re.compile(r"AF_INET6?\b.*?sin6?_port=htons\((\d+)\)")
WORKBENCH = [sys.executable, "-m", "workbench.entry"]


def workbench(*arguments: str, key: bool = False, traced: Path | None = None) -> subprocess.CompletedProcess[str]:
    strace = ["strace", "-f", "-q", "-e", "trace=connect,sendto,sendmsg", "-o", str(traced)] if traced else []
    return subprocess.run(
        [*strace, *WORKBENCH, *arguments],
        cwd=ROOT,
        input=f"{KEY}\n" if key else "",
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )


def document(*arguments: str) -> Any:
    return json.loads(workbench(*arguments, "--json").stdout)


def objects(done: subprocess.CompletedProcess[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.fixture
def server(home: Path) -> Iterator[CloudServer]:
    with CloudServer() as running:
        change(home, ("cloud.enabled", True), ("cloud.addresses", {"mine": running.base_url}))
        assert workbench("cloud", "prices", MODEL, "--input", "0.15", "--output", "0.60").returncode == 0
        running.asked.clear()
        yield running


def said_in(conversation: str) -> str:
    """The last message of a chat, as another process reads it."""
    parts = document("chats", "show", conversation)["messages"][-1]["parts"]
    return "".join(part["text"] for part in parts)


def asked(*more: str, traced: Path | None = None) -> subprocess.CompletedProcess[str]:
    text = "What may I answer ada@example.org?"
    return workbench("chat", "--cloud", MODEL, "--json", "--key-stdin", *more, text, key=True, traced=traced)


@pytest.mark.skipif(sys.platform != "linux", reason="strace")
def test_nothing_connects_before_the_yes_and_exactly_what_was_shown_arrives(
    server: CloudServer, tmp_path: Path
) -> None:
    if not shutil.which("strace"):
        pytest.skip("strace is not installed")
    trace = tmp_path / "trace"
    shown = asked("--preview", traced=trace)
    assert shown.returncode == 6, shown.stderr
    (event,) = objects(shown)
    called = [found[2] for line in trace.read_text(errors="replace").splitlines() if (found := _CALLED.search(line))]
    assert not [one for one in called if _INTERNET.search(one)]
    assert server.connections == 0
    assert event["event"] == "consent"
    assert event["destination"] == f"127.0.0.1:{server.port}"
    assert "ada@example.org" not in event["body"]
    assert event["redactions"][0]["original"] == "ada@example.org"
    assert event["cost_micros"]["low"] < event["cost_micros"]["high"]

    agreed = tmp_path / "agreed"
    sent = workbench("chat", "--accept", event["hash"], "--key-stdin", "--json", key=True, traced=agreed)
    assert sent.returncode == 0, sent.stderr
    assert {found[1] for found in _INTERNET.finditer(agreed.read_text(errors="replace"))} == {str(server.port)}
    (arrived,) = server.questions
    assert arrived.body == event["body"].encode()
    *_events, end = objects(sent)
    assert (end["event"], end["finish"], end["text"]) == ("end", "stop", "The sea is wide and blue.")
    assert end["cost_micros"] > 0
    again = workbench("chat", "--accept", event["hash"], "--key-stdin", "--json", key=True)
    assert again.returncode == 2
    assert len(server.questions) == 1
    (call,) = document("cloud", "ledger")
    assert (call["state"], call["provider"], call["model"]) == ("settled", "mine", "model-one")


def test_the_key_is_nowhere_in_the_home(server: CloudServer, home: Path) -> None:
    (event,) = objects(asked("--preview"))
    assert workbench("chat", "--accept", event["hash"], "--key-stdin", key=True).returncode == 0
    holding = [path for path in home.rglob("*") if path.is_file() and KEY.encode() in path.read_bytes()]
    assert holding == []
    assert server.questions


def test_a_yes_over_the_consents_sends_only_with_a_key(server: CloudServer) -> None:
    (event,) = objects(asked("--preview"))
    (waiting,) = document("consents", "list")
    assert (waiting["id"], waiting["kind"], waiting["request"]["body"]) == (event["id"], "cloud", event["body"])
    refused = workbench("consents", "accept", event["id"])  # no key is known in this process
    assert refused.returncode == 6, refused.stderr
    assert not server.questions
    assert workbench("chat", "--accept", event["hash"][:16], "--key-stdin", key=True).returncode == 0


def test_without_a_lasting_yes_the_word_yes_sends_nothing(server: CloudServer) -> None:
    shown = asked("--yes")
    assert shown.returncode == 6
    assert objects(shown)[0]["event"] == "consent"
    assert not server.questions
    accepted = workbench("consents", "accept", objects(shown)[0]["id"], "--scope", "always", "--later")
    assert accepted.returncode == 0, accepted.stderr
    sent = asked("--yes")
    assert sent.returncode == 0, sent.stderr
    assert len(server.questions) == 1


def test_a_cap_refuses_before_anything_is_sent(server: CloudServer) -> None:
    assert workbench("cloud", "budget", "--day", "0").returncode == 0
    refused = asked()
    assert refused.returncode == 6
    event, error, end = objects(refused)
    assert event["id"] is None
    assert "cap for today" in error["message"]
    assert end["finish"] == "error"
    assert not server.questions


def test_a_process_that_is_killed_in_the_middle_is_counted_at_its_most(server: CloudServer) -> None:
    server.faults[:] = [faults.stall_after(2)]
    (event,) = objects(asked("--preview"))
    process = subprocess.Popen(
        [*WORKBENCH, "chat", "--accept", event["hash"], "--key-stdin", "--json"],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(f"{KEY}\n")
    process.stdin.close()
    texts = (json.loads(line)["event"] == "text" for line in process.stdout)
    assert any(texts)
    until(lambda: said_in(event["conversation"]) == "The")  # what came is kept within a second
    process.send_signal(signal.SIGKILL)
    process.wait(10)
    process.stdout.close()
    until(lambda: document("cloud", "ledger")[0]["state"] == "assumed")
    (call,) = document("cloud", "ledger")
    assert call["cost_micros"] == event["cost_micros"]["high"]
    assert said_in(event["conversation"]) == "The"
    again = workbench("chat", "--accept", event["hash"], "--key-stdin", "--json", key=True)
    assert again.returncode == 2
    assert len(server.questions) == 1


def test_what_the_provider_refuses_is_told_and_costs_nothing(server: CloudServer) -> None:
    (event,) = objects(asked("--preview"))
    server.faults[:] = [faults.status(402)]
    refused = workbench("chat", "--accept", event["hash"], "--key-stdin", "--json", key=True)
    assert refused.returncode == 4
    *_events, error, end = objects(refused)
    assert (error["error"]["kind"] if "error" in error else error["kind"]) == "provider"
    assert (end["finish"], end["cost_micros"]) == ("error", 0)
    (call,) = document("cloud", "ledger")
    assert call["state"] == "released"


def test_by_hand_without_a_key(server: CloudServer) -> None:
    text = "What may I answer ada@example.org?"
    handed = document("chat", "--cloud", MODEL, "--mode", "question", "--hand-off", text)
    assert "ada@example.org" not in handed["text"]
    assert "[EMAIL_1]" in handed["text"]
    back = subprocess.run(
        [*WORKBENCH, "chat", "-c", handed["conversation"], "--mode", "question", "--paste-back", "My page", "--json"],
        cwd=ROOT, input="Thank [EMAIL_1].", capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert back.returncode == 0, back.stderr
    assert json.loads(back.stdout)["text"] == "Thank ada@example.org."
    (call,) = document("cloud", "ledger")
    assert (call["state"], call["cost_micros"]) == ("free", 0)
    assert server.connections == 0


@pytest.mark.skipif(sys.platform == "win32", reason="a terminal of Unix")
@pytest.mark.parametrize(("typed", "code", "sent"), [("y", 0, 1), ("n", 6, 0), ("", 6, 0)])
def test_a_person_at_a_terminal_is_asked(server: CloudServer, typed: str, code: int, sent: int) -> None:
    shown, ended = at_a_terminal(
        ["chat", "--cloud", MODEL, "--key-stdin", "Well?"], {"Key:": KEY, "Enter = later:": typed}
    )
    assert ended == code
    assert "Send this to model-one" in shown
    assert '"content":"Well?"' in shown
    assert KEY not in shown
    assert len(server.questions) == sent
    assert ("The sea is wide" in shown) == bool(sent)


def at_a_terminal(arguments: list[str], answers: dict[str, str]) -> tuple[str, int]:
    """What a terminal shows, with each answer typed where its prompt stands; and the exit code."""
    import pty

    child, terminal = pty.fork()
    if child == 0:
        os.chdir(ROOT)
        os.execv(sys.executable, [*WORKBENCH, *arguments])
    shown, left = "", dict(answers)
    with suppress(OSError):  # how a terminal ends on Linux
        while piece := os.read(terminal, 4096):
            shown += piece.decode(errors="replace")
            for prompt in [one for one in left if one in shown]:
                os.write(terminal, f"{left.pop(prompt)}\n".encode())
    os.close(terminal)
    return shown, os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
