"""The tools of the web: a search by whom the person chose, and reading a page. Offered only where one was chosen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, Protocol

from workbench.cancel import CancelToken
from workbench.errors import RefusedError, ToolError, UsageError
from workbench.tools.tool import Call, Harm, Outcome, Place, ToolSpec
from workbench.tools.web.pages import Fetch, Read, read_page
from workbench.tools.web.search import QUERY_CHARACTERS, Hit, Provider
from workbench.tools.web.shown import hits_shown, page_shown, site
from workbench.web.public import check_address

WEB_SEARCH: Final = "web_search"
FETCH_PAGE: Final = "fetch_page"
NO_ADDRESS: Final = "That is no plain web address. One begins with https:// or http://, and has no spaces in it."


class Searching(Protocol):
    """Who searches, as the settings say now."""

    def provider(self) -> Provider | None:
        """None: nobody. Quick: reaches nothing."""
        ...

    def search(self, query: str, cancel: CancelToken) -> tuple[Hit, ...]:
        """Raises `ToolError`, `RefusedError`, `StorageError`, `Cancelled`."""
        ...


class WebTools:
    """Fills `ToolSource`."""

    def __init__(self, searching: Searching, fetch: Fetch, read: Read, now: Callable[[], float]) -> None:
        self._searching = searching
        self._fetch = fetch
        self._read = read
        self._now = now

    def specs(self, place: Place) -> tuple[ToolSpec, ...]:  # noqa: ARG002
        """See `ToolSource.specs`."""
        provider = self._searching.provider()
        return () if provider is None else (web_search(provider), fetch_page())

    def call(self, name: str, arguments: Mapping[str, Any], call: Call) -> Outcome:
        """See `ToolSource.call`."""
        provider = self._searching.provider()
        if provider is None:
            raise ToolError("The web is switched off.", hint="Settings, Web search, switches it on.")
        if name == WEB_SEARCH:
            return self._search(provider, arguments, call)
        if name == FETCH_PAGE:
            return self._page(arguments, call)
        raise ToolError(f"There is no tool {name!r} here.")

    def _search(self, provider: Provider, arguments: Mapping[str, Any], call: Call) -> Outcome:
        query = str(arguments.get("query", ""))
        if not query.strip():
            raise ToolError("There is nothing to search for: write what to find as `query`.")
        call.tell(f"Asking {provider.title} for “{query}”…")
        try:
            hits = self._searching.search(query, call.cancel)
        except (RefusedError, UsageError) as error:
            raise ToolError(error.message, hint=error.hint) from error
        return hits_shown(hits, provider.title, self._now(), call.first_number, call.tokens)

    def _page(self, arguments: Mapping[str, Any], call: Call) -> Outcome:
        url = _address(str(arguments.get("url", "")).strip())
        call.tell(f"Reading {site(url)}…")
        page = read_page(url, call.cancel, self._fetch, self._read)
        return page_shown(page, int(arguments.get("part", 1)), self._now(), call.first_number, call.tokens)


def _address(url: str) -> str:
    """Raises `ToolError` for what is no plain web address. One with spaces in it is none: they would carry words that
    neither what looks for addresses that a model made, nor what puts nothing hidden into one, takes for a part of it."""
    try:
        check_address(url)
    except RefusedError as error:
        raise ToolError(NO_ADDRESS) from error
    if any(one.isspace() or not one.isprintable() for one in url):
        raise ToolError(NO_ADDRESS)
    return url


def web_search(provider: Provider) -> ToolSpec:
    """As a model is offered it; what it asks goes to the provider's host."""
    query = {
        "type": "string",
        "description": "what to search for, in a few words",
        "minLength": 1,
        "maxLength": QUERY_CHARACTERS,
    }
    return ToolSpec(
        WEB_SEARCH,
        "Search the web",
        "Search the web for recent or unknown facts. Returns numbered results with addresses; cite them as [1].",
        {"type": "object", "properties": {"query": query}, "required": ["query"]},
        Harm.FETCH,
        destination=provider.host,
        asks_first=True,
    )


def fetch_page() -> ToolSpec:
    """As a model is offered it. The address itself tells its host something, so the first one is shown too."""
    return ToolSpec(
        FETCH_PAGE,
        "Read a page",
        "Read the text of a web page. Returns numbered passages; cite them as [1]. Long pages have parts.",
        {
            "type": "object",
            "properties": {
                "url": {"type": "string", "description": "the page's full address"},
                "part": {"type": "integer", "description": "of a long page, 1 is the first", "minimum": 1},
            },
            "required": ["url"],
        },
        Harm.FETCH,
        asks_first=True,
    )
