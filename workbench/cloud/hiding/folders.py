"""Home folders: who uses a computer stands in the path of every file of theirs. Hidden up to and with that name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from workbench.cloud.hiding.found import Found
from workbench.cloud.hiding.redaction import Hidden

_END: Final = r"\s/\\:*?\"'`<>|$%{}()\[\],;…"
_UNIX: Final = re.compile(rf"/(?<![\w.-].)(?:home|Users)/(?P<user>[^{_END}]{{2,40}})")
_WINDOWS: Final = re.compile(
    rf":(?<=(?<!\w)[A-Za-z]:)\\{{1,2}}(?i:users|benutzer|utilisateurs|usuarios)\\{{1,2}}"
    rf"(?P<user>[^{_END}]{{1,40}}(?:[ ][^{_END}]{{1,40}}){{1,3}}(?=\\)|[^{_END}]{{2,40}})"
)
_NOBODY: Final = frozenset(
    (
        *("user", "users", "username", "your-name", "yourname", "your_name", "you", "me", "name", "someone"),
        *("shared", "public", "default", "all", "guest", "example"),
        *("admin", "administrator", "root", "runner", "ubuntu", "node", "app", "linuxbrew"),
    )
)


def folders(text: str) -> Iterator[Found]:
    """Each path of a person's folder, `/home/anna` of `/home/anna/notes.txt`."""
    for pattern, before in ((_UNIX, 0), (_WINDOWS, 1)):  # the letter of the drive stands before the colon
        for match in pattern.finditer(text):
            user = match["user"].rstrip(".!")
            if len(user) > 1 and user.casefold() not in _NOBODY:
                yield Found(match.start() - before, match.start("user") + len(user), Hidden.ADDRESS)
