"""The model and effort of a chat: over its project and the settings, under the question."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.fakes.backend import ScriptedBackend
from workbench import migrations
from workbench.cancel import CancelToken
from workbench.chat.asking.of_chat import NOT_CHOSEN, ChatChoice, choice_of
from workbench.chat.asking.options import NoProjects, Options
from workbench.chat.service import ChatService
from workbench.chat.store import ConversationStore
from workbench.clock import SystemClock
from workbench.db import Database
from workbench.errors import ModelError, RefusedError, UsageError
from workbench.events import Bus, Topic
from workbench.jobs import quiet_job
from workbench.messages import Effort, Id, UsedPrompt
from workbench.ports import ChatBackend


@dataclass
class Models:
    """A route to several models; each answers with its name."""

    there: set[str] = field(default_factory=lambda: {"usual", "small", "large"})

    def name(self, model: str) -> str:
        if (model or "usual") not in self.there:
            raise ModelError(f"No model {model}.")
        return model or "usual"

    def source(self, model: str) -> str:
        return "engine"

    def backend(self, model: str, cancel: CancelToken, progress: Callable[[str], None]) -> ChatBackend:
        return ScriptedBackend("Yes.", model=self.name(model))

    def ready(self, model: str) -> ChatBackend | None:
        return None


class Private(NoProjects):
    """One project that ``large`` must not get, with a model of its own."""

    def of(self, conversation_id: Id) -> Id | None:
        return "p"

    def options(self, project_id: Id) -> Options:
        return Options(model="small", effort=Effort.LOW)

    def check(self, project_id: Id, model: str) -> None:
        if model == "large":
            raise RefusedError("The project is private.")


@dataclass
class World:
    chat: ChatService
    models: Models
    bus: Bus

    def begun(self, options: Options = Options()) -> Id:
        self.chat.send(None, "Hello", quiet_job(), options)
        return self.chat.list()[0].id

    def answered(self, conversation: Id, options: Options = Options()) -> tuple[str, Effort | None]:
        turn = self.chat.send(conversation, "And?", quiet_job(), options).turn
        assert turn is not None
        return turn.model, turn.effort


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Callable[..., World]]:
    opened: list[Database] = []

    def build(projects: NoProjects = NoProjects(), defaults: Options = Options(effort=Effort.MEDIUM)) -> World:
        database = Database(tmp_path / "workbench.db", migrations.workbench, backups=tmp_path)
        opened.append(database)
        bus, clock, models = Bus(), SystemClock(), Models()
        chat = ChatService(ConversationStore(database, clock), models, bus, clock, lambda: defaults, projects=projects)
        return World(chat, models, bus)

    yield build
    for database in opened:
        database.close()


def test_a_chat_remembers_its_model_and_effort(make: Callable[..., World]) -> None:
    world = make()
    chat, other = world.begun(), world.begun()
    world.chat.set_model(chat, "large")
    world.chat.set_effort(chat, Effort.HIGH)
    assert world.chat.open(chat).choice == ChatChoice("large", Effort.HIGH)
    assert world.answered(chat) == ("large", Effort.HIGH)
    assert world.answered(other) == ("usual", Effort.MEDIUM)


def test_it_follows_the_settings_again(make: Callable[..., World]) -> None:
    world = make()
    chat = world.begun()
    world.chat.set_model(chat, "large")
    world.chat.set_effort(chat, Effort.HIGH)
    world.chat.set_model(chat, "")
    world.chat.set_effort(chat, None)
    assert world.chat.open(chat).choice == NOT_CHOSEN
    assert world.answered(chat) == ("usual", Effort.MEDIUM)


def test_it_stands_over_the_project_and_under_the_question(make: Callable[..., World]) -> None:
    world = make(Private())
    chat = world.begun()
    assert world.answered(chat) == ("small", Effort.LOW)
    world.chat.set_model(chat, "usual")
    assert world.answered(chat) == ("usual", Effort.LOW)
    assert world.answered(chat, Options(model="small", effort=Effort.HIGH)) == ("small", Effort.HIGH)
    with pytest.raises(RefusedError):
        world.chat.set_model(chat, "large")


def test_a_prompt_that_wants_a_model_has_it_for_its_question(make: Callable[..., World]) -> None:
    world = make()
    chat = world.begun()
    world.chat.set_model(chat, "large")
    prompt = UsedPrompt("1", "short", "Short", 1, model="small")
    assert world.answered(chat, Options(prompt=prompt))[0] == "small"


def test_a_new_chat_keeps_what_is_chosen_for_it(make: Callable[..., World]) -> None:
    world = make()
    chat = world.begun(Options(of_chat=ChatChoice("small", Effort.LOW)))
    assert world.chat.open(chat).choice == ChatChoice("small", Effort.LOW)
    assert world.answered(chat) == ("small", Effort.LOW)


def test_a_model_that_is_gone_is_passed_over_until_it_is_back(make: Callable[..., World]) -> None:
    world = make()
    chat = world.begun()
    world.chat.set_model(chat, "large")
    world.models.there.remove("large")
    assert world.answered(chat)[0] == "usual"
    world.models.there.add("large")
    assert world.answered(chat)[0] == "large"


def test_another_answer_and_a_copy_are_as_the_chat_says(make: Callable[..., World]) -> None:
    world = make()
    chat = world.begun()
    world.chat.set_model(chat, "large")
    world.chat.set_effort(chat, Effort.HIGH)
    tip = world.chat.open(chat).tip_id or ""
    again = world.chat.regenerate(tip, quiet_job()).turn
    assert again is not None
    assert again.model == "large"
    assert world.chat.open(world.chat.fork(tip)).choice == ChatChoice("large", Effort.HIGH)


def test_what_cannot_be_chosen_is_refused_and_the_others_hear_of_what_was(make: Callable[..., World]) -> None:
    world = make()
    chat = world.begun()
    heard: list[Topic] = []
    world.bus.subscribe(lambda changed: heard.extend(changed.topics))
    with pytest.raises(ModelError):
        world.chat.set_model(chat, "nobody")
    with pytest.raises(UsageError):
        world.chat.set_model("no chat", "large")
    with pytest.raises(UsageError):
        world.chat.set_effort("no chat", None)
    assert heard == []
    world.chat.set_model(chat, "large")
    assert heard == [Topic.CHATS]
    assert world.chat.open(chat).choice == ChatChoice("large")


def test_an_effort_of_another_version_is_none() -> None:
    assert choice_of("small", "gigantic") == ChatChoice("small")
    assert choice_of(None, None) == NOT_CHOSEN
