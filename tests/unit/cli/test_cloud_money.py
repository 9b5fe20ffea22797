"""`workbench cloud ledger` and `budget`: shapes, words and exit codes over a real home."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from workbench.app import build
from workbench.cli.main import main
from workbench.cli.output import OK, REFUSED, USAGE
from workbench.cloud.provider import Billed, CloudModel, Price
from workbench.cloud.spending.money import Purpose

Captured = pytest.CaptureFixture[str]
MODEL = CloudModel("groq", "openai/gpt-oss-120b", price=Price(150_000, 600_000, source="the table", date="2026-11-01"))

pytestmark = pytest.mark.usefixtures("home")


def told(capsys: Captured, *words: str, code: int = OK) -> Any:
    assert main(["cloud", *words, "--json"]) == code
    return json.loads(capsys.readouterr().out)


def said(capsys: Captured, *words: str, code: int = OK) -> tuple[str, str]:
    assert main(["cloud", *words]) == code
    read = capsys.readouterr()
    return read.out, read.err


def paid(most: int = 300_000, billed: Billed | None = Billed(1000, 200, None, 2000), chat: str | None = "c1") -> str:
    workbench = build()
    try:
        call = workbench.ledger.reserve(MODEL, most, Purpose.ESCALATION, chat, "t1")
        workbench.ledger.settle(call, billed)
        return call
    finally:
        workbench.close()


def caps(shown: Any) -> dict[str, int]:
    return {cap["kind"] + (f":{cap['name']}" if cap["name"] else ""): cap["micros"] for cap in shown["caps"]}


def test_calls_are_told_newest_first(capsys: Captured) -> None:
    assert told(capsys, "ledger") == []
    assert said(capsys, "ledger") == ("", "Nothing was asked of the cloud.\n")
    first, second = paid(), paid(500, Billed(cost_micros=700), None)
    calls = told(capsys, "ledger")
    assert [call["id"] for call in calls] == [second, first]
    assert calls[1] == {
        "id": first,
        "at": calls[1]["at"],
        "ended_at": calls[1]["ended_at"],
        "provider": "groq",
        "model": "openai/gpt-oss-120b",
        "purpose": "escalation",
        "state": "settled",
        "prompt_tokens": 1000,
        "cached_tokens": 200,
        "completion_tokens": 2000,
        "cost_micros": 1350,
        "reserved_micros": 300_000,
        "currency": "USD",
        "price_source": "the table",
        "price_date": "2026-11-01",
        "conversation": "c1",
        "turn": "t1",
        "error": None,
        "correction": None,
    }
    table, _ = said(capsys, "ledger")
    assert "$0.00135" in table
    assert "1000 + 2000" in table
    assert "$0.0007   settled (more than the $0.0005 reserved)" in table
    assert "--limit" in said(capsys, "ledger", "--limit", "1")[1]


def test_sums_by_day_provider_and_model(capsys: Captured) -> None:
    paid()
    paid()
    sums = {"calls": 2, "prompt_tokens": 2000, "completion_tokens": 4000, "cost_micros": 2700, "currency": "USD"}
    assert told(capsys, "ledger", "--by", "provider") == [{"provider": "groq", **sums}]
    assert told(capsys, "ledger", "--by", "model") == [{"model": MODEL.full_name, **sums}]
    (day,) = told(capsys, "ledger", "--by", "day")
    assert told(capsys, "ledger", "--by", "day", "--since", day["day"]) == [day]
    assert told(capsys, "ledger", "--by", "day", "--since", "2999-01-01") == []
    assert said(capsys, "ledger", "--by", "model")[1] == "Together $0.0027.\n"


def test_the_table_is_written_once(capsys: Captured, tmp_path: Path) -> None:
    paid()
    target = tmp_path / "calls.csv"
    assert told(capsys, "ledger", "--csv", str(target)) == {"path": str(target), "calls": 1}
    assert len(target.read_text("utf-8").splitlines()) == 2
    error = told(capsys, "ledger", "--csv", str(target), code=USAGE)["error"]
    assert error["message"] == f"{target} is there already."


def test_what_this_machine_did_has_a_worth(capsys: Captured) -> None:
    worth = told(capsys, "ledger", "--worth", "groq/openai/gpt-oss-120b")
    assert (worth["model"], worth["answers"], worth["unknown"], worth["cost_micros"]) == (
        "groq/openai/gpt-oss-120b",
        0,
        0,
        0,
    )
    words, _ = said(capsys, "ledger", "--worth", "groq/openai/gpt-oss-120b")
    assert words.startswith("0 answers of this machine")
    assert "not known" in told(capsys, "ledger", "--worth", "groq/nothing-of-the-kind", code=USAGE)["error"]["message"]
    told(capsys, "ledger", "--worth", "nobody/x", code=USAGE)


def test_caps_are_shown_and_changed(capsys: Captured) -> None:
    assert caps(told(capsys, "budget")) == {"request": 500_000, "day": 2_000_000, "month": 10_000_000}
    paid()
    shown = told(capsys, "budget", "--day", "5", "--request", ".25", "--provider", "openai=5")
    assert caps(shown) == {"request": 250_000, "day": 5_000_000, "month": 10_000_000, "provider:openai": 5_000_000}
    assert shown["caps"][1] == {
        "kind": "day",
        "name": None,
        "micros": 5_000_000,
        "spent_micros": 1350,
        "left_micros": 4_998_650,
        "usual": False,
    }
    assert shown["currency"] == "USD"
    table, _ = said(capsys, "budget")
    assert ["today", "$5.00", "$0.00135", "$4.99865", "yours"] in [line.split() for line in table.splitlines()]
    assert "as it comes" in table
    assert caps(told(capsys, "budget", "--day", "usual", "--provider", "openai=none", "--request", "usual")) == {
        "request": 500_000,
        "day": 2_000_000,
        "month": 10_000_000,
    }


def test_a_chat_has_a_cap_of_its_own(capsys: Captured) -> None:
    workbench = build()
    chat = workbench._conversation.store.create("A chat")
    workbench.close()
    assert caps(told(capsys, "budget", "--chat", f"{chat[:6]}=0.10"))[f"chat:{chat}"] == 100_000
    assert f"chat {chat[:8]}" in said(capsys, "budget")[0]
    told(capsys, "budget", "--chat", "nowhere=1", code=USAGE)
    assert len(told(capsys, "budget", "--chat", f"{chat}=usual")["caps"]) == 3


@pytest.mark.parametrize(
    "words",
    [
        ("--day", "two"),
        ("--day=-1",),
        ("--day", "1e3"),
        ("--day", "0,5"),
        ("--month", "NaN"),
        ("--request", ""),
        ("--provider", "openai"),
        ("--provider", "=5"),
        ("--provider", "nobody=5"),
        ("--provider", "\udcff=5"),
        ("--chat", "\udcff=5"),
        ("--day", "\udcff"),
        ("--day", "3", "--provider", "openai=junk"),
    ],
)
def test_junk_changes_nothing(capsys: Captured, words: tuple[str, ...]) -> None:
    assert told(capsys, "budget", *words, code=USAGE)["error"]["hint"]
    assert caps(told(capsys, "budget")) == {"request": 500_000, "day": 2_000_000, "month": 10_000_000}


def test_junk_for_the_ledger_is_refused(capsys: Captured) -> None:
    told(capsys, "ledger", "--since", "yesterday", code=USAGE)
    told(capsys, "ledger", "--by", "colour", code=USAGE)
    told(capsys, "ledger", "--since", "0001-01-01", code=USAGE)
    told(capsys, "ledger", "--worth", "groq/\udcff", code=USAGE)
    told(capsys, "ledger", "--limit", "0", code=USAGE)
    told(capsys, "ledger", "--since", "2026-01-01", "--csv", "x.csv", code=USAGE)


def test_what_a_refusal_says_to_type_raises_the_cap(capsys: Captured) -> None:
    from workbench.cli.output import exit_code
    from workbench.cloud.spending.money import OverCapError

    main(["cloud", "budget", "--day", "0.10"])
    capsys.readouterr()
    with pytest.raises(OverCapError) as refused:
        paid()
    assert exit_code(refused.value) == REFUSED
    command = refused.value.hint.partition("`")[2].partition("`")[0]
    assert main(command.split()[1:]) == OK
    paid()


def test_a_call_is_corrected_and_all_sums_follow(capsys: Captured) -> None:
    call = paid(300_000)
    assert told(capsys, "ledger", "--by", "provider")[0]["cost_micros"] == 1350
    answer = told(capsys, "ledger", "correct", call[:6], "--cost", "0.002", "--note", "Invoice  of November")
    assert answer["cost_micros"] == 2000
    assert (answer["correction"]["before_micros"], answer["correction"]["note"]) == (1350, "Invoice of November")
    (entry,) = told(capsys, "ledger")
    assert (entry["cost_micros"], entry["correction"]["before_micros"]) == (2000, 1350)
    for by in ("day", "provider", "model"):
        (total,) = told(capsys, "ledger", "--by", by)
        assert (total["cost_micros"], total["calls"]) == (2000, 1)
    spent = {cap["kind"]: cap["spent_micros"] for cap in told(capsys, "budget")["caps"]}
    assert spent["month"] == 2000
    out, err = said(capsys, "ledger", "correct", call, "--cost", "$0")
    assert (out, err) == ("", f"The call {call[:8]} counts with $0.00 from now on; $0.00135 was counted first.\n")
    assert f"{call[:8]}" in said(capsys, "ledger")[0]
    assert "settled, corrected (was $0.00135)" in said(capsys, "ledger")[0]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("nothing", "--cost", "1"), "There is no call 'nothing'"),
        (("", "--cost", "1"), "There is no call ''"),
        (("CALL", "--cost=-1"), "is no amount"),
        (("CALL", "--cost", "much"), "is no amount"),
        (("CALL", "--cost", "0.00135"), "It counts with $0.00135 already"),
    ],
)
def test_what_is_no_correction_is_refused(capsys: Captured, words: tuple[str, ...], message: str) -> None:
    call = paid()
    words = tuple(call if word == "CALL" else word for word in words)
    assert main(["cloud", "ledger", "correct", *words]) == USAGE
    assert message in capsys.readouterr().err
