"""Archives with XML inside, read piece by piece: what is packed small may be endless."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import suppress
from typing import Any, BinaryIO

from workbench.documents.extract.document import DocumentError, Limits
from workbench.documents.extract.opening import cannot

MOST_FILES = 20_000
RELATIONS = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
RELATION_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


class Archive:
    """One file's archive; all that is unpacked of it together is limited."""

    def __init__(self, file: BinaryIO, name: str, limits: Limits) -> None:
        self._name = name
        self._left = limits.unpacked_bytes
        try:
            self._zip = zipfile.ZipFile(file)
        except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError) as error:
            raise self._broken() from error
        if len(self._zip.filelist) > MOST_FILES:
            raise cannot(name, f"holds more than {MOST_FILES:,} files")
        self.names = self._zip.namelist()

    def open(self, part: str) -> _Limited:
        """A part's bytes. Raises `DocumentError` where it is missing or encrypted."""
        try:
            return _Limited(self._zip.open(part), self)
        except (KeyError, zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError) as error:
            raise self._broken() from error

    def whole(self, part: str) -> bytes:
        """All of a part. Raises as `open`."""
        pieces = []
        try:
            with self.open(part) as opened:
                while piece := opened.read():
                    pieces.append(piece)
        except (zipfile.BadZipFile, zlib.error, OSError, EOFError) as error:
            raise self._broken() from error
        return b"".join(pieces)

    @property
    def spent(self) -> bool:
        """Whether more was unpacked than may be."""
        return self._left < 0

    def spend(self, count: int) -> None:
        """So many bytes were unpacked. Raises `DocumentError` above the limit."""
        self._left -= count
        if self._left < 0:
            raise cannot(self._name, "unpacks to far more than any document: it may be made to do harm")

    def elements(self, part: str, *, starts: bool = False) -> Iterator[tuple[str, Any]]:
        """Events and elements of a part's XML, each element whole when it ends. Raises `DocumentError`."""
        from lxml import etree

        events = ("start", "end") if starts else ("end",)
        try:
            yield from etree.iterparse(
                self.open(part),
                events=events,
                resolve_entities=False,
                no_network=True,
                load_dtd=False,
                huge_tree=False,
                remove_comments=True,
                remove_pis=True,
            )
        except (etree.XMLSyntaxError, zipfile.BadZipFile, zlib.error, OSError, EOFError) as error:
            raise self._broken() from error

    def title(self, part: str = "docProps/core.xml") -> str:
        """The title that the document gives itself; empty where it does not, or not in a way that can be read."""
        if part not in self.names:
            return ""
        with suppress(DocumentError):
            for _event, element in self.elements(part):
                if local(element.tag) == "title":
                    return " ".join((element.text or "").split())
        return ""

    def relations(self, part: str) -> dict[str, str]:
        """Targets by id of a part's relations, as full names; none where there are none."""
        folder, _slash, own = part.rpartition("/")
        listed = f"{folder}/_rels/{own}.rels"
        if listed not in self.names:
            return {}
        found = {}
        for _event, element in self.elements(listed):
            if element.tag == RELATIONS:
                target = str(element.get("Target", ""))
                found[str(element.get("Id"))] = target.lstrip("/") if target.startswith("/") else f"{folder}/{target}"
        return found

    def _broken(self) -> DocumentError:
        return cannot(self._name, "is broken, or no file of its kind")


class _Limited(io.RawIOBase):
    """A part's bytes, counted."""

    def __init__(self, inside: Any, archive: Archive) -> None:
        self._inside = inside
        self._archive = archive

    def read(self, size: int = -1) -> bytes:
        piece: bytes = self._inside.read(size if 0 < size < 1 << 20 else 1 << 20)
        self._archive.spend(len(piece))
        return piece


def local(tag: Any) -> str:
    """An element's name without its namespace; empty for what is no element."""
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def number_in(text: str) -> int:
    """The last number of a name, for an order."""
    found = re.findall(r"\d+", text)
    return int(found[-1][:9]) if found else 0
