"""The simulator's invoices as page and file: links that lead somewhere, and only to what they name."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa

from billfold.domain.billing.invoice_links import shown_link
from billfold.domain.billing.invoices import invoices
from billfold.entrypoints.web.pdf import Line, make_pdf
from billfold.infrastructure.db.database import Writing
from billfold.infrastructure.db.statements import command
from tests.portal.conftest import Portal

OURS = "https://billing.example.com"


def assert_sound(pdf: bytes) -> None:
    """See that every object begins where the table says, and that streams are as long as they say."""
    table = int(re.findall(rb"startxref\n(\d+)\n%%EOF", pdf)[0])
    assert pdf[table:].startswith(b"xref\n0 ")
    offsets = re.findall(rb"(\d{10}) 00000 n \n", pdf[table:])
    for number, offset in enumerate(offsets, 1):
        assert pdf[int(offset) :].startswith(b"%d 0 obj\n" % number)
    for length, start in [(int(each[1]), each.end()) for each in re.finditer(rb"/Length (\d+) >>\nstream\n", pdf)]:
        assert pdf[start + length :].startswith(b"\nendstream")


def test_a_file_is_sound_for_one_line_and_for_many_pages() -> None:
    for count in (0, 1, 200):
        pdf = make_pdf("Invoice 1", [Line(f"line {number}", "$1.00") for number in range(count)])
        assert_sound(pdf)
        assert pdf.count(b"/Type /Page ") == max(1, -(-count // 40))


def test_a_text_cannot_leave_its_place_and_unknown_letters_become_question_marks() -> None:
    pdf = make_pdf("(x) \\", [Line("a) Tj ET (b\\ é 漢 \n\x07", "−€5.00")])  # noqa: RUF001 - the typographic minus
    assert rb"(a\) Tj ET \(b\\ " in pdf
    assert "é ?".encode("cp1252") in pdf
    assert "(-€5.00)".encode("cp1252") in pdf
    assert_sound(pdf)


@pytest.mark.parametrize(
    "link",
    [
        "https://pay.stripe.com/invoice/acct_1/test/pdf",
        "https://invoice.stripe.com/i/acct_1/test",
        f"{OURS}/simulator/team_1/invoices/in_1/pdf",
    ],
)
def test_links_of_stripes_and_of_our_simulator_are_shown(link: str) -> None:
    assert shown_link(link, OURS) == link


@pytest.mark.parametrize(
    "link",
    [
        None,
        "http://pay.stripe.com/invoice",
        "https://pay.stripe.com.evil.example.com/",
        "https://evilstripe.com/",
        "https://stripe.com@evil.example.com/",
        "https://stripe.com:444@evil.example.com/",
        "javascript:alert(1)//.stripe.com",
        "https://[stripe.com",
        f"{OURS}.evil.example.com/simulator/x",
        "",
    ],
)
def test_no_other_link_is_shown(link: str | None) -> None:
    assert shown_link(link, OURS) is None


async def test_an_invoice_is_not_found_under_another_team_nor_by_another_id(portal: Portal) -> None:
    invoice = (await portal.ask("GET", "/invoices")).json()["invoices"][0]
    other = await portal.app.install()
    for url in (
        invoice["hostedUrl"].replace(portal.app.team.team_id, other.team_id),
        invoice["hostedUrl"][:-3] + "000",
        invoice["pdfUrl"].replace(portal.app.team.team_id, "nobody"),
    ):
        assert (await portal.app.anonymous.get(url)).status_code == 404


async def test_the_file_of_an_invoice_is_sound_and_names_what_was_bought(portal: Portal) -> None:
    invoice = (await portal.ask("GET", "/invoices")).json()["invoices"][0]
    answer = await portal.app.anonymous.get(invoice["pdfUrl"])
    assert_sound(answer.content)
    for shown in (invoice["number"].encode(), b"Pro", b"$29.00", b"mara@example.com"):
        assert shown in answer.content


async def test_a_draft_is_not_listed(portal: Portal) -> None:
    assert len((await portal.ask("GET", "/invoices")).json()["invoices"]) == 1

    async def unmake(tx: Writing) -> None:
        await tx.run(command(sa.update(invoices).values(status="draft")))

    await portal.app.services.db.write(unmake)
    assert (await portal.ask("GET", "/invoices")).json()["invoices"] == []
