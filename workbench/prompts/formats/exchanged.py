"""What comes of reading and writing another program's format. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from workbench.errors import UsageError
from workbench.prompts.filling.parsing import Kind, Segment, escaped, parse
from workbench.prompts.prompt import Prompt

MOST_BYTES: Final = 64 << 20
MOST_PROMPTS: Final = 20_000


@dataclass(frozen=True, slots=True)
class Left:
    """``what``: a prompt, or a piece of one; ``why``: a sentence without its full stop."""

    what: str
    why: str


@dataclass(frozen=True, slots=True)
class Earlier:
    """A version that was read. ``saved_at``: in seconds since the epoch; None: not told."""

    prompt: Prompt
    note: str = ""
    saved_at: float | None = None


@dataclass(frozen=True, slots=True)
class Brought:
    """A prompt that was read, with what is told of its newest version. ``earlier``: its older ones, oldest first.
    ``favourite``: it was one."""

    prompt: Prompt
    earlier: tuple[Earlier, ...] = ()
    favourite: bool = False
    note: str = ""
    saved_at: float | None = None


@dataclass(frozen=True, slots=True)
class Imported:
    """``skipped``: what is in the file and not in the prompts."""

    prompts: tuple[Brought, ...] = ()
    skipped: tuple[Left, ...] = ()


@dataclass(frozen=True, slots=True)
class Exported:
    """``files``: names and contents. ``lost``: what the format cannot hold."""

    files: tuple[tuple[str, bytes], ...] = ()
    lost: tuple[Left, ...] = ()


class NotThisFormat(UsageError):  # noqa: N818 - named for what it is
    """The content is something else."""

    default_hint = "Say what it is with --format."


def text_of(content: bytes, name: str) -> str:
    """With line ends as here. Raises `NotThisFormat` for what is no text, or far too much."""
    if len(content) > MOST_BYTES:
        raise NotThisFormat(f"{name} is larger than {MOST_BYTES >> 20} MB.", hint="Give a smaller file.")
    try:
        return content.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError:
        raise NotThisFormat(f"{name} is not UTF-8 text.", hint="Save it as UTF-8.") from None


# Variables ------------------------------------------------------------------------------------------------------------


def literal(text: str) -> str:
    """Words of another format as they are here: what would be filled in here is not."""
    return _joined([(text, False)])


def inward(text: str, pattern: re.Pattern[str], made: Callable[[re.Match[str]], str | None]) -> str:
    """``text`` of another format with its variables (``pattern``) as ours; None of ``made``: they are words."""
    pieces, at = [], 0
    for match in pattern.finditer(text):
        variable = made(match)
        if variable is not None:
            pieces += [(text[at : match.start()], False), (variable, True)]
            at = match.end()
    return _joined([*pieces, (text[at:], False)])


def _joined(pieces: Sequence[tuple[str, bool]]) -> str:
    """Words and variables. Braces in the words stay as they are where nobody takes them for more."""
    plain = "".join(piece for piece, _ours in pieces)
    if _filled_in(plain) == [one for piece, ours in pieces if ours for one in _filled_in(piece)]:
        return plain
    return "".join(piece if ours else escaped(piece) for piece, ours in pieces)


def _filled_in(text: str) -> list[str]:
    return [text[one.start : one.end] for one in parse(text).segments if one.kind is not Kind.TEXT]


@dataclass(slots=True)
class Outward:
    """Our text for another format. ``variable``: how it writes one. ``words``: how it writes words, which it must not take
    for variables: where it has no way to, ``taken`` finds what it would take."""

    variable: Callable[[str], str]
    words: Callable[[str], str] = str
    taken: re.Pattern[str] | None = None
    lost: list[str] = field(default_factory=list)

    def text(self, text: str) -> str:
        return "".join(self._piece(text, piece) for piece in parse(text).segments)

    def _piece(self, text: str, piece: Segment) -> str:
        as_it_is = text[piece.start : piece.end]
        if piece.kind is Kind.VARIABLE:
            return self.variable(piece.says)
        if piece.kind in (Kind.TEXT, Kind.BRACES, Kind.RAW):
            said = as_it_is if piece.kind is Kind.TEXT else piece.says
            if self.taken is not None and self.taken.search(said):
                self._lose("words that look like a variable of this format will be taken for one")
            return self.words(said)
        if piece.kind is Kind.COMMENT:
            self._lose("comments in the text are left out")
            return ""
        self._lose("conditions, loops and results of steps are written as they are, and mean nothing there")
        return self.words(as_it_is)

    def _lose(self, why: str) -> None:
        if why not in self.lost:
            self.lost.append(why)


def identifier(words: str, taken: Collection[str] = ()) -> str:
    """A name that a variable can have, made of these words."""
    name = re.sub(r"\W+", "_", words.strip()).strip("_") or "value"
    name = f"_{name}" if name[0].isdigit() else name
    number, found = 2, name
    while found in taken:
        found, number = f"{name}_{number}", number + 1
    return found


# What a format cannot hold --------------------------------------------------------------------------------------------

_WORDS: Final[Mapping[str, str]] = {
    "system": "its system part",
    "tags": "its tags",
    "model": "its model",
    "effort": "its effort",
    "temperature": "its temperature",
    "folders": "its document folders",
    "schema": "the JSON schema of its answers",
    "table": "the table form of its answers",
    "notes": "its notes",
    "cases": "its test cases",
    "extra": "keys of other programs",
}


def has(prompt: Prompt) -> tuple[str, ...]:
    """Which of `_WORDS` a prompt has."""
    wanted = prompt.preferences
    there = {
        "system": prompt.system,
        "tags": prompt.tags,
        "model": wanted.model,
        "effort": wanted.effort,
        "temperature": wanted.temperature is not None,
        "folders": prompt.folders,
        "schema": prompt.output.schema is not None,
        "table": prompt.output.columns,
        "notes": prompt.notes,
        "cases": prompt.cases,
        "extra": prompt.extra,
    }
    return tuple(word for word, value in there.items() if value)


def lost_of(prompt: Prompt, holds: Collection[str], more: Collection[str] = ()) -> tuple[Left, ...]:
    """``holds``: words of `has`. ``more``: what else is lost, in sentences."""
    gone = [_WORDS[word] for word in has(prompt) if word not in holds]
    told = [f"{', '.join(gone)}: this format cannot hold that"] if gone else []
    return tuple(Left(prompt.title, why) for why in (*told, *more))


def without_steps(prompt: Prompt) -> tuple[Left, ...]:
    """Why a prompt cannot be written at all; nothing for one that can."""
    why = "it has several steps, which this format does not know: it was left out"
    return (Left(prompt.title, why),) if prompt.steps else ()
