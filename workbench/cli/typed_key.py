"""A key that a person gives to a command: never as an argument, which others of this computer can read."""

from __future__ import annotations

import sys

from workbench.errors import UsageError

MOST_CHARACTERS = 4096


def typed_key(command: str) -> str:
    """From a pipe, or typed without being shown. Raises `UsageError` for none."""
    if sys.stdin is not None and sys.stdin.isatty():
        import getpass

        key = getpass.getpass("Key: ")
    else:
        key = sys.stdin.read(MOST_CHARACTERS + 1) if sys.stdin is not None else ""
    if not key.strip() or len(key) > MOST_CHARACTERS:
        raise UsageError("There is no key on standard input.", hint=f"{command} --help")
    return key
