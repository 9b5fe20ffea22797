"""The client against real servers on loopback: what it sends, what it hears, and each fault."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.fakes.cloud_servers import KEY, CloudServer, faults
from tests.patience import until
from tests.unit.cloud.protocols.asking import MODEL, REQUEST, client, outgoing, said, sent
from workbench.cancel import CancelToken
from workbench.cloud.asking import CloudError, NextStep
from workbench.cloud.listing.fetching import fetch_models
from workbench.cloud.protocols.patience import Patience, Refused
from workbench.cloud.provider import Billed, CloudModel, Dialect
from workbench.errors import Cancelled, RefusedError
from workbench.messages import Effort, Finish, Finished, Reasoning, Text, Tool, ToolCall, Usage, fold_events

DIALECTS = tuple(Dialect)
SEA = "The sea is wide and blue."


@pytest.fixture(params=DIALECTS)
def server(request: pytest.FixtureRequest) -> Iterator[CloudServer]:
    with CloudServer(request.param) as running:
        yield running


# What is sent ---------------------------------------------------------------------------------------------------------


def test_exactly_the_previewed_bytes_arrive(server: CloudServer) -> None:
    provider = server.provider()
    shown = client().outgoing(provider, MODEL, REQUEST)
    list(client().send(provider, shown, KEY, CancelToken()).events())
    asked = server.questions[0]
    assert asked.body == shown.body
    told = {name: value for name, value in asked.headers.items() if name in shown.headers}
    assert told == dict(shown.headers)
    own = {
        "host",
        "connection",
        "content-length",
        "x-api-key" if server.dialect is Dialect.ANTHROPIC else "authorization",
    }
    assert asked.headers.keys() - shown.headers.keys() == own


def test_the_same_gives_the_same_bytes() -> None:
    with CloudServer() as server:
        first, again = outgoing(server.provider()), outgoing(server.provider())
    assert (first.body, first.hash) == (again.body, again.hash)


def test_nothing_is_opened_before_it_is_sent(server: CloudServer) -> None:
    client().outgoing(server.provider(), MODEL, REQUEST)
    assert server.connections == 0


def test_over_tls(server: CloudServer) -> None:
    with CloudServer(server.dialect, https=True) as safe:
        assert said(sent(safe).events()) == (SEA, None)
        assert len(safe.questions) == 1


# What is heard --------------------------------------------------------------------------------------------------------


def test_thoughts_text_and_the_count(server: CloudServer) -> None:
    server.thoughts = "Let me see."
    reply = sent(server)
    before = reply.billed
    events = list(reply.events())
    assert before is None
    assert fold_events(events) == (Reasoning("Let me see."), Text(SEA))
    last = events[-1]
    assert isinstance(last, Finished)
    assert (last.finish, last.usage) == (Finish.STOP, Usage(21, 0, 7))
    assert last.timings.total_seconds is not None
    assert last.timings.first_token_seconds is not None
    assert 0 < last.timings.first_token_seconds <= last.timings.total_seconds
    assert reply.billed is not None
    assert (reply.billed.prompt_tokens, reply.billed.completion_tokens) == (21, 7)


def test_tools_are_called(server: CloudServer) -> None:
    server.text = ""
    server.calls = [("look", {"where": "Brest", "deep": 2}), ("wait", {})]
    provider = server.provider()
    request = replace(REQUEST, tools=(Tool("look", "Look.", {"type": "object", "properties": {}}),))
    shown = client().outgoing(provider, MODEL, request)
    events = list(client().send(provider, shown, KEY, CancelToken()).events())
    first, second = (part for part in fold_events(events) if isinstance(part, ToolCall))
    assert (first.name, first.arguments) == ("look", '{"where": "Brest", "deep": 2}')
    assert (second.name, second.arguments) == ("wait", "{}")
    assert first.id
    assert first.id != second.id
    assert isinstance(events[-1], Finished)
    assert events[-1].finish is Finish.TOOL_CALLS


def test_without_a_count(server: CloudServer) -> None:
    server.usage = None
    reply = sent(server)
    assert said(reply.events()) == (SEA, None)
    assert reply.billed is None


def test_too_long_an_answer(server: CloudServer) -> None:
    server.finish = "max_tokens" if server.dialect is Dialect.ANTHROPIC else "length"
    assert [event.finish for event in sent(server).events() if isinstance(event, Finished)] == [Finish.LENGTH]


def test_an_answer_at_once(server: CloudServer) -> None:
    server.faults[:] = [faults.not_streamed]
    reply = sent(server)
    assert said(reply.events()) == (SEA, None)
    assert reply.billed is not None


def test_junk_between_the_events(server: CloudServer) -> None:
    server.faults[:] = [faults.junk]
    assert said(sent(server).events()) == (SEA, None)


def test_a_reply_that_nobody_reads_hangs_up(server: CloudServer) -> None:
    server.faults[:] = [faults.stall_after(1)]
    reply = sent(server)
    reply.close()
    reply.close()


# What goes wrong ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [400, 401, 402, 403, 404, 413, 422, 451])
def test_what_is_refused_is_asked_once(server: CloudServer, status: int) -> None:
    server.faults[:] = [faults.status(status)]
    with pytest.raises(CloudError) as caught:
        sent(server)
    assert len(server.questions) == 1
    assert "Openrouter" in caught.value.message
    assert not caught.value.charged


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504, 529])
def test_what_passes_is_asked_again(server: CloudServer, status: int) -> None:
    server.faults[:] = [faults.status(status), faults.status(status, retry_after="0")]
    assert said(sent(server).events()) == (SEA, None)
    assert len({one.body for one in server.questions}) == 1
    assert len(server.questions) == 3


def test_it_is_asked_three_times_at_most(server: CloudServer) -> None:
    server.faults[:] = [faults.status(529)] * 5
    with pytest.raises(CloudError, match="too much to do"):
        sent(server)
    assert len(server.questions) == 3


def test_a_long_wait_is_told_instead(server: CloudServer) -> None:
    server.faults[:] = [faults.status(429, retry_after="600")]
    with pytest.raises(CloudError) as caught:
        sent(server)
    assert "10 minutes" in caught.value.hint
    assert len(server.questions) == 1


def test_what_is_used_up_is_not_asked_again(server: CloudServer) -> None:
    server.faults[:] = [faults.status(429, "You exceeded your current quota.", error_code="insufficient_quota")]
    with pytest.raises(CloudError, match="used up"):
        sent(server)
    assert len(server.questions) == 1


@pytest.mark.parametrize(
    ("tries", "refused", "pause"),
    [
        (1, Refused(500), 1.0),
        (2, Refused(500), 4.0),
        (3, Refused(500), None),
        (1, Refused(429, retry_after=9.0), 9.0),
        (1, Refused(429, retry_after=11.0), None),
        (1, Refused(400), None),
        (1, Refused(302), None),
        (1, Refused(418), None),
    ],
)
def test_patience(tries: int, refused: Refused, pause: float | None) -> None:
    assert Patience((1.0, 4.0), 10.0).pause(tries, refused) == pause


def _of(server: CloudServer, after: int) -> int:
    """Events until ``after`` words: each protocol begins with others."""
    return after + (3 if server.dialect is Dialect.ANTHROPIC else 1)


def test_a_cut_keeps_what_came(server: CloudServer) -> None:
    server.faults[:] = [faults.cut(_of(server, 3))]
    reply = sent(server)
    text, error = said(reply.events())
    assert text == "The sea is"
    assert error is not None
    assert "broke off" in error.message
    assert error.charged
    assert reply.billed is None
    assert len(server.questions) == 1


def test_an_end_without_an_end_is_a_cut(server: CloudServer) -> None:
    server.faults[:] = [faults.ended(_of(server, 2))]
    text, error = said(sent(server).events())
    assert (text, error is not None and "broke off" in error.message) == ("The sea", True)


def test_an_error_within_the_answer(server: CloudServer) -> None:
    server.faults[:] = [faults.error_after(_of(server, 2))]
    text, error = said(sent(server).events())
    assert text == "The sea"
    assert error is not None
    assert "Openrouter" in error.message
    assert "Overloaded" in error.message
    assert error.charged


def test_a_stall_within_the_answer(server: CloudServer) -> None:
    server.faults[:] = [faults.stall_after(_of(server, 2))]
    text, error = said(sent(server, silence_seconds=0.3).events())
    assert text == "The sea"
    assert error is not None
    assert "said nothing more" in error.message


def test_a_stall_before_the_answer(server: CloudServer) -> None:
    server.faults[:] = [faults.stall]
    with pytest.raises(CloudError, match="did not answer") as caught:
        sent(server, silence_seconds=0.3)
    assert caught.value.charged
    assert len(server.questions) == 1


def test_a_reset_before_the_answer(server: CloudServer) -> None:
    server.faults[:] = [faults.reset]
    with pytest.raises(CloudError, match="hung up without an answer"):
        sent(server)


def test_another_program_there(server: CloudServer) -> None:
    server.faults[:] = [faults.no_http]
    with pytest.raises(CloudError, match="no model's answer"):
        sent(server)


@pytest.mark.parametrize("fault", [faults.html, faults.body(200, b"\n <html>", "text/event-stream")])
def test_a_web_page(server: CloudServer, fault: faults.Fault) -> None:
    server.faults[:] = [fault]
    _text, error = said(sent(server).events())
    assert error is not None
    assert "a web page answers" in error.message


@pytest.mark.parametrize(
    "fault",
    [
        faults.bad_json(),
        faults.body(200, b"{}"),
        faults.body(200, b"{not json"),
        faults.body(200, b"data: [1]\n\n", "text/event-stream"),
        faults.body(200, b"data: " + b"[" * 100_000 + b"\n\n", "text/event-stream"),
    ],
)  # fmt: skip
def test_what_is_no_answer(server: CloudServer, fault: faults.Fault) -> None:
    server.faults[:] = [fault]
    _text, error = said(sent(server).events())
    assert error is not None
    assert "no model's answer" in error.message


@pytest.mark.parametrize("fault", [faults.empty, faults.body(200, b""), faults.body(200, b"Hello.", "text/plain")])
def test_nothing_is_a_cut(server: CloudServer, fault: faults.Fault) -> None:
    server.faults[:] = [fault]
    text, error = said(sent(server).events())
    assert (text, error is not None and "broke off" in error.message) == ("", True)


def test_a_line_without_an_end(server: CloudServer) -> None:
    server.faults[:] = [faults.giant_line]
    _text, error = said(sent(server).events())
    assert error is not None
    assert "more than an answer can be" in error.message


def test_a_line_of_many_megabytes(server: CloudServer) -> None:
    """Though it would be an answer."""
    line = b'data: {"choices": [{"delta": {"content": "x"}, "finish_reason": "stop"}]' + b" " * (5 << 20) + b"}\n\n"
    server.faults[:] = [faults.body(200, line, "text/event-stream")]
    _text, error = said(sent(server).events())
    assert error is not None
    assert "more than an answer can be" in error.message


def test_what_a_provider_holds_back(server: CloudServer) -> None:
    server.text = "The sea is"
    server.finish = "refusal" if server.dialect is Dialect.ANTHROPIC else "content_filter"
    reply = sent(server)
    text, error = said(reply.events())
    assert text == "The sea is"
    assert error is not None
    assert "holds the rest of this answer back" in error.message
    assert NextStep.RETRY not in error.steps
    assert reply.billed is not None


def test_this_machine_is_not_asked_through_a_proxy(server: CloudServer, monkeypatch: pytest.MonkeyPatch) -> None:
    with CloudServer(server.dialect) as proxy:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, proxy.origin)
        monkeypatch.delenv("NO_PROXY", raising=False)
        monkeypatch.delenv("no_proxy", raising=False)
        assert said(sent(server).events()) == (SEA, None)
        assert proxy.connections == 0


@pytest.mark.parametrize(
    "setting",
    ["ALL_PROXY=socks5://127.0.0.1:9", "HTTPS_PROXY=ftp://127.0.0.1", "HTTPS_PROXY=what:ever", "NO_PROXY=[::,*.x"],
)
def test_a_proxy_that_cannot_be_used_is_told_and_costs_nothing(
    setting: str, server: CloudServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    name, _equals, value = setting.partition("=")
    monkeypatch.setenv(name, value)
    provider = replace(server.provider(), base_url="https://provider.invalid/v1")
    for ask in (
        lambda: client().send(provider, outgoing(provider), KEY, CancelToken()),
        lambda: fetch_models(provider, KEY, "2026-11-23", CancelToken()),
    ):
        with pytest.raises(CloudError, match="the proxy that is set") as failed:
            ask()
        assert not failed.value.charged


def test_nobody_there(server: CloudServer) -> None:
    provider = server.provider()
    with CloudServer() as gone:
        nobody = replace(provider, base_url=gone.base_url)
    with pytest.raises(CloudError, match="Nothing listens") as caught:
        client().send(nobody, outgoing(nobody), KEY, CancelToken())
    assert not caught.value.charged


def test_an_unknown_name() -> None:
    with CloudServer() as server:
        provider = replace(server.provider(), base_url="https://no-such-host.invalid/v1")
    with pytest.raises(CloudError, match="seems to be offline") as caught:
        client().send(provider, outgoing(provider), KEY, CancelToken())
    assert not caught.value.charged
    assert caught.value.steps[0] is NextStep.ANSWER_LOCALLY


def test_eight_at_once(server: CloudServer) -> None:
    speaker, provider = client(), server.provider()
    shown, heard = outgoing(provider), []

    def ask() -> None:
        heard.append(said(speaker.send(provider, shown, KEY, CancelToken()).events()))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert heard == [(SEA, None)] * 8


# Stopping -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("fault", [faults.stall, faults.stall_after(3)])
@pytest.mark.parametrize("https", [False, True])
def test_stopping_ends_a_blocked_read(server: CloudServer, fault: faults.Fault, https: bool) -> None:
    ended: list[BaseException] = []
    with CloudServer(server.dialect, faults=[fault], https=https) as slow:
        speaker = client(tls=slow.trust if https else None)
        provider, cancel = slow.provider(), CancelToken()

        def ask() -> None:
            try:
                list(speaker.send(provider, outgoing(provider), KEY, cancel).events())
            except BaseException as error:  # noqa: BLE001 - kept for the assertion
                ended.append(error)

        thread = threading.Thread(target=ask)
        thread.start()
        until(lambda: slow.questions)
        began = time.monotonic()
        cancel.cancel()
        thread.join()
        assert time.monotonic() - began < 5
    assert [type(error) for error in ended] == [Cancelled]


def test_stopping_ends_the_wait_for_another_try(server: CloudServer) -> None:
    server.faults[:] = [faults.status(429, retry_after="19")]
    provider, cancel = server.provider(), CancelToken()

    def stop() -> None:
        until(lambda: server.questions)
        cancel.cancel()

    timer = threading.Thread(target=stop)
    timer.start()
    with pytest.raises(Cancelled):
        client().send(provider, outgoing(provider), KEY, cancel)
    timer.join()
    assert len(server.questions) == 1


def test_what_is_stopped_before_is_never_sent(server: CloudServer) -> None:
    cancel = CancelToken()
    cancel.cancel()
    with pytest.raises(Cancelled):
        client().send(server.provider(), outgoing(server.provider()), KEY, cancel)
    assert server.connections == 0


# Rows of the real table, against servers that refuse what those do ----------------------------------------------------


def test_mistral_takes_no_stream_options() -> None:
    with CloudServer(refuses=frozenset({"stream_options", "seed"}), always_usage=True) as server:
        plain, quirky = (
            server.provider("mistral"),
            server.provider("mistral", quirks={"no_stream_options", "random_seed"}),
        )
        with pytest.raises(CloudError, match="Extra inputs are not permitted"):
            sent(server, plain)
        reply = sent(server, quirky)
        assert said(reply.events()) == (SEA, None)
        assert reply.billed == Billed(21, 0, None, 7)


def test_an_anthropic_model_thinks_with_a_budget() -> None:
    with CloudServer(Dialect.ANTHROPIC, thoughts="Hm.") as server:
        provider = server.provider("anthropic")
        model = CloudModel("anthropic", "claude-haiku-4-5-20251001", efforts=(Effort.LOW, Effort.HIGH))
        shown = client().outgoing(provider, model, replace(REQUEST, effort=Effort.HIGH, max_tokens=4096))
        assert said(client().send(provider, shown, KEY, CancelToken()).events()) == (SEA, None)
        assert server.questions[0].json["thinking"] == {"type": "enabled", "budget_tokens": 2048}


def test_an_address_that_changed_gets_nothing(server: CloudServer) -> None:
    with CloudServer(server.dialect) as other:
        shown = outgoing(server.provider())
        with pytest.raises(RefusedError, match="another address"):
            client().send(other.provider(), shown, KEY, CancelToken())
        assert (server.connections, other.connections) == (0, 0)
