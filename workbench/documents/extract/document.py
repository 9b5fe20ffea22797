"""What was read of a file, and why nothing was. Pure values."""

from __future__ import annotations

import errno
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from workbench.errors import HardwareError, UsageError

TITLE_CHARACTERS = 200


class Why(StrEnum):
    """What a file that could not be read is to a folder: broken or too much; nothing to read in it, or no kind that is
    read; not there any more; kept elsewhere by a cloud drive; refused by the system."""

    FAILED = "failed"
    SKIPPED = "skipped"
    GONE = "gone"
    IN_CLOUD = "in_cloud"
    NO_PERMISSION = "no_permission"


class DocumentError(UsageError):
    """A file cannot be read; the message says why, in words for a person."""

    kind = "document"
    default_hint = "Give another file, or paste the text itself."

    def __init__(self, message: str, *, hint: str = "", detail: str = "", why: Why = Why.FAILED) -> None:
        super().__init__(message, hint=hint, detail=detail)
        self.why = why


class ReaderError(HardwareError):
    """Nothing can be read now, for a reason that is no file's: files that wait go on to wait."""

    kind = "reader"
    default_hint = "Close other programs, or open Workbench again."


_PASSING = (errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.EAGAIN)


def refuse_shortage(error: OSError) -> None:
    """Raises `ReaderError` where the system had no room for it: that says nothing of the file."""
    if error.errno in _PASSING:
        raise ReaderError(f"The system has no room to read documents: {error.strerror}.") from error


@dataclass(frozen=True, slots=True)
class Section:
    """A page, slide, sheet or the like. ``start``: the offset of its first character; it ends where the next begins.
    ``page``: its number from 1, where it has one that a reader of the file goes by (pages and slides)."""

    label: str
    start: int
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Extracted:
    """``text``: with "\\n" alone as the end of a line; empty for a picture. ``sections``: in the order of their starts;
    none where the file has no pages. ``notes``: what was left out, in sentences. ``pixels``: a picture's width, height.
    ``title``: as the file itself says, empty where it does not. ``scanned``: the numbers of its pages that are pictures.
    ``date``: when an article of the web was written, as "2026-11-20", where it says so."""

    text: str
    media_type: str
    sections: tuple[Section, ...] = ()
    notes: tuple[str, ...] = ()
    pixels: tuple[int, int] | None = None
    title: str = ""
    scanned: tuple[int, ...] = ()
    date: str = ""

    @property
    def pieces(self) -> tuple[tuple[str, str], ...]:
        """Label and text of each section; one without a label where there are none."""
        if not self.sections:
            return (("", self.text),)
        ends = (*(section.start for section in self.sections[1:]), len(self.text))
        return tuple(
            (section.label, self.text[section.start : end]) for section, end in zip(self.sections, ends, strict=True)
        )


@dataclass(frozen=True, slots=True)
class Limits:
    """How far the reading of one file may go. ``seconds``: then the child is killed; ``reading_seconds``: then a reader
    that can ends with what it has. ``characters`` of text are kept. ``memory_bytes``: of the whole child."""

    seconds: float = 30.0
    reading_seconds: float = 20.0
    characters: int = 4_000_000
    memory_bytes: int = 1 << 30
    unpacked_bytes: int = 128 << 20
    cells: int = 2_000_000
    picture_bytes: int = 24 << 20
    picture_pixels: int = 64_000_000


def put_together(
    pieces: Sequence[tuple[str, str]],
    media_type: str,
    limits: Limits,
    notes: Sequence[str] = (),
    *,
    title: str = "",
    numbered: bool = False,
) -> Extracted:
    """Sections of labels and texts as one text, cut where it is too long, and told so. ``numbered``: they are pages."""
    text, sections, told = "", [], list(notes)
    grown: list[str] = []
    length = 0
    for number, (label, piece) in enumerate(pieces):
        piece = clean(piece)
        if length + len(piece) > limits.characters:
            piece = piece[: limits.characters - length]
            told.append(cut_note(limits.characters, number, len(pieces), label))
        if label:
            sections.append(Section(label, length, number + 1 if numbered else None))
        grown.append(f"{piece}\n\n" if label and piece else piece)
        length += len(grown[-1])
        if length >= limits.characters:
            break
    text = "".join(grown)
    return Extracted(
        text, media_type, tuple(sections), tuple(told), title=" ".join(clean(title).split())[:TITLE_CHARACTERS]
    )


def cut_note(characters: int, before: int, count: int, label: str) -> str:
    """That the text was cut, and where."""
    where = f", to {label} of {count}" if label and count > 1 and before else ""
    return f"Only the first {characters:,} characters were read{where}."


def clean(text: str) -> str:
    """Without what no text has: NULs and other controls, lone surrogates; lines end with "\\n"."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").translate(_NO_CONTROLS).strip("\n")
    return text.encode("utf-8", "replace").decode("utf-8") if not text.isascii() else text


_NO_CONTROLS = dict.fromkeys([*range(9), 11, *range(14, 32), 127, 0xFEFF])
