"""`/console/{teamId}/{projectId}/catalog`: the products and what they cost; new ones, and old ones put away."""

from __future__ import annotations

from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from billfold.base.errors import NotFound
from billfold.base.ids import new_token
from billfold.base.paging import Page
from billfold.domain.billing import prices, products
from billfold.domain.billing.prices import Price
from billfold.domain.billing.products import LONGEST_DESCRIPTION, LONGEST_NAME, Product, ProductChange
from billfold.domain.tenancy.members import Role
from billfold.entrypoints.web.console.lists import PAGE_SIZE, Filter, Listing, read_listing
from billfold.entrypoints.web.console.recorded import Recorded
from billfold.entrypoints.web.console.visits import Visit, enter
from billfold.entrypoints.web.forms import Form
from billfold.infrastructure.db.database import Reading

_HERE: Final = "/console/{team_id}/{project_id}/catalog"
_FILTERS: Final = (Filter("show", "Show", {"all": "archived too"}, "Not archived", speaks=True),)
# What a list shows of each product; all of them are on its own page.
_PRICES_LISTED: Final = Page(limit=5)
_PRICES_SHOWN: Final = Page(limit=100)
LONGEST_KEY: Final = 64


async def show_list(request: Request) -> Response:
    """Show a page of products with their prices."""
    visit = await enter(request)
    listing = read_listing(request, filters=_FILTERS)
    found = await visit.services.db.read(_read_page, visit.project_id, listing)
    rows, pager = listing.cut(found)
    return visit.show("catalog.html", {"listing": listing, "rows": rows, "pager": pager})


async def _read_page(tx: Reading, project_id: str, listing: Listing) -> list[tuple[Product, list[Price]]]:
    page = Page(limit=PAGE_SIZE + 1, offset=listing.offset)
    active_only = "show" not in listing.chosen
    rows = await products.list_products(tx, project_id, page, active_only=active_only)
    return [
        (each, await prices.list_prices(tx, project_id, each.id, _PRICES_LISTED, active_only=active_only))
        for each in rows
    ]


async def show_one(request: Request) -> Response:
    """Show a product with all its prices."""
    visit = await enter(request)
    product = await visit.services.db.read(products.get, visit.project_id, product_id_of(request))
    found = await visit.services.db.read(
        prices.list_prices, visit.project_id, product.id, _PRICES_SHOWN, active_only=False
    )
    return visit.show("product.html", {"product": product, "prices": found})


async def show_new(request: Request) -> Response:
    """Show the form of a new product."""
    visit = await enter(request, Role.MEMBER)
    return _new_form(visit, Form([]), {})


async def create(request: Request) -> Response:
    """Create a product, in Stripe too."""
    visit = await enter(request)
    form = await visit.form(Role.MEMBER)
    errors = _problems(form)
    key = form.text("key")
    if errors or not key or len(key) > LONGEST_KEY:
        return _new_form(visit, form, errors)
    product = await products.create_in_stripe(
        await visit.services.stripe.gateway(visit.team_id),
        team_id=visit.team_id,
        project_id=visit.project_id,
        name=form.text("name"),
        description=form.text("description") or None,
        metadata={},
        # The form's own key: sent twice, it makes one product at Stripe.
        idempotency_key=f"console-{visit.project_id}-{key}",
        at=visit.at,
        now=visit.now,
    )
    made = await Recorded(visit, "product.created").write(products.add_product, product)
    return visit.done(f"{visit.home}/catalog/{made.id}", f"{made.name} is in the catalog. Give it a price next.")


async def change(request: Request) -> Response:
    """Archive a product, or take it up again."""
    visit = await enter(request)
    form = await visit.form(Role.MEMBER)
    product_id = product_id_of(request)
    is_active = form.text("active") == "yes"
    changed = await products.update_product(
        Recorded(visit, "product.restored" if is_active else "product.archived", product_id),
        await visit.services.stripe.gateway(visit.team_id),
        project_id=visit.project_id,
        product_id=product_id,
        change=ProductChange(is_active=is_active),
        at=visit.at,
        now=visit.now,
    )
    text = f"{changed.name} is for sale again." if is_active else f"{changed.name} is archived: nobody can buy it anew."
    return visit.done(f"{visit.home}/catalog/{product_id}", text)


async def ask_archiving(request: Request) -> Response:
    """Ask before a product is archived."""
    visit = await enter(request, Role.MEMBER)
    product = await visit.services.db.read(products.get, visit.project_id, product_id_of(request))
    here = f"{visit.home}/catalog/{product.id}"
    return visit.show(
        "confirm.html",
        {
            "question": f"Archive {product.name}?",
            "consequences": (
                "Nobody can buy it anew, here and in Stripe. Whoever has it keeps it and goes on paying.",
                "It can be taken up again at any time.",
            ),
            "act": "Archive the product",
            "action": f"{here}/state",
            "back": here,
            "back_words": product.name,
        },
    )


def _problems(form: Form) -> dict[str, str]:
    errors: dict[str, str] = {}
    if not form.text("name"):
        errors["name"] = "Name: say what it is called, such as Team."
    elif len(form.text("name")) > LONGEST_NAME:
        errors["name"] = f"Name: at most {LONGEST_NAME} characters."
    if len(form.text("description")) > LONGEST_DESCRIPTION:
        errors["description"] = f"Description: at most {LONGEST_DESCRIPTION} characters."
    return errors


def _new_form(visit: Visit, form: Form, errors: dict[str, str]) -> Response:
    values = {"form": form, "errors": errors, "key": form.text("key") or new_token(16)}
    return visit.show("product_new.html", values, 400 if errors else 200)


def product_id_of(request: Request) -> str:
    """Return the product of an address, or raise `NotFound` for what can be nobody's id."""
    found: str = request.path_params["product_id"]
    if not (found.startswith("pp_") and found.isascii() and found.isprintable()):
        raise NotFound("There is no such product.")
    return found


ROUTES: Final = [
    Route(_HERE, show_list, methods=["GET"]),
    Route(_HERE, create, methods=["POST"]),
    Route(f"{_HERE}/new", show_new, methods=["GET"]),
    Route(f"{_HERE}/{{product_id}}", show_one, methods=["GET"]),
    Route(f"{_HERE}/{{product_id}}/archiving", ask_archiving, methods=["GET"]),
    Route(f"{_HERE}/{{product_id}}/state", change, methods=["POST"]),
]
