"""What is said of a model that was chosen for a question, and what is offered where its answer is in doubt. Pure."""

from __future__ import annotations

from typing import Final

from ui.chat.answer_source import from_cloud
from ui.chat.footer_actions import ASK_STRONGER, Foot
from ui.translation import marked, tr
from workbench.chat.tree import Turn

DEEPER: Final = "deeper"
"""The id of the action: answer again, with more effort or the stronger model of this machine."""
AUTO_NAME: Final = marked("Auto")


def proposal_actions() -> dict[str, tuple[str, str, str]]:
    """Words, icon and spoken name of buttons, by their id."""
    words = marked("Answer again, with more thought")
    return {DEEPER: (words, "lightbulb", marked("Answer again here, with more thought"))}


def chosen_words(turn: Turn | None) -> str:
    """In one line; empty where the person, or the settings, named the model."""
    if turn is None or turn.routed is None or turn.routed.overruled:
        return ""
    if turn.routed.choice.sent:
        return turn.routed.choice.why
    if from_cloud(turn):
        return ""
    return tr("Chosen: {why}.").format(why=turn.routed.choice.why)


def proposal(foot: Foot) -> tuple[str, tuple[str, ...]]:
    """Why another answer is offered below this one, and the buttons; none where nothing better is at hand."""
    routed = foot.node.turn.routed if foot.node.turn is not None else None
    if routed is None or not routed.proposal or foot.busy or not foot.last or from_cloud(foot.node.turn):
        return "", ()
    stronger = foot.cloud and not foot.temporary and not routed.choice.private and foot.asked
    buttons = ((DEEPER,) if not routed.choice.deep and foot.asked else ()) + ((ASK_STRONGER,) if stronger else ())
    if not buttons:
        return "", ()
    asks = tr("Ask a stronger model?") if stronger else tr("Answer it again, with more thought?")
    return " ".join(words for words in (routed.proposal, routed.held, asks) if words), buttons
