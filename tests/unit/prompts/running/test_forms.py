"""The forms of answers."""

from __future__ import annotations

import csv
import io

import pytest

from workbench.prompts.prompt import FREE, Output, OutputKind
from workbench.prompts.running.forms import BrokenAnswerError, csv_text, markdown_text, rows_of, schema_of, value_of
from workbench.prompts.running.interval import Share, compared

TABLE = Output(OutputKind.TABLE, columns=("name", "price"))
CITY = Output(OutputKind.SCHEMA, {"type": "object", "required": ["name"]})


def test_a_free_answer_is_its_text_and_asks_for_no_schema() -> None:
    assert value_of(FREE, "{no json") == "{no json"
    assert schema_of(FREE) is None


def test_json_is_read_also_from_a_block_of_code() -> None:
    assert value_of(CITY, '{"name": "Rome"}') == {"name": "Rome"}
    assert value_of(CITY, '```json\n{"name": "Rome"}\n```') == {"name": "Rome"}


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "The answer is no JSON."),
        ('{"name": "Ro', "The answer is no JSON."),
        ('{"name": NaN}', "The answer is no JSON."),
        ("[" * 100_000, "The answer is no JSON."),
        ("{}", "The answer has no 'name'."),
        ("[]", "The answer is not object."),
    ],
)
def test_a_broken_answer_says_what_is_wrong(text: str, why: str) -> None:
    with pytest.raises(BrokenAnswerError) as told:
        value_of(CITY, text)
    assert told.value.message == why


def test_rows_of_a_table_as_csv_and_markdown() -> None:
    rows = rows_of(TABLE, '[{"name": "a|b, \\"c\\"", "price": 2.5}, {"name": "=1+1\\nx", "price": null}]')
    assert rows == (('a|b, "c"', "2.5"), ("=1+1\nx", ""))
    again = list(csv.reader(io.StringIO(csv_text(TABLE.columns, rows), newline="")))
    assert again == [["name", "price"], ['a|b, "c"', "2.5"], ["'=1+1\nx", ""]]
    assert markdown_text(TABLE.columns, rows) == (
        '| name | price |\n| --- | --- |\n| a\\|b, "c" | 2.5 |\n| =1+1<br>x |  |\n'
    )
    assert "-2.5" in csv_text(("n",), [("-2.5",)])
    assert "'-2.5" not in csv_text(("n",), [("-2.5",)])
    with pytest.raises(BrokenAnswerError):
        rows_of(TABLE, '[{"name": "a"}]')


def test_wilsons_interval_and_what_a_difference_tells() -> None:
    share = Share(4, 5)  # figures: Wilson 1927, as R's prop.test without correction gives them
    assert (round(share.low, 4), round(share.high, 4)) == (0.3755, 0.9638)
    assert (Share(0, 0).low, Share(0, 0).high, Share(0, 10).low) == (0.0, 1.0, 0.0)
    assert share.words == "4 of 5"
    assert compared(Share(4, 5), Share(3, 5)) == "cannot be told apart"
    assert compared(Share(19, 20), Share(9, 20)) == "better"
    assert compared(Share(9, 20), Share(19, 20)) == "worse"
    assert compared(Share(0, 0), Share(1, 1)) == "cannot be told apart"
