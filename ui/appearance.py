"""What the whole program looks like right now: fonts, palette, style sheet, light or dark. One object per process."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from ui.style_sheet import style_sheet
from ui.theme import COLUMN_WIDTH, DARK, LIGHT, Tokens, TypeScale
from ui.widgets.look import families
from workbench.paths import asset

FONTS = (
    "Inter-Regular.otf",
    "Inter-Medium.otf",
    "Inter-SemiBold.otf",
    "Inter-Bold.otf",
    "Inter-Italic.otf",
    "Inter-BoldItalic.otf",
    "JetBrainsMono-Regular.ttf",
    "JetBrainsMono-Bold.ttf",
    "JetBrainsMono-Italic.ttf",
)
TEXT_FAMILY, CODE_FAMILY = "Inter", "JetBrains Mono"


class Appearance(QObject):
    """Tokens in use, and what else a person chose. ``changed`` follows the system's scheme and the person's settings."""

    changed = Signal()

    def __init__(self, application: QApplication, theme: str = "system", scale: float = 1.0) -> None:
        super().__init__(application)
        self._application = application
        self._theme = theme
        self._scale = scale
        self._font, self._column_width = "inter", COLUMN_WIDTH
        self._tokens = LIGHT
        self._dress()
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._on_system_scheme)

    @property
    def tokens(self) -> Tokens:
        return self._tokens

    @property
    def scale(self) -> float:
        return self._scale

    @property
    def column_width(self) -> int:
        """How wide the conversation may be, in pixels."""
        return self._column_width

    @property
    def reading(self) -> tuple[Tokens, float, str, int]:
        """What a transcript is dressed in: colours, scale, font and width."""
        return self._tokens, self._scale, self._font, self._column_width

    def colour(self, token: str) -> QColor:
        """The colour of the token with this name, as of now."""
        return QColor(getattr(self._tokens, token))

    def pixels(self, size: int) -> int:
        """A type size in pixels at the text scale in use."""
        return max(1, round(size * self._scale))

    def use(self, theme: str, scale: float, font: str = "inter", column_width: int = COLUMN_WIDTH) -> None:
        """Apply the person's choice: "system", "light" or "dark"; "inter", "system" or "serif"."""
        if (theme, scale, font, column_width) != (self._theme, self._scale, self._font, self._column_width):
            self._theme, self._scale, self._font, self._column_width = theme, scale, font, column_width
            self._refresh()

    def follow(self, receiver: Callable[[], None]) -> None:
        """Call ``receiver`` now and after every change; give a bound method of a QObject, so that it ends with it."""
        self.changed.connect(receiver)
        receiver()

    def _on_system_scheme(self, _scheme: Qt.ColorScheme) -> None:
        if self._theme == "system":
            self._refresh()

    def _refresh(self) -> None:
        self._dress()
        self.changed.emit()

    def _dress(self) -> None:
        self._tokens = tokens_for(self._theme, QGuiApplication.styleHints().colorScheme())
        chosen = families(self._font)
        font = QFont(chosen)
        font.setPixelSize(self.pixels(TypeScale().interface))
        font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
        self._application.setFont(font)
        self._application.setPalette(palette(self._tokens))
        self._application.setStyleSheet(style_sheet(self._tokens, self._scale, chosen[0]))


def tokens_for(theme: str, system: Qt.ColorScheme) -> Tokens:
    """The person's choice wins; "system" and an unknown scheme mean light unless the system says dark."""
    dark = theme == "dark" or (theme == "system" and system == Qt.ColorScheme.Dark)
    return DARK if dark else LIGHT


def load_fonts() -> tuple[str, ...]:
    """Load the shipped fonts; returns the files that could not be loaded (the system's font then serves)."""
    return tuple(name for name in FONTS if QFontDatabase.addApplicationFont(str(asset(f"fonts/{name}"))) < 0)


def palette(tokens: Tokens) -> QPalette:
    """For what the style sheet does not reach: selections, links, placeholders, plain text views."""
    colours = QPalette()
    role = QPalette.ColorRole
    for where, colour in (
        (role.Window, tokens.background),
        (role.WindowText, tokens.text),
        (role.Base, tokens.background),
        (role.AlternateBase, tokens.surface),
        (role.Text, tokens.text),
        (role.Button, tokens.raised),
        (role.ButtonText, tokens.text),
        (role.BrightText, tokens.danger),
        (role.Highlight, tokens.selection),
        (role.HighlightedText, tokens.text),
        (role.PlaceholderText, tokens.muted),
        (role.Link, tokens.accent),
        (role.LinkVisited, tokens.accent),
        (role.ToolTipBase, tokens.raised),
        (role.ToolTipText, tokens.text),
        (role.Accent, tokens.accent),
    ):
        colours.setColor(where, QColor(colour))
    for where in (role.WindowText, role.Text, role.ButtonText):
        colours.setColor(QPalette.ColorGroup.Disabled, where, QColor(tokens.muted))
    return colours
