"""Headers read over HTTP from a server that ignores ranges, lies, cuts and changes its mind."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import httpx
import pytest

from tests.fakes import http_server as fake
from tests.fakes.gguf_file import gguf, string_key, strings_key, tensor, text, tiny_model
from tests.fakes.http_server import Exchange, Reply, ScriptedServer
from tests.fakes.other_programs import shard
from workbench.cancel import CancelToken
from workbench.errors import Cancelled, DownloadError, ModelError
from workbench.http import make_client
from workbench.models.fetching.download import RemoteFile
from workbench.models.gguf.header import Header
from workbench.models.gguf.remote import read_remote_header, read_remote_model

VOCABULARY = 400_000  # strings of 13 bytes: a header of 5 MB


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    with ScriptedServer() as running:
        yield running


@pytest.fixture
def client() -> Iterator[httpx.Client]:
    with make_client(keep_alive=False, system_proxy=False, timeout_seconds=0.5) as client:
        yield client


@pytest.fixture(scope="module")
def large() -> bytes:
    """A model whose header is 5 MB long, and whose weights are 20 MB."""
    vocabulary = strings_key("tokenizer.ggml.tokens", VOCABULARY, text("token") * VOCABULARY)
    keys = [string_key("general.architecture", "llama"), vocabulary, string_key("general.name", "Large")]
    return gguf(keys, [tensor("token_embd.weight", (5_000_000,), 0, 0)], bytes(20_000_000))


def ranges(content: bytes, *, etag: str = '"1"', at_most: int = 1 << 40) -> Reply:
    """A server that honours the end of a range too; at most so many bytes an answer."""

    def reply(exchange: Exchange) -> None:
        start, end = (int(number) for number in exchange.asked.headers["range"].removeprefix("bytes=").split("-"))
        body = content[start : end + 1]
        place = f"bytes {start}-{start + len(body) - 1}/{len(content)}"
        exchange.head(206, {"Content-Length": str(len(body)), "Content-Range": place, "ETag": etag})
        exchange.body(body[:at_most])

    return reply


def read(server: ScriptedServer, client: httpx.Client, *replies: Reply, size: int | None = None) -> Header:
    url = server.script("/org/m.gguf", *replies)
    return read_remote_header(RemoteFile(url, size), client, CancelToken())


def test_a_small_header_takes_one_request(server: ScriptedServer, client: httpx.Client) -> None:
    raw = tiny_model("Far")
    header = read(server, client, ranges(raw), size=len(raw))
    assert (header.name, header.expected_bytes) == ("Far", len(raw))
    assert len(server.requests) == 1
    assert server.requests[0].headers["range"] == f"bytes=0-{len(raw) - 1}"


def test_a_large_header_takes_a_few_and_not_the_weights(
    server: ScriptedServer, client: httpx.Client, large: bytes
) -> None:
    header = read(server, client, ranges(large))
    assert (header.vocabulary_size, header.name, header.weights_bytes) == (VOCABULARY, "Large", 20_000_000)
    assert len(server.requests) == 3
    assert server.body_bytes <= 17 << 20


def test_a_server_that_ignores_ranges_is_left_early(server: ScriptedServer, client: httpx.Client) -> None:
    raw = tiny_model() + bytes(40 << 20)
    assert read(server, client, fake.ignores_ranges(raw)).architecture == "llama"
    assert server.body_bytes < 10 << 20  # what the socket had taken in already


def test_an_answer_that_is_cut_is_gone_on_with(server: ScriptedServer, client: httpx.Client, large: bytes) -> None:
    header = read(server, client, ranges(large, at_most=600_000), ranges(large))
    assert header.name == "Large"
    assert server.requests[1].headers["range"].startswith("bytes=600000-")


@pytest.mark.parametrize(
    ("reply", "problem"),
    [
        (fake.status(404), "does not have the file"),
        (fake.status(401), "refuses access"),
        (fake.status(416), "status 416"),
        (fake.status(204), "status 204"),
        (fake.web_page, "a web page"),
        (fake.chunked(tiny_model()), "does not say how large"),
        (fake.silence, "stopped answering"),
        (fake.status(503, Retry_After="60"), "is busy"),
        (fake.wrong_range(tiny_model(), 7), "another part of the file"),
        (lambda exchange: exchange.send(206, {}, tiny_model()), "another part of the file"),
        (lambda exchange: exchange.send(206, {"Content-Range": "bytes 0-9/*"}, bytes(10)), "does not say how large"),
        (lambda exchange: exchange.send(200, {"Content-Encoding": "gzip"}, tiny_model()), "packing"),
        (fake.redirect("/org/m.gguf"), "in circles"),
    ],
)
def test_a_server_that_does_not_give_it(
    server: ScriptedServer, client: httpx.Client, reply: Reply, problem: str
) -> None:
    with pytest.raises(DownloadError, match=problem):
        read(server, client, reply)


def test_a_size_other_than_promised_is_refused(server: ScriptedServer, client: httpx.Client) -> None:
    with pytest.raises(DownloadError, match="but the file has 99"):
        read(server, client, ranges(tiny_model()), size=99)


def test_a_file_that_changes_meanwhile_is_refused(server: ScriptedServer, client: httpx.Client, large: bytes) -> None:
    with pytest.raises(DownloadError, match="changes on its server"):
        read(server, client, ranges(large), ranges(large, etag='"2"'))


def test_a_server_that_cuts_for_ever_is_given_up(server: ScriptedServer, client: httpx.Client, large: bytes) -> None:
    with pytest.raises(DownloadError, match="again and again"):
        read(server, client, ranges(large, at_most=1000))


@pytest.mark.parametrize("raw", [b"<html>", bytes(500), tiny_model()[:-1], b"GGUF" + bytes([255]) * 600])
def test_what_is_no_sound_gguf_is_a_model_error(server: ScriptedServer, client: httpx.Client, raw: bytes) -> None:
    with pytest.raises(ModelError, match=r"m\.gguf"):
        read(server, client, ranges(raw))


def test_a_header_without_an_end_is_not_followed(server: ScriptedServer, client: httpx.Client) -> None:
    """It promises 10 GB, and a string of most of it."""

    def reply(exchange: Exchange) -> None:
        start, end = (int(number) for number in exchange.asked.headers["range"].removeprefix("bytes=").split("-"))
        whole = b"GGUF" + bytes([3, 0, 0, 0]) + bytes(8) + bytes([1]) + bytes(7)
        whole += strings_key("k", 900_000, text("x" * 200) * 3)
        exchange.send(206, {"Content-Range": f"bytes {start}-{end}/{10**10}"}, whole.ljust(end + 1, b"\1")[start:])

    with pytest.raises((ModelError, DownloadError)):
        read(server, client, reply)
    assert server.body_bytes <= 70 << 20


def test_reading_can_be_cancelled(server: ScriptedServer) -> None:
    cancel = CancelToken()
    remote = RemoteFile(server.script("/file", fake.silence))
    timer = threading.Timer(0.1, cancel.cancel)
    timer.start()
    with make_client(keep_alive=False, system_proxy=False) as client, pytest.raises(Cancelled):
        read_remote_header(remote, client, cancel)
    timer.join()


def test_the_parts_of_a_model_are_one(server: ScriptedServer, client: httpx.Client) -> None:
    remotes = [RemoteFile(server.script(f"/{number}.gguf", ranges(shard(number, 3)))) for number in (1, 2, 3)]
    header = read_remote_model(remotes, client, CancelToken())
    assert [tensor.name for tensor in header.tensors] == ["blk.0.weight", "blk.1.weight", "blk.2.weight"]
    assert (header.weights_bytes, header.name, header.split) == (3 * 256, "Split", None)
    with pytest.raises(ModelError, match="do not belong together"):
        read_remote_model([remotes[0], remotes[2], remotes[1]], client, CancelToken())
