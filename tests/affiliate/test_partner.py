"""What a partner sees and what the team does to him: contract sections 3.3 to 3.6 and 3.11, gaps A12, A13, A27, A29, A31."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from billfold.base.crypto import token_hash
from billfold.domain.partners.masking import masked_email
from billfold.domain.partners.portal_links import PartnerGuest, find_guest
from tests.affiliate.conftest import Affiliates

EMAIL = "partner@example.com"


@pytest.fixture
async def partner(affiliates: Affiliates) -> dict[str, Any]:
    """A partner with the code JANE20 and a session."""
    made = await affiliates.enrol(EMAIL, "JANE20")
    await affiliates.configure_sign_in()
    return {**made, "session": await affiliates.sign_in(EMAIL)}


async def guest_of(affiliates: Affiliates, url: str) -> PartnerGuest | None:
    """Return whom a portal link stands for now."""
    now = affiliates.app.clock.now()
    return await affiliates.app.services.db.read(find_guest, token_hash(url.rpartition("/")[2]), now)


async def change(affiliates: Affiliates, partner: dict[str, Any], body: dict[str, Any], expect: int = 200) -> Any:
    """Change a partner as the team."""
    return await affiliates.admin("PATCH", f"/{partner['id']}", body, expect=expect)


async def test_the_dashboard_has_what_is_documented(affiliates: Affiliates, partner: dict[str, Any]) -> None:
    shown = await affiliates.customer(partner["session"], "GET", "/v1/affiliate/dashboard", expect=200)
    assert shown["affiliate"]["totalEarned"] == 0
    assert shown["affiliate"]["pendingBalance"] == 0
    assert shown["affiliate"]["code"] == "JANE20"
    assert shown["stats"] == {"clicks": 0, "referrals": 0, "conversions": 0, "conversionRate": 0}
    assert [shown[name] for name in ("referrals", "commissions", "payouts", "deals")] == [[], [], [], []]
    assert shown["settings"] == {
        "commissionRate": 20,
        "holdingPeriodDays": 30,
        "minPayoutAmount": 50,
        "minPayoutAmountCents": 5000,
        "cookieDurationDays": 30,
    }
    for name in ("referrals", "commissions", "payouts"):
        page = await affiliates.customer(partner["session"], "GET", f"/v1/affiliate/{name}", expect=200)
        assert page == {"total": 0, "limit": 50, "offset": 0, name: []}


async def test_a_customer_who_is_no_partner_has_no_dashboard(affiliates: Affiliates) -> None:
    await affiliates.configure_sign_in(autoCreateCustomer=True)
    session = await affiliates.sign_in("new@example.com")
    for path in ("/dashboard", "/portal-link", "/commissions", "/referrals", "/payouts"):
        refused = await affiliates.customer(session, "GET", f"/v1/affiliate{path}", expect=403)
        assert refused["code"] == "NOT_AN_AFFILIATE"


async def test_a_portal_link_works_for_a_day_and_is_stored_as_a_hash_a31(
    affiliates: Affiliates, partner: dict[str, Any]
) -> None:
    first = await affiliates.customer(partner["session"], "GET", "/v1/affiliate/portal-link", expect=200)
    second = await affiliates.customer(partner["session"], "GET", "/v1/affiliate/portal-link", expect=200)
    assert first["url"] != second["url"]
    guest = await guest_of(affiliates, first["url"])
    assert guest is not None
    assert (guest.partner_id, guest.email) == (partner["id"], EMAIL)
    affiliates.app.clock.advance(timedelta(hours=24))
    assert await guest_of(affiliates, first["url"]) is None


async def test_a_suspension_ends_links_code_and_dashboard_and_is_taken_back_a12(
    affiliates: Affiliates, partner: dict[str, Any]
) -> None:
    link = await affiliates.customer(partner["session"], "GET", "/v1/affiliate/portal-link", expect=200)
    await change(affiliates, partner, {"status": "suspended"})
    assert await guest_of(affiliates, link["url"]) is None
    told = await affiliates.key("GET", f"/v1/affiliate/by-customer/{partner['customerId']}", expect=200)
    assert (told["enrolled"], told["status"]) == (True, "suspended")
    refused = await affiliates.customer(partner["session"], "GET", "/v1/affiliate/dashboard", expect=403)
    assert refused["code"] == "AFFILIATE_SUSPENDED"
    own = await affiliates.customer(partner["session"], "GET", "/v1/affiliate", expect=200)
    assert own["status"] == "suspended"
    code = await affiliates.app.client.get(f"{affiliates.app.path}/referrals/codes/JANE20")
    assert code.json()["code"]["isActive"] is False
    await change(affiliates, partner, {"status": "active"})
    await affiliates.customer(partner["session"], "GET", "/v1/affiliate/dashboard", expect=200)
    # The link from before stays dead.
    assert await guest_of(affiliates, link["url"]) is None
    code = await affiliates.app.client.get(f"{affiliates.app.path}/referrals/codes/JANE20")
    assert code.json()["code"]["isActive"] is True


async def test_a_termination_is_for_good(affiliates: Affiliates, partner: dict[str, Any]) -> None:
    await change(affiliates, partner, {"status": "terminated"})
    await change(affiliates, partner, {"status": "active"}, expect=409)
    await change(affiliates, partner, {"code": "NEW20"}, expect=409)


async def test_a_code_can_be_changed_and_a_taken_one_cannot(affiliates: Affiliates, partner: dict[str, Any]) -> None:
    await affiliates.enrol("second@example.com", "SECOND")
    changed = await change(affiliates, partner, {"code": "jane-30"})
    assert changed["affiliate"]["code"] == "JANE-30"
    assert changed["affiliate"]["referralUrl"].endswith("/JANE-30")
    await change(affiliates, partner, {"code": "Second"}, expect=409)
    await change(affiliates, partner, {"code": "x"}, expect=400)


async def test_a_rate_of_his_own_is_shown_and_given_back(affiliates: Affiliates, partner: dict[str, Any]) -> None:
    assert (await change(affiliates, partner, {"commissionRate": 12.5}))["affiliate"]["commissionRate"] == 12.5
    assert (await change(affiliates, partner, {"commissionRate": None}))["affiliate"]["commissionRate"] == 20
    for bad in (-1, 101, 0.125, "20", True, 10**30, 1e308):
        refused = await change(affiliates, partner, {"commissionRate": bad}, expect=400)
        assert refused["message"].startswith("commissionRate must be a number from 0 to 100 "), bad
    await change(affiliates, partner, {}, expect=400)


async def test_partners_are_listed_searched_and_counted(affiliates: Affiliates, partner: dict[str, Any]) -> None:
    await affiliates.enrol("ann@example.com", "ANN")
    await change(affiliates, partner, {"status": "suspended"})
    listed = await affiliates.admin("GET", "", expect=200)
    assert ([each["code"] for each in listed["affiliates"]], listed["total"]) == (["ANN", "JANE20"], 2)
    for query, codes in (
        ("?status=suspended", ["JANE20"]),
        ("?search=ann@", ["ANN"]),
        ("?search=jane20", ["JANE20"]),
        ("?search=zz", []),
        ("?limit=1&offset=1", ["JANE20"]),
    ):
        found = await affiliates.admin("GET", query, expect=200)
        assert [each["code"] for each in found["affiliates"]] == codes, query
    await affiliates.admin("GET", "?status=happy", expect=400)
    one = await affiliates.admin("GET", f"/{partner['id']}", expect=200)
    assert one["affiliate"]["customerId"] == partner["customerId"]
    await affiliates.admin("GET", "/aff_none", expect=404)


async def test_settings_have_the_documented_defaults_and_change(affiliates: Affiliates) -> None:
    other = await affiliates.app.install()
    stranger = Affiliates(affiliates.app, other)
    stranger.member_token = await stranger.member("other@example.com")
    fresh = (await stranger.admin("GET", "/settings", expect=200))["settings"]
    assert {name: fresh[name] for name in ("enabled", "defaultCommissionRate", "holdingPeriodDays")} == {
        "enabled": False,
        "defaultCommissionRate": 20,
        "holdingPeriodDays": 30,
    }
    assert (fresh["minPayoutAmount"], fresh["minPayoutAmountCents"], fresh["cookieDurationDays"]) == (50, 5000, 30)
    changes = {
        "defaultCommissionRate": 12.5,
        "holdingPeriodDays": 14,
        "minPayoutAmount": 99.99,
        "cookieDurationDays": 90,
        "landingUrl": "https://www.example.com/partners",
        "questions": [
            {"key": "audience", "label": "How large is your audience?", "required": True},
            {"key": "channel", "label": "Where?", "kind": "choice", "choices": ["Blog", "Video"]},
        ],
    }
    changed = (await affiliates.admin("PATCH", "/settings", changes, expect=200))["settings"]
    assert changed["minPayoutAmountCents"] == 9999
    assert {name: changed[name] for name in changes if name != "questions"} == {
        name: value for name, value in changes.items() if name != "questions"
    }
    assert [each["key"] for each in changed["questions"]] == ["audience", "channel"]
    assert (await affiliates.admin("GET", "/settings", expect=200))["settings"] == changed


async def test_settings_that_cannot_be_are_400_a5(affiliates: Affiliates) -> None:
    for bad in (
        {"defaultCommissionRate": 101},
        {"defaultCommissionRate": -1},
        {"defaultCommissionRate": 0.123},
        {"holdingPeriodDays": 366},
        {"cookieDurationDays": 0},
        {"minPayoutAmount": 1.999},
        {"landingUrl": "javascript:alert(1)"},
        {"questions": [{"key": "email", "label": "x"}]},
        {"questions": [{"key": "a", "label": "x", "kind": "choice", "choices": ["one"]}]},
        {"autoApproveDomains": ["not a domain"]},
        {"reapplyAfterDays": 0},
        {},
    ):
        await affiliates.admin("PATCH", "/settings", bad, expect=400)


def test_addresses_are_masked_a29() -> None:
    assert masked_email("jane@example.com") == "j***@e***.com"
    assert masked_email("nobody") == "***"
    assert "smith" not in masked_email("smith@mail.smith.example.org")
