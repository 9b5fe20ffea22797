"""What the section on keeping chats says. Pure."""

from __future__ import annotations

from datetime import datetime

from ui.chat.days import day_label
from workbench.chat.importing.service import ImportReport
from workbench.chat.keeping.store import BinnedChat
from workbench.diagnostics.backup import Backup, Kind
from workbench.diagnostics.backup_making import BackupState
from workbench.sizes import size_words

KINDS = {
    Kind.DAILY: "made by itself",
    Kind.MANUAL: "made by you",
    Kind.REPLACED: "what was there before a restore",
}
NOTHING_IN_BIN = "The bin is empty. A removed chat stays here for 30 days."
FORMATS = (
    ("json", "Everything (JSON)", "All branches, thoughts, files and feedback; can be imported again"),
    ("markdown", "Markdown", "A folder with the branch in view of each chat"),
    ("html", "HTML", "A folder of pages for any browser; nothing in them runs or loads"),
    ("chatgpt", "ChatGPT's shape (JSON)", "All branches, for other programs"),
)


def count_words(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def when_words(seconds: float, now: datetime) -> str:
    """Today 21:30, Yesterday 21:30, or 12 November 21:30."""
    then = datetime.fromtimestamp(seconds, now.tzinfo)
    days = (now.date() - then.date()).days
    day = day_label(then.date(), now.date()) if days in (0, 1) else _date(then, now)
    return f"{day} {then:%H:%M}"


def within(words: str) -> str:
    """The words of a time within a sentence."""
    return words[:1].lower() + words[1:]


def forgotten_words(chat: BinnedChat, now: datetime) -> str:
    """How long the bin keeps it."""
    days = round((chat.forgotten_at - now.timestamp()) / 86400)
    left = "today" if days <= 0 else "tomorrow" if days == 1 else f"in {days} days"
    then = datetime.fromtimestamp(chat.forgotten_at, now.tzinfo)
    return f"{count_words(chat.messages, 'message')} · forgotten {left} ({_date(then, now)})"


def backups_words(state: BackupState, now: datetime) -> str:
    """The last one and the next one, or why there is none."""
    last = f"Last: {within(when_words(state.backups[0].made_at, now))}." if state.backups else "There is none yet."
    if state.no_room:
        return f"{last} No daily one is made now: {state.no_room}."
    if state.next_due <= now.timestamp():
        return f"{last} The next one is made in a moment."
    then = datetime.fromtimestamp(state.next_due, now.tzinfo)
    day = "today" if then.date() == now.date() else "tomorrow"
    return f"{last} Next: {day} {then:%H:%M}."


def backup_words(backup: Backup) -> str:
    return f"{KINDS[backup.kind]} · {size_words(backup.bytes)}"


def report_words(report: ImportReport) -> str:
    """What came in, in one sentence."""
    if not report.imported and not report.updated:
        return "Nothing new: these chats are here already." if not report.skipped else "Nothing was imported."
    updated = f", {count_words(report.updated, 'chat')} went on" if report.updated else ""
    return f"{count_words(report.imported, 'chat')} imported{updated}: {count_words(report.messages, 'new message')}."


def restore_words(backup: Backup, now: datetime) -> tuple[str, ...]:
    """What a person agrees to."""
    made = within(when_words(backup.made_at, now))
    return (
        f"When Workbench starts the next time, your chats will be as they were {made}.",
        "What you wrote since then is not lost: it becomes a backup of its own, and can be restored in the same way.",
        "The backup is checked first. If it is damaged, nothing changes. Models and settings stay as they are.",
    )


def _date(then: datetime, now: datetime) -> str:
    words = f"{then.day} {then:%B}"
    return words if then.year == now.year else f"{words} {then.year}"
