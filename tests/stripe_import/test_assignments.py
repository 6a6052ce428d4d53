"""What is in nobody's project is listed, and brought in by assigning it (contract G9, G12)."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from billfold.domain.billing import customer_claims, raw_objects
from billfold.domain.billing.customer_claims import CLAIM_LIVES
from billfold.domain.referrals.rewards import rewards
from billfold.infrastructure.db.statements import query
from tests.app_fixtures import RunningBillfold
from tests.organisation.conftest import Browser
from tests.stripe_import.accounts import catalog, multiply, one_subscriber, stripe
from tests.stripe_import.test_backfill import forget_webhooks, published, run_all
from tests.stripe_import.test_connection import path_of

REWARDS = query(sa.select(sa.func.count()).select_from(rewards), int)


async def assign(admin: Browser, app: RunningBillfold, **what: str) -> Any:
    body = {"projectId": app.team.project_id, **what}
    return await admin.call("POST", path_of(app, "assign"), json=body)


async def second_project(app: RunningBillfold, admin: Browser) -> str:
    made = await admin.call("POST", f"/teams/{app.team.team_id}/projects", json={"name": "Second"})
    project_id: str = made.json()["project"]["id"]
    return project_id


async def test_what_is_in_no_project_is_listed_newest_first_in_pages(
    billfold_app: RunningBillfold, admin: Browser
) -> None:
    await one_subscriber(billfold_app, project_id=billfold_app.team.project_id)
    await stripe(billfold_app, "post", "customers", email="first@example.com", name="First")
    billfold_app.clock.advance(timedelta(seconds=5))
    await stripe(billfold_app, "post", "customers", email="second@example.com")
    await run_all(billfold_app)
    answer = (await admin.call("GET", path_of(billfold_app, "unassigned"))).json()
    assert [(each["email"], each["name"], each["type"]) for each in answer["objects"]] == [
        ("second@example.com", None, "customer"),
        ("first@example.com", "First", "customer"),
    ]
    assert answer["counts"] == {"customer": 2, "product": 1, "price": 1}
    page = (await admin.call("GET", path_of(billfold_app, "unassigned?type=customer&limit=1&offset=1"))).json()
    assert [each["email"] for each in page["objects"]] == ["first@example.com"]
    assert (await admin.call("GET", path_of(billfold_app, "unassigned?type=subscription"))).json()["objects"] == []


@pytest.mark.parametrize("query_text", ["type=coupon", "limit=0", "limit=x", "offset=-1"])
async def test_a_bad_page_is_refused(billfold_app: RunningBillfold, admin: Browser, query_text: str) -> None:
    assert (await admin.call("GET", path_of(billfold_app, f"unassigned?{query_text}"))).status_code == 400


async def test_an_assigned_customer_comes_with_all_that_hangs_on_him(
    billfold_app: RunningBillfold, admin: Browser
) -> None:
    await forget_webhooks(billfold_app)
    subscription = await one_subscriber(billfold_app)
    await run_all(billfold_app)
    billfold_app.clock.advance(timedelta(seconds=2))
    answer = await assign(admin, billfold_app, stripeCustomerId=subscription["customer"])
    assert answer.status_code == 200
    assert answer.json()["customer"]["email"] == "old@example.com"
    assert answer.json()["imported"] == {"subscriptions": 1, "invoices": 1, "charges": 1, "prices": 0}
    listed = (await billfold_app.client.get(f"{billfold_app.path}/subscriptions")).json()["subscriptions"]
    assert [each["stripeSubscriptionId"] for each in listed] == [subscription["id"]]
    behind = await stripe(billfold_app, "get", f"customers/{subscription['customer']}")
    assert behind["metadata"] == {"project_id": billfold_app.team.project_id}
    counts = await billfold_app.services.db.read(raw_objects.count_unassigned, billfold_app.team.team_id)
    assert counts == {"product": 1, "price": 1}
    assert await published(billfold_app) == []
    again = await assign(admin, billfold_app, stripeCustomerId=subscription["customer"])
    assert again.json()["customer"]["id"] == answer.json()["customer"]["id"]
    log = (await admin.call("GET", f"/teams/{billfold_app.team.team_id}/audit-log")).text
    assert log.count("stripe.assigned") == 1


async def test_nobody_is_credited_for_what_an_imported_customer_paid_before(
    billfold_app: RunningBillfold, admin: Browser
) -> None:
    path = billfold_app.path
    await forget_webhooks(billfold_app)
    await billfold_app.client.put(
        f"{path}/referrals/config", json={"enabled": True, "referrerCreditAmount": 1000, "refereeCreditAmount": 500}
    )
    owner = (await billfold_app.client.post(f"{path}/customers", json={"email": "owner-of-code@example.com"})).json()
    code = await billfold_app.client.post(f"{path}/referrals/codes", json={"customerId": owner["customer"]["id"]})
    subscription = await one_subscriber(billfold_app)
    billfold_app.clock.advance(timedelta(days=20))
    answer = (await assign(admin, billfold_app, stripeCustomerId=subscription["customer"])).json()
    claimed = await billfold_app.client.post(
        f"{path}/referrals/apply",
        json={"code": code.json()["code"]["code"], "refereeCustomerId": answer["customer"]["id"]},
    )
    assert claimed.status_code == 409
    await run_all(billfold_app)
    await billfold_app.drain()
    assert await billfold_app.services.db.read(lambda tx: tx.one(REWARDS)) == 0


async def test_an_assigned_product_comes_with_its_prices_and_its_subscriptions_show_them(
    billfold_app: RunningBillfold, admin: Browser
) -> None:
    subscription = await one_subscriber(billfold_app, project_id=billfold_app.team.project_id)
    await run_all(billfold_app)
    product_id = subscription["items"]["data"][0]["price"]["product"]
    answer = await assign(admin, billfold_app, stripeProductId=product_id)
    assert answer.json()["product"]["stripeProductId"] == product_id
    assert answer.json()["imported"]["prices"] == 1
    (shown,) = (await billfold_app.client.get(f"{billfold_app.path}/subscriptions")).json()["subscriptions"]
    assert shown["priceId"].startswith("pri_")
    assert await billfold_app.services.db.read(raw_objects.count_unassigned, billfold_app.team.team_id) == {}


async def test_what_another_project_has_is_refused(billfold_app: RunningBillfold, admin: Browser) -> None:
    other = await second_project(billfold_app, admin)
    price = await catalog(billfold_app)
    subscription = await one_subscriber(billfold_app)
    assert (await assign(admin, billfold_app, stripeCustomerId=subscription["customer"])).status_code == 200
    assert (await assign(admin, billfold_app, stripeProductId=price["product"])).status_code == 200
    for what in ({"stripeCustomerId": subscription["customer"]}, {"stripeProductId": price["product"]}):
        refused = await assign(admin, billfold_app, **what, projectId=other)
        assert refused.status_code == 409
        assert "Another project" in refused.json()["error"]


async def test_a_customer_without_an_address_or_with_a_taken_one_is_refused(
    billfold_app: RunningBillfold, admin: Browser
) -> None:
    nameless = await stripe(billfold_app, "post", "customers", name="Nameless")
    refused = await assign(admin, billfold_app, stripeCustomerId=nameless["id"])
    assert (refused.status_code, "e-mail address" in refused.json()["error"]) == (400, True)
    await billfold_app.client.post(f"{billfold_app.path}/customers", json={"email": "jane@example.com"})
    twin = await stripe(billfold_app, "post", "customers", email="Jane@example.com")
    assert (await assign(admin, billfold_app, stripeCustomerId=twin["id"])).status_code == 409


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"stripeCustomerId": "cus_none"}, 404),
        ({"stripeProductId": "prod_none"}, 404),
        ({"stripeCustomerId": "cus_1", "stripeProductId": "prod_1"}, 400),
        ({}, 400),
        ({"stripeCustomerId": "../accounts"}, 400),
        ({"stripeCustomerId": "cus_1", "projectId": "proj_none"}, 404),
    ],
)
async def test_a_bad_assignment_is_refused(
    billfold_app: RunningBillfold, admin: Browser, body: dict[str, str], status: int
) -> None:
    assert (await assign(admin, billfold_app, **body)).status_code == status


async def test_another_teams_project_takes_nothing(billfold_app: RunningBillfold, admin: Browser) -> None:
    stranger = await billfold_app.install()
    subscription = await one_subscriber(billfold_app)
    refused = await assign(
        admin, billfold_app, stripeCustomerId=subscription["customer"], projectId=stranger.project_id
    )
    assert refused.status_code == 404


async def test_of_two_projects_that_link_one_stripe_customer_at_once_one_gets_it(
    billfold_app: RunningBillfold, admin: Browser
) -> None:
    other = await second_project(billfold_app, admin)
    await stripe(billfold_app, "post", "customers", email="shared@example.com")
    team = f"/api/billstack/teams/{billfold_app.team.team_id}/projects"
    answers = await asyncio.gather(
        *(
            billfold_app.client.post(f"{team}/{project_id}/customers", json={"email": "shared@example.com"})
            for project_id in (billfold_app.team.project_id, other)
        )
    )
    behind = [answer.json()["customer"]["stripeCustomerId"] for answer in answers]
    assert len(set(behind)) == 2


async def test_a_claim_that_led_nowhere_may_be_taken_over_later(billfold_app: RunningBillfold, admin: Browser) -> None:
    other = await second_project(billfold_app, admin)
    db, now = billfold_app.services.db, billfold_app.clock.now()
    ids = {"team_id": billfold_app.team.team_id, "stripe_customer_id": "cus_1"}

    async def claim(project_id: str, at: Any) -> bool:
        return await db.write(customer_claims.claim, **ids, project_id=project_id, now=at)

    assert await claim(billfold_app.team.project_id, now)
    assert await claim(billfold_app.team.project_id, now)
    assert not await claim(other, now)
    assert await claim(other, now + CLAIM_LIVES + timedelta(seconds=1))


async def test_many_unassigned_customers_are_counted(billfold_app: RunningBillfold) -> None:
    await one_subscriber(billfold_app)
    await multiply(billfold_app.services.db, billfold_app.team.team_id, 210)
    await run_all(billfold_app, ("customer",))
    counts = await billfold_app.services.db.read(raw_objects.count_unassigned, billfold_app.team.team_id)
    assert counts == {"customer": 211}


async def test_a_customer_whom_an_app_links_is_no_longer_listed(billfold_app: RunningBillfold) -> None:
    await one_subscriber(billfold_app)
    await run_all(billfold_app, ("customer", "subscription", "invoice"))
    await billfold_app.client.post(f"{billfold_app.path}/customers", json={"email": "old@example.com"})
    assert await billfold_app.services.db.read(raw_objects.count_unassigned, billfold_app.team.team_id) == {}


async def test_the_copy_of_a_customer_who_was_deleted_in_stripe_goes(billfold_app: RunningBillfold) -> None:
    made = await stripe(billfold_app, "post", "customers", email="gone@example.com")
    await run_all(billfold_app, ("customer",))
    await stripe(billfold_app, "delete", f"customers/{made['id']}")
    await billfold_app.drain()
    assert await billfold_app.services.db.read(raw_objects.find, billfold_app.team.team_id, made["id"]) is None
