"""`/partner/{token}/profile/email` and `/partner/address/{handle}`: under which address a partner is known.

The address is what he signs in with, and whoever can sign in says where the money goes. So changing it takes a fresh sign-in, a
link that is mailed to the new address, and a mail to the old one.
"""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Final

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from billfold.base.errors import BillfoldError, Conflict, Invalid
from billfold.domain.billing.customers import Customer, checked_email, find_by_email, normalised_email
from billfold.domain.billing.customers import get as get_customer
from billfold.domain.billing.linking import CustomerChange, update_customer
from billfold.domain.partners.letter_settings import sender_of
from billfold.domain.partners.letters import PartnerLetter
from billfold.domain.partners.partners import find_partner
from billfold.domain.tenancy.attempts import attempt_key, take
from billfold.domain.tenancy.audit_log import record
from billfold.domain.tenancy.teams import get_team
from billfold.entrypoints.client_address import client_address
from billfold.entrypoints.partner_letters import PartnerLetters
from billfold.entrypoints.sealed_links import link_handle, open_handle
from billfold.entrypoints.services import Services
from billfold.entrypoints.sign_in import wait_text
from billfold.entrypoints.web.forms import read_form
from billfold.entrypoints.web.pages import render
from billfold.entrypoints.web.partner import profile
from billfold.entrypoints.web.partner.contact import Together, gateway_if_any
from billfold.entrypoints.web.partner.visits import PartnerVisit, partner_actor, project_brand
from billfold.entrypoints.web.portal.brand import Brand
from billfold.infrastructure.db.database import Reading, Writing
from billfold.infrastructure.mail.letters import mailable_address

_LIVES: Final = timedelta(hours=24)
_ASKED: Final = (5, timedelta(hours=1))
HANDLE_FIELD: Final = "new address"
_TAKEN: Final = "This address cannot be used here. Give another one, or ask those who run the program."
_DEAD: Final = "It is more than a day old, or was used before. Ask for another one on your profile."


class AddressWish(msgspec.Struct, frozen=True):
    """What the link in such a mail stands for: it works while the partner has the old address; `until` is a second."""

    partner_id: str
    old: str
    new: str
    until: int


async def ask_for_address(visit: PartnerVisit) -> Response:
    """Mail a link to a new address: takes a fresh sign-in."""
    form = await visit.form()
    visit.require_fresh()
    try:
        address = checked_email(form.text("new_email"))
        mailable_address(address)
    except Invalid:
        error = "E-mail: give the whole address. It should look like jane@example.com."
        return await profile.page(visit, form, {"new_email": error})
    if normalised_email(address) == normalised_email(visit.guest.email):
        return await profile.page(visit, form, {"new_email": "E-mail: this is the address that you have."})
    seconds = await visit.services.db.write(_ask, visit, address)
    if seconds:
        error = f"E-mail: too many links were asked for. Wait {wait_text(seconds)}."
        return await profile.page(visit, form, {"new_email": error})
    return visit.done("/profile", "address")


async def show_link(request: Request) -> Response:
    """Show the button that makes the new address his."""
    return await _link_page(request, is_done=False)


async def use_link(request: Request) -> Response:
    """Make the new address his, and tell the old one."""
    services: Services = request.app.state.services
    await read_form(request, None)
    found = _opened(request)
    customer = None if found is None else await services.db.read(_standing, *found)
    if found is None or customer is None:
        return _dead(request, _DEAD)
    project_id, wish = found
    now = services.clock.now()

    try:
        await update_customer(
            services.db,
            await gateway_if_any(services, customer.team_id),
            project_id=project_id,
            customer_id=customer.id,
            change=CustomerChange(email=wish.new),
            write=Together(services.db, partial(_tell, request=request, before=customer, wish=wish)),
            at=(await services.db.read(get_team, customer.team_id)).time_at(now),
            now=now,
        )
    except Conflict:
        return _dead(request, _TAKEN)
    except BillfoldError:
        return _dead(request, "The address cannot be changed at the moment. Open the link again later.", 503)
    return await _link_page(request, is_done=True)


async def _ask(tx: Writing, visit: PartnerVisit, address: str) -> int:
    """Mail the link, unless somebody else holds the address, which is told to nobody; return how long to wait if too many."""
    guest = visit.guest
    seconds = await take(tx, attempt_key("new address of", guest.project_id, visit.partner.id), *_ASKED, visit.now)
    if seconds:
        return seconds
    if await find_by_email(tx, guest.project_id, address) is not None:
        return 0
    until = visit.now + _LIVES
    wish = AddressWish(visit.partner.id, normalised_email(guest.email), address, int(until.timestamp()))
    handle = link_handle(
        visit.services.sealer, guest.project_id, msgspec.json.encode(wish).decode(), field=HANDLE_FIELD
    )
    url = f"{visit.services.settings.public_url}/partner/address/{handle}"
    letter = PartnerLetter(
        "address_asked", guest.team_id, guest.project_id, address, None, {"confirm": url}, good_until=until
    )
    await _letters(visit.services).send(tx, letter, now=visit.now)
    return 0


async def _tell(tx: Writing, *, request: Request, before: Customer, wish: AddressWish) -> None:
    """Tell the old address which one is his now, and write down that he changed it."""
    services: Services = request.app.state.services
    now = services.clock.now()
    letter = PartnerLetter(
        "address_changed", before.team_id, before.project_id, before.email, before.name, {"new": wish.new}
    )
    await _letters(services).send(tx, letter, now=now)
    partner = await find_partner(tx, before.project_id, wish.partner_id)
    await record(
        tx,
        team_id=before.team_id,
        project_id=before.project_id,
        actor=partner_actor(before.id, partner, client_address(request, services.settings)),
        action="partner_address.changed",
        subject=wish.partner_id,
        now=now,
    )


def _letters(services: Services) -> PartnerLetters:
    return PartnerLetters(services.mail, services.sealer, services.settings)


def _opened(request: Request) -> tuple[str, AddressWish] | None:
    services: Services = request.app.state.services
    found = open_handle(services.sealer, request.path_params["handle"], field=HANDLE_FIELD)
    if found is None:
        return None
    wish = msgspec.json.decode(found[1], type=AddressWish)
    return (found[0], wish) if services.clock.now().timestamp() < wish.until else None


async def _link_page(request: Request, *, is_done: bool) -> Response:
    services: Services = request.app.state.services
    found = _opened(request)
    if found is None or (not is_done and await services.db.read(_standing, *found) is None):
        return _dead(request, _DEAD)
    brand = await services.db.read(_brand, found[0], found[1].partner_id)
    if brand is None:
        return _dead(request, _DEAD)
    context = {
        "brand": brand,
        "address": found[1].new,
        "is_done": is_done,
        "action": request.url.path,
        "sign_in": f"/partner/sign-in/{found[0]}",
    }
    return render(request, "partner/address.html", context)


async def _standing(tx: Reading, project_id: str, wish: AddressWish) -> Customer | None:
    """Return the customer whose address a link changes, None if it is another one by now."""
    partner = await find_partner(tx, project_id, wish.partner_id)
    if partner is None:
        return None
    try:
        customer = await get_customer(tx, project_id, partner.customer_id)
    except BillfoldError:
        return None
    return customer if normalised_email(customer.email) == wish.old else None


async def _brand(tx: Reading, project_id: str, partner_id: str) -> Brand | None:
    if await find_partner(tx, project_id, partner_id) is None:
        return None
    return await project_brand(tx, project_id, (await sender_of(tx, project_id)).brand)


def _dead(request: Request, text: str, status: int = 410) -> Response:
    return render(request, "partner/dead.html", {"wait": None, "text": text}, status)
