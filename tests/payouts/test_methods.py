"""Ways to be paid: checked, sealed, masked, replaced."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from billfold.base.errors import Invalid
from billfold.domain.payouts import methods, payees
from billfold.domain.payouts.methods import BankAccount, Connected, Details, PayPal, Wise, checked_details, details_of
from billfold.domain.payouts.payees import TaxProfile
from billfold.infrastructure.db.statements import query
from billfold.infrastructure.jobs.queue import enqueue
from billfold.subscribers.payouts import ACCOUNTS_JOB
from tests.payouts.world import PayoutWorld

IBAN = "DE89 3704 0044 0532 0130 00"


@pytest.mark.parametrize(
    ("details", "shown"),
    [
        (BankAccount("Jane Doe", "DE", iban=IBAN), "IBAN ••••3000"),
        (BankAccount("Jane Doe", "US", account_number="000123456789", routing_number="110000000"), "Account ••••6789"),
        (PayPal("jane@example.com"), "j•••@example.com"),
        (Wise("Jane", "jane@example.com"), "j•••@example.com"),
        (Connected("acct_1234567890"), "Stripe ••••7890"),
    ],
)
async def test_a_way_is_sealed_and_shown_masked(world: PayoutWorld, details: Details, shown: str) -> None:
    partner = await world.partner(details)
    method = await world.db.read(methods.find_method, world.project.id, partner)
    assert method is not None
    assert method.shown == shown
    assert "jane" not in method.details_sealed.lower()
    assert details_of(world.sealer, method) == checked_details(details)


@pytest.mark.parametrize(
    "details",
    [
        BankAccount("Jane", "DE", iban="DE89 3704 0044 0532 0130 01"),
        BankAccount("Jane", "DEU", iban=IBAN),
        BankAccount("", "DE", iban=IBAN),
        BankAccount("=Jane", "DE", iban=IBAN),
        BankAccount("Jane\x07", "DE", iban=IBAN),
        BankAccount("Jane", "DE", iban=IBAN, bic="X"),
        BankAccount("Jane", "US", account_number="123456"),
        PayPal("jane"),
        PayPal("=cmd@example.com"),
        PayPal("jane@example.com\n"[:-1] + " x"),
        Wise("Jane", "@example.com"),
    ],
)
def test_what_cannot_be_right_is_refused(details: Details) -> None:
    with pytest.raises(Invalid):
        checked_details(details)


async def test_a_change_is_a_new_row_and_payouts_keep_theirs(world: PayoutWorld) -> None:
    partner = await world.partner(PayPal("old@example.com"))
    await world.earn(partner, 9000)
    await world.batch()
    await world.set_method(partner, PayPal("new@example.com"))
    payout = await world.the_payout()
    kept = (await world.db.read(methods.methods_of_ids, world.project.id, [payout.method_id]))[payout.method_id]
    assert details_of(world.sealer, kept) == PayPal("old@example.com")
    now = await world.db.read(methods.find_method, world.project.id, partner)
    assert now is not None
    assert details_of(world.sealer, now) == PayPal("new@example.com")


async def test_a_tax_id_is_sealed_and_kept_when_it_is_not_told_again(world: PayoutWorld) -> None:
    partner = await world.partner()
    where = {"project_id": world.project.id, "customer_id": partner}
    told = TaxProfile("Jane Doe", "us", "12-3456789", "w9")
    await world.db.write(payees.put_tax_profile, world.sealer, **where, profile=told, at=world.now())
    again = TaxProfile("Jane Dove", "us", None, "w9", "requested")
    await world.db.write(payees.put_tax_profile, world.sealer, **where, profile=again, at=world.now())
    payee = await world.db.read(payees.find_payee, world.project.id, partner)
    assert payee is not None
    assert (payee.legal_name, payee.tax_id_shown, payee.has_tax_profile) == ("Jane Dove", "6789", False)
    assert world.sealer.open(payee.tax_id_sealed or "", owner=partner, field="tax_id") == "123456789"
    assert await world.db.write(payees.set_tax_form_status, **where, status="verified", at=world.now())
    payee = await world.db.read(payees.find_payee, world.project.id, partner)
    assert payee is not None
    assert payee.has_tax_profile


@pytest.mark.parametrize(
    "profile",
    [
        TaxProfile("Jane", "DE", "1234", "w9"),
        TaxProfile("Jane", "US", "1234", "w8ben"),
        TaxProfile("", "US", "1234", "w9"),
        TaxProfile("Jane", "USA", "1234", "w9"),
        TaxProfile("Jane", "US", "1", "w9"),
        TaxProfile("Jane", "US", "1234", "w7"),
    ],
)
async def test_a_tax_profile_that_cannot_be_is_refused(world: PayoutWorld, profile: TaxProfile) -> None:
    partner = await world.partner()
    with pytest.raises(Invalid):
        await world.db.write(
            payees.put_tax_profile,
            world.sealer,
            project_id=world.project.id,
            customer_id=partner,
            profile=profile,
            at=world.now(),
        )


async def test_onboarding_opens_an_account_once_and_stripe_says_when_it_is_ready(world: PayoutWorld) -> None:
    partner = await world.partner(method=False)
    first = await world.onboard(partner)
    second = await world.onboard(partner)
    assert first.split("/")[:-1] == second.split("/")[:-1]
    method = await world.db.read(methods.find_method, world.project.id, partner)
    assert method is not None
    assert (method.kind, method.is_ready) == ("stripe_connect", False)
    rows = query(sa.select(sa.func.count()).select_from(methods.payout_methods), int)

    async def count(tx: object) -> int:
        return await tx.one(rows)  # type: ignore[attr-defined, no-any-return]

    assert await world.db.read(count) == 1


async def test_accounts_are_asked_about_again_and_what_stripe_takes_away_is_seen(world: PayoutWorld) -> None:
    partner = await world.connected()

    async def run() -> bool:
        world.clock.advance(timedelta(hours=7))
        await world.db.write(enqueue, ACCOUNTS_JOB, {}, now=world.now())
        await world.work()
        method = await world.db.read(methods.find_method, world.project.id, partner)
        assert method is not None
        assert method.checked_at == world.now()
        return method.is_ready

    assert await run()
    await world.faults(**{"500": 5})
    assert await run()
    await world.faults()
    await world.close_account()
    assert not await run()
