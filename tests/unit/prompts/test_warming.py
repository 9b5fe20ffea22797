"""Favourites kept warm: what is read, when, and what is forgotten. The engines are fakes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Event

import pytest

from workbench.cancel import CancelToken
from workbench.engine.backend import Warmth
from workbench.engine.scheduling.lane import Interrupted
from workbench.engine.states.shelf import Label
from workbench.errors import EngineError
from workbench.events import Bus, Topic
from workbench.messages import ChatRequest, system, user
from workbench.prompts.prompt import Prompt, SavedPrompt
from workbench.prompts.warming import CAREFUL_SECONDS, QUIET_SECONDS, Gain, WarmPrompts

SMALL, LARGE = Path("/small.gguf"), Path("/large.gguf")
RULES = "Keep to the words of the author. " * 100


def favourite(name: str, text: str = RULES) -> SavedPrompt:
    return SavedPrompt(name, Prompt(name, name.title(), text), favourite=True)


@dataclass
class FakeEngines:
    """``failure``: raised by the next `warm`. ``took``: set when it is asked."""

    models: list[Path] = field(default_factory=lambda: [SMALL])
    answering: bool = False
    asked: list[tuple[Path, ChatRequest]] = field(default_factory=list)
    labels: list[Label] = field(default_factory=list)
    failure: Exception | None = None
    took: Event = field(default_factory=Event)

    def loaded(self) -> list[Path]:
        return self.models

    def busy(self) -> bool:
        return self.answering

    def warm(self, model_path: Path, request: ChatRequest, _cancel: CancelToken) -> Warmth | None:
        failure, self.failure = self.failure, None
        if failure is not None:
            raise failure
        self.asked.append((model_path, request))
        self.labels.append(Label(f"{model_path}|1|build", request.prefix, ("a",), 700, "x", 1.4, 0.2))
        self.took.set()
        return Warmth(700, 1.4, 0.2)

    def kept(self) -> list[Label]:
        return list(self.labels)

    def forget(self, prefix: str) -> None:
        self.labels = [label for label in self.labels if label.prefix != prefix]


def beginning(saved: SavedPrompt, _path: Path) -> ChatRequest | None:
    return ChatRequest((system("Be brief."), user(saved.prompt.text)), max_tokens=900) if saved.prompt.text else None


@dataclass
class World:
    prompts: list[SavedPrompt]
    engines: FakeEngines
    allowed: bool = True
    bus: Bus = field(default_factory=Bus)

    def warm(self) -> WarmPrompts:
        return WarmPrompts(lambda: self.prompts, self.engines, beginning, lambda: self.allowed, self.bus)


@pytest.fixture
def world() -> World:
    return World([favourite("edit"), favourite("review", RULES + "Say what is missing.")], FakeEngines())


def until_done(warm: WarmPrompts) -> list[float | None]:
    waits = [warm.look()]
    while waits[-1] == 0.0:
        waits.append(warm.look())
    return waits


def test_each_favourite_is_read_once_for_each_model_in_the_background(world: World) -> None:
    world.engines.models = [SMALL, LARGE]
    warm = world.warm()
    assert until_done(warm) == [0.0, 0.0, 0.0, 0.0, None]
    assert until_done(warm) == [None]
    assert [(path, request.messages[1].text) for path, request in world.engines.asked] == [
        (path, saved.prompt.text) for saved in world.prompts for path in (SMALL, LARGE)
    ]
    for _path, request in world.engines.asked:
        assert request.background
        assert request.max_tokens == 1
        assert request.prefix.startswith("prompt:")


def test_what_it_brings_is_told_for_each_prompt_and_model(world: World) -> None:
    warm = world.warm()
    until_done(warm)
    world.engines.labels.append(Label("/small.gguf|1|build", "a chat", ("a",), 9000))
    assert warm.gains() == (Gain("edit", SMALL, 700, 1.4, 0.2), Gain("review", SMALL, 700, 1.4, 0.2))


@pytest.mark.parametrize(
    ("hinder", "wait"),
    [
        (lambda world: world.engines.models.clear(), None),
        (lambda world: setattr(world, "allowed", False), CAREFUL_SECONDS),
        (lambda world: setattr(world.engines, "answering", True), QUIET_SECONDS),
        (lambda world: setattr(world.engines, "failure", Interrupted()), QUIET_SECONDS),
        (lambda world: setattr(world, "prompts", [favourite("short", "Hello.")]), None),
        (lambda world: setattr(world, "prompts", [favourite("empty", "")]), None),
    ],
    ids=("nothing loaded", "on battery", "busy", "a person came", "too short", "nothing that stays"),
)
def test_nothing_is_read_where_that_would_be_in_the_way(
    world: World, hinder: Callable[[World], None], wait: float | None
) -> None:
    hinder(world)
    assert world.warm().look() == wait
    assert world.engines.asked == []


def test_who_was_interrupted_is_read_later(world: World) -> None:
    world.engines.failure = Interrupted()
    warm = world.warm()
    warm.look()
    until_done(warm)
    assert len(world.engines.asked) == 2


def test_an_engine_that_fails_is_not_asked_for_the_same_again(world: World) -> None:
    world.engines.failure = EngineError("It ended.")
    warm = world.warm()
    assert until_done(warm) == [0.0, 0.0, None]
    assert len(world.engines.asked) == 1


def test_a_changed_prompt_is_read_anew_and_its_old_state_forgotten(world: World) -> None:
    warm = world.warm()
    until_done(warm)
    old = {label.prefix for label in world.engines.labels}
    edit = world.prompts[0]
    world.prompts[0] = replace(edit, prompt=replace(edit.prompt, text=f"Now then: {RULES}"))
    until_done(warm)
    prefixes = [label.prefix for label in world.engines.labels]
    assert len(prefixes) == 2
    assert len(old & set(prefixes)) == 1
    assert world.engines.asked[-1][1].messages[1].text.startswith("Now then")


def test_what_is_no_favourite_any_more_is_forgotten_and_read_again_when_it_is(world: World) -> None:
    warm = world.warm()
    until_done(warm)
    gone = world.prompts.pop()
    until_done(warm)
    assert [gain.prompt_id for gain in warm.gains()] == ["edit"]
    world.prompts.append(gone)
    until_done(warm)
    assert [gain.prompt_id for gain in warm.gains()] == ["edit", "review"]


def test_states_of_chats_and_of_models_that_are_not_loaded_stay(world: World) -> None:
    elsewhere = Label("/large.gguf|1|build", "prompt:edit:old", ("a",), 700)
    chat = Label("/small.gguf|1|build", "a chat", ("a",), 9000)
    world.engines.labels += [elsewhere, chat]
    until_done(world.warm())
    assert elsewhere in world.engines.labels
    assert chat in world.engines.labels


def test_it_looks_when_a_model_was_loaded_and_stops_with_the_program(world: World) -> None:
    models, world.engines.models = world.engines.models, []
    warm = world.warm()
    warm.start()
    try:
        world.bus.publish(Topic.CHATS)
        world.engines.models = models
        world.bus.publish(Topic.ENGINE)
        assert world.engines.took.wait(10)
    finally:
        warm.close()
    warm.close()
