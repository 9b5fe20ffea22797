"""A later request of the same answer: what was hidden before keeps its placeholder, and what is new takes no other's."""

from __future__ import annotations

import pytest

from workbench.cloud.hiding.redacting import TextRedactor
from workbench.cloud.hiding.redaction import Hidden, Redaction

ADA = Redaction(Hidden.EMAIL, "ada@example.org", "[EMAIL_1]", 3)


def test_the_same_original_keeps_its_placeholder_wherever_it_stands() -> None:
    hidden = TextRedactor().redact(["bob@example.org wrote to ADA@example.org."], before=[ADA])
    assert hidden.texts == ("[EMAIL_2] wrote to [EMAIL_1].",)
    assert [(one.placeholder, one.count) for one in hidden.redactions] == [("[EMAIL_1]", 1), ("[EMAIL_2]", 1)]


def test_what_is_not_there_any_more_is_not_told_of_and_its_number_stays_taken() -> None:
    hidden = TextRedactor().redact(["bob@example.org wrote."], before=[ADA])
    assert hidden.texts == ("[EMAIL_2] wrote.",)
    assert [one.original for one in hidden.redactions] == ["bob@example.org"]


@pytest.mark.parametrize(
    "text", ["Torvik", "I ask Torvik now.", "Torviks Haus, Torvik’s house", '{"text": "Torvik"}', "(Xu)", "Xu's"]
)
def test_a_name_that_was_hidden_once_is_hidden_where_no_rule_sees_it(text: str) -> None:
    before = [Redaction(Hidden.NAME, "Torvik", "[NAME_1]", 1), Redaction(Hidden.NAME, "Xu", "[NAME_2]", 1)]
    hidden = TextRedactor().redact([text, "Xugana"], before=before)
    assert "Torvik" not in hidden.texts[0]
    assert "Xu" not in hidden.texts[0]
    assert hidden.texts[1] == "Xugana"
    assert TextRedactor().redact(["Torvik"], before=before, shown=["Torvik"]).texts == ("Torvik",)
