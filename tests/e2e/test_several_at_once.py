"""Several programs on one home: of windows that start at once one opens; window, server and command line lose nothing."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from openai import OpenAI

from tests.e2e.conftest import ROOT, Display, Program, ScreenReader, change
from tests.e2e.test_serve import free_port
from tests.e2e.test_window import answered, ask, chats
from tests.e2e.test_window import with_model as with_model
from tests.patience import until
from workbench.doorbell import address

pytestmark = [pytest.mark.display, pytest.mark.engine, pytest.mark.timeout(300)]
COMMAND = (sys.executable, "-m", "workbench.entry")


def started(home: Path, display: Display, *words: str) -> subprocess.Popen[str]:
    environment = display.environment | {"WORKBENCH_HOME": str(home)}
    return subprocess.Popen(
        [*COMMAND, *words],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def ended(processes: Sequence[subprocess.Popen[str]]) -> list[tuple[int, str, str]]:
    """Their codes and what they wrote, as they end by themselves."""
    told = [process.communicate(timeout=100) for process in processes]
    return [(process.returncode, *words) for process, words in zip(processes, told, strict=True)]


def test_after_a_kill_two_starts_open_one_window(
    home: Path, open_window: Callable[[], Program], reader: ScreenReader, display: Display
) -> None:
    program = open_window()
    reader.until(lambda: reader("exists", "Message"))
    program.process.send_signal(signal.SIGKILL)
    program.process.wait(60)
    assert Path(address(home)).exists()  # what nobody could take away
    reader.until(lambda: reader("processes") == [])
    starts = [started(home, display), started(home, display, "quick"), started(home, display)]
    try:
        until(lambda: sum(one.poll() is None for one in starts) == 1)
        assert sorted(one.returncode or 0 for one in starts) == [0, 0, 0]
        reader.until(lambda: reader("exists", "Message"))
        (open_one,) = [one for one in starts if one.poll() is None]
        assert reader("processes") == [open_one.pid]
        assert ended([started(home, display)])[0][0] == 0
        reader.until(lambda: reader("processes") == [open_one.pid])
    finally:
        for one in starts:
            one.terminate()
            one.communicate(timeout=60)
    assert [one.returncode for one in starts] == [0, 0, 0]


def test_window_server_and_command_line_write_at_once(
    with_model: Path, open_window: Callable[[], Program], reader: ScreenReader, display: Display
) -> None:
    change(with_model, ("chat.max_tokens", 8))
    program = open_window()
    reader.until(lambda: reader.hears("SmolLM2"))
    server = started(with_model, display, "serve", "--json", "--port", str(free_port()))
    assert server.stdout
    ready = json.loads(server.stdout.readline())
    try:
        said = [f"Say {word}" for word in ("one", "two", "three")]
        asking = [started(with_model, display, "chat", text) for text in said]
        ask(reader, "Say hello")
        token = Path(ready["token_file"]).read_text().strip()
        with OpenAI(base_url=ready["address"], api_key=token, max_retries=0, timeout=100) as ai:
            whole = ai.chat.completions.create(
                model="starter", messages=[{"role": "user", "content": "Say four"}], max_tokens=8
            )
        assert whole.choices[0].message.content
        told = ended(asking)
        assert [code for code, _answer, _told in told] == [0, 0, 0], told
        reader.until(lambda: reader.hears("Say hello") and answered(reader), 60)
        reader.until(lambda: sorted(chats(reader)) == sorted([*said, "Say hello"]), 20)
    finally:
        server.send_signal(signal.SIGINT)
        (code, _words, wrong) = ended([server])[0]
    assert (code, wrong) == (0, "")
    assert program.end() == 0
    for text, (_code, answer, _told) in zip(said, told, strict=True):
        assert kept(with_model, text) == [text, answer.strip()]
    assert len(kept(with_model, "Say hello")) == 2


def kept(home: Path, title: str) -> list[str]:
    """The texts of the chat that is called so, as the command line tells them."""
    found = next(one["id"] for one in told_by(home, "chats", "list") if one["title"] == title)
    messages = told_by(home, "chats", "show", found)["messages"]
    return ["".join(part.get("text", "") for part in one["parts"]).strip() for one in messages]


def told_by(home: Path, *words: str):  # type: ignore[no-untyped-def]
    environment = {**os.environ, "WORKBENCH_HOME": str(home)}
    done = subprocess.run(
        [*COMMAND, *words, "--json"], cwd=ROOT, env=environment, capture_output=True, text=True, check=True, timeout=60
    )
    return json.loads(done.stdout)
