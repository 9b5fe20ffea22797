"""The tools of a chat for a model of a provider: offered, called and cited as for a model here, but for what is private."""

from __future__ import annotations

from dataclasses import dataclass

from workbench.chat.events import SourcesFound
from workbench.chat.grounding.asked import Grounds
from workbench.chat.recorder import Recorder
from workbench.chat.tooling.capping import results_in
from workbench.chat.tooling.making import Making, Scene
from workbench.chat.tooling.offering import Offering
from workbench.chat.tooling.port import TurnTools
from workbench.chat.tree import Conversation, Node
from workbench.consents.consent import Consents
from workbench.jobs import Job
from workbench.messages import Id, Message, Role, Sources
from workbench.ports import Clock
from workbench.tools.tool import BUILT_IN, Place, ToolSpec


@dataclass(frozen=True, slots=True)
class ToolsElsewhere:
    """Any thread."""

    offering: Offering
    tools: TurnTools
    consents: Consents | None
    grounds: Grounds
    clock: Clock

    def place(self, conversation: Conversation, answer_id: Id | None = None) -> Place:
        return self.offering.place_outward(conversation, answer_id)

    def offered(self, conversation: Conversation) -> tuple[ToolSpec, ...]:
        """See `Offering.outward`."""
        return self.offering.outward(conversation, self.place(conversation))

    def own_names(self, conversation: Conversation) -> frozenset[str]:
        """The tools of the program itself; what else a model has called was a server's."""
        here = self.offering.place(conversation, None, conversation.project_id)
        return frozenset(spec.name for spec in self.tools.there(here) if spec.source == BUILT_IN)

    def making(self, scene: Scene, recorder: Recorder, job: Job) -> Making:
        return Making(self.tools, self.consents, scene, recorder, job, self.clock)

    def cite(self, sources: Sources, path: tuple[Node, ...], recorder: Recorder, job: Job) -> None:
        """See `cite`."""
        cite(self.grounds, sources, path, recorder, job)


def cite(grounds: Grounds, sources: Sources, path: tuple[Node, ...], recorder: Recorder, job: Job) -> None:
    """The numbers in what was answered are checked, however it ended. ``sources``: what it was given to stand on."""
    said = Message(Role.ASSISTANT, recorder.parts())
    found = tuple(passage for one in results_in(said.parts) for passage in one.passages)
    checked = grounds.checked(sources, path, said.text, found)
    if checked != sources:
        recorder.stands_on(checked)
        job.emit(SourcesFound(checked))
