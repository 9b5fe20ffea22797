"""How an answer came about, in rows that the card shows. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from ui.chat.answer_elsewhere import NOT_ELSEWHERE, Elsewhere, cost, rows, where
from ui.chat.answer_source import author_of, from_cloud
from ui.chat.citations import kind_of
from ui.chat.devices_words import devices_words
from ui.chat.effort_words import effort_name
from ui.chat.words import shortened
from ui.translation import marked, tr
from workbench.chat.asking.limits import parted
from workbench.chat.tree import SEEN_WHOLE, Node, Seen, Turn
from workbench.memory.memory import Remembered
from workbench.messages import Attachment, Finish, Role, ToolResult, UsedPrompt

if TYPE_CHECKING:
    pass

MOST_TOLD = 400  # characters
MOST_FACTS = 20
_ENDINGS = {
    Finish.STOP: marked("The model had said all"),
    Finish.LENGTH: marked("It reached its length limit"),
    Finish.CANCELLED: marked("Stopped by you"),
    Finish.INTERRUPTED: marked("The program ended meanwhile"),
    Finish.TOOL_CALLS: marked("The model called a tool"),
    Finish.ERROR: marked("It failed"),
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
        Group(tr("Answer"), tuple(_of_turn(turn, elsewhere))) if turn is not None else Group(tr("Answer"), ()),
        Group(tr("What left"), tuple(Row(*told) for told in rows(elsewhere))),
        Group(tr("Prompt"), tuple(_of_prompt(question.prompt)) if question is not None and question.prompt else ()),
        Group(tr("What it was told of you"), tuple(_of_memory(turn.memory)) if turn is not None else ()),
        Group(tr("Speed"), tuple(_of_speed(turn)) if turn is not None else ()),
        Group(
            tr("What was sent"), tuple(_of_context(answer, branch, seen, instructions)) if not from_cloud(turn) else ()
        ),
    )
    return tuple(group for group in groups if group.rows)


def as_text(groups: Sequence[Group]) -> str:
    """To copy."""
    return "\n\n".join(
        "\n".join((group.title, *(f"{row.name}: {row.value}" for row in group.rows))) for group in groups
    )


def _of_turn(turn: Turn, elsewhere: Elsewhere) -> Iterator[Row]:
    author = author_of(turn)
    yield Row(tr("Model"), turn.model if author in turn.model else f"{author} ({turn.model})")
    if from_cloud(turn):
        yield from _of_cloud(turn, elsewhere)
        return
    _, _, host = turn.backend.partition("server:")
    yield Row(tr("Where"), host or tr("On this computer"))
    if turn.backend not in ("", "engine") and not host:
        yield Row(tr("Engine"), turn.backend)
    if turn.effort is not None:
        yield Row(tr("Effort"), effort_name(turn.effort))
    if turn.routed is not None:
        why = turn.routed.choice.why
        told = tr("You named {model}; Auto would have had {why}").format(model=turn.routed.overruled, why=why)
        yield Row(tr("Chosen"), told if turn.routed.overruled else why)
    yield from _of_end(turn)
    yield from _of_engine(turn, here=not host)
    if not host:
        yield Row(tr("Cost"), tr("Nothing: it was written on this computer"))
    if turn.error:
        yield Row(tr("Failure"), turn.error)


def _of_end(turn: Turn) -> Iterator[Row]:
    if turn.finish in _ENDINGS:
        yield Row(tr("Ended"), tr(_ENDINGS[turn.finish]))
    _left_out, stopped = parted(turn.note)
    ended = turn.note if from_cloud(turn) and turn.finish is Finish.LENGTH else stopped
    if ended:
        yield Row(tr("Ended early"), ended)


def _of_engine(turn: Turn, *, here: bool) -> Iterator[Row]:
    """By what it was computed. Of another machine only a seed that was asked for is known."""
    made = turn.made
    if here:
        yield Row(tr("Engine build"), made.engine or tr("Not known"))
        yield Row(tr("Computed on"), devices_words(made.devices) or tr("Not known"))
    if here or made.seed is not None:
        yield Row(tr("Seed"), str(made.seed) if made.seed is not None else tr("Not known"))


def _of_cloud(turn: Turn, elsewhere: Elsewhere) -> Iterator[Row]:
    yield Row(tr("Where"), where(turn, elsewhere))
    if turn.effort is not None:
        yield Row(tr("Effort"), effort_name(turn.effort))
    yield from _of_end(turn)
    yield Row(tr("Cost"), cost(turn, elsewhere))
    if turn.error:
        yield Row(tr("Failure"), turn.error)


def _of_prompt(prompt: UsedPrompt) -> Iterator[Row]:
    yield Row(
        tr("Written with"),
        tr("{title} (/{name}), version {version}").format(title=prompt.title, name=prompt.name, version=prompt.version),
    )
    if prompt.model:
        yield Row(tr("Prefers"), prompt.model)
    if prompt.effort is not None:
        yield Row(tr("Its effort"), effort_name(prompt.effort))
    if prompt.temperature is not None:
        yield Row(tr("Temperature"), f"{prompt.temperature:g}")
    if prompt.schema is not None:
        yield Row(tr("Form"), tr("JSON that keeps to a schema"))
    if prompt.system.strip():
        yield Row(tr("Told first"), shortened(prompt.system, MOST_TOLD))
    for name, value in prompt.values.items():
        yield Row(name, shortened(value, MOST_TOLD))


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
        yield Row(tr("Written"), tr("{count} tokens").format(count=f"{usage.completion_tokens:,}"))
    if timings.generation_tokens_per_second:
        yield Row(tr("Writing"), tr("{speed} tokens/s").format(speed=f"{timings.generation_tokens_per_second:.1f}"))
    if timings.prompt_tokens_per_second:
        yield Row(tr("Reading"), tr("{speed} tokens/s").format(speed=f"{timings.prompt_tokens_per_second:,.0f}"))
    if timings.first_token_seconds is not None:
        yield Row(tr("First word after"), tr("{seconds} s").format(seconds=f"{timings.first_token_seconds:.2f}"))
    if timings.total_seconds is not None:
        yield Row(tr("Time"), tr("{seconds} s").format(seconds=f"{timings.total_seconds:.1f}"))


def _of_context(answer: Node, branch: Sequence[Node], seen: Seen, instructions: str) -> Iterator[Row]:
    usage = answer.turn.usage if answer.turn is not None else None
    if usage is not None and usage.prompt_tokens is not None:
        yield Row(tr("Read"), _read(usage.prompt_tokens, usage.cached_tokens))
    sent = _sent(answer, branch, seen)
    questions = sum(node.message.role is Role.USER for node in sent)
    yield Row(tr("Messages"), _before(questions, len(sent) - questions))
    for node in sent:
        for file in node.message.attachments:
            yield Row(tr("Picture") if file.is_image else tr("Document"), f"{file.name}, {_size(file)}")
    if passages := answer.message.passages:
        files = all(kind_of(one) == "file" for one in passages)
        documents = len({one.path for one in passages})
        yield Row(tr("Passages"), _passages(len(passages), documents, files=files))
    yield from _of_tools(answer)
    left_out, _ended = parted(answer.turn.note) if answer.turn is not None else ("", "")
    if left_out:
        yield Row(tr("Left out"), left_out)
    if seen.from_id is not None:
        yield Row(tr("Older messages"), tr("A summary of them") if seen.summary else tr("Not sent any more"))
    if instructions.strip():
        characters = f"{len(instructions.strip()):,}"
        yield Row(tr("Instructions"), tr("{count} characters, as they are now").format(count=characters))


def _of_tools(answer: Node) -> Iterator[Row]:
    """How many calls it made, how long they took, and where something left."""
    results = [part for part in answer.message.parts if isinstance(part, ToolResult)]
    if results:
        seconds = sum(one.seconds or 0.0 for one in results)
        failed = sum(one.failed for one in results)
        calls = tr("1 call") if len(results) == 1 else tr("{count} calls").format(count=f"{len(results):,}")
        took = tr("{seconds} s").format(seconds=f"{seconds:.1f}")
        told = [calls, took, *([tr("{count} failed").format(count=failed)] if failed else [])]
        yield Row(tr("Tools"), ", ".join(told))


def _sent(answer: Node, branch: Sequence[Node], seen: Seen) -> list[Node]:
    """The messages above the answer that the model sees."""
    above: list[Node] = []
    for node in branch:
        if node.id == answer.id:
            break
        above = [node] if node.id == seen.from_id else [*above, node]
    return above


def _read(tokens: int, cached: int | None) -> str:
    if not cached:
        return tr("{count} tokens").format(count=f"{tokens:,}")
    told = tr("{count} tokens, {cached} of them known from before")
    return told.format(count=f"{tokens:,}", cached=f"{cached:,}")


def _before(questions: int, answers: int) -> str:
    asked = tr("1 question") if questions == 1 else tr("{count} questions").format(count=f"{questions:,}")
    said = tr("1 answer") if answers == 1 else tr("{count} answers").format(count=f"{answers:,}")
    return tr("{questions} and {answers} before this one").format(questions=asked, answers=said)


def _size(file: Attachment) -> str:
    if file.tokens is not None:
        return tr("{count} tokens").format(count=f"{file.tokens:,}")
    return tr("{count} bytes").format(count=f"{file.bytes:,}")


def _passages(passages: int, documents: int, *, files: bool) -> str:
    if files:
        of = tr("1 document") if documents == 1 else tr("{count} documents").format(count=f"{documents:,}")
    else:
        of = tr("1 source") if documents == 1 else tr("{count} sources").format(count=f"{documents:,}")
    return tr("{passages} of {documents}").format(passages=f"{passages:,}", documents=of)
