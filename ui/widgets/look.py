"""What a widget that paints itself needs to know of the theme: colours, type sizes and fonts at the scale in use."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtGui import QColor, QFont, QFontDatabase

from ui.theme import LIGHT, Tokens, TypeScale

TEXT_FAMILIES = ["Inter", "Segoe UI", "Helvetica Neue", "sans-serif"]
SERIF_FAMILIES = ["Noto Serif", "Georgia", "Source Serif 4", "DejaVu Serif", "Times New Roman", "serif"]
CODE_FAMILIES = ["JetBrains Mono", "SF Mono", "Consolas", "monospace"]
TYPE = TypeScale()


@dataclass(frozen=True, slots=True)
class Look:
    """One theme at one text scale."""

    tokens: Tokens = LIGHT
    scale: float = 1.0
    family: str = "inter"

    def px(self, size: float) -> int:
        """A type size, or a length that goes with it, in pixels at this scale."""
        return max(1, round(size * self.scale))

    def colour(self, token: str) -> QColor:
        """The colour of the token with this name."""
        return QColor(getattr(self.tokens, token))

    def font(self, size: float, weight: int = 400, *, code: bool = False) -> QFont:
        """The text or code font at a size of the type scale."""
        return _font(self.px(size), weight, code, self.family)


@lru_cache(maxsize=8)
def families(name: str) -> list[str]:
    """The fonts for a choice of the settings: "inter", "system" or "serif", the first one that is there first."""
    if name == "system":
        return [QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont).family(), *TEXT_FAMILIES]
    if name != "serif":
        return TEXT_FAMILIES
    there = set(QFontDatabase.families())
    return sorted(SERIF_FAMILIES, key=lambda family: family not in there)


@lru_cache(maxsize=64)
def _font(pixels: int, weight: int, code: bool, family: str) -> QFont:
    font = QFont(CODE_FAMILIES if code else families(family))
    font.setPixelSize(pixels)
    font.setWeight(QFont.Weight(weight))
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    if code:
        font.setStyleHint(QFont.StyleHint.Monospace)
        font.setFixedPitch(True)
    return font
