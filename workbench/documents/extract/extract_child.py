"""The extraction child: reads the file on its standard input and writes what is in it as one line of JSON, or, where its
order says so, serves many files one after another (`serving`).

The order comes as an argument. Importing is done before `confine`, reading after it.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from typing import BinaryIO

from workbench.documents.extract import answer, reading
from workbench.documents.extract.cloud import never_download
from workbench.documents.extract.confinement import confine, limit_program
from workbench.documents.extract.document import Extracted, Limits
from workbench.engine.launching import containment

CHILD_FLAG = "--extract-child"


def command(order: str) -> list[str]:
    """What starts this module as a process; the frozen app starts itself, with a flag that its entry looks for."""
    if getattr(sys, "frozen", False):
        return [sys.executable, CHILD_FLAG, order]
    return [sys.executable, "-m", "workbench.documents.extract.extract_child", order]


def main(arguments: Sequence[str] | None = None) -> int:
    order = json.loads((sys.argv[1:] if arguments is None else arguments)[-1])
    containment.lower_rights()
    containment.end_with_parent(order["parent"])
    never_download()
    limits = Limits(**order["limits"])
    if "runs" in order:
        limit_program(limits)
        os.execv(order["runs"][0], order["runs"])  # noqa: S606 - a program that a person installed, without a shell
    if order.get("serves"):
        from workbench.documents.extract.serving import serve

        return serve(limits)
    return _read_one(str(order["name"]), limits, article=bool(order.get("article")))


def _read_one(name: str, limits: Limits, *, article: bool) -> int:
    channel = os.dup(1)
    os.dup2(2, 1)  # what libraries print is no part of the answer
    with os.fdopen(os.dup(0), "rb") as file:
        said = answer.written(reading.answered(lambda: _read(file, name, limits, article=article), name))
    while said:
        said = said[os.write(channel, said) :]
    return 0


def _read(file: BinaryIO, name: str, limits: Limits, *, article: bool) -> Extracted:
    found, kind = reading.chosen(file, name)
    found = "article" if article and found == "html" else found
    reading.reader(found).prepare()
    confine(limits, file.fileno() + 1)
    return reading.read_by(found, file, name, kind, limits)


if __name__ == "__main__":
    sys.exit(main())
