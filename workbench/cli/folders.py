"""`workbench folders`: attach folders of documents, see what was read of them, and keep them in step."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench.cli import folders_shown as shown
from workbench.cli import output
from workbench.cli.commands import add_action, add_noun, positive
from workbench.cli.progress_line import ProgressLine
from workbench.documents.collection import FileStatus
from workbench.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workbench.app import Workbench
    from workbench.documents.collection import Collection, Document, Rules

DEFAULT_ITEMS = 1000
_PAGE = 500


def register(commands: Any) -> None:
    actions = add_noun(
        commands,
        "folders",
        "folders of documents that answers may stand on",
        "workbench folders add ~/papers --wait",
    )
    _register_attaching(actions)
    _register_looking(actions)
    _register_reading(actions)
    _register_changing(actions)


def _register_attaching(actions: Any) -> None:
    add = add_action(
        actions,
        "add",
        "attach a folder; its files are only read, and followed as they change",
        'workbench folders add ~/papers --name Papers --exclude "drafts/" --wait',
        run_add,
    )
    add.add_argument("path", metavar="PATH", help="the folder")
    add.add_argument("--name", default="", help="call it so; else as the folder is called")
    add.add_argument("--private", action="store_true", help="nothing of it is ever sent to another machine")
    _add_rules(add)
    add.add_argument("--wait", action="store_true", help="until its files are read and can be searched")
    add.add_argument("--vectors", action="store_true", help="with --wait: until its meaning can be searched too")
    remove = add_action(
        actions,
        "remove",
        "forget a folder and all that was read of it; its files stay as they are",
        "workbench folders remove Papers",
        run_remove,
    )
    _named(remove)


def _register_looking(actions: Any) -> None:
    add_action(actions, "list", "the folders and how much of them is read", "workbench folders list --json", run_list)
    status = add_action(
        actions,
        "status",
        "what became of each file of a folder, and why",
        "workbench folders status Papers --status failed --status skipped",
        run_status,
    )
    _named(status)
    status.add_argument(
        "--status",
        metavar="S",
        action="append",
        default=[],
        choices=[one.value for one in FileStatus],
        help=f"only files with it: {', '.join(one.value for one in FileStatus)}",
    )
    status.add_argument("--text", default="", help="only files with this in their path")
    status.add_argument(
        "--limit", type=positive, default=DEFAULT_ITEMS, help=f"files at most; {DEFAULT_ITEMS} by default"
    )


def _register_reading(actions: Any) -> None:
    sync = add_action(
        actions, "sync", "look at folders now and wait until they are read", "workbench folders sync Papers", run_sync
    )
    sync.add_argument("name", metavar="NAME", nargs="?", help="its name, path or the beginning of its id; else all")
    sync.add_argument("--vectors", action="store_true", help="wait until their meaning can be searched too")
    pause = add_action(
        actions, "pause", "read a folder no further for now", "workbench folders pause Papers", run_pause
    )
    resume = add_action(actions, "resume", "read a paused folder again", "workbench folders resume Papers", run_resume)
    retry = add_action(
        actions,
        "retry",
        "read files again, whatever became of them; those in the cloud are downloaded for it",
        "workbench folders retry Papers scans/contract.pdf",
        run_retry,
    )
    for action in (pause, resume, retry):
        _named(action)
    retry.add_argument("path", metavar="FILE", nargs="*", help="as `folders status` shows it; else all that failed")


def _register_changing(actions: Any) -> None:
    rules = add_action(
        actions,
        "rules",
        "show or change which files of a folder are read; what is not given stays",
        'workbench folders rules Papers --exclude "drafts/" --exclude "*.log" --without sheets',
        run_rules,
    )
    _named(rules)
    _add_rules(rules)
    rules.add_argument("--reset", action="store_true", help="begin anew: every kind of file is read")
    change = add_action(
        actions,
        "change",
        "give a folder another name or place, or make it private",
        "workbench folders change Papers --path /media/disk/papers",
        run_change,
    )
    _named(change)
    change.add_argument("--name", dest="new_name", metavar="NAME", help="call it so")
    change.add_argument("--path", help="where it is now; only files that changed are read again")
    private = change.add_mutually_exclusive_group()
    private.add_argument(
        "--private", action="store_true", default=None, help="nothing of it is ever sent to another machine"
    )
    private.add_argument("--not-private", dest="private", action="store_false", help="other machines may be sent it")


def _add_rules(action: argparse.ArgumentParser) -> None:
    from workbench.documents.formats import FORMATS

    action.add_argument(
        "--include", metavar="PATTERN", action="append", help="only files like this, as in .gitignore; may be repeated"
    )
    action.add_argument("--exclude", metavar="PATTERN", action="append", help="no files like this; may be repeated")
    action.add_argument(
        "--without", metavar="FORMAT", action="append", choices=sorted(FORMATS), help=f"not: {', '.join(FORMATS)}"
    )
    hidden = action.add_mutually_exclusive_group()
    hidden.add_argument("--hidden", action="store_true", default=None, help="also names that begin with a dot")
    hidden.add_argument("--no-hidden", dest="hidden", action="store_false", help="no names that begin with a dot")
    ignoring = action.add_mutually_exclusive_group()
    ignoring.add_argument(
        "--ignore-files", action="store_true", default=None, help="heed .gitignore and .workbenchignore in it"
    )
    ignoring.add_argument("--no-ignore-files", dest="ignore_files", action="store_false", help="do not heed them")


def _named(action: argparse.ArgumentParser) -> None:
    action.add_argument("name", metavar="NAME", help="its name, path or the beginning of its id")


# Attaching ------------------------------------------------------------------------------------------------------------


def run_add(arguments: argparse.Namespace, workbench: Workbench) -> int:
    from workbench.documents.collection import Rules

    documents = workbench.documents
    rules = _rules(arguments, Rules())
    added = documents.add(Path(arguments.path), arguments.name, rules, private=arguments.private)
    if arguments.wait:
        _wait(workbench, added.id, vectors=arguments.vectors)
    if arguments.json:
        output.document(shown.state_json(documents.state(added.id)))
        return output.OK
    if arguments.wait:
        output.say(shown.summary(documents.state(added.id)))
    elif documents.runs_elsewhere():
        output.say(f"Attached as {added.name!r}. The Workbench that is open reads it now, in the background.")
    else:
        output.say(f"Attached as {added.name!r}. It is read as soon as a window is open.")
        output.say(f"`workbench folders sync {shown.quoted(added.name)}` reads it now.")
    return output.OK


def run_remove(arguments: argparse.Namespace, workbench: Workbench) -> int:
    state = workbench.documents.state(arguments.name)
    workbench.documents.remove(state.collection.id)
    return output.done(
        {"removed": state.collection.id},
        output.safe(f"Forgotten: {state.collection.name!r}. Its files are where they were."),
        as_json=arguments.json,
    )


# Looking --------------------------------------------------------------------------------------------------------------


def run_list(arguments: argparse.Namespace, workbench: Workbench) -> int:
    states = workbench.documents.collections()
    if told := workbench.documents.told:
        output.say(f"workbench: {told}")
    if arguments.json:
        output.document([shown.state_json(state) for state in states])
    elif not states:
        output.say("No folder is attached yet. `workbench folders add PATH` attaches one.")
    else:
        rows: list[tuple[str, ...]] = [("NAME", "ID", "FILES", "READ", "STATE", "PATH")]
        rows += [shown.row(state) for state in states]
        output.write(output.safe(output.table(rows)) + "\n")
    return output.OK


def run_status(arguments: argparse.Namespace, workbench: Workbench) -> int:
    documents = workbench.documents
    state = documents.state(arguments.name)
    statuses = [FileStatus(one) for one in arguments.status]
    items = _items(workbench, state.collection.id, statuses, arguments.text, arguments.limit)
    if arguments.json:
        output.document({**shown.state_json(state), "items": [shown.item_json(one) for one in items]})
        return output.OK
    output.say(output.safe(shown.summary(state)))
    output.write(
        output.safe(output.table([(one.status.value, one.path, one.reason) for one in items])) + "\n" * bool(items)
    )
    return output.OK


def _items(
    workbench: Workbench, collection_id: str, statuses: Sequence[FileStatus], text: str, limit: int
) -> list[Document]:
    """Page by page, so that a large folder does not have to be in one answer of the database."""
    found: list[Document] = []
    while len(found) < limit:
        after = found[-1].id if found else 0
        page = workbench.documents.items(collection_id, statuses, text, min(_PAGE, limit - len(found)), after)
        found += page
        if len(page) < min(_PAGE, limit):
            break
    return found


# Reading --------------------------------------------------------------------------------------------------------------


def run_sync(arguments: argparse.Namespace, workbench: Workbench) -> int:
    documents = workbench.documents
    one = None if arguments.name is None else documents.state(arguments.name).collection.id
    _wait(workbench, one, vectors=arguments.vectors)
    states = documents.collections() if one is None else (documents.state(one),)
    if arguments.json:
        output.document([shown.state_json(state) for state in states])
    for state in () if arguments.json else states:
        output.say(output.safe(shown.summary(state)))
    return output.OK


def run_pause(arguments: argparse.Namespace, workbench: Workbench) -> int:
    return _pause(arguments, workbench, paused=True)


def run_resume(arguments: argparse.Namespace, workbench: Workbench) -> int:
    return _pause(arguments, workbench, paused=False)


def _pause(arguments: argparse.Namespace, workbench: Workbench, *, paused: bool) -> int:
    documents = workbench.documents
    one = documents.state(arguments.name).collection
    documents.pause(one.id, paused=paused)
    return output.done(
        shown.state_json(documents.state(one.id)),
        f"{one.name!r} is {'paused: what was read of it still answers' if paused else 'read again'}.",
        as_json=arguments.json,
    )


def run_retry(arguments: argparse.Namespace, workbench: Workbench) -> int:
    documents = workbench.documents
    one = documents.state(arguments.name).collection
    if arguments.path:
        ids = [_document(workbench, one, path).id for path in arguments.path]
    else:
        ids = [item.id for item in _items(workbench, one.id, [FileStatus.FAILED], "", 1_000_000)]
    documents.retry(ids)
    if arguments.json:
        output.document({"retried": len(ids)})
    elif not ids:
        output.say("Nothing has failed.")
    else:
        output.say(
            f"{shown.files(len(ids))} will be read again. `workbench folders sync {shown.quoted(one.name)}` waits for it."
        )
    return output.OK


def _document(workbench: Workbench, collection: Collection, path: str) -> Document:
    """Raises `UsageError` for a path that the folder does not have."""
    for candidate in (collection.path / path, Path(path).absolute()):
        found = workbench.documents.find_document(candidate)
        if found is not None and found.collection_id == collection.id:
            return found
    raise UsageError(
        f"{collection.name!r} has no file {path!r}.",
        hint=f"`workbench folders status {shown.quoted(collection.name)}` shows its files.",
    )


# Changing -------------------------------------------------------------------------------------------------------------


def run_rules(arguments: argparse.Namespace, workbench: Workbench) -> int:
    from workbench.documents.collection import Rules

    documents = workbench.documents
    before = documents.state(arguments.name).collection
    rules = _rules(arguments, Rules() if arguments.reset else before.rules)
    if rules != before.rules:
        documents.change(before.id, rules=rules)
    if arguments.json:
        output.document(shown.rules_json(rules))
        return output.OK
    for name, values in shown.rules_json(rules).items():
        words = ", ".join(values) if isinstance(values, list) else ("yes" if values else "no")
        output.write(output.safe(f"{name.replace('_', ' ').capitalize()}: {words or '-'}\n"))
    if rules != before.rules:
        output.say("Changed. Files that are no longer wanted are forgotten, new ones are read.")
    return output.OK


def run_change(arguments: argparse.Namespace, workbench: Workbench) -> int:
    documents = workbench.documents
    one = documents.state(arguments.name).collection
    if arguments.new_name is None and arguments.path is None and arguments.private is None:
        raise UsageError("Nothing is to be changed.", hint="workbench folders change --help")
    if arguments.path is not None:
        documents.move(one.id, Path(arguments.path))
    if arguments.new_name is not None or arguments.private is not None:
        documents.change(one.id, name=arguments.new_name, private=arguments.private)
    return output.done(shown.state_json(documents.state(one.id)), "Changed.", as_json=arguments.json)


def _rules(arguments: argparse.Namespace, before: Rules) -> Rules:
    """With what was given in the place of what was."""
    from dataclasses import replace

    given: dict[str, Any] = {}
    if arguments.include is not None:
        given["include"] = tuple(arguments.include)
    if arguments.exclude is not None:
        given["exclude"] = tuple(arguments.exclude)
    if arguments.without is not None:
        given["formats_off"] = frozenset(arguments.without)
    for name in ("hidden", "ignore_files"):
        if getattr(arguments, name) is not None:
            given[name] = getattr(arguments, name)
    return replace(before, **given)


def _wait(workbench: Workbench, collection_id: str | None, *, vectors: bool) -> None:
    from workbench.jobs import Job

    line = ProgressLine(shown.progress_text)
    try:
        workbench.documents.sync(Job(lambda event: line.show(event.payload)), collection_id, vectors=vectors)
    except KeyboardInterrupt:
        line.end()
        output.say("What was read is kept; the rest is read when a window is open, or by `workbench folders sync`.")
        raise
    finally:
        line.end()
