"""Whom a partner's portal link stands for: the token in the path is the whole credential (contract section 3.6).

An unknown token, an expired one and that of a suspended partner are refused in the same words. Whoever guesses is slowed down for
each address; a right token is never held up.
"""

from __future__ import annotations

from starlette.requests import Request

from billfold.base.crypto import token_hash
from billfold.domain.partners.portal_links import PartnerGuest, find_guest
from billfold.entrypoints.portal_guest import LinkExpired, refuse_guess
from billfold.entrypoints.services import Services


async def find_partner_guest(request: Request) -> PartnerGuest:
    """Return the partner whom the path's `token` stands for; raises `LinkExpired`, `TooManyGuesses` after too many of those."""
    services: Services = request.app.state.services
    # Whatever was sent is hashed and looked up: a refusal by its form alone would answer sooner than one by its value.
    guest = await services.db.read(find_guest, token_hash(request.path_params["token"]), services.clock.now())
    if guest is None:
        refuse_guess(request)
        raise LinkExpired
    return guest
