"""The sign-up bonus, whole: link, sign-up, account, credits, and credits spent; over HTTP alone, on a real application."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from billfold.domain.ledger.audit import audit
from billfold.domain.referrals.audit import audit_rewards
from billfold.domain.referrals.sign_up_sweep import sweep_sign_ups
from billfold.domain.wallets.audit import audit_wallets
from tests.app_fixtures import RunningBillfold
from tests.logins import AUDIENCE, ISSUER, bearer, published, rsa_key, token

PROGRAM: dict[str, Any] = {
    "enabled": True,
    "convertsOn": "signup",
    "linkAddress": "https://app.example.com/login",
    "rules": [
        {
            "earner": "referrer",
            "earnedOn": "conversion",
            "amount": {"type": "fixed", "value": 5, "unit": "ai_credits"},
            "settlesAs": "wallet",
        }
    ],
}


class App:
    """A product with users of its own, and Billfold behind it."""

    def __init__(self, billfold: RunningBillfold) -> None:
        self.billfold = billfold

    async def set_up(self, **changes: Any) -> None:
        login = {"issuer": ISSUER, "audiences": [AUDIENCE], "kind": "jwks", "jwks": published(rsa=rsa_key())}
        await self.manage("PUT", "/identity-provider", login)
        await self.manage("PUT", "/programs/sign_up_bonus", {**PROGRAM, **changes})

    async def manage(self, method: str, path: str, body: Any = None, status: int = 200) -> Any:
        answer = await self.billfold.client.request(method, self.billfold.path + path, json=body)
        assert answer.status_code == status, answer.text
        return answer.json()

    async def as_user(self, name: str, what: str) -> Any:
        # The token's times are the wall clock's, which the test moves.
        now = int(self.billfold.clock.now().timestamp())
        claims: dict[str, Any] = {"sub": name, "email": f"{name}@example.com", "email_verified": True}
        text = token(**claims, iat=now, exp=now + 300)
        answer = await self.billfold.anonymous.get(f"/api/referral/{what}", headers=bearer(text))
        assert answer.status_code == 200, answer.text
        return answer.json()["data"]

    async def sign_up(self, code: str, name: str) -> Any:
        body = {"referralCode": code, "email": f"{name}@example.com"}
        answer = await self.billfold.anonymous.post("/api/referral/convert", json=body)
        assert answer.status_code == 200, answer.text
        return answer.json()["data"]

    async def customer(self, name: str) -> str:
        found = (await self.manage("GET", "/customers"))["customers"]
        return str(next(each["id"] for each in found if each["email"] == f"{name}@example.com"))

    async def balance(self, customer_id: str) -> int:
        wallets = (await self.manage("GET", f"/wallets/{customer_id}"))["wallets"]
        return next((each["balance"] for each in wallets if each["unit"] == "ai_credits"), 0)

    async def let_pass(self, **time: int) -> None:
        self.billfold.clock.advance(timedelta(**time))
        await sweep_sign_ups(self.billfold.services.db, now=self.billfold.clock.now())


@pytest.fixture
async def app(billfold_app: RunningBillfold) -> Any:
    """The product; whatever a story does, the books add up afterwards (scenario D1)."""
    yield App(billfold_app)
    db = billfold_app.services.db
    assert await db.snapshot(audit) == []
    assert await db.snapshot(audit_rewards) == []
    assert await db.snapshot(audit_wallets) == []


async def test_a_user_brings_a_newcomer_and_spends_what_it_earned(app: App) -> None:
    await app.set_up()
    link = await app.as_user("wren", "link")
    assert link["link"] == f"https://app.example.com/login?ref={link['code']}"
    wren = await app.customer("wren")
    assert await app.sign_up(link["code"], "robin") == {"converted": True, "referrerId": wren}
    assert await app.sign_up(link["code"], "robin") == {"converted": False, "referrerId": None}
    assert await app.sign_up(link["code"], "wren+me") == {"converted": False, "referrerId": None}
    stats = {"totalReferrals": 1, "convertedReferrals": 1, "pendingReferrals": 0, "totalRewards": 5}
    assert await app.as_user("wren", "stats") == stats
    await app.manage("POST", f"/wallets/{wren}/spend", {"unit": "ai_credits", "amount": 2, "key": "picture-1"})
    assert await app.balance(wren) == 3
    await app.manage(
        "POST", f"/wallets/{wren}/spend", {"unit": "ai_credits", "amount": 4, "key": "picture-2"}, status=402
    )
    # Robin comes, so nothing is taken back.
    await app.as_user("robin", "stats")
    await app.let_pass(days=8)
    assert await app.as_user("wren", "stats") == stats
    history = await app.manage("GET", f"/referrals/codes/{link['code']}")
    (referral,) = history["code"]["referrals"]
    assert referral["refereeCustomerId"] == await app.customer("robin")


async def test_an_invented_newcomer_gives_back_what_is_unspent(app: App) -> None:
    await app.set_up()
    code = (await app.as_user("wren", "link"))["code"]
    wren = await app.customer("wren")
    assert (await app.sign_up(code, "invented"))["converted"]
    await app.manage("POST", f"/wallets/{wren}/spend", {"unit": "ai_credits", "amount": 2, "key": "picture-1"})
    await app.let_pass(days=8)
    assert await app.balance(wren) == 0
    stats = {"totalReferrals": 1, "convertedReferrals": 0, "pendingReferrals": 1, "totalRewards": 2}
    assert await app.as_user("wren", "stats") == stats


async def test_a_verified_program_tells_nothing_and_pays_when_the_newcomer_proves_the_address(app: App) -> None:
    await app.set_up(convertsOn="verified_signup")
    code = (await app.as_user("wren", "link"))["code"]
    assert await app.sign_up(code, "robin") == await app.sign_up("FFFFFFFF", "finch")
    assert (await app.as_user("wren", "stats"))["pendingReferrals"] == 1
    await app.as_user("robin", "stats")
    stats = {"totalReferrals": 1, "convertedReferrals": 1, "pendingReferrals": 0, "totalRewards": 5}
    assert await app.as_user("wren", "stats") == stats
    assert await app.balance(await app.customer("wren")) == 5


async def test_an_edit_of_the_reward_leaves_the_past_as_it_was(app: App) -> None:
    await app.set_up()
    code = (await app.as_user("wren", "link"))["code"]
    await app.sign_up(code, "robin")
    dearer = {**PROGRAM["rules"][0], "amount": {"type": "fixed", "value": 8, "unit": "ai_credits"}}
    assert (await app.manage("PUT", "/programs/sign_up_bonus", {**PROGRAM, "rules": [dearer]}))["program"][
        "version"
    ] == 2
    await app.sign_up(code, "finch")
    assert (await app.as_user("wren", "stats"))["totalRewards"] == 13
