"""What is hidden and how: placeholders, the own list, what is shown all the same."""

from __future__ import annotations

import unicodedata

import pytest

from workbench.cloud.hiding.cards import is_card
from workbench.cloud.hiding.found import Found, joined
from workbench.cloud.hiding.redacting import TextRedactor
from workbench.cloud.hiding.redaction import Hidden, Redaction
from workbench.cloud.hiding.restoring import restored

REDACTOR = TextRedactor()

HIDDEN = [
    ("Write to anna.b+c@mail.example.co.uk.", Hidden.EMAIL, "anna.b+c@mail.example.co.uk"),
    ("anna (at) example (dot) org", Hidden.EMAIL, "anna (at) example (dot) org"),
    ("Call +49 (0)30 901820 now", Hidden.PHONE, "+49 (0)30 901820"),
    ("Tel. 4711-99", Hidden.PHONE, "4711-99"),
    ("(212) 555-0188 works", Hidden.PHONE, "(212) 555-0188"),
    ("4111-1111-1111-1111", Hidden.CARD, "4111-1111-1111-1111"),
    ("3782 822463 10005 is American", Hidden.CARD, "3782 822463 10005"),
    ("de89370400440532013000", Hidden.ACCOUNT, "de89370400440532013000"),
    ("Kontonummer: 532013000", Hidden.ACCOUNT, "532013000"),
    ("SSN 078-05-1120", Hidden.ACCOUNT, "078-05-1120"),
    ("Authorization: Bearer abcdefgh12345678ijkl", Hidden.KEY, "abcdefgh12345678ijkl"),
    ("postgres://app:hunter2@db/x", Hidden.KEY, "hunter2"),
    ("DB_PASSWORD=kD8!vQ2mZ", Hidden.KEY, "kD8!vQ2mZ"),
    ('{"client_secret": "aB3dE5fG7hI9jK1l"}', Hidden.KEY, "aB3dE5fG7hI9jK1l"),
    ("x9Kf2Lq8Zr4Tn6Vb1Wm3Xc5Yd7Ae0SgHj", Hidden.KEY, "x9Kf2Lq8Zr4Tn6Vb1Wm3Xc5Yd7Ae0SgHj"),
    ("Lange Straße 3b, 04109 Leipzig ist es", Hidden.ADDRESS, "Lange Straße 3b, 04109 Leipzig"),
    ("at 221B Baker Street, London NW1 6XE.", Hidden.ADDRESS, "221B Baker Street, London NW1 6XE"),
    ("from Ludwig van Beuren to us", Hidden.NAME, "Ludwig van Beuren"),
    ("Sehr geehrter Herr von der Heydte,", Hidden.NAME, "von der Heydte"),
    ("Dear Zyxwv,\nthanks", Hidden.NAME, "Zyxwv"),
    ("my name is anna", Hidden.NAME, "anna"),
    ("Best,\nZyxwv Qrst\n", Hidden.NAME, "Zyxwv Qrst"),
    ("Анна Петрова пришла", Hidden.NAME, "Анна Петрова"),
]


@pytest.mark.parametrize(("text", "kind", "original"), HIDDEN)
def test_is_hidden(text: str, kind: Hidden, original: str) -> None:
    redacted = REDACTOR.redact([text])
    assert redacted.redactions == (Redaction(kind, original, f"[{kind.name}_1]", 1),)
    assert redacted.texts == (text.replace(original, f"[{kind.name}_1]"),)


WRITTEN_OTHERWISE = [
    ("Write to an\u00adna@exa\u200bmple.com", Hidden.EMAIL, "an\u00adna@exa\u200bmple.com"),
    ("ａｎｎａ＠ｅｘａｍｐｌｅ．ｃｏｍ mail", Hidden.EMAIL, "ａｎｎａ＠ｅｘａｍｐｌｅ．ｃｏｍ"),
    ("https://x.org/?u=anna%40example.com&y=1", Hidden.EMAIL, "anna%40example.com"),
    ("anna&#64;example&period;com", Hidden.EMAIL, "anna&#64;example&period;com"),
    (r'{"to": "anna\u0040example.com"}', Hidden.EMAIL, r"anna\u0040example.com"),
    ("?q=J%C3%B6rg%20M%C3%BCller", Hidden.NAME, "J%C3%B6rg%20M%C3%BCller"),
    ("from Lud\u00adwig van Beu-\nren to us", Hidden.NAME, "Lud\u00adwig van Beu-\nren"),
    ("4111.1111.1111.1111 paid", Hidden.CARD, "4111.1111.1111.1111"),
    ("4111–1111–1111–1111 paid", Hidden.CARD, "4111–1111–1111–1111"),
    ("4111 - 1111 - 1111 - 1111", Hidden.CARD, "4111 - 1111 - 1111 - 1111"),
    ("card_4111111111111111_x", Hidden.CARD, "4111111111111111"),
    ("٤١١١١١١١١١١١١١١١ paid", Hidden.CARD, "٤١١١١١١١١١١١١١١١"),
    ("call +49\u202f170\u202f1234567", Hidden.PHONE, "+49\u202f170\u202f1234567"),
    ("call +49\u2011170\u20111234567", Hidden.PHONE, "+49\u2011170\u20111234567"),
    ("call ＋49 170 1234567", Hidden.PHONE, "＋49 170 1234567"),
    ("4111  1111  1111  1111", Hidden.CARD, "4111  1111  1111  1111"),
    ("4111 1111\n  1111 1111", Hidden.CARD, "4111 1111\n  1111 1111"),
    ("4111_1111_1111_1111", Hidden.CARD, "4111_1111_1111_1111"),
    ("4111~1111~1111~1111 paid", Hidden.CARD, "4111~1111~1111~1111"),
    (r"$4111\,1111\,1111\,1111$", Hidden.CARD, r"4111\,1111\,1111\,1111"),
    ("**4111** 1111 1111 1111", Hidden.CARD, "4111** 1111 1111 1111"),
    ("DE89 3704 0044\n0532 0130 00 it is", Hidden.ACCOUNT, "DE89 3704 0044\n0532 0130 00"),
    ("DE89.3704.0044.0532.0130.00", Hidden.ACCOUNT, "DE89.3704.0044.0532.0130.00"),
    (
        "DE89\u202f3704\u202f0044\u202f0532\u202f0130\u202f00",
        Hidden.ACCOUNT,
        "DE89\u202f3704\u202f0044\u202f0532\u202f0130\u202f00",
    ),
    ("an<b>na</b>@example.org", Hidden.EMAIL, "an<b>na</b>@example.org"),
    ("anna@<wbr>example.org", Hidden.EMAIL, "anna@<wbr>example.org"),
    ("anna**@example**.org", Hidden.EMAIL, "anna**@example**.org"),
    (r"anna\_b@example.org", Hidden.EMAIL, r"anna\_b@example.org"),
    (r"ghp\_abcdefghijklmnopqrstuvwxyz0123456789", Hidden.KEY, r"ghp\_abcdefghijklmnopqrstuvwxyz0123456789"),
    ("\u0410nna Schmidt", Hidden.NAME, "\u0410nna Schmidt"),
    ("\u202b+49 170 1234567\u202c", Hidden.PHONE, "+49 170 1234567"),
    ("old_AKIAIOSFODNN7EXAMPLE", Hidden.KEY, "AKIAIOSFODNN7EXAMPLE"),
]


@pytest.mark.parametrize(("text", "kind", "original"), WRITTEN_OTHERWISE)
def test_is_hidden_however_it_is_written(text: str, kind: Hidden, original: str) -> None:
    test_is_hidden(text, kind, original)


def test_what_is_read_otherwise_hides_no_less() -> None:
    redacted = REDACTOR.redact(["postgres://app:p%40ss@db/x"])
    assert redacted.texts[0].startswith("postgres://app:[KEY_1]")
    assert "ss@" not in redacted.texts[0]


def test_what_was_found_once_is_hidden_where_it_is_written_otherwise() -> None:
    texts = ["Patient: Zyxwv Quorn", "Quo\u00adrn came; see Quorn_2024.pdf"]
    assert REDACTOR.redact(texts).texts[1] == "[NAME_2] came; see [NAME_3]_2024.pdf"


def test_own_words_are_found_in_longer_words_and_file_names() -> None:
    [text] = REDACTOR.redact(
        ["Zephyrion_report.pdf, zephyrion2, ZephyrionGmbH, Ze\u200bphyrion, Zephy-\nrion; Fox_1, Foxes"],
        own=["Zephyrion", "Fox"],
    ).texts
    assert "ephy" not in text.casefold()
    assert text.endswith("_1, Foxes")  # a short one is found as a whole word only


@pytest.mark.parametrize(
    "text",
    [
        "DE88370400440532013000",  # wrong check digits
        "4111 1111 1111 1112",
        "4111 1111\n1111 1112",
        "2*3 and a**b, x<b>y</b>, C:\\_x, \u03b1x + \u03b2y",
        "aGVsbG8gd29ybGQgaGVsbG8h is base64",
        "icon@2x.png and lodash@4.17.21",
        "2024-01-02 10:30, 3.14159, 1.2.3.4",
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "password = getpass.getpass()",
        "token: required",
        "Best regards in advance",
        "Will the May Day rain?",
        "new Anna() and Anna.create(x) and x.Anna",
        "",
        "[NAME_1]",
        "100%40, 5%20d and a\u00adb, 4111.1111.1111.1112",
        "&lt;b&gt; &amp; \\u0041 … ½ m² 2020–2021",
    ],
)
def test_is_left(text: str) -> None:
    assert REDACTOR.redact([text]).redactions == ()


def test_one_original_has_one_placeholder_in_all_texts() -> None:
    redacted = REDACTOR.redact(["Anna Schmidt, ANNA@EXAMPLE.ORG", "anna@example.org is of Anna  Schmidt"])
    assert redacted.texts[0] == "[NAME_1], [EMAIL_1]"
    assert redacted.texts[1].startswith("[EMAIL_1]")
    assert [(one.placeholder, one.count) for one in redacted.redactions if one.kind is Hidden.EMAIL] == [
        ("[EMAIL_1]", 2)
    ]


def test_what_was_found_once_is_hidden_everywhere() -> None:
    texts = ["Patient: Zyxwv Quorn\npassword=kD8!vQ2mZ", "Quorn was here. Is kD8!vQ2mZ safe?"]
    redacted = REDACTOR.redact(texts)
    assert redacted.texts[1] == "[NAME_2] was here. Is [KEY_1] safe?"
    assert "Quorn" not in "".join(redacted.texts)


def test_numbers_that_the_texts_have_are_not_given_out() -> None:
    redacted = REDACTOR.redact(["What is [NAME_1] and name_2? Ask Anna.", "[Name_3]"])
    assert redacted.texts == ("What is [NAME_1] and name_2? Ask [NAME_4].", "[Name_3]")


def test_the_own_list_is_found_as_whole_words_in_any_case() -> None:
    redacted = REDACTOR.redact(
        ["PROJEKT Nordlicht, projekt\nnordlicht; Nordlichter; C++, cafe\u0301!"],
        own=["Projekt Nordlicht", "c++", "Café"],
    )
    assert [(one.original, one.kind) for one in redacted.redactions] == [
        ("PROJEKT Nordlicht", Hidden.OWN),
        ("projekt\nnordlicht", Hidden.OWN),
        ("C++", Hidden.OWN),
        ("cafe\u0301", Hidden.OWN),
    ]
    assert redacted.texts == ("[OWN_1], [OWN_2]; Nordlichter; [OWN_3], [OWN_4]!",)


def test_keys_and_own_words_come_back_as_they_were_spelled() -> None:
    text = "POLISH=1; Polish people, polish; key AKIAIOSFODNN7EXAMPLE, akiaiosfodnn7example"
    redacted = REDACTOR.redact([text], own=["polish", "akiaiosfodnn7example"])
    assert redacted.texts == ("[OWN_1]=1; [OWN_2] people, [OWN_3]; key [KEY_1], [OWN_4]",)
    assert restored(redacted.texts[0], redacted.redactions) == text


def test_of_own_words_only_the_spelling_that_is_shown_stays() -> None:
    assert REDACTOR.redact(["Polish, polish"], own=["polish"], shown=["Polish"]).texts == ("Polish, [OWN_1]",)


def test_an_own_word_without_its_accent_is_another() -> None:
    assert REDACTOR.redact([unicodedata.normalize("NFD", "José")], own=["Jose"]).redactions[0].kind is not Hidden.OWN


def test_what_is_shown_stays() -> None:
    redacted = REDACTOR.redact(
        ["Anna Schmidt: anna@example.org, +49 30 901820"], shown=["ANNA@example.org", "+4930901820"]
    )
    assert redacted.texts == ("[NAME_1]: anna@example.org, +49 30 901820",)


def test_finds_that_overlap_hide_all_of_both() -> None:
    assert joined([Found(5, 9, Hidden.OWN), Found(0, 7, Hidden.NAME), Found(1, 3, Hidden.KEY)]) == [
        Found(0, 9, Hidden.NAME)
    ]
    text = "Anna Schmidt GmbH"
    assert REDACTOR.redact([text], own=["Schmidt GmbH"]).texts == ("[NAME_1]",) or REDACTOR.redact(
        [text], own=["Schmidt GmbH"]
    ).texts == ("[OWN_1]",)


@pytest.mark.parametrize(
    ("number", "right"),
    [
        ("4111111111111111", True),
        ("378282246310005", True),
        ("30569309025904", True),
        ("6200000000000005", True),
        ("4111111111111112", False),
        ("1234567812345670", False),  # Luhn holds, nobody issues it
        ("4222222222222", False),  # as long as an article number
        ("", False),
    ],
)
def test_cards(number: str, right: bool) -> None:
    assert is_card(number) is right


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Look into /home/anna/notes.txt.", "Look into [ADDRESS_1]/notes.txt."),
        ("/Users/ben.k is full; see file:///Users/ben.k/x", "[ADDRESS_1] is full; see file://[ADDRESS_1]/x"),
        (r"C:\Users\Anna Berg\Docs", r"[ADDRESS_1]\Docs"),
        (r'{"path": "D:\\Benutzer\\anna\\x"}', r'{"path": "[ADDRESS_1]\\x"}'),
        ("It is in /home/anna.", "It is in [ADDRESS_1]."),
    ],
)
def test_a_home_folder_tells_whose_it_is(text: str, told: str) -> None:
    assert TextRedactor().redact([text]).texts == (told,)


@pytest.mark.parametrize(
    "text",
    [
        "/home/user/x",
        "/Users/Shared/a",
        "/home/$USER/x",
        "https://example.org/home/garden",
        "a/home/kitchen",
        "/home/",
        "C:\\Temp",
    ],
)
def test_a_folder_of_nobody_stays(text: str) -> None:
    assert TextRedactor().redact([text]).texts == (text,)


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("Frau Kesslermann came. I met Kesslermann.", "Frau [NAME_1] came. I met [NAME_1]."),
        ("My name is Xu. Xu says hi.", "My name is [NAME_1]. [NAME_1] says hi."),
        ("Frau Bank sagt, die Bank ist zu.", "Frau Bank sagt, die Bank ist zu."),
        ("Peter Will called. Will he come?", "[NAME_1] called. Will he come?"),
    ],
)
def test_a_name_that_was_announced_once_is_hidden_where_it_stands_alone(text: str, hidden: str) -> None:
    assert REDACTOR.redact([text]).texts == (hidden,)
    assert REDACTOR.redact([text.partition(". ")[2]], beside=[text]).texts == (hidden.partition(". ")[2],)
