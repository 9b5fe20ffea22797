"""Mail: who wrote what to whom and when, and the names of what is attached."""

from __future__ import annotations

import email
import email.policy
from email.message import EmailMessage
from typing import BinaryIO

from workbench.documents.extract.document import DocumentError, Extracted, Limits, Why, put_together
from workbench.documents.extract.opening import cannot
from workbench.documents.extract.readers import html
from workbench.documents.extract.readers import text as texts

MOST_BYTES = 64 << 20
MOST_PARTS = 1_000
MOST_HEADER = 8_000
_HEADERS = ("From", "To", "Cc", "Date", "Subject")
_SAMPLE = (
    b"From: =?utf-8?q?A?= <a@example.org>\nTo: b <b@example.org>, c@example.org\nDate: Mon, 1 Jan 2024 10:00:00 +0100\n"
    b"Subject: =?iso-8859-1?b?SGVsbG8=?=\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=x\n\n"
    b"--x\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\n=20words\n"
    b"--x\nContent-Type: application/pdf; name*=utf-8''a.pdf\nContent-Disposition: attachment; filename=a.pdf\n"
    b"Content-Transfer-Encoding: base64\n\nSGVsbG8=\n--x--\n"
)


def prepare() -> None:
    """The library imports its parts while it reads a mail: one is read."""
    texts.prepare()
    html.prepare()
    _read(_SAMPLE, "")


def read(file: BinaryIO, name: str, kind: str, limits: Limits) -> Extracted:
    """Raises `DocumentError` for what has neither a sender nor a text."""
    raw = file.read(MOST_BYTES)
    notes = [f"Only the first {MOST_BYTES >> 20} MB were read."] if file.read(1) else []
    text, title, attached = _read(raw, name)
    if not text.strip():
        raise cannot(name, "has no text", why=Why.SKIPPED)
    if attached:
        notes.append(f"What is attached was not read: {', '.join(attached[:20])}{', …' if len(attached) > 20 else ''}.")
    return put_together([("", text)], kind, limits, notes, title=title)


def _read(raw: bytes, name: str) -> tuple[str, str, list[str]]:
    """Text, title, and the names of what is attached."""
    message = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(message, EmailMessage)  # noqa: S101 - the policy makes such
    headers = [(key, _header(message, key)) for key in _HEADERS]
    lines = [f"{key}: {value}" for key, value in headers if value]
    body, attached = _body(message, name)
    lines += ["", body.strip(), ""]
    lines += [f"Attachment: {one}" for one in attached]
    return "\n".join(lines).strip(), dict(headers)["Subject"], attached


def _header(message: EmailMessage, key: str) -> str:
    """One line; as it stands where it is broken, or so long that taking it apart would last."""
    raw = next((str(value) for name, value in message.raw_items() if name.lower() == key.lower()), "")
    if len(raw) > MOST_HEADER:
        return " ".join(raw[:MOST_HEADER].split()) + " …"
    try:
        return " ".join(str(message.get(key, "")).split())
    except Exception:  # noqa: BLE001 - the library raises whatever it likes at broken headers
        return " ".join(raw.split())


def _body(message: EmailMessage, name: str) -> tuple[str, list[str]]:
    plain: list[str] = []
    pages: list[str] = []
    attached: list[str] = []
    for number, part in enumerate(message.walk()):
        if number >= MOST_PARTS:
            break
        if part.is_multipart():
            continue
        named = part.get_filename()
        if named or part.get_content_disposition() == "attachment":
            attached.append(" ".join(str(named or part.get_content_type()).split()))
        elif part.get_content_type() == "text/html":
            pages.append(_page(part, name))
        elif part.get_content_maintype() == "text":
            plain.append(_content(part, name))
    # Most mails have the same words twice, and the plain ones are what was meant to be read.
    return "\n\n".join(plain if any(one.strip() for one in plain) else pages), attached


def _content(part: EmailMessage, name: str) -> str:
    raw = part.get_payload(decode=True)
    if not isinstance(raw, bytes):
        return ""
    try:
        return raw.decode(part.get_content_charset("utf-8"))
    except (LookupError, UnicodeDecodeError, OSError):  # an encoding that is not known, or not imported
        return texts.decoded(raw, name)[0]


def _page(part: EmailMessage, name: str) -> str:
    try:
        return html.plain(_content(part, name), name)[1]
    except DocumentError:
        return ""
