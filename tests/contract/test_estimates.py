"""The estimate for servers that do not count is never below what real tokenizers make of a text, and not far above."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fakes.histories import HISTORIES
from workbench.cancel import CancelToken
from workbench.engine.asking.client import LlamaBackend
from workbench.engine.remote.estimate import estimate_tokens
from workbench.messages import ChatRequest, user

pytestmark = [pytest.mark.engine, pytest.mark.timeout(600)]

ROOT = Path(__file__).parents[2]
PROSE = (ROOT / "docs" / "guide.md").read_text(encoding="utf-8")[:6000]
CODE = (ROOT / "workbench" / "messages.py").read_text(encoding="utf-8")[:6000]
DIGITS = "\n".join(f"{number * 7919},{number * 104729}" for number in range(150))


@pytest.mark.parametrize("model", ["smollm", "gemma"])
def test_from_above_and_not_far_above(model: str, smollm: LlamaBackend, gemma: LlamaBackend) -> None:
    backend = {"smollm": smollm, "gemma": gemma}[model]
    histories = [*HISTORIES, *((user(text),) for text in (PROSE, CODE, DIGITS))]
    pairs = [
        (estimate_tokens(ChatRequest(history)), backend.count_tokens(ChatRequest(history), CancelToken()))
        for history in histories
    ]
    assert all(estimated >= counted for estimated, counted in pairs)
    long = [estimated / counted for estimated, counted in pairs if counted > 400]
    assert len(long) == 3
    assert max(long) <= 2.5, long
