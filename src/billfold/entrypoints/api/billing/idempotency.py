"""`Idempotency-Key` on every POST: the claim, the effect and the recorded answer are one unit (SCENARIOS C9).

Without the header a POST simply runs. With it, the same request gets the same answer for 24 hours, sent again one after
the other or at once, before and after a restart; another request under the same key gets 409. Errors are not recorded.

A POST whose effect is one unit:

    return await write_once(request, access, claims.apply, project_id=…, code=…, at=…, now=…,
                            record=Record("referral.created", subject=lambda referral: referral.id),
                            answer=lambda referral: json_answer(201, ReferralAnswer(shape(referral))))

A POST that asks Stripe first:

    async def work(write: Write, stripe_key: str) -> Customer:
        return await create_customer(db, stripe, …, idempotency_key=stripe_key, write=write)

    return await answer_once(request, access, work, record=Record("customer.created", …), answer=lambda customer: …)

What is done is written down in the audit log by the same unit (`record`), once, however often it is sent.
"""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any, Concatenate, Final, ParamSpec, TypeVar

from fastapi import Request, Response

from billfold.base.errors import Conflict, Invalid
from billfold.base.ids import new_token
from billfold.domain.tenancy.idempotency_keys import (
    LONGEST_KEY,
    Answer,
    Claim,
    claim_key,
    record_answer,
    recorded_answer,
)
from billfold.entrypoints.api.billing.answers import respond
from billfold.entrypoints.caller import Access
from billfold.entrypoints.recording import Record, recorded
from billfold.entrypoints.services import Services
from billfold.infrastructure.db.database import Write, Writing

HEADER: Final = "idempotency-key"

Result = TypeVar("Result")
P = ParamSpec("P")


class _Answered(Exception):
    """Another request under the same key was first: `answer` is what it was told."""

    def __init__(self, answer: Answer) -> None:
        super().__init__()
        self.answer = answer


async def write_once(
    request: Request,
    access: Access,
    unit: Callable[Concatenate[Any, P], Awaitable[Result]],
    /,
    *args: Any,
    record: Record | None = None,
    answer: Callable[[Result], Answer],
    **kwargs: Any,
) -> Response:
    """Run `unit(tx, *args, **kwargs)` once for the caller's key and send what `answer` makes of its result.

    `answer` runs inside the unit when there is a key: it must only compute. Without a `record` the unit writes its own lasting
    record of who did what (decision 0017).
    """
    services: Services = request.app.state.services
    claim = await _claim_of(request, access)
    if record is not None:
        unit = recorded(unit, access, record, services.clock.now())
    if claim is None:
        return respond(answer(await services.db.write(unit, *args, **kwargs)))
    try:
        result = await _write_claimed(services, claim, answer, lambda tx: unit(tx, *args, **kwargs))
    except _Answered as earlier:
        return respond(earlier.answer, replayed=True)
    return respond(answer(result))


async def answer_once(
    request: Request,
    access: Access,
    work: Callable[[Write, str], Awaitable[Result]],
    /,
    *,
    record: Record,
    answer: Callable[[Result], Answer],
) -> Response:
    """Run `work(write, stripe_key)` once for the caller's key: it calls Stripe with `stripe_key`, then writes with `write`.

    `stripe_key` follows from the project, the key and the request, so a repetition that comes after Stripe's answer and
    before our commit gets the same object from Stripe. What `work` returns must be what its `write` returned, or it writes
    nothing at all and the answer is recorded afterwards.
    """
    services: Services = request.app.state.services
    claim = await _claim_of(request, access)
    if claim is not None:
        earlier = await services.db.read(recorded_answer, claim, now=services.clock.now())
        if earlier is not None:
            return respond(earlier, replayed=True)
    is_written = False

    async def write(unit: Callable[..., Awaitable[Any]], /, *args: Any, **kwargs: Any) -> Any:
        nonlocal is_written
        is_written = True
        unit = recorded(unit, access, record, services.clock.now())
        if claim is None:
            return await services.db.write(unit, *args, **kwargs)
        return await _write_claimed(services, claim, answer, lambda tx: unit(tx, *args, **kwargs))

    try:
        result = await work(write, f"billfold-{new_token()}" if claim is None else _stripe_key(claim))
        if not is_written:
            await write(_returned, result)
    except _Answered as first:
        return respond(first.answer, replayed=True)
    except Conflict:
        if claim is None:
            raise
        # Perhaps the same request won meanwhile, and its own row is what this one clashed with.
        earlier = await services.db.read(recorded_answer, claim, now=services.clock.now())
        if earlier is None:
            raise
        return respond(earlier, replayed=True)
    return respond(answer(result))


async def _write_claimed(
    services: Services, claim: Claim, answer: Callable[[Any], Answer], unit: Callable[[Any], Awaitable[Any]]
) -> Any:
    result, earlier = await services.db.write(_claimed, claim, answer, unit, now=services.clock.now())
    if earlier is not None:
        raise _Answered(earlier)
    return result


async def _claimed(
    tx: Writing,
    claim: Claim,
    answer: Callable[[Any], Answer],
    unit: Callable[[Any], Awaitable[Any]],
    *,
    now: datetime,
) -> tuple[Any, Answer | None]:
    earlier = await claim_key(tx, claim, now=now)
    if earlier is not None:
        return None, earlier
    result = await unit(tx)
    await record_answer(tx, claim, answer(result))
    return result, None


async def _returned(tx: Writing, result: Result) -> Result:
    del tx
    return result


async def _claim_of(request: Request, access: Access) -> Claim | None:
    key = request.headers.get(HEADER)
    if key is None:
        return None
    if not 1 <= len(key) <= LONGEST_KEY:
        raise Invalid(f"Idempotency-Key must have 1 to {LONGEST_KEY} characters: a random UUID does well.")
    parts = (request.method, request.url.path, request.url.query)
    digest = hashlib.sha256("\n".join(parts).encode() + b"\n" + await request.body())
    return Claim(access.project_id, key, digest.hexdigest())


def _stripe_key(claim: Claim) -> str:
    whole = f"{claim.project_id}\n{claim.request_hash}\n{claim.key}"
    return f"billfold-{hashlib.sha256(whole.encode()).hexdigest()}"
