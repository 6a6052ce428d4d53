# /// script
# requires-python = ">=3.11"
# dependencies = ["billfold-sdk", "starlette", "uvicorn"]
#
# [tool.uv.sources]
# billfold-sdk = { path = "../../sdk/python" }
# ///
"""A small SaaS on Billfold in one file: sign-up with a friend's code, checkout, webhook, referral page, partner application.

Start Billfold (`billfold demo` or `billfold serve`), then:

    export BILLFOLD_URL=http://127.0.0.1:8000 BILLFOLD_TEAM=team_… BILLFOLD_PROJECT=proj_… BILLFOLD_API_KEY=bs_…
    uv run examples/python/saas.py

and open http://127.0.0.1:9000. Users live in memory: it is an example of the calls, not of how to keep users.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from html import escape
from urllib.parse import parse_qsl

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from billfold_sdk import AsyncBillfold, AsyncStackBE, BillfoldError, WebhookVerificationError, verify_webhook

SERVER = os.environ.get("BILLFOLD_URL", "http://127.0.0.1:8000")
PROJECT = os.environ["BILLFOLD_PROJECT"]
API_KEY = os.environ["BILLFOLD_API_KEY"]
HOST, PORT = "127.0.0.1", int(os.environ.get("PORT", "9000"))
HERE = f"http://{HOST}:{PORT}"


@dataclass
class User:
    """Somebody who signed up; `handled` are the events that were taken in already."""

    customer_id: str
    email: str
    is_subscribed: bool = False
    handled: set[str] = field(default_factory=set)


@dataclass
class Shop:
    """What the example keeps while it runs."""

    billfold: AsyncBillfold
    partners: AsyncStackBE
    price_id: str = ""
    webhook_secret: str = ""
    sessions: dict[str, User] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)


async def set_up(shop: Shop) -> None:
    """Find the plan, or make it, and switch the referral program on; have Billfold tell us what happens."""
    plan = next(iter([each async for each in shop.billfold.products.list() if each["name"] == "Notes Pro"]), None)
    if plan is None:
        plan = await shop.billfold.products.create({"name": "Notes Pro"})
        await shop.billfold.prices.create(plan["id"], {"unitAmount": 2900, "interval": "month"})
    shop.price_id = (await shop.billfold.prices.list(plan["id"]).page())[0]["id"]
    await shop.billfold.referrals.update_config(
        {"enabled": True, "referrerCreditAmount": 1000, "refereeCreditAmount": 500, "currency": "usd"}
    )
    for old in await shop.billfold.webhooks.list():
        if old["url"] == f"{HERE}/webhook":
            await shop.billfold.webhooks.delete(old["id"])
    made = await shop.billfold.webhooks.create(
        {"url": f"{HERE}/webhook", "types": ["subscription.created", "subscription.canceled"]}
    )
    shop.webhook_secret = made["secret"]


async def show_sign_up(request: Request) -> Response:
    """Show the form; a friend's code comes with the link and stays in a hidden field."""
    code = request.query_params.get("ref", "")
    greeting = f"<p>A friend sent you: both of you get a credit. Code {escape(code)}.</p>" if code else ""
    return page(
        "Notes",
        f"""{greeting}<form method="post" action="/sign-up">
        <label>E-mail <input name="email" type="email" required></label>
        <input name="ref" type="hidden" value="{escape(code)}"><button>Sign up</button></form>
        <p><a href="/partners">Become a partner</a></p>""",
    )


async def sign_up(request: Request) -> Response:
    """Make the customer, and tell Billfold by whose code. A wrong code must not stop anybody from signing up."""
    shop: Shop = request.app.state.shop
    form = await form_of(request)
    email, code = form.get("email", ""), form.get("ref", "")
    try:
        customer = await shop.billfold.customers.create({"email": email})
    except BillfoldError as error:
        return page("Sign-up failed", f"<p>{escape(error.message)}</p>", 400)
    if code:
        try:
            await shop.billfold.referrals.apply({"code": code, "refereeCustomerId": customer["id"]})
        except BillfoldError as error:
            print(f"The code {code!r} was not applied: {error.message}", flush=True)
    user = shop.users[customer["id"]] = User(customer["id"], customer["email"])
    session = secrets.token_urlsafe()
    shop.sessions[session] = user
    answer = RedirectResponse("/account", 303)
    answer.set_cookie("session", session, httponly=True, samesite="lax")
    return answer


async def show_account(request: Request) -> Response:
    """Show the plan, the user's own link, and what it has earned."""
    shop: Shop = request.app.state.shop
    user = user_of(request)
    if user is None:
        return RedirectResponse("/", 303)
    code = await shop.billfold.referrals.create_code(user.customer_id)
    history = await shop.billfold.referrals.get_code(code["code"])
    friends = "".join(
        f"<li>{escape(each['status'])}: "
        + ", ".join(f"${credit['amount'] / 100:.2f} {escape(credit['status'])}" for credit in each["credits"])
        + "</li>"
        for each in history["referrals"]
    )
    plan = (
        '<p id="plan">You have Notes Pro.</p><form method="post" action="/manage"><button>Manage the plan</button></form>'
        if user.is_subscribed
        else '<p id="plan">You are on the free plan.</p>'
        '<form method="post" action="/subscribe"><button>Subscribe for $29 a month</button></form>'
    )
    link = f"{HERE}/?ref={code['code']}"
    return page(
        f"Hello, {escape(user.email)}",
        f'{plan}<h2>Bring a friend</h2><p>Your link: <a id="link" href="{link}">{link}</a></p>'
        f"<ul id='friends'>{friends or '<li>Nobody came with it yet.</li>'}</ul>",
    )


async def subscribe(request: Request) -> Response:
    """Send the user to the checkout page."""
    shop: Shop = request.app.state.shop
    user = user_of(request)
    if user is None:
        return RedirectResponse("/", 303)
    session = await shop.billfold.checkout.create(
        {
            "customerId": user.customer_id,
            "priceId": shop.price_id,
            "successUrl": f"{HERE}/account",
            "cancelUrl": f"{HERE}/account",
        }
    )
    return RedirectResponse(session["url"] or "/account", 303)


async def manage(request: Request) -> Response:
    """Send the user to the portal: invoices, card, cancellation."""
    shop: Shop = request.app.state.shop
    user = user_of(request)
    if user is None:
        return RedirectResponse("/", 303)
    portal = await shop.billfold.portal.create({"customerId": user.customer_id, "returnUrl": f"{HERE}/account"})
    return RedirectResponse(portal["portalUrl"], 303)


async def take_webhook(request: Request) -> Response:
    """Take in what happened: signed, each event once, however often it is sent."""
    shop: Shop = request.app.state.shop
    try:
        event = verify_webhook(await request.body(), request.headers, shop.webhook_secret)
    except WebhookVerificationError as error:
        return PlainTextResponse(error.message, 400)
    subscription = event["data"].get("subscription", event["data"])
    user = shop.users.get(str(subscription.get("customerId")))
    if user is not None and event["id"] not in user.handled:
        user.handled.add(event["id"])
        user.is_subscribed = event["type"] == "subscription.created"
    return Response(status_code=204)


async def show_partners(request: Request) -> Response:
    """Show the form by which people apply as partners."""
    del request
    return page(
        "Become a partner",
        """<form method="post" action="/partners"><label>Name <input name="name" required></label>
        <label>E-mail <input name="email" type="email" required></label>
        <label>Why? <input name="reason"></label><button>Apply</button></form>""",
    )


async def apply_as_partner(request: Request) -> Response:
    """Hand an application to Billfold."""
    shop: Shop = request.app.state.shop
    form = await form_of(request)
    email, name, reason = (form.get(key, "") for key in ("email", "name", "reason"))
    try:
        made = await shop.partners.affiliates.apply({"email": email, "name": name, "reason": reason})
    except BillfoldError as error:
        return page("Your application", f"<p>{escape(error.message)}</p>", 400)
    return page("Your application", f'<p id="status">{escape(made["message"])}</p>')


async def form_of(request: Request) -> dict[str, str]:
    """Return the fields of a form that was sent."""
    return dict(parse_qsl((await request.body()).decode()))


def user_of(request: Request) -> User | None:
    """Return who is signed in."""
    shop: Shop = request.app.state.shop
    return shop.sessions.get(request.cookies.get("session", ""))


def page(title: str, body: str, status: int = 200) -> HTMLResponse:
    """Return a page; `body` is markup whose values are escaped."""
    head = '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
    look = '<meta name="color-scheme" content="light dark"><link rel="icon" href="data:,">'
    style = "<style>body{font:1rem/1.5 system-ui;max-width:38rem;margin:2rem auto;padding:0 1rem;overflow-wrap:anywhere}</style>"
    return HTMLResponse(f"{head}{look}{style}<title>{title}</title><h1>{title}</h1>{body}</html>", status)


def create_app() -> Starlette:
    """Return the application; `set_up` runs when it starts."""

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        team = os.environ["BILLFOLD_TEAM"]
        async with (
            AsyncBillfold(base_url=SERVER, team_id=team, project_id=PROJECT, api_key=API_KEY) as billfold,
            AsyncStackBE(base_url=SERVER, app_id=PROJECT, api_key=API_KEY) as partners,
        ):
            app.state.shop = Shop(billfold, partners)
            await set_up(app.state.shop)
            print(f"Notes runs at {HERE}", flush=True)
            yield

    return Starlette(
        routes=[
            Route("/", show_sign_up),
            Route("/sign-up", sign_up, methods=["POST"]),
            Route("/account", show_account),
            Route("/subscribe", subscribe, methods=["POST"]),
            Route("/manage", manage, methods=["POST"]),
            Route("/webhook", take_webhook, methods=["POST"]),
            Route("/partners", show_partners),
            Route("/partners", apply_as_partner, methods=["POST"]),
        ],
        lifespan=lifespan,
    )


if __name__ == "__main__":
    uvicorn.run(create_app(), host=HOST, port=PORT, log_level="warning")
