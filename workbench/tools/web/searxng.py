"""SearXNG, a search that people run themselves: https://docs.searxng.org/dev/search_api

It answers in JSON only where its `settings.yml` lists that format; otherwise with 403.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from workbench.engine.remote.address import parse
from workbench.tools.web.search import Asked, Hit, Provider, hit, with_query


def searxng(address: str) -> Provider:
    """At the person's own address. Raises `UsageError`, `RefusedError` as `address.parse`."""
    address = address.strip().partition("?")[0].rstrip("/").removesuffix("/search")
    return Provider("searxng", "SearXNG", parse(address), _asked, _found)


def _asked(query: str) -> Asked:
    return Asked(with_query("/search", q=query, format="json"))


def _found(answer: Any) -> Iterator[Hit | None]:
    for one in answer["results"]:
        yield hit(one.get("title"), one.get("url"), one.get("content"), one.get("publishedDate"))
