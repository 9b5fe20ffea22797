"""What a real engine has read for a chat is there again after the program was closed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from workbench.cancel import CancelToken
from workbench.clock import SystemClock
from workbench.engine.launching.ground import Ground
from workbench.engine.launching.launcher import NativeLauncher
from workbench.engine.launching.plan import EngineSettings
from workbench.engine.service import EngineService
from workbench.engine.states.keeper import StateKeeper
from workbench.engine.states.shelf import StateShelf
from workbench.events import Bus
from workbench.messages import ChatRequest, Finished, Message, Sampling, Usage, assistant, user
from workbench.paths import Paths

pytestmark = pytest.mark.engine

LONG = " ".join(f"Line {number}: the fox number {number * 7919 % 1000} jumps." for number in range(60))
HISTORY = (user(f"{LONG} Which fox jumps first?"),)
FURTHER = (*HISTORY, assistant("Fox 0."), user("And then?"))


@dataclass
class Engines:
    service: EngineService
    shelf: StateShelf
    keeper: StateKeeper
    model: Path

    def ask(self, messages: tuple[Message, ...], prefix: str) -> Usage:
        backend = self.service.backend(self.model, "Small", CancelToken())
        request = ChatRequest(messages, max_tokens=4, sampling=Sampling(temperature=0), prefix=prefix)
        *_, end = backend.stream(request, CancelToken())
        assert isinstance(end, Finished)
        return end.usage

    def states(self) -> list[Path]:
        return sorted(self.shelf.folder.glob("*.state"))


@pytest.fixture
def start(tmp_path: Path, tiny_qwen3moe: Path) -> Iterator[Callable[..., Engines]]:
    opened: list[EngineService] = []
    paths = Paths(tmp_path / "home")
    paths.prepare()

    def begin(limit_bytes: int = 1 << 30, slots: int = 1) -> Engines:
        launcher = NativeLauncher(paths, SystemClock())
        shelf = StateShelf(paths.home / "states", lambda: limit_bytes)
        keeper = StateKeeper(shelf, launcher.build)
        service = EngineService(
            launcher,
            paths,
            SystemClock(),
            Bus(),
            settings=lambda: EngineSettings(context_tokens=4096, slots=slots, saved_states_bytes=1 << 30),
            survey=lambda _path: Ground(state_folder=shelf.folder),
            states=keeper,
        )
        opened.append(service)
        return Engines(service, shelf, keeper, tiny_qwen3moe)

    yield begin
    for service in opened:
        service.close()


def test_a_long_chat_is_not_read_again_after_a_restart(start: Callable[..., Engines]) -> None:
    before = start()
    cold = before.ask(HISTORY, "chat")
    assert (cold.cached_tokens or 0) < 32
    before.service.close()
    assert len(before.states()) == 1
    warm = start().ask(FURTHER, "chat")
    assert cold.prompt_tokens is not None
    assert (warm.cached_tokens or 0) > cold.prompt_tokens - 16


def test_another_chat_that_begins_alike_needs_not_read_it_either(start: Callable[..., Engines]) -> None:
    before = start()
    cold = before.ask(HISTORY, "chat")
    before.service.close()
    other = start().ask((user(f"{LONG} Which fox jumps last?"),), "another chat")
    assert (other.cached_tokens or 0) > (cold.prompt_tokens or 0) // 2


def test_a_chat_that_gives_way_to_another_in_its_slot_comes_back(start: Callable[..., Engines]) -> None:
    engines = start()
    cold = engines.ask(HISTORY, "chat")
    engines.ask((user("Hello there. " * 300),), "other")
    assert len(engines.states()) == 1  # it was saved when it gave way
    again = engines.ask(FURTHER, "chat")
    assert (again.cached_tokens or 0) > (cold.prompt_tokens or 0) - 16


def test_a_deleted_chat_leaves_nothing_and_is_not_written_later(start: Callable[..., Engines]) -> None:
    engines = start()
    engines.ask(HISTORY, "chat")
    engines.keeper.forget("chat")
    engines.service.close()
    assert engines.states() == []


@pytest.mark.parametrize("how", ["short", "no prefix", "no room"])
def test_what_is_not_worth_it_is_not_kept(start: Callable[..., Engines], how: str) -> None:
    engines = start(limit_bytes=0 if how == "no room" else 1 << 30)
    engines.ask((user("Hi"),) if how == "short" else HISTORY, "" if how == "no prefix" else "chat")
    engines.service.close()
    assert engines.states() == []


def test_a_damaged_state_is_read_again_as_ever(start: Callable[..., Engines]) -> None:
    before = start()
    cold = before.ask(HISTORY, "chat")
    before.service.close()
    (state,) = before.states()
    state.write_bytes(b"not a state" * 100)
    again = start()
    usage = again.ask(HISTORY, "chat")
    assert usage.prompt_tokens == cold.prompt_tokens
    assert (usage.cached_tokens or 0) < 32
    assert not state.exists()
