"""`workbench prompts import`, `export`, `starters` and `folder`: prompts as files, of this program and of others."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from workbench.cli import output
from workbench.cli.commands import add_action
from workbench.errors import StorageError, UsageError
from workbench.paths import given

if TYPE_CHECKING:
    from workbench.app import Workbench
    from workbench.prompts.exchange import Plan
    from workbench.prompts.files.syncing import Report
    from workbench.prompts.formats.exchanged import Exported, Left
    from workbench.prompts.prompt import SavedPrompt

FORMATS: Final = ("json", "markdown", "openwebui", "prompts.chat", "claude", "llm", "lmstudio", "text")
TOLD: Final = 20
Run = Callable[[argparse.Namespace, "Workbench"], int]


def register(actions: Any) -> None:
    imported = add_action(
        actions,
        "import",
        "take over prompts of Open WebUI, prompts.chat, Claude commands, llm, LM Studio, texts or another Workbench",
        "workbench prompts import prompts-export.json --preview",
        run_import,
    )
    imported.add_argument("file", metavar="FILE", help="a file, a zip, or a folder of files")
    imported.add_argument("--format", choices=FORMATS, default="", help="what it is; else that is guessed")
    imported.add_argument("--preview", action="store_true", help="only tell what would come in")
    export = add_action(
        actions,
        "export",
        "write prompts in a format of this or another program",
        "workbench prompts export --format json --output prompts.json",
        run_export,
    )
    export.add_argument("names", metavar="NAME", nargs="*", help="which; without: all")
    export.add_argument(
        "--format",
        choices=FORMATS,
        default="json",
        help="json (everything, with all versions), markdown, or another program's (default: json)",
    )
    export.add_argument("--output", metavar="FILE", help="where to; a folder or a zip where each prompt is a file")
    export.add_argument("--force", action="store_true", help="replace what is there")
    add_action(
        actions,
        "starters",
        "add the prompts that come with Workbench, where they are not there",
        "workbench prompts starters",
        run_starters,
    )
    folder = add_action(
        actions,
        "folder",
        "the folder in which prompts are Markdown files: show it, or keep them elsewhere; looks at it now",
        "workbench prompts folder ~/git/prompts",
        run_folder,
    )
    folder.add_argument("path", metavar="PATH", nargs="?", help="such as a folder under git or of a synced drive")
    folder.add_argument(
        "--take-in", action="store_true", help="its Markdown files become prompts, however many there are"
    )
    folder.add_argument("--default", action="store_true", help="the folder in the data folder again")


# In -------------------------------------------------------------------------------------------------------------------


def run_import(arguments: argparse.Namespace, workbench: Workbench) -> int:
    from workbench.prompts.exchange import Becomes

    exchange = workbench.prompt_exchange
    plan = exchange.plan(given(arguments.file), arguments.format)
    if not arguments.preview:
        exchange.bring_in(plan)
    if arguments.json:
        output.document(_plan_json(plan, preview=arguments.preview))
        return output.OK
    if arguments.preview:
        rows = [(item.name, item.becomes.value, item.brought.prompt.title) for item in plan.items]
        output.write(output.safe(output.table([("NAME", "", "TITLE"), *rows])) + "\n")
    count = _count(plan.count(Becomes.NEW), "prompt")
    output.say(f"{count} {'would be imported' if arguments.preview else 'imported'} ({', '.join(plan.formats)}).")
    if again := plan.count(Becomes.AGAIN):
        output.say(f"{_count(again, 'prompt')} there already.")
    if binned := plan.count(Becomes.BINNED):
        output.say(f"{_count(binned, 'prompt')} in the bin: `workbench prompts restore NAME` takes one out.")
    for item in plan.items:
        if item.becomes is Becomes.NEW and item.name != item.brought.prompt.name:
            output.say(output.safe(f"  /{item.brought.prompt.name} is taken: /{item.name}"))
    _tell_left("Not taken over", plan.skipped)
    return output.OK


def _plan_json(plan: Plan, *, preview: bool) -> dict[str, Any]:
    from workbench.prompts.exchange import Becomes

    return {
        "format": ", ".join(plan.formats),
        "preview": preview,
        "imported": 0 if preview else plan.count(Becomes.NEW),
        "new": plan.count(Becomes.NEW),
        "again": plan.count(Becomes.AGAIN),
        "in_bin": plan.count(Becomes.BINNED),
        "prompts": [
            {"name": item.name, "title": item.brought.prompt.title, "becomes": item.becomes.value}
            for item in plan.items
        ],
        "skipped": [{"what": left.what, "why": left.why} for left in plan.skipped],
    }


# Out ------------------------------------------------------------------------------------------------------------------


def run_export(arguments: argparse.Namespace, workbench: Workbench) -> int:
    from workbench.prompts.formats.registry import FORMATS as KNOWN

    prompts = _chosen(arguments.names, workbench)
    exported = workbench.prompt_exchange.export(prompts, arguments.format)
    if not arguments.output:
        _show(exported, arguments)
        return output.OK
    target = given(arguments.output).absolute()
    _write(exported, target, single=KNOWN[arguments.format].single or bool(arguments.names[:1]), force=arguments.force)
    if arguments.json:
        told = {"format": arguments.format, "exported": len(prompts), "path": str(target), "lost": _left(exported.lost)}
        output.document(told)
        return output.OK
    output.say(f"{_count(len(prompts), 'prompt')} written to {output.safe(str(target))}")
    _tell_left("Not written", exported.lost)
    return output.OK


def _chosen(names: Sequence[str], workbench: Workbench) -> tuple[SavedPrompt, ...]:
    return tuple(workbench.prompts.get(name) for name in names) if names else workbench.prompts.all()


def _show(exported: Exported, arguments: argparse.Namespace) -> None:
    if len(exported.files) > 1:
        raise UsageError(
            "In this format each prompt is a file of its own.", hint="Name a folder or a zip: --output FOLDER"
        )
    if arguments.json:
        files = [{"name": name, "text": content.decode()} for name, content in exported.files]
        output.document({"format": arguments.format, "files": files, "lost": _left(exported.lost)})
        return
    for _name, content in exported.files:
        output.write(content.decode())
    _tell_left("Not written", exported.lost)


def _write(exported: Exported, target: Path, *, single: bool, force: bool) -> None:
    from workbench.chat.exporting.files import write_file, write_folder

    if target.suffix.lower() == ".zip" and not (single and len(exported.files) == 1):
        _write_zip(exported, target, force=force)
    elif single and len(exported.files) == 1 and not target.is_dir():
        write_file(target, [exported.files[0][1].decode()], force=force)
    else:
        write_folder(target, [(name.replace("/", "-"), [text.decode()]) for name, text in exported.files], force=force)


def _write_zip(exported: Exported, target: Path, *, force: bool) -> None:
    if target.exists() and not force:
        raise UsageError(f"{target} is there already.", hint="Choose another name, or replace it with --force.")
    import io
    import zipfile  # only here: every command of the program reads this module

    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in exported.files:
            archive.writestr(name, content)
    part = target.with_name(f".{target.name}.part")
    try:
        with os.fdopen(os.open(part, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "wb") as file:
            file.write(packed.getvalue())
            file.flush()
            os.fsync(file.fileno())
        part.replace(target)
    except FileNotFoundError:
        raise UsageError(f"There is no folder {target.parent}.", hint="Make it first, or choose another one.") from None
    except OSError as error:
        part.unlink(missing_ok=True)
        raise StorageError(f"{target} cannot be written: {error.strerror or error}.") from error


# Starters and the folder ----------------------------------------------------------------------------------------------


def run_starters(arguments: argparse.Namespace, workbench: Workbench) -> int:
    from workbench.prompts.starting import add_starters

    added = add_starters(workbench.prompts)
    if arguments.json:
        output.document([{"name": one.prompt.name, "title": one.prompt.title} for one in added])
    elif added:
        output.say(f"Added: {', '.join(f'/{one.prompt.name}' for one in added)}.")
    else:
        output.say("All of them are there, or in the bin.")
    return output.OK


def run_folder(arguments: argparse.Namespace, workbench: Workbench) -> int:
    files = workbench.prompt_files
    if arguments.path or arguments.default:
        workbench.change_setting("prompts.folder", str(given(arguments.path).absolute()) if arguments.path else "")
        if not files.on:
            workbench.change_setting("prompts.files", value=True)
        files.begin_anew(take_in=arguments.take_in)
    report = files.sync()
    if arguments.json:
        output.document(
            {
                "folder": str(files.folder),
                "files": files.on,
                "written": report.written,
                "taken": report.taken,
                "binned": report.binned,
                "removed": report.removed,
                "told": [{"path": told.path, "line": told.line or None, "text": told.text} for told in report.told],
            }
        )
        return output.OK
    output.write(output.safe(f"{files.folder}\n"))
    if not files.on:
        output.say("Prompts are not written as files: prompts.files is false in the settings.")
    elif summary := _summary(report):
        output.say(summary)
    _tell(report)
    return output.OK


def _summary(report: Report) -> str:
    parts = (
        (report.written, "written"),
        (report.taken, "taken over"),
        (report.removed, "removed with their prompts"),
        (report.binned, "put into the bin as their files were deleted"),
    )
    return "; ".join(f"{count:,} {words}" for count, words in parts if count)


def keep_in_step(commands: Iterable[argparse.ArgumentParser]) -> None:
    """What changed in the folder of prompts is taken over before each of these, and what it changes is written there."""
    for command in commands:
        run = command.get_default("run")
        if run is not run_folder:  # that one does so itself
            command.set_defaults(run=_in_step(run))


def _in_step(run: Run) -> Run:
    def with_files(arguments: argparse.Namespace, workbench: Workbench) -> int:
        _sync(workbench)
        try:
            return run(arguments, workbench)
        finally:
            _sync(workbench)

    return with_files


def _sync(workbench: Workbench) -> None:
    """That files cannot be written is told, and no reason to do nothing."""
    try:
        _tell(workbench.prompt_files.sync())
    except StorageError as error:
        output.say(f"workbench: {output.safe(error.message)}")


def _tell(report: Report) -> None:
    for told in report.told[:TOLD]:
        output.say(output.safe(f"workbench: {told}."))


def _tell_left(words: str, left: Sequence[Left]) -> None:
    for one in left[:TOLD]:
        output.say(output.safe(f"  {words}: {one.what}: {one.why}"))
    if len(left) > TOLD:
        output.say(f"  … and {len(left) - TOLD} more: --json lists all.")


def _left(left: Sequence[Left]) -> list[dict[str, str]]:
    return [{"what": one.what, "why": one.why} for one in left]


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
