"""`workbench search`: finds passages in the attached folders, and tells why something is not found."""

from __future__ import annotations

import argparse
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from workbench.cancel import CancelToken
from workbench.cli import output
from workbench.cli.commands import add_action, positive
from workbench.errors import UsageError

if TYPE_CHECKING:
    from workbench.app import Workbench
    from workbench.documents.retrieval.hit import Explanation, Found, Hit, Query

PAGE = 10
SHOWN = 300  # characters of a passage in the terminal
DAY_HINT = "Give a day as 2026-03-31, a month as 2026-03, a year as 2026, or `today` or `yesterday`."


def register(commands: Any) -> None:
    search = add_action(
        commands, "search", "find passages in the attached folders", 'workbench search "notice period" --json', run
    )
    search.add_argument("query", metavar="QUERY", nargs="+", help='words or a question, "exactly this", begin*')
    search.add_argument(
        "--folder", metavar="NAME", action="append", default=[], help="only this folder; may be repeated"
    )
    search.add_argument(
        "--limit", type=positive, default=PAGE, metavar="K", help=f"at most this many passages ({PAGE})"
    )
    search.add_argument(
        "--type", metavar="T", action="append", default=[], help="only this kind of file: pdf, word, code, .md, …"
    )
    search.add_argument("--path", metavar="PATTERN", default="", help="only files whose path matches, as in .gitignore")
    search.add_argument("--after", metavar="DAY", help="only files changed on this day or later")
    search.add_argument("--before", metavar="DAY", help="only files changed before this day")
    search.add_argument(
        "--per-file", type=positive, default=0, metavar="N", help="at most this many passages of a file"
    )
    search.add_argument("--why", action="store_true", help="what was searched, what was not and why, and what to try")


def run(arguments: argparse.Namespace, workbench: Workbench) -> int:
    query, cancel = _query(arguments, workbench), CancelToken()
    if arguments.why:
        explanation = workbench.documents.explain(query, cancel)
        if arguments.json:
            output.document(_explained(explanation))
        else:
            output.write(_told(explanation))
        return output.OK
    found = workbench.documents.search(query, cancel)
    if arguments.json:
        output.document([_row(hit) for hit in found.hits])
    else:
        output.write("".join(map(_as_text, found.hits)))
        output.say(_summary(found))
    if found.note:
        output.say(found.note)
    return output.OK


def _query(arguments: argparse.Namespace, workbench: Workbench) -> Query:
    from workbench.documents.retrieval.hit import Query  # when it is asked for: `--help` is quick

    return Query(
        " ".join(arguments.query),
        collections=tuple(workbench.documents.state(name).collection.id for name in arguments.folder),
        media_types=tuple(media_type for name in arguments.type for media_type in _media_types(name)),
        path=arguments.path,
        modified_after=_day(arguments.after),
        modified_before=_day(arguments.before),
        limit=arguments.limit,
        per_document=arguments.per_file,
    )


def _media_types(name: str) -> tuple[str, ...]:
    """Of a kind by its name, by an ending, or as itself. Raises `UsageError`."""
    from workbench.documents.formats import FORMATS

    if "/" in name:
        return (name,)
    small = name.lower().lstrip(".")
    for kind, one in FORMATS.items():
        if small == kind or small in one.endings:
            return one.media_types
    raise UsageError(f"{name!r} is no kind of file.", hint=f"Kinds are {', '.join(FORMATS)}, or an ending such as .md.")


def _day(text: str | None) -> float | None:
    if text is None:
        return None
    from datetime import datetime

    from workbench.chat.searching.search import day

    then = day(text, datetime.now().astimezone().date())
    if then is None:
        raise UsageError(f"{text!r} is not a day.", hint=DAY_HINT)
    return then


def _row(hit: Hit) -> dict[str, Any]:
    chunk = hit.chunk
    return {
        "path": str(hit.collection.path / hit.document.path),
        "page": chunk.page,
        "start": chunk.start,
        "end": chunk.end,
        "score": hit.score,
        "text": chunk.text,
        "methods": dict(hit.methods),
        "folder": hit.collection.name,
        "label": chunk.label,
        "headings": list(chunk.headings),
        "title": hit.document.title,
    }


def _as_text(hit: Hit) -> str:
    chunk = hit.chunk
    place = chunk.label or (f"Page {chunk.page}" if chunk.page else " > ".join(chunk.headings))
    head = f"{hit.collection.name}/{hit.document.path}" + (f"  {place}" if place else "")
    first = max(0, hit.marks[0][0] - SHOWN // 4) if hit.marks else 0
    text = " ".join(chunk.text[first : first + SHOWN].split())
    before, after = ("…" if first else ""), ("…" if first + SHOWN < len(chunk.text) else "")
    return f"{output.safe(head)}\n    {before}{output.safe(text)}{after}\n"


def _summary(found: Found) -> str:
    if not found.hits:
        return "Nothing was found. `workbench search --why QUERY` tells why."
    passages = "1 passage" if len(found.hits) == 1 else f"{len(found.hits):,} passages"
    return f"{passages} shown, of {'about ' if found.about else ''}{_files(found.documents)}."


def _files(count: int) -> str:
    return "1 file" if count == 1 else f"{count:,} files"


def _explained(explanation: Explanation) -> dict[str, Any]:
    wider = explanation.wider
    return {
        "words": list(explanation.words),
        "unknown_words": list(explanation.unknown_words),
        "by_method": {name: [_row(hit) for hit in hits] for name, hits in explanation.by_method.items()},
        "not_searched": [
            {"folder": one.collection.name, "status": one.status, "files": one.count, "reason": one.reason}
            for one in explanation.not_searched
        ],
        "suggestions": list(explanation.suggestions),
        "wider": None if wider is None else {"text": wider.text, "everywhere": wider == replace(wider, collections=())},
    }


def _told(explanation: Explanation) -> str:
    lines = [f"Searched for: {', '.join(explanation.words) or 'nothing'}"]
    if explanation.unknown_words:
        lines.append(f"In no file: {', '.join(explanation.unknown_words)}")
    for method, hits in explanation.by_method.items():
        lines.append(f"Best by {'meaning' if method == 'vectors' else method}:" + ("" if hits else " nothing"))
        lines += [f"  {hit.methods[method]:.2f}  {hit.collection.name}/{hit.document.path}" for hit in hits]
    if explanation.not_searched:
        lines.append("Not searched:")
        lines += [f"  {_files(one.count)} of {one.collection.name}: {one.reason}" for one in explanation.not_searched]
    if explanation.suggestions:
        lines += ["Try:", *(f"  {one}" for one in explanation.suggestions)]
    return output.safe("\n".join(lines)) + "\n"
