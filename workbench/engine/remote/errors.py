"""What another machine's server may do wrong, as errors that people meet. Their words are in `failures`."""

from __future__ import annotations

from workbench.errors import EngineError


class ServerError(EngineError):
    """Another machine answered with an error, or with what cannot be read."""

    kind = "server"
    default_hint = "Try again, or look at that machine: `workbench servers check` says what it answers."


class UnreachableError(ServerError):
    """Nothing answers there."""

    default_hint = "Is that machine on, and its server started for the network?"


class WrongKeyError(ServerError):
    """The server wants a key, or another one."""

    default_hint = "Add the server again with its key."


class ForbiddenError(WrongKeyError):
    """The key is known, and may not do this; or something before the server says so."""
