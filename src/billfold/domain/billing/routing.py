"""Which project an object of Stripe's belongs to, in the order of contract G20.

1. Our own row: once an object is known, it stays where it is.
2. The object's own `project_id` metadata, which checkout stamps on everything that it makes.
3. The one project that has the object's customer. Where several projects have him, the `project_id` on the Stripe customer
   decides between them, and only between them: anybody with access to Stripe's dashboard can edit metadata.

Metadata that names a project of another team, or one that does not have the customer, leads nowhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from billfold.base.errors import NotFound
from billfold.domain.billing import customers
from billfold.domain.billing.customers import Customer
from billfold.domain.billing.metadata import PROJECT_STAMP
from billfold.domain.tenancy.projects import get_project
from billfold.infrastructure.db.database import Reading


@dataclass(frozen=True, slots=True)
class Route:
    """Where an object belongs; `customer_id` is the project's own customer (pc_) if it has him."""

    project_id: str
    customer_id: str | None


class Unrouted(Exception):
    """No project can be named; the message is kept with the event and shown to people."""


class CustomerNeeded(Exception):
    """Several projects have this customer: fetch him from Stripe and route again with his stamp."""

    def __init__(self, stripe_customer_id: str) -> None:
        super().__init__(stripe_customer_id)
        self.stripe_customer_id = stripe_customer_id


class ProductNeeded(Exception):
    """The product of a price is unknown: fetch it from Stripe and try again with it."""

    def __init__(self, stripe_product_id: str) -> None:
        super().__init__(stripe_product_id)
        self.stripe_product_id = stripe_product_id


@dataclass(frozen=True, slots=True)
class Fetched:
    """The Stripe customer's own `project_id` stamp, once somebody asked Stripe; `project_id` is None without a stamp."""

    project_id: str | None


async def stamped_project(tx: Reading, team_id: str, metadata: Mapping[str, str]) -> str | None:
    """Return the project that an object's metadata names, or None; `Unrouted` if it is not a project of this team."""
    project_id = metadata.get(PROJECT_STAMP)
    if not project_id:
        return None
    try:
        project = await get_project(tx, team_id=team_id, project_id=project_id)
    except NotFound as error:
        raise Unrouted("The object's project_id metadata names no project of this team.") from error
    return project.id


async def route(
    tx: Reading,
    *,
    team_id: str,
    stripe_customer_id: str | None,
    stamps: Sequence[Mapping[str, str]],
    customer_stamp: Fetched | None = None,
) -> Route:
    """Route an object that none of our rows knows, by its metadata (the first that is stamped counts) and its customer.

    Raises `Unrouted`, or `CustomerNeeded` if only the Stripe customer's own stamp can decide.
    """
    holders = [] if stripe_customer_id is None else await customers.find_by_stripe_id(tx, team_id, stripe_customer_id)
    for metadata in stamps:
        project_id = await stamped_project(tx, team_id, metadata)
        if project_id is not None:
            return Route(project_id, _customer_in(holders, project_id))
    if not holders:
        raise Unrouted("No project of this team has this Stripe customer.")
    if len(holders) == 1:
        return Route(holders[0].project_id, holders[0].id)
    if customer_stamp is None:
        raise CustomerNeeded(stripe_customer_id or "")
    for holder in holders:
        if holder.project_id == customer_stamp.project_id:
            return Route(holder.project_id, holder.id)
    raise Unrouted("Several projects have this Stripe customer, and its project_id metadata names none of them.")


def required_customer(route: Route) -> str:
    """Return the project's customer of a route, or raise `Unrouted`: subscriptions and invoices always have one."""
    if route.customer_id is None:
        raise Unrouted("The project named by the metadata does not have this Stripe customer.")
    return route.customer_id


def _customer_in(holders: Sequence[Customer], project_id: str) -> str | None:
    return next((holder.id for holder in holders if holder.project_id == project_id), None)
