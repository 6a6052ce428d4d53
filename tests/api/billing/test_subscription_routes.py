"""`…/subscriptions`: contract section 3.4, G14."""

from __future__ import annotations

import pytest

from tests.api.billing.conftest import Api

FIELDS = {
    "id", "customerId", "stripeSubscriptionId", "status", "priceId", "quantity", "cancelAtPeriodEnd", "currentPeriodStart",
    "currentPeriodEnd", "metadata", "projectId", "createdAt", "updatedAt",
}  # fmt: skip


async def test_a_subscription_is_shown_with_all_its_fields(api: Api) -> None:
    customer = await api.make_customer()
    row = await api.make_subscription(customer, quantity=2)
    shown = (await api.get(f"/subscriptions/{row.id}")).json()["subscription"]
    assert set(shown) == FIELDS
    assert (shown["customerId"], shown["status"], shown["quantity"]) == (customer["id"], "active", 2)
    assert shown["currentPeriodEnd"] == "2026-04-29T12:00:00Z"


async def test_the_list_is_filtered_by_status_and_customer(api: Api) -> None:
    jane, john = await api.make_customer("jane@example.com"), await api.make_customer("john@example.com")
    for number, (customer, status) in enumerate([(jane, "active"), (jane, "past_due"), (john, "trialing")]):
        await api.make_subscription(customer, status=status, stripe_id=f"sub_{number}")

    async def listed(query: str) -> set[str]:
        rows = (await api.get(f"/subscriptions{query}")).json()["subscriptions"]
        return {row["stripeSubscriptionId"] for row in rows}

    assert await listed("") == {"sub_0", "sub_2"}
    assert await listed("?activeOnly=false") == {"sub_0", "sub_1", "sub_2"}
    assert await listed(f"?customerId={jane['id']}") == {"sub_0"}
    assert await listed(f"?customerId={jane['id']}&activeOnly=false") == {"sub_0", "sub_1"}
    assert (await api.get("/subscriptions?customerId=pc_none")).status_code == 404
    assert (await api.get("/subscriptions?customerId=%00")).status_code == 404


async def test_it_ends_with_its_period_and_resumes(api: Api) -> None:
    row = await api.make_subscription(await api.make_customer())
    for value in (True, True, False, False):
        answer = await api.patch(f"/subscriptions/{row.id}", {"cancelAtPeriodEnd": value})
        assert answer.status_code == 200
        assert answer.json()["subscription"]["cancelAtPeriodEnd"] is value
        assert api.stripe.subscriptions["sub_1"].cancel_at_period_end is value
    assert api.stripe.calls.count("set_cancel_at_period_end") == 2


async def test_it_is_canceled_now_and_for_good(api: Api) -> None:
    row = await api.make_subscription(await api.make_customer())
    for _ in range(2):
        answer = await api.delete(f"/subscriptions/{row.id}")
        assert (answer.status_code, answer.json()["subscription"]["status"]) == (200, "canceled")
    for value in (True, False):
        assert (await api.patch(f"/subscriptions/{row.id}", {"cancelAtPeriodEnd": value})).status_code == 409
    assert api.stripe.calls.count("cancel_subscription") == 1


@pytest.mark.parametrize(
    "body", [{}, {"cancelAtPeriodEnd": 1}, {"cancelAtPeriodEnd": "true"}, {"cancelAtPeriodEnd": None}]
)
async def test_the_flag_is_a_boolean(api: Api, body: object) -> None:
    row = await api.make_subscription(await api.make_customer())
    answer = await api.patch(f"/subscriptions/{row.id}", body)
    assert answer.status_code == 400
    assert answer.json()["error"].startswith("cancelAtPeriodEnd ")


async def test_with_stripe_down_it_stays_as_it_is(api: Api) -> None:
    row = await api.make_subscription(await api.make_customer())
    api.stripe.is_down = True
    assert (await api.delete(f"/subscriptions/{row.id}")).status_code == 503
    assert (await api.patch(f"/subscriptions/{row.id}", {"cancelAtPeriodEnd": True})).status_code == 503
    shown = (await api.get(f"/subscriptions/{row.id}")).json()["subscription"]
    assert (shown["status"], shown["cancelAtPeriodEnd"]) == ("active", False)
