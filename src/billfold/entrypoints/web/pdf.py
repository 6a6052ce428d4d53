"""A PDF of plain lines of text: all that the simulator's invoices need, so no library is asked for.

Text stands in Helvetica; what must line up at its right end, amounts, in Courier, whose characters are all as wide. Both are
among the fonts that every reader has. They know the Latin letters of Windows-1252; a character beyond them becomes a question
mark.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

_WIDTH: Final = 595  # A4 in points
_HEIGHT: Final = 842
_LEFT: Final = 56
_RIGHT: Final = _WIDTH - _LEFT
_TOP: Final = _HEIGHT - 72
_BOTTOM: Final = 64
_COURIER: Final = 600  # thousandths of the type size
_LONGEST_TEXT: Final = 90
# What the fonts lack and amounts need.
_IN_OTHER_WORDS: Final = str.maketrans({"−": "-", "₹": "INR ", "₩": "KRW "})  # noqa: RUF001 - the typographic minus


@dataclass(frozen=True, slots=True)
class Line:
    """One line: a text at the left, an amount at the right, and the space that it takes, in points."""

    text: str
    amount: str = ""
    size: int = 11
    height: int = 18
    is_bold: bool = False


def make_pdf(title: str, lines: Sequence[Line]) -> bytes:
    """Return a document of as many A4 pages as the lines need."""
    pages = _paginated(lines)
    first_page = 6
    kids = " ".join(f"{first_page + 2 * index} 0 R" for index in range(len(pages)))
    bodies = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
        _font("Helvetica"),
        _font("Helvetica-Bold"),
        _font("Courier"),
    ]
    for index, page in enumerate(pages):
        content = first_page + 2 * index + 1
        fonts = "<< /Font << /F1 3 0 R /F2 4 0 R /F3 5 0 R >> >>"
        bodies.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {_WIDTH} {_HEIGHT}] /Resources {fonts} "
            f"/Contents {content} 0 R >>".encode()
        )
        drawn = b"\n".join(page)
        bodies.append(b"<< /Length %d >>\nstream\n%b\nendstream" % (len(drawn), drawn))
    bodies.append(b"<< /Title (%b) >>" % _encoded(title))
    return _file(bodies)


def _paginated(lines: Sequence[Line]) -> list[list[bytes]]:
    pages: list[list[bytes]] = [[]]
    at = _TOP
    for line in lines:
        if at < _BOTTOM:
            pages.append([])
            at = _TOP
        font = b"F2" if line.is_bold else b"F1"
        pages[-1].append(_drawn(font, line.size, _LEFT, at, line.text[:_LONGEST_TEXT]))
        if line.amount:
            width = len(line.amount.translate(_IN_OTHER_WORDS)) * line.size * _COURIER // 1000
            pages[-1].append(_drawn(b"F3", line.size, _RIGHT - width, at, line.amount))
        at -= line.height
    return pages


def _drawn(font: bytes, size: int, left: int, bottom: int, text: str) -> bytes:
    return b"BT /%b %d Tf %d %d Td (%b) Tj ET" % (font, size, left, bottom, _encoded(text))


def _encoded(text: str) -> bytes:
    plain = "".join(each if each.isprintable() else " " for each in text.translate(_IN_OTHER_WORDS))
    encoded = plain.encode("cp1252", "replace")
    return encoded.replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")


def _font(name: str) -> bytes:
    return f"<< /Type /Font /Subtype /Type1 /BaseFont /{name} /Encoding /WinAnsiEncoding >>".encode()


def _file(bodies: Sequence[bytes]) -> bytes:
    """Return the objects, numbered, and the table of where each begins; the first is the catalogue, the last the title."""
    written = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
    offsets = []
    for number, body in enumerate(bodies, 1):
        offsets.append(len(written))
        written += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    table = len(written)
    written += b"xref\n0 %d\n0000000000 65535 f \n" % (len(bodies) + 1)
    written += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    written += b"trailer\n<< /Size %d /Root 1 0 R /Info %d 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(bodies) + 1,
        len(bodies),
        table,
    )
    return bytes(written)
