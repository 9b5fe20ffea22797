"""Draws the program's icon from its drawings in assets/icons in every size and container that the three systems want.

Run it after a change of the drawing: `.venv/bin/python packaging/icons/render.py`
"""

import os
import struct
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, Qt
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

HERE = Path(__file__).parent
ASSETS = HERE.parents[1] / "assets" / "icons"
SIMPLIFY_BELOW = 40
SIZES = (16, 24, 32, 48, 64, 128, 256, 512, 1024)
ICO_SIZES = (16, 24, 32, 48, 64, 128, 256)
# The types of PNG members in an ICNS file; the second four are the same pictures for screens of double density.
ICNS_TYPES = {
    b"icp4": 16, b"icp5": 32, b"icp6": 64, b"ic07": 128, b"ic08": 256, b"ic09": 512,
    b"ic11": 32, b"ic12": 64, b"ic13": 256, b"ic14": 512, b"ic10": 1024,
}  # fmt: skip


def png(size: int) -> bytes:
    """The icon as a PNG of `size` x `size` pixels; small ones come from a drawing with fewer, thicker strokes."""
    drawing = "workbench-small.svg" if size < SIMPLIFY_BELOW else "workbench.svg"
    image = QImage(size, size, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    QSvgRenderer(str(ASSETS / drawing)).render(painter)
    painter.end()
    content = QByteArray()
    buffer = QBuffer(content)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]
    return bytes(content.data())


def ico(pictures: dict[int, bytes]) -> bytes:
    """A Windows icon: a directory of 16-byte entries, then the PNG files. 0 stands for 256 pixels."""
    offset = 6 + 16 * len(pictures)
    directory, body = struct.pack("<HHH", 0, 1, len(pictures)), b""
    for size, picture in pictures.items():
        edge = size % 256
        directory += struct.pack("<BBBBHHII", edge, edge, 0, 0, 1, 32, len(picture), offset + len(body))
        body += picture
    return directory + body


def icns(pictures: dict[int, bytes]) -> bytes:
    """A macOS icon: chunks of type, length with its 8-byte head (big-endian) and PNG file."""
    chunks = b"".join(
        kind + struct.pack(">I", 8 + len(pictures[size])) + pictures[size] for kind, size in ICNS_TYPES.items()
    )
    return b"icns" + struct.pack(">I", 8 + len(chunks)) + chunks


def main() -> None:
    """Write the PNG files into assets/icons and the two containers beside this file."""
    application = QGuiApplication([])
    pictures = {size: png(size) for size in SIZES}
    for size in SIZES[:-1]:
        (ASSETS / f"workbench-{size}.png").write_bytes(pictures[size])
    (HERE / "workbench.ico").write_bytes(ico({size: pictures[size] for size in ICO_SIZES}))
    (HERE / "workbench.icns").write_bytes(icns(pictures))
    application.quit()


if __name__ == "__main__":
    main()
