"""The pages of links, of attribution by hand and of explanations, as a member uses them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from billfold.domain.referrals import presets, programs
from billfold.domain.tenancy.audit_log import audit_rows
from tests.console.conftest import Console, texts


async def with_program(filled: Console) -> None:
    async def unit(tx: Any, at: datetime) -> None:
        await programs.configure(
            tx,
            project_id=filled.app.team.project_id,
            key="partners",
            enabled=True,
            content=presets.partner_program(),
            at=at,
        )

    await filled.app.services.db.write(unit, filled.app.clock.now())


async def test_an_owner_says_where_links_lead_and_makes_a_key(filled: Console) -> None:
    owner = await filled.sign_in()
    page = await owner.get(f"{filled.home}/links")
    assert "Links lead nowhere yet" in texts(page)
    bad = await owner.post(f"{filled.home}/links", {"landing": "javascript:alert(1)"})
    assert bad.status_code == 400
    assert "landingUrl must be a web address" in texts(bad)
    given = {"landing": "https://www.example.com/start", "hosts": "app.example.com", "link_host": "go.example.com"}
    assert "In force" in texts(await owner.post(f"{filled.home}/links", given))
    made = await owner.post(f"{filled.home}/links/keys", {"origins": "https://www.example.com"})
    assert "https://go.example.com/JANE20" in texts(made)
    assert 'data-key="pk_' in texts(made)
    rows = await filled.app.services.db.read(audit_rows, filled.app.team.team_id, limit=5)
    assert {"links.changed", "publishable_key.created"} <= {each.action for each in rows}


async def test_an_owner_declares_who_counts(filled: Console) -> None:
    await with_program(filled)
    owner = await filled.sign_in()
    await owner.get(f"{filled.home}/links")
    given = {"place1": "coupon", "place2": "link", "place3": "", "place4": "", "touch": "first", "until": "signup"}
    answer = await owner.post(f"{filled.home}/links/rules/partners", {**given, "days": "60"})
    assert "Declared" in texts(answer)
    told = await filled.call("GET", "/programs/partners/attribution")
    assert told["attribution"] == {
        "precedence": ["coupon", "link"],
        "touch": "first",
        "countedUntil": "signup",
        "attributionDays": 60,
        "version": 2,
    }
    twice = await owner.post(f"{filled.home}/links/rules/partners", {**given, "place3": "link", "days": "60"})
    assert twice.status_code == 400


async def test_a_member_says_who_brought_a_customer_and_the_page_explains_it(filled: Console) -> None:
    owner = await filled.sign_in()
    wren = (await filled.call("POST", "/customers", {"email": "wren@example.com", "name": "Wren Ash"}))["customer"]
    path = f"{filled.home}/customers/{wren['id']}/attribution"
    await owner.get(path)
    assert (await owner.post(path, {"code": "", "reason": ""})).status_code == 400
    assert "not found" in texts(await owner.post(path, {"code": "NOBODY", "reason": "A fair."}))
    said = await owner.post(path, {"code": filled.ids["code"], "reason": "They met at a fair."})
    assert "They met at a fair." in texts(said)
    assert "was named by hand" in texts(said)
    friend = await owner.get(f"{filled.home}/customers/{filled.ids['friend_id']}/attribution")
    assert "has paid already" in texts(friend)


async def test_an_explanation_is_found_by_any_id(filled: Console) -> None:
    owner = await filled.sign_in()
    start = await owner.get(f"{filled.home}/explain")
    assert start.status_code == 200
    found = await owner.get(f"{filled.home}/explain?about={filled.ids['friend_id']}")
    assert "Finn Oak" in texts(found)
    assert "All payments of this customer" in texts(found)
    reward = await owner.get(f"{filled.home}/explain?about={filled.ids['reward_id']}")
    assert reward.status_code == 200
    assert "Rounding" in texts(reward)
    for unknown in ("inv_unknown", "rw_unknown", "pc_unknown", "x" * 300):
        assert (await owner.get(f"{filled.home}/explain?about={unknown}")).status_code == 404
