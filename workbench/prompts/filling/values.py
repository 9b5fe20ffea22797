"""What people fill in, as the kinds of variables want it: checked, and turned into the text that stands in the prompt.

Numbers and dates are read as people write them where that can mean one thing only; what could mean two is refused.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from workbench.cancel import CancelToken
from workbench.errors import UsageError
from workbench.paths import given
from workbench.prompts.prompt import Variable, VariableKind

MOST_VALUE_CHARACTERS: Final = 4 << 20
_MOST_DIGITS: Final = 300
_SPACES: Final = re.compile(r"(?<=\d)[\s'’](?=\d{3}(?!\d))")
_PLAIN: Final = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d{1,3})?")
_GROUPED: Final = re.compile(r"[-+]?\d{1,3}(?:([.,])\d{3})(?:\1\d{3})*(?:(?!\1)[.,](\d+))?")
_ONE_GROUP: Final = re.compile(r"[-+]?[1-9]\d{0,2},\d{3}")
_DAY: Final = re.compile(r"(?:(today|tomorrow|yesterday)|(today)\s*([-+])\s*(\d{1,5}))", re.IGNORECASE)
_POINTS: Final = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})")
_OFFSETS: Final = {"today": 0, "tomorrow": 1, "yesterday": -1}


@dataclass(frozen=True, slots=True)
class Sources:
    """Where values come from that nobody types. ``read_file``: the text of a file, for a person's eyes and the model's;
    ``clipboard``: what was copied last; ``search``: the passages that the folder of this name has for these words, fenced.
    None: there is none here. They raise `WorkbenchError`, the first and last `Cancelled` too."""

    read_file: Callable[[Path, CancelToken], str] | None = None
    clipboard: Callable[[], str] | None = None
    search: Callable[[str, str, CancelToken], str] | None = None


NO_SOURCES: Final = Sources()


def called(variable: Variable) -> str:
    """As people call it."""
    return variable.label.strip() or variable.name


def complaint(variable: Variable, value: str, today: date) -> str:
    """What is wrong with a value that was typed, in a sentence; empty where nothing is. An empty value is never wrong."""
    try:
        checked(variable, value, today)
    except UsageError as error:
        return error.message
    return ""


def checked(variable: Variable, value: str, today: date) -> str:
    """The value as it stands in the prompt, but of files and searches: those are fetched by `fetched`.

    Raises `UsageError` for what is no such number, date or choice, and for what is too long.
    """
    if len(value) > MOST_VALUE_CHARACTERS:
        raise _wrong(variable, f"has more than {MOST_VALUE_CHARACTERS:,} characters", "Leave something out.")
    if not value.strip():
        return "" if variable.kind in _TYPED else value
    match variable.kind:
        case VariableKind.NUMBER:
            return str(number(variable, value))
        case VariableKind.DATE:
            return _date(variable, value, today).isoformat()
        case VariableKind.CHOICE:
            return _choice(variable, value)
    return value


_TYPED: Final = frozenset({VariableKind.NUMBER, VariableKind.DATE, VariableKind.CHOICE})


def fetched(variable: Variable, value: str, sources: Sources, cancel: CancelToken) -> str:
    """What stands in the prompt for a checked value: of a file its text, of a search the passages.

    Raises `UsageError` where there is no such source here, and what the source raises.
    """
    if variable.kind is VariableKind.FILE and value.strip():
        if sources.read_file is None:
            raise _wrong(variable, "is a file, and files are not read here", "Paste its text.")
        return _bounded(variable, sources.read_file(given(value.strip()), cancel))
    if variable.kind is VariableKind.FOLDER_SEARCH and value.strip():
        if sources.search is None:
            raise _wrong(variable, "is searched for in a folder, and folders are not there", "Paste the passages.")
        return _bounded(variable, sources.search(variable.folder, value, cancel))
    if variable.kind is VariableKind.CLIPBOARD and not value:
        return _bounded(variable, copied(sources))
    return value


def copied(sources: Sources) -> str:
    """What is on the clipboard; empty where there is none."""
    return "" if sources.clipboard is None else sources.clipboard()


def number(variable: Variable, value: str) -> int | float:
    """``1234``, ``1 234,5``, ``1,234.5``, ``1.234,5``, ``1e6``. Raises `UsageError`, also for the ambiguous ``1,234``."""
    written = "".join(_digit(one) for one in value.strip()).replace("\N{MINUS SIGN}", "-")
    written = _SPACES.sub("", written)
    if len(written) > _MOST_DIGITS:
        raise _wrong(variable, "is no number of a sensible length")
    if _ONE_GROUP.fullmatch(written):
        plain = written.replace(",", "")
        raise _wrong(
            variable,
            f"could mean two numbers: {written}",
            f"Write {plain}, or {written.replace(',', '.')} with a point.",
        )
    if not _PLAIN.fullmatch(written) and (grouped := _GROUPED.fullmatch(written)) and _has_two(written):
        whole = written[: -len(grouped[2]) - 1] if grouped[2] else written
        written = re.sub(r"[.,]", "", whole) + (f".{grouped[2]}" if grouped[2] else "")
    written = written.replace(",", ".") if written.count(",") == 1 and "." not in written else written
    if not _PLAIN.fullmatch(written):
        raise _wrong(variable, f"is no number: {_shown(value)}", "Write it with digits, as 1234.5.")
    return _counted(variable, written)


def _has_two(written: str) -> bool:
    return sum(map(written.count, ",.")) > 1


def _counted(variable: Variable, written: str) -> int | float:
    if re.fullmatch(r"[-+]?\d+", written):
        return int(written)
    found = float(written)
    if found in (float("inf"), float("-inf")):
        raise _wrong(variable, "is too large a number")
    return found


def _digit(one: str) -> str:
    """Digits of any script as ours."""
    return str(unicodedata.decimal(one)) if one.isdecimal() else one


def _date(variable: Variable, value: str, today: date) -> date:
    written = value.strip()
    try:
        if relative := _DAY.fullmatch(written):
            word, _today, sign, days = relative.groups()
            return today + timedelta(_OFFSETS[word.lower()] if word else int(f"{sign}{days}"))
        if pointed := _POINTS.fullmatch(written):
            day, month, year = map(int, pointed.groups())
            return date(year, month, day)
        return date.fromisoformat(written)
    except (ValueError, OverflowError):
        raise _wrong(
            variable, f"is no date: {_shown(value)}", f"Write it as {today.isoformat()}, or today, or today+7."
        ) from None


def _choice(variable: Variable, value: str) -> str:
    wanted = value.strip()
    if wanted in variable.choices:
        return wanted
    for one in variable.choices:
        if one.casefold().strip() == wanted.casefold():
            return one
    raise _wrong(
        variable, f"has no choice {_shown(value)}", f"Choose one of: {', '.join(map(_shown, variable.choices[:20]))}."
    )


def _bounded(variable: Variable, text: str) -> str:
    if len(text) > MOST_VALUE_CHARACTERS:
        raise _wrong(variable, f"has more than {MOST_VALUE_CHARACTERS:,} characters", "Choose a shorter one.")
    return text


def _wrong(variable: Variable, what: str, hint: str = "") -> UsageError:
    return UsageError(f"“{called(variable)}” {what}.", hint=hint or "Correct what is filled in.")


def _shown(value: str) -> str:
    short = " ".join(value.split())
    return repr(short if len(short) <= 40 else f"{short[:39]}…")
