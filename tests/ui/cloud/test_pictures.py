"""Pictures on the sheet: small ones of those that leave, and the bytes with their letters folded."""

from __future__ import annotations

from base64 import b64encode

import pytest
from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication

from ui.cloud.sheet.pictures import folded, leaving
from ui.cloud.sheet.thumbnail import thumbnail
from workbench.chat.escalating.escalation import Piece, PieceKind


def picture(kind: str = "PNG", width: int = 300, height: int = 200) -> bytes:
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(QColor("orange"))
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, kind)  # type: ignore[call-overload]
    return bytes(buffer.data().data())


def openai(*contents: bytes) -> str:
    urls = ",".join(f'{{"image_url":{{"url":"data:image/png;base64,{b64encode(one).decode()}"}}}}' for one in contents)
    return f'{{"messages":[{urls}]}}'


def piece(number: int, *, index: int = 1, kept: bool = True) -> Piece:
    return Piece(f"m.attachment-{number}", PieceKind.PICTURE, f"{number}.png", "", index, kept=kept)


def test_each_protocol_has_its_pictures_folded() -> None:
    letters = b64encode(picture()).decode()
    for body in (openai(picture()), f'{{"source":{{"type":"base64","data":"{letters}"}}}}'):
        fold = folded(body)
        assert fold.characters == len(letters)
        assert letters not in fold.text
        assert f"{len(letters):,} characters of a picture" in fold.text
        assert fold.text.replace(f"⟨{len(letters):,} characters of a picture⟩", letters) == body


@pytest.mark.parametrize(
    "body",
    [
        "",
        '{"content":"How deep?"}',
        '{"url":"data:text/plain;base64,' + "QUJD" * 100 + '"}',  # words could be hidden in it
        '{"content":"' + "a" * 5_000 + '"}',
        ";base64,/9j/",
    ],
)
def test_nothing_else_is_folded(body: str) -> None:
    assert folded(body).text == body
    assert folded(body).characters == 0


def test_pictures_are_told_apart_by_the_order_in_which_they_leave() -> None:
    one, two = picture(), picture("JPEG", 64, 64)
    later, cut = piece(1, index=3), piece(3, kept=False)
    assert leaving(openai(one, two), (later, piece(2), cut)) == {"m.attachment-2": one, "m.attachment-1": two}
    assert leaving(openai(one), (later, piece(2))) == {}, "which is which is not known"
    assert leaving(openai(one), ()) == {}


def test_a_small_picture_says_how_large_it_is(qapp: QApplication) -> None:
    content = picture()
    made = thumbnail(content, 72, 2.0)
    assert (made.pixmap.width(), made.pixmap.height()) == (144, 96)
    assert made.words == f"300 × 200 · {len(content):,} bytes"
    assert thumbnail(picture(width=10, height=10), 72, 1.0).pixmap.width() == 10
    assert thumbnail(b"no picture", 72, 1.0).pixmap.isNull()
