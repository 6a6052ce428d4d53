from __future__ import annotations

from billfold.infrastructure.mail.composition import Message, compose

MESSAGE = Message(
    heading='Join <b>"Acme" & friends</b>',
    paragraphs=("One & two <script>alert(1)</script>", "word " * 40),
    reason="You get this because <somebody> asked.",
    button=("Sign in", 'https://billing.example.com/sign-in/link/ab?a=1&b="2"'),
)


def test_every_text_is_escaped_in_both_kinds_of_html() -> None:
    composed = compose(MESSAGE)
    for html in (composed.html, composed.article):
        assert "<script>" not in html
        assert "<b>" not in html
        assert "&lt;somebody&gt;" in html
        assert "a=1&amp;b=&quot;2&quot;" in html


def test_the_article_holds_no_style_so_a_strict_page_may_show_it() -> None:
    composed = compose(MESSAGE)
    assert "style" not in composed.article
    assert "style=" in composed.html


def test_the_plain_text_is_wrapped_and_its_link_is_not() -> None:
    text = compose(MESSAGE).text
    assert "Sign in:\n" + (MESSAGE.button or ("", ""))[1] in text
    assert all(len(line) <= 76 for line in text.splitlines() if not line.startswith("http"))
