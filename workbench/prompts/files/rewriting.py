"""A prompt's file with what changed in it and nothing else: comments, unknown keys, order and line ends stay. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from workbench.errors import UsageError
from workbench.prompts.files.front_matter import written
from workbench.prompts.files.markdown import FENCE, parted, read_markdown, title_of, write_markdown
from workbench.prompts.files.yaml_reading import Fields, WrongYaml, read_yaml, value_of
from workbench.prompts.files.yaml_writing import write_yaml
from workbench.prompts.names import slug
from workbench.prompts.prompt import Prompt

_BOM: Final = "\ufeff"
_BETWEEN: Final = re.compile(r"(?:[ \t]*|#.*)\n?")  # an empty line, or a comment that belongs to no value


@dataclass(slots=True)
class _Entry:
    """Lines that belong together: a key with its value; with no key, what stands between two of them."""

    key: str
    text: str


def rewritten(content: bytes, before: str, prompt: Prompt, prompt_id: str, stem: str) -> bytes:
    """The file ``content``, saying ``prompt``. ``before``: the name of that file without its suffix; ``stem``: that which
    it gets. Where it cannot be changed in its place it is written anew; either way it reads as the prompt."""
    whole = write_markdown(prompt, prompt_id, stem).encode()
    try:
        text = content.decode("utf-8")
        changed = _changed(text.removeprefix(_BOM), before, prompt, prompt_id, stem)
        ended = changed.replace("\n", "\r\n") if "\r\n" in text else changed
        made = (_BOM * text.startswith(_BOM) + ended).encode()
        read = read_markdown(made, stem)
    except (WrongYaml, UsageError, ValueError):
        return whole
    return made if (read.prompt, read.id) == (prompt, prompt_id) else whole


def _changed(text: str, before: str, prompt: Prompt, prompt_id: str, stem: str) -> str:
    """Raises `WrongYaml`, `UsageError` for what cannot be read."""
    old = read_markdown(text.encode(), before)
    front, below = parted(text.replace("\r\n", "\n"))
    entries = _entries(front)
    known = {one.key for one in entries}
    if not known:
        raise ValueError("there is nothing to keep")
    wanted = _values(prompt, prompt_id, stem)
    was = _values(old.prompt, old.id, before)
    if prompt.text == old.prompt.text and "text" in known:
        wanted["text"] = was["text"] = prompt.text
    if "title" not in known and wanted["title"] == title_of(stem):
        del wanted["title"]  # the name of the file says so, as it did
    lines = "".join(one.text for one in _merged(entries, was, wanted))
    return f"{FENCE}\n{lines}{FENCE}\n{_below(below, old.prompt.text, prompt.text, told='text' in wanted)}"


def _values(prompt: Prompt, prompt_id: str, stem: str) -> dict[str, Any]:
    """As `write_markdown` writes them."""
    values = written(prompt)
    if prompt.name != slug(stem):
        values["name"] = prompt.name
    if "\r" in prompt.text:
        values["text"] = prompt.text
    if prompt_id:
        values["id"] = prompt_id
    return values


def _below(below: str, old: str, new: str, *, told: bool) -> str:
    """What stands below the dashes. ``told``: the text stands above them."""
    if told:
        return ""
    if old == new:
        return below
    return f"\n{new}\n" if new else ""


def _entries(front: str) -> list[_Entry]:
    """The lines between the dashes, cut at their keys. Raises `WrongYaml` where two keys share a line."""
    node = read_yaml(front, 1)
    if not isinstance(node, Fields):
        return []
    lines = front.splitlines(keepends=True)
    begins = sorted((line, key) for key, line in node.lines.items())
    places = [line for line, _key in begins]
    if len(set(places)) < len(places) or (places and lines[places[0] - 1][:1] in "{ \t"):
        raise WrongYaml(1, "two keys share a line")
    found = [_Entry("", "".join(lines[: places[0] - 1]))] if places else []
    for (line, key), end in zip(begins, [*(place - 1 for place in places[1:]), len(lines)], strict=True):
        last = end
        while last > line and _BETWEEN.fullmatch(lines[last - 1]):
            last -= 1
        found += [_Entry(key, "".join(lines[line - 1 : last])), _Entry("", "".join(lines[last:end]))]
    return [one for one in found if one.text]


def _merged(entries: list[_Entry], was: Mapping[str, Any], wanted: Mapping[str, Any]) -> list[_Entry]:
    """Kept where nothing changed, written anew where something did, left out where nothing is wanted; what is new stands
    behind what it follows in our own order."""
    made = [_Entry(one.key, _line_of(one, was, wanted)) for one in entries if not one.key or one.key in wanted]
    before = ""
    for key, value in wanted.items():
        if all(one.key != key for one in made):
            first = bool(made and not made[0].key)
            place = next((at + 1 for at, one in enumerate(made) if before and one.key == before), int(first))
            made.insert(place, _Entry(key, write_yaml({key: value})))
        before = key
    return made


def _line_of(one: _Entry, was: Mapping[str, Any], wanted: Mapping[str, Any]) -> str:
    if not one.key or was.get(one.key) == wanted[one.key]:
        return one.text if one.text.endswith("\n") else f"{one.text}\n"
    return _with_comment(write_yaml({one.key: wanted[one.key]}), one)


def _with_comment(line: str, one: _Entry) -> str:
    """A remark behind a value of one line stays behind it."""
    if one.text.count("\n") != 1 or line.count("\n") != 1:
        return line
    for found in re.finditer(r"[ \t]+#", one.text):
        try:
            alone = read_yaml(one.text[: found.start()])
            if value_of(alone) == value_of(read_yaml(one.text)):
                return f"{line[:-1]}{one.text[found.start() :]}"
        except WrongYaml:
            continue
    return line
