"""prompts.chat's table: CSV with ``act`` and ``prompt``, variables as ``${name:default}``. Pure."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from workbench.prompts.formats.exchanged import (
    MOST_BYTES,
    MOST_PROMPTS,
    Brought,
    Exported,
    Imported,
    Left,
    NotThisFormat,
    Outward,
    identifier,
    inward,
    lost_of,
    text_of,
    without_steps,
)
from workbench.prompts.names import slug
from workbench.prompts.prompt import Prompt, Variable

_VARIABLE: Final = re.compile(r"\$\{([^{}:$]+)(?::([^{}]*))?\}")
_COLUMNS: Final = ("act", "prompt")


def is_it(name: str, text: str) -> bool:
    head = text.lstrip("\ufeff").splitlines()[:1]
    return name.lower().endswith(".csv") and bool(head) and set(_COLUMNS) <= set(next(csv.reader(head), []))


def read(content: bytes, name: str) -> Imported:
    """Columns that are not known are kept. Raises `NotThisFormat`."""
    rows = _rows(text_of(content, name), name)
    prompts: list[Brought] = []
    left: list[Left] = []
    for row in rows:
        title, text = (row.get("act") or "").strip(), row.get("prompt") or ""
        if not title or not text.strip():
            left.append(Left(title or text[:40].strip() or "a row", "it has no name or no text"))
            continue
        if len(prompts) < MOST_PROMPTS:
            prompts.append(Brought(_prompt(title, text, row)))
    return Imported(tuple(prompts), tuple(left))


def _rows(text: str, name: str) -> list[Mapping[str, str]]:
    limit = csv.field_size_limit(MOST_BYTES)
    try:
        reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
        if not set(_COLUMNS) <= set(reader.fieldnames or ()):
            raise NotThisFormat(f"{name} has no columns act and prompt.")
        return list(reader)
    except csv.Error as error:
        raise NotThisFormat(f"{name} is not valid CSV: {error}.") from None
    finally:
        csv.field_size_limit(limit)


def _prompt(title: str, text: str, row: Mapping[str, str]) -> Prompt:
    variables: dict[str, Variable] = {}

    def made(match: re.Match[str]) -> str | None:
        theirs, default = match[1].strip(), match[2]
        if not theirs:
            return None
        known = next((one.name for one in variables.values() if theirs in (one.name, one.label)), "")
        name = known or identifier(theirs, variables)
        if not known:
            label = "" if name == theirs else theirs
            variables[name] = Variable(name, label=label, default=default or "", required=default is None)
        return f"{{{{ {name} }}}}"

    words = inward(text, _VARIABLE, made)
    extra = {
        key: value for key, value in row.items() if key and key not in _COLUMNS and value and isinstance(value, str)
    }
    return Prompt(
        title, slug(title), words, variables=tuple(variables.values()), extra={"prompts.chat": extra} if extra else {}
    )


def write(prompts: Sequence[Prompt]) -> Exported:
    kept = [prompt for prompt in prompts if not prompt.steps]
    lost = [left for prompt in prompts for left in without_steps(prompt)]
    more = [_extra(prompt) for prompt in kept]
    columns = dict.fromkeys((*_COLUMNS, *(key for extra in more for key in extra)))
    file = io.StringIO(newline="")
    writer = csv.DictWriter(file, list(columns), restval="", lineterminator="\n")
    writer.writeheader()
    for prompt, extra in zip(kept, more, strict=True):
        row, why = _row(prompt)
        writer.writerow({**extra, **row})
        rest = {key: value for key, value in prompt.extra.items() if key != "prompts.chat"}
        lost += lost_of(prompt, () if rest else ("extra",), why)
    return Exported((("prompts.csv", file.getvalue().encode()),), tuple(lost))


def _extra(prompt: Prompt) -> dict[str, str]:
    extra = prompt.extra.get("prompts.chat")
    return {str(key): str(value) for key, value in extra.items()} if isinstance(extra, Mapping) else {}


def _row(prompt: Prompt) -> tuple[dict[str, str], list[str]]:
    known = {one.name: one for one in prompt.variables}
    used: list[str] = []

    def variable(name: str) -> str:
        one = known.get(name, Variable(name))
        first = name not in used
        used.append(name)
        shown = one.label if one.label and identifier(one.label) == name and _holdable(one.label) else name
        default = f":{one.default}" if first and (one.default or not one.required) and "}" not in one.default else ""
        return f"${{{shown}{default}}}"

    outward = Outward(variable, taken=_VARIABLE)
    row = {"act": prompt.title, "prompt": outward.text(prompt.text)}
    return row, [*outward.lost, *_lost(known, used)]


def _holdable(words: str) -> bool:
    return not re.search(r"[{}:$]", words) and words == words.strip()


def _lost(known: Mapping[str, Variable], used: Sequence[str]) -> Iterator[str]:
    kinds = [one.name for one in known.values() if one.kind.value != "text" or one.choices or one.help]
    if kinds:
        yield f"kinds, choices and help of its variables: {', '.join(kinds)}"
    if unused := [name for name in known if name not in used]:
        yield f"variables that the text does not use: {', '.join(unused)}"
    if any(re.search(r"[{}]", one.default) for one in known.values()):
        yield "defaults with braces in them"
