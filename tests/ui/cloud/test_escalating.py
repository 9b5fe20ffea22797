"""A question taken to a stronger model from the window: real chats, consents, ledger and prices; a provider that the test
scripts."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFrame, QWidget

from tests.fakes.backend import ScriptedBackend, gate
from tests.fakes.workbench import FakeWorkbench
from tests.ui.conftest import MakeWindow, OpenWindow
from ui.chat.compare import CompareDesk
from ui.chat.consent_row import ConsentCard
from ui.chat.escalating import EscalationDesk
from ui.chat.footer_actions import ASK_STRONGER, BESIDE_LOCAL
from ui.chat.transcript_rows import Header
from ui.cloud.sheet.sheet import EscalationSheet
from ui.cloud.sheet.state import page_of
from ui.command_list import CommandList
from ui.widgets.quiet_button import QuietButton
from workbench.chat.escalating.counts import CountedBy
from workbench.chat.escalating.escalation import Mode
from workbench.cloud.asking import CloudError, NextStep
from workbench.cloud.provider import Price
from workbench.cloud.spending.money import CallState, CapKind
from workbench.consents.consent import ConsentKind, ConsentState, Scope
from workbench.jobs import Job
from workbench.messages import Id, TextDelta

KEY = "sk-or-v1-0123456789abcdef0123456789abcdef"
SUBJECT = "openrouter@https://openrouter.ai"
MAIL = "maria@example.org"
QUESTION = f"Write a reminder to {MAIL}."
LOCAL, BETTER = "Dear Maria.", "A better answer."


def with_cloud(workbench: FakeWorkbench) -> None:
    workbench.change_setting("cloud.enabled", value=True)
    workbench.cloud.login("openrouter", KEY)


def without_key(workbench: FakeWorkbench) -> None:
    workbench.change_setting("cloud.enabled", value=True)


@pytest.fixture
def opened(make_window: MakeWindow) -> OpenWindow:
    """A chat with one answer of this computer; the cloud is on, and there is a key."""
    return asked(make_window(ScriptedBackend(LOCAL, "Another local one."), with_cloud))


def asked(window: OpenWindow) -> OpenWindow:
    window.send(QUESTION)
    window.until(lambda: window.idle() and len(window.texts) == 2 and window.window._bridge.idle)
    return window


def desk(opened: OpenWindow) -> EscalationDesk:
    assert opened.window.desk is not None
    return opened.window.desk.escalations


def sheet(opened: OpenWindow) -> EscalationSheet:
    found = desk(opened).sheets.sheet
    assert found is not None
    return found


def ready(opened: OpenWindow) -> EscalationSheet:
    """The sheet, once it shows exactly what would leave."""
    opened.until(lambda: desk(opened).sheets.sheet is not None and desk(opened).sheets.state.fresh is not None)
    return sheet(opened)


def ask(opened: OpenWindow) -> EscalationSheet:
    opened.window.actions_["ask_stronger"].trigger()
    return ready(opened)


def last(opened: OpenWindow) -> Id:
    return str(opened.page.transcript.items[-1].id)


def sent(opened: OpenWindow) -> list[bytes]:
    return [outgoing.body for _provider, outgoing, _key in opened.workbench.provider_client.sent]


def answered(opened: OpenWindow, text: str = BETTER) -> None:
    opened.until(lambda: opened.idle() and opened.texts[-1:] == [text] and opened.window._bridge.idle)


def body(of: EscalationSheet) -> str:
    return str(of.body.text.toPlainText())


# The sheet ------------------------------------------------------------------------------------------------------------


def test_an_estimate_stands_until_the_count_is_there(opened: OpenWindow) -> None:
    """It may be sent with meanwhile; a change counts anew, and at once when what counts is warm."""
    shown: list[str] = []
    opened.window.actions_["ask_stronger"].trigger()
    opened.until(lambda: desk(opened).sheets.sheet is not None)
    foot = sheet(opened).foot
    seen = desk(opened).sheets

    def counted() -> bool:
        if seen.state.fresh is not None:
            shown.append(foot.tokens.text())
        return "counted here" in foot.tokens.text()

    opened.until(counted)
    state = seen.state.fresh
    assert state is not None
    assert state.count.by is CountedBy.PUBLISHED
    assert seen.state.can_send
    assert all("being counted" in words or "counted here" in words for words in shown)
    assert foot.tokens.text().startswith(f"{state.count.least:,} to {state.count.most:,} tokens go")


def test_what_is_shown_is_what_is_sent_and_the_answer_stands_beside_the_local_one(opened: OpenWindow) -> None:
    shown = ask(opened)
    text = body(shown)
    assert MAIL not in text
    assert "[EMAIL_1]" in text
    assert sent(opened) == []
    shown.foot.send.click()
    answered(opened)
    assert sent(opened) == [text.encode()], "the bytes that left are the ones that were shown"
    opened.until(lambda: opened.page.transcript.items[-1].place == (2, 2))
    item = opened.page.transcript.items[-1]
    assert item.cloud
    opened.until(lambda: "$" in opened.page.transcript.items[-1].badge)
    assert opened.page.transcript.items[-1].badge.startswith("From OpenRouter, $0.0000")
    assert item.author == "gpt-oss 120B"
    assert "regenerate" not in item.actions, "nothing is sent there again by itself"
    assert "compare" not in [one.id for one in offered(opened)]
    header = [one for one in opened.page.transcript.findChildren(Header) if one.isVisible()][-1]
    assert "From OpenRouter" in header.accessibleName()
    (entry,) = opened.workbench.ledger.entries()
    assert entry.state is CallState.SETTLED


def test_every_change_is_previewed_before_it_can_be_sent(opened: OpenWindow) -> None:
    shown = ask(opened)
    shown.choices.redactions.toggles[MAIL].click()
    assert not shown.foot.send.isEnabled(), "what it shows is not what is wanted now"
    ready(opened)
    assert MAIL in body(shown)
    assert shown.foot.send.isEnabled()
    shown.choices.modes[Mode.CHECK].click()
    assert not shown.foot.send.isEnabled()
    ready(opened)
    assert LOCAL in body(shown)
    assert MAIL in body(shown), "what was chosen beside the mode stays"
    shown.choices.redactions.toggles[MAIL].click()
    ready(opened)
    assert MAIL not in body(shown)


def test_a_piece_that_is_cut_does_not_leave(opened: OpenWindow) -> None:
    opened.send("And to her boss?")
    opened.until(lambda: opened.idle() and len(opened.texts) == 4)
    shown = ask(opened)
    shown.choices.modes[Mode.BRANCH].click()
    ready(opened)
    assert LOCAL in body(shown)
    (piece,) = [one for one in desk(opened).sheets.state.draft.pieces if one.text == LOCAL]  # type: ignore[union-attr]
    shown.choices.pieces.ticks[piece.id].click()
    ready(opened)
    assert LOCAL not in body(shown)
    assert "And to her boss?" in body(shown)


def test_the_brief_of_the_local_model_is_edited_before_it_leaves(make_window: MakeWindow) -> None:
    opened = asked(make_window(ScriptedBackend(LOCAL, "A reminder is wanted."), with_cloud))
    shown = ask(opened)
    shown.choices.modes[Mode.CONDENSED].click()
    assert "writes the brief" in shown.told.text()
    ready(opened)
    assert "A reminder is wanted." in body(shown)
    (field,) = shown.choices.pieces.fields.values()
    field.setPlainText("Only this.")
    ready(opened)
    assert "Only this." in body(shown)
    assert "A reminder is wanted." not in body(shown)


def test_another_model_is_found_by_typing(opened: OpenWindow) -> None:
    shown = ask(opened)
    shown.choices.model.click()
    palette = opened.window.findChild(CommandList)
    assert palette is not None
    QTest.keyClicks(palette.field, "sonnet anthropic")
    QTest.keyClick(palette.field, Qt.Key.Key_Return)
    ready(opened)
    assert "api.anthropic.com" in shown.host_name.text()
    assert not shown.foot.send.isEnabled()
    assert NextStep.LOGIN in shown.foot.reasons.buttons


def test_a_sheet_without_a_key_offers_to_log_in(make_window: MakeWindow) -> None:
    opened = asked(make_window(ScriptedBackend(LOCAL), without_key))
    shown = ask(opened)
    assert not shown.foot.send.isEnabled()
    assert "key" in shown.foot.reasons.words.text()
    shown.foot.reasons.buttons[NextStep.LOGIN].click()
    assert desk(opened).sheets.sheet is None
    assert opened.window.settings_page is not None


def test_what_a_cap_forbids_is_said_with_its_button(make_window: MakeWindow) -> None:
    def poor(workbench: FakeWorkbench) -> None:
        with_cloud(workbench)
        workbench.ledger.set_cap(CapKind.DAY, 10)

    shown = ask(asked(make_window(ScriptedBackend(LOCAL), poor)))
    assert not shown.foot.send.isEnabled()
    assert NextStep.RAISE_BUDGET in shown.foot.reasons.buttons
    assert "today" in shown.foot.remaining.text()


def test_escape_is_not_now(opened: OpenWindow) -> None:
    shown = ask(opened)
    QTest.keyClick(shown, Qt.Key.Key_Escape)
    assert desk(opened).sheets.sheet is None
    assert sent(opened) == []
    assert opened.workbench.consents.list() == ()
    ask(opened).foot.leave.click()
    assert desk(opened).sheets.sheet is None


def test_the_windows_keys_wait_while_it_is_open(opened: OpenWindow) -> None:
    shown = ask(opened)
    before = opened.window.desk.chat  # type: ignore[union-attr]
    QTest.keyClick(shown.choices.model, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    assert opened.window.desk.chat is before  # type: ignore[union-attr]
    assert desk(opened).sheets.sheet is shown


def test_the_keyboard_reaches_everything_and_each_has_a_name(opened: OpenWindow) -> None:
    opened.window.activateWindow()
    opened.until(opened.window.isActiveWindow)
    shown = ask(opened)
    assert QApplication.focusWidget() is shown.choices.model
    opened.until(lambda: shown.choices.redactions.toggles[MAIL].isVisible())
    seen: list[QWidget] = []
    while (focused := QApplication.focusWidget()) is not None and focused not in seen:
        assert shown.isAncestorOf(focused)
        seen.append(focused)
        QTest.keyClick(focused, Qt.Key.Key_Tab)
    assert {shown.foot.send, shown.foot.leave, shown.body.text, shown.choices.redactions.toggles[MAIL]} <= set(seen)
    assert [one for one in seen if not one.accessibleName()] == []


def test_a_yes_for_this_chat_holds_and_is_told_at_the_composer(opened: OpenWindow) -> None:
    shown = ask(opened)
    assert "Stays on this computer" in opened.composer.footer.text()
    shown.sent.emit(Scope.CHAT)
    answered(opened)
    chat = opened.workbench.chat.list()[0].id
    assert opened.workbench.consents.stands(ConsentKind.CLOUD, SUBJECT, chat)
    opened.until(lambda: "OpenRouter" in opened.composer.footer.text())
    assert opened.composer.footer.property("tone") == "cloud-caption"
    opened.workbench.change_setting("cloud.addresses", {"openrouter": "https://elsewhere.example/v1"})
    opened.until(lambda: "Stays on this computer" in opened.composer.footer.text())  # it was for another address
    opened.workbench.change_setting("cloud.addresses", {})
    opened.until(lambda: "OpenRouter" in opened.composer.footer.text())
    opened.workbench.consents.revoke(ConsentKind.CLOUD, SUBJECT, chat)
    opened.until(lambda: "Stays on this computer" in opened.composer.footer.text())


# What waits -----------------------------------------------------------------------------------------------------------


def waiting(opened: OpenWindow) -> ConsentCard:
    """Asked elsewhere, as from the command line: it waits here as a card."""
    made: list[object] = []

    def propose(job: object) -> object:
        escalations = opened.workbench.escalations
        return escalations.propose(escalations.preview(escalations.draft(last(opened), job)))  # type: ignore[arg-type]

    opened.window._bridge.run(propose, on_done=made.append)

    def cards() -> list[ConsentCard]:
        return [one for one in opened.page.transcript.findChildren(ConsentCard) if one.isVisible()]

    opened.until(lambda: bool(made) and len(cards()) == 1)
    return cards()[0]


def press(card: ConsentCard, choice: str) -> None:
    button = card.findChild(QuietButton, choice)
    assert button is not None
    button.click()


def test_what_waits_is_looked_at_and_sent_as_it_was_kept(opened: OpenWindow) -> None:
    card = waiting(opened)
    assert "openrouter.ai" in card.accessibleName()
    press(card, "review")
    shown = ready(opened)
    assert not shown.choices.model.isEnabled()
    text = body(shown)
    shown.foot.send.click()
    answered(opened)
    assert sent(opened) == [text.encode()]
    assert opened.workbench.consents.list() == ()


def test_what_waits_can_be_refused_on_its_card(opened: OpenWindow) -> None:
    press(waiting(opened), "refuse")
    opened.until(lambda: opened.workbench.consents.list() == ())
    assert sent(opened) == []


def test_what_waits_can_be_changed_first(opened: OpenWindow) -> None:
    press(waiting(opened), "review")
    shown = ready(opened)
    shown.foot.change.click()
    ready(opened)
    shown.choices.redactions.toggles[MAIL].click()
    ready(opened)
    shown.foot.send.click()
    answered(opened)
    assert [MAIL in one.decode() for one in sent(opened)] == [True]
    states = {one.state for one in opened.workbench.consents.list(waiting=False)}
    assert states == {ConsentState.REFUSED, ConsentState.ACCEPTED}


def test_what_is_dearer_by_now_says_so_and_is_changed_first_at_the_price_of_now(opened: OpenWindow) -> None:
    card = waiting(opened)
    cloud = opened.workbench.cloud
    (asked_for,) = opened.workbench.consents.list()
    cloud.set_price(str(asked_for.request["model"]), Price(2_000_000, 4_000_000))
    press(card, "review")
    shown = ready(opened)
    assert not shown.foot.send.isEnabled()
    assert "costs more by now" in shown.foot.reasons.words.text()
    shown.foot.change.click()
    opened.until(lambda: desk(opened).sheets.state.can_send)
    shown.foot.send.click()
    answered(opened)
    (entry,) = opened.workbench.ledger.entries()
    assert entry.price is not None
    assert entry.price.input_micros == 2_000_000


def test_what_was_deleted_while_the_sheet_was_open_is_cut_and_the_rest_may_go(opened: OpenWindow) -> None:
    opened.send("And to her boss?")
    opened.until(lambda: opened.idle() and len(opened.texts) == 4)
    shown = ask(opened)
    shown.choices.modes[Mode.BRANCH].click()
    ready(opened)
    assert LOCAL in body(shown)
    (piece,) = [one for one in desk(opened).sheets.state.draft.pieces if one.text == LOCAL]  # type: ignore[union-attr]
    opened.workbench.chat.delete_message(piece.id.partition(".")[0])
    shown.choices.redactions.toggles[MAIL].click()
    opened.until(lambda: desk(opened).sheets.state.can_send)
    assert LOCAL not in body(shown)
    shown.foot.send.click()
    opened.until(lambda: len(sent(opened)) == 1)
    assert LOCAL not in sent(opened)[0].decode()


# Afterwards -----------------------------------------------------------------------------------------------------------


def test_both_answers_beside_each_other_and_the_choice_is_kept(opened: OpenWindow) -> None:
    ask(opened).foot.send.click()
    answered(opened)
    opened.until(lambda: BESIDE_LOCAL in [one.id for one in offered(opened)])
    opened.window.desk.act_on(last(opened), BESIDE_LOCAL)  # type: ignore[union-attr]
    compare = opened.window.findChild(CompareDesk)
    assert compare is not None
    opened.until(lambda: compare.panel is not None)
    panel = compare.panel
    assert panel is not None
    opened.until(lambda: all(column.use.isEnabled() for column in panel.columns))
    assert [column.view.items[0].text for column in panel.columns] == [LOCAL, BETTER]
    panel.columns[1].use.click()
    opened.until(lambda: len(opened.workbench.feedback.preferred()) == 1)
    (kept,) = opened.workbench.feedback.preferred()
    assert (kept.chosen.text, kept.rejected.text) == (BETTER, LOCAL)


def offered(opened: OpenWindow):  # type: ignore[no-untyped-def]
    from ui.chat.feed import foot
    from ui.chat.footer_actions import in_list

    state = opened.window.desk.chat.state  # type: ignore[union-attr]
    return in_list(foot(state, state.nodes[-1]))


def test_a_failure_has_its_sentence_and_its_buttons(opened: OpenWindow) -> None:
    opened.workbench.provider_client.failure = CloudError(
        "OpenRouter is full.", hint="Nothing was charged.", steps=(NextStep.OTHER_PROVIDER, NextStep.ANSWER_LOCALLY)
    )
    ask(opened).foot.send.click()
    opened.until(lambda: opened.idle() and opened.page.transcript.items[-1].error == "OpenRouter is full.")
    actions = opened.page.transcript.items[-1].actions
    assert actions[:2] == ("cloud_other_provider", "cloud_answer_locally")
    assert "continue" not in actions
    assert "regenerate" not in actions
    opened.window.desk.act_on(last(opened), "cloud_answer_locally")  # type: ignore[union-attr]
    opened.until(lambda: opened.texts[-1] == LOCAL)
    assert len(sent(opened)) == 1


def test_nothing_is_sent_again_by_the_key_for_a_new_answer(opened: OpenWindow) -> None:
    ask(opened).foot.send.click()
    answered(opened)
    opened.window.actions_["regenerate"].trigger()
    assert opened.idle()
    assert len(sent(opened)) == 1


def test_the_details_tell_what_left_and_what_it_cost(opened: OpenWindow) -> None:
    from ui.chat.answer_details_card import DetailsCard

    ask(opened).foot.send.click()
    answered(opened)
    opened.window.desk.act_on(last(opened), "answer_details")  # type: ignore[union-attr]
    opened.until(lambda: opened.window.findChild(DetailsCard) is not None)
    card = opened.window.findChild(DetailsCard)
    assert card is not None
    card.copy_button.click()
    told = QGuiApplication.clipboard().text()
    for piece in ("OpenRouter (openrouter.ai)", "as the provider counted", f"[EMAIL_1]: {MAIL}", "per million tokens"):
        assert piece in told


def test_an_answer_by_hand_comes_back_marked(opened: OpenWindow) -> None:
    shown = ask(opened)
    shown.foot.hand.click()
    opened.until(lambda: shown.by_hand.isVisible())
    assert MAIL not in shown.by_hand.text.toPlainText()
    shown.by_hand.copy.click()
    assert QGuiApplication.clipboard().text() == shown.by_hand.text.toPlainText()
    assert not shown.by_hand.keep.isEnabled()
    shown.by_hand.answer.setPlainText("Pasted, for [EMAIL_1].")
    shown.by_hand.keep.click()
    opened.until(lambda: opened.texts[-1] == f"Pasted, for {MAIL}.")
    assert "subscription" in opened.page.transcript.items[-1].badge
    assert sent(opened) == []


def test_whose_page_is_proposed_where_the_model_s_own_provider_has_none(opened: OpenWindow) -> None:
    providers = opened.workbench.cloud.providers()
    draft = opened.workbench.escalations.draft(opened.page.transcript.items[-1].id, Job(lambda _event: None))
    assert page_of(draft, providers) == "openrouter"
    own = replace(draft, model=replace(draft.model, provider="mine"))
    assert page_of(own, providers) == providers[0].id
    assert page_of(own, ()) == "mine"


def test_the_command_list_leads_to_keys_and_spending_while_the_cloud_is_on(opened: OpenWindow) -> None:
    opened.window.actions_["commands"].trigger()
    palette = opened.window.findChild(CommandList)
    assert palette is not None
    listed = [command.text for command in palette._commands]
    assert {"Ask a stronger model", "Cloud and spending…"} <= set(listed)
    assert "Set up the cloud…" not in listed


# Where it is offered --------------------------------------------------------------------------------------------------


def test_off_means_that_nothing_of_it_is_there(make_window: MakeWindow) -> None:
    opened = asked(make_window(ScriptedBackend(LOCAL)))
    assert all(ASK_STRONGER not in item.actions for item in opened.page.transcript.items)
    assert "Nothing leaves it" in opened.composer.footer.text()
    opened.window.actions_["commands"].trigger()
    palette = opened.window.findChild(CommandList)
    assert palette is not None
    listed = [command.text for command in palette._commands]
    assert "Set up the cloud…" in listed
    assert "Ask a stronger model" not in listed
    palette.dismiss()
    opened.window.actions_["ask_stronger"].trigger()
    assert desk(opened).sheets.sheet is None
    opened.send("/cloud is this sent?")
    opened.until(lambda: opened.idle() and len(opened.texts) == 4)
    assert sent(opened) == []


def test_a_chat_that_may_not_leave_says_so_and_opens_no_sheet(opened: OpenWindow) -> None:
    project = opened.workbench.projects.create("Secret", {"private": True})
    opened.workbench.projects.move(opened.workbench.chat.list()[0].id, project.id)
    opened.until(opened.idle)
    opened.window.actions_["ask_stronger"].trigger()
    opened.until(lambda: any("private" in one.accessibleName() for one in toasts(opened)))
    assert desk(opened).sheets.sheet is None


def toasts(opened: OpenWindow) -> list[QFrame]:
    return [one for one in opened.window.findChildren(QFrame) if one.property("look") == "toast" and one.isVisible()]


def test_a_stopped_answer_keeps_what_had_come_and_goes_on_nowhere(opened: OpenWindow) -> None:
    held = gate()
    opened.workbench.provider_client.steps = (TextDelta("Some "), held, TextDelta("more."))
    ask(opened).foot.send.click()
    opened.until(lambda: opened.texts[-1] == "Some ")
    assert opened.page.transcript.items[-1].badge == "From OpenRouter"
    opened.window.actions_["stop"].trigger()
    opened.until(lambda: opened.idle() and opened.page.transcript.items[-1].status == "stopped")
    assert opened.texts[-1] == "Some "
    assert opened.page.transcript.items[-1].actions[0] == "cloud_retry"
    assert "continue" not in opened.page.transcript.items[-1].actions


def test_it_comes_and_goes_with_the_switch(opened: OpenWindow) -> None:
    assert ASK_STRONGER in opened.page.transcript.items[-1].actions
    opened.workbench.change_setting("cloud.enabled", value=False)
    opened.until(lambda: ASK_STRONGER not in opened.page.transcript.items[-1].actions)


def test_a_question_is_written_for_the_cloud_alone(make_window: MakeWindow) -> None:
    opened = make_window(ScriptedBackend(LOCAL), with_cloud)
    opened.send("/cloud How deep is the sea?")
    shown = ready(opened)
    assert json.loads(body(shown))["messages"][-1]["content"] == "How deep is the sea?"
    assert opened.workbench.backend.requests == [], "no model here was asked"
    shown.foot.send.click()
    answered(opened)
    assert opened.texts == ["How deep is the sea?", BETTER]
    assert opened.composer.text() == ""


def test_the_list_behind_the_slash_offers_it(opened: OpenWindow) -> None:
    QTest.keyClicks(opened.composer.draft, "How deep is it? /clo")
    prompts = opened.window.desk.prompts  # type: ignore[union-attr]
    opened.until(lambda: prompts.list.is_open)
    assert prompts.list.places[0].name == "Ask a stronger model"
    QTest.keyClick(opened.composer.draft, Qt.Key.Key_Return)
    ready(opened)
    opened.until(lambda: opened.texts[-1] == "How deep is it?")


def test_a_temporary_chat_is_taken_nowhere(opened: OpenWindow) -> None:
    opened.window.actions_["temporary_chat"].trigger()
    opened.send("Between us.")
    opened.until(lambda: opened.idle() and len(opened.texts) == 2)
    assert all(ASK_STRONGER not in item.actions for item in opened.page.transcript.items)
    opened.window.actions_["ask_stronger"].trigger()
    assert desk(opened).sheets.sheet is None


# Laid aside for the settings ------------------------------------------------------------------------------------------


def set_aside(opened: OpenWindow) -> EscalationSheet:
    """A sheet with all that a person may have chosen on it, left for a key."""
    shown = ask(opened)
    shown.choices.modes[Mode.CHECK].click()
    ready(opened)
    shown.choices.redactions.toggles[MAIL].click()
    ready(opened)
    shown.choices._change(most_tokens=512)
    ready(opened)
    shown.foot.reasons.buttons[NextStep.LOGIN].click()
    assert desk(opened).sheets.sheet is None
    return shown


@pytest.fixture
def aside(make_window: MakeWindow) -> OpenWindow:
    opened = asked(make_window(ScriptedBackend(LOCAL, "Another local one."), without_key))
    set_aside(opened)
    return opened


def as_it_was(opened: OpenWindow) -> None:
    shown = ready(opened)
    draft = desk(opened).sheets.state.draft
    assert draft is not None
    assert (draft.mode, draft.most_tokens, draft.shown) == (Mode.CHECK, 512, (MAIL,))
    assert MAIL in body(shown)
    assert LOCAL in body(shown)


def test_what_was_chosen_is_there_again_after_the_settings(aside: OpenWindow) -> None:
    page = aside.window.settings_page
    assert page is not None
    assert page.return_bar.isVisible()
    aside.workbench.cloud.login("openrouter", KEY)
    page.return_bar.back.click()
    as_it_was(aside)
    shown = sheet(aside)
    assert shown.foot.send.isEnabled(), "the key that was given counts"
    text = body(shown)
    shown.foot.send.click()
    answered(aside)
    assert sent(aside) == [text.encode()]
    aside.window.pages.open_settings()
    assert not page.return_bar.isVisible(), "nothing waits any more"


def test_closing_the_settings_comes_back_to_it_too(aside: OpenWindow) -> None:
    assert aside.window.settings_page is not None
    aside.window.settings_page.closed.emit()
    as_it_was(aside)
    sheet(aside).foot.leave.click()
    aside.window.pages.open_settings()
    aside.window.settings_page.closed.emit()
    assert desk(aside).sheets.sheet is None, "what was left is not brought back"


def test_it_waits_for_its_own_chat(aside: OpenWindow) -> None:
    assert aside.window.desk is not None
    here = aside.workbench.chat.list()[0].id
    aside.window.desk.new_chat()
    assert desk(aside).sheets.sheet is None
    aside.window.pages.open_settings()
    assert aside.window.settings_page is not None
    assert aside.window.settings_page.return_bar.isVisible()
    aside.window.settings_page.return_bar.back.click()
    aside.until(lambda: aside.window.desk is not None and aside.window.desk.chat.state.conversation_id == here)
    as_it_was(aside)


def test_asking_again_takes_up_what_was_laid_aside(aside: OpenWindow) -> None:
    before = last(aside)
    aside.workbench.change_setting("cloud.enabled", value=False)
    assert aside.window.settings_page is not None
    aside.window.settings_page.closed.emit()
    assert desk(aside).sheets.sheet is None, "while the cloud is off nothing comes by itself"
    aside.workbench.change_setting("cloud.enabled", value=True)
    aside.until(lambda: ASK_STRONGER in aside.page.transcript.items[-1].actions)
    aside.window.desk.act_on(before, ASK_STRONGER)  # type: ignore[union-attr]
    as_it_was(aside)


def test_a_price_that_was_given_meanwhile_is_there(make_window: MakeWindow) -> None:
    def unpriced(workbench: FakeWorkbench) -> None:
        workbench.change_setting("cloud.addresses", {"mine": "http://127.0.0.1:9/v1"})
        workbench.change_setting("cloud.model", "mine/big")
        workbench.change_setting("cloud.enabled", value=True)
        workbench.cloud.login("mine", KEY)

    opened = asked(make_window(ScriptedBackend(LOCAL), unpriced))
    shown = ask(opened)
    shown.foot.reasons.buttons[NextStep.GIVE_PRICE].click()
    opened.workbench.cloud.set_price("mine/big", Price(1_000_000, 2_000_000))
    assert opened.window.settings_page is not None
    opened.window.settings_page.closed.emit()
    shown = ready(opened)
    assert shown.foot.send.isEnabled(), shown.foot.reasons.words.text()
    assert "$" in shown.foot.price.text()


def test_what_waits_comes_back_as_it_was_kept(opened: OpenWindow) -> None:
    press(waiting(opened), "review")
    text = body(ready(opened))
    opened.workbench.ledger.set_cap(CapKind.DAY, 1)
    desk(opened).sheets._step(NextStep.RAISE_BUDGET)
    opened.workbench.ledger.set_cap(CapKind.DAY, 1_000_000)
    assert opened.window.settings_page is not None
    opened.window.settings_page.return_bar.back.click()
    shown = ready(opened)
    assert desk(opened).sheets.state.fixed
    shown.foot.send.click()
    answered(opened)
    assert sent(opened) == [text.encode()]


def test_what_is_changed_first_and_not_sent_goes_on_waiting(opened: OpenWindow) -> None:
    press(waiting(opened), "review")
    shown = ready(opened)
    shown.foot.change.click()
    ready(opened)
    shown.foot.leave.click()
    assert desk(opened).sheets.sheet is None
    opened.until(lambda: opened.window._bridge.idle)
    assert [one.state for one in opened.workbench.consents.list()] == [ConsentState.WAITING]
