"""Keys: by the beginnings that their makers give them, by their shape, and by the word before them."""

from __future__ import annotations

import base64
import math
import re
from collections import Counter
from collections.abc import Iterator
from typing import Final

from workbench.cloud.hiding.found import Found
from workbench.cloud.hiding.key_beginnings import long_words, with_known_beginnings
from workbench.cloud.hiding.letters import lowered
from workbench.cloud.hiding.redaction import Hidden

_HOOK: Final = re.compile(
    r"https://(?:hooks\.slack\.com/services|discord(?:app)?\.com/api/webhooks)/([\w/-]{20,}+)", re.ASCII
)

_BASE64: Final = re.compile(r"(?<![\w+/=-])[A-Za-z0-9+/]{24,4000}+={0,2}(?![\w+/=-])", re.ASCII)
_PEM_BEGIN: Final = re.compile(r"-----BEGIN ([A-Z0-9 ]{0,40}?PRIVATE KEY(?: BLOCK)?)-----")
MOST_PEM: Final = 20_000  # characters of such a block where its end is missing

# scheme://user:password@host, from the colon on, which few texts have; what stands before it is asked then.
_IN_URL: Final = re.compile(r"://[^\s:/@\"'<>]{0,100}+:([^\s/@\"'<>]{1,200}+)@", re.ASCII)
_SCHEME: Final = re.compile(r"(?<![\w+.-])[A-Za-z][\w+.-]{1,30}\Z", re.ASCII)
_LONGEST_SCHEME: Final = 31
_BEARER: Final = re.compile(r"[bBtT](?<!\w.)(?i:(?<=b)earer|(?<=t)oken|(?<=b)asic)[ \t]+([\w.~+/=-]{16,}+)", re.ASCII)

# name = value, where the name says what it is.
_NAMED: Final = re.compile(
    r"(?:passw(?:ord|d|ort)|passphrase|passcode|pass(?<![a-z]pass)|_pass|pwd|kennwort|mot de passe|contraseña"
    r"|clave(?<!\wclave)|secret|token|"
    r"api[_ -]?key|access[_ -]?key|private[_ -]?key|auth[_ -]?key|_key(?<=[a-z]_key)|pin(?<!\wpin)(?:-?code)?|schlüssel)"
    r"(?:[_ -]?(?:id|key|base|hash|value|token))?(?![a-z])"
    r"[\"']?(?:[ ][^\s:=\"'`]{1,20}){0,4}?[ \t]{0,8}(?:=>|:=|==?|:|\bis\b|\bist\b|\blautet\b|\best\b"
    r"|\bes\b)[ \t]{0,8}"
)
_VALUE: Final = re.compile(r"([\"'`“„]?)([^\s\"'`“”„,;<>(){}\[\]]{4,300}+)")
_PASSWORD: Final = re.compile(r"pass|pin|pwd|kennwort|contraseña|clave")
_PLAIN_VALUES: Final = frozenset(
    [
        "true",
        "false",
        "none",
        "null",
        "undefined",
        "required",
        "optional",
        "string",
        "str",
        "text",
        "bytes",
        "todo",
        "changeme",
        "example",
        "xxxx",
        "xxxxx",
        "****",
        "*****",
        "********",
        "password",
        "passwort",
        "secret",
        "token",
        "hidden",
        "redacted",
        "wrong",
        "correct",
        "invalid",
        "expired",
        "missing",
        "reset",
        "empty",
        "same",
        "strong",
        "weak",
        "here",
    ]
)
_NETRC: Final = re.compile(r"[pP](?<!\w.)(?i:assword|asswd|asswort)[ \t]{1,4}([^\s\"'`,;<>(){}]{6,100}+)")
# Without any word: long, of capitals, small letters and digits in turns, and not part of a path or a hash.
_RANDOM: Final = re.compile(r"(?<![\w/+=.:-])(?=[A-Za-z_-]{0,60}+\d)[\w-]{32,200}+(?![\w/+=.:-])", re.ASCII)
_TURN: Final = re.compile(r"[a-z][A-Z0-9]|[A-Z][0-9]|[0-9][A-Za-z]")
FEWEST_TURNS, LEAST_ENTROPY = 9, 4.0


def keys(text: str) -> Iterator[Found]:
    """Each key, token, private key block and password."""
    words = long_words(text)
    for start, end in with_known_beginnings(text, words):
        if _mixed(text[start:end]):
            yield Found(start, end, Hidden.KEY)
    yield from _blocks(text)
    yield from _in_addresses(text)
    if any(map(_is_encoded, _BASE64.findall(words))):
        yield from (_found(match) for match in _BASE64.finditer(text) if _is_encoded(match[0]))
    for match in _BEARER.finditer(text):
        if _mixed(match[1]):
            yield Found(match.start(1), match.end(1), Hidden.KEY)
    yield from _named(text)
    if any(map(_looks_random, _RANDOM.findall(words))):
        yield from (_found(match) for match in _RANDOM.finditer(text) if _looks_random(match[0]))


def _found(match: re.Match[str]) -> Found:
    return Found(match.start(), match.end(), Hidden.KEY)


def _is_encoded(written: str) -> bool:
    """Base64 of a key: what programs keep secrets in, and what hides them from no one."""
    try:
        decoded = base64.b64decode(written + "=" * (-len(written) % 4)).decode("ascii")
    except ValueError:
        return False
    return bool(_PEM_BEGIN.search(decoded)) or any(with_known_beginnings(decoded, decoded))


def _in_addresses(text: str) -> Iterator[Found]:
    """Where a name and a password stand before a host, and the addresses that messages are posted to."""
    for match in (*_HOOK.finditer(text), *_IN_URL.finditer(text)):
        start = match.start()
        if match[0][0] == ":" and not _SCHEME.search(text, max(0, start - _LONGEST_SCHEME), start):
            continue
        if not match[1].startswith(("$", "{", "%s")):
            yield Found(match.start(1), match.end(1), Hidden.KEY)


def _blocks(text: str) -> Iterator[Found]:
    place = 0
    while match := _PEM_BEGIN.search(text, place):
        closing = f"-----END {match[1]}-----"
        end = text.find(closing, match.end(), match.end() + MOST_PEM)
        place = min(match.end() + MOST_PEM, len(text)) if end < 0 else end + len(closing)
        yield Found(match.start(), place, Hidden.KEY)


def _named(text: str) -> Iterator[Found]:
    for netrc in _NETRC.finditer(text):
        value = netrc[1].rstrip(".!?:")
        if _mixed(value):
            yield Found(netrc.start(1), netrc.start(1) + len(value), Hidden.KEY)
    for name in _NAMED.finditer(lowered(text)):
        match = _VALUE.match(text, name.end())
        value = match[2].rstrip(".!?:") if match else ""
        if match and _is_secret(value, bool(match[1]), name[0]):
            yield Found(match.start(2), match.start(2) + len(value), Hidden.KEY)


def _is_secret(value: str, quoted: bool, name: str) -> bool:
    """A password may be anything that is no word of a language or of code; another secret is long and mixed."""
    if (
        len(value) < 4
        or value.casefold() in _PLAIN_VALUES
        or value.startswith(("$", "%", "{", "[", "<", "self.", "os.", "/", "http"))
    ):
        return False
    if not _PASSWORD.search(name):
        return len(value) >= 12 and _mixed(value)
    if value.isalpha() and (value.islower() or value.istitle()) and not quoted:
        return "=" in name and len(value) >= 6
    return (
        "(" not in value
        and not re.fullmatch(r"[A-Za-z_]\w*(?:\.\w+)+", value)
        and not re.fullmatch(r"[a-z]+(?:_[a-z]+)+", value)
    )


def _mixed(value: str) -> bool:
    """Letters and digits: no word, no identifier."""
    return any(map(str.isdigit, value)) and any(map(str.isalpha, value))


def _looks_random(value: str) -> bool:
    if not (any(map(str.isupper, value)) and any(map(str.islower, value))):
        return False
    return len(_TURN.findall(value)) >= FEWEST_TURNS and _entropy(value) >= LEAST_ENTROPY


def _entropy(value: str) -> float:
    """Bits a character."""
    return -sum(count / len(value) * math.log2(count / len(value)) for count in Counter(value).values())
