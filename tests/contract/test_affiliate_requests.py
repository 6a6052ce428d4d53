"""Every request that the partner program's page (002) prints is answered as printed, and so are both webhook payloads."""

from __future__ import annotations

import json
import re
from typing import Any, Final

import pytest

from billfold.domain.webhooks.claims import envelope
from billfold.domain.webhooks.feed import find_event
from tests.affiliate.conftest import JANE, Affiliates, affiliates

__all__ = ["affiliates"]  # a fixture of the surface's own tests

_KEY: Final = "YOUR_API_KEY"
_JWT: Final = "YOUR_JWT"


class Page:
    """The page's own requests, with its placeholders filled in."""

    def __init__(self, surface: Affiliates) -> None:
        self.surface = surface

    async def curl(self, printed: str, body: dict[str, Any] | None = None, **ids: str) -> Any:
        """Send `METHOD path` with the header of the page for such an address."""
        method, path = printed.split(" ", 1)
        for name, value in {"APP_ID": self.surface.team.project_id, **ids}.items():
            path = path.replace(name, value)
        is_admin = path.startswith("/v1/apps/")
        headers = {"x-api-key": _KEY.replace(_KEY, self.surface.team.api_key)}
        if is_admin:
            headers = {"Authorization": f"Bearer {_JWT}".replace(_JWT, self.surface.member_token)}
        options: dict[str, Any] = {} if body is None else {"json": body}
        answer = await self.surface.send(method, path, headers=headers, **options)
        assert answer.is_success, answer.text
        return answer.json()

    async def sent(self) -> Any:
        """Return the newest event as its webhook sends it."""
        app = self.surface.app
        await app.feed()
        listed = (await app.client.get(f"{app.path}/events", params={"limit": 100})).json()["events"]
        event = await app.services.db.read(find_event, self.surface.team.project_id, listed[-1]["id"])
        assert event is not None
        return json.loads(envelope(event.id, event.type, event.timestamp, event.data, is_test=event.is_test))


@pytest.fixture
def page(affiliates: Affiliates) -> Page:
    """The page."""
    return Page(affiliates)


async def test_accepting_applications(page: Page) -> None:
    made = await page.curl("POST /v1/affiliate/apply", JANE)
    # The page prints these three and no more.
    assert set(made) == {"id", "status", "message"}
    assert made["status"] == "pending"
    assert isinstance(made["message"], str)
    # "Duplicate applications from the same email are rejected with a 409."
    refused = await page.surface.key("POST", "/v1/affiliate/apply", JANE, expect=409)
    assert refused["statusCode"] == 409


async def test_checking_the_status_has_no_side_effects(page: Page) -> None:
    printed = "GET /v1/affiliate/apply/status?email=partner@example.com"
    assert (await page.curl(printed))["applied"] is False
    application_id = await page.surface.apply()
    assert await page.curl(printed) == await page.curl(printed)
    assert (await page.curl(printed))["status"] == "pending"
    await page.surface.review(application_id, {"action": "reject", "rejectionReason": "Not a good fit at this time"})
    assert (await page.curl(printed))["rejectionReason"] == "Not a good fit at this time"


async def test_the_partner_check_and_the_approval(page: Page) -> None:
    assert await page.curl("GET /v1/affiliate/by-customer/cust_123") == {"enrolled": False}
    application_id = await page.surface.apply()
    reviewed = await page.curl(
        "POST /v1/apps/APP_ID/affiliates/applications/APPLICATION_ID/review",
        {"action": "approve", "code": "JANE20"},
        APPLICATION_ID=application_id,
    )
    affiliate = reviewed["affiliate"]
    told = await page.curl(f"GET /v1/affiliate/by-customer/{affiliate['customerId']}")
    # What the page prints, and more behind it.
    assert {"enrolled", "id", "code", "type", "status", "totalEarned"} <= set(told)
    assert (told["enrolled"], told["status"], told["code"], told["totalEarned"]) == (True, "active", "JANE20", 0)
    # The example payload, to the letter but for the ids.
    sent = await page.sent()
    assert {name: sent[name] for name in ("event", "data")} == {
        "event": "partner_application_approved",
        "data": {
            "application": {"id": application_id, "email": "partner@example.com", "name": "Jane Smith"},
            "affiliate": {"id": affiliate["id"], "code": "JANE20", "customer_id": affiliate["customerId"]},
        },
    }
    # What the core's own page prints of an envelope (contract A32).
    assert (set(sent) >= {"id", "type", "timestamp"}, sent["type"]) == (True, sent["event"])


async def test_without_a_code_one_is_made_and_a_customer_account_that_is_there_is_kept(page: Page) -> None:
    there = await page.surface.app.client.post(
        f"{page.surface.app.path}/customers", json={"email": "partner@example.com", "name": "J. Smith"}
    )
    application_id = await page.surface.apply()
    printed = "POST /v1/apps/APP_ID/affiliates/applications/APPLICATION_ID/review"
    reviewed = await page.curl(printed, {"action": "approve"}, APPLICATION_ID=application_id)
    assert reviewed["affiliate"]["code"]
    assert reviewed["affiliate"]["customerId"] == there.json()["customer"]["id"]


async def test_the_rejection_and_its_payload(page: Page) -> None:
    application_id = await page.surface.apply()
    await page.curl(
        "POST /v1/apps/APP_ID/affiliates/applications/APPLICATION_ID/review",
        {"action": "reject", "rejectionReason": "Not a good fit at this time"},
        APPLICATION_ID=application_id,
    )
    sent = await page.sent()
    assert sent["event"] == "partner_application_rejected"
    application = {"id": application_id, "email": "partner@example.com", "name": "Jane Smith"}
    assert sent["data"] == {"application": {**application, "reason": "Not a good fit at this time"}}


async def test_the_earnings_table_s_defaults(page: Page) -> None:
    settings = (await page.curl("GET /v1/apps/APP_ID/affiliates/settings"))["settings"]
    printed = {"defaultCommissionRate": 20, "holdingPeriodDays": 30, "minPayoutAmount": 50, "cookieDurationDays": 30}
    assert {name: settings[name] for name in printed} == printed


async def test_partner_tools_after_approval(page: Page) -> None:
    surface = page.surface
    await surface.enrol("partner@example.com", "JANE20")
    await surface.configure_sign_in()
    session = await surface.sign_in("partner@example.com")
    dashboard = await surface.customer(session, "GET", "/v1/affiliate/dashboard", expect=200)
    assert (dashboard["affiliate"]["totalEarned"], dashboard["affiliate"]["pendingBalance"]) == (0, 0)
    link = await surface.customer(session, "GET", "/v1/affiliate/portal-link", expect=200)
    assert re.fullmatch(r"http://127\.0\.0\.1:8000/partner/[0-9a-f]{32}", link["url"])
    own = await surface.customer(session, "GET", "/v1/affiliate", expect=200)
    assert own["code"] == "JANE20"
    listed = await page.curl("GET /v1/apps/APP_ID/affiliates/applications")
    assert [each["status"] for each in listed["applications"]] == ["approved"]
    tracked = await page.curl("POST /v1/affiliate/track", {"code": "JANE20", "url": "https://yoursite.com?ref=JANE20"})
    assert tracked["tracked"] is True
    deal = {"leadEmail": "prospect@company.com", "leadName": "John Smith", "notes": "Met at conference"}
    registered = await surface.customer(session, "POST", "/v1/affiliate/deals", deal, expect=201)
    assert {name: registered[name] for name in ("leadEmail", "leadName", "status")} == {
        "leadEmail": "prospect@company.com",
        "leadName": "John Smith",
        "status": "pending",
    }
