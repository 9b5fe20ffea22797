"""What the window says of projects. Pure."""

from __future__ import annotations

from ui.chat.effort_words import NAMES
from workbench.chat.projects.projects import Project
from workbench.messages import Effort

AS_EVERYWHERE = "As everywhere"
EMPTY_LIST = "Chats that belong together, with instructions and files of their own."
NO_CHATS = "No chat yet. What you ask in a new one is answered with the instructions below."
NO_FILES = "None yet. Folders and files that its chats are about."
NO_PROMPTS = "None yet. Names of prompts that its chats need again and again."
INSTRUCTIONS = "The model is told this first, in every chat of the project."
MODEL = "Answers where you choose no other."
EFFORT = "How much it thinks first, where the model knows it."
GONE = "Not there any more"


def effort_words(effort: Effort | None) -> str:
    return AS_EVERYWHERE if effort is None else NAMES[effort]


def private_words(*, private: bool) -> str:
    """On the switch."""
    return "On" if private else "Off"


def chats_words(count: int) -> str:
    """ "Chats", "Chats · 3"."""
    return f"Chats · {count:,}" if count else "Chats"


def spoken(project: Project) -> str:
    """A project of a list, for screen readers."""
    private = ", private" if project.private else ""
    return f"Project {project.name}{private}, {project.chats} {'chat' if project.chats == 1 else 'chats'}"


def sign(project: Project) -> str:
    """Its icon; that of a private one says so."""
    return "shield-check" if project.private else "folder-open"
