"""The model of a question, where the person leaves it open: chosen before it is asked, and looked back at after."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from workbench.chat.asking.choice import Choice, Routed
from workbench.chat.asking.options import Options, ProjectRules
from workbench.chat.asking.routing import DEEPER, Asked, Router, is_auto
from workbench.chat.asking.rules import TurnRules
from workbench.chat.tree import Conversation, Node, Turn, path_to
from workbench.errors import Cancelled, WorkbenchError
from workbench.messages import Id, Message


@dataclass(frozen=True, slots=True)
class Chosen:
    """``options``: with the model that will answer, and what was chosen for it. ``overruled``: the model that the person
    named, where one would have been chosen."""

    choice: Choice
    asked: Asked
    options: Options
    overruled: str = ""


class Choosing:
    """``keeps`` False: the chats are never written, so nothing of them goes anywhere."""

    def __init__(self, router: Router, rules: TurnRules, projects: ProjectRules, *, keeps: bool = True) -> None:
        self._router = router
        self._rules = rules
        self._projects = projects
        self._keeps = keeps

    def chosen(
        self, options: Options, chat: Callable[[], Conversation], parent: Id | None, question: Message | None
    ) -> Chosen | None:
        """For a new ``question`` below ``parent``, or another answer to the one that ``parent`` is. None: the person, or
        the settings, named a model."""
        wanted, standard = self._rules.wanted(options)
        if not is_auto(wanted) and not is_auto(standard):
            return None
        asked = self._asked(options, chat(), parent, question)
        if asked is None:
            return None
        choice = self._router.choose(replace(asked, deeper=wanted == DEEPER))
        if not is_auto(wanted):
            return Chosen(choice, asked, options, overruled=wanted)
        return Chosen(choice, asked, self._as_chosen(options, choice))

    def again(self, options: Options, conversation: Conversation, node: Node) -> Chosen | None:
        """For more of an answer whose model was chosen: the same one, and no other limits than the person's."""
        routed = node.turn.routed if node.turn is not None else None
        asked = self._asked(options, conversation, node.parent_id, None) if routed is not None else None
        if routed is None or asked is None:
            return None
        return Chosen(routed.choice, asked, options, routed.overruled)

    def as_before(self, options: Options, turn: Turn | None) -> Options:
        """Where an answer is gone on with, the model is not chosen again: the one that began it goes on."""
        if turn is None or not is_auto(self._rules.wanted(options)[0]):
            return options
        return replace(options, model=self._rules.known(turn.model), effort=options.effort or turn.effort)

    def began(self, conversation_id: Id, turn: Turn, chosen: Chosen) -> Turn:
        """Kept with the turn that was begun so."""
        self._router.began(conversation_id, turn.id, chosen.choice, overruled=chosen.overruled)
        return replace(turn, routed=Routed(chosen.choice, overruled=chosen.overruled))

    def looked_over(self, turn: Turn, chosen: Chosen | None, answer: Callable[[], Node]) -> Node:
        """What ``answer`` gives, with what came of the choice. Raises what it raises."""
        if chosen is None:
            return answer()
        try:
            node = answer()
        except (Cancelled, WorkbenchError) as error:
            self._router.failed(turn.id, getattr(error, "kind", "cancelled"))
            raise
        routed = self._router.answered(turn.id, chosen.choice, chosen.asked, node)
        routed = replace(routed, overruled=chosen.overruled)
        return node if node.turn is None else replace(node, turn=replace(node.turn, routed=routed))

    # Inside -----------------------------------------------------------------------------------------------------------

    def _asked(
        self, options: Options, conversation: Conversation, parent: Id | None, question: Message | None
    ) -> Asked | None:
        branch = path_to(conversation, parent)
        if question is None:
            if not branch:
                return None
            branch, question = branch[:-1], branch[-1].message
        documents = self._rules.documents(options, conversation)
        tools = options.tools if options.tools is not None else conversation.tools
        return Asked(
            question,
            branch,
            conversation.id,
            private=not self._keeps or self._private(conversation.id, branch),
            documents=bool(documents),
            schema=self._rules.over_defaults(options).schema is not None,
            tools=tools,
            effort=self._rules.over_defaults(options).effort,
        )

    def _private(self, conversation_id: Id, branch: tuple[Node, ...]) -> bool:
        if self._projects.is_private(conversation_id):
            return True
        return any(passage.private for node in branch for passage in node.message.passages)

    def _as_chosen(self, options: Options, choice: Choice) -> Options:
        """What the person, or the settings, said of the length counts as well."""
        limits = (options.max_tokens or self._rules.over_defaults(options).max_tokens, choice.most_tokens)
        return replace(
            options,
            model=choice.model,
            effort=options.effort or choice.effort,
            max_tokens=min((limit for limit in limits if limit), default=None),
            most_seconds=options.most_seconds or choice.most_seconds,
        )
