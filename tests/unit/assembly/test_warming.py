"""What is read of a favourite before it is used is what its question begins with."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from tests.fakes.backend import ScriptedBackend
from tests.fakes.turn_tools import SUM, FakeTools, add, spec
from tests.unit.chat.test_service import ScriptedRoute
from workbench import migrations
from workbench.assembly.warming import _beginning
from workbench.chat.asking.options import Options
from workbench.chat.service import ChatService
from workbench.chat.store import ConversationStore
from workbench.clock import SystemClock
from workbench.db import MemoryDatabase
from workbench.engine.states.chain import chain_of, shared_blocks
from workbench.engine.states.keeper import LEAST_BLOCKS
from workbench.events import Bus
from workbench.jobs import Job
from workbench.memory.memory import NOTHING_REMEMBERED, AboutMe, Fact, Remembered
from workbench.messages import ChatRequest, Effort, UsedPrompt
from workbench.prompts.prompt import Preferences, Prompt, SavedPrompt
from workbench.settings import Chat, Settings

RULES = "Keep to the words of the author. " * 60
ADD = spec("add", parameters=SUM)
PROMPTS = {
    "all in the text": ("", RULES + "The text:\n{{ text }}"),
    "all in the system part": (RULES, "{{ text }}"),
    "both": ("You are an editor.", RULES + "The text:\n{{ text }}"),
    "nothing to fill in": ("", RULES),
}


def _read_before(
    system: str, text: str, settings: str, effort: Effort | None, told: Remembered = NOTHING_REMEMBERED
) -> ChatRequest | None:
    base = SimpleNamespace(settings=lambda: Settings(chat=Chat(system=settings)))
    options = SimpleNamespace(complete=lambda asked, defaults: asked.over(defaults))
    saved = SavedPrompt("p", Prompt("edit", "Edit", text, system=system, preferences=Preferences(effort=effort)))
    parts = SimpleNamespace(options=options, chat=SimpleNamespace(offered=lambda _asked: (ADD,)))
    return _beginning(cast(Any, base), cast(Any, parts), told, saved, Path("/small.gguf"))


REMEMBERED = Remembered(AboutMe("I am Ada.", "Briefly."), facts=(Fact("f", "Has a cat", 1, 1),))


@pytest.mark.parametrize("told", [NOTHING_REMEMBERED, REMEMBERED], ids=["nothing told", "told of me"])
@pytest.mark.parametrize("settings", ["", "Be brief."])
@pytest.mark.parametrize("effort", [None, Effort.LOW])
@pytest.mark.parametrize("name", PROMPTS)
def test_a_question_begins_as_was_read_before(
    name: str, effort: Effort | None, settings: str, told: Remembered
) -> None:
    system, text = PROMPTS[name]
    read = _read_before(system, text, settings, effort, told)
    assert read is not None
    backend = ScriptedBackend("Done.")
    store = ConversationStore(MemoryDatabase(migrations.workbench), SystemClock())
    memory = SimpleNamespace(told=lambda _project, _model: (told, ""))
    chat = ChatService(
        store,
        ScriptedRoute(backend),
        Bus(),
        SystemClock(),
        lambda: Options(system=settings),
        memory=cast(Any, memory),
        tools=FakeTools({ADD: add}),
    )
    used = UsedPrompt("p", "edit", "Edit", system=system, effort=effort)
    words = text.replace("{{ text }}", "Nothing happened today. " * 30)
    chat.send(None, words, Job(report=lambda _event: None), Options(prompt=used))
    (asked,) = backend.requests
    before, after = chain_of(read), chain_of(asked)
    assert len(before) >= LEAST_BLOCKS
    assert shared_blocks(before, after) >= len(before) - 1  # the last block of a system part ends in the question
    assert asked.effort is read.effort


def test_a_prompt_that_begins_with_what_is_filled_in_has_no_beginning() -> None:
    assert _read_before("", "{{ text }} " + RULES, "Be brief.", None) is None
    assert _read_before("{{ role }} " + RULES, RULES, "", None) is None
