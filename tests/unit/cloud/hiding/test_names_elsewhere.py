"""Names where no greeting leads to them: in prose, in names of files, in mail addresses, as half of a double name."""

from __future__ import annotations

import pytest

from workbench.cloud.hiding.redacting import TextRedactor

FOUND = [
    ("Yesterday my neighbour Zyxwv came by.", "Zyxwv"),
    ("Mein jüngerer Bruder Zyxwv kommt.", "Zyxwv"),
    ("C’est ma voisine, Zyxwv, qui le dit.", "Zyxwv"),
    ("Lo dice mi prima Zyxwv.", "Zyxwv"),
    ("“Never,” said Zyxwv.", "Zyxwv"),
    ('"Nie", sagte Zyxwv leise.', "Zyxwv"),
    ("« Jamais », répondit Zyxwv.", "Zyxwv"),
    ("Then Zyxwv smiled.", "Zyxwv"),
    ("Dann nickte er, und Zyxwv lächelte.", "Zyxwv"),
    ("We saw Jessica and Zyxwv there.", "Zyxwv"),
    ("wir treffen Zyxwv und Annegret am Hafen", "Zyxwv"),
    ("can u ask jessica if she comes", "jessica"),
    ("La signora Zyxwv abita qui.", "Zyxwv"),
    ("Mevrouw Zyxwv belt morgen.", "Zyxwv"),
    ("see CV_Schmidt_Annegret.docx", "Schmidt"),
    ("see cv-annegret-schmidt.pdf", "schmidt"),
]
LEFT = [
    "my brother said Monday",
    "meine Mutter sagt Ostern",
    '"Yes", said the Board.',
    "He nodded and she smiled.",
    "Jessica und der Vertrag",
    "ask what it is, tell us more",
    "report_final_v2.pdf, may-june.csv, notes_paris.txt",
]


@pytest.mark.parametrize(("text", "name"), FOUND)
def test_a_name_in_prose(text: str, name: str) -> None:
    hidden = TextRedactor().redact([text]).texts[0]
    assert name not in hidden
    assert "NAME_" in hidden


@pytest.mark.parametrize("text", LEFT)
def test_what_is_no_name_stays(text: str) -> None:
    hidden = TextRedactor().redact([text]).texts[0]
    assert hidden.replace("[NAME_1]", "Jessica") == text


def test_half_of_a_double_name_and_a_name_in_a_file_in_any_case() -> None:
    hidden = (
        TextRedactor()
        .redact(["Frau Zyxwv-Quorn kommt.", "Fragt Quorn, ob ZYXWV_Brief.pdf und quorn.odt reichen."])
        .texts
    )
    assert "uorn" not in "".join(hidden).replace("[", "")
    assert "ZYXWV" not in hidden[1]
    assert "Brief.pdf" in hidden[1]


def test_whom_a_mail_address_names() -> None:
    hidden = (
        TextRedactor().redact(["annegret.zyxwv@example.org", "annegret says that Zyxwv and the zyxwv fund wait."]).texts
    )
    assert hidden[1].count("[NAME_") == 2
    assert hidden[1].endswith("and the zyxwv fund wait.")
    office = TextRedactor().redact(["sales.office@example.org", "Sales and Office wait."]).texts
    assert office[1] == "Sales and Office wait."
