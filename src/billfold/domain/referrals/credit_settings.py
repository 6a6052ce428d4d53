"""The referral program of the billing contract as its caller sees it: a switch, two amounts and a currency (section 3.8)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Final

from billfold.domain.referrals import code_limits, codes, presets, programs
from billfold.domain.referrals.codes import Code
from billfold.domain.referrals.terms import Earner, Fixed, Terms
from billfold.infrastructure.db.database import Reading, Writing

PROGRAM_KEY: Final = "customer_referrals"
LARGEST_CREDIT: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class CreditSettings:
    """What a conversion gives each side, in minor units of `currency`."""

    enabled: bool
    referrer_cents: int
    referee_cents: int
    currency: str


NEVER_SET: Final = CreditSettings(enabled=False, referrer_cents=0, referee_cents=0, currency="usd")


async def get_settings(tx: Reading, project_id: str) -> CreditSettings:
    """Return the project's settings; disabled and zero if they were never set (contract G32)."""
    program = await programs.find(tx, project_id, PROGRAM_KEY)
    if program is None:
        return NEVER_SET
    referrer, referee = _credit_of(program.content, "referrer"), _credit_of(program.content, "referee")
    unit = (referrer or referee or Fixed(0, NEVER_SET.currency)).unit
    return CreditSettings(
        enabled=program.enabled,
        referrer_cents=referrer.value if referrer else 0,
        referee_cents=referee.value if referee else 0,
        currency=unit,
    )


async def set_settings(tx: Writing, project_id: str, settings: CreditSettings, *, at: datetime) -> CreditSettings:
    """Put settings in force for referrals made from now on; those made before keep theirs (contract G29)."""
    await programs.configure(
        tx, project_id=project_id, key=PROGRAM_KEY, enabled=settings.enabled, content=_terms_of(settings), at=at
    )
    return settings


class Unchanged(Enum):
    """Stands for a value that was not given where None is one."""

    UNCHANGED = "unchanged"


async def create_customer_code(
    tx: Writing,
    *,
    project_id: str,
    customer_id: str,
    at: datetime,
    max_uses: int | Unchanged | None = Unchanged.UNCHANGED,
) -> tuple[Code, bool]:
    """Return a customer's active code and whether it is new, also while referrals are disabled (contract G32).

    `max_uses` is how many referrals it may make in all, None for no limit; not given, a code that exists keeps its own. Raises
    `Invalid` for a limit that is none.
    """
    program = await programs.find(tx, project_id, PROGRAM_KEY)
    if program is None:
        program = await programs.ensure(tx, project_id=project_id, key=PROGRAM_KEY, content=_terms_of(NEVER_SET), at=at)
    code, is_new = await codes.create_code(tx, program, customer_id, at=at)
    if max_uses is not Unchanged.UNCHANGED and max_uses != code.max_uses:
        code = await code_limits.set_limit(tx, project_id, code.code, max_uses=max_uses, at=at)
    return code, is_new


def _terms_of(settings: CreditSettings) -> Terms:
    return presets.customer_referrals(
        referrer_cents=settings.referrer_cents, referee_cents=settings.referee_cents, currency=settings.currency
    )


def _credit_of(terms: Terms, earner: Earner) -> Fixed | None:
    amounts = (rule.amount for rule in terms.rules if rule.earner == earner and rule.earned_on == "conversion")
    return next((amount for amount in amounts if isinstance(amount, Fixed)), None)
