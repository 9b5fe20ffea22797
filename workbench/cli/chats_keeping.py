"""`workbench chats export` and `import`: chats as files."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from workbench.cancel import CancelToken
from workbench.cli import output
from workbench.cli.commands import add_action
from workbench.errors import UsageError
from workbench.jobs import Job, JobEvent
from workbench.messages import Id
from workbench.paths import given

if TYPE_CHECKING:
    from workbench.app import Workbench

FORMATS = ("json", "markdown", "html", "chatgpt")
TOLD = 20


def register(actions: Any) -> None:
    """Add both to `workbench chats`."""
    export = add_action(
        actions,
        "export",
        "write chats in an open format",
        "workbench chats export --all --format json --output chats.json",
        run_export,
    )
    which = export.add_mutually_exclusive_group(required=True)
    which.add_argument("id", metavar="ID", nargs="?", help="the beginning of a chat's id")
    which.add_argument("--all", action="store_true", help="every chat that is not in the bin")
    which.add_argument("--project", metavar="NAME", help="the chats of a project")
    export.add_argument(
        "--format",
        choices=FORMATS,
        default="json",
        help="json (everything) and chatgpt have every branch, markdown and html the branch in view (default: json)",
    )
    export.add_argument("--output", metavar="FILE", help="where to; a folder for several chats in markdown or html")
    export.add_argument("--force", action="store_true", help="replace what is there")
    imported = add_action(
        actions,
        "import",
        "take over the chats of ChatGPT, Claude, Open WebUI, LM Studio or another Workbench",
        "workbench chats import chatgpt-export.zip",
        run_import,
    )
    imported.add_argument("file", metavar="FILE", help="the export: a zip, a JSON file, or a folder of them")


def run_export(arguments: argparse.Namespace, workbench: Workbench) -> int:
    from workbench.chat.exporting.service import ExportFormat

    form = ExportFormat(arguments.format)
    ids = _chosen(arguments, workbench)
    single = bool(arguments.id)
    if arguments.output:
        target = given(arguments.output).absolute()
        count = workbench.exports.write(ids, form, target, CancelToken(), single=single, force=arguments.force)
        if arguments.json:
            output.document({"format": form.value, "exported": count, "path": str(target)})
        else:
            output.say(f"{_count(count, 'chat')} written to {target}")
        return output.OK
    if form.is_for_reading and not single:
        raise UsageError("Several chats in this format are a folder of files.", hint="Name it: --output FOLDER")
    for piece in workbench.exports.pieces(ids, form, CancelToken(), as_list=not single):
        output.write(piece)
    return output.OK


def run_import(arguments: argparse.Namespace, workbench: Workbench) -> int:
    report = workbench.imports.run(given(arguments.file), Job(report=_quiet))
    if arguments.json:
        output.document(report.as_json())
        return output.OK
    updated = f", {_count(report.updated, 'chat')} continued" if report.updated else ""
    output.say(f"{_count(report.imported, 'chat')} imported{updated}, {_count(report.messages, 'message')} in all.")
    for skipped in report.skipped[:TOLD]:
        output.say(f"  Left out: {output.safe(skipped.what)}: {output.safe(skipped.why)}")
    if len(report.skipped) > TOLD:
        output.say(f"  … and {len(report.skipped) - TOLD} more: --json lists all.")
    return output.OK


def _chosen(arguments: argparse.Namespace, workbench: Workbench) -> tuple[Id, ...]:
    if arguments.id:
        return (workbench.chat.find(arguments.id),)
    return workbench.exports.of_project(arguments.project) if arguments.project else workbench.exports.all()


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def _quiet(_event: JobEvent) -> None:
    """Progress is for the window."""
