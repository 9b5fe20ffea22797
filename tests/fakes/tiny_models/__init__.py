"""Mixture-of-experts models of real architectures, small enough to be made for a test, that say what a script tells them.

`build` makes one; the fixtures in `tests/conftest.py` hold the usual ones.
"""

from __future__ import annotations

import hashlib
import importlib
import os
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from tests.fakes.tiny_models.script import Script

__all__ = ["FAMILIES", "Script", "build", "build_seeing"]

UNWANTED_SECONDS = 7 * 24 * 3600
FAMILIES = ("gpt_oss", "qwen3moe", "gemma4")


def build(family: str, starter: Path, folder: Path, script: Script | None = None) -> Path:
    """The GGUF file of a tiny model of ``family``, made in ``folder`` if it is not there yet.

    ``starter``: the SmolLM2 file, whose tokenizer is used. Raises `ValueError` for a script that the model cannot say.
    """
    wanted = script or Script()
    target = folder / f"tiny-{family.replace('_', '-')}-{_key(family, wanted)}.gguf"
    if not target.exists():
        folder.mkdir(parents=True, exist_ok=True)
        draft = target.with_suffix(f".{os.getpid()}")
        _forget_old(folder)
        try:
            importlib.import_module(f"tests.fakes.tiny_models.{family}").write(draft, starter, wanted)
            draft.rename(target)
        finally:
            draft.unlink(missing_ok=True)
    target.touch()
    return target


def build_seeing(starter: Path, folder: Path) -> tuple[Path, Path]:
    """The files of a tiny model that sees, and of its projector: see `seeing`."""
    from tests.fakes.tiny_models import seeing

    folder.mkdir(parents=True, exist_ok=True)
    files = tuple(folder / f"tiny-{name}-{_key(name, Script())}.gguf" for name in ("seeing", "eye"))
    writers: tuple[Callable[[Path], None], ...] = (partial(seeing.write_model, starter=starter), seeing.write_projector)
    for file, write in zip(files, writers, strict=True):
        if not file.exists():
            draft = file.with_suffix(f".{os.getpid()}")
            try:
                write(draft)
                draft.rename(file)
            finally:
                draft.unlink(missing_ok=True)
        file.touch()
    return files[0], files[1]


def _forget_old(folder: Path) -> None:
    """Files of earlier scripts and earlier code go once nobody has wanted them for a week."""
    for file in folder.glob("tiny-*"):
        if time.time() - file.stat().st_mtime > UNWANTED_SECONDS:
            file.unlink(missing_ok=True)


def _key(family: str, script: Script) -> str:
    """Changes with the script and with the code that makes the model."""
    here = Path(__file__).parent
    digest = hashlib.sha256(f"{family} {script!r}".encode())
    for source in sorted((*here.glob("*.py"), *here.glob("templates/*"))):
        digest.update(source.read_bytes())
    return digest.hexdigest()[:12]
