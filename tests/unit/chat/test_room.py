"""Room in a full context: what is no longer sent is chosen by the person, told, and can be undone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.fakes.backend import ScriptedBackend
from tests.unit.chat.test_service import ScriptedRoute
from workbench import migrations
from workbench.chat.context.context import messages_for
from workbench.chat.context.room import (
    SUMMARY_ASKED,
    SUMMARY_HEADING,
    WhenFull,
    first_to_keep,
    part_seen,
    summary_tokens,
)
from workbench.chat.events import Preparing
from workbench.chat.service import ChatService
from workbench.chat.store import ConversationStore
from workbench.chat.tree import SEEN_WHOLE, Conversation, Node, Seen, branch
from workbench.clock import SystemClock
from workbench.db import Database
from workbench.errors import ContextFullError, EngineError
from workbench.events import Bus
from workbench.jobs import Job, JobEvent, quiet_job
from workbench.messages import Message, ReasoningDelta, Role, assistant, system, user

BRANCH = tuple(
    Node(str(number), str(number - 1), user(f"q{number}") if number % 2 == 0 else assistant(f"a{number}"), 0.0)
    for number in range(7)
)


@pytest.mark.parametrize(("fits_from", "kept"), [(0, 0), (1, 2), (2, 2), (5, 6), (99, 6)])
def test_as_much_is_kept_as_fits_and_it_begins_with_a_question(fits_from: int, kept: int) -> None:
    assert first_to_keep(BRANCH, lambda position: position >= fits_from) == kept


def test_a_branch_without_its_first_message_is_sent_whole() -> None:
    assert part_seen(BRANCH, Seen("4")) == BRANCH[4:]
    assert part_seen(BRANCH[:2], Seen("4", "old")) == BRANCH[:2]
    assert messages_for(BRANCH[:1], "", "", Seen("4", "old")) == (user("q0"),)


def test_a_summary_stands_before_what_is_sent() -> None:
    assert messages_for(BRANCH[4:5], "Be brief.", "", Seen("4", "They met.")) == (
        system(f"Be brief.\n\n{SUMMARY_HEADING}\nThey met."),
        user("q4"),
    )
    assert messages_for(BRANCH, "", "", Seen("4")) == tuple(node.message for node in BRANCH[4:])


@pytest.mark.parametrize(("context", "tokens"), [(512, 128), (4096, 512), (131072, 1024)])
def test_how_long_a_summary_may_get(context: int, tokens: int) -> None:
    assert summary_tokens(context) == tokens


@dataclass
class Chat:
    service: ChatService
    scripted: ScriptedBackend
    id: str

    def conversation(self) -> Conversation:
        return self.service.open(self.id)

    def last(self) -> Node:
        return branch(self.conversation())[-1]


@pytest.fixture
def full(tmp_path: Path) -> Iterator[Chat]:
    """A chat of four exchanges of 100 words whose fifth question found no room. A token is a word."""
    database = Database(tmp_path / "workbench.db", migrations.workbench, backups=tmp_path)
    scripted = ScriptedBackend(*[f"answer{number} " + "a " * 49 for number in range(4)], context_tokens=512)
    service = ChatService(ConversationStore(database, SystemClock()), ScriptedRoute(scripted), Bus(), SystemClock())
    service.send(None, "question0 " + "q " * 49, quiet_job())
    chat = Chat(service, scripted, service.list()[0].id)
    for number in range(1, 4):
        service.send(chat.id, f"question{number} " + "q " * 49, quiet_job())
    scripted._answers = ["The answer."]
    with pytest.raises(ContextFullError):
        service.send(chat.id, "question4 " + "q " * 49, quiet_job())
    yield chat
    database.close()


def texts(messages: tuple[Message, ...]) -> list[str]:
    return [message.text.split()[0] for message in messages]


def test_a_full_context_is_kept_as_such_with_the_question(full: Chat) -> None:
    failed = full.last()
    assert failed.turn is not None
    assert (failed.turn.error_kind, failed.turn.can_continue) == ("context_full", True)
    assert failed.message.parts == ()


def test_the_oldest_are_left_out_and_the_answer_comes(full: Chat) -> None:
    seen = full.service.make_room(full.id, WhenFull.DROP, quiet_job())
    nodes = branch(full.conversation())
    assert seen == full.conversation().seen == Seen(nodes[4].id)
    answer = full.service.continue_answer(full.last().id, quiet_job())
    assert answer.message.text == "The answer."
    assert texts(full.scripted.requests[-1].messages) == ["question2", "answer2", "question3", "answer3", "question4"]
    assert len(branch(full.conversation())) == 10  # nothing is lost


def test_it_can_be_undone(full: Chat) -> None:
    full.service.make_room(full.id, WhenFull.DROP, quiet_job())
    full.service.see_whole(full.id)
    assert full.conversation().seen == SEEN_WHOLE
    with pytest.raises(ContextFullError):
        full.service.continue_answer(full.last().id, quiet_job())


def test_a_summary_stands_for_the_oldest(full: Chat) -> None:
    full.scripted._answers = ["They spoke of q."]
    news: list[JobEvent] = []
    seen = full.service.make_room(full.id, WhenFull.SUMMARISE, Job(news.append))
    assert seen.summary == "They spoke of q."
    assert any(isinstance(event.payload, Preparing) and "Summarising" in event.payload.text for event in news)
    asked = next(request for request in full.scripted.requests if SUMMARY_ASKED in request.messages[-1].text)
    assert asked.messages[0].text.startswith("question0")
    full.service.continue_answer(full.last().id, quiet_job())
    sent = full.scripted.requests[-1].messages
    assert sent[0] == system(f"{SUMMARY_HEADING}\nThey spoke of q.")
    assert [message.role for message in sent][-1] is Role.USER


def test_what_is_too_much_for_one_summary_is_summarised_in_steps(full: Chat) -> None:
    for conversation_part in ("first", "second"):
        full.scripted._answers = [f"Summary {conversation_part}.", f"Summary {conversation_part} b.", "Then."]
        full.service.make_room(full.id, WhenFull.SUMMARISE, quiet_job())
        full.scripted._answers = ["The answer. " + "a " * 40]
        full.service.continue_answer(full.last().id, quiet_job())
        full.scripted._answers = ["An answer. " + "a " * 90]
        with pytest.raises(ContextFullError):
            for _ in range(4):
                full.service.send(full.id, "more " + "q " * 90, quiet_job())
    summarised = [request for request in full.scripted.requests if SUMMARY_ASKED in request.messages[-1].text]
    assert any("Summary first" in request.messages[0].text for request in summarised)  # what was summarised stays
    limit = full.scripted.info.context_tokens
    assert all(full.scripted.count_tokens(request, quiet_job().cancel) < limit for request in summarised)


def test_a_model_that_writes_no_summary_drops_nothing_in_silence(full: Chat) -> None:
    full.scripted._answers = [[ReasoningDelta("hm")]]
    with pytest.raises(EngineError, match="no summary"):
        full.service.make_room(full.id, WhenFull.SUMMARISE, quiet_job())
    assert full.conversation().seen == SEEN_WHOLE


def test_a_question_that_is_too_long_alone_finds_no_room(full: Chat) -> None:
    with pytest.raises(ContextFullError):
        full.service.edit(branch(full.conversation())[0].id, "word " * 600, quiet_job())
    with pytest.raises(ContextFullError):
        full.service.make_room(full.id, WhenFull.DROP, quiet_job())


def test_an_edit_before_the_cut_is_sent_whole_again(full: Chat) -> None:
    full.service.make_room(full.id, WhenFull.DROP, quiet_job())
    full.service.edit(branch(full.conversation())[0].id, "Anew", quiet_job())
    assert full.scripted.requests[-1].messages == (user("Anew"),)
