"""A provider's model calls tools, in the window: what it is offered, its steps, and a yes for each further request."""

from __future__ import annotations

import json
from collections.abc import Sequence

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from tests.fakes.backend import ScriptedBackend, Step
from tests.fakes.workbench import FakeWorkbench
from tests.ui.cloud.test_escalating import (
    LOCAL,
    ask,
    asked,
    body,
    desk,
    last,
    press,
    ready,
    sent,
    with_cloud,
)
from tests.ui.conftest import MakeWindow, OpenWindow
from ui.chat.consent_row import ConsentCard
from ui.chat.items import WAITING_ROLE
from ui.chat.steps_row import StepLine
from ui.cloud.sheet.sheet import EscalationSheet
from workbench.consents.consent import ConsentKind, ConsentState, Scope
from workbench.messages import TextDelta, ToolCallDelta, ToolResult
from workbench.tools.tool import Outcome

WRITES, SAYS = "files_write_file", "It is 4.25 km."


def calls(name: str = "calculate", arguments: str = "{}") -> Sequence[Step]:
    return (TextDelta("Let me see. "), ToolCallDelta(0, "c1", name, arguments))


def with_tools(workbench: FakeWorkbench) -> None:
    with_cloud(workbench)
    workbench.change_setting("cloud.tools", value=True)
    workbench.tool_source.outcomes[WRITES] = Outcome("Written.")


@pytest.fixture
def opened(make_window: MakeWindow) -> OpenWindow:
    return asked(make_window(ScriptedBackend(LOCAL), with_tools))


def tools_in(shown: EscalationSheet) -> list[str]:
    return list(json.loads(body(shown)).get("tools", ()))


def cards(opened: OpenWindow) -> list[ConsentCard]:
    return [one for one in opened.page.transcript.findChildren(ConsentCard) if one.isVisible()]


def waits(opened: OpenWindow, *rounds: Sequence[Step]) -> ConsentCard:
    """The first request was sent, its tool was called, and what it gave waits."""
    opened.workbench.provider_client.rounds = [*rounds] or [calls()]
    opened.workbench.provider_client.steps = (TextDelta(SAYS),)
    ask(opened).foot.send.click()
    opened.until(lambda: opened.idle() and len(cards(opened)) == 1 and opened.window._bridge.idle)
    return cards(opened)[0]


def ended(opened: OpenWindow, text: str = f"Let me see. {SAYS}") -> None:
    opened.until(lambda: opened.idle() and opened.texts[-1].replace("\n", "") == text and opened.window._bridge.idle)


def results(opened: OpenWindow) -> list[str]:
    return [part.text for part in opened.page.transcript.items[-1].parts if isinstance(part, ToolResult)]


# The sheet ------------------------------------------------------------------------------------------------------------


def test_tools_are_offered_all_or_one_by_one(opened: OpenWindow) -> None:
    shown = ask(opened)
    assert shown.choices.tools.isVisible()
    assert "calculate" in tools_in(shown)
    assert WRITES not in tools_in(shown), "a stranger's description stays here until it is added"
    shown.choices.tools.pieces.ticks["tool.calculate"].click()
    ready(opened)
    assert "calculate" not in tools_in(shown)
    shown.choices.tools.pieces.ticks[f"tool.{WRITES}"].click()
    ready(opened)
    assert WRITES in tools_in(shown)
    shown.choices.tools.all.click()
    ready(opened)
    assert tools_in(shown) == []
    assert not shown.choices.tools.all.isChecked()
    shown.choices.tools.all.click()
    ready(opened)
    assert "calculate" in tools_in(shown)
    assert WRITES not in tools_in(shown), "with all of them it is not meant"


def test_tools_stand_apart_from_what_is_said(opened: OpenWindow) -> None:
    shown = ask(opened)
    assert not [one for one in shown.choices.pieces.ticks if one.startswith("tool.")]
    assert shown.choices.tools.pieces.ticks["tool.calculate"].accessibleName() == "Calculate"
    assert "for a model" in shown.choices.tools.pieces.ticks["tool.calculate"].accessibleDescription()


# What it goes on with -------------------------------------------------------------------------------------------------


def test_a_further_request_waits_as_a_card_and_one_press_sends_it(opened: OpenWindow) -> None:
    card = waits(opened)
    assert len(sent(opened)) == 1, "what the tool gave has not left"
    assert results(opened) == ["4.25 km"]
    assert [one for one in opened.page.transcript.findChildren(StepLine) if one.isVisible()]
    assert "4.25 km" in card.accessibleName(), "what is new in it stands on the card"
    (consent,) = opened.workbench.consents.list()
    press(card, "once")
    ended(opened)
    assert [json.loads(one)["messages"][-1]["content"] for one in sent(opened)][1] == "4.25 km"
    assert sent(opened)[1].decode() == consent.request["body"]
    assert opened.workbench.consents.list() == ()


def test_it_is_looked_at_on_the_sheet_and_sent_as_it_was_shown(opened: OpenWindow) -> None:
    press(waits(opened), "review")
    shown = ready(opened)
    assert desk(opened).sheets.state.fixed
    text = body(shown)
    assert "4.25 km" in text
    assert "wants to go on" in shown.told.text()
    shown.foot.send.click()
    ended(opened)
    assert sent(opened)[1] == text.encode()


def test_a_result_that_is_kept_here_does_not_leave(opened: OpenWindow) -> None:
    press(waits(opened), "review")
    shown = ready(opened)
    shown.foot.change.click()
    ready(opened)
    assert not shown.choices.model.isEnabled(), "whom it asks is settled"
    assert not any(button.isEnabled() for button in shown.choices.modes.values())
    assert not shown.foot.hand.isVisible()
    (result,) = [one for one in shown.choices.pieces.ticks if one.endswith(".result-1")]
    shown.choices.pieces.ticks[result].click()
    ready(opened)
    assert "4.25 km" not in body(shown)
    shown.foot.send.click()
    ended(opened)
    assert b"4.25 km" not in sent(opened)[1]
    assert [one.state for one in opened.workbench.consents.list(waiting=False)].count(ConsentState.REFUSED) == 1


@pytest.mark.parametrize("on_the_sheet", [False, True])
def test_a_no_ends_the_answer_with_what_it_has(opened: OpenWindow, on_the_sheet: bool) -> None:
    card = waits(opened)
    if on_the_sheet:
        press(card, "review")
        ready(opened).foot.leave.click()
    else:
        press(card, "refuse")
    opened.until(lambda: opened.idle() and not cards(opened) and opened.window._bridge.idle)
    assert len(sent(opened)) == 1
    assert results(opened) == ["4.25 km"], "nothing is lost"
    assert opened.workbench.consents.list() == ()
    assert "continue" not in opened.page.transcript.items[-1].actions


def test_a_lasting_yes_goes_on_by_itself(opened: OpenWindow) -> None:
    opened.workbench.provider_client.rounds = [calls()]
    opened.workbench.provider_client.steps = (TextDelta(SAYS),)
    ask(opened).sent.emit(Scope.CHAT)
    ended(opened)
    assert len(sent(opened)) == 2
    assert opened.workbench.consents.list() == ()


def test_a_tool_that_acts_asks_first_and_then_its_result_waits(opened: OpenWindow) -> None:
    shown = ask(opened)
    shown.choices.tools.pieces.ticks[f"tool.{WRITES}"].click()
    ready(opened)
    opened.workbench.provider_client.rounds = [calls(WRITES)]
    opened.workbench.provider_client.steps = (TextDelta(SAYS),)
    shown.foot.send.click()
    opened.until(lambda: opened.idle() and len(cards(opened)) == 1 and opened.window._bridge.idle)
    (consent,) = opened.workbench.consents.list()
    assert consent.question.kind is ConsentKind.TOOL
    press(cards(opened)[0], "once")
    opened.until(lambda: opened.idle() and [one.question.kind for one in opened.workbench.consents.list()] == ["cloud"])
    opened.until(lambda: len(cards(opened)) == 1 and opened.window._bridge.idle)
    assert results(opened) == ["Written."]
    press(cards(opened)[0], "once")
    ended(opened)
    assert len(sent(opened)) == 2


def test_what_it_costs_is_the_sum_and_the_details_tell_how_many(opened: OpenWindow) -> None:
    from ui.chat.answer_details_card import DetailsCard

    press(waits(opened), "once")
    ended(opened)
    summed = sum(one.cost_micros for one in opened.workbench.ledger.entries())
    assert len(opened.workbench.ledger.entries()) == 2
    turn = opened.window.desk.chat.state.nodes[-1].turn  # type: ignore[union-attr]
    assert turn is not None
    opened.until(
        lambda: opened.window.desk.chat.state.charged[turn.id].cost_micros == summed  # type: ignore[union-attr]
    )
    opened.window.desk.act_on(last(opened), "answer_details")  # type: ignore[union-attr]
    opened.until(lambda: opened.window.findChild(DetailsCard) is not None)
    card = opened.window.findChild(DetailsCard)
    assert card is not None
    card.copy_button.click()
    told = QGuiApplication.clipboard().text()
    assert "Requests: 2:" in told
    assert "Sent last:" in told


def test_the_list_of_chats_says_who_waits(opened: OpenWindow) -> None:
    waits(opened)
    model = opened.window.sidebar.model
    opened.until(lambda: bool(model.index(1).data(WAITING_ROLE)))
    assert "OpenRouter waits for your yes" in model.index(1).data(Qt.ItemDataRole.AccessibleTextRole)
    assert model.index(1).data(Qt.ItemDataRole.ToolTipRole) == "OpenRouter waits for your yes"
    press(cards(opened)[0], "refuse")
    opened.until(lambda: not model.index(1).data(WAITING_ROLE))


def test_what_was_answered_elsewhere_is_gone_on_with_here(opened: OpenWindow) -> None:
    waits(opened)
    (consent,) = opened.workbench.consents.list()
    opened.workbench.consents.accept(consent.id)
    opened.until(lambda: "continue" in opened.page.transcript.items[-1].actions)
    opened.window.desk.act_on(last(opened), "continue")  # type: ignore[union-attr]
    ended(opened)
    assert len(sent(opened)) == 2
