"""What must come from the operating system: looked for by the thing itself, named for each package manager.

RPM systems need no names: dnf and zypper find a package by the library or the file that it provides.
"""

import ctypes
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from steps.process import say


@dataclass(frozen=True)
class Requirement:
    """One thing that has to be there: a shared library, a program, or a file (a glob under the root)."""

    kind: str
    name: str
    apt: str
    pacman: str

    def rpm(self) -> str:
        """How dnf and zypper are asked for it."""
        return {"library": f"{self.name}()(64bit)", "program": f"/usr/bin/{self.name}"}.get(self.kind, self.apt)


def _library(soname: str, apt: str, pacman: str) -> Requirement:
    return Requirement("library", soname, apt, pacman)


def _program(name: str, apt: str, pacman: str) -> Requirement:
    return Requirement("program", name, apt, pacman)


# What `ldd` names for Qt's libraries and its xcb and wayland plugins, and the OpenMP runtime of llama.cpp.
WINDOW = (
    _library("libGL.so.1", "libgl1", "libglvnd"),
    _library("libEGL.so.1", "libegl1", "libglvnd"),
    _library("libX11-xcb.so.1", "libx11-xcb1", "libx11"),
    _library("libdbus-1.so.3", "libdbus-1-3", "dbus"),
    _library("libfontconfig.so.1", "libfontconfig1", "fontconfig"),
    _library("libglib-2.0.so.0", "libglib2.0-0", "glib2"),
    _library("libgomp.so.1", "libgomp1", "gcc-libs"),
    _library("libgssapi_krb5.so.2", "libgssapi-krb5-2", "krb5"),
    _library("libwayland-client.so.0", "libwayland-client0", "wayland"),
    _library("libwayland-cursor.so.0", "libwayland-cursor0", "wayland"),
    _library("libwayland-egl.so.1", "libwayland-egl1", "wayland"),
    _library("libxcb-cursor.so.0", "libxcb-cursor0", "xcb-util-cursor"),
    _library("libxcb-icccm.so.4", "libxcb-icccm4", "xcb-util-wm"),
    _library("libxcb-image.so.0", "libxcb-image0", "xcb-util-image"),
    _library("libxcb-keysyms.so.1", "libxcb-keysyms1", "xcb-util-keysyms"),
    _library("libxcb-randr.so.0", "libxcb-randr0", "libxcb"),
    _library("libxcb-render-util.so.0", "libxcb-render-util0", "xcb-util-renderutil"),
    _library("libxcb-shape.so.0", "libxcb-shape0", "libxcb"),
    _library("libxcb-sync.so.1", "libxcb-sync1", "libxcb"),
    _library("libxcb-xfixes.so.0", "libxcb-xfixes0", "libxcb"),
    _library("libxcb-xkb.so.1", "libxcb-xkb1", "libxcb"),
    _library("libxkbcommon.so.0", "libxkbcommon0", "libxkbcommon"),
    _library("libxkbcommon-x11.so.0", "libxkbcommon-x11-0", "libxkbcommon-x11"),
)

# A screen without a monitor, a window manager, keys, fonts, and the accessibility tree as a screen reader sees it.
TESTS = (
    _program("Xvfb", "xvfb", "xorg-server-xvfb"),
    _program("openbox", "openbox", "openbox"),
    _program("xdotool", "xdotool", "xdotool"),
    _program("dbus-run-session", "dbus-daemon", "dbus"),
    _program("dbus-launch", "dbus-x11", "dbus"),
    _program("gnome-keyring-daemon", "gnome-keyring", "gnome-keyring"),
    Requirement("file", "usr/lib*/**/at-spi-bus-launcher", "at-spi2-core", "at-spi2-core"),
    Requirement("file", "usr/lib*/**/girepository-1.0/Atspi-2.0.typelib", "gir1.2-atspi-2.0", "at-spi2-core"),
    Requirement("file", "usr/lib/python3*/*-packages/gi", "python3-gi", "python-gobject"),
    Requirement("file", "usr/lib/python3*/*-packages/pyatspi", "python3-pyatspi", "python-atspi"),
    Requirement("file", "usr/lib/python3*/*-packages/dogtail", "python3-dogtail", "python-dogtail"),
    Requirement("file", "usr/share/fonts/**/*.[to]tf", "fonts-dejavu-core", "ttf-dejavu"),
)

# llama-cpp-python is compiled: CMake and ninja come from the package index.
COMPILING = (_program("c++", "g++", "gcc"), _program("cc", "gcc", "gcc"))

# PyInstaller reads libraries with objdump; strip comes in the same package.
PACKAGING = (_program("objdump", "binutils", "binutils"),)

MANAGERS = {"apt-get": "apt", "dnf": "rpm", "zypper": "rpm", "pacman": "pacman"}
INSTALL = {
    "apt-get": ["apt-get", "install", "--yes", "--no-install-recommends"],
    "dnf": ["dnf", "install", "--assumeyes"],
    "zypper": ["zypper", "--non-interactive", "install"],
    "pacman": ["pacman", "--sync", "--needed", "--noconfirm"],
}


def _loads(soname: str) -> bool:
    try:
        ctypes.CDLL(soname)
    except OSError:
        return False
    return True


def present(requirement: Requirement) -> bool:
    """Whether this machine has it."""
    if requirement.kind == "library":
        return _loads(requirement.name)
    if requirement.kind == "program":
        return shutil.which(requirement.name) is not None
    return next(Path("/").glob(requirement.name), None) is not None


def venv_requirement(version: tuple[int, ...]) -> Requirement:
    """Debian ships Python without `ensurepip`; its package carries the version in its name."""
    name = f"python{version[0]}.{version[1]}-venv"
    return Requirement("module", "ensurepip", name, "python")


def package_names(requirements: Iterable[Requirement], manager: str) -> list[str]:
    """The packages to ask `manager` for, each once, in the order of need."""
    words = MANAGERS[manager]
    named = (item.rpm() if words == "rpm" else str(getattr(item, words)) for item in requirements)
    return list(dict.fromkeys(named))


def install_command(requirements: Iterable[Requirement], manager: str) -> list[str]:
    """The command that installs what is missing, as a person would type it, without sudo."""
    return [*INSTALL[manager], *package_names(requirements, manager)]


def find_manager(which: Callable[[str], str | None] = shutil.which) -> str | None:
    """The package manager of this machine, or None where we know none."""
    return next((name for name in MANAGERS if which(name)), None)


def ensure(requirements: tuple[Requirement, ...], purpose: str) -> None:
    """Install what is missing where we may; elsewhere print the exact command, and go on."""
    if not sys.platform.startswith("linux"):
        return
    missing = [item for item in requirements if not present(item)]
    if missing:
        _install(missing, purpose)


def ensure_venv() -> None:
    """Make sure that this Python can create an environment with pip inside."""
    try:
        import ensurepip  # noqa: F401
    except ImportError:
        _install([venv_requirement(sys.version_info[:3])], "creating the environment")


def _install(missing: list[Requirement], purpose: str) -> None:
    manager = find_manager()
    if manager is None:
        names = ", ".join(item.name for item in missing)
        say(f"This system lacks what {purpose} needs: {names}. Install these, then run the same command again.")
        return
    command = install_command(missing, manager)
    if manager == "apt-get" and os.geteuid() == 0 and _apt(command, purpose):
        return
    say(f"This system lacks what {purpose} needs. Please run:\n\n    {_as_typed(command)}\n")


def _as_typed(command: list[str]) -> str:
    sudo = [] if os.geteuid() == 0 else ["sudo"]
    return shlex.join([*sudo, *command])


def _apt(command: list[str], purpose: str) -> bool:
    """Install with apt as root; False when that failed. The package lists are read only when something is missing."""
    say(f"Installing system packages for {purpose}: {' '.join(command[4:])}")
    _logged(["apt-get", "update", "-q"])
    done = _logged(command)
    if done.returncode != 0:
        say("\n".join(done.stdout.splitlines()[-8:]))
    return done.returncode == 0


def _logged(command: list[str]) -> subprocess.CompletedProcess[str]:
    environ = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    return subprocess.run(
        command, env=environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
