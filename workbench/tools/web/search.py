"""A search on the web, whoever performs it: what is asked of them, and what they found. Pure values."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

from workbench.engine.remote.address import Address
from workbench.errors import RefusedError
from workbench.tools.web.visible import one_line
from workbench.web.public import check_address

RESULTS: Final = 8
QUERY_CHARACTERS: Final = 400  # Brave takes no more
_TITLE, _SNIPPET, _ADDRESS, _DATE = 200, 1_200, 2_000, 40


@dataclass(frozen=True, slots=True)
class Asked:
    """A request without its key. ``path``: with what stands behind the question mark. ``body``: JSON, None where nothing is
    posted."""

    path: str
    body: Mapping[str, Any] | None = field(default=None, hash=False)

    @property
    def method(self) -> str:
        return "GET" if self.body is None else "POST"


@dataclass(frozen=True, slots=True)
class Hit:
    """A page that was found. ``date``: as its finder says, as "2026-11-20" where it can be read so; empty: not told."""

    title: str
    url: str
    snippet: str = ""
    date: str = ""


@dataclass(frozen=True, slots=True)
class Provider:
    """``name``: as the settings have it. ``address``: where it is asked; nothing is asked elsewhere. ``key_header`` and
    ``key_form``: how its key is sent, empty where it wants none. ``keys_at``: the page where a person gets one.
    ``asked``: of a query. ``found``: of its JSON, raises what looking into wrong shapes raises."""

    name: str
    title: str
    address: Address
    asked: Callable[[str], Asked]
    found: Callable[[Any], Iterable[Hit | None]]
    key_header: str = ""
    key_form: str = "{key}"
    keys_at: str = ""

    @property
    def wants_key(self) -> bool:
        return bool(self.key_header)

    @property
    def host(self) -> str:
        """As a person is told where a query goes."""
        usual = {"http": 80, "https": 443}[self.address.scheme]
        return self.address.host if self.address.port == usual else self.address.destination

    def headers(self, key: str | None) -> dict[str, str]:
        return {self.key_header: self.key_form.format(key=key)} if key and self.key_header else {}


@dataclass(frozen=True, slots=True)
class Preview:
    """Exactly what a search would send, but for the key, of which ``key_ending`` is shown."""

    method: str
    url: str
    body: str = ""
    key_header: str = ""
    key_ending: str = ""


@dataclass(frozen=True, slots=True)
class WebState:
    """``name``, ``title``: of who is asked, empty for nobody. ``host``: where a query goes. ``wants_key``: it is asked with
    a key. ``has_key``, ``key_ending``: of what the keychain holds for it. ``keys_at``: where one gets a key. ``problem``:
    why it cannot be asked, in a sentence."""

    name: str = ""
    title: str = ""
    host: str = ""
    wants_key: bool = False
    has_key: bool = False
    key_ending: str = ""
    keys_at: str = ""
    problem: str = ""


def preview(provider: Provider, query: str, key: str | None) -> Preview:
    asked = provider.asked(query)
    body = "" if asked.body is None else json.dumps(dict(asked.body), ensure_ascii=False)
    url = f"{provider.address.scheme}://{provider.host}{provider.address.path}{asked.path}"
    return Preview(asked.method, url, body, provider.key_header, ending(key))


def ending(key: str | None) -> str:
    """The last characters of a key, as a person tells it from another by; none of a short one."""
    return key[-4:] if key is not None and len(key) >= 12 else ""


def with_query(path: str, **values: str | int) -> str:
    return f"{path}?{urlencode(values)}"


def hit(title: Any, url: Any, snippet: Any = "", date: Any = "") -> Hit | None:
    """What was found, cleaned; None for what is no plain web address."""
    if not isinstance(url, str) or len(url) > _ADDRESS or not url.isprintable():
        return None
    try:
        check_address(url)
    except RefusedError:
        return None
    named = one_line(title, _TITLE) or urlsplit(url).hostname or url
    return Hit(named, url, one_line(snippet, _SNIPPET), _day(one_line(date, _DATE)))


def best(hits: Iterable[Hit | None], most: int = RESULTS) -> tuple[Hit, ...]:
    """The first ones, each address once."""
    by_url: dict[str, Hit] = {}
    for one in hits:
        if one is not None:
            by_url.setdefault(one.url.partition("#")[0], one)
    return tuple(by_url.values())[:most]


def _day(said: str) -> str:
    """ "2026-11-20T10:00:00" as a day; other words as they are."""
    day, separator, _time = said.partition("T")
    return day if separator and len(day) == len("2026-11-20") else said
