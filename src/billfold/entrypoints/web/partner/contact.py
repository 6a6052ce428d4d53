"""`/partner/{token}/profile/contact`: what a partner says of himself: name, company, website, postal address."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any, Final

from starlette.responses import Response

from billfold.base.errors import Invalid, Unavailable
from billfold.domain.billing.linking import CustomerChange, update_customer
from billfold.domain.partners.contacts import Contact, checked_contact, put_contact
from billfold.entrypoints.services import Services
from billfold.entrypoints.web.partner import profile
from billfold.entrypoints.web.partner.visits import PartnerVisit
from billfold.infrastructure.db.database import Database, Writing
from billfold.infrastructure.stripe.port import StripeGateway

_LONGEST_NAME: Final = 200
_LABELS: Final = {"company": "Company", "website": "Website", "postal_address": "Postal address"}


class Together:
    """A `Write` for a verb that asks Stripe first: the unit that it hands over and one more are written as one."""

    def __init__(self, db: Database, also: Callable[[Writing], Awaitable[None]]) -> None:
        self._db = db
        self._also = also

    async def __call__(self, unit: Callable[..., Awaitable[Any]], /, *args: Any, **kwargs: Any) -> Any:
        """Write both."""

        async def both(tx: Writing) -> Any:
            result = await unit(tx, *args, **kwargs)
            await self._also(tx)
            return result

        return await self._db.write(both)


async def save(visit: PartnerVisit) -> Response:
    """Keep his name, company, website and postal address."""
    form = await visit.form()
    contact = Contact(
        visit.partner.id,
        visit.guest.project_id,
        form.text("company"),
        form.text("website"),
        form.text("postal_address"),
        visit.at,
    )
    errors: dict[str, str] = {}
    name = " ".join(form.text("name").split())
    if not 0 < len(name) <= _LONGEST_NAME or not name.isprintable():
        errors["name"] = f"Name: give it in 1 to {_LONGEST_NAME} characters."
    try:
        checked_contact(contact)
    except Invalid as error:
        first, _, rest = error.message.partition(" ")
        errors[first] = f"{_LABELS.get(first, first)} {rest}"
    if errors:
        return await profile.page(visit, form, errors)
    if name == visit.guest.name:
        await visit.services.db.write(_keep, visit=visit, contact=contact)
        return visit.done("/profile", "contact")

    try:
        await update_customer(
            visit.services.db,
            await gateway_if_any(visit.services, visit.guest.team_id),
            project_id=visit.guest.project_id,
            customer_id=visit.guest.customer_id,
            change=CustomerChange(name=name),
            write=Together(visit.services.db, partial(_keep, visit=visit, contact=contact)),
            at=visit.at,
            now=visit.now,
        )
    except Unavailable:
        return await profile.page(visit, form, {"name": "Name: it cannot be changed at the moment. Try again later."})
    return visit.done("/profile", "contact")


async def _keep(tx: Writing, *, visit: PartnerVisit, contact: Contact) -> None:
    await put_contact(tx, contact)
    await visit.note(tx, "partner_contact.changed")


async def gateway_if_any(services: Services, team_id: str) -> StripeGateway | None:
    """Return the team's account at Stripe, None without one."""
    try:
        return await services.stripe.gateway(team_id)
    except Invalid:
        # A team without Stripe has customers whom Stripe does not know.
        return None
