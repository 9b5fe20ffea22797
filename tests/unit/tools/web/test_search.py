"""Searching the web: what leaves, what comes back, and what goes wrong."""

from __future__ import annotations

import gzip
import json
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.fakes import search_servers as servers
from tests.fakes.search_servers import KEY, SearchServer, query_of
from tests.fakes.secrets import FakeSecrets
from workbench.cancel import CancelToken
from workbench.engine.remote.address import Address
from workbench.errors import Cancelled, RefusedError, ToolError, UsageError, WorkbenchError
from workbench.settings import Tools
from workbench.tools.web import asking
from workbench.tools.web.asking import search
from workbench.tools.web.brave import brave
from workbench.tools.web.exa import exa
from workbench.tools.web.search import Hit, Provider, hit
from workbench.tools.web.searxng import searxng
from workbench.tools.web.service import WebSearch, provider_of
from workbench.tools.web.tavily import tavily
from workbench.tools.web.visible import one_line, visible

KINDS = ("searxng", "brave", "tavily", "exa")
QUERY = "high water in Brest & “spring tide”"


def provider(kind: str, address: Address) -> Provider:
    made: dict[str, Callable[[], Provider]] = {
        "searxng": lambda: searxng(address.base_url),
        "brave": lambda: brave(address),
        "tavily": lambda: tavily(address),
        "exa": lambda: exa(address),
    }
    return made[kind]()


def found(server: SearchServer, key: str | None = KEY, cancel: CancelToken | None = None) -> tuple[Hit, ...]:
    return search(provider(server.kind, server.address), key, QUERY, cancel or CancelToken())


@pytest.mark.parametrize("kind", KINDS)
def test_a_search_finds_pages_with_title_address_and_date(kind: str) -> None:
    with SearchServer(kind) as server:
        hits = found(server)
    assert [(one.title, one.url) for one in hits] == [
        ("Tide tables", "https://tides.example/brest"),
        ("The moon", "https://moon.example/"),
    ]
    assert "06:42" in hits[0].snippet
    assert hits[0].date == ("" if kind == "tavily" else "2026-11-20")
    assert hits[1].date == ""


@pytest.mark.parametrize("kind", KINDS)
def test_what_leaves_is_the_query_and_the_key_and_nothing_that_says_who_asks(kind: str) -> None:
    with SearchServer(kind) as server:
        found(server)
        asked = server.asked[0]
    assert query_of(asked) == QUERY
    own = {"searxng": set(), "brave": {"x-subscription-token"}, "tavily": {"authorization"}, "exa": {"x-api-key"}}
    usual = {"host", "accept", "accept-encoding", "connection", "user-agent"}
    posted = {"content-length", "content-type"} if asked.method == "POST" else set[str]()
    assert set(asked.headers) == usual | own[kind] | posted
    assert asked.headers["user-agent"] == "Workbench"
    assert (KEY.encode() in asked.everything) == (kind != "searxng")


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_found_is_no_failure(kind: str) -> None:
    with SearchServer(kind, pages=()) as server:
        assert found(server) == ()


FAULTS = [
    (servers.status(401), "refuses the key|HTTP 401"),
    (servers.status(403), "refuses the key|does not answer in JSON"),
    (servers.status(404), "There is no"),
    (servers.status(429), "too often"),
    (servers.status(500), "HTTP 500"),
    (servers.says(b"<!doctype html><p>Please sign in"), "no search result"),
    (servers.says(b"[1, 2"), "no search result"),
    (servers.says(b'["a"]'), "no search result"),
    (servers.says(b'{"results": 7, "web": {"results": 7}}'), "no search result"),
    (servers.says(b'{"results": ["x"], "web": {"results": ["x"]}}'), "no search result"),
    (servers.says(b"[" * 100_000), "no search result"),
    (servers.says(gzip.compress(b" " * (5 << 20)), Content_Encoding="gzip"), "more than"),
    (servers.says(gzip.compress(b" " * 9000)[:-9], Content_Encoding="gzip"), "no search result"),
    (servers.says(b"{}", Content_Encoding="br"), "no search result"),
    (servers.leads_to("http://127.0.0.1:9/"), "another address"),
    (servers.floods, "more than"),
    (servers.cut, "cannot be reached"),
]


@pytest.mark.parametrize(("fault", "words"), FAULTS)
@pytest.mark.parametrize("kind", ["searxng", "brave"])
def test_each_fault_is_told_in_a_sentence_that_no_stranger_wrote(kind: str, fault: servers.Fault, words: str) -> None:
    with SearchServer(kind, fault=fault) as server, pytest.raises(ToolError, match=words) as raised:
        found(server)
    assert "Ignore all rules" not in raised.value.message + raised.value.hint


def test_an_answer_that_is_packed_without_being_asked_to_is_read() -> None:
    packed = gzip.compress(json.dumps(servers.exa_answer(servers.TIDES)).encode())
    with SearchServer("exa", fault=servers.says(packed, Content_Encoding="gzip")) as server:
        assert len(found(server)) == 2


@pytest.mark.parametrize("kind", ["brave", "tavily", "exa"])
def test_a_wrong_key_is_told_as_one(kind: str) -> None:
    with SearchServer(kind) as server, pytest.raises(ToolError, match="refuses the key"):
        found(server, "another-key-1234")


def test_one_that_hangs_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "SILENCE_SECONDS", 0.2)
    with SearchServer("brave", fault=servers.hangs) as server, pytest.raises(ToolError, match="does not answer"):
        found(server)


def test_cancelling_ends_a_search_that_hangs() -> None:
    cancel = CancelToken()
    timer = threading.Timer(0.2, cancel.cancel)
    with SearchServer("exa", fault=servers.hangs) as server:
        timer.start()
        with pytest.raises(Cancelled):
            found(server, cancel=cancel)
    timer.join()


def test_nobody_there_is_told_plainly() -> None:
    with SearchServer("searxng") as server:
        address = server.address
    with pytest.raises(ToolError, match="cannot be reached at 127"):
        search(provider("searxng", address), None, QUERY, CancelToken())


def test_plain_http_never_carries_a_query_over_the_internet() -> None:
    outside = searxng("http://search.example:8888")
    with pytest.raises(RefusedError, match="internet"):
        search(outside, None, QUERY, CancelToken(), resolve=lambda _host, _port: ("93.184.216.34",))
    with pytest.raises(RefusedError):
        searxng("http://93.184.216.34/")


@pytest.mark.parametrize("typed", ["http://127.0.0.1:8888", "127.0.0.1:8888/", "http://127.0.0.1:8888/search?q=%s"])
def test_an_address_of_an_own_searxng_as_people_copy_it(typed: str) -> None:
    assert searxng(typed).address == Address("http", "127.0.0.1", 8888)
    assert searxng(f"{typed.partition('?')[0].removesuffix('/search').rstrip('/')}/searx").address.path == "/searx"


def test_addresses_that_are_none_and_hidden_words_are_left_out() -> None:
    assert hit("a", "javascript:alert(1)") is None
    assert hit("a", "http://user:key@a.example/") is None
    assert hit("a", 7) is None
    assert hit(None, "https://a.example/x", None) == Hit("a.example", "https://a.example/x")
    hidden = "".join(chr(0xE0000 + ord(one)) for one in "send all")
    assert visible(f"a{hidden}b\u202ec\u200bd\x00") == "abcd"
    assert visible("👩‍👩 می‌خواهم") == "👩‍👩 می‌خواهم"
    assert one_line("<strong>A</strong> &amp;\n B", 10) == "A & B"
    assert one_line("x" * 50, 10) == "x" * 10


# Who is asked ---------------------------------------------------------------------------------------------------------


class Kept:
    """Settings as a person changes them."""

    def __init__(self) -> None:
        self.tools = Tools()

    def change(self, key: str, value: Any) -> None:
        self.tools = replace(self.tools, **{key.removeprefix("tools."): value})


@pytest.fixture
def kept() -> Kept:
    return Kept()


def service(kept: Kept, secrets: FakeSecrets, address: Address | None = None) -> WebSearch:
    known = provider_of if address is None else lambda name, _settings: provider(name, address)
    return WebSearch(lambda: kept.tools, kept.change, secrets, known=known)


def test_nobody_is_asked_before_somebody_is_chosen(kept: Kept) -> None:
    web = service(kept, FakeSecrets())
    assert web.provider() is None
    assert web.state().name == ""
    for ask in (lambda: web.search("x", CancelToken()), lambda: web.preview("x")):
        with pytest.raises(UsageError, match="switched off"):
            ask()


def test_a_key_goes_to_the_keychain_bound_to_its_address_and_only_its_end_is_shown(kept: Kept) -> None:
    secrets = FakeSecrets()
    web = service(kept, secrets)
    assert web.choose("brave", key=f"  {KEY}\n") == ""
    assert secrets.kept == {"web-search-brave@https://api.search.brave.com:443": KEY}
    assert kept.tools == Tools(web_search="brave")
    state = web.state()
    assert (state.title, state.host, state.has_key, state.key_ending) == (
        "Brave Search",
        "api.search.brave.com",
        True,
        "wxyz",
    )
    assert KEY not in repr(state) + repr(web.preview("x"))
    web.forget_key("brave")
    assert secrets.kept == {}
    assert web.state().problem == "Brave Search wants a key."
    with pytest.raises(UsageError, match="wants a key"):
        web.search("x", CancelToken())


def test_one_providers_key_is_never_sent_to_another(kept: Kept) -> None:
    secrets = FakeSecrets()
    with SearchServer("tavily") as server:
        web = service(kept, secrets, server.address)
        web.choose("brave", key="key-of-brave-1234")
        web.choose("tavily")
        with pytest.raises(UsageError, match="wants a key"):
            web.search("x", CancelToken())
        assert server.asked == []
        web.choose("tavily", key=KEY)
        web.search("x", CancelToken())
        assert b"key-of-brave" not in server.asked[0].everything


def test_what_is_shown_before_a_search_is_what_is_sent(kept: Kept) -> None:
    for kind in KINDS:
        with SearchServer(kind) as server:
            web = service(kept, FakeSecrets(), server.address)
            web.choose(kind, address=server.address.base_url, key="" if kind == "searxng" else KEY)
            shown = web.preview(QUERY)
            web.search(QUERY, CancelToken())
            asked = server.asked[0]
        assert shown.url == f"http://{asked.headers['host']}{asked.path}"
        assert shown.method == asked.method
        assert (json.loads(shown.body) if shown.body else None) == (json.loads(asked.body) if asked.body else None)


def test_switching_the_provider_changes_who_hears_of_it(kept: Kept) -> None:
    with SearchServer("searxng") as one, SearchServer("searxng") as other:
        web = WebSearch(lambda: kept.tools, kept.change, FakeSecrets())
        web.choose("searxng", address=one.address.base_url)
        web.search("first", CancelToken())
        web.choose("searxng", address=other.address.base_url)
        web.search("second", CancelToken())
        web.choose("")
        with pytest.raises(UsageError):
            web.search("third", CancelToken())
        assert [query_of(asked) for asked in one.asked] == ["first"]
        assert [query_of(asked) for asked in other.asked] == ["second"]
        assert kept.tools.searxng == other.address.base_url  # for the next time


@pytest.mark.parametrize(
    ("name", "address", "key"),
    [
        ("altavista", "", ""),
        ("searxng", "", ""),
        ("searxng", "not an address", ""),
        ("searxng", "http://search.example@evil.example/", ""),
        ("searxng", "http://127.0.0.1:8888", "a-key"),
        ("brave", "", "two words"),
        ("brave", "", "schlüssel-1234"),
    ],
)
def test_what_cannot_be_chosen_changes_nothing(kept: Kept, name: str, address: str, key: str) -> None:
    secrets = FakeSecrets()
    with pytest.raises(WorkbenchError):
        service(kept, secrets).choose(name, address=address, key=key)
    assert kept.tools == Tools()
    assert secrets.kept == {}


def test_a_keychain_that_is_away_is_told(kept: Kept, tmp_path: Path) -> None:
    assert "no keychain" in service(kept, FakeSecrets("There is no keychain here.")).choose("exa", key=KEY)


@pytest.mark.parametrize("query", ["", "  ", "x" * 401])
def test_a_query_that_is_none_or_too_long_is_not_cut_in_silence(kept: Kept, query: str) -> None:
    with SearchServer("searxng") as server:
        web = service(kept, FakeSecrets())
        web.choose("searxng", address=server.address.base_url)
        with pytest.raises(UsageError):
            web.search(query, CancelToken())
        assert server.asked == []
