"""`workbench projects`: chats that belong together, with what holds for all of them."""

from __future__ import annotations

import argparse
import sys
from datetime import datetime
from typing import TYPE_CHECKING, Any

from workbench.cancel import CancelToken
from workbench.chat.projects.projects import PRIVATE_WORDS, Project, as_json, told_of_removing
from workbench.cli import output
from workbench.cli.commands import add_action, add_noun
from workbench.errors import UsageError
from workbench.paths import given

if TYPE_CHECKING:
    from workbench.app import Workbench

SHORT_ID = 8
AS_SET = "as-set"
MOST_INPUT_BYTES = 1 << 20


def register(commands: Any) -> None:
    actions = add_noun(
        commands,
        "projects",
        "chats that belong together, with instructions, a model and files of their own",
        'workbench projects create Thesis --instructions "Answer in British English."',
    )
    add_action(actions, "list", "the projects, by name", "workbench projects list --json", run_list)
    _register_reading(actions)
    _register_changing(actions)
    _register_chats(actions)


def _register_reading(actions: Any) -> None:
    show = add_action(actions, "show", "a project and its chats", "workbench projects show Thesis", run_show)
    export = add_action(
        actions,
        "export",
        "write a project with its chats and files into one new folder",
        "workbench projects export Thesis --output thesis-backup",
        run_export,
    )
    export.add_argument("--output", metavar="FOLDER", help="a folder that is not there yet; else its name")
    for action in (show, export):
        _named(action)


def _register_changing(actions: Any) -> None:
    create = add_action(
        actions,
        "create",
        "make a project",
        'workbench projects create Thesis --private --folder ~/papers --instructions "Answer in British English."',
        run_create,
    )
    change = add_action(
        actions,
        "change",
        "change what holds in a project; what is not given stays",
        "workbench projects change Thesis --model gpt-oss-20b --effort high --remove-folder ~/papers",
        run_change,
    )
    for action in (create, change):
        _named(action)
        action.add_argument(
            "--instructions", metavar="TEXT", help="what the model is told first; - reads standard input"
        )
        action.add_argument("--model", help="answers by default: a name from `models list` or `servers models`")
        action.add_argument("--effort", help="how much it thinks by default: off, on, low, medium or high")
        for what in ("folder", "file"):
            action.add_argument(f"--{what}", metavar="PATH", action="append", default=[], help=f"add a {what}")
        action.add_argument(
            "--tools",
            metavar="NAMES",
            help="what the model may call in it, with commas between (`workbench tools list`); none; or as-set",
        )
        action.add_argument("--prompt", metavar="NAME", action="append", default=[], help="pin a prompt")
    create.add_argument("--private", action="store_true", default=None, help=PRIVATE_WORDS)
    change.add_argument("--name", dest="new_name", help="call it so")
    memory = change.add_mutually_exclusive_group()
    memory.add_argument("--memory", action="store_true", default=None, help="what is remembered of you is told in it")
    memory.add_argument("--no-memory", dest="memory", action="store_false", help="nothing remembered is told in it")
    private = change.add_mutually_exclusive_group()
    private.add_argument("--private", action="store_true", default=None, help=PRIVATE_WORDS)
    private.add_argument("--not-private", dest="private", action="store_false", help="other machines may answer again")
    for what in ("folder", "file", "prompt"):
        change.add_argument(f"--remove-{what}", metavar=what.upper(), action="append", default=[], help="take it out")
    remove = add_action(
        actions, "remove", "put a project into the bin; its chats stay", "workbench projects remove Thesis", run_remove
    )
    _named(remove)
    restore = add_action(
        actions, "restore", "take a project out of the bin", "workbench projects restore Thesis", run_restore
    )
    _named(restore)


def _register_chats(actions: Any) -> None:
    add = add_action(
        actions, "add-chat", "move a chat into a project", "workbench projects add-chat Thesis 3f2a", run_add_chat
    )
    _named(add)
    remove = add_action(
        actions, "remove-chat", "move a chat out of its project", "workbench projects remove-chat 3f2a", run_remove_chat
    )
    for action in (add, remove):
        action.add_argument("id", metavar="ID", help="the beginning of the chat's id")


def _named(action: argparse.ArgumentParser) -> None:
    action.add_argument("name", metavar="NAME", help="its name, or the beginning of its id")


# Reading --------------------------------------------------------------------------------------------------------------


def run_list(arguments: argparse.Namespace, workbench: Workbench) -> int:
    found = workbench.projects.list()
    if arguments.json:
        output.document([as_json(project) for project in found])
    elif not found:
        output.say("There are no projects yet. `workbench projects create NAME` makes one.")
    else:
        rows: list[tuple[str, ...]] = [("NAME", "CHATS", "MODEL", "PRIVATE", "CHANGED")]
        rows += [
            (one.name, str(one.chats), one.model or "-", "yes" if one.private else "no", _when(one.updated_at))
            for one in found
        ]
        output.write(output.safe(output.table(rows)) + "\n")
    return output.OK


def run_show(arguments: argparse.Namespace, workbench: Workbench) -> int:
    project = workbench.projects.find(arguments.name)
    chats = workbench.projects.chats(project.id)
    if arguments.json:
        output.document({**as_json(project), "conversations": [chat._asdict() for chat in chats]})
        return output.OK
    lines = [f"# {project.name}", "", *_facts(project)]
    if project.instructions.strip():
        lines += ["", "## Instructions", "", project.instructions.strip()]
    if chats:
        rows: list[tuple[str, ...]] = [(chat.id[:SHORT_ID], _when(chat.updated_at), chat.title) for chat in chats]
        lines += ["", "## Chats", "", output.table(rows)]
    output.write(output.safe("\n".join(lines)) + "\n")
    return output.OK


def _facts(project: Project) -> list[str]:
    facts = {
        "Model": (project.model,),
        "Effort": (project.effort.value if project.effort else "",),
        "Private": ("yes" if project.private else "no",),
        "Tools": () if project.tools is None else (", ".join(project.tools) or "none",),
        "Memory": () if project.memory else ("not told",),
        "Folder": project.folders,
        "File": project.files,
        "Prompt": project.prompts,
    }
    return [f"{name}: {value}" for name, values in facts.items() for value in values if value]


# Changing -------------------------------------------------------------------------------------------------------------


def run_create(arguments: argparse.Namespace, workbench: Workbench) -> int:
    added = {"folders": arguments.folder, "files": arguments.file, "prompts": arguments.prompt}
    project = workbench.projects.create(arguments.name, {**_values(arguments), **_tools(arguments, workbench), **added})
    return output.done(
        as_json(project),
        f"Made. `workbench chat --project {_quoted(project.name)}` starts a chat in it.",
        as_json=arguments.json,
    )


def run_change(arguments: argparse.Namespace, workbench: Workbench) -> int:
    before = workbench.projects.find(arguments.name)
    changes = {**_values(arguments), **_tools(arguments, workbench)}
    if arguments.new_name is not None:
        changes["name"] = arguments.new_name
    for key, kept, added, gone in (
        ("folders", before.folders, arguments.folder, _paths(arguments.remove_folder)),
        ("files", before.files, arguments.file, _paths(arguments.remove_file)),
        ("prompts", before.prompts, arguments.prompt, arguments.remove_prompt),
    ):
        if added or gone:
            changes[key] = [*_without(kept, gone), *added]
    if not changes:
        raise UsageError("Nothing is to be changed.", hint="workbench projects change --help")
    project = workbench.projects.change(before.id, changes)
    return output.done(as_json(project), "Changed.", as_json=arguments.json)


def _values(arguments: argparse.Namespace) -> dict[str, Any]:
    """What was given, without the lists."""
    given = {
        "instructions": _text(arguments.instructions),
        "model": arguments.model,
        "effort": arguments.effort,
        "private": arguments.private,
        "memory": getattr(arguments, "memory", None),
    }
    return {key: value for key, value in given.items() if value is not None}


def _tools(arguments: argparse.Namespace, workbench: Workbench) -> dict[str, Any]:
    """Raises `UsageError` for a tool that there is not."""
    if arguments.tools is None:
        return {}
    return {"tools": None if arguments.tools == AS_SET else workbench.tools.chosen(arguments.tools)}


def _text(words: str | None) -> str | None:
    """``-``: what standard input says. Raises `UsageError` when that is too long."""
    if words != "-":
        return words
    raw = sys.stdin.buffer.read(MOST_INPUT_BYTES + 1) if sys.stdin is not None else b""
    if len(raw) > MOST_INPUT_BYTES:
        raise UsageError(f"The input is longer than {MOST_INPUT_BYTES >> 20} MB.", hint="Give a part of it.")
    return raw.decode("utf-8", "replace")


def _paths(words: list[str]) -> list[str]:
    """As they are kept, and as they were typed."""
    return [*words, *(str(given(word).absolute()) for word in words)]


def _without(kept: tuple[str, ...], gone: list[str]) -> list[str]:
    """Raises `UsageError` for what is not there to be taken out."""
    if gone and not set(gone) & set(kept):
        raise UsageError(f"{gone[0]} is not in this project.", hint="`workbench projects show NAME` shows what is.")
    return [one for one in kept if one not in gone]


def run_remove(arguments: argparse.Namespace, workbench: Workbench) -> int:
    project = workbench.projects.find(arguments.name)
    workbench.projects.remove(project.id)
    if arguments.json:
        output.document({"removed": project.id})
    else:
        output.say(f"In the bin. {told_of_removing(project)}")
        output.say(f"Undo: workbench projects restore {project.id}")
    return output.OK


def run_restore(arguments: argparse.Namespace, workbench: Workbench) -> int:
    from workbench.chat.projects.projects import named

    project = workbench.projects.restore(named(arguments.name, workbench.projects.removed()).id)
    return output.done(as_json(project), f"Restored as {project.name!r}.", as_json=arguments.json)


# Chats ----------------------------------------------------------------------------------------------------------------


def run_add_chat(arguments: argparse.Namespace, workbench: Workbench) -> int:
    return _move(arguments, workbench, workbench.projects.find(arguments.name).id)


def run_remove_chat(arguments: argparse.Namespace, workbench: Workbench) -> int:
    return _move(arguments, workbench, None)


def _move(arguments: argparse.Namespace, workbench: Workbench, project_id: str | None) -> int:
    conversation = workbench.chat.find(arguments.id)
    told = workbench.projects.move(conversation, project_id)
    if arguments.json:
        output.document({"conversation": conversation, "project": project_id, "changes": list(told)})
    else:
        for sentence in told or ("It is there already.",):
            output.say(output.safe(sentence))
    return output.OK


# Export ---------------------------------------------------------------------------------------------------------------


def run_export(arguments: argparse.Namespace, workbench: Workbench) -> int:
    from workbench.chat.projects.export import folder_name

    project = workbench.projects.find(arguments.name)
    target = given(arguments.output or folder_name(project)).absolute()
    done = workbench.export_project(project.id, target, CancelToken())
    if arguments.json:
        output.document(
            {"folder": str(done.folder), "chats": done.chats, "files": done.files, "skipped": list(done.skipped)}
        )
    else:
        for one in done.skipped:
            output.say(f"Left out: {one}")
        output.write(f"{done.folder}\n")
    return output.OK


def _quoted(name: str) -> str:
    return f'"{name}"' if " " in name else name


def _when(seconds: float) -> str:
    return datetime.fromtimestamp(seconds).astimezone().strftime("%Y-%m-%d %H:%M")
