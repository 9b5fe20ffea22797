"""A question made to stand on its own, so that it can be searched for. Pure.

"And in winter?" finds nothing by itself. The words that it leans on stand in the question before it: they are added, and
names and numbers of the answer too. Where nothing tells whether it leans on them, both are searched for. No model is asked:
a search takes milliseconds, a rewritten question a prompt. Measured on labelled questions: docs/retrieval.md.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from workbench.chat.tree import Node
from workbench.documents.citing.words import SMALL
from workbench.documents.retrieval.stop_words import STOP_WORDS, stop_words
from workbench.messages import Role

SHORT_WORDS: Final = 3  # a question with fewer words of its own leans on what was said
SURE_WORDS: Final = 5  # with as many it does not, where nothing in it shows that it does
MOST_ADDED: Final = 12
MOST_OF_THE_ANSWER: Final = 4
LONGEST_SEARCHED: Final = 2_000

_SMALL_TALK: Final = """
    thanks thank thx ok okay hello hi hey bye great nice good cool perfect wonderful yes no sure welcome danke
    dankeschön hallo tschüss gut prima super ja nein merci bonjour salut oui non gracias hola sí vale grazie ciao
    morning evening much lot"""
_WORD = re.compile(r"[^\W_](?:[\w'’.&/-]*[^\W_])?")
_CHAT: Final = frozenset(_SMALL_TALK.split())
_LEANS = re.compile(
    r"\b(?:it|its|they|them|their|he|him|his|she|her|this|that|these|those|there|one|ones|former|latter|same|such|else"
    r"|as well|instead|auch|stattdessen|aussi|también|anche|também|ook"
    r"|er|ihm|ihn|sein|seine|seinen|ihr|ihre|ihren|dies|diese|dieser|dieses|davon|dazu|dafür|daran|darin|dort|dessen|deren"
    r"|il|elle|ils|elles|lui|leur|celui|celle|cela|ça|ceci|ello|ellos|ellas|eso|esto|esa|ese|quello|quella|questo|questa)\b"
    r"|\btoo\W*$"
    r"|^\W*(?:and|but|or|what about|how about|und|aber|oder|was ist mit|wie steht|et|mais|y|pero|e|ma|mas|why|warum|maar"
    r"|en (?:hoe|wie|wat|waar|wanneer|welke?|waarom))\b",
    re.IGNORECASE,
)
# Words that look as if they stood for something, and stand for nothing.
_EMPTY: Final = re.compile(
    r"\b(?:there (?:is|are|was|were)|(?:is|are|was|were) there|il (?:y a|faut)|y a-t-il|(?:faut|est|peut)-il)\b",
    re.IGNORECASE,
)


def is_searchable(text: str) -> bool:
    """Whether a question asks for anything: thanks and greetings do not."""
    return any(word not in _CHAT for word in _own(text))


def searches(text: str, branch: Sequence[Node]) -> tuple[str, ...]:
    """What is searched for ``text``, asked after ``branch``: itself; where it leans on what was said, with that; and where
    words alone do not tell whether it does, first the one, then the other."""
    text = text.strip()[:LONGEST_SEARCHED]
    whole = _with_what_was_said(text, branch)
    if whole == text or leans(text):
        return (whole,)
    return (text, whole) if len(_own(text)) < SURE_WORDS else (text,)


def _with_what_was_said(text: str, branch: Sequence[Node]) -> str:
    added: list[str] = []
    said = {word.casefold() for word in _WORD.findall(text)}
    for word in _leaned_on(branch):
        if word.casefold() not in said:
            said.add(word.casefold())
            added.append(word)
    return " ".join([text, *added[:MOST_ADDED]])


def leans(text: str) -> bool:
    """Whether a question is understood only with what was said before it."""
    return len(_own(text)) < SHORT_WORDS or _LEANS.search(_EMPTY.sub(" ", text)) is not None


def _leaned_on(branch: Sequence[Node]) -> list[str]:
    """Words of the last questions that have some, up to one that stands on its own; then names and numbers of the last
    answer."""
    words: list[str] = []
    for node in reversed(branch):
        if node.message.role is Role.USER:
            words += [word for word in _WORD.findall(node.message.text) if _counts(word)]
            if not leans(node.message.text):
                break
    answer = next((node.message.text for node in reversed(branch) if node.message.role is Role.ASSISTANT), "")
    return words[: MOST_ADDED - MOST_OF_THE_ANSWER] + _names(answer)[:MOST_OF_THE_ANSWER]


def _names(text: str) -> list[str]:
    """Words inside of sentences that begin with a capital or hold a digit, in their order."""
    inside = re.finditer(r"(?<![.!?:\n])[ (](\w[\w.-]*\w)", re.sub(r"\[[^\]\n]{0,20}\]", "", text))
    found = (one[1] for one in inside)
    return list(dict.fromkeys(word for word in found if _counts(word) and (word[0].isupper() or word[0].isdigit())))


def _own(text: str) -> list[str]:
    """Words that say something, in small letters: not the small ones of the language that the text seems to be in."""
    words = [word.casefold() for word in _WORD.findall(text)]
    small = max(map(stop_words, STOP_WORDS), key=lambda known: sum(word in known for word in words))
    return [word for word in words if _counts(word) and word not in small]


def _counts(word: str) -> bool:
    return word.casefold() not in SMALL and (len(word) > 1 or not word.isascii() or word.isdigit())
