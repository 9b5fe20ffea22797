"""On what kind of drive a folder is: other machines change files without our system telling of it.

Linux: `/proc/self/mountinfo`, proc(5). macOS: what `mount` prints, which asks no server. Windows: `GetDriveTypeW`.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path, PureWindowsPath
from typing import Final

_KINDS: Final = (
    "nfs nfs4 cifs smb3 smbfs smb2 ncpfs afs afpfs webdav davfs ceph glusterfs lustre beegfs gpfs orangefs 9p virtiofs"
    " vboxsf prl_fs vmhgfs fuse.sshfs fuse.rclone fuse.davfs2 fuse.s3fs fuse.gvfsd-fuse fuse.kio-fuse fuse.vmhgfs-fuse"
    " fuse.glusterfs fuse.cephfs fuse.smbnetfs fuse.mergerfs fuse.juicefs fuse.gcsfuse fuse.onedriver drvfs"
)
_NETWORK: Final = frozenset(_KINDS.split())
_DRIVE_REMOTE: Final = 4
_MOUNT_LINE: Final = re.compile(r"^.+ on (?P<place>/.*) \((?P<kind>[^,()]+)[,)]")
_OCTAL: Final = re.compile(r"\\([0-7]{3})")


def on_network(path: Path) -> bool:
    """Whether files of this folder may change without an event. A system that does not tell: no."""
    if sys.platform == "win32":
        return _windows(path)
    try:
        mounts = _macos_mounts() if sys.platform == "darwin" else linux_mounts(_mountinfo())
    except (OSError, subprocess.SubprocessError):
        return False
    return kind_at(str(path), mounts) in _NETWORK


def kind_at(path: str, mounts: dict[str, str]) -> str:
    """The kind of file system at an absolute path; empty: unknown. Pure."""
    holding = [place for place in mounts if place == "/" or path == place or path.startswith(f"{place}/")]
    return mounts[max(holding, key=len)] if holding else ""


def linux_mounts(mountinfo: str) -> dict[str, str]:
    """Places and kinds; of one place the last, which hides the others. Pure."""
    mounts = {}
    for line in mountinfo.splitlines():
        before, dash, after = line.partition(" - ")
        fields = before.split(" ")
        if dash and len(fields) > 4:
            mounts[_OCTAL.sub(lambda code: chr(int(code[1], 8)), fields[4])] = after.split(" ")[0]
    return mounts


def mounts_below(root: str, mountinfo: str) -> frozenset[tuple[str, str]]:
    """Number and place of what is mounted in a folder, not on it: a drive that comes back has another number. Pure."""
    found = set()
    for line in mountinfo.splitlines():
        fields = line.split(" ", 5)
        if len(fields) > 5:
            place = _OCTAL.sub(lambda code: chr(int(code[1], 8)), fields[4])
            if place.startswith(f"{root.rstrip('/')}/") and place != root:
                found.add((fields[0], place))
    return frozenset(found)


def mounts_told() -> str:
    """What Linux tells of all mounts: the same text as long as they are the same. Empty where asking would take long."""
    if sys.platform != "linux":
        return ""
    try:
        return _mountinfo()
    except OSError:
        return ""


def macos_mounts(printed: str) -> dict[str, str]:
    """Of what `mount` prints. Pure."""
    found = (_MOUNT_LINE.match(line) for line in printed.splitlines())
    return {line["place"]: line["kind"].strip() for line in found if line}


def windows_network(path: PureWindowsPath, drive_type: int) -> bool:
    """``drive_type``: as `GetDriveTypeW` tells of the drive. Pure."""
    drive = path.drive.removeprefix("\\\\?\\")
    return drive.startswith(("\\\\", "UNC\\")) or drive_type == _DRIVE_REMOTE


def _mountinfo() -> str:
    return Path("/proc/self/mountinfo").read_bytes().decode(errors="surrogateescape")


def _macos_mounts() -> dict[str, str]:
    done = subprocess.run(["/sbin/mount"], capture_output=True, timeout=5, check=False)
    return macos_mounts(os.fsdecode(done.stdout))


def _windows(path: Path) -> bool:
    import ctypes

    plain = PureWindowsPath(path)
    kernel = getattr(ctypes, "windll").kernel32  # noqa: B009 - there is none elsewhere
    return windows_network(plain, int(kernel.GetDriveTypeW(plain.anchor or None)))
