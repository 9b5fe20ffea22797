"""Prompts as a list of the window, to choose one of by a few letters."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial

from ui.command_list import Command
from workbench.messages import Id
from workbench.prompts.prompt import SavedPrompt


def commands_of(prompts: Iterable[SavedPrompt], choose: Callable[[Id], None]) -> list[Command]:
    """One for each, found by its title and its slash name too."""
    return [
        Command(
            one.prompt.title,
            partial(choose, one.id),
            "star" if one.favourite else "book-open",
            f"/{one.prompt.name}",
            also=f"/{one.prompt.name}",
        )
        for one in prompts
    ]
