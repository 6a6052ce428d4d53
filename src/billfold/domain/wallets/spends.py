"""Spends: an app draws from a customer's wallet, many requests in one unit.

The unit holds the wallets it draws from, reads what is there, decides in `rules.py`, and writes each table with one list. Each
request gets a result of its own: one that cannot be done is refused in words and changes nothing of its neighbours'. A
spend's row is the memory of its answer, kept for ever and written with its effect, so the same key can be sent again and
again; a refusal is not kept, so what did not suffice may suffice tomorrow under the same key.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from billfold.base.errors import BillfoldError, Conflict, NotFound
from billfold.base.ids import new_id
from billfold.domain.ledger.transfers import Posting
from billfold.domain.ledger.wallets import WALLET, spend_writes
from billfold.domain.tenancy.audit_log import Entry, entries_write
from billfold.domain.wallets import rules
from billfold.domain.wallets.grants import OPEN, Change, remaining_writes, wallet_grants
from billfold.domain.wallets.rules import Funds, OpenGrant
from billfold.domain.wallets.wallets import LockedWallet, WalletId, lock_wallets, wallets
from billfold.infrastructure.db.bulk import BulkWrite
from billfold.infrastructure.db.database import Writing
from billfold.infrastructure.db.immutable import forbid_changes
from billfold.infrastructure.db.statements import (
    ListedRead,
    ListedWrite,
    insert_listed,
    listed,
    metadata,
    row_tuple,
    values_of,
)
from billfold.infrastructure.db.types import Moment

wallet_spends = sa.Table(
    "wallet_spends",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    # No foreign keys: the wallet that the unit holds has them, and each check would lock the same project's row again.
    sa.Column("project_id", sa.Text, nullable=False),
    sa.Column("customer_id", sa.Text, nullable=False),
    sa.Column("unit", sa.Text, nullable=False),
    sa.Column("key", sa.Text, nullable=False),
    sa.Column("amount", sa.BigInteger, nullable=False),
    sa.Column("from_allowance", sa.BigInteger, nullable=False),
    sa.Column("balance_after", sa.BigInteger, nullable=False),
    sa.Column("allowance_left", sa.BigInteger, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.CheckConstraint("amount > 0 AND from_allowance >= 0 AND from_allowance <= amount", name="amounts"),
    sa.CheckConstraint("balance_after >= 0 AND allowance_left >= 0", name="never_below_zero"),
    sa.UniqueConstraint("project_id", "key"),
)
forbid_changes(wallet_spends)


@dataclass(frozen=True, slots=True)
class SpendRequest:
    """What an app asks: `amount` whole units, once for its `key` in the project, at a moment of the team's time."""

    project_id: str
    customer_id: str
    unit: str
    amount: int
    key: str
    at: datetime
    # What the audit log is told of a new spend; its subject will be the spend.
    entry: Entry | None = None

    @property
    def wallet(self) -> WalletId:
        """The wallet to draw from."""
        return WalletId(self.project_id, self.customer_id, self.unit)


@dataclass(frozen=True, slots=True)
class Spend:
    """What was drawn: `from_allowance` of it from the month's free allowance, the rest from bonus credits.

    `balance_after` are the bonus credits left, `allowance_left` what was left of the allowance, both when it was made.
    """

    id: str
    project_id: str
    customer_id: str
    unit: str
    key: str
    amount: int
    from_allowance: int
    balance_after: int
    allowance_left: int
    created_at: datetime


class InsufficientFunds(Conflict):
    """Allowance and bonus credits together do not suffice; nothing was drawn."""

    def __init__(self, request: SpendRequest, balance: int, allowance_left: int) -> None:
        super().__init__(
            f"This needs {request.amount} {request.unit} and there are {balance + allowance_left}: grant some, or spend less."
        )
        self.unit = request.unit
        self.balance = balance
        self.allowance_left = allowance_left


SpendResult = Spend | BillfoldError

_x: Final = wallet_spends.c
_g: Final = wallet_grants.c
_w: Final = wallets.c
_BY_KEYS: Final = listed(
    {"in_project": sa.Text(), "its_key": sa.Text()},
    lambda given: sa.select(*_x).where(_x.project_id == given["in_project"], _x.key == given["its_key"]),
    Spend,
)
_ADD: Final = insert_listed(
    wallet_spends,
    [column.name for column in _x],
    lambda new: new.on_conflict_do_nothing(index_elements=["project_id", "key"]).returning(_x.id),
    str,
)


def _open_grants(given: Mapping[str, sa.ColumnElement[Any]]) -> Any:
    """Select the grants of a wallet that spends of up to `wanted` can need, in the order in which they are drawn.

    A wallet may hold thousands: it is not read to the end. What expires first comes first, so what has expired until
    `horizon` is at the front, and grants are given until they cover that and `wanted`.
    """
    of_wallet: Any = (_g.project_id, _g.customer_id, _g.unit)
    order: Any = (_g.expires_at.is_(None), _g.expires_at, _g.created_at, _g.id)
    up_to = sa.func.sum(_g.remaining).over(partition_by=of_wallet, order_by=order, rows=(None, 0))
    expired = sa.case((_g.expires_at <= given["horizon"], _g.remaining), else_=0)
    grants = (
        sa.select(
            *of_wallet,
            _g.id,
            _g.remaining,
            _g.expires_at,
            _g.created_at,
            given["wanted"].label("wanted"),
            (up_to - _g.remaining).label("before"),
            sa.func.sum(_g.remaining).over(partition_by=of_wallet).label("total"),
            sa.func.sum(expired).over(partition_by=of_wallet).label("expired"),
        )
        .where(
            _g.project_id == given["in_project"], _g.customer_id == given["of_customer"], _g.unit == given["in_unit"]
        )
        .where(OPEN)
        .subquery("open_grants")
    )
    o = grants.c
    return (
        sa.select(o.project_id, o.customer_id, o.unit, o.total, o.id, o.remaining, o.expires_at)
        .where(o.before < o.wanted + o.expired)
        .order_by(o.project_id, o.customer_id, o.unit, o.expires_at.is_(None), o.expires_at, o.created_at, o.id)
    )


_OPEN_GRANTS: Final = listed(
    {
        "in_project": sa.Text(),
        "of_customer": sa.Text(),
        "in_unit": sa.Text(),
        "wanted": sa.BigInteger(),
        "horizon": Moment(),
    },
    _open_grants,
    row_tuple,
)


def _used(given: Mapping[str, sa.ColumnElement[Any]]) -> Any:
    return (
        sa.update(wallets)
        .where(
            _w.project_id == given["in_project"], _w.customer_id == given["of_customer"], _w.unit == given["in_unit"]
        )
        .values(allowance_month=given["month"], allowance_used=given["used"])
        .returning(_w.unit)
    )


_SET_USED: Final = listed(
    {
        "in_project": sa.Text(),
        "of_customer": sa.Text(),
        "in_unit": sa.Text(),
        "month": sa.BigInteger(),
        "used": sa.BigInteger(),
    },
    _used,
    str,
)


async def spend_many(tx: Writing, requests: Sequence[SpendRequest]) -> list[SpendResult]:
    """Draw what each request asks, in their order, and return a result for each.

    A result is the spend (the first one, for a key that is sent again) or why there is none: `InsufficientFunds`,
    `NotFound` without such a live customer, `Conflict` for a key that was used for another spend.
    """
    held = await lock_wallets(tx, {request.wallet for request in requests})
    # Read behind the lock: whoever held these wallets before has committed what he did.
    asked = _asked(requests, held)
    sent = sorted({(request.project_id, request.key) for request in requests})
    earlier_rows, grant_rows = await tx.all_together(
        [
            ListedRead(_BY_KEYS, [{"in_project": project_id, "its_key": key} for project_id, key in sent]),
            ListedRead(_OPEN_GRANTS, list(asked.values())),
        ]
    )
    made: dict[tuple[str, str], Spend] = {(row.project_id, row.key): row for row in earlier_rows}
    funds = _funds(held, grant_rows)
    results: list[SpendResult] = []
    new: list[Spend] = []
    entries: list[Entry] = []
    left = dict(funds)
    for request in requests:
        earlier = made.get((request.project_id, request.key))
        if earlier is not None:
            results.append(earlier if _is_same(earlier, request) else _key_taken(request))
            continue
        wallet = held.get(request.wallet)
        if wallet is None or wallet.customer_deleted_at is not None:
            results.append(NotFound("Customer not found"))
            continue
        drawn = rules.draw(left[request.wallet], request.amount, request.at)
        if drawn is None:
            results.append(_insufficient(request, left[request.wallet]))
            continue
        left[request.wallet] = drawn.funds
        spend = _spend(request, drawn)
        made[request.project_id, request.key] = spend
        new.append(spend)
        if request.entry is not None:
            entries.append(replace(request.entry, subject=spend.id))
        results.append(spend)
    await _write(tx, new, funds, left, entries)
    return results


async def spend_one(tx: Writing, request: SpendRequest) -> Spend:
    """Draw what one request asks, or raise why it cannot be done: as `spend_many`, for a unit with something else in it."""
    (result,) = await spend_many(tx, [request])
    if isinstance(result, BillfoldError):
        raise result
    return result


def _asked(requests: Sequence[SpendRequest], held: Mapping[WalletId, LockedWallet]) -> dict[WalletId, dict[str, Any]]:
    """Say of each wallet how much all these spends want of it, and until which moment its grants may have expired."""
    asked: dict[WalletId, dict[str, Any]] = {}
    for request in requests:
        wallet_id = request.wallet
        if wallet_id not in held:
            continue
        project_id, customer_id, unit = wallet_id
        row = asked.setdefault(
            wallet_id,
            {"in_project": project_id, "of_customer": customer_id, "in_unit": unit, "wanted": 0, "horizon": request.at},
        )
        row["wanted"] += request.amount
        row["horizon"] = max(row["horizon"], request.at)
    return asked


def _funds(held: Mapping[WalletId, LockedWallet], rows: Sequence[tuple[Any, ...]]) -> dict[WalletId, Funds]:
    listed_grants: dict[tuple[str, str, str], list[OpenGrant]] = {}
    totals: dict[tuple[str, str, str], int] = {}
    for project_id, customer_id, unit, total, grant_id, remaining, expires_at in rows:
        wallet_id = (project_id, customer_id, unit)
        # PostgreSQL sums whole numbers to a decimal.
        totals[wallet_id] = int(total)
        listed_grants.setdefault(wallet_id, []).append(OpenGrant(grant_id, remaining, expires_at))
    found = {}
    for wallet_id, wallet in held.items():
        grants = tuple(listed_grants.get(wallet_id, ()))
        found[wallet_id] = Funds(
            monthly_allowance=wallet.monthly_allowance,
            allowance_month=wallet.allowance_month,
            allowance_used=wallet.allowance_used,
            grants=grants,
            beyond=totals.get(wallet_id, 0) - sum(grant.remaining for grant in grants),
        )
    return found


async def _write(
    tx: Writing,
    new: Sequence[Spend],
    before: Mapping[WalletId, Funds],
    after: Mapping[WalletId, Funds],
    entries: Sequence[Entry],
) -> None:
    if not new:
        return
    changes: list[Change] = []
    used: list[dict[str, Any]] = []
    for wallet_id, funds in after.items():
        earlier = before[wallet_id]
        if funds is earlier:
            continue
        remaining = {grant.id: grant.remaining for grant in funds.grants}
        changes += [
            Change(grant.id, wallet_id.project_id, grant.remaining, remaining.get(grant.id, 0))
            for grant in earlier.grants
            if remaining.get(grant.id, 0) != grant.remaining
        ]
        month, amount = funds.allowance_month, funds.allowance_used
        if (month, amount) != (earlier.allowance_month, earlier.allowance_used):
            project_id, customer_id, unit = wallet_id
            used.append(
                {"in_project": project_id, "of_customer": customer_id, "in_unit": unit, "month": month, "used": amount}
            )
    writes: list[ListedWrite | BulkWrite] = [ListedWrite(_ADD, [values_of(spend) for spend in new])]
    if changes:
        writes += [
            remaining_writes(changes),
            *spend_writes([_posting(spend) for spend in new if spend.amount > spend.from_allowance]),
        ]
    if used:
        writes.append(ListedWrite(_SET_USED, used))
    if entries:
        writes.append(entries_write(entries))
    counts = await tx.write_together(writes)
    if counts != [len(rows) for _, rows in writes]:
        # A key that somebody used for another customer, or a grant that was taken back, at the same moment. Nothing of this
        # unit is kept; tried again one by one, each request hears what concerns it.
        raise Conflict("This wallet or this key was changed at the same moment. Try again.")


def _spend(request: SpendRequest, drawn: rules.Drawn) -> Spend:
    return Spend(
        id=new_id("ws_"),
        project_id=request.project_id,
        customer_id=request.customer_id,
        unit=request.unit,
        key=request.key,
        amount=request.amount,
        from_allowance=drawn.from_allowance,
        balance_after=rules.balance(drawn.funds, request.at),
        allowance_left=rules.allowance_left(drawn.funds, request.at),
        created_at=request.at,
    )


def _posting(spend: Spend) -> Posting:
    return Posting(
        key=f"wallet:spend:{spend.id}",
        project_id=spend.project_id,
        program_id=WALLET,
        owner_id=spend.customer_id,
        unit=spend.unit,
        amount=spend.amount - spend.from_allowance,
        reason_id=spend.id,
        source_id=spend.key,
        at=spend.created_at,
    )


def _is_same(spend: Spend, request: SpendRequest) -> bool:
    return (spend.customer_id, spend.unit, spend.amount) == (request.customer_id, request.unit, request.amount)


def _key_taken(request: SpendRequest) -> Conflict:
    return Conflict(f"The key {request.key} was used for another spend: send another key, or the same spend.")


def _insufficient(request: SpendRequest, funds: Funds) -> InsufficientFunds:
    return InsufficientFunds(request, rules.balance(funds, request.at), rules.allowance_left(funds, request.at))
