"""The control endpoints and the checkout page, over HTTP on the whole server."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import stripe

from billfold.infrastructure.stripe.transport import InMemoryClient
from tests.app_fixtures import RunningBillfold


async def open_checkout(app: RunningBillfold, **more: Any) -> dict[str, Any]:
    """Open a subscription checkout with the official library's requests and return the session."""
    client = stripe.StripeClient(
        app.team.simulator_secret_key, http_client=InMemoryClient(app.application.installation.simulator.asgi)
    )
    product = await client.v1.products.create_async({"name": "Team"})
    price = await client.v1.prices.create_async(
        {"product": product.id, "unit_amount": 4900, "currency": "usd", "recurring": {"interval": "month"}}
    )
    values: Any = {
        "mode": "subscription",
        "line_items": [{"price": price.id, "quantity": 1}],
        "success_url": "https://app.example.com/done?session={CHECKOUT_SESSION_ID}",
        "cancel_url": "https://app.example.com/plans",
    }
    values.update(more)
    session = await client.v1.checkout.sessions.create_async(values)
    return session.to_dict()


async def test_a_checkout_is_paid_over_the_control(billfold_app: RunningBillfold) -> None:
    session = await open_checkout(billfold_app)
    path = f"/simulator/{billfold_app.team.team_id}/checkout/{session['id']}/complete"
    answer = await billfold_app.client.post(path, json={"outcome": "paid"})
    assert answer.status_code == 200
    assert answer.json()["session"]["status"] == "complete"
    again = await billfold_app.client.post(path, json={"outcome": "paid"})
    assert again.status_code == 400
    assert "complete" in again.json()["error"]


async def test_a_declined_checkout_stays_open(billfold_app: RunningBillfold) -> None:
    session = await open_checkout(billfold_app)
    path = f"/simulator/{billfold_app.team.team_id}/checkout/{session['id']}/complete"
    answer = await billfold_app.client.post(path, json={"outcome": "declined"})
    assert answer.json()["session"]["status"] == "open"
    assert (await billfold_app.client.post(path, json={})).json()["session"]["status"] == "complete"


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("clock", {"advance_days": -1}),
        ("clock", {}),
        ("clock", {"advance_days": 1, "to": "2030-01-01T00:00:00Z"}),
        ("clock", {"to": "yesterday"}),
        ("delivery", {"drop": 2}),
        ("delivery", {"surprise": 1}),
        ("faults", {"timeout": -1}),
        ("refunds", {}),
        ("disputes/du_1/close", {"outcome": "drawn"}),
        ("checkout/cs_test_1/complete", {"outcome": "perhaps"}),
    ],
)
async def test_a_body_that_cannot_be_right_is_refused(
    billfold_app: RunningBillfold, path: str, body: dict[str, Any]
) -> None:
    answer = await billfold_app.client.post(f"/simulator/{billfold_app.team.team_id}/{path}", json=body)
    assert answer.status_code == 400
    assert answer.json()["error"]


async def test_the_control_needs_a_full_access_key_of_this_team(billfold_app: RunningBillfold) -> None:
    other = await billfold_app.install()
    path = f"/simulator/{billfold_app.team.team_id}/clock"
    assert (await billfold_app.anonymous.get(path)).status_code == 401
    assert (await billfold_app.anonymous.get(path, headers=other.headers)).status_code == 403
    assert (await billfold_app.client.get(path)).status_code == 200


async def test_the_clock_moves_billfold_along(billfold_app: RunningBillfold) -> None:
    session = await open_checkout(billfold_app)
    base = f"/simulator/{billfold_app.team.team_id}"
    await billfold_app.client.post(f"{base}/checkout/{session['id']}/complete", json={})
    answer = (await billfold_app.client.post(f"{base}/clock", json={"advance_days": 65})).json()
    assert answer["finished"]
    assert answer["events"]["invoice.paid"] == 2
    clock = (await billfold_app.client.get(f"{base}/clock")).json()["clock"]
    assert abs(clock["offsetSeconds"] - 65 * 86_400) <= 1
    back = await billfold_app.client.post(f"{base}/clock", json={"to": "2020-01-01T00:00:00Z"})
    assert back.status_code == 409


async def test_an_empty_account_can_begin_in_the_past(billfold_app: RunningBillfold) -> None:
    base = f"/simulator/{billfold_app.team.team_id}"
    answer = await billfold_app.client.post(f"{base}/clock", json={"to": "2025-01-01T00:00:00Z"})
    assert answer.json()["clock"]["now"].startswith("2025-01-01T00:00")
    session = await open_checkout(billfold_app)
    assert session["created"] < 1_735_690_000


async def test_refunds_and_disputes_over_the_control(billfold_app: RunningBillfold) -> None:
    session = await open_checkout(billfold_app)
    base = f"/simulator/{billfold_app.team.team_id}"
    done = (await billfold_app.client.post(f"{base}/checkout/{session['id']}/complete", json={})).json()["session"]
    choice = {"subscriptionId": done["subscription"]}
    refund = (await billfold_app.client.post(f"{base}/refunds", json={**choice, "amount": 100})).json()["refund"]
    assert refund["amount"] == 100
    dispute = (await billfold_app.client.post(f"{base}/disputes", json=choice)).json()["dispute"]
    assert dispute["amount"] == 4800
    closed = await billfold_app.client.post(f"{base}/disputes/{dispute['id']}/close", json={"outcome": "won"})
    assert closed.json()["dispute"]["status"] == "won"
    assert (await billfold_app.client.post(f"{base}/refunds", json={"charge": "ch_none"})).status_code == 404


async def test_the_page_shows_what_is_paid_and_leads_back(billfold_app: RunningBillfold) -> None:
    session = await open_checkout(billfold_app)
    page = await billfold_app.anonymous.get(session["url"])
    assert page.status_code == 200
    assert "$49.00" in page.text
    assert "form-action 'self' https://app.example.com" in page.headers["content-security-policy"]
    missing = await billfold_app.anonymous.post(session["url"], data={"outcome": "pay"})
    assert missing.status_code == 400
    refused = await billfold_app.anonymous.post(session["url"], data={"outcome": "no", "email": "wren@example.com"})
    assert refused.status_code == 402
    assert "The card was refused" in refused.text
    paid = await billfold_app.anonymous.post(session["url"], data={"outcome": "pay", "email": "wren@example.com"})
    assert paid.status_code == 303
    assert paid.headers["location"] == f"https://app.example.com/done?session={session['id']}"
    # Pressing twice leads to the same place, and pays once.
    assert (await billfold_app.anonymous.post(session["url"], data={"outcome": "pay"})).status_code == 303
    assert "This checkout is paid" in (await billfold_app.anonymous.get(session["url"])).text


async def test_a_session_is_not_found_under_another_team(billfold_app: RunningBillfold) -> None:
    session = await open_checkout(billfold_app)
    other = await billfold_app.install()
    foreign = session["url"].replace(billfold_app.team.team_id, other.team_id)
    assert (await billfold_app.anonymous.get(foreign)).status_code == 404
    assert (await billfold_app.anonymous.post(foreign, data={"outcome": "pay", "email": "a@b.ch"})).status_code == 404
    assert (await billfold_app.anonymous.get(session["url"])).status_code == 200


async def test_a_sellers_address_cannot_break_out_of_the_policy(billfold_app: RunningBillfold) -> None:
    session = await open_checkout(billfold_app, success_url="https://a;script-src *.example.com/")
    policy = (await billfold_app.anonymous.get(session["url"])).headers["content-security-policy"]
    assert "script-src" not in policy
    assert policy.endswith("form-action 'self'")


async def test_the_stylesheet_is_served(billfold_app: RunningBillfold) -> None:
    answer = await billfold_app.anonymous.get("/simulator/static/ui.css")
    assert answer.headers["content-type"].startswith("text/css")
    assert "@layer tokens" in answer.text


def test_the_guide_names_every_address_of_the_control(billfold_app: RunningBillfold) -> None:
    guide = (Path(__file__).parents[2] / "docs" / "guide" / "simulator.md").read_text()
    named = set(re.findall(r"`(GET|POST) /simulator(/[^`]*)`", guide))
    app: Any = billfold_app.application.installation.simulator_app
    served = {
        (method, re.sub(r"\{\w+\}", "{}", route.path))
        for route in app.routes
        for method in route.methods - {"HEAD"}
        if not route.path.endswith("checkout/{session_id}")
        and not route.path.startswith(("/static/", "/{team_id}/invoices/"))
    }
    assert {(method, re.sub(r"\{\w+\}", "{}", path)) for method, path in named} == served
