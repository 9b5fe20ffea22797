"""What can be done with a message, once: the one table that the foot of every message and its list "More" read.

To add an action, add a line to ``FOOTER_ACTIONS``, and say what it does with ``Desk.handle(id, what)``. Pure.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ui.chat.answer_source import from_cloud
from ui.translation import marked
from workbench.chat.tree import Node, TurnState
from workbench.messages import Finish, Role

MORE = "more"
ASK_STRONGER, ASK_STRONGER_THIS, BESIDE_LOCAL = "ask_stronger", "ask_stronger_this", "beside_local"
PREVIOUS, NEXT = "previous", "next"
OPEN_PROMPT = "open_prompt"  # of the mark above a question that was written with a saved one
_ALWAYS = {
    MORE: (marked("More"), "ellipsis", marked("More for this message")),
    PREVIOUS: ("", "chevron-left", marked("Show the version before")),
    NEXT: ("", "chevron-right", marked("Show the next version")),
}


@dataclass(frozen=True, slots=True)
class Foot:
    """A message where its actions are chosen. ``last``: it ends the branch; ``busy``: its chat is being answered;
    ``verdict``: what the person thinks of it, "up" or "down"; ``asked``: a question stands above it, which may have
    been deleted; ``temporary``: nothing of its chat is on the disk. ``cloud``: questions may be taken to a provider;
    ``others``: how many answers there are at its place, itself included, 0: it is the only one."""

    node: Node
    last: bool = False
    busy: bool = False
    verdict: str = ""
    asked: bool = True
    temporary: bool = False
    cloud: bool = False
    others: int = 0

    @property
    def is_question(self) -> bool:
        return self.node.message.role is Role.USER

    @property
    def has_text(self) -> bool:
        return bool(self.node.message.text)

    @property
    def is_growing(self) -> bool:
        return self.node.turn is not None and self.node.turn.state is TurnState.RUNNING


def questions(foot: Foot) -> bool:
    return foot.is_question


def answers(foot: Foot) -> bool:
    """Answers that say something."""
    return not foot.is_question and foot.has_text


def answered(foot: Foot) -> bool:
    """Answers of which something is known."""
    return not foot.is_question and foot.node.turn is not None and not foot.is_growing


def idle_questions(foot: Foot) -> bool:
    """A question changes the branch: not while an answer of the same chat is being written."""
    return foot.is_question and not foot.busy


def idle_answers(foot: Foot) -> bool:
    """Answers of a chat that is not being answered. One at the end that failed before its first word is tried again by
    the card that says so."""
    said = foot.has_text or not foot.last or (foot.node.turn is not None and foot.node.turn.finish is Finish.STOP)
    return not foot.is_question and not foot.busy and said and foot.asked


def local_answers(foot: Foot) -> bool:
    """Those that this computer, or another of the person's own, may write anew: nothing is sent to a provider again by
    itself."""
    return idle_answers(foot) and not from_cloud(foot.node.turn)


def beside(foot: Foot) -> bool:
    """Answers from a provider that stand beside others."""
    return idle_answers(foot) and from_cloud(foot.node.turn) and foot.others > 1


def may_be_taken(foot: Foot) -> bool:
    """Answers whose question a stronger model may be asked."""
    return foot.cloud and not foot.is_question and not foot.busy and foot.asked


def questions_to_take(foot: Foot) -> bool:
    return foot.cloud and foot.is_question and not foot.busy


def texts(foot: Foot) -> bool:
    return foot.has_text


def idle(foot: Foot) -> bool:
    return not foot.busy


def settled(foot: Foot) -> bool:
    """A message that says something and will not change."""
    return foot.has_text and not foot.is_growing


def thumb(verdict: str, *, given: bool) -> Callable[[Foot], bool]:
    """For answers which the person has judged so, or has not."""
    return lambda foot: not foot.is_question and settled(foot) and (foot.verdict == verdict) is given


@dataclass(frozen=True, slots=True)
class FooterAction:
    """``words`` stand in the list, ``name`` is said of the icon. ``offered``: for which messages it is there.
    ``in_row``: an icon of its own at the foot of the message; else it is in the list behind "More"."""

    id: str
    words: str
    icon: str
    name: str
    offered: Callable[[Foot], bool]
    in_row: bool = False
    danger: bool = False
    separated: bool = False

    def is_for(self, foot: Foot) -> bool:
        return self.offered(foot) and not (foot.temporary and self.id not in WITHOUT_THE_DISK)


FOOTER_ACTIONS: tuple[FooterAction, ...] = (
    FooterAction("copy", marked("Copy"), "copy", marked("Copy message"), texts, in_row=True),
    FooterAction("edit", marked("Edit"), "pencil", marked("Edit this question"), idle_questions, in_row=True),
    FooterAction(
        "regenerate", marked("New answer"), "refresh-cw", marked("Regenerate this answer"), local_answers, in_row=True
    ),
    FooterAction(
        ASK_STRONGER,
        marked("Ask a stronger model…"),
        "cloud",
        marked("Ask a stronger model"),
        may_be_taken,
        in_row=True,
    ),
    FooterAction(
        "good", marked("Good answer"), "thumbs-up", marked("Good answer"), thumb("up", given=False), in_row=True
    ),
    FooterAction(
        "good_given",
        marked("Good answer"),
        "thumbs-up-filled",
        marked("Marked as good: look again"),
        thumb("up", given=True),
        in_row=True,
    ),
    FooterAction(
        "bad",
        marked("Not a good answer"),
        "thumbs-down",
        marked("Not a good answer"),
        thumb("down", given=False),
        in_row=True,
    ),
    FooterAction(
        "bad_given",
        marked("Not a good answer"),
        "thumbs-down-filled",
        marked("Marked as not good: look again"),
        thumb("down", given=True),
        in_row=True,
    ),
    FooterAction(
        "compare",
        marked("Compare with another model"),
        "columns-2",
        marked("Compare with another model"),
        local_answers,
    ),
    FooterAction(
        BESIDE_LOCAL, marked("Beside the local answer"), "columns-2", marked("Show it beside the local answer"), beside
    ),
    FooterAction(
        ASK_STRONGER_THIS,
        marked("Ask a stronger model…"),
        "cloud",
        marked("Ask a stronger model this question"),
        questions_to_take,
    ),
    FooterAction(
        "save_prompt", marked("Save as prompt…"), "book-open", marked("Save this question as a prompt"), questions
    ),
    FooterAction("case", marked("Save as test case"), "flask-conical", marked("Save as test case"), settled),
    FooterAction("answer_details", marked("Details"), "info", marked("Details of this answer"), answered),
    FooterAction("copy_as", marked("Copy as…"), "clipboard", marked("Copy in another form"), texts),
    FooterAction("open_in_panel", marked("Open in the panel"), "columns-2", marked("Open in the panel"), texts),
    FooterAction("quote", marked("Quote in the next message"), "quote", marked("Quote"), texts),
    FooterAction("fork", marked("Go on in a new chat"), "git-fork", marked("Go on from here in a new chat"), idle),
    FooterAction(
        "delete_message", marked("Delete"), "trash-2", marked("Delete this message"), idle, danger=True, separated=True
    ),
)
_BY_ID = {action.id: action for action in FOOTER_ACTIONS}


WITHOUT_THE_DISK = frozenset(("copy", "edit", "regenerate", "quote", "delete_message", "answer_details", "copy_as"))
"""What can be done in a temporary chat."""


def in_row(foot: Foot) -> tuple[str, ...]:
    """The ids of the icons at the foot of a message, ``MORE`` last where there is more."""
    row = tuple(action.id for action in FOOTER_ACTIONS if action.in_row and action.is_for(foot))
    return (*row, MORE) if in_list(foot) else row


def in_list(foot: Foot) -> tuple[FooterAction, ...]:
    """What the list behind "More" offers."""
    return tuple(action for action in FOOTER_ACTIONS if not action.in_row and action.is_for(foot))


def face(action: str) -> tuple[str, str, str] | None:
    """Words, icon and spoken name of an action of the table; None for another id."""
    known = _BY_ID.get(action)
    return (known.words, known.icon, known.name) if known is not None else _ALWAYS.get(action)
