"""`/console/…/catalog/{productId}/prices`: what a product costs. A price never changes: a new one replaces an archived one."""

from __future__ import annotations

from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from billfold.base.errors import NotFound
from billfold.base.ids import new_token
from billfold.base.money import LARGEST_AMOUNT
from billfold.domain.billing import prices, products
from billfold.domain.billing.currencies import CURRENCIES
from billfold.domain.billing.prices import LARGEST_INTERVAL_COUNT, LONGEST_NICKNAME, PriceChange
from billfold.domain.billing.products import Product
from billfold.domain.tenancy.members import Role
from billfold.entrypoints.web.amounts import money_text, plain_amount, typed_amount
from billfold.entrypoints.web.console.catalog import LONGEST_KEY, product_id_of
from billfold.entrypoints.web.console.recorded import Recorded
from billfold.entrypoints.web.console.visits import Visit, enter
from billfold.entrypoints.web.forms import Form

_HERE: Final = "/console/{team_id}/{project_id}/catalog/{product_id}/prices"
_EXAMPLE_CENTS: Final = 1900
_INTERVALS: Final = {"month": "a month", "year": "a year", "week": "a week", "day": "a day", "": "once"}


async def show_new(request: Request) -> Response:
    """Show the form of a new price."""
    visit = await enter(request, Role.MEMBER)
    product = await visit.services.db.read(products.get, visit.project_id, product_id_of(request))
    form = Form([("currency", visit.place.currency or "usd"), ("interval", "month"), ("every", "1")])
    return _new_form(visit, product, form, {})


async def create(request: Request) -> Response:
    """Create a price, in Stripe too."""
    visit = await enter(request)
    form = await visit.form(Role.MEMBER)
    product = await visit.services.db.read(products.get, visit.project_id, product_id_of(request))
    errors: dict[str, str] = {}
    currency, interval = form.text("currency").lower(), form.text("interval")
    if currency not in CURRENCIES:
        errors["currency"] = "Currency: give its three letters. It should look like usd."
    amount = typed_amount(form.text("amount"), currency)
    if amount is None or amount > LARGEST_AMOUNT:
        # As the currency is written: of yen there is no hundredth.
        known = currency if currency in CURRENCIES else "usd"
        errors["amount"] = (
            f"Amount: give a number, at most {money_text(LARGEST_AMOUNT, known)}. "
            f"It should look like {plain_amount(_EXAMPLE_CENTS, known)}"
        )
    if interval not in _INTERVALS:
        errors["interval"] = "Paid: choose how often."
    every = form.text("every") or "1"
    most = LARGEST_INTERVAL_COUNT.get(interval, 1)
    if not (every.isascii() and every.isdigit() and len(every) < 5 and 1 <= int(every) <= most):  # noqa: PLR2004 - digits
        errors["every"] = f"Every: a whole number from 1 to {most}."
    if len(form.text("nickname")) > LONGEST_NICKNAME:
        errors["nickname"] = f"Name: at most {LONGEST_NICKNAME} characters."
    key = form.text("key")
    if errors or amount is None or not key or len(key) > LONGEST_KEY:
        return _new_form(visit, product, form, errors)
    price = await prices.create_in_stripe(
        await visit.services.stripe.gateway(visit.team_id),
        product,
        unit_amount=amount,
        currency=currency,
        interval=interval or None,
        interval_count=int(every) if interval else 1,
        nickname=form.text("nickname") or None,
        metadata={},
        # The form's own key: sent twice, it makes one price at Stripe.
        idempotency_key=f"console-{visit.project_id}-{key}",
        at=visit.at,
        now=visit.now,
    )
    await Recorded(visit, "price.created").write(prices.add_price, price)
    return visit.done(f"{visit.home}/catalog/{product.id}", "The price can be used from now on.")


async def change(request: Request) -> Response:
    """Archive a price, or take it up again."""
    visit = await enter(request)
    form = await visit.form(Role.MEMBER)
    product_id, price_id = product_id_of(request), request.path_params["price_id"]
    if not (price_id.startswith("pri_") and price_id.isascii() and price_id.isprintable()):
        raise NotFound("There is no such price.")
    is_active = form.text("active") == "yes"
    await prices.update_price(
        Recorded(visit, "price.restored" if is_active else "price.archived", price_id),
        await visit.services.stripe.gateway(visit.team_id),
        project_id=visit.project_id,
        price_id=price_id,
        change=PriceChange(is_active=is_active),
        at=visit.at,
        now=visit.now,
    )
    text = "The price can be used again." if is_active else "The price is archived. Whoever pays it goes on paying it."
    return visit.done(f"{visit.home}/catalog/{product_id}", text)


def _new_form(visit: Visit, product: Product, form: Form, errors: dict[str, str]) -> Response:
    currency = form.text("currency").lower()
    values = {
        "product": product,
        "example": plain_amount(_EXAMPLE_CENTS, currency if currency in CURRENCIES else "usd"),
        "form": form,
        "errors": errors,
        "key": form.text("key") or new_token(16),
        "intervals": _INTERVALS,
    }
    return visit.show("price_new.html", values, 400 if errors else 200)


ROUTES: Final = [
    Route(_HERE, create, methods=["POST"]),
    Route(f"{_HERE}/new", show_new, methods=["GET"]),
    Route(f"{_HERE}/{{price_id}}/state", change, methods=["POST"]),
]
