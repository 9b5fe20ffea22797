"""Addresses of the person's own: what is taken, and what would show a key to others."""

from __future__ import annotations

import pytest

from workbench.cloud.addresses import checked_address, own_provider
from workbench.cloud.provider import Dialect, Provider, Retention
from workbench.errors import RefusedError, UsageError

LISTED = Provider(
    "anthropic", "Anthropic", "https://api.anthropic.com/v1", Dialect.ANTHROPIC, retention=Retention("Keeps.", "x", "y")
)  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("https://llm.example.org/v1", "https://llm.example.org/v1"),
        ("  https://LLM.Example.org/v1/ ", "https://llm.example.org/v1"),
        ("https://llm.example.org:443/v1/chat/completions", "https://llm.example.org/v1"),
        ("https://llm.example.org/v1/models/", "https://llm.example.org/v1"),
        ("https://llm.example.org:8443/Team/v1", "https://llm.example.org:8443/Team/v1"),
        ("https://llm.example.org", "https://llm.example.org"),
        ("http://127.0.0.1:8080/v1", "http://127.0.0.1:8080/v1"),
        ("http://localhost:8080", "http://localhost:8080"),
        ("http://[::1]:8080/v1", "http://[::1]:8080/v1"),
    ],
)
def test_what_is_kept(typed: str, kept: str) -> None:
    assert checked_address(typed) == kept
    assert checked_address(kept) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "", "llm.example.org", "ftp://llm.example.org", "https://", "https://user:pass@llm.example.org", "https://a b/v1",
        "https://llm.example.org/v1?key=x", "https://llm.example.org/#x", "https://llm.example.org:0", "https://[fe80::1%25eth0]",
        "https://llm.example.org:99999", "javascript://x", "https://exa\u202emple.org", "https://llm.example.org\\@evil.example",
    ],
)  # fmt: skip
def test_what_is_no_address(typed: str) -> None:
    with pytest.raises((UsageError, RefusedError)):
        checked_address(typed)


@pytest.mark.parametrize(
    "typed", ["http://llm.example.org/v1", "http://192.168.1.20:8080/v1", "http://studio.local/v1", "http://8.8.8.8/v1",
              "http://localhost.evil.example/v1", "http://127.0.0.1.evil.example/v1"],
)  # fmt: skip
def test_plain_http_only_to_this_machine(typed: str) -> None:
    with pytest.raises(RefusedError):
        checked_address(typed)


@pytest.mark.parametrize(
    "name", ["", "Mine", "a/b", "a b", "a@b", "server", "web-search-brave", "tools-x", "x" * 41, "-a"]
)
def test_names_that_are_none(name: str) -> None:
    with pytest.raises(UsageError):
        own_provider(name, "https://llm.example.org/v1", None)


def test_an_own_address_of_a_listed_provider_speaks_its_protocol_and_promises_nothing() -> None:
    found = own_provider("anthropic", "https://gate.example.org/v1", LISTED)
    assert (found.dialect, found.own, found.retention) == (Dialect.ANTHROPIC, True, Retention())
    assert found.origin == "https://gate.example.org"
    assert own_provider("anthropic", LISTED.base_url + "/", LISTED) is LISTED
