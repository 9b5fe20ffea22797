"""A key and a question go to their provider and nowhere else; and a key stands in nothing that is kept or shown."""

from __future__ import annotations

import logging
import traceback
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import quote

import pytest

from tests.fakes.cloud_servers import KEY, CloudServer, faults
from tests.unit.cloud.protocols.asking import MODEL, REQUEST, client, outgoing, said, sent
from workbench.cancel import CancelToken
from workbench.cloud.asking import CloudError, NextStep, Outgoing
from workbench.cloud.protocols.places import check_place, is_this_machine
from workbench.cloud.protocols.scrubbing import MOST_SAID, Scrubber, one_line
from workbench.cloud.provider import Dialect, Provider
from workbench.errors import RefusedError, WorkbenchError

FORMS = (KEY, b64encode(KEY.encode()).decode(), quote(KEY, safe=""), KEY[3:])


@pytest.fixture(params=tuple(Dialect))
def server(request: pytest.FixtureRequest) -> Iterator[CloudServer]:
    with CloudServer(request.param) as running:
        yield running


# Redirects ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", [300, 301, 302, 303, 307, 308])
def test_nobody_is_asked_elsewhere(server: CloudServer, code: int) -> None:
    with CloudServer(server.dialect) as other:
        server.faults[:] = [faults.redirect(f"{other.base_url}/messages", code)]
        with pytest.raises(CloudError, match="sends its visitors to another address") as caught:
            sent(server)
        assert "127.0.0.1" in caught.value.message
        assert (len(server.questions), other.connections) == (1, 0)
    assert NextStep.RETRY not in caught.value.steps
    assert not caught.value.charged


def test_nor_at_another_path_of_the_same_place(server: CloudServer) -> None:
    server.faults[:] = [faults.redirect("/v1/other", 307)]
    with pytest.raises(CloudError, match="another address"):
        sent(server)
    assert [one.path for one in server.asked] == [server.questions[0].path]


def test_nor_without_encryption(server: CloudServer) -> None:
    with CloudServer(server.dialect, https=True) as safe:
        safe.faults[:] = [faults.redirect(f"{server.base_url}/messages")]
        with pytest.raises(CloudError, match="another address"):
            sent(safe)
    assert server.connections == 0


@pytest.mark.parametrize(
    "where", ["", "http://[", "//evil.example\x1b[31m", "javascript:alert(1)", "https://" + "x" * 9000]
)
def test_a_redirect_to_nowhere(server: CloudServer, where: str) -> None:
    server.faults[:] = [faults.redirect(where)]
    with pytest.raises(CloudError, match="another address") as caught:
        sent(server)
    assert "\x1b" not in caught.value.message
    assert len(caught.value.message) < 300


# Certificates ---------------------------------------------------------------------------------------------------------


def test_a_certificate_that_nobody_trusts(server: CloudServer) -> None:
    with CloudServer(server.dialect, https=True) as strange:
        provider = strange.provider()
        with pytest.raises(CloudError, match="certificate of Openrouter") as caught:
            client().send(provider, outgoing(provider), KEY, CancelToken())
        assert strange.asked == []
    assert not caught.value.charged
    assert "nothing was sent" in caught.value.message


def test_a_certificate_of_another_name(server: CloudServer) -> None:
    with CloudServer(server.dialect, https=True, name="other.example") as strange:
        with pytest.raises(CloudError, match="belongs to another") as caught:
            sent(strange)
        assert strange.asked == []
    assert NextStep.RETRY not in caught.value.steps


def test_a_server_without_encryption_behind_https(server: CloudServer) -> None:
    provider = replace(server.provider(), base_url=server.base_url.replace("http://", "https://"))
    with pytest.raises(CloudError, match="in secret"):
        client().send(provider, outgoing(provider), KEY, CancelToken())
    assert server.asked == []


# Places ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "base_url",
    [
        "http://api.example.com/v1",
        "http://192.168.1.5/v1",
        "http://127.0.0.1.example.com/v1",
        "ftp://127.0.0.1/v1",
        "file:///etc/passwd",
        "https://key@api.example.com/v1",
        "https://api.example.com:99999/v1",
        "https:///v1",
        "https://api.exämple.com/v1",
        "https://api.example.com\\@evil.example/v1",
        "https://api.example.com/v1\r\nX-Evil: 1",
        "",
    ],
)
def test_places_that_are_none(base_url: str) -> None:
    provider = Provider("own", "My own", base_url)
    with pytest.raises(RefusedError):
        client().send(provider, Outgoing(base_url + "/messages", {}, b"{}"), KEY, CancelToken())


@pytest.mark.parametrize(
    "base_url", ["https://api.example.com/v1", "http://localhost:1/v1", "http://127.9.9.9/", "http://[::1]:8/v1"]
)
def test_places_that_are_some(base_url: str) -> None:
    check_place(Provider("own", "My own", base_url), base_url + "/messages")


@pytest.mark.parametrize(
    "url",
    [
        "https://api.example.com.evil.example/v1/messages",
        "https://api.example.com:444/v1/messages",
        "http://api.example.com/v1/messages",
        "https://evil.example/https://api.example.com/v1",
        "https://api.example.com@evil.example/v1/messages",
    ],
)
def test_a_request_for_another_place(url: str) -> None:
    provider = Provider("own", "My own", "https://api.example.com/v1")
    with pytest.raises(RefusedError):
        check_place(provider, url)


@pytest.mark.parametrize(
    ("host", "here"),
    [
        ("127.0.0.1", True),
        ("::1", True),
        ("LocalHost", True),
        ("0.0.0.0", False),
        ("localhost.example", False),
        ("", False),
    ],
)
def test_this_machine(host: str, here: bool) -> None:
    assert is_this_machine(host) is here


# Keys -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", ["", "two words", "line\nX-Evil: 1", "schlüssel", "\x00", "tab\t"])
def test_what_is_no_key_is_never_sent(server: CloudServer, key: str) -> None:
    with pytest.raises(CloudError, match="no key of Openrouter") as caught:
        client().send(server.provider(), outgoing(server.provider()), key, CancelToken())
    assert server.connections == 0
    assert caught.value.steps[0] is NextStep.LOGIN
    if key.strip():
        assert key not in str(caught.value)


def _all_words(error: BaseException) -> str:
    """Everything that an error shows of itself, and those before it."""
    words = list(traceback.format_exception(error))
    current: BaseException | None = error
    while current is not None:
        words += [repr(current), str(current), repr(current.args)]
        if isinstance(current, WorkbenchError):
            words += [current.message, current.hint, current.detail]
        current = current.__cause__ or current.__context__
    return "\n".join(words)


_FAULTS = [
    faults.echoes(401), faults.echoes(400), faults.echoes(302), faults.echoes(500), faults.html, faults.reset,
    faults.status(401), faults.cut(2), faults.bad_json(), faults.error_after(2, 401, f"Your key {KEY} has expired"),
    faults.body(200, f"data: nonsense with {KEY}\n\n".encode(), "text/event-stream"),
    faults.body(200, f'{{"error": "{KEY}"}}'.encode()),
]  # fmt: skip


@pytest.mark.parametrize("fault", _FAULTS)
def test_no_error_shows_the_key(server: CloudServer, fault: faults.Fault, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    server.faults[:] = [fault] * 3
    try:
        _text, error = said(sent(server).events())
    except CloudError as early:
        error = early
    assert error is not None
    shown = _all_words(error) + caplog.text
    assert [form for form in FORMS if form in shown] == []
    assert "\x1b" not in error.message
    assert "\x00" not in error.message


def test_nothing_else_shows_the_key(server: CloudServer, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    provider = server.provider()
    shown = outgoing(provider)
    reply = client().send(provider, shown, KEY, CancelToken())
    heard = list(reply.events())
    told = f"{shown!r}{shown.body!r}{reply!r}{vars(reply)!r}{heard!r}{reply.billed!r}{caplog.text}{Scrubber(KEY)!r}"
    assert [form for form in FORMS if form in told] == []
    assert KEY.encode() not in server.questions[0].body


def test_the_key_goes_into_one_header(server: CloudServer) -> None:
    list(sent(server).events())
    asked = server.questions[0]
    name, value = ("x-api-key", KEY) if server.dialect is Dialect.ANTHROPIC else ("authorization", f"Bearer {KEY}")
    assert asked.headers[name] == value
    assert asked.everything.count(KEY.encode()) == 1


def test_an_answer_that_repeats_the_key_is_kept_without_it(server: CloudServer) -> None:
    server.text = f"Your-key-is-{KEY}-I-believe."
    assert said(sent(server).events()) == ("Your-key-is-•••-I-believe.", None)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Incorrect API key provided: sk-proj-****abcd.", "Incorrect API key provided: •••"),
        ("key sk-ant-api03-AbCdEf012345 is bad", "key ••• is bad"),
        ("use Authorization: Bearer abcdefgh12345", "use Authorization: •••"),
        ("AIzaSyA1234567890abcdefghijk", "•••"),
        ("two\nlines\tand \u202eturned\x07", "two lines and turned"),
        ("the task-force is risk-averse", "the task-force is risk-averse"),
        ("x" * 1000, "x" * (MOST_SAID - 1) + "…"),
    ],
)
def test_what_is_shown_of_others_words(text: str, shown: str) -> None:
    assert one_line(text) == shown


@pytest.mark.parametrize(
    "text", ["*" * 300_000, "sk-" * 100_000, "Bearer " * 50_000, "\u202e" * 300_000, "a-" * 150_000]
)
def test_long_words_are_read_quickly(text: str) -> None:
    assert len(one_line(text)) <= MOST_SAID


def test_requests_never_hold_a_key() -> None:
    with CloudServer() as server:
        made = client().outgoing(server.provider(), MODEL, REQUEST)
    assert not {"authorization", "x-api-key", "cookie"} & made.headers.keys()
