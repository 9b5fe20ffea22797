"""What a program file was made for, read from its first bytes: before it is run, not from how it fails. Pure.

Formats: ELF (elf.h: class, byte order, e_machine), PE (the header that the DOS header points to, its Machine), Mach-O
(cputype; a universal file lists several).
"""

from __future__ import annotations

import struct
from collections.abc import Mapping

HEAD_BYTES = 4096

_ELF_MACHINES = {0x3E: "x86_64", 0xB7: "arm64"}
_PE_MACHINES = {0x8664: "x86_64", 0xAA64: "arm64"}
_MACH_MACHINES = {0x01000007: "x86_64", 0x0100000C: "arm64"}
_MACH_64 = b"\xcf\xfa\xed\xfe"
_MACH_UNIVERSAL = b"\xca\xfe\xba\xbe"
_MOST_UNIVERSAL = 8

_SYSTEM_WORDS = {"linux": "Linux", "macos": "macOS", "windows": "Windows"}

Made = tuple[str, frozenset[str]]  # the system, and the machines


def made_for(head: bytes) -> Made | None:
    """The system and the machines that a program beginning with ``head`` is made for; None: no program that is known.

    An unknown kind of machine is an empty set of them.
    """
    try:
        if head[:4] == b"\x7fELF":
            order = "<" if head[5] == 1 else ">"
            return "linux", _known(_ELF_MACHINES, struct.unpack_from(f"{order}H", head, 18)[0])
        if head[:2] == b"MZ":
            (at,) = struct.unpack_from("<I", head, 0x3C)
            return ("windows", _known(_PE_MACHINES, _pe_machine(head, at))) if head[at : at + 4] == b"PE\0\0" else None
        if head[:4] == _MACH_64:
            return "macos", _known(_MACH_MACHINES, struct.unpack_from("<I", head, 4)[0])
        if head[:4] == _MACH_UNIVERSAL:
            return _universal(head)
    except (struct.error, IndexError):
        return None
    return None


def mismatch(head: bytes, system: str, machine: str) -> str:
    """Why the program beginning with ``head`` cannot run on ``system`` and ``machine``; empty when it can.

    A script (``#!``) runs wherever there are scripts.
    """
    if head[:2] == b"#!" and system != "windows":
        return ""
    found = made_for(head)
    if found is None:
        return "It is not a program."
    if found[0] == system and machine in found[1]:
        return ""
    machines = " or ".join(sorted(found[1])) or "an unknown kind of processor"
    return f"It is made for {_SYSTEM_WORDS[found[0]]} on {machines}; this is {_SYSTEM_WORDS[system]} on {machine}."


def _known(table: Mapping[int, str], number: int) -> frozenset[str]:
    return frozenset({table[number]} if number in table else ())


def _pe_machine(head: bytes, at: int) -> int:
    return int(struct.unpack_from("<H", head, at + 4)[0])


def _universal(head: bytes) -> Made | None:
    (count,) = struct.unpack_from(">I", head, 4)
    if not 0 < count <= _MOST_UNIVERSAL:  # Java's class files begin with the same bytes, and a version number here
        return None
    kinds = [struct.unpack_from(">I", head, 8 + 20 * number)[0] for number in range(count)]
    return "macos", frozenset(_MACH_MACHINES[kind] for kind in kinds if kind in _MACH_MACHINES)
