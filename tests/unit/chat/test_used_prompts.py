"""A question that is written with a saved prompt: what it is told with, how it is answered, and what is kept of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes.backend import ScriptedBackend
from tests.unit.chat.test_service import ScriptedRoute, World
from workbench import migrations
from workbench.cancel import CancelToken
from workbench.chat.asking.options import Options
from workbench.chat.cases.cases import asked_in
from workbench.chat.context.context import messages_for
from workbench.chat.exporting.parts import part_from, part_json
from workbench.chat.prompt_json import prompt_from_json
from workbench.chat.service import ChatService
from workbench.chat.store import ConversationStore
from workbench.chat.tree import Node, branch
from workbench.clock import SystemClock
from workbench.db import Database
from workbench.events import Bus
from workbench.messages import Effort, Message, Role, Sampling, Text, UsedPrompt, assistant, system, user

SCHEMA = {"type": "object", "properties": {"word": {"type": "string"}}}
PROMPT = UsedPrompt("p1", "translate", "Translate", 3, "Translate into Welsh.", temperature=0.1, schema=SCHEMA)


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Callable[..., World]]:
    opened: list[Database] = []

    def build(scripted: ScriptedBackend, defaults: Options = Options()) -> World:
        database = Database(tmp_path / "workbench.db", migrations.workbench, backups=tmp_path)
        opened.append(database)
        store = ConversationStore(database, SystemClock())
        chat = ChatService(store, ScriptedRoute(scripted), Bus(), SystemClock(), lambda: defaults)
        return World(chat, store, database, Bus())

    yield build
    for database in opened:
        database.close()


def test_the_first_question_of_a_chat_is_told_its_system_part_behind_the_settings(make: Callable[..., World]) -> None:
    backend = ScriptedBackend("Môr.")
    world = make(backend, Options(system="Be brief."))
    world.chat.send(None, "sea", world.job(), Options(prompt=PROMPT))
    (request,) = backend.requests
    assert request.messages == (system("Be brief.\n\nTranslate into Welsh."), user("sea"))
    assert request.sampling.temperature == 0.1
    assert request.schema == SCHEMA


def test_a_later_question_has_it_before_its_own_text_and_what_was_read_before_stays(make: Callable[..., World]) -> None:
    backend = ScriptedBackend("Hello.", "Môr.", "Fine.")
    world = make(backend, Options(system="Be brief."))
    first = world.chat.send(None, "Hi", world.job())
    chat = world.store.conversation_of(first.id)
    world.chat.send(chat, "sea", world.job(), Options(prompt=PROMPT))
    world.chat.send(chat, "Thanks", world.job())
    asked, later = backend.requests[1], backend.requests[2]
    assert asked.messages[0] == system("Be brief.")
    assert asked.messages[-1] == user("Translate into Welsh.\n\nsea")
    assert later.messages[: len(asked.messages)] == asked.messages
    assert later.schema is None
    assert later.sampling.temperature is None


def test_another_answer_is_asked_as_the_first_one_was(make: Callable[..., World]) -> None:
    backend = ScriptedBackend("Môr.")
    world = make(backend)
    answer = world.chat.send(None, "sea", world.job(), Options(prompt=PROMPT))
    world.chat.regenerate(answer.id, world.job(), Options(sampling=Sampling(0.9)))
    again = backend.requests[1]
    assert again.messages == backend.requests[0].messages
    assert again.schema == SCHEMA
    assert again.sampling.temperature == 0.9  # what is asked for now goes first


def test_an_edited_question_has_the_prompt_that_it_is_edited_with(make: Callable[..., World]) -> None:
    backend = ScriptedBackend("Môr.")
    world = make(backend)
    answer = world.chat.send(None, "sea", world.job(), Options(prompt=PROMPT))
    conversation = world.chat.open(world.store.conversation_of(answer.id))
    question = branch(conversation)[0]
    world.chat.edit(question.id, "land", world.job(), Options(prompt=PROMPT))
    world.chat.edit(question.id, "wind", world.job())
    assert backend.requests[1].messages[0] == system("Translate into Welsh.")
    assert backend.requests[2].messages == (user("wind"),)
    assert backend.requests[2].schema is None


def test_the_question_keeps_what_it_was_written_with(make: Callable[..., World]) -> None:
    world = make(ScriptedBackend("Môr."))
    answer = world.chat.send(None, "sea", world.job(), Options(prompt=PROMPT))
    conversation = world.chat.open(world.store.conversation_of(answer.id))
    question = branch(conversation)[0]
    assert question.message == Message(Role.USER, (PROMPT, Text("sea")))
    assert question.message.prompt == PROMPT
    case = asked_in(conversation, answer.id)
    assert case.title == "sea"
    assert case.messages[-1].text == "Translate into Welsh.\n\nsea"


def test_the_meter_counts_the_system_part_of_what_is_not_sent_yet(make: Callable[..., World]) -> None:
    world = make(ScriptedBackend())
    without = world.chat.measure(None, "sea", CancelToken())
    with_it = world.chat.measure(None, "sea", CancelToken(), Options(prompt=PROMPT))
    assert without.tokens is not None
    assert with_it.tokens is not None
    assert with_it.tokens > without.tokens


def test_a_model_that_is_not_there_is_passed_over(make: Callable[..., World]) -> None:
    class OneModel(ScriptedRoute):
        def name(self, model: str) -> str:
            if model == "gpt-9":
                from workbench.errors import ModelError

                raise ModelError("There is no gpt-9.")
            return super().name(model)

    world = make(ScriptedBackend("Yes."))
    chat = ChatService(world.store, OneModel(ScriptedBackend("Yes.")), Bus(), SystemClock())
    answer = chat.send(None, "sea", world.job(), Options(prompt=UsedPrompt("p", "p", "P", model="gpt-9")))
    assert answer.turn is not None
    assert answer.turn.model == "fake-model"


def test_where_the_start_of_a_chat_is_left_out_its_system_part_stays() -> None:
    nodes = [
        Node("0", None, Message(Role.USER, (PROMPT, Text("sea"))), 0.0),
        Node("1", "0", assistant("Môr."), 0.0),
        Node("2", "1", user("land"), 0.0),
    ]
    from workbench.chat.tree import Seen

    assert messages_for(nodes, seen=Seen("2")) == (system("Translate into Welsh."), user("land"))


@given(
    st.builds(
        UsedPrompt,
        st.text(),
        st.text(),
        st.text(),
        st.integers(1, 10**6),
        st.text(),
        st.text(),
        st.sampled_from([None, *Effort]),
        st.none() | st.floats(0, 5),
        st.none() | st.dictionaries(st.text(), st.text()),
        st.lists(st.text()).map(tuple),
        st.dictionaries(st.text(), st.text()),
    )
)
def test_it_goes_out_and_comes_back(prompt: UsedPrompt) -> None:
    assert part_from(part_json(prompt)) == prompt


@pytest.mark.parametrize(
    "told",
    [
        {"version": "x"},
        {"effort": "huge"},
        {"temperature": 9},
        {"schema": 3},
        {"folders": 5},
        {"version": None},
        {"values": 3},
    ],
)
def test_what_a_stranger_wrote_is_refused(told: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"."):
        prompt_from_json(told)
