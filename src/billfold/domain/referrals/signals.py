"""Signals that somebody brought himself (contract A28), looked for when a referral's payments are reconciled.

A referral of a customer by himself is no row at all; what is looked for here is one person behind two customers. The same mailbox
and the same card prove it. The same company domain does not (decision 0034): colleagues
recommend things to each other.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa

from billfold.domain.billing.customers import customers
from billfold.domain.billing.payments import payments
from billfold.domain.referrals.mailbox import organisation_of, same_mailbox
from billfold.domain.referrals.referrals import CONVERTED, Referral, referrals
from billfold.domain.referrals.reviews import Signal
from billfold.infrastructure.db.database import Reading
from billfold.infrastructure.db.statements import query

_MOST_REFERRALS: Final = 1_000


@dataclass(frozen=True, slots=True)
class Seen:
    """A signal with what was seen, as a person of the team may be shown it."""

    signal: Signal
    evidence: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Pair:
    referrer_email: str
    referee_email: str
    shared_payment_id: str | None


_referrer = customers.alias("referrer")
_referee = customers.alias("referee")
_own = payments.alias("own")
_theirs = payments.alias("theirs")
_shared = (
    sa.select(sa.func.min(_theirs.c.id))
    .join_from(
        _theirs,
        _own,
        sa.and_(_own.c.project_id == _theirs.c.project_id, _own.c.card_fingerprint == _theirs.c.card_fingerprint),
    )
    .where(
        _theirs.c.project_id == sa.bindparam("project_id"),
        _theirs.c.customer_id == sa.bindparam("referee_id"),
        _theirs.c.card_fingerprint.is_not(None),
        _own.c.customer_id == sa.bindparam("referrer_id"),
    )
    .scalar_subquery()
)
_PAIR: Final = query(
    sa.select(
        _referrer.c.email.label("referrer_email"),
        _referee.c.email.label("referee_email"),
        _shared.label("shared_payment_id"),
    )
    .join_from(_referrer, _referee, _referee.c.project_id == _referrer.c.project_id)
    .where(
        _referrer.c.project_id == sa.bindparam("project_id"),
        _referrer.c.id == sa.bindparam("referrer_id"),
        _referee.c.id == sa.bindparam("referee_id"),
    ),
    _Pair,
)
_BROUGHT_WITH_CARD: Final = query(
    sa.select(referrals.c.referee_id)
    .distinct()
    .join_from(referrals, _theirs, _theirs.c.customer_id == referrals.c.referee_id)
    .join(
        _own,
        sa.and_(_own.c.project_id == _theirs.c.project_id, _own.c.card_fingerprint == _theirs.c.card_fingerprint),
    )
    .where(
        referrals.c.project_id == sa.bindparam("project_id"),
        referrals.c.referrer_id == sa.bindparam("customer_id"),
        referrals.c.status == CONVERTED,
        _theirs.c.project_id == sa.bindparam("project_id"),
        _own.c.customer_id == sa.bindparam("customer_id"),
    )
    .limit(_MOST_REFERRALS),
    str,
)


async def look_for_signals(tx: Reading, referral: Referral) -> list[Seen]:
    """Return what speaks for one person being on both sides of a referral."""
    if referral.referee_id is None:
        return []
    pair = await tx.first(
        _PAIR, project_id=referral.project_id, referrer_id=referral.referrer_id, referee_id=referral.referee_id
    )
    return [] if pair is None else list(_signals(pair))


async def brought_with_own_card(tx: Reading, project_id: str, customer_id: str) -> list[str]:
    """Return the customers whom a customer brought and who paid with a card that he paid with himself."""
    return await tx.all(_BROUGHT_WITH_CARD, project_id=project_id, customer_id=customer_id)


def _signals(pair: _Pair) -> Iterable[Seen]:
    if same_mailbox(pair.referrer_email, pair.referee_email):
        yield Seen("same_mailbox", {"referrer": pair.referrer_email, "referee": pair.referee_email})
    if pair.shared_payment_id is not None:
        yield Seen("same_card", {"paymentId": pair.shared_payment_id})
    organisation = organisation_of(pair.referrer_email)
    if organisation is not None and organisation == organisation_of(pair.referee_email):
        yield Seen("same_organisation", {"domain": organisation})
