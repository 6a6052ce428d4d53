"""Files for whoever pays by hand."""

from __future__ import annotations

import pytest

from billfold.base.csv_cells import inert
from billfold.base.errors import Invalid, NotFound
from billfold.domain.payouts import exports
from billfold.domain.payouts.batches import Batch
from billfold.domain.payouts.exports import ExportFile, export_batch
from billfold.domain.payouts.methods import BankAccount, PayPal, Wise
from tests.payouts.world import PayoutWorld


async def export(world: PayoutWorld, batch: Batch, kind: str, currency: str = "usd", part: int = 1) -> ExportFile:
    return await export_batch(
        world.db,
        world.sealer,
        team_id=world.team.id,
        project_id=world.project.id,
        batch_id=batch.id,
        kind=kind,
        currency=currency,
        part=part,
    )


async def test_each_reader_gets_its_own_columns_and_only_its_own_payouts(world: PayoutWorld) -> None:
    await world.earn(await world.partner(PayPal("jane+pay@example.com")), 12345)
    await world.earn(await world.partner(Wise("Jane Doe", "jane@example.com")), 9000)
    await world.earn(await world.partner(BankAccount("Jane Doe", "de", iban="de89370400440532013000")), 8000)
    await world.earn(await world.connected(), 7000)
    batch = await world.batch()
    by_method = {each.amount: each.id for each in await world.payouts()}
    assert (await export(world, batch, "paypal")).rows == [
        ("jane+pay@example.com", "123.45", "USD", by_method[12345], "Payout of Docs", "PAYPAL")
    ]
    header, wise = (await export(world, batch, "wise")).rows
    assert header[:4] == ("name", "recipientEmail", "paymentReference", "receiverType")
    assert wise == (
        "Jane Doe", "jane@example.com", by_method[9000][-18:], "PERSON", "target", "90.00", "USD", "USD", "EMAIL",
    )  # fmt: skip
    _, bank = (await export(world, batch, "bank")).rows
    assert bank[:4] == (by_method[8000], "Jane Doe", "DE89370400440532013000", "")
    assert bank[-3:] == ("80.00", "USD", by_method[8000])


async def test_d3_amounts_have_the_currencys_own_decimals(world: PayoutWorld) -> None:
    partner = await world.partner()
    await world.earn(partner, 5000, "jpy")
    await world.earn(partner, 5000, "kwd")
    batch = await world.batch()
    assert (await export(world, batch, "paypal", "jpy")).rows[0][1] == "5000"
    assert (await export(world, batch, "paypal", "kwd")).rows[0][1] == "5.000"


async def test_a_large_batch_comes_in_parts(world: PayoutWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(exports.MOST_ROWS, "paypal", 2)
    for _ in range(3):
        await world.earn(await world.partner(), 9000)
    batch = await world.batch()
    first, second = await export(world, batch, "paypal"), await export(world, batch, "paypal", part=2)
    assert (first.payouts, second.payouts, first.parts) == (2, 1, 2)
    with pytest.raises(Invalid):
        await export(world, batch, "paypal", part=3)


async def test_what_is_no_format_or_no_batch_is_refused(world: PayoutWorld) -> None:
    batch = await world.batch()
    with pytest.raises(Invalid):
        await export(world, batch, "stripe_connect")
    with pytest.raises(NotFound):
        await export_batch(
            world.db,
            world.sealer,
            team_id=world.team.id,
            project_id=world.project.id,
            batch_id="pob_none",
            kind="bank",
            currency="usd",
        )


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", " =x", "\t=x", "\uff1d1"])
def test_g4_no_cell_begins_as_a_formula(text: str) -> None:
    assert inert(text).startswith("'")
    assert inert("Jane") == "Jane"
