"""The application's style sheet, generated from the tokens. Pure: tokens and a scale in, text out.

A widget picks its look with the dynamic properties ``look`` (what it is) and ``tone`` (how its text speaks), so the sheet
needs no class names and a widget no colours.
"""

from __future__ import annotations

from collections.abc import Callable

from ui.theme import RADIUS_LARGE, RADIUS_MEDIUM, RADIUS_SMALL, Tokens, TypeScale
from ui.widgets.look import CODE_FAMILIES

FOCUS_WIDTH = 2


def style_sheet(tokens: Tokens, scale: float = 1.0, family: str = "Inter") -> str:
    """The whole sheet. ``scale`` multiplies every type size; spacing stays."""
    sizes = TypeScale()

    def px(size: int) -> int:
        return max(1, round(size * scale))

    return "\n".join(
        (
            _base(tokens, family, px(sizes.interface)),
            _labels(tokens, px, sizes),
            _frames(tokens),
            _buttons(tokens, px(sizes.caption)),
            _fit_labels(tokens, px(sizes.caption)),
            _fields(tokens, px(sizes.body)),
            _cloud(tokens, px),
            _scroll_bars(tokens),
            _progress(tokens),
        )
    )


def _base(t: Tokens, family: str, size: int) -> str:
    return f"""
    QWidget {{ font-family: "{family}"; font-size: {size}px; color: {t.text}; }}
    QMainWindow, QWidget[look="page"], QStackedWidget {{ background: {t.background}; }}
    QScrollArea, QScrollArea > QWidget > QWidget[look="column"] {{ background: transparent; border: none; }}
    QListView {{ background: transparent; border: none; outline: none; }}
    QListView[look="commands"]::item {{ border-radius: {RADIUS_SMALL}px; padding-left: 6px; }}
    QListView[look="commands"]::item:hover {{ background: {t.hover}; }}
    QListView[look="commands"]::item:selected {{ background: {t.active}; color: {t.text}; }}
    QTableView {{ background: {t.background}; border: 1px solid {t.border}; gridline-color: {t.border};
        selection-background-color: {t.selection}; selection-color: {t.text}; }}
    QTableView[look="files"] {{ background: transparent; border: none; selection-background-color: transparent; }}
    QTableView[look="results"]::item {{ padding: 0 7px; }}
    QTableView[look="results"]::item:selected {{ background: {t.selection}; color: {t.text}; }}
    QTableView[look="offers"] {{ background: transparent; border: none; }}
    QTableView[look="offers"]::item {{ padding: 0 5px; border-bottom: 1px solid {t.border}; }}
    QTableView[look="offers"]::item:selected {{ background: {t.active}; color: {t.text}; }}
    QHeaderView, QTableCornerButton::section {{ background: {t.surface}; border: none; }}
    QHeaderView::section {{
        background: {t.surface}; color: {t.muted}; border: none; border-right: 1px solid {t.border};
        border-bottom: 1px solid {t.border}; padding: 3px 8px; }}
    QToolTip {{ background: {t.raised}; color: {t.text}; border: 1px solid {t.strong_border}; padding: 4px 6px; }}
    """


def _labels(t: Tokens, px: Callable[[int], int], sizes: TypeScale) -> str:
    return f"""
    QLabel {{ background: transparent; }}
    QLabel[tone="muted"] {{ color: {t.muted}; }}
    QLabel[tone="caption"] {{ color: {t.muted}; font-size: {px(sizes.caption)}px; }}
    QLabel[tone="small"] {{ font-size: {px(sizes.caption)}px; }}
    QLabel[tone="body"] {{ font-size: {px(sizes.body)}px; }}
    QLabel[tone="product"] {{ font-size: {px(sizes.body)}px; font-weight: 600; }}
    QLabel[tone="title"] {{ font-size: {px(sizes.body)}px; font-weight: 600; }}
    QLabel[tone="heading"] {{ font-size: {px(sizes.h1)}px; font-weight: 600; }}
    QLabel[tone="subheading"] {{ font-size: {px(sizes.h3)}px; font-weight: 600; }}
    QLabel[tone="strong"] {{ font-weight: 600; }}
    QLabel[tone="accent"] {{ color: {t.accent}; font-weight: 600; }}
    QLabel[tone="danger"] {{ color: {t.danger}; }}
    QLabel[tone="badge"] {{
        color: {t.accent}; background: {t.accent_soft}; border-radius: 8px; padding: 1px 9px;
        font-size: {px(sizes.caption)}px; font-weight: 600; }}
    QLabel[tone="warning-badge"] {{
        color: {t.cloud}; background: {t.cloud_soft}; border-radius: 8px; padding: 1px 9px;
        font-size: {px(sizes.caption)}px; font-weight: 600; }}
    QLabel[tone="key"] {{
        color: {t.text}; background: {t.surface}; border: 1px solid {t.strong_border}; border-radius: 5px;
        padding: 1px 6px; font-size: {px(sizes.caption)}px; font-weight: 500; }}
    """


def _frames(t: Tokens) -> str:
    return f"""
    QFrame[look="sidebar"] {{ background: {t.sidebar}; border: none; border-right: 1px solid {t.border}; }}
    QFrame[look="card"] {{
        background: {t.surface}; border: 1px solid {t.border}; border-radius: {RADIUS_MEDIUM}px; }}
    QFrame[look="pane"] {{
        background: {t.background}; border: 1px solid {t.border}; border-radius: {RADIUS_MEDIUM}px; }}
    QFrame[look="details"] {{ background: {t.surface}; border: none; border-left: 1px solid {t.border}; }}
    QFrame[look="composer"] {{
        background: {t.raised}; border: 1px solid {t.control_border}; border-radius: {RADIUS_LARGE}px; }}
    QFrame[look="composer"][focused="true"] {{ border: {FOCUS_WIDTH}px solid {t.accent}; }}
    QFrame[look="drop"] {{
        background: {t.raised}; border: 2px dashed {t.accent}; border-radius: {RADIUS_LARGE}px; }}
    QFrame[look="popover"], QFrame[look="toast"] {{
        background: {t.raised}; border: 1px solid {t.strong_border}; border-radius: {RADIUS_MEDIUM}px; }}
    QFrame[look="quick"] {{ background: {t.background}; border: 1px solid {t.strong_border}; }}
    QFrame[look="notice"] {{
        background: {t.surface}; border: 1px solid {t.border}; border-radius: {RADIUS_MEDIUM}px; }}
    QFrame[look="notice"][tone="danger"] {{ border: 1px solid {t.danger}; }}
    QFrame[look="rule"] {{ background: {t.border}; border: none; max-height: 1px; min-height: 1px; }}
    """


def _buttons(t: Tokens, caption: int) -> str:
    return f"""
    QPushButton {{
        border-radius: {RADIUS_SMALL + 2}px; padding: 7px 12px; border: 1px solid {t.control_border};
        background: {t.raised}; color: {t.text}; font-weight: 500; outline: none; }}
    QPushButton:hover {{ background: {t.hover}; }}
    QPushButton:pressed, QPushButton:checked {{ background: {t.active}; }}
    QPushButton:focus {{ border: {FOCUS_WIDTH}px solid {t.accent}; padding: 6px 11px; }}
    QPushButton:disabled {{ color: {t.muted}; background: transparent; border: 1px solid {t.border}; }}
    QPushButton[look="primary"] {{
        background: {t.accent}; color: {t.on_accent}; border: 1px solid {t.accent}; font-weight: 600; }}
    QPushButton[look="primary"]:focus {{ border: {FOCUS_WIDTH}px solid {t.text}; }}
    QPushButton[look="primary"]:disabled {{
        background: {t.hover}; color: {t.muted}; border: 1px solid {t.border}; }}
    QPushButton[look="quiet"], QPushButton[look="entry"], QPushButton[look="tick"] {{
        background: transparent; border: {FOCUS_WIDTH}px solid transparent; padding: 6px 10px; }}
    QPushButton[look="entry"], QPushButton[look="tick"] {{ text-align: left; font-weight: 400; }}
    QPushButton[look="quiet"]:hover, QPushButton[look="entry"]:hover, QPushButton[look="tick"]:hover {{
        background: {t.hover}; }}
    QPushButton[look="tick"]:checked {{ background: transparent; }}
    QPushButton[look="quiet"]:pressed, QPushButton[look="entry"]:pressed,
    QPushButton[look="entry"]:checked {{ background: {t.active}; }}
    QPushButton[look="quiet"]:focus, QPushButton[look="entry"]:focus, QPushButton[look="tick"]:focus {{
        border: {FOCUS_WIDTH}px solid {t.accent}; padding: 6px 10px; }}
    QPushButton[look="entry"]:disabled, QPushButton[look="tick"]:disabled {{ border: {FOCUS_WIDTH}px solid transparent; }}
    QPushButton[look="entry"][tone="danger"] {{ color: {t.danger}; }}
    QPushButton[look="entry"][tone="danger"]:pressed {{ color: {t.text}; }}
    QPushButton[look="chip"] {{ border-radius: 14px; padding: 4px 11px; min-height: 18px; }}
    QPushButton[look="chip"]:focus {{ padding: 3px 10px; }}
    QPushButton[look="filter"] {{ border-radius: 11px; padding: 2px 9px; min-height: 16px; font-size: {caption}px; }}
    QPushButton[look="filter"]:focus {{ padding: 1px 8px; }}
    QPushButton[look="filter"]:checked {{ background: {t.accent_soft}; color: {t.accent}; }}
    QPushButton[look="suggestion"] {{
        text-align: left; background: {t.surface}; padding: 11px 14px; border-radius: {RADIUS_MEDIUM}px;
        font-weight: 400; }}
    QPushButton[look="suggestion"]:hover {{ background: {t.hover}; }}
    QPushButton[look="suggestion"]:focus {{ padding: 10px 13px; }}
    QPushButton[look="switch"] {{
        background: transparent; border: {FOCUS_WIDTH}px solid transparent; padding: 4px 2px; }}
    QPushButton[look="switch"]:hover {{ background: {t.hover}; }}
    QPushButton[look="switch"]:pressed {{ background: {t.active}; }}
    QPushButton[look="switch"]:focus {{ border: {FOCUS_WIDTH}px solid {t.accent}; padding: 4px 2px; }}
    QPushButton[look="link"] {{
        background: transparent; border: {FOCUS_WIDTH}px solid transparent; padding: 0; color: {t.accent};
        text-decoration: underline; font-weight: 400; }}
    QPushButton[look="link"]:focus {{ border: {FOCUS_WIDTH}px solid {t.accent}; padding: 0; }}
    QPushButton[look="new-chat"] {{ text-align: left; padding: 7px 10px; font-weight: 600; }}
    QPushButton[look="new-chat"]:focus {{ padding: 6px 9px; }}
    QToolButton {{
        background: transparent; border: {FOCUS_WIDTH}px solid transparent; border-radius: {RADIUS_SMALL}px;
        padding: 3px; }}
    QToolButton:hover {{ background: {t.hover}; }}
    QToolButton:pressed, QToolButton:checked {{ background: {t.active}; }}
    QToolButton:focus {{ border: {FOCUS_WIDTH}px solid {t.accent}; }}
    QToolButton[look="send"] {{
        background: {t.accent}; border: {FOCUS_WIDTH}px solid {t.accent}; border-radius: 16px; padding: 4px; }}
    QToolButton[look="send"]:focus {{ border: {FOCUS_WIDTH}px solid {t.text}; }}
    QToolButton[look="send"]:disabled {{ background: {t.active}; border: {FOCUS_WIDTH}px solid {t.active}; }}
    """


def _fit_labels(t: Tokens, caption: int) -> str:
    """Buttons that say whether a model fits: the colour only repeats what the words and the sign say."""
    return f"""
    QPushButton[look="fit"] {{
        border-radius: 12px; padding: 3px 10px; min-height: 16px; border: 1px solid transparent;
        font-size: {caption}px; font-weight: 600; }}
    QPushButton[look="fit"][tone="good"] {{ color: {t.accent}; background: {t.accent_soft}; }}
    QPushButton[look="fit"][tone="fair"] {{ color: {t.text}; background: {t.bubble}; }}
    QPushButton[look="fit"][tone="bad"] {{
        color: {t.danger}; background: {t.surface}; border: 1px solid {t.danger}; }}
    QPushButton[look="fit"]:hover {{ border: 1px solid {t.accent}; }}
    QPushButton[look="fit"]:focus {{ border: {FOCUS_WIDTH}px solid {t.accent}; padding: 2px 9px; }}
    """


def _fields(t: Tokens, body: int) -> str:
    return f"""
    QLineEdit, QTextEdit[look="field"], QPlainTextEdit[look="field"], QComboBox, QSpinBox {{
        background: {t.raised}; border: 1px solid {t.control_border}; border-radius: {RADIUS_SMALL + 2}px;
        padding: 7px 10px; selection-background-color: {t.selection}; selection-color: {t.text};
        placeholder-text-color: {t.muted}; }}
    QLineEdit:focus, QPlainTextEdit[look="field"]:focus, QComboBox:focus, QSpinBox:focus {{
        border: {FOCUS_WIDTH}px solid {t.accent}; padding: 6px 9px; }}
    QLineEdit[look="bare"] {{
        border: none; border-radius: 0; background: transparent; padding: 6px 4px; font-size: {body}px; }}
    QLineEdit[look="rename"] {{ padding: 2px 8px; border-radius: {RADIUS_SMALL}px; }}
    QPlainTextEdit[look="draft"] {{
        background: transparent; border: none; padding: 0; font-size: {body}px; placeholder-text-color: {t.muted};
        selection-background-color: {t.selection}; selection-color: {t.text}; }}
    QSlider::groove:horizontal {{ height: 4px; background: {t.control_border}; border-radius: 2px; }}
    QSlider::sub-page:horizontal {{ background: {t.accent}; border-radius: 2px; }}
    QSlider::handle:horizontal {{
        background: {t.raised}; border: 2px solid {t.accent}; width: 14px; height: 14px; margin: -7px 0;
        border-radius: 9px; }}
    QSlider:focus {{ border: {FOCUS_WIDTH}px solid {t.accent}; border-radius: {RADIUS_SMALL}px; }}
    """


def _cloud(t: Tokens, px: Callable[[int], int]) -> str:
    """What leaves, or would: amber, and always with a word."""
    families = ", ".join(f'"{one}"' for one in CODE_FAMILIES)
    return f"""
    QLabel[tone="cloud"] {{ color: {t.cloud}; font-weight: 600; }}
    QLabel[tone="cloud-caption"] {{ color: {t.cloud}; font-size: {px(12)}px; font-weight: 600; }}
    QFrame[look="cloud"] {{ background: {t.cloud_soft}; border: none; border-radius: {RADIUS_MEDIUM}px; }}
    QStackedWidget[look="bare"] {{ background: transparent; }}
    QPushButton[look="cloud"] {{
        background: {t.cloud}; color: {t.background}; border: 1px solid {t.cloud}; font-weight: 600; }}
    QPushButton[look="cloud"]:focus {{ border: {FOCUS_WIDTH}px solid {t.text}; }}
    QPushButton[look="cloud"]:disabled {{
        background: {t.hover}; color: {t.muted}; border: 1px solid {t.border}; }}
    QPushButton[look="filter"][tone="cloud"]:checked {{ background: {t.cloud_soft}; color: {t.cloud}; }}
    QProgressBar[tone="cloud"]::chunk {{ background: {t.cloud}; border-radius: 3px; }}
    QPlainTextEdit[look="bytes"] {{
        background: {t.code}; border: 1px solid {t.border}; border-radius: {RADIUS_SMALL + 2}px; padding: 8px 10px;
        font-family: {families}; font-size: {px(12)}px;
        selection-background-color: {t.selection}; selection-color: {t.text}; }}
    QPlainTextEdit[look="bytes"]:focus {{ border: {FOCUS_WIDTH}px solid {t.accent}; padding: 7px 9px; }}
    """


def _scroll_bars(t: Tokens) -> str:
    return f"""
    QScrollBar:vertical {{ background: transparent; width: 12px; margin: 0; }}
    QScrollBar::handle:vertical {{
        background: {t.strong_border}; min-height: 32px; border-radius: 3px; margin: 2px 3px; }}
    QScrollBar::handle:vertical:hover {{ background: {t.control_border}; }}
    QScrollBar:horizontal {{ background: transparent; height: 12px; margin: 0; }}
    QScrollBar::handle:horizontal {{
        background: {t.strong_border}; min-width: 32px; border-radius: 3px; margin: 3px 2px; }}
    QScrollBar::handle:horizontal:hover {{ background: {t.control_border}; }}
    QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
    QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
    """


def _progress(t: Tokens) -> str:
    return f"""
    QProgressBar {{ background: {t.active}; border: none; border-radius: 3px; max-height: 6px; min-height: 6px; }}
    QProgressBar::chunk {{ background: {t.accent}; border-radius: 3px; }}
    """
