"""The font and the width of the conversation, from the settings to what is laid out."""

from __future__ import annotations

from PySide6.QtGui import QFontDatabase

from tests.fakes.backend import ScriptedBackend
from tests.ui.conftest import MakeWindow
from ui.appearance import Appearance
from ui.chat.transcript_rows import TextBlock
from ui.settings.appearance_rows import FONT_WORDS, width_words
from ui.settings.parts import Picker
from ui.widgets.look import Look, families
from workbench.settings import FONTS


def test_every_font_that_can_be_set_has_words_and_families(appearance: Appearance) -> None:
    assert set(FONT_WORDS) == set(FONTS)
    assert all(families(font) for font in FONTS)
    assert families("inter")[0] == "Inter"
    assert families("system")[0] == QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont).family()
    assert Look(family="serif").font(15).family() != Look().font(15).family()
    assert Look(family="serif").font(13, code=True) == Look().font(13, code=True)
    assert width_words(744) == "Normal"
    assert width_words(800) == "800 pixels"


def test_width_and_font_are_taken_at_once(make_window: MakeWindow) -> None:
    opened = make_window(ScriptedBackend("word " * 200))
    opened.window.resize(1500, 800)
    opened.send("Go")
    opened.until(lambda: opened.idle() and len(opened.texts) == 2)

    def text() -> TextBlock:
        return next(widget for _, _, widget in opened.page.transcript.live_rows() if isinstance(widget, TextBlock))

    assert text().width() == 744
    opened.workbench.change_setting("appearance.column_width", 960)
    opened.until(lambda: text().width() == 960)
    opened.workbench.change_setting("appearance.font", "serif")
    opened.until(lambda: text().look.family == "serif")
    opened.window.pages.open_settings()
    names = [button.accessibleName() for button in opened.window.findChildren(Picker)]
    assert {"Font: With serifs", "Column width: Wide"} <= set(names)
