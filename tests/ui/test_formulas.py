"""Formulas in a text: drawn beside it, in its colours and size, and copied as LaTeX."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextDocument
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.patience import MILLISECONDS
from ui.theme import DARK
from ui.widgets.formulas import formulas
from ui.widgets.look import Look
from ui.widgets.rich_text import RichText, table_width
from workbench.markup import blocks, table_columns, to_html

SENTENCE = r"If $\frac{x_1}{2} > 0$, then"


@pytest.fixture
def rich(qtbot: QtBot) -> RichText:
    made = RichText(Look())
    qtbot.addWidget(made)
    return made


def show(rich: RichText, qtbot: QtBot, text: str) -> None:
    rich.set_html(to_html(blocks(text)[0]))
    qtbot.waitUntil(lambda: formulas().idle, timeout=MILLISECONDS)


def images(document: QTextDocument) -> list[tuple[float, float]]:
    found = []
    for at in range(document.characterCount()):
        if document.characterAt(at) == "\ufffc":
            block = document.findBlock(at)
            part = block.begin()
            while not part.atEnd():
                form = part.fragment().charFormat()
                if form.isImageFormat() and part.fragment().position() == at:
                    found.append((form.toImageFormat().width(), form.toImageFormat().height()))
                part += 1
    return found


def test_the_source_is_shown_until_the_picture_is_there(rich: RichText, qtbot: QtBot) -> None:
    rich.set_html(to_html(blocks(r"If $\frac{x_7}{2} > 0$, then")[0]))
    assert rich.toPlainText() == r"If \frac{x_7}{2} > 0, then"
    before = rich.height_for(600)
    with qtbot.waitSignal(rich.regrown, timeout=MILLISECONDS):
        pass
    assert len(images(rich.document())) == 1
    assert rich.height_for(600) >= before


def test_a_formula_is_copied_as_latex(rich: RichText, qtbot: QtBot) -> None:
    show(rich, qtbot, SENTENCE)
    assert rich.text_between(0, rich.length()) == SENTENCE
    assert rich.text_between(3, 4) == r"$\frac{x_1}{2} > 0$"
    assert rich.accessibleName() == SENTENCE


def test_it_scales_with_the_text_and_takes_its_colour(rich: RichText, qtbot: QtBot) -> None:
    show(rich, qtbot, SENTENCE)
    large = RichText(Look(DARK, 2.0))
    qtbot.addWidget(large)
    show(large, qtbot, SENTENCE)
    small, big = images(rich.document())[0], images(large.document())[0]
    assert big[0] > 1.7 * small[0]
    name = next(name for name, picture in formulas()._named.items() if picture.width == big[0])
    image = large.loadResource(QTextDocument.ResourceType.ImageResource.value, name)
    inks = {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())
            if image.pixelColor(x, y).alpha() == 255}  # fmt: skip
    assert DARK.text.lower() in inks


@pytest.mark.parametrize("latex", [r"\unknown{x}", r"\begin{matrix}" + r"a\\" * 40 + r"\end{matrix}"])
def test_what_cannot_be_drawn_or_is_too_tall_stays_source(rich: RichText, qtbot: QtBot, latex: str) -> None:
    show(rich, qtbot, f"$$\n{latex}\n$$")
    assert images(rich.document()) == []
    assert rich.toPlainText() == latex


def test_formulas_that_are_not_there_load_nothing(rich: RichText) -> None:
    image = rich.loadResource(QTextDocument.ResourceType.ImageResource.value, "formula:999999")
    assert (image.width(), image.height()) == (1, 1)


def test_a_wide_table_scrolls_and_a_narrow_one_does_not(rich: RichText, qtbot: QtBot) -> None:
    rich.show()
    for columns, scrolls in ((2, False), (12, True)):
        head = "| " + " | ".join(f"column number {n}" for n in range(columns)) + " |\n"
        (block,) = blocks(head + "|" + "---|" * columns + "\n" + head)
        rich.set_html(to_html(block), least_width=table_width(table_columns(block), Look()))
        rich.resize(500, rich.height_for(500))
        qtbot.waitUntil(lambda wanted=scrolls: (rich.horizontalScrollBar().maximum() > 0) is wanted)  # type: ignore[misc]
    QTest.keyClick(rich, Qt.Key.Key_Right)
    assert rich.horizontalScrollBar().value() > 0
