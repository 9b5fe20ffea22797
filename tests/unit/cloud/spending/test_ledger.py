"""The ledger over a real database: reserved before, settled once after, and never past a cap."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.cloud.spending.place import MODEL, NOON, OTHER, PRICE, UNPRICED, Place
from workbench.chat.store import ConversationStore
from workbench.chat.turn_rows import Outcome
from workbench.cloud.provider import Billed, CloudModel, Price
from workbench.cloud.spending.export import COLUMNS
from workbench.cloud.spending.money import (
    CAPS,
    By,
    CallState,
    Cap,
    CapKind,
    Entry,
    OverCapError,
    Purpose,
    Remaining,
    Total,
)
from workbench.cloud.spending.pricing import MOST_BELIEVED
from workbench.cloud.spending.service import settled
from workbench.errors import RefusedError, StorageError, UsageError
from workbench.events import Topic
from workbench.messages import Finish, Message, Role, Text, Usage

DAY = 86_400.0


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    found = Place(tmp_path / "workbench.db")
    yield found
    found.database.close()


# A call ---------------------------------------------------------------------------------------------------------------


def test_a_call_counts_at_its_most_until_it_is_settled(place: Place) -> None:
    call = place.ledger.reserve(MODEL, 300_000, Purpose.CHECK, "c1", "t1")
    (entry,) = place.ledger.entries()
    assert entry == Entry(
        call, NOON, "groq", MODEL.id, Purpose.CHECK, CallState.RESERVED, 300_000, 300_000,
        price=PRICE, conversation_id="c1", turn_id="t1",
    )  # fmt: skip
    place.clock.pass_seconds(4)
    told = Billed(1000, 200, None, 2000)
    ended = place.ledger.settle(call, told)
    assert ended == replace(entry, state=CallState.SETTLED, cost_micros=1350, billed=told, ended_at=NOON + 4)
    assert place.ledger.entries() == (ended,)
    assert place.ledger.of_turn("t1") == ended
    assert place.ledger.of_turn("t2") is None
    assert {topic for heard in place.heard for topic in heard.topics} == {Topic.CLOUD}


def test_it_is_settled_once(place: Place) -> None:
    call = place.call(300_000)
    first = place.ledger.settle(call, Billed(cost_micros=5), error="cut")
    assert place.ledger.settle(call, Billed(cost_micros=9)) == first
    assert place.ledger.release(call) == first
    assert place.opened().settle(call, None) == first
    assert (place.total, first.error) == (5, "cut")


def test_what_was_released_cost_nothing(place: Place) -> None:
    call = place.call(500_000)
    assert place.ledger.release(call, "refused by the provider").state is CallState.RELEASED
    assert place.ledger.settle(call, Billed(cost_micros=5)).cost_micros == 0
    assert place.ledger.remaining("groq") == Remaining(500_000, CAPS[0])
    assert place.ledger.totals(By.MODEL) == ()


def test_more_than_was_reserved_is_told_as_it_is_and_counts(place: Place) -> None:
    entry = place.ledger.settle(place.call(100_000), Billed(cost_micros=2_500_000))
    assert (entry.reserved_micros, entry.cost_micros, entry.state) == (100_000, 2_500_000, CallState.SETTLED)
    with pytest.raises(OverCapError, match=r"nothing is left of the \$2.00 for today"):
        place.call(1)


def test_by_the_providers_count_else_by_ours_else_at_its_most(place: Place) -> None:
    ours = Billed(1000, None, None, 100)
    ends = [
        place.ledger.settle(place.call(5000), billed, estimate=estimate)
        for billed, estimate in (
            (Billed(1000, None, None, 2000), ours),
            (Billed(2000), ours),
            (None, ours),
            (Billed(2000), None),
            (None, None),
        )
    ]
    assert [(end.state.value, end.cost_micros) for end in ends] == [
        ("settled", 1350),
        ("estimated", 360),
        ("estimated", 210),
        ("assumed", 5000),
        ("assumed", 5000),
    ]
    assert ends[1].billed == Billed(2000, None, None, 100)


def test_an_unknown_price_is_never_zero(place: Place) -> None:
    with pytest.raises(RefusedError, match="price of own/mystery is not known"):
        place.call(0, UNPRICED)
    call = place.call(40_000, UNPRICED)  # so much was agreed
    entry = place.ledger.settle(call, Billed(1000, None, None, 2000), estimate=Billed(1, None, None, 1))
    assert (entry.state, entry.cost_micros, entry.price) == (CallState.ASSUMED, 40_000, None)
    assert entry.billed == Billed(1000, None, None, 2000)
    named = place.ledger.settle(place.call(40_000, UNPRICED), Billed(cost_micros=77))
    assert (named.state, named.cost_micros) == (CallState.SETTLED, 77)


@pytest.mark.parametrize(
    ("model", "most", "problem", "words"),
    [
        (MODEL, -1, UsageError, "Less than nothing"),
        (MODEL, 0, UsageError, "not free"),
        (replace(MODEL, price=replace(PRICE, currency="EUR")), 10, RefusedError, "is in EUR, and the caps are in USD"),
    ],
)
def test_what_cannot_be_reserved_is_told(
    place: Place, model: CloudModel, most: int, problem: type[Exception], words: str
) -> None:
    with pytest.raises(problem, match=words):
        place.call(most, model)
    assert place.ledger.entries() == ()


def test_a_free_model_is_asked_also_when_nothing_is_left(place: Place) -> None:
    place.ledger.set_cap(CapKind.DAY, 0)
    with pytest.raises(OverCapError):
        place.call(1)
    free = CloudModel("openrouter", "x:free", price=Price(0, 0))
    assert place.ledger.settle(place.call(0, free), Billed(9, None, None, 9)).cost_micros == 0


@pytest.mark.parametrize("junk", [-5, MOST_BELIEVED + 1, 10**40])
def test_what_a_provider_cannot_mean_is_not_believed(place: Place, junk: int) -> None:
    call = place.call(5000)
    entry = place.ledger.settle(call, Billed(junk, junk, junk, junk, junk), estimate=Billed(1000, None, None, 1000))
    assert (entry.state, entry.cost_micros) == (CallState.ESTIMATED, 750)
    assert place.ledger.entries() == (entry,)


def test_the_dearest_price_is_still_kept() -> None:
    entry = Entry("1", 0.0, "p", "m", Purpose.CHECK, CallState.RESERVED, 5, 5, price=Price(10**15, 10**15))
    assert settled(entry, Billed(MOST_BELIEVED, None, None, 1), None, "").cost_micros == MOST_BELIEVED


def test_of_what_was_handed_off_there_is_a_line(place: Place) -> None:
    entry = place.ledger.handed_off("ChatGPT", "c1")
    assert (entry.state, entry.cost_micros, entry.model, entry.provider) == (CallState.FREE, 0, "", "ChatGPT")
    assert place.ledger.entries() == (entry,)
    assert place.ledger.totals(By.MODEL) == (Total("ChatGPT", 1, 0, 0, 0),)


def test_a_turn_that_began_later_is_named(place: Place) -> None:
    call = place.call(10)
    place.ledger.belongs(call, "t9")
    found = place.ledger.of_turns([f"t{number}" for number in range(1200)])
    assert [entry.id for entry in found.values()] == [call]
    for wrong in (lambda: place.ledger.belongs("none", "t9"), lambda: place.ledger.release("none")):
        with pytest.raises(UsageError):
            wrong()


def test_text_that_no_database_takes_is_kept_all_the_same(place: Place) -> None:
    call = place.call(10, replace(MODEL, id="m\ud800"))
    assert place.ledger.release(call, "bad \udfff words").error == "bad ? words"
    assert place.ledger.entries()[0].model == "m?"


# Caps -----------------------------------------------------------------------------------------------------------------


def test_each_cap_stops_what_would_pass_it_and_lets_through_what_just_fits(place: Place) -> None:
    ledger = place.ledger
    with pytest.raises(OverCapError, match="one request"):
        place.call(500_001)
    for _ in range(4):
        place.paid(500_000, OTHER)
    with pytest.raises(OverCapError, match="today"):
        place.call(1)
    place.clock.pass_seconds(DAY)
    ledger.set_cap(CapKind.PROVIDER, 100_000, "groq")
    ledger.set_cap(CapKind.CHAT, 30_000, "c1")
    place.call(30_000, chat="c1")
    with pytest.raises(OverCapError, match="this chat"):
        place.call(1, OTHER, chat="c1")
    place.call(70_000)
    with pytest.raises(OverCapError, match="groq this month"):
        place.call(1)
    assert ledger.remaining("groq", "c1") == Remaining(0, Cap(CapKind.PROVIDER, 100_000, "groq"))
    ledger.set_cap(CapKind.MONTH, 2_100_000)
    with pytest.raises(OverCapError, match="this month"):
        place.call(1, OTHER)
    place.clock.pass_seconds(7 * DAY)  # December
    place.call(100_000)
    with pytest.raises(OverCapError, match="this chat"):  # for as long as it is there
        place.call(1, OTHER, chat="c1")


def test_caps_are_set_and_forgotten(place: Place) -> None:
    ledger = place.ledger
    assert ledger.caps() == CAPS
    ledger.set_cap(CapKind.DAY, 5_000_000)
    ledger.set_cap(CapKind.DAY, 6_000_000)
    ledger.set_cap(CapKind.PROVIDER, 1, " groq ")
    assert ledger.caps() == (CAPS[0], Cap(CapKind.DAY, 6_000_000), CAPS[2], Cap(CapKind.PROVIDER, 1, "groq"))
    assert place.opened().caps() == ledger.caps()
    ledger.set_cap(CapKind.DAY, None)
    ledger.set_cap(CapKind.PROVIDER, None, "groq")
    ledger.set_cap(CapKind.CHAT, None, "never there")
    assert ledger.caps() == CAPS


@pytest.mark.parametrize(
    ("kind", "micros", "name"),
    [(CapKind.DAY, -1, ""), (CapKind.DAY, 10**13, ""), (CapKind.DAY, 1, "x"), (CapKind.PROVIDER, 1, " ")],
)
def test_what_is_no_cap_is_refused(place: Place, kind: CapKind, micros: int, name: str) -> None:
    with pytest.raises(UsageError):
        place.ledger.set_cap(kind, micros, name)
    assert place.ledger.caps() == CAPS


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["reserve", "settle", "release", "assume", "next day", "cap"]),
        st.integers(0, 700_000),
        st.sampled_from([MODEL, OTHER]),
        st.sampled_from(["c1", "c2", None]),
    ),
    max_size=40,
)


@given(STEPS)
def test_no_order_of_events_passes_a_cap(steps: list[tuple[str, int, CloudModel, str | None]]) -> None:
    """As long as no provider takes more than it was reserved."""
    place = Place(None)
    ledger, open_calls = place.ledger, list[str]()
    ledger.set_cap(CapKind.PROVIDER, 900_000, "groq")
    ledger.set_cap(CapKind.CHAT, 600_000, "c1")
    for what, micros, model, chat in steps:
        if what == "reserve":
            left = ledger.remaining(model.provider, chat).micros
            try:
                open_calls.append(ledger.reserve(model, micros + 1, Purpose.ESCALATION, chat))
                assert micros + 1 <= left
            except OverCapError as refused:
                assert micros + 1 > left == refused.left_micros  # noqa: PT017 - it may be either
        elif what == "next day":
            place.clock.pass_seconds(DAY / 2)
        elif what == "cap":
            ledger.set_cap(CapKind.DAY, 1_000_000 + micros)
        elif open_calls:
            call = open_calls.pop(micros % len(open_calls))
            most = next(entry for entry in ledger.entries() if entry.id == call).reserved_micros
            if what == "release":
                ledger.release(call)
            else:
                ledger.settle(call, Billed(cost_micros=min(micros, most)) if what == "settle" else None)
        _assert_kept(place)
    place.database.close()


def _assert_kept(place: Place) -> None:
    entries = place.ledger.entries()
    month = sum(entry.cost_micros for entry in entries if entry.at >= NOON - 23 * DAY)
    groq = sum(entry.cost_micros for entry in entries if entry.provider == "groq" and entry.at < NOON + 7.5 * DAY)
    assert all(entry.cost_micros <= entry.reserved_micros <= 500_000 for entry in entries)
    assert sum(entry.cost_micros for entry in entries if entry.conversation_id == "c1") <= 600_000
    if place.clock.now() < NOON + 7.5 * DAY:  # until December
        assert month <= 10_000_000
        assert groq <= 900_000


# Clocks and places ----------------------------------------------------------------------------------------------------


def test_a_day_is_of_the_place_where_this_computer_is_now(place: Place) -> None:
    tokyo = place.opened(timezone(timedelta(hours=9)))
    place.clock.pass_seconds(2.5 * 3600)  # 14:30 UTC, half an hour before midnight in Tokyo
    for _ in range(4):
        place.paid(500_000)
    assert tokyo.remaining("groq").micros == 0
    place.clock.pass_seconds(3600)
    assert place.ledger.remaining("groq").micros == 0
    assert tokyo.remaining("groq").micros == 500_000
    assert [total.key for total in tokyo.totals(By.DAY)] == ["2026-11-23"]


def test_a_clock_that_is_set_back_frees_nothing(place: Place) -> None:
    for _ in range(4):
        place.paid(500_000)
    for back in (1.0, 3600.0, 3 * DAY, 40 * DAY):
        place.clock.pass_seconds(-back)
        with pytest.raises(OverCapError, match="today"):
            place.call(1)
    place.clock.pass_seconds(43 * DAY + 3601 + DAY)
    place.call(1)  # the day after


def test_a_call_that_ends_before_it_began_by_the_clock_is_told_all_the_same(place: Place, tmp_path: Path) -> None:
    call = place.call(10)
    place.clock.pass_seconds(-DAY)
    assert place.ledger.settle(call, Billed(cost_micros=1)).ended_at == NOON - DAY
    place.ledger.export_csv(tmp_path / "it.csv")
    assert _table(tmp_path / "it.csv")[0]["seconds"] == "0.0"


# Full disks -----------------------------------------------------------------------------------------------------------


def test_what_the_disk_refused_is_kept_later(place: Place) -> None:
    call = place.call(300_000)
    place.database.read_only = "the disk is full"
    with pytest.raises(StorageError):
        place.ledger.settle(call, Billed(cost_micros=5))
    place.ledger.save_endings()
    assert place.ledger.entries()[0].state is CallState.RESERVED
    assert place.total == 300_000
    place.database.read_only = ""
    place.ledger.save_endings()
    assert (place.ledger.entries()[0].state, place.total) == (CallState.SETTLED, 5)


def test_the_next_reservation_keeps_it_too(place: Place) -> None:
    place.ledger.set_cap(CapKind.DAY, 400_000)
    call = place.call(300_000)
    place.database.read_only = "the disk is full"
    with pytest.raises(StorageError):
        place.ledger.release(call)
    with pytest.raises(StorageError):
        place.call(200_000)  # what cannot be reserved is not sent
    place.database.read_only = ""
    place.call(200_000)
    assert place.total == 200_000


# Reading --------------------------------------------------------------------------------------------------------------


def test_entries_are_newest_first_and_of_a_time(place: Place) -> None:
    calls = []
    for _ in range(3):
        calls.append(place.paid(10))
        place.clock.pass_seconds(DAY)
    assert [entry.id for entry in place.ledger.entries()] == calls[::-1]
    assert [entry.id for entry in place.ledger.entries(limit=1)] == [calls[2]]
    assert place.ledger.entries(limit=-1) == ()
    assert [entry.id for entry in place.ledger.entries(since=NOON + DAY)] == [calls[2], calls[1]]
    assert [entry.id for entry in place.ledger.entries(until=NOON + DAY)] == [calls[0]]


def test_totals_by_day_provider_and_model(place: Place) -> None:
    for model, cost in ((MODEL, 30), (OTHER, 50), (MODEL, 40)):
        place.ledger.settle(place.call(1000, model), Billed(100, None, None, 10, cost_micros=cost))
        place.clock.pass_seconds(DAY / 2)
    assert place.ledger.totals(By.DAY) == (Total("2026-11-24", 2, 200, 20, 90), Total("2026-11-23", 1, 100, 10, 30))
    assert place.ledger.totals(By.PROVIDER) == (Total("groq", 2, 200, 20, 70), Total("openai", 1, 100, 10, 50))
    assert [total.key for total in place.ledger.totals(By.MODEL)] == [MODEL.full_name, OTHER.full_name]
    assert place.ledger.totals(By.MODEL, since=NOON + DAY) == (Total(MODEL.full_name, 1, 100, 10, 40),)
    assert place.ledger.totals(By.MODEL, until=NOON) == ()


def test_it_outlives_the_chats_that_it_names(place: Place) -> None:
    chats = ConversationStore(place.database, place.clock)
    chat = chats.create("A chat")
    place.paid(70, chat=chat)
    with place.database.write() as tx:
        tx.execute("DELETE FROM conversations")
    assert place.total == 70


def test_what_answers_here_would_have_cost(place: Place) -> None:
    chats = ConversationStore(place.database, place.clock)
    chat = chats.create("A chat")
    told = [
        ("engine", Usage(1_000_000, 400_000, 500_000), Finish.STOP),
        ("engine", Usage(200_000, None, 100_000), Finish.CANCELLED),
        ("engine", Usage(), Finish.INTERRUPTED),
        ("engine", Usage(7, None, None), Finish.ERROR),
        ("server:studio", Usage(10**9, 0, 10**9), Finish.STOP),
        ("cloud:groq", Usage(10**9, 0, 10**9), Finish.STOP),
    ]
    for backend, usage, finish in told:
        _answer(chats, chat, backend, usage, finish)
        place.clock.pass_seconds(DAY)
    worth = place.ledger.worth(MODEL)
    assert (worth.answers, worth.unknown) == (2, 2)
    assert (worth.prompt_tokens, worth.completion_tokens) == (1_200_000, 600_000)
    assert worth.cost_micros == 1_200_000 * 150_000 // 10**6 + 600_000 * 600_000 // 10**6
    cached = replace(MODEL, price=replace(PRICE, cached_micros=75_000))
    assert worth.cost_micros - place.ledger.worth(cached).cost_micros == 400_000 * 75_000 // 10**6
    assert place.ledger.worth(MODEL, since=NOON + DAY).answers == 1
    with pytest.raises(UsageError, match="own/mystery"):
        place.ledger.worth(UNPRICED)


def _answer(chats: ConversationStore, chat: str, backend: str, usage: Usage, finish: Finish) -> None:
    question = Message(Role.USER, (Text("Why?"),))
    _asked, answer, turn = chats.begin_turn(chat, None, question, model="gpt-oss-20b", backend=backend)
    chats.finish_turn(turn.id, answer.id, (Text("So."),), Outcome(finish, usage))


# Tables ---------------------------------------------------------------------------------------------------------------


def _table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_table_holds_all_calls_exactly(place: Place, tmp_path: Path) -> None:
    first = place.call(300_000, chat="c1")
    place.clock.pass_seconds(2.5)
    place.ledger.settle(first, Billed(1000, 200, None, 2000))
    place.ledger.release(place.call(10, UNPRICED), "=cmd|' /C calc'!A0")
    target = tmp_path / "it.csv"
    assert place.ledger.export_csv(target) == 2
    newest, oldest = _table(target)
    assert oldest | {
        "at": "2026-11-23T12:00:00+00:00", "provider": "groq", "model": MODEL.id, "purpose": "escalation",
        "state": "settled", "prompt_tokens": "1000", "cached_tokens": "200", "cache_write_tokens": "",
        "completion_tokens": "2000", "cost": "0.00135", "cost_micros": "1350", "reserved_micros": "300000",
        "currency": "USD", "price_input_micros": "150000", "price_source": "the table", "conversation": "c1",
        "seconds": "2.5", "error": "", "id": first,
    } == oldest  # fmt: skip
    assert newest["error"] == "'=cmd|' /C calc'!A0"  # no program takes it for a formula
    assert (newest["price_input_micros"], newest["cost"]) == ("", "0.00")
    assert target.stat().st_mode & 0o777 == 0o600


def test_the_page_on_formats_names_every_column() -> None:
    page = (Path(__file__).parents[4] / "docs" / "formats.md").read_text(encoding="utf-8")
    told = page.partition("## What the cloud cost: CSV")[2].partition("\n## ")[0]
    columns = [line.split("|")[1] for line in told.splitlines() if line.startswith("| `")]
    assert tuple(name for names in columns for name in re.findall(r"`(\w+)`", names)) == COLUMNS


def test_a_file_that_is_there_is_replaced_only_when_that_is_said(place: Place, tmp_path: Path) -> None:
    target = tmp_path / "it.csv"
    target.write_text("mine", encoding="utf-8")
    with pytest.raises(UsageError, match="there already"):
        place.ledger.export_csv(target)
    assert target.read_text("utf-8") == "mine"
    assert place.ledger.export_csv(target, replace=True) == 0
    assert len(target.read_text("utf-8").splitlines()) == 1
    with pytest.raises(StorageError):
        place.ledger.export_csv(tmp_path / "nowhere" / "it.csv")
    assert sorted(path.name for path in tmp_path.glob("*csv*")) == ["it.csv"]
