"""The pages hold together: links lead somewhere, pictures are shown, and every command that is named is one."""

from __future__ import annotations

import argparse
import re
import shlex
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from workbench.cli import main

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted(DOCS.glob("*.md"))]
DECISIONS = sorted((DOCS / "decisions").glob("*.md"))
LINK = re.compile(r"\]\(([^)\s]+)\)")
NOT_COMMANDS = frozenset({"…", "..."})


@cache
def parser() -> argparse.ArgumentParser:
    return main.parser()


def test_every_link_leads_somewhere() -> None:
    dead = [(page.name, target) for page, target in _links([*PAGES, *DECISIONS]) if not _leads(page, target)]
    assert dead == []


def test_every_page_and_picture_is_reached() -> None:
    reached = {(page.parent / target.partition("#")[0]).resolve() for page, target in _links([*PAGES, *DECISIONS])}
    there = {*DOCS.glob("*.md"), *(DOCS / "images").iterdir(), ROOT / "CHANGELOG.md"}
    assert {path.name for path in there - reached} == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_that_a_page_names_is_one(page: Path) -> None:
    wrong = [(named, why) for named in _commands(page.read_text(encoding="utf-8")) if (why := _what_is_wrong(named))]
    assert wrong == []


@pytest.mark.parametrize(
    "named", ["chatz", "chats lst", "chats list|shoe", "chats list --jason", "tools servers ad clock -- uvx --any"]
)
def test_a_command_that_is_none_is_seen(named: str) -> None:
    assert _what_is_wrong(named)


def test_every_example_in_the_help_can_be_typed() -> None:
    examples = list(_examples(parser()))
    assert len(examples) > 100
    for example in examples:
        _tail, _, command = example.rpartition("workbench ")
        parser().parse_args(shlex.split(re.split(r" [|<>] ", command)[0]))


def _links(pages: list[Path]) -> Iterator[tuple[Path, str]]:
    for page in pages:
        for target in LINK.findall(page.read_text(encoding="utf-8")):
            if not target.startswith(("http:", "https:", "mailto:")):
                yield page, target


def _leads(page: Path, target: str) -> bool:
    path, _, part = target.partition("#")
    there = (page.parent / path).resolve() if path else page
    return there.exists() and (not part or part in _parts(there))


def _parts(page: Path) -> set[str]:
    titles = re.findall(r"^#+ (.*)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", title.strip().lower()).replace(" ", "-") for title in titles}


def _commands(text: str) -> Iterator[str]:
    """What follows `workbench` in code: within a line, or a line of an example up to what explains it."""
    yield from (" ".join(named.split()) for named in re.findall(r"`workbench (\w[^`]*)`", text))
    for line in re.findall(r"^(?: {4}|\$ |(?<=```sh\n))(?:.*\| )?workbench (\w.*)$", text, re.MULTILINE):
        yield re.split(r" {2,}|  #| [|>] ", line)[0]


def _what_is_wrong(named: str) -> str:
    """With the command ``named``; empty where there is one. Verbs may be given as `list|show`."""
    at, words = parser(), named.replace("'", " ").replace('"', " ").split()
    while (below := _below(at)) and words and not words[0].startswith("-"):
        verbs = [verb for verb in words.pop(0).split("|") if verb not in NOT_COMMANDS]
        if unknown := [verb for verb in verbs if verb not in below]:
            return f"no command {unknown}"
        if len(verbs) != 1:
            return ""
        at = below[verbs[0]]
    known = {option for action in at._actions for option in action.option_strings}
    own = words[: words.index("--")] if "--" in words else words
    options = [re.split(r"[=|,\]]", word.lstrip("["))[0] for word in own if word.lstrip("[").startswith("--")]
    return ", ".join(f"no option {option}" for option in options if option not in known)


def _below(at: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    return next((dict(one.choices) for one in at._actions if isinstance(one, argparse._SubParsersAction)), {})


def _examples(at: argparse.ArgumentParser) -> Iterator[str]:
    if at.epilog and at.epilog.startswith("example:"):
        yield at.epilog.partition("\n")[2].strip()
    for below in _below(at).values():
        yield from _examples(below)
