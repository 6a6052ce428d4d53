"""A team with a little of everything, and people of each role with a browser."""

from __future__ import annotations

import html
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any, Final

import httpx
import pytest

from billfold.domain.analytics import commission_list
from billfold.domain.partners import assets, deal_claims, joining
from billfold.domain.partners.applications import NewApplication
from billfold.domain.partners.deal_claims import Lead
from billfold.domain.partners.joining import Review
from billfold.domain.referrals import programs, reviews
from billfold.domain.tenancy.members import Role, add_member
from billfold.domain.tenancy.sessions import create_session
from billfold.domain.tenancy.users import create_user, find_user
from billfold.entrypoints.web.session_cookie import cookie_name
from billfold.infrastructure.db.database import Writing
from tests.app_fixtures import BASE_URL, RunningBillfold
from tests.payouts import making

ORIGIN: Final = {"Origin": BASE_URL}
OWNER: Final = "owner@example.com"


@dataclass
class Person:
    """Somebody at a browser; forms are sent as a browser sends them, with the token of the page."""

    client: httpx.AsyncClient
    csrf: str = ""

    async def get(self, path: str) -> httpx.Response:
        answer = await self.client.get(path)
        found = re.search(r'name="csrf" value="([0-9a-f]+)"', answer.text)
        if found is not None:
            self.csrf = found[1]
        return answer

    async def post(self, path: str, form: dict[str, Any] | None = None, *, follow: bool = True) -> httpx.Response:
        data = {"csrf": self.csrf, **(form or {})}
        return await self.client.post(path, data=data, headers=ORIGIN, follow_redirects=follow)


@dataclass
class Console:
    """The console of one team, with ids of what is in it."""

    app: RunningBillfold
    ids: dict[str, str] = field(default_factory=dict)
    people: list[httpx.AsyncClient] = field(default_factory=list)

    @property
    def home(self) -> str:
        return f"/console/{self.app.team.team_id}/{self.app.team.project_id}"

    @property
    def team_home(self) -> str:
        return f"/console/{self.app.team.team_id}"

    async def sign_in(self, email: str = OWNER, role: Role | None = None) -> Person:
        """Return a person's browser; with a role he is taken into the team."""
        now = self.app.clock.now()

        async def unit(tx: Writing) -> str:
            user = await find_user(tx, email) or await create_user(tx, email=email, password_hash=None, now=now)
            if role is not None:
                await add_member(tx, team_id=self.app.team.team_id, user_id=user.id, role=role, now=now)
            return await create_session(tx, user_id=user.id, address="192.0.2.1", user_agent="test", now=now)

        token = await self.app.services.db.write(unit)
        client = httpx.AsyncClient(
            transport=httpx.ASGITransport(app=self.app.application),
            base_url=BASE_URL,
            cookies={cookie_name(self.app.services.settings): token},
        )
        self.people.append(client)
        person = Person(client)
        await person.get("/account")
        return person

    async def call(self, method: str, path: str, body: Any = None) -> Any:
        """Call the project's API with the team's key."""
        answer = await self.app.client.request(method, f"{self.app.path}{path}", json=body)
        assert answer.status_code < 300, answer.text
        return answer.json()

    async def fill(self) -> None:
        """Make a product, a price, a customer who brings a friend, and the friend's paid checkout."""
        config = {"enabled": True, "referrerCreditAmount": 1000, "refereeCreditAmount": 500, "currency": "usd"}
        await self.call("PUT", "/referrals/config", config)
        product = (await self.call("POST", "/products", {"name": "Solo", "description": "For one"}))["product"]
        price = {"unitAmount": 1900, "interval": "month", "currency": "usd"}
        made = (await self.call("POST", f"/products/{product['id']}/prices", price))["price"]
        jane = (await self.call("POST", "/customers", {"email": "jane@example.com", "name": "Jane Roe"}))["customer"]
        finn = (await self.call("POST", "/customers", {"email": "finn@example.com", "name": "Finn Oak"}))["customer"]
        code = (await self.call("POST", "/referrals/codes", {"customerId": jane["id"]}))["code"]
        claim = {"code": code["code"], "refereeCustomerId": finn["id"]}
        referral = (await self.call("POST", "/referrals/apply", claim))["referral"]
        urls = {"successUrl": "https://app.example.com/", "cancelUrl": "https://app.example.com/"}
        checkout = await self.call("POST", "/checkout", {"customerId": finn["id"], "priceId": made["id"], **urls})
        paid = await self.app.client.post(
            f"/simulator/{self.app.team.team_id}/checkout/{checkout['sessionId']}/complete", json={}
        )
        assert paid.status_code == 200, paid.text
        await self.app.drain()
        subscription = (await self.call("GET", f"/subscriptions?customerId={finn['id']}"))["subscriptions"][0]
        self.ids = {
            "product_id": product["id"],
            "price_id": made["id"],
            "customer_id": jane["id"],
            "friend_id": finn["id"],
            "code": code["code"],
            "referral_id": referral["id"],
            "subscription_id": subscription["id"],
        }
        await self.pay(jane["id"], referral["id"])
        await self.suspect(referral["id"])
        await self.join()
        webhook = (await self.call("POST", "/webhooks", {"url": "https://app.example.com/webhooks"}))["webhook"]
        sent = (await self.call("POST", f"/webhooks/{webhook['id']}/test", {}))["delivery"]
        self.ids.update(webhook_id=webhook["id"], delivery_id=sent["id"])

    async def pay(self, customer_id: str, referral_id: str) -> None:
        """Prepare a payout of a commission."""
        services, team = self.app.services, self.app.team
        now = self.app.clock.now()
        program = await making.owe(
            services.db,
            services.sealer,
            project_id=team.project_id,
            customer_id=customer_id,
            referral_id=referral_id,
            at=now,
        )
        batch_id, payout_id = await making.prepare(services.db, program, team_id=team.team_id, now=now)
        self.ids.update(batch_id=batch_id, payout_id=payout_id)

    async def join(self) -> None:
        """Have two people apply to the partner program and approve one, who registers a lead; and keep a picture for him."""
        team, now = self.app.team, self.app.clock.now()
        place = {"team_id": team.team_id, "project_id": team.project_id}

        async def unit(tx: Writing) -> dict[str, str]:
            first, second = [
                await joining.apply(
                    tx,
                    NewApplication(f"{name.lower()}@partners.example.com", name),
                    **place,
                    answers={},
                    must_answer=False,
                    at=now,
                    now=now,
                )
                for name in ("Petra", "Ode")
            ]
            review = Review("approved", reviewed_by="rule:existing_customer", code="ODE20")
            reviewed = await joining.review(tx, team.project_id, second.id, review, at=now, now=now)
            assert reviewed.partner is not None
            lead = Lead("lead@company.example.com")
            deal = await deal_claims.register(tx, reviewed.partner, lead, at=now, now=now)
            picture = b"\x89PNG\r\n\x1a\n" + bytes(8)
            asset = await assets.add_picture(tx, project_id=team.project_id, title="Banner", content=picture, at=now)
            return {
                "application_id": first.id,
                "partner_id": reviewed.partner.id,
                "deal_id": deal.id,
                "asset_id": asset.id,
            }

        self.ids.update(await self.app.services.db.write(unit))

    async def suspect(self, referral_id: str) -> None:
        """Put a signal about a referral into the fraud queue, and remember the newest commission."""
        services, team = self.app.services, self.app.team
        program = await services.db.read(programs.find, team.project_id, making.KEY)
        assert program is not None
        whose = {"project_id": team.project_id, "program_id": program.id}
        await services.db.write(
            reviews.open_review,
            **whose,
            referral_id=referral_id,
            signal="same_organisation",
            evidence={"domain": "acme.example.com"},
            at=self.app.clock.now(),
        )
        (review,) = await services.db.read(reviews.reviews_of, team.project_id, referral_id)
        newest = await services.db.read(
            commission_list.list_commissions, team.project_id, program.id, limit=1, offset=0
        )
        self.ids.update(review_id=review.id, reward_id=newest[0].id)


def texts(answer: httpx.Response) -> str:
    """Return a page's text as a person reads it: without tags."""
    return html.unescape(re.sub(r"<[^>]+>", " ", answer.text))


@pytest.fixture
async def console(billfold_app: RunningBillfold) -> AsyncIterator[Console]:
    """An empty project."""
    made = Console(billfold_app)
    yield made
    for each in made.people:
        await each.aclose()


@pytest.fixture
async def filled(console: Console) -> Console:
    """A project with a little of everything."""
    await console.fill()
    return console
