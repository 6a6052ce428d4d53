"""Bodies that are no JSON object, or that two readers would understand differently (SCENARIOS G1)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

GOOD: Final = b'{"email": "jane@example.com"}'

_PLAIN: Final = (
    b"", b" ", b"\n\n", b"null", b"true", b"false", b"0", b"1.5", b'""', b'"text"', b"[]", b"[{}]", b"[1,2]", b"nul", b"True",
    b"None", b"undefined", b"{", b"}", b"{}}", b"{}{}", b"{} x", b"{},", b"[", b"]", b"[}", b"{]", b"{,}", b'{"email"}',
    b'{"email":}', b'{"email":,}', b'{:"a"}', b'{"email" "a"}', b'{"email"="a"}', b'{"email";"a"}', b"{email: 1}",
    b"{'email': 'jane@example.com'}", b'{"email": "jane@example.com",}', b'{"email": "jane@example.com",,}',
    b'{,"email": "jane@example.com"}', b'{"email": ["a",]}', b'{"email": "a" /* comment */}', b'// comment\n{"email": "a"}',
    b'{"email": "a"} // comment', b'#{"email": "a"}', b'{"email": "a\n"}', b'{"email": "a\t"}', b'{"email": "\x00"}',
    b'{"email": "\x1f"}', b'{"email": "\\x41"}', b'{"email": "\\u12"}', b'{"email": "\\uZZZZ"}', b'{"email": "\\"}',
    b'{"email": "a',
    b'{"email": "a"', b'{"email": ', b'{"ema', b'{"email": tru}', b'{"email": nan}', b'{"email": NaN}', b'{"email": Infinity}',
    b'{"email": -Infinity}', b'{"email": +1}', b'{"email": .5}', b'{"email": 5.}', b'{"email": 01}', b'{"email": 0x10}',
    b'{"email": 1e}', b'{"email": 1e+}', b'{"email": 1_000}', b'{"email": --1}', b'{"email": 1 2}', b'{"a": NaN, "email": "a@b"}',
    b'{"email": "a@example.com", "email": "b@example.com"}', b'{"email": "a@b", "x": {"k": 1, "k": 2}}',
    b'{"email": "a@b", "\\u0065mail": "c@d"}', b'{"email": "\\ud800@example.com"}', b'{"email": "\\udc00@example.com"}',
    b'{"email": "a@b", "name": "\\ud83d"}', b'{"email": "a@b", "name": "\\ude00\\ud83d"}', b'{"email": "a@b", "name": "\\u0000"}',
    b'{"email": "a@b", "\\ud800": 1}', b'{"email": "a@b", "metadata": {"k": "\\ud800"}}',
    b'{"email": "a@b", "metadata": {"\\u0000": "v"}}',
    b'{"email": "a@b", "x": ["\\udfff"]}',
    b"<xml/>", b"email=jane%40example.com", b"--boundary\r\n", b"\x80", b"\xff\xfe", b"\x00",
    b'{"email": "\xff@example.com"}', b'{"email": "\xc0\x80"}', b'{"email": "\xed\xa0\x80"}', b'{"email": "\xf4\x90\x80\x80"}',
    b'{"email": "\xe2\x82"}', b"\x1f\x8b\x08\x00", b"PK\x03\x04", b"\xef\xbb\xbf" + GOOD, b"\xef\xbb\xbf",
)  # fmt: skip


def corpus() -> Iterator[bytes]:
    """Give every body, the large ones made here."""
    yield from _PLAIN
    text = GOOD.decode()
    for encoding in ("utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le"):
        yield text.encode(encoding)
    for length in range(1, len(GOOD), 4):
        yield GOOD[:length]
    for depth in (1_000, 5_000, 100_000):
        yield b"[" * depth
        yield b"[" * depth + b"]" * depth
        yield b'{"email":' * depth
        yield b'{"email": ' + b"[" * depth + b"]" * depth + b"}"
    for digits in (5_000, 1_000_000):
        yield b'{"email": "a@b", "x": ' + b"9" * digits + b"}"
        yield b'{"email": -' + b"9" * digits + b"}"
    yield b'{"email": "' + b"a" * 1_000_000 + b'"}'
    yield b'{"email": "a@b", "x": "' + b"\\ud800" * 1_000 + b'"}'
    yield b'{"email": "a@b", "x": 1e999}'
    yield b'{"k": 1, ' * 10_000 + b"}"
