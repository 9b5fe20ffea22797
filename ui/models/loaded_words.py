"""What the card *In memory* says of each model, and of the one that is kept ready. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from ui.translation import marked, tr
from workbench.engine.connection import State
from workbench.engine.status import EngineStatus
from workbench.sizes import memory_words

EMPTY = marked("No model is in memory; the next question loads one.")
FAILED = marked("Could not be loaded")


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
        return tr("Loading…")
    if status.state is State.FAILED:
        return tr(FAILED)
    doing = tr("Ready")
    if status.answering:
        several = tr("Answering {count} at once").format(count=status.answering)
        doing = tr("Answering") if status.answering == 1 else several
    kept = tr("kept ready") if status.kept_ready else ""
    other = tr("loaded by another Workbench") if status.elsewhere else ""
    return ", ".join(piece for piece in (doing, kept, other) if piece)


def facts(model: InMemory) -> str:
    """State, memory, context and engine in one line; why, where it could not be loaded."""
    status = model.status
    if status.state is State.FAILED:
        return f"{tr(FAILED)}: {status.cause}" if status.cause else f"{tr(FAILED)}."
    pieces = (
        state_words(status),
        tr("{memory} of memory").format(memory=memory_words(model.takes_bytes)) if model.takes_bytes else "",
        tr("{count} tokens of context").format(count=f"{status.context_tokens:,}") if status.context_tokens else "",
        status.runtime if status.state is State.READY and not status.elsewhere else "",
    )
    return " · ".join(piece for piece in pieces if piece)


def warning(status: EngineStatus) -> str:
    """What else releasing it does."""
    if status.answering:
        return tr("Its answer breaks off; what it has said stays.")
    if status.elsewhere:
        return tr("Another Workbench has loaded it; it ends there too. The next question loads it again.")
    return tr("It is loaded again when you ask it something.")


def released(model: InMemory) -> str:
    """That it is gone."""
    freed = (
        tr("{memory} of memory are free again").format(memory=memory_words(model.takes_bytes))
        if model.takes_bytes
        else tr("its memory is free")
    )
    return tr("{model} was released: {freed}. The next question loads it again.").format(
        model=model.status.model, freed=freed
    )


def _takes_words(keeping: Keeping) -> str:
    if not keeping.takes_bytes:
        return tr("its memory")
    known = keeping.on and keeping.here
    said = tr("{memory} of memory") if known else tr("about {memory} of memory")
    return said.format(memory=memory_words(keeping.takes_bytes))


def cost(keeping: Keeping) -> str:
    """What keeping the model ready costs, or would."""
    takes = _takes_words(keeping)
    if not keeping.on:
        return tr(
            "Loads it at login and keeps it: {takes}, also while nobody asks. The first answer comes at once."
        ).format(takes=takes)
    if keeping.here:
        return tr("Keeps {takes}, also while nobody asks. Released by hand, it comes back at the next start.").format(
            takes=takes
        )
    return tr("It was released, or could not be loaded; it comes back at the next start and takes {takes}.").format(
        takes=takes
    )
