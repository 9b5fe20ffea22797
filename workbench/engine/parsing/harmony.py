"""The harmony format of gpt-oss: messages with a channel each, some of them for tools.

    <|channel|>analysis<|message|>…<|end|>
    <|start|>assistant<|channel|>commentary to=functions.f <|constrain|>json<|message|>{…}<|call|>

Strict: an unknown channel, a header without a message, a marker where none may stand, or arguments that are no JSON
object break it. One habit of gpt-oss-20b is let through: an abandoned commentary header before the real one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from workbench.engine.parsing.calls import Calls
from workbench.engine.parsing.events import AnswerText, Piece, ReasoningText
from workbench.engine.parsing.json_text import checked_object
from workbench.engine.parsing.parser import TextParser
from workbench.engine.parsing.reader import Broken, Markers, Reader, Steps

START = "<|start|>"
END = "<|end|>"
MESSAGE = "<|message|>"
CHANNEL = "<|channel|>"
CONSTRAIN = "<|constrain|>"
RETURN = "<|return|>"
CALL = "<|call|>"

_ALL = Markers(START, END, MESSAGE, CHANNEL, CONSTRAIN, RETURN, CALL)
_HEADER_LIMIT = 256
_ROLE = re.compile(r"(?: to=(?P<recipient>[^\s<]+))?[ ]?")
_CHANNEL = re.compile(r"(?P<name>[A-Za-z]+)(?: to=(?P<recipient>[^\s<]+))?(?: (?P<type>[\w-]+))?[ ]?")
_ABANDONED = ("commentary", "commentary to=assistant")
_TYPE = re.compile(r"\s?[\w-]+\s?")
_KINDS: dict[str, type[ReasoningText | AnswerText]] = {
    "analysis": ReasoningText,
    "commentary": AnswerText,
    "final": AnswerText,
}


@dataclass(frozen=True, slots=True)
class _Header:
    channel: str
    recipient: str  # "" is the person


@dataclass(slots=True)
class _Voice:
    """Says the text of messages. A second message of a kind begins a new paragraph."""

    said: set[str] = field(default_factory=set)

    def of(self, channel: str) -> _Message:
        return _Message(self, _KINDS[channel])


@dataclass(slots=True)
class _Message:
    voice: _Voice
    kind: type[ReasoningText | AnswerText]
    begun: bool = False

    def __call__(self, text: str) -> Piece:
        if not self.begun:
            self.begun = True
            if self.kind.__name__ in self.voice.said:
                text = "\n\n" + text
            self.voice.said.add(self.kind.__name__)
        return self.kind(text)


def harmony_parser(calls: Calls, prompt_tail: str = "") -> TextParser:
    """A parser for what gpt-oss writes after a prompt that ends in ``prompt_tail``."""
    begin = prompt_tail.rfind(START + "assistant")
    open_message = not prompt_tail or (begin >= 0 and begin == prompt_tail.rfind(START))
    reader = Reader()
    parser = TextParser("harmony", reader, _answer(reader, calls, in_message=open_message))
    rest = prompt_tail[begin + len(START + "assistant") :] if open_message and prompt_tail else ""
    return parser.prime(rest) if rest else parser


def _answer(reader: Reader, calls: Calls, *, in_message: bool) -> Steps[None]:
    voice = _Voice()
    while in_message or (yield from _next_message(reader)):
        header = yield from _header(reader, may_be_empty=in_message)
        in_message = False
        if header is None:
            return
        if (yield from _body(reader, calls, header, voice)) in ("", RETURN):
            return


def _next_message(reader: Reader) -> Steps[bool]:
    if (yield from reader.one_of(START + "assistant")):
        return True
    if not reader.empty:
        raise Broken(f"expected the next message, {reader.here}")
    return False


def _header(reader: Reader, *, may_be_empty: bool) -> Steps[_Header | None]:
    """What stands between the role and the message. None: nothing was written."""
    text, marker = yield from reader.collect_until(_ALL, _HEADER_LIMIT)
    if may_be_empty and not marker and not text:
        return None
    role = _ROLE.fullmatch(text)
    if role is None or marker != CHANNEL:
        raise Broken(f"expected a channel after the role, found {(text + marker)[:60]!r}")
    channel, marker = yield from _channel(reader)
    if marker == CONSTRAIN:
        text, marker = yield from reader.collect_until(_ALL, _HEADER_LIMIT)
        if _TYPE.fullmatch(text) is None:
            raise Broken(f"expected a type of content, found {text[:60]!r}")
    if marker != MESSAGE:
        raise Broken(f"the header of {channel['name']} has no message, found {marker or 'the end of the text'!r}")
    return _Header(channel["name"], role["recipient"] or channel["recipient"] or "")


def _channel(reader: Reader) -> Steps[tuple[re.Match[str], str]]:
    while True:
        text, marker = yield from reader.collect_until(_ALL, _HEADER_LIMIT)
        found = _CHANNEL.fullmatch(text)
        if found is None or found["name"] not in _KINDS:
            raise Broken(f"unknown channel {text[:60]!r}")
        abandoned = marker == CHANNEL and text in _ABANDONED
        if not abandoned:
            return found, marker


def _body(reader: Reader, calls: Calls, header: _Header, voice: _Voice) -> Steps[str]:
    """Reads one message. Returns what ended it; "" is the end of the text."""
    if header.recipient:
        return (yield from _call(reader, calls, header))
    marker = yield from reader.say_until(_ALL, voice.of(header.channel))
    if marker not in ("", END, RETURN):
        raise Broken(f"{marker} inside a message")
    if marker == RETURN and not (yield from _over(reader)):
        raise Broken(f"nothing may follow {RETURN}, {reader.here}")
    return marker


def _call(reader: Reader, calls: Calls, header: _Header) -> Steps[str]:
    space, _dot, name = header.recipient.partition(".")
    if space != "functions" or not name or header.channel == "final":
        raise Broken(f"{header.channel} is addressed to {header.recipient!r}, which was not offered")
    if not calls:
        raise Broken(f"{header.recipient!r} is called, but no tool was offered")
    yield calls.start(name)
    yield from reader.space()
    text = yield from reader.balanced("{", '"')  # markers inside its strings are text
    yield calls.arguments(checked_object(text))
    yield from reader.space()
    if reader.empty:
        return ""
    return (yield from reader.expect(CALL, END))


def _over(reader: Reader) -> Steps[bool]:
    while reader.empty and not reader.ended:
        yield None
    return reader.empty
