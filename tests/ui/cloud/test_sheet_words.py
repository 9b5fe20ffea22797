"""What the sheet says and decides, without a window."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from tests.fakes.cloud import FRONTIER_MODEL, OPEN_MODEL, OPENROUTER, UNPRICED_MODEL
from ui.chat.answer_elsewhere import Elsewhere, cost, rows
from ui.chat.answer_source import author_of, badge_of, from_cloud, step_of, steps_after
from ui.chat.consents import choices, in_short
from ui.chat.slash import for_cloud, meets_cloud
from ui.cloud.sheet.state import SheetState, asking, carried, kept, offering, rewritten, showing, tools_of
from ui.cloud.sheet.words import (
    by_rung,
    caps_words,
    described,
    in_order,
    model_note,
    offered_words,
    piece_title,
    piece_words,
    price_in_short,
    range_words,
    readable,
    remaining_words,
    retention_words,
    source_words,
    token_words,
)
from workbench.chat.escalating.counts import Count, CountedBy, Uncounted
from workbench.chat.escalating.escalation import Draft, Mode, Piece, PieceKind, Preview
from workbench.chat.tree import Turn, TurnState
from workbench.cloud.asking import CloudError, NextStep, Outgoing
from workbench.cloud.hiding.redaction import Hidden, Redaction
from workbench.cloud.provider import Billed, Price, Provider
from workbench.cloud.spending.money import (
    CAPS,
    CallState,
    Cap,
    CapKind,
    Entry,
    OverCapError,
    Purpose,
    Range,
    Remaining,
)
from workbench.consents.consent import Consent, ConsentKind, ConsentState, Question
from workbench.messages import Effort, Finish, Timings

QUESTION = Piece("question", PieceKind.QUESTION, "Your question", "How deep?", 1, needed=True)
ANSWER = Piece("answer", PieceKind.ANSWER, "Answer", "Deep.", 2)
SECRET = Piece(
    "secret", PieceKind.PASSAGE, "secret.txt", "Private.", 1, kept=False, private=True, note="It stays here."
)
DRAFT = Draft("chat", "q", "a", OPEN_MODEL, Mode.BRANCH, (QUESTION, ANSWER, SECRET), 4_096, Effort.HIGH)
PREVIEW = Preview(
    DRAFT,
    OPENROUTER,
    Outgoing("https://openrouter.ai/api/v1/chat/completions", {}, b'{"model":"x"}'),
    Count(4, 12, CountedBy.ESTIMATE),
    (Redaction(Hidden.EMAIL, "a@example.org", "[EMAIL_1]", 2),),
    Range(10, 2_500),
    Remaining(1_250_000, CAPS[1]),
)


def turn(backend: str = "cloud:openrouter", model: str = "openrouter/openai/gpt-oss-120b") -> Turn:
    return Turn("t", model, backend, TurnState.ENDED, 0.0, Finish.STOP, timings=Timings(total_seconds=4.2))


def entry(state: CallState = CallState.SETTLED, micros: int = 1_234) -> Entry:
    price = Price(150_000, 600_000, source="table", date="2026-11-20")
    return Entry(
        "e", 0.0, "openrouter", "m", Purpose.ESCALATION, state, 5_000, micros, price=price, billed=Billed(100, 40, 0, 7)
    )


# The draft ------------------------------------------------------------------------------------------------------------


def test_only_what_may_be_cut_is_cut() -> None:
    cut = kept(DRAFT, "answer", keep=False)
    assert [one.kept for one in cut.pieces] == [True, False, False]
    assert kept(DRAFT, "question", keep=False) == DRAFT
    assert kept(DRAFT, "secret", keep=True) == DRAFT, "what is private never leaves"


def test_a_change_of_the_mode_keeps_what_was_chosen_beside_it() -> None:
    before = kept(showing(replace(DRAFT, most_tokens=512), "a@example.org", shown=True), "answer", keep=False)
    other = carried(replace(DRAFT, mode=Mode.CHECK), before)
    assert (other.mode, other.most_tokens, other.shown) == (Mode.CHECK, 512, ("a@example.org",))
    assert not other.pieces[1].kept
    assert carried(DRAFT, None) is DRAFT


def test_another_model_is_asked_for_no_more_than_it_can() -> None:
    small = replace(FRONTIER_MODEL, most_output_tokens=1_000, efforts=(Effort.LOW,))
    asked = asking(DRAFT, small)
    assert (asked.model, asked.most_tokens, asked.effort) == (small, 1_000, None)
    assert asking(DRAFT, replace(small, efforts=(Effort.HIGH,))).effort is Effort.HIGH


def test_a_brief_is_rewritten_and_an_original_hidden_again() -> None:
    assert rewritten(DRAFT, "answer", "Other.").pieces[1].text == "Other."
    shown = showing(DRAFT, "x", shown=True)
    assert showing(shown, "x", shown=False) == DRAFT
    assert showing(shown, "x", shown=True) == shown


def test_only_a_preview_of_exactly_this_draft_can_be_sent() -> None:
    state = SheetState(DRAFT, PREVIEW)
    assert state.can_send
    assert not replace(state, draft=replace(DRAFT, most_tokens=1)).can_send
    assert not replace(state, busy="The brief is written").can_send
    assert not replace(state, problem="It failed").can_send
    assert not replace(state, preview=replace(PREVIEW, refused=("There is no key.",))).can_send
    assert not SheetState().can_send


# Words ----------------------------------------------------------------------------------------------------------------


def test_prices_are_told_and_an_unknown_one_is_never_nothing() -> None:
    assert range_words(Range(10, 2_500)) == "$0.00001 to $0.0025"
    assert range_words(Range(5, 5)) == "$0.000005"
    assert range_words(None) == "Cost not known"
    assert price_in_short(None) == "no price"
    assert "not known" in model_note(UNPRICED_MODEL)
    assert "price of 2026-11-01" in model_note(OPEN_MODEL)


@pytest.mark.parametrize(
    ("cap", "words"),
    [
        (Cap(CapKind.REQUEST, 500_000), "$0.50 left for this question"),
        (Cap(CapKind.DAY, 500_000), "today"),
        (Cap(CapKind.MONTH, 500_000), "this month"),
        (Cap(CapKind.PROVIDER, 500_000, "groq"), "at this provider"),
        (Cap(CapKind.CHAT, 500_000, "chat"), "this chat"),
    ],
)
def test_the_cap_that_is_the_tightest_is_named(cap: Cap, words: str) -> None:
    assert words in remaining_words(Remaining(123_456, cap))
    assert "$0.12 of" in remaining_words(Remaining(123_456, cap)), "what is left is rounded down"


def test_an_estimate_says_that_it_is_one() -> None:
    assert token_words(PREVIEW) == "At most 12 tokens go by our estimate, at most 4,096 come back"


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (Count(12, 12, CountedBy.LOADED), "12 tokens go, at most 4,096 come back"),
        (
            Count(1_204, 1_232, CountedBy.PUBLISHED),
            "1,204 to 1,232 tokens go, counted here; at most 4,096 come back",
        ),
        (
            Count(1, 2_400, CountedBy.ESTIMATE, Uncounted.COMING),
            "At most 2,400 tokens go (being counted…), at most 4,096 come back",
        ),
        (
            Count(1, 2_400, CountedBy.ESTIMATE, Uncounted.UNPUBLISHED),
            "At most 2,400 tokens go (its tokenizer is not published), at most 4,096 come back",
        ),
        (
            Count(1, 2_400, CountedBy.ESTIMATE, Uncounted.NO_FILE),
            "At most 2,400 tokens go (no model of its family is here), at most 4,096 come back",
        ),
        (
            Count(1, 2_400, CountedBy.ESTIMATE, Uncounted.FAILED, "The vocabulary is damaged."),
            "At most 2,400 tokens go by our estimate, at most 4,096 come back",
        ),
    ],
)
def test_a_count_says_who_made_it_or_why_nobody_did(count: Count, words: str) -> None:
    assert token_words(replace(PREVIEW, count=count)) == words


def test_all_caps_in_one_line() -> None:
    assert caps_words(CAPS) == "$0.50 a question, $2.00 a day, $10.00 a month"


def test_who_can_be_asked_at_once_is_listed_first_and_who_wants_a_key_says_so() -> None:
    own = replace(OPEN_MODEL, provider="mine", id="mine-one", rung=None)
    listed = in_order((FRONTIER_MODEL, OPEN_MODEL, own), {"mine"})
    assert [one for one, _words in listed] == [own, OPEN_MODEL, FRONTIER_MODEL]
    assert ["no key" in words for _one, words in listed] == [False, True, True]


def test_the_open_families_stand_first() -> None:
    groups = list(by_rung((FRONTIER_MODEL, OPEN_MODEL, replace(OPEN_MODEL, rung=None))))
    assert [title for title, _models in groups] == ["Open family", "Frontier", "Others"]


def test_what_a_provider_keeps_is_quoted_or_said_to_be_unknown() -> None:
    assert retention_words(OPENROUTER) == (
        "Prompts are not kept unless you allow it.",
        "https://openrouter.ai/docs, 2026-11-01",
    )
    words, source = retention_words(Provider("own", "Own", "https://example.org"))
    assert "not known" in words
    assert source == ""


def test_the_readable_body_has_every_text_with_its_lines() -> None:
    body = json.dumps({"model": "m", "messages": [{"role": "user", "content": 'One\n"two"\tü'}], "n": 1, "x": None})
    told = readable(body)
    assert 'One\n    "two"\tü' in told
    assert "model: m" in told
    assert readable("no { json") == "no { json"


# The answer -----------------------------------------------------------------------------------------------------------


def test_where_an_answer_came_from_is_always_said() -> None:
    assert source_words("openrouter", 1_234, 4.2) == "From openrouter, $0.0013, 4.2 s"
    assert source_words("openrouter", None, None) == "From openrouter"
    assert author_of(turn()) == "gpt-oss 120B"
    assert badge_of(turn(), entry()) == "From OpenRouter, $0.0013, 4.2 s"
    assert badge_of(turn(), entry(CallState.RESERVED)) == "From OpenRouter, 4.2 s"
    assert "subscription" in badge_of(turn("handoff:OpenAI", "OpenAI"), None)
    assert from_cloud(turn("handoff:OpenAI"))
    assert not from_cloud(turn("engine"))
    assert not from_cloud(None)


def test_a_failure_brings_its_own_buttons() -> None:
    refused = CloudError("No.", steps=(NextStep.LOGIN,))
    assert steps_after(turn(), refused) == ("cloud_login",)
    capped = OverCapError("No.", hint="", cap=CAPS[0], left_micros=1, needed_micros=2)
    assert steps_after(turn(), capped)[0] == "cloud_raise_budget"
    assert steps_after(turn(), None) == ("cloud_retry", "cloud_other_provider", "cloud_answer_locally")
    assert step_of("cloud_login") is NextStep.LOGIN
    assert step_of("continue") is None


def test_the_details_name_state_price_and_what_was_hidden() -> None:
    told = Elsewhere(entry(), PREVIEW)
    assert cost(turn(), told) == "$0.001234, as the provider counted"
    assert cost(turn(), Elsewhere()) == "Not known"
    found = dict(rows(told))
    assert found["Billed"] == "100 tokens in, 40 of them cached, 7 out"
    assert "table, 2026-11-20" in found["Price"]
    assert found["Hidden"] == "[EMAIL_1]: a@example.org (Mail address)"
    assert found["Stayed here"] == "secret.txt"
    assert dict(rows(Elsewhere())) == {}


def test_the_card_tells_the_request_in_short_whatever_it_holds() -> None:
    request = {"destination": "openrouter.ai", "body": "{ü}", "cost_micros": {"low": 10, "high": 2_500}}
    assert in_short(request) == "To: openrouter.ai\nLength: 4 bytes\nCost: $0.00001 to $0.0025"
    assert in_short({"cost_micros": {"low": "x"}, "body": 3}) == ""
    question = Question(ConsentKind.CLOUD, "openrouter", "Send?", request)
    consent = Consent("c", question, "h", ConsentState.WAITING, 0.0)
    assert [choice for choice, _words in choices(consent)] == ["review", "refuse"]


# In the composer ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("/cloud How deep?", "How deep?"),
        ("/cloud\nOne\nTwo", "One\nTwo"),
        ("/cloud", ""),
        ("/clouds", None),
        ("see /cloud", None),
        ("", None),
    ],
)
def test_a_message_for_the_cloud(text: str, asked: str | None) -> None:
    assert for_cloud(text) == asked


def test_letters_that_may_mean_the_cloud() -> None:
    assert meets_cloud("clo")
    assert meets_cloud("Strong")
    assert not meets_cloud("")
    assert not meets_cloud("letter")


# Tools ----------------------------------------------------------------------------------------------------------------

TOOL = Piece("tool.now", PieceKind.TOOL, "Now", '{"name": "now", "description": "The date\\nand time."}', 0)
OF_SERVER = Piece("tool.files_write", PieceKind.TOOL, "Write", "{}", 0, kept=False, note="It stays here.")
WITH_TOOLS = replace(DRAFT, pieces=(QUESTION, TOOL, OF_SERVER))


def test_all_tools_are_those_that_come_with_the_program() -> None:
    off = offering(WITH_TOOLS, on=False)
    assert [one.kept for one in off.pieces] == [True, False, False]
    assert [one.kept for one in offering(off, on=True).pieces] == [True, True, False]
    added = kept(WITH_TOOLS, OF_SERVER.id, keep=True)
    assert [one.kept for one in carried(replace(WITH_TOOLS, mode=Mode.QUESTION), added).pieces] == [True, True, True]


def test_a_model_that_calls_none_is_offered_none() -> None:
    deaf = replace(OPEN_MODEL, calls_tools=False)
    assert tools_of(asking(WITH_TOOLS, deaf)) == ()
    assert [one.kept for one in asking(WITH_TOOLS, deaf).pieces] == [True, False, False]
    assert tools_of(asking(WITH_TOOLS, replace(deaf, calls_tools=None))) == (TOOL, OF_SERVER)


def test_a_tool_says_what_it_is_for() -> None:
    assert piece_words(TOOL) == "The date and time."
    assert piece_words(OF_SERVER) == "It stays here."
    assert described("no JSON") == ""
    assert described("[1]") == ""
    assert piece_title(Piece("a.call-1", PieceKind.CALL, "now", "{}", 1)) == "Call of now"
    assert offered_words(0, 3).startswith("None")
    assert offered_words(2, 3) == "2 of 3 are offered"
