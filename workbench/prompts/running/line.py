"""The steps of a prompt as they are asked: saved prompts that they use are put in, and what each needs is known. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from workbench.prompts.filling.fill import asked
from workbench.prompts.prompt import FREE, Preferences, Prompt, Step, Variable, VariableKind

Lookup = Callable[[str], Prompt]
"""The saved prompt of a slash name. Raises `UsageError` for one that is not there."""


@dataclass(frozen=True, slots=True)
class WholeStep:
    """A step with all that it takes from elsewhere. ``takes``: the variable of a saved prompt that is filled with what the
    step before answered; empty: none. ``folders``: names of document folders that its answer stands on; those of a prompt
    are its first step's, which others are fed by."""

    step: Step
    variables: tuple[Variable, ...]
    takes: str = ""
    folders: tuple[str, ...] = ()


def whole_line(prompt: Prompt, lookup: Lookup) -> tuple[WholeStep, ...]:
    """Raises what ``lookup`` raises."""
    line = tuple(_whole(prompt, step, place > 0, lookup) for place, step in enumerate(prompt.line))
    return (replace(line[0], folders=prompt.folders), *line[1:])


def asked_of(prompt: Prompt, lookup: Lookup) -> tuple[Variable, ...]:
    """What a person fills in: the prompt's variables and the names that it uses, then those of saved prompts that its steps
    use."""
    found = {one.name: one for one in asked(prompt)}
    for whole in whole_line(prompt, lookup):
        used = asked(lookup(whole.step.prompt)) if whole.step.prompt else ()
        for one in used:
            if one.name != whole.takes:
                found.setdefault(one.name, one)
    return tuple(found.values())


def alone(prompt: Prompt, name: str, lookup: Lookup) -> Prompt:
    """A prompt that is this step of ``prompt`` alone; its first, where none is called so. Raises what ``lookup``
    raises."""
    line = whole_line(prompt, lookup)
    whole = next((one for one in line if one.step.name == name), line[0])
    return replace(prompt, text=whole.step.text, system=whole.step.system, variables=whole.variables, steps=())


def main_variable(variables: tuple[Variable, ...], values: Mapping[str, str]) -> Variable | None:
    """The one that a text without a name is meant for: the first long text that is not filled in, else the only variable
    that must be and is not, else the first that is not."""
    left = [one for one in variables if one.name not in values]
    long = [one for one in left if one.kind is VariableKind.LONG_TEXT]
    must = [one for one in left if one.required and not one.default]
    if long:
        return long[0]
    return must[0] if len(must) == 1 else next(iter(left), None)


def _whole(prompt: Prompt, step: Step, follows: bool, lookup: Lookup) -> WholeStep:
    if not step.prompt:
        return WholeStep(replace(step, preferences=_over(step.preferences, prompt.preferences)), prompt.variables)
    used = lookup(step.prompt)
    own = {one.name for one in prompt.variables}
    others = tuple(one for one in asked(used) if one.name not in own)
    taken = main_variable(others, {}) if follows and not step.text.strip() else None
    return WholeStep(
        replace(
            step,
            text=step.text if step.text.strip() else used.text,
            system=step.system if step.system.strip() else used.system,
            preferences=_over(_over(step.preferences, used.preferences), prompt.preferences),
            output=used.output if step.output == FREE else step.output,
            cases=step.cases,
        ),
        (*prompt.variables, *others),
        taken.name if taken is not None else "",
    )


def _over(one: Preferences, other: Preferences) -> Preferences:
    return Preferences(
        one.model or other.model,
        one.effort or other.effort,
        other.temperature if one.temperature is None else one.temperature,
    )
