"""Tavily: https://docs.tavily.com/documentation/api-reference/endpoint/search"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from workbench.engine.remote.address import Address
from workbench.tools.web.search import RESULTS, Asked, Hit, Provider, hit


def tavily(address: Address = Address("https", "api.tavily.com", 443)) -> Provider:  # noqa: B008 - a frozen value
    return Provider(
        "tavily",
        "Tavily",
        address,
        _asked,
        _found,
        key_header="Authorization",
        key_form="Bearer {key}",
        keys_at="https://app.tavily.com/home",
    )


def _asked(query: str) -> Asked:
    return Asked("/search", {"query": query, "max_results": RESULTS, "search_depth": "basic"})


def _found(answer: Any) -> Iterator[Hit | None]:
    for one in answer["results"]:
        yield hit(one.get("title"), one.get("url"), one.get("content"), one.get("published_date"))
