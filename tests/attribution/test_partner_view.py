"""What a partner is shown of an explanation (contract A29)."""

from __future__ import annotations

from billfold.domain.analytics.explain import explain
from billfold.entrypoints.web.explained import view_of
from tests.attribution.shop import Shop
from tests.attribution.test_binding import new_customer, token_in


async def test_a_partner_sees_his_own_case_without_names_of_others(shop: Shop) -> None:
    first = token_in(await shop.partnership.click("OWEN15"))
    second = token_in(await shop.partnership.click("JANE20"))
    wren = await new_customer(shop, clickToken=first, referralId=second)
    await shop.buy(wren)
    services = shop.partnership.app.services
    found = await services.db.read(explain, shop.partnership.project_id, customer_id=wren, at=shop.partnership.at())
    (referral,) = found.referrals
    view = view_of(found, name_of=lambda _: "you", customer="w…@example.com", earner_id=referral.referrer_id)
    assert view.amount == "$5.80"
    assert view.agrees
    shown = " ".join([view.headline, view.story, *(each.text + each.remark for each in view.moments)])
    shown += " ".join(f"{each.who} {each.why}" for each in view.rules)
    assert "somebody else" in shown
    assert "OWEN15" not in shown
    assert "owen15@partners.example.com" not in shown
    assert "wren@example.com" not in shown


async def test_a_partner_who_earned_nothing_of_it_is_shown_no_amount(shop: Shop) -> None:
    wren = await new_customer(shop, clickToken=token_in(await shop.partnership.click("JANE20")))
    await shop.buy(wren)
    services = shop.partnership.app.services
    found = await services.db.read(explain, shop.partnership.project_id, customer_id=wren, at=shop.partnership.at())
    view = view_of(found, name_of=lambda _: "you", customer="w…@example.com", earner_id="pc_somebody")
    assert view.amount == ""
    assert view.steps == []
    assert view.ledger == []
    assert [each.earned for each in view.payments] == ["$0.00"]


async def test_what_is_void_is_promised_to_nobody(shop: Shop) -> None:
    token = token_in(await shop.partnership.click("JANE20"))
    himself = await new_customer(shop, "jane20+me@partners.example.com", clickToken=token)
    await shop.buy(himself)
    services = shop.partnership.app.services
    found = await services.db.read(explain, shop.partnership.project_id, customer_id=himself, at=shop.partnership.at())
    view = view_of(found, name_of=lambda _: "Jane", customer="jane20+me@partners.example.com")
    assert view.state == ("bad", "Void")
    assert view.held_until is None
    assert view.amount == "$0.00"
    # The sum ends where the page's amount stands.
    assert [amount for _, amount, _ in view.steps[-2:]] == ["$5.80", "$0.00"]
