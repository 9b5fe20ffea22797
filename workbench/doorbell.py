"""The channel to the window that is open on a data home: a word in, a word out. Without Qt, so that ringing is quick."""

from __future__ import annotations

import hashlib
import os
import socket
import sys
from pathlib import Path

FRONT, QUICK, ANSWER = "front", "quick", b"here"
# The leave of the desktop to come to the front, given to the command that keys start.
TOKEN_VARIABLE = "XDG_ACTIVATION_TOKEN"  # noqa: S105 - no password
WAIT_SECONDS = 0.7  # for somebody who listens at all
BUSY_SECONDS = 10.0  # for one who listens to say so: a window that starts is busy with that first


def server_name(home: Path) -> str:
    """Short, the same for every start on this home, different for every other home (and so for every user)."""
    return "workbench-" + hashlib.sha256(str(home).encode()).hexdigest()[:16]


def address(home: Path, platform: str = sys.platform) -> str:
    """Where the window listens: a socket in the folder for temporary files, or a named pipe on Windows."""
    if platform == "win32":
        return rf"\\.\pipe\{server_name(home)}"
    return f"{os.environ.get('TMPDIR') or '/tmp'}/{server_name(home)}"  # noqa: S108 - open to this user only


def ring(home: Path, word: str) -> bool:
    """Ask the window that is open on this home for `FRONT` or `QUICK`. True when one answered."""
    message = f"{word} {os.environ.get(TOKEN_VARIABLE, '')}".strip().encode()
    try:
        return _asked(address(home), message) == ANSWER
    except OSError:
        return False


def _asked(place: str, message: bytes) -> bytes:
    if sys.platform == "win32":
        with Path(place).open("r+b", buffering=0) as pipe:
            pipe.write(message)
            return pipe.read(len(ANSWER)) or b""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as channel:
        channel.settimeout(WAIT_SECONDS)
        channel.connect(place)
        channel.settimeout(BUSY_SECONDS)
        channel.sendall(message)
        return channel.recv(len(ANSWER))
