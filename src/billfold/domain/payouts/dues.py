"""What is owed to whom: balances page by page, the rewards that payouts did not take yet, and what is known of the people.

An owner's rewards that differ from what payouts took of them add up to what the ledger holds for him; a reward that went down
after it was paid counts below zero.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import sqlalchemy as sa

from billfold.domain.billing.customer_sign_in import mailbox_proofs
from billfold.domain.billing.customers import customers
from billfold.domain.ledger.transfers import ledger_balances
from billfold.domain.payouts.methods import payout_methods
from billfold.domain.payouts.payees import payees
from billfold.domain.payouts.rules import Due, Person
from billfold.domain.referrals.rewards import PAYABLE, rewards
from billfold.infrastructure.db.database import Reading, Writing
from billfold.infrastructure.db.plans import only_checked
from billfold.infrastructure.db.statements import any_of, query

_b: Final = ledger_balances.c
_r: Final = rewards.c


class Cursor(NamedTuple):
    """The last account of a page; the next one begins behind it."""

    owner_id: str = ""
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Account:
    """What the ledger holds available for an owner in one unit, in minor units; below zero after refunds of what was paid."""

    owner_id: str
    unit: str
    available: int


@dataclass(frozen=True, slots=True)
class OpenReward:
    """A reward that payouts did not take as it is now: `amount` is its worth, `paid_amount` what they took."""

    id: str
    earner_id: str
    unit: str
    amount: int
    paid_amount: int

    @property
    def open_amount(self) -> int:
        """What the next payout has to take, below zero what it has to keep."""
        return self.amount - self.paid_amount


class _Sum(NamedTuple):
    earner_id: str
    unit: str
    amount: int
    refunds: int
    lines: int


def _summed(earner_id: str, unit: str, amount: Any, refunds: Any, lines: int) -> _Sum:
    # PostgreSQL sums whole numbers to a decimal.
    return _Sum(earner_id, unit, int(amount), int(refunds), lines)


_accounts = (
    sa.select(_b.owner_id, _b.unit, _b.available)
    .where(
        _b.project_id == sa.bindparam("project_id"),
        _b.program_id == sa.bindparam("program_id"),
        _b.available != 0,
    )
    .order_by(_b.owner_id, _b.unit)
)
_PAGE: Final = query(
    _accounts.where(
        sa.tuple_(_b.owner_id, _b.unit) > sa.tuple_(sa.bindparam("after_owner"), sa.bindparam("after_unit"))
    ).limit(sa.bindparam("limit", type_=sa.Integer())),
    Account,
)


def _among(owner: sa.ColumnElement[str]) -> sa.ColumnElement[bool]:
    # From the first to the last of them: PostgreSQL, which takes a list for longer than the index, walks only that part of it.
    between = sa.and_(owner >= sa.bindparam("first_owner"), owner <= sa.bindparam("last_owner"))
    return sa.and_(between, any_of(owner, "owner_ids"))


_OF_OWNERS: Final = query(_accounts.where(_among(_b.owner_id)), Account)
_payable = sa.and_(
    _r.project_id == sa.bindparam("project_id"),
    _r.program_id == sa.bindparam("program_id"),
    _among(_r.earner_id),
    sa.text(PAYABLE),
)
_open: Final = _r.amount - _r.paid_amount
_SUMS: Final = query(
    sa.select(
        _r.earner_id,
        _r.unit,
        sa.func.sum(_open).label("open_amount"),
        sa.func.sum(sa.case((_open < 0, _open), else_=0)).label("refunds"),
        sa.func.count().label("lines"),
    )
    .where(_payable)
    .group_by(_r.earner_id, _r.unit),
    _summed,
)
_LOCK: Final = query(
    sa.select(_r.id, _r.earner_id, _r.unit, _r.amount, _r.paid_amount)
    .where(_payable)
    .order_by(_r.earner_id, _r.unit, _r.key)
    .with_for_update(),
    OpenReward,
)
_PEOPLE: Final = query(
    sa.select(
        customers.c.id.label("customer_id"),
        customers.c.email,
        customers.c.name,
        customers.c.deleted_at.is_not(None).label("is_deleted"),
        mailbox_proofs.c.proved_at.label("mailbox_proved_at"),
        payees.c.country,
        payees.c.tax_id_shown,
        payees.c.tax_form_status,
        payout_methods.c.id.label("method_id"),
        payout_methods.c.kind.label("method_kind"),
        payout_methods.c.shown.label("method_shown"),
        payout_methods.c.stripe_account_id,
        payout_methods.c.is_ready,
    )
    .select_from(
        customers.outerjoin(
            payees, sa.and_(payees.c.project_id == customers.c.project_id, payees.c.customer_id == customers.c.id)
        )
        .outerjoin(
            mailbox_proofs,
            sa.and_(
                mailbox_proofs.c.project_id == customers.c.project_id,
                mailbox_proofs.c.customer_id == customers.c.id,
                # Of the address that he has now (contract A16).
                mailbox_proofs.c.email_normalised == customers.c.email_normalised,
            ),
        )
        .outerjoin(
            payout_methods,
            sa.and_(
                payout_methods.c.project_id == customers.c.project_id,
                payout_methods.c.customer_id == customers.c.id,
                payout_methods.c.replaced_at.is_(None),
            ),
        )
    )
    .where(only_checked(customers.c.project_id) == sa.bindparam("project_id"), any_of(customers.c.id, "owner_ids")),
    Person,
)


async def accounts_page(tx: Reading, *, project_id: str, program_id: str, after: Cursor, limit: int) -> list[Account]:
    """Return accounts of a program that do not stand at zero, in the order of their owners."""
    return await tx.all(
        _PAGE,
        project_id=project_id,
        program_id=program_id,
        after_owner=after.owner_id,
        after_unit=after.unit,
        limit=limit,
    )


async def accounts_of(tx: Reading, *, project_id: str, program_id: str, owner_ids: Sequence[str]) -> list[Account]:
    """Return the accounts of some owners that do not stand at zero."""
    return await tx.all(_OF_OWNERS, project_id=project_id, program_id=program_id, **_list_of(owner_ids))


async def dues_of(tx: Reading, *, project_id: str, program_id: str, accounts: Sequence[Account]) -> list[Due]:
    """Return what is due on each of these accounts."""
    owners = _list_of([each.owner_id for each in accounts])
    sums = await tx.all(_SUMS, project_id=project_id, program_id=program_id, **owners)
    by_account = {(each.earner_id, each.unit): each for each in sums}
    nothing = _Sum("", "", 0, 0, 0)
    dues = []
    for each in accounts:
        found = by_account.get((each.owner_id, each.unit), nothing)
        dues.append(Due(each.owner_id, each.unit, each.available, found.amount, found.refunds, found.lines))
    return dues


async def lock_open_rewards(
    tx: Writing, *, project_id: str, program_id: str, accounts: Sequence[Account]
) -> Mapping[tuple[str, str], list[OpenReward]]:
    """Return what payouts did not take yet of these accounts' rewards, by owner and unit, and hold it until the unit ends.

    Whoever waited here for another batch finds nothing left: the condition is looked at again.
    """
    owners = _list_of([each.owner_id for each in accounts])
    rows = await tx.all(_LOCK, project_id=project_id, program_id=program_id, **owners)
    found: dict[tuple[str, str], list[OpenReward]] = {(each.owner_id, each.unit): [] for each in accounts}
    for row in rows:
        if (row.earner_id, row.unit) in found:
            found[row.earner_id, row.unit].append(row)
    return found


def due_of(account: Account, open_rewards: Sequence[OpenReward]) -> Due:
    """Return what rewards that are held add up to."""
    amounts = [each.open_amount for each in open_rewards]
    return Due(
        account.owner_id,
        account.unit,
        account.available,
        sum(amounts),
        sum(each for each in amounts if each < 0),
        len(amounts),
    )


async def people_of(tx: Reading, project_id: str, owner_ids: Sequence[str]) -> dict[str, Person]:
    """Return what counts of some customers, by id."""
    found = await tx.all(_PEOPLE, project_id=project_id, owner_ids=list(owner_ids))
    return {each.customer_id: each for each in found}


def _list_of(owner_ids: Sequence[str]) -> dict[str, Any]:
    """Return the parameters that name some owners."""
    owners = sorted(set(owner_ids))
    return {"owner_ids": owners, "first_owner": owners[0] if owners else "", "last_owner": owners[-1] if owners else ""}
