"""Exa: https://exa.ai/docs/reference/search"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from workbench.engine.remote.address import Address
from workbench.tools.web.search import RESULTS, Asked, Hit, Provider, hit


def exa(address: Address = Address("https", "api.exa.ai", 443)) -> Provider:  # noqa: B008 - a frozen value
    return Provider(
        "exa",
        "Exa",
        address,
        _asked,
        _found,
        key_header="x-api-key",
        keys_at="https://dashboard.exa.ai/api-keys",
    )


def _asked(query: str) -> Asked:
    return Asked("/search", {"query": query, "numResults": RESULTS, "type": "auto", "contents": {"highlights": True}})


def _found(answer: Any) -> Iterator[Hit | None]:
    for one in answer["results"]:
        said = " … ".join(map(str, one.get("highlights") or ())) or one.get("text")
        yield hit(one.get("title"), one.get("url"), said, one.get("publishedDate"))
