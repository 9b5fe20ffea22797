from __future__ import annotations

from dataclasses import replace

import pytest

from ui.chat.feed import LEFT_OUT, NOTHING_SAID, SUMMARISED, footer, items, live_item
from ui.chat.footer_actions import FOOTER_ACTIONS, MORE
from ui.chat.state import (
    Answered,
    Asked,
    ChatState,
    Dismissed,
    Failed,
    Opened,
    Phase,
    Remedy,
    StateEvent,
    Stopped,
    Waiting,
    notice,
    reduce,
)
from ui.chat.transcript_items import (
    SUMMARY,
    BlockRow,
    BubbleRow,
    DividerRow,
    HeaderRow,
    ItemRows,
    ReasoningRow,
    TranscriptItem,
)
from workbench.chat.events import Preparing, TurnStarted
from workbench.chat.tree import Conversation, Node, Seen, Turn, TurnState
from workbench.consents.consent import Consent, ConsentKind, ConsentState, Question
from workbench.errors import ContextFullError, EngineError, StorageError
from workbench.markup import Kind
from workbench.messages import (
    Effort,
    Finish,
    Finished,
    Message,
    PromptProgress,
    Reasoning,
    ReasoningDelta,
    Role,
    Text,
    TextDelta,
    Timings,
    Unparsed,
    Usage,
    assistant,
    user,
)

EMPTY = Message(Role.ASSISTANT, ())


def turn(finish: Finish | None = None, usage: Usage = Usage(), timings: Timings = Timings()) -> Turn:
    state = TurnState.RUNNING if finish is None else TurnState.ENDED
    return Turn("t", "Model", "engine", state, 0.0, finish, usage, timings)


def question(node_id: str = "q1", parent: str | None = None, text: str = "Why?") -> Node:
    return Node(node_id, parent, user(text), 0.0)


def answer(node_id: str = "a1", parent: str | None = "q1", text: str = "", finish: Finish | None = None) -> Node:
    return Node(node_id, parent, assistant(text) if text else EMPTY, 0.0, turn(finish))


def conversation(*nodes: Node) -> Conversation:
    return Conversation("c", "Title", nodes[-1].id if nodes else None, nodes, 0.0, 0.0)


def after(*events: StateEvent, state: ChatState | None = None) -> ChatState:
    state = state or ChatState()
    for event in events:
        state = reduce(state, event)
    return state


STARTED = TurnStarted("c", question(), answer())


@pytest.mark.parametrize(
    ("event", "phase", "activity"),
    [
        (Preparing("Loading SmolLM2"), Phase.PREPARING, "Loading SmolLM2"),
        (PromptProgress(100, 400), Phase.READING, ""),
        (PromptProgress(1000, 4000), Phase.READING, "Reading 4,000 tokens · 25 %"),
        (ReasoningDelta("Hm"), Phase.THINKING, ""),
        (TextDelta("Yes"), Phase.WRITING, ""),
    ],
)
def test_what_is_going_on(event: StateEvent, phase: Phase, activity: str) -> None:
    state = after(Asked("Why?"), STARTED, event)
    assert (state.phase, state.activity, state.busy) == (phase, activity, True)


def test_a_turn_from_question_to_answer() -> None:
    state = after(Asked("Why?"), STARTED, ReasoningDelta("a"), ReasoningDelta("b"), TextDelta("Be"), TextDelta("cause"))
    assert state.conversation_id == "c"
    assert [node.id for node in state.nodes] == ["q1", "a1"]
    assert state.parts == (Reasoning("ab"), Text("Because"))
    finished = after(Finished(Finish.STOP), Answered(answer(text="Because", finish=Finish.STOP)), state=state)
    assert not finished.busy
    assert finished.parts == ()
    assert finished.nodes[-1].message.text == "Because"
    assert notice(finished) is None


def test_an_edit_leaves_the_old_branch_behind() -> None:
    state = after(Opened(conversation(question(), answer(text="Old", finish=Finish.STOP), question("q2", "a1"))))
    state = after(Asked("New?"), TurnStarted("c", question("q1b", None), answer("a1b", "q1b")), state=state)
    assert [node.id for node in state.nodes] == ["q1b", "a1b"]


def test_another_answer_takes_the_place_of_the_old_one() -> None:
    state = after(Opened(conversation(question(), answer(text="Old", finish=Finish.STOP))))
    state = after(Asked(), TurnStarted("c", None, answer("a2", "q1")), TextDelta("New"), state=state)
    assert [node.id for node in state.nodes] == ["q1", "a2"]
    assert state.parts == (Text("New"),)


def test_a_continuation_goes_on_where_the_answer_ended() -> None:
    partial = answer(text="Half", finish=Finish.CANCELLED)
    state = after(
        Opened(conversation(question(), partial)), Asked(), TurnStarted("c", None, partial), TextDelta(" done")
    )
    assert state.parts == (Text("Half done"),)
    assert [node.id for node in state.nodes] == ["q1", "a1"]


def test_what_was_streamed_is_newer_than_the_disk() -> None:
    live = after(Asked("Why?"), STARTED, TextDelta("Because"))
    assert after(Opened(conversation(question(), answer())), state=live).parts == (Text("Because"),)


def test_a_stopped_answer_keeps_what_came() -> None:
    state = after(Asked("Why?"), STARTED, TextDelta("Bec"), Stopped())
    assert state.unsent == ""
    assert (state.phase, state.nodes[-1].message.text) == (Phase.IDLE, "Bec")


def test_a_text_that_never_reached_the_disk_comes_back() -> None:
    state = after(Asked("Why?"), Failed(StorageError("The disk is full.")))
    assert (state.unsent, state.busy) == ("Why?", False)
    told = notice(state)
    assert told is not None
    assert (told.text, told.remedies) == ("The disk is full.", (Remedy.DISMISS,))
    assert notice(after(Dismissed(), state=state)) is None


def steering(item: TranscriptItem) -> tuple[str, ...]:
    """The steps of an item, without those that other parts add to its foot."""
    apart = {action.id for action in FOOTER_ACTIONS} - {"copy", "edit", "regenerate"}
    return tuple(action for action in item.actions if action not in {MORE, *apart})


def test_the_place_among_the_alternatives_is_shown_while_nothing_is_written() -> None:
    again = answer("a2", "q1", "Again", Finish.STOP)
    state = after(Opened(conversation(question(), answer(text="A", finish=Finish.STOP), again)))
    assert [item.place for item in items(state)] == [(0, 0), (2, 2)]
    assert [item.place for item in items(after(Asked("More"), state=state))] == [(0, 0), (0, 0)]


def test_an_answer_whose_question_was_deleted_cannot_be_regenerated() -> None:
    state = after(Opened(conversation(answer("a", None, "A", Finish.STOP))))
    assert "regenerate" not in items(state)[0].actions


def test_a_failure_while_answering_is_told_at_the_answer() -> None:
    error = EngineError("The engine died: out of memory.", hint="Use a smaller model.", detail="log")
    state = after(Asked("Why?"), STARTED, TextDelta("Bec"), Failed(error))
    assert notice(state) is None
    shown = items(state)[-1]
    assert (shown.status, shown.error, shown.hint, shown.text) == ("failed", error.message, error.hint, "Bec")
    assert steering(shown) == ("continue", "details", "copy", "regenerate")


def test_a_question_without_an_answer_can_be_asked_again() -> None:
    told = notice(after(Opened(conversation(question()))))
    assert told is not None
    assert told.remedies == (Remedy.RETRY,)


def test_a_question_that_waits_for_a_yes_is_not_said_to_be_without_an_answer() -> None:
    state = after(Opened(conversation(question())))
    waits = Question(ConsentKind.CLOUD, "somebody", "Send this?", {}, message_id=state.nodes[-1].id)
    told = notice(after(Waiting((Consent("c", waits, "h", ConsentState.WAITING, 0.0),)), state=state))
    assert told is not None
    assert (told.text, told.remedies) == ("This message waits for your yes.", (Remedy.ANSWER_HERE,))


@pytest.mark.parametrize(
    ("finish", "text", "status", "actions"),
    [
        (Finish.STOP, "Yes", "done", ("copy", "regenerate")),
        (Finish.CANCELLED, "Yes", "stopped", ("continue", "copy", "regenerate")),
        (Finish.STOP, "", "done", ("regenerate",)),
        (Finish.INTERRUPTED, "Yes", "interrupted", ("continue", "copy", "regenerate")),
        (Finish.INTERRUPTED, "", "interrupted", ("retry",)),
        (Finish.ERROR, "", "failed", ("retry",)),
        (Finish.LENGTH, "Yes", "done", ("continue", "copy", "regenerate")),
    ],
)
def test_how_an_answer_ended_and_what_can_be_done(
    finish: Finish, text: str, status: str, actions: tuple[str, ...]
) -> None:
    shown = items(after(Opened(conversation(question(), answer(text=text, finish=finish)))))[-1]
    assert (shown.status, steering(shown)) == (status, actions)


def test_a_full_context_offers_ways_out() -> None:
    shown = items(after(Asked("Why?"), STARTED, Failed(ContextFullError("Full."))))[-1]
    assert steering(shown) == ("drop", "summarise", "larger_context", "new_chat")


def test_a_full_context_offers_them_also_after_a_restart() -> None:
    failed = answer(finish=Finish.ERROR)
    assert failed.turn is not None
    kept = replace(failed, turn=replace(failed.turn, error="Full.", error_kind="context_full"))
    shown = items(after(Opened(conversation(question(), kept))))[-1]
    assert shown.actions[:3] == ("drop", "summarise", "larger_context")


def test_where_the_model_begins_to_see_is_shown() -> None:
    asked, said = question(), answer(text="Yes")
    later = replace(asked, id="later", parent_id=said.id)
    chat = conversation(asked, said, later)
    for seen, divider in ((Seen("later"), LEFT_OUT), (Seen("later", "They met."), SUMMARISED), (Seen(), "")):
        shown = items(after(Opened(replace(chat, seen=seen))))
        assert [item.divider for item in shown] == ["", "", divider]
        assert shown[-1].summary == seen.summary
    assert not any(item.divider for item in items(after(Opened(replace(chat, seen=Seen(asked.id))))))


def test_a_text_that_breaks_its_format_is_folded_and_shown_as_it_is() -> None:
    item = TranscriptItem("a", "answer", (Reasoning("hm", 1.0), Unparsed("<|channel|>weather **no markup**")))
    folded = ItemRows(item).rows()
    assert [type(row) for row in folded] == [HeaderRow, ReasoningRow, ReasoningRow]
    shown = ItemRows(item, unfolded={1}).rows()[-1]
    assert isinstance(shown, BlockRow)
    assert (shown.block.kind, shown.block.code) == (Kind.CODE, "<|channel|>weather **no markup**")


def test_the_summary_is_folded_below_its_divider() -> None:
    item = TranscriptItem("q", "question", (Text("And now?"),), divider=SUMMARISED, summary="They met.")
    assert [type(row) for row in ItemRows(item).rows()] == [DividerRow, ReasoningRow, BubbleRow]
    unfolded = ItemRows(item, unfolded={SUMMARY}).rows()
    assert [type(row) for row in unfolded] == [DividerRow, ReasoningRow, BlockRow, BubbleRow]


def test_only_the_last_answer_can_be_gone_on_with() -> None:
    state = after(
        Opened(
            conversation(
                question(),
                answer(text="A", finish=Finish.CANCELLED),
                question("q2", "a1"),
                answer("a2", "q2", "B", Finish.STOP),
            )
        )
    )
    assert steering(items(state)[1]) == ("copy", "regenerate")
    assert steering(items(state)[3]) == ("copy", "regenerate")


def test_the_live_item_is_the_last_item() -> None:
    state = after(Asked("Why?"), STARTED, Preparing("Loading"))
    assert live_item(state) == items(state)[-1]
    assert (items(state)[-1].status, items(state)[-1].note) == ("waiting", "Loading")
    state = after(TextDelta("Be"), state=state)
    assert (items(state)[-1].status, items(state)[-1].note) == ("streaming", "")
    assert live_item(ChatState()) is None


def test_the_footer_tells_what_is_known() -> None:
    known = turn(
        Finish.STOP,
        usage=Usage(completion_tokens=1234),
        timings=Timings(generation_tokens_per_second=41.7, total_seconds=29.64),
    )
    assert footer(known) == "42 tokens/s · 1,234 tokens · 29.6 s"
    assert footer(replace(known, effort=Effort.OFF)) == "42 tokens/s · 1,234 tokens · 29.6 s · no thinking"
    assert footer(turn(Finish.STOP)) == ""
    assert footer(turn(Finish.STOP), said=False) == NOTHING_SAID


def test_what_was_stopped_before_it_was_stored_is_not_lost() -> None:
    state = after(Asked("Why?"), Stopped())
    assert (state.unsent, state.busy) == ("Why?", False)
