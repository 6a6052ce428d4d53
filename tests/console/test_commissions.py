"""The console's pages of commissions: the list, voiding, writing off, the fraud queue, and terms with their preview."""

from __future__ import annotations

import re

from billfold.domain.analytics import commission_list
from billfold.domain.referrals import programs
from billfold.domain.tenancy.members import Role
from tests.console.conftest import Console, texts
from tests.payouts import making


async def owed(console: Console) -> str:
    """Owe the customer one more commission and return its page."""
    services, team = console.app.services, console.app.team
    await making.owe(
        services.db,
        services.sealer,
        project_id=team.project_id,
        customer_id=console.ids["customer_id"],
        referral_id=console.ids["referral_id"],
        at=console.app.clock.now(),
        amount=1234,
    )
    program = await services.db.read(programs.find, team.project_id, making.KEY)
    assert program is not None
    newest = await services.db.read(commission_list.list_commissions, team.project_id, program.id, limit=1, offset=0)
    return f"{console.home}/commissions/{newest[0].id}"


async def test_commissions_are_listed_searched_and_exported(filled: Console) -> None:
    owner = await filled.sign_in()
    page = await owner.get(f"{filled.home}/commissions")
    assert "Jane Roe" in texts(page)
    assert "$90.00" in texts(page)
    assert "Jane Roe" in texts(await owner.get(f"{filled.home}/commissions?q=jane"))
    assert "No commission fits" in texts(await owner.get(f"{filled.home}/commissions?q=nobody"))
    assert "No commission fits" in texts(await owner.get(f"{filled.home}/commissions?status=voided"))
    file = await owner.get(f"{filled.home}/commissions?format=csv")
    assert file.text.splitlines()[0].startswith("id,partner_email")
    assert "jane@example.com" in file.text
    assert "90.00,usd" in file.text


async def test_an_empty_project_says_what_to_do_first(console: Console) -> None:
    owner = await console.sign_in()
    assert "Nobody has earned a commission yet" in texts(await owner.get(f"{console.home}/commissions"))
    assert "Nothing looks wrong" in texts(await owner.get(f"{console.home}/fraud-queue"))
    assert (await owner.get(f"{console.home}/commissions/rw_unknown")).status_code == 404


async def test_a_commission_is_voided_and_restored(filled: Console) -> None:
    owner = await filled.sign_in()
    here = await owed(filled)
    assert "Void it" in texts(await owner.get(here))
    assert (await owner.post(f"{here}/void", {"reason": "blue"})).status_code == 400
    voided = texts(await owner.post(f"{here}/void", {"reason": "mistake", "note": "Paid twice."}))
    assert "Voided: it counts for nothing" in voided
    assert "Paid twice." in voided
    viewer = await filled.sign_in("viewer@example.com", Role.VIEWER)
    assert "Restore it" not in texts(await viewer.get(here))
    assert (await viewer.post(f"{here}/restoration")).status_code == 403


async def test_a_signal_is_confirmed_and_undone(filled: Console) -> None:
    owner = await filled.sign_in()
    queue = f"{filled.home}/fraud-queue"
    page = texts(await owner.get(queue))
    assert "Both are of one organisation" in page
    assert "acme.example.com" in page
    decision = f"{queue}/{filled.ids['review_id']}/decision"
    done = texts(await owner.post(decision, {"decision": "confirm", "note": "One company."}))
    assert "the referral is void" in done
    confirmed = texts(await owner.get(f"{queue}?status=confirmed"))
    assert "One company." in confirmed
    assert "void now" in confirmed
    assert "waits for a decision again" in texts(await owner.post(decision, {"decision": "undo"}))
    assert (await owner.post(decision, {"decision": "blue"})).status_code == 400
    assert (await owner.post(f"{queue}/rev_unknown/decision", {"decision": "undo"})).status_code == 404


async def test_terms_are_previewed_before_they_are_in_force(filled: Console) -> None:
    owner = await filled.sign_in()
    here = f"{filled.home}/commission-terms"
    await owner.get(here)
    form = {
        "gives": "share",
        "rate": "25",
        "flat": "",
        "flat_currency": "usd",
        "hold_days": "45",
        "payments_max": "",
        "months_max": "12",
        "tier-from-1": "1000.00",
        "tier-currency-1": "usd",
        "tier-rate-1": "30",
        "product-1": filled.ids["product_id"],
        "product-rate-1": "10",
        "applies": "from_date",
        "from_date": "",
    }
    wrong = await owner.post(here, {**form, "rate": "120", "months_max": "0", "tier-rate-1": "x"})
    assert wrong.status_code == 400
    assert "Some answers need another look" in texts(wrong)
    previewed = await owner.post(here, form)
    assert "What it would have changed in the last 90 days" in texts(previewed)
    program = await filled.app.services.db.read(programs.find, filled.app.team.project_id, making.KEY)
    assert program is not None
    assert program.terms_version == 1
    fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', previewed.text))
    assert fields["confirmed"] == "yes"
    in_force = texts(await owner.post(here, {**form, "confirmed": "yes"}))
    assert "In force." in in_force
    assert "Version 2 is in force" in in_force
    assert "everything paid from" in in_force
    past = await owner.post(here, {**form, "rate": "26", "from_date": "2020-01-01", "confirmed": "yes"})
    assert past.status_code == 400
    assert "past" in texts(past)


async def test_terms_of_a_program_that_is_not_set_up_are_shown_and_made(console: Console) -> None:
    owner = await console.sign_in()
    here = f"{console.home}/commission-terms"
    assert "What partners earn" in texts(await owner.get(here))
    form = {"gives": "fixed", "flat": "25.00", "flat_currency": "usd", "hold_days": "30", "applies": "new_referrals"}
    assert "nobody whom a partner brought has paid" in texts(await owner.post(here, form))
    assert "In force." in texts(await owner.post(here, {**form, "confirmed": "yes"}))
