"""Claude Code's commands: a Markdown file each, with ``$ARGUMENTS`` or ``$1``. Pure.

Their front matter is often not quite YAML.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any, Final

from workbench.prompts.files.markdown import title_of
from workbench.prompts.files.yaml_reading import Fields, WrongYaml, read_yaml, value_of
from workbench.prompts.files.yaml_writing import write_yaml
from workbench.prompts.formats.exchanged import (
    Brought,
    Exported,
    Imported,
    Left,
    Outward,
    inward,
    lost_of,
    text_of,
    without_steps,
)
from workbench.prompts.names import slug
from workbench.prompts.prompt import Prompt, Variable, VariableKind

KEPT: Final = "claude"
ARGUMENTS: Final = "arguments"
_FRONT: Final = re.compile(r"---[ \t]*\n(.*?)^---[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
_VARIABLE: Final = re.compile(r"\$(?:(ARGUMENTS)(?![\w\[])|([1-9])(?!\d))")
_SHELL: Final = re.compile(r"!`[^`]+`")
_FILE: Final = re.compile(r"(?:^|\s)@[\w./~-]+", re.MULTILINE)
_HINT: Final = re.compile(r"\[([^\[\]]+)\]|<([^<>]+)>|(\S+)")
_OURS: Final = re.compile(r"^(?:title|variables|steps|cases|id):", re.MULTILINE)
_THEIRS: Final = re.compile(r"^(?:allowed-tools|argument-hint|disable-model-invocation):", re.MULTILINE)


def is_it(name: str, text: str) -> bool:
    front = _FRONT.match(text)
    told = front[1] if front else ""
    if not name.lower().endswith(".md") or _OURS.search(told):
        return False
    return bool(_THEIRS.search(told) or _VARIABLE.search(text) or ".claude/" in name or "commands/" in name)


def read(content: bytes, name: str) -> Imported:
    """One command. ``name``: its path; folders below ``commands`` become tags. Raises `NotThisFormat`."""
    text = text_of(content, name)
    front = _FRONT.match(text)
    told = _told(front[1]) if front else {}
    place = PurePosixPath(name)
    body = text[front.end() :] if front else text
    hint = str(told.get("argument-hint", ""))
    variables: dict[str, Variable] = {}

    def made(match: re.Match[str]) -> str:
        variable = _variable(match, hint)
        variables.setdefault(variable.name, variable)
        return f"{{{{ {variable.name} }}}}"

    words = inward(body.strip("\n"), _VARIABLE, made)
    if not words.strip():
        return Imported((), (Left(name, "it has no text"),))
    description = told.pop("description", "")
    prompt = Prompt(
        title_of(place.stem),
        slug(place.stem),
        words,
        variables=tuple(sorted(variables.values(), key=lambda one: one.name)),
        tags=_folders(place),
        notes=description if isinstance(description, str) else "",
        extra={KEPT: told} if told else {},
    )
    return Imported((Brought(prompt),), tuple(_unknown(prompt.title, words)))


def write(prompts: Sequence[Prompt]) -> Exported:
    files: list[tuple[str, bytes]] = []
    lost: list[Left] = []
    for prompt in prompts:
        if prompt.steps:
            lost += without_steps(prompt)
            continue
        content, why = _command(prompt)
        files.append((_path(prompt), content.encode()))
        rest = set(prompt.extra) - {KEPT}
        held = ("notes", *(("tags",) if len(prompt.tags) == 1 else ()), *(() if rest else ("extra",)))
        lost += lost_of(prompt, held, why)
    return Exported(tuple(files), tuple(lost))


def _told(front: str) -> dict[str, Any]:
    """Also what YAML refuses, as ``argument-hint: [issue] [priority]``."""
    try:
        node = read_yaml(front)
    except WrongYaml:
        lines = (line.partition(":") for line in front.splitlines() if not line.startswith((" ", "#", "-")))
        return {key.strip(): value.strip().strip("\"'") for key, colon, value in lines if colon}
    told = value_of(node) if isinstance(node, Fields) else {}
    hint = re.search(r"^argument-hint:[ \t]*(.*?)[ \t]*$", front, re.MULTILINE)
    if hint and not isinstance(told.get("argument-hint"), str):
        told["argument-hint"] = hint[1]  # [issue] is a list for YAML
    return dict(told)


def _variable(match: re.Match[str], hint: str) -> Variable:
    if match[1]:
        return Variable(ARGUMENTS, VariableKind.LONG_TEXT, help=hint, required=False)
    hints = ["".join(filter(None, found)) for found in _HINT.findall(hint)]
    number = int(match[2])
    label = hints[number - 1] if number <= len(hints) else ""
    return Variable(f"argument_{number}", label=label, required=False)


def _folders(place: PurePosixPath) -> tuple[str, ...]:
    parts = place.parent.parts
    return parts[parts.index("commands") + 1 :] if "commands" in parts else ()


def _unknown(title: str, words: str) -> Sequence[Left]:
    found = []
    if _SHELL.search(words):
        found.append(Left(title, "what it would run in a shell (!`…`) is only text here"))
    if _FILE.search(words):
        found.append(Left(title, "files that it names (@…) are not read here"))
    return found


def _path(prompt: Prompt) -> str:
    return str(PurePosixPath(*(slug(tag) for tag in prompt.tags[:1] if len(prompt.tags) == 1), f"{prompt.name}.md"))


def _command(prompt: Prompt) -> tuple[str, list[str]]:
    kept = prompt.extra.get(KEPT)
    told: dict[str, Any] = {"description": prompt.notes} if prompt.notes else {}
    told |= dict(kept) if isinstance(kept, Mapping) else {}
    places = _places(prompt)
    outward = Outward(lambda name: places.setdefault(name, f"${len(places) + 1}"), taken=_VARIABLE)
    body = outward.text(prompt.text)
    lost = list(outward.lost)
    renamed = [name for name, place in places.items() if not _is_own(name, place)]
    if renamed:
        lost.append(f"names, kinds and defaults of its variables: {', '.join(renamed)}")
        told.setdefault("argument-hint", " ".join(f"[{name}]" for name in places))
    if any(int(place[1:]) > 9 for place in places.values() if place[1:].isdigit()):
        lost.append("more variables than this format has")
    front = f"---\n{write_yaml(told)}---\n\n" if told else ""
    return f"{front}{body}\n", lost


def _places(prompt: Prompt) -> dict[str, str]:
    """How each variable is written: those that came from here as they were; one alone is all that is typed."""
    own = {f"argument_{number}": f"${number}" for number in range(1, 10)} | {ARGUMENTS: "$ARGUMENTS"}
    names = [one.name for one in prompt.variables]
    if all(name in own for name in names):
        return {name: own[name] for name in names}
    return {names[0]: "$ARGUMENTS"} if len(names) == 1 else {name: f"${at}" for at, name in enumerate(names, 1)}


def _is_own(name: str, place: str) -> bool:
    return (name, place) == (ARGUMENTS, "$ARGUMENTS") or name == f"argument_{place[1:]}"
