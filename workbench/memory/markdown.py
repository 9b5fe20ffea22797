"""What is remembered as Markdown, for people and to be read again without loss. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from workbench.memory.memory import AboutMe, Fact
from workbench.memory.wording import one_line
from workbench.messages import Id

TITLE: Final = "# Memory"
_PROJECT: Final = "Project: "
_ABOUT, _HOW, _FACTS = "About me", "How to answer", "Facts"
_KNOWN: Final = {name.casefold(): name for name in (_ABOUT, _HOW, _FACTS)}
_HEADING: Final = re.compile(r"(#{1,6})\s+(.*?)\s*#*")
_HASHES: Final = re.compile(r"(\\*)#")
_NOTED: Final = re.compile(r"(.*) <!-- since (\S+?)(?:; from (\w*)#(\w*))?(; off)? -->")


@dataclass(frozen=True, slots=True)
class Noted:
    """A fact as a file has it. ``created_at`` None: the file does not say."""

    text: str
    created_at: float | None = None
    conversation_id: Id | None = None
    message_id: Id | None = None
    active: bool = True


@dataclass(frozen=True, slots=True)
class Section:
    """What a file says for a project, by its name; empty: for all chats."""

    project: str = ""
    texts: AboutMe = AboutMe()
    facts: tuple[Noted, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.texts.about or self.texts.how or self.facts)


def as_markdown(
    own: AboutMe, of_projects: Mapping[str, AboutMe], facts: Sequence[Fact], names: Mapping[Id, str]
) -> str:
    """``of_projects``: texts by the project's name; ``names``: of projects, by id."""
    blocks = [TITLE, *_section(2, own, [fact for fact in facts if fact.project_id is None])]
    for project_id, name in names.items():
        of_project = [fact for fact in facts if fact.project_id == project_id]
        section = _section(3, of_projects.get(name, AboutMe()), of_project)
        blocks += [f"## {_PROJECT}{name}", *section] if section else []
    return "\n\n".join(blocks) + "\n"


def _section(level: int, texts: AboutMe, facts: Sequence[Fact]) -> list[str]:
    lines = "\n".join(map(_line, facts))
    told = ((_ABOUT, _escaped(texts.about)), (_HOW, _escaped(texts.how)), (_FACTS, lines))
    return [f"{'#' * level} {name}\n\n{text}" for name, text in told if text]


def _line(fact: Fact) -> str:
    since = datetime.fromtimestamp(fact.created_at, UTC).isoformat()
    source = f"; from {fact.conversation_id}#{fact.message_id or ''}" if fact.conversation_id else ""
    return f"- {fact.text} <!-- since {since}{source}{'' if fact.active else '; off'} -->"


def _escaped(text: str) -> str:
    """Headings in what a person wrote are no headings of the file."""
    return "\n".join(f"\\{line}" if _HASHES.match(line) else line for line in text.split("\n"))


def _unescaped(line: str) -> str:
    return line[1:] if line.startswith("\\") and _HASHES.match(line) else line


def sections(markdown: str) -> tuple[Section, ...]:
    """What `as_markdown` made, also where a person wrote into it. Text under headings that are not known is "About me";
    lines under *Facts* that are no items are facts too."""
    places: dict[str, _Place] = {}
    for project, kind, line in _lines(markdown.lstrip("\ufeff")):
        places.setdefault(project, _Place()).lines[kind].append(line)
    found = (Section(project, *place.read()) for project, place in places.items())
    return tuple(section for section in found if section)


@dataclass(slots=True)
class _Place:
    lines: dict[str, list[str]] = field(default_factory=lambda: {_ABOUT: [], _HOW: [], _FACTS: []})

    def read(self) -> tuple[AboutMe, tuple[Noted, ...]]:
        texts = ("\n".join(map(_unescaped, self.lines[kind])).strip() for kind in (_ABOUT, _HOW))
        facts = (_noted(line) for line in self.lines[_FACTS])
        return AboutMe(*texts), tuple(fact for fact in facts if fact.text)


def _lines(markdown: str) -> Iterator[tuple[str, str, str]]:
    """Project, kind and line of all that is no heading of ours."""
    project, kind = "", _ABOUT
    for line in markdown.splitlines():
        heading = _HEADING.fullmatch(line)
        name = "" if heading is None else heading[2]
        if line.strip() == TITLE:
            continue
        if heading is not None and len(heading[1]) == 2 and name.startswith(_PROJECT):
            project, kind = name.removeprefix(_PROJECT).strip(), _ABOUT
        elif heading is not None and name.casefold() in _KNOWN:
            project = project if len(heading[1]) > 2 else ""
            kind = _KNOWN[name.casefold()]
        else:
            yield project, kind, line


def _noted(line: str) -> Noted:
    text = re.sub(r"^\s*[-*+]\s+", "", line)
    known = _NOTED.fullmatch(text)
    if known is None:
        return Noted(one_line(text))
    try:
        since = datetime.fromisoformat(known[2]).timestamp()
    except (ValueError, OverflowError, OSError):
        since = None
    return Noted(one_line(known[1]), since, known[3] or None, known[4] or None, known[5] is None)
