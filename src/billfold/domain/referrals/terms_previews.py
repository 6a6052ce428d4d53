"""What an edit of a program's terms would have changed over the last 90 days, by the very functions that pay.

Nothing is written. What was paid before that time counts as it did, so that the numbers of payments, the tiers and the months
are the real ones.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa

from billfold.domain.referrals import participants
from billfold.domain.referrals.derivations import Circumstances, Payment
from billfold.domain.referrals.participants import Applies
from billfold.domain.referrals.payment_rewards import earnings_of, has_tiers, versions_of
from billfold.domain.referrals.payments import payments_of
from billfold.domain.referrals.programs import Program
from billfold.domain.referrals.referrals import CONVERTED, Referral, referrals
from billfold.domain.referrals.rules import Facts
from billfold.domain.referrals.terms import Terms, TermsVersion
from billfold.domain.referrals.terms_dates import timeline
from billfold.infrastructure.db.database import Reading
from billfold.infrastructure.db.statements import query

PREVIEW_DAYS: Final = 90
MOST_REFERRALS: Final = 5_000
_AT_ONCE: Final = 500
_EARNERS_SHOWN: Final = 20
_PROPOSED: Final = "proposed"


@dataclass(frozen=True, slots=True)
class PreviewSum:
    """What an earner would have got in one currency, in minor units; `earner_id` None is the sum of all."""

    earner_id: str | None
    unit: str
    before: int
    after: int

    @property
    def difference(self) -> int:
        """How much more, or less if negative."""
        return self.after - self.before


@dataclass(frozen=True, slots=True)
class Preview:
    """What an edit would have changed between `since` and `until`, had it been made before.

    `payments` were looked at, `changed` of them would have earned another amount. `earners` are those for whom it would have
    changed most, at most 20 in each currency. `is_complete` is False where there were more referrals than a preview reads.
    Currencies stand side by side.
    """

    since: datetime
    until: datetime
    payments: int
    changed: int
    totals: tuple[PreviewSum, ...]
    earners: tuple[PreviewSum, ...]
    is_complete: bool


@dataclass(frozen=True, slots=True)
class _Case:
    referral: Referral
    paid: tuple[Payment, ...]
    by_now: Mapping[str, TermsVersion]
    by_proposal: Mapping[str, TermsVersion]


_CONVERTED: Final = query(
    sa.select(*referrals.c)
    .where(
        referrals.c.project_id == sa.bindparam("project_id"),
        referrals.c.status == CONVERTED,
        referrals.c.program_id == sa.bindparam("program_id"),
        referrals.c.referee_id.is_not(None),
    )
    .order_by(referrals.c.created_at.desc(), referrals.c.id.desc())
    .limit(MOST_REFERRALS + 1),
    Referral,
)


async def preview(tx: Reading, program: Program, content: Terms, applies: Applies, *, at: datetime) -> Preview:
    """Return what terms would have changed over the last 90 days; call it in a `db.snapshot`."""
    since = at - timedelta(days=PREVIEW_DAYS)
    found = await tx.all(_CONVERTED, project_id=program.project_id, program_id=program.id)
    is_complete = len(found) <= MOST_REFERRALS
    cases = await _cases(tx, program, content, applies, found[:MOST_REFERRALS], since=since)
    brought = _brought(cases) if _any_tiers(cases) else {}
    sums: dict[tuple[str, str], tuple[int, int]] = {}
    looked_at, changed = 0, 0
    whose: dict[str, Circumstances] = {}
    for case in cases:
        earner_id = case.referral.referrer_id
        if earner_id not in whose:
            whose[earner_id] = await _circumstances(tx, program, earner_id, brought)
        facts = Facts(
            case.referral.id,
            earner_id,
            case.referral.referee_id,
            case.referral.created_at,
            case.paid,
            replace(whose[earner_id], referred_at=case.referral.created_at),
        )
        before, after = _by_payment(case.by_now, facts, since), _by_payment(case.by_proposal, facts, since)
        looked_at += sum(each.paid_at >= since for each in case.paid)
        changed += len({key[0] for key in before.keys() | after.keys() if before.get(key, 0) != after.get(key, 0)})
        for number, amounts in enumerate((before, after)):
            for (_, owner, unit), amount in amounts.items():
                known = sums.get((owner, unit), (0, 0))
                sums[owner, unit] = (known[0] + amount, known[1]) if number == 0 else (known[0], known[1] + amount)
    return Preview(since, at, looked_at, changed, _totals(sums), _most_changed(sums), is_complete)


async def _cases(
    tx: Reading,
    program: Program,
    content: Terms,
    applies: Applies,
    found: Sequence[Referral],
    *,
    since: datetime,
) -> list[_Case]:
    line = await timeline(tx, program.project_id, program.id)
    last = await line.version(program.terms_id)
    proposed = replace(last, id=_PROPOSED, content=content)
    cases = []
    for start in range(0, len(found), _AT_ONCE):
        some = found[start : start + _AT_ONCE]
        ids = [each.referee_id for each in some if each.referee_id is not None]
        paid_by = await payments_of(tx, project_id=program.project_id, customer_ids=ids)
        for referral in some:
            begin = referral.created_at.replace(microsecond=0)
            paid = tuple(each for each in paid_by.get(referral.referee_id or "", ()) if each.paid_at >= begin)
            by_now = await versions_of(line, referral, paid)
            by_proposal = dict(by_now)
            for each in paid:
                if each.paid_at >= since if applies == "from_date" else referral.created_at >= since:
                    by_proposal[each.id] = proposed
            cases.append(_Case(referral, paid, by_now, by_proposal))
    return cases


def _any_tiers(cases: Sequence[_Case]) -> bool:
    return any(has_tiers(each.by_now.values()) or has_tiers(each.by_proposal.values()) for each in cases)


def _brought(cases: Sequence[_Case]) -> dict[str, int]:
    """Return what the earner of each payment had brought before it in its currency; `brought_payments` may not know it yet."""
    every = sorted(
        (payment.paid_at, payment.id, case.referral.referrer_id, payment.currency, payment.gross)
        for case in cases
        for payment in case.paid
    )
    running: dict[tuple[str, str], int] = {}
    before: dict[str, int] = {}
    for _, payment_id, earner_id, currency, gross in every:
        before[payment_id] = running.get((earner_id, currency), 0)
        running[earner_id, currency] = before[payment_id] + gross
    return before


async def _circumstances(tx: Reading, program: Program, earner_id: str, brought: Mapping[str, int]) -> Circumstances:
    whose = {"project_id": program.project_id, "program_id": program.id, "customer_id": earner_id}
    return Circumstances(
        referred_at=program.created_at,
        pauses=tuple(await participants.pauses_of(tx, **whose)),
        rates=tuple(await participants.rates_of(tx, **whose)),
        brought_before=brought,
    )


def _by_payment(versions: Mapping[str, TermsVersion], facts: Facts, since: datetime) -> dict[tuple[str, str, str], int]:
    """Return what each payment since a moment earned, by payment, owner and unit."""
    recent = {each.id for each in facts.payments if each.paid_at >= since}
    amounts: dict[tuple[str, str, str], int] = {}
    for each in earnings_of(versions, facts):
        if each.source_id in recent and each.amount:
            key = (each.source_id, each.earner_id, each.unit)
            amounts[key] = amounts.get(key, 0) + each.amount
    return amounts


def _totals(sums: Mapping[tuple[str, str], tuple[int, int]]) -> tuple[PreviewSum, ...]:
    units = sorted({unit for _, unit in sums})
    return tuple(
        PreviewSum(
            None,
            unit,
            sum(before for (_, of), (before, _) in sums.items() if of == unit),
            sum(after for (_, of), (_, after) in sums.items() if of == unit),
        )
        for unit in units
    )


def _most_changed(sums: Mapping[tuple[str, str], tuple[int, int]]) -> tuple[PreviewSum, ...]:
    every = [PreviewSum(owner, unit, before, after) for (owner, unit), (before, after) in sums.items()]
    shown: list[PreviewSum] = []
    for unit in sorted({each.unit for each in every}):
        mine = [each for each in every if each.unit == unit and each.difference]
        mine.sort(key=lambda each: (-abs(each.difference), each.earner_id or ""))
        shown.extend(mine[:_EARNERS_SHOWN])
    return tuple(shown)
