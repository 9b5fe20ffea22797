"""How an answer came about: what the card says of it (pure), and the card."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from ui.chat.answer_elsewhere import NOT_ELSEWHERE, Elsewhere, cost, rows, where
from ui.chat.answer_source import from_cloud
from ui.chat.citations import kind_of
from ui.chat.effort_words import effort_name
from ui.chat.words import shortened
from ui.translation import tr
from ui.widgets.buttons import Button, IconButton
from ui.widgets.floating import Floating
from ui.widgets.labels import label, rule
from workbench.chat.tree import SEEN_WHOLE, Node, Seen, Turn
from workbench.memory.memory import Remembered
from workbench.messages import Finish, Role, ToolResult, UsedPrompt

if TYPE_CHECKING:
    from ui.appearance import Appearance

WIDTH, NAMES = 460, 112  # pixels of the card, and of the names in it at 100 %
MOST_TOLD = 400  # characters
MOST_FACTS = 20
_ENDINGS = {
    Finish.STOP: "The model had said all",
    Finish.LENGTH: "It reached its length limit",
    Finish.CANCELLED: "Stopped by you",
    Finish.INTERRUPTED: "The program ended meanwhile",
    Finish.TOOL_CALLS: "The model called a tool",
    Finish.ERROR: "It failed",
}


class Row(NamedTuple):
    name: str
    value: str


class Group(NamedTuple):
    title: str
    rows: tuple[Row, ...]


def details(
    answer: Node,
    branch: Sequence[Node],
    *,
    seen: Seen = SEEN_WHOLE,
    instructions: str = "",
    elsewhere: Elsewhere = NOT_ELSEWHERE,
) -> tuple[Group, ...]:
    """What is known of ``answer``, which stands in ``branch``; what is not known is left out.

    ``instructions``: what the model is told before every chat, as it is now. ``elsewhere``: of one that was not written
    here.
    """
    turn = answer.turn
    question = next((node.message for node in branch if node.id == answer.parent_id), None)
    groups = (
        Group("Answer", tuple(_of_turn(turn, elsewhere))) if turn is not None else Group("Answer", ()),
        Group(tr("What left"), tuple(Row(*told) for told in rows(elsewhere))),
        Group("Prompt", tuple(_of_prompt(question.prompt)) if question is not None and question.prompt else ()),
        Group(tr("What it was told of you"), tuple(_of_memory(turn.memory)) if turn is not None else ()),
        Group("Speed", tuple(_of_speed(turn)) if turn is not None else ()),
        Group("What was sent", tuple(_of_context(answer, branch, seen, instructions)) if not from_cloud(turn) else ()),
    )
    return tuple(group for group in groups if group.rows)


def as_text(groups: Sequence[Group]) -> str:
    """To copy."""
    return "\n\n".join(
        "\n".join((group.title, *(f"{row.name}: {row.value}" for row in group.rows))) for group in groups
    )


def _of_turn(turn: Turn, elsewhere: Elsewhere) -> Iterator[Row]:
    yield Row("Model", turn.model)
    if from_cloud(turn):
        yield from _of_cloud(turn, elsewhere)
        return
    _, _, host = turn.backend.partition("server:")
    yield Row("Where", host or "On this computer")
    if turn.backend not in ("", "engine") and not host:
        yield Row("Engine", turn.backend)
    if turn.effort is not None:
        yield Row("Effort", effort_name(turn.effort))
    if turn.routed is not None:
        why = turn.routed.choice.why
        told = tr("You named {model}; Auto would have had {why}").format(model=turn.routed.overruled, why=why)
        yield Row(tr("Chosen"), told if turn.routed.overruled else why)
    if turn.finish is not None:
        yield Row("Ended", _ENDINGS[turn.finish])
    if not host:
        yield Row("Cost", "Nothing: it was written on this computer")
    if turn.error:
        yield Row("Failure", turn.error)


def _of_cloud(turn: Turn, elsewhere: Elsewhere) -> Iterator[Row]:
    yield Row("Where", where(turn, elsewhere))
    if turn.effort is not None:
        yield Row("Effort", effort_name(turn.effort))
    if turn.finish is not None:
        yield Row("Ended", _ENDINGS[turn.finish])
    yield Row("Cost", cost(turn, elsewhere))
    if turn.error:
        yield Row("Failure", turn.error)


def _of_prompt(prompt: UsedPrompt) -> Iterator[Row]:
    yield Row("Written with", f"{prompt.title} (/{prompt.name}), version {prompt.version}")
    if prompt.model:
        yield Row("Prefers", prompt.model)
    if prompt.effort is not None:
        yield Row("Its effort", effort_name(prompt.effort))
    if prompt.temperature is not None:
        yield Row("Temperature", f"{prompt.temperature:g}")
    if prompt.schema is not None:
        yield Row("Form", "JSON that keeps to a schema")
    if prompt.system.strip():
        yield Row("Told first", shortened(prompt.system, MOST_TOLD))


def _of_memory(told: Remembered) -> Iterator[Row]:
    """As it was told then: a change later does not reach it."""
    texts = (
        (tr("About me"), told.own.about),
        (tr("How to answer"), told.own.how),
        (tr("About me here"), told.of_project.about),
        (tr("How to answer here"), told.of_project.how),
    )
    for name, text in texts:
        if text:
            yield Row(name, shortened(text, MOST_TOLD))
    if told.facts:
        more = len(told.facts) - MOST_FACTS
        said = [fact.text for fact in told.facts[-MOST_FACTS:]]
        earlier = [tr("… and {count} before").format(count=f"{more:,}")] if more > 0 else []
        yield Row(tr("Facts"), "\n".join((*reversed(said), *earlier)))
    if told.left_out:
        yield Row(tr("No room for"), tr("{count} older facts").format(count=f"{told.left_out:,}"))


def _of_speed(turn: Turn) -> Iterator[Row]:
    usage, timings = turn.usage, turn.timings
    if usage.completion_tokens is not None:
        yield Row("Written", f"{usage.completion_tokens:,} tokens")
    if timings.generation_tokens_per_second:
        yield Row("Writing", f"{timings.generation_tokens_per_second:.1f} tokens/s")
    if timings.prompt_tokens_per_second:
        yield Row("Reading", f"{timings.prompt_tokens_per_second:,.0f} tokens/s")
    if timings.first_token_seconds is not None:
        yield Row("First word after", f"{timings.first_token_seconds:.2f} s")
    if timings.total_seconds is not None:
        yield Row("Time", f"{timings.total_seconds:.1f} s")


def _of_context(answer: Node, branch: Sequence[Node], seen: Seen, instructions: str) -> Iterator[Row]:
    usage = answer.turn.usage if answer.turn is not None else None
    if usage is not None and usage.prompt_tokens is not None:
        known = f", {usage.cached_tokens:,} of them known from before" if usage.cached_tokens else ""
        yield Row("Read", f"{usage.prompt_tokens:,} tokens{known}")
    sent = _sent(answer, branch, seen)
    questions = sum(node.message.role is Role.USER for node in sent)
    answers = len(sent) - questions
    yield Row("Messages", f"{_count(questions, 'question')} and {_count(answers, 'answer')} before this one")
    for node in sent:
        for file in node.message.attachments:
            size = f"{file.tokens:,} tokens" if file.tokens is not None else f"{file.bytes:,} bytes"
            yield Row("Picture" if file.is_image else "Document", f"{file.name}, {size}")
    if passages := answer.message.passages:
        files = all(kind_of(one) == "file" for one in passages)
        documents = len({one.path for one in passages})
        yield Row("Passages", f"{len(passages):,} of {_count(documents, 'document' if files else 'source')}")
    yield from _of_tools(answer)
    if answer.turn is not None and answer.turn.note:
        yield Row("Left out", answer.turn.note)
    if seen.from_id is not None:
        yield Row("Older messages", "A summary of them" if seen.summary else "Not sent any more")
    if instructions.strip():
        yield Row("Instructions", f"{len(instructions.strip()):,} characters, as they are now")


def _of_tools(answer: Node) -> Iterator[Row]:
    """How many calls it made, how long they took, and where something left."""
    results = [part for part in answer.message.parts if isinstance(part, ToolResult)]
    if results:
        seconds = sum(one.seconds or 0.0 for one in results)
        failed = sum(one.failed for one in results)
        told = [_count(len(results), "call"), f"{seconds:.1f} s", *([f"{failed} failed"] if failed else [])]
        yield Row("Tools", ", ".join(told))


def _sent(answer: Node, branch: Sequence[Node], seen: Seen) -> list[Node]:
    """The messages above the answer that the model sees."""
    above: list[Node] = []
    for node in branch:
        if node.id == answer.id:
            break
        above = [node] if node.id == seen.from_id else [*above, node]
    return above


def _count(number: int, word: str) -> str:
    return f"{number:,} {word}" if number == 1 else f"{number:,} {word}s"


class DetailsCard(Floating):
    """Shows the groups beside the message they belong to. Escape closes it."""

    def __init__(self, groups: Sequence[Group], appearance: Appearance, window: QWidget) -> None:
        super().__init__("Details of this answer", window)
        self._groups = groups
        lines = QVBoxLayout(self)
        lines.setContentsMargins(18, 14, 14, 16)
        lines.setSpacing(8)
        head = QHBoxLayout()
        head.addWidget(label("Details of this answer", "strong"), 1)
        self.copy_button = Button("Copy", appearance, look="quiet", icon_name="copy", name="Copy the details")
        self.copy_button.clicked.connect(self._copy)
        close = IconButton("x", "Close the details", appearance, size=16)
        close.clicked.connect(self.dismiss)
        head.addWidget(self.copy_button)
        head.addWidget(close)
        lines.addLayout(head)
        for number, group in enumerate(groups):
            if number:
                lines.addWidget(rule())
            lines.addWidget(_table(group, appearance))

    def open(self) -> None:
        self.place_at_top(WIDTH)
        self.appear()
        self.copy_button.setFocus(Qt.FocusReason.PopupFocusReason)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(as_text(self._groups))
        self.copy_button.say("Copied")


def _table(group: Group, appearance: Appearance) -> QWidget:
    table = QWidget()
    table.setAccessibleName(group.title)
    grid = QGridLayout(table)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(16)
    grid.setVerticalSpacing(4)
    grid.setColumnStretch(1, 1)
    for line, row in enumerate(group.rows):
        name = label(row.name, "caption", wrap=True)
        name.setFixedWidth(min(appearance.pixels(NAMES), WIDTH // 3))
        value = label(row.value, wrap=True, selectable=True)
        value.setFixedWidth(WIDTH - min(appearance.pixels(NAMES), WIDTH // 3) - 60)
        value.setMinimumHeight(value.heightForWidth(value.width()))
        value.setAccessibleName(f"{row.name}: {row.value}")
        grid.addWidget(name, line, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(value, line, 1)
    return table
