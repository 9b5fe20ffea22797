"""Which tools an answer may call: as it was asked, else as its chat, its project and the settings say."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from workbench.chat.asking.elsewhere import is_from_elsewhere
from workbench.chat.asking.options import AS_SET, Options, ProjectRules
from workbench.chat.asking.rules import TurnRules
from workbench.chat.tooling.port import TurnTools
from workbench.chat.tree import Conversation
from workbench.messages import Id
from workbench.ports import BackendInfo
from workbench.tools.tool import Place, ToolSpec

MOST_OFFERED: Final = 64  # more than models tell apart, and than a person reads
REMEMBER = "remember"
"""The tool that proposes something to remember: it goes with what is remembered."""


@dataclass(frozen=True, slots=True)
class Offering:
    tools: TurnTools
    rules: TurnRules
    projects: ProjectRules

    def place(self, conversation: Conversation | None, message_id: Id | None, project_id: Id | None) -> Place:
        """``conversation`` None: of a chat that is not begun, in this project."""
        if conversation is None:
            return Place(None, message_id, project_id)
        private = self.projects.is_private(conversation.id)
        strange = conversation.imported or _read_from_elsewhere(conversation, message_id)
        return Place(conversation.id, message_id, conversation.project_id, private, strange)

    def specs(
        self,
        asked: Options,
        conversation: Conversation | None,
        place: Place,
        model: str,
        info: BackendInfo,
        used: tuple[str, ...] = (),
    ) -> tuple[ToolSpec, ...]:
        """``asked``: as a person did. ``used``: tools that the answer has called already: it goes on with them.

        None for an answer in a given form: engines keep to one grammar at a time.
        """
        below = asked.over(self.rules.defaults_in(asked))
        if not info.tools or below.schema is not None:
            return ()
        specs = self.tools.offered(place, _names(asked, conversation, below), model)
        missing = tuple(name for name in used if name not in {spec.name for spec in specs})
        if missing:
            specs += self.tools.offered(place, missing, model)
        if _remembers(asked, conversation, below):
            return specs
        return tuple(spec for spec in specs if spec.name != REMEMBER)

    def place_outward(self, conversation: Conversation, message_id: Id | None) -> Place:
        """Where a model of a provider calls: what is private stays here. To it what providers wrote is not strange."""
        here = self.place(conversation, message_id, conversation.project_id)
        return replace(here, outward=True, strange=conversation.imported)

    def outward(self, conversation: Conversation, place: Place) -> tuple[ToolSpec, ...]:
        """What a model of a provider may be offered, where a person wants that: as the chat and its project say, else all
        that are not switched off. Whoever made the model says that it calls tools. What is remembered is for here."""
        below = self.rules.defaults_in(self.rules.placed(AS_SET, conversation.id))
        names = _names(AS_SET, conversation, below)
        there = (spec for spec in self.tools.there(place) if spec.name != REMEMBER)
        return tuple(spec for spec in there if names is None or spec.name in names)[:MOST_OFFERED]


def _read_from_elsewhere(conversation: Conversation, message_id: Id | None) -> bool:
    """Whether a provider, or somebody's chat page, wrote anything that a model here may read: it may ask for calls."""
    return any(is_from_elsewhere(node) for node in conversation.nodes if node.id != message_id)


def none_offered(asked: Options, specs: tuple[ToolSpec, ...], model: str) -> str:
    """A sentence where a person asked for tools with this very question, and none could be offered; else nothing."""
    if not asked.tools or specs:
        return ""
    return f"{model} was offered no tools: it was seen that it cannot call them, or there is nothing for them to do."


def _names(asked: Options, conversation: Conversation | None, below: Options) -> tuple[str, ...] | None:
    if asked.tools is None and conversation is not None and conversation.tools is not None:
        return conversation.tools
    return below.tools


def _remembers(asked: Options, conversation: Conversation | None, below: Options) -> bool:
    if asked.memory is None and conversation is not None and not conversation.memory:
        return False
    return below.memory is not False
