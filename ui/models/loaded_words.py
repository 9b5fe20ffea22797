"""What the card *In memory* says of each model, and of the one that is kept ready. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from workbench.engine.connection import State
from workbench.engine.status import EngineStatus
from workbench.sizes import memory_words

EMPTY = "No model is in memory; the next question loads one."
FAILED = "Could not be loaded"


@dataclass(frozen=True, slots=True)
class InMemory:
    """A model that is in memory, on its way there, or could not get there. ``takes_bytes`` None: not known."""

    status: EngineStatus
    takes_bytes: int | None = None


@dataclass(frozen=True, slots=True)
class Keeping:
    """The model that answers when a chat names none, and whether it is kept ready; empty ``name``: there is none here.

    ``takes_bytes`` None: not known. ``here``: it is in memory, or on its way.
    """

    name: str = ""
    on: bool = False
    takes_bytes: int | None = None
    here: bool = False


def state_words(status: EngineStatus) -> str:
    """What it is doing, the most telling first."""
    if status.state is State.STARTING:
        return "Loading…"
    if status.state is State.FAILED:
        return FAILED
    doing = "Ready"
    if status.answering:
        doing = "Answering" if status.answering == 1 else f"Answering {status.answering} at once"
    kept = "kept ready" if status.kept_ready else ""
    other = "loaded by another Workbench" if status.elsewhere else ""
    return ", ".join(piece for piece in (doing, kept, other) if piece)


def facts(model: InMemory) -> str:
    """State, memory, context and engine in one line; why, where it could not be loaded."""
    status = model.status
    if status.state is State.FAILED:
        return f"{FAILED}: {status.cause}" if status.cause else f"{FAILED}."
    pieces = (
        state_words(status),
        f"{memory_words(model.takes_bytes)} of memory" if model.takes_bytes else "",
        f"{status.context_tokens:,} tokens of context" if status.context_tokens else "",
        status.runtime if status.state is State.READY and not status.elsewhere else "",
    )
    return " · ".join(piece for piece in pieces if piece)


def warning(status: EngineStatus) -> str:
    """What else releasing it does."""
    if status.answering:
        return "Its answer breaks off; what it has said stays."
    if status.elsewhere:
        return "Another Workbench has loaded it; it ends there too. The next question loads it again."
    return "It is loaded again when you ask it something."


def released(model: InMemory) -> str:
    """That it is gone."""
    freed = f"{memory_words(model.takes_bytes)} of memory are free again" if model.takes_bytes else "its memory is free"
    return f"{model.status.model} was released: {freed}. The next question loads it again."


def cost(keeping: Keeping) -> str:
    """What keeping the model ready costs, or would."""
    about = "" if keeping.on and keeping.here else "about "
    takes = f"{about}{memory_words(keeping.takes_bytes)} of memory" if keeping.takes_bytes else "its memory"
    if not keeping.on:
        return f"Loads it at login and keeps it: {takes}, also while nobody asks. The first answer comes at once."
    if keeping.here:
        return f"Keeps {takes}, also while nobody asks. Released by hand, it comes back at the next start."
    return f"It was released, or could not be loaded; it comes back at the next start and takes {takes}."
