"""What the links of a conversation say of themselves: read from the same sanitised HTML that is shown. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from html.parser import HTMLParser

from workbench.markup import blocks, to_html, unfolded


class _Anchors(HTMLParser):
    """Collects (target, words) of each link."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[str, str]] = []
        self._target: str | None = None
        self._words: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self._target, self._words = dict(attributes).get("href") or "", []

    def handle_data(self, data: str) -> None:
        if self._target is not None:
            self._words.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self._target is not None:
            self.found.append((self._target, unfolded("".join(self._words))))
            self._target = None


def link_texts(texts: Iterable[str], target: str) -> tuple[str, ...]:
    """The words of every link to ``target`` in these Markdown texts."""
    anchors = _Anchors()
    for text in texts:
        for block in blocks(text):
            anchors.feed(to_html(block))
    anchors.close()
    return tuple(words for found, words in anchors.found if found == target)


def is_picture(words: str) -> bool:
    """Whether a link stands for a picture, which is never fetched by itself."""
    return words.startswith("Image: ")
