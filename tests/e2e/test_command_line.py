"""The command line as scripts and people use it: the real program, the real engine, the real small model."""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.patience import until
from workbench.cli.main import parser

ROOT = Path(__file__).parent.parent.parent
WORKBENCH = [sys.executable, "-m", "workbench.entry"]
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def run(home: Path, starter_model: Path) -> Run:
    """`workbench` with these arguments, in a home that has the starter model."""
    models = home / "models"
    models.mkdir(parents=True)
    os.link(starter_model, models / starter_model.name)

    def perform(*arguments: str, text: str | None = None) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*WORKBENCH, *arguments],
            cwd=ROOT,
            input=text,
            stdin=subprocess.DEVNULL if text is None else None,
            capture_output=True,
            text=True,
            check=False,
            timeout=100,
        )

    return perform


def start(*arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*WORKBENCH, *arguments],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def objects(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def engines(home: Path) -> list[psutil.Process]:
    """The engine children of this home's programs: they inherit the name of it."""
    return [process for process in psutil.process_iter() if _is_engine_of(process, home)]


def _is_engine_of(process: psutil.Process, home: Path) -> bool:
    try:
        is_engine = any("native_child" in part or part == "--engine-child" for part in process.cmdline())
        return is_engine and process.environ().get("WORKBENCH_HOME") == str(home)
    except psutil.Error:
        return False


@pytest.fixture(autouse=True)
def _no_orphan(home: Path) -> Iterator[None]:
    yield
    until(lambda: not engines(home))


@pytest.mark.engine
def test_one_sentence_about_the_sea_and_after_a_restart_it_is_still_there(run: Run) -> None:
    seen = run("chat", "--json", "--max-tokens", "40", "Write one sentence about the sea.")
    assert seen.returncode == 0, seen.stderr
    events = objects(seen.stdout)
    first, last = events[0], events[-1]
    assert (first["event"], first["model"]) == ("start", "SmolLM2 135M Instruct Q4_1")
    assert {event["event"] for event in events[1:-1]} == {"text"}
    assert "".join(event["text"] for event in events[1:-1]) == last["text"] != ""
    assert last["event"] == "end"
    assert last["finish"] in ("stop", "length")
    assert last["usage"]["prompt_tokens"] > 20
    assert 1 < last["usage"]["completion_tokens"] <= 40
    assert set(last["timings"]) == {
        "first_token_seconds",
        "prompt_tokens_per_second",
        "generation_tokens_per_second",
        "total_seconds",
    }
    assert all(value > 0 for value in last["timings"].values())
    assert (last["cost_micros"], last["currency"]) == (0, "USD")

    shown = json.loads(run("chats", "show", "--json", first["conversation"][:8]).stdout)
    question, answer = shown["messages"]
    assert question["parts"] == [{"kind": "text", "text": "Write one sentence about the sea."}]
    assert answer["parts"] == [{"kind": "text", "text": last["text"]}]
    assert (answer["parent"], shown["tip"]) == (question["id"], answer["id"])
    (listed,) = json.loads(run("chats", "list", "--json").stdout)
    assert (listed["id"], listed["messages"]) == (first["conversation"], 2)


@pytest.mark.engine
def test_a_second_question_in_the_same_chat_knows_the_first(run: Run) -> None:
    first = objects(run("chat", "--json", "--max-tokens", "8", "My name is Ada.").stdout)
    again = run("chat", "--json", "--max-tokens", "8", "-c", first[0]["conversation"][:10], "What is my name?")
    events = objects(again.stdout)
    assert events[0]["conversation"] == first[0]["conversation"]
    assert events[-1]["usage"]["prompt_tokens"] > first[-1]["usage"]["prompt_tokens"] + 8


@pytest.mark.engine
def test_from_a_pipe_for_people(run: Run) -> None:
    seen = run("chat", "--max-tokens", "8", text="Say hello.\n")
    assert seen.returncode == 0
    assert seen.stdout.strip()
    assert "tokens/s" in seen.stderr
    assert "{" not in seen.stdout


@pytest.mark.engine
def test_interrupting_keeps_the_partial_answer(run: Run) -> None:
    process = start("chat", "--json", "Write a very long story about a lighthouse.")
    assert process.stdout is not None
    for _ in range(6):
        process.stdout.readline()
    process.send_signal(signal.SIGINT)
    rest, _errors = process.communicate(timeout=60)
    assert process.returncode == 130
    last = objects(rest)[-1]
    assert (last["event"], last["finish"]) == ("end", "cancelled")
    (chat,) = json.loads(run("chats", "list", "--json").stdout)
    shown = json.loads(run("chats", "show", "--json", chat["id"]).stdout)
    assert shown["messages"][-1]["parts"][0]["text"] == last["text"] != ""
    assert "(cancelled)" in run("chats", "show", chat["id"]).stdout


@pytest.mark.engine
def test_killed_while_streaming_nothing_is_lost_and_no_engine_left(run: Run, home: Path) -> None:
    process = start("chat", "--json", "Write a very long story about a lighthouse.")
    assert process.stdout is not None
    started = json.loads(process.stdout.readline())
    lines = [process.stdout.readline() for _ in range(12)]
    time.sleep(1.0)  # a checkpoint is at most 0.8 s old
    process.kill()
    rest, _errors = process.communicate()
    streamed = "".join(lines) + rest
    until(lambda: not engines(home))
    shown = json.loads(run("chats", "show", "--json", started["conversation"]).stdout)
    question, answer = shown["messages"]
    assert question["parts"][0]["text"].startswith("Write a very long story")
    assert answer["turn"]["finish"] == "interrupted"
    kept = answer["parts"][0]["text"]
    assert "".join(event.get("text", "") for event in objects(streamed)).startswith(kept)
    assert len(kept.split()) > 5


@pytest.mark.engine
def test_the_engine_killed_while_streaming_is_told_with_its_cause(run: Run, home: Path) -> None:
    process = start("chat", "--json", "Write a very long story about a lighthouse.")
    assert process.stdout is not None
    lines = [process.stdout.readline() for _ in range(6)]
    (engine,) = engines(home)
    engine.kill()
    rest, _errors = process.communicate(timeout=60)
    assert process.returncode == 3
    events = objects("".join(lines) + rest)
    error, end = events[-2:]
    assert (error["event"], error["kind"]) == ("error", "engine")
    assert "ended from outside" in error["message"]
    assert error["hint"]
    assert (end["event"], end["finish"]) == ("end", "error")
    assert end["text"] == "".join(event["text"] for event in events if event["event"] == "text")


@pytest.fixture
def small_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A data home on a file system of 8 MB of its own."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(disk)]
    if sys.platform != "linux" or subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("cannot mount a small file system here")
    monkeypatch.setenv("WORKBENCH_HOME", str(disk / "home"))
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


@pytest.mark.engine
def test_a_disk_that_fills_while_an_answer_streams(small_disk: Path, starter_model: Path) -> None:
    process = start("chat", "--json", "-m", str(starter_model), "--max-tokens", "120", "Write a very long story.")
    assert process.stdout is not None
    lines = [process.stdout.readline() for _ in range(40)]
    time.sleep(1.0)  # a checkpoint is at most 0.8 s old
    with (small_disk / "filler").open("wb", buffering=0) as filler, contextlib.suppress(OSError):
        while True:
            filler.write(bytes(4096))
    rest, errors = process.communicate(timeout=60)
    events = objects("".join(lines) + rest)
    assert process.returncode == 5, errors
    assert [event["event"] for event in events[-2:]] == ["error", "end"]
    assert "full" in events[-2]["message"]
    assert "Traceback" not in errors
    (small_disk / "filler").unlink()
    seen = subprocess.run(
        [*WORKBENCH, "chats", "show", "--json", events[0]["conversation"]],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    answer = json.loads(seen.stdout)["messages"][-1]
    assert answer["turn"]["finish"] == "interrupted"
    assert len(answer["parts"][0]["text"].split()) > 5


@pytest.mark.engine
def test_a_reader_that_goes_away_ends_it_quietly(run: Run) -> None:
    process = start("chat", "Write a very long story about a lighthouse.")
    assert process.stdout is not None
    process.stdout.read(1)
    process.stdout.close()
    assert process.stderr is not None
    errors = process.stderr.read()
    assert process.wait(timeout=30) == 141
    assert "Traceback" not in errors
    process.stderr.close()
    chat = json.loads(run("chats", "list", "--json").stdout)[0]["id"]
    turn = json.loads(run("chats", "show", chat, "--json").stdout)["messages"][-1]["turn"]
    assert (turn["finish"], turn["error"]) == ("cancelled", None)


@pytest.mark.skipif(sys.platform != "linux", reason="a shell, and a device that is always full")
@pytest.mark.parametrize(
    ("redirection", "code", "words"),
    [(">&-", 0, ""), ("2>&-", 0, ""), ("<&- >&- 2>&-", 0, ""), (">/dev/full", 5, "cannot be written: No space left")],
)
@pytest.mark.parametrize("arguments", ["models list --json", "doctor"])
def test_closed_and_full_outputs(home: Path, arguments: str, redirection: str, code: int, words: str) -> None:
    command = f'exec "$0" -m workbench.entry {arguments} {redirection}'
    done = subprocess.run(
        ["/bin/sh", "-c", command, sys.executable], cwd=ROOT, capture_output=True, text=True, check=False, timeout=60
    )
    assert (done.returncode, words in done.stderr, "Traceback" in done.stderr) == (code, True, False), done.stderr


@pytest.mark.engine
def test_a_chat_is_renamed_removed_and_restored(run: Run) -> None:
    chat = objects(run("chat", "--json", "--max-tokens", "2", "Hi").stdout)[0]["conversation"]
    assert run("chats", "rename", chat[:8], "The sea").returncode == 0
    assert json.loads(run("chats", "remove", "--json", chat[:8]).stdout) == {"removed": chat}
    assert json.loads(run("chats", "list", "--json").stdout) == []
    assert run("chats", "restore", chat).returncode == 0
    assert "The sea" in run("chats", "list").stdout


@pytest.mark.engine
def test_what_was_said_is_found_and_a_chat_is_pinned(run: Run) -> None:
    chat = objects(run("chat", "--json", "--max-tokens", "4", "Tell me of the lighthouse").stdout)[0]["conversation"]
    hits = json.loads(run("chats", "search", "lightho", "--json").stdout)
    shown = json.loads(run("chats", "show", chat, "--json").stdout)
    (hit,) = (one for one in hits if one["message"] == shown["messages"][0]["id"])  # the answer may say it too
    assert hit["conversation"] == chat
    assert "lighthouse" in hit["snippet"]
    assert hit in json.loads(
        run("chats", "search", "lighthouse", "--model", "smollm", "--after", "today", "--json").stdout
    )
    assert json.loads(run("chats", "search", "lighthouse", "--before", "2020", "--json").stdout) == []
    assert "is not a day" in run("chats", "search", "sea", "--after", "soon").stderr
    assert run("chats", "pin", chat[:8]).returncode == 0
    assert json.loads(run("chats", "list", "--json").stdout)[0]["pinned_at"] is not None


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["chat", "-m", "no-such-model", "Hi"], 2, "no-such-model"),
        (["chat", "-m", "missing/file.gguf", "Hi"], 2, "missing/file.gguf"),
        (["chat", "-c", "zzzz", "Hi"], 2, "There is no chat 'zzzz'"),
        (["chat", "-c", "", "Hi"], 2, "There is no chat ''"),
        (["chat", "--max-tokens", "0", "Hi"], 2, "at least 1"),
        (["chats", "list", "--limit", "few"], 2, "a whole number"),
        (["chats", "show", "zzzz"], 2, "There is no chat 'zzzz'"),
        (["chats", "restore", "zzzz"], 2, "There is no chat 'zzzz'"),
        (["nonsense"], 2, "nonsense"),
        (["models", "show", "nothing"], 2, "nothing"),
    ],
)
def test_bad_input_gets_words_and_a_code(run: Run, arguments: list[str], code: int, words: str) -> None:
    seen = run(*arguments)
    assert (seen.returncode, seen.stdout) == (code, "")
    assert words in seen.stderr
    assert "Traceback" not in seen.stderr
    as_json = run(*arguments, "--json")
    assert as_json.returncode == code
    first = objects(as_json.stdout)[0]  # an error is one line, so that readers of streams can read it too
    said = first.get("error", first)
    assert words in said["message"]
    assert said["hint"]


def test_an_empty_pipe_is_no_question(run: Run) -> None:
    seen = run("chat", text="  \n")
    assert seen.returncode == 2
    assert "nothing to ask" in seen.stderr


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"<!DOCTYPE html><html>", "is not a gguf file"),
        (b"PK\x03\x04" + b"\0" * 100, "zip"),
        (b"GGUF\x03\0\0\0", "incomplete"),
    ],
)
def test_a_file_that_is_no_model_is_named_and_never_started(
    run: Run, tmp_path: Path, content: bytes, words: str
) -> None:
    file = tmp_path / "broken.gguf"
    file.write_bytes(content)
    seen = run("chat", "-m", str(file), "Hi")
    assert seen.returncode == 2
    assert str(file) in seen.stderr
    assert words in seen.stderr.lower()


def test_a_truncated_model_is_named_and_never_started(run: Run, tmp_path: Path, starter_model: Path) -> None:
    file = tmp_path / "cut.gguf"
    file.write_bytes(starter_model.read_bytes()[: 50 << 20])
    seen = run("chat", "-m", str(file), "Hi")
    assert seen.returncode == 2
    assert str(file) in seen.stderr
    assert "incomplete" in seen.stderr


def test_without_a_model_it_says_how_to_get_one(home: Path) -> None:
    seen = subprocess.run([*WORKBENCH, "chat", "Hi"], cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)
    assert seen.returncode == 2
    assert "workbench models pull starter" in seen.stderr


def test_doctor_reports_and_exits_zero(run: Run) -> None:
    seen = run("doctor", "--json")
    assert seen.returncode == 0, seen.stderr
    report = json.loads(seen.stdout)
    assert set(report) == {"machine", "engine", "checks"}
    assert report["machine"]["os"] in ("linux", "macos", "windows")
    assert report["machine"]["memory_total_bytes"] > 1 << 30
    names = {check["name"]: check["status"] for check in report["checks"]}
    assert {names[name] for name in ("machine", "engine", "sqlite", "database", "data folder", "models")} == {"ok"}
    assert "SmolLM2" in run("doctor").stdout


def test_doctor_exits_zero_on_wrong_settings_and_names_the_line(run: Run, home: Path) -> None:
    (home / "config.toml").write_text("[appearance]\ntheme = 'pink'\n")
    seen = run("doctor", "--json")
    assert seen.returncode == 0
    (check,) = [check for check in json.loads(seen.stdout)["checks"] if check["name"] == "settings"]
    assert check["status"] == "warning"
    assert "config.toml, line 2" in check["detail"]


@pytest.mark.parametrize("what", ["a damaged database", "a file in the home's place"])
def test_doctor_reports_and_exits_zero_also_when_the_data_cannot_be_opened(home: Path, what: str) -> None:
    if what == "a damaged database":
        home.mkdir()
        (home / "workbench.db").write_bytes(b"not a database at all" * 400)
    else:
        home.write_text("")
    command = [*WORKBENCH, "doctor", "--json"]
    seen = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)
    assert seen.returncode == 0, seen.stderr
    report = json.loads(seen.stdout)
    assert report["machine"]["memory_total_bytes"] > 0
    problem = next(check for check in report["checks"] if check["name"] == "data folder")
    assert problem["status"] == "error"
    assert str(home) in problem["detail"]
    assert problem["hint"]


def test_a_newer_database_is_refused_with_storage_code(run: Run, home: Path) -> None:
    import sqlite_utils

    run("chats", "list")
    database = sqlite_utils.Database(home / "workbench.db")
    database.execute("INSERT INTO _sqlite_migrations (migration_set, name) VALUES ('workbench', 'm999_future')")
    database.conn.commit()
    database.close()
    seen = run("chats", "list", "--json")
    assert seen.returncode == 5
    assert "newer Workbench" in json.loads(seen.stdout)["error"]["message"]


def commands(top: argparse.ArgumentParser) -> Iterator[argparse.ArgumentParser]:
    yield top
    for action in top._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name in action.choices:
                yield from commands(action.choices[name])


def test_every_command_has_an_example_and_the_guide_names_it() -> None:
    guide = (ROOT / "docs" / "guide.md").read_text() + (ROOT / "README.md").read_text()
    for command in commands(parser()):
        has_subcommands = any(isinstance(action, argparse._SubParsersAction) for action in command._actions)
        if not has_subcommands:
            assert "example" in (command.epilog or ""), f"{command.prog} has no example"
            assert command.prog in guide, f"{command.prog} is not in the guide"
