"""What a question keeps of the saved prompt that it is written with. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from workbench.messages import Id, UsedPrompt
from workbench.prompts.prompt import SavedPrompt
from workbench.prompts.running.forms import schema_of

MOST_OF_VALUE = 300  # characters that are kept of what was filled in: the question itself has all of it


def used_prompt(
    saved: SavedPrompt, system: str, folders: Sequence[Id] = (), values: Mapping[str, str] | None = None
) -> UsedPrompt:
    """``system``: its system part, filled in; ``folders``: the ids of its own; ``values``: what its variables said."""
    prompt, wants = saved.prompt, saved.prompt.preferences
    return UsedPrompt(
        saved.id,
        prompt.name,
        prompt.title,
        saved.version,
        system,
        wants.model,
        wants.effort,
        wants.temperature,
        schema_of(prompt.output),
        tuple(folders),
        {name: _begin(value) for name, value in (values or {}).items() if value.strip()},
    )


def _begin(value: str) -> str:
    told = value.strip()
    return told if len(told) <= MOST_OF_VALUE else f"{told[: MOST_OF_VALUE - 1].rstrip()}…"
