"""What an app passes on of a visitor, on `POST …/customers` and `POST …/checkout` (affiliate contract A20)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Annotated, Any, Final

from pydantic import Field

from billfold.domain.billing.customers import Customer
from billfold.domain.referrals.binding import LONGEST_GIVEN, Binding, Passed, bind
from billfold.domain.referrals.codes import LONGEST_CODE
from billfold.entrypoints.api.billing.answers import Body
from billfold.entrypoints.api.billing.bodies import RequestBody
from billfold.entrypoints.caller import Access
from billfold.entrypoints.services import Services
from billfold.infrastructure.db.database import Write, Writing

CUSTOMER: Final = "customer"
CHECKOUT: Final = "checkout"
_Token = Annotated[str, Field(max_length=LONGEST_GIVEN)]


class PassedOn(RequestBody):
    """Base of bodies that may name who brought the customer; what says nothing to us is no error."""

    referral_code: Annotated[
        Annotated[str, Field(max_length=LONGEST_CODE)] | None,
        Field(description=f"a referral code of up to {LONGEST_CODE} characters"),
    ] = None
    click_token: Annotated[_Token | None, Field(description=f"a click token of up to {LONGEST_GIVEN} characters")] = (
        None
    )
    referral_id: Annotated[
        _Token | None, Field(description="what POST /v1/affiliate/track answered as referralId, or a click token")
    ] = None

    def passed(self) -> Passed:
        """Return what was passed on, for the domain."""
        return Passed(self.referral_code, self.click_token, self.referral_id)


class AttributionBody(Body):
    """Who brought the customer, as it stands now: `code` null if nobody did.

    `bound` tells whether what was passed on decided that; if not, `reason` says why, in a word of
    `GET …/referrals/explain`.
    """

    bound: bool
    code: str | None
    referral_id: str | None
    reason: str | None


def attribution_body(binding: Binding) -> AttributionBody:
    """Return what became of what was passed on, as this surface shows it."""
    referral = binding.referral
    return AttributionBody(
        bound=binding.reason is None,
        code=None if referral is None else referral.code,
        referral_id=None if referral is None else referral.id,
        reason=binding.reason,
    )


class BoundWrites:
    """Writes a new customer together with what was passed on of him: neither is there without the other."""

    def __init__(self, services: Services, access: Access, passed: Passed, now: datetime) -> None:
        self._services = services
        self._access = access
        self._passed = passed
        self._now = now
        # Of the unit that was committed: one that is run again sets it anew.
        self.binding: Binding | None = None

    def around(self, write: Write) -> Write:
        """Return a `Write` that also binds the customer that the unit returns."""
        if self._passed.is_empty:
            return write

        async def write_bound(unit: Callable[..., Awaitable[Any]], /, *args: Any, **kwargs: Any) -> Any:
            async def both(tx: Writing, /, *inner: Any, **named: Any) -> Customer:
                customer: Customer = await unit(tx, *inner, **named)
                self.binding = await self._bind(tx, customer.id)
                return customer

            return await write(both, *args, **kwargs)

        return write_bound

    async def _bind(self, tx: Writing, customer_id: str) -> Binding:
        return await bind(
            tx,
            self._services.click_signer,
            team_id=self._access.team_id,
            project_id=self._access.project_id,
            customer_id=customer_id,
            passed=self._passed,
            source=CUSTOMER,
            at=self._access.time_at(self._now),
            now=self._now,
        )
