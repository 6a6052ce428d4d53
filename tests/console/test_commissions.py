"""The console's pages of commissions: the list, voiding, writing off, the fraud queue, and terms with their preview."""

from __future__ import annotations

import re

from httpx import Response

from billfold.domain.analytics import commission_list
from billfold.domain.referrals import programs
from billfold.domain.referrals.terms import Fixed, ProductRate, Rule, Share, Terms, Tier
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
        "rule-1-gives": "share",
        "rule-1-rate": "25",
        "rule-1-flat_currency": "usd",
        "rule-1-hold_days": "45",
        "rule-1-months_max": "12",
        "rule-1-tier_from-1": "1000.00",
        "rule-1-tier_currency-1": "usd",
        "rule-1-tier_gives-1": "30",
        "rule-1-tier_currency-2": "usd",
        "rule-1-product-1": filled.ids["product_id"],
        "rule-1-product_gives-1": "7.50 eur",
        "rule-2-gives": "fixed",
        "rule-2-flat": "500",
        "rule-2-flat_currency": "JPY",
        "rule-2-hold_days": "0",
        "rule-2-payments_max": "3",
        "applies": "from_date",
        "from_date": "",
    }
    wrong = await owner.post(here, {**form, "rule-1-rate": "120", "rule-2-hold_days": "", "rule-1-tier_gives-1": "x"})
    assert wrong.status_code == 400
    assert "Some answers need another look" in texts(wrong)
    for field in ("rule-1-rate", "rule-1-tier_gives-1", "rule-2-hold_days"):
        assert f'aria-describedby="{field}-e"' in wrong.text
    assert _typed(wrong, "rule-1-tier_gives-1") == "x"
    assert _typed(wrong, "rule-2-flat") == "500"
    previewed = await owner.post(here, form)
    assert "What it would have changed in the last 90 days" in texts(previewed)
    program = await filled.app.services.db.read(programs.find, filled.app.team.project_id, making.KEY)
    assert program is not None
    assert program.terms_version == 1
    fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', previewed.text))
    assert fields["confirmed"] == "yes"
    in_force = await owner.post(here, {name: value for name, value in fields.items() if name != "csrf"})
    assert "In force." in texts(in_force)
    assert "Version 2 is in force" in texts(in_force)
    assert "everything paid from" in texts(in_force)
    program = await filled.app.services.db.read(programs.find, filled.app.team.project_id, making.KEY)
    assert program is not None
    first, second = program.content.rules
    assert (first.amount, first.hold_days, first.months_max) == (Share(2500), 45, 12)
    assert first.tiers == (Tier(100_000, "usd", Share(3000)),)
    assert first.product_rates == (ProductRate(filled.ids["product_id"], Fixed(750, "eur")),)
    assert (second.amount, second.hold_days, second.payments_max) == (Fixed(500, "jpy"), 0, 3)
    # What is in force is shown as it can be typed, so that sending it again changes nothing.
    chosen = {
        "rule-1-gives",
        "rule-2-gives",
        "rule-1-product-1",
        "rule-2-flat_currency",
        "rule-1-tier_currency-2",
        "applies",
    }
    assert {name: _typed(in_force, name) for name in form if name not in chosen} == {
        name: typed for name, typed in form.items() if name not in chosen
    }
    past = await owner.post(here, {**form, "rule-1-rate": "26", "from_date": "2020-01-01", "confirmed": "yes"})
    assert past.status_code == 400
    assert "past" in texts(past)


async def test_rules_are_added_and_left_out_and_what_was_typed_stays(filled: Console) -> None:
    owner = await filled.sign_in()
    here = f"{filled.home}/commission-terms"
    await owner.get(here)
    form = {"rule-1-gives": "share", "rule-1-rate": "12,5", "rule-1-hold_days": "30", "applies": "new_referrals"}
    more = await owner.post(here, {**form, "more": "rule"})
    assert more.status_code == 200
    assert (_typed(more, "rule-1-rate"), _typed(more, "rule-2-hold_days")) == ("12,5", "30")
    rows = {f"rule-1-tier_from-{n}": f"{n}" for n in (1, 2)} | {f"rule-1-tier_gives-{n}": "1" for n in (1, 2)}
    more = await owner.post(here, {**form, **rows, "more": "rows"})
    assert _typed(more, "rule-1-tier_from-4") == ""
    assert 'name="rule-1-tier_from-5"' not in more.text
    second = {"rule-2-gives": "nothing", "rule-2-flat": "", "rule-2-hold_days": "30", "confirmed": "yes"}
    assert "In force." in texts(await owner.post(here, {**form, **second}))
    program = await filled.app.services.db.read(programs.find, filled.app.team.project_id, making.KEY)
    assert program is not None
    assert [each.amount for each in program.content.rules] == [Share(1250)]
    none = await owner.post(here, {"rule-1-gives": "nothing", "rule-1-hold_days": "30", "applies": "new_referrals"})
    assert none.status_code == 400
    assert "Leave one rule at least" in texts(none)
    twice = {**form, **rows, "rule-1-tier_from-2": "1.00", "rule-1-product-1": "prod_unknown"}
    refused = await owner.post(here, twice)
    assert "another one begins at the same amount" in texts(refused)
    assert "choose which one" in texts(refused)


async def test_rules_that_the_page_does_not_change_stay_where_they_are(filled: Console) -> None:
    owner = await filled.sign_in()
    here = f"{filled.home}/commission-terms"
    referee = Rule("referee", "conversion", Fixed(500, "usd"), "stripe_balance")
    content = Terms(
        converts_on="payment",
        enrolment="application",
        rules=(referee, Rule("referrer", "payment", Share(1000), "payout", hold_days=30)),
    )
    project_id = filled.app.team.project_id
    await filled.app.services.db.write(
        programs.configure,
        project_id=project_id,
        key=making.KEY,
        enabled=True,
        content=content,
        at=filled.app.services.clock.now(),
    )
    assert "the customer gets $5.00 once" in texts(await owner.get(here))
    form = {"rule-1-gives": "share", "rule-1-rate": "11", "rule-1-hold_days": "30", "applies": "new_referrals"}
    await owner.post(here, {**form, "confirmed": "yes"})
    program = await filled.app.services.db.read(programs.find, project_id, making.KEY)
    assert program is not None
    assert [each.amount for each in program.content.rules] == [Fixed(500, "usd"), Share(1100)]


def _typed(page: Response, name: str) -> str:
    found = re.search(rf'<input[^>]* name="{re.escape(name)}"[^>]* value="([^"]*)"', page.text)
    assert found is not None, name
    return found[1]


async def test_terms_of_a_program_that_is_not_set_up_are_shown_and_made(console: Console) -> None:
    owner = await console.sign_in()
    here = f"{console.home}/commission-terms"
    assert "What partners earn" in texts(await owner.get(here))
    rule = {"gives": "fixed", "flat": "25.00", "flat_currency": "usd", "hold_days": "30"}
    form = {**{f"rule-1-{name}": value for name, value in rule.items()}, "applies": "new_referrals"}
    assert "nobody whom a partner brought has paid" in texts(await owner.post(here, form))
    assert "In force." in texts(await owner.post(here, {**form, "confirmed": "yes"}))
