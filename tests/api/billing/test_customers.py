"""`…/customers`: contract section 3.1, G8 to G10, G35; SCENARIOS G2 to G4."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from billfold.base.errors import Conflict, Invalid
from billfold.domain.billing import linking
from billfold.infrastructure.stripe.port import StripeRejected
from tests.api.billing.conftest import Api
from tests.billing.conftest import House
from tests.billing.stripe_values import stripe_subscription

FIELDS = {"id", "email", "name", "stripeCustomerId", "metadata", "projectId", "createdAt", "updatedAt"}


async def test_a_customer_is_created_in_stripe_and_here(api: Api) -> None:
    answer = await api.post(
        "/customers", {"email": "jane@example.com", "name": "Jane Doe", "metadata": {"plan": "pro"}}
    )
    assert answer.status_code == 201
    customer = answer.json()["customer"]
    assert set(customer) == FIELDS
    assert customer["id"].startswith("pc_")
    assert customer["createdAt"] == "2026-03-30T12:00:00Z"
    behind = api.stripe.customers[customer["stripeCustomerId"]]
    assert behind.metadata == {"plan": "pro", "project_id": api.house.project_id}
    assert (await api.get(f"/customers/{customer['id']}")).json() == {"customer": customer}


async def test_the_list_is_newest_first_and_paged(api: Api) -> None:
    for number in range(5):
        api.clock.advance(timedelta(seconds=1))
        await api.make_customer(f"c{number}@example.com")
    first = (await api.get("/customers?limit=2")).json()["customers"]
    second = (await api.get("/customers?limit=2&offset=2")).json()["customers"]
    assert [row["email"] for row in first + second] == [f"c{number}@example.com" for number in (4, 3, 2, 1)]
    assert len((await api.get("/customers?limit=1000000000")).json()["customers"]) == 5


@pytest.mark.parametrize("query", ["limit=0", "limit=-1", "limit=1.5", "limit=x", "limit=", "offset=-1", "offset=1e3"])
async def test_a_page_that_is_no_whole_number_is_400_g2(api: Api, query: str) -> None:
    answer = await api.get(f"/customers?{query}")
    assert answer.status_code == 400
    assert query.partition("=")[0] in answer.json()["error"]


@pytest.mark.parametrize("email", ["JANE@example.com", " jane@example.com ", "jane@EXAMPLE.com"])
async def test_an_address_belongs_to_one_customer_whatever_its_case(api: Api, email: str) -> None:
    await api.make_customer()
    calls = len(api.stripe.calls)
    answer = await api.post("/customers", {"email": email})
    assert answer.status_code == 409
    assert len(api.stripe.calls) == calls


async def test_addresses_are_compared_in_normalised_form_and_kept_as_sent_g3(api: Api) -> None:
    composed, decomposed = "jos\u00e9@example.com", "jose\u0301@example.com"
    assert (await api.make_customer(decomposed))["email"] == decomposed
    assert (await api.post("/customers", {"email": composed})).status_code == 409
    assert (await api.make_customer("Stra\u00dfe@example.com"))["email"] == "Stra\u00dfe@example.com"
    assert (await api.post("/customers", {"email": "STRASSE@example.com"})).status_code == 409


@pytest.mark.parametrize(
    "email",
    ["", " ", "jane", "@example.com", "jane@", "a@b@c", "a b@example.com", "jane\n@example.com", "x@" + "e" * 253,
     "jane\u202e@example.com", "jane\u200b@example.com", "a\x00@example.com", 1, True, None, [], {}],
)  # fmt: skip
async def test_what_is_no_address_is_400_before_stripe_is_asked(api: Api, email: object) -> None:
    answer = await api.post("/customers", {"email": email})
    assert answer.status_code == 400
    assert list(answer.json()) == ["error"]
    assert not api.stripe.calls


async def test_a_missing_address_is_named(api: Api) -> None:
    answer = await api.post("/customers", {})
    assert answer.status_code == 400
    assert answer.json()["error"].startswith("email is required: ")


@pytest.mark.parametrize(
    "name",
    [
        "\u202eevil",
        "z\u200bw",
        "\U0001f469\u200d\U0001f4bb",
        "=1+1",
        "<script>",
        "'; DROP TABLE customers; --",
        "a\nb",
        "İ",
    ],
)
async def test_names_come_back_as_they_were_sent_g3_g4(api: Api, name: str) -> None:
    customer = await api.make_customer(name=name)
    assert customer["name"] == name
    assert (await api.get(f"/customers/{customer['id']}")).json()["customer"]["name"] == name


@pytest.mark.parametrize(
    "metadata",
    [
        {f"k{number}": "v" for number in range(51)},
        {"k" * 41: "v"},
        {"": "v"},
        {"a[b]": "v"},
        {"k": "v" * 501},
        {"k": None},
        {"k": {}},
        {"k": 2**53},
        {"k": 10**30},
        {"project_id": "x"},
        {"team_id": "x"},
        {"billstack_x": "x"},
        None,
        [],
        "x",
    ],
)
async def test_metadata_outside_stripes_limits_is_400_before_stripe_is_asked_g2(api: Api, metadata: object) -> None:
    answer = await api.post("/customers", {"email": "jane@example.com", "metadata": metadata})
    assert answer.status_code == 400
    assert "metadata" in answer.json()["error"]
    assert not api.stripe.calls


async def test_metadata_at_stripes_limits_is_kept_whole(api: Api) -> None:
    metadata: dict[str, Any] = {f"{'k' * 37}{number:03}": "v" * 500 for number in range(47)}
    metadata.update({"whole": 2**53 - 1, "part": 0.5, "yes": True})
    customer = await api.make_customer(metadata=metadata)
    assert customer["metadata"] == metadata
    behind = api.stripe.customers[customer["stripeCustomerId"]]
    assert len(behind.metadata) == 50
    assert behind.metadata["project_id"] == api.house.project_id
    assert behind.metadata["part"] == "0.5"


async def test_a_stripe_customer_with_the_address_is_linked_and_stamped_g8(api: Api) -> None:
    known = api.stripe.add_customer("jane@example.com", {"crm": "7"}, name="Jane")
    customer = await api.make_customer(metadata={"plan": "pro"})
    assert customer["stripeCustomerId"] == known.id
    assert customer["name"] == "Jane"
    assert api.stripe.customers[known.id].metadata == {"crm": "7", "plan": "pro", "project_id": api.house.project_id}


async def test_one_that_another_project_claimed_is_not_linked_g8(api: Api) -> None:
    claimed = api.stripe.add_customer("jane@example.com", {"project_id": api.house.other_project_id})
    customer = await api.make_customer()
    assert customer["stripeCustomerId"] != claimed.id


async def test_of_several_the_own_one_then_a_paying_one_then_the_oldest_is_linked_g8(api: Api) -> None:
    oldest, paying, own = [api.stripe.add_customer("jane@example.com") for _ in range(3)]
    third = await api.make_customer()
    assert third["stripeCustomerId"] == oldest.id
    await api.delete(f"/customers/{third['id']}")
    del api.stripe.customers[oldest.id]
    api.stripe.add_customer("jane@example.com", id="cus_old", created=oldest.created)
    api.stripe.subscriptions["sub_1"] = stripe_subscription(customer_id=paying.id)
    second = await api.make_customer()
    assert second["stripeCustomerId"] == paying.id
    await api.delete(f"/customers/{second['id']}")
    await api.stripe.update_customer(paying.id, metadata={"project_id": ""})
    await api.stripe.update_customer(own.id, metadata={"project_id": api.house.project_id})
    assert (await api.make_customer())["stripeCustomerId"] == own.id


async def test_what_a_linked_customer_bought_is_imported_g9(api: Api) -> None:
    known = api.stripe.add_customer("jane@example.com")
    api.stripe.subscriptions["sub_1"] = stripe_subscription(customer_id=known.id)
    customer = await api.make_customer()
    listed = (await api.get(f"/subscriptions?customerId={customer['id']}")).json()["subscriptions"]
    assert [row["stripeSubscriptionId"] for row in listed] == ["sub_1"]


async def test_of_two_requests_for_an_address_one_wins_and_leaves_no_orphan_g10(api: Api) -> None:
    bodies = [{"email": email} for email in ("jane@example.com", "JANE@example.com") * 5]
    answers = await asyncio.gather(*(api.post("/customers", body) for body in bodies))
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 9
    (won,) = [answer.json()["customer"] for answer in answers if answer.status_code == 201]
    assert won["stripeCustomerId"] in api.stripe.customers


async def test_the_loser_of_a_race_deletes_its_fresh_stripe_customer_g10(api: Api) -> None:
    async def lose(unit: object, /, *args: object, **kwargs: object) -> Any:
        del unit, args, kwargs
        raise Conflict("somebody was first")

    request = linking.CustomerRequest(api.house.team_id, api.house.project_id, "jane@example.com", None, {})
    now = api.clock.now()
    with pytest.raises(Conflict):
        await linking.create_customer(
            api.services.db, api.stripe.gateway, request, idempotency_key="k", write=lose, at=now, now=now
        )
    assert not api.stripe.customers


async def test_who_found_the_stripe_customer_of_another_loser_is_told_of_the_winner_g10(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    api.stripe.add_customer("jane@example.com", {"project_id": api.house.project_id})

    async def gone(*_: object, **__: object) -> Any:
        # Another request won meanwhile, and this Stripe customer's maker deleted it as his orphan.
        monkeypatch.undo()
        api.stripe.customers.clear()
        assert (await api.post("/customers", {"email": "jane@example.com"})).status_code == 201
        raise Invalid("Stripe: No such customer.")

    monkeypatch.setattr(api.stripe, "update_customer", gone)
    answer = await api.post("/customers", {"email": "jane@example.com"})
    assert answer.status_code == 409
    assert "already exists" in answer.json()["error"]


async def test_a_change_goes_to_stripe_and_unsets_old_keys_but_nobody_elses_g10(api: Api) -> None:
    customer = await api.make_customer(name="Jane Doe", metadata={"plan": "pro", "old": "1"})
    await api.stripe.update_customer(customer["stripeCustomerId"], metadata={"crm": "7"})
    api.clock.advance(timedelta(seconds=5))
    answer = await api.patch(f"/customers/{customer['id']}", {"name": "Jane Smith", "metadata": {"plan": "enterprise"}})
    assert answer.status_code == 200
    changed = answer.json()["customer"]
    assert changed == {
        **customer, "name": "Jane Smith", "metadata": {"plan": "enterprise"}, "updatedAt": "2026-03-30T12:00:05Z",
    }  # fmt: skip
    behind = api.stripe.customers[customer["stripeCustomerId"]]
    assert behind.name == "Jane Smith"
    assert behind.metadata == {"plan": "enterprise", "crm": "7", "project_id": api.house.project_id}


async def test_null_clears_the_name_and_an_empty_change_is_400(api: Api) -> None:
    customer = await api.make_customer(name="Jane")
    assert (await api.patch(f"/customers/{customer['id']}", {"name": None})).json()["customer"]["name"] is None
    assert api.stripe.customers[customer["stripeCustomerId"]].name is None
    for body in ({}, {"unknown": 1}):
        assert (await api.patch(f"/customers/{customer['id']}", body)).status_code == 400


async def test_an_address_cannot_be_changed_to_a_taken_one(api: Api) -> None:
    first = await api.make_customer("a@example.com")
    await api.make_customer("b@example.com")
    calls = len(api.stripe.calls)
    assert (await api.patch(f"/customers/{first['id']}", {"email": "B@example.com"})).status_code == 409
    assert len(api.stripe.calls) == calls
    assert (await api.patch(f"/customers/{first['id']}", {"email": "A@example.com"})).status_code == 200


async def test_a_deleted_customer_is_gone_here_and_stays_in_stripe(api: Api) -> None:
    customer = await api.make_customer()
    answer = await api.delete(f"/customers/{customer['id']}")
    assert (answer.status_code, answer.json()) == (200, {"success": True})
    assert customer["stripeCustomerId"] in api.stripe.customers
    for call in (api.get, api.delete):
        assert (await call(f"/customers/{customer['id']}")).status_code == 404
    assert (await api.patch(f"/customers/{customer['id']}", {"name": "x"})).status_code == 404
    assert (await api.get("/customers")).json() == {"customers": []}
    again = await api.make_customer()
    assert again["id"] != customer["id"]
    assert again["stripeCustomerId"] == customer["stripeCustomerId"]


async def test_with_stripe_down_changes_answer_503_and_reads_go_on(api: Api) -> None:
    customer = await api.make_customer()
    api.stripe.is_down = True
    for answer in (
        await api.post("/customers", {"email": "other@example.com"}),
        await api.patch(f"/customers/{customer['id']}", {"name": "x"}),
    ):
        assert answer.status_code == 503
        assert int(answer.headers["retry-after"]) > 0
        assert list(answer.json()) == ["error"]
    assert (await api.get("/customers")).status_code == 200
    assert (await api.get(f"/customers/{customer['id']}")).json()["customer"]["name"] is None
    assert (await api.delete(f"/customers/{customer['id']}")).status_code == 200


async def test_without_a_stripe_connection_changes_answer_400(api: Api) -> None:
    del api.connections.accounts[api.house.team_id]
    answer = await api.post("/customers", {"email": "jane@example.com"})
    assert answer.status_code == 400
    assert "not connected" in answer.json()["error"]
    assert (await api.get("/customers")).json() == {"customers": []}


async def test_what_stripe_refuses_is_400_with_its_words(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    async def refuse(**fields: object) -> None:
        del fields
        raise StripeRejected("Invalid email address: jane@example.com")

    monkeypatch.setattr(api.stripe, "create_customer", refuse)
    answer = await api.post("/customers", {"email": "jane@example.com"})
    assert (answer.status_code, answer.json()) == (400, {"error": "Invalid email address: jane@example.com"})
    assert (await api.get("/customers")).json() == {"customers": []}


async def test_two_projects_may_have_the_same_address(api: Api) -> None:
    first = await api.make_customer()
    other = House(api.house.team_id, api.house.other_project_id, api.house.project_id)
    headers = {"Authorization": f"Bearer {api.key}"}
    answer = await api.client.post(api.path("/customers", other), json={"email": "jane@example.com"}, headers=headers)
    assert answer.status_code == 201
    assert answer.json()["customer"]["stripeCustomerId"] != first["stripeCustomerId"]
