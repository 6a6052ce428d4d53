"""Finding whom an export or an erasure is about: one person of one project, by an e-mail address or a customer's id.

An address finds the customer who holds it (not one who merely typed it without proof), deleted ones too, and also whoever is no
customer at all: an applicant, a lead, somebody who signed up with a code and never came.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from billfold.domain.billing.customers import Customer, customers, find_even_deleted, normalised_email
from billfold.domain.billing.invoices import invoices
from billfold.domain.billing.payments import payments
from billfold.domain.billing.subscriptions import subscriptions
from billfold.domain.ledger.transfers import ledger_balances
from billfold.domain.partners.applications import partner_applications
from billfold.domain.partners.contacts import partner_contacts
from billfold.domain.partners.deals import deals
from billfold.domain.partners.partners import partners
from billfold.domain.payouts.methods import payout_methods
from billfold.domain.payouts.payees import payees
from billfold.domain.payouts.payouts import payouts
from billfold.domain.privacy.scrubbing import Traces, address_of_nobody, is_of_nobody
from billfold.domain.referrals.mailbox import mailbox_hash, written_mailbox
from billfold.domain.referrals.referrals import referrals
from billfold.domain.referrals.touches import touches
from billfold.domain.tenancy.teams import get_team
from billfold.infrastructure.db.database import Reading
from billfold.infrastructure.db.statements import Query, any_of, query, row_tuple

_ENDED: Final = ("canceled", "incomplete_expired")


@dataclass(frozen=True, slots=True)
class Person:
    """Who is meant: `ids` are those of every row that hangs on him, `traces` what gives him away in a text.

    `name` is what an answer may call him without repeating his address: a customer's id, or that of what else there is.
    `offered` and `applied` are the ids of the deals in which he is the lead and of his applications, `signed_up` of the
    referrals that brought him, `brought` of those whom he brought.
    """

    team_id: str
    project_id: str
    customer_ids: tuple[str, ...]
    partner_ids: tuple[str, ...]
    offered: tuple[str, ...]
    applied: tuple[str, ...]
    signed_up: tuple[str, ...]
    clicked: tuple[str, ...]
    brought: tuple[str, ...]
    stripe_ids: tuple[str, ...]
    ids: frozenset[str]
    traces: Traces

    @property
    def name(self) -> str:
        """How an answer and the audit log call him."""
        return next(iter((*self.customer_ids, *self.applied, *self.offered, *self.signed_up)), "nobody")


def _of_customers(column: sa.ColumnElement[Any], *shown: sa.ColumnElement[Any]) -> Query[tuple[Any, ...]]:
    table: sa.Table = column.table
    return query(
        sa.select(*shown).where(table.c.project_id == sa.bindparam("project_id"), any_of(column, "ids")), row_tuple
    )


_in_project = customers.c.project_id == sa.bindparam("project_id")
_BY_EMAIL: Final = query(
    sa.select(customers.c.id).where(_in_project, customers.c.email_normalised == sa.bindparam("email")), str
)
_APPLICATIONS: Final = query(
    sa.select(
        partner_applications.c.id,
        partner_applications.c.partner_id,
        partner_applications.c.email,
        partner_applications.c.name,
        partner_applications.c.company,
        partner_applications.c.website,
    ).where(
        partner_applications.c.project_id == sa.bindparam("project_id"),
        partner_applications.c.email_normalised == sa.bindparam("email"),
    ),
    row_tuple,
)
_OFFERED: Final = query(
    sa.select(deals.c.id, deals.c.lead_email, deals.c.lead_name, deals.c.company, deals.c.company_domain).where(
        deals.c.project_id == sa.bindparam("project_id"),
        any_of(deals.c.lead_mailbox, "mailboxes"),
    ),
    row_tuple,
)
_SIGNED_UP: Final = query(
    sa.select(referrals.c.id).where(
        referrals.c.project_id == sa.bindparam("project_id"), referrals.c.referee_mailbox == sa.bindparam("mailbox")
    ),
    str,
)
_PAYOUT_METHODS: Final = _of_customers(
    payout_methods.c.customer_id, payout_methods.c.shown, payout_methods.c.stripe_account_id
)
_PAYEES: Final = _of_customers(payees.c.customer_id, payees.c.legal_name, payees.c.tax_id_shown)
_CONTACTS: Final = _of_customers(
    partner_contacts.c.partner_id,
    partner_contacts.c.company,
    partner_contacts.c.website,
    partner_contacts.c.postal_address,
)
# Table by table: rows that hang on customers, and which of their columns are ids that stand in texts.
_ROWS: Final = {
    "subscriptions": _of_customers(
        subscriptions.c.customer_id, subscriptions.c.id, subscriptions.c.stripe_subscription_id
    ),
    "invoices": _of_customers(invoices.c.customer_id, invoices.c.id, invoices.c.stripe_invoice_id),
    "payments": _of_customers(
        payments.c.customer_id, payments.c.id, payments.c.stripe_payment_id, payments.c.stripe_charge_id
    ),
    "partners": _of_customers(partners.c.customer_id, partners.c.id),
    "payouts": _of_customers(payouts.c.customer_id, payouts.c.id),
    "signed_up": _of_customers(referrals.c.referee_id, referrals.c.id),
}
_BROUGHT: Final = _of_customers(referrals.c.referrer_id, referrals.c.id)
_CLICKED: Final = _of_customers(touches.c.customer_id, touches.c.click_id)
_LIVE_SUBSCRIPTIONS: Final = _of_customers(subscriptions.c.customer_id, subscriptions.c.id, subscriptions.c.status)
_BALANCES: Final = _of_customers(
    ledger_balances.c.owner_id,
    ledger_balances.c.unit,
    ledger_balances.c.held,
    ledger_balances.c.available,
    ledger_balances.c.in_transit,
)
_PAYOUTS: Final = _of_customers(payouts.c.customer_id, payouts.c.id, payouts.c.status)


async def find_person(tx: Reading, *, team_id: str, project_id: str, asked: str) -> Person:
    """Return who is meant by an address or a customer's id; `NotFound` for an id that the project does not have."""
    if "@" in asked:
        email = normalised_email(asked)
        found = await tx.all(_BY_EMAIL, project_id=project_id, email=email)
        emails = {asked.strip(), email}
    else:
        found, emails = [asked], set()
    everybody = [await find_even_deleted(tx, project_id, each) for each in found]
    for each in everybody:
        if not is_of_nobody(each.email) and each.holds_address:
            emails |= {each.email, each.email_normalised}
    return await _gathered(tx, team_id, project_id, everybody, emails)


async def _gathered(tx: Reading, team_id: str, project_id: str, everybody: list[Customer], emails: set[str]) -> Person:
    ids = [each.id for each in everybody]
    of_his = {"project_id": project_id, "ids": ids}
    rows = {name: await tx.all(statement, **of_his) for name, statement in _ROWS.items()}
    words: set[str | None] = {each.name for each in everybody}
    shown_only = {each.email for each in everybody if not is_of_nobody(each.email)}
    applied: list[str] = []
    offered: list[str] = []
    signed_up = [row[0] for row in rows["signed_up"]]
    for email in sorted({normalised_email(each) for each in emails}):
        for application, _, *said in await tx.all(_APPLICATIONS, project_id=project_id, email=email):
            applied.append(application)
            words.update(said[1:])
        mailboxes = [email, written_mailbox(email), mailbox_hash(project_id, email)]
        for deal, _, *named in await tx.all(_OFFERED, project_id=project_id, mailboxes=mailboxes):
            offered.append(deal)
            words.update(named)
        signed_up += await tx.all(_SIGNED_UP, project_id=project_id, mailbox=mailbox_hash(project_id, email))
    for statement in (_PAYOUT_METHODS, _PAYEES):
        for row in await tx.all(statement, **of_his):
            words.update(row)
    partner_ids = [row[0] for row in rows["partners"]]
    for row in await tx.all(_CONTACTS, project_id=project_id, ids=partner_ids):
        words.update(row)
    stripe_ids = [each.stripe_customer_id for each in everybody if each.stripe_customer_id]
    known = _flat([ids, stripe_ids, applied, offered, signed_up, *(row for each in rows.values() for row in each)])
    clicked = await tx.all(_CLICKED, **of_his)
    brought = await tx.all(_BROUGHT, **of_his)
    name = next(iter((*ids, *applied, *offered, *signed_up)), "person")
    return Person(
        team_id=team_id,
        project_id=project_id,
        customer_ids=tuple(ids),
        partner_ids=tuple(partner_ids),
        offered=tuple(offered),
        applied=tuple(applied),
        signed_up=tuple(dict.fromkeys(signed_up)),
        clicked=tuple(row[0] for row in clicked if row[0]),
        brought=tuple(row[0] for row in brought),
        stripe_ids=tuple(stripe_ids),
        ids=known | _flat([*clicked, *brought]),
        traces=Traces(
            ids=known,
            emails=frozenset(emails | shown_only),
            words=frozenset(each for each in words if each and "@" not in each),
            nobody=address_of_nobody(name),
        ),
    )


async def what_waits(tx: Reading, person: Person) -> list[str]:
    """Say what speaks against erasing the person now: a subscription that runs, money that is owed, a payout on its way."""
    of_his = {"project_id": person.project_id, "ids": list(person.customer_ids)}
    waiting = [
        f"The subscription {subscription} is {status}: cancel it first."
        for subscription, status in await tx.all(_LIVE_SUBSCRIPTIONS, **of_his)
        if status not in _ENDED
    ]
    for unit, held, available, in_transit in await tx.all(_BALANCES, **of_his):
        waiting += [
            f"{amount} {unit} (minor units) are {what}."
            for what, amount in (("held", held), ("available", available), ("in transit", in_transit))
            if amount
        ]
    waiting += [
        f"The payout {payout} is {status}: finish it first."
        for payout, status in await tx.all(_PAYOUTS, **of_his)
        if status in {"intent", "sent"}
    ]
    return waiting


async def time_of(tx: Reading, team_id: str, now: datetime) -> datetime:
    """Return the team's time."""
    return (await get_team(tx, team_id)).time_at(now)


def _flat(groups: Iterable[Iterable[Any]]) -> frozenset[str]:
    return frozenset(each for group in groups for each in group if isinstance(each, str) and each)
