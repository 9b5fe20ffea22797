"""`workbench doctor`: exits 0 whatever it finds."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from workbench.cli import output

if TYPE_CHECKING:
    from workbench.app import Workbench
    from workbench.diagnostics.doctor import Report

MARKS = {"ok": "ok     ", "warning": "warning", "error": "error  "}


def register(commands: Any) -> None:
    command = commands.add_parser(
        "doctor",
        help="what this machine and this installation can do",
        description="Checks machine, engine, SQLite, folders, models and settings.",
        epilog="example:\n  workbench doctor --json",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    command.add_argument("--json", action="store_true", help="one JSON document")
    command.set_defaults(run=run)


def run(arguments: argparse.Namespace, workbench: Workbench) -> int:
    return show(workbench.doctor(), as_json=arguments.json)


def show(report: Report, *, as_json: bool) -> int:
    if as_json:
        output.document(report.as_json())
        return output.OK
    for check in report.checks:
        output.write(f"{MARKS[check.status]}  {check.name}: {check.detail}\n")
        if check.hint:
            output.write(f"         {check.hint}\n")
    return output.OK
