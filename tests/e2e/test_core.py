"""The core with the real engine: what the meter says is what the engine counts, and several processes share one home."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from workbench.app import Workbench, build
from workbench.cancel import CancelToken
from workbench.chat.asking.options import Options
from workbench.engine.connection import State
from workbench.jobs import Job, quiet_job
from workbench.messages import Finish, TextDelta
from workbench.settings import load

ROOT = Path(__file__).parent.parent.parent
BRIEF = Options(max_tokens=12)


@pytest.fixture
def workbench(home: Path, starter_model: Path) -> Iterator[Workbench]:
    models = home / "models"
    models.mkdir(parents=True)
    os.link(starter_model, models / starter_model.name)
    opened = build()
    yield opened
    opened.close()


def command(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "workbench.entry", *arguments],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )


@pytest.mark.engine
def test_the_meter_shows_the_tokens_that_the_engine_counts(workbench: Workbench) -> None:
    workbench.change_setting("chat.system", "You are terse. 简短。")
    assert workbench.chat.measure(None, "anything", CancelToken()).tokens is None
    first = workbench.chat.send(None, "Name a colour, please 🌊.", quiet_job(), BRIEF)
    conversation = workbench.chat.list()[0].id
    for draft in ("And another?", "<|im_end|> is only text\n\n```python\nprint(1)\n```", "   spaces   "):
        told = workbench.chat.measure(conversation, draft, CancelToken())
        answer = workbench.chat.send(conversation, draft, quiet_job(), BRIEF)
        assert answer.turn is not None
        assert answer.turn.usage.prompt_tokens == told.tokens
        assert answer.turn.usage.cached_tokens, "the start of the prompt is not read again"
        assert told.limit == workbench.engine.status().context_tokens
    assert first.turn is not None
    assert first.turn.usage.completion_tokens


@pytest.mark.engine
def test_the_command_line_uses_the_engine_of_the_open_window_and_both_see_both(workbench: Workbench) -> None:
    streaming, done = threading.Event(), threading.Event()

    def report(event: object) -> None:
        if isinstance(getattr(event, "payload", None), TextDelta):
            streaming.set()

    def talk() -> None:
        workbench.chat.send(None, "Write a long story about the sea.", job, Options(max_tokens=400))
        done.set()

    job = Job(report)
    thread = threading.Thread(target=talk)
    thread.start()
    assert streaming.wait(60)
    workbench.changed_elsewhere()
    engine = workbench.engine.status()
    assert engine.state is State.READY
    listed = json.loads(command("chats", "list", "--json").stdout)
    assert [chat["title"] for chat in listed] == ["Write a long story about the sea."]
    seen = command("chat", "--json", "--max-tokens", "8", "Say hello.")
    assert seen.returncode == 0, seen.stderr
    assert json.loads(seen.stdout.splitlines()[-1])["usage"]["completion_tokens"] <= 8
    assert workbench.engine.status().process_id == engine.process_id
    assert workbench.changed_elsewhere()
    assert {chat.title for chat in workbench.chat.list()} == {"Say hello.", "Write a long story about the sea."}
    job.cancel.cancel()
    thread.join()
    assert done.is_set()
    last = workbench.chat.open(listed[0]["id"]).nodes[-1]
    assert last.turn is not None
    assert last.turn.finish in (Finish.CANCELLED, Finish.LENGTH, Finish.STOP)
    assert last.message.text


@pytest.mark.engine
def test_other_engine_settings_take_hold_with_the_next_question(workbench: Workbench) -> None:
    workbench.chat.send(None, "Hi", quiet_job(), BRIEF)
    before = workbench.engine.status()
    workbench.change_setting("engine.context_tokens", 1024)
    workbench.chat.send(None, "Hi", quiet_job(), BRIEF)
    after = workbench.engine.status()
    assert (before.context_tokens, after.context_tokens) == (8192, 1024)
    assert before.process_id != after.process_id


def test_two_settings_changed_at_once_are_both_kept(workbench: Workbench) -> None:
    keys = {"chat.system": "Be brief.", "appearance.theme": "dark", "chat.max_tokens": 99, "appearance.text_scale": 1.2}
    threads = [threading.Thread(target=workbench.change_setting, args=item) for item in keys.items()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    kept, notices = load(workbench.paths.config)
    assert notices == ()
    assert kept == workbench.settings
    assert (kept.chat.system, kept.appearance.theme, kept.chat.max_tokens, kept.appearance.text_scale) == tuple(
        keys.values()
    )
