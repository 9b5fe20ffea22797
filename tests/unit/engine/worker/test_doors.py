"""Who is let in, by rule, and then by asking a real worker over TCP and over its socket."""

from __future__ import annotations

import socket
import stat

import psutil
import pytest

from tests.unit.engine.worker.conftest import Worker
from workbench.engine.worker.doors import Doors

JSON = {"content-type": "application/json"}
DOORS = Doors("secret", "127.0.0.1:99")
MAY = {"host": "127.0.0.1:99", "authorization": "Bearer secret"}


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        ("/v1/models", MAY, None),
        ("/v1/models", MAY | {"authorization": "bearer secret"}, None),
        ("/v1/models", {"host": "127.0.0.1:99"}, 401),
        ("/v1/models", MAY | {"authorization": "Bearer wrong"}, 401),
        ("/v1/models", MAY | {"authorization": "Basic secret"}, 401),
        ("/v1/models", MAY | {"authorization": "Bearer é"}, 401),
        ("/health", {"host": "127.0.0.1:99"}, None),
        ("/health", {"host": "evil.example"}, 403),
        ("/health", {"host": "127.0.0.1:99", "origin": "https://evil.example"}, 403),
        ("/health?x", {"host": "127.0.0.1:99"}, 401),
        ("/v1/models", MAY | {"origin": "null"}, 403),
        ("/v1/models", MAY | {"origin": "http://127.0.0.1:99"}, 403),
        ("/v1/models", MAY | {"sec-fetch-site": "cross-site"}, 403),
        ("/v1/models", MAY | {"host": "localhost:99"}, 403),
        ("/v1/models", {"authorization": "Bearer secret"}, 403),
    ],
)
def test_rules(path: str, headers: dict[str, str], status: int | None) -> None:
    refusal = DOORS.refusal("GET", path, headers)
    assert (refusal and refusal.status) == status


@pytest.mark.parametrize(
    ("kind", "passes"),
    [
        ("application/json", True),
        ("Application/JSON; charset=utf-8", True),
        ("text/plain", False),
        ("application/x-www-form-urlencoded", False),
        ("text/plain, application/json", False),
        ("", False),
    ],
)
def test_only_json_is_taken(kind: str, passes: bool) -> None:
    assert (DOORS.refusal("POST", "/x", MAY | {"content-type": kind}) is None) is passes
    assert (Doors().refusal("POST", "/x", {"content-type": kind}) is None) is passes


GETS = ("/v1/models", "/models", "/props", "/slots", "/metrics", "/", "/../etc/passwd", "/lora-adapters")
POSTS = (
    "/v1/chat/completions",
    "/completion",
    "/tokenize",
    "/apply-template",
    "/v1/embeddings",
    "/slots/0?action=save",
)


@pytest.mark.engine
def test_tcp_answers_nobody_without_the_key(tcp_worker: Worker) -> None:
    key = tcp_worker.engine.endpoint.key
    assert key
    for wrong in ("", "Bearer wrong", key, f"Basic {key}"):
        assert {tcp_worker.ask("GET", path, Authorization=wrong).status for path in GETS} == {401}
        assert {tcp_worker.ask("POST", path, {}, Authorization=wrong).status for path in POSTS} == {401}
    assert tcp_worker.ask("GET", "/health", Authorization="").status == 200
    assert tcp_worker.ask("GET", "/v1/models").status == 200
    assert tcp_worker.ask("GET", "/props").status == 404
    child = psutil.Process(tcp_worker.engine.process_id)
    assert key not in " ".join([*child.cmdline(), *child.environ().values()])
    assert {found.laddr.ip for found in child.net_connections() if found.status == "LISTEN"} == {"127.0.0.1"}


@pytest.mark.engine
def test_no_page_of_the_web_is_answered(tcp_worker: Worker, worker: Worker) -> None:
    for running in (tcp_worker, worker):
        for origin in ("https://evil.example", "null", running.engine.endpoint.base_url):
            for method, path in (("GET", "/health"), ("GET", "/v1/models"), ("OPTIONS", "/v1/chat/completions")):
                answer = running.ask(method, path, Origin=origin, Access_Control_Request_Method="POST")
                assert answer.status == 403
                assert not [name for name in answer.headers if name.startswith("access-control")]
        assert running.ask("POST", "/tokenize", {"content": "x"}, Content_Type="text/plain").status == 415
        assert running.ask("POST", "/tokenize", {"content": "x"}, Content_Type="").status == 415
    for host in ("evil.example", "localhost", f"localhost:{tcp_worker.engine.endpoint.base_url[-5:]}", ""):
        assert tcp_worker.ask("GET", "/health", Host=host).status == 403


@pytest.mark.engine
def test_the_socket_is_for_this_user_alone(worker: Worker) -> None:
    path = worker.engine.endpoint.socket_path
    assert path is not None
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    child = psutil.Process(worker.engine.process_id)
    assert [found for found in child.net_connections(kind="inet") if found.status == "LISTEN"] == []
    assert child.rlimit(psutil.RLIMIT_CORE) == (0, 0)


@pytest.mark.engine
@pytest.mark.parametrize(
    ("content", "headers", "status"),
    [
        (b"{", {}, 400),
        (b"[]", {}, 400),
        (b"[" * 200_000, {}, 400),
        (b"\xff\xfe", {}, 400),
        (b"{}", {"Content_Length": ""}, 400),
        (b"{}", {"Content_Length": "-1"}, 400),
        (b"{}", {"Content_Length": "99999999999"}, 400),
        (b"2\r\n{}\r\n0\r\n\r\n", {"Transfer_Encoding": "chunked"}, 400),
        (b"{}", {"Content-Type": "application/json"}, 400),  # the header stands twice
    ],
)
def test_odd_bodies_are_refused_in_words(worker: Worker, content: bytes, headers: dict[str, str], status: int) -> None:
    answer = worker.ask("POST", "/v1/chat/completions", content, **headers)
    assert answer.status == status
    assert answer.json["error"]["message"]


@pytest.mark.engine
@pytest.mark.parametrize(
    "raw", [b"\r\n\r\n", b"GET\r\n\r\n", b"GET /" + b"x" * 70_000 + b" HTTP/1.1\r\n\r\n", b"\0\xff\n\n"]
)
def test_what_is_no_request_hurts_nobody(worker: Worker, raw: bytes) -> None:
    with worker.dial() as connection:
        connection.sendall(raw)
        connection.shutdown(socket.SHUT_WR)
        said = b"".join(iter(lambda: connection.recv(1 << 16), b""))
    assert b"200 OK" not in said
    assert worker.ask("GET", "/health").status == 200
