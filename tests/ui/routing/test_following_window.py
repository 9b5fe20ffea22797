"""Auto in the window where the chat has a yes and a cap of its own: sent by itself, told in one line, or held."""

from __future__ import annotations

import pytest

from tests.fakes.backend import ScriptedBackend
from tests.fakes.workbench import FakeWorkbench
from tests.ui.conftest import MakeWindow, OpenWindow
from tests.unit.chat.escalating.world import KEY, MODEL
from ui.chat.footer_actions import ASK_STRONGER
from workbench.chat.asking.resolve import KnownModel
from workbench.chat.escalating.escalation import Mode
from workbench.cloud.spending.money import CapKind
from workbench.consents.consent import Scope
from workbench.jobs import quiet_job

FRESH = "What is the weather in Berlin today?"


def auto_and_cloud(workbench: FakeWorkbench) -> None:
    workbench.known = KnownModel("fake-1b", "Fake 1B", ())
    workbench.cloud.switch(on=True)
    workbench.cloud.login("openrouter", KEY)
    for key, value in (("chat.model", "auto"), ("cloud.model", MODEL), ("cloud.mode", "question")):
        workbench.change_setting(key, value)


@pytest.fixture
def opened(make_window: MakeWindow) -> OpenWindow:
    """A chat in which a person said yes for this chat, and gave it a cap."""
    window = make_window(ScriptedBackend("It is sunny."), auto_and_cloud)
    window.send("Hi there!")
    window.until(lambda: window.idle() and len(window.texts) == 2)
    workbench = window.workbench
    chat = workbench.chat.list()[0].id
    local = workbench.chat.open(chat).nodes[-1]
    escalations = workbench.escalations
    preview = escalations.preview(escalations.draft(local.id, quiet_job(), MODEL, Mode.QUESTION))
    consent = workbench.consents.accept(escalations.propose(preview).id, Scope.CHAT)
    escalations.send(consent.id, quiet_job())
    workbench.ledger.set_cap(CapKind.CHAT, 100_000, chat)
    window.until(lambda: window.texts[-1:] == ["A better answer."])
    workbench.provider_client.sent.clear()
    return window


def test_it_is_sent_by_itself_and_told(opened: OpenWindow) -> None:
    opened.send(FRESH)
    opened.until(lambda: opened.idle() and opened.texts[-2:] == [FRESH, "A better answer."])
    assert len(opened.workbench.provider_client.sent) == 1
    item = opened.page.transcript.items[-1]
    assert item.cloud
    assert item.chosen.startswith(
        "Sent to OpenRouter by your yes for this chat: fresh facts are needed, which this model cannot know; at most $"
    )
    assert item.proposal == ("", ())


def test_what_keeps_it_here_is_told_and_it_is_offered(opened: OpenWindow) -> None:
    chat = opened.workbench.chat.list()[0].id
    opened.workbench.ledger.set_cap(CapKind.CHAT, 0, chat)
    opened.send(FRESH)
    opened.until(lambda: opened.idle() and bool(opened.page.transcript.items[-1].proposal[1]))
    opened.until(lambda: "Not sent by itself" in opened.page.transcript.items[-1].proposal[0])
    words, buttons = opened.page.transcript.items[-1].proposal
    assert words == (
        "Fresh facts are needed, which this model cannot know. Not sent by itself: nothing is left for this chat."
        " Ask a stronger model?"
    )
    assert buttons == (ASK_STRONGER,)
    assert opened.workbench.provider_client.sent == []
