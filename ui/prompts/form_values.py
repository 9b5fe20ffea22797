"""What a prompt's form begins with and what is missing in it. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ui.translation import tr
from workbench.prompts.prompt import Variable, VariableKind

MOST_SHOWN = 400  # characters of the clipboard


def starting(
    variables: Sequence[Variable], last: Mapping[str, str], typed: Mapping[str, str] | None = None
) -> dict[str, str]:
    """The values of a form that opens: what was typed into it before it was left, else what was filled in last, else the
    defaults. What was copied is never remembered."""
    found = {}
    for one in variables:
        if one.kind is VariableKind.CLIPBOARD:
            continue
        before = (typed or {}).get(one.name, last.get(one.name, ""))
        known = one.kind is not VariableKind.CHOICE or not one.choices or before in one.choices
        found[one.name] = before if before and known else one.default
    return found


def missing(variables: Sequence[Variable], values: Mapping[str, str]) -> tuple[Variable, ...]:
    """Those that must be filled in and are not."""
    return tuple(one for one in variables if one.required and not values.get(one.name, "").strip())


def given(variables: Sequence[Variable], values: Mapping[str, str]) -> dict[str, str]:
    """What is filled in: an empty field says nothing, so that the default of the prompt holds."""
    names = {one.name for one in variables}
    return {name: value for name, value in values.items() if name in names and value != ""}


def label_of(variable: Variable) -> str:
    return variable.label or variable.name.replace("_", " ").strip().capitalize() or variable.name


def missing_words(variables: Sequence[Variable]) -> str:
    """Names what is still to be filled in; empty where nothing is."""
    names = [label_of(one) for one in variables]
    if not names:
        return ""
    if len(names) == 1:
        return tr("{name} is still empty.").format(name=names[0])
    return tr("Still empty: {names}.").format(names=", ".join(names))


def copied_words(text: str) -> str:
    """What the clipboard holds, for the eye."""
    if not text.strip():
        return tr("The clipboard has no text. Copy some, and it stands here.")
    said = text.strip()[:MOST_SHOWN]
    return said + ("…" if len(text.strip()) > MOST_SHOWN else "")
