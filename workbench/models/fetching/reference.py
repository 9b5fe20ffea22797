"""``OWNER/REPO/FILE[@REVISION]``: which file of the hub is meant. Pure.

No name passes that could lead out of the models folder, on any system.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from workbench.errors import UsageError

_REPOSITORY_PART = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,95}")
_REVISION = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,199}")
_COMMIT = re.compile(r"[0-9a-f]{40}")
_SHARD = re.compile(r"(?P<stem>.+)-(?P<number>\d{5})-of-(?P<count>\d{5})(?P<end>\.gguf)", re.IGNORECASE)
_FORBIDDEN = re.compile(r'[\x00-\x1f\x7f<>:"|?*\\]')
_DEVICES = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?", re.IGNORECASE)
MAX_SHARDS = 1000
MAX_NAME_BYTES = 200  # with what a download adds (.part), still below every file system's 255
FORM = "OWNER/REPO/FILE.gguf, with @COMMIT at the end to pin it"


@dataclass(frozen=True, slots=True)
class Reference:
    """A GGUF file of a hub repository. ``file``: with its folders, by forward slashes. ``revision``: None is the newest."""

    repository: str
    file: str
    revision: str | None = None

    def __str__(self) -> str:
        return f"{self.repository}/{self.file}" + (f"@{self.revision}" if self.revision else "")


def is_reference(text: str) -> bool:
    """Whether ``text`` means a file of the hub rather than a name: it has two slashes or more."""
    return text.count("/") >= 2


def parse(text: str) -> Reference:
    """Raises `UsageError` saying what is wrong with ``text``."""
    path, _, revision = text.strip().removeprefix("hf://").partition("@")
    owner, _, rest = path.partition("/")
    name, _, file = rest.partition("/")
    if not file:
        raise UsageError(f"{text!r} is no file of a hub repository.", hint=f"Write {FORM}.")
    if "@" in text and (not _REVISION.fullmatch(revision) or ".." in revision):
        raise UsageError(f"{revision!r} is no commit or branch.", hint=f"Write {FORM}.")
    check_repository(f"{owner}/{name}")
    check_file(file)
    return Reference(f"{owner}/{name}", file, revision or None)


def check_repository(repository: str) -> None:
    """Raise `UsageError` unless ``repository`` is OWNER/REPO, harmless as a path."""
    parts = repository.split("/")
    if len(parts) != 2 or not all(_REPOSITORY_PART.fullmatch(part) and is_harmless(part) for part in parts):
        raise UsageError(
            f"{repository!r} is no hub repository.", hint="Write OWNER/REPO, as in the address of its page."
        )


def check_file(file: str) -> None:
    """Raise `UsageError` unless ``file`` is a relative path to a GGUF file that is harmless on every system."""
    parts = file.split("/")
    if len(parts) > 8 or not all(is_harmless(part) for part in parts):
        raise UsageError(f"{file!r} cannot be the name of a model file.", hint=f"Write {FORM}.")
    if not file.lower().endswith(".gguf"):
        raise UsageError(
            f"{file} is no GGUF file.", hint="The engine reads GGUF files only. Look for a GGUF build of it."
        )


def is_harmless(name: str) -> bool:
    """Whether ``name`` is one plain name on every system: no way up, no drive, no device, nothing hidden."""
    return bool(
        name
        and name[0] not in ".~ "
        and name[-1] not in ". "
        and name.isprintable()
        and not _FORBIDDEN.search(name)
        and not _DEVICES.fullmatch(name)
        and len(name.encode("utf-8", "surrogatepass")) <= MAX_NAME_BYTES
    )


def is_commit(revision: str) -> bool:
    return bool(_COMMIT.fullmatch(revision))


def shards(file: str) -> tuple[str, ...]:
    """All parts of the model that ``file`` is a part of, in order; the file itself when it is whole.

    Raises `UsageError` for a part that cannot be.
    """
    found = _SHARD.fullmatch(file)
    if not found:
        return (file,)
    number, count = int(found["number"]), int(found["count"])
    if not 1 <= number <= count <= MAX_SHARDS:
        raise UsageError(f"{file} cannot be part {number} of {count}.", hint=f"Write {FORM}.")
    return tuple(f"{found['stem']}-{part:05}-of-{count:05}{found['end']}" for part in range(1, count + 1))


def is_projector(file: str) -> bool:
    """Whether ``file`` lets another model see, and is no model of its own."""
    return "mmproj" in PurePosixPath(file).name.lower()


def place(folder: Path, repository: str, file: str) -> Path:
    """Where the file belongs below ``folder``. Raises `UsageError` for a name that is not harmless."""
    check_repository(repository)
    check_file(file)
    return folder.joinpath(*repository.split("/"), *file.split("/"))
