"""What a question keeps of the saved prompt that it is written with. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from workbench.messages import Id, UsedPrompt
from workbench.prompts.prompt import SavedPrompt
from workbench.prompts.running.forms import schema_of


def used_prompt(saved: SavedPrompt, system: str, folders: Sequence[Id] = ()) -> UsedPrompt:
    """``system``: its system part, filled in; ``folders``: the ids of its own."""
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
    )
