"""`…/wallets/{customerId}`: credits that an app lets its customers spend.

`spend` is what an app calls before each thing that costs something, so it is a hot door: many requests share a unit and a
commit (`Batcher`), and each is answered after the commit that holds it.
"""

from __future__ import annotations

from datetime import datetime
from functools import cached_property
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Request, Response
from pydantic import AfterValidator, Field, WithJsonSchema

from billfold.base.clock import iso
from billfold.base.errors import BillfoldError
from billfold.domain.ledger.transfers import Transfer
from billfold.domain.ledger.wallets import LARGEST_WALLET
from billfold.domain.tenancy.audit_log import Entry
from billfold.domain.tenancy.idempotency_keys import Answer
from billfold.domain.wallets import entries, grants
from billfold.domain.wallets.grants import LONGEST_KEY, Grant, StoredGrant
from billfold.domain.wallets.rules import UNIT_PATTERN, UNIT_TEXT
from billfold.domain.wallets.spends import InsufficientFunds, Spend, SpendRequest, SpendResult, spend_many, spend_one
from billfold.domain.wallets.wallets import Holding, holdings
from billfold.entrypoints.api.billing.access import Allowed, path_id
from billfold.entrypoints.api.billing.answers import Body, Timestamp, json_answer, json_response, respond
from billfold.entrypoints.api.billing.bodies import RequestBody, read_body
from billfold.entrypoints.api.billing.fields import Unit, read_page, text_of
from billfold.entrypoints.api.billing.idempotency import HEADER, write_once
from billfold.entrypoints.api.billing.operations import PAGE, operation
from billfold.entrypoints.caller import Access
from billfold.entrypoints.services import Services
from billfold.infrastructure.db.batch import Batcher

router = APIRouter(tags=["Wallets"])
READ = "wallets:read"
WRITE = "wallets:write"

_AMOUNT_TEXT: Final = f"a whole number from 1 to {LARGEST_WALLET}"
_KEY_TEXT: Final = f"a text of 1 to {LONGEST_KEY} characters that names this one change in the project for ever"
_MOMENT_TEXT: Final = "a moment in ISO 8601 with its offset such as 2027-01-31T00:00:00Z, or null"
_UNIT_PARAMETER: Final[dict[str, Any]] = {
    "name": "unit",
    "in": "query",
    "required": True,
    "description": "Whose unit's lines: " + UNIT_TEXT + ".",
    "schema": {"type": "string", "pattern": UNIT_PATTERN},
}


def _checked_moment(given: str) -> datetime:
    moment = datetime.fromisoformat(given)
    if moment.tzinfo is None:
        raise ValueError
    return moment


_Amount = Annotated[int, Field(ge=1, le=LARGEST_WALLET, description=_AMOUNT_TEXT)]
_Key = Annotated[str, text_of(LONGEST_KEY), Field(description=_KEY_TEXT)]
_Moment = Annotated[
    str, AfterValidator(_checked_moment), WithJsonSchema({"type": "string", "format": "date-time", "maxLength": 40})
]


class AllowanceLeftBody(Body):
    """The month's free allowance, which is drawn before the balance."""

    monthly: int
    left: int
    renews_at: Timestamp | None


class NextExpiryBody(Body):
    """The credits of the balance that are lost next, and when."""

    amount: int
    expires_at: Timestamp


class WalletBody(Body):
    """What a customer can spend of one unit: the balance of bonus credits, and on top of it what is left of the allowance."""

    unit: str
    balance: int
    allowance: AllowanceLeftBody | None
    next_expiry: NextExpiryBody | None


class WalletsAnswer(Body):
    """A customer's wallets, one for each unit."""

    wallets: list[WalletBody]


class SpendBody(Body):
    """What was spent, `fromAllowance` of it from the month's free allowance, and what was left behind it."""

    id: str
    customer_id: str
    unit: str
    amount: int
    from_allowance: int
    balance: int
    allowance_left: int
    key: str
    created_at: Timestamp


class SpendAnswer(Body):
    """The spend; the same answer for the same key, for ever."""

    spend: SpendBody


class InsufficientAnswer(Body):
    """Balance and allowance together do not suffice: nothing was spent."""

    error: str
    unit: str
    balance: int
    allowance_left: int


class GrantBody(Body):
    """Credits that were put into a wallet."""

    id: str
    customer_id: str
    unit: str
    amount: int
    key: str
    expires_at: Timestamp | None
    created_at: Timestamp


class GrantAnswer(Body):
    """The grant; the same answer for the same key, for ever."""

    grant: GrantBody


class EntryBody(Body):
    """A line of the ledger: what moved into the balance, or out of it (a negative `change`).

    `reasonId` is the grant or the spend, `sourceId` the key, reward or other source that it came with.
    """

    kind: str
    change: int
    reason_id: str
    source_id: str
    created_at: Timestamp


class EntriesAnswer(Body):
    """A page of a wallet's lines, newest first."""

    entries: list[EntryBody]


class SpendCredits(RequestBody):
    """How much to spend of what."""

    unit: Unit
    amount: _Amount
    key: _Key


class GrantCredits(RequestBody):
    """How much to put into a wallet, and until when it can be spent."""

    unit: Unit
    amount: _Amount
    key: _Key
    expires_at: Annotated[_Moment | None, Field(description=_MOMENT_TEXT)] = None


class SpendDoor:
    """Where spends wait for the unit that takes many of them."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @cached_property
    def _batch(self) -> Batcher[SpendRequest, SpendResult]:
        # With the first spend: the document is made without services.
        return Batcher(self._services.db, spend_many)

    async def spend(self, request: SpendRequest) -> Spend:
        """Return the spend after the commit that holds it, or raise why there is none."""
        result = await self._batch.add(request)
        if isinstance(result, BillfoldError):
            raise result
        return result


@router.get("/wallets/{customerId}", **operation(scope=READ, answers={200: WalletsAnswer}, is_read=True))
async def get_wallets(request: Request, access: Annotated[Access, Depends(Allowed(READ))]) -> Response:
    """Get a customer's wallets.

    One for each unit that the customer ever held or that has an allowance. What has expired is not in the balance.
    """
    services: Services = request.app.state.services
    found = await services.db.read(
        holdings,
        project_id=access.project_id,
        customer_id=_customer_id(request),
        at=access.time_at(services.clock.now()),
    )
    return json_response(WalletsAnswer([_wallet(each) for each in found]))


@router.post(
    "/wallets/{customerId}/spend",
    **operation(
        scope=WRITE,
        answers={200: SpendAnswer, 402: InsufficientAnswer},
        body=SpendCredits,
        takes_idempotency_key=True,
    ),
)
async def spend_credits(request: Request, access: Annotated[Access, Depends(Allowed(WRITE))]) -> Response:
    """Spend credits.

    The month's free allowance first, then those bonus credits that expire first, then the oldest. All of the amount or
    nothing: 402 tells what there is. The same key with the same spend gets the first answer again, for ever; a 402 is not
    kept. The key of another spend is answered with 409.
    """
    services: Services = request.app.state.services
    door: SpendDoor = request.app.state.spend_door
    body = await read_body(request, SpendCredits)
    now = services.clock.now()
    wanted = SpendRequest(
        project_id=access.project_id,
        customer_id=_customer_id(request),
        unit=body.unit,
        amount=body.amount,
        key=body.key,
        at=access.time_at(now),
        entry=Entry(access.team_id, access.project_id, access.actor, "wallet.spent", None, now),
    )
    try:
        if HEADER in request.headers:
            # The header has a memory of its own, which is kept in the same unit: such a request goes alone.
            return await write_once(request, access, spend_one, wanted, answer=_spend_answer)
        return respond(_spend_answer(await door.spend(wanted)))
    except InsufficientFunds as lack:
        return json_response(InsufficientAnswer(lack.message, lack.unit, lack.balance, lack.allowance_left), 402)


@router.post(
    "/wallets/{customerId}/grant",
    **operation(scope=WRITE, answers={201: GrantAnswer}, body=GrantCredits, takes_idempotency_key=True),
)
async def grant_credits(request: Request, access: Annotated[Access, Depends(Allowed(WRITE))]) -> Response:
    """Grant credits.

    The same key with the same grant puts nothing in again and gets the same answer; the key of another grant is answered
    with 409. What is not spent when `expiresAt` comes is lost.
    """
    services: Services = request.app.state.services
    body = await read_body(request, GrantCredits)
    expires_at: Any = body.expires_at  # the validator has made a moment of the text
    now = services.clock.now()
    customer_id = _customer_id(request)
    return await write_once(
        request,
        access,
        grants.add_grant,
        Grant(
            project_id=access.project_id,
            customer_id=customer_id,
            unit=body.unit,
            amount=body.amount,
            key=body.key,
            source="grant",
            source_id=body.key,
            expires_at=expires_at,
            at=access.time_at(now),
        ),
        entry=Entry(
            access.team_id,
            access.project_id,
            access.actor,
            "wallet.granted",
            None,
            now,
            {"customer": customer_id, "unit": body.unit, "amount": body.amount},
        ),
        answer=lambda grant: json_answer(201, GrantAnswer(_grant(grant))),
    )


@router.get(
    "/wallets/{customerId}/entries",
    **operation(scope=READ, answers={200: EntriesAnswer}, parameters=(_UNIT_PARAMETER, *PAGE), is_read=True),
)
async def list_entries(request: Request, access: Annotated[Access, Depends(Allowed(READ))]) -> Response:
    """List a wallet's ledger lines.

    Newest first. Their changes add up to the balance, but for what has expired in the last hour and is not posted yet. What the
    allowance gave is no line: it was never in the balance.
    """
    services: Services = request.app.state.services
    rows = await services.db.read(
        entries.list_entries,
        project_id=access.project_id,
        customer_id=_customer_id(request),
        unit=request.query_params.get("unit", ""),
        page=read_page(request.query_params),
    )
    return json_response(EntriesAnswer([_entry(row) for row in rows]))


def _customer_id(request: Request) -> str:
    return path_id(request, "customerId", "pc_", "Customer")


def _wallet(holding: Holding) -> WalletBody:
    allowance = expiry = None
    if holding.monthly_allowance:
        renews_at = holding.allowance_renews_at
        allowance = AllowanceLeftBody(
            monthly=holding.monthly_allowance,
            left=holding.allowance_left,
            renews_at=None if renews_at is None else iso(renews_at),
        )
    if holding.expires_at is not None:
        expiry = NextExpiryBody(amount=holding.expiring, expires_at=iso(holding.expires_at))
    return WalletBody(unit=holding.unit, balance=holding.balance, allowance=allowance, next_expiry=expiry)


def _spend_answer(spend: Spend) -> Answer:
    return json_answer(200, SpendAnswer(_spend(spend)))


def _spend(spend: Spend) -> SpendBody:
    return SpendBody(
        id=spend.id,
        customer_id=spend.customer_id,
        unit=spend.unit,
        amount=spend.amount,
        from_allowance=spend.from_allowance,
        balance=spend.balance_after,
        allowance_left=spend.allowance_left,
        key=spend.key,
        created_at=iso(spend.created_at),
    )


def _grant(grant: StoredGrant) -> GrantBody:
    return GrantBody(
        id=grant.id,
        customer_id=grant.customer_id,
        unit=grant.unit,
        amount=grant.amount,
        key=grant.key,
        expires_at=None if grant.expires_at is None else iso(grant.expires_at),
        created_at=iso(grant.created_at),
    )


def _entry(row: Transfer) -> EntryBody:
    return EntryBody(
        kind=row.kind,
        change=row.amount if row.credit == "available" else -row.amount,
        reason_id=row.reason_id,
        source_id=row.source_id,
        created_at=iso(row.at),
    )
