"""The tools that models may call: where each reaches, and who is offered which. Made when somebody needs them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.assembly.foundation import Foundation
from workbench.chat.grounding.asked import Asked
from workbench.chat.grounding.looking_up import LookingUp
from workbench.chat.searching.said import Reach, SaidBefore
from workbench.chat.searching.store import SearchStore
from workbench.chat.stood_on import StoodOn
from workbench.documents.storing.collections import CollectionStore
from workbench.tools.builtin.calculate import Calculate
from workbench.tools.builtin.chats import search_chats
from workbench.tools.builtin.documents import search_documents
from workbench.tools.builtin.found import Found
from workbench.tools.builtin.now import Now
from workbench.tools.builtin.remember import Remember
from workbench.tools.builtin.searching import Searching
from workbench.tools.builtin.source import BuiltIn, BuiltIns
from workbench.tools.desk import ToolDesk
from workbench.tools.tool import Place, ToolSource

if TYPE_CHECKING:
    from workbench.cancel import CancelToken
    from workbench.chat.projects.service import ProjectService
    from workbench.consents.consent import Consents
    from workbench.documents.service import Documents
    from workbench.messages import Id


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What tools reach. ``folders``: of documents that a chat asks; ``change``: keeps another `tools.off`; ``others``:
    what offers tools beside the program's own. ``keeps`` False: for chats that are never written, which neither see other
    chats nor have anything remembered."""

    documents: Callable[[], Documents]
    folders: Callable[[Id], tuple[str, ...]]
    projects: ProjectService
    consents: Consents
    capable: Callable[[str], bool | None]
    change: Callable[[str], None]
    others: Sequence[ToolSource] = ()
    keeps: bool = True


def build_tools(base: Foundation, around: Surroundings) -> ToolDesk:
    own: list[BuiltIn] = [Calculate(base.clock.now), Now(base.clock.now), _documents(base, around)]
    if around.keeps:
        own += [_chats(base), Remember(around.consents, lambda: base.settings().memory.proposals)]
    sources, known = (BuiltIns(own), *around.others), tuple(tool.spec for tool in own)
    return ToolDesk(sources, lambda: base.settings().tools, around.capable, around.change, known)


def _documents(base: Foundation, around: Surroundings) -> Searching:
    """In the folders of the chat and its project; where they have none, in all that are not private. A chat of a private
    project keeps to its own. What is for a model elsewhere comes from no private folder, and none of a private project."""
    attached = CollectionStore(base.database, base.clock.now)
    looking = LookingUp(around.documents)

    def asked(place: Place) -> Asked:
        own = around.folders(place.conversation_id) if place.conversation_id else ()
        return Asked(own, around.projects.folders(place.project_id) if place.project_id else ())

    def is_open() -> bool:
        return any(not one.private for one in attached.all())

    def there(place: Place) -> bool:
        if place.outward and not is_open():
            return False
        return bool(asked(place)) or (not place.private and is_open())

    def find(query: str, place: Place, limit: int, cancel: CancelToken) -> Found:
        if not there(place):
            return Found()
        passages, note = looking.find(asked(place), query, limit, cancel, outward=place.outward)
        if place.outward:
            kept = around.projects.private_folders()
            passages = tuple(one for one in passages if not any(Path(one.path).is_relative_to(root) for root in kept))
        return Found(passages, note)

    return search_documents(find, there)


def _chats(base: Foundation) -> Searching:
    said = SaidBefore(SearchStore(base.database), StoodOn(base.database))

    def reach(place: Place) -> Reach:
        return Reach(place.project_id if place.private else None, place.conversation_id)

    def find(query: str, place: Place, limit: int, cancel: CancelToken) -> Found:
        found = said.find(query, reach(place), limit, cancel)
        return Found(tuple(one for one in found if not (place.outward and one.private)))

    return search_chats(find, lambda place: said.is_there(reach(place)))
