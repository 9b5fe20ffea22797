"""Books, OpenDocument files, mail and notebooks, made by hand."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from tests.fakes.documents import archive, pdf_file

_OFFICE = "urn:oasis:names:tc:opendocument:xmlns:"
_OPEN = "application/vnd.oasis.opendocument."


def epub(chapters: Sequence[str], title: str = "A Book") -> bytes:
    """Of the insides of the chapters' bodies; they stand in the archive backwards."""
    items = "".join(
        f'<item id="c{number}" href="text/{number}.xhtml" media-type="application/xhtml+xml"/>'
        for number in range(len(chapters))
    )
    order = "".join(f'<itemref idref="c{number}"/>' for number in range(len(chapters)))
    parts: dict[str, str | bytes] = {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
        '<rootfile full-path="OEBPS/content.opf"/></rootfiles></container>',
        "OEBPS/content.opf": '<package xmlns="http://www.idpf.org/2007/opf" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<metadata><dc:title>{title}</dc:title></metadata><manifest>{items}</manifest><spine>{order}</spine></package>",
    }
    for number in reversed(range(len(chapters))):
        body = f"<html><head><title>Part {number}</title></head><body>{chapters[number]}</body></html>"
        parts[f"OEBPS/text/{number}.xhtml"] = body
    return archive(parts)


def opendocument(kind: str, body: str) -> bytes:
    """``kind``: text, spreadsheet or presentation; ``body``: the XML inside of its element."""
    spaces = " ".join(f'xmlns:{name}="{_OFFICE}{name}:1.0"' for name in ("office", "text", "table", "draw"))
    inside = f"<office:{kind}>{body}</office:{kind}>"
    return archive(
        {
            "mimetype": f"{_OPEN}{kind}",
            "content.xml": f"<office:document {spaces}><office:body>{inside}</office:body></office:document>",
        }
    )


def notebook(*cells: tuple[str, str, Sequence[Mapping[str, Any]]]) -> bytes:
    """Of kinds, sources and outputs."""
    made = []
    for kind, source, outputs in cells:
        cell: dict[str, Any] = {"cell_type": kind, "source": source.splitlines(keepends=True), "metadata": {}}
        made.append(cell | ({"outputs": list(outputs), "execution_count": 1} if kind == "code" else {}))
    return json.dumps({"cells": made, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).encode()


MAIL = """From: =?utf-8?q?J=C3=BCrgen?= <j@example.org>
To: Ada <ada@example.org>, bob@example.org
Date: Mon, 1 Jan 2024 10:00:00 +0100
Subject: =?utf-8?b?R3LDvMOfZQ==?= from
 the garden
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="outer"

--outer
Content-Type: multipart/alternative; boundary="inner"

--inner
Content-Type: text/plain; charset=iso-8859-1
Content-Transfer-Encoding: quoted-printable

The pears are ripe, J=FCrgen says.
--inner
Content-Type: text/html; charset=utf-8

<p>The pears are <b>ripe</b>.
--inner--
--outer
Content-Type: application/pdf; name="prices.pdf"
Content-Disposition: attachment; filename="prices.pdf"
Content-Transfer-Encoding: base64

SGVsbG8=
--outer--
""".replace("\n", "\r\n").encode()


def scan(pages: Sequence[tuple[int, int, bytes] | str]) -> bytes:
    """A PDF of pictures (width, height, grey pixels), each over a whole page, or of words."""
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b"", b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"]
    kids = []
    for page in pages:
        number = len(objects) + 1
        kids.append(f"{number} 0 R")
        if isinstance(page, str):
            stream, picture = f"BT /F1 12 Tf 50 780 Td ({page}) Tj ET".encode(), b"<< >>"
        else:
            width, height, pixels = page
            stream = b"q 595 0 0 842 0 0 cm /I Do Q"
            picture = (
                f"<< /Type /XObject /Subtype /Image /Width {width} /Height {height} /BitsPerComponent 8"
                f" /ColorSpace /DeviceGray /Length {len(pixels)} >>\nstream\n"
            ).encode() + (pixels + b"\nendstream")
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {number + 1} 0 R"
            f" /Resources << /Font << /F1 3 0 R >> /XObject << /I {number + 2} 0 R >> >> >>".encode()
        )
        objects.append(b"<< /Length %d >>\nstream\n%b\nendstream" % (len(stream), stream))
        objects.append(picture)
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(pages)} >>".encode()
    return pdf_file(objects, encrypted=False)
