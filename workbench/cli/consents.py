"""`workbench consents`: what waits for an answer of the person, their answers, and what they have allowed for longer."""

from __future__ import annotations

import argparse
from datetime import datetime
from typing import TYPE_CHECKING, Any

from workbench.cli import output
from workbench.cli.commands import add_action, add_noun
from workbench.cli.consent_words import SHORT_ID, consent_json, request_lines, seen
from workbench.consents.consent import Consent, ConsentKind, ConsentState, Scope, Standing
from workbench.errors import UsageError
from workbench.messages import Finish

if TYPE_CHECKING:
    from workbench.app import Workbench

STREAM = "one JSON object a line, as the answer goes on"


def register(commands: Any) -> None:
    actions = add_noun(
        commands,
        "consents",
        "what waits for your answer before it is done or sent, and what you have allowed",
        "workbench consents list",
    )
    listing = add_action(actions, "list", "what waits for an answer", "workbench consents list --json", run_list)
    listing.add_argument("--all", action="store_true", help="also what was answered")
    show = add_action(actions, "show", "exactly what would be done", "workbench consents show 3f2a", run_show)
    accept = add_action(
        actions,
        "accept",
        "let it be done; the answer that waits for it goes on",
        "workbench consents accept 3f2a --scope chat",
        run_accept,
        STREAM,
    )
    accept.add_argument(
        "--scope",
        choices=[scope.value for scope in Scope],
        default=Scope.ONCE.value,
        help="how far the yes goes: once (the default), in this chat, or always; `show` tells what is offered",
    )
    accept.add_argument("--text", help="remember it in these words instead, of something proposed to be remembered")
    refuse = add_action(
        actions,
        "refuse",
        "say no; the answer that waits for it goes on without it",
        "workbench consents refuse 3f2a",
        run_refuse,
        STREAM,
    )
    for action in (show, accept, refuse):
        action.add_argument("id", metavar="ID", help="the beginning of its id")
    for action in (accept, refuse):
        action.add_argument(
            "--later", action="store_true", help="only answer: what waits goes on when this is repeated"
        )
    add_action(actions, "standing", "what is allowed for longer", "workbench consents standing", run_standing)
    revoke = add_action(
        actions,
        "revoke",
        "no longer allow something",
        "workbench consents revoke built-in/web_search@api.search.brave.com",
        run_revoke,
    )
    revoke.add_argument("name", metavar="NAME", help="as `standing` shows it")
    revoke.add_argument("-c", "--conversation", metavar="CHAT", help="only what is allowed in this chat")


def run_list(arguments: argparse.Namespace, workbench: Workbench) -> int:
    found = workbench.consents.list(waiting=not arguments.all)
    if arguments.json:
        output.document([consent_json(consent) for consent in found])
    elif not found:
        output.say("Nothing waits for your answer.")
    else:
        rows = [(one.id[:SHORT_ID], _when(one.created_at), _state(one), seen(one.question.title)) for one in found]
        output.write(output.table([("ID", "ASKED", "STATE", "QUESTION"), *rows]) + "\n")
    return output.OK


def run_show(arguments: argparse.Namespace, workbench: Workbench) -> int:
    consent = workbench.consents.get(arguments.id)
    if arguments.json:
        output.document(consent_json(consent))
        return output.OK
    answered = f", {_when(consent.answered_at)}" if consent.answered_at else ""
    offered = ", ".join(scope.value for scope in consent.question.scopes)
    lines = [
        seen(consent.question.title),
        *([seen(consent.question.because)] if consent.question.because else []),
        f"asked     {_when(consent.created_at)}" + _in_chat(consent),
        f"state     {_state(consent)}{answered}",
        *([f"offered   {offered}"] if consent.state is ConsentState.WAITING else []),
        f"sha256    {consent.hash}",
        *request_lines(consent),
    ]
    output.write("\n".join(lines) + "\n")
    return output.OK


def run_accept(arguments: argparse.Namespace, workbench: Workbench) -> int:
    consent = workbench.consents.get(arguments.id)
    request = None
    if arguments.text is not None:
        if consent.question.kind is not ConsentKind.MEMORY:
            raise UsageError("Only something to remember has words to change.", hint="Leave `--text` out.")
        request = {**consent.request, "text": arguments.text}
    if consent.state is not ConsentState.ACCEPTED or not _goes_on(consent, workbench):
        consent = workbench.consents.accept(consent.id, Scope(arguments.scope), request)
    return _answered(consent, arguments, workbench)


def run_refuse(arguments: argparse.Namespace, workbench: Workbench) -> int:
    consent = workbench.consents.get(arguments.id)
    if consent.state is not ConsentState.REFUSED or not _goes_on(consent, workbench):
        consent = workbench.consents.refuse(consent.id)
    return _answered(consent, arguments, workbench)


def _answered(consent: Consent, arguments: argparse.Namespace, workbench: Workbench) -> int:
    """What waited for it goes on, once nothing else of the same answer waits."""
    question = consent.question
    others = [
        one
        for one in workbench.consents.list(conversation_id=question.conversation_id)
        if one.question.message_id == question.message_id and one.question.kind is question.kind
    ]
    if question.kind is ConsentKind.TOOL and not arguments.later and not others and _goes_on(consent, workbench):
        from workbench.cli.chat_turn import go_on

        return go_on(workbench, question.message_id or "", as_json=arguments.json)
    if not arguments.later and _ends_by_no(consent, workbench):
        from workbench.cli.chat_turn import go_on

        return go_on(workbench, question.message_id or "", as_json=arguments.json)
    if question.kind is ConsentKind.CLOUD and consent.state is ConsentState.ACCEPTED and not arguments.later:
        from workbench.cli import chat_cloud

        return chat_cloud.send(workbench, consent, chat_cloud.face_for(workbench, as_json=arguments.json))
    if arguments.json:
        output.line(consent_json(consent))
        return output.OK
    output.say(_said(consent))
    for one in others:
        output.say(f"The same answer waits for this too, {one.id[:SHORT_ID]}: {seen(one.question.title)}")
    return output.OK


def _ends_by_no(consent: Consent, workbench: Workbench) -> bool:
    """Whether an answer of a provider waited for this no: it ends then, with what it has."""
    question = consent.question
    if question.kind is not ConsentKind.CLOUD or consent.state is not ConsentState.REFUSED:
        return False
    grows = workbench.escalations.previewed(consent.id).draft.grows
    return grows is not None and _is_waiting(grows, question.conversation_id or "", workbench)


def _is_waiting(answer_id: str, conversation_id: str, workbench: Workbench) -> bool:
    nodes = workbench.chat.open(conversation_id).nodes
    turn = next((node.turn for node in nodes if node.id == answer_id), None)
    return turn is not None and turn.finish is Finish.WAITING


def _said(consent: Consent) -> str:
    if consent.state is not ConsentState.ACCEPTED:
        return "Refused."
    if consent.question.kind is ConsentKind.MEMORY:
        return "Remembered."
    if consent.question.kind is ConsentKind.CLOUD:
        return "Allowed; not sent yet: repeat this without --later."
    if consent.question.kind is ConsentKind.SERVER:
        return f"Allowed. `workbench tools servers start {seen(_name_of(consent.question.subject))}` starts it."
    return "Allowed."


def _goes_on(consent: Consent, workbench: Workbench) -> bool:
    """Whether the answer that asked is not complete: it waits, or its program ended in the middle. Of a request to a
    provider: whether it was not sent yet."""
    question = consent.question
    if question.kind is ConsentKind.CLOUD:
        return workbench.escalations.is_unsent(consent.id)
    if question.kind is not ConsentKind.TOOL or question.conversation_id is None or question.message_id is None:
        return False
    nodes = workbench.chat.open(question.conversation_id).nodes
    turn = next((node.turn for node in nodes if node.id == question.message_id), None)
    return turn is not None and (turn.can_continue or turn.finish is Finish.WAITING)


def run_standing(arguments: argparse.Namespace, workbench: Workbench) -> int:
    found = workbench.consents.standing()
    if arguments.json:
        output.document([_standing_json(one) for one in found])
    elif not found:
        output.say("Nothing is allowed for longer than once.")
    else:
        titles = {chat.id: chat.title for chat in workbench.chat.list()}
        rows = [(seen(_name(one)), one.kind.value, _place(one, titles), _when(one.created_at)) for one in found]
        output.write(output.table([("NAME", "KIND", "WHERE", "SINCE"), *rows]) + "\n")
    return output.OK


def run_revoke(arguments: argparse.Namespace, workbench: Workbench) -> int:
    chat = workbench.chat.find(arguments.conversation) if arguments.conversation is not None else None
    found = [
        one
        for one in workbench.consents.standing()
        if arguments.name in _names(one) and chat in (None, one.conversation_id)
    ]
    if not found:
        raise UsageError(
            f"{arguments.name!r} is not allowed for longer.", hint="`workbench consents standing` shows what is."
        )
    recalled = [workbench.consents.revoke(one.kind, one.subject, one.conversation_id) for one in found]
    if arguments.json:
        output.document(
            [{**_standing_json(one), "recalled": count} for one, count in zip(found, recalled, strict=True)]
        )
    else:
        output.say("No longer allowed: it is asked about from now on.")
        if sum(recalled):
            done = "sent" if found[0].kind is ConsentKind.CLOUD else "made"
            output.say(f"Allowed by it and not {done} yet, so they wait for your answer: {sum(recalled)}.")
    return output.OK


def _name(standing: Standing) -> str:
    return _name_of(standing.subject)


def _names(standing: Standing) -> tuple[str, ...]:
    """What `revoke` takes: of a provider its name alone, too."""
    whole = (_name(standing), standing.subject)
    return whole if standing.kind is not ConsentKind.CLOUD else (*whole, standing.subject.partition("@")[0])


def _name_of(subject: str) -> str:
    """Without what only the program compares."""
    return subject.rpartition("#")[0] or subject


def _standing_json(standing: Standing) -> dict[str, Any]:
    return {
        "name": _name(standing),
        "subject": standing.subject,
        "kind": standing.kind.value,
        "conversation": standing.conversation_id,
        "created_at": standing.created_at,
    }


def _place(standing: Standing, titles: dict[str, str]) -> str:
    if standing.conversation_id is None:
        return "always"
    return f"in {standing.conversation_id[:SHORT_ID]}, {seen(titles.get(standing.conversation_id, 'in the bin'))}"


def _in_chat(consent: Consent) -> str:
    chat = consent.question.conversation_id
    return f", in the chat {chat[:SHORT_ID]}" if chat else ""


def _state(consent: Consent) -> str:
    lasting = consent.state is ConsentState.ACCEPTED and consent.scope is not Scope.ONCE
    return f"{consent.state.value} ({consent.scope.value})" if lasting else consent.state.value


def _when(at: float | None) -> str:
    return "" if at is None else datetime.fromtimestamp(at).astimezone().strftime("%Y-%m-%d %H:%M")
