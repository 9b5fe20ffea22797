"""A tool of a server through the whole chat: a tiny model calls it, the person is asked, the result reaches the model."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.contract.test_tools_in_chats import opened, text_of
from tests.unit.tools.servers.conftest import fake
from workbench.cancel import CancelToken
from workbench.chat.asking.options import Options
from workbench.consents.consent import Scope
from workbench.jobs import quiet_job
from workbench.messages import Finish, ToolResult

pytestmark = pytest.mark.engine

SCRIPT = {
    "tool": "fake_echo",
    "arguments": '{"text":"hello"}',
    "told": "It said so.",
    "thought": "I ask the server.",
}


def test_the_person_is_asked_and_the_answer_goes_on(home: Path, tiny_model: Callable[..., Path]) -> None:
    with opened(home) as workbench:
        workbench.tool_servers.add("fake", fake())
        start = workbench.tool_servers.asked("fake")
        assert start is not None
        workbench.consents.accept(start.id)
        workbench.tool_servers.start("fake", CancelToken())
        options = Options(model=str(tiny_model("qwen3moe", **SCRIPT)), tools=("fake_echo",))
        waits = workbench.chat.send(None, "What does it say?", quiet_job(), options)
        assert waits.turn is not None
        assert waits.turn.finish is Finish.WAITING
        (consent,) = workbench.consents.list()
        assert consent.request["arguments"] == {"text": "hello"}
        assert consent.request["source"] == "fake"
        assert Scope.ALWAYS not in consent.question.scopes
        workbench.consents.accept(consent.id)
        answer = workbench.chat.resume(waits.id, quiet_job())
        result = next(part for part in answer.message.parts if isinstance(part, ToolResult))
        assert (result.text, result.untrusted, result.failed) == ("You said: hello", True, False)
        assert text_of(answer) == "It said so."
