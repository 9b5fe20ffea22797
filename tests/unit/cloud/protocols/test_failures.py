"""Each failure has a sentence of its own that names the provider, and what helps."""

from __future__ import annotations

import json
import socket
import ssl
from typing import Any

import pytest

from workbench.cloud.asking import CloudError, NextStep
from workbench.cloud.protocols import failures

R, O, L, I, S = NextStep.RETRY, NextStep.OTHER_PROVIDER, NextStep.ANSWER_LOCALLY, NextStep.LOGIN, NextStep.SHORTEN  # noqa: E741
STATUSES = (400, 401, 402, 403, 404, 408, 413, 429, 500, 502, 503, 504, 529)


def told(message: str, **more: Any) -> str:
    return json.dumps({"error": {"message": message, **more}})


@pytest.mark.parametrize(
    ("status", "sentence", "steps"),
    [
        (400, "Groq cannot use this request.", (O, L)),
        (401, "Groq does not accept the key.", (I, O, L)),
        (402, "Your balance at Groq is used up.", (O, L)),
        (403, "Groq does not allow this to your key.", (O, L, I)),
        (404, "Groq does not have this model, or not for your key.", (O, L)),
        (408, "Groq did not get the whole request in time.", (R, O, L)),
        (409, "Groq says that something else stands in the way of this request at the moment.", (R, O, L)),
        (413, "The request is too large for Groq.", (S, O, L)),
        (422, "Groq cannot use this request.", (O, L)),
        (429, "Groq was asked too often.", (R, O, L)),
        (500, "Groq has a fault of its own (HTTP 500).", (R, O, L)),
        (502, "Groq got no answer from the machine behind it (HTTP 502).", (R, O, L)),
        (503, "Groq is not there at the moment (HTTP 503).", (R, O, L)),
        (504, "Groq waited too long for the machine behind it (HTTP 504).", (R, O, L)),
        (529, "Groq has too much to do at the moment (HTTP 529).", (R, O, L)),
        (418, "Groq refuses with an error (HTTP 418).", (O, L)),
        (599, "Groq has a fault of its own (HTTP 599).", (R, O, L)),
    ],
)
def test_statuses(status: int, sentence: str, steps: tuple[NextStep, ...]) -> None:
    error = failures.refusal("Groq", status, "")
    assert (error.message, error.steps, error.charged) == (sentence, steps, False)
    assert error.hint
    assert (R in steps) or "ry again" not in error.hint  # no button would do it
    said = failures.refusal("Groq", status, told("It is so."))
    assert said.message == f"{sentence} It says: It is so."


@pytest.mark.parametrize("status", [201, 202, 206])
def test_what_may_have_been_taken_on_is_not_said_to_be_free(status: int) -> None:
    assert failures.refusal("Groq", status, "").charged


def test_each_has_its_own_sentence() -> None:
    sentences = [failures.refusal("Groq", status, "").message for status in STATUSES]
    assert len(set(sentences)) == len(sentences)


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (400, told("This model's maximum context length is 131072 tokens. However, your messages have 140000 tokens.",
                   code="context_length_exceeded")),
        (400, told("prompt is too long: 210000 tokens > 200000 maximum", type="invalid_request_error")),
        (400, told("The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).")),
        (400, told("This endpoint's maximum context length is 131072 tokens.", code=400)),
        (400, told("Please reduce the length of the messages or completion.", code="context_length_exceeded")),
        (413, told("Request too large: too many tokens")),
        (422, json.dumps({"error": {"message": "Input is too long for this model"}})),
    ],
)  # fmt: skip
def test_too_long(status: int, body: str) -> None:
    error = failures.refusal("Groq", status, body)
    assert error.message.startswith("This is too long for the model at Groq.")
    assert error.steps[0] is NextStep.SHORTEN
    inside = failures.in_stream("Groq", body)
    assert inside.message.startswith("This is too long for the model at Groq.")


@pytest.mark.parametrize(
    "body",
    [
        told("You exceeded your current quota, please check your plan.", type="insufficient_quota"),
        told("Quota", code="insufficient_quota"),
        told("You have reached your specified API usage limits."),
    ],
)
def test_used_up_is_no_too_often(body: str) -> None:
    error = failures.refusal("OpenAI", 429, body)
    assert error.message.startswith("What you may use at OpenAI is used up.")
    assert NextStep.RETRY not in error.steps
    assert failures.is_quota(body)
    assert not failures.is_quota(told("Rate limit reached for requests"))


@pytest.mark.parametrize(
    ("status", "message"),
    [
        (400, "Your credit balance is too low to access the Anthropic API."),
        (403, "Your newly created team doesn't have any credits yet."),
        (402, "Insufficient Balance"),
    ],
)
def test_no_money_by_other_numbers(status: int, message: str) -> None:
    assert failures.refusal("xAI", status, told(message)).message.startswith("Your balance at xAI is used up.")


@pytest.mark.parametrize("status", [401, 403, 404, 511])
def test_a_page_where_an_error_should_be(status: int) -> None:
    error = failures.refusal("Groq", status, "\n<!doctype html><title>Log in</title>")
    assert error.message == "Where Groq should be, a web page answers."
    assert not error.charged


@pytest.mark.parametrize("status", [413, 429, 502])
def test_a_page_of_the_machine_before_it(status: int) -> None:
    page = "<html><h1>Too large</h1></html>"
    assert failures.refusal("Groq", status, page).message == failures.refusal("Groq", status, "").message


@pytest.mark.parametrize(("seconds", "words"), [(0.2, "1 second."), (7.0, "7 seconds."), (600.0, "10 minutes.")])
def test_how_long_to_wait(seconds: float, words: str) -> None:
    assert failures.refusal("Groq", 429, "", retry_after=seconds).hint == f"It asks to wait {words}"


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("", ""),
        ("<html><h1>Bad gateway</h1></html>", ""),
        ("no JSON", ""),
        ("[" * 99_999, ""),
        ("null", ""),
        ("[]", ""),
        ("7", ""),
        ('{"error": "Plain."}', "Plain."),
        ('{"error": {"message": "Said."}}', "Said."),
        ('{"message": "Bare."}', "Bare."),
        ('{"detail": "Detail."}', "Detail."),
        ('[{"error": {"code": 400, "message": "Of Gemini.", "status": "INVALID_ARGUMENT"}}]', "Of Gemini."),
        ('{"error": {"message": "Provider returned error", "metadata": {"raw": "Busy.", "provider_name": "X"}}}',
         "Provider returned error (Busy.)"),
        ('{"object": "error", "message": {"detail": [{"loc": ["body", "seed"], "msg": "Extra"}]}}', "body.seed: Extra"),
        ('{"error": {"message": ["odd"]}}', ""),
        ('{"error": {"message": {"detail": 7}}}', ""),
        ('{"error": {"message": "Two\\n lines\\u0007"}}', "Two lines"),
    ],
)  # fmt: skip
def test_what_they_say(body: str, said: str) -> None:
    sentence = "Groq cannot use this request."
    assert failures.refusal("Groq", 400, body).message == (f"{sentence} It says: {said}" if said else sentence)


def test_long_words_are_cut() -> None:
    assert len(failures.refusal("Groq", 400, told("word " * 9999)).message) < 400


@pytest.mark.parametrize(
    ("payload", "sentence"),
    [
        (
            {"type": "error", "error": {"type": "overloaded_error", "message": ""}},
            "Groq has too much to do at the moment.",
        ),
        ({"error": {"type": "server_error", "message": ""}}, "Groq has a fault of its own."),
        ({"error": {"code": 502, "message": ""}}, "Groq got no answer from the machine behind it."),
        ({"error": {"code": "rate_limit_exceeded", "message": ""}}, "Groq was asked too often."),
        ({"error": {"code": "insufficient_quota", "message": ""}}, "What you may use at Groq is used up."),
        ({"error": {"code": 7, "message": ""}}, "Groq broke its answer off."),
        ({"error": {}}, "Groq broke its answer off."),
    ],
)
def test_errors_within_an_answer(payload: Any, sentence: str) -> None:
    error = failures.in_stream("Groq", json.dumps(payload))
    assert (error.message, error.charged) == (sentence, True)


def _verification(code: int) -> ssl.SSLCertVerificationError:
    error = ssl.SSLCertVerificationError("certificate verify failed")
    error.verify_code = code
    return error


@pytest.mark.parametrize(
    ("cause", "words"),
    [
        (socket.gaierror(-2, "Name or service not known"), "seems to be offline"),
        (ConnectionRefusedError(111, "refused"), "Nothing listens"),
        (_verification(10), "has expired"),
        (_verification(18), "made by itself"),
        (_verification(62), "another name"),
        (_verification(999), "is not valid"),
        (ssl.SSLError("wrong version"), "in secret"),
        (OSError(101, "Network is unreachable"), "cannot be reached"),
    ],
)
def test_what_was_never_sent(cause: Exception, words: str) -> None:
    outer = RuntimeError("connect failed")
    outer.__cause__ = cause
    error = failures.unsent("Groq", outer)
    assert words in error.message
    assert "Groq" in error.message
    assert not error.charged


@pytest.mark.parametrize(
    "error",
    [
        failures.cut("Groq"),
        failures.cut("Groq", begun=False),
        failures.silent("Groq", 300, begun=True),
        failures.silent("Groq", 300, begun=False),
        failures.unconnected("Groq", 10),
        failures.redirected("Groq", "https://evil.example/x"),
        failures.web_page("Groq"),
        failures.unreadable("Groq"),
        failures.too_large("Groq"),
        failures.withheld("Groq", ""),
        failures.no_key("Groq"),
    ],
)
def test_all_name_the_provider_and_a_step(error: CloudError) -> None:
    assert "Groq" in error.message
    assert error.message.endswith(".")
    assert error.hint
    assert error.steps


def test_silence_in_minutes() -> None:
    assert failures.silent("Groq", 300, begun=False).message == "Groq did not answer for 5 minutes."


def test_why_an_answer_is_withheld() -> None:
    assert (
        failures.withheld("Groq", "It might do harm.").message
        == "Groq holds the rest of this answer back: It might do harm."
    )
    assert failures.withheld("Groq", "content_filter").message == "Groq holds the rest of this answer back."
