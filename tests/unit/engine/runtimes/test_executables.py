"""What a program is made for, from its first bytes: real headers, cut ones, and anything else."""

from __future__ import annotations

import struct
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.engine.runtimes.executables import made_for, mismatch


def elf(machine: int) -> bytes:
    return b"\x7fELF\x02\x01\x01" + bytes(9) + struct.pack("<HH", 3, machine)


def pe(machine: int) -> bytes:
    return b"MZ" + bytes(58) + struct.pack("<I", 128) + bytes(64) + b"PE\0\0" + struct.pack("<H", machine)


def universal(*kinds: int) -> bytes:
    entries = b"".join(struct.pack(">IIIII", kind, 0, 4096, 100, 12) for kind in kinds)
    return b"\xca\xfe\xba\xbe" + struct.pack(">I", len(kinds)) + entries


X86_MAC, ARM_MAC = 0x01000007, 0x0100000C


@pytest.mark.parametrize(
    ("head", "system", "machines"),
    [
        (elf(0x3E), "linux", {"x86_64"}),
        (elf(0xB7), "linux", {"arm64"}),
        (elf(0xF3), "linux", set()),  # RISC-V
        (pe(0x8664), "windows", {"x86_64"}),
        (pe(0xAA64), "windows", {"arm64"}),
        (b"\xcf\xfa\xed\xfe" + struct.pack("<I", ARM_MAC), "macos", {"arm64"}),
        (universal(X86_MAC, ARM_MAC), "macos", {"x86_64", "arm64"}),
    ],
)
def test_known_formats(head: bytes, system: str, machines: set[str]) -> None:
    assert made_for(head) == (system, frozenset(machines))


@pytest.mark.parametrize("head", [b"", b"MZ", b"\x7fELF", b"PK\3\4", b"<!doctype html>", b"\xca\xfe\xba\xbe\0\0\0\x41"])
def test_what_is_no_program(head: bytes) -> None:
    assert made_for(head) is None
    assert mismatch(head, "linux", "x86_64") == "It is not a program."


def test_a_wrong_program_is_named_in_one_sentence() -> None:
    assert mismatch(elf(0x3E), "linux", "x86_64") == ""
    assert mismatch(elf(0xB7), "linux", "x86_64") == "It is made for Linux on arm64; this is Linux on x86_64."
    assert "Windows on x86_64" in mismatch(pe(0x8664), "macos", "arm64")
    assert "an unknown kind of processor" in mismatch(elf(0xF3), "linux", "x86_64")
    assert mismatch(b"#!/bin/sh\n", "linux", "arm64") == ""
    assert mismatch(b"#!/bin/sh\n", "windows", "x86_64") == "It is not a program."


@pytest.mark.skipif(sys.platform != "linux", reason="this interpreter's own file is read")
def test_a_real_program() -> None:
    made = made_for(Path(sys.executable).resolve().read_bytes()[:4096])
    assert made is not None
    assert made[0] == "linux"


@given(st.sampled_from([b"\x7fELF", b"MZ", b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe", b""]), st.binary(max_size=200))
def test_any_bytes_are_taken(magic: bytes, rest: bytes) -> None:
    made_for(magic + rest)
