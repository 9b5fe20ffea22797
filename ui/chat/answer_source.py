"""Where an answer came from that was not written here: a provider, or by hand over the person's own subscription. Pure, but
for the names of providers and their models, which are read once."""

from __future__ import annotations

from ui.cloud.sheet.words import STEPS, source_words
from ui.translation import tr
from workbench.chat.asking.elsewhere import author_words
from workbench.chat.escalating.escalation import SOURCE_PREFIX
from workbench.chat.tree import Turn
from workbench.cloud.asking import CloudError, NextStep
from workbench.cloud.listing.names import provider_called
from workbench.cloud.spending.money import CallState, Entry, OverCapError
from workbench.errors import WorkbenchError

BY_HAND = "handoff:"
STEP = "cloud_"  # before a `NextStep`: the id of its button
_AFTER = (NextStep.RETRY, NextStep.OTHER_PROVIDER, NextStep.ANSWER_LOCALLY)


def provider_of(turn: Turn | None) -> str:
    """The id of the provider that answered; empty: none did."""
    return turn.backend.removeprefix(SOURCE_PREFIX) if turn and turn.backend.startswith(SOURCE_PREFIX) else ""


def from_cloud(turn: Turn | None) -> bool:
    """It was not written on a machine of the person's own."""
    return turn is not None and turn.backend.startswith((SOURCE_PREFIX, BY_HAND))


def author_of(turn: Turn | None) -> str:
    """Of a provider's model the name alone: who gave it stands beside."""
    return "" if turn is None else author_words(turn.backend, turn.model)


def provider_name_of(turn: Turn | None) -> str:
    """What the provider that answered is called; empty: none did."""
    provider = provider_of(turn)
    return provider_called(provider) if provider else ""


def badge_of(turn: Turn, entry: Entry | None) -> str:
    """ "From OpenRouter, $0.0012, 4 s" in the colour of the cloud."""
    if turn.backend.startswith(BY_HAND):
        return tr("Over your own subscription, $0")
    known = entry is not None and entry.state is not CallState.RESERVED
    return source_words(
        provider_name_of(turn), entry.cost_micros if entry and known else None, turn.timings.total_seconds
    )


def steps_after(turn: Turn | None, failure: WorkbenchError | None) -> tuple[str, ...]:
    """What can be done about an answer of a provider that is not whole. Nothing is sent again without a yes."""
    steps: tuple[NextStep, ...] = _AFTER
    if isinstance(failure, CloudError):
        steps = failure.steps
    elif isinstance(failure, OverCapError):
        steps = (NextStep.RAISE_BUDGET, NextStep.SHORTEN, NextStep.ANSWER_LOCALLY)
    elif turn is not None and turn.backend.startswith(BY_HAND):
        steps = ()
    return tuple(f"{STEP}{step.value}" for step in steps)


def step_of(action: str) -> NextStep | None:
    """The step that a button stands for; None: it is another button."""
    known = {f"{STEP}{step.value}": step for step in NextStep}
    return known.get(action)


def cloud_actions() -> dict[str, tuple[str, str, str]]:
    """Words, icon and spoken name of each step's button, by its id; to be translated where they are shown."""
    return {f"{STEP}{step.value}": (words, icon, words) for step, (words, icon) in STEPS.items()}
