"""LaTeX to a drawing. Only this module knows the libraries; they are imported with the first formula, and take a second.

Both are Python all through, and some short texts keep them busy for minutes: so there is a limit to a formula's length and
nesting, and a clock that stops them.
"""

from __future__ import annotations

import re
import sys
import time
import warnings
from dataclasses import dataclass
from types import FrameType
from typing import Any

from workbench.markup.formulas import MOST_CHARACTERS

SECONDS = 1.0  # of this thread's processor time, for one formula
_LIBRARIES = frozenset({"ziamath", "ziafont", "latex2mathml"})
_DEEPEST = 12  # groups within groups
_MOST_COMMANDS = 300
_LARGEST = 500_000  # characters of a drawing
_REFUSED = re.compile(r"\\(?:href|includegraphics|input|include|def|newcommand|tag)\b")
_BEYOND_THE_FONT = re.compile(
    "[\u0590-\u08ff\u0e00-\u1fff\u2e80-\ud7ff\uf900-\ufaff\uff00-\uffff]"
)  # it would draw boxes
_KNOWN_ONLY = re.compile(r">\\[a-zA-Z]")  # the converter leaves the name of a command it does not know as text


@dataclass(frozen=True, slots=True)
class Drawing:
    """``svg``: paths only. Sizes in pixels; ``above``: of the whole, how much stands above the line of text."""

    svg: str
    width: float
    height: float
    above: float


class FormulaError(ValueError):
    """This text is no formula that can be drawn: show it as it is."""


def draw(latex: str, *, size: float, colour: str, display: bool) -> Drawing:
    """``latex`` without its dollars as an SVG in ``colour`` (#rrggbb) at a type ``size`` in pixels.

    Raises `FormulaError` when it cannot be read, is refused, or takes longer than ``SECONDS``.
    """
    _refuse(latex)
    try:
        ziamath = _library()
        with _Clock(SECONDS):
            made = ziamath.Latex(latex, size=size, color=colour, inline=not display, margin=1.0)
            svg = made.svg()
    except Exception as error:  # the libraries raise whatever comes: assertions, index and key errors, recursion
        raise FormulaError(f"{type(error).__name__}: {error}") from error
    if _KNOWN_ONLY.search(_text_of(made)) or len(svg) > _LARGEST:
        raise FormulaError("a command is not known")
    return _measured(svg)


def _refuse(latex: str) -> None:
    """Before anything is imported: what would take too long, or is no mathematics."""
    if len(latex) > MOST_CHARACTERS or latex.count("\\") > _MOST_COMMANDS or _REFUSED.search(latex):
        raise FormulaError("too long, or not allowed")
    if _BEYOND_THE_FONT.search(latex):
        raise FormulaError("the font of formulas lacks a character")
    depth = 0
    for mark in re.findall(r"\\\\|\\[{}]|\\left|\\right|\\begin|\\end|[{}]", latex):
        depth += {"{": 1, "}": -1, "\\left": 1, "\\right": -1, "\\begin": 1, "\\end": -1}.get(mark, 0)
        if depth > _DEEPEST:
            raise FormulaError("nested too deeply")


def _library() -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of how the library finds its font
        import ziamath
        from ziamath.config import config

    config.svg2 = False  # paths at their place, which every viewer draws
    return ziamath


def _text_of(made: Any) -> str:
    from xml.etree import ElementTree as ET

    return ET.tostring(made.mathml, encoding="unicode")


def _measured(svg: str) -> Drawing:
    box = re.search(r'viewBox="([-\d.]+) ([-\d.]+) ([-\d.]+) ([-\d.]+)"', svg)
    if box is None:
        raise FormulaError("nothing was drawn")
    _, top, width, height = map(float, box.groups())
    if not (0 < width < 20_000 and 0 < height < 20_000):
        raise FormulaError("nothing was drawn")
    return Drawing(svg, width, height, -top)


class _Clock:
    """Stops Python code that runs for too long, at its next call of a function; also in a thread, where no signal could."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._end = 0.0
        self._before: Any = None

    def __enter__(self) -> None:
        self._end = time.thread_time() + self._seconds
        self._before = sys.gettrace()
        sys.settrace(self._look)

    def __exit__(self, *_: object) -> None:
        sys.settrace(self._before)

    def _look(self, frame: FrameType, _event: str, _argument: Any) -> None:
        """Only the libraries are stopped: what is raised where things are let go is heard by nobody, and ends the watch."""
        if time.thread_time() > self._end and frame.f_globals.get("__name__", "").partition(".")[0] in _LIBRARIES:
            raise TimeoutError("the formula takes too long")
