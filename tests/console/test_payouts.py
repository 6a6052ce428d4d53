"""Payouts in the console: looked at, prepared, approved, sent, marked, taken back; statements and settings."""

from __future__ import annotations

import re

from billfold.domain.analytics.reward_books import books_of
from billfold.domain.payouts import outcomes, payouts
from billfold.domain.referrals.referrals import lock_referral
from billfold.domain.tenancy.members import Role
from tests.console.conftest import Console, texts
from tests.payouts import making


async def owe(console: Console, amount: int = 7000, unit: str = "usd") -> None:
    team, services = console.app.team, console.app.services
    await making.owe(
        services.db,
        services.sealer,
        project_id=team.project_id,
        customer_id=console.ids["customer_id"],
        referral_id=console.ids["referral_id"],
        at=console.app.clock.now(),
        amount=amount,
        unit=unit,
    )


async def test_a_batch_is_previewed_prepared_approved_and_sent(filled: Console) -> None:
    await owe(filled)
    await owe(filled, 4000, "eur")
    owner = await filled.sign_in()
    preview = texts(await owner.get(f"{filled.home}/payouts/preview"))
    assert "A batch would make 2 payouts" in preview
    assert "$70.00" in preview
    assert "€40.00" in preview
    prepared = await owner.post(f"{filled.home}/payouts/batches")
    assert "The batch is prepared. Nothing is sent yet." in texts(prepared)
    batch = str(prepared.url).rpartition("/")[2]
    asked = await owner.get(f"{filled.home}/payouts/batches/{batch}/approval")
    assert "Approve 2 payouts?" in texts(asked)
    sent = await owner.post(f"{filled.home}/payouts/batches/{batch}/approval", {"send": "yes"})
    assert "On its way" in texts(sent)
    await filled.app.drain()
    assert texts(await owner.get(f"{filled.home}/payouts/batches/{batch}")).count("Processing") >= 2
    file = await owner.get(f"{filled.home}/payouts/batches/{batch}?format=paypal&currency=eur")
    assert file.headers["content-type"].startswith("text/csv")
    assert file.text.startswith("jane@example.com,40.00,EUR,po_")
    log = (await owner.get(f"{filled.team_home}/audit-log?format=csv")).text
    for action in ("prepared", "approved", "sent", "exported"):
        assert f"payout_batch.{action}" in log


async def test_only_an_admin_approves_and_reads_account_numbers(filled: Console) -> None:
    member = await filled.sign_in("member@example.com", Role.MEMBER)
    batch = f"{filled.home}/payouts/batches/{filled.ids['batch_id']}"
    page = await member.get(batch)
    assert "Files for whoever pays by hand" not in texts(page)
    assert (await member.get(f"{batch}?format=paypal&currency=usd")).status_code == 403
    for end in ("approval", "sending"):
        assert (await member.post(f"{batch}/{end}")).status_code == 403
    assert (await member.post(f"{filled.home}/payouts/settings")).status_code == 403


async def test_a_payout_is_marked_as_paid_once_and_then_stands_so(filled: Console) -> None:
    owner = await filled.sign_in()
    payout = f"{filled.home}/payouts/{filled.ids['payout_id']}"
    await owner.get(payout)
    early = await owner.post(f"{payout}/payment", {"reference": "bank 17"})
    assert (early.status_code, "Approve the batch of this payout" in texts(early)) == (409, True)
    await owner.post(f"{filled.home}/payouts/batches/{filled.ids['batch_id']}/approval", {})
    empty = await owner.post(f"{payout}/payment", {"reference": " "})
    assert empty.status_code == 409
    assert "Reference: say how the payment is found again" in texts(empty)
    paid = texts(await owner.post(f"{payout}/payment", {"reference": "bank 17"}))
    assert "It is paid." in paid
    assert "bank 17" in paid
    assert "Mark as paid" not in paid
    again = await owner.post(f"{payout}/cancellation", {"reason": "no"})
    assert (again.status_code, "This payout is paid already." in texts(again)) == (409, True)
    assert "Only a payout that Stripe transferred" in texts(await owner.post(f"{payout}/reversal"))


async def test_what_came_back_of_a_paid_payout_is_told_on_its_page_and_explained(filled: Console) -> None:
    owner = await filled.sign_in()
    payout_id = filled.ids["payout_id"]
    payout = f"{filled.home}/payouts/{payout_id}"
    await owner.post(f"{filled.home}/payouts/batches/{filled.ids['batch_id']}/approval", {})
    await owner.post(f"{payout}/payment", {"reference": "bank 17"})
    services, project_id = filled.app.services, filled.app.team.project_id
    changed = await services.db.write(
        outcomes.note_part_reversal,
        project_id=project_id,
        payout_id=payout_id,
        reversed_to=1000,
        reference="tr_1",
        now=filled.app.clock.now(),
    )
    page = texts(await owner.get(payout))
    assert "$10.00, reversed at Stripe" in page
    assert "10.00 USD of it came back" in page
    listed = (await owner.get(f"{filled.home}/payouts?format=csv")).text.splitlines()
    assert listed[0].endswith("settled_at,came_back")
    assert listed[1].endswith(",10.00")
    (line, *_) = await services.db.read(payouts.lines_of, project_id, payout_id)
    found = await services.db.write(lock_referral, project_id, line.referral_id)
    assert found is not None
    books = await services.db.read(books_of, found)
    parts = [(each.status, each.amount) for each in books.payouts[line.reward_id]]
    assert parts == [("settled", changed.amount), ("reversed", -1000)]
    failed = texts(await owner.post(f"{payout}/failure", {"reason": "The bank returned it."}))
    assert "It failed. Its money is available again." in failed
    assert "The bank returned it." in failed
    assert "It came back" not in failed


async def test_a_canceled_payout_says_why_and_is_due_again(filled: Console) -> None:
    owner = await filled.sign_in()
    payout = f"{filled.home}/payouts/{filled.ids['payout_id']}"
    await owner.get(payout)
    assert "wrong account" in texts(await owner.post(f"{payout}/cancellation", {"reason": "wrong account"}))
    assert "$90.00" in texts(await owner.get(f"{filled.home}/payouts/preview"))
    listed = await owner.get(f"{filled.home}/payouts?status=cancelled")
    assert filled.ids["payout_id"] in listed.text
    exported = await owner.get(f"{filled.home}/payouts?format=csv")
    assert re.search(r"po_\w+,jane@example.com,90.00,usd,cancelled,paypal,,wrong account", exported.text)


async def test_a_statement_is_a_page_a_csv_and_a_pdf(filled: Console) -> None:
    owner = await filled.sign_in()
    address = f"{filled.home}/statements/{filled.ids['customer_id']}"
    page = texts(await owner.get(address))
    assert "Opening balance" in page
    assert "Commission earned" in page
    csv = (await owner.get(f"{address}?format=csv")).text.splitlines()
    assert csv[0] == "date,type,reference,source,amount,effect,balance,currency"
    assert [line.split(",")[1] for line in csv[1:]] == ["opening", "earn", "release", "withdraw", "closing"]
    assert csv[-1].split(",")[-2:] == ["90.00", "USD"]
    pdf = await owner.get(f"{address}?format=pdf")
    assert (pdf.headers["content-type"], pdf.content[:5]) == ("application/pdf", b"%PDF-")
    assert b"$90.00" in pdf.content
    assert (await owner.get(f"{address}?month=2026-13")).status_code == 400
    assert (await owner.get(f"{filled.home}/statements/pc_nobody")).status_code == 404


async def test_settings_are_read_in_each_currencys_own_unit(filled: Console) -> None:
    owner = await filled.sign_in()
    address = f"{filled.home}/payouts/settings"
    await owner.get(address)
    wrong = await owner.post(address, {"minimums": "JPY 50.5", "methods": "bank"})
    assert (wrong.status_code, "one line for each currency" in texts(wrong)) == (400, True)
    form = {"minimums": "jpy 50\nEUR 25.50", "methods": "paypal", "fixed_paypal": "0.25", "share_paypal": "2"}
    kept = await owner.post(address, {**form, "tax_profile_required": "yes"})
    assert "In force from the next batch on." in texts(kept)
    assert "EUR 25.50\nJPY 50" in kept.text
    await owe(filled)
    assert "The tax profile is not complete" in texts(await owner.get(f"{filled.home}/payouts/preview"))
