"""`POST /api/referral/convert`: an address came with somebody's code (contract section 9.2, B1 to B8, B16). A hot path.

Called by an app's backend or page during registration, without a key. The answer is sent after the commit that holds the
conversion; many calls share one (`infrastructure/db/batch.py`). Every reason not to convert has the same answer, so the route
tells a stranger nothing but that a code converted.
"""

from __future__ import annotations

from typing import Any, Final

import msgspec
from disposable_email_domains import blocklist

from billfold.base.errors import Invalid
from billfold.domain.billing.customers import checked_email
from billfold.domain.referrals import sign_ups
from billfold.domain.referrals.sign_ups import SignUpClaim, SignUpProgram
from billfold.entrypoints.api.referral.answers import ConvertData, Refused, TooMany
from billfold.entrypoints.client_address import client_address
from billfold.entrypoints.limits import Receive, Scope, network_of, whole_body
from billfold.entrypoints.rate_limits import RateLimit, is_loopback
from billfold.entrypoints.services import Services
from billfold.infrastructure.db.ahead import AheadBatcher, Halves
from billfold.infrastructure.db.batch import Batcher
from billfold.infrastructure.db.pressure import DOORS

LONGEST_CODE: Final = 20
LONGEST_EMAIL: Final = 255
NO_PROJECT: Final = (
    "Validation error: which project this is for cannot be told. Give the program for sign-ups this host, set "
    "BILLFOLD_REFERRAL_PROJECT, or run one such program only."
)
_ADDRESS_WINDOW_SECONDS: Final = 15 * 60
_CODE_WINDOW_SECONDS: Final = 60 * 60
_NOT_CONVERTED: Final = ConvertData(converted=False, referrer_id=None)


_REGISTER: Final = Halves(sign_ups.register, sign_ups.look_up, sign_ups.write_looked_up)


class _Given(msgspec.Struct, rename="camel"):
    """The body as it was sent; unknown fields are ignored (contract B16)."""

    referral_code: Any = None
    email: Any = None


_decode = msgspec.json.Decoder(_Given).decode


class Convert:
    """The route, with its limits and its batch."""

    def __init__(self, services: Services) -> None:
        settings = services.settings
        self._services = services
        self._by_address = RateLimit(settings.referral_address_limit, _ADDRESS_WINDOW_SECONDS)
        self._by_code = RateLimit(settings.referral_code_limit, _CODE_WINDOW_SECONDS)
        self._batch = (
            AheadBatcher(services.db, _REGISTER)
            if services.db.units_side_by_side == 1
            else Batcher(services.db, sign_ups.register)
        )

    async def answer(self, scope: Scope, receive: Receive, program: SignUpProgram | None) -> ConvertData:
        """Return what one call is answered; raises `Refused`, `Invalid` or `TooMany`."""
        self._limit_address(scope)
        _require_json(scope)
        code, email = _checked(await whole_body(receive))
        if program is None:
            raise Refused(400, NO_PROJECT)
        # As it is stored, so that another spelling is no other code.
        seconds = self._by_code.take(f"{program.project_id} {code.strip().upper()}")
        if seconds:
            raise TooMany(seconds)
        if program.refuse_disposable and is_disposable(email):
            return _NOT_CONVERTED
        DOORS.note(1)
        result = await self._batch.add(SignUpClaim(program.project_id, code, email, self._services.clock.now()))
        return ConvertData(converted=result.converted, referrer_id=result.referrer_id)

    def _limit_address(self, scope: Scope) -> None:
        address = client_address(scope, self._services.settings)
        # Backends beside the server call for all of their users.
        if is_loopback(address):
            return
        seconds = self._by_address.take(network_of(address))
        if seconds:
            raise TooMany(seconds)


def is_disposable(email: str) -> bool:
    """Tell whether an address is of a domain that gives mailboxes away for minutes, or of one below it."""
    domain = email.strip().rpartition("@")[2].lower().rstrip(".")
    while domain:
        if domain in blocklist:
            return True
        domain = domain.partition(".")[2]
    return False


def _checked(body: bytes) -> tuple[str, str]:
    try:
        given = _decode(body)
    except msgspec.ValidationError:
        raise Invalid("the body must be a JSON object with referralCode and email.") from None
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        raise Invalid("the body is not valid JSON.") from None
    code = given.referral_code
    if not isinstance(code, str) or not 1 <= len(code) <= LONGEST_CODE:
        raise Invalid(f"referralCode must be a text of 1 to {LONGEST_CODE} characters.")
    if not isinstance(given.email, str):
        raise Invalid("email must be an e-mail address.")
    return code, checked_email(given.email, longest=LONGEST_EMAIL)


def _require_json(scope: Scope) -> None:
    for name, value in scope["headers"]:
        if name == b"content-type":
            media_type = value.partition(b";")[0].strip().lower()
            if media_type != b"application/json" and not media_type.endswith(b"+json"):
                raise Refused(415, "Send the body as JSON, with Content-Type: application/json.")
