"""The clickable checkout of the simulator: `GET|POST /simulator/{teamId}/checkout/{sessionId}`.

As at Stripe, whoever knows the session's id may pay it: the id holds more than 300 random bits, and it opens nothing else. A
session is looked for only in the simulated account of the team in the address. The page works without JavaScript.
"""

from __future__ import annotations

import re
from importlib.resources import files
from typing import Any, Final
from urllib.parse import parse_qs, quote, urlsplit

import jinja2
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from billfold.entrypoints.web.amounts import date_text, minute_text, money_text
from billfold.infrastructure.stripe_simulator import Simulator
from billfold.infrastructure.stripe_simulator.checkout_view import CheckoutView
from billfold.infrastructure.stripe_simulator.errors import StripeError
from billfold.infrastructure.stripe_simulator.payment_methods import BRANDS, FAILS_LATER, PAYS, REFUSES, VISA

_BANKS: Final = {"pay": PAYS, "later": FAILS_LATER, "no": REFUSES}
_BRANDS: Final = {
    "visa": "Visa ending 4242",
    "mastercard": "Mastercard ending 4444",
    "amex": "American Express ending 8431",
}
_PLACE_HOLDER: Final = "{CHECKOUT_SESSION_ID}"
_HOST: Final = re.compile(r"[A-Za-z0-9.\-]+(:\d{1,5})?|\[[0-9A-Fa-f:]+\](:\d{1,5})?")
_PAYS: Final = {
    "subscription": "now and at every renewal",
    "payment": "the whole amount",
    "setup": "whenever it is charged",
}
_FORM_LIMIT: Final = 4_096
_EMAIL: Final = re.compile(r"[^@\s]+@[^@\s]+")
_STATIC: Final = {"ui.css": "text/css", "emblem.svg": "image/svg+xml"}

_templates = jinja2.Environment(
    loader=jinja2.PackageLoader("billfold.entrypoints.web", "templates"),
    autoescape=True,
    undefined=jinja2.StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_templates.filters.update(money=money_text, date=date_text, minute=minute_text)


def checkout_routes(simulator: Simulator) -> list[Route]:
    """Return the page's routes and those of its stylesheet and icon."""

    async def show(request: Request) -> Response:
        view = await _view(request)
        return _page(request, view)

    async def pay(request: Request) -> Response:
        view = await _view(request)
        if view is None or view.status == "expired":
            return _page(request, view)
        if view.status == "complete":
            return _to_seller(view)
        form = await _read_form(request)
        email, outcome = form.get("email", "").strip(), form.get("outcome", "pay")
        brand = form.get("brand", VISA)
        problem = _problem(view, email, outcome)
        if problem is not None:
            return _page(request, view, error=problem, email=email, outcome=outcome, status=400)
        try:
            await simulator.complete_checkout(
                request.path_params["team_id"],
                view.session_id,
                bank=_BANKS[outcome],
                email=view.email or email,
                brand=brand if brand in BRANDS else VISA,
            )
        except StripeError:
            # Somebody else finished or closed it between our look and our act: show what it is now.
            return _page(request, await _view(request), status=409)
        if outcome == "no":
            refused = (
                "The card was refused",
                "There is not enough money on it, so nothing was paid. Choose what the bank should do and try again.",
            )
            return _page(request, view, error=refused, email=email, outcome="pay", status=402)
        return _to_seller(view)

    async def _view(request: Request) -> CheckoutView | None:
        return await simulator.find_checkout(request.path_params["team_id"], request.path_params["session_id"])

    path = "/{team_id}/checkout/{session_id}"
    return [
        Route(path, show, methods=["GET"]),
        Route(path, pay, methods=["POST"]),
        *(_static_route(name, media_type) for name, media_type in _STATIC.items()),
    ]


def _static_route(name: str, media_type: str) -> Route:
    content = (files("billfold.entrypoints.web") / "static" / name).read_bytes()
    headers = {"cache-control": "public, max-age=3600", "x-content-type-options": "nosniff"}

    async def send(request: Request) -> Response:
        del request
        return Response(content, media_type=media_type, headers=headers)

    return Route(f"/static/{name}", send, methods=["GET"])


async def _read_form(request: Request) -> dict[str, str]:
    body = await request.body()
    if len(body) > _FORM_LIMIT:
        return {}
    return {name: values[-1] for name, values in parse_qs(body.decode("utf-8", "replace"), max_num_fields=20).items()}


def _problem(view: CheckoutView, email: str, outcome: str) -> tuple[str, str] | None:
    if view.email is None and not _EMAIL.fullmatch(email):
        return "E-mail: give the whole address", "It should look like wren@example.com."
    if outcome not in _BANKS or (outcome == "later" and view.mode == "payment"):
        return "Choose what the bank should do", "It can pay or refuse."
    return None


def _to_seller(view: CheckoutView) -> Response:
    return RedirectResponse(_success_url(view), status_code=303)


def _success_url(view: CheckoutView) -> str:
    return view.success_url.replace(_PLACE_HOLDER, view.session_id)


def _page(
    request: Request,
    view: CheckoutView | None,
    *,
    error: tuple[str, str] | None = None,
    email: str | None = None,
    outcome: str = "pay",
    status: int = 200,
) -> Response:
    root = request.scope.get("root_path", "")
    values: dict[str, Any] = {
        "view": view,
        "title": "No such checkout",
        "static": f"{root}/static",
        "error": None if error is None else {"title": error[0], "text": error[1]},
        "outcome": outcome,
    }
    if view is not None:
        saving = view.mode == "setup"
        press = "Save" if saving else ("Start the trial" if view.trial_until else "Pay")
        every, period = _every(view.every)
        values.update(
            title="Save a card" if saving else f"Pay {view.seller}",
            action=f"{root}/{quote(request.path_params['team_id'])}/checkout/{quote(view.session_id)}",
            success_url=_success_url(view),
            email=email or view.email,
            press=press,
            brands=_BRANDS,
            button="Save the card" if saving else press if view.trial_until else f"Pay {_due(view)}",
            pays="when the trial ends and at every renewal" if view.trial_until else _PAYS[view.mode],
            every=every,
            period=period,
        )
    if view is None:
        status = 404
    return HTMLResponse(_templates.get_template("checkout.html").render(values), status, headers=_headers(view))


def _every(every: str | None) -> tuple[str, str]:
    """Return how often a price is paid, and for how long one payment is: `a month` and `for one month`."""
    if every is None:
        return "", ""
    return (f"every {every}", f"for {every}") if every[0].isdigit() else (f"a {every}", f"for one {every}")


def _due(view: CheckoutView) -> str:
    return money_text(view.due_today, view.currency or "usd")


def _headers(view: CheckoutView | None) -> dict[str, str]:
    # A browser applies form-action to the redirect after the form as well, so the seller's own address must be in it.
    targets = "'self'" if view is None else " ".join(["'self'", *_origin(view.success_url)])
    return {
        "content-security-policy": (
            "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'; "
            f"form-action {targets}"
        ),
        "cache-control": "no-store",
        "referrer-policy": "no-referrer",
        "x-content-type-options": "nosniff",
        "x-robots-tag": "noindex",
    }


def _origin(url: str) -> list[str]:
    """Return an address's origin if it can stand in a policy: the address comes from whoever made the checkout."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    return [f"{parts.scheme}://{host}"] if parts.scheme in {"http", "https"} and _HOST.fullmatch(host) else []
