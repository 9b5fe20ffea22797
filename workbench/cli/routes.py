"""`workbench route` and `workbench routes`: which model would be chosen for a question, and what came of it before."""

from __future__ import annotations

import argparse
from collections import Counter
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any

from workbench.chat.asking.choice import choice_json
from workbench.chat.asking.routing import Asked
from workbench.cli import output
from workbench.cli.commands import add_action, positive
from workbench.errors import UsageError
from workbench.messages import user

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workbench.app import Workbench
    from workbench.routing.facts import Facts
    from workbench.routing.reading import Notice
    from workbench.routing.store import Kept


def register(commands: Any) -> None:
    explain = add_action(
        commands,
        "route",
        "tell which model would be chosen for a question, and by which rule; no model is asked",
        'workbench route "Write a Python function that sorts a list."',
        run_route,
    )
    explain.add_argument("text", metavar="TEXT", nargs="*", help="the question; several words are joined")
    explain.add_argument("--private", action="store_true", help="as in a private project")
    explain.add_argument("--rules", action="store_true", help="tell where the rules stand, and which hold, in order")
    explain.add_argument(
        "--edit", action="store_true", help="make a file of your own of the program's rules, to change"
    )
    explain.add_argument("--restore", action="store_true", help="put your file aside: the program's rules hold again")
    listed = add_action(
        commands,
        "routes",
        "show which models were chosen for questions, why, and what came of it",
        "workbench routes --limit 20",
        run_routes,
    )
    listed.add_argument(
        "--limit", metavar="N", type=positive, default=50, help="at most so many, the newest first (50)"
    )
    listed.add_argument("-c", "--conversation", help="of this chat (the beginning of its id is enough)")


def run_route(arguments: argparse.Namespace, workbench: Workbench) -> int:
    """Raises `UsageError` where there is nothing to do, `ModelError` where no model could answer, `StorageError`."""
    router = workbench.router
    if arguments.edit or arguments.restore:
        kept = router.restore() if arguments.restore else None
        file = router.begin_own() if arguments.edit else router.file
        if kept is not None:
            output.say(f"Your rules were put aside as {kept}.")
        if not arguments.text and not arguments.rules:
            return _told_file(str(file), own=file.exists(), as_json=arguments.json)
    _rules, notices = router.rules()
    for one in notices:
        output.say(f"workbench: {one}")
    if arguments.rules:
        return _told_rules(arguments, workbench, notices)
    if not arguments.text:
        raise UsageError("There is no question.", hint='Give one: workbench route "Write a Python function."')
    found = router.explain(Asked(user(" ".join(arguments.text)), private=arguments.private))
    if arguments.json:
        facts = {**asdict(found.facts), "task": found.facts.task.value}
        output.document({"choice": choice_json(found.choice), "facts": facts, "notices": _notices_json(notices)})
        return output.OK
    choice = found.choice
    output.write(output.safe(f"Chosen: {choice.why}") + "\n")
    output.write(output.safe(_limits(choice.most_tokens, choice.most_seconds)) + "\n")
    if choice.propose:
        output.write(output.safe(f"A stronger model would be proposed beside the answer: {choice.proposal}") + "\n")
    output.write(output.safe(f"Seen in the question: {facts_words(found.facts)}") + "\n")
    return output.OK


def _limits(tokens: int | None, seconds: float | None) -> str:
    told = [f"{tokens:,} tokens" if tokens else "", f"{seconds:,.0f} s" if seconds else ""]
    return f"At most: {', '.join(one for one in told if one) or 'as usual'}."


def facts_words(facts: Facts) -> str:
    """For a person."""
    flags = ("code", "maths", "fresh", "picture", "attachments", "documents", "private", "schema", "tools")
    pieces = [
        f"task {facts.task.value}",
        f"language {facts.language or 'unknown'}",
        f"{facts.question_tokens:,} tokens",
    ]
    return ", ".join([*pieces, *(name for name in flags if getattr(facts, name))])


def _told_file(file: str, *, own: bool, as_json: bool) -> int:
    if as_json:
        output.document({"file": file, "own": own})
    else:
        words = f"Your rules: {file}" if own else "The program's rules hold."
        output.write(output.safe(words) + "\n")
    return output.OK


def _told_rules(arguments: argparse.Namespace, workbench: Workbench, notices: Sequence[Notice]) -> int:
    from workbench.routing.rules import because

    router = workbench.router
    rules, _notices = router.rules()
    if arguments.json:
        told = [{"name": one.name, "use": one.then.use.value, "because": because(one)} for one in rules.rules]
        file = {"file": str(router.file), "own": router.file.exists()}
        output.document({**file, "rules": told, "notices": _notices_json(notices)})
        return output.OK
    where = f"Your rules: {router.file}" if router.file.exists() else "The rules of the program (none of your own)."
    output.write(output.safe(where) + "\n")
    for number, one in enumerate(rules.rules, 1):
        output.write(output.safe(f"{number:3}. {one.name}: {one.then.use.value}, because {because(one)}") + "\n")
    return output.OK


def _notices_json(notices: Sequence[Notice]) -> list[dict[str, Any]]:
    return [{"file": str(one.file), "line": one.line, "key": one.key, "text": one.text} for one in notices]


def run_routes(arguments: argparse.Namespace, workbench: Workbench) -> int:
    """Raises `UsageError` for an unknown chat."""
    chat = None if arguments.conversation is None else workbench.chat.find(arguments.conversation)
    kept = workbench.router.kept(arguments.limit, chat)
    if arguments.json:
        output.document([kept_json(one) for one in kept])
        return output.OK
    for one in kept:
        at = datetime.fromtimestamp(one.at).astimezone()
        output.write(output.safe(f"{at:%Y-%m-%d %H:%M}  {one.question[:80] or '(nothing but files)'}") + "\n")
        output.write(output.safe(f"    {one.routed.line}") + "\n")
        output.write(output.safe(f"    {outcome_words(one)}") + "\n")
    output.say(_counted(kept))
    return output.OK


def outcome_words(kept: Kept) -> str:
    """What came of a choice, for a person."""
    pieces = [f"You had {kept.routed.overruled} answer instead." if kept.routed.overruled else _ended(kept)]
    pieces += [*kept.routed.doubts, kept.routed.held]
    pieces.append("Answered again." if kept.regenerated else "")
    pieces.append("Taken to a stronger model." if kept.escalated else "")
    pieces.append({"up": "You found it good.", "down": "You found it not good."}.get(kept.thumb, ""))
    return " ".join(piece for piece in pieces if piece)


def _ended(kept: Kept) -> str:
    if kept.error:
        return f"It failed ({kept.error})."
    if not kept.finish:
        return "Not answered yet."
    if kept.finish in ("cancelled", "interrupted", "waiting", "error"):
        return {"cancelled": "You stopped it.", "waiting": "It waits for you."}.get(
            kept.finish, f"It was {kept.finish}."
        )
    return "Answered." if kept.seconds is None else f"Answered in {kept.seconds:.1f} s."


def _counted(kept: Sequence[Kept]) -> str:
    if not kept:
        return 'Nothing was chosen yet: ask with `workbench chat -m auto "…"`, or choose Auto in the list of models.'
    rules = Counter(one.routed.choice.rule or "no rule" for one in kept if not one.routed.choice.sent)
    doubtful = sum(bool(one.routed.doubts) for one in kept)
    sent = sum(one.routed.choice.sent for one in kept)
    named = ", ".join(f"{rule} {count}" for rule, count in rules.most_common(5))
    by_itself = f" {sent} sent by a chat's own yes." if sent else ""
    return f"{len(kept) - sent} choices ({named}); {doubtful} answers with something plainly wrong.{by_itself}"


def kept_json(kept: Kept) -> dict[str, Any]:
    """``at``: seconds since 1970."""
    return {
        "turn": kept.turn_id,
        "conversation": kept.conversation_id,
        "message": kept.message_id,
        "at": kept.at,
        "question": kept.question,
        **choice_json(kept.routed.choice),
        "finish": kept.finish or None,
        "error": kept.error or None,
        "failed_checks": list(kept.routed.doubts),
        "held": kept.routed.held or None,
        "overruled": kept.routed.overruled or None,
        "regenerated": kept.regenerated,
        "escalated": kept.escalated,
        "thumb": kept.thumb or None,
        "total_seconds": kept.seconds,
        "completion_tokens": kept.tokens,
    }
