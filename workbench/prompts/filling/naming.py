"""Which names a template uses: those that somebody has to fill in, and results of steps. Pure.

A name that a loop or a `set` gives is not asked for, wherever in the template it stands: scopes are the engine's to know.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from workbench.prompts.filling import lexing
from workbench.prompts.filling.lexing import Token
from workbench.prompts.filling.parsing import KEPT_CHARACTERS, RESERVED, STEPS, Kind, Segment, Template, parse
from workbench.prompts.prompt import Variable

GIVEN: Final = frozenset({"range", "dict", "namespace"})
"""What the template engine brings."""

_KEPT: Final = 16


@dataclass(frozen=True, slots=True)
class Use:
    """A name, or of a step's result its way (``extract.items``), and its characters in the text."""

    name: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Uses:
    """In order of the text. ``conditions``: the variables of which an ``if`` asks whether they say something. ``filters``,
    ``tests``: of Jinja, wherever one is applied."""

    variables: tuple[Use, ...] = ()
    conditions: frozenset[str] = frozenset()
    steps: tuple[Use, ...] = ()
    filters: tuple[Use, ...] = ()
    tests: tuple[Use, ...] = ()


def uses(template: Template) -> Uses:
    """All that a template uses."""
    return _kept(template.text) if len(template.text) <= KEPT_CHARACTERS else _uses(template)


@lru_cache(_KEPT)
def _kept(text: str) -> Uses:
    return _uses(parse(text))


def _uses(template: Template) -> Uses:
    bound = {name for one in template.segments if one.kind is Kind.TAG for name in _bound(one)}
    found: dict[str, list[Use]] = {"variables": [], "steps": [], "filters": [], "tests": []}
    for segment in template.segments:
        for kind, use in _of(template.text, segment):
            if kind != "variables" or use.name not in bound:
                found[kind].append(use)
    asked_for = frozenset(name for one in template.segments if one.says in ("if", "elif") for name in _names(one))
    every = {kind: tuple(those) for kind, those in found.items()}
    return Uses(**every, conditions=asked_for & {one.name for one in found["variables"]})


def implied(name: str, templates: Iterable[Template]) -> Variable:
    """A variable that is used without being declared: a text, which must be filled in unless a condition asks for it."""
    return Variable(name, required=not any(name in uses(one).conditions for one in templates))


def variable_names(template: Template) -> tuple[str, ...]:
    """Those to fill in, each once, in order."""
    return tuple(dict.fromkeys(one.name for one in uses(template).variables))


def _of(text: str, segment: Segment) -> Iterator[tuple[str, Use]]:
    if segment.kind is Kind.VARIABLE:
        start = text.index(segment.says, segment.start)
        yield "variables", Use(segment.says, start, start + len(segment.says))
    elif segment.kind is Kind.STEP:
        start = text.index(STEPS, segment.start)
        yield "steps", Use(segment.says, start, text.index(segment.says, start) + len(segment.says))
    elif segment.tokens:
        yield from _in_code(segment)


def _in_code(segment: Segment) -> Iterator[tuple[str, Use]]:
    tokens = segment.tokens[1:] if segment.kind is Kind.TAG else segment.tokens
    first_is_filter = segment.says == "filter"
    for place, token in enumerate(tokens):
        if token.kind is not lexing.Kind.NAME:
            continue
        before = [one.text for one in tokens[max(0, place - 2) : place]]
        if before[-1:] == ["|"] or (first_is_filter and not before):
            yield "filters", Use(token.text, token.start, token.end)
        elif _is_test(token, before):
            yield "tests", Use(token.text, token.start, token.end)
        elif token.text == STEPS and before[-1:] != ["."]:
            yield "steps", _way(tokens, place)
        elif _is_free(tokens, place, before):
            yield "variables", Use(token.text, token.start, token.end)


def _is_test(token: Token, before: Sequence[str]) -> bool:
    return token.text != "not" and (before[-1:] == ["is"] or list(before) == ["is", "not"])


def _is_free(tokens: Sequence[Token], place: int, before: Sequence[str]) -> bool:
    name, after = tokens[place].text, tokens[place + 1].text if place + 1 < len(tokens) else ""
    return before[-1:] != ["."] and name not in RESERVED and name not in GIVEN and after != "="


def _way(tokens: Sequence[Token], place: int) -> Use:
    """``steps.extract.items``, as far as names go."""
    end, names = place + 1, list[str]()
    while end + 1 < len(tokens) and tokens[end].text == "." and tokens[end + 1].kind is lexing.Kind.NAME:
        names.append(tokens[end + 1].text)
        end += 2
    return Use(".".join(names), tokens[place].start, tokens[end - 1].end)


def _names(tag: Segment) -> Iterator[str]:
    return (one.text for one in tag.tokens if tag.kind is Kind.TAG)


def _bound(tag: Segment) -> Iterator[str]:
    """The names that a tag gives."""
    names = [one.text for one in tag.tokens]
    match tag.says:
        case "for":
            until = names.index("in") if "in" in names else len(names)
            yield from names[1:until]
        case "set":
            until = names.index("=") if "=" in names else 2
            yield from (name for place, name in enumerate(names[:until]) if place and names[place - 1] != ".")
        case "macro" | "call":
            yield from names[1:]  # the macro's name and its arguments; a default that is a name stays unasked for
        case "with":
            yield from (name for name, after in itertools.pairwise(names) if after == "=")
        case "block":
            yield from names[1:]
