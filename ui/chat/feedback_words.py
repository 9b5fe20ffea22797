"""The words of verdicts and test cases. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from ui.translation import marked, tr
from workbench.chat.cases.cases import Asked
from workbench.chat.feedback.feedback import Verdict
from workbench.checks.check import CheckKind, Result


@dataclass(frozen=True, slots=True)
class KindWords:
    """``name`` stands on the choice, ``note`` below the field says what passes, ``hint`` stands in the empty field."""

    name: str
    note: str
    hint: str


KINDS = {
    CheckKind.CONTAINS: KindWords(
        marked("Contains"),
        marked("The answer must contain these words, in any case."),
        marked("Words that a good answer contains"),
    ),
    CheckKind.REGEX: KindWords(
        marked("Pattern"),
        marked("This pattern must match somewhere in the answer."),
        marked(r"For example  \b4[0-9]\b"),
    ),
    CheckKind.SCHEMA: KindWords(
        marked("JSON schema"),
        marked("The answer must be JSON that keeps to this schema."),
        '{"type": "object", "required": ["name"]}',
    ),
    CheckKind.NUMBER: KindWords(
        marked("Number"), marked("The last number of the answer must be this one."), marked("For example  3.14")
    ),
    CheckKind.REFERENCE: KindWords(
        marked("My answer"),
        marked("An answer that says the same passes; where it is worded differently, you decide."),
        marked("The right answer"),
    ),
    CheckKind.JUDGEMENT: KindWords(
        marked("My judgement"),
        marked("You decide, each time."),
        marked("What you will look for, for example: is it polite?"),
    ),
}

TITLES = {Verdict.UP: marked("A good answer"), Verdict.DOWN: marked("Not a good answer")}
REASONS = {Verdict.UP: marked("What is good about it?"), Verdict.DOWN: marked("What is wrong with it?")}
KEPT = {Verdict.UP: marked("Marked as a good answer."), Verdict.DOWN: marked("Marked as not a good answer.")}
STAYS_HERE = marked("Kept on this computer only. Both fields may stay empty.")


def case_line(asked: Asked) -> str:
    """What goes into a case besides its check."""
    count = len(asked.messages)
    words = [tr("{count} messages").format(count=count) if count != 1 else tr("1 message")]
    attachments = sum(len(message.attachments) for message in asked.messages)
    if attachments:
        many = tr("{count} attachments").format(count=attachments)
        words.append(many if attachments != 1 else tr("1 attachment"))
    if asked.model:
        words.append(asked.model)
    if asked.effort:
        words.append(tr("{effort} effort").format(effort=asked.effort))
    return " · ".join(words)


def result_line(result: Result) -> tuple[str, str]:
    """Whether this answer would pass, with the tone of the line."""
    if result.passed is None:
        return tr("This answer: undecided. {why}").format(why=result.why), "muted"
    if result.passed:
        return tr("This answer would pass. {why}").format(why=result.why), "strong"
    return tr("This answer would not pass. {why}").format(why=result.why), "danger"
