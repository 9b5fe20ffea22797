"""Which parts of a definition are keys: they go to the keychain, and a reference stands in their place. Pure."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from workbench.tools.servers.definition import REFERENCE, Definition, Pairs

_SECRET_NAME = re.compile(r"(?i)key|token|secret|passw|credential|auth|cookie|bearer|(?:^|[_-])pat(?:$|[_-])")
_SECRET_VALUE = re.compile(
    r"(?:Bearer|Basic|token) \S{8,}|(?:sk|pk|rk)[-_]\w[\w-]{14,}|gh[opsu]_\w{20,}|github_pat_\w{20,}|glpat-[\w-]{16,}"
    r"|xox[abprs]-[\w-]{10,}|AKIA[A-Z0-9]{12,}|hf_\w{20,}|eyJ[\w-]{8,}\.[\w-]{8,}.*|AIza[\w-]{30,}|tvly-\S{8,}"
)
_WITH_PASSWORD = re.compile(r"[a-z][a-z0-9+.-]*://[^/\s:@]*:[^/\s@]+@.*", re.IGNORECASE)
_ASSIGNED = re.compile(r"(-{0,2}[A-Za-z][\w.-]*)=(.+)", re.DOTALL)
_LIKE_A_KEY = re.compile(r"[A-Za-z0-9_+.-]{24,200}={0,2}")
_LEAST_BITS = 3.7  # a character of random base64 has 6, of words about 4 with few digits among them
_NO_KEYS = frozenset({"true", "false", "yes", "no", "0", "1", "none", "null", "auto"})


@dataclass(slots=True)
class _Found:
    """Keys by name, as they are found."""

    keys: dict[str, str] = field(default_factory=dict)

    def take(self, name: str, value: str) -> str:
        """Keep the key; returns the reference to it."""
        name = re.sub(r"[^A-Za-z0-9_.-]+", "-", name).strip("-")[:60] or "key"
        free, number = name, 1
        while self.keys.get(free, value) != value:
            number += 1
            free = f"{name}-{number}"
        self.keys[free] = value
        return f"${{secret:{free}}}"


def without_keys(definition: Definition, marked: Iterable[str] = ()) -> tuple[Definition, dict[str, str]]:
    """The definition with references, and the keys by their names. ``marked``: names of variables and headers that are
    keys although they do not look it."""
    found, names = _Found(), frozenset(marked)

    def pairs(values: Pairs) -> Pairs:
        return tuple((name, _value(found, name, value, name in names)) for name, value in values)

    clean = replace(
        definition,
        environment=pairs(definition.environment),
        headers=pairs(definition.headers),
        arguments=tuple(_arguments(found, definition.arguments)),
        url=_url(found, definition.url),
    )
    return clean, found.keys


def looks_secret(name: str, value: str) -> bool:
    """Whether this value of a variable, option or header is to be kept from other eyes."""
    if not value or REFERENCE.search(value) or value.lower() in _NO_KEYS:
        return False
    return bool(_SECRET_NAME.search(name)) or value_looks_secret(value)


def value_looks_secret(value: str) -> bool:
    """By its own look alone: a known form of key, a password inside an address, or letters and digits by chance."""
    if _SECRET_VALUE.fullmatch(value) or _WITH_PASSWORD.fullmatch(value):
        return True
    if not _LIKE_A_KEY.fullmatch(value) or not any(one.isdigit() for one in value):
        return False
    counts = Counter(value)
    bits = -sum(count / len(value) * math.log2(count / len(value)) for count in counts.values())
    digits = sum(one.isdigit() for one in value)
    return bits >= _LEAST_BITS and digits * 8 >= len(value)


def _value(found: _Found, name: str, value: str, marked: bool) -> str:
    return found.take(name, value) if (marked and value) or looks_secret(name, value) else value


def _arguments(found: _Found, arguments: tuple[str, ...]) -> Iterable[str]:
    """``--token X``, ``--token=X``, ``-e TOKEN=X``, and whatever looks like a key by itself."""
    before = ""
    for argument in arguments:
        assigned = _ASSIGNED.fullmatch(argument)
        if assigned and looks_secret(assigned[1], assigned[2]):
            yield f"{assigned[1]}={found.take(assigned[1].lstrip('-'), assigned[2])}"
        elif before.startswith("-") and not argument.startswith("-") and looks_secret(before, argument):
            yield found.take(before.lstrip("-"), argument)
        elif value_looks_secret(argument):
            yield found.take("argument", argument)
        else:
            yield argument
        before = "" if "=" in argument else argument


def _url(found: _Found, url: str) -> str:
    """Keys in its query: what is left is written as it was."""
    query = urlsplit(url).query if url else ""
    if not query:
        return url
    pieces = []
    for piece in query.split("&"):
        name, equals, value = piece.partition("=")
        pieces.append(f"{name}={found.take(name, value)}" if equals and looks_secret(name, value) else piece)
    return url.replace(f"?{query}", f"?{'&'.join(pieces)}", 1)
