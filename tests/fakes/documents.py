"""Documents of every kind, made by hand: honest ones, broken ones and hostile ones."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
A = "http://schemas.openxmlformats.org/drawingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
S = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
P = "http://schemas.openxmlformats.org/package/2006/relationships"


def archive(parts: Mapping[str, str | bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    return made.getvalue()


def docx(body: str) -> bytes:
    """``body``: the XML inside of the body."""
    return archive({"word/document.xml": f'<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>'})


def paragraph(text: str, style: str = "") -> str:
    named = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{named}<w:r><w:t>{escape(text)}</w:t></w:r></w:p>"


def table(rows: Sequence[Sequence[str]]) -> str:
    cells = ("".join(f"<w:tc>{paragraph(cell)}</w:tc>" for cell in row) for row in rows)
    return "<w:tbl>" + "".join(f"<w:tr>{row}</w:tr>" for row in cells) + "</w:tbl>"


def docx_bomb(unpacked_bytes: int) -> bytes:
    """Small packed, and so large unpacked."""
    return docx(paragraph("") * (unpacked_bytes // len(paragraph(""))))


def relations(targets: Mapping[str, str], kind: str) -> str:
    rows = "".join(f'<Relationship Id="{key}" Type="{R}/{kind}" Target="{target}"/>' for key, target in targets.items())
    return f'<Relationships xmlns="{P}">{rows}</Relationships>'


def pptx(slides: Sequence[str]) -> bytes:
    """The parts are numbered backwards, so that only the presentation knows the order."""
    numbers = list(range(len(slides), 0, -1))
    parts = {
        "ppt/presentation.xml": f'<p:presentation xmlns:p="p" xmlns:r="{R}"><p:sldIdLst>'
        + "".join(f'<p:sldId id="{256 + number}" r:id="rId{number}"/>' for number in numbers)
        + "</p:sldIdLst></p:presentation>",
        "ppt/_rels/presentation.xml.rels": relations(
            {f"rId{number}": f"slides/slide{number}.xml" for number in numbers}, "slide"
        ),
    }
    for number, text in zip(numbers, slides, strict=True):
        runs = "".join(f"<a:p><a:r><a:t>{escape(line)}</a:t></a:r></a:p>" for line in text.splitlines())
        parts[f"ppt/slides/slide{number}.xml"] = f'<p:sld xmlns:p="p" xmlns:a="{A}">{runs}</p:sld>'
    return archive(parts)


def xlsx(sheets: Mapping[str, Mapping[str, str | float]]) -> bytes:
    """Cells by place, of each sheet by title."""
    titles = list(sheets)
    parts = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        "_rels/.rels": relations({"rId1": "xl/workbook.xml"}, "officeDocument"),
        "xl/workbook.xml": f'<workbook xmlns="{S}" xmlns:r="{R}"><sheets>'
        + "".join(f'<sheet name="{escape(title)}" sheetId="{n}" r:id="rId{n}"/>' for n, title in enumerate(titles, 1))
        + "</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": relations(
            {f"rId{n}": f"worksheets/sheet{n}.xml" for n in range(1, len(titles) + 1)}, "worksheet"
        ),
    }
    for number, cells in enumerate(sheets.values(), 1):
        rows: dict[int, str] = {}
        for place, value in cells.items():
            row = int("".join(filter(str.isdigit, place)))
            rows[row] = rows.get(row, "") + _cell(place, value)
        written = "".join(f'<row r="{row}">{inside}</row>' for row, inside in sorted(rows.items()))
        parts[f"xl/worksheets/sheet{number}.xml"] = (
            f'<worksheet xmlns="{S}"><sheetData>{written}</sheetData></worksheet>'
        )
    return archive(parts)


def _cell(place: str, value: str | float) -> str:
    if isinstance(value, str):
        return f'<c r="{place}" t="inlineStr"><is><t>{escape(value)}</t></is></c>'
    return f'<c r="{place}"><v>{value}</v></c>'


def pdf(pages: Sequence[str], *, encrypted: bool = False) -> bytes:
    """One line of text for each line of a page."""
    count = len(pages)
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>"]
    kids = " ".join(f"{4 + 2 * number} 0 R" for number in range(count))
    objects.append(f"<< /Type /Pages /Kids [{kids}] /Count {count} >>".encode())
    objects.append(b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>")
    for number, text in enumerate(pages):
        lines = "".join(f"({line}) Tj T*\n" for line in text.splitlines())
        stream = f"BT /F1 12 Tf 14 TL 50 780 Td\n{lines}ET".encode("latin-1")
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {5 + 2 * number} 0 R"
            " /Resources << /Font << /F1 3 0 R >> >> >>".encode()
        )
        objects.append(b"<< /Length %d >>\nstream\n%b\nendstream" % (len(stream), stream))
    return pdf_file(objects, encrypted=encrypted)


def pdf_file(objects: Sequence[bytes], *, encrypted: bool) -> bytes:
    written = bytearray(b"%PDF-1.4\n")
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(written))
        written += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    start = len(written)
    written += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    for place in places:
        written += b"%010d 00000 n \n" % place
    key = "11" * 32
    locked = (
        f"/Encrypt << /Filter /Standard /V 1 /R 2 /O <{key}> /U <{key}> /P -4 >> /ID [<{key}> <{key}>]"
        if encrypted
        else ""
    )
    written += f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R {locked} >>\nstartxref\n{start}\n%%EOF\n".encode()
    return bytes(written)


def png(width: int = 2, height: int = 2, colour: tuple[int, int, int] = (200, 40, 40)) -> bytes:
    """All of one colour; a large one is only as long as its own lines."""
    lines = (b"\0" + bytes(colour) * width) * height
    return png_header(width, height) + _chunk(b"IDAT", zlib.compress(lines)) + _chunk(b"IEND", b"")


def png_header(width: int, height: int) -> bytes:
    """A picture that claims this size, and has nothing else."""
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def jpeg_header(width: int, height: int) -> bytes:
    """The first bytes of a picture of this size, after a comment."""
    frame = struct.pack(">BHHB", 8, height, width, 3) + b"\0" * 9
    return b"\xff\xd8\xff\xfe\x00\x05abc\xff\xc0" + struct.pack(">H", len(frame) + 2) + frame
