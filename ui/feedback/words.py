"""What the page of feedback and test cases says. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

from ui.chat.feedback_words import KINDS
from ui.feedback.entries import Entry, EntryKind, Shown
from ui.translation import marked, tr
from workbench.chat.cases.cases import Case
from workbench.chat.feedback.feedback import PreferenceKind
from workbench.chat.feedback.service import Preferred
from workbench.checks.check import Result

MOST_CHARACTERS: Final = 240

INTRO: Final = marked(
    "What you think of answers, and the test cases that you made of them. All of it stays on this computer. It tells which"
    " model does well at your work."
)
NOTHING: Final = marked("What did you think of the answers?")
EMPTY: Final = marked(
    "The thumbs below each answer say whether it was good; “Save as test case”, behind the three dots there,"
    " keeps a question with a check. When you pick one of several answers, that is kept here too. All of it stays on"
    " this computer, and tells which model does well at your work."
)
NOT_FOUND: Final = marked("Nothing here has these words.")
SHOWN: Final = {
    Shown.ALL: marked("All"),
    Shown.GOOD: marked("Good answers"),
    Shown.BAD: marked("Not good answers"),
    Shown.REASONS: marked("With a reason"),
    Shown.CORRECTED: marked("With the answer you wanted"),
    Shown.PREFERENCES: marked("Preferences"),
    Shown.CASES: marked("Test cases"),
}
KIND: Final = {
    EntryKind.GOOD: marked("A good answer"),
    EntryKind.BAD: marked("Not a good answer"),
    EntryKind.PREFERENCE: marked("A preference"),
    EntryKind.CASE: marked("A test case"),
}
ICONS: Final = {
    EntryKind.GOOD: "thumbs-up",
    EntryKind.BAD: "thumbs-down",
    EntryKind.PREFERENCE: "columns-2",
    EntryKind.CASE: "flask-conical",
}
REMOVED: Final = {
    EntryKind.GOOD: marked("The verdict is removed."),
    EntryKind.BAD: marked("The verdict is removed."),
    EntryKind.PREFERENCE: marked("The preference is removed."),
    EntryKind.CASE: marked("The test case is removed."),
}
PICKED: Final = {
    PreferenceKind.REGENERATE: marked("You went on below this answer"),
    PreferenceKind.EDIT: marked("You went on below this wording"),
    PreferenceKind.COMPARE: marked("You picked this answer"),
}
CHANGE: Final = {
    EntryKind.GOOD: marked("Change the verdict"),
    EntryKind.BAD: marked("Change the verdict"),
    EntryKind.CASE: marked("Change the check"),
}


def excerpt(text: str, most: int = MOST_CHARACTERS) -> str:
    """Its first words on one line."""
    line = " ".join(text[: 4 * most].split())
    return line if len(line) <= most else f"{line[: most - 1].rstrip()}…"


def title(entry: Entry) -> str:
    """The question, or the name of the case."""
    return excerpt(entry.question, 120) or tr(KIND[entry.kind])


def lines(entry: Entry) -> tuple[str, ...]:
    """What stands below its title, one below the other."""
    if isinstance(entry.of, Preferred):
        kind = tr(PICKED[entry.of.preference.kind])
        instead = tr("Instead of: {text}").format(text=excerpt(entry.of.rejected.text))
        return (f"{kind}: {excerpt(entry.answer)}", instead)
    if isinstance(entry.of, Case):
        return (check_line(entry.of),)
    told = [excerpt(entry.answer)]
    if entry.reason:
        told.append(tr("Why: {text}").format(text=excerpt(entry.reason)))
    if entry.correction:
        told.append(tr("You wanted: {text}").format(text=excerpt(entry.correction)))
    return tuple(told)


def check_line(case: Case) -> str:
    """ "Check: Number 3.14 ± 0.01"."""
    check = case.check
    off = f" ± {check.tolerance:g}" if check.tolerance else ""
    words = (
        f"{tr(KINDS[check.kind].name)}: {excerpt(check.expected)}{off}"
        if check.expected
        else tr(KINDS[check.kind].name)
    )
    return tr("Check: {words}").format(words=words)


def below(entry: Entry) -> str:
    """Where and when: chat, model, day."""
    day = datetime.fromtimestamp(entry.at).astimezone().strftime("%Y-%m-%d")
    gone = tr("its message was deleted") if entry.place is None else ""
    return " · ".join(piece for piece in (excerpt(entry.chat, 40), entry.model, day, gone) if piece)


def count_words(shown: Sequence[Entry], entries: Sequence[Entry]) -> str:
    """ "3 of 12", or what all of them are: "4 answers rated · 1 preference"."""
    if len(shown) == len(entries):
        return " · ".join(_kinds(entries))
    return tr("{shown} of {count}").format(shown=f"{len(shown):,}", count=f"{len(entries):,}")


def _kinds(entries: Sequence[Entry]) -> Iterator[str]:
    preferences = sum(one.kind is EntryKind.PREFERENCE for one in entries)
    cases = sum(one.kind is EntryKind.CASE for one in entries)
    if rated := len(entries) - preferences - cases:
        yield tr("1 answer rated") if rated == 1 else tr("{count} answers rated").format(count=f"{rated:,}")
    if preferences:
        one = preferences == 1
        yield tr("1 preference") if one else tr("{count} preferences").format(count=f"{preferences:,}")
    if cases:
        yield tr("1 test case") if cases == 1 else tr("{count} test cases").format(count=f"{cases:,}")


def result_words(result: Result) -> tuple[str, str]:
    """Whether the answer of a case passes, with the tone of the line."""
    if result.passed is None:
        return tr("The answer from then: undecided. {why}").format(why=result.why), "muted"
    if result.passed:
        return tr("The answer from then passes. {why}").format(why=result.why), "strong"
    return tr("The answer from then does not pass. {why}").format(why=result.why), "danger"
