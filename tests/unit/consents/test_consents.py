"""Questions are stored until they are answered, once, by whoever is first; a lasting yes holds where it was given."""

from __future__ import annotations

import itertools
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench import migrations
from workbench.clock import SystemClock
from workbench.consents.consent import Consent, ConsentKind, Consents, ConsentState, Question, Scope
from workbench.consents.hashing import canonical, hash_of
from workbench.consents.service import ConsentService
from workbench.db import Database, MemoryDatabase
from workbench.errors import RefusedError, UsageError
from workbench.events import Bus, Changed, Topic

ALL = tuple(Scope)
ASKED = Question(
    ConsentKind.TOOL,
    "notes/write",
    "Write a note?",
    {"tool": "write", "arguments": {"text": "Café \U0001f600", "times": 2}},
    message_id="m1",
    call_id="call-1",
    scopes=ALL,
)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with closing(Database(tmp_path / "it.db", migrations.workbench, backups=tmp_path)) as database:
        with database.write() as tx:
            for name in ("chat", "other"):
                tx.table("conversations").insert({"id": name, "title": name, "created_at": 1.0, "updated_at": 1.0})
        yield database


@pytest.fixture
def bus() -> Bus:
    return Bus()


@pytest.fixture
def consents(database: Database, bus: Bus) -> ConsentService:
    return ConsentService(database, SystemClock(), bus, lambda: MemoryDatabase(migrations.workbench))


def in_chat(number: int = 1, chat: str = "chat", **changes: Any) -> Question:
    return replace(ASKED, conversation_id=chat, call_id=f"call-{number}", **changes)


def test_it_is_what_the_loop_is_given(consents: ConsentService) -> None:
    given: Consents = consents
    assert given.list() == ()


@pytest.mark.parametrize("chat", [None, "chat", "a temporary one"])
def test_what_was_asked_is_kept_as_it_was(consents: ConsentService, chat: str | None) -> None:
    asked = replace(ASKED, conversation_id=chat, because="A document was read.")
    consent = consents.ask(asked)
    assert consent.question == asked
    assert consent.state is ConsentState.WAITING
    assert consent.hash == hash_of(asked.request)
    assert consents.get(consent.id[:6]) == consent
    assert consents.of_call("m1", "call-1") == consent
    assert consents.list() == (consent,)


def test_of_a_temporary_chat_nothing_reaches_the_disk(consents: ConsentService, database: Database) -> None:
    consent = consents.ask(in_chat(chat="a temporary one"))
    accepted = consents.accept(consent.id, Scope.CHAT)
    assert accepted.state is ConsentState.ACCEPTED
    assert consents.stands(ConsentKind.TOOL, ASKED.subject, "a temporary one")
    assert not consents.stands(ConsentKind.TOOL, ASKED.subject, "chat")
    assert database.rows("SELECT * FROM consents") == database.rows("SELECT * FROM standing_consents") == []
    consents.accept(consents.ask(in_chat(2, "a temporary one")).id, Scope.ALWAYS)
    assert consents.stands(ConsentKind.TOOL, ASKED.subject, "chat")  # that was said for every chat
    assert [row["conversation_id"] for row in database.rows("SELECT * FROM standing_consents")] == [""]


def test_the_same_is_asked_once(consents: ConsentService) -> None:
    first = consents.ask(in_chat())
    assert consents.ask(in_chat()) == first
    consents.refuse(first.id)
    again = consents.ask(in_chat())  # for this message and call it was answered
    assert (again.id, again.state) == (first.id, ConsentState.REFUSED)


def test_a_changed_request_is_the_same_question_still(consents: ConsentService) -> None:
    first = consents.ask(in_chat())
    changed = {"tool": "write", "arguments": {"text": "Tea"}}
    accepted = consents.accept(first.id, request=changed)
    assert (accepted.request, accepted.hash) == (changed, hash_of(changed))
    assert consents.ask(in_chat()) == accepted


def test_other_arguments_under_the_same_call_are_another_question(consents: ConsentService) -> None:
    first = consents.accept(consents.ask(in_chat()).id)
    second = consents.ask(in_chat(request={"tool": "write", "arguments": {"text": "something else"}}))
    assert second.id != first.id
    assert second.state is ConsentState.WAITING
    assert consents.of_call("m1", "call-1") == second


def test_what_belongs_to_no_call_is_asked_again_once_it_was_answered(consents: ConsentService) -> None:
    server = Question(ConsentKind.SERVER, "files", "Start this?", {"command": "files"})
    first = consents.ask(server)
    assert consents.ask(server) == first
    consents.accept(first.id)
    assert consents.ask(server).id != first.id


@pytest.mark.parametrize(("first", "then"), list(itertools.product(("accept", "refuse"), repeat=2)))
def test_an_answer_is_given_once(consents: ConsentService, first: str, then: str) -> None:
    consent = consents.ask(in_chat())
    answered: Consent = getattr(consents, first)(consent.id)
    assert answered.answered_at is not None
    with pytest.raises(UsageError, match="before"):
        getattr(consents, then)(consent.id)
    assert consents.get(consent.id) == answered
    assert consents.list() == ()
    assert consents.list(waiting=False) == (answered,)


def test_only_what_is_offered_can_be_chosen(consents: ConsentService) -> None:
    consent = consents.ask(in_chat(scopes=(Scope.ONCE,)))
    for scope in (Scope.CHAT, Scope.ALWAYS):
        with pytest.raises(UsageError, match="not offered"):
            consents.accept(consent.id, scope)
    assert consents.get(consent.id).state is ConsentState.WAITING
    assert consents.standing() == ()


def test_a_yes_lasts_where_it_was_given(consents: ConsentService) -> None:
    subject = ASKED.subject
    consents.accept(consents.ask(in_chat(1)).id, Scope.ONCE)
    assert not consents.stands(ConsentKind.TOOL, subject, "chat")
    consents.accept(consents.ask(in_chat(2)).id, Scope.CHAT)
    assert consents.stands(ConsentKind.TOOL, subject, "chat")
    assert not consents.stands(ConsentKind.TOOL, subject, "other")
    assert not consents.stands(ConsentKind.TOOL, subject, None)
    assert not consents.stands(ConsentKind.SERVER, subject, "chat")
    assert not consents.stands(ConsentKind.TOOL, "notes/read", "chat")
    consents.accept(consents.ask(in_chat(3)).id, Scope.ALWAYS)
    assert consents.stands(ConsentKind.TOOL, subject, "other")
    assert consents.stands(ConsentKind.TOOL, subject, None)
    assert [one.conversation_id for one in consents.standing()] == ["chat", None]
    consents.revoke(ConsentKind.TOOL, subject)
    assert consents.stands(ConsentKind.TOOL, subject, "chat")
    assert not consents.stands(ConsentKind.TOOL, subject, "other")
    consents.revoke(ConsentKind.TOOL, subject, "chat")
    assert consents.standing() == ()


def test_a_lasting_yes_answers_what_waits_for_the_same(consents: ConsentService) -> None:
    first, second = consents.ask(in_chat(1)), consents.ask(in_chat(2))
    elsewhere = consents.ask(in_chat(3, "other"))
    alone = consents.ask(in_chat(4, scopes=(Scope.ONCE,)))  # asked with a document in sight: each by itself
    consents.accept(first.id, Scope.CHAT)
    assert consents.get(second.id).state is ConsentState.ACCEPTED
    assert {one.id for one in consents.list()} == {elsewhere.id, alone.id}
    assert consents.list(conversation_id="other") == (elsewhere,)


def test_a_lasting_yes_accepts_with_the_scope_that_it_has(consents: ConsentService) -> None:
    first, second, third = (consents.ask(in_chat(number, scopes=ALL)) for number in (1, 2, 3))
    with pytest.raises(RefusedError, match="No lasting yes"):
        consents.accept_standing(second.id)
    consents.accept(consents.ask(in_chat(9, "other")).id, Scope.ALWAYS)
    assert consents.get(first.id).state is ConsentState.ACCEPTED  # a tool's: those that wait are answered by it
    fourth = consents.ask(in_chat(4))
    with pytest.raises(RefusedError, match="No lasting yes"):
        consents.accept_standing(fourth.id, in_chat=True)
    assert consents.get(fourth.id).state is ConsentState.WAITING
    assert consents.accept_standing(fourth.id).scope is Scope.ALWAYS
    consents.accept(consents.ask(in_chat(5)).id, Scope.CHAT)
    fifth = consents.accept_standing(consents.ask(in_chat(6)).id, in_chat=True)
    assert (fifth.state, fifth.scope) == (ConsentState.ACCEPTED, Scope.CHAT)
    with pytest.raises(UsageError, match="accepted before"):
        consents.accept_standing(fifth.id)
    with pytest.raises(UsageError):
        consents.accept_standing("nobody")
    assert third.id != second.id


def test_what_a_revoked_yes_had_accepted_and_is_not_done_waits_again(consents: ConsentService) -> None:
    done: set[str] = set()
    consents.when_revoked(ConsentKind.TOOL, lambda _tx, consent_id: consent_id not in done)
    once = consents.accept(consents.ask(in_chat(1)).id)
    given = consents.accept(consents.ask(in_chat(2)).id, Scope.CHAT)
    undone, performed = (consents.accept_standing(consents.ask(in_chat(number)).id) for number in (3, 4))
    done.add(performed.id)
    always = consents.accept(consents.ask(in_chat(5)).id, Scope.ALWAYS)
    assert consents.revoke(ConsentKind.TOOL, ASKED.subject, "other") == 0
    assert consents.revoke(ConsentKind.TOOL, ASKED.subject, "chat") == 2
    again = consents.get(undone.id)
    assert (again.state, again.scope, again.answered_at) == (ConsentState.WAITING, Scope.ONCE, None)
    assert consents.get(given.id).state is ConsentState.WAITING
    for kept in (once, performed, always):
        assert consents.get(kept.id).state is ConsentState.ACCEPTED
    assert consents.revoke(ConsentKind.TOOL, ASKED.subject) == 1
    assert consents.get(always.id).state is ConsentState.WAITING


def test_what_is_in_the_bin_is_not_asked_about_until_it_is_back(consents: ConsentService, database: Database) -> None:
    consents.ask(in_chat())
    with database.write() as tx:
        tx.table("conversations").update("chat", {"deleted_at": 5.0})
    assert consents.list() == ()
    with database.write() as tx:
        tx.table("conversations").update("chat", {"deleted_at": None})
    assert len(consents.list()) == 1


def test_consents_go_with_their_chat(consents: ConsentService, database: Database) -> None:
    consents.accept(consents.ask(in_chat(1)).id, Scope.CHAT)
    consents.ask(in_chat(2))
    with database.write() as tx:
        tx.execute("DELETE FROM conversations WHERE id = 'chat'")
    assert consents.list(waiting=False) == ()
    assert consents.standing() == ()


def test_ids_are_found_by_their_beginning(consents: ConsentService) -> None:
    asked = [consents.ask(in_chat(number)) for number in range(20)]
    with pytest.raises(UsageError, match="no question"):
        consents.get("nothing")
    with pytest.raises(UsageError, match="no question"):
        consents.get("")
    shared = next(digit for digit in "0123456789abcdef" if sum(one.id[0] == digit for one in asked) > 1)
    with pytest.raises(UsageError, match="Several"):
        consents.get(shared)
    with pytest.raises(UsageError, match="no question"):
        consents.accept(asked[0].id[:8])  # an answer needs the whole id


def test_everybody_hears_of_questions_and_answers(consents: ConsentService, bus: Bus) -> None:
    heard: list[Changed] = []
    bus.subscribe(heard.append)
    consent = consents.ask(in_chat())
    consents.ask(in_chat())
    assert len(heard) == 1  # the second time nothing was new
    consents.accept(consent.id, Scope.CHAT)
    consents.revoke(ConsentKind.TOOL, ASKED.subject, "chat")
    assert [news.topics for news in heard] == [frozenset([Topic.CONSENTS])] * 3


def test_what_accepting_does_happens_with_it_or_not_at_all(consents: ConsentService, bus: Bus) -> None:
    heard: list[Changed] = []
    bus.subscribe(heard.append)

    def keep(tx: Any, consent: Consent) -> None:
        if not consent.request["text"]:
            raise UsageError("There is nothing to remember.")
        tx.execute(
            "INSERT INTO memory_facts (id, text, created_at, changed_at) VALUES (?, ?, 1, 1)",
            (consent.id, consent.request["text"]),
        )

    consents.when_accepted(ConsentKind.MEMORY, keep, Topic.MEMORY)
    proposal = replace(ASKED, kind=ConsentKind.MEMORY, request={"text": "Likes tea"})
    consent = consents.ask(proposal)
    with pytest.raises(UsageError, match="nothing"):
        consents.accept(consent.id, request={"text": ""})
    assert consents.get(consent.id).state is ConsentState.WAITING
    consents.accept(consent.id, request={"text": "Likes green tea"})
    assert heard[-1].topics == {Topic.CONSENTS, Topic.MEMORY}
    tool = consents.ask(in_chat(9, request={"text": ""}))
    consents.accept(tool.id)  # of another kind: nothing is kept, nothing refuses


PROCESS = """
import sys
from pathlib import Path
from workbench import migrations
from workbench.clock import SystemClock
from workbench.consents.service import ConsentService
from workbench.db import Database, MemoryDatabase
from workbench.errors import RefusedError, UsageError
from workbench.events import Bus

database = Database(Path(sys.argv[1]), migrations.workbench, backups=Path(sys.argv[1]).parent)
consents = ConsentService(database, SystemClock(), Bus(), lambda: MemoryDatabase(migrations.workbench))
print("ready", flush=True)
for line in sys.stdin:
    try:
        getattr(consents, sys.argv[2])(line.strip())
        print("won", flush=True)
    except UsageError as error:
        print(error.message, flush=True)
"""


def test_of_two_processes_that_answer_at_once_the_first_wins(consents: ConsentService, tmp_path: Path) -> None:
    others = [
        subprocess.Popen(
            [sys.executable, "-c", PROCESS, str(tmp_path / "it.db"), verb],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for verb in ("accept", "refuse")
    ]
    try:
        for other in others:
            assert other.stdout is not None
            assert other.stdout.readline() == "ready\n"
        for number in range(12):
            consent = consents.ask(in_chat(number))
            for other in others:
                assert other.stdin is not None
                other.stdin.write(f"{consent.id}\n")
                other.stdin.flush()
            told = [other.stdout.readline().strip() for other in others if other.stdout is not None]
            state = consents.get(consent.id).state
            lost = f"This was {state.value} before."
            assert told == (["won", lost] if state is ConsentState.ACCEPTED else [lost, "won"])
    finally:
        for other in others:
            other.communicate()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
REQUESTS = st.dictionaries(st.text(), JSON, max_size=4)


@given(REQUESTS)
def test_the_order_of_keys_is_no_other_request(request: dict[str, Any]) -> None:
    turned = dict(reversed(list(request.items())))
    assert hash_of(turned) == hash_of(request)


@given(REQUESTS, REQUESTS)
def test_two_requests_are_told_apart(one: dict[str, Any], other: dict[str, Any]) -> None:
    assert (hash_of(one) == hash_of(other)) == (canonical(one) == canonical(other))


def test_whatever_a_model_wrote_can_be_asked_about(consents: ConsentService) -> None:
    odd = {"arguments": {"lone \ud800": "\udfff\x00", "big": 10**400}}
    consent = consents.ask(in_chat(request=odd, title="\ud800?", subject="notes/\ud800"))
    assert consents.get(consent.id).request == odd
    assert consents.ask(in_chat(request=odd, title="\ud800?", subject="notes/\ud800")).id == consent.id
    consents.accept(consent.id, Scope.CHAT)
    assert consents.stands(ConsentKind.TOOL, "notes/\ud800", "chat")


def test_the_newest_answer_for_a_call_is_the_newest_also_where_the_clock_was_set_back(
    consents: ConsentService, database: Database
) -> None:
    consents.refuse(consents.ask(in_chat()).id)
    again = consents.ask(in_chat(request={"tool": "write", "arguments": {}}))
    with database.write() as tx:
        tx.execute("UPDATE consents SET created_at = created_at - 7200 * rowid")
    found = consents.of_call("m1", "call-1")
    assert found is not None
    assert found.id == again.id
