"""Fetching from the public web: what is reached, and what never is."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence

import pytest

from tests.fakes.http_server import Exchange, Reply, ScriptedServer, stall
from workbench.cancel import CancelToken
from workbench.errors import Cancelled, DownloadError, RefusedError
from workbench.web import public
from workbench.web.public import fetch, is_public


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    with ScriptedServer() as running:
        yield running


def here(host: str, port: int) -> Sequence[str]:
    return ("127.0.0.1",)


def get(url: str, *, most_bytes: int = 1000, cancel: CancelToken | None = None) -> public.Fetched:
    """As if this computer were the internet, but for what is called private."""
    found = lambda host, _port: ("10.0.0.7",) if host == "router.example" else ("127.0.0.1",)  # noqa: E731
    return fetch(
        url, cancel or CancelToken(), most_bytes=most_bytes, resolve=found, public=lambda ip: ip == "127.0.0.1"
    )


@pytest.mark.parametrize(
    ("ip", "expected"),
    [
        ("93.184.216.34", True),
        ("64:ff9b::5db8:d822", True),
        ("2606:2800:220:1:248:1893:25c8:1946", True),
        *((ip, False) for ip in (
            "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
            "255.255.255.255", "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "ff02::1", "::ffff:127.0.0.1",
            "::ffff:10.0.0.1", "64:ff9b:1::1", "64:ff9b::a00:1", "2002:7f00:1::", "2002:0a00:0001::", "not an address", "",
        )),
    ],
)  # fmt: skip
def test_which_addresses_are_public(ip: str, expected: bool) -> None:
    assert is_public(ip) is expected


def test_a_file_with_its_kind_and_nothing_told_about_us(server: ScriptedServer) -> None:
    seen: list[Exchange] = []

    def reply(exchange: Exchange) -> None:
        seen.append(exchange)
        exchange.send(200, {"Content-Type": "image/PNG; x=y"}, b"picture")

    found = get(server.script("/a.png", reply).replace("127.0.0.1", "pictures.example"))
    assert (found.media_type, found.content) == ("image/png", b"picture")
    headers = {name.lower() for name in seen[0].asked.headers}
    assert headers == {"host", "accept", "accept-encoding", "connection", "user-agent"}


def sending_to(target: str) -> Reply:
    return lambda exchange: exchange.send(302, {"Location": target})


def test_redirects_are_followed_and_each_is_looked_at(server: ScriptedServer) -> None:
    server.script("/there", lambda exchange: exchange.send(200, {}, b"here"))
    good = server.script("/good", sending_to("/there"))
    assert get(good).content == b"here"
    for name, target in (("inside", "http://router.example/"), ("file", "file:///etc/passwd"), ("odd", "gopher://x/")):
        bad = server.script(f"/{name}", sending_to(target))
        with pytest.raises(RefusedError):
            get(bad)
    circle = server.script("/circle", *[sending_to("/circle")] * 9)
    with pytest.raises(DownloadError, match="circles"):
        get(circle)


@pytest.mark.parametrize(
    "url",
    ["file:///etc/passwd", "ftp://a.example/", "http://user:key@a.example/", "http:///x", "http://[::1", "javascript:1",
     "//a.example/", "http://a.example:port/", ""],
)  # fmt: skip
def test_only_plain_web_addresses(url: str) -> None:
    with pytest.raises(RefusedError):
        get(url)


def test_this_computer_and_its_network_are_never_asked(server: ScriptedServer) -> None:
    asked: list[Exchange] = []
    url = server.script("/secret", asked.append)
    for host in ("127.0.0.1", "localhost", "looks.example"):
        with pytest.raises(RefusedError, match="own network"):
            fetch(url.replace("127.0.0.1", host), CancelToken(), most_bytes=10, resolve=here)
    assert asked == []


def test_a_host_of_both_kinds_is_refused(server: ScriptedServer) -> None:
    both = lambda _host, _port: ("93.184.216.34", "127.0.0.1")  # noqa: E731
    with pytest.raises(RefusedError):
        fetch(server.url("/a").replace("127.0.0.1", "both.example"), CancelToken(), most_bytes=10, resolve=both)


def test_too_much_and_errors_are_told_plainly(server: ScriptedServer) -> None:
    large = server.script("/large", lambda exchange: exchange.send(200, {}, b"x" * 2000))
    with pytest.raises(DownloadError, match="larger than"):
        get(large)
    gone = server.script("/gone", lambda exchange: exchange.send(404, {}))
    with pytest.raises(DownloadError, match="answered 404"):
        get(gone)
    with pytest.raises(DownloadError, match=r"nobody\.example cannot be reached"):
        fetch("http://nobody.example:9/", CancelToken(), most_bytes=10, resolve=here, public=lambda _ip: True)


def test_cancelling_ends_a_silent_download(server: ScriptedServer) -> None:
    url, cancel = server.script("/slow", stall(b"x" * 100, 10)), CancelToken()
    timer = threading.Timer(0.3, cancel.cancel)
    timer.start()
    with pytest.raises(Cancelled):
        get(url, cancel=cancel)
    timer.join()
