"""Ways to be paid: a bank account, PayPal, Wise, or an account connected at Stripe; one at a time for each customer.

A change is a new row: a payout points at the row that it was made for, so a way that is changed afterwards does not redirect
it. Details are sealed, what is shown of them is masked. No text in them may begin like a spreadsheet's formula.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import msgspec
import sqlalchemy as sa

from billfold.base.crypto import Sealer
from billfold.base.errors import Invalid
from billfold.base.ids import new_id
from billfold.domain.billing.customers import customers
from billfold.domain.tenancy.projects import projects
from billfold.infrastructure.db.database import Reading, Writing
from billfold.infrastructure.db.statements import any_of, command, insert_row, metadata, query, values_of
from billfold.infrastructure.db.types import Moment

BANK: Final = "bank"
PAYPAL: Final = "paypal"
WISE: Final = "wise"
STRIPE_CONNECT: Final = "stripe_connect"
KINDS: Final = (BANK, PAYPAL, WISE, STRIPE_CONNECT)
SEALED_FIELD: Final = "details"
_LONGEST_NAME: Final = 140
_LONGEST_EMAIL: Final = 254
_FORMULA: Final = tuple("=+-@|'\"")
_EMAIL: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9.!#$%&*/?^_`{}~+=-]*@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
_IBAN: Final = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}")
_BIC: Final = re.compile(r"[A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?")
_NUMBER: Final = re.compile(r"[0-9A-Z]{4,34}")
_COUNTRY: Final = re.compile(r"[A-Z]{2}")
_DOT: Final = "•"

payout_methods = sa.Table(
    "payout_methods",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("project_id", sa.Text, sa.ForeignKey(projects.c.id), nullable=False),
    sa.Column("customer_id", sa.Text, sa.ForeignKey(customers.c.id), nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    # The fields as JSON, sealed for this row.
    sa.Column("details_sealed", sa.Text, nullable=False),
    # What a page shows of them.
    sa.Column("shown", sa.Text, nullable=False),
    # The connected account, and whether Stripe lets it receive transfers, as far as was asked.
    sa.Column("stripe_account_id", sa.Text),
    sa.Column("is_ready", sa.Boolean, nullable=False),
    sa.Column("checked_at", Moment),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("replaced_at", Moment),
    sa.CheckConstraint("kind IN ('bank', 'paypal', 'wise', 'stripe_connect')", name="kind"),
    sa.Index(
        "uq_payout_methods_customer",
        "project_id",
        "customer_id",
        unique=True,
        sqlite_where=sa.text("replaced_at IS NULL"),
        postgresql_where=sa.text("replaced_at IS NULL"),
    ),
    sa.Index("ix_payout_methods_customer", "project_id", "customer_id", "kind", "created_at"),
    sa.Index(
        "ix_payout_methods_checked",
        "checked_at",
        "id",
        sqlite_where=sa.text("kind = 'stripe_connect' AND replaced_at IS NULL"),
        postgresql_where=sa.text("kind = 'stripe_connect' AND replaced_at IS NULL"),
    ),
    sa.Index(
        "ix_payout_methods_replaced",
        "replaced_at",
        "id",
        sqlite_where=sa.text("kind = 'stripe_connect' AND replaced_at IS NOT NULL"),
        postgresql_where=sa.text("kind = 'stripe_connect' AND replaced_at IS NOT NULL"),
    ),
)


class BankAccount(msgspec.Struct, frozen=True, tag="bank"):
    """An IBAN, or an account number with the bank's routing number (sort code, BSB); `bic` where the bank has one."""

    holder: str
    country: str
    iban: str = ""
    account_number: str = ""
    routing_number: str = ""
    bic: str = ""


class PayPal(msgspec.Struct, frozen=True, tag="paypal"):
    """The address of a PayPal account."""

    email: str


class Wise(msgspec.Struct, frozen=True, tag="wise"):
    """Whom Wise asks for his bank details by mail."""

    holder: str
    email: str


class Connected(msgspec.Struct, frozen=True, tag="stripe_connect"):
    """An account connected at Stripe; its id is no secret."""

    account_id: str


Details = BankAccount | PayPal | Wise | Connected


@dataclass(frozen=True, slots=True)
class PayoutMethod:
    """A customer's way to be paid; moments are in the team's time, but `checked_at` is the wall clock's."""

    id: str
    project_id: str
    customer_id: str
    kind: str
    details_sealed: str
    shown: str
    stripe_account_id: str | None
    is_ready: bool
    checked_at: datetime | None
    created_at: datetime
    replaced_at: datetime | None


@dataclass(frozen=True, slots=True)
class StaleAccount:
    """A connected account that Stripe was not asked about for a while."""

    team_id: str
    project_id: str
    customer_id: str
    stripe_account_id: str
    is_ready: bool


_mine = sa.and_(
    payout_methods.c.project_id == sa.bindparam("of_project"),
    payout_methods.c.customer_id == sa.bindparam("of_customer"),
)
_present = payout_methods.c.replaced_at.is_(None)
_ADD: Final = command(insert_row(payout_methods))
_FIND: Final = query(sa.select(*payout_methods.c).where(_mine, _present), PayoutMethod)
_CONNECTED: Final = query(
    sa.select(*payout_methods.c)
    .where(_mine, payout_methods.c.kind == STRIPE_CONNECT)
    .order_by(payout_methods.c.created_at.desc())
    .limit(1),
    PayoutMethod,
)
_OF_IDS: Final = query(
    sa.select(*payout_methods.c).where(
        payout_methods.c.project_id == sa.bindparam("of_project"), any_of(payout_methods.c.id, "ids")
    ),
    PayoutMethod,
)
_STALE: Final = query(
    sa.select(
        projects.c.team_id,
        payout_methods.c.project_id,
        payout_methods.c.customer_id,
        payout_methods.c.stripe_account_id,
        payout_methods.c.is_ready,
    )
    .join_from(payout_methods, projects, projects.c.id == payout_methods.c.project_id)
    .where(
        sa.text("kind = 'stripe_connect' AND replaced_at IS NULL"),
        payout_methods.c.checked_at <= sa.bindparam("before", type_=Moment()),
    )
    .order_by(payout_methods.c.checked_at, payout_methods.c.id)
    .limit(sa.bindparam("limit", type_=sa.Integer())),
    StaleAccount,
)
_REPLACED: Final = query(
    sa.select(
        projects.c.team_id,
        payout_methods.c.project_id,
        payout_methods.c.customer_id,
        payout_methods.c.stripe_account_id,
        payout_methods.c.is_ready,
    )
    .join_from(payout_methods, projects, projects.c.id == payout_methods.c.project_id)
    .where(
        sa.text("kind = 'stripe_connect' AND replaced_at IS NOT NULL"),
        payout_methods.c.replaced_at >= sa.bindparam("since", type_=Moment()),
        payout_methods.c.checked_at <= sa.bindparam("before", type_=Moment()),
    )
    .order_by(payout_methods.c.replaced_at, payout_methods.c.id)
    .limit(sa.bindparam("limit", type_=sa.Integer())),
    StaleAccount,
)
_REPLACE: Final = command(
    sa.update(payout_methods).where(_mine, _present).values(replaced_at=sa.bindparam("at", type_=Moment()))
)
_SET_READY: Final = command(
    sa.update(payout_methods)
    .where(_mine, payout_methods.c.stripe_account_id == sa.bindparam("account"))
    .values(is_ready=sa.bindparam("ready"), checked_at=sa.bindparam("now", type_=Moment()))
)


async def find_method(tx: Reading, project_id: str, customer_id: str) -> PayoutMethod | None:
    """Return how a customer is paid now, None if he never said."""
    return await tx.first(_FIND, of_project=project_id, of_customer=customer_id)


async def find_connected(tx: Reading, project_id: str, customer_id: str) -> PayoutMethod | None:
    """Return the customer's latest account connected at Stripe, whether or not he is paid by it now."""
    return await tx.first(_CONNECTED, of_project=project_id, of_customer=customer_id)


async def methods_of_ids(tx: Reading, project_id: str, ids: list[str]) -> dict[str, PayoutMethod]:
    """Return methods by their ids, replaced ones too: payouts point at them."""
    return {each.id: each for each in await tx.all(_OF_IDS, of_project=project_id, ids=ids)}


async def stale_accounts(tx: Reading, *, before: datetime, limit: int) -> list[StaleAccount]:
    """Return connected accounts of all projects that Stripe was last asked about before a moment, the longest ago first."""
    return await tx.all(_STALE, before=before, limit=limit)


async def replaced_accounts(tx: Reading, *, since: datetime, before: datetime, limit: int) -> list[StaleAccount]:
    """Return connected accounts that gave way to another way since a moment, and were last asked about before another one.

    What was sent to them may still come back.
    """
    return await tx.all(_REPLACED, since=since, before=before, limit=limit)


async def put_off(tx: Writing, account: StaleAccount, *, now: datetime) -> None:
    """Leave what is known of an account as it is, until it is its turn again."""
    await note_readiness(
        tx,
        project_id=account.project_id,
        customer_id=account.customer_id,
        account_id=account.stripe_account_id,
        is_ready=account.is_ready,
        now=now,
    )


async def set_method(
    tx: Writing,
    sealer: Sealer,
    *,
    project_id: str,
    customer_id: str,
    details: Details,
    at: datetime,
    is_ready: bool = True,
    now: datetime | None = None,
) -> PayoutMethod:
    """Have a customer paid in another way from the next batch on; the caller has seen a fresh sign-in (contract A31).

    Raises `Invalid` for details that cannot be right. `is_ready` and `now` are of an account connected at Stripe.
    """
    kept = checked_details(details)
    method_id = new_id("pom_")
    method = PayoutMethod(
        id=method_id,
        project_id=project_id,
        customer_id=customer_id,
        kind=kind_of(kept),
        details_sealed=sealer.seal(msgspec.json.encode(kept).decode(), owner=method_id, field=SEALED_FIELD),
        shown=shown_of(kept),
        stripe_account_id=kept.account_id if isinstance(kept, Connected) else None,
        is_ready=is_ready,
        checked_at=now,
        created_at=at,
        replaced_at=None,
    )
    await tx.run(_REPLACE, of_project=project_id, of_customer=customer_id, at=at)
    await tx.run(_ADD, **values_of(method))
    return method


async def note_readiness(
    tx: Writing, *, project_id: str, customer_id: str, account_id: str, is_ready: bool, now: datetime
) -> None:
    """Write down whether Stripe lets a connected account receive transfers."""
    await tx.run(
        _SET_READY, of_project=project_id, of_customer=customer_id, account=account_id, ready=is_ready, now=now
    )


def details_of(sealer: Sealer, method: PayoutMethod) -> Details:
    """Return a method's fields in clear: for a file that goes to a bank, never for a page."""
    opened = sealer.open(method.details_sealed, owner=method.id, field=SEALED_FIELD)
    # msgspec's decoder of a union of tagged structs.
    found: Details = msgspec.json.decode(opened, type=Details)
    return found


def kind_of(details: Details) -> str:
    """Return the kind of `KINDS` that details belong to."""
    return str(details.__struct_config__.tag)


def shown_of(details: Details) -> str:
    """Return what may be shown of details: enough to recognise them, not enough to use them."""
    if isinstance(details, BankAccount):
        number = details.iban or details.account_number
        return f"{'IBAN' if details.iban else 'Account'} {_DOT * 4}{number[-4:]}"
    if isinstance(details, Connected):
        return f"Stripe {_DOT * 4}{details.account_id[-4:]}"
    name, _, host = details.email.partition("@")
    return f"{name[:1]}{_DOT * 3}@{host}"


def checked_details(details: Details) -> Details:
    """Return details as they are kept, without blanks in numbers, or raise `Invalid`."""
    if isinstance(details, BankAccount):
        return _checked_bank(details)
    if isinstance(details, PayPal):
        return PayPal(_email(details.email))
    if isinstance(details, Wise):
        return Wise(_name(details.holder), _email(details.email))
    return details


def _checked_bank(details: BankAccount) -> BankAccount:
    kept = BankAccount(
        holder=_name(details.holder),
        country=details.country.strip().upper(),
        iban=_compact(details.iban),
        account_number=_compact(details.account_number),
        routing_number=_compact(details.routing_number),
        bic=_compact(details.bic),
    )
    if not _COUNTRY.fullmatch(kept.country):
        raise Invalid("Country of the bank: give its two letters, such as DE.")
    if kept.bic and not _BIC.fullmatch(kept.bic):
        raise Invalid("BIC: it has 8 or 11 letters and digits.")
    if kept.iban:
        if not _is_iban(kept.iban):
            raise Invalid("IBAN: its check digits do not fit. Look at it again.")
        return msgspec.structs.replace(kept, account_number="", routing_number="")
    if not _NUMBER.fullmatch(kept.account_number) or not _NUMBER.fullmatch(kept.routing_number):
        raise Invalid("Bank account: give an IBAN, or the account number and the routing number.")
    return kept


def _is_iban(number: str) -> bool:
    """ISO 13616: the country and check digits go to the end, letters become 10 to 35, the rest of 97 is 1."""
    if not _IBAN.fullmatch(number):
        return False
    return int("".join(str(int(each, 36)) for each in number[4:] + number[:4])) % 97 == 1


def _compact(text: str) -> str:
    return "".join(text.split()).replace("-", "").upper()


def _name(text: str) -> str:
    kept = " ".join(text.split())
    if not 0 < len(kept) <= _LONGEST_NAME or not kept.isprintable() or kept.startswith(_FORMULA):
        raise Invalid("Name of the account's holder: give it as the bank knows it, beginning with a letter.")
    return kept


def _email(text: str) -> str:
    kept = text.strip()
    if len(kept) > _LONGEST_EMAIL or not _EMAIL.fullmatch(kept):
        raise Invalid("E-mail: give the whole address, such as wren@example.com.")
    return kept
