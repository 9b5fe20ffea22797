"""Contrast, computed: WCAG AA for every text on every background it stands on, 3:1 for outlines of controls."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFontDatabase
from PySide6.QtWidgets import QApplication

import ui
from ui.appearance import FONTS, TEXT_FAMILY, Appearance, load_fonts, tokens_for
from ui.icons import pixmap
from ui.style_sheet import style_sheet
from ui.theme import DARK, LIGHT, Tokens
from workbench.paths import asset

SCHEMES = pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=lambda tokens: tokens.name)

GROUNDS = ("background", "sidebar", "surface", "raised", "hover", "bubble", "code")
TEXT_PAIRS = (
    *(("text", ground) for ground in (*GROUNDS, "active", "selection")),
    *(("muted", ground) for ground in ("background", "sidebar", "surface", "raised", "bubble", "code")),
    *(("accent", ground) for ground in ("background", "surface", "raised", "accent_soft")),
    *(("danger", ground) for ground in ("background", "surface", "raised", "hover")),
    ("on_accent", "accent"),
    *(("cloud", ground) for ground in ("background", "surface", "raised", "cloud_soft")),
    *((text, "cloud_soft") for text in ("text", "accent")),  # the banner of the sheet, and its link
    ("background", "cloud"),  # the words of the button that sends
)
OUTLINE_PAIRS = (
    *(("control_border", ground) for ground in ("background", "sidebar", "surface", "raised")),
    *(("accent", ground) for ground in ("background", "sidebar", "surface", "raised", "hover", "active")),
    ("text", "surface"),  # the ring of a focused primary button, against the card it stands on
    ("danger", "surface"),
)


def luminance(colour: str) -> float:
    channels = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_the_formula() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)


@SCHEMES
@pytest.mark.parametrize(("text", "ground"), TEXT_PAIRS)
def test_text_is_readable(tokens: Tokens, text: str, ground: str) -> None:
    assert contrast(getattr(tokens, text), getattr(tokens, ground)) >= 4.5


@SCHEMES
@pytest.mark.parametrize(("outline", "ground"), OUTLINE_PAIRS)
def test_controls_can_be_seen(tokens: Tokens, outline: str, ground: str) -> None:
    assert contrast(getattr(tokens, outline), getattr(tokens, ground)) >= 3.0


@SCHEMES
def test_every_pair_of_the_style_sheet_is_readable(tokens: Tokens) -> None:
    """Each rule that sets both a text and a background colour."""
    rules = re.findall(r"([^{}]+)\{([^{}]*)\}", style_sheet(tokens))
    checked = 0
    for selector, body in rules:
        text = re.search(r"(?<![-\w])color: (#\w{6})", body)
        ground = re.search(r"background: (#\w{6})", body)
        if text and ground and ":disabled" not in selector:
            checked += 1
            assert contrast(text[1], ground[1]) >= 4.5, selector.strip()
    assert checked >= 7


@SCHEMES
def test_the_style_sheet_uses_only_tokens(tokens: Tokens) -> None:
    known = {getattr(tokens, name) for name in tokens.__dataclass_fields__}
    assert set(re.findall(r"#[0-9A-Fa-f]{6}", style_sheet(tokens))) <= known


@SCHEMES
def test_every_control_shows_its_focus(tokens: Tokens) -> None:
    sheet = style_sheet(tokens)
    for control in (
        "QPushButton",
        "QToolButton",
        "QLineEdit",
        'QPlainTextEdit[look="field"]',
        'QPushButton[look="chip"]',
    ):
        assert f"{control}:focus" in sheet
    assert 'QFrame[look="composer"][focused="true"]' in sheet


def test_text_scale_scales_types_only() -> None:
    small, large = style_sheet(LIGHT, 1.0), style_sheet(LIGHT, 2.0)
    assert "font-size: 13px" in small
    assert "font-size: 26px" in large


@pytest.mark.parametrize(
    ("theme", "system", "name"),
    [
        ("system", Qt.ColorScheme.Dark, "dark"),
        ("system", Qt.ColorScheme.Light, "light"),
        ("system", Qt.ColorScheme.Unknown, "light"),
        ("dark", Qt.ColorScheme.Light, "dark"),
        ("light", Qt.ColorScheme.Dark, "light"),
    ],
)
def test_the_persons_choice_wins(theme: str, system: Qt.ColorScheme, name: str) -> None:
    assert tokens_for(theme, system).name == name


def test_a_change_of_theme_repaints_everything(qapp: QApplication, appearance: Appearance) -> None:
    seen: list[str] = []
    appearance.changed.connect(lambda: seen.append(appearance.tokens.name))
    appearance.use("dark", 1.0)
    appearance.use("dark", 1.0)
    assert seen == ["dark"]
    assert qapp.palette().window().color() == QColor(DARK.background)
    assert DARK.background in qapp.styleSheet()


def test_the_shipped_fonts_load(qapp: QApplication) -> None:
    assert load_fonts() == ()
    assert TEXT_FAMILY in QFontDatabase.families()
    assert "JetBrains Mono" in QFontDatabase.families()
    assert all(asset(f"fonts/{name}").is_file() for name in FONTS)


def test_icons_take_their_colour_and_stroke(qapp: QApplication) -> None:
    image = pixmap("plus", "#FF0000", 16, 2.0).toImage()
    assert (image.width(), image.devicePixelRatio()) == (32, 2.0)
    assert image.pixelColor(16, 16).red() > 200
    filled = pixmap("square-filled", "#0000FF", 16).toImage()
    assert filled.pixelColor(8, 8).blue() > 200
    assert pixmap("square", "#0000FF", 16).toImage().pixelColor(8, 8).alpha() == 0


def test_every_shipped_icon_draws(qapp: QApplication) -> None:
    for file in asset("icons/lucide").glob("*.svg"):
        image = pixmap(file.stem, "#123456", 24).toImage()
        assert any(image.pixelColor(x, y).alpha() for x in range(24) for y in range(24)), file.name


def test_nothing_moves_by_itself() -> None:
    """Whoever wants less motion has it: see decision 240."""
    moving = ("QPropertyAnimation", "QVariantAnimation", "QSequentialAnimationGroup", "QTimeLine", "QMovie")
    sources = list(Path(ui.__file__).parent.rglob("*.py"))
    assert len(sources) > 100
    assert [file.name for file in sources if any(name in file.read_text("utf-8") for name in moving)] == []
