"""The transcript's items, from a chat's state. Pure."""

from __future__ import annotations

from ui.chat.answer_source import author_of, badge_of, from_cloud, provider_of, steps_after
from ui.chat.choosing import chosen_words, proposal
from ui.chat.effort_words import effort_name
from ui.chat.footer_actions import Foot, in_row
from ui.chat.state import ChatState, Phase
from ui.chat.transcript_items import Status, TranscriptItem
from ui.translation import marked, tr
from workbench.chat.tree import Node, Seen, Turn
from workbench.consents.consent import Consent, ConsentKind
from workbench.errors import ContextFullError, WorkbenchError
from workbench.messages import Finish, Role, ToolCall, ToolResult

LOCAL_BADGE = marked("On this computer")
LEFT_OUT = marked("The model no longer sees what stands above.")
SUMMARISED = marked("The model sees a summary of what stands above.")
CANNOT_SEE = "cannot_see"  # the kind of failure of a model that was asked about a picture
NOTHING_SAID = marked("The model sent no answer.")
LENGTH_NOTE = marked("The answer reached its length limit.")
_STATUS: dict[Finish | None, Status] = {
    Finish.CANCELLED: "stopped",
    Finish.INTERRUPTED: "interrupted",
    Finish.ERROR: "failed",
}


def items(state: ChatState) -> tuple[TranscriptItem, ...]:
    """One item per message of the branch in view."""
    last = state.nodes[-1].id if state.nodes else None
    first_seen = state.seen.from_id if state.nodes and state.nodes[0].id != state.seen.from_id else None
    return tuple(
        _question(state, node, seen=state.seen if node.id == first_seen else None)
        if node.message.role is Role.USER
        else _answer(state, node, last=node.id == last)
        for node in state.nodes
    )


def _question(state: ChatState, node: Node, *, seen: Seen | None) -> TranscriptItem:
    return TranscriptItem(
        node.id,
        "question",
        node.message.parts,
        actions=in_row(foot(state, node)),
        place=_place(state, node),
        consents=_asked(state, node),
        divider="" if seen is None else tr(SUMMARISED) if seen.summary else tr(LEFT_OUT),
        summary="" if seen is None else seen.summary,
    )


def _answer(state: ChatState, node: Node, *, last: bool) -> TranscriptItem:
    author = author_of(node.turn)
    if node.id == state.answer_id:
        return _live(state, node, author)
    failure = state.failure if last else None
    turn = node.turn
    status: Status = "failed" if failure else _STATUS.get(turn.finish if turn else None, "done")
    offer = state.smaller if last and status == "failed" else ""
    return TranscriptItem(
        node.id,
        "answer",
        node.message.parts,
        author=author,
        badge=_badge(state, node),
        cloud=from_cloud(node.turn),
        status=status,
        footer=footer(turn, said=bool(node.message.text)) if turn else "",
        error=failure.message if failure else (turn.error if turn else ""),
        hint=offer or (failure.hint if failure else (turn.hint if turn else "")),
        actions=(
            *_steps(state, node, status, failure, last=last, smaller=bool(offer)),
            *in_row(foot(state, node)),
        ),
        place=_place(state, node),
        given=turn.note if turn else "",
        chosen=chosen_words(turn),
        proposal=proposal(foot(state, node)) if last else ("", ()),
        consents=_asked(state, node),
        titles=state.titles,
    )


def _asked(state: ChatState, node: Node) -> tuple[Consent, ...]:
    return tuple(one for one in state.consents if one.question.message_id == node.id)


def foot(state: ChatState, node: Node) -> Foot:
    """What is known of a message of the branch in view where its actions are chosen."""
    above = next((one for one in state.nodes if one.id == node.parent_id), None)
    asked = above is not None and above.message.role is Role.USER
    last, verdict = node.id == state.nodes[-1].id, state.verdicts.get(node.id, "")
    others = len(state.alternatives.get(node.id, ()))
    return Foot(
        node,
        last=last,
        busy=state.busy,
        verdict=verdict,
        asked=asked,
        temporary=state.temporary,
        cloud=state.cloud,
        others=others,
    )


def _place(state: ChatState, node: Node) -> tuple[int, int]:
    """While an answer is being written no other branch comes into view."""
    others = state.alternatives.get(node.id, ())
    return (0, 0) if state.busy or node.id not in others else (others.index(node.id) + 1, len(others))


def badge(turn: Turn | None) -> str:
    """Where the answer came from."""
    _, _, host = (turn.backend if turn else "").partition("server:")
    return host or tr(LOCAL_BADGE)


def _badge(state: ChatState, node: Node) -> str:
    """Of an answer from a provider with what it cost."""
    turn = node.turn
    return badge_of(turn, state.charged.get(turn.id)) if turn and from_cloud(turn) else badge(turn)


def live_item(state: ChatState) -> TranscriptItem | None:
    """The answer that is being written, for a repaint of it alone."""
    node = next((node for node in reversed(state.nodes) if node.id == state.answer_id), None)
    return _live(state, node, author_of(node.turn)) if node is not None else None


def _live(state: ChatState, node: Node, author: str) -> TranscriptItem:
    speaking = state.phase in (Phase.THINKING, Phase.WRITING)
    return TranscriptItem(
        node.id,
        "answer",
        state.parts,
        author=author,
        badge=_badge(state, node),
        cloud=from_cloud(node.turn),
        chosen=chosen_words(node.turn),
        status="streaming" if speaking else "waiting",
        note="" if speaking else _going_on(state),
        consents=_asked(state, node),
        titles=state.titles,
    )


def _going_on(state: ChatState) -> str:
    """Words for what is going on while nothing is said."""
    last = state.parts[-1] if state.parts else None
    if state.activity or isinstance(last, ToolCall):  # the line of a call tells that it runs
        return state.activity
    return tr("Reading the result…") if isinstance(last, ToolResult) else tr("Getting ready…")


def _steps(
    state: ChatState, node: Node, status: Status, failure: WorkbenchError | None, *, last: bool, smaller: bool
) -> tuple[str, ...]:
    """The next steps of an answer that ended early; only the last one can be gone on with."""
    if from_cloud(node.turn):
        return _steps_elsewhere(state, node, status, failure) if last else ()
    actions: list[str] = ["smaller"] if smaller else []
    if last and _is_full(node, failure):
        actions += ["drop", "summarise", "larger_context", "new_chat"]
    elif last and _kind(node, failure) == CANNOT_SEE:
        actions += ["models", "retry"]
    elif last and status != "done":
        actions.append("continue" if node.message.text else "retry")
    elif last and _may_go_on(state, node):
        actions.append("continue")
    if last and failure is not None and failure.detail:
        actions.append("details")
    return tuple(actions)


def _steps_elsewhere(state: ChatState, node: Node, status: Status, failure: WorkbenchError | None) -> tuple[str, ...]:
    """One that called tools is gone on with by its provider, which is asked about first."""
    after = steps_after(node.turn, failure) if status != "done" else ()
    waits = node.turn is not None and node.turn.finish is Finish.WAITING
    called = provider_of(node.turn) and any(isinstance(part, ToolCall) for part in node.message.parts)
    goes_on = called and (status != "done" or (waits and not _is_asked(state, node)))
    return ("continue", *after) if goes_on else after


def _is_asked(state: ChatState, node: Node) -> bool:
    """Whether it waits for an answer of the person."""
    return any(one.question.kind is not ConsentKind.MEMORY for one in _asked(state, node))


def _may_go_on(state: ChatState, node: Node) -> bool:
    """It was too long, or waited for an answer of the person that is there now: given in another place."""
    finish = node.turn.finish if node.turn is not None else None
    return finish is Finish.LENGTH or (finish is Finish.WAITING and not _is_asked(state, node))


def _is_full(node: Node, failure: WorkbenchError | None) -> bool:
    """Whether the chat no longer fits: told just now, or before the program was started again."""
    return _kind(node, failure) == ContextFullError.kind


def _kind(node: Node, failure: WorkbenchError | None) -> str:
    """Of the failure that ended an answer; empty: none did."""
    if failure is not None:
        return failure.kind
    return node.turn.error_kind if node.turn is not None else ""


def footer(turn: Turn, *, said: bool = True) -> str:
    """Speed and length of a finished answer, as far as they are known; and whether there is one at all."""
    words = [] if said or turn.finish is not Finish.STOP else [tr(NOTHING_SAID)]
    if turn.timings.generation_tokens_per_second:
        words.append(tr("{speed} tokens/s").format(speed=f"{turn.timings.generation_tokens_per_second:.0f}"))
    if turn.usage.completion_tokens:
        tokens = turn.usage.completion_tokens
        words.append(tr("1 token") if tokens == 1 else tr("{count} tokens").format(count=f"{tokens:,}"))
    if turn.timings.total_seconds:
        words.append(tr("{seconds} s").format(seconds=f"{turn.timings.total_seconds:.1f}"))
    if turn.effort is not None:
        words.append(effort_name(turn.effort).lower())
    if turn.finish is Finish.LENGTH:
        words.append(tr(LENGTH_NOTE))
    return " · ".join(words)
