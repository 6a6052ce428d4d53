"""Four places side by side: a project, its sibling in the same team, one of the team that was deleted, and another team's.

Each holds one of everything, and every text of a place carries the place's own word, so that an answer which leaks something
of another place is found by that word.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import httpx
import sqlalchemy as sa

from billfold.domain.tenancy.api_keys import create_api_key
from billfold.domain.tenancy.projects import create_project, projects
from billfold.infrastructure.db.statements import command
from billfold.infrastructure.db.types import Moment
from tests.app_fixtures import InstalledTeam, RunningBillfold

URLS: Final = {"successUrl": "https://example.com/", "cancelUrl": "https://example.com/"}

_DELETE_PROJECT: Final = command(
    sa.update(projects)
    .where(projects.c.id == sa.bindparam("project_id"))
    .values(deleted_at=sa.bindparam("at", type_=Moment()))
)


@dataclass(frozen=True, slots=True)
class Place:
    """A project with one of everything; `ids` are named as paths and bodies name them."""

    word: str
    team: InstalledTeam
    project_id: str
    ids: dict[str, str]

    @property
    def path(self) -> str:
        return f"/api/billstack/teams/{self.team.team_id}/projects/{self.project_id}"


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The four places of one server."""

    app: RunningBillfold
    own: Place
    sibling: Place
    deleted: Place
    foreign: Place

    async def make_key(self, place: Place, *, scopes: Sequence[str] = (), is_limited: bool = False) -> str:
        """Return a new key of the place's team, limited to the project if asked."""
        return await make_key(
            self.app, place.team.team_id, project_id=place.project_id if is_limited else None, scopes=scopes
        )

    async def send(self, method: str, path: str, key: str | None, **options: Any) -> httpx.Response:
        """Send one request with this key."""
        headers = {**options.pop("headers", {}), **({} if key is None else {"Authorization": f"Bearer {key}"})}
        return await self.app.anonymous.request(method, path, headers=headers, **options)


async def make_key(app: RunningBillfold, team_id: str, **changes: Any) -> str:
    fields: dict[str, Any] = {
        "team_id": team_id,
        "project_id": None,
        "name": "server",
        "scopes": (),
        "expires_at": None,
        "now": app.clock.now(),
        **changes,
    }
    _, raw_key = await app.services.db.write(lambda tx: create_api_key(tx, **fields))
    return raw_key


async def settle_in(app: RunningBillfold) -> Neighbours:
    """Build the four places through the API and the simulator."""
    foreign_team = await app.install(team="Zebra")
    for team in (app.team, foreign_team):
        await _make_promotion_code(app, team, "SPARE")
    own = await _furnish(app, app.team, app.team.project_id, "heron")
    sibling = await _furnish(app, app.team, await _make_project(app), "otter")
    deleted = await _furnish(app, app.team, await _make_project(app), "dodo")
    foreign = await _furnish(app, foreign_team, foreign_team.project_id, "zebra")
    limited = {place.word: await make_key(app, app.team.team_id, project_id=place.project_id) for place in (deleted,)}
    deleted.ids["key"] = limited["dodo"]
    await app.services.db.write(lambda tx: tx.run(_DELETE_PROJECT, project_id=deleted.project_id, at=app.clock.now()))
    app.services.known_keys.forget()
    await app.drain()
    await app.services.key_use.finish()
    return Neighbours(app, own, sibling, deleted, foreign)


async def _make_project(app: RunningBillfold) -> str:
    project = await app.services.db.write(create_project, team_id=app.team.team_id, name="Another", now=app.clock.now())
    return str(project.id)


async def _furnish(app: RunningBillfold, team: InstalledTeam, project_id: str, word: str) -> Place:
    place = Place(word, team, project_id, {})

    async def send(method: str, path: str, body: object = None) -> Any:
        answer = await app.anonymous.request(method, place.path + path, json=body, headers=team.headers)
        assert answer.is_success, (path, answer.text)
        return answer.json()

    async def customer(name: str) -> str:
        body = {"email": f"{name}-{word}@example.com", "name": word, "metadata": {"note": word}}
        return str((await send("POST", "/customers", body))["customer"]["id"])

    config = {"enabled": True, "referrerCreditAmount": 100, "refereeCreditAmount": 50}
    await send("PUT", "/referrals/config", config)
    product = (await send("POST", "/products", {"name": word}))["product"]["id"]
    terms = {"unitAmount": 4900, "interval": "month", "nickname": word}
    price = (await send("POST", f"/products/{product}/prices", terms))["price"]["id"]
    payer, referrer, newcomer, friend = [await customer(name) for name in ("payer", "referrer", "newcomer", "friend")]
    code = (await send("POST", "/referrals/codes", {"customerId": referrer}))["code"]["code"]
    referral = (await send("POST", "/referrals/apply", {"code": code, "refereeCustomerId": friend}))["referral"]["id"]
    session = await send("POST", "/checkout", {"customerId": payer, "priceId": price, **URLS})
    await app.application.installation.simulator.complete_checkout(team.team_id, session["sessionId"], bank="pays")
    await app.drain()
    [subscription] = (await send("GET", f"/subscriptions?customerId={payer}"))["subscriptions"]
    simulated = app.application.installation.simulator
    refund = await simulated.refund(
        team.team_id, charge=None, subscription=subscription["stripeSubscriptionId"], amount=100
    )
    dispute = await app.application.installation.simulator.open_dispute(
        team.team_id, charge=None, subscription=subscription["stripeSubscriptionId"]
    )
    invoices = await app.anonymous.get(
        "/simulator/stripe/v1/invoices", headers={"Authorization": f"Bearer {team.simulator_secret_key}"}
    )
    own_invoice = next(each for each in invoices.json()["data"] if word in (each["customer_email"] or ""))
    await _connect_account(app, team, place)
    # One more that stays open.
    session = await send("POST", "/checkout", {"customerId": newcomer, "priceId": price, **URLS})
    hook = {"url": "https://app.example.com/hooks", "description": word}
    webhook = (await send("POST", "/webhooks", hook))["webhook"]["id"]
    delivery = (await send("POST", f"/webhooks/{webhook}/test", {}))["delivery"]["id"]
    key = (await send("POST", "/publishable-keys", {"origins": ["https://www.example.com"]}))["publishableKey"]["id"]
    promotion = await _make_promotion_code(app, team, word.upper())
    tied = (await send("POST", "/promotion-codes", {"promotionCode": promotion, "referralCode": code}))["promotionCode"]
    place.ids.update(
        referralId=referral,
        publishableKeyId=key,
        promotionCodeId=tied["id"],
        refund_id=refund["id"],
        webhookId=webhook,
        deliveryId=delivery,
        customerId=newcomer,
        refereeCustomerId=newcomer,
        productId=product,
        priceId=price,
        subscriptionId=subscription["id"],
        stripeSubscriptionId=subscription["stripeSubscriptionId"],
        code=code,
        sessionId=session["sessionId"],
        dispute_id=dispute["id"],
        invoice_id=own_invoice["id"],
    )
    return place


async def _make_promotion_code(app: RunningBillfold, team: InstalledTeam, text: str) -> str:
    """Make a coupon in the team's account with a promotion code of this text, and return the code's id."""
    gateway = {"Authorization": f"Bearer {team.simulator_secret_key}"}
    made = {}
    for path, form in (
        ("coupons", {"id": f"coupon_{text}", "percent_off": "10", "duration": "once"}),
        ("promotion_codes", {"promotion[type]": "coupon", "promotion[coupon]": f"coupon_{text}", "code": text}),
    ):
        answer = await app.anonymous.post(f"/simulator/stripe/v1/{path}", data=form, headers=gateway)
        assert answer.is_success, (path, answer.text)
        made = answer.json()
    return str(made["id"])


async def _connect_account(app: RunningBillfold, team: InstalledTeam, place: Place) -> None:
    """Connect an account to the team's own, whose onboarding page is open; its link is kept among the ids."""
    gateway = {"Authorization": f"Bearer {team.simulator_secret_key}"}
    account = await app.anonymous.post(
        "/simulator/stripe/v1/accounts", data={"type": "express", "email": f"{place.word}@example.com"}, headers=gateway
    )
    assert account.is_success, account.text
    form = {"account": account.json()["id"], "type": "account_onboarding"}
    addresses = {"return_url": URLS["successUrl"], "refresh_url": URLS["cancelUrl"]}
    link = await app.anonymous.post("/simulator/stripe/v1/account_links", data={**form, **addresses}, headers=gateway)
    assert link.is_success, link.text
    place.ids["account_id"], place.ids["token"] = link.json()["url"].rsplit("/", 2)[1:]
