"""What a person chose for one chat. Pure values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from workbench.messages import Effort

LONGEST_MODEL: Final = 1000  # characters of a name that a file may bring


@dataclass(frozen=True, slots=True)
class ChatChoice:
    """Over its project and the settings. ``model``: as `Options.model` names it. Empty or None: as those say."""

    model: str = ""
    effort: Effort | None = None


NOT_CHOSEN: Final = ChatChoice()


def choice_of(model: str | None, effort: str | None) -> ChatChoice:
    """Of a chat's row, or of a file; an effort of another version counts as none."""
    try:
        return ChatChoice(model or "", Effort(effort) if effort else None)
    except ValueError:
        return ChatChoice(model or "")
