from __future__ import annotations

import pytest

from billfold.entrypoints.web.prose import prose


@pytest.mark.parametrize(
    ("text", "markup"),
    [
        ("A `code` word.", "A <code>code</code> word."),
        ("`<b>` & <i>", "<code>&lt;b&gt;</code> &amp; &lt;i&gt;"),
        ("One ` alone", "One ` alone"),
        ("`a` and ` alone", "<code>a</code> and ` alone"),
        ("", ""),
    ],
)
def test_words_between_backticks_are_code_and_everything_is_escaped(text: str, markup: str) -> None:
    assert str(prose(text)) == markup
