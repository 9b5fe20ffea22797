"""What is wrong with a prompt, or may be, with its place: quick enough to be asked at each key. Pure.

What only the template engine can tell is `Filler.syntax_problems`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Final

from rapidfuzz import fuzz, process

from workbench.prompts.filling.builtin import WORDS
from workbench.prompts.filling.lexing import NAME
from workbench.prompts.filling.naming import Use, uses
from workbench.prompts.filling.parsing import RESERVED, Kind, Odd, Oddity, Segment, Template, parse
from workbench.prompts.filling.values import called, complaint
from workbench.prompts.prompt import Prompt, Step, Variable, VariableKind
from workbench.prompts.running.forms import form_problem

MOST: Final = 100
_MOST_NAMES: Final = 200  # that a wrong one is compared with
_NEAR: Final = 70  # of 100

FILTERS: Final = frozenset(
    {"abs", "attr", "batch", "capitalize", "center", "count", "d", "default", "dictsort", "e", "escape"}
    | {"filesizeformat", "first", "float", "forceescape", "format", "groupby", "indent", "int", "items", "join", "last"}
    | {"length", "list", "lower", "map", "max", "min", "pprint", "reject", "rejectattr", "replace", "reverse", "round"}
    | {"safe", "select", "selectattr", "slice", "sort", "string", "striptags", "sum", "title", "tojson", "trim"}
    | {"truncate", "unique", "upper", "urlencode", "urlize", "wordcount", "wordwrap", "xmlattr"}
)
TESTS: Final = frozenset(
    {"boolean", "callable", "defined", "divisibleby", "eq", "equalto", "escaped", "even", "false", "filter", "float"}
    | {"ge", "greaterthan", "gt", "in", "integer", "iterable", "le", "lessthan", "lower", "lt", "mapping", "ne", "none"}
    | {"number", "odd", "sameas", "sequence", "string", "test", "true", "undefined", "upper"}
)
"""What the template engine of prompts has; a test compares."""

_REFUSED: Final = frozenset({"include", "import", "from", "extends"})
_CLOSES: Final = {f"end{one}": one for one in ("if", "for", "set", "macro", "call", "filter", "with", "block")}
_BRANCHES: Final = {"elif": ("if",), "else": ("if", "for")}
_ALMOST: Final = re.compile(rf"(?<!\{{)\{{{{1,2}}\s*+({NAME})\s*+\}}{{1,2}}")
_WHOLE_NAME: Final = re.compile(NAME)


@dataclass(frozen=True, slots=True)
class Problem:
    """``part``: what it is about: ``text``, ``system``, ``steps.2.text``, ``steps.2.system``, ``steps.2.name``, ``output``,
    ``steps.2.output``, ``variables.3`` (numbers from 1). ``start`` to before ``end``: characters of a text, else 0.
    ``severe``: it cannot be filled in, or run."""

    part: str
    start: int
    end: int
    severe: bool
    message: str


def fault(part: str, start: int, end: int, message: str) -> Problem:
    """A severe one."""
    return Problem(part, start, end, severe=True, message=message)


def remark(part: str, start: int, end: int, message: str) -> Problem:
    """One that may be meant so."""
    return Problem(part, start, end, severe=False, message=message)


@dataclass(frozen=True, slots=True)
class Room:
    """What a prompt must fit in. ``count``: tokens of a text."""

    context_tokens: int
    count: Callable[[str], int]


@dataclass(frozen=True, slots=True)
class _Text:
    """``steps``: those whose results are there before it."""

    part: str
    template: Template
    steps: tuple[str, ...] = ()


def problems(prompt: Prompt, today: date, room: Room | None = None) -> tuple[Problem, ...]:
    """The first hundred, in the order of the parts and of the places in them."""
    return tuple(islice(_all(prompt, today, room), MOST))


def _all(prompt: Prompt, today: date, room: Room | None) -> Iterator[Problem]:
    texts = tuple(_texts(prompt))
    declared = tuple(one.name for one in prompt.variables)
    for text in texts:
        yield from sorted(_of_text(text, declared), key=lambda one: (one.start, one.end))
    yield from _of_variables(prompt.variables, today)
    if not any(step.prompt for step in prompt.line):  # else they may be used there
        yield from _unused(prompt.variables, texts)
    yield from _of_steps(prompt)
    if room is not None:
        yield from _of_length(texts, room)


def _texts(prompt: Prompt) -> Iterator[_Text]:
    before: tuple[str, ...] = ()
    for number, step in enumerate(prompt.line, 1):
        prefix = f"steps.{number}." if prompt.steps else ""
        yield _Text(f"{prefix}system", parse(step.system), before)
        yield _Text(f"{prefix}text", parse(step.text), before)
        before = (*before, step.name)


# Texts ----------------------------------------------------------------------------------------------------------------


def _of_text(text: _Text, declared: Sequence[str]) -> Iterator[Problem]:
    template = text.template
    if template.too_long:
        yield fault(text.part, 0, len(template.text), "It is too long for a prompt, or has too many braces.")
        return
    used = uses(template)
    yield from (_odd(text, one) for one in template.odd)
    yield from islice(_unknown(text, used.variables, declared), MOST)
    yield from _unknown_steps(text, used.steps)
    yield from _not_there(text, used.filters, FILTERS, "filter")
    yield from _not_there(text, used.tests, TESTS, "test")
    yield from _tags(text)
    yield from islice(_almost(text, declared), MOST)


def _odd(text: _Text, odd: Odd) -> Problem:
    written = " ".join(text.template.text[odd.start : odd.end][:60].split())
    message = {
        Oddity.OPEN: f"Nothing closes {written}: it stays as it is.",
        Oddity.OTHER: f"{written} is no variable and stays as it is: a name has letters, digits and underscores.",
        Oddity.TAG: f"{written} … %}} is not known here and stays as it is.",
    }[odd.why]
    return remark(text.part, odd.start, odd.end, message)


def _unknown(text: _Text, used: Sequence[Use], declared: Sequence[str]) -> Iterator[Problem]:
    there = {*declared, *WORDS}
    for one in used:
        if one.name not in there:
            near = _nearest(one.name, (*declared, *WORDS))
            what = f"did you mean {near}?" if near else "it is asked for as a text."
            yield remark(text.part, one.start, one.end, f"{one.name} is not among its variables: {what}")


def _unknown_steps(text: _Text, used: Sequence[Use]) -> Iterator[Problem]:
    for one in used:
        name = one.name.partition(".")[0]
        if name not in text.steps:
            there = f"There is: {', '.join(text.steps[:20])}." if text.steps else "No step comes before this."
            what = f"has no earlier step “{name}”" if name else "wants the name of an earlier step"
            yield fault(text.part, one.start, one.end, f"{{{{ steps.{one.name} }}}} {what}. {there}")


def _not_there(text: _Text, used: Sequence[Use], there: frozenset[str], kind: str) -> Iterator[Problem]:
    for one in used:
        if one.name not in there:
            near = _nearest(one.name, sorted(there))
            also = f" Did you mean {near}?" if near else ""
            yield fault(text.part, one.start, one.end, f"There is no {kind} {one.name}.{also}")


def _tags(text: _Text) -> Iterator[Problem]:
    """Those that open must be closed, in order."""
    still_open: list[tuple[str, Segment]] = []

    def told(tag: Segment, message: str) -> Problem:
        return fault(text.part, tag.start, tag.end, message)

    for tag in text.template.segments:
        if tag.kind is not Kind.TAG:
            continue
        innermost = still_open[-1][0] if still_open else ""
        if tag.says in _REFUSED:
            yield told(tag, f"{{% {tag.says} %}} is not for prompts: each stands by itself.")
        elif tag.says in _CLOSES:
            if innermost == _CLOSES[tag.says]:
                still_open.pop()
            else:
                yield told(tag, f"{{% {tag.says} %}} closes nothing that is open here.")
        elif tag.says in _BRANCHES:
            if innermost not in _BRANCHES[tag.says]:
                yield told(tag, f"{{% {tag.says} %}} stands outside of a condition.")
        elif tag.says != "set" or not any(one.text == "=" for one in tag.tokens):
            still_open.append((tag.says, tag))
    yield from (told(tag, f"No {{% end{word} %}} closes this.") for word, tag in still_open)


def _almost(text: _Text, declared: Sequence[str]) -> Iterator[Problem]:
    """``{name}`` and ``{{ name }`` of a variable that is there."""
    known, names = {odd.start for odd in text.template.odd}, frozenset(declared)
    for one in text.template.segments:
        if one.kind is not Kind.TEXT:
            continue
        for found in _ALMOST.finditer(text.template.text, one.start, one.end):
            if found[1] in names and found.start() not in known:
                name = f"{{{{ {found[1]} }}}}"
                message = f"{found[0]} stays as it is. Write {name} for the variable."
                yield remark(text.part, found.start(), found.end(), message)


def _nearest(name: str, names: Sequence[str]) -> str:
    found = process.extractOne(name[:60], names[:_MOST_NAMES], scorer=fuzz.ratio, score_cutoff=_NEAR)
    return found[0] if found else ""


# Variables and steps --------------------------------------------------------------------------------------------------


def _of_variables(variables: Sequence[Variable], today: date) -> Iterator[Problem]:
    counted = Counter(one.name for one in variables)
    for number, one in enumerate(variables, 1):
        for message in _of_variable(one, today):
            yield fault(f"variables.{number}", 0, 0, message)
        if counted[one.name] > 1 and one.name:
            yield fault(f"variables.{number}", 0, 0, f"There are {counted[one.name]} variables {one.name}.")


def _of_variable(variable: Variable, today: date) -> Iterator[str]:
    name = variable.name
    if not _WHOLE_NAME.fullmatch(name):
        yield f"“{name}” is no name: it begins with a letter and has letters, digits and underscores."
    elif name in RESERVED:
        yield f"“{name}” cannot be a variable's name: it means something else in prompts."
    if variable.kind is VariableKind.CHOICE and not any(one.strip() for one in variable.choices):
        yield f"“{called(variable)}” has no choices."
    elif variable.default and (wrong := complaint(variable, variable.default, today)):
        yield f"The default of {wrong[:1].lower()}{wrong[1:]}"
    if variable.kind is VariableKind.FOLDER_SEARCH and not variable.folder.strip():
        yield f"“{called(variable)}” does not say which folder it searches."


def _unused(variables: Sequence[Variable], texts: Sequence[_Text]) -> Iterator[Problem]:
    used = {one.name for text in texts for one in uses(text.template).variables}
    for number, one in enumerate(variables, 1):
        if one.name not in used and _WHOLE_NAME.fullmatch(one.name):
            yield remark(f"variables.{number}", 0, 0, f"“{called(one)}” is not used: no {{{{ {one.name} }}}}.")


def _of_steps(prompt: Prompt) -> Iterator[Problem]:
    names = Counter(step.name for step in prompt.steps)
    for number, step in enumerate(prompt.line, 1):
        prefix = f"steps.{number}." if prompt.steps else ""
        if message := _name_problem(step, names):
            yield fault(f"{prefix}name", 0, 0, message)
        if message := form_problem(step.output):
            yield fault(f"{prefix}output", 0, 0, message)


def _name_problem(step: Step, names: Counter[str]) -> str:
    if not _WHOLE_NAME.fullmatch(step.name) or step.name in RESERVED:
        return f"“{step.name}” is no name for a step: it begins with a letter and has letters, digits and underscores."
    return f"{names[step.name]} steps are called “{step.name}”." if names[step.name] > 1 else ""


def _of_length(texts: Sequence[_Text], room: Room) -> Iterator[Problem]:
    """System part and text of a step go together."""
    for system, text in zip(texts[::2], texts[1::2], strict=True):
        tokens = sum(room.count(one.template.text) for one in (system, text) if one.template.text)
        if tokens >= room.context_tokens:
            message = f"It takes {tokens:,} tokens; the model's context has {room.context_tokens:,}."
            yield fault(text.part, 0, len(text.template.text), message)
