"""Hundreds of chats in one window: only the last ones stay in memory, and none that has something the disk has not."""

from __future__ import annotations

from functools import partial

from tests.fakes.backend import ScriptedBackend, gate
from tests.fakes.workbench import FakeWorkbench
from tests.ui.conftest import MakeWindow, OpenWindow
from ui.chat.live import MOST_KEPT, LiveChats
from ui.chat.queued import Queued
from workbench.jobs import quiet_job
from workbench.messages import TextDelta

CHATS = MOST_KEPT + 6


def many(workbench: FakeWorkbench) -> None:
    for number in range(CHATS):
        workbench.chat.send(None, f"Question {number}", quiet_job())


def live(opened: OpenWindow) -> LiveChats:
    assert opened.window._desk is not None
    return opened.window._desk.live


def look_at_all(opened: OpenWindow) -> None:
    for chat in opened.workbench.chat.list():
        opened.window._desk.open_chat(chat.id)  # type: ignore[union-attr]
        opened.until(partial(begins_with, opened, chat.title))


def begins_with(opened: OpenWindow, title: str) -> bool:
    return opened.texts[:1] == [title]


def test_only_the_last_ones_stay_and_the_first_comes_back_whole(make_window: MakeWindow) -> None:
    opened = make_window(ScriptedBackend("Yes."), many)
    look_at_all(opened)
    assert len(live(opened)._chats) == MOST_KEPT
    first = opened.workbench.chat.list()[0]
    assert first.id not in live(opened)._chats
    opened.window._desk.open_chat(first.id)  # type: ignore[union-attr]
    opened.until(lambda: opened.texts == [first.title, "Yes."])


def test_what_answers_or_waits_stays(make_window: MakeWindow) -> None:
    held = gate()
    opened = make_window(ScriptedBackend("Yes."), many)
    opened.workbench.backend._answers = [[TextDelta("Well, "), held, TextDelta("yes.")], "Yes."]
    chats = opened.workbench.chat.list()
    busy, waiting = chats[-1], chats[-2]
    desk = opened.window._desk
    assert desk is not None
    desk.open_chat(waiting.id)
    opened.until(lambda: opened.texts[:1] == [waiting.title])
    desk.chat.queued = (Queued("Later"),)
    desk.open_chat(busy.id)
    opened.until(lambda: opened.texts[:1] == [busy.title])
    opened.send("And?")
    opened.until(held.reached.is_set)
    look_at_all(opened)
    assert {busy.id, waiting.id} <= set(live(opened)._chats)
    held.opened.set()
    opened.until(lambda: not live(opened).busy)
    desk.open_chat(busy.id)
    opened.until(lambda: opened.texts[-1] == "Well, yes.")


def test_the_one_in_view_stays_however_many_cannot_go(make_window: MakeWindow) -> None:
    opened = make_window(ScriptedBackend("Yes."), many)
    *others, last = opened.workbench.chat.list()
    desk = opened.window._desk
    assert desk is not None
    for chat in others:
        desk.open_chat(chat.id)
        opened.until(partial(begins_with, opened, chat.title))
        desk.chat.queued = (Queued("Later"),)
    desk.open_chat(last.id)
    opened.until(lambda: begins_with(opened, last.title))
    desk.open_chat(others[0].id)
    opened.until(lambda: begins_with(opened, others[0].title))
    desk.open_chat(last.id)
    opened.until(lambda: begins_with(opened, last.title))
    assert live(opened)._chats[last.id] is desk.chat
