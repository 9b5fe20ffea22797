"""`workbench chat --cloud`: exactly what would leave and what it may cost; a yes; then the answer, as of any turn."""

from __future__ import annotations

import argparse
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from workbench.chat.asking.options import AS_SET
from workbench.cli import chat_input, chat_options, chat_prompt, consent_words, output
from workbench.cli.chat_face import Face
from workbench.cli.chat_json import JsonFace
from workbench.cli.chat_terminal import TerminalFace
from workbench.cli.chat_turn import Turns
from workbench.cli.stopping import interrupt_cancels
from workbench.consents.consent import Consent, ConsentState
from workbench.errors import Cancelled, RefusedError, UsageError, WorkbenchError
from workbench.jobs import quiet_job

if TYPE_CHECKING:
    from workbench.app import Workbench
    from workbench.chat.escalating.escalation import Draft, Preview

MODES = ("branch", "question", "condensed", "check")


def register(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--cloud",
        metavar="PROVIDER/MODEL",
        help="ask this model of a provider, after showing what leaves and its price; without TEXT, about the last answer"
        " of the chat",
    )
    command.add_argument(
        "--mode",
        choices=MODES,
        help="what leaves: the whole branch, only the question, a condensed brief that the model here writes, or the"
        " question and the local answer to check it; as chosen last",
    )
    command.add_argument("--preview", action="store_true", help="only show what would leave; exits 6")
    command.add_argument("--accept", metavar="HASH", help="send exactly what `--preview` showed with this sha256")
    command.add_argument("--hand-off", action="store_true", help="print it for the chat page of your own subscription")
    command.add_argument(
        "--paste-back",
        metavar="NAME",
        help="keep standard input as the answer of that page, beside the chat's last one",
    )
    command.add_argument("--yes", action="store_true", help="send without asking, where you have allowed it for longer")
    command.add_argument(
        "--key-stdin", action="store_true", help="read the provider's key from standard input, for now"
    )


def is_asked(arguments: argparse.Namespace) -> bool:
    wanted = (arguments.cloud, arguments.accept, arguments.mode, arguments.paste_back)
    said = arguments.preview or arguments.yes or arguments.key_stdin or arguments.hand_off
    return said or any(one is not None for one in wanted)


def run(arguments: argparse.Namespace, workbench: Workbench) -> int:
    face = face_for(workbench, as_json=arguments.json)
    try:
        if arguments.accept is not None:
            return _accepted(arguments, workbench, face)
        if arguments.hand_off or arguments.paste_back is not None:
            return _by_hand(arguments, workbench, face)
        if arguments.cloud is None:
            raise UsageError("Say which model: --cloud PROVIDER/MODEL.", hint="`workbench cloud models` lists them.")
        if arguments.key_stdin:
            _use_key(arguments.cloud.partition("/")[0], workbench)
        preview = _preview(arguments, workbench, face)
    except WorkbenchError as error:
        face.failed(error)
        return output.exit_code(error)
    except Cancelled:
        return output.CANCELLED
    try:
        return _asked(arguments, workbench, face, preview)
    except WorkbenchError as error:
        face.failed(error)
        return output.exit_code(error)


def face_for(workbench: Workbench, *, as_json: bool) -> Face:
    """One that knows what an answer cost."""

    def cost(turn_id: str) -> int | None:
        entry = workbench.ledger.of_turn(turn_id)
        return None if entry is None else entry.cost_micros

    return JsonFace(cost) if as_json else TerminalFace(cost)


def send(workbench: Workbench, consent: Consent, face: Face) -> int:
    """What was accepted; the exit code."""
    turns = Turns(workbench, AS_SET, face)
    return turns.run(partial(workbench.escalations.send, consent.id))


def _accepted(arguments: argparse.Namespace, workbench: Workbench, face: Face) -> int:
    """Raises `UsageError` where nothing with that hash waits."""
    consent = workbench.escalations.waiting(arguments.accept)
    model = str(consent.request["model"])
    if arguments.cloud not in (None, model):
        raise UsageError(f"What has this hash is for {model}.", hint=f"--cloud {model}")
    if arguments.key_stdin:
        _use_key(str(consent.request["provider"]), workbench)
    if consent.state is ConsentState.WAITING:
        consent = workbench.consents.accept(consent.id)
    return send(workbench, consent, face)


def _use_key(provider: str, workbench: Workbench) -> None:
    from workbench.cli.typed_key import typed_key

    workbench.cloud.use_key(provider, typed_key("workbench chat").strip())


def _preview(arguments: argparse.Namespace, workbench: Workbench, face: Face) -> Preview:
    return workbench.escalations.counted(_draft(arguments, workbench, face, _asked_about(arguments, workbench)))


def _draft(arguments: argparse.Namespace, workbench: Workbench, face: Face, message: str) -> Draft:
    from workbench.chat.escalating.escalation import Mode
    from workbench.jobs import Job

    mode = None if arguments.mode is None else Mode(arguments.mode)
    names = None if arguments.tools is None else workbench.tools.chosen(arguments.tools)
    job = Job(face.report)
    with interrupt_cancels(job):
        offers = None if names is None else bool(names)
        draft = workbench.escalations.draft(message, job, arguments.cloud or "", mode, offers)
    return draft if names is None else _offering(draft, names)


def _offering(draft: Draft, names: tuple[str, ...]) -> Draft:
    """With exactly these tools. Raises `UsageError` for one that is not there."""
    from workbench.chat.escalating.escalation import PieceKind

    wanted = {f"tool.{name}" for name in names}
    tools = {piece.id for piece in draft.pieces if piece.kind is PieceKind.TOOL}
    if missing := sorted(wanted - tools):
        raise UsageError(
            f"{missing[0].removeprefix('tool.')} cannot be offered to {draft.model.full_name} in this chat.",
            hint="Models that call none, the mode `check`, and chats without tools have none; some have nothing to do.",
        )
    pieces = (replace(one, kept=one.id in wanted) if one.id in tools else one for one in draft.pieces)
    return replace(draft, pieces=tuple(pieces))


def _by_hand(arguments: argparse.Namespace, workbench: Workbench, face: Face) -> int:
    """Out as a text, and back in as an answer. The placeholders are those of the same chat and mode."""
    if arguments.hand_off:
        draft = _draft(arguments, workbench, face, _asked_about(arguments, workbench))
        _show_hand_off(arguments, workbench, draft)
        return output.OK
    if arguments.conversation is None:
        raise UsageError("Which chat does the answer belong to?", hint="workbench chat -c 3f2a --paste-back NAME")
    chat = workbench.chat.find(arguments.conversation)
    handed = workbench.escalations.last_handed(chat)  # what was hidden then is put back, whatever was asked since
    if handed is not None:
        arguments.mode = MODES[1]
    draft = _draft(arguments, workbench, face, handed or _last_of(chat, workbench))
    said = chat_input.question(argparse.Namespace(text=arguments.text, attach=[])) or ""
    answer = workbench.escalations.paste_back(draft, said, arguments.paste_back)
    return output.done(
        {"conversation": draft.conversation_id, "message": answer.id, "text": answer.message.text},
        "Kept beside the other answers.",
        as_json=arguments.json,
    )


def _show_hand_off(arguments: argparse.Namespace, workbench: Workbench, draft: Draft) -> None:
    handed = workbench.escalations.hand_off(draft)
    if arguments.json:
        told = {"conversation": draft.conversation_id, "mode": draft.mode.value, "text": handed.text}
        output.document({**told, "page": handed.page or None, "name": handed.name})
        return
    output.write(f"{handed.text}\n")
    again = f"workbench chat -c {draft.conversation_id[:8]} --paste-back NAME"
    output.say(f"\nPaste it at {handed.page or 'your chat page'}; then give the answer to: {again}")


def _asked_about(arguments: argparse.Namespace, workbench: Workbench) -> str:
    """The question of TEXT, which is kept in its chat; without TEXT the last message of the chat."""
    conversation = workbench.chat.find(arguments.conversation) if arguments.conversation is not None else None
    if arguments.cloud is not None:
        workbench.cloud.model(arguments.cloud)  # an unknown provider is told before anything is kept
    if not workbench.cloud.enabled:
        raise RefusedError("The cloud is switched off.", hint="`workbench cloud on` switches it on.")
    job = quiet_job()
    with interrupt_cancels(job):
        written = chat_prompt.written(arguments, workbench, job)
        if conversation is not None and written is None and not (arguments.text or arguments.attach):
            return _last_of(conversation, workbench)
        options = chat_options.options(arguments, workbench)
        text = written.text if written is not None else _text(arguments)
        files = chat_input.attachments(arguments.attach, workbench)
        if written is not None:
            options = replace(options, prompt=written.used)
        return workbench.chat.keep_question(conversation, text, job, options, attachments=files).id


def _text(arguments: argparse.Namespace) -> str:
    """Standard input is the question where it is not the key."""
    found = " ".join(arguments.text) if arguments.key_stdin else chat_input.question(arguments)
    if not found and not arguments.attach:
        raise UsageError("There is nothing to ask.", hint='workbench chat --cloud PROVIDER/MODEL "Your question"')
    return found or ""


def _last_of(conversation: str, workbench: Workbench) -> str:
    tip = workbench.chat.open(conversation).tip_id
    if tip is None:
        raise UsageError("There is no message in this chat yet.", hint="Give a question.")
    return tip


def _asked(arguments: argparse.Namespace, workbench: Workbench, face: Face, preview: Preview) -> int:
    """A lasting yes answers only where ``--yes`` says so. Raises `RefusedError` for what cannot be sent, after it was
    shown."""
    if preview.refused:
        _show(arguments, preview, None)
        raise RefusedError(" ".join(preview.refused), hint=_help_with(preview))
    consent = workbench.escalations.propose(preview)
    if arguments.yes and not arguments.preview and preview.standing:
        return send(workbench, workbench.consents.accept_standing(consent.id), face)
    if arguments.preview or arguments.yes or not consent_words.can_ask(as_json=arguments.json):
        _show(arguments, preview, consent)
        return output.REFUSED
    for line in consent_words.aside_lines(preview):
        output.say(line)
    answered = consent_words.ask(workbench.consents, consent)
    if answered is None or answered.state is not ConsentState.ACCEPTED:
        output.say("Nothing was sent.")
        return output.REFUSED
    return send(workbench, answered, face)


def _show(arguments: argparse.Namespace, preview: Preview, consent: Consent | None) -> None:
    if arguments.json or not consent_words.can_ask(as_json=False):
        output.line(event_of(preview, consent))
        return
    from workbench.chat.escalating.wording import question_of

    for line in [*consent_words.cloud_lines(question_of(preview).request), *consent_words.aside_lines(preview)]:
        output.say(line)
    if consent is not None:
        output.say(f"`workbench chat --accept {preview.outgoing.hash[:12]}` sends exactly this.")


def event_of(preview: Preview, consent: Consent | None) -> dict[str, Any]:
    """What scripts are told. ``id`` null: it cannot be sent, see ``refused``."""
    cost = preview.cost
    return {
        "event": "consent",
        "id": None if consent is None else consent.id,
        "hash": preview.outgoing.hash,
        "state": None if consent is None else consent.state.value,
        "destination": preview.provider.host,
        "model": preview.draft.model.full_name,
        "mode": preview.draft.mode.value,
        "conversation": preview.draft.conversation_id,
        "message": preview.draft.grows or preview.draft.answer_id or preview.draft.question_id,
        "body": preview.body,
        "redactions": [
            {"kind": one.kind.value, "original": one.original, "placeholder": one.placeholder, "count": one.count}
            for one in preview.redactions
        ],
        "prompt_tokens": preview.prompt_tokens,
        "prompt_tokens_counted": preview.counted,
        **consent_words.count_fields(preview.count),
        "cost_micros": None if cost is None else {"low": cost.low, "high": cost.high},
        "currency": "USD" if cost is None else cost.currency,
        "remaining_micros": preview.remaining.micros,
        "cap": preview.remaining.cap.kind.value,
        "refused": list(preview.refused),
    }


def _help_with(preview: Preview) -> str:
    from workbench.cloud.asking import NextStep

    provider, model = preview.provider.id, preview.draft.model.full_name
    hints = {
        NextStep.LOGIN: f"workbench cloud login {provider}",
        NextStep.RAISE_BUDGET: "`workbench cloud budget` shows the caps, and changes them.",
        NextStep.SHORTEN: "--mode question sends only the question.",
        NextStep.GIVE_PRICE: f"`workbench cloud prices` takes the price of {model}.",
        NextStep.OTHER_PROVIDER: "`workbench cloud models` lists others.",
    }
    found = (hints[step] for step in preview.steps if step in hints)
    return next(found, "Nothing was sent.")
