"""A partner's whole life over HTTP: applied, approved, clicked, sold, refunded, held, paid by hand, refunded again, netted."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from billfold.domain.ledger.audit import audit
from billfold.domain.ledger.statement import balances
from billfold.domain.payouts.audit import audit_payouts
from billfold.domain.payouts.methods import PayPal, set_method
from billfold.domain.referrals import programs
from billfold.domain.referrals.audit import audit_rewards
from tests.affiliate.conftest import Affiliates
from tests.affiliate.test_commissions import Shop

PARTNER = "partner@agency.example.com"


async def test_statement_ledger_dashboard_and_api_agree_to_the_cent_through_a_whole_life(
    affiliates: Affiliates,
) -> None:
    await affiliates.switch_on(minPayoutAmount=10, landingUrl="https://www.example.com/start")
    await affiliates.configure_sign_in()
    shop = Shop(affiliates)
    # Every event comes twice and in any order.
    await shop.control("delivery", duplicate=1, shuffle=True, seed=11)
    await shop.open(by_click=True)
    # Two more months: three payments of $29.00, each worth $5.80.
    await months(shop, 2)
    assert sorted(each["amountCents"] for each in await shop.commissions()) == [580, 580, 580]
    await shop.control("refunds", subscriptionId=shop.subscription, amount=1450)
    assert await shop.worth() == 3 * 580 - 290
    await hold(shop, 31)
    # Not before he proved his mailbox and said how to be paid.
    assert await reason(affiliates) == "mailbox_not_proved"
    session = await affiliates.sign_in(PARTNER)
    assert await reason(affiliates) == "no_payout_method"
    customer_id = shop.partner["customerId"]
    await affiliates.app.services.db.write(
        set_method,
        affiliates.app.services.sealer,
        project_id=affiliates.team.project_id,
        customer_id=customer_id,
        details=PayPal("jane@example.com"),
        at=affiliates.app.clock.now(),
    )
    before = await seen(shop, session, customer_id)
    assert (before["available"], before["paid"]) == (await approved(shop), 0)
    run = await affiliates.admin("POST", "/payouts", {}, expect=201)
    (payout,) = run["payouts"]
    assert payout["amountCents"] == before["available"]
    await pay(affiliates, run, "bank 1")
    session = await affiliates.sign_in(PARTNER)
    after = await seen(shop, session, customer_id)
    assert (after["available"], after["paid"]) == (0, payout["amountCents"])
    # The customer gets money back for a month whose commission was paid out already.
    charges = (await shop.stripe("get", "charges", limit=100))["data"]
    paid_for = [each for each in charges if each["amount_refunded"] == 0][-1]
    await shop.control("refunds", charge=paid_for["id"], amount=2900)
    await shop.wait(timedelta(0))
    session = await affiliates.sign_in(PARTNER)
    owing = await seen(shop, session, customer_id)
    assert owing["available"] == -580
    assert await reason(affiliates) == "negative_balance"
    await months(shop, 3)
    await hold(shop, 31)
    session = await affiliates.sign_in(PARTNER)
    due = (await seen(shop, session, customer_id))["available"]
    run = await affiliates.admin("POST", "/payouts", {}, expect=201)
    (netted,) = run["payouts"]
    assert netted["amountCents"] == due
    whole = await affiliates.admin("GET", f"/payouts/{netted['id']}", expect=200)
    lines = sorted(each["amountCents"] for each in whole["lines"])
    assert lines[0] == -580
    assert sum(lines) == due
    await pay(affiliates, run, "bank 2")
    session = await affiliates.sign_in(PARTNER)
    end = await seen(shop, session, customer_id)
    assert (end["available"], end["paid"]) == (0, payout["amountCents"] + due)
    for look in (audit, audit_rewards, audit_payouts):
        assert await affiliates.app.services.db.snapshot(look) == []


async def months(shop: Shop, count: int) -> None:
    """Let Stripe renew the subscription."""
    for _ in range(count):
        await shop.control("clock", advance_days=31)


async def hold(shop: Shop, days: int) -> None:
    """Let the holding period of what was paid so far end; the plan goes on meanwhile."""
    await shop.control("clock", advance_days=days)
    await shop.wait(timedelta(0))


async def reason(affiliates: Affiliates) -> str | None:
    """Return why the partner is left out."""
    (candidate,) = (await affiliates.admin("GET", "/payouts/preview", expect=200))["candidates"]
    return str(candidate["reason"]) if candidate["reason"] else None


async def approved(shop: Shop) -> int:
    return sum(each["amountCents"] for each in await shop.commissions("?status=approved"))


async def seen(shop: Shop, session: str, customer_id: str) -> dict[str, Any]:
    """Return what the partner has, after checking that every place that tells it tells the same."""
    affiliates = shop.affiliates
    listed = await affiliates.key("GET", f"/v1/affiliate/by-customer/{customer_id}", expect=200)
    dashboard = (await affiliates.customer(session, "GET", "/v1/affiliate/dashboard", expect=200))["affiliate"]
    statement = await affiliates.customer(session, "GET", "/v1/affiliate/statement", expect=200)
    services, project_id = affiliates.app.services, affiliates.team.project_id
    program = await services.db.read(programs.find, project_id, "partners")
    assert program is not None
    ledger = await services.db.read(
        balances, project_id=project_id, program_id=program.id, owner_id=customer_id, unit="usd"
    )
    await check_explanations(shop, earned=ledger.held + ledger.available + ledger.settled + ledger.in_transit)
    for told in (listed, dashboard):
        assert told["availableBalanceCents"] == ledger.available, told
        assert told["pendingBalanceCents"] == ledger.held
        assert told["totalPaidCents"] == ledger.settled
        assert told["totalEarnedCents"] == ledger.held + ledger.available + ledger.settled + ledger.in_transit
    assert statement["closingBalanceCents"] == ledger.held + ledger.available + ledger.in_transit
    return {"available": ledger.available, "held": ledger.held, "paid": ledger.settled}


async def check_explanations(shop: Shop, *, earned: int) -> None:
    """Check that the API's explanation works each commission out again, from the invoice on, to what was earned in all."""
    found = await shop.api("GET", f"/referrals/explain?customer={shop.friend}", None)
    worked_out = 0
    for payment in found["explanation"]["payments"]:
        (line,) = payment["commissions"]
        assert line["agrees"], line
        steps = {each["code"]: each["amount"] for each in line["arithmetic"]}
        counts = steps.get("counts_now", steps["counts"])
        assert steps["commission"] == (2 * counts * 2000 + 10_000) // 20_000
        worked_out += steps["commission"]
    assert worked_out == earned


async def pay(affiliates: Affiliates, run: dict[str, Any], reference: str) -> None:
    """Approve a batch of one payout and say that it was paid."""
    (payout,) = run["payouts"]
    await affiliates.admin("POST", f"/payouts/batches/{run['batch']['id']}/approve", {}, expect=200)
    await affiliates.admin("POST", f"/payouts/{payout['id']}/mark-paid", {"reference": reference}, expect=200)
