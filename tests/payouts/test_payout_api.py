"""Payouts over HTTP, as the affiliate contract has them (sections 3.11 and 6)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from billfold.domain.partners.joining import enrol_customer
from billfold.domain.tenancy.members import Role, add_member
from billfold.domain.tenancy.sessions import create_session
from billfold.domain.tenancy.users import create_user, find_user
from billfold.entrypoints.web.session_cookie import cookie_name
from billfold.infrastructure.db.database import Writing
from tests.app_fixtures import BASE_URL, RunningBillfold
from tests.payouts import making


@dataclass
class Office:
    """Somebody of the team at the affiliate API."""

    app: RunningBillfold
    client: httpx.AsyncClient
    referral_id: str = ""

    @property
    def path(self) -> str:
        return f"/v1/apps/{self.app.team.project_id}/affiliates"

    async def call(self, method: str, path: str, body: Any = None, *, status: int = 200) -> Any:
        answer = await self.client.request(method, f"{self.path}{path}", json=body)
        assert answer.status_code == status, answer.text
        return answer.json()

    async def partner(self, name: str, cents: int, unit: str = "usd") -> str:
        """Return the id of a partner who is owed something."""
        made = await self.app.client.post(f"{self.app.path}/customers", json={"email": f"{name}@example.com"})
        customer_id: str = made.json()["customer"]["id"]
        services, now = self.app.services, self.app.clock.now()
        if not self.referral_id:
            self.referral_id = await self._referral(customer_id)
        await making.owe(
            services.db,
            services.sealer,
            project_id=self.app.team.project_id,
            customer_id=customer_id,
            referral_id=self.referral_id,
            at=now,
            amount=cents,
            unit=unit,
        )
        enrolled = await self.app.services.db.write(
            enrol_customer,
            team_id=self.app.team.team_id,
            project_id=self.app.team.project_id,
            customer_id=customer_id,
            code=None,
            at=now,
        )
        return enrolled.id

    async def _referral(self, customer_id: str) -> str:
        config = {"enabled": True, "referrerCreditAmount": 1000, "refereeCreditAmount": 500, "currency": "usd"}
        path, client = self.app.path, self.app.client
        await client.put(f"{path}/referrals/config", json=config)
        friend = (await client.post(f"{path}/customers", json={"email": "friend@example.com"})).json()["customer"]["id"]
        code = (await client.post(f"{path}/referrals/codes", json={"customerId": customer_id})).json()["code"]["code"]
        claim = {"code": code, "refereeCustomerId": friend}
        applied = await client.post(f"{path}/referrals/apply", json=claim)
        return str(applied.json()["referral"]["id"])


async def sign_in(app: RunningBillfold, email: str, role: Role | None = None) -> httpx.AsyncClient:
    now = app.clock.now()

    async def unit(tx: Writing) -> str:
        user = await find_user(tx, email) or await create_user(tx, email=email, password_hash=None, now=now)
        if role is not None:
            await add_member(tx, team_id=app.team.team_id, user_id=user.id, role=role, now=now)
        return await create_session(tx, user_id=user.id, address="192.0.2.1", user_agent="test", now=now)

    return httpx.AsyncClient(
        transport=httpx.ASGITransport(app=app.application),
        base_url=BASE_URL,
        headers={"Origin": BASE_URL},
        cookies={cookie_name(app.services.settings): await app.services.db.write(unit)},
    )


@pytest.fixture
async def office(billfold_app: RunningBillfold) -> AsyncIterator[Office]:
    """The owner of the team."""
    async with await sign_in(billfold_app, "owner@example.com") as client:
        yield Office(billfold_app, client)


async def test_a_run_pays_who_reaches_the_minimum_and_by_hand_it_ends_with_a_reference(office: Office) -> None:
    rich, poor = await office.partner("rich", 5800), await office.partner("poor", 4999)
    preview = await office.call("GET", "/payouts/preview")
    told = {
        each["affiliateId"]: (each["amount"], each["amountCents"], each["reason"]) for each in preview["candidates"]
    }
    assert told == {rich: (58, 5800, None), poor: (49.99, 4999, "below_minimum")}
    run = await office.call("POST", "/payouts", {}, status=201)
    assert (run["batch"]["status"], run["batch"]["payouts"], run["batch"]["leftOut"]) == ("prepared", 1, 1)
    (payout,) = run["payouts"]
    assert (payout["affiliateId"], payout["status"], payout["amount"], payout["method"]) == (
        rich,
        "pending",
        58,
        "paypal",
    )
    assert payout["destination"] == "j•••@example.com"
    path = f"/payouts/{payout['id']}"
    unapproved = await office.call("POST", f"{path}/mark-paid", {"reference": "bank 1"}, status=409)
    assert unapproved["message"] == "Approve the batch of this payout before it is marked as paid."
    await office.call("POST", f"/payouts/batches/{run['batch']['id']}/approve", {})
    for _ in range(2):
        paid = await office.call("POST", f"{path}/mark-paid", {"reference": "bank 1"})
        assert (paid["payout"]["status"], paid["payout"]["reference"]) == ("paid", "bank 1")
    await office.call("POST", f"{path}/mark-paid", {"reference": "bank 2"}, status=409)
    await office.call("POST", f"{path}/cancel", {"reason": "no"}, status=409)
    whole = await office.call("GET", path)
    assert [(each["amountCents"], each["amount"]) for each in whole["lines"]] == [(5800, 58)]
    assert [each["status"] for each in whole["steps"]] == ["paid"]
    listed = await office.call("GET", "/payouts?status=paid")
    assert (listed["total"], [each["id"] for each in listed["payouts"]]) == (1, [payout["id"]])
    assert (await office.call("GET", f"/payouts?affiliateId={poor}"))["total"] == 0
    statement = await office.call("GET", f"/{rich}/statement")
    assert (statement["openingBalanceCents"], statement["closingBalanceCents"]) == (0, 0)
    assert [each["type"] for each in statement["lines"]] == ["earn", "release", "withdraw", "paid"]


async def test_below_the_minimum_a_chosen_partner_is_refused_with_the_reason(office: Office) -> None:
    poor = await office.partner("poor", 4999)
    refused = await office.call("POST", "/payouts", {"affiliateIds": [poor]}, status=400)
    assert "Below the minimum" in refused["message"]
    await office.call("POST", "/payouts", {"affiliateIds": ["aff_none"]}, status=404)
    await office.call("POST", "/payouts", {"affiliateIds": []}, status=400)


async def test_cancelling_releases_the_money_for_the_next_run(office: Office) -> None:
    partner = await office.partner("jane", 5000)
    for _ in range(2):
        run = await office.call("POST", "/payouts", {"affiliateIds": [partner], "currency": "usd"}, status=201)
        path = f"/payouts/{run['payouts'][0]['id']}"
        cancelled = await office.call("POST", f"{path}/cancel", {"reason": "later"})
        assert (cancelled["payout"]["status"], cancelled["payout"]["failureReason"]) == ("cancelled", "later")


async def test_a_batch_is_approved_sent_and_exported(office: Office) -> None:
    await office.partner("jane", 5000)
    batch = (await office.call("POST", "/payouts", {}, status=201))["batch"]["id"]
    await office.call("POST", f"/payouts/batches/{batch}/send", status=409)
    assert (await office.call("POST", f"/payouts/batches/{batch}/approve"))["batch"][
        "approvedBy"
    ] == "owner@example.com"
    assert (await office.call("POST", f"/payouts/batches/{batch}/send"))["batch"]["status"] == "sent"
    await office.app.drain()
    assert (await office.call("GET", "/payouts"))["payouts"][0]["status"] == "processing"
    made = await office.call("GET", f"/payouts/batches/{batch}/export?format=paypal&currency=usd")
    assert made["content"].startswith("jane@example.com,50.00,USD,po_")
    await office.call("GET", f"/payouts/batches/{batch}/export?format=tape&currency=usd", status=400)


async def test_d3_minimums_are_told_in_each_currencys_own_unit(office: Office) -> None:
    await office.partner("jane", 49, "jpy")
    body = {"minimums": {"jpy": 50, "eur": 50.5}, "taxProfileRequired": False}
    changed = await office.call("PATCH", "/payouts/settings", body)
    assert changed["settings"]["minimums"] == {"jpy": 50, "eur": 50.5}
    (candidate,) = (await office.call("GET", "/payouts/preview"))["candidates"]
    assert (candidate["amount"], candidate["amountCents"], candidate["reason"]) == (49, 49, "below_minimum")
    await office.call("PATCH", "/payouts/settings", {"minimums": {"jpy": 50.5}}, status=400)
    await office.call("PATCH", "/payouts/settings", {"minimums": {"yen": -1}}, status=400)
    await office.call("PATCH", "/payouts/settings", {"methods": ["cash"]}, status=400)


async def test_f1_another_teams_payouts_do_not_exist_and_a_viewer_pays_nobody(office: Office) -> None:
    await office.partner("jane", 5000)
    run = await office.call("POST", "/payouts", {}, status=201)
    payout, batch = run["payouts"][0]["id"], run["batch"]["id"]
    other = await office.app.install(team="Other", email="other@example.com")
    async with await sign_in(office.app, "other@example.com") as client:
        theirs = f"/v1/apps/{other.project_id}/affiliates"
        for path in (f"/payouts/{payout}", f"/payouts/batches/{batch}"):
            assert (await client.get(f"{office.path}{path}")).status_code == 404
            assert (await client.get(f"{theirs}{path}")).status_code == 404
        answer = await client.post(f"{theirs}/payouts/{payout}/mark-paid", json={"reference": "x"})
        assert answer.status_code == 404
    async with await sign_in(office.app, "viewer@example.com", Role.VIEWER) as client:
        assert (await client.get(f"{office.path}/payouts/{payout}")).status_code == 200
        for path in (f"/payouts/{payout}/cancel", "/payouts", f"/payouts/batches/{batch}/approve"):
            assert (await client.post(f"{office.path}{path}", json={})).status_code == 403
    async with await sign_in(office.app, "member@example.com", Role.MEMBER) as client:
        # A member prepares and writes down; what lets money leave takes an admin.
        for path in (
            f"/payouts/batches/{batch}/approve",
            f"/payouts/batches/{batch}/send",
            f"/payouts/{payout}/reverse",
        ):
            assert (await client.post(f"{office.path}{path}", json={})).status_code == 403
    assert (await office.call("GET", f"/payouts/{payout}"))["payout"]["status"] == "pending"
