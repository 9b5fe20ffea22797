"""The forms of answers: the schema that is asked with, what was answered as a value, tables as text. Pure."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from typing import Any

from workbench.checks.pattern import PatternCostError
from workbench.checks.schema import check_schema, problem
from workbench.errors import UsageError
from workbench.prompts.prompt import Output, OutputKind

_FENCE = "```"
_CELL: Mapping[str, Any] = {"type": ["string", "number", "boolean", "null"]}


class BrokenAnswerError(UsageError):
    """An answer that has not the form that was asked for."""

    kind = "broken_answer"
    default_hint = "Run this step again, give it a larger model, or ask for less at once."


def schema_of(output: Output) -> Mapping[str, Any] | None:
    """What the answer must keep to; None: it is free. Of a table: a list of rows with these columns."""
    if output.kind is OutputKind.SCHEMA:
        return output.schema
    if output.kind is OutputKind.TABLE:
        row = {
            "type": "object",
            "properties": {column: dict(_CELL) for column in output.columns},
            "required": list(output.columns),
            "additionalProperties": False,
        }
        return {"type": "array", "items": row}
    return None


def form_problem(output: Output) -> str:
    """Why no answer can be asked for in this form, in a sentence; empty where one can."""
    if output.kind is OutputKind.TABLE:
        if not output.columns or not all(column.strip() for column in output.columns):
            return "The table needs the names of its columns."
        if len(set(output.columns)) < len(output.columns):
            return "Two columns of the table have the same name."
    if output.kind is OutputKind.SCHEMA:
        if not output.schema:
            return "The JSON schema is missing."
        try:
            check_schema(output.schema)
        except UsageError as error:
            return error.message
    return ""


def value_of(output: Output, text: str) -> Any:
    """The answer as later steps see it: text, or what the JSON says. Raises `BrokenAnswerError` with what is wrong."""
    schema = schema_of(output)
    if schema is None:
        return text
    try:
        value = json.loads(_unfenced(text), parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise BrokenAnswerError("The answer is no JSON.") from None
    try:
        wrong = problem(schema, value)
    except PatternCostError:
        return value  # too large to tell
    if wrong:
        raise BrokenAnswerError(f"{wrong[:1].upper()}{wrong[1:]}.")
    return value


def _unfenced(text: str) -> str:
    """What is in a block of code, where that is all of the text."""
    whole = text.strip()
    if not whole.startswith(_FENCE) or not whole.endswith(_FENCE) or "\n" not in whole:
        return text
    return whole.partition("\n")[2].removesuffix(_FENCE)


def _no_constant(name: str) -> Any:
    raise ValueError(name)


# Tables ---------------------------------------------------------------------------------------------------------------


def rows_of(output: Output, text: str) -> tuple[tuple[str, ...], ...]:
    """The rows of a table's answer, each in the order of its columns. Raises `BrokenAnswerError`."""
    return tuple(tuple(cell(row.get(column)) for column in output.columns) for row in value_of(output, text))


def cell(value: Any) -> str:
    """A value as it stands in a table: text as it is, nothing as nothing, all else as JSON."""
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def csv_text(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """RFC 4180; what a spreadsheet would take for a formula is kept from being one."""
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\r\n")
    writer.writerow([harmless(one) for one in columns])
    writer.writerows([harmless(one) for one in row] for row in rows)
    return target.getvalue()


def markdown_text(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table as GitHub's Markdown has them."""
    lines = [markdown_line(columns), markdown_line(["---"] * len(columns)), *(markdown_line(row) for row in rows)]
    return "\n".join(lines) + "\n"


def harmless(text: str) -> str:
    """With an apostrophe before what a spreadsheet would compute: a model or a stranger's file wrote it. Numbers stay."""
    if text[:1] in ("=", "+", "-", "@", "\t", "\r") and not _is_number(text):
        return f"'{text}"
    return text


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def markdown_line(cells: Sequence[str]) -> str:
    inside = (one.replace("\\", "\\\\").replace("|", "\\|") for one in cells)
    return "| " + " | ".join("<br>".join(one.splitlines()) for one in inside) + " |"
