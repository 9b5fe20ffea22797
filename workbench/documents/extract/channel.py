"""Between the pool and a child of it: orders with an open file go there, answers come back.

Where there are Unix sockets, one is the child's standard input, and the file goes along with the order. On Windows the
child has pipes, and the file's handle is given to it by number ("DuplicateHandle" of Microsoft's documentation).
"""

from __future__ import annotations

import os
import socket
import struct
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from workbench.engine.launching import containment

_LENGTH = struct.Struct(">I?")
_PIECE = 1 << 16


class ParentEnd:
    """A child, started; its answers are read by one thread at a time."""

    def __init__(self, command: Sequence[str], folder: Path, environment: Mapping[str, str], memory_bytes: int) -> None:
        self._socket: socket.socket | None = None
        options: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        theirs = None
        if sys.platform != "win32":
            self._socket, theirs = socket.socketpair()
            options = {"stdin": theirs, "stdout": subprocess.DEVNULL}
        try:
            self._process = subprocess.Popen(
                command,
                stderr=subprocess.DEVNULL,
                cwd=folder,
                env=dict(environment),
                **options,
                **containment.spawn_options(),
            )
        except BaseException:
            if self._socket is not None:
                self._socket.close()
            raise
        finally:
            if theirs is not None:
                theirs.close()
        self._bond = containment.bind(self._process, memory_bytes)
        self.served = 0
        self.ready = False

    def ask(self, order: bytes, descriptor: int, most: int) -> tuple[bytes, bool]:
        """The answer to an order about this open file, and whether it was the last one. Empty where the child ended without
        a whole one, or says more than ``most`` bytes. ``ready`` is whether it ever came to take orders."""
        try:
            self._send(order, descriptor)
            if not self.ready:
                self._received(_LENGTH.size)
                self.ready = True
            head = self._received(_LENGTH.size)
            length, last = _LENGTH.unpack(head)
            said = self._received(length) if length <= most else b""
        except (OSError, struct.error, EOFError):
            return b"", True
        self.served += 1
        return said, last or not said

    def kill(self) -> None:
        """End it now, from any thread; who waits for its answer gets none."""
        with suppress(OSError):
            self._process.kill()

    def end(self) -> int:
        """Kill it where it lives, and tidy up. Returns its exit status."""
        self.kill()
        status = self._process.wait()
        for stream in (self._socket, self._process.stdin, self._process.stdout):
            if stream is not None:
                with suppress(OSError):
                    stream.close()
        self._bond = None
        return status

    def _send(self, order: bytes, descriptor: int) -> None:
        if self._socket is not None:
            socket.send_fds(self._socket, [_LENGTH.pack(len(order), 0)], [descriptor])
            self._socket.sendall(order)
            return
        assert self._process.stdin is not None  # noqa: S101 - for the type checker
        order = b"%d %b" % (_handle_for(self._process, descriptor), order)
        self._process.stdin.write(_LENGTH.pack(len(order), 0) + order)
        self._process.stdin.flush()

    def _received(self, count: int) -> bytes:
        got = bytearray()
        while len(got) < count:
            wanted = min(count - len(got), 1 << 20)
            if self._socket is not None:
                piece = self._socket.recv(wanted)
            else:
                assert self._process.stdout is not None  # noqa: S101 - for the type checker
                piece = self._process.stdout.read(wanted)
            if not piece:
                raise EOFError
            got += piece
        return bytes(got)


def _handle_for(process: subprocess.Popen[bytes], descriptor: int) -> int:
    """A copy of the file's handle that lives in the child."""
    if sys.platform == "win32":
        import _winapi
        import msvcrt

        theirs = int(process._handle)  # noqa: SLF001 - as multiprocessing does
        handle, same = msvcrt.get_osfhandle(descriptor), _winapi.DUPLICATE_SAME_ACCESS
        return _winapi.DuplicateHandle(_winapi.GetCurrentProcess(), handle, theirs, 0, 0, same)
    raise OSError("no handles here")


class ChildEnd:
    """In the child: its standard input, and on Windows its standard output."""

    def __init__(self, idle_seconds: float) -> None:
        self._socket: socket.socket | None = None
        self._out = 0
        if sys.platform != "win32":
            self._socket = socket.socket(fileno=os.dup(0))
            self._socket.settimeout(idle_seconds)
        else:
            self._out = os.dup(1)
            os.dup2(2, 1)

    def asked(self) -> tuple[bytes, int] | None:
        """The next order and its file; None when there is none any more."""
        try:
            return self._asked()
        except (OSError, EOFError, ValueError):
            return None

    def ready(self) -> None:
        """Orders are taken from now on."""
        self.say(b"", last=False)

    def say(self, said: bytes, *, last: bool) -> None:
        said = _LENGTH.pack(len(said), last) + said
        if self._socket is not None:
            self._socket.sendall(said)
            return
        while said:
            said = said[os.write(self._out, said[:_PIECE]) :]

    def _asked(self) -> tuple[bytes, int]:
        if self._socket is None:
            length, _last = _LENGTH.unpack(self._received(_LENGTH.size))
            handle, _space, order = self._received(length).partition(b" ")
            return order, _descriptor_of(int(handle))
        head, descriptors, _flags, _address = socket.recv_fds(self._socket, _LENGTH.size, 1)
        if not descriptors:
            raise EOFError
        head += self._received(_LENGTH.size - len(head))
        return self._received(_LENGTH.unpack(head)[0]), descriptors[0]

    def _received(self, count: int) -> bytes:
        got = b""
        while len(got) < count:
            wanted = count - len(got)
            piece = self._socket.recv(wanted) if self._socket is not None else os.read(0, wanted)
            if not piece:
                raise EOFError
            got += piece
        return got


def _descriptor_of(handle: int) -> int:
    if sys.platform == "win32":
        import msvcrt

        return msvcrt.open_osfhandle(handle, os.O_RDONLY)
    raise OSError("no handles here")
