"""The words of verdicts and test cases. Pure."""

from __future__ import annotations

from dataclasses import dataclass

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
        "Contains", "The answer must contain these words, in any case.", "Words that a good answer contains"
    ),
    CheckKind.REGEX: KindWords(
        "Pattern", "This pattern must match somewhere in the answer.", r"For example  \b4[0-9]\b"
    ),
    CheckKind.SCHEMA: KindWords(
        "JSON schema", "The answer must be JSON that keeps to this schema.", '{"type": "object", "required": ["name"]}'
    ),
    CheckKind.NUMBER: KindWords("Number", "The last number of the answer must be this one.", "For example  3.14"),
    CheckKind.REFERENCE: KindWords(
        "My answer",
        "An answer that says the same passes; where it is worded differently, you decide.",
        "The right answer",
    ),
    CheckKind.JUDGEMENT: KindWords(
        "My judgement", "You decide, each time.", "What you will look for, for example: is it polite?"
    ),
}

TITLES = {Verdict.UP: "A good answer", Verdict.DOWN: "Not a good answer"}
REASONS = {Verdict.UP: "What is good about it?", Verdict.DOWN: "What is wrong with it?"}
KEPT = {Verdict.UP: "Marked as a good answer.", Verdict.DOWN: "Marked as not a good answer."}
STAYS_HERE = "Kept on this computer only. Both fields may stay empty."


def case_line(asked: Asked) -> str:
    """What goes into a case besides its check."""
    count = len(asked.messages)
    words = [f"{count} messages" if count != 1 else "1 message"]
    attachments = sum(len(message.attachments) for message in asked.messages)
    if attachments:
        words.append(f"{attachments} attachments" if attachments != 1 else "1 attachment")
    if asked.model:
        words.append(asked.model)
    if asked.effort:
        words.append(f"{asked.effort} effort")
    return " · ".join(words)


def result_line(result: Result) -> tuple[str, str]:
    """Whether this answer would pass, with the tone of the line."""
    if result.passed is None:
        return f"This answer: undecided. {result.why}", "muted"
    if result.passed:
        return f"This answer would pass. {result.why}", "strong"
    return f"This answer would not pass. {result.why}", "danger"
