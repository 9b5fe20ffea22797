"""What every engine that keeps states promises of prompts that are kept warm: a question made with one begins where it
ends, in the running engine and in the next one, and whoever was in the slot before finds what was read for them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.contract.test_tiny_models import launcher_of, model_of
from workbench.cancel import CancelToken
from workbench.clock import SystemClock
from workbench.engine.backend import Warmth
from workbench.engine.launching.ground import Ground
from workbench.engine.launching.plan import EngineSettings
from workbench.engine.service import EngineService
from workbench.engine.states.keeper import StateKeeper
from workbench.engine.states.shelf import StateShelf
from workbench.events import Bus
from workbench.messages import ChatRequest, Finished, Message, Sampling, Usage, assistant, system, user
from workbench.paths import Paths

pytestmark = pytest.mark.engine

SPARE = 64  # tokens that end a turn, and those that an engine reads again
RULES = " ".join(f"Rule {number}: keep to line {number * 7919 % 1000} of the paper." for number in range(60))
CHAT = " ".join(f"Line {number}: the fox number {number * 7919 % 1000} jumps." for number in range(60))
BEGINNING = (system("You are brief."), user(RULES))
MADE_WITH_IT = (system("You are brief."), user(f"{RULES} The text: nothing happened today."))


@dataclass
class Engines:
    service: EngineService
    keeper: StateKeeper
    model: Path

    def ask(self, *messages: Message, prefix: str) -> Usage:
        backend = self.service.backend(self.model, "Small", CancelToken())
        request = ChatRequest(messages, max_tokens=4, sampling=Sampling(temperature=0), prefix=prefix)
        *_, end = backend.stream(request, CancelToken())
        assert isinstance(end, Finished)
        return end.usage

    def warm(self) -> Warmth | None:
        request = ChatRequest(BEGINNING, max_tokens=1, prefix="prompt:p:1", background=True)
        return self.service.warm(self.model, request, CancelToken())


@pytest.fixture(params=["native qwen3moe", "binary qwen3moe", "worker qwen3moe", "native gpt_oss", "worker gpt_oss"])
def engines(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engines]:
    """gpt_oss has a sliding window, of which a state keeps no more than is needed."""
    home = tmp_path / "home"
    engine, family = request.param.split()
    launcher = launcher_of(engine, home, request)
    shelf = StateShelf(home / "states", lambda: 1 << 30)
    keeper = StateKeeper(shelf, launcher.build)
    service = EngineService(
        launcher,
        Paths(home),
        SystemClock(),
        Bus(),
        settings=lambda: EngineSettings(context_tokens=4096, slots=1, saved_states_bytes=1 << 30),
        survey=lambda _path: Ground(state_folder=shelf.folder),
        states=keeper,
    )
    yield Engines(service, keeper, model_of(family, request))
    service.close()


def test_a_question_made_with_it_begins_where_it_ends(engines: Engines) -> None:
    first = engines.ask(user(f"{CHAT} Which fox?"), prefix="chat")
    found = engines.warm()
    assert found is not None
    assert found.tokens > 512
    assert found.cold_seconds > 0
    assert found.warm_seconds > 0
    (label,) = [one for one in engines.keeper.labels() if one.prefix == "prompt:p:1"]
    assert (label.cold_seconds, label.warm_seconds) == (found.cold_seconds, found.warm_seconds)
    assert engines.warm() is None  # it is kept already

    again = engines.ask(user(f"{CHAT} Which fox?"), assistant("Fox 0."), user("And then?"), prefix="chat")
    assert (again.cached_tokens or 0) > (first.prompt_tokens or 0) - SPARE
    made = engines.ask(*MADE_WITH_IT, prefix="another chat")
    assert (made.cached_tokens or 0) > found.tokens - SPARE

    engines.service.stop()
    assert engines.warm() is None  # it starts no engine
    later = engines.ask(*MADE_WITH_IT, prefix="one more chat")
    assert (later.cached_tokens or 0) > found.tokens - SPARE


def test_a_short_one_is_not_kept(engines: Engines) -> None:
    engines.ask(user("Hi"), prefix="chat")
    request = ChatRequest((user("Hi"),), max_tokens=1, prefix="prompt:p:2", background=True)
    assert engines.service.warm(engines.model, request, CancelToken()) is None
    assert engines.keeper.labels() == ()
