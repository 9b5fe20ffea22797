"""Numbers in answers: where they stand, what they are cited for, and whether the passage says it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.documents.citation_pairs import judged, measured, pairs
from workbench.documents.citing.check import check, verdict
from workbench.documents.citing.claims import claims
from workbench.documents.citing.numbers import markers
from workbench.documents.citing.numerals import dates, numbers
from workbench.documents.citing.prompt import harmless
from workbench.messages import Passage, Verdict

LEASE = Passage(
    1,
    "/lease.md",
    "c",
    "s",
    0,
    0,
    "The lease of the office in Harbour Street began on 3 May 2021 and runs for ten years.\n\n"
    "Either party may end the lease with six months of notice, in writing.",
)
PARKING = Passage(2, "/parking.txt", "c", "s", 0, 0, "Parking in the yard costs 45 euros a month for each car.")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("So it is [1].", [("[1]", (1,))]),
        ("A [1][2], b [3, 4] and c [5-7].", [("[1]", (1,)), ("[2]", (2,)), ("[3, 4]", (3, 4)), ("[5-7]", (5, 6, 7))]),
        ("Wide【8】and named [Passage 9].", [("【8】", (8,)), ("[Passage 9]", (9,))]),
        ("Code `rows[1]` and [a link](http://x) and [1](http://x).", []),
        ("```\nrows[1] = 2\n```\nBut here [2].", [("[2]", (2,))]),
        ("my_rows[1] is code without marks.", []),
        ("A year [2019] is no number of a passage, nor is [].", []),
    ],
)
def test_numbers_in_a_text(text: str, found: list[tuple[str, tuple[int, ...]]]) -> None:
    assert [(text[one.start : one.end], one.numbers) for one in markers(text)] == found


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Revenue was 5 million [1], up from 4 million [2].", ["Revenue was 5 million", ", up from 4 million ."]),
        ("It is so. [1] Then more.[2]", ["It is so.", "Then more."]),
        ("According to [1], the lease runs ten years.", ["According to , the lease runs ten years."]),
        ("- Cost: 45 euros [1]\n- Notice: six months [2]", ["Cost: 45 euros", "Notice: six months"]),
        ("Mr. Darcy has 10.5 thousand a year.[4]", ["Mr. Darcy has 10.5 thousand a year."]),
        ("**Bold** words count here [1].", ["Bold words count here ."]),
    ],
)
def test_what_a_number_is_cited_for(text: str, said: list[str]) -> None:
    assert [claim.text for claim in claims(text)] == said


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("1.5 million people", {1.5e6}),
        ("twenty-five years", {25}),
        ("two hundred and three men", {203}),
        ("vom fünfundfünfzigsten Lebensjahr", {55}),
        ("580,367 sq km", {580367, 580.367}),
        ("1.234,5 kg", {1234.5}),
        ("at 14:30", {870.125}),
        ("one of them", set()),
        ("$5 billion", {5e9}),
    ],
)
def test_numbers_have_values(text: str, values: set[float]) -> None:
    assert {value for number in numbers(text) for value in number.values} == values


@pytest.mark.parametrize(
    "text", ["3 May 2021", "May 3, 2021", "2021-05-03", "3.5.2021", "the third of May, 2021", "am 3. Mai 2021"]
)
def test_dates_are_the_same_in_many_spellings(text: str) -> None:
    assert [(date.day, date.month, date.year) for date in dates(text)] == [(3, 5, 2021)]
    assert not dates("You may 3 times.")


@pytest.mark.parametrize(
    ("answer", "expected", "reason"),
    [
        ("Either party may end the lease with six months of notice [1].", Verdict.SUPPORTED, ""),
        ("The lease began on 3 May 2021 [1].", Verdict.SUPPORTED, ""),
        ("The lease runs for 10 years [1].", Verdict.SUPPORTED, ""),
        ("The lease began on 5 March 2021 [1].", Verdict.CHANGED, "3 May 2021, not 5 March 2021"),
        ("Either party may end the lease with six weeks of notice [1].", Verdict.CHANGED, "six months, not six weeks"),
        ("The lease of the office in Station Street runs for ten years [1].", Verdict.CHANGED, "“Station”"),
        ("Neither party may end the lease with six months of notice [1].", Verdict.CHANGED, "“Neither”"),
        ("Parking in the yard costs 45 dollars a month [2].", Verdict.CHANGED, "45 euros, not 45 dollars"),
        ("The cat sat on a warm mat in the kitchen [1].", Verdict.UNSUPPORTED, "something else"),
        ("Parking is free [2].", Verdict.UNSUPPORTED, "does not say this"),
        ("Parking costs 45 euros [7].", Verdict.MISSING, "no passage 7"),
    ],
)
def test_a_passage_says_what_it_is_cited_for_or_not(answer: str, expected: Verdict, reason: str) -> None:
    (citation,) = check(answer, [LEASE, PARKING])
    assert citation.verdict is expected, citation
    assert reason in citation.reason
    assert answer[citation.start] == "["
    assert answer[citation.end - 1] == "]"


def test_passages_that_are_cited_together_may_say_it_together() -> None:
    found = check("The lease runs ten years and parking costs 45 euros [1, 2].", [LEASE, PARKING])
    assert [(one.number, one.verdict) for one in found] == [(1, Verdict.SUPPORTED), (2, Verdict.SUPPORTED)]
    assert found[0].start == found[1].start


OFFICES = Passage(
    1,
    "/offices.md",
    "c",
    "s",
    0,
    0,
    "Anna Keller manages the Berlin office; Tom Reid manages the Oslo office. In 2023, Berlin sold 4,200 bikes and Oslo"
    " sold 3,100 bikes. Sales rose by 15 percent in Berlin. Three quarters of the members voted yes.",
)
TERM = Passage(1, "/f.md", "c", "s", 0, 0, "Der Umsatz betrug 1.234 Euro. Die Frist endet am 3. Mai 2021.")
DOSES = Passage(1, "/t.md", "c", "s", 0, 0, "Doses of 5-10 mg were not effective. The population is 1 234 567.")


@pytest.mark.parametrize(
    ("sentence", "passage", "expected"),
    [
        ("Anna Keller manages the Berlin office.", OFFICES, Verdict.SUPPORTED),
        ("Tom Reid manages the Berlin office.", OFFICES, Verdict.CHANGED),
        ("Anna Reid manages the Berlin office.", OFFICES, Verdict.CHANGED),
        ("Anna Keller manages Berlin and Tom Reid manages Oslo.", OFFICES, Verdict.SUPPORTED),
        ("Oslo sold 3,100 bikes in 2023.", OFFICES, Verdict.SUPPORTED),
        ("Oslo sold bikes in 2023.", OFFICES, Verdict.SUPPORTED),
        ("Oslo sold 4,200 bikes in 2023.", OFFICES, Verdict.CHANGED),
        ("Sales rose by 15% in Berlin.", OFFICES, Verdict.SUPPORTED),
        ("Sales rose by 15 percentage points in Berlin.", OFFICES, Verdict.CHANGED),
        ("Three quarters of the members voted no.", OFFICES, Verdict.CHANGED),
        ("Doses of 5 to 10 mg were not effective.", DOSES, Verdict.SUPPORTED),
        ("Doses of 5-10 g were not effective.", DOSES, Verdict.CHANGED),
        ("Die Frist endet am 3. Mai 2021.", TERM, Verdict.SUPPORTED),
        ("Die Frist endet nicht am 3. Mai 2021.", TERM, Verdict.CHANGED),
        ("The population is 1,234,567.", DOSES, Verdict.SUPPORTED),
        ("The population is 1 243 567.", DOSES, Verdict.CHANGED),
    ],
)
def test_roles_units_and_denials_that_are_exchanged_are_marked(
    sentence: str, passage: Passage, expected: Verdict
) -> None:
    assert verdict(sentence, passage)[0] is expected, verdict(sentence, passage)


@pytest.mark.parametrize(
    "text",
    [
        *("[1]", "[2, 3]", "[4-6]", "[Passage 7]", "[source 8]", "[no. 3]", "[^9]", "[1 and 2]"),
        *("【8】", "【8†L1】", "[1\u2060]", "[\u00ad1]", "[１]"),
    ],
)
def test_no_number_of_a_document_is_taken_for_one_of_ours(text: str) -> None:
    assert markers(harmless(f"It is so {text}.", numbers=True)) == ()


@pytest.mark.parametrize("hidden", ["\u00ad", "\u2060", "\u2063", "\u034f"])
def test_nothing_unseen_hides_a_mark_of_a_template(hidden: str) -> None:
    for text, harmed in ((f"<{hidden}think>", "< think>"), (f"<{hidden}|im_start|>", "< |im_start| >")):
        assert harmless(text, numbers=True) == harmed
    assert harmless(f"Ver{hidden}trag", numbers=True) == "Vertrag"


def test_a_table_header_and_headings_count_as_said() -> None:
    row = Passage(1, "/costs.csv", "c", "s", 0, 0, "Berlin,1200", context="City,Rent in euros")
    assert verdict("The rent in Berlin is 1200 euros.", row)[0] is Verdict.SUPPORTED


def test_an_answer_without_numbers_is_given_those_that_plainly_fit() -> None:
    text = "The lease of the office began on 3 May 2021. Parking costs 54 euros a month for each car. I like the sea."
    found = check(text, [LEASE, PARKING])
    assert [(one.number, one.verdict) for one in found] == [(1, Verdict.SUPPORTED), (2, Verdict.CHANGED)]
    assert [(one.start, one.end) for one in found] == [(44, 44), (89, 89)]
    assert not check("I like the sea and the wind on it.", [LEASE, PARKING])
    assert not check(text, [])


def test_there_are_enough_pairs_and_half_of_them_were_held_out() -> None:
    every = pairs()
    held_out = [pair for pair in every if pair.half == "held out"]
    assert len(every) >= 300
    assert 0.45 < len(held_out) / len(every) < 0.55
    assert {pair.passage for pair in held_out}.isdisjoint(pair.passage for pair in every if pair.half == "tuning")


def test_changed_numbers_names_dates_and_units_are_always_marked() -> None:
    wrong = [pair for pair in pairs() if pair.kind in ("number", "name", "date", "unit")]
    assert len(wrong) > 90
    assert [pair for pair in wrong if judged(pair)[0] is Verdict.SUPPORTED] == []


def test_precision_and_recall_are_at_least_what_the_documentation_says() -> None:
    for half in ("tuning", "held out"):
        figures = measured([pair for pair in pairs() if pair.half == half])
        assert figures.precision >= 0.96
        assert figures.recall >= 0.95
        assert figures.marked["neighbour"][0] == figures.marked["neighbour"][1]


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=300), st.text(max_size=300))
def test_no_text_breaks_the_check(answer: str, passage: str) -> None:
    found = check(f"{answer} [1]", [Passage(1, "/a", "c", "s", 0, 0, passage)])
    assert all(0 <= one.start <= one.end <= len(answer) + 4 for one in found)


def test_a_long_answer_over_many_passages_is_checked_at_once() -> None:
    many = [
        Passage(n, f"/{n}.txt", "c", "s", 0, 0, f"{LEASE.text} {PARKING.text} Note {n}. " * 8) for n in range(1, 13)
    ]
    text = " ".join(f"The lease number {n} runs for ten years [{n % 12 + 1}]." for n in range(40))
    assert len(check(text, many)) == 40
