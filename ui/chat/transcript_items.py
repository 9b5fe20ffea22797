"""What the transcript shows, as plain values: items come in, rows go to the widgets. No Qt.

An item is one message. A row is what gets one widget: a question's bubble, an answer's header, the switch of its reasoning,
each block of its text, the card that says why it ended early, its footer.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from ui.chat.answer_source import cloud_actions
from ui.chat.choosing import proposal_actions
from ui.chat.citations import Cited, Summary, cited, marks_of, summary
from ui.chat.consents import ConsentRow
from ui.chat.steps import Run, Step, StepRow, StepsRow, StepTextRow, run_label, runs, step_row, texts_of, visible
from ui.translation import marked, tr
from workbench.consents.consent import Consent
from workbench.markup import Block, Kind, Mark, Splitter
from workbench.messages import Attachment, Part, Reasoning, Sources, Text, ToolResult, Unparsed, UsedPrompt

Status = Literal["done", "waiting", "streaming", "stopped", "interrupted", "failed"]


@dataclass(frozen=True, slots=True)
class TranscriptItem:
    """One message; or a document, which is its text alone, with the blocks around ``lit`` (characters of it) marked.

    ``note``: what goes on before the first token ("Loading SmolLM2…"). ``error``, ``hint``: what went wrong, what to do.
    ``actions``: ids of the buttons to offer, see ``ACTIONS``; an unknown id becomes a button with that name.
    ``place``: which of the alternatives this is, from 1, and how many there are; (0, 0): the only one.
    ``given``: what of the attachments the model was not given.
    ``divider``: what the model no longer sees of what stands above; ``summary``: what it is told instead.
    ``consents``: what it asks the person; ``titles``: of the tools, for a person, by name.
    ``cloud``: it came from a provider, or by hand from the person's own subscription.
    ``chosen``: which model was chosen for the question, and why; ``proposal``: why another answer is offered, with the
    ids of its buttons.
    """

    id: str
    kind: Literal["question", "answer", "document"]
    parts: tuple[Part, ...]
    author: str = ""
    badge: str = ""
    status: Status = "done"
    note: str = ""
    footer: str = ""
    error: str = ""
    hint: str = ""
    actions: tuple[str, ...] = ()
    divider: str = ""
    summary: str = ""
    place: tuple[int, int] = (0, 0)
    given: str = ""
    lit: tuple[int, int] = (0, 0)
    consents: tuple[Consent, ...] = ()
    titles: Mapping[str, str] = field(default_factory=dict, hash=False)
    cloud: bool = False
    chosen: str = ""
    proposal: tuple[str, tuple[str, ...]] = ("", ())

    @property
    def text(self) -> str:
        return "\n\n".join(part.text for part in self.parts if isinstance(part, Text))

    @property
    def live(self) -> bool:
        return self.status in ("waiting", "streaming")

    @property
    def sources(self) -> Sources:
        """Of an answer, with what its tools found; without passages where it stands on none."""
        given = next((part for part in self.parts if isinstance(part, Sources)), Sources())
        found = [one for part in self.parts if isinstance(part, ToolResult) for one in part.passages]
        return replace(given, passages=(*given.passages, *found)) if found else given


# Of cards and dividers, by id: words on the button, icon, what a screen reader says. The foot of a message has its own
# table, see `footer_actions`.
ACTIONS = {
    "continue": (marked("Continue"), "play", marked("Continue this answer")),
    "retry": (marked("Try again"), "refresh-cw", marked("Try this answer again")),
    "details": (marked("Details"), "info", marked("Copy the details of this failure")),
    "doctor": (marked("Check this computer"), "shield-check", marked("Check this computer")),
    "models": (marked("Models"), "cpu", marked("Open the models page")),
    "new_chat": (marked("New chat"), "plus", marked("Start a new chat")),
    "drop": (marked("Leave out the oldest"), "ban", marked("Leave out the oldest messages and answer")),
    "summarise": (marked("Summarise the oldest"), "list", marked("Have the oldest messages summarised and answer")),
    "larger_context": (marked("Larger context"), "layers", marked("Load the model with a larger context and answer")),
    "smaller": (marked("Load it smaller"), "layers", marked("Load the model smaller and go on with this answer")),
    "see_whole": (marked("Send all again"), "undo-2", marked("Send the whole chat to the model again")),
    **proposal_actions(),
    **cloud_actions(),
}
_CARD_ACTIONS = (
    *("smaller", "continue", "retry", "drop", "summarise", "larger_context", "details", "doctor", "models", "new_chat"),
    *cloud_actions(),
)
SUMMARY = -1  # as the number of a part: what stands for the messages above
SOURCES = -2  # as the number of a part: the list under an answer of what it stands on
_ENDINGS = {
    "stopped": marked("You stopped this answer."),
    "interrupted": marked("This answer was interrupted."),
    "failed": marked("This answer could not be finished."),
}


@dataclass(frozen=True, slots=True)
class BubbleRow:
    text: str


@dataclass(frozen=True, slots=True)
class FilesRow:
    """What is attached to a question."""

    files: tuple[Attachment, ...]


@dataclass(frozen=True, slots=True)
class PromptRow:
    """The saved prompt that a question was written with."""

    used: UsedPrompt


@dataclass(frozen=True, slots=True)
class GivenRow:
    """What of the attachments an answer was given."""

    text: str


@dataclass(frozen=True, slots=True)
class HeaderRow:
    """``cloud``: it came from elsewhere, in amber."""

    author: str
    badge: str
    cloud: bool = False


@dataclass(frozen=True, slots=True)
class NoteRow:
    """What is going on before the first token."""

    text: str


@dataclass(frozen=True, slots=True)
class ReasoningRow:
    """The switch that folds the reasoning of part ``part``."""

    part: int
    label: str
    expanded: bool


@dataclass(frozen=True, slots=True)
class BlockRow:
    """``begin`` is where the item's part ``part`` holds this block. ``marks``: the numbers in it that lead to passages."""

    block: Block
    part: int
    muted: bool = False
    after: Kind | None = None
    marks: tuple[Mark, ...] = ()
    lit: bool = False


@dataclass(frozen=True, slots=True)
class SourcesRow:
    """What an answer stands on, folded to one line. ``note``: what was searched in vain, or left out. ``part`` is
    always `SOURCES`."""

    summary: Summary
    note: str
    expanded: bool
    part: int = SOURCES


@dataclass(frozen=True, slots=True)
class DividerRow:
    """Above this the model sees nothing any more."""

    text: str
    actions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CardRow:
    status: Status
    title: str
    hint: str
    actions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FooterRow:
    """What stands below a message; a question's buttons stand at the right. ``place``: as in `TranscriptItem`."""

    text: str
    actions: tuple[str, ...]
    of_question: bool = False
    place: tuple[int, int] = (0, 0)


Row = (
    FilesRow
    | PromptRow
    | GivenRow
    | BubbleRow
    | HeaderRow
    | NoteRow
    | ReasoningRow
    | BlockRow
    | SourcesRow
    | StepsRow
    | StepRow
    | StepTextRow
    | ConsentRow
    | DividerRow
    | CardRow
    | FooterRow
)


@dataclass(slots=True)
class ItemRows:
    """The rows of one item; keeps a splitter per part, so that a longer text costs only what is new."""

    item: TranscriptItem
    unfolded: set[int] = field(default_factory=set)
    _splitters: dict[int, tuple[Splitter, str]] = field(default_factory=dict)
    _made: dict[tuple[int, int], BlockRow] = field(default_factory=dict)

    def rows(self) -> list[Row]:
        if self.item.kind == "question":
            return list(self._question())
        if self.item.kind == "document":
            return list(self._text(0, muted=False))
        return list(self._answer())

    def blocks(self, part: int) -> list[Block]:
        """The blocks of a part's text as it is now; only what was added since the last call is split."""
        text = self.item.summary if part == SUMMARY else self.item.parts[part].text
        splitter, known = self._splitters.get(part, (Splitter(), ""))
        if not text.startswith(known):
            splitter, known = Splitter(), ""
        if len(text) > len(known) or not known:
            splitter.feed(text[len(known) :])
        self._splitters[part] = (splitter, text)
        return [*splitter.closed, *splitter.open]

    def take_blocks(self, part: int, split: Splitter) -> None:
        """``split`` was fed the text of this part."""
        self._splitters[part] = (split, self.item.parts[part].text)

    def _divider(self) -> Iterator[Row]:
        yield DividerRow(self.item.divider, ("see_whole",))
        if self.item.summary:
            expanded = SUMMARY in self.unfolded
            yield ReasoningRow(SUMMARY, tr("What the model is told of it"), expanded)
            if expanded:
                yield from self._text(SUMMARY, muted=True)

    def _question(self) -> Iterator[Row]:
        if self.item.divider:
            yield from self._divider()
        if files := tuple(part for part in self.item.parts if isinstance(part, Attachment)):
            yield FilesRow(files)
        yield from (PromptRow(part) for part in self.item.parts if isinstance(part, UsedPrompt))
        if self.item.text or not files:
            yield BubbleRow(self.item.text)
        yield from (ConsentRow(one) for one in self.item.consents)
        if self.item.actions:
            yield FooterRow("", self.item.actions, of_question=True, place=self.item.place)

    def _answer(self) -> Iterator[Row]:
        item = self.item
        yield HeaderRow(item.author, item.badge, item.cloud)
        if item.chosen:
            yield GivenRow(item.chosen)
        if item.given:
            yield GivenRow(item.given)
        shown = list(runs(item.parts))
        for piece in shown:
            yield from self._run(piece) if isinstance(piece, Run) else self._part(piece)
        asked = {step.call.id for piece in shown if isinstance(piece, Run) for step in piece.steps}
        yield from (ConsentRow(one) for one in item.consents if one.question.call_id not in asked)
        running = bool(shown) and isinstance(shown[-1], Run) and shown[-1].steps[-1].result is None
        if item.live and item.note and not running:
            yield NoteRow(item.note)
        if not item.live:
            yield from self._sources()
        footer = item.actions
        if item.status in _ENDINGS or item.error:
            yield CardRow(
                item.status, item.error or tr(_ENDINGS[item.status]), item.hint, _only(item.actions, card=True)
            )
            footer = _only(item.actions, card=False)
        elif item.proposal[1]:
            yield CardRow("done", item.proposal[0], "", item.proposal[1])
        if not item.live and (item.footer or footer or item.place[1]):
            yield FooterRow(item.footer, footer, place=item.place)

    def _part(self, place: int) -> Iterator[Row]:
        """One that is no call of a tool."""
        part = self.item.parts[place]
        if isinstance(part, ToolResult):  # its call is not there
            yield StepTextRow(place, part.name, visible(part.text))
            return
        label = _folded(part, live=self.item.live and place == len(self.item.parts) - 1)
        if label is not None:
            yield ReasoningRow(place, label, place in self.unfolded)
        if label is None or place in self.unfolded:
            yield from self._text(place, muted=isinstance(part, Reasoning))

    def _run(self, run: Run) -> Iterator[Row]:
        """Calls: several are folded, but for the one that runs now or waits for the person."""
        whole = len(run.steps) == 1 or run.part in self.unfolded
        if len(run.steps) > 1:
            yield StepsRow(run.part, run_label(run), whole)
        for piece in run.pieces:
            if isinstance(piece, Step):
                if whole or self._stands_out(piece):
                    yield from self._step(piece)
            elif whole:
                yield from self._part(piece)

    def _stands_out(self, step: Step) -> bool:
        return (self.item.live and step.result is None) or bool(self._asked_by(step))

    def _asked_by(self, step: Step) -> tuple[Consent, ...]:
        return tuple(one for one in self.item.consents if one.question.call_id == step.call.id)

    def _step(self, step: Step) -> Iterator[Row]:
        item, asked, expanded = self.item, self._asked_by(step), step.part in self.unfolded
        yield step_row(step, item.titles, live=item.live, waits=bool(asked), note=item.note, expanded=expanded)
        if expanded:
            yield from texts_of(step)
        yield from (ConsentRow(one) for one in asked)

    def _sources(self) -> Iterator[Row]:
        """Once the answer is there: what it stands on, or that nothing was found."""
        sources = self.item.sources
        if sources.passages or sources.note or sources.citations:
            told = summary(self._answer_text, sources)
            yield SourcesRow(told, sources.note, expanded=SOURCES in self.unfolded)

    @property
    def _answer_text(self) -> str:
        """As citations count it: the texts of the answer, without anything between them."""
        return "".join(part.text for part in self.item.parts if isinstance(part, Text))

    def _cited(self, part: int) -> tuple[tuple[Cited, ...], int]:
        """Where the answer cites, and where in it the text of this part begins."""
        if part == SUMMARY or not isinstance(self.item.parts[part], Text):
            return (), 0
        sources = self.item.sources
        if not sources.passages and not sources.citations:
            return (), 0
        begin = sum(len(one.text) for one in self.item.parts[:part] if isinstance(one, Text))
        return cited(self._answer_text, sources), begin

    def _text(self, part: int, *, muted: bool) -> Iterator[Row]:
        before: Kind | None = None
        if part != SUMMARY and isinstance(raw := self.item.parts[part], Unparsed):
            yield BlockRow(Block(Kind.CODE, raw.text, 0, code=raw.text), part)
            return
        places, begin = self._cited(part)
        plain = not places and self.item.lit == (0, 0)
        for place, block in enumerate(self.blocks(part)):
            known = self._made.get((part, place)) if plain else None
            if known is None or known.block is not block or known.muted is not muted or known.after is not before:
                marks = marks_of(block, begin + block.begin, places) if places else ()
                lit = block.begin < self.item.lit[1] and self.item.lit[0] < block.end
                known = BlockRow(block, part, muted, before, marks, lit)
                if plain:
                    self._made[part, place] = known
            yield known  # the same as before, where nothing has changed: a long answer that grows compares only its end
            before = block.kind


def _folded(part: Part, *, live: bool) -> str | None:
    """What the switch says that shows this part; None: it is always shown."""
    if isinstance(part, Unparsed):
        return tr("This text broke the model's own format: show it as it is")
    return _thought(part, live=live) if isinstance(part, Reasoning) else None


def _thought(part: Reasoning, *, live: bool) -> str:
    if live:
        return tr("Thinking…")
    if part.seconds is None:
        return tr("Thought")
    seconds = round(part.seconds)
    if seconds >= 60:
        return tr("Thought for {minutes} min {seconds} s").format(minutes=seconds // 60, seconds=seconds % 60)
    return tr("Thought for {seconds} s").format(seconds=max(1, seconds))


def _only(actions: tuple[str, ...], *, card: bool) -> tuple[str, ...]:
    return tuple(action for action in actions if (action in _CARD_ACTIONS) is card)


# Heights before anything was laid out ---------------------------------------------------------------------------------


def estimated_height(item: TranscriptItem, width: int, line: int) -> int:
    """About how tall an item will be, in pixels, from its text alone; ``line`` is the height of a line of text."""
    lines, lines_per_character = 0.0, 7.4 / max(200, width)
    for part in item.parts:  # for each message of a chat that opens: no list, no generator
        if isinstance(part, Text):
            lines += len(part.text) * lines_per_character + 0.7 * part.text.count("\n") + 1
    return round(lines * line + (60 if item.kind == "question" else 110))


def estimated_row_height(row: Row, width: int, line: int) -> int:
    """About how tall a row will be, in pixels."""
    match row:
        case BlockRow(block) if block.kind is Kind.CODE:
            return 56 + round((block.code.count("\n") + 1) * line * 0.75)
        case BlockRow(block):
            lines = len(block.source) * 7.4 / max(200, width) + 0.6 * block.source.count("\n") + 1
            return round(lines * line)
        case BubbleRow(text):
            return round((len(text) * 9 / max(200, width) + text.count("\n") + 1) * line) + 32
        case StepTextRow(text=text):
            return round((len(text) * 7.4 / max(200, width) + text.count("\n") + 2) * line * 0.85)
        case CardRow():
            return 96
        case ConsentRow():
            return 170
        case _:
            return 32
