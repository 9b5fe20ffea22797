"""The tool with which a model proposes something to remember. Nothing is kept before the person accepts it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from workbench.consents.consent import ConsentKind, Consents, ConsentState, Question
from workbench.errors import ToolError
from workbench.tools.tool import Call, Harm, Outcome, Place, ToolSpec

MOST_CHARACTERS: Final = 500
SUBJECT: Final = "memory"

REMEMBER: Final = ToolSpec(
    "remember",
    "Propose to remember",
    "Propose to remember a lasting fact about the user, when they tell or ask you to. The user decides.",
    {
        "type": "object",
        "properties": {"fact": {"type": "string", "description": "one sentence"}},
        "required": ["fact"],
    },
    Harm.READ,
)


class Remember:
    """``proposals``: whether a model may propose anything now."""

    spec = REMEMBER

    def __init__(self, consents: Consents, proposals: Callable[[], bool]) -> None:
        self._consents = consents
        self._proposals = proposals

    def is_there(self, place: Place) -> bool:  # noqa: ARG002
        return self._proposals()

    def call(self, arguments: Mapping[str, Any], call: Call) -> Outcome:
        """Raises `ToolError` for no fact or a long one, `StorageError`."""
        fact = " ".join(str(arguments.get("fact", "")).split())
        if not fact:
            raise ToolError("There is nothing to remember: write one sentence as `fact`.")
        if len(fact) > MOST_CHARACTERS:
            raise ToolError(f"A fact has at most {MOST_CHARACTERS} characters, this one has {len(fact):,}: shorten it.")
        consent = self._consents.ask(question(fact, call))
        return Outcome(_TOLD[consent.state])


def question(fact: str, call: Call) -> Question:
    """What the person is asked. A fact of a private project stays in it."""
    place = call.place
    project = place.project_id if place.private else None
    return Question(
        ConsentKind.MEMORY,
        SUBJECT,
        "Remember this?",
        {"text": fact, "project_id": project},
        conversation_id=place.conversation_id,
        message_id=place.message_id,
        call_id=call.id,
    )


_TOLD: Final = {
    ConsentState.WAITING: "Proposed. The user decides whether it is remembered: do not say that it is.",
    ConsentState.ACCEPTED: "It is remembered.",
    ConsentState.REFUSED: "The user does not want this to be remembered.",
}
