from __future__ import annotations

import gc
import itertools
import logging
import threading
import time

import pytest
from pytestqt.qtbot import QtBot

from tests.patience import MILLISECONDS
from ui.bridge import FRAME_SECONDS, Bridge, BugError
from workbench.errors import Cancelled, StorageError, WorkbenchError
from workbench.events import Bus, Changed, Topic
from workbench.jobs import Job


def test_callbacks_run_in_the_main_thread_and_in_order(bridge: Bridge, qtbot: QtBot) -> None:
    got: list[tuple[str, object]] = []
    threads: set[int] = set()

    def note(kind: str, payload: object) -> None:
        got.append((kind, payload))
        threads.add(threading.get_ident())

    def work(job: Job) -> str:
        for number in range(3):
            job.emit(number)
        return "result"

    bridge.run(work, on_event=lambda payload: note("event", payload), on_done=lambda result: note("done", result))
    qtbot.waitUntil(lambda: len(got) == 4)
    assert got == [("event", 0), ("event", 1), ("event", 2), ("done", "result")]
    assert threads == {threading.get_ident()}


def test_an_expected_failure_arrives_as_it_is(bridge: Bridge, qtbot: QtBot) -> None:
    failures: list[WorkbenchError] = []

    def work(job: Job) -> None:
        raise StorageError("The disk is full.", hint="Make room.")

    bridge.run(work, on_failed=failures.append)
    qtbot.waitUntil(lambda: bool(failures))
    assert (failures[0].message, failures[0].hint) == ("The disk is full.", "Make room.")


def test_a_bug_arrives_as_one_with_a_report(bridge: Bridge, qtbot: QtBot) -> None:
    failures: list[WorkbenchError] = []

    def work(job: Job) -> None:
        raise ZeroDivisionError("oops")

    bridge.run(work, on_failed=failures.append)
    qtbot.waitUntil(lambda: bool(failures))
    assert isinstance(failures[0], BugError)
    assert "ZeroDivisionError: oops" in failures[0].detail
    assert "in work" in failures[0].detail


def test_a_failure_nobody_waits_for_is_still_told(bridge: Bridge, qtbot: QtBot) -> None:
    def work(job: Job) -> None:
        raise StorageError("No.")

    with qtbot.waitSignal(bridge.failed) as told:
        bridge.run(work)
    assert told.args is not None
    assert told.args[0].message == "No."


def test_a_bug_in_a_callback_does_not_stop_the_mail(bridge: Bridge, qtbot: QtBot) -> None:
    done: list[str] = []

    def broken(_result: object) -> None:
        raise KeyError("callback")

    with qtbot.waitSignal(bridge.failed) as told:
        bridge.run(lambda job: "first", on_done=broken)
    assert told.args is not None
    assert isinstance(told.args[0], BugError)
    bridge.run(lambda job: "second", on_done=done.append)
    qtbot.waitUntil(lambda: done == ["second"])


def test_cancelled_work_says_so_and_nothing_else(bridge: Bridge, qtbot: QtBot) -> None:
    news: list[str] = []

    def work(job: Job) -> None:
        job.cancel.wait(30)
        raise AssertionError("must be cancelled")

    job = bridge.run(
        work,
        on_done=lambda _r: news.append("done"),
        on_failed=lambda _e: news.append("failed"),
        on_cancelled=lambda: news.append("cancelled"),
    )
    job.cancel.cancel()
    qtbot.waitUntil(lambda: bool(news))
    assert news == ["cancelled"]
    with pytest.raises(Cancelled):
        job.cancel.check()


def test_a_flood_is_delivered_in_batches_of_a_frame(bridge: Bridge, qtbot: QtBot) -> None:
    drains: list[float] = []
    bridge.drained.connect(lambda: drains.append(time.monotonic()))
    received: list[int] = []
    done: list[bool] = []

    def work(job: Job) -> None:
        for number in range(300):
            job.emit(number)
            time.sleep(0.001)

    bridge.run(work, on_event=received.append, on_done=lambda _r: done.append(True))
    qtbot.waitUntil(lambda: bool(done), timeout=MILLISECONDS)
    assert received == list(range(300))
    gaps = [later - earlier for earlier, later in itertools.pairwise(drains)]
    assert len(drains) < 40
    assert all(gap > FRAME_SECONDS * 0.8 for gap in gaps)


def test_ten_thousand_posts_from_four_threads_all_arrive(bridge: Bridge, qtbot: QtBot) -> None:
    received: list[int] = []
    done: list[bool] = []

    def work(job: Job) -> None:
        for number in range(2500):
            job.emit(number)

    for _thread in range(4):
        bridge.run(work, on_event=received.append, on_done=lambda _r: done.append(True))
    qtbot.waitUntil(lambda: len(done) == 4, timeout=MILLISECONDS)
    assert len(received) == 10_000


def test_changes_of_the_core_reach_listeners_in_the_main_thread(bridge: Bridge, qtbot: QtBot) -> None:
    bus, seen = Bus(), []
    end = bridge.follow(bus)
    bridge.listen(lambda changed: seen.append((changed.topics, threading.get_ident())))
    thread = threading.Thread(target=lambda: bus.publish(Topic.CHATS))
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: bool(seen))
    assert seen == [(Changed(frozenset({Topic.CHATS})).topics, threading.get_ident())]
    end()


def test_nothing_runs_while_nothing_happens(bridge: Bridge, qtbot: QtBot) -> None:
    done: list[int] = []
    bridge.run(lambda job: 1, on_done=done.append)
    qtbot.waitUntil(lambda: done == [1])
    drains: list[None] = []
    bridge.drained.connect(lambda: drains.append(None))
    qtbot.wait(150)
    assert drains == []
    assert bridge.idle


@pytest.mark.parametrize("outcome", ["done", "failed", "cancelled"])
def test_what_the_work_held_ends_in_the_main_thread(
    bridge: Bridge, qtbot: QtBot, outcome: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.ERROR, logger="workbench.jobs")  # a captured traceback would hold it too
    ended_in: list[int] = []

    class Held:
        def __del__(self) -> None:
            ended_in.append(threading.get_ident())

    def start() -> None:
        held, over = Held(), list[str]()

        def work(job: Job) -> str:
            assert held is not None
            if outcome == "failed":
                raise StorageError("The disk is full.")
            if outcome == "cancelled":
                raise Cancelled
            return "result"

        bridge.run(
            work,
            on_done=lambda _result: over.append("done"),
            on_failed=lambda _error: over.append("failed"),
            on_cancelled=lambda: over.append("cancelled"),
        )

    for _ in range(200):
        start()
    qtbot.waitUntil(lambda: bridge.idle)
    gc.collect()
    qtbot.waitUntil(lambda: len(ended_in) == 200)
    assert set(ended_in) == {threading.get_ident()}
