"""How a server of tools is reached: a program of this machine, or an address. What may be typed, and what a person agrees
to. Pure.

Keys stand in the keychain: a definition has ``${secret:NAME}`` where one belongs.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import SplitResult, urlsplit

from workbench.engine.remote.address import is_near
from workbench.errors import RefusedError, UsageError
from workbench.tools.tool import BUILT_IN

EXAMPLE = "For example: workbench tools servers add clock -- uvx mcp-server-time"
MOST_ARGUMENTS, MOST_VARIABLES, MOST_CHARACTERS = 200, 100, 8_192

REFERENCE = re.compile(r"\$\{([A-Za-z]+)(?::([^{}]{1,100}))?\}")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,31}")
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_().]{0,99}")
_HEADER = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}")
_OURS = frozenset({"host", "content-length", "transfer-encoding", "connection", "content-type", "accept"})
_PORTS = {"http": 80, "https": 443}

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Definition:
    """Either ``command``, with its ``arguments``, the variables it gets and the folder it starts in (empty: the person's),
    or ``url`` with the ``headers`` it is asked with."""

    command: str = ""
    arguments: tuple[str, ...] = ()
    environment: Pairs = ()
    folder: str = ""
    url: str = ""
    headers: Pairs = ()

    @property
    def is_program(self) -> bool:
        return not self.url

    @property
    def destination(self) -> str:
        """Host and port of an address; empty for a program."""
        return _destination(urlsplit(self.url)) if self.url else ""

    @property
    def origin(self) -> str:
        """What its keys are bound to: they go nowhere else when the address changes."""
        return f"{urlsplit(self.url).scheme}://{self.destination}" if self.url else "this-computer"

    @property
    def secrets(self) -> tuple[str, ...]:
        """Names of the keys that it refers to, each once."""
        return tuple(dict.fromkeys(name for kind, name in _references(self) if kind == "secret"))

    @property
    def hash(self) -> str:
        """Of all of it: what was agreed to is this, and nothing else."""
        return hashlib.sha256(json.dumps(to_json(self), sort_keys=True).encode()).hexdigest()

    def filled(self, value: Callable[[str, str], str]) -> Definition:
        """With what ``value(kind, name)`` gives for each ``${kind:name}``."""

        def fill(text: str) -> str:
            return REFERENCE.sub(lambda found: value(found[1], found[2] or ""), text)

        def fill_pairs(pairs: Pairs) -> Pairs:
            return tuple((name, fill(text)) for name, text in pairs)

        return Definition(
            fill(self.command),
            tuple(fill(one) for one in self.arguments),
            fill_pairs(self.environment),
            fill(self.folder),
            fill(self.url),
            fill_pairs(self.headers),
        )

    def shown(self) -> dict[str, Any]:
        """Exactly what would be started or reached, for the person who is asked; keys by their names."""
        if self.url:
            return {"address": self.url, "headers": dict(self.headers)}
        return {
            "command": [self.command, *self.arguments],
            "environment": dict(self.environment),
            "folder": self.folder or "~",
        }


@dataclass(frozen=True, slots=True)
class Server:
    """``enabled``: its tools are offered. ``agreed``: the hash of the definition that a person has agreed to."""

    id: str
    name: str
    definition: Definition
    enabled: bool
    agreed: str
    created_at: float

    @property
    def is_agreed(self) -> bool:
        return self.agreed == self.definition.hash


def check_name(name: str) -> str:
    """The name, as it may be. Raises `UsageError`: it stands before the names of the tools that a model is told."""
    if not _NAME.fullmatch(name):
        raise UsageError(
            f"{name[:60]!r} is no name for a server of tools.",
            hint="Letters, digits and hyphens, at most 32: for example files.",
        )
    if name.lower() == BUILT_IN:  # its tools would pass for the program's own, which are asked about less
        raise UsageError(f"{name!r} is the program's own name for its tools.", hint="Choose another one: files, say.")
    return name


def name_from(text: str) -> str:
    """The nearest name to what another program calls it; empty where nothing is left."""
    return re.sub(r"[^A-Za-z0-9]+", "-", text).strip("-")[:32].strip("-")


def checked(definition: Definition) -> Definition:
    """The same. Raises `UsageError` for what cannot be started or reached, `RefusedError` for http to a public address."""
    if bool(definition.command) is bool(definition.url):
        raise UsageError("A server of tools is either a command or an address.", hint=EXAMPLE)
    for text in _texts(definition):
        if "\0" in text or len(text) > MOST_CHARACTERS:
            raise UsageError("The definition of this server has a text that is too long, or not one.", hint=EXAMPLE)
    if definition.url:
        _check_url(definition.url)
    _check_counts(definition)
    for name, _value in definition.environment:
        if not _VARIABLE.fullmatch(name):
            raise UsageError(f"{name[:60]!r} is no name of a variable.", hint="For example LANG=en.")
    for name, value in definition.headers:
        if not _HEADER.fullmatch(name) or name.lower() in _OURS or "\n" in value or "\r" in value:
            raise UsageError(f"The header {name[:60]!r} cannot be sent.", hint="For example Authorization.")
    return definition


def to_json(definition: Definition) -> dict[str, Any]:
    """Only what is there."""
    whole: dict[str, Any] = {
        "command": definition.command,
        "args": list(definition.arguments),
        "env": dict(definition.environment),
        "cwd": definition.folder,
        "url": definition.url,
        "headers": dict(definition.headers),
    }
    return {key: value for key, value in whole.items() if value}


def from_json(raw: Mapping[str, Any]) -> Definition:
    """What `to_json` made. Raises `UsageError` for what is of another shape."""
    return Definition(
        _text(raw, "command"),
        _list(raw, "args"),
        _pairs(raw, "env"),
        _text(raw, "cwd"),
        _text(raw, "url"),
        _pairs(raw, "headers"),
    )


def _text(raw: Mapping[str, Any], key: str) -> str:
    value = raw.get(key) or ""
    if not isinstance(value, str):
        raise _wrong_shape(key)
    return value


def _list(raw: Mapping[str, Any], key: str) -> tuple[str, ...]:
    value = raw.get(key) or []
    if not isinstance(value, list) or not all(isinstance(one, str | int | float) for one in value):
        raise _wrong_shape(key)
    return tuple(str(one) for one in value)


def _pairs(raw: Mapping[str, Any], key: str) -> Pairs:
    value = raw.get(key) or {}
    if not isinstance(value, Mapping) or not all(isinstance(one, str | int | float) for one in value.values()):
        raise _wrong_shape(key)
    return tuple((str(name), str(one)) for name, one in value.items())


def _wrong_shape(key: str) -> UsageError:
    return UsageError(f"{key!r} of this server is of a kind that cannot be used.", hint=EXAMPLE)


def _check_counts(definition: Definition) -> None:
    variables = len(definition.environment) + len(definition.headers)
    if len(definition.arguments) > MOST_ARGUMENTS or variables > MOST_VARIABLES:
        raise UsageError(
            f"A server has at most {MOST_ARGUMENTS} arguments, and {MOST_VARIABLES} variables or headers.", hint=EXAMPLE
        )


def _check_url(url: str) -> None:
    example = "For example https://tools.example.org/mcp."
    if any(character.isspace() or not character.isprintable() for character in url):
        raise UsageError("That is no address of a server.", hint=example)
    try:
        parts = urlsplit(url)
        destination = _destination(parts)
    except ValueError as error:
        raise UsageError("That is no address of a server.", hint=example) from error
    if parts.scheme not in _PORTS or not parts.hostname:
        raise UsageError("The address of a server begins with https:// or http://.", hint=example)
    if parts.username is not None:
        raise UsageError("An address has no name and key before its host.", hint="Give the key as a header.")
    if parts.scheme == "http" and not is_near(parts.hostname):
        raise RefusedError(
            f"{destination} is on the internet, and http:// would show everybody on the way what is asked.",
            hint="Nothing was sent. Use https://.",
        )


def _destination(parts: SplitResult) -> str:
    host = parts.hostname or ""
    return f"[{host}]:{_port(parts)}" if ":" in host else f"{host}:{_port(parts)}"


def _port(parts: SplitResult) -> int:
    return parts.port or _PORTS.get(parts.scheme, 0)


def _texts(definition: Definition) -> Iterator[str]:
    yield from (definition.command, *definition.arguments, definition.folder, definition.url)
    for name, value in (*definition.environment, *definition.headers):
        yield name
        yield value


def _references(definition: Definition) -> Iterator[tuple[str, str]]:
    for text in _texts(definition):
        for found in REFERENCE.finditer(text):
            yield found[1], found[2] or ""
