"""What a batch is made of: the files of a folder, the lines of a file, the rows of a CSV."""

from __future__ import annotations

import csv
import glob
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from workbench.errors import UsageError
from workbench.paths import given
from workbench.prompts.prompt import Variable, VariableKind
from workbench.prompts.running.batches.batch import Input
from workbench.prompts.running.line import main_variable

MOST_INPUTS = 100_000
MOST_BYTES = 256 << 20
LABEL_CHARACTERS = 80


def from_files(where: str, variable: Variable) -> tuple[Input, ...]:
    """The files of a folder and of those in it, or those that a pattern with ``*`` names; hidden ones are left out.

    Raises `UsageError` where there is none.
    """
    folder = given(where).absolute()
    paths = sorted(_below(folder)) if folder.is_dir() else sorted(_matching(str(folder)))
    if not paths:
        raise UsageError(
            f"There are no files in {folder}.", hint="Give a folder, a file or a pattern such as 'a/*.pdf'."
        )
    base = folder if folder.is_dir() else Path(os.path.commonpath([Path(one).parent for one in paths]))
    return _bounded(Input(_printable(os.path.relpath(path, base)), *_file(path, variable)) for path in paths)


def from_lines(path: str, variable: Variable) -> tuple[Input, ...]:
    """Each line that is not empty. Raises `UsageError` for a file that cannot be read or has none."""
    lines = (line.strip() for line in _text(path).splitlines())
    return _some(_bounded(Input(_label(line), {variable.name: line}) for line in lines if line), path)


def from_csv(path: str, variables: Sequence[Variable]) -> tuple[Input, ...]:
    """Each row; the first names the columns, which are variables. Separators are found out: comma, semicolon or tab.

    Raises `UsageError` for a column that no variable has, and a file that cannot be read or has no rows.
    """
    text = _text(path)
    reader = csv.reader(text.splitlines(keepends=True), delimiter=_separator(text))
    try:
        columns = [one.strip() for one in next(reader, [])]
        _check_columns(columns, variables)
        rows = (row for row in reader if any(one.strip() for one in row))
        inputs = _bounded(Input(_label(row[0]), dict(zip(columns, row, strict=False))) for row in rows)
    except csv.Error as error:
        raise UsageError(f"{path} is no CSV: {error}.") from None
    return _some(inputs, path)


def filled_by(variables: Sequence[Variable], name: str = "") -> Variable:
    """The variable that each input fills: the one of this name, else `main_variable`. Raises `UsageError`."""
    if name:
        found = next((one for one in variables if one.name == name), None)
        if found is None:
            names = ", ".join(one.name for one in variables)
            raise UsageError(f"There is no variable {name!r}.", hint=f"It has: {names}." if names else "It has none.")
        return found
    main = main_variable(tuple(variables), {})
    if main is None:
        raise UsageError("This prompt has no variable that an input could fill.", hint="Give it one: {{ text }}.")
    return main


def completed(inputs: Sequence[Input], values: Mapping[str, str], variables: Sequence[Variable]) -> tuple[Input, ...]:
    """Each input with ``values`` where it says nothing itself. Raises `UsageError` for what none of them fills in."""
    found = tuple(replace(one, values={**values, **one.values}) for one in inputs)
    for one in found[:1]:
        missing = [
            variable.name
            for variable in variables
            if variable.required
            and not variable.default
            and variable.kind is not VariableKind.CLIPBOARD
            and variable.name not in one.values
            and variable.name not in one.files
        ]
        if missing:
            names = ", ".join(missing)
            raise UsageError(f"{names} must be filled in.", hint="Give it for all inputs: --set NAME=VALUE.")
    return found


def _check_columns(columns: Sequence[str], variables: Sequence[Variable]) -> None:
    names = [one.name for one in variables]
    unknown = [one for one in columns if one not in names]
    if unknown and not any(one in names for one in columns):
        raise UsageError(
            f"No column is a variable: {', '.join(columns[:10])}.",
            hint=f"The first row must name some of: {', '.join(names)}.",
        )
    if len(set(columns)) < len(columns):
        raise UsageError("Two columns have the same name.", hint="Each column needs a name of its own.")


def _file(path: str, variable: Variable) -> tuple[dict[str, str], dict[str, str]]:
    """A variable of the kind file reads by itself; all others are given the text."""
    if variable.kind is VariableKind.FILE:
        return {variable.name: path}, {}
    return {}, {variable.name: path}


def _below(folder: Path) -> Iterator[str]:
    for where, folders, files in os.walk(folder):
        folders[:] = sorted(one for one in folders if not one.startswith("."))
        yield from (os.path.join(where, one) for one in files if not one.startswith("."))  # noqa: PTH118 - many


def _matching(pattern: str) -> list[str]:
    found = [pattern] if os.path.isfile(pattern) else glob.glob(pattern, recursive=True)  # noqa: PTH113, PTH207
    return [one for one in found if os.path.isfile(one)]  # noqa: PTH113


def _text(path: str) -> str:
    file = given(path)
    try:
        with file.open("rb") as source:
            raw = source.read(MOST_BYTES + 1)
    except OSError as error:
        raise UsageError(
            f"{file} cannot be read: {error.strerror or error}.", hint="Give the path of a file."
        ) from None
    if len(raw) > MOST_BYTES:
        raise UsageError(f"{file} is larger than {MOST_BYTES >> 20} MB.", hint="Give it in parts.")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UsageError(f"{file} is not UTF-8 text.", hint="Save it as UTF-8, and try again.") from None


def _separator(text: str) -> str:
    first = text.partition("\n")[0]
    return max(",;\t", key=first.count)


def _bounded(inputs: Iterator[Input]) -> tuple[Input, ...]:
    found: list[Input] = []
    for one in inputs:
        if len(found) == MOST_INPUTS:
            raise UsageError(f"These are more than {MOST_INPUTS:,} inputs.", hint="Give them in parts.")
        found.append(one)
    return tuple(found)


def _some(inputs: tuple[Input, ...], path: str) -> tuple[Input, ...]:
    if not inputs:
        raise UsageError(f"There are no inputs in {path}.")
    return inputs


def _label(text: str) -> str:
    short = _printable(text)
    return short if len(short) <= LABEL_CHARACTERS else f"{short[: LABEL_CHARACTERS - 1]}…"


def _printable(text: str) -> str:
    return " ".join(text.encode("utf-8", "replace").decode("utf-8").split())
