"""How attachments enter a request: the whole text where it fits, else the passages that match the question best. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from workbench.chat.attaching.matching import scores
from workbench.documents.citing.prompt import harmless
from workbench.messages import Attachment, Image, Message

MARK = re.compile(r"^\[(Page \d+|Slide \d+|Sheet: [^\n]{1,80})\]$", re.MULTILINE)
"""Stands in an attachment's text where a page, slide or sheet begins."""

PASSAGE_CHARACTERS = 1_200
LEFT_OUT = "[…]"
_LEAST_TOKENS = 96  # less of a document than this is no help
_MOST_CHARACTERS_OF_A_TOKEN = 12
_FIRST_GUESS = 3.0  # characters of a token
_TRIES = 5
_FULL_ENOUGH = 0.75

Messages = tuple[Message, ...]
WHOLE: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class Fitted:
    """``tokens``: of the rendered prompt, None where nobody had to count. ``note``: what was left out, in a sentence."""

    messages: Messages
    tokens: int | None = None
    note: str = ""


def framed(attachments: Sequence[Attachment], text: str, given: Mapping[str, str] = WHOLE) -> str:
    """A message's text with its documents before it, each named. ``given``: by sha256, instead of the whole text."""
    documents = [_frame(one, given.get(one.sha256, one.text)) for one in attachments if one.text]
    return "\n\n".join(piece for piece in (*documents, text) if piece)


def _frame(attachment: Attachment, text: str) -> str:
    name = re.sub(r'[\s"<>]+', " ", attachment.name).strip()
    inside = harmless(text, numbers=False).replace(
        "</document>", "<\\/document>"
    )  # a document cannot end its own frame
    return f'<document name="{name}">\n{inside}\n</document>'


def with_pictures(messages: Sequence[Message], load: Callable[[Attachment], Image]) -> Messages:
    """For a model that sees: attached pictures become what it is sent."""
    return tuple(
        replace(message, parts=tuple(load(part) if isinstance(part, Attachment) else part for part in message.parts))
        if message.attachments
        else message
        for message in messages
    )


def without_pictures(messages: Sequence[Message]) -> Messages:
    """For a model that does not see: earlier pictures are not sent."""
    return tuple(
        replace(message, parts=tuple(part for part in message.parts if not isinstance(part, Attachment)))
        if message.attachments
        else message
        for message in messages
    )


@dataclass(frozen=True, slots=True)
class Fitting:
    """``render``: the messages, with other texts (by sha256) in the place of whole ones. ``count``: tokens of messages.
    ``surely``: whether they fit without counting. ``room``: tokens that the prompt may have; ``aim``: that it shall have
    where only parts are given, so that they are soon read and the chat can go on."""

    render: Callable[[Mapping[str, str]], Messages]
    count: Callable[[Messages], int]
    surely: Callable[[Messages], bool]
    room: int
    aim: int

    def fit(self, attachments: Sequence[Attachment], question: str) -> Fitted:
        """The request's messages. Where there is no room even for a few passages, the whole, which will be refused."""
        whole = self.render(WHOLE)
        texts = tuple({one.sha256: one for one in attachments if one.text}.values())
        if not texts:
            return Fitted(whole)
        tokens = None
        if sum(len(one.text) for one in texts) <= self.room * _MOST_CHARACTERS_OF_A_TOKEN:
            if self.surely(whole):
                return Fitted(whole)
            tokens = self.count(whole)
            if tokens <= self.room:
                return Fitted(whole, tokens)
        bare = self.count(self.render({one.sha256: LEFT_OUT for one in texts}))
        budget = min(self.room - bare, max(self.aim - bare, self.room // 8))
        if budget < _LEAST_TOKENS:
            return Fitted(whole, tokens or bare + sum(len(one.text) for one in texts) // 4)
        return self._cut(texts, question, bare, budget)

    def _cut(self, texts: Sequence[Attachment], question: str, bare: int, budget: int) -> Fitted:
        """As many passages as there is room for: how many characters that is, the counts tell."""
        ranked = Ranked(texts, question)
        characters = budget * _FIRST_GUESS
        best: Fitted | None = None
        for _try in range(_TRIES):
            given, note = ranked.given(int(characters))
            messages = self.render(given)
            tokens = self.count(messages)
            if tokens <= bare + budget and (best is None or (best.tokens or 0) < tokens):
                best = Fitted(messages, tokens, note)
            used = (tokens - bare) / budget
            if _FULL_ENOUGH <= used <= 1:
                break
            characters *= 0.92 / max(used, 0.1)
        return best or Fitted(messages, tokens, note)


@dataclass(frozen=True, slots=True)
class _Passage:
    document: int
    label: str
    text: str


class Ranked:
    """The passages of documents, the best matches for a question first; without any match, from the beginnings on."""

    def __init__(self, texts: Sequence[Attachment], question: str) -> None:
        self._texts = texts
        self._passages = [
            _Passage(number, label, text) for number, one in enumerate(texts) for label, text in passages(one.text)
        ]
        found = scores(question, [passage.text for passage in self._passages])
        self._order = sorted(range(len(found)), key=lambda place: (-found[place], place))

    def given(self, characters: int) -> tuple[dict[str, str], str]:
        """Texts by sha256, of about so many characters together, and a sentence that tells what was left out."""
        chosen: set[int] = set()
        for place in self._order:
            length = len(self._passages[place].text) + 16
            if length > characters:
                break
            characters -= length
            chosen.add(place)
        return (
            {one.sha256: self._text(number, chosen) for number, one in enumerate(self._texts)},
            " ".join(self._note(number, chosen) for number in range(len(self._texts))).strip(),
        )

    def _text(self, document: int, chosen: set[int]) -> str:
        """In the order of the document; marks where something is missing."""
        lines: list[str] = []
        said, missing = "", False
        for place, passage in enumerate(self._passages):
            if passage.document != document:
                continue
            if place not in chosen:
                missing = True
                continue
            if missing:
                lines.append(LEFT_OUT)
            if passage.label and passage.label != said:
                lines.append(f"[{passage.label}]")
            lines.append(passage.text)
            said, missing = passage.label, False
        return "\n".join([*lines, LEFT_OUT] if missing else lines)

    def _note(self, document: int, chosen: set[int]) -> str:
        """ "3 of 40 pages of report.pdf were given: those that match the question best." """
        own = [place for place, passage in enumerate(self._passages) if passage.document == document]
        given = [place for place in own if place in chosen]
        if len(given) == len(own):
            return ""
        labels = [{self._passages[place].label for place in places} for places in (given, own)]
        kind = _kind(labels[1])
        some, all_of = (len(labels[0]), len(labels[1])) if kind and len(labels[1]) > 1 else (len(given), len(own))
        name = self._texts[document].name
        if some == all_of:
            return f"Parts of all {all_of} {kind} of {name} were given: those that match the question best."
        return f"{some} of {all_of} {kind or 'passages'} of {name} were given: those that match the question best."


def _kind(labels: set[str]) -> str:
    """ "pages", where all are."""
    kinds = {label.split(" ")[0].rstrip(":").lower() for label in labels}
    kind = kinds.pop() if len(kinds) == 1 else ""
    return f"{kind}s" if kind else ""


def passages(text: str) -> list[tuple[str, str]]:
    """Label and text of pieces of about a paragraph, none across pages; the marks themselves are left out."""
    found = []
    pieces = MARK.split(text)
    for label, piece in zip(["", *pieces[1::2]], pieces[::2], strict=True):
        found += [(label, part) for part in _paragraphs(piece)]
    return found


def _paragraphs(text: str) -> list[str]:
    grown: list[str] = []
    for paragraph in re.split(r"\n\s*\n", text):
        for piece in _short(paragraph.strip("\n")):
            if grown and len(grown[-1]) + len(piece) < PASSAGE_CHARACTERS // 2:
                grown[-1] += f"\n\n{piece}"
            elif piece.strip():
                grown.append(piece)
    return grown


def _short(paragraph: str) -> list[str]:
    """Long ones in pieces, at the ends of lines or sentences where there are some."""
    pieces = []
    while len(paragraph) > PASSAGE_CHARACTERS:
        window = paragraph[:PASSAGE_CHARACTERS]
        half = PASSAGE_CHARACTERS // 2
        cut = max(window.rfind(end, half) + len(end) for end in ("\n", ". ", " "))
        cut = cut if cut > half else PASSAGE_CHARACTERS
        pieces.append(paragraph[:cut].rstrip())
        paragraph = paragraph[cut:]
    return [*pieces, paragraph]
