"""`/console/{teamId}/stripe/unassigned`: what is in the Stripe account and in no project, and where to put it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from billfold.base.errors import BillfoldError, NotFound
from billfold.base.paging import Page
from billfold.domain.billing import assignments, raw_objects
from billfold.domain.billing.raw_objects import RawObject, unpacked
from billfold.domain.tenancy.members import Role
from billfold.entrypoints.web.console.lists import Filter, read_listing
from billfold.entrypoints.web.console.recorded import Recorded
from billfold.entrypoints.web.console.visits import Visit, enter

_HERE: Final = "/console/{team_id}/stripe/unassigned"
_CUSTOMER: Final = "customer"
_FILTERS: Final = (Filter("type", "Show", {"product": "products"}, "Customers", speaks=True),)


@dataclass(frozen=True, slots=True)
class Unassigned:
    """An object of Stripe's, by what a person knows it."""

    id: str
    name: str
    email: str
    created: datetime


async def show(request: Request) -> Response:
    """Show a page of customers, or of products; what hangs on a customer comes in with the customer."""
    visit = await enter(request, Role.ADMIN)
    return await _page(visit, None)


async def assign(request: Request) -> Response:
    """Put a customer or product into a project."""
    visit = await enter(request)
    form = await visit.form(Role.ADMIN)
    stripe_id, project_id = form.text("id"), form.text("project")
    if not any(each.team_id == visit.team_id and each.project_id == project_id for each in visit.places):
        raise NotFound("There is no such project.")
    stripe = await visit.services.stripe.gateway(visit.team_id)
    details = {"projectId": project_id, "stripeId": stripe_id}
    wanted: dict[str, Any] = {
        "team_id": visit.team_id,
        "project_id": project_id,
        "write": Recorded(visit, "stripe.assigned", details=details, of_team=True).write,
        "clock": visit.services.clock,
    }
    services, back = visit.services, f"{visit.team_home}/stripe/unassigned"
    try:
        if stripe_id.startswith("cus_"):
            made = await assignments.assign_customer(
                services.db, stripe, services.backfill, stripe_customer_id=stripe_id, **wanted
            )
            text = (
                f"{made.customer.name or made.customer.email} is in the project, with {made.subscriptions} subscriptions "
                f"and {made.invoices} invoices."
            )
            return visit.done(back, text)
        product = await assignments.assign_product(
            services.db, stripe, services.backfill, stripe_product_id=stripe_id, **wanted
        )
    except BillfoldError as error:
        return await _page(visit, error.message)
    return visit.done(
        f"{back}?type=product", f"{product.product.name} is in the project, with {product.prices} prices."
    )


async def _page(visit: Visit, problem: str | None) -> Response:
    listing = read_listing(visit.request, filters=_FILTERS)
    page = Page(limit=listing.limit, offset=listing.offset)
    kind = listing.chosen.get("type", _CUSTOMER)
    found = await visit.services.db.read(raw_objects.list_unassigned, visit.team_id, kind, page)
    rows, pager = listing.cut([_shown(each) for each in found])
    values = {
        "listing": listing,
        "rows": rows,
        "pager": pager,
        "kind": kind,
        "errors": {} if problem is None else {"": problem},
        "projects": [each for each in visit.places if each.team_id == visit.team_id and each.project_id],
    }
    return visit.show("unassigned.html", values, 200 if problem is None else 409)


def _shown(copy: RawObject) -> Unassigned:
    found = unpacked(copy.body) or {}
    name, email = found.get("name"), found.get("email")
    return Unassigned(
        id=copy.stripe_id,
        name=name if isinstance(name, str) else "",
        email=email if isinstance(email, str) else "",
        created=copy.created,
    )


ROUTES: Final = [Route(_HERE, show, methods=["GET"]), Route(_HERE, assign, methods=["POST"])]
