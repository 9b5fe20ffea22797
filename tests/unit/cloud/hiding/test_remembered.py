"""A text that was looked at before is not looked at again."""

from __future__ import annotations

from workbench.cloud.hiding.found import Found
from workbench.cloud.hiding.redacting import TextRedactor
from workbench.cloud.hiding.redaction import Hidden
from workbench.cloud.hiding.remembered import Remembered


class Looking:
    """A finder that tells which texts it saw."""

    def __init__(self) -> None:
        self.seen: list[str] = []

    def __call__(self, text: str) -> list[Found]:
        self.seen.append(text)
        return [Found(0, 1, Hidden.NAME)]


def test_a_text_is_looked_at_once() -> None:
    looking = Looking()
    remembered = Remembered(looking)
    assert remembered("a") == remembered("a") == [Found(0, 1, Hidden.NAME)]
    remembered("b")
    assert looking.seen == ["a", "b"]


def test_what_was_longest_unused_goes_and_what_is_too_long_never_stays() -> None:
    looking = Looking()
    remembered = Remembered(looking, most_characters=4)
    for text in ("aa", "bb", "aa", "cc", "aa", "bb", "ddddd", "ddddd", "aa"):
        remembered(text)
    assert looking.seen == ["aa", "bb", "cc", "bb", "ddddd", "ddddd"]


def test_the_second_sheet_is_as_the_first_and_own_words_and_cuts_count_anew() -> None:
    redactor = TextRedactor()
    texts = ["Patient: Zyxwv Quorn, zephyr", "Quorn was here."]
    assert redactor.redact(texts) == redactor.redact(texts) == TextRedactor().redact(texts)
    assert redactor.redact(texts, own=["zephyr"]).texts[0].endswith("[OWN_1]")
    assert redactor.redact(texts[1:]).texts == ("Quorn was here.",)
    assert redactor.redact(texts, shown=["Zyxwv Quorn"]).texts[0] == "Patient: Zyxwv Quorn, zephyr"
