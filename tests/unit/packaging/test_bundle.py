"""What the frozen program carries and what it says of itself; its icon in the containers of three systems."""

import plistlib
import struct
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtGui import QImage

from steps import bundle, package, smoke
from steps.places import PACKAGING, ROOT


@pytest.mark.parametrize(
    "name",
    [
        "PySide6/Qt/lib/libQt6Widgets.so.6",
        "PySide6/Qt/plugins/platforms/libqxcb.so",
        "PySide6/Qt/plugins/platforms/libqwayland.so",
        "PySide6/Qt/plugins/iconengines/libqsvgicon.so",
        "PySide6\\plugins\\platforms\\qwindows.dll",
        "PySide6/Qt/plugins/platforms/libqcocoa.dylib",
        "xllamacpp/xllamacpp.abi3.so",
        "assets/icons/workbench.svg",
        "xllamacpp-2026.10.11549.dist-info/METADATA",
    ],
)
def test_what_the_window_and_the_engine_need_stays(name: str) -> None:
    assert bundle.wanted(name)


@pytest.mark.parametrize(
    "name",
    [
        "libQt6Quick.so.6",
        "PySide6/Qt/plugins/platforms/libqeglfs.so",
        "PySide6\\plugins\\sqldrivers\\qsqlodbc.dll",
        "PySide6/opengl32sw.dll",
        "libcairo.so.2",
        "local_workbench-0.1.0.dist-info/direct_url.json",
    ],
)
def test_what_nobody_uses_is_left_out(name: str) -> None:
    assert not bundle.wanted(name)


def test_the_information_of_the_mac_program_can_be_written() -> None:
    information = plistlib.loads(plistlib.dumps(bundle.information("1.2.3")))
    assert information["CFBundleShortVersionString"] == "1.2.3"
    assert information["LSMinimumSystemVersion"] == "13.0"
    assert information["NSHighResolutionCapable"] is True


def test_the_entitlements_are_a_property_list_of_permissions() -> None:
    with (PACKAGING / "macos" / "entitlements.plist").open("rb") as file:
        assert set(plistlib.load(file).values()) == {True}


def test_licences_are_collected_or_declared(tmp_path: Path) -> None:
    bare = bundle.collect_licences(tmp_path / "LICENSES", ["httpx", "shiboken6"])
    assert bare == ["shiboken6"]
    assert "LGPL-3.0" in (tmp_path / "LICENSES" / "shiboken6.txt").read_text(encoding="utf-8")
    assert any((tmp_path / "LICENSES" / "httpx").iterdir())


def test_the_program_carries_what_users_run_and_no_build_tools() -> None:
    names = package.bundled_distributions()
    assert {"pyside6-essentials", "xllamacpp", "nh3", "sqlite-utils"} <= set(names)
    assert not {"hatchling", "pip"} & set(names)


def test_the_windows_icon_names_each_picture_at_its_place() -> None:
    content = (PACKAGING / "icons" / "workbench.ico").read_bytes()
    _, kind, count = struct.unpack_from("<HHH", content)
    assert (kind, count) == (1, 7)
    for index in range(count):
        width, height, _, _, _, bits, length, offset = struct.unpack_from("<BBBBHHII", content, 6 + 16 * index)
        picture = QImage.fromData(content[offset : offset + length])
        assert (picture.width() % 256, picture.height() % 256, bits) == (width, height, 32)


def test_the_mac_icon_is_a_row_of_whole_pictures() -> None:
    content = (PACKAGING / "icons" / "workbench.icns").read_bytes()
    head, total = struct.unpack_from(">4sI", content)
    assert (head, total) == (b"icns", len(content))
    widths, place = [], 8
    while place < total:
        _, length = struct.unpack_from(">4sI", content, place)
        widths.append(QImage.fromData(content[place + 8 : place + length]).width())
        place += length
    assert widths == [16, 32, 64, 128, 256, 512, 32, 64, 256, 512, 1024]


@pytest.mark.parametrize("size", [16, 24, 32, 48, 64, 128, 256, 512])
def test_the_icon_is_there_in_every_size(size: int) -> None:
    picture = QImage(str(ROOT / "assets" / "icons" / f"workbench-{size}.png"))
    assert (picture.width(), picture.height()) == (size, size)
    assert picture.hasAlphaChannel()


def test_an_unpainted_screen_has_one_colour(tmp_path: Path) -> None:
    width, height = smoke.SCREEN
    screen = tmp_path / "screen"
    screen.write_bytes(b"head" + bytes(width * height * 4))
    assert smoke.colours(screen) == 1
    screen.write_bytes(b"head" + struct.pack("<III", 1, 2, 3) + bytes((width * height - 3) * 4))
    assert smoke.colours(screen) == 4


WHAT_IT_IMPORTS = """
import sys
before = set(sys.modules)
sys.path.append(sys.argv[1])
import llama_cpp, llama_cpp._ggml, jinja2.sandbox, numpy
print(*(name for name in set(sys.modules) - before if name.partition(".")[0] in sys.stdlib_module_names))
"""


def test_the_frozen_program_brings_what_llama_cpp_python_imports_of_python(worker_site: Path) -> None:
    command = [sys.executable, "-I", "-S", "-c", WHAT_IT_IMPORTS, str(worker_site)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    imported = {name.partition(".")[0] for name in done.stdout.split()}
    assert "ctypes" in imported
    carried = {name.partition(".")[0] for name in bundle.WORKER_MODULES}
    inside = {name for name in imported if name.startswith("_")}  # what those modules are made of: found with them
    always = {"encodings", "genericpath", "ntpath", "posix", "posixpath", "urllib", "builtins"}
    assert imported - inside - always <= carried
    assert carried.isdisjoint(bundle.EXCLUDED_MODULES)
