"""Who searches the web for this person, and with which key. Nothing is reached before somebody searches."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

from workbench.cancel import CancelToken
from workbench.errors import UsageError, WorkbenchError
from workbench.ports import Secrets
from workbench.secrets import account
from workbench.settings import SEARCH_PROVIDERS, Tools
from workbench.tools.web.search import QUERY_CHARACTERS, Hit, Preview, Provider, WebState, ending, preview

if TYPE_CHECKING:
    from workbench.web.network import Resolve

ACCOUNT: Final = "web-search"
TITLES: Final[Mapping[str, str]] = {
    "searxng": "SearXNG",
    "brave": "Brave Search",
    "tavily": "Tavily",
    "exa": "Exa",
}


class WebSearch:
    """Any thread. Those with a token ask the provider and block; those that touch a key ask the keychain."""

    def __init__(
        self,
        settings: Callable[[], Tools],
        change: Callable[[str, Any], None],
        secrets: Secrets,
        *,
        known: Callable[[str, Tools], Provider] | None = None,
        resolve: Resolve | None = None,
    ) -> None:
        """``change`` keeps another value of a setting. ``known``: the provider of a name; ``resolve``: how a host's name
        becomes IP addresses."""
        self._settings = settings
        self._change = change
        self._secrets = secrets
        self._known = known or provider_of
        self._resolve = resolve

    def provider(self) -> Provider | None:
        """As the settings say; None for nobody, and for an address that is none. Quick."""
        wanted = self._settings()
        try:
            return self._known(wanted.web_search, wanted) if wanted.web_search else None
        except WorkbenchError:
            return None

    def state(self) -> WebState:
        """As things are now. Asks the keychain where a key is wanted."""
        wanted = self._settings()
        if not wanted.web_search:
            return WebState()
        title = TITLES[wanted.web_search]
        try:
            provider = self._known(wanted.web_search, wanted)
            key = self._key(provider)
        except WorkbenchError as error:
            return WebState(wanted.web_search, title, problem=error.message)
        missing = provider.wants_key and key is None
        return WebState(
            provider.name,
            provider.title,
            provider.host,
            provider.wants_key,
            key is not None,
            ending(key),
            provider.keys_at,
            f"{provider.title} wants a key." if missing else "",
        )

    def choose(self, name: str, *, address: str = "", key: str = "") -> str:
        """Let ``name`` be asked from now on, or nobody (empty). ``address``: of an own SearXNG; ``key``: kept in the
        keychain, bound to the provider's address. Empty: what was there before.

        Returns why the key is kept for this session only, empty where all is well. Raises `UsageError` for an unknown name,
        an address or key that is none, `RefusedError` for plain http to the internet, `StorageError`.
        """
        if name not in ("", *SEARCH_PROVIDERS):
            raise UsageError(f"There is no search called {name!r}.", hint=f"There are {', '.join(SEARCH_PROVIDERS)}.")
        wanted = self._settings()
        address = address.strip() or wanted.searxng
        note = ""
        if name:
            if name == "searxng" and not address:
                raise UsageError("SearXNG needs its address.", hint="For example http://127.0.0.1:8888.")
            provider = self._known(name, Tools(searxng=address))
            if key.strip():
                note = self._keep_key(provider, key)
        if address != wanted.searxng:
            self._change("tools.searxng", address)
        if name != wanted.web_search:
            self._change("tools.web_search", name)
        return note

    def forget_key(self, name: str) -> None:
        """Raises `UsageError`; `StorageError` when the keychain may still have it."""
        self._secrets.delete(_account(self._named(name)))

    def key_ending(self, name: str) -> str | None:
        """The last characters of its key; None where there is no key, or none is wanted."""
        provider = self._named(name)
        key = self._key(provider)
        return None if key is None else ending(key)

    def preview(self, query: str) -> Preview:
        """What `search` would send now. Raises `UsageError` where nobody is chosen."""
        provider = self._chosen()
        return preview(provider, self._checked(query), self._key(provider))

    def search(self, query: str, cancel: CancelToken) -> tuple[Hit, ...]:
        """What is found. Raises `ToolError`, `UsageError`, `RefusedError`, `StorageError`, `Cancelled`."""
        from workbench.tools.web.asking import search
        from workbench.web.network import look_up

        provider = self._chosen()
        key = self._key(provider)
        if provider.wants_key and key is None:
            raise UsageError(f"{provider.title} wants a key.", hint=f"{provider.keys_at} has one for you.")
        return search(provider, key, self._checked(query), cancel, resolve=self._resolve or look_up)

    def _chosen(self) -> Provider:
        wanted = self._settings()
        if not wanted.web_search:
            raise UsageError(
                "The web search is switched off.", hint="`workbench tools web --provider NAME` chooses one."
            )
        return self._named(wanted.web_search)

    def _named(self, name: str) -> Provider:
        return self._known(name, self._settings())

    def _key(self, provider: Provider) -> str | None:
        return self._secrets.get(_account(provider)) if provider.wants_key else None

    def _keep_key(self, provider: Provider, key: str) -> str:
        key = key.strip()
        if not provider.wants_key:
            raise UsageError(f"{provider.title} is asked without a key.")
        if not key.isascii() or not key.isprintable() or " " in key:
            raise UsageError(
                "That is no key: it has spaces or special characters in it.", hint="Copy the key once more."
            )
        return self._secrets.set(_account(provider), key)

    @staticmethod
    def _checked(query: str) -> str:
        if not query.strip():
            raise UsageError("There is nothing to search for.")
        if len(query) > QUERY_CHARACTERS:
            raise UsageError(f"A search may have {QUERY_CHARACTERS} characters at most.")
        return query


def provider_of(name: str, settings: Tools) -> Provider:
    """Raises `UsageError` for an unknown name; and as `address.parse` for the address of a SearXNG."""
    if name == "searxng":
        from workbench.tools.web.searxng import searxng

        return searxng(settings.searxng)
    if name == "brave":
        from workbench.tools.web.brave import brave

        return brave()
    if name == "tavily":
        from workbench.tools.web.tavily import tavily

        return tavily()
    if name == "exa":
        from workbench.tools.web.exa import exa

        return exa()
    raise UsageError(f"There is no search called {name!r}.", hint=f"There are {', '.join(SEARCH_PROVIDERS)}.")


def _account(provider: Provider) -> str:
    return account(f"{ACCOUNT}-{provider.name}", provider.address.origin)
