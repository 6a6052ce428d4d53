"""What needs a person: failed events, stuck jobs, credits that could not be given, and another try of each."""

from __future__ import annotations

import re
from typing import Any, Final

import sqlalchemy as sa

from billfold.domain.billing.stripe_events import fail_events, stripe_events
from billfold.infrastructure.db.database import Writing
from billfold.infrastructure.db.statements import command, query, row_tuple
from billfold.infrastructure.jobs import queue
from billfold.infrastructure.jobs.queue import RETRY_SECONDS
from tests.console.conftest import Console, texts

_EVENTS: Final = query(
    sa.select(stripe_events.c.sequence, stripe_events.c.stripe_event_id).where(
        stripe_events.c.project_id == sa.bindparam("project_id"), stripe_events.c.type == "customer.created"
    ),
    row_tuple,
)
_REOPEN: Final = command(
    sa.update(stripe_events).where(stripe_events.c.sequence == sa.bindparam("the_sequence")).values(finished_at=None)
)


async def stick(console: Console, error: str) -> str:
    """Have a job of the team fail until it is given up; return its id."""
    now = console.app.clock.now()
    team_id = console.app.team.team_id

    async def unit(tx: Writing) -> str:
        await queue.enqueue(tx, "credits.settle", {}, now=now, team_id=team_id)
        job = next(each for each in await queue.claim(tx, now=now, limit=50) if each.name == "credits.settle")
        given_up = queue.Job(**{**_fields(job), "attempts": len(RETRY_SECONDS) + 1})
        assert await queue.fail(tx, given_up, error=error, now=now)
        return job.id

    return await console.app.services.db.write(unit)


def _fields(job: queue.Job) -> dict[str, Any]:
    return {name: getattr(job, name) for name in queue.Job.__slots__}


async def test_a_stuck_job_shows_its_reason_its_traceback_and_is_tried_again(console: Console) -> None:
    job_id = await stick(
        console, 'Traceback:\n  File "x.py"\nbillfold.Refused: <b>Your key</b> may not do this, sk_live_abcdef123456'
    )
    owner = await console.sign_in()
    page = await owner.get(f"{console.home}/jobs")
    assert "may not do this" in texts(page)
    assert "<b>Your key</b>" not in page.text
    assert "sk_live_abcdef123456" not in page.text
    assert "waiting:" in texts(page)
    overview = texts(await owner.get(console.home))
    assert "1 job is stuck" in overview or "Nothing has been sold yet" in overview
    assert "tried again now" in texts(await owner.post(f"{console.home}/jobs/{job_id}/retry"))
    assert "Nothing is stuck" in texts(await owner.get(f"{console.home}/jobs"))
    assert (await owner.post(f"{console.home}/jobs/{job_id}/retry")).status_code == 404


async def test_a_stuck_job_of_another_team_is_neither_shown_nor_tried(console: Console) -> None:
    job_id = await stick(console, "Error: no")
    other = await console.app.install(team="Other", email="stranger@example.com")
    stranger = await console.sign_in("stranger@example.com")
    home = f"/console/{other.team_id}/{other.project_id}"
    assert "Nothing is stuck" in texts(await stranger.get(f"{home}/jobs"))
    assert (await stranger.post(f"{home}/jobs/{job_id}/retry")).status_code == 404


async def test_a_failed_event_says_why_and_is_fetched_again(filled: Console) -> None:
    team = filled.app.team

    async def fail(tx: Writing) -> str:
        rows = await tx.all(_EVENTS, project_id=team.project_id)
        sequence, event_id = rows[0]
        await tx.run(_REOPEN, the_sequence=sequence)
        reason = "Stripe refused <i>this</i>."
        await fail_events(tx, [sequence], team_id=team.team_id, project_id=team.project_id, reason=reason)
        return str(event_id)

    event_id = await filled.app.services.db.write(fail)
    owner = await filled.sign_in()
    listed = await owner.get(f"{filled.home}/stripe-events?status=failed")
    assert "Stripe refused &lt;i&gt;this&lt;/i&gt;." in listed.text
    assert "1 Stripe event failed" in texts(await owner.get(filled.home))
    tried = await owner.post(f"{filled.home}/stripe-events/{event_id}/retry")
    assert "is being fetched again" in texts(tried)
    await filled.app.drain()
    assert "Delivered" in texts(await owner.get(f"{filled.home}/stripe-events/{event_id}"))


async def test_a_credit_that_could_not_be_given_is_told_with_its_reason(console: Console) -> None:
    await console.fill()
    # A friend pays after the customer who brought him was deleted.
    config = {"email": "late@example.com"}
    late = (await console.call("POST", "/customers", config))["customer"]
    claim = {"code": console.ids["code"], "refereeCustomerId": late["id"]}
    await console.call("POST", "/referrals/apply", claim)
    await console.call("DELETE", f"/customers/{console.ids['customer_id']}")
    urls = {"successUrl": "https://app.example.com/", "cancelUrl": "https://app.example.com/"}
    price = console.ids["price_id"]
    checkout = await console.call("POST", "/checkout", {"customerId": late["id"], "priceId": price, **urls})
    path = f"/simulator/{console.app.team.team_id}/checkout/{checkout['sessionId']}/complete"
    await console.app.client.post(path, json={})
    await console.app.drain()
    owner = await console.sign_in()
    assert "1 credit could not be given" in texts(await owner.get(console.home))
    assert "$10.00" in texts(await owner.get(f"{console.home}/rewards"))


async def test_an_event_leads_to_its_customer(filled: Console) -> None:
    owner = await filled.sign_in()
    listed = await owner.get(f"{filled.home}/stripe-events")
    paid = re.findall(r'href="([^"]+/stripe-events/evt_\w+)">invoice\.<wbr>paid<', listed.text)[0]
    found = re.findall(r'href="([^"]+/customers\?q=cus_\w+)"', (await owner.get(paid)).text)
    assert len(found) == 1
    assert "Finn Oak" in texts(await owner.get(found[0]))
