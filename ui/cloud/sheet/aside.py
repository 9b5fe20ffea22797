"""A sheet that was laid aside for the settings: what was on it, to come back to. Pure, no Qt."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ui.cloud.sheet.state import SheetState
from workbench.consents.consent import Consent
from workbench.messages import Id


@dataclass(frozen=True, slots=True)
class Aside:
    """``message_id``: what the sheet was opened for. ``instead``: the consent that it replaces when it is sent."""

    message_id: Id
    state: SheetState
    instead: Consent | None = None

    @property
    def conversation_id(self) -> Id | None:
        return None if self.state.draft is None else self.state.draft.conversation_id


def laid_aside(message_id: Id, state: SheetState, instead: Consent | None) -> Aside | None:
    """None: nothing of it is worth coming back to."""
    return None if state.draft is None else Aside(message_id, state, instead)


def waiting(aside: Aside, words: str) -> SheetState:
    """What is shown until it is known what may be sent by now: the old preview is not looked at for that."""
    return replace(aside.state, preview=None, busy=words, problem="")
