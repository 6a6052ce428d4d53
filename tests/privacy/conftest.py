"""Somebody who left traces everywhere: as customer, payer, lead, applicant, partner, payee, guest of the portal."""

from __future__ import annotations

import sqlite3
import zlib
from dataclasses import dataclass
from typing import Any, Final

import asyncpg
import pytest
import sqlalchemy as sa

from billfold.base.crypto import SealBroken
from billfold.domain.partners.contacts import Contact, put_contact
from billfold.domain.partners.partners import find_by_customer
from billfold.domain.payouts.methods import PayPal, set_method
from billfold.domain.payouts.payees import TaxProfile, put_tax_profile
from billfold.domain.privacy.erasure import Erased, erase_person
from billfold.domain.referrals.referrals import referrals
from billfold.domain.referrals.reviews import open_review
from billfold.domain.tenancy.audit_log import Actor, record
from billfold.infrastructure.db.database import Reading
from billfold.infrastructure.db.statements import metadata, query, row_tuple
from billfold.wiring import SEALED_COLUMNS
from tests.affiliate.conftest import Affiliates
from tests.app_fixtures import RunningBillfold
from tests.conftest import ON_POSTGRES

ROBIN: Final = "Robin.Gardner@Garden.example.com"
# What gives Robin away, wherever it stands and in any case.
TRACES: Final = (
    "robin.gardner",
    "robin gardner",
    "gardner",
    "garden.example.com",
    "greenhouse ltd",
    "red wellingtons",
    "198.51.100.77",
    "i grow things",
    "met at the fair",
    "robins-phone",
    "gardeners meet",
)
_REFERRAL: Final = query(
    sa.select(referrals.c.id, referrals.c.program_id).where(
        referrals.c.project_id == sa.bindparam("project_id"), referrals.c.referee_id == sa.bindparam("customer_id")
    ),
    row_tuple,
)
_ADDRESS: Final = {"X-Forwarded-For": "198.51.100.77"}


@dataclass
class Robin:
    """The person, and the surface of the project that knows him."""

    affiliates: Affiliates
    customer_id: str = ""
    subscription: str = ""
    partner: Any = None

    @property
    def app(self) -> RunningBillfold:
        return self.affiliates.app

    async def call(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        answer = await self.app.client.request(method, self.app.path + path, json=body, headers=headers)
        assert answer.status_code < 300, (path, answer.text)
        return answer.json()

    async def control(self, path: str, **body: Any) -> Any:
        answer = await self.app.client.post(f"/simulator/{self.app.team.team_id}/{path}", json=body)
        assert answer.status_code < 300, answer.text
        await self.app.drain()
        return answer.json()

    async def is_lead(self) -> None:
        """Jane registers Robin as a lead of hers, and the team accepts."""
        await self.affiliates.configure_sign_in()
        await self.affiliates.enrol("jane@agency.example.com", "JANE20")
        session = await self.affiliates.sign_in("jane@agency.example.com")
        lead = {
            "leadEmail": ROBIN,
            "leadName": "Robin Gardner",
            "company": "Greenhouse Ltd",
            "notes": "Met at the fair",
        }
        await self.affiliates.customer(session, "POST", "/v1/affiliate/deals", lead, expect=201)

    async def is_suspected(self) -> None:
        """What people and rules wrote about the referral that brought him: it looked strange, and was voided."""
        referral, program = await self.app.services.db.read(_his_referral, self.app.team.project_id, self.customer_id)
        signal: dict[str, Any] = {"referral_id": referral, "program_id": program, "signal": "same_organisation"}
        who: dict[str, Any] = {"project_id": self.app.team.project_id, "at": self.app.clock.now()}
        await self.app.services.db.write(open_review, **who, **signal, evidence={"organisation": "garden.example.com"})
        note = "Robin Gardner and Jane know each other: gardeners meet"
        await self.call("POST", f"/referrals/{referral}/void", {"reason": "other", "note": note})

    async def buys(self) -> None:
        await self.call("POST", "/webhooks", {"url": "https://app.example.com/hooks"})
        product = (await self.call("POST", "/products", {"name": "Pro"}))["product"]["id"]
        price = {"unitAmount": 2900, "interval": "month", "type": "recurring"}
        price_id = (await self.call("POST", f"/products/{product}/prices", price))["price"]["id"]
        page = "https://shop.example.com/?ref=JANE20&from=garden.example.com"
        click = {"code": "JANE20", "url": page, "referrer": "https://garden.example.com/", "visitorId": "robins-phone"}
        followed = await self.affiliates.key("POST", "/v1/affiliate/track", click)
        who = {
            "clickToken": followed["clickToken"],
            "email": ROBIN,
            "name": "Robin Gardner",
            "metadata": {"shoes": "Red wellingtons"},
            "referralCode": "JANE20",
        }
        made = await self.call("POST", "/customers", who, **{"Idempotency-Key": "robin-1", **_ADDRESS})
        self.customer_id = made["customer"]["id"]
        await self.app.drain()
        urls = {"successUrl": "https://example.com/ok", "cancelUrl": "https://example.com/no"}
        checkout = {"customerId": self.customer_id, "priceId": price_id, **urls}
        session = (await self.call("POST", "/checkout", checkout))["sessionId"]
        done = await self.control(f"checkout/{session}/complete", outcome="paid")
        self.subscription = done["session"]["subscription"]
        await self.call("PATCH", f"/customers/{self.customer_id}", {"metadata": {"shoes": "red wellingtons"}})
        await self.call("POST", "/portal", {"customerId": self.customer_id, "returnUrl": "https://example.com/"})

    async def becomes_a_partner(self) -> None:
        words = {"name": "Robin Gardner", "company": "Greenhouse Ltd", "website": "https://garden.example.com"}
        application = await self.affiliates.apply(ROBIN, **words, reason="I grow things")
        await self.affiliates.review(application, {"action": "approve", "code": "GREEN7"})
        await self.affiliates.sign_in(ROBIN)
        services, project_id = self.app.services, self.app.team.project_id
        mine: dict[str, Any] = {"project_id": project_id, "customer_id": self.customer_id, "at": self.app.clock.now()}
        await services.db.write(set_method, services.sealer, details=PayPal("robin.gardner@garden.example.com"), **mine)
        profile = TaxProfile("Robin Gardner", "DE", "DE 811 569 869", "w8ben")
        partner = await services.db.read(find_by_customer, project_id, self.customer_id)
        assert partner is not None
        told = Contact(partner.id, project_id, "Greenhouse Ltd", None, "Robin Gardner\nGarden lane 1", mine["at"])
        await services.db.write(put_contact, told)
        await services.db.write(
            record,
            team_id=self.app.team.team_id,
            project_id=project_id,
            actor=Actor("customer", self.customer_id, "198.51.100.77", "Partner GREEN7"),
            action="partner_contact.changed",
            subject=partner.id,
            now=mine["at"],
        )
        await services.db.write(put_tax_profile, services.sealer, profile=profile, **mine)

    async def settled(self) -> None:
        """Let everything be told, and the subscription end."""
        secret = {"Authorization": f"Bearer {self.app.team.simulator_secret_key}"}
        path = f"/simulator/stripe/v1/subscriptions/{self.subscription}"
        assert (await self.app.anonymous.delete(path, headers=secret)).status_code == 200
        await self.app.drain()
        await self.app.feed()


async def _his_referral(tx: Reading, project_id: str, customer_id: str) -> tuple[str, str]:
    return await tx.one(_REFERRAL, project_id=project_id, customer_id=customer_id)


@pytest.fixture
async def affiliates(billfold_app: RunningBillfold) -> Affiliates:
    """The program of the team, switched on; the owner is signed in."""
    made = Affiliates(billfold_app, billfold_app.team)
    made.member_token = await made.member("owner@example.com")
    await made.switch_on()
    return made


@pytest.fixture
async def robin(affiliates: Affiliates) -> Robin:
    """Everywhere at once."""
    made = Robin(affiliates)
    await made.is_lead()
    await made.buys()
    await made.becomes_a_partner()
    await made.is_suspected()
    await made.settled()
    return made


async def erase(app: RunningBillfold, asked: str, *, despite_open: bool = False) -> Erased:
    services, team = app.services, app.team
    return await erase_person(
        services.db,
        services.sealer,
        team_id=team.team_id,
        project_id=team.project_id,
        asked=asked,
        despite_open=despite_open,
        now=app.clock.now(),
    )


async def everything(url: str, app: RunningBillfold) -> dict[str, str]:
    """Return all that the database holds, by table: copies unpacked, what is sealed opened, Stripe's own side left out."""
    found: dict[str, list[str]] = {}
    sealed = {(column.table, column.column): column for column in SEALED_COLUMNS}
    for table in metadata.sorted_tables:
        if table.name.startswith("simulator_"):
            continue
        rows = await _rows(url, f'SELECT * FROM "{table.name}"')  # noqa: S608 - our own names
        for row in rows:
            for name, value in row.items():
                text = _readable(value)
                column = sealed.get((table.name, name))
                if column is not None and value is not None:
                    text = _opened(app, column, row, str(value))
                found.setdefault(table.name, []).append(f"{name}={text}")
    return {table: "\n".join(lines) for table, lines in found.items()}


async def traces_in(url: str, app: RunningBillfold) -> dict[str, list[str]]:
    """Return the lines in which Robin is still to be seen, by table."""
    found = {}
    for table, text in (await everything(url, app)).items():
        lines = [line for line in text.splitlines() if any(trace in line.casefold() for trace in TRACES)]
        if lines:
            found[table] = lines
    return found


def _opened(app: RunningBillfold, column: Any, row: dict[str, Any], value: str) -> str:
    owners = [str(each) for name, each in row.items() if name in {"id", "team_id", "customer_id", "user_id"}]
    for owner in owners:
        try:
            return app.services.sealer.open(value, owner=owner, field=column.field)
        except SealBroken:
            continue
    raise AssertionError(f"{column.table}.{column.column} does not open")


def _readable(value: Any) -> str:
    if not isinstance(value, bytes):
        return str(value)
    try:
        return zlib.decompress(value).decode()
    except zlib.error:
        return value.decode(errors="replace")


async def _rows(url: str, statement: str) -> list[dict[str, Any]]:
    if ON_POSTGRES:
        connection = await asyncpg.connect(url)
        try:
            return [dict(row) for row in await connection.fetch(statement)]
        finally:
            await connection.close()
    file = sqlite3.connect(url.removeprefix("sqlite:///"))
    file.row_factory = sqlite3.Row
    try:
        return [dict(row) for row in file.execute(statement)]
    finally:
        file.close()
