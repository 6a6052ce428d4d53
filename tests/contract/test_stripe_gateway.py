"""What the port promises, asked of the simulator in the box and of any Stripe-compatible server: see `conftest.py`."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from billfold.base.ids import new_token
from billfold.infrastructure.stripe.client import connect
from billfold.infrastructure.stripe.port import StripeKeyInvalid, StripeRejected
from billfold.infrastructure.stripe.values import StripeEvent
from tests.contract.conftest import API_BASE, API_KEY, Account


async def test_the_account_has_an_id_and_is_in_test_mode(account: Account) -> None:
    found = await account.gateway.get_account()
    assert found.id.startswith("acct_")
    assert not found.livemode


async def test_a_wrong_key_is_told_as_such(account: Account) -> None:
    stranger = connect("sk_test_wrong", api_base=account.api_base, transport=account.transport)
    with pytest.raises(StripeKeyInvalid) as refused:
        await stranger.get_account()
    assert "sk_test_wrong" not in refused.value.message
    await stranger.close()


async def test_what_does_not_exist_is_none(account: Account) -> None:
    gateway = account.gateway
    assert await gateway.get_customer("cus_0") is None
    assert await gateway.get_product("prod_0") is None
    assert await gateway.get_price("price_0") is None
    assert await gateway.get_checkout_session("cs_test_0") is None
    assert await gateway.get_subscription("sub_0") is None
    assert await gateway.get_invoice("in_0") is None
    assert await gateway.get_payment_intent("pi_0") is None
    assert await gateway.get_charge("ch_0") is None


async def test_a_customer_is_created_found_changed_and_deleted(account: Account) -> None:
    gateway = account.gateway
    email = f"ada+{new_token(8)}@example.com"
    made = await gateway.create_customer(
        email=email, name="Ada Ä", metadata={"project_id": "proj_1", "plan": "pro"}, idempotency_key=new_token()
    )
    assert (made.email, made.name, made.balance, made.deleted) == (email, "Ada Ä", 0, False)
    assert made.metadata == {"project_id": "proj_1", "plan": "pro"}
    assert await gateway.get_customer(made.id) == made
    changed = await gateway.update_customer(made.id, name="", metadata={"plan": "", "seats": "3"})
    assert changed.name is None
    assert changed.metadata == {"project_id": "proj_1", "seats": "3"}
    assert await gateway.update_customer(made.id) == changed
    await gateway.delete_customer(made.id)
    gone = await gateway.get_customer(made.id)
    assert gone is not None
    assert gone.deleted
    await gateway.delete_customer(made.id)


async def test_customers_are_found_by_their_exact_address_oldest_first(account: Account) -> None:
    email = f"{new_token(8)}@example.com"
    first = await account.customer(email)
    second = await account.customer(email)
    await account.customer("x" + email)
    found = await account.gateway.find_customers(email)
    assert {each.id for each in found} == {first, second}
    assert [each.created for each in found] == sorted(each.created for each in found)
    assert await account.gateway.find_customers("nobody+" + email) == []


async def test_the_same_idempotency_key_gives_the_same_object_and_refuses_another(account: Account) -> None:
    key, email = new_token(), f"{new_token(8)}@example.com"

    async def create(address: str) -> str:
        made = await account.gateway.create_customer(email=address, name=None, metadata={}, idempotency_key=key)
        return made.id

    assert await create(email) == await create(email)
    with pytest.raises(StripeRejected):
        await create("other+" + email)
    assert len(await account.gateway.find_customers(email)) == 1


async def test_a_product_and_its_prices_are_created_and_changed(account: Account) -> None:
    gateway = account.gateway
    product = await gateway.create_product(
        name="Pro", description="All of it", metadata={"project_id": "proj_1"}, idempotency_key=new_token()
    )
    assert (product.name, product.description, product.active) == ("Pro", "All of it", True)
    changed = await gateway.update_product(product.id, name="Max", description="", active=False, metadata={"a": "1"})
    assert (changed.name, changed.description, changed.active) == ("Max", None, False)
    assert changed.metadata == {"project_id": "proj_1", "a": "1"}
    assert await gateway.get_product(product.id) == changed

    price = await gateway.create_price(
        product_id=product.id,
        unit_amount=9900,
        currency="jpy",
        interval="month",
        interval_count=3,
        nickname="Quarterly",
        metadata={"project_id": "proj_1"},
        idempotency_key=new_token(),
    )
    assert (price.product_id, price.unit_amount, price.currency) == (product.id, 9900, "jpy")
    assert (price.type, price.interval, price.interval_count, price.nickname) == ("recurring", "month", 3, "Quarterly")
    archived = await gateway.update_price(price.id, active=False, nickname="", metadata={"project_id": ""})
    assert (archived.active, archived.nickname, archived.metadata) == (False, None, {})
    assert await gateway.get_price(price.id) == archived
    once = await account.price(interval=None)
    assert (once.type, once.interval) == ("one_time", None)


async def test_a_price_of_an_unknown_product_is_refused_with_stripes_words(account: Account) -> None:
    with pytest.raises(StripeRejected, match="prod_0"):
        await account.gateway.create_price(
            product_id="prod_0",
            unit_amount=100,
            currency="usd",
            interval=None,
            interval_count=1,
            nickname=None,
            metadata={},
            idempotency_key=new_token(),
        )


@pytest.mark.parametrize(("mode", "interval"), [("subscription", "month"), ("payment", None)])
async def test_a_checkout_is_opened(account: Account, mode: str, interval: str | None) -> None:
    price = await account.price(interval=interval)
    customer_id = await account.customer()
    made = await account.gateway.create_checkout_session(
        customer_id=customer_id,
        price_id=price.id,
        quantity=2,
        mode=mode,
        success_url="https://example.com/done",
        cancel_url="https://example.com/back",
        trial_days=14 if mode == "subscription" else None,
        metadata={"project_id": "proj_1"},
        idempotency_key=new_token(),
    )
    assert made.url is not None
    assert made.url.startswith("http")
    assert (made.mode, made.status, made.customer_id) == (mode, "open", customer_id)
    assert (made.subscription_id, made.metadata) == (None, {"project_id": "proj_1"})
    assert made.expires_at > made.created
    assert await account.gateway.get_checkout_session(made.id) == made


async def test_a_subscription_is_read_paused_at_its_end_resumed_and_cancelled(account: Account) -> None:
    gateway = account.gateway
    customer_id = await account.customer()
    made = await account.subscription(customer_id, metadata={"project_id": "proj_1"})
    assert (made.customer_id, made.status, made.cancel_at_period_end) == (customer_id, "active", False)
    assert made.metadata == {"project_id": "proj_1"}
    (line,) = made.items
    assert (line.quantity, line.price.unit_amount, line.price.interval) == (2, 2900, "month")
    assert made.current_period_start is not None
    assert made.current_period_end is not None
    assert timedelta(days=27) < made.current_period_end - made.current_period_start < timedelta(days=32)

    assert (await gateway.set_cancel_at_period_end(made.id, cancel=True)).cancel_at_period_end
    assert not (await gateway.set_cancel_at_period_end(made.id, cancel=False)).cancel_at_period_end
    ended = await gateway.cancel_subscription(made.id)
    assert ended.status == "canceled"
    assert ended.canceled_at is not None
    assert ended.ended_at is not None
    assert (await gateway.cancel_subscription(made.id)).status == "canceled"
    with pytest.raises(StripeRejected):
        await gateway.set_cancel_at_period_end(made.id, cancel=True)
    assert [each.id for each in await gateway.list_subscriptions(customer_id)] == [made.id]
    assert await gateway.list_subscriptions(await account.customer()) == []


async def test_an_invoice_leads_to_its_subscription_payment_and_refund(account: Account) -> None:
    gateway = account.gateway
    customer_id = await account.customer()
    made = await account.subscription(customer_id, metadata={"project_id": "proj_1"})
    (invoice,) = await gateway.list_invoices(customer_id)
    assert await gateway.get_invoice(invoice.id) == invoice
    assert (invoice.subscription_id, invoice.subscription_metadata) == (made.id, {"project_id": "proj_1"})
    assert (invoice.status, invoice.billing_reason, invoice.currency) == ("paid", "subscription_create", "usd")
    assert (invoice.total, invoice.total_excluding_tax, invoice.amount_paid) == (5800, 5800, 5800)
    assert invoice.paid_at is not None

    (intent_id,) = invoice.payment_intent_ids
    payment = await gateway.get_payment_intent(intent_id)
    assert payment is not None
    assert (payment.status, payment.amount_received, payment.amount_refunded) == ("succeeded", 5800, 0)
    assert not payment.disputed
    assert payment.charge_id is not None
    await account.requests.post("refunds", {"charge": payment.charge_id, "amount": 1000})
    refunded = await gateway.get_payment_intent(intent_id)
    assert refunded is not None
    assert refunded.amount_refunded == 1000
    charge = await gateway.get_charge(payment.charge_id)
    assert charge is not None
    assert (charge.intent_id, charge.amount_received, charge.amount_refunded) == (intent_id, 5800, 1000)


async def test_credit_on_a_balance_is_given_once_for_one_key(account: Account) -> None:
    gateway = account.gateway
    customer_id = await account.customer()
    key = new_token()
    for _ in range(2):
        made = await gateway.create_balance_transaction(
            customer_id,
            amount=-1000,
            currency="usd",
            description="Referral reward",
            metadata={"reward_id": "rw_1"},
            idempotency_key=key,
        )
    assert (made.amount, made.currency, made.ending_balance, made.customer_id) == (-1000, "usd", -1000, customer_id)
    assert list(await gateway.list_balance_transactions(customer_id)) == [made]
    found = await gateway.get_customer(customer_id)
    assert found is not None
    assert (found.balance, found.currency) == (-1000, "usd")
    with pytest.raises(StripeRejected):
        await gateway.create_balance_transaction(
            customer_id, amount=-1, currency="eur", description="x", metadata={}, idempotency_key=new_token()
        )


async def _events_about(account: Account, customer_id: str) -> list[tuple[StripeEvent, bytes]]:
    found: list[tuple[StripeEvent, bytes]] = []
    after = None
    while True:
        page, more = await account.gateway.list_events(since=account.started, after=after)
        found.extend(each for each in page if each[0].customer_id == customer_id)
        if not more:
            return found
        after = page[-1][0].id


async def test_events_tell_what_happened_newest_first(account: Account) -> None:
    customer_id = await account.customer()
    made = await account.subscription(customer_id)
    wanted = {"customer.created", "customer.subscription.created", "invoice.paid", "payment_intent.succeeded"}
    for _ in range(20):
        found = await _events_about(account, customer_id)
        if wanted <= {each.type for each, _ in found}:
            break
        await asyncio.sleep(0.5)  # Stripe's own list lags behind a little
    assert wanted <= {each.type for each, _ in found}
    assert [each.created for each, _ in found] == sorted((each.created for each, _ in found), reverse=True)
    (started,) = [each for each, _ in found if each.type == "customer.subscription.created"]
    assert (started.subject_type, started.subject_id, started.livemode) == ("subscription", made.id, False)
    assert all(each.id.encode() in body for each, body in found)


async def test_the_list_of_events_is_fetched_page_by_page(account: Account) -> None:
    if account.transport is None:
        pytest.skip("a hundred customers are too many for a server that is not ours")
    for _ in range(101):
        await account.customer()
    seen: list[str] = []
    more, after = True, None
    while more:
        page, more = await account.gateway.list_events(since=account.started, after=after)
        seen.extend(each.id for each, _ in page)
        after = seen[-1]
    assert len(seen) == len(set(seen)) >= 101


def test_both_environment_variables_go_together() -> None:
    assert bool(API_BASE) == bool(API_KEY), "set BILLFOLD_TEST_STRIPE_API_BASE and BILLFOLD_TEST_STRIPE_KEY, or neither"


async def test_whole_lists_hold_what_was_made_page_by_page_and_narrowed(account: Account) -> None:
    customer_id = await account.customer()
    subscription = await account.subscription(customer_id)
    since = account.started
    for kind, wanted in (
        ("customer", customer_id),
        ("subscription", subscription.id),
        ("price", subscription.items[0].price.id),
        ("product", subscription.items[0].price.product_id),
    ):
        page = await account.gateway.list_page(kind, created_since=since)
        (found,) = [each for each in page.objects if each.id == wanted]
        assert found.problem is None
        assert found.value is not None
        assert wanted.encode() in found.body
        if page.last_id is not None:
            behind = await account.gateway.list_page(kind, after=page.last_id)
            assert not {each.id for each in behind.objects} & {each.id for each in page.objects}
    for kind in ("subscription", "invoice", "charge"):
        page = await account.gateway.list_page(kind, of=customer_id)
        (value,) = [each.value for each in page.objects]
        assert value is not None
        assert getattr(value, "customer_id", None) == customer_id
