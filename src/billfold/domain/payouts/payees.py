"""Payees: what a program may ask of a customer before money leaves: who he is to the tax office.

A tax id is sealed; a page shows its last characters. That his mailbox is his is known from his sign-in
(`billing/customer_sign_in.py`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import sqlalchemy as sa

from billfold.base.crypto import Sealer
from billfold.base.errors import Invalid
from billfold.domain.billing.customers import customers
from billfold.domain.tenancy.projects import projects
from billfold.infrastructure.db.database import Reading, Writing
from billfold.infrastructure.db.statements import command, insert_row, metadata, query
from billfold.infrastructure.db.types import Moment

SEALED_FIELD: Final = "tax_id"
FORMS: Final = ("w9", "w8ben", "w8bene")
# What a form can be: asked for, sent in, looked at by the team.
STATUSES: Final = ("requested", "received", "verified")
_US_FORM: Final = "w9"
_COUNTRY: Final = re.compile(r"[A-Z]{2}")
_TAX_ID: Final = re.compile(r"[A-Z0-9]{4,30}")
_LONGEST_NAME: Final = 200
_SHOWN: Final = 4

payees = sa.Table(
    "payees",
    metadata,
    sa.Column("project_id", sa.Text, sa.ForeignKey(projects.c.id), primary_key=True),
    sa.Column("customer_id", sa.Text, sa.ForeignKey(customers.c.id), primary_key=True),
    sa.Column("legal_name", sa.Text),
    sa.Column("country", sa.Text),
    sa.Column("tax_id_sealed", sa.Text),
    sa.Column("tax_id_shown", sa.Text),
    sa.Column("tax_form", sa.Text),
    sa.Column("tax_form_status", sa.Text),
    sa.Column("tax_updated_at", Moment),
    sa.CheckConstraint("tax_form IN ('w9', 'w8ben', 'w8bene')", name="tax_form"),
    sa.CheckConstraint("tax_form_status IN ('requested', 'received', 'verified')", name="tax_form_status"),
)


@dataclass(frozen=True, slots=True)
class Payee:
    """What is known of a customer as somebody to pay; None is what was never told."""

    project_id: str
    customer_id: str
    legal_name: str | None
    country: str | None
    tax_id_sealed: str | None
    tax_id_shown: str | None
    tax_form: str | None
    tax_form_status: str | None
    tax_updated_at: datetime | None

    @property
    def has_tax_profile(self) -> bool:
        """Tell whether the tax profile is whole: a country, an id, and a form that came in."""
        return is_tax_profile_whole(self.country, self.tax_id_shown, self.tax_form_status)


@dataclass(frozen=True, slots=True)
class TaxProfile:
    """What a payee says of his taxes; `tax_id` is told once and sealed, None keeps the one that is there."""

    legal_name: str
    country: str
    tax_id: str | None
    tax_form: str
    tax_form_status: str = "received"


_FIND: Final = query(
    sa.select(*payees.c).where(
        payees.c.project_id == sa.bindparam("project_id"), payees.c.customer_id == sa.bindparam("customer_id")
    ),
    Payee,
)
_TAX_FIELDS: Final = ("legal_name", "country", "tax_form", "tax_form_status", "tax_updated_at")
_profile = insert_row(payees)
_PUT_PROFILE: Final = command(
    _profile.on_conflict_do_update(
        index_elements=["project_id", "customer_id"],
        set_={
            **{name: _profile.excluded[name] for name in _TAX_FIELDS},
            "tax_id_sealed": sa.func.coalesce(_profile.excluded.tax_id_sealed, payees.c.tax_id_sealed),
            "tax_id_shown": sa.func.coalesce(_profile.excluded.tax_id_shown, payees.c.tax_id_shown),
        },
    )
)
_SET_STATUS: Final = command(
    sa.update(payees)
    .where(
        payees.c.project_id == sa.bindparam("of_project"),
        payees.c.customer_id == sa.bindparam("of_customer"),
        payees.c.tax_form.is_not(None),
    )
    .values(tax_form_status=sa.bindparam("status"), tax_updated_at=sa.bindparam("at", type_=Moment()))
)


def is_tax_profile_whole(country: str | None, tax_id_shown: str | None, form_status: str | None) -> bool:
    """Tell whether a payout that asks for a tax profile may leave."""
    return bool(country and tax_id_shown and form_status in {"received", "verified"})


async def find_payee(tx: Reading, project_id: str, customer_id: str) -> Payee | None:
    """Return what is known of a customer as a payee, None if that is nothing."""
    return await tx.first(_FIND, project_id=project_id, customer_id=customer_id)


async def put_tax_profile(
    tx: Writing, sealer: Sealer, *, project_id: str, customer_id: str, profile: TaxProfile, at: datetime
) -> None:
    """Keep what a payee says of his taxes; the caller has seen a fresh sign-in. Raises `Invalid`."""
    tax_id = None if profile.tax_id is None else "".join(profile.tax_id.split()).replace("-", "").upper()
    country = profile.country.strip().upper()
    name = " ".join(profile.legal_name.split())
    if not _COUNTRY.fullmatch(country):
        raise Invalid("Country: give its two letters, such as US.")
    if not 0 < len(name) <= _LONGEST_NAME or not name.isprintable():
        raise Invalid(f"Legal name: 1 to {_LONGEST_NAME} characters.")
    if tax_id is not None and not _TAX_ID.fullmatch(tax_id):
        raise Invalid("Tax id: 4 to 30 letters and digits.")
    if profile.tax_form not in FORMS or profile.tax_form_status not in STATUSES:
        raise Invalid(f"The form is one of {', '.join(FORMS)}, its status one of {', '.join(STATUSES)}.")
    if (profile.tax_form == _US_FORM) != (country == "US"):
        raise Invalid("A W-9 is for people and companies of the United States, a W-8 for all others.")
    await tx.run(
        _PUT_PROFILE,
        project_id=project_id,
        customer_id=customer_id,
        legal_name=name,
        country=country,
        tax_id_sealed=None if tax_id is None else sealer.seal(tax_id, owner=customer_id, field=SEALED_FIELD),
        tax_id_shown=None if tax_id is None else tax_id[-_SHOWN:],
        tax_form=profile.tax_form,
        tax_form_status=profile.tax_form_status,
        tax_updated_at=at,
    )


async def set_tax_form_status(tx: Writing, *, project_id: str, customer_id: str, status: str, at: datetime) -> bool:
    """Write down what the team says of a payee's form; False if he sent none."""
    if status not in STATUSES:
        raise Invalid(f"The status of a form is one of {', '.join(STATUSES)}.")
    return bool(await tx.run(_SET_STATUS, of_project=project_id, of_customer=customer_id, status=status, at=at))
