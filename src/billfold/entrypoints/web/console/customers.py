"""`/console/{teamId}/{projectId}/customers`: the list, one customer's whole story, and what can be done with him."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from billfold.base.errors import Conflict, Invalid, NotFound
from billfold.base.ids import new_token
from billfold.domain.analytics import customer_list, customer_story
from billfold.domain.analytics.customer_list import MOST_FOUND, CustomerLine
from billfold.domain.analytics.customer_story import CustomerStory
from billfold.domain.billing import customers, linking
from billfold.domain.billing.customers import LONGEST_NAME, checked_email
from billfold.domain.billing.invoice_links import shown_link
from billfold.domain.referrals.credit_settings import create_customer_code
from billfold.domain.tenancy.members import Role
from billfold.domain.wallets.wallets import holdings
from billfold.entrypoints.web.amounts import unit_text
from billfold.entrypoints.web.console import statuses
from billfold.entrypoints.web.console.happenings import happenings
from billfold.entrypoints.web.console.lists import PAGE_SIZE, Filter, Listing, csv_answer, read_listing, wants_csv
from billfold.entrypoints.web.console.recorded import Recorded
from billfold.entrypoints.web.console.visits import Visit, enter
from billfold.entrypoints.web.forms import Form
from billfold.infrastructure.db.database import Reading

_HERE: Final = "/console/{team_id}/{project_id}/customers"
_FILTERS: Final = (
    Filter("status", "Status", {name: status.word for name, status in statuses.SUBSCRIPTION.items()}, "Any status"),
)
_EXPORTED_AT_ONCE: Final = 1_000
_BEGINNING: Final = (datetime(1970, 1, 1, tzinfo=UTC), "")
_RUNNING: Final = frozenset({"active", "trialing", "past_due"})
_LONGEST_KEY: Final = 64


@dataclass(frozen=True, slots=True)
class _ListPage:
    rows: list[CustomerLine]
    standings: dict[str, customer_list.Standing]
    referred: dict[str, str]


async def show_list(request: Request) -> Response:
    """Show a page of customers, or all that fit as CSV."""
    visit = await enter(request)
    listing = read_listing(
        request, filters=_FILTERS, sorts=("newest", "oldest"), search_label="Name, e-mail or Stripe id"
    )
    if wants_csv(request):
        return csv_answer(
            "customers",
            ("id", "name", "email", "stripe_customer_id", "status", "product", "came_by", "created_at"),
            _exported(visit, listing),
        )
    page = await visit.services.db.read(_read_page, visit.project_id, listing)
    rows, pager = listing.cut(page.rows)
    return visit.show(
        "customers.html",
        {
            "listing": listing,
            "rows": rows,
            "pager": pager,
            "is_cut": bool(listing.q) and len(page.rows) > PAGE_SIZE,
            "standings": page.standings,
            "referred": page.referred,
            "status_of": lambda value: statuses.status_of(statuses.SUBSCRIPTION, value),
            "public_url": visit.services.settings.public_url,
        },
    )


async def _read_page(tx: Reading, project_id: str, listing: Listing) -> _ListPage:
    status = listing.chosen.get("status")
    if listing.q:
        rows = await customer_list.find_customers(tx, project_id, listing.q)
        standings = await customer_list.standings_of(tx, project_id, [each.id for each in rows[:MOST_FOUND]])
        if status is not None:
            rows = [each for each in rows if each.id in standings and standings[each.id].status == status]
        rows = rows[listing.offset : listing.offset + listing.limit]
    else:
        rows = await customer_list.list_customers(
            tx, project_id, status=status, sort=listing.sort, limit=listing.limit, offset=listing.offset
        )
        standings = await customer_list.standings_of(tx, project_id, [each.id for each in rows])
    referred = await customer_list.referrals_to(tx, project_id, [each.id for each in rows])
    return _ListPage(rows, standings, referred)


async def _exported(visit: Visit, listing: Listing) -> AsyncIterator[Sequence[Sequence[object]]]:
    """Yield everybody who fits the filters, in the order in which they came."""
    db, status = visit.services.db, listing.chosen.get("status")
    after, is_last = _BEGINNING, False
    while not is_last:
        if listing.q:
            rows, is_last = await db.read(customer_list.find_customers, visit.project_id, listing.q), True
        else:
            rows = await db.read(customer_list.export_customers, visit.project_id, after=after, limit=_EXPORTED_AT_ONCE)
            is_last = len(rows) < _EXPORTED_AT_ONCE
            if rows:
                after = (rows[-1].created_at, rows[-1].id)
        ids = [each.id for each in rows]
        standings = await db.read(customer_list.standings_of, visit.project_id, ids)
        referred = await db.read(customer_list.referrals_to, visit.project_id, ids)
        yield [
            _row(each, standings.get(each.id), is_referred=each.id in referred)
            for each in rows
            if status is None or (each.id in standings and standings[each.id].status == status)
        ]


def _row(line: CustomerLine, standing: customer_list.Standing | None, *, is_referred: bool) -> tuple[object, ...]:
    return (
        line.id, line.name, line.email, line.stripe_customer_id, standing.status if standing else "",
        standing.product if standing else "", "referral" if is_referred else "direct", line.created_at.isoformat(),
    )  # fmt: skip


async def show_one(request: Request) -> Response:
    """Show one customer's story."""
    visit = await enter(request)
    customer_id = _customer_id(request)
    db = visit.services.db
    story = await db.read(customer_story.story_of, visit.project_id, customer_id)
    held = await db.read(holdings, project_id=visit.project_id, customer_id=customer_id, at=visit.at)
    paid: dict[str, int] = {}
    for each in story.invoices:
        if each.amount_paid:
            paid[each.currency] = paid.get(each.currency, 0) + each.amount_paid
    running = [each for each in story.subscriptions if each.status in _RUNNING]
    shown = running or story.subscriptions
    return visit.show(
        "customer.html",
        {
            "story": story,
            "status": statuses.status_of(statuses.SUBSCRIPTION, shown[0].status) if shown else None,
            "pays": [each for each in running if each.currency],
            "paid": paid,
            "credits": _credits(story),
            "holdings": held,
            "happened": happenings(story, visit.home),
            "shown_link": shown_link,
            "public_url": visit.services.settings.public_url,
            "subscription_status": lambda value: statuses.status_of(statuses.SUBSCRIPTION, value),
            "invoice_status": lambda value: statuses.status_of(statuses.INVOICE, value),
            "referral_status": lambda value: statuses.status_of(statuses.REFERRAL, value),
            "event_status": lambda value: statuses.status_of(statuses.STRIPE_EVENT, value),
        },
    )


def _credits(story: CustomerStory) -> dict[str, str]:
    """Return for each referral that this customer made what the customer earned by it, in words."""
    earned: dict[tuple[str, str], int] = {}
    for each in story.rewards:
        key = (each.referral_id, each.unit)
        earned[key] = earned.get(key, 0) + each.amount
    found: dict[str, str] = {}
    for (referral_id, unit), amount in earned.items():
        words = unit_text(amount, unit)
        found[referral_id] = f"{found[referral_id]}, {words}" if referral_id in found else words
    return found


async def show_new(request: Request) -> Response:
    """Show the form of a new customer."""
    visit = await enter(request, Role.MEMBER)
    return _new_form(visit, Form([]), {})


async def create(request: Request) -> Response:
    """Add a customer."""
    visit = await enter(request)
    form = await visit.form(Role.MEMBER)
    errors: dict[str, str] = {}
    email, name = _checked(form, errors)
    key = form.text("key")
    if errors or not key or len(key) > _LONGEST_KEY:
        return _new_form(visit, form, errors)
    wanted = linking.CustomerRequest(
        team_id=visit.team_id, project_id=visit.project_id, email=email, name=name, metadata={}
    )
    stripe = await visit.services.stripe.gateway(visit.team_id)
    recorded = Recorded(visit, "customer.created")
    try:
        made = await linking.create_customer(
            visit.services.db,
            stripe,
            wanted,
            # The form's own key: sent twice, it makes one customer at Stripe.
            idempotency_key=f"console-{visit.project_id}-{key}",
            write=recorded.write,
            at=visit.at,
            now=visit.now,
        )
    except Conflict as error:
        return _new_form(visit, form, {"email": error.message}, 409)
    return visit.done(f"{visit.home}/customers/{made.id}", f"{made.name or made.email} is a customer now.")


def _new_form(visit: Visit, form: Form, errors: dict[str, str], status: int = 200) -> Response:
    if errors and status == 200:  # noqa: PLR2004 - HTTP's number
        status = 400
    values = {"form": form, "errors": errors, "key": form.text("key") or new_token(16)}
    return visit.show("customer_new.html", values, status)


async def show_edit(request: Request) -> Response:
    """Show the form of a customer's details."""
    visit = await enter(request, Role.MEMBER)
    found = await visit.services.db.read(customers.get, visit.project_id, _customer_id(request))
    form = Form([("email", found.email), ("name", found.name or "")])
    return visit.show("customer_edit.html", {"customer": found, "form": form, "errors": {}})


async def change(request: Request) -> Response:
    """Change a customer's address and name, in Stripe too."""
    visit = await enter(request)
    form = await visit.form(Role.MEMBER)
    found = await visit.services.db.read(customers.get, visit.project_id, _customer_id(request))
    errors: dict[str, str] = {}
    email, name = _checked(form, errors)
    if not errors:
        stripe = await visit.services.stripe.gateway(visit.team_id)
        try:
            await linking.update_customer(
                Recorded(visit, "customer.updated", found.id),
                stripe,
                project_id=visit.project_id,
                customer_id=found.id,
                change=linking.CustomerChange(email=email, name=name or ""),
                at=visit.at,
                now=visit.now,
            )
        except Conflict as error:
            errors["email"] = error.message
        else:
            return visit.done(f"{visit.home}/customers/{found.id}", "The details are changed, here and in Stripe.")
    return visit.show("customer_edit.html", {"customer": found, "form": form, "errors": errors}, 400)


async def ask_deletion(request: Request) -> Response:
    """Ask before a customer is deleted."""
    visit = await enter(request, Role.MEMBER)
    found = await visit.services.db.read(customers.get, visit.project_id, _customer_id(request))
    here = f"{visit.home}/customers/{found.id}"
    return visit.show(
        "confirm.html",
        {
            "question": f"Delete {found.name or found.email}?",
            "consequences": (
                "The customer disappears here, and the referral code stops working. What was paid and earned stays in the books.",
                "In Stripe nothing changes: the customer, the subscriptions and the invoices stay, and go on.",
            ),
            "act": "Delete the customer",
            "action": f"{here}/deletion",
            "back": here,
            "back_words": found.name or found.email,
        },
    )


async def delete(request: Request) -> Response:
    """Delete a customer here, not in Stripe."""
    visit = await enter(request)
    await visit.form(Role.MEMBER)
    customer_id = _customer_id(request)
    await Recorded(visit, "customer.deleted", customer_id).write(
        customers.delete_customer, project_id=visit.project_id, customer_id=customer_id, at=visit.at, now=visit.now
    )
    return visit.done(f"{visit.home}/customers", "The customer is deleted here. In Stripe nothing changed.")


async def give_code(request: Request) -> Response:
    """Give a customer a referral code, or show the one that he has."""
    visit = await enter(request)
    await visit.form(Role.MEMBER)
    code, _ = await Recorded(visit, "referral_code.created").write(
        create_customer_code, project_id=visit.project_id, customer_id=_customer_id(request), at=visit.at
    )
    return visit.done(f"{visit.home}/customers/{code.customer_id}", f"The code is {code.code}.")


def _checked(form: Form, errors: dict[str, str]) -> tuple[str, str | None]:
    name: Any = form.text("name")
    if len(name) > LONGEST_NAME:
        errors["name"] = f"Name: at most {LONGEST_NAME} characters."
    try:
        return checked_email(form.text("email")), name or None
    except Invalid:
        errors["email"] = "E-mail: give the whole address. It should look like jane@example.com."
        return "", None


def _customer_id(request: Request) -> str:
    found: str = request.path_params["customer_id"]
    if not (found.startswith("pc_") and found.isascii() and found.isprintable()):
        raise NotFound("There is no such customer.")
    return found


async def _to_story(request: Request) -> Response:
    return RedirectResponse(request.url.path.rpartition("/")[0], 303)


ROUTES: Final = [
    Route(_HERE, show_list, methods=["GET"]),
    Route(_HERE, create, methods=["POST"]),
    Route(f"{_HERE}/new", show_new, methods=["GET"]),
    Route(f"{_HERE}/{{customer_id}}", show_one, methods=["GET"]),
    Route(f"{_HERE}/{{customer_id}}/edit", show_edit, methods=["GET"]),
    Route(f"{_HERE}/{{customer_id}}/edit", change, methods=["POST"]),
    Route(f"{_HERE}/{{customer_id}}/deletion", ask_deletion, methods=["GET"]),
    Route(f"{_HERE}/{{customer_id}}/deletion", delete, methods=["POST"]),
    Route(f"{_HERE}/{{customer_id}}/codes", give_code, methods=["POST"]),
    Route(f"{_HERE}/{{customer_id}}/codes", _to_story, methods=["GET"]),
]
