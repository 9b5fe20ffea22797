"""Each row of the real table is asked as its quirks say, and its quirks are names that somebody reads."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.fakes.cloud_servers import KEY, CloudServer
from tests.unit.cloud.protocols.asking import MODEL, REQUEST, client, said
from workbench.cancel import CancelToken
from workbench.cloud.listing.rows import listed_providers
from workbench.cloud.protocols.places import check_place
from workbench.cloud.protocols.quirks import Quirk
from workbench.cloud.provider import Dialect, Provider
from workbench.messages import Effort

ROWS = listed_providers()
OF_LISTS = {"public_models", "prices_per_million"}
# What a provider refuses that others take.
REFUSED = {
    "openai": {"max_tokens", "top_k"},
    "mistral": {"stream_options", "seed", "max_completion_tokens", "store"},
    "deepseek": {"store", "reasoning"},
    "groq": {"top_k", "reasoning"},
}
FIRST = {
    "openrouter": ("provider", {"data_collection": "deny"}),
    "openai": ("store", False),
    "together": ("reasoning_effort", "high"),
    "deepseek": ("thinking", {"type": "enabled"}),
    "groq": ("max_completion_tokens", 2000),
    "xai": ("max_completion_tokens", 2000),
    "gemini": ("max_tokens", 2000),
}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_quirks_are_names_that_are_read(row: Provider) -> None:
    assert row.quirks <= {*Quirk, *OF_LISTS}
    check_place(row, f"{row.base_url}/chat/completions")
    assert row.base_url.startswith("https://")


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_each_row_answers(row: Provider) -> None:
    with CloudServer(row.dialect, refuses=frozenset(REFUSED.get(row.id, ())), always_usage=True) as server:
        provider = replace(row, base_url=server.base_url)
        model = replace(MODEL, efforts=(Effort.OFF, Effort.LOW, Effort.MEDIUM, Effort.HIGH))
        shown = client().outgoing(provider, model, replace(REQUEST, effort=Effort.HIGH))
        reply = client().send(provider, shown, KEY, CancelToken())
        assert said(reply.events()) == (server.text, None)
        assert reply.billed is not None
        body: dict[str, Any] = server.questions[0].json
    if row.id in FIRST:
        name, value = FIRST[row.id]
        assert body[name] == value
    assert (row.dialect is Dialect.ANTHROPIC) is (row.id == "anthropic")
