from __future__ import annotations

import pytest

from billfold.base.errors import Invalid
from billfold.infrastructure.mail.letters import Letter, mailable_address


@pytest.mark.parametrize(
    "to",
    [
        "",
        "nobody",
        "@example.com",
        "a@",
        "a,b@example.com",
        "a b@example.com",
        '"a b"@example.com',
        "a@example.com, b@example.com",
        "a@example.com\r\nBcc: b@example.com",
        "a@example.com\n",
        "a@b@example.com",
        "<a@example.com>",
        "a@exa mple.com",
        "a@-example.com",
        "a@example..com",
        "ä@example.com",
        "a" * 250 + "@example.com",
    ],
)
def test_an_address_that_could_be_more_than_one_is_refused(to: str) -> None:
    with pytest.raises(Invalid):
        Letter(to, "Subject", "text", "html")


@pytest.mark.parametrize("subject", ["", "  ", "a\r\nBcc: b@example.com", "a\nb", "a\x00b", "a\u2028b", "x" * 201])
def test_a_subject_is_one_printable_line(subject: str) -> None:
    with pytest.raises(Invalid):
        Letter("owner@example.com", subject, "text", "html")


def test_a_letter_is_not_endless() -> None:
    with pytest.raises(Invalid):
        Letter("owner@example.com", "Subject", "x" * 300_000, "")


def test_a_domain_in_other_letters_is_written_as_mail_servers_know_it() -> None:
    assert mailable_address("ines@bücher.example") == "ines@xn--bcher-kva.example"
    assert mailable_address("o'neil+x@Example.com") == "o'neil+x@Example.com"
