"""The estimate for servers that do not count is never below what real tokenizers make of fifty histories."""

from __future__ import annotations

import pytest

from tests.fakes.histories import HISTORIES
from workbench.cancel import CancelToken
from workbench.engine.asking.client import LlamaBackend
from workbench.engine.remote.estimate import estimate_tokens
from workbench.messages import ChatRequest

pytestmark = [pytest.mark.engine, pytest.mark.timeout(600)]


@pytest.mark.parametrize("model", ["smollm", "gemma"])
def test_from_above_and_not_far_above(model: str, smollm: LlamaBackend, gemma: LlamaBackend) -> None:
    backend = {"smollm": smollm, "gemma": gemma}[model]
    pairs = [
        (estimate_tokens(ChatRequest(history)), backend.count_tokens(ChatRequest(history), CancelToken()))
        for history in HISTORIES
    ]
    assert all(estimated >= counted for estimated, counted in pairs)
    long = [(estimated, counted) for estimated, counted in pairs if counted > 400]
    assert all(estimated <= 4 * counted for estimated, counted in long)
