"""`workbench chat`: one question, or a conversation; answers stream."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from workbench.chat.asking.options import Options
from workbench.chat.context.room import WhenFull
from workbench.chat.tree import Node, branch
from workbench.cli import chat_cloud, chat_input, chat_options, chat_prompt, chat_title, output
from workbench.cli.chat_face import Face
from workbench.cli.chat_json import JsonFace
from workbench.cli.chat_turn import Turns, face_of, waits
from workbench.cli.commands import positive
from workbench.cli.stopping import interrupt_cancels
from workbench.errors import Cancelled, ContextFullError, WorkbenchError
from workbench.jobs import Job, quiet_job
from workbench.messages import Attachment

if TYPE_CHECKING:
    from workbench.app import Workbench

EXAMPLES = """examples:
  workbench chat "Write one sentence about the sea."
  cat letter.txt | workbench chat -s "Summarise this letter in three sentences."
  workbench chat -c 3f2a "And in German?"
  workbench chat -c 3f2a --when-full summarise "Go on."
  workbench chat -m gpt-oss-20b -e high "Which weighs more: a litre of water or of oil?"
  workbench chat --attach report.pdf --attach prices.xlsx "Which of these prices does the report get wrong?"
  workbench chat --folder Contracts "When can the lease be ended?"
  cat mail.txt | workbench chat --prompt reply --set tone=friendly
  workbench chat -c 3f2a --cloud openrouter/openai/gpt-oss-120b --mode check
  workbench chat -m auto "Write a Python function that sorts a list of dates."
  workbench chat --temperature 0 --seed 1 --schema city.json "Describe Paris."
"""
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
        "-m",
        "--model",
        default="",
        help="a name from `models list` or `servers models`, a GGUF file, or `auto`: by rules; for these questions alone,"
        " `chats set` chooses for a chat",
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
    chat_prompt.register(command)
    chat_options.register(command)
    chat_cloud.register(command)
    command.add_argument("--json", action="store_true", help="one JSON object a line, as the answer is made")
    command.set_defaults(run=run)


def run(arguments: argparse.Namespace, workbench: Workbench) -> int:
    if chat_cloud.is_asked(arguments):
        return chat_cloud.run(arguments, workbench)
    face = face_of(workbench, as_json=arguments.json)
    try:
        conversation = workbench.chat.find(arguments.conversation) if arguments.conversation is not None else None
        options = chat_options.options(arguments, workbench)
        if conversation is not None and options.folders is not None:
            workbench.chat.set_folders(conversation, options.folders)
        job = quiet_job()
        with interrupt_cancels(job):
            written = chat_prompt.written(arguments, workbench, job)
        text = chat_input.question(arguments) if written is None else written.text
        attachments = chat_input.attachments(arguments.attach, workbench)
    except WorkbenchError as error:
        face.failed(error)
        return output.exit_code(error)
    except Cancelled:
        return output.CANCELLED
    asking = Asking(workbench, options, WhenFull(arguments.when_full), face)
    if text is None:
        return _talk(asking, conversation, attachments)
    if written is not None:
        asking = replace(asking, options=replace(options, prompt=written.used))
        workbench.prompts.used(written.used.prompt_id, written.values)
    return _turn(asking, conversation, text, attachments)[0]


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

    def go_on(self, conversation: str | None) -> int:
        """With the last answer of a chat, where it waits for the person; the exit code."""
        nodes = () if conversation is None else branch(self.workbench.chat.open(conversation))
        if not nodes or not waits(nodes[-1]):
            return output.OK
        turns = Turns(self.workbench, self.options, self.face)
        return turns.run(partial(turns.gone_on, nodes[-1].id))


def _talk(asking: Asking, conversation: str | None, attachments: Sequence[Attachment]) -> int:
    """Question and answer until the person ends it with Ctrl-D or an empty line. ``attachments``: of the first question."""
    model = asking.workbench.chat.answers_with(asking.options)
    output.say(f"Talking with {model}. An empty line or Ctrl-D ends it; Ctrl-C stops an answer.")
    code = asking.go_on(conversation)
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
    turns = Turns(asking.workbench, asking.options, asking.face)
    code = turns.run(lambda job: asking.ask(conversation, text, job, attachments))
    conversation = asking.face.conversation or conversation
    if code == output.OK and conversation is not None and not isinstance(asking.face, JsonFace):
        chat_title.name(asking.workbench, conversation)
    return code, conversation
