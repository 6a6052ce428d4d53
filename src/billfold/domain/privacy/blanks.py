"""What an erasure does to rows that hang on the person: some are removed, of the others some columns are emptied."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Any, Final

import sqlalchemy as sa

from billfold.domain.billing.invoices import invoices
from billfold.domain.billing.payments import payments
from billfold.domain.billing.subscriptions import subscriptions
from billfold.domain.partners.applications import partner_applications
from billfold.domain.partners.deals import deals
from billfold.domain.privacy.places import REMOVED, Blanked, Removed
from billfold.domain.privacy.scrubbing import ERASED
from billfold.domain.referrals.clicks import clicks
from billfold.domain.referrals.referrals import referrals
from billfold.domain.referrals.reviews import reviews
from billfold.domain.referrals.touches import touches
from billfold.domain.referrals.voids import voids
from billfold.infrastructure.db.types import Json, Moment

# Compared as text: an empty object or list as it is stored.
_NOTHING: Final = sa.literal({}, type_=Json())
_NO_ANSWERS: Final = sa.literal([], type_=Json())


def _of_nobody(column: sa.ColumnElement[str]) -> sa.ColumnElement[str]:
    return sa.func.lower(column + sa.literal_column("'@erased.invalid'"))


# By table: which of the person's ids (None: his customers' and partners'), the column that holds them, what the columns become.
_BLANKS: Final[tuple[tuple[sa.Table, str | None, str, Mapping[str, Any]], ...]] = (
    (subscriptions, None, "customer_id", {"metadata": _NOTHING}),
    (invoices, None, "customer_id", {"hosted_invoice_url": sa.null(), "invoice_pdf": sa.null()}),
    (payments, None, "customer_id", {"failure_message": sa.null(), "card_fingerprint": sa.null()}),
    (touches, None, "customer_id", {"evidence": _NOTHING}),
    (
        clicks,
        "clicked",
        "id",
        {
            # Whoever clicks twice in a half-hour is counted once: each stays a visitor of its own.
            "visitor_id": sa.literal_column("'erased '") + clicks.c.id,
            "url": sa.null(),
            "referrer": sa.null(),
        },
    ),
    (
        referrals,
        "signed_up",
        "id",
        {
            "referee_email": sa.null(),
            # One of the two says who was brought; the hash of an address is still his.
            "referee_mailbox": sa.case(
                (referrals.c.referee_id.is_not(None), None), else_=sa.literal_column("'erased '") + referrals.c.id
            ),
        },
    ),
    (reviews, "signed_up", "referral_id", {"evidence": _NOTHING, "note": sa.null()}),
    (reviews, "brought", "referral_id", {"evidence": _NOTHING, "note": sa.null()}),
    (voids, "signed_up", "referral_id", {"note": sa.null()}),
    (voids, "brought", "referral_id", {"note": sa.null()}),
    (
        partner_applications,
        "applied",
        "id",
        {
            "email": _of_nobody(partner_applications.c.id),
            "email_normalised": _of_nobody(partner_applications.c.id),
            "name": sa.literal(ERASED),
            "company": sa.null(),
            "website": sa.null(),
            "reason": sa.null(),
            "answers": _NO_ANSWERS,
            "rejection_reason": sa.null(),
            "internal_note": sa.null(),
            "status": sa.case(
                (partner_applications.c.status == "pending", "rejected"), else_=partner_applications.c.status
            ),
            "superseded_at": sa.func.coalesce(
                partner_applications.c.superseded_at, sa.bindparam("moment", type_=Moment())
            ),
        },
    ),
    (
        deals,
        "offered",
        "id",
        {
            "lead_email": _of_nobody(deals.c.id),
            "lead_mailbox": _of_nobody(deals.c.id),
            "lead_name": sa.null(),
            "company": sa.null(),
            "company_domain": sa.null(),
            "notes": sa.null(),
            "decline_reason": sa.null(),
        },
    ),
)


class _Place(Blanked):
    """Rows to be blanked, and which ids of a person they hang on."""

    def __init__(self, name: str, of: str | None, by: str, values: Mapping[str, Any]) -> None:
        super().__init__(name, by, values)
        self.of = of


@functools.cache
def blanked() -> tuple[_Place, ...]:
    """Return every place whose rows stay and are emptied; `of` names the ids in `Person`."""
    return tuple(_Place(table.name, of, by, values) for table, of, by, values in _BLANKS)


@functools.cache
def removed() -> tuple[Removed, ...]:
    """Return every place whose rows go."""
    return tuple(Removed(name, by) for name, by in REMOVED)
