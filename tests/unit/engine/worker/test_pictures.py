"""Pictures of a request, before anything unpacks them."""

from __future__ import annotations

import struct
from random import Random
from typing import Any

import pytest

from tests.fakes.tiny_models.seeing import part, picture
from workbench.engine.worker.faults import BadRequest
from workbench.engine.worker.pictures import MOST_PICTURES, shown, size_of
from workbench.engine.worker.tape import before_picture

JPEG = (
    b"\xff\xd8\xff\xe0" + struct.pack(">H", 16) + b"JFIF" + b"\0" * 10
    + b"\xff\xff\xc2" + struct.pack(">HBHH", 11, 8, 480, 640) + b"\0" * 4
)  # fmt: skip
GIF = b"GIF89a" + struct.pack("<HH", 640, 480)
BMP = b"BM" + b"\0" * 16 + struct.pack("<ii", 640, -480)


@pytest.mark.parametrize("file", [JPEG, GIF, BMP], ids=("jpeg", "gif", "bmp"))
def test_the_size_stands_in_the_file(file: bytes) -> None:
    assert size_of(file) == (640, 480)


def test_the_size_of_a_png() -> None:
    assert size_of(picture(1, 2, 3, side=77)) == (77, 77)


def test_a_file_cut_anywhere_or_damaged_has_a_size_or_none() -> None:
    random = Random(3)
    for file in (JPEG, GIF, BMP, picture(1, 2, 3)):
        for end in range(len(file)):
            size_of(file[:end])
        for _ in range(300):
            damaged = bytearray(file)
            damaged[random.randrange(len(file))] = random.randrange(256)
            size_of(bytes(damaged))


def test_pictures_leave_a_marker_and_words_stay() -> None:
    words = {"type": "text", "text": "What is it?"}
    before = {"role": "system", "content": "Be brief."}
    found = shown([before, {"role": "user", "content": [part(picture(1, 2, 3)), words]}], "<here>")
    assert found.pictures == (picture(1, 2, 3),)
    assert found.messages[0] is before
    assert [one["text"] for one in found.messages[1]["content"]] == ["<here>", "What is it?"]


def _message(*parts: Any) -> list[dict[str, Any]]:
    return [{"role": "user", "content": list(parts)}]


def test_too_many_are_refused() -> None:
    with pytest.raises(BadRequest, match=f"At most {MOST_PICTURES}"):
        shown(_message(*[part(picture(1, 2, 3))] * (MOST_PICTURES + 1)), "<here>")


def test_who_sees_nothing_says_so() -> None:
    with pytest.raises(BadRequest, match="image input is not supported"):
        shown(_message(part(picture(1, 2, 3))), "")


def test_no_picture_is_cut_in_two() -> None:
    row = [5, 6, -10, -11, -12, 7, 8, -90, -91]
    assert [before_picture(row, count) for count in range(len(row) + 1)] == [0, 1, 2, 2, 2, 5, 6, 7, 7, 9]
