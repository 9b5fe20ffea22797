"""What prompts that are pinned to a project tell the model first, in all of its chats."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from workbench.cancel import CancelToken
from workbench.errors import WorkbenchError
from workbench.prompts.filling.fill import Filler
from workbench.prompts.library import Prompts


def told_by_pinned(
    prompts: Callable[[], Prompts], filler: Callable[[], Filler]
) -> Callable[[Sequence[str]], tuple[str, ...]]:
    """Of names or ids, the system parts with their defaults filled in. A prompt that is gone, or whose system part wants to
    know something that nobody can be asked here, says nothing: the page of the project tells."""

    def told(names: Sequence[str]) -> tuple[str, ...]:
        return tuple(text for name in names if (text := _system(prompts(), filler(), name)))

    return told


def _system(prompts: Prompts, filler: Filler, name: str) -> str:
    try:
        saved = prompts.get(name)
        prompt, system = saved.prompt, saved.prompt.line[0].system
        if saved.removed_at is not None or not system.strip():
            return ""
        alone = replace(prompt, text=system, system="", steps=())
        return filler.fill(alone, {}, CancelToken()).whole().text.strip()
    except WorkbenchError:
        return ""
