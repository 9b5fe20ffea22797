"""Servers that redirect, lie, stall or never end; names that point elsewhere; certificates that nobody vouches for."""

from __future__ import annotations

import datetime as dt
import http.server
import json
import socket
import ssl
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.fakes import http_server as fake
from tests.fakes import openai_servers
from tests.fakes.http_server import Exchange, Reply, ScriptedServer
from tests.fakes.openai_servers import OpenAiServer
from workbench.cancel import CancelToken
from workbench.engine.remote import connection as connecting
from workbench.engine.remote.address import Address, parse
from workbench.engine.remote.backend import RemoteBackend
from workbench.engine.remote.connection import Connection
from workbench.engine.remote.errors import ServerError, UnreachableError, WrongKeyError
from workbench.engine.remote.probing import probe
from workbench.engine.remote.server import Capabilities, Kind, RemoteModel, Server
from workbench.engine.remote.tolerant import TolerantReader
from workbench.errors import ContextFullError, EngineError, RefusedError
from workbench.messages import ChatRequest, ReasoningDelta, StreamEvent, TextDelta, fold_events, user

HELLO = ChatRequest((user("Hello"),))
CHAT = "/v1/chat/completions"
KEY = "sk-canary"


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    with ScriptedServer() as running:
        yield running


def backend(url: str, silence_seconds: float = 30.0, model: str = "m") -> RemoteBackend:
    address = parse(url)
    one = RemoteModel(model, model, 4096)
    server = Server("1", "studio", address, True, True, Capabilities(Kind.OTHER, (one,)), 0.0)  # noqa: FBT003
    return RemoteBackend(server, one, Connection(address, KEY, silence_seconds=silence_seconds))


def heard(backend: RemoteBackend) -> list[StreamEvent]:
    return list(backend.stream(HELLO, CancelToken()))


def events(*payloads: str, then: Reply | None = None) -> Reply:
    def reply(exchange: Exchange) -> None:
        exchange.head(200, {"Content-Type": "text/event-stream"})
        exchange.body("".join(f"data: {payload}\n\n" for payload in payloads).encode())
        if then is not None:
            then(exchange)

    return reply


def body(status: int, answer: object) -> Reply:
    content = answer if isinstance(answer, str) else json.dumps(answer)
    return lambda exchange: exchange.send(status, {"Content-Type": "application/json"}, content.encode())


def said(text: str, finish: str | None = None) -> str:
    return json.dumps({"choices": [{"index": 0, "delta": {"content": text}, "finish_reason": finish}]})


# Redirects and keys ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed_and_the_key_goes_nowhere(server: ScriptedServer, code: int) -> None:
    with ScriptedServer() as elsewhere:
        for path in ("/v1/models", CHAT):
            server.script(path, fake.redirect(elsewhere.url(path), code))
        with pytest.raises(ServerError, match="sends its visitors to another address"):
            heard(backend(server.url("")))
        with pytest.raises(ServerError, match="sends its visitors to another address"):
            probe(Connection(parse(server.url("")), KEY), CancelToken())
        assert elsewhere.requests == []


# Answers --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reply", "error", "words"),
    [
        (fake.web_page, ServerError, "no model's answer"),
        (body(200, "not json"), ServerError, "no model's answer"),
        (body(200, [1, 2]), ServerError, "no model's answer"),
        (body(200, {"choices": 7}), ServerError, "no model's answer"),
        (body(200, {"choices": [7]}), ServerError, "no model's answer"),
        (body(200, {"choices": [{"delta": [1]}]}), EngineError, "no model's answer"),
        (body(200, {}), ServerError, "broke off"),
        (body(401, {"error": "Unauthorized"}), WrongKeyError, "refuses the key"),
        (body(403, "<html>no</html>"), WrongKeyError, "does not let this key in"),
        (body(404, {"error": {"message": "The model `m` does not exist."}}), ServerError, "It says: The model `m`"),
        (body(404, {"detail": "Not Found"}), ServerError, "does not know this model"),
        (body(429, {}), ServerError, "too much to do"),
        (body(500, "<html>Internal</html>"), ServerError, r"an error \(HTTP 500\)\.$"),
        (body(503, {"error": {"message": "Loading model"}}), ServerError, "may be loading the model"),
        (events("nonsense"), ServerError, "no model's answer"),
        (events(said("Hi"), '{"error": {"message": "CUDA out of memory"}}'), ServerError, "CUDA out of memory"),
        (events(said("Hi"), '{"object": "error", "message": "bad"}'), ServerError, "ended the answer with an error"),
        (events(said("Hi")), ServerError, "broke off"),
        (events("[" * 90_000), ServerError, "no model's answer"),
        (body(500, "[" * 90_000), ServerError, "an error"),
        (events("x" * (17 << 20)), ServerError, "no model's answer"),
        (
            body(400, {"message": "This model's maximum context length is 4096 tokens. However, you requested 5000 tokens "
             "(4900 in the messages, 100 in the completion)."}), ContextFullError, r"4,900 tokens.*4,096",
        ),
        (
            body(400, {"error": {"message": "You passed 4097 input tokens and requested 0 output tokens. However, the "
             "model's context length is only 4096 tokens"}}), ContextFullError, r"4,097 tokens.*4,096",
        ),
        (
            body(400, {"error": {"message": "the request exceeds the available context size", "n_prompt_tokens": 9000,
             "n_ctx": 4096, "type": "exceed_context_size_error"}}), ContextFullError, r"9,000 tokens.*4,096",
        ),
        (events('{"error": {"message": "Context size has been exceeded."}}'), ContextFullError, "no longer fits"),
    ],
)  # fmt: skip
def test_each_has_its_sentence(server: ScriptedServer, reply: Reply, error: type[Exception], words: str) -> None:
    server.script(CHAT, reply)
    with pytest.raises(error, match=words) as raised:
        heard(backend(server.url("")))
    assert KEY not in f"{raised.value} {getattr(raised.value, 'detail', '')}"


@pytest.mark.parametrize(
    "reply",
    [fake.web_page, body(200, "[]"), body(200, {"data": "all"}), body(200, {"models": []}), body(200, "[" * 90_000),
     fake.status(404), lambda exchange: exchange.send(200, {"Content-Encoding": "gzip"}, b"\x1f\x8b"),
     lambda exchange: exchange.send(200, {"Content-Type": "application/json"}, b" " * (9 << 20))],
)  # fmt: skip
def test_a_list_of_models_that_is_none(server: ScriptedServer, reply: Reply) -> None:
    server.script("/v1/models", reply)
    with pytest.raises(ServerError):
        probe(Connection(parse(server.url(""))), CancelToken())


def test_rows_that_are_no_models_are_left_out(server: ScriptedServer) -> None:
    rows = [
        {"id": "good"},
        {"id": 7},
        {"id": "e\u202evil"},
        {"id": "\x1b[2J"},
        "x",
        None,
        {"id": "also", "max_model_len": -5},
    ]
    server.script("/v1/models", body(200, {"data": rows}))
    found = probe(Connection(parse(server.url(""))), CancelToken()).models
    assert [(model.id, model.context_tokens) for model in found] == [("good", None), ("also", None)]


# Slow and endless -----------------------------------------------------------------------------------------------------


def test_silence_ends(server: ScriptedServer) -> None:
    server.script(CHAT, fake.silence)
    with pytest.raises(ServerError, match="has not answered for a long time"):
        heard(backend(server.url(""), silence_seconds=0.3))


def test_signs_of_life_without_an_answer_end_too(server: ScriptedServer) -> None:
    def ping(exchange: Exchange) -> None:
        while not exchange.server.closing.wait(0.05):
            exchange.body(b": ping\n\n")

    server.script(CHAT, events(then=ping))
    with pytest.raises(ServerError, match="has not answered for a long time"):
        heard(backend(server.url(""), silence_seconds=0.5))


def test_a_slow_list_of_models_ends(server: ScriptedServer) -> None:
    def drip(exchange: Exchange) -> None:
        exchange.head(200, {"Content-Type": "application/json"})
        while not exchange.server.closing.wait(0.05):
            exchange.body(b" ")

    server.script("/v1/models", drip)
    with pytest.raises(ServerError, match="too slow"):
        Connection(parse(server.url(""))).ask("/v1/models", CancelToken(), seconds=0.4)


def test_a_stream_without_an_end_is_left(server: ScriptedServer, monkeypatch: pytest.MonkeyPatch) -> None:
    def pour(exchange: Exchange) -> None:
        while not exchange.server.closing.is_set():
            exchange.body(f"data: {said('more ' * 200)}\n\n".encode())

    monkeypatch.setattr(connecting, "MOST_STREAM_BYTES", 1 << 20)
    server.script(CHAT, events(then=pour))
    with pytest.raises(ServerError, match="does not end its answer"):
        heard(backend(server.url("")))


# Where it goes --------------------------------------------------------------------------------------------------------


@contextmanager
def listener() -> Iterator[tuple[int, list[bytes]]]:
    """A port, and what arrives there."""
    arrived: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(0.2)

        def take() -> None:
            try:
                connection, _peer = listening.accept()
            except TimeoutError:
                return
            with connection:
                connection.settimeout(0.2)
                arrived.append(connection.recv(100))

        thread = threading.Thread(target=take)
        thread.start()
        yield int(listening.getsockname()[1]), arrived
        thread.join()


@pytest.mark.parametrize("ip", ["93.184.216.34", "2606:2800:220:1::1", "::ffff:93.184.216.34", "0.0.0.0", "100.64.1.1"])
def test_plain_http_to_a_name_of_a_public_address_sends_no_byte(ip: str) -> None:
    asked: list[str] = []

    def resolve(host: str, _port: int) -> Sequence[str]:
        asked.append(host)
        return [ip]

    studio = Connection(Address("http", "studio.example", 8080), KEY, resolve)
    with pytest.raises(RefusedError, match=r"studio\.example:8080 is on the internet"):  # the guard of tests would fail
        studio.ask("/v1/models", CancelToken())
    with pytest.raises(RefusedError):
        list(studio.stream(CHAT, {}, CancelToken()))
    assert asked == ["studio.example"] * 2


def test_a_name_that_points_elsewhere_at_the_second_look_is_refused_then() -> None:
    """DNS rebinding: what is connected to is what was checked, at every connection."""
    with OpenAiServer(openai_servers.plain()) as server:
        answers = iter([["127.0.0.1"], ["93.184.216.34"], ["93.184.216.34", "127.0.0.1"]])
        looks: list[str] = []

        def resolve(host: str, _port: int) -> Sequence[str]:
            looks.append(host)
            return next(answers)

        studio = Connection(Address("http", "studio.local", server.port), KEY, resolve)
        assert studio.ask("/v1/models", CancelToken())["data"]
        assert len(looks) == 1  # one look for one connection
        with pytest.raises(RefusedError):
            studio.ask("/v1/models", CancelToken())
        studio.ask("/v1/models", CancelToken())  # of two addresses only the private one is used
        assert server.questions[-1].headers["host"] == f"studio.local:{server.port}"
        assert len(server.questions) == 2


def test_a_machine_with_two_addresses_is_reached_at_the_one_that_answers() -> None:
    with OpenAiServer(openai_servers.plain()) as server:
        studio = Connection(Address("http", "studio", server.port), None, lambda *_place: ["127.0.0.7", "127.0.0.1"])
        assert studio.ask("/v1/models", CancelToken())["data"]


def test_a_name_that_nobody_knows() -> None:
    def resolve(_host: str, _port: int) -> Sequence[str]:
        raise socket.gaierror(-2, "Name or service not known")

    with pytest.raises(UnreachableError, match="The name in attic:80 is not known on this network"):
        Connection(Address("http", "attic", 80), None, resolve).ask("/", CancelToken())


def test_nobody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(UnreachableError, match=f"Nothing listens at 127.0.0.1:{port}"):
        Connection(Address("http", "127.0.0.1", port)).ask("/", CancelToken())


# TLS ------------------------------------------------------------------------------------------------------------------


def certificate(folder: Path, name: str) -> Path:
    """Of its own making, for ``name``, with its key in one file."""
    pytest.importorskip("cryptography")  # comes with the keychain of Linux
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now)
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    file = folder / "server.pem"
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(made.public_bytes(serialization.Encoding.PEM) + secret)
    return file


@contextmanager
def https(file: Path) -> Iterator[int]:
    asked: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)

    class Quiet(http.server.HTTPServer):
        def handle_error(self, request: object, client_address: object) -> None:
            """A refused handshake is what the test is about."""

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    with Quiet(("127.0.0.1", 0), Handler) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield int(server.server_address[1])
        server.shutdown()
        thread.join()
    assert asked == []


def test_a_certificate_that_nobody_vouches_for(tmp_path: Path) -> None:
    with https(certificate(tmp_path, "studio.local")) as port:
        studio = Connection(Address("https", "studio.local", port), KEY, lambda *_place: ["127.0.0.1"])
        with pytest.raises(ServerError, match="was made by itself, so nobody vouches for it") as raised:
            studio.ask("/v1/models", CancelToken())
    assert "Nothing was sent" in raised.value.hint


def test_https_where_http_is_spoken(server: ScriptedServer) -> None:
    with pytest.raises(ServerError, match="does not speak https"):
        Connection(Address("https", "127.0.0.1", server.port), KEY).ask("/v1/models", CancelToken())
    assert server.requests == []


# Wherever a stream is cut ---------------------------------------------------------------------------------------------


def test_thoughts_inside_the_text_are_told_apart_wherever_it_is_cut() -> None:
    whole = "<think>\nSix times seven. </thin no\n</think>\n\n It is <b>42</b>."
    expected = None
    for cut in range(1, len(whole)):
        reader = TolerantReader("studio:80")
        pieces = [piece for text in (whole[:cut], whole[cut:]) for piece in reader.pieces(said(text))]
        said_so_far = [piece for piece in (*pieces, *reader.end()) if isinstance(piece, TextDelta | ReasoningDelta)]
        parts = fold_events(said_so_far)
        expected = expected or parts
        assert parts == expected
    assert [part.text for part in expected or ()] == ["Six times seven. </thin no", "It is <b>42</b>."]


def test_a_server_that_cannot_stream_answers_whole(server: ScriptedServer) -> None:
    message = {"role": "assistant", "content": [{"type": "text", "text": "Hi "}, {"type": "text", "text": "there."}]}
    server.script(CHAT, body(200, {"choices": [{"index": 0, "message": message, "finish_reason": "stop"}]}))
    told = heard(backend(server.url("")))
    assert told[:-1] == [TextDelta("Hi there.")]
