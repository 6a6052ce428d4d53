"""What a buyer brought along to the checkout that led to the first payment, read back from Stripe (contract A20).

A customer's first payment is decided about once everything is known that can decide: the completed checkout's reference and
metadata, and the promotion codes that were used. So it makes no difference in which order Stripe's events come. It is asked once
for a customer, and only in projects with a program that waits for payments.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from billfold.base.errors import NotFound
from billfold.base.signing import Signer
from billfold.domain.billing.customers import customers
from billfold.domain.billing.invoices import invoices
from billfold.domain.billing.sync import Gateways
from billfold.domain.referrals import codes
from billfold.domain.referrals.attribution import is_undecided, lock_attribution, resolve
from billfold.domain.referrals.click_tokens import ClickToken, read_token
from billfold.domain.referrals.promotion_codes import used_codes
from billfold.domain.referrals.reconciliation import convert_referrals, reconcile_payments
from billfold.domain.referrals.touches import Touch, add_touch
from billfold.domain.tenancy.teams import get_team
from billfold.infrastructure.db.database import Reading, Writing
from billfold.infrastructure.db.statements import query
from billfold.infrastructure.jobs.queue import enqueue
from billfold.infrastructure.jobs.worker import Handler, Run, StepHandler
from billfold.infrastructure.stripe.values import StripeCheckoutSession

READ_CHECKOUT_JOB: Final = "referrals.read_checkout"
# On the session and the subscription that it makes; reserved, so no caller writes them (see `metadata.py`).
CODE_STAMP: Final = "billstack_referral_code"
CLICK_STAMP: Final = "billstack_click"
# Of so many invoices made first, the one paid first is looked at.
_OLDEST: Final = 20


@dataclass(frozen=True, slots=True)
class _FirstPayment:
    stripe_invoice_id: str
    stripe_subscription_id: str | None
    stripe_customer_id: str
    paid_at: datetime


@dataclass(frozen=True, slots=True)
class _Seen:
    """What Stripe told: the session, and each promotion code that was used."""

    session: StripeCheckoutSession | None
    promotion_code_ids: tuple[str, ...]
    paid_at: datetime


_FIRST: Final = query(
    sa.select(
        invoices.c.stripe_invoice_id,
        invoices.c.stripe_subscription_id,
        customers.c.stripe_customer_id,
        invoices.c.paid_at,
    )
    .join_from(invoices, customers, customers.c.id == invoices.c.customer_id)
    .where(
        invoices.c.project_id == sa.bindparam("project_id"),
        invoices.c.customer_id == sa.bindparam("customer_id"),
        invoices.c.status == "paid",
        invoices.c.amount_paid > 0,
    )
    .order_by(invoices.c.created_at, invoices.c.id)
    .limit(_OLDEST),
    _FirstPayment,
)


async def leave_reading(tx: Writing, payload: Mapping[str, str], *, now: datetime) -> bool:
    """Leave the job that reads a customer's checkout, if his first payment waits for that; False: it does not."""
    ids = {name: payload[name] for name in ("team_id", "project_id", "customer_id")}
    if not await is_undecided(tx, ids["project_id"], ids["customer_id"]):
        return False
    await enqueue(tx, READ_CHECKOUT_JOB, ids, now=now, key=ids["customer_id"], team_id=ids["team_id"])
    return True


def checkout_handlers(gateways: Gateways, signer: Signer) -> Mapping[str, Handler]:
    """Return the handler of the job, for the worker; `signer` knows click tokens."""

    async def steps(run: Run) -> None:
        payload = run.payload
        first = await run.db.read(_first_payment, payload["project_id"], payload["customer_id"])
        if first is None:
            return
        gateway = await gateways.gateway(payload["team_id"])
        session = None
        if first.stripe_subscription_id is not None:
            session = await gateway.get_checkout_of_subscription(
                first.stripe_subscription_id, customer_id=first.stripe_customer_id
            )
        used = await gateway.get_used_promotion_codes(first.stripe_invoice_id)
        both = (*(() if session is None else session.promotion_code_ids), *used)
        seen = _Seen(session, tuple(dict.fromkeys(both)), first.paid_at)
        await run.finish(_decide, payload, seen, signer, run.clock.now())

    return {READ_CHECKOUT_JOB: StepHandler(steps)}


def link_touch(token: ClickToken, *, project_id: str, customer_id: str, evidence: Mapping[str, object]) -> Touch:
    """Return the touch that a click token proves; one of another project counts for nothing, and is kept to be explained."""
    refusal = None if token.project_id == project_id else "other_project"
    return Touch(
        project_id=project_id,
        customer_id=customer_id,
        kind="link",
        at=token.clicked_at,
        code=token.code,
        click_id=token.click_id,
        refusal=refusal,
        evidence=evidence,
    )


async def _first_payment(tx: Reading, project_id: str, customer_id: str) -> _FirstPayment | None:
    if not await is_undecided(tx, project_id, customer_id):
        return None
    oldest = await tx.all(_FIRST, project_id=project_id, customer_id=customer_id)
    return min(oldest, key=lambda each: each.paid_at, default=None)


async def _decide(tx: Writing, payload: Any, seen: _Seen, signer: Signer, now: datetime) -> None:
    team_id, project_id, customer_id = payload["team_id"], payload["project_id"], payload["customer_id"]
    at = (await get_team(tx, team_id)).time_at(now)
    for touch in [
        *await _checkout_touches(tx, project_id, customer_id, seen.session, signer),
        *await _coupon_touches(tx, project_id, customer_id, seen),
    ]:
        await add_touch(tx, touch, now_at=at)
    await resolve(tx, project_id=project_id, customer_id=customer_id, at=at, now=now)
    await lock_attribution(tx, project_id=project_id, customer_id=customer_id, at=at)
    referee = {"team_id": team_id, "project_id": project_id, "referee_id": customer_id}
    await convert_referrals(tx, **referee, occasion="payment", now=now)
    await reconcile_payments(tx, **referee, now=now)


async def _checkout_touches(
    tx: Reading, project_id: str, customer_id: str, session: StripeCheckoutSession | None, signer: Signer
) -> list[Touch]:
    if session is None:
        return []
    evidence: dict[str, object] = {"checkout": session.id}
    found = []
    stamped = session.metadata.get(CODE_STAMP)
    reference = session.client_reference_id or ""
    code = stamped or (reference if await _is_code(tx, project_id, reference) else None)
    if code:
        found.append(
            Touch(
                project_id,
                customer_id,
                "checkout_code",
                session.created,
                code=code.upper(),
                key=session.id,
                evidence=evidence,
            )
        )
    for text in dict.fromkeys((session.metadata.get(CLICK_STAMP, ""), reference)):
        token = read_token(signer, text)
        if token is not None:
            found.append(link_touch(token, project_id=project_id, customer_id=customer_id, evidence=evidence))
    return found


async def _coupon_touches(tx: Reading, project_id: str, customer_id: str, seen: _Seen) -> Sequence[Touch]:
    tied = {each.stripe_promotion_code_id: each for each in await used_codes(tx, project_id, seen.promotion_code_ids)}
    at = seen.paid_at if seen.session is None else seen.session.created
    found = []
    for stripe_id in seen.promotion_code_ids:
        mine = tied.get(stripe_id)
        found.append(
            Touch(
                project_id,
                customer_id,
                "coupon",
                at,
                code_id=None if mine is None else mine.code_id,
                code=stripe_id,
                key=stripe_id,
                # The project's own promotion codes bring nobody; that one was used is worth a line.
                refusal="own_coupon" if mine is None else None,
                evidence={"promotionCode": stripe_id if mine is None else mine.text},
            )
        )
    return found


async def _is_code(tx: Reading, project_id: str, text: str) -> bool:
    # Apps write references of their own there, too: only what is a code of the project is taken for one.
    try:
        return bool(text) and bool(await codes.get(tx, project_id, text))
    except NotFound:
        return False
