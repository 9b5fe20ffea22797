"""What `workbench folders` shows: its JSON, its sentences, and the progress of reading."""

from __future__ import annotations

from typing import Any

from workbench.documents.collection import CollectionState, Document, FileStatus, Phase, Progress, Rules

SHORT_ID = 8
_PHASES = {
    Phase.IDLE: "Sorting words",
    Phase.SCANNING: "Looking",
    Phase.READING: "Reading",
    Phase.EMBEDDING: "Reading meaning",
}
_UNITS = {Phase.READING: "files", Phase.EMBEDDING: "passages"}


def progress_text(progress: Progress) -> str:
    """ "Reading: 212 of 2,085 files, 90 a second, 0:21 left" """
    text = _PHASES[progress.phase]
    if progress.phase not in _UNITS:
        return f"{text}…"
    text += f": {progress.done:,} of {progress.total:,} {_UNITS[progress.phase]}"
    if progress.per_second:
        text += f", {progress.per_second:.0f} a second"
    if progress.seconds_left is not None:
        minutes, seconds = divmod(round(progress.seconds_left), 60)
        text += f", {minutes}:{seconds:02} left"
    return text


def state_json(state: CollectionState) -> dict[str, Any]:
    one, progress = state.collection, state.progress
    return {
        "id": one.id,
        "name": one.name,
        "path": str(one.path),
        "private": one.private,
        "paused": state.paused,
        "rules": rules_json(one.rules),
        "files": {status.value: state.counts.get(status, 0) for status in FileStatus},
        "passages": state.chunks,
        "passages_with_vectors": state.embedded,
        "cloud_bytes": state.cloud_bytes,
        "phase": progress.phase.value,
        "done": progress.done,
        "total": progress.total,
        "seconds_left": progress.seconds_left,
        "problem": state.problem,
        "problem_kind": state.problem_kind,
        "note": state.note,
        "looked_at": state.looked_at,
    }


def rules_json(rules: Rules) -> dict[str, Any]:
    return {
        "include": list(rules.include),
        "exclude": list(rules.exclude),
        "formats_off": sorted(rules.formats_off),
        "hidden": rules.hidden,
        "ignore_files": rules.ignore_files,
    }


def item_json(one: Document) -> dict[str, Any]:
    return {
        "id": one.id,
        "path": one.path,
        "status": one.status.value,
        "reason": one.reason,
        "bytes": one.bytes,
        "media_type": one.media_type,
        "title": one.title,
        "passages": one.chunks,
    }


def row(state: CollectionState) -> tuple[str, ...]:
    one = state.collection
    read = state.counts.get(FileStatus.INDEXED, 0)
    return (one.name, one.id[:SHORT_ID], f"{state.files:,}", f"{read:,}", state_words(state), str(one.path))


def state_words(state: CollectionState) -> str:
    if state.problem:
        return state.problem_kind.replace("_", " ") or "problem"
    if state.paused:
        return "paused"
    return state.progress.phase.value if state.counts.get(FileStatus.WAITING) or state.progress.total else "up to date"


def summary(state: CollectionState) -> str:
    """ "Papers: 212 files are read (3,190 passages), 3 skipped, 1 failed." """
    read = state.counts.get(FileStatus.INDEXED, 0)
    rest = [
        f"{state.counts[status]:,} {words}" for status, words in _STATUS_WORDS.items() if state.counts.get(status, 0)
    ]
    told = f"{state.collection.name}: {files(read)} read ({state.chunks:,} passages)"
    told = ", ".join([told, *rest]) + "."
    for more in filter(None, (state.problem, state.note)):
        told += f" {more}"
    if state.embedded < state.chunks:
        told += f" {state.chunks - state.embedded:,} passages are searched by their words alone so far."
    return told


_STATUS_WORDS = {
    FileStatus.WAITING: "waiting",
    FileStatus.SKIPPED: "skipped",
    FileStatus.FAILED: "failed",
    FileStatus.OFFLINE: "on a drive that is not there",
    FileStatus.IN_CLOUD: "kept elsewhere by a cloud drive",
    FileStatus.NO_PERMISSION: "not to be read by this user",
}


def files(count: int) -> str:
    return "1 file" if count == 1 else f"{count:,} files"


def quoted(name: str) -> str:
    return f'"{name}"' if " " in name else name
