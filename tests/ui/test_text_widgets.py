"""Rich text and code: as tall as their content, unable to load anything, coloured line by line."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QTextDocument, QWheelEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from ui.appearance import Appearance
from ui.theme import DARK, LIGHT, Tokens
from ui.widgets.buttons import ElidedButton
from ui.widgets.code import SHOWN_CHARACTERS, CodeView
from ui.widgets.highlight import CodeHighlighter, colours
from ui.widgets.look import Look
from ui.widgets.quiet_button import QuietButton
from ui.widgets.rich_text import RichText
from workbench.markup import blocks, to_html

PYTHON = '''@decorate
class Thing(Base):
    """A doc
    of two lines."""

    def run(self, n=3):
        text = f"{n!r} and {self}"
        return [x for x in range(10) if x is not None]  # why
'''
SAMPLES = {
    "python": PYTHON,
    "javascript": "/* a\n b */\nconst x = `one\n${two}`;\nfunction f(a) { return a ?? 1 } // c\n",
    "c": "/* one\n   two */ int main(void) { return 0; } // x\n#include <stdio.h>\n",
    "bash": 'for f in *.txt; do\n  echo "$f" # note\ndone\n',
    "json": '{"a": [1, 2.5, true],\n "b": null}\n',
    "html": "<!-- a\n b --><p class='x'>y</p>\n",
}


@pytest.fixture
def rich(qtbot: QtBot) -> RichText:
    made = RichText(Look())
    qtbot.addWidget(made)
    return made


def test_nothing_is_loaded_neither_files_nor_style_sheets(rich: RichText, tmp_path: Path, qtbot: QtBot) -> None:
    """The HTML is not sanitised here on purpose: the widget itself is closed too."""
    picture = QImage(40, 40, QImage.Format.Format_RGB32)
    picture.fill(Qt.GlobalColor.red)
    picture.save(str(tmp_path / "red.png"))
    (tmp_path / "evil.css").write_text("p { background-color: #ff0000 }", encoding="utf-8")
    url = tmp_path.as_uri()
    rich.set_html(
        f"<style>@import url({url}/evil.css); body {{ background: url({url}/red.png) }}</style>"
        f"<p style='background-image: url({url}/red.png)'>text <img src='{url}/red.png'></p>"
    )
    rich.resize(300, rich.height_for(300))
    rich.show()
    qtbot.waitExposed(rich)
    shown = rich.grab().toImage()
    colours_seen = {shown.pixelColor(x, y).name() for x in range(shown.width()) for y in range(shown.height())}
    assert "#ff0000" not in colours_seen


@pytest.mark.parametrize(
    "text",
    ["one line", "word " * 200, "- a\n- b\n  - c", "| a | b |\n|---|---|\n| c | d |", "> quote\n> \n> more", "# Title"],
)
def test_it_is_as_tall_as_its_text_at_every_width(rich: RichText, qtbot: QtBot, text: str) -> None:
    rich.set_html("".join(to_html(block) for block in blocks(text)))
    rich.show()
    heights = []
    for width in (700, 300, 700):
        height = rich.height_for(width)
        rich.resize(width, height)
        QApplication.processEvents()
        assert rich.verticalScrollBar().maximum() == 0
        heights.append(height)
    assert heights[0] == heights[2] <= heights[1]


def test_a_wide_table_scrolls_sideways_and_not_down(rich: RichText, qtbot: QtBot) -> None:
    cells = "|" + "wordwithoutblanks|" * 12
    rich.set_html(to_html(blocks(f"{cells}\n|{'---|' * 12}\n{cells}\n")[0]))
    rich.resize(300, rich.height_for(300))
    rich.show()
    qtbot.waitExposed(rich)
    assert rich.horizontalScrollBar().maximum() > 0
    assert rich.verticalScrollBar().maximum() == 0


@pytest.mark.parametrize("make", [lambda: RichText(Look()), lambda: CodeView(Look())])
def test_the_wheel_belongs_to_the_page(qtbot: QtBot, make: type[QWidget]) -> None:
    page = QWidget()
    qtbot.addWidget(page)
    widget = make()
    widget.setParent(page)
    page.show()
    target = widget.surface()  # type: ignore[attr-defined]
    event = QWheelEvent(
        QPointF(5, 5), QPointF(5, 5), QPoint(0, -40), QPoint(0, -120), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,  # noqa: FBT003
    )  # fmt: skip
    QApplication.sendEvent(target, event)
    assert not event.isAccepted()


def test_headings_have_their_own_sizes(rich: RichText) -> None:
    sizes = []
    for level in (1, 2, 3, 4):
        rich.set_html(to_html(blocks("#" * level + " Title with **bold**")[0]))
        cursor = rich.textCursor()
        cursor.setPosition(3)
        sizes.append(cursor.charFormat().font().pixelSize())
    assert sizes == [22, 18, 16, 15]


# Code -----------------------------------------------------------------------------------------------------------------


def coloured(document: QTextDocument) -> dict[tuple[int, int], str]:
    """(line, column) -> colour of every coloured character."""
    found = {}
    block = document.begin()
    while block.isValid():
        for piece in block.layout().formats():
            for column in range(piece.start, piece.start + piece.length):
                found[block.blockNumber(), column] = piece.format.foreground().color().name()
        block = block.next()
    return found


@pytest.mark.parametrize("language", SAMPLES)
def test_line_by_line_gives_the_colours_of_the_whole(qapp: QApplication, language: str) -> None:
    from pygments.lexers import get_lexer_by_name

    text = SAMPLES[language]
    document = QTextDocument(text)
    CodeHighlighter(document, language, dark=False).rehighlight()
    found, line, column, wrong = coloured(document), 0, 0, []
    for token, value in get_lexer_by_name(language, stripnl=False).get_tokens(text):
        expected = colours(str(token), dark=False)
        for character in value:
            if character == "\n":
                line, column = line + 1, 0
                continue
            if not character.isspace() and found.get((line, column)) != expected:
                wrong.append((line, column, character, str(token)))
            column += 1
    assert not wrong


def test_code_that_arrives_in_pieces_has_the_same_colours(qtbot: QtBot) -> None:
    whole, pieces = CodeView(Look()), CodeView(Look())
    for view in (whole, pieces):
        qtbot.addWidget(view)
    whole.set_code(PYTHON, "python")
    for end in range(1, len(PYTHON) + 1):
        pieces.set_code(PYTHON[:end], "python")
    qtbot.waitUntil(lambda: bool(coloured(whole.document)) and bool(coloured(pieces.document)))
    assert coloured(pieces.document) == coloured(whole.document)
    assert pieces.height_for(700) == whole.height_for(700)


@pytest.mark.parametrize("language", ["", "nosuchlanguage", "text", "yaml", "rust", "diff"])
def test_any_language_can_be_shown(qtbot: QtBot, language: str) -> None:
    view = CodeView(Look())
    qtbot.addWidget(view)
    view.set_code("- a: 1\n+ fn main() {}\n/* x", language)
    qtbot.wait(20)
    assert view.code.startswith("- a")
    assert language in view.accessibleName()


def test_a_very_long_line_is_cut_on_the_screen_only(qtbot: QtBot) -> None:
    view = CodeView(Look())
    qtbot.addWidget(view)
    view.set_code("x" * 300_000, "")
    assert view.length() < SHOWN_CHARACTERS + 50
    assert len(view.code) == 300_000


@pytest.mark.parametrize("tokens", [LIGHT, DARK])
def test_code_colours_can_be_read_on_their_ground(tokens: Tokens) -> None:
    kinds = (
        "Comment",
        "Keyword",
        "Name.Function",
        "Literal.String",
        "Literal.Number",
        "Name.Builtin",
        "Name.Decorator",
    )
    for kind in kinds:
        colour = colours(f"Token.{kind}", dark=tokens.dark)
        assert colour is not None
        assert _contrast(colour, tokens.code) >= 4.5, kind


def _contrast(first: str, second: str) -> float:
    lighter, darker = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_a_chip_without_room_ends_in_an_ellipsis(appearance: Appearance, qtbot: QtBot) -> None:
    chip = ElidedButton("A model with a long name", appearance, look="chip", icon_name="cpu")
    qtbot.addWidget(chip)
    chip.resize(chip.sizeHint())
    chip.show()
    assert chip.text().strip() == "A model with a long name"
    wanted = chip.sizeHint()
    chip.resize(chip.minimumSizeHint().width() + 30, wanted.height())
    assert chip.text().endswith("…")
    assert chip.toolTip() == "A model with a long name"
    assert chip.sizeHint().width() == pytest.approx(wanted.width(), abs=4)
    chip.resize(wanted)
    assert chip.text().strip() == "A model with a long name"


def test_the_buttons_of_a_narrow_block_are_icons_with_names(qtbot: QtBot) -> None:
    code = CodeView(Look())
    qtbot.addWidget(code)
    code.set_code("x", "python")
    for width, words in ((600, ["Open", "Save", "Copy"]), (240, ["", "", ""])):
        code.resize(width, code.height_for(width))
        code.show()
        buttons = sorted((one for one in code.findChildren(QuietButton) if one.isVisible()), key=lambda one: one.x())
        assert [one.text() for one in buttons] == words
        assert all(one.toolTip() == one.accessibleName() != "" for one in buttons)
        assert buttons[0].x() > 80


def test_code_is_saved_to_a_file_and_says_when_it_cannot(qtbot: QtBot, tmp_path: Path) -> None:
    code = CodeView(Look())
    qtbot.addWidget(code)
    code.set_code("print(1)", "python")
    code.save(tmp_path / "a.py")
    assert (tmp_path / "a.py").read_text(encoding="utf-8") == "print(1)"
    code.save(tmp_path / "missing" / "a.py")
    assert any(one.text().startswith("Not saved") for one in code.findChildren(QuietButton))
