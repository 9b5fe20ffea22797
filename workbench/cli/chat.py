"""`workbench chat`: one question, or a conversation; answers stream."""

from __future__ import annotations

import argparse
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any

from workbench.cancel import CancelToken
from workbench.chat.asking.options import Options
from workbench.chat.context.room import WhenFull
from workbench.chat.events import Preparing, TurnStarted
from workbench.chat.tree import Node
from workbench.cli import chat_options, output
from workbench.cli.commands import positive
from workbench.errors import Cancelled, ContextFullError, UsageError, WorkbenchError
from workbench.jobs import Job, JobEvent, quiet_job
from workbench.messages import Attachment, Finish, Finished, ReasoningDelta, TextDelta, Timings, UnparsedText, Usage
from workbench.paths import given

if TYPE_CHECKING:
    from workbench.app import Workbench

EXAMPLES = """examples:
  workbench chat "Write one sentence about the sea."
  cat letter.txt | workbench chat -s "Summarise this letter in three sentences."
  workbench chat -c 3f2a "And in German?"
  workbench chat -c 3f2a --when-full summarise "Go on."
  workbench chat -m gpt-oss-20b -e high "Which weighs more: a litre of water or of oil?"
  workbench chat --attach report.pdf --attach prices.xlsx "Which of these prices does the report get wrong?"
  workbench chat --temperature 0 --seed 1 --schema city.json "Describe Paris."
"""
MOST_INPUT_BYTES = 4 << 20
WAYS_OUT = (
    "`--when-full drop` leaves out the oldest messages, `--when-full summarise` has them summarised; or start a new chat,"
    " or shorten the message."
)


def register(commands: Any) -> None:
    command = commands.add_parser(
        "chat",
        help="ask the local model; without TEXT, talk",
        description="Ask the local model. TEXT or standard input is the question; on a terminal without TEXT, talk.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    command.add_argument("text", metavar="TEXT", nargs="*", help="the question; several words are joined")
    command.add_argument(
        "-m", "--model", default="", help="a name from `models list` or `servers models`, or a GGUF file"
    )
    command.add_argument("-s", "--system", default="", help="what the model is told before the chat")
    command.add_argument("-c", "--conversation", help="go on with this chat (the beginning of its id is enough)")
    command.add_argument(
        "-a",
        "--attach",
        metavar="FILE",
        action="append",
        default=[],
        help="give the model this file: text, code, PDF, DOCX, PPTX, XLSX, CSV, HTML or a picture; may be repeated",
    )
    command.add_argument("--max-tokens", type=positive, help="the longest answer, in tokens")
    command.add_argument(
        "--when-full",
        choices=[how.value for how in WhenFull],
        default=WhenFull.REFUSE.value,
        help="when the chat no longer fits: refuse (the default), drop the oldest messages, or summarise them",
    )
    chat_options.register(command)
    command.add_argument("--json", action="store_true", help="one JSON object a line, as the answer is made")
    command.set_defaults(run=run)


def run(arguments: argparse.Namespace, workbench: Workbench) -> int:
    face: Face = JsonFace() if arguments.json else TerminalFace()
    try:
        conversation = workbench.chat.find(arguments.conversation) if arguments.conversation is not None else None
        options = chat_options.options(arguments, workbench)
        text = _question(arguments)
        attachments = _attachments(arguments.attach, workbench)
    except WorkbenchError as error:
        face.failed(error)
        return output.exit_code(error)
    except Cancelled:
        return output.CANCELLED
    asking = Asking(workbench, options, WhenFull(arguments.when_full), face)
    if text is None:
        return _talk(asking, conversation, attachments)
    return _turn(asking, conversation, text, attachments)[0]


def _attachments(files: Sequence[str], workbench: Workbench) -> tuple[Attachment, ...]:
    """What is in the files; what was left out of one is said. Raises `DocumentError` for the first that cannot be read."""
    read = []
    job = quiet_job()
    with interrupt_cancels(job):
        for file in files:
            read.append(workbench.attachments.read(given(file), job.cancel))
            if note := read[-1].note:
                output.say(f"{read[-1].name}: {note}")
    return tuple(read)


@dataclass(frozen=True, slots=True)
class Asking:
    """How the turns of this command are run and shown."""

    workbench: Workbench
    options: Options
    when_full: WhenFull
    face: Face

    def ask(self, conversation: str | None, text: str, job: Job, attachments: Sequence[Attachment] = ()) -> Node:
        """The answer; where the chat no longer fits, room is made as the person said."""
        chat = self.workbench.chat
        try:
            return chat.send(conversation, text, job, self.options, attachments=attachments)
        except ContextFullError as full:
            asked = self.face.conversation
            if self.when_full is WhenFull.REFUSE or asked is None:
                raise ContextFullError(full.message, hint=WAYS_OUT, detail=full.detail) from full
        chat.make_room(asked, self.when_full, job, self.options)
        return chat.continue_answer(chat.open(asked).tip_id or "", job, self.options)


def _question(arguments: argparse.Namespace) -> str | None:
    """The question, or None to talk at the terminal. Raises `UsageError` when there is nothing to ask."""
    if arguments.text:
        return " ".join(arguments.text)
    if sys.stdin is not None and sys.stdin.isatty():
        return None
    raw = sys.stdin.buffer.read(MOST_INPUT_BYTES + 1) if sys.stdin is not None else b""
    if len(raw) > MOST_INPUT_BYTES:
        raise UsageError(f"The input is longer than {MOST_INPUT_BYTES >> 20} MB.", hint="Give a part of it.")
    text = raw.decode("utf-8", "replace")
    if not text.strip() and not arguments.attach:
        raise UsageError("There is nothing to ask: no TEXT, and standard input is empty.", hint="workbench chat --help")
    return text


def _talk(asking: Asking, conversation: str | None, attachments: Sequence[Attachment]) -> int:
    """Question and answer until the person ends it with Ctrl-D or an empty line. ``attachments``: of the first question."""
    model = asking.workbench.chat.answers_with(asking.options)
    output.say(f"Talking with {model}. An empty line or Ctrl-D ends it; Ctrl-C stops an answer.")
    code = output.OK
    while True:
        sys.stderr.write("\n> ")
        sys.stderr.flush()
        text = sys.stdin.readline()
        if not text.strip():
            return code
        code, conversation = _turn(asking, conversation, text.strip(), attachments)
        attachments = ()


def _turn(
    asking: Asking, conversation: str | None, text: str, attachments: Sequence[Attachment] = ()
) -> tuple[int, str | None]:
    """One turn: the exit code it would end with, and its conversation."""
    face = asking.face

    def report(news: JobEvent) -> None:
        try:
            face.report(news)
        except (BrokenPipeError, output.OutputError):  # nobody reads on; `ended` meets it again and tells
            job.cancel.cancel()

    job = Job(report)
    try:
        with interrupt_cancels(job):
            answer = asking.ask(conversation, text, job, attachments)
    except WorkbenchError as error:
        face.failed(error)
        return output.exit_code(error), face.conversation or conversation
    face.ended(answer)
    cancelled = answer.turn is not None and answer.turn.finish is Finish.CANCELLED
    return (output.CANCELLED if cancelled else output.OK), face.conversation


@contextmanager
def interrupt_cancels(job: Job) -> Iterator[None]:
    """Ctrl-C stops the answer and keeps what there is of it.

    A handler runs in the main thread, between any two of its steps, and may wait for no lock: the main thread may hold
    it. So the handler only puts a word into a queue, which is made for that, and another thread cancels.
    """
    pressed: SimpleQueue[CancelToken | None] = SimpleQueue()

    def cancel() -> None:
        if (token := pressed.get()) is not None:
            token.cancel()

    listener = threading.Thread(target=cancel, name="workbench-ctrl-c", daemon=True)
    listener.start()
    before = signal.signal(signal.SIGINT, lambda _number, _frame: pressed.put(job.cancel))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
        pressed.put(None)
        listener.join()


class Face:
    """How a turn is shown."""

    conversation: str | None = None
    _answer: str = ""

    def report(self, news: JobEvent) -> None:
        event = news.payload
        if isinstance(event, TurnStarted):
            self.conversation = event.conversation
            if event.answer.id != self._answer:  # else room was made for it, and it is gone on with
                self._answer = event.answer.id
                self.started(event)
        elif isinstance(event, Preparing):
            self.preparing(event.text)
        elif isinstance(event, ReasoningDelta):
            self.reasoning(event.text)
        elif isinstance(event, TextDelta):
            self.text(event.text)
        elif isinstance(event, UnparsedText):
            self.unparsed(event.text)

    def started(self, event: TurnStarted) -> None: ...
    def preparing(self, words: str) -> None: ...
    def reasoning(self, text: str) -> None: ...
    def text(self, text: str) -> None: ...
    def unparsed(self, text: str) -> None: ...
    def ended(self, answer: Node) -> None: ...
    def failed(self, error: WorkbenchError) -> None: ...


class TerminalFace(Face):
    """The answer on stdout; what the program does and the model thinks on stderr."""

    def __init__(self) -> None:
        self._thinking = self._broken = False
        self._told = ""
        self._plain = not sys.stdout.isatty()

    def preparing(self, words: str) -> None:
        if words != self._told:  # what takes long is said again and again
            self._told = words
            output.say(words)

    def reasoning(self, text: str) -> None:
        self._thinking = True
        sys.stderr.write(output.safe(text))
        sys.stderr.flush()

    def text(self, text: str) -> None:
        if self._thinking:
            self._thinking = False
            output.say("\n---")
        output.write(text if self._plain else output.safe(text))

    def unparsed(self, text: str) -> None:
        if not self._broken:
            self._broken = True
            output.say("\n--- The model broke its own format; its text as it is:")
        output.write(text if self._plain else output.safe(text))

    def ended(self, answer: Node) -> None:
        output.write("\n")
        output.say(_summary(answer))

    def failed(self, error: WorkbenchError) -> None:
        output.tell(error, as_json=False)


class JsonFace(Face):
    """One JSON object a line; `end` always comes last, also after a failure."""

    def __init__(self) -> None:
        self._text: list[str] = []

    def started(self, event: TurnStarted) -> None:
        turn = event.answer.turn
        output.line(
            {
                "event": "start",
                "conversation": event.conversation,
                "turn": turn.id if turn else None,
                "message": event.answer.id,
                "model": turn.model if turn else None,
                "effort": turn.effort.value if turn and turn.effort else None,
            }
        )

    def reasoning(self, text: str) -> None:
        output.line({"event": "reasoning", "text": text})

    def text(self, text: str) -> None:
        self._text.append(text)
        output.line({"event": "text", "text": text})

    def unparsed(self, text: str) -> None:
        output.line({"event": "unparsed", "text": text})

    def ended(self, answer: Node) -> None:
        turn = answer.turn
        finished = Finished(Finish.STOP)
        if turn is not None and turn.finish is not None:
            finished = Finished(turn.finish, turn.usage, turn.timings)
        output.line(end_event(finished, answer.message.text))

    def failed(self, error: WorkbenchError) -> None:
        output.line({"event": "error", **output.error_json(error)})
        output.line(end_event(Finished(Finish.ERROR, Usage(), Timings()), "".join(self._text)))


def end_event(finished: Finished, text: str) -> dict[str, Any]:
    """The last object of a stream: usage and timings are present, null where unknown. Answers of this machine cost 0."""
    return {
        "event": "end",
        "finish": finished.finish.value,
        "text": text,
        "usage": asdict(finished.usage),
        "timings": asdict(finished.timings),
        "cost_micros": 0,
        "currency": "USD",
    }


def _summary(answer: Node) -> str:
    turn = answer.turn
    if turn is None:
        return ""
    words = [f"{turn.model}, effort {turn.effort.value}" if turn.effort else turn.model]
    if turn.finish is Finish.CANCELLED:
        words.append("stopped; what was answered is kept")
    if turn.finish is Finish.LENGTH:
        words.append("cut at the longest answer")
    if turn.usage.completion_tokens is not None:
        words.append(f"{turn.usage.completion_tokens} tokens")
    if turn.timings.generation_tokens_per_second is not None:
        words.append(f"{turn.timings.generation_tokens_per_second:.1f} tokens/s")
    if turn.timings.first_token_seconds is not None:
        words.append(f"first token after {turn.timings.first_token_seconds:.2f} s")
    return " · ".join(words)
