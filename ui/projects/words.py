"""What the window says of projects. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from ui.chat.effort_words import NAMES
from ui.translation import marked, tr
from workbench.chat.projects.projects import Project
from workbench.messages import Effort
from workbench.prompts.prompt import SavedPrompt

AS_EVERYWHERE = marked("As everywhere")
EMPTY_LIST = marked("Chats that belong together, with instructions and files of their own.")
NO_CHATS = marked("No chat yet. What you ask in a new one is answered with the instructions below.")
NO_FILES = marked("None yet. Folders and files that its chats are about.")
MEMORY = marked("In the chats of this project: what is remembered of you, with the texts and facts of the project.")
NO_PROMPTS = marked(
    "None yet. Prompts that its chats need again and again: a “/” offers them first, and the model is told their"
    " system parts in every chat of the project."
)
PINNED = marked("Its system part is told in every chat")
ASKED = marked("Offered first behind “/”; its system part wants to be filled in, so it is not told")
OFFERED = marked("Offered first behind “/”")
INSTRUCTIONS = marked("The model is told this first, in every chat of the project.")
MODEL = marked("Answers where you choose no other.")
EFFORT = marked("How much it thinks first, where the model knows it.")
TOOLS = marked("What the model may call while it answers in this project. Each chat can choose for itself.")
AS_SETTINGS = marked("As the settings say")
NO_TOOLS = marked("None")
GONE = marked("Not there any more")
NOT_SEARCHED = marked("Not searched yet")
ADD_TO_DOCUMENTS = marked("Add to Documents")


def tools_words(tools: tuple[str, ...] | None) -> str:
    if tools is None:
        return tr(AS_SETTINGS)
    return tr("{count} chosen").format(count=len(tools)) if tools else tr(NO_TOOLS)


def effort_words(effort: Effort | None) -> str:
    return tr(AS_EVERYWHERE) if effort is None else tr(NAMES[effort])


@dataclass(frozen=True, slots=True)
class Pinned:
    """A pinned prompt as a person reads it. ``key``: as the project has it; ``gone``: it is not in the library."""

    key: str
    title: str
    note: str = ""
    gone: bool = False


def pinned(key: str, saved: SavedPrompt | None, *, told: bool) -> Pinned:
    """``told``: the model is told its system part."""
    if saved is None or saved.removed_at is not None:
        return Pinned(key, saved.prompt.title if saved is not None else key, gone=True)
    has_system = bool(saved.prompt.line[0].system.strip())
    return Pinned(key, saved.prompt.title, tr(PINNED if told else ASKED if has_system else OFFERED))


def chats_words(count: int) -> str:
    """ "Chats", "Chats · 3"."""
    return tr("Chats · {count}").format(count=f"{count:,}") if count else tr("Chats")


def spoken(project: Project) -> str:
    """A project of a list, for screen readers."""
    name = tr("Project {name}").format(name=project.name)
    private = tr("private") if project.private else ""
    chats = tr("1 chat") if project.chats == 1 else tr("{count} chats").format(count=project.chats)
    return ", ".join(piece for piece in (name, private, chats) if piece)


def sign(project: Project) -> str:
    """Its icon; that of a private one says so."""
    return "shield-check" if project.private else "folder-open"
