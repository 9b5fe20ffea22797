"""The context meter shows the engine's own number: fifty histories on each real model, counted by us and by the engine."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from tests.fakes.histories import HISTORIES
from workbench.cancel import CancelToken
from workbench.engine.asking.client import LlamaBackend
from workbench.messages import ChatRequest, Finished, StreamEvent

pytestmark = [pytest.mark.engine, pytest.mark.timeout(600)]


def prompt_tokens(events: Iterable[StreamEvent]) -> int | None:
    end = list(events)[-1]
    assert isinstance(end, Finished)
    return end.usage.prompt_tokens


@pytest.fixture(scope="session", params=["smollm", "gemma", "smollm_in_worker", "gemma_in_worker"])
def backend(request: pytest.FixtureRequest) -> LlamaBackend:
    found: LlamaBackend = request.getfixturevalue(request.param)
    return found


def test_fifty_histories(backend: LlamaBackend) -> None:
    assert len(HISTORIES) == 50
    counted = [backend.count_tokens(ChatRequest(history), CancelToken()) for history in HISTORIES]
    reported = [
        prompt_tokens(backend.stream(ChatRequest(history, max_tokens=1), CancelToken())) for history in HISTORIES
    ]
    assert counted == reported
