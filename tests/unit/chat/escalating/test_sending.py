"""From the answer to a yes to the stronger answer beside it: once, exactly what was shown, and paid for honestly."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest

from tests.fakes.backend import gate
from tests.unit.chat.escalating.world import KEY, MODEL, SUBJECT, World
from workbench import migrations
from workbench.chat.asking.elsewhere import FromElsewhereError
from workbench.chat.asking.options import Options
from workbench.chat.escalating.escalation import Mode, Preview
from workbench.chat.escalating.store import EscalationStore
from workbench.chat.exporting.service import ExportFormat
from workbench.chat.tree import Node, path_to
from workbench.clock import SystemClock
from workbench.cloud.asking import CloudError, NextStep
from workbench.cloud.provider import Price
from workbench.cloud.spending.money import CallState, CapKind
from workbench.consents.consent import ConsentState, Scope
from workbench.db import Database
from workbench.errors import RefusedError, UsageError
from workbench.jobs import Job, JobEvent, quiet_job
from workbench.messages import Finish, ReasoningDelta, TextDelta


def test_the_bytes_that_were_shown_are_sent_and_the_answer_stands_beside_the_local_one(world: World) -> None:
    local = world.asked()
    preview = world.preview(local)
    consent = world.escalations.propose(preview)
    assert (consent.state, consent.question.subject) == (ConsentState.WAITING, SUBJECT)
    assert consent.request["body"] == preview.body
    assert consent.request["body_sha256"] == preview.outgoing.hash
    assert not world.client.sent
    world.consents.accept(consent.id)
    answer = world.escalations.send(consent.id, quiet_job())
    ((provider, outgoing, key),) = world.client.sent
    assert outgoing.body == preview.outgoing.body
    assert (provider.id, key) == ("openrouter", KEY)
    assert answer.parent_id == local.parent_id
    assert answer.message.text == "A better answer."
    assert answer.turn is not None
    assert (answer.turn.backend, answer.turn.model) == ("cloud:openrouter", MODEL)
    kept = world.store.node(answer.id)[1]
    assert kept.message.text == "A better answer."
    assert kept.turn is not None
    assert kept.turn.usage.completion_tokens == 7


def test_what_is_hidden_is_on_no_wire_and_in_the_answer_again(world: World) -> None:
    local = world.asked("Write to ada@example.org, please.")
    world.client.steps = (TextDelta("Dear [EMA"), TextDelta("IL_1], hello."))
    consent = world.accepted(local)
    answer = world.escalations.send(consent.id, quiet_job())
    assert b"ada@example.org" not in world.client.sent[0][1].body
    assert b"[EMAIL_1]" in world.client.sent[0][1].body
    assert "ada" not in str(dict(consent.request))
    assert answer.message.text == "Dear ada@example.org, hello."


def test_it_is_reserved_before_and_settled_after_as_the_provider_counted(world: World) -> None:
    local = world.asked()
    answer = world.escalations.send(world.accepted(local).id, quiet_job())
    assert answer.turn is not None
    entry = world.ledger.of_turn(answer.turn.id)
    assert entry is not None
    assert entry.state is CallState.SETTLED
    assert (entry.billed.prompt_tokens, entry.billed.completion_tokens) == (120, 7)
    assert 0 < entry.cost_micros < entry.reserved_micros
    sent = world.escalations.of_turn(answer.turn.id)
    assert sent is not None
    assert sent.outgoing.body == world.client.sent[0][1].body
    assert world.escalations.of_turn("another") is None


def test_it_is_sent_once_by_whoever_is_first(world: World) -> None:
    consent = world.accepted(world.asked())
    errors: list[Exception] = []
    answers = []

    def send() -> None:
        try:
            answers.append(world.escalations.send(consent.id, quiet_job()))
        except UsageError as error:
            errors.append(error)

    threads = [threading.Thread(target=send) for _number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(answers), len(errors), len(world.client.sent)) == (1, 5, 1)


def test_nothing_is_sent_without_a_yes(world: World) -> None:
    consent = world.escalations.propose(world.preview(world.asked()))
    with pytest.raises(UsageError, match="not accepted"):
        world.escalations.send(consent.id, quiet_job())
    world.consents.refuse(consent.id)
    with pytest.raises(UsageError, match="not accepted"):
        world.escalations.send(consent.id, quiet_job())
    assert not world.client.sent


def test_a_lasting_yes_of_a_chat_holds_in_it_and_nowhere_else(world: World) -> None:
    local = world.asked()
    world.accepted(local, scope=Scope.CHAT)
    again = world.asked("And 3+3?", world.conversation_of(local))
    assert world.preview(again).standing
    assert not world.preview(world.asked("Another chat.")).standing


def test_a_lasting_yes_is_for_an_address_not_for_a_name(world: World) -> None:
    cloud, local = world.workbench.cloud, world.asked()

    def at(url: str) -> Preview:
        cloud.set_address("mine", url)
        cloud.login("mine", KEY)
        cloud.set_price("mine/model", Price(100_000, 200_000))
        return world.escalations.preview(world.draft(local, model="mine/model"))

    world.consents.accept(world.escalations.propose(at("https://good.example/v1")).id, Scope.ALWAYS)
    assert at("https://good.example/v2").standing
    for other in ("https://evil.example/v1", "https://good.example:8443/v1", "http://127.0.0.1:8080/v1"):
        assert not at(other).standing
    world.workbench.change_setting("cloud.addresses", {"mine": "https://evil.example/v1"})  # as in the settings file
    assert not world.escalations.preview(world.draft(local, model="mine/model")).standing


def test_a_lasting_yes_answers_nothing_by_itself(world: World) -> None:
    local = world.asked()
    world.accepted(local, scope=Scope.ALWAYS)
    again = world.preview(world.asked("And 3+3?", world.conversation_of(local)))
    proposed = world.escalations.propose(again)
    assert again.standing
    assert proposed.state is ConsentState.WAITING
    with pytest.raises(UsageError, match="not accepted"):
        world.escalations.send(proposed.id, quiet_job())
    assert not world.client.sent


def test_a_cap_that_is_reached_by_now_refuses_and_it_can_be_sent_later(world: World) -> None:
    local = world.asked()
    consent = world.accepted(local)
    world.ledger.set_cap(CapKind.DAY, 0)
    with pytest.raises(RefusedError):
        world.escalations.send(consent.id, quiet_job())
    assert not world.client.sent
    assert len(world.store.load(world.conversation_of(local)).nodes) == 2
    world.ledger.set_cap(CapKind.DAY, None)
    assert world.escalations.send(consent.id, quiet_job()).message.text == "A better answer."


def test_a_failure_before_an_answer_costs_nothing_and_stands_with_it(world: World) -> None:
    world.client.failure = CloudError("OpenRouter does not take the key.", charged=False)
    local = world.asked()
    with pytest.raises(CloudError):
        world.escalations.send(world.accepted(local).id, quiet_job())
    (failed,) = [node for node in world.store.load(world.conversation_of(local)).nodes if node.turn and node.turn.error]
    assert failed.turn is not None
    assert (failed.turn.finish, failed.turn.error_kind) == (Finish.ERROR, "provider")
    entry = world.ledger.of_turn(failed.turn.id)
    assert entry is not None
    assert (entry.state, entry.cost_micros) == (CallState.RELEASED, 0)


def test_what_had_come_before_a_cut_is_kept_and_estimated(world: World) -> None:
    world.client.steps = (
        ReasoningDelta("Hm."), TextDelta("Half of "), TextDelta("it"), CloudError("The answer broke off."),
    )  # fmt: skip
    local = world.asked()
    with pytest.raises(CloudError):
        world.escalations.send(world.accepted(local).id, quiet_job())
    (cut,) = [node for node in world.store.load(world.conversation_of(local)).nodes if node.turn and node.turn.error]
    assert cut.message.text == "Half of it"
    assert cut.turn is not None
    entry = world.ledger.of_turn(cut.turn.id)
    assert entry is not None
    assert entry.state is CallState.ESTIMATED
    assert 0 < entry.cost_micros <= entry.reserved_micros
    assert world.client.replies[0].closed


def test_a_cut_answer_of_a_model_that_may_have_thought_unseen_counts_at_its_most(world: World) -> None:
    world.client.steps = (TextDelta("Half of it"), CloudError("The answer broke off."))
    local = world.asked()
    with pytest.raises(CloudError):
        world.escalations.send(world.accepted(local).id, quiet_job())
    (entry,) = world.ledger.entries()
    assert (entry.state, entry.cost_micros) == (CallState.ASSUMED, entry.reserved_micros)


def test_a_person_stops_it_and_what_came_is_kept(world: World) -> None:
    step = gate()
    world.client.steps = (ReasoningDelta("Hm."), TextDelta("Half"), step, TextDelta(" more"))
    consent = world.accepted(world.asked())
    job = quiet_job()
    found: list[Node] = []
    thread = threading.Thread(target=lambda: found.append(world.escalations.send(consent.id, job)))
    thread.start()
    assert step.reached.wait(5)
    job.cancel.cancel()
    thread.join()
    (answer,) = found
    assert answer.message.text == "Half"
    assert answer.turn is not None
    assert answer.turn.finish is Finish.CANCELLED
    entry = world.ledger.of_turn(answer.turn.id)
    assert entry is not None
    assert entry.state is CallState.ESTIMATED


def test_the_next_local_question_sees_the_stronger_answer(world: World) -> None:
    local = world.asked("First?")
    world.escalations.send(world.accepted(local).id, quiet_job())
    world.asked("And then?", world.conversation_of(local))
    texts = [message.text for message in world.workbench.backend.requests[-1].messages]
    assert texts[-3:] == ["First?", "A better answer.", "And then?"]


def test_a_model_here_does_not_go_on_with_it_in_silence(world: World) -> None:
    local = world.asked()
    world.client.steps = (TextDelta("Half"), CloudError("The answer broke off."))
    with pytest.raises(CloudError):
        world.escalations.send(world.accepted(local).id, quiet_job())
    conversation = world.store.load(world.conversation_of(local))
    tip = conversation.tip_id or ""
    asked = len(world.workbench.backend.requests)
    with pytest.raises(FromElsewhereError):
        world.chat.continue_answer(tip, quiet_job())
    with pytest.raises(FromElsewhereError):
        world.chat.regenerate(tip, quiet_job())
    assert len(world.workbench.backend.requests) == asked
    here = world.chat.answer(local.parent_id or "", quiet_job())
    assert here.turn is not None
    assert here.turn.backend == "engine"


def test_a_question_is_kept_without_a_local_answer_and_taken_away(world: World) -> None:
    question = world.chat.keep_question(None, "Only for a strong one?", quiet_job(), Options())
    assert not world.workbench.backend.requests
    answer = world.escalations.send(world.accepted(question).id, quiet_job())
    conversation = world.store.load(world.conversation_of(question))
    assert [node.id for node in path_to(conversation, conversation.tip_id)] == [question.id, answer.id]


def test_events_come_as_of_any_turn(world: World) -> None:
    consent = world.accepted(world.asked())
    news: list[JobEvent] = []
    world.escalations.send(consent.id, Job(news.append))
    kinds = [type(one.payload).__name__ for one in news]
    assert kinds == ["TurnStarted", "Preparing", "TextDelta", "TextDelta", "Finished"]


def test_a_changed_address_refuses_what_was_accepted(world: World) -> None:
    consent = world.accepted(world.asked())
    world.workbench.cloud.set_address("openrouter", "https://elsewhere.example/v1")
    with pytest.raises(RefusedError):
        world.escalations.send(consent.id, quiet_job())
    assert not world.client.sent


def test_a_preview_that_was_tampered_with_is_not_kept(world: World) -> None:
    preview = world.preview(world.asked())
    other = replace(preview, outgoing=replace(preview.outgoing, body=b"{}"))
    with pytest.raises(UsageError, match="another text"):
        world.escalations.propose(other)


def test_what_is_kept_is_shown_again_as_it_was(world: World) -> None:
    preview = world.preview(world.asked(), Mode.BRANCH)
    consent = world.escalations.propose(preview)
    again = world.escalations.previewed(consent.id)
    assert (again.draft, again.outgoing, again.cost, again.redactions, again.provider) == (
        preview.draft, preview.outgoing, preview.cost, preview.redactions, preview.provider,
    )  # fmt: skip
    assert world.escalations.waiting(preview.outgoing.hash[:12]).id == consent.id
    with pytest.raises(UsageError):
        world.escalations.waiting("0" * 64)


def test_an_answer_of_ones_own_chat_page_is_marked_and_free(world: World) -> None:
    local = world.asked("Write to ada@example.org, please.")
    draft = world.draft(local)
    handed = world.escalations.hand_off(draft)
    assert "ada@example.org" not in handed.text
    assert "[EMAIL_1]" in handed.text
    answer = world.escalations.paste_back(draft, "Dear [EMAIL_1].", "My chat")
    assert answer.message.text == "Dear ada@example.org."
    assert answer.parent_id == local.parent_id
    assert answer.turn is not None
    assert answer.turn.backend == "handoff:My chat"
    assert [(one.state, one.cost_micros) for one in world.ledger.entries()] == [(CallState.FREE, 0)]
    with pytest.raises(UsageError):
        world.escalations.paste_back(draft, "  ", "My chat")


def test_exports_say_where_an_answer_is_from(world: World) -> None:
    local = world.asked()
    answer = world.escalations.send(world.accepted(local).id, quiet_job())
    exports = world.workbench.exports
    chat = world.conversation_of(local)
    assert "## gpt-oss 120B (in the cloud, by OpenRouter)" in exports.text(chat, ExportFormat.MARKDOWN)
    pasted = world.escalations.paste_back(world.draft(answer), "Mine.", "My chat")
    assert pasted.turn is not None
    assert "## My chat (pasted from a chat page)" in exports.text(chat, ExportFormat.MARKDOWN)


def test_it_is_found_named_and_judged_as_any_answer(world: World) -> None:
    local = world.asked("What is a zebra?")
    world.client.steps = (TextDelta("A striped grazer called quagga."),)
    answer = world.escalations.send(world.accepted(local).id, quiet_job())
    hit, *_others = world.workbench.search("quagga")
    assert hit.message == answer.id
    world.workbench.feedback.pick(answer.id, local.id)
    (preferred,) = world.workbench.feedback.preferred()
    assert (preferred.chosen.model, preferred.rejected.message_id) == (MODEL, local.id)


def test_what_waits_says_what_keeps_it_back_by_now(world: World) -> None:
    consent = world.escalations.propose(world.preview(world.asked()))
    world.workbench.cloud.logout("openrouter")
    assert world.escalations.previewed(consent.id).steps == (NextStep.LOGIN,)


def test_two_programs_of_one_home_take_it_once(world: World) -> None:
    consent = world.accepted(world.asked())
    paths, clock = world.workbench.paths, SystemClock()
    other = Database(paths.database, migrations.workbench, backups=paths.backups)
    try:
        stores = [EscalationStore(world.workbench.database, clock), EscalationStore(other, clock)]
        assert [store.take(consent.id) for store in stores] == [True, False]
        stores[1].give_back(consent.id)
        assert [store.take(consent.id) for store in reversed(stores)] == [True, False]
    finally:
        other.close()


def test_a_lasting_yes_sends_nothing_else_that_waits(world: World) -> None:
    first = world.asked("First?")
    other = world.escalations.propose(world.preview(world.asked("Second?", world.conversation_of(first))))
    world.escalations.send(world.accepted(first, scope=Scope.ALWAYS).id, quiet_job())
    assert world.consents.get(other.id).state is ConsentState.WAITING
    assert len(world.client.sent) == 1
