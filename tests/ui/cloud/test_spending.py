"""*Spending* in the settings: caps are changed by typing, every call is there, and nothing is shown that is not so."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QProgressBar, QWidget

from tests.fakes.pseudo_locale import PseudoLocale
from tests.ui.conftest import MakeWindow, OpenWindow
from ui.appearance import Appearance
from ui.bridge import Bridge
from ui.cloud.ledger.caps import CapRow
from ui.cloud.ledger.page import LedgerPage
from ui.cloud.ledger.reading import Period
from ui.cloud.ledger.section import SpendingSection
from ui.cloud.ledger.words import costs, share, worth_words
from ui.widgets.buttons import Button, IconButton
from ui.widgets.popover import Popover
from workbench.cloud.provider import Billed, CloudModel, Price
from workbench.cloud.spending.money import CAPS, By, Cap, CapKind, CapState, LocalWorth, Purpose
from workbench.errors import WorkbenchError

MODEL = CloudModel("groq", "openai/gpt-oss-120b", price=Price(150_000, 600_000, source="the table", date="2026-11-01"))


class Shown:
    def __init__(self, opened: OpenWindow, section: SpendingSection) -> None:
        self.opened, self.section = opened, section
        self.ledger = opened.workbench.ledger
        self.errors: list[WorkbenchError] = []
        self.said: list[str] = []
        section.told.connect(self.errors.append)
        section.said.connect(self.said.append)

    def row(self, kind: CapKind, name: str = "") -> CapRow:
        self.until(lambda: self.section.rows.row(kind, name) is not None)
        row = self.section.rows.row(kind, name)
        assert row is not None
        return row

    def type(self, row: CapRow, text: str) -> None:
        row.field.setFocus()
        row.field.selectAll()
        QTest.keyClicks(row.field, text)
        QTest.keyClick(row.field, Qt.Key.Key_Return)

    def pays(self, micros: int, *, settled: bool = True) -> None:
        call = self.ledger.reserve(MODEL, max(1, micros), Purpose.ESCALATION)
        if settled:
            self.ledger.settle(call, Billed(1000, None, None, 2000, cost_micros=micros))

    def cap(self, kind: CapKind, name: str = "") -> int | None:
        return next((cap.micros for cap in self.ledger.caps() if (cap.kind, cap.name) == (kind, name)), None)

    def page(self) -> LedgerPage:
        page = self.section.open_page()
        self.until(lambda: page._found is not None)
        return page

    def until(self, check: Callable[[], bool]) -> None:
        self.opened.until(check)


@pytest.fixture
def shown(make_window: MakeWindow, bridge: Bridge, appearance: Appearance) -> Iterator[Shown]:
    opened = make_window()
    opened.window.resize(1000, 800)
    bridge.follow(opened.workbench.bus)
    section = SpendingSection(bridge, opened.workbench.as_workbench(), appearance)
    section.setParent(opened.window)
    section.resize(640, 560)
    section.show()
    opened.until(lambda: bridge.idle)
    yield Shown(opened, section)
    section.deleteLater()


def texts(page: LedgerPage) -> list[list[str]]:
    model = page.table.model()
    columns, rows = range(model.columnCount()), range(model.rowCount())
    return [[str(model.index(row, column).data()) for column in columns] for row in rows]


# Caps -----------------------------------------------------------------------------------------------------------------


def test_the_usual_caps_are_shown_with_what_was_spent(shown: Shown) -> None:
    assert shown.row(CapKind.DAY).words.text() == "$0.00 spent, $2.00 left"
    shown.pays(500_000)
    shown.until(lambda: shown.row(CapKind.DAY).words.text() == "$0.50 spent, $1.50 left")
    assert shown.row(CapKind.DAY).bar.value() == 250
    assert shown.row(CapKind.REQUEST).field.text() == "0.50"
    assert not shown.row(CapKind.REQUEST).bar.isVisible()
    assert not shown.row(CapKind.DAY).usual.isVisible()


def test_an_amount_that_is_typed_holds_and_goes_back(shown: Shown) -> None:
    row = shown.row(CapKind.DAY)
    shown.type(row, "5")
    shown.until(lambda: shown.cap(CapKind.DAY) == 5_000_000)
    assert row.field.text() == "5.00"
    shown.until(row.usual.isVisible)
    assert row.usual.text() == "Back to $2.00"
    row.usual.click()
    shown.until(lambda: shown.cap(CapKind.DAY) == 2_000_000)
    shown.until(lambda: not row.usual.isVisible())


@pytest.mark.parametrize("junk", ["two", "-1", "1e3", "0,5", ""])
def test_junk_is_told_below_its_field_and_changes_nothing(shown: Shown, junk: str) -> None:
    row = shown.row(CapKind.MONTH)
    row.field.setFocus()
    row.field.clear()
    shown.type(row, junk)
    assert row.problem.isVisible()
    assert "is no amount" in row.problem.text()
    assert shown.ledger.caps() == CAPS
    assert row.field.text() == junk
    shown.type(row, "3")
    shown.until(lambda: shown.cap(CapKind.MONTH) == 3_000_000)
    assert not row.problem.isVisible()


def test_what_is_being_typed_stays_when_something_else_changes(shown: Shown) -> None:
    row = shown.row(CapKind.DAY)
    row.field.setFocus()
    shown.until(row.field.hasFocus)
    row.field.selectAll()
    QTest.keyClicks(row.field, "7")
    shown.pays(10_000)
    shown.until(lambda: "$0.01 spent" in row.words.text())
    assert row.field.text() == "7"


def test_a_provider_gets_a_cap_and_loses_it(shown: Shown) -> None:
    shown.section.add.click()
    shown.until(lambda: bool(shown.opened.window.findChildren(Popover)))
    popover = shown.opened.window.findChildren(Popover)[-1]
    next(one for one in popover.findChildren(Button) if "Groq" in one.accessibleName()).click()
    row = shown.row(CapKind.PROVIDER, "groq")
    assert shown.cap(CapKind.PROVIDER, "groq") == 10_000_000  # as the month's, until another is typed
    shown.until(row.field.hasFocus)
    assert row.field.selectedText() == "10.00"
    assert row.title.text() == "Groq this month"
    shown.type(row, "0.10")
    shown.until(lambda: shown.cap(CapKind.PROVIDER, "groq") == 100_000)
    row.remove.click()
    shown.until(lambda: shown.cap(CapKind.PROVIDER, "groq") is None)
    shown.until(lambda: shown.section.rows.row(CapKind.PROVIDER, "groq") is None)


def test_more_than_a_cap_is_told(shown: Shown) -> None:
    shown.pays(500_000)
    shown.ledger.set_cap(CapKind.DAY, 100_000)
    row = shown.row(CapKind.DAY)
    shown.until(lambda: row.words.text() == "$0.50 spent, more than the cap: nothing is left")
    assert row.bar.value() == 1000


@pytest.mark.parametrize(
    ("cap", "spent", "thousandths"),
    [(0, 0, 1000), (2_000_000, 0, 0), (2_000_000, 1, 1), (10, 10, 1000), (10, 99, 1000)],
)
def test_a_bar_tells_what_was_spent_at_all(cap: int, spent: int, thousandths: int) -> None:
    assert share(CapState(Cap(CapKind.DAY, cap), spent, usual=True)) == thousandths


# Every call -----------------------------------------------------------------------------------------------------------


def test_nothing_asked_is_told_in_words(shown: Shown) -> None:
    page = shown.page()
    assert page.nothing.text() == "Nothing was asked of a provider in this time."
    assert not page.table.isVisible()
    page.periods[Period.ALL].click()
    shown.until(lambda: page.nothing.text().startswith("Nothing was asked of a provider. What is"))
    assert not page.save.isEnabled()
    assert page.worth.text().startswith("No answer of this machine has its tokens counted yet.")


def test_calls_stand_newest_first_with_how_their_cost_is_known(shown: Shown) -> None:
    shown.pays(1350)
    call = shown.ledger.reserve(MODEL, 300_000, Purpose.CHECK)
    shown.ledger.settle(call, None, error="The answer was cut off.")
    shown.ledger.handed_off("ChatGPT", "c1")
    page = shown.page()
    rows = texts(page)
    assert [row[1:] for row in rows] == [
        ["ChatGPT", "–", "–", "$0.00000", "Handed off", "own subscription"],
        ["gpt-oss 120B, Groq", "?", "?", "$0.30000", "Check", "at its most"],
        ["gpt-oss 120B, Groq", "1,000", "2,000", "$0.00135", "Answer", "as counted"],
    ]
    assert page.sum.text() == "$0.30135 in 3 calls"
    page.table.selectRow(1)
    assert "Counted at its most, $0.30, for nobody knows what it cost." in page.more.text()
    assert "The answer was cut off." in page.more.text()
    assert "(the table, 2026-11-01)" in page.more.text()
    index = page.table.model().index(2, 4)
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == "Cost: $0.00135"


def test_sums_by_day_provider_and_model(shown: Shown) -> None:
    shown.pays(1350)
    shown.pays(2000)
    page = shown.page()
    for by, first in ((By.PROVIDER, "Groq"), (By.MODEL, "gpt-oss 120B, Groq")):
        page.views[by].click()
        assert texts(page) == [[first, "2", "2,000", "4,000", "$0.00335"]]
    page.views[By.DAY].click()
    assert len(texts(page)) == 1
    page.periods[Period.DAY].click()
    shown.until(lambda: page._period is Period.DAY and bool(texts(page)))


def test_a_call_that_is_made_meanwhile_appears(shown: Shown) -> None:
    page = shown.page()
    shown.pays(10)
    shown.until(lambda: len(texts(page)) == 1)


def test_this_machine_is_compared_with_another_model(shown: Shown) -> None:
    page = shown.page()
    before = page.compared.accessibleName()
    page.compared.click()
    shown.until(lambda: bool(page.findChildren(Popover)))
    choices = page.findChildren(Popover)[-1].findChildren(Button)
    choices[3].click()
    shown.until(lambda: page.compared.accessibleName() != before)
    assert page.isVisible()


def test_all_calls_are_written_where_the_person_says(shown: Shown, tmp_path: Path) -> None:
    shown.pays(1350)
    target = tmp_path / "calls.csv"
    target.write_text("old", encoding="utf-8")
    shown.section.write(target)
    shown.until(lambda: bool(shown.said))
    with target.open(encoding="utf-8", newline="") as file:
        assert [row["cost"] for row in csv.DictReader(file)] == ["0.00135"]
    shown.section.write(tmp_path / "nowhere" / "calls.csv")
    shown.until(lambda: bool(shown.errors))


@pytest.mark.parametrize(
    ("answers", "unknown", "words"),
    [
        (0, 0, "No answer of this machine has its tokens counted yet. Price: the table, 2026-11-01."),
        (
            1,
            1,
            (
                "One answer of this machine would have cost $0.0013 there: 1,000 tokens read, 2,000 written."
                " Price: the table, 2026-11-01. The tokens of one more were not counted: it is in no sum."
            ),
        ),
        (
            12,
            3,
            (
                "12 answers of this machine would have cost $0.0013 there: 1,000 tokens read, 2,000 written."
                " Price: the table, 2026-11-01. The tokens of 3 more were not counted: they are in no sum."
            ),
        ),
    ],
)
def test_what_this_machine_saved_is_told_with_what_is_not_known(answers: int, unknown: int, words: str) -> None:
    assert worth_words(LocalWorth(MODEL, answers, unknown, 1000, 2000, 1250)) == words


def test_costs_stand_below_each_other_exactly() -> None:
    assert costs([2_000_000, 1234, 0]) == ("$2.000000", "$0.001234", "$0.000000")
    assert costs([]) == ()


# For all --------------------------------------------------------------------------------------------------------------


def test_every_control_has_a_name_and_keys_reach_it(shown: Shown) -> None:
    shown.pays(1350)
    shown.ledger.set_cap(CapKind.PROVIDER, 5, "groq")
    shown.row(CapKind.PROVIDER, "groq")
    page = shown.page()
    for root in (shown.section, page):
        for control in root.findChildren(QWidget):
            if (
                (
                    isinstance(control, (Button, IconButton, QProgressBar))
                    or control.focusPolicy() & Qt.FocusPolicy.TabFocus
                )
                and control.isVisible()
                and not isinstance(control, QLabel)
            ):
                assert control.accessibleName(), control
    QTest.keyClick(page, Qt.Key.Key_Escape)
    assert not page.isVisible()
    for button in (shown.section.calls, shown.section.add, shown.row(CapKind.DAY).field):
        assert button.focusPolicy() & Qt.FocusPolicy.TabFocus


@pytest.mark.parametrize("width", [560, 1000])
def test_words_are_not_cut_in_a_narrow_window_with_large_text(shown: Shown, appearance: Appearance, width: int) -> None:
    shown.pays(1350)
    shown.ledger.set_cap(CapKind.DAY, 123_456)
    appearance.use("light", 2.0)
    try:
        shown.section.resize(width, 1400)
        row = shown.row(CapKind.DAY)
        shown.until(row.usual.isVisible)
        for part in row.findChildren(QLabel):
            if part.isVisible():
                assert part.height() >= part.heightForWidth(part.width()), part.text()
        assert row.field.width() > row.field.fontMetrics().horizontalAdvance("100000.00")
    finally:
        appearance.use("light", 1.0)


@pytest.mark.parametrize("size", [(1000, 760), (620, 560)])
def test_every_call_fits_the_window_and_the_rest_is_scrolled_to(shown: Shown, size: tuple[int, int]) -> None:
    for _ in range(15):
        shown.pays(1350)
    shown.opened.window.resize(*size)
    page = shown.page()
    window = shown.opened.window
    shown.until(lambda: page.geometry().bottom() < window.height() and page.geometry().right() < window.width())
    assert page.table.height() >= 4 * page.table.rowHeight(0)


def test_it_is_said_in_the_persons_language_and_nothing_is_cut(
    shown: Shown, qapp: QApplication, bridge: Bridge, appearance: Appearance
) -> None:
    translator = PseudoLocale(qapp)
    qapp.installTranslator(translator)
    try:
        shown.pays(1350)
        section = SpendingSection(bridge, shown.opened.workbench.as_workbench(), appearance)
        section.setParent(shown.opened.window)
        section.resize(520, 900)
        section.show()
        shown.until(lambda: section.rows.row(CapKind.DAY) is not None)
        page = section.open_page()
        shown.until(lambda: page._found is not None)
        for root in (section, page):
            shown_parts = [one for one in root.findChildren(QLabel) if one.isVisible() and one.text() not in ("", "$")]
            assert [one.text() for one in shown_parts if not one.text().startswith(("[", "groq/"))] == []
            for button in root.findChildren(Button):
                if button.isVisible() and button is not page.compared:
                    assert button.text().strip().startswith("[")
                    assert button.width() >= button.sizeHint().width() - 1, button.text()
        page.dismiss()
        section.deleteLater()
    finally:
        qapp.removeTranslator(translator)
        translator.deleteLater()


# Correcting -----------------------------------------------------------------------------------------------------------


def test_a_call_is_corrected_below_the_table(shown: Shown) -> None:
    shown.pays(500_000)
    page = shown.page()
    page.correct.click()
    line = page.correction
    assert line.isVisible()
    assert line.amount.hasFocus()
    assert line.amount.text() == "0.50"
    line.amount.clear()
    QTest.keyClicks(line.amount, "much")
    QTest.keyClick(line.amount, Qt.Key.Key_Return)
    assert "is no amount" in line.problem.text()
    line.amount.clear()
    QTest.keyClicks(line.amount, "0.42")
    QTest.keyClicks(line.note, "Invoice 7")
    QTest.keyClick(line.note, Qt.Key.Key_Return)
    shown.until(lambda: not line.isVisible() and texts(page)[0][4:] == ["$0.42", "Answer", "corrected"])
    assert page.table.hasFocus()
    shown.until(lambda: page.sum.text() == "$0.42 in one call")
    assert "$0.50 had counted first. Invoice 7" in page.more.text()
    (entry,) = shown.ledger.entries()
    assert entry.cost_micros == 420_000


def test_only_a_call_that_has_ended_can_be_corrected(shown: Shown) -> None:
    shown.pays(500_000, settled=False)
    page = shown.page()
    assert not page.correct.isEnabled()
    shown.pays(300_000)
    shown.until(lambda: page.table.model().rowCount() == 2)
    page.table.selectRow(0)
    assert page.correct.isEnabled()
    page.correct.click()
    page.table.selectRow(1)
    assert not page.correction.isVisible()
    page.views[By.DAY].click()
    assert not page.correct.isVisible()
