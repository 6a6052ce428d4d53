"""Whom a portal link stands for: the token in the path is the whole credential, for the pages and for the API behind them.

An unknown token, an expired one and that of a deleted customer are refused in the same words (contract G15). Whoever guesses is
slowed down for each address; a right token is never held up.
"""

from __future__ import annotations

from typing import Final

from starlette.requests import Request

from billfold.base.crypto import SealBroken, token_hash
from billfold.base.errors import BillfoldError, Unavailable
from billfold.domain.billing.portal_sessions import PortalGuest, find_guest
from billfold.entrypoints.client_address import client_address
from billfold.entrypoints.services import Services

_RETURN_FIELD: Final = "portal_return"
_LONGEST_HANDLE: Final = 400


class LinkExpired(BillfoldError):
    """The token stands for nobody (any more)."""

    def __init__(self) -> None:
        super().__init__("This link has expired or is not complete. Ask for a new one.")


class TooManyGuesses(Unavailable):
    """The address sent too many tokens that stand for nobody."""


async def find_portal_guest(request: Request) -> PortalGuest:
    """Return the customer whom the path's token stands for; raises `LinkExpired`, or `TooManyGuesses` after too many of those."""
    services: Services = request.app.state.services
    # Whatever was sent is hashed and looked up: a refusal by its form alone would answer sooner than one by its value.
    guest = await services.db.read(find_guest, token_hash(request.path_params["token"]), services.clock.now())
    if guest is None:
        refuse_guess(request)
        raise LinkExpired
    return guest


def refuse_guess(request: Request) -> None:
    """Count a link that stands for nobody; raises `TooManyGuesses` if the address sent too many."""
    services: Services = request.app.state.services
    seconds = services.portal_guesses.spend(client_address(request, services.settings))
    if seconds:
        message = f"Too many links that are not valid. Try again in {seconds} seconds."
        raise TooManyGuesses(message, retry_after_seconds=seconds)


def return_address(request: Request, guest: PortalGuest) -> str:
    """Return where Stripe sends the customer back to: this very link, sealed.

    Stripe keeps the address and repeats it in its events, which we store: the token itself must not stand there.
    """
    return sealed_return(request, "portal", guest.session_id)


def sealed_return(request: Request, surface: str, owner_id: str) -> str:
    """Return an address of `surface` that holds the path's token sealed for its owner; `open_return` opens it."""
    services: Services = request.app.state.services
    sealed = services.sealer.seal(request.path_params["token"], owner=owner_id, field=_RETURN_FIELD)
    return f"{services.settings.public_url}/{surface}/return/{owner_id}.{sealed}"


def open_return(services: Services, handle: str) -> str | None:
    """Return the token that a returning customer's address holds, or None if it is not one of ours."""
    session_id, _, sealed = handle.partition(".")
    if len(handle) > _LONGEST_HANDLE:
        return None
    try:
        return services.sealer.open(sealed, owner=session_id, field=_RETURN_FIELD)
    except (SealBroken, ValueError):
        return None
