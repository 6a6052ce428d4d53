"""What is drawn first, and whether it suffices: pure (contract section 9.4; decision 0014).

The month's free allowance comes first, then bonus credits: those that expire first, among them the oldest first; what
never expires comes last. A grant is worth nothing from the moment of its expiry, whether or not a job has posted that.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import MAXYEAR, UTC, datetime
from typing import Final

from billfold.base.errors import Invalid
from billfold.domain.billing.currencies import CURRENCIES

UNIT_PATTERN: Final = r"^[a-z][a-z0-9_]{0,31}$"
UNIT_TEXT: Final = (
    "the name of a unit such as ai_credits: a lower-case letter, then up to 31 lower-case letters, digits and underscores, "
    "and not the code of a currency"
)
_UNIT: Final = re.compile(UNIT_PATTERN.rstrip("$") + r"\Z")
_MONTHS: Final = 12


@dataclass(frozen=True, slots=True)
class OpenGrant:
    """A grant of which something remains."""

    id: str
    remaining: int
    expires_at: datetime | None

    def is_expired(self, at: datetime) -> bool:
        """Tell whether it is worth nothing at a moment of the team's time."""
        return self.expires_at is not None and self.expires_at <= at


@dataclass(frozen=True, slots=True)
class Funds:
    """What a wallet holds.

    `grants` stand in the order in which they are drawn; those that a caller need not see are only counted, as `beyond`:
    they come after the listed ones and none of them has expired. `allowance_month` and `allowance_used` are of the latest
    month in which allowance was drawn.
    """

    monthly_allowance: int
    allowance_month: int
    allowance_used: int
    grants: tuple[OpenGrant, ...]
    beyond: int = 0


@dataclass(frozen=True, slots=True)
class Drawn:
    """A spend that was possible: how much of it the allowance gave, and what is left."""

    from_allowance: int
    funds: Funds


def checked_unit(unit: str) -> str:
    """Return the name of a unit, or raise `Invalid`; money is no wallet's: a currency is owed and paid elsewhere."""
    if not _UNIT.match(unit) or unit in CURRENCIES:
        raise Invalid(f"unit must be {UNIT_TEXT}.")
    return unit


def month_of(at: datetime) -> int:
    """Return the calendar month in UTC as a number that grows by one each month."""
    moment = at.astimezone(UTC)
    return moment.year * _MONTHS + moment.month - 1


def start_of_next_month(at: datetime) -> datetime | None:
    """Return when the next calendar month in UTC begins; None after December 9999."""
    year, month = divmod(month_of(at) + 1, _MONTHS)
    return datetime(year, month + 1, 1, tzinfo=UTC) if year <= MAXYEAR else None


def allowance_left(funds: Funds, at: datetime) -> int:
    """Return what is left of the month's allowance.

    A clock that is set back over the end of a month gives no second allowance: the latest month that was drawn from counts
    on. A setting that was lowered below what is used leaves nothing.
    """
    used = funds.allowance_used if month_of(at) <= funds.allowance_month else 0
    return max(0, funds.monthly_allowance - used)


def balance(funds: Funds, at: datetime) -> int:
    """Return the bonus credits that can be spent at a moment: not the allowance, and nothing that has expired."""
    return funds.beyond + sum(grant.remaining for grant in funds.grants if not grant.is_expired(at))


def draw(funds: Funds, amount: int, at: datetime) -> Drawn | None:
    """Return the spend of an amount, or None if allowance and balance together do not suffice."""
    free = min(amount, allowance_left(funds, at))
    wanted = amount - free
    if wanted > balance(funds, at):
        return None
    if free:
        month = max(month_of(at), funds.allowance_month)
        used = funds.allowance_used if month == funds.allowance_month else 0
        funds = replace(funds, allowance_month=month, allowance_used=used + free)
    kept: list[OpenGrant] = []
    for grant in funds.grants:
        taken = 0 if grant.is_expired(at) else min(wanted, grant.remaining)
        wanted -= taken
        if taken < grant.remaining:
            kept.append(replace(grant, remaining=grant.remaining - taken) if taken else grant)
    if wanted:
        raise ValueError("the grants that this spend needs were not listed")
    return Drawn(from_allowance=free, funds=replace(funds, grants=tuple(kept)))
