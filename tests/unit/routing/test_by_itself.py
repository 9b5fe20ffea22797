"""Whether a question is sent by the chat's own yes: one decision, over its whole table."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest

from workbench.chat.asking.choice import Choice, Routed
from workbench.messages import Finish
from workbench.routing.by_itself import NO_PRICE, PRIVATE, Case, Request, Step, decided, rung_up, sent_words

PROPOSED = Routed(Choice("m", None, "why", "fresh facts", propose=True, proposal="Fresh facts are needed."))
FITS = Request(private=False, refused=(), most_micros=9_000)
READY = Case(PROPOSED, Finish.STOP, enabled=True, allowed=True, left_micros=10_000)


def test_it_is_sent_where_everything_holds() -> None:
    assert decided(READY).step is Step.PREPARE
    assert decided(replace(READY, request=FITS)).step is Step.SEND
    assert decided(replace(READY, finish=Finish.LENGTH, request=FITS)).step is Step.SEND
    assert decided(replace(READY, request=replace(FITS, most_micros=10_000))).step is Step.SEND


ROUTES = {
    "nobody chose": None,
    "no rung up": Routed(replace(PROPOSED.choice, propose=False)),
    "only a doubt": Routed(replace(PROPOSED.choice, propose=False), ("This answer is empty.",)),
    "private": Routed(replace(PROPOSED.choice, private=True)),
    "overruled": replace(PROPOSED, overruled="another"),
    "sent before": replace(PROPOSED, sent=True),
    "held before": replace(PROPOSED, held="Not sent by itself: no."),
    "proposed": PROPOSED,
}
REQUESTS = {
    "not made": None,
    "fits": FITS,
    "private": replace(FITS, private=True),
    "refused": replace(FITS, refused=("There is no key for Groq yet.",)),
    "unpriced": replace(FITS, most_micros=None),
    "dear": replace(FITS, most_micros=10_001),
}
TABLE = list(
    itertools.product(ROUTES, (None, *Finish), (True, False), (True, False), (True, False), (None, 0, 10_000), REQUESTS)
)


def test_of_all_cases_only_those_are_sent_where_each_condition_holds() -> None:
    for route, finish, enabled, taken, allowed, left, request in TABLE:
        case = Case(ROUTES[route], finish, enabled, taken, allowed, left, REQUESTS[request])
        decision = decided(case)
        sendable = (
            route == "proposed" and finish in (Finish.STOP, Finish.LENGTH) and enabled and not taken and allowed
            and left == 10_000
        )  # fmt: skip
        wanted = {"fits": Step.SEND, "not made": Step.PREPARE}.get(request, Step.PROPOSE) if sendable else Step.PROPOSE
        assert decision.step is wanted, case
        assert not decision.why or (decision.step is Step.PROPOSE and allowed and left is not None), case


@pytest.mark.parametrize(
    ("case", "why"),
    [
        (replace(READY, request=REQUESTS["private"]), PRIVATE),
        (replace(READY, request=REQUESTS["unpriced"]), NO_PRICE),
        (
            replace(READY, request=REQUESTS["dear"]),
            "Not sent by itself: it may cost up to $0.011, and $0.01 is left for this chat.",
        ),
        (replace(READY, request=REQUESTS["refused"]), "Not sent by itself: there is no key for Groq yet."),
        (replace(READY, left_micros=0), "Not sent by itself: nothing is left for this chat."),
        (replace(READY, allowed=False, request=FITS), ""),
        (replace(READY, left_micros=None, request=FITS), ""),
        (replace(READY, taken=True), ""),
        (replace(READY, enabled=False), ""),
    ],
)
def test_what_keeps_it_here_is_told_where_the_person_had_allowed_it(case: Case, why: str) -> None:
    decision = decided(case)
    assert decision.step is Step.PROPOSE
    assert decision.why == why


def test_a_free_request_needs_a_cap_too_and_fits_what_is_left() -> None:
    free = replace(FITS, most_micros=0)
    assert decided(replace(READY, left_micros=1, request=free)).step is Step.SEND
    assert decided(replace(READY, left_micros=None, request=free)).step is Step.PROPOSE


@pytest.mark.parametrize("finish", [None, Finish.CANCELLED, Finish.ERROR, Finish.WAITING, Finish.INTERRUPTED])
def test_an_answer_that_has_not_ended_is_no_reason(finish: Finish | None) -> None:
    assert not rung_up(PROPOSED, finish)


def test_it_is_told_in_one_line() -> None:
    told = sent_words("Groq", "Fresh facts are needed, which this model cannot know.", 9_400)
    assert told == (
        "Sent to Groq by your yes for this chat: fresh facts are needed, which this model cannot know; at most $0.0094."
    )
