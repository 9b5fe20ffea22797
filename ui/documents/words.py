"""What the Documents page says: states of files and folders, progress, and what can be done about what is wrong. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from ui.chat.words import time_words
from ui.dates import date_words
from ui.translation import marked, tr
from workbench.documents.collection import CollectionState, Document, FileStatus, Phase, Progress
from workbench.sizes import size_words

PURPOSE: Final = marked("Answers from your own files, with the page to prove it")
FIRST_STEP: Final = marked(
    "Attach a folder of notes, papers, contracts, code or mail. It is read on this computer, nothing of it is copied or"
    " changed, and it is followed: what you save is found a moment later. Answers cite the passage and open it."
)
HOW_TO_ADD: Final = marked("Or drop a folder here, or paste its path.")
NO_BREAK: Final = "\u00a0"
MAC_PRIVACY: Final = "x-apple.systempreferences:com.apple.preference.security?Privacy_FilesAndFolders"


@dataclass(frozen=True, slots=True)
class StatusLook:
    """How a status of files is told: never by the colour alone. ``colour`` names a token."""

    status: FileStatus
    name: str
    counted: str
    icon: str
    colour: str


STATUSES: Final = (
    StatusLook(FileStatus.INDEXED, marked("Indexed"), marked("{count} indexed"), "circle-check", "accent"),
    StatusLook(FileStatus.WAITING, marked("Waiting"), marked("{count} waiting"), "clock", "strong_border"),
    StatusLook(FileStatus.FAILED, marked("Failed"), marked("{count} failed"), "triangle-alert", "danger"),
    StatusLook(FileStatus.NO_PERMISSION, marked("No permission"), marked("{count} not permitted"), "lock", "danger"),
    StatusLook(FileStatus.OFFLINE, marked("Offline"), marked("{count} offline"), "unplug", "control_border"),
    StatusLook(FileStatus.IN_CLOUD, marked("In the cloud"), marked("{count} in the cloud"), "cloud", "cloud"),
    StatusLook(FileStatus.SKIPPED, marked("Skipped"), marked("{count} skipped"), "ban", "border"),
)
LOOKS: Final = {look.status: look for look in STATUSES}
ALONE: Final = {  # what is said of a file that gives no reason of its own
    FileStatus.WAITING: marked("Not read yet."),
    FileStatus.FAILED: marked("It could not be read."),
    FileStatus.SKIPPED: marked("Not read."),
    FileStatus.OFFLINE: marked("Its drive is not there; what was read of it still answers."),
    FileStatus.IN_CLOUD: marked("A cloud drive keeps it elsewhere: it was not downloaded."),
    FileStatus.NO_PERMISSION: marked("The system does not let Workbench read it."),
}


@dataclass(frozen=True, slots=True)
class Attention:
    """What a person should know of a folder, with steps: what to do, and how that is called."""

    icon: str
    colour: str
    words: str
    steps: tuple[tuple[str, str], ...] = ()


def counted(look: StatusLook, count: int) -> str:
    """ "1,204 indexed"."""
    return tr(look.counted).format(count=f"{count:,}")


def files_words(count: int) -> str:
    return tr("1 file") if count == 1 else tr("{count} files").format(count=f"{count:,}")


def passages_words(count: int) -> str:
    return tr("1 passage") if count == 1 else tr("{count} passages").format(count=f"{count:,}")


def counts_words(state: CollectionState) -> str:
    """ "4,900 indexed · 3 failed", or that there is nothing."""
    told = [counted(look, count) for look in STATUSES if (count := state.counts.get(look.status, 0))]
    return " · ".join(told)


def doing_words(state: CollectionState, now: datetime) -> str:
    """What is going on with a folder, with rate and time left; else how fresh it is."""
    waiting = state.counts.get(FileStatus.WAITING, 0)
    if state.paused:
        return tr("Paused. {files} to read.").format(files=files_words(waiting)) if waiting else tr("Paused.")
    progress = own_progress(state)
    if progress.phase is not Phase.IDLE:
        return progress_words(progress)
    if waiting:
        return tr("{files} to read.").format(files=files_words(waiting))
    if not state.files:
        return tr("Not looked at yet.") if state.looked_at is None else tr("There is no file in it that can be read.")
    if state.looked_at is None:
        return ""
    if state.problem_kind or state.problem:
        return tr("Last seen {when}").format(when=ago(state.looked_at, now))
    if state.embedded < state.chunks:
        told = tr("Found by words. By meaning so far: {done} of {total} passages")
        return told.format(done=f"{state.embedded:,}", total=f"{state.chunks:,}")
    return tr("Up to date, looked at {when}").format(when=ago(state.looked_at, now))


def own_progress(state: CollectionState) -> Progress:
    """Vectors are computed for all folders together: what is told of one is its own share."""
    progress = state.progress
    if progress.phase is not Phase.EMBEDDING:
        return progress
    if state.embedded >= state.chunks:
        return Progress()
    return replace(progress, done=state.embedded, total=state.chunks)


def progress_words(progress: Progress) -> str:
    """ "Reading 1,204 of 5,000 files · 120 a second · 32 s left"."""
    done, total = f"{progress.done:,}", f"{progress.total:,}"
    if progress.phase is Phase.SCANNING:
        found = tr("{files} so far").format(files=files_words(progress.done)) if progress.done else ""
        return " · ".join(piece for piece in (tr("Looking which files there are…"), found) if piece)
    if progress.phase is Phase.READING:
        doing = tr("Reading {done} of {total} files").format(done=done, total=total)
    else:
        doing = tr("Preparing the search by meaning: {done} of {total} passages").format(done=done, total=total)
    rate = tr("{rate} a second").format(rate=_rate(progress.per_second)) if progress.per_second else ""
    left = ""
    if progress.seconds_left is not None and progress.done < progress.total:
        left = tr("{time} left").format(time=time_words(progress.seconds_left))
    return " · ".join(piece for piece in (doing, rate, left) if piece)


def _rate(per_second: float) -> str:
    return f"{per_second:,.0f}" if per_second >= 10 else f"{per_second:.1f}"


def ago(at: float, now: datetime) -> str:
    """ "just now", "5 min ago", "today at 09:12", "on 3 Nov"."""
    then = datetime.fromtimestamp(at, now.tzinfo)
    seconds = (now - then).total_seconds()
    if seconds < 60:
        return tr("just now")
    if seconds < 3600:
        return tr("{minutes} min ago").format(minutes=round(seconds / 60))
    if then.date() == now.date():
        return tr("today at {time}").format(time=f"{then:%H:%M}")
    return tr("on {day}").format(day=date_words(then, "d MMM" if then.year == now.year else "d MMM yyyy"))


def attentions(state: CollectionState, *, mac: bool = False) -> tuple[Attention, ...]:
    """What stands on a folder's card, the worst first."""
    made = []
    if state.problem_kind or state.problem:
        made.append(_problem(state, mac=mac))
    refused = state.counts.get(FileStatus.NO_PERMISSION, 0)
    if refused and state.problem_kind != "no_permission":
        words = tr("The system does not let Workbench read {files}.").format(files=files_words(refused))
        made.append(Attention("lock", "danger", words, (("show no_permission", tr("Show them")), *_privacy(mac))))
    if failed := state.counts.get(FileStatus.FAILED, 0):
        words = tr("{files} could not be read.").format(files=files_words(failed))
        made.append(
            Attention("triangle-alert", "danger", words, (("show failed", tr("Show why")), ("retry", tr("Read again"))))
        )
    if cloud := state.counts.get(FileStatus.IN_CLOUD, 0):
        made.append(_in_cloud(cloud, state.cloud_bytes))
    return tuple(made)


def _problem(state: CollectionState, *, mac: bool) -> Attention:
    again = ("look", tr("Look again"))
    if state.problem_kind == "offline":
        words = tr("Offline: its drive is not there. What was read of it still answers; nothing is deleted.")
        return Attention("unplug", "muted", words, (again,))
    if state.problem_kind == "no_permission":
        words = tr("No permission: the system does not let Workbench read this folder. Nothing is deleted.")
        return Attention("lock", "danger", words, (*_privacy(mac), again))
    if state.problem_kind == "missing":
        words = tr("The folder is not where it was. What was read of it still answers.")
        return Attention("triangle-alert", "danger", words, (("move", tr("Say where it is…")), again))
    return Attention("triangle-alert", "danger", state.problem, (again,))


def _privacy(mac: bool) -> tuple[tuple[str, str], ...]:
    return (("privacy", tr("Open the privacy settings")),) if mac else ()


def _in_cloud(count: int, size: int) -> Attention:
    words = tr("Only in the cloud, so not read, as that would download it: {files}, {size}.")
    step = tr("Download and index {size}").format(size=size_words(size)) if size else tr("Download and index")
    steps = (("download", step), ("show in_cloud", tr("Show them")))
    told = words.format(files=files_words(count), size=size_words(size).replace(" ", NO_BREAK))
    return Attention("cloud", "cloud", told, steps)


def file_size_words(size: int) -> str:
    """Of a file; the smallest ones as file managers have it: 1 kB."""
    return size_words(max(size, 1000) if size else 0)


def file_words(document: Document) -> str:
    """The second line of a file: its status and why, or how much was read of it."""
    name = tr(LOOKS[document.status].name)
    if document.status is FileStatus.INDEXED:
        return " · ".join(piece for piece in (name, passages_words(document.chunks), document.reason) if piece)
    return f"{name}: {document.reason or tr(ALONE[document.status])}"


def shown_path(path: str) -> str:
    """A path for people: what is no UTF-8 in it is shown as �."""
    return path.encode("utf-8", "surrogateescape").decode("utf-8", "replace").replace("\n", "�").replace("\r", "�")


def spoken_file(document: Document) -> str:
    """A file for a screen reader."""
    return f"{shown_path(document.path)}, {file_words(document)}, {file_size_words(document.bytes)}"


def spoken_state(state: CollectionState, now: datetime) -> str:
    """A folder for a screen reader."""
    private = tr("private") if state.collection.private else ""
    pieces = (state.collection.name, private, counts_words(state), doing_words(state, now))
    return ", ".join(piece for piece in pieces if piece)
