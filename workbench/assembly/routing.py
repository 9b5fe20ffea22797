"""Who chooses the model of a question. Nothing of the rules is read before a question is to be answered by a choice."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from workbench.assembly.foundation import Foundation
from workbench.chat.asking.choice import Choice, Routed
from workbench.chat.asking.resolve import KnownModel
from workbench.chat.asking.routing import Asked
from workbench.chat.tree import Node
from workbench.consents.consent import ConsentKind
from workbench.db import Database
from workbench.errors import ModelError
from workbench.messages import Id
from workbench.paths import asset
from workbench.settings import Settings

if TYPE_CHECKING:
    from workbench.cloud.cloud import Cloud
    from workbench.cloud.spending.money import Ledger
    from workbench.consents.consent import Consents
    from workbench.routing.models import Local, Model
    from workbench.routing.rules import Rules
    from workbench.routing.service import RouterService

SHIPPED_RULES = "routing/rules.toml"


@dataclass(frozen=True, slots=True)
class Around:
    """``known``: a model by a name, empty: the most useful one of this machine; raises `ModelError`. ``stranger``: of a
    name, the label of the machine that answers for it and is not the person's; else "". ``seeing``: names of the models
    here that take pictures."""

    settings: Callable[[], Settings]
    known: Callable[[str], KnownModel]
    stranger: Callable[[str], str]
    seeing: Callable[[], Sequence[str]]
    consents: Callable[[], Consents] | None = None
    ledger: Callable[[], Ledger] | None = None
    cloud: Callable[[], Cloud] | None = None

    def local(self, rules: Rules, *, private: bool) -> Local:
        """See `routing.service.Surroundings`."""
        from workbench.routing.models import Local

        usual = _model(self.known(""))
        return Local(
            self._named(rules.fast, private=private) or usual,
            self._named(rules.deep, private=private) or usual,
            tuple(_model(self.known(name)) for name in self.seeing()),
        )

    def tools(self, names: Sequence[str] | None) -> bool:
        """See `routing.service.Surroundings`: only what can look something up counts."""
        tools = self.settings().tools
        if not tools.web_search or "web_search" in tools.off.split():
            return False
        return tools.in_chats == "auto" if names is None else "web_search" in names

    def standing(self, conversation_id: Id | None) -> bool:
        """See `routing.service.Surroundings`: a yes for an address that a provider had once counts no more."""
        if conversation_id is None or self.consents is None or self.ledger is None or self.cloud is None:
            return False
        if not self.settings().cloud.enabled:
            return False
        given = [one for one in self.consents().standing() if one.kind is ConsentKind.CLOUD]
        here = {one.subject for one in given if one.conversation_id == conversation_id}
        if not here or not any(one.subject in here for one in self.cloud().providers()):
            return False
        return any(cap.kind == "chat" and cap.name == conversation_id for cap in self.ledger().caps())

    def _named(self, name: str, *, private: bool) -> Model | None:
        """None where it is not there, or must not be told what is private."""
        if not name or (private and self.stranger(name)):
            return None
        try:
            return _model(self.known(name))
        except ModelError:
            return None


def _model(known: KnownModel) -> Model:
    from workbench.routing.models import Model

    return Model(known.key, known.name or known.key, known.efforts)


def build_router(base: Foundation, around: Around, database: Database) -> RouterService:
    """``database``: where the chats are whose choices are kept."""
    from workbench.routing.service import RouterService
    from workbench.routing.store import RoutedStore

    return RouterService(base.paths.routing, asset(SHIPPED_RULES), around, RoutedStore(database, base.clock))


class LazyRouter:
    """`Router` over one that is made when a question first asks for it."""

    def __init__(self, make: Callable[[], RouterService]) -> None:
        self._make = make

    @cached_property
    def service(self) -> RouterService:
        return self._make()

    def choose(self, asked: Asked) -> Choice:
        """See `Router.choose`."""
        return self.service.choose(asked)

    def began(self, conversation_id: Id, turn_id: Id, choice: Choice, *, overruled: str = "") -> None:
        """See `Router.began`."""
        self.service.began(conversation_id, turn_id, choice, overruled=overruled)

    def answered(self, turn_id: Id, choice: Choice, asked: Asked, answer: Node) -> Routed:
        """See `Router.answered`."""
        return self.service.answered(turn_id, choice, asked, answer)

    def failed(self, turn_id: Id, kind: str) -> None:
        """See `Router.failed`."""
        self.service.failed(turn_id, kind)
