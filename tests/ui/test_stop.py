"""Stopping at once loses nothing: the text is in the chat or back in the composer, never nowhere."""

from __future__ import annotations

from tests.fakes.backend import ScriptedBackend
from tests.ui.conftest import MakeWindow
from workbench.jobs import POOL_THREADS, Job, Pool

QUESTION = "Are you there?"


def test_stopped_before_the_work_began(make_window: MakeWindow) -> None:
    opened = make_window(ScriptedBackend("Yes."))
    waiting = [opened.window._bridge.run(lambda job: job.cancel.wait(60)) for _ in range(POOL_THREADS[Pool.QUERY])]
    opened.send(QUESTION)  # all threads are taken: the turn waits, and nothing of it is on the disk
    opened.composer.send_button.click()
    assert opened.composer.text() == ""
    release(waiting)
    opened.until(lambda: opened.idle() and opened.composer.text() == QUESTION)
    assert opened.workbench.chat.list() == ()
    assert opened.texts == []


def release(jobs: list[Job]) -> None:
    for job in jobs:
        job.cancel.cancel()
