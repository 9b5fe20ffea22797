"""What may be typed as an address, and where plain http may go."""

from __future__ import annotations

import pytest

from workbench.engine.remote.address import is_private, parse
from workbench.engine.remote.consent import make_consent
from workbench.errors import RefusedError, UsageError


@pytest.mark.parametrize(
    ("typed", "url", "destination"),
    [
        ("192.168.1.20:8080", "http://192.168.1.20:8080", "192.168.1.20:8080"),
        ("http://studio:8080/v1/", "http://studio:8080", "studio:8080"),
        ("http://Studio.Local:1234/v1/chat/completions", "http://studio.local:1234", "studio.local:1234"),
        ("studio.local", "http://studio.local:80", "studio.local:80"),
        ("models.example.org", "https://models.example.org:443", "models.example.org:443"),
        ("https://example.org/llm/v1", "https://example.org:443/llm", "example.org:443"),
        ("http://[fd00::20]:8080", "http://[fd00::20]:8080", "[fd00::20]:8080"),
        ("[::1]:8080", "http://[::1]:8080", "[::1]:8080"),
        ("HTTPS://8.8.8.8", "https://8.8.8.8:443", "8.8.8.8:443"),
        ("http://models.example.org:8000", "http://models.example.org:8000", "models.example.org:8000"),
        ("http://bücher.local:80", "http://xn--bcher-kva.local:80", "xn--bcher-kva.local:80"),
    ],
)
def test_what_people_type(typed: str, url: str, destination: str) -> None:
    address = parse(typed)
    assert (address.base_url, address.destination) == (url, destination)
    assert parse(address.base_url) == address


@pytest.mark.parametrize(
    "typed",
    ["", " ", "http://", "ftp://studio", "file:///etc/passwd", "http://a b", "http://studio:0", "http://studio:99999",
     "http://studio:x", "http://me:secret@studio", "http://studio/?key=1", "http://studio/#x", "http://[nonsense]",
     "http://[fe80::1%25eth0]:80", "http://stu\u202edio", "http://-/", "javascript:alert(1)", "http://a\x00b", "http://[::1"],
)  # fmt: skip
def test_what_is_no_address(typed: str) -> None:
    with pytest.raises(UsageError):
        parse(typed)


@pytest.mark.parametrize(
    "typed", ["http://8.8.8.8:8080", "http://[2001:db8::1]:80", "http://100.64.0.1", "http://0.0.0.0"]
)
def test_plain_http_to_a_public_address_is_refused_as_it_is_typed(typed: str) -> None:
    with pytest.raises(RefusedError, match="on the internet"):
        parse(typed)


@pytest.mark.parametrize(
    ("ip", "private"),
    [
        ("127.0.0.1", True), ("127.9.9.9", True), ("10.1.2.3", True), ("172.16.0.1", True), ("172.32.0.1", False),
        ("192.168.0.1", True), ("192.169.0.1", False), ("169.254.7.7", True), ("::1", True), ("fd12::1", True),
        ("fe80::1", True), ("fe80::1%2", True), ("2001:4860::1", False), ("::ffff:8.8.8.8", False),
        ("2002:c0a8:101::1", False),
        ("::ffff:192.168.1.1", True), ("64:ff9b::a00:1", False), ("::", False), ("0.0.0.0", False), ("studio", False),
    ],
)  # fmt: skip
def test_what_is_private(ip: str, private: bool) -> None:
    assert is_private(ip) is private


def test_a_consent_names_host_and_port_and_what_is_sent() -> None:
    consent = make_consent("http://192.168.1.20:8080", mine=False, has_key=True)
    told = " ".join(consent.sentences)
    assert consent.question == "Let 192.168.1.20:8080 answer?"
    assert "It is asked now which models it has." in told
    assert "what you write, the chat so far and your instructions" in told
    assert "Your key goes to http://192.168.1.20:8080 and nowhere else" in told
    assert "private documents never go there" in told
    assert "not encrypted" in told
    mine = make_consent("https://studio.example.org", mine=True)
    assert "private documents may go there" in " ".join(mine.sentences)
    assert "key" not in " ".join(mine.sentences)
    assert "not encrypted" not in " ".join(mine.sentences)
    assert "another program" in make_consent("localhost:11434").sentences[0]


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("http://studio.local:8080", "studio"),
        ("http://192.168.1.20:8080", "192.168.1.20"),
        ("https://models.example.org", "models.example.org"),
        ("[fd00::20]:80", "fd00-20"),
        ("localhost:11434", "localhost"),
    ],
)
def test_a_server_is_called_after_its_host(typed: str, name: str) -> None:
    assert make_consent(typed).name == name


@pytest.mark.parametrize("name", ["a@b", "a b", "-x", "ä", "x" * 41])
def test_names_that_cannot_be_part_of_a_models_name(name: str) -> None:
    with pytest.raises(UsageError, match="no name for a server"):
        make_consent("http://studio", name=name)
