"""The local API over real sockets: what curl and worse send to it, two at once, clients that leave, the end."""

from __future__ import annotations

import json
import re
import shutil
import socket
import subprocess
import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.api import RunningApi
from tests.fakes.backend import Pause, gate
from tests.patience import PATIENCE, until
from tests.unit.api.conftest import Serve
from workbench.api import connection
from workbench.api.listening import listen
from workbench.errors import EngineError, ModelError
from workbench.messages import PromptProgress, TextDelta
from workbench.serving.activity import GONE
from workbench.serving.switch import PortTakenError

CHAT = {"model": "default", "messages": [{"role": "user", "content": "SECRETWORD please"}]}
curl = pytest.mark.skipif(shutil.which("curl") is None, reason="needs curl")


def raw(api: RunningApi, text: bytes, *, seconds: float = PATIENCE) -> bytes:
    """Send these bytes; everything that comes back until the other side closes."""
    with socket.create_connection(("127.0.0.1", api.port), timeout=seconds) as client:
        client.sendall(text)
        return read_all(client)


def read_all(client: socket.socket) -> bytes:
    pieces = []
    while piece := client.recv(65536):
        pieces.append(piece)
    return b"".join(pieces)


def head(api: RunningApi, line: str = "GET /health HTTP/1.1", *extra: str) -> bytes:
    lines = [line, f"Host: 127.0.0.1:{api.port}", f"Authorization: Bearer {api.token}", *extra]
    return "\r\n".join(lines).encode() + b"\r\n\r\n"


def post(api: RunningApi, body: dict[str, Any] = CHAT, *extra: str) -> bytes:
    content = json.dumps(body).encode()
    extra = ("Content-Type: application/json", f"Content-Length: {len(content)}", "Connection: close", *extra)
    return head(api, "POST /v1/chat/completions HTTP/1.1", *extra) + content


# curl as it is --------------------------------------------------------------------------------------------------------


def run_curl(api: RunningApi, *arguments: str) -> tuple[int, dict[str, str], bytes]:
    """Status, headers in small letters, body."""
    command = ["curl", "-s", "-i", "--max-time", "20", *(word.replace("PORT", str(api.port)) for word in arguments)]
    answer = subprocess.run(command, capture_output=True, check=False).stdout
    while answer.startswith((b"HTTP/1.1 100", b"HTTP/1.0 100")):
        answer = answer.partition(b"\r\n\r\n")[2]
    top, _gap, body = answer.partition(b"\r\n\r\n")
    first, *lines = top.decode("latin-1").split("\r\n")
    headers = dict(line.lower().split(": ", 1) for line in lines)
    return int(first.split()[1]), headers, body


AUTH, JSON = ["-H", "Authorization: Bearer TOKEN"], ["-H", "Content-Type: application/json"]
BODY = ["-d", json.dumps(CHAT)]
URL = "http://127.0.0.1:PORT"
MATRIX = [
    (200, [*AUTH, f"{URL}/health"]),
    (200, [*AUTH, f"{URL}/v1/models"]),
    (200, [*AUTH, "http://localhost:PORT/v1/models"]),
    (200, [*AUTH, f"{URL}/v1/models/folder%2Fvectors"]),
    (200, [*AUTH, *JSON, *BODY, f"{URL}/v1/chat/completions"]),
    (200, ["-0", *AUTH, *JSON, *BODY, f"{URL}/v1/chat/completions"]),
    (200, [*AUTH, *JSON, *BODY, "-H", "Transfer-Encoding: chunked", f"{URL}/v1/chat/completions"]),
    (200, [*AUTH, *JSON, *BODY, "-H", "Expect: 100-continue", f"{URL}/v1/chat/completions"]),
    (401, [f"{URL}/health"]),
    (401, [f"{URL}/v1/models"]),
    (401, [*JSON, *BODY, f"{URL}/v1/chat/completions"]),
    (401, ["-H", "Authorization: Bearer wb-wrong", f"{URL}/v1/models"]),
    (401, ["-u", "user:TOKEN", f"{URL}/v1/models"]),
    (401, [f"{URL}/v1/models?api_key=TOKEN"]),
    (401, ["-H", "X-Api-Key: TOKEN", f"{URL}/v1/models"]),
    (403, [*AUTH, "-H", "Host: rebind.attacker.example", f"{URL}/v1/models"]),
    (403, [*AUTH, "-H", "Host: rebind.attacker.example:PORT", f"{URL}/v1/models"]),
    (403, [*AUTH, "-H", "Host: localhost:PORT.evil", f"{URL}/v1/models"]),
    (403, [*AUTH, "-H", "Host: localhost:80", f"{URL}/v1/models"]),
    (403, [*AUTH, "-H", "Host: localhost", f"{URL}/v1/models"]),
    (400, [*AUTH, "-H", "Host:", f"{URL}/v1/models"]),
    (403, ["-0", *AUTH, "-H", "Host:", f"{URL}/v1/models"]),
    (403, [*AUTH, "-H", "Origin: null", f"{URL}/v1/models"]),
    (403, [*AUTH, "-H", "Origin: https://evil.example", f"{URL}/v1/models"]),
    (403, [*AUTH, "-H", "Origin: http://127.0.0.1:PORT", f"{URL}/v1/models"]),
    (403, ["-X", "OPTIONS", "-H", "Origin: https://evil.example", "-H", "Access-Control-Request-Method: POST",
           f"{URL}/v1/chat/completions"]),
    (404, [*AUTH, f"{URL}/"]),
    (404, [*AUTH, f"{URL}/v1/models/nothing"]),
    (404, [*AUTH, "--path-as-is", f"{URL}/v1/models/../../../../etc/passwd"]),
    (404, [*AUTH, f"{URL}/v1/models/%2Fetc%2Fpasswd"]),
    (405, [*AUTH, "-X", "PUT", f"{URL}/v1/models"]),
    (405, [*AUTH, f"{URL}/v1/chat/completions"]),
    (415, [*AUTH, "-H", "Content-Type: text/plain", *BODY, f"{URL}/v1/chat/completions"]),
    (415, [*AUTH, *BODY, f"{URL}/v1/chat/completions"]),
    (415, [*AUTH, "-F", "x=y", f"{URL}/v1/chat/completions"]),
    (400, [*AUTH, *JSON, "-d", "{", f"{URL}/v1/chat/completions"]),
    (413, [*AUTH, *JSON, "-d", "@BIG", f"{URL}/v1/chat/completions"]),
    (413, [*AUTH, *JSON, "-d", "@BIG", "-H", "Transfer-Encoding: chunked", f"{URL}/v1/chat/completions"]),
    (401, [*JSON, "-d", "@BIG", f"{URL}/v1/chat/completions"]),
    (404, [*AUTH, *JSON, "-d", '{"model": "/etc/passwd", "messages": [{"role": "user", "content": "x"}]}',
           f"{URL}/v1/chat/completions"]),
]  # fmt: skip


@curl
@pytest.mark.parametrize(("status", "arguments"), MATRIX)
def test_curl(serve: Serve, tmp_path: Path, status: int, arguments: list[str]) -> None:
    api = serve("Hello there.")
    if "@BIG" in arguments:
        (tmp_path / "big").write_bytes(b" " * (10 << 20))
    given = [word.replace("TOKEN", api.token).replace("@BIG", f"@{tmp_path / 'big'}") for word in arguments]
    seen, headers, body = run_curl(api, *given)
    assert seen == status
    assert not [name for name in headers if name.startswith("access-control")]
    assert api.token.encode() not in body
    if status >= 400:
        assert set(json.loads(body)["error"]) == {"message", "type", "code", "param"}


@curl
def test_curl_as_a_listed_page(serve: Serve) -> None:
    api = serve("Hello there.")
    api.wanted = replace(api.wanted, origins="https://notes.example")
    page = ["-H", "Origin: https://notes.example"]
    asks = ["-X", "OPTIONS", "-H", "Access-Control-Request-Method: POST", f"{URL}/v1/chat/completions"]
    status, headers, body = run_curl(api, *page, *asks)
    assert (status, headers["access-control-allow-origin"], body) == (204, "https://notes.example", b"")
    status, headers, _body = run_curl(api, *page, f"{URL}/v1/models")
    assert (status, headers["access-control-allow-origin"]) == (401, "https://notes.example")
    api.wanted = replace(api.wanted, origins="")  # the switch is wired: the same bytes are turned away now
    status, headers, _body = run_curl(api, *page, *asks)
    assert status == 403
    assert "access-control-allow-origin" not in headers


# Bytes that curl would not send ---------------------------------------------------------------------------------------


def test_requests_one_behind_the_other(serve: Serve) -> None:
    api = serve("Hello there.")
    answer = raw(
        api, head(api) + post(api, CHAT).replace(b"Connection: close\r\n", b"") + head(api, "GET /nothing HTTP/1.1")
    )
    assert re.findall(rb"HTTP/1.1 (\d+)", answer) == [b"200", b"200", b"404"]


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 64, b"400"),
        (b"GET / HTTP/9.9\r\n\r\n", b"403"),
        (b"GET /health HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", b"400"),
        (b"GET /health HTTP/1.1\r\nHost : a\r\n\r\n", b"400"),
        (b"GET /health HTTP/1.1\r\nHost: a\r\n folded: b\r\n\r\n", b"403"),
        (b"GET /health HTTP/1.1\r\nX: " + b"x" * 100_000 + b"\r\n\r\n", b"431"),
        (b"GET /health HTTP/1.1\r\n" + b"X: y\r\n" * 100_000 + b"\r\n", b"431"),
        (b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\n\r\n", b"431"),
        (b"POST /v1/embeddings HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n", b"400"),
        (b"POST /v1/embeddings HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n", b"400"),
    ],
)
def test_what_is_hardly_http(serve: Serve, sent: bytes, status: bytes) -> None:
    assert raw(serve(), sent).split()[1] == status


def test_a_chunk_that_lies_ends_the_connection(serve: Serve) -> None:
    api = serve("Hello there.")
    start = head(
        api, "POST /v1/chat/completions HTTP/1.1", "Content-Type: application/json", "Transfer-Encoding: chunked"
    )
    assert raw(api, start + b"ZZ\r\n{}\r\n0\r\n\r\n").split()[1] == b"400"


def test_a_head_that_drips_is_cut_off(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "HEAD_SECONDS", 0.3)
    api = serve()
    with socket.create_connection(("127.0.0.1", api.port), timeout=PATIENCE) as client:
        client.sendall(b"GET /health HTTP/1.1\r\nX: ")
        began = time.monotonic()
        with pytest.raises(OSError):
            while time.monotonic() < began + 10:
                client.sendall(b"x")
                time.sleep(0.05)


def test_a_body_that_drips_is_cut_off(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "BODY_SECONDS", 0.3)
    api = serve()
    with socket.create_connection(("127.0.0.1", api.port), timeout=PATIENCE) as client:
        client.sendall(post(api)[:-5])
        assert read_all(client).split()[1] == b"408"


def test_a_client_that_takes_nothing_holds_nobody_up(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "WRITE_SECONDS", 0.3)
    api = serve([TextDelta("x" * (16 << 20)), TextDelta("never said")])
    with socket.create_connection(("127.0.0.1", api.port), timeout=PATIENCE) as client:
        client.sendall(post(api, {**CHAT, "stream": True}))
        until(lambda: bool(api.activity.list()) and api.activity.list()[0].status == GONE)


def test_those_who_hold_places_open_keep_nobody_out(serve: Serve) -> None:
    api = serve("Hello there.", most=4)
    idle = [socket.create_connection(("127.0.0.1", api.port), timeout=PATIENCE) for _number in range(12)]
    try:
        for one in idle[-2:]:
            one.sendall(b"GET /hea")
        assert raw(api, post(api)).split()[1] == b"200"
    finally:
        for one in idle:
            one.close()


def test_where_all_places_answer_the_next_is_turned_away(serve: Serve) -> None:
    hold = gate()
    api = serve([hold, TextDelta("done")], most=1)
    with socket.create_connection(("127.0.0.1", api.port), timeout=PATIENCE) as client:
        client.sendall(post(api))
        assert hold.reached.wait(PATIENCE)
        with socket.create_connection(("127.0.0.1", api.port), timeout=PATIENCE) as other, pytest.raises(OSError):
            other.sendall(head(api))
            if not other.recv(100):
                raise ConnectionResetError
        hold.opened.set()
        assert read_all(client).split()[1] == b"200"


# Answers --------------------------------------------------------------------------------------------------------------


def test_two_are_answered_at_once(serve: Serve) -> None:
    hold = gate()
    api = serve([hold, TextDelta("first")], "second one")
    with socket.create_connection(("127.0.0.1", api.port), timeout=PATIENCE) as client:
        client.sendall(post(api))
        assert hold.reached.wait(PATIENCE)
        assert b"second one" in raw(api, post(api))
        hold.opened.set()
        assert b"first" in read_all(client)


@pytest.mark.parametrize("stream", [True, False])
def test_a_client_that_leaves_stops_the_model(serve: Serve, stream: bool) -> None:
    api = serve([TextDelta("Once"), Pause(60), TextDelta("never said")])
    client = socket.create_connection(("127.0.0.1", api.port), timeout=PATIENCE)
    client.sendall(post(api, {**CHAT, "stream": stream}))
    until(lambda: api.models.backend.requests)  # type: ignore[attr-defined]
    client.close()
    until(lambda: api.activity.list()[0].status == GONE)


def test_a_client_that_leaves_while_the_prompt_is_read_stops_the_model(serve: Serve) -> None:
    api = serve([PromptProgress(1, 9), Pause(60)])
    client = socket.create_connection(("127.0.0.1", api.port), timeout=PATIENCE)
    client.sendall(post(api, {**CHAT, "stream": True}))
    assert client.recv(100).startswith(b"HTTP/1.1 200")
    client.close()
    until(lambda: api.activity.list()[0].error == "client_left")


def test_an_answer_that_takes_too_long_says_so(serve: Serve) -> None:
    api = serve([Pause(60)], answer_seconds=0.2)
    assert raw(api, post(api)).split()[1] == b"504"
    assert api.activity.list()[0].error == "timeout"


def test_switching_off_ends_what_runs_and_says_so(serve: Serve) -> None:
    hold = gate()
    api = serve([hold])
    with socket.create_connection(("127.0.0.1", api.port), timeout=PATIENCE) as client:
        client.sendall(post(api))
        assert hold.reached.wait(PATIENCE)
        closing = threading.Thread(target=api.close)
        closing.start()
        assert b'"code": "closing"' in read_all(client)
        closing.join()
    with pytest.raises(OSError):
        socket.create_connection(("127.0.0.1", api.port), timeout=1)


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (EngineError("The engine died."), 503, "engine_failed"),
        (ModelError("The file is damaged."), 404, "model_not_found"),
        (ValueError("SECRETWORD in a bug"), 500, "bug"),
    ],
)
def test_errors_before_the_first_word_have_a_status(serve: Serve, error: Exception, status: int, code: str) -> None:
    api = serve([error])
    answer = raw(api, post(api, {**CHAT, "stream": True}))
    assert int(answer.split()[1]) == status
    assert f'"code": "{code}"'.encode() in answer
    assert b"SECRETWORD" not in answer


def test_an_error_after_the_first_word_is_in_the_stream(serve: Serve) -> None:
    api = serve([TextDelta("Once"), EngineError("The engine died.")])
    answer = raw(api, post(api, {**CHAT, "stream": True}))
    assert answer.startswith(b"HTTP/1.1 200")
    assert b'"code": "engine_failed"' in answer
    assert b"[DONE]" not in answer


def test_a_long_chat_is_told_before_anything_is_answered(serve: Serve) -> None:
    api = serve("x", context_tokens=5)
    answer = raw(api, post(api, {**CHAT, "stream": True}))
    assert answer.split()[1] == b"400"
    assert b"context_length_exceeded" in answer


# What is remembered ---------------------------------------------------------------------------------------------------


def test_the_activity_has_figures_and_no_words(serve: Serve, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    api = serve("Hello there ANSWERWORD.", [ValueError("SECRETWORD")])
    raw(api, post(api, CHAT, "User-Agent: Notes/2.1 (a very long explanation of what it is and does)"))
    raw(api, post(api, CHAT))
    raw(api, head(api, "GET /SECRETWORD HTTP/1.1"))
    until(lambda: not any(one.running for one in api.activity.list()))
    refused, failed, answered = api.activity.list()
    assert (answered.route, answered.model, answered.status) == ("/v1/chat/completions", "fake-model", 200)
    assert (answered.completion_tokens, answered.tokens_per_second) == (3, 100.0)
    assert answered.client == "Notes/2.1 (a very long explanation of wh"
    assert (failed.status, failed.error) == (500, "bug")
    assert (refused.status, refused.route) == (404, "unknown")
    assert "bug in the local API: ValueError" in caplog.text
    remembered = caplog.text + repr(api.activity.list())
    assert "SECRETWORD" not in remembered
    assert "ANSWERWORD" not in remembered


def test_a_new_token_is_the_only_one(serve: Serve) -> None:
    api = serve()
    assert raw(api, head(api, "GET /health HTTP/1.1", "Connection: close")).split()[1] == b"200"
    old, api.token = head(api), api.tokens.renew()
    assert raw(api, old).split()[1] == b"401"
    assert raw(api, head(api, "GET /health HTTP/1.1", "Connection: close")).split()[1] == b"200"


# The port -------------------------------------------------------------------------------------------------------------


def test_only_loopback_listens() -> None:
    sockets = listen(0)
    try:
        assert {one.getsockname()[0] for one in sockets} <= {"127.0.0.1", "::1"}
        assert len({one.getsockname()[1] for one in sockets}) == 1
    finally:
        for one in sockets:
            one.close()


def test_a_port_that_is_taken_is_told(serve: Serve) -> None:
    with pytest.raises(PortTakenError):
        listen(serve().port)
