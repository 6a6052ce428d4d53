"""The console's pages of deals, assets and mails to partners: decided by members, read by viewers. A30."""

from __future__ import annotations

import re
from typing import Any, Final

import pytest

from billfold.domain.tenancy.members import Role
from tests.affiliate.conftest import Affiliates
from tests.affiliate.test_console import Console, console  # noqa: F401 - a fixture
from tests.affiliate.test_deals import JANE, KIM, Claims
from tests.organisation.conftest import ORIGIN, Organisation

PNG: Final = b"\x89PNG\r\n\x1a\n" + bytes(40)
SVG: Final = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.fixture
async def claims(affiliates: Affiliates) -> Claims:
    return await Claims(affiliates).open()


async def test_rival_claims_stand_side_by_side_and_one_is_accepted(
    console: Console,  # noqa: F811 - the fixture
    claims: Claims,
) -> None:
    assert "Nobody has registered a lead" in await console.show("/deals")
    mine = await claims.register(leadEmail="ann@company.com", notes="Met <b>twice</b>", estimatedValue=1200)
    rival = await claims.register(KIM, leadEmail="bob@company.com")
    listed = await console.show("/deals")
    assert "$1,200.00" in listed
    page = await console.show(f"/deals/{mine['id']}")
    assert "A rival claim" in page
    assert "bob@company.com" in page
    assert "Met &lt;b&gt;twice&lt;/b&gt;" in page
    done = await console.press(f"/deals/{mine['id']}", f"/deals/{mine['id']}/decision", {"decision": "accept"})
    assert done.status_code == 303
    refused = await console.press(f"/deals/{rival['id']}", f"/deals/{rival['id']}/decision", {"decision": "accept"})
    assert (refused.status_code, "protects this company already" in refused.text) == (400, True)
    no = {"decision": "decline", "reason": "Somebody was first"}
    assert (await console.press(f"/deals/{rival['id']}", f"/deals/{rival['id']}/decision", no)).status_code == 303
    assert "Somebody was first" in await console.show(f"/deals/{rival['id']}")
    assert (await console.press(f"/deals/{mine['id']}", f"/deals/{mine['id']}/renewal")).status_code == 303
    assert mine["id"] in await console.show(f"/partners/{claims.partners[JANE]['id']}")


async def test_deals_are_searched_filtered_and_exported(
    console: Console,  # noqa: F811 - the fixture
    claims: Claims,
) -> None:
    ann = (await claims.register(leadEmail="ann@company.com"))["id"]
    other = (await claims.register(KIM, leadEmail="=cmd@firm.example.org"))["id"]
    for query, found in (
        ("?q=ann", ann),
        ("?q=firm.", other),
        (f"?q={claims.partners[JANE]['id']}", ann),
        ("?status=pending", ann),
    ):
        assert found in await console.show(f"/deals{query}")
    assert "No deal fits" in await console.show("/deals?status=won")
    exported = await console.show("/deals?format=csv")
    assert len(exported.splitlines()) == 3
    # A cell of a stranger's begins no formula.
    assert "'=cmd@firm.example.org" in exported


async def test_the_settings_of_deals_are_checked(console: Console) -> None:  # noqa: F811 - the fixture
    wrong = await console.press("/deals/settings", "/deals/settings", {"protection_days": "0", "renewals_max": "x"})
    assert (wrong.status_code, "from 1 to 365" in wrong.text) == (400, True)
    values = {"protection_days": "60", "renewals_max": "2"}
    assert (await console.press("/deals/settings", "/deals/settings", values)).status_code == 303
    assert "Deals are switched off" in await console.show("/deals")


async def test_an_asset_is_what_its_bytes_say(console: Console) -> None:  # noqa: F811 - the fixture
    assert "Nothing here yet" in await console.show("/partner-assets")
    for content, status in ((PNG, 303), (SVG, 400), (b"GIF89a" + bytes(9), 303), (b"", 400), (b"<html>", 400)):
        answer = await upload(console, "Banner", content)
        assert answer.status_code == status, answer.text
    text = {"title": "Two sentences", "text": "Plan better.\nWalk further."}
    assert (await console.press("/partner-assets", "/partner-assets/texts", text)).status_code == 303
    page = await console.show("/partner-assets")
    asset_id = re.findall(r"/partner-assets/(asset_[a-z0-9]+)\"", page)[0]
    picture = await console.browser.client.get(f"{console.home}/partner-assets/{asset_id}")
    assert picture.headers["content-type"].startswith("image/")
    assert "sandbox" in picture.headers["content-security-policy"]
    gone = await console.press("/partner-assets", f"/partner-assets/{asset_id}/removal")
    assert gone.status_code == 303
    await console.show(f"/partner-assets/{asset_id}", expect=404)


async def test_a_viewer_reads_and_the_sender_takes_an_admin(console: Console, affiliates: Affiliates) -> None:  # noqa: F811
    page = await console.show("/partner-mails")
    assert "One mail a day" in page or "one mail a day" in page
    answer = await console.browser.client.post(
        f"{console.home}/partner-mails", data={"csrf": csrf_of(await console.show("/deals/settings"))}, headers=ORIGIN
    )
    assert answer.status_code == 403
    admin = await Organisation(affiliates.app).sign_in("admin2@example.com", Role.ADMIN)
    own = Console(affiliates, admin, console.home)
    wrong = await own.press("/partner-mails", "/partner-mails", {"sender_name": "A <b>", "reply_to": ""})
    assert wrong.status_code == 400
    right = {"sender_name": "Fieldnote partners", "reply_to": "partners@example.com"}
    assert (await own.press("/partner-mails", "/partner-mails", right)).status_code == 303
    assert "Fieldnote partners" in await own.show("/partner-mails")
    await admin.client.aclose()


async def upload(console: Console, title: str, content: bytes) -> Any:  # noqa: F811 - the class
    """Send the form of a picture as a browser does."""
    csrf = csrf_of(await console.show("/partner-assets"))
    return await console.browser.client.post(
        f"{console.home}/partner-assets/pictures",
        data={"csrf": csrf, "title": title},
        files={"picture": ("banner.svg", content, "image/svg+xml")},
        headers=ORIGIN,
    )


def csrf_of(page: str) -> str:
    return str(re.findall(r'name="csrf" value="([0-9a-f]{64})"', page)[0])
