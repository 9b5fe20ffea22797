"""Jobs end once, with their news in order, and closing reaches those that block."""

from __future__ import annotations

import threading
import time

import pytest

from tests.patience import PATIENCE
from workbench.cancel import CancelToken
from workbench.errors import Cancelled, UsageError
from workbench.events import Bus, Changed, Topic
from workbench.jobs import Job, JobEvent, Jobs, Pool


@pytest.fixture
def news() -> list[JobEvent]:
    return []


def wait_for_end(news: list[JobEvent]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not news or news[-1].kind == "progress":
        assert time.monotonic() < deadline
        time.sleep(0.005)


def test_progress_then_done(news: list[JobEvent]) -> None:
    jobs = Jobs()

    def work(job: Job) -> str:
        job.emit(1)
        job.emit(2)
        return "result"

    jobs.run(work, news.append)
    wait_for_end(news)
    assert [(event.kind, event.payload) for event in news] == [("progress", 1), ("progress", 2), ("done", "result")]
    assert jobs.close()


@pytest.mark.parametrize("error", [UsageError("no"), ZeroDivisionError()])
def test_a_failure_is_news(news: list[JobEvent], error: Exception) -> None:
    jobs = Jobs()

    def work(job: Job) -> None:
        raise error

    jobs.run(work, news.append)
    wait_for_end(news)
    assert [(event.kind, event.payload) for event in news] == [("failed", error)]
    assert jobs.close()


def test_closing_cancels_what_waits_and_what_has_not_begun(news: list[JobEvent]) -> None:
    jobs = Jobs()
    for _ in range(5):  # two threads: three never begin
        jobs.run(lambda job: job.cancel.wait(60), news.append, pool=Pool.LONG)
    time.sleep(0.1)
    started = time.monotonic()
    assert jobs.close()
    assert time.monotonic() - started < 30
    assert {event.kind for event in news} == {"cancelled"}
    assert jobs.running == 0


def test_closing_does_not_wait_for_ever(news: list[JobEvent]) -> None:
    jobs, stubborn = Jobs(), threading.Event()
    jobs.run(lambda _job: stubborn.wait(PATIENCE), news.append)
    time.sleep(0.05)
    started = time.monotonic()
    assert not jobs.close(seconds=0.2)
    assert time.monotonic() - started < PATIENCE / 2
    stubborn.set()


def test_nothing_begins_after_closing(news: list[JobEvent]) -> None:
    jobs = Jobs()
    jobs.close()
    jobs.run(lambda _job: pytest.fail("must not run"), news.append)
    assert [event.kind for event in news] == ["cancelled"]


def test_cancelling_unblocks_and_a_late_hook_is_called_at_once() -> None:
    token, called = CancelToken(), []
    with token.unblocks(lambda: called.append("in time")):
        token.cancel()
        token.cancel()
    with token.unblocks(lambda: called.append("late")):
        pass
    assert called == ["in time", "late"]
    with pytest.raises(Cancelled):
        token.check()
    with pytest.raises(Cancelled):
        token.wait(60)


def test_a_subscriber_hears_until_it_leaves() -> None:
    bus, heard = Bus(), list[Changed]()
    leave = bus.subscribe(heard.append)
    bus.publish(Topic.CHATS, origin="me")
    leave()
    leave()
    bus.publish(Topic.MODELS)
    assert heard == [Changed(frozenset({Topic.CHATS}), "me")]
