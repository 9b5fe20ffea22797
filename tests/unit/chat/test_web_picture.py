"""What was fetched for a picture is one by its own bytes, looked at in the confined child."""

from __future__ import annotations

import struct
import zlib

import pytest

from workbench.cancel import CancelToken
from workbench.chat.attaching.web_picture import checked, web_picture
from workbench.documents.extract.document import DocumentError
from workbench.errors import DownloadError, RefusedError
from workbench.web.public import Fetched


def png(width: int = 3, height: int = 2) -> bytes:
    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress((b"\0" + b"\x20\x40\x60" * 3) * 2)  # fewer than it says, where it says more
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def fetched(content: bytes, media_type: str = "image/png") -> Fetched:
    return Fetched("https://pictures.example/a", media_type, content)


def test_a_picture_is_told_by_its_bytes() -> None:
    image = checked(fetched(png(), "text/html"), CancelToken())
    assert (image.media_type, image.content) == ("image/png", png())


@pytest.mark.parametrize("content", [b"<html><body>Log in</body></html>", b"%PDF-1.4 nothing", b"plain words\n" * 9])
def test_what_is_no_picture_is_told(content: bytes) -> None:
    with pytest.raises((DownloadError, DocumentError), match=r"pictures\.example"):
        checked(fetched(content), CancelToken())


def test_a_picture_too_large_to_draw_is_refused() -> None:
    with pytest.raises(DocumentError):
        checked(fetched(png(60_000, 60_000)), CancelToken())


def test_an_address_of_the_own_network_is_refused() -> None:
    with pytest.raises(RefusedError):
        web_picture("http://127.0.0.1:9/a.png", CancelToken())
