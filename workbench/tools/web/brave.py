"""Brave Search: https://api-dashboard.search.brave.com/app/documentation/web-search/get-started

A query may have 400 characters. An unknown key is refused with 422.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from workbench.engine.remote.address import Address
from workbench.tools.web.search import RESULTS, Asked, Hit, Provider, hit, with_query


def brave(address: Address = Address("https", "api.search.brave.com", 443)) -> Provider:  # noqa: B008 - a frozen value
    return Provider(
        "brave",
        "Brave Search",
        address,
        _asked,
        _found,
        key_header="X-Subscription-Token",
        keys_at="https://api-dashboard.search.brave.com/app/keys",
    )


def _asked(query: str) -> Asked:
    return Asked(with_query("/res/v1/web/search", q=query, count=RESULTS, text_decorations="false"))


def _found(answer: Any) -> Iterator[Hit | None]:
    for one in (answer.get("web") or {}).get("results", ()):  # without "web" it found nothing
        more = " ".join(map(str, one.get("extra_snippets") or ()))
        snippet = f"{one.get('description') or ''} {more}"
        yield hit(one.get("title"), one.get("url"), snippet, one.get("page_age") or one.get("age"))
