"""`workbench chats`: the conversations on this machine."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any

from workbench.chat.asking.elsewhere import author_words, elsewhere_words
from workbench.chat.exporting.parts import part_json
from workbench.chat.tree import Conversation, Node, Turn, branch
from workbench.cli import chats_keeping, chats_search, chats_set, chats_versions, output
from workbench.cli.commands import add_action, add_noun, positive
from workbench.messages import Part, ToolCall

if TYPE_CHECKING:
    from workbench.app import Workbench

SHORT_ID = 8


def register(commands: Any) -> None:
    actions = add_noun(
        commands,
        "chats",
        "list, search, show, set, rename, pin, export, import, remove and restore chats",
        "workbench chats list",
    )
    listing = add_action(actions, "list", "the chats, last changed first", "workbench chats list --json", run_list)
    listing.add_argument("--limit", type=positive, help="at most this many")
    show = add_action(actions, "show", "one chat; in JSON all its branches", "workbench chats show 3f2a", run_show)
    rename = add_action(actions, "rename", "give a chat a title", 'workbench chats rename 3f2a "The sea"', run_rename)
    remove = add_action(actions, "remove", "put a chat into the bin", "workbench chats remove 3f2a", run_remove)
    for action in (show, rename, remove):
        action.add_argument("id", metavar="ID", help="the beginning of its id")
    rename.add_argument("title", metavar="TITLE", help="its new title")
    chats_search.register(actions)
    chats_set.register(actions)
    chats_keeping.register(actions)
    chats_versions.register(actions)
    restore = add_action(actions, "restore", "take a chat out of the bin", "workbench chats restore 3f2a…", run_restore)
    restore.add_argument("id", metavar="ID", help="its whole id, as `remove` printed it")


def run_list(arguments: argparse.Namespace, workbench: Workbench) -> int:
    chats = workbench.chat.list()[: arguments.limit]
    if arguments.json:
        output.document([chat._asdict() for chat in chats])
    elif not chats:
        output.say("There are no chats yet. `workbench chat` starts one.")
    else:
        rows = [
            (chat.id[:SHORT_ID], _when(chat.updated_at), str(chat.messages), output.safe(chat.title)) for chat in chats
        ]
        output.write(output.table([("ID", "CHANGED", "MESSAGES", "TITLE"), *rows]) + "\n")
    return output.OK


def run_show(arguments: argparse.Namespace, workbench: Workbench) -> int:
    conversation = workbench.chat.open(workbench.chat.find(arguments.id))
    if arguments.json:
        output.document(as_json(conversation))
    else:
        output.write(as_text(conversation))
    return output.OK


def run_rename(arguments: argparse.Namespace, workbench: Workbench) -> int:
    conversation = workbench.chat.find(arguments.id)
    workbench.chat.rename(conversation, arguments.title)
    return output.done({"renamed": conversation}, "Renamed.", as_json=arguments.json)


def run_remove(arguments: argparse.Namespace, workbench: Workbench) -> int:
    conversation = workbench.chat.find(arguments.id)
    workbench.chat.delete(conversation)
    return output.done(
        {"removed": conversation},
        f"In the bin for 30 days. Undo: workbench chats restore {conversation}",
        as_json=arguments.json,
    )


def run_restore(arguments: argparse.Namespace, workbench: Workbench) -> int:
    workbench.chat.restore(arguments.id)
    return output.done({"restored": arguments.id}, "Restored.", as_json=arguments.json)


def as_json(conversation: Conversation) -> dict[str, Any]:
    """The whole tree: every branch, in the order the messages were made."""
    return {
        "id": conversation.id,
        "title": conversation.title,
        "tip": conversation.tip_id,
        "created_at": conversation.created_at,
        "updated_at": conversation.updated_at,
        **chats_set.choice_json(conversation.choice),
        "messages": [_message_json(node) for node in conversation.nodes],
    }


def as_text(conversation: Conversation) -> str:
    """The branch in view, for reading."""
    pieces = [f"# {conversation.title}"]
    for node in branch(conversation):
        who = _author(node.turn) if node.turn else "You"
        mark = f" ({node.turn.finish.value})" if node.turn and node.turn.can_continue and node.turn.finish else ""
        pieces.append(f"## {who}{mark}\n\n{node.message.text.strip()}")
    return output.safe("\n\n".join(pieces)) + "\n"


def _author(turn: Turn) -> str:
    name, words = author_words(turn.backend, turn.model), elsewhere_words(turn.backend)
    return f"{name} ({words})".strip() if words else name


def _message_json(node: Node) -> dict[str, Any]:
    turn = node.turn
    return {
        "id": node.id,
        "parent": node.parent_id,
        "role": node.message.role.value,
        "created_at": node.created_at,
        "parts": [_part_json(part) for part in node.message.parts],
        "turn": turn
        and {
            "id": turn.id,
            "model": turn.model,
            "source": turn.backend,
            "state": turn.state.value,
            "finish": turn.finish and turn.finish.value,
            "usage": asdict(turn.usage),
            "timings": asdict(turn.timings),
            "seed": turn.made.seed,
            "engine": turn.made.engine or None,
            "devices": turn.made.devices or None,
            "error": turn.error or None,
        },
    }


def _part_json(part: Part) -> dict[str, Any]:
    """As chats are exported; a call's ``arguments`` have a name of their own besides."""
    told = part_json(part)
    return told | {"arguments": part.arguments} if isinstance(part, ToolCall) else told


def _when(seconds: float) -> str:
    return datetime.fromtimestamp(seconds).astimezone().strftime("%Y-%m-%d %H:%M")
