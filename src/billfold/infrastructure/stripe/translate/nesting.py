"""Cutting what is nested too deeply out of a JSON text, so that the rest can be decoded.

Thousands of levels are valid JSON, and every decoder gives up on them somewhere. An event that is refused comes again for
three days; read without its depths it is stored once, as it came (SCENARIOS A11).
"""

from __future__ import annotations

import re
from typing import Final

# What an event says about itself stands in the first three levels.
_DEEPEST: Final = 64

# The closing quote may be missing, so that an unfinished text is one token and not one attempt for each of its quotes.
_TOKEN: Final = re.compile(rb'"(?:[^"\\]|\\.)*"?|[\[\]{}]', re.DOTALL)


def without_depths(body: bytes) -> bytes:
    """Return the JSON text with null in place of each array and object below the 64th level."""
    kept: list[bytes] = []
    start = level = 0
    for token in _TOKEN.finditer(body):
        if token[0] in {b"[", b"{"}:
            level += 1
            if level == _DEEPEST + 1:
                kept.append(body[start : token.start()])
        elif token[0] in {b"]", b"}"}:
            if level == _DEEPEST + 1:
                start = token.end()
                kept.append(b"null")
            level -= 1
    return b"".join(kept) + body[start:]
