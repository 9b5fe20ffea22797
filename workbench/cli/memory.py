"""`workbench memory`: what is remembered of the person, seen, written, switched off, removed, exported and imported."""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from workbench.cancel import CancelToken
from workbench.cli import output
from workbench.cli.commands import add_action, add_noun
from workbench.paths import given

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workbench.app import Workbench
    from workbench.memory.memory import Fact
    from workbench.messages import Id

SHORT_ID = 8
MOST_INPUT_BYTES = 1 << 20


def register(commands: Any) -> None:
    actions = add_noun(
        commands,
        "memory",
        "what is remembered of you and told to the model",
        'workbench memory add "I am allergic to nuts."',
    )
    _register_facts(actions)
    _register_texts(actions)
    _register_files(actions)


def _register_facts(actions: Any) -> None:
    listing = add_action(
        actions, "list", "the facts, newest first; with words: those that have them", "workbench memory list", run_list
    )
    listing.add_argument("query", metavar="WORD", nargs="*", help="words that it has")
    add = add_action(actions, "add", "remember a fact", 'workbench memory add "I am allergic to nuts."', run_add)
    add.add_argument("text", metavar="TEXT", help="on one line")
    for action, words in ((listing, "only those of this project"), (add, "told in the chats of this project only")):
        action.add_argument("--project", metavar="NAME", help=words)
    change = add_action(
        actions, "change", "say a fact in other words", 'workbench memory change 3f2a "I like nuts."', run_change
    )
    on = add_action(actions, "on", "tell a fact again", "workbench memory on 3f2a", run_switch)
    off = add_action(actions, "off", "keep a fact, and tell it to nobody", "workbench memory off 3f2a", run_switch)
    on.set_defaults(active=True)
    off.set_defaults(active=False)
    remove = add_action(actions, "remove", "forget a fact", "workbench memory remove 3f2a", run_remove)
    restore = add_action(
        actions, "restore", "remember a removed fact again, for 30 days", "workbench memory restore 3f2a", run_restore
    )
    for action in (change, on, off, remove, restore):
        action.add_argument("id", metavar="ID", help="the beginning of its id")
    change.add_argument("text", metavar="TEXT", help="in place of its words")


def _register_texts(actions: Any) -> None:
    about = add_action(
        actions,
        "about",
        "what you wrote about yourself; with TEXT: write it",
        'workbench memory about "I am a nurse in Hamburg and write Python in the evening."',
        run_text,
    )
    how = add_action(
        actions,
        "how",
        "how you want to be answered; with TEXT: write it",
        'workbench memory how "Briefly, in British English." --project Thesis',
        run_text,
    )
    about.set_defaults(which="about")
    how.set_defaults(which="how")
    for action in (about, how):
        action.add_argument("text", metavar="TEXT", nargs="?", help='- reads standard input; "" empties it')
        action.add_argument("--project", metavar="NAME", help="beside that of all chats, in the chats of this project")


def _register_files(actions: Any) -> None:
    export = add_action(actions, "export", "all of it as Markdown", "workbench memory export memory.md", run_export)
    export.add_argument("file", metavar="FILE", nargs="?", help="one that is not there yet; else standard output")
    take = add_action(
        actions,
        "import",
        "take in what `export` wrote, or what exports of ChatGPT (custom instructions, memory) or Claude (memory) hold",
        "workbench memory import chatgpt-export.zip",
        run_import,
    )
    take.add_argument("file", metavar="FILE", help="Markdown, or the other program's zip, JSON or folder")


# Facts ----------------------------------------------------------------------------------------------------------------


def run_list(arguments: argparse.Namespace, workbench: Workbench) -> int:
    project_id = _project(arguments, workbench)
    facts = workbench.memory.facts(" ".join(arguments.query), project_id, all_projects=project_id is None)
    names = {one.id: one.name for one in workbench.projects.list()}
    if arguments.json:
        output.document([fact_json(fact, names) for fact in facts])
    elif not facts:
        output.say("Nothing was found." if arguments.query else "Nothing is remembered yet.")
    else:
        rows = [(one.id[:SHORT_ID], "on" if one.active else "off", names.get(one.project_id or "", "-"), one.text)
                for one in facts]  # fmt: skip
        output.write(output.table([("ID", "TOLD", "PROJECT", "FACT"), *rows]))
    return output.OK


def fact_json(fact: Fact, projects: Mapping[Id, str]) -> dict[str, Any]:
    """``from``: the chat that it comes from, ``message``: which of it; null where the person wrote it. Times in seconds
    since the epoch."""
    return {
        "id": fact.id,
        "text": fact.text,
        "project": projects.get(fact.project_id or ""),
        "created_at": fact.created_at,
        "from": fact.conversation_id,
        "message": fact.message_id,
        "changed_at": fact.changed_at,
        "enabled": fact.active,
    }


def run_add(arguments: argparse.Namespace, workbench: Workbench) -> int:
    fact = workbench.memory.add(arguments.text, _project(arguments, workbench))
    return _done(arguments, workbench, fact, f"Remembered as {fact.id[:SHORT_ID]}.")


def run_change(arguments: argparse.Namespace, workbench: Workbench) -> int:
    fact = workbench.memory.get(arguments.id)
    return _done(arguments, workbench, workbench.memory.change(fact.id, arguments.text), "Changed.")


def run_switch(arguments: argparse.Namespace, workbench: Workbench) -> int:
    fact = workbench.memory.get(arguments.id)
    changed = workbench.memory.change(fact.id, active=arguments.active)
    return _done(arguments, workbench, changed, "It is told again." if arguments.active else "It is told to nobody.")


def run_remove(arguments: argparse.Namespace, workbench: Workbench) -> int:
    fact = workbench.memory.get(arguments.id)
    workbench.memory.remove(fact.id)
    words = f"Forgotten. `workbench memory restore {fact.id[:SHORT_ID]}` brings it back for 30 days."
    return _done(arguments, workbench, fact, words)


def run_restore(arguments: argparse.Namespace, workbench: Workbench) -> int:
    fact = workbench.memory.get(arguments.id)
    return _done(arguments, workbench, workbench.memory.restore(fact.id), "Remembered again.")


def _done(arguments: argparse.Namespace, workbench: Workbench, fact: Fact, words: str) -> int:
    return output.done(
        fact_json(fact, {one.id: one.name for one in workbench.projects.list()}), words, as_json=arguments.json
    )


# Texts ----------------------------------------------------------------------------------------------------------------


def run_text(arguments: argparse.Namespace, workbench: Workbench) -> int:
    project_id = _project(arguments, workbench)
    texts = workbench.memory.texts(project_id)
    if arguments.text is not None:
        texts = replace(texts, **{arguments.which: _given_text(arguments.text)})
        workbench.memory.write_texts(texts, project_id)
        texts = workbench.memory.texts(project_id)
    text = getattr(texts, arguments.which)
    if arguments.json:
        output.document({"about": texts.about, "how": texts.how})
    elif arguments.text is not None:
        output.say("Written." if text else "Emptied.")
    elif text:
        output.write(f"{text}\n")
    else:
        output.say("Nothing is written there.")
    return output.OK


def _given_text(words: str) -> str:
    if words != "-":
        return words
    raw = sys.stdin.buffer.read(MOST_INPUT_BYTES) if sys.stdin is not None else b""
    return raw.decode("utf-8", "replace")


# Files ----------------------------------------------------------------------------------------------------------------


def run_export(arguments: argparse.Namespace, workbench: Workbench) -> int:
    if arguments.file is None:
        written = workbench.memory.as_markdown()
        if arguments.json:
            output.document({"markdown": written})
        else:
            output.write(written)
        return output.OK
    path = given(arguments.file).absolute()
    workbench.export_memory(path)
    return output.done({"path": str(path)}, f"Written to {path}.", as_json=arguments.json)


def run_import(arguments: argparse.Namespace, workbench: Workbench) -> int:
    done = workbench.import_memory(given(arguments.file), CancelToken())
    if arguments.json:
        output.document({"texts": done.texts, "facts": done.facts, "left_out": list(done.left_out)})
        return output.OK
    for sentence in done.left_out:
        output.say(sentence)
    output.say(done.told())
    return output.OK


def _project(arguments: argparse.Namespace, workbench: Workbench) -> Id | None:
    return None if arguments.project is None else workbench.projects.find(arguments.project).id
