"""A partner's standing: suspended, reactivated, terminated, and on which terms of his own (contract A12).

Each change is one unit with everything that follows from it: his code brings nobody while he is not active, he earns on
no payment of that time, and his portal links end. What he has earned stays his.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from billfold.base.errors import Conflict, Invalid
from billfold.domain.partners.partners import (
    ACTIVE,
    STATUSES,
    TERMINATED,
    Partner,
    get_partner,
    lock_partner,
    rename_code,
    set_status,
)
from billfold.domain.partners.portal_links import revoke_links
from billfold.domain.referrals import codes, participants
from billfold.domain.referrals.participants import Applies
from billfold.infrastructure.db.database import Reading, Writing

_ENDED: Final = "This partner was terminated, which is for good."


@dataclass(frozen=True, slots=True)
class PartnerChange:
    """What is to change of a partner; None leaves it as it is.

    `sets_rate` tells whether `basis_points` counts: there None gives him the program's rate again. It is for referrals
    made from now on, or for payments from `from_at` on.
    """

    status: str | None = None
    code: str | None = None
    sets_rate: bool = False
    basis_points: int | None = None
    applies: Applies = "new_referrals"
    from_at: datetime | None = None


async def change_partner(
    tx: Writing, *, project_id: str, partner_id: str, change: PartnerChange, at: datetime
) -> Partner:
    """Change a partner, all or nothing.

    Raises `NotFound`, `Invalid` for a status, code or rate that there is not, `Conflict` for a terminated partner and for a code
    that is taken.
    """
    partner = await lock_partner(tx, project_id, partner_id)
    if change.status is not None:
        partner = await _change_status(tx, partner, change.status, at=at)
    if change.code is not None:
        partner = await rename_code(tx, project_id, partner_id, change.code, at=at)
    if change.sets_rate:
        await participants.set_rate(
            tx,
            project_id=project_id,
            program_id=partner.program_id,
            customer_id=partner.customer_id,
            basis_points=change.basis_points,
            applies=change.applies,
            from_at=change.from_at,
            at=at,
        )
    return await get_partner(tx, project_id, partner_id)


async def own_rate(tx: Reading, partner: Partner, *, at: datetime) -> int | None:
    """Return the rate of his own by which a referral made and paid now would pay, in basis points; None: the program's."""
    rates = await participants.rates_of(
        tx, project_id=partner.project_id, program_id=partner.program_id, customer_id=partner.customer_id
    )
    rate = participants.rate_for(rates, referred_at=at, paid_at=at)
    return None if rate is None else rate.basis_points


async def _change_status(tx: Writing, partner: Partner, status: str, *, at: datetime) -> Partner:
    if status not in STATUSES:
        raise Invalid(f"status must be one of {', '.join(STATUSES)}.")
    if status == partner.status:
        return partner
    if partner.status == TERMINATED:
        raise Conflict(_ENDED)
    if not await set_status(tx, partner, status, at=at):
        raise Conflict("This partner was changed at this moment. Try again.")
    who = {"project_id": partner.project_id, "program_id": partner.program_id, "customer_id": partner.customer_id}
    if status == ACTIVE:
        await codes.activate(tx, partner.project_id, partner.code_id, at=at)
        await participants.resume(tx, **who, at=at)
    else:
        await codes.deactivate(tx, partner.project_id, partner.code, at=at)
        await participants.pause(tx, **who, at=at)
        await revoke_links(tx, partner.project_id, partner.id)
    return await get_partner(tx, partner.project_id, partner.id)
