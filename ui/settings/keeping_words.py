"""What the section on keeping chats says. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from ui.chat.days import day_label
from ui.dates import date_words
from ui.translation import marked, tr
from workbench.chat.importing.service import ImportReport
from workbench.chat.keeping.store import BinnedChat
from workbench.diagnostics.backup import Backup, Kind
from workbench.diagnostics.backup_looking import Difference
from workbench.diagnostics.backup_making import BackupState
from workbench.sizes import size_words

KINDS = {
    Kind.DAILY: marked("made by itself"),
    Kind.MANUAL: marked("made by you"),
    Kind.REPLACED: marked("what was there before a restore"),
}
NOTHING_IN_BIN = marked("The bin is empty. A removed chat stays here for 30 days.")
MOST_TITLES, LONGEST_TITLE = 3, 40
FORMATS = (
    ("json", marked("Everything (JSON)"), marked("All branches, thoughts, files and feedback; can be imported again")),
    ("markdown", "Markdown", marked("A folder with the branch in view of each chat")),
    ("html", "HTML", marked("A folder of pages for any browser; nothing in them runs or loads")),
    ("chatgpt", marked("ChatGPT's shape (JSON)"), marked("All branches, for other programs")),
)


def chats_words(number: int) -> str:
    return tr("1 chat") if number == 1 else tr("{count} chats").format(count=f"{number:,}")


def messages_words(number: int) -> str:
    return tr("1 message") if number == 1 else tr("{count} messages").format(count=f"{number:,}")


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
    left = tr("today") if days <= 0 else tr("tomorrow") if days == 1 else tr("in {count} days").format(count=days)
    then = datetime.fromtimestamp(chat.forgotten_at, now.tzinfo)
    forgotten = tr("forgotten {when} ({date})").format(when=left, date=_date(then, now))
    return f"{messages_words(chat.messages)} · {forgotten}"


def backups_words(state: BackupState, now: datetime) -> str:
    """The last one and the next one, or why there is none."""
    last = tr("There is none yet.")
    if state.backups:
        last = tr("Last: {when}.").format(when=within(when_words(state.backups[0].made_at, now)))
    if state.no_room:
        return tr("{last} No daily one is made now: {why}.").format(last=last, why=state.no_room)
    if state.next_due <= now.timestamp():
        return tr("{last} The next one is made in a moment.").format(last=last)
    then = datetime.fromtimestamp(state.next_due, now.tzinfo)
    day = tr("today") if then.date() == now.date() else tr("tomorrow")
    return tr("{last} Next: {day} {time}.").format(last=last, day=day, time=f"{then:%H:%M}")


def backup_words(backup: Backup, sizes: Mapping[str, int | None]) -> str:
    """ "made by you · 12 MB · 34 chats". ``sizes``: by name, how many chats a backup has; None where it cannot be read."""
    words = [tr(KINDS[backup.kind]), size_words(backup.bytes)]
    if backup.name in sizes:
        chats = sizes[backup.name]
        words.append(tr("cannot be read") if chats is None else chats_words(chats))
    return " · ".join(words)


def difference_words(found: Difference) -> tuple[str, ...]:
    """What going back would change, one sentence for each way."""
    if not (found.gone or found.back or found.changed):
        return (tr("It has the same chats as now."),)
    told = []
    if found.gone:
        several = tr("{chats} would go, as they are newer: {titles}.")
        words = several if len(found.gone) > 1 else tr("{chats} would go, as it is newer: {titles}.")
        told.append(words.format(chats=chats_words(len(found.gone)), titles=titles_words(found.gone)))
    if found.changed:
        words = tr("{chats} would lose what was written since then: {titles}.")
        told.append(words.format(chats=chats_words(len(found.changed)), titles=titles_words(found.changed)))
    if found.back:
        words = tr("{chats} would come back: {titles}.")
        told.append(words.format(chats=chats_words(len(found.back)), titles=titles_words(found.back)))
    return tuple(told)


def titles_words(titles: Sequence[str]) -> str:
    """The first few, in quotation marks, and how many more."""
    shown = [tr("“{title}”").format(title=_short(title) or tr("New chat")) for title in titles[:MOST_TITLES]]
    more = len(titles) - len(shown)
    if more:
        shown.append(tr("{count} more").format(count=f"{more:,}"))
    return ", ".join(shown)


def _short(title: str) -> str:
    return title if len(title) <= LONGEST_TITLE else f"{title[: LONGEST_TITLE - 1].rstrip()}…"


def report_words(report: ImportReport) -> str:
    """What came in, in one sentence."""
    if not report.imported and not report.updated:
        return tr("Nothing was imported.") if report.skipped else tr("Nothing new: these chats are here already.")
    words = tr("{chats} imported: {messages}.")
    if report.updated:
        words = tr("{chats} imported, {updated} went on: {messages}.")
    number = report.messages
    messages = tr("1 new message") if number == 1 else tr("{count} new messages").format(count=f"{number:,}")
    return words.format(chats=chats_words(report.imported), updated=chats_words(report.updated), messages=messages)


def restore_words(backup: Backup, now: datetime) -> tuple[str, ...]:
    """What a person agrees to."""
    made = within(when_words(backup.made_at, now))
    return (
        tr(
            "Your chats will be as they were {when}. That is done while Workbench starts: now, or the next time."
        ).format(when=made),
        tr("First, what is here now becomes a backup of its own: it is not lost, and can be restored in the same way."),
        tr("The backup is checked first. If it is damaged, nothing changes. Models and settings stay as they are."),
    )


def _date(then: datetime, now: datetime) -> str:
    return date_words(then, "d MMMM" if then.year == now.year else "d MMMM yyyy")
