"""Who comes in, and who does not: as tables."""

from __future__ import annotations

import pytest

from workbench.api import door
from workbench.api.door import DoorError, Head

PORT, TOKEN = 9117, "wb-right"
LISTED = "https://notes.example  http://localhost:3000 null * chrome-extension://abc"


def head(method: str = "GET", target: str = "/v1/models", **headers: str) -> Head:
    usual = {"host": f"127.0.0.1:{PORT}", "authorization": f"Bearer {TOKEN}"}
    if method == "POST":
        usual["content-type"] = "application/json"
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    return Head(method, target, tuple((name, value) for name, value in {**usual, **given}.items() if value))


def admit(asked: Head, origins: str = "") -> door.Entry:
    return door.admit(asked, PORT, origins, lambda given: given == TOKEN.encode())


def refused(asked: Head, origins: str = "") -> tuple[int, str]:
    with pytest.raises(DoorError) as caught:
        admit(asked, origins)
    return caught.value.fault.status, caught.value.fault.code


@pytest.mark.parametrize("host", ["127.0.0.1:9117", "localhost:9117", "[::1]:9117", "LOCALHOST:9117"])
def test_the_names_of_this_machine_come_in(host: str) -> None:
    assert admit(head(host=host)).route == "/v1/models"


@pytest.mark.parametrize(
    "host",
    [
        "", "localhost", "127.0.0.1", "localhost:80", "127.0.0.1:91170", "localhost:9117.evil", "localhost:9117.",
        "localhost.:9117", "localhost.evil.example:9117", "evil.example:9117", "evil.example", "127.0.0.2:9117",
        "127.1:9117", "2130706433:9117", "0x7f.1:9117", "0.0.0.0:9117", "[::]:9117", "[::ffff:127.0.0.1]:9117",
        "::1:9117", "localhost:09117", "localhost:9117@evil", "user@localhost:9117", "localhost:9117 ", "127.0.0.1:9117/",
        "rebind.network:9117", "localhost\t:9117",
    ],
)  # fmt: skip
def test_any_other_host_is_a_name_made_to_lie(host: str) -> None:
    assert refused(head(host=host)) == (403, "forbidden_host")


def test_two_hosts_are_none() -> None:
    twice = head()
    assert refused(Head("GET", "/v1/models", (("host", "evil:9117"), *twice.headers))) == (403, "forbidden_host")


@pytest.mark.parametrize(
    "origin",
    [
        "null", "https://evil.example", "http://127.0.0.1:9117", "http://localhost:9117", "https://notes.example.evil",
        "https://notes.example:443", "http://notes.example", "https://NOTES.example", "*", "chrome-extension://abc",
        "https://notes.example/", " https://notes.example", "file://",
    ],
)  # fmt: skip
@pytest.mark.parametrize("method", ["GET", "OPTIONS"])
def test_a_page_that_is_not_listed_to_the_letter_may_not_ask(method: str, origin: str) -> None:
    asked = head(method, origin=origin, access_control_request_method="POST")
    assert refused(asked, LISTED) == (403, "forbidden_origin")


def test_two_origins_are_none() -> None:
    twice = head(origin="https://notes.example")
    asked = Head("GET", "/v1/models", (("origin", "https://notes.example"), *twice.headers))
    assert refused(asked, LISTED) == (403, "forbidden_origin")


def test_a_listed_page_may_ask_and_read() -> None:
    entry = admit(head(origin="https://notes.example"), LISTED)
    assert dict(door.cors_headers(entry.origin))["Access-Control-Allow-Origin"] == "https://notes.example"


def test_a_listed_page_needs_the_token_too() -> None:
    assert refused(head(origin="https://notes.example", authorization=""), LISTED) == (401, "invalid_api_key")


def test_programs_that_are_no_page_get_no_cors_header() -> None:
    assert door.cors_headers(admit(head()).origin) == ()


def test_a_preflight_of_a_listed_page_is_answered_without_a_token() -> None:
    asked = head("OPTIONS", authorization="", origin="http://localhost:3000", access_control_request_method="POST",
                 access_control_request_headers="authorization, content-type, x-stainless-os, e\\vil:1")  # fmt: skip
    assert admit(asked, LISTED).route == door.PREFLIGHT
    allowed = dict(door.preflight_headers(asked))
    assert allowed["Access-Control-Allow-Headers"] == "authorization, content-type, x-stainless-os"


def test_options_without_an_origin_are_a_request_like_any_other() -> None:
    assert refused(head("OPTIONS", authorization="")) == (401, "invalid_api_key")
    assert refused(head("OPTIONS")) == (405, "method_not_allowed")


@pytest.mark.parametrize(
    "target", ["/health", "/v1/models", "/v1/models/x", "/v1/chat/completions", "/", "/favicon.ico"]
)
@pytest.mark.parametrize(
    "given",
    ["", "Bearer", "Bearer ", "Bearer wrong", "Bearer wb-righ", "Bearer wb-rightt", "Basic wb-right", "wb-right",
     "Bearer WB-RIGHT", "Bearer wb-right, Bearer wb-right", "Bearer \xff"],
)  # fmt: skip
def test_nothing_is_told_without_the_token(target: str, given: str) -> None:
    assert refused(head("GET", target, authorization=given)) == (401, "invalid_api_key")


def test_two_tokens_are_none() -> None:
    assert refused(Head("GET", "/health", (*head().headers, ("authorization", "Bearer x")))) == (401, "invalid_api_key")


@pytest.mark.parametrize(
    "kind",
    ["", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/jsonp",
     "text/plain; application/json", "application/json, text/plain"],
)  # fmt: skip
def test_a_body_is_json_or_not_read(kind: str) -> None:
    assert refused(head("POST", "/v1/chat/completions", content_type=kind)) == (415, "unsupported_media_type")


@pytest.mark.parametrize("kind", ["application/json", "Application/JSON; charset=utf-8"])
def test_json_may_name_its_letters(kind: str) -> None:
    assert admit(head("POST", "/v1/chat/completions", content_type=kind)).route == "/v1/chat/completions"


@pytest.mark.parametrize(
    ("asked", "status", "code"),
    [
        (head("GET", "/v1/chat/completions"), 405, "method_not_allowed"),
        (head("POST", "/v1/models"), 405, "method_not_allowed"),
        (head("DELETE", "/v1/models/x"), 405, "method_not_allowed"),
        (head("HEAD", "/health"), 405, "method_not_allowed"),
        (head("GET", "/v1/files"), 404, "unknown_route"),
        (head("GET", "/v1/models/../../health/"), 200, ""),
        (head("GET", "//v1/models"), 404, "unknown_route"),
        (head("GET", "http://127.0.0.1:9117/v1/models"), 400, "bad_target"),
        (head("OPTIONS", "*"), 400, "bad_target"),
        (head("POST", "/v1/chat/completions", content_length=str(door.MOST_BODY_BYTES + 1)), 413, "body_too_large"),
        (head("POST", "/v1/chat/completions", content_encoding="gzip"), 415, "unsupported_encoding"),
        (head("POST", "/v1/chat/completions", content_length="5", transfer_encoding="chunked"), 400, "two_lengths"),
    ],
)
def test_routes_and_sizes(asked: Head, status: int, code: str) -> None:
    if status == 200:
        assert asked.model == "../../health/"  # a name to be looked up, which nothing has
        assert admit(asked).route == "/v1/models/…"
    else:
        assert refused(asked) == (status, code)


def test_an_unknown_path_is_not_remembered() -> None:
    assert head("GET", "/my/secret/words").route == door.UNKNOWN_ROUTE
    assert head("GET", "/v1/models/a%2Fb%20c").model == "a/b c"
