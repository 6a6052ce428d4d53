"""The simulator's Stripe API: an account's key reaches nothing of another account (SCENARIOS F1).

The requests are made of the simulator's own routes: every id in an address and every parameter that names an object is tried
with an object of the other account, which has one of each kind.
"""

from __future__ import annotations

from typing import Any, Final

import httpx
import msgspec
import sqlalchemy as sa

from billfold.infrastructure.db.statements import query, row_tuple
from billfold.infrastructure.stripe_simulator import tables
from billfold.infrastructure.stripe_simulator.routes import ROUTES, Route
from tests.app_fixtures import InstalledTeam, RunningBillfold
from tests.security.database_dump import changed_tables, every_row

# What stands in an address, by the words before it.
KIND_OF_PATH: Final = {
    "customers/{}": "customer", "customers/{}/balance_transactions/{}": "customer_balance_transaction",
    "customers/{}/payment_methods/{}": "payment_method", "products/{}": "product", "prices/{}": "price",
    "coupons/{}": "coupon", "promotion_codes/{}": "promotion_code", "checkout/sessions/{}": "checkout.session",
    "subscriptions/{}": "subscription", "subscription_items/{}": "subscription_item", "invoices/{}": "invoice",
    "invoice_payments/{}": "invoice_payment", "payment_intents/{}": "payment_intent", "charges/{}": "charge",
    "refunds/{}": "refund", "disputes/{}": "dispute", "payment_methods/{}": "payment_method",
    "setup_intents/{}": "setup_intent", "credit_notes/{}": "credit_note", "transfers/{}": "transfer", "accounts/{}": "account",
    "webhook_endpoints/{}": "webhook_endpoint", "balance_transactions/{}": "balance_transaction", "events/{}": "event",
}  # fmt: skip
# Parameters that name an object; "page" is an object of the list's own kind.
KIND_OF_PARAMETER: Final = {
    "customer": "customer", "product": "product", "price": "price", "default_price": "price", "coupon": "coupon",
    "charge": "charge", "payment_intent": "payment_intent", "invoice": "invoice", "subscription": "subscription",
    "account": "account", "payment_method": "payment_method", "default_payment_method": "payment_method",
    "destination": "account", "source": "charge", "source_transaction": "charge", "starting_after": "page",
    "ending_before": "page",
}  # fmt: skip
# Parameters whose reader takes any text and that name nothing; a new one must be put on one of the two lists.
NAMES_NOTHING: Final = {
    "description", "email", "name", "phone", "statement_descriptor", "tax_code", "unit_label", "url", "id", "lookup_key",
    "nickname", "code", "cancel_url", "success_url", "return_url", "client_reference_id", "customer_email", "locale",
    "receipt_email", "transfer_group", "country", "type", "memo", "refresh_url",
}  # fmt: skip
URL: Final = "https://example.com/"
# What a request needs beside the parameter that is tried; `own` ids stand in braces.
REST: Final[dict[str, dict[str, str]]] = {
    "POST promotion_codes": {"promotion[type]": "coupon", "promotion[coupon]": "{coupon}"},
    "POST checkout/sessions": {"mode": "subscription", "success_url": URL, "line_items[0][price]": "{price}",
                               "line_items[0][quantity]": "1"},
    "POST subscriptions": {"customer": "{customer}", "items[0][price]": "{price}"},
    "POST prices": {"currency": "usd", "unit_amount": "1"},
    "POST payment_intents": {"amount": "100", "currency": "usd"},
    "POST payment_methods/{}/attach": {},
    "POST transfers": {"amount": "1", "currency": "usd", "destination": "{account}"},
    "POST credit_notes": {"invoice": "{invoice}", "amount": "1", "out_of_band_amount": "1"},
    "POST account_links": {"account": "{account}", "type": "account_onboarding", "return_url": URL, "refresh_url": URL},
    "POST webhook_endpoints": {"url": URL, "enabled_events[]": "*"},
}  # fmt: skip
# Names that stand deeper than the first level.
NESTED: Final = (
    ("POST", "checkout/sessions", "line_items[0][price]", "price"),
    ("POST", "checkout/sessions", "line_items[0][price_data][product]", "product"),
    ("POST", "checkout/sessions", "discounts[0][coupon]", "coupon"),
    ("POST", "checkout/sessions", "discounts[0][promotion_code]", "promotion_code"),
    ("POST", "subscriptions", "items[0][price]", "price"),
    ("POST", "subscriptions", "discounts[0][coupon]", "coupon"),
    ("POST", "subscriptions", "discounts[0][promotion_code]", "promotion_code"),
    ("POST", "subscriptions/{}", "items[0][price]", "price"),
    ("POST", "subscriptions/{}", "items[0][id]", "subscription_item"),
    ("POST", "promotion_codes", "promotion[coupon]", "coupon"),
    ("POST", "customers", "invoice_settings[default_payment_method]", "payment_method"),
    ("POST", "customers/{}", "invoice_settings[default_payment_method]", "payment_method"),
    ("GET", "invoice_payments", "payment[payment_intent]", "payment_intent"),
    ("GET", "products", "ids[0]", "product"),
)

_DOCUMENTS: Final = query(
    sa.select(tables.objects.c.type, tables.objects.c.id, tables.objects.c.document).where(
        tables.objects.c.account_id == sa.bindparam("account_id")
    ),
    row_tuple,
)


class Account:
    """One simulated account, filled with one of each kind."""

    def __init__(self, app: RunningBillfold, team: InstalledTeam, word: str) -> None:
        self.app = app
        self.team = team
        self.word = word
        self.ids: dict[str, str] = {}

    async def ask(self, method: str, path: str, form: dict[str, str]) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.team.simulator_secret_key}"}
        sent: dict[str, Any] = {"params": form} if method == "GET" else {"data": form}
        return await self.app.anonymous.request(
            method, f"/simulator/stripe/v1/{path}", headers=headers, **(sent if form else {})
        )

    async def make(self, path: str, **form: str) -> Any:
        answer = await self.ask("POST", path, {name.replace("__", "["): value for name, value in form.items()})
        assert answer.is_success, (path, answer.text)
        return answer.json()

    async def fill(self) -> None:
        simulator, team_id, word = self.app.application.installation.simulator, self.team.team_id, self.word
        coupon = await self.make("coupons", id=f"HALF-{word}", percent_off="50", duration="once", name=word)
        await self.make(
            "promotion_codes", **{"promotion[type]": "coupon", "promotion[coupon]": coupon["id"]}, code=word
        )
        card = {"payment_method": "pm_card_visa", "invoice_settings[default_payment_method]": "pm_card_visa"}
        customer = (await self.make("customers", name=word, email=f"{word}@example.com", **card))["id"]
        credit = await self.make(f"customers/{customer}/balance_transactions", amount="-300", currency="usd")
        product = (await self.make("products", name=word))["id"]
        price = await self.make(
            "prices", product=product, unit_amount="4900", currency="usd", **{"recurring[interval]": "month"}
        )
        items = {"line_items[0][price]": price["id"], "line_items[0][quantity]": "1"}
        session = await self.make("checkout/sessions", mode="subscription", customer=customer, success_url=URL, **items)
        done = await simulator.complete_checkout(team_id, session["id"], bank="pays")
        refund = await simulator.refund(team_id, charge=None, subscription=done["subscription"], amount=100)
        await simulator.open_dispute(team_id, charge=refund["charge"], subscription=None)
        await self.make("setup_intents", customer=customer)
        connected = await self.make("accounts", type="express", country="US", email=f"{word}@example.com")
        addresses = {"return_url": URL, "refresh_url": URL}
        link = await self.make("account_links", account=connected["id"], type="account_onboarding", **addresses)
        token = link["url"].rpartition("/")[2]
        assert await simulator.finish_onboarding(team_id, connected["id"], token, is_refused=False)
        await self.make("credit_notes", invoice=done["invoice"], amount="100", out_of_band_amount="100", memo=word)
        await self.make("transfers", amount="1", currency="usd", destination=connected["id"])
        await self.make("webhook_endpoints", url=URL, **{"enabled_events[]": "*"})
        account_id = (await self.ask("GET", "account", {})).json()["id"]
        rows = await self.app.services.db.read(lambda tx: tx.all(_DOCUMENTS, account_id=account_id))
        self.ids = {kind: object_id for kind, object_id, _ in rows}
        self.ids["customer"], self.ids["customer_balance_transaction"] = customer, credit["id"]
        subscription = msgspec.json.decode(next(text for kind, _, text in rows if kind == "subscription"))
        self.ids["subscription_item"] = subscription["items"]["data"][0]["id"]
        self.ids["event"] = (await self.ask("GET", "events", {"limit": "1"})).json()["data"][0]["id"]
        self.ids["account"] = connected["id"]


def kinds_of_path(path: str) -> list[str]:
    """Return the kinds of the ids in an address, first to last."""
    steps = path.split("/")
    kinds = []
    for number, step in enumerate(steps):
        if step == "{}":
            known = "/".join(steps[: number + 1])
            kinds.append(KIND_OF_PATH[known])
    return kinds


def filled(path: str, ids: list[str]) -> str:
    for each in ids:
        path = path.replace("{}", each, 1)
    return path


def page_kind(route: Route) -> str:
    """Return the kind of object that a list holds."""
    return KIND_OF_PATH.get(route.path + "/{}", "refund")


def test_every_address_and_every_parameter_of_stripes_api_has_an_entry_f1() -> None:
    for route in ROUTES:
        kinds_of_path(route.path)
        texts = {name for name, reader in route.shape.readers.items() if getattr(reader, "__name__", "") == "text"}
        assert texts <= set(KIND_OF_PARAMETER) | NAMES_NOTHING, (route.path, texts)


def check(answer: httpx.Response, other: Account, asked: str, where: object) -> None:
    """The refusal may repeat the id that was asked for, and nothing else of the other account."""
    assert answer.status_code < 500, (where, answer.text)
    text = answer.text.replace(asked, "")
    assert other.word not in text, (where, text)
    for found in other.ids.values():
        assert found == asked or found not in text, (where, text)


async def test_one_accounts_key_reaches_nothing_of_another_f1(billfold_app: RunningBillfold) -> None:
    own = Account(billfold_app, billfold_app.team, "heron")
    other = Account(billfold_app, await billfold_app.install(team="Zebra"), "zebra")
    await own.fill()
    await other.fill()
    assert set(KIND_OF_PATH.values()) <= set(other.ids)
    before = await every_row(billfold_app.services.db)
    for route in ROUTES:
        rest = {name: value.format(**own.ids) for name, value in REST.get(f"{route.method} {route.path}", {}).items()}
        kinds = kinds_of_path(route.path)
        mine = [own.ids[kind] for kind in kinds]
        for place, kind in enumerate(kinds):
            ids = [*mine[:place], other.ids[kind], *mine[place + 1 :]]
            answer = await own.ask(route.method, filled(route.path, ids), rest if route.method == "POST" else {})
            # A customer's cards are a list like any other, and empty for a customer whom this account does not have.
            # An account that is not one's own is 403 at Stripe, whether or not it exists.
            refusals = {403} if kind == "account" else {400, 404}
            assert answer.status_code in refusals or answer.json().get("data") == [], (route, answer.text)
            assert "error" not in answer.json() or "message" in answer.json()["error"]
            check(answer, other, other.ids[kind], route)
        names = [(name, KIND_OF_PARAMETER[name]) for name in route.shape.readers if name in KIND_OF_PARAMETER]
        names += [each[2:] for each in NESTED if each[:2] == (route.method, route.path)]
        for name, kind in names:
            asked = other.ids[page_kind(route) if kind == "page" else kind]
            answer = await own.ask(route.method, filled(route.path, mine), {**rest, name: asked})
            if route.method == "GET":
                assert answer.status_code == 400 or answer.json().get("data") == [], (route, name, answer.text)
            else:
                assert answer.status_code in {400, 404}, (route, name, answer.text)
            check(answer, other, asked, (route, name))
    assert changed_tables(before, await every_row(billfold_app.services.db)) == {}


async def test_the_other_accounts_idempotency_key_is_another_key_f1(billfold_app: RunningBillfold) -> None:
    teams = [billfold_app.team, await billfold_app.install(team="Zebra")]
    made = []
    for team in teams:
        headers = {"Authorization": f"Bearer {team.simulator_secret_key}", "Idempotency-Key": "shared"}
        answer = await billfold_app.anonymous.post(
            "/simulator/stripe/v1/customers", headers=headers, data={"name": "same"}
        )
        assert "idempotent-replayed" not in answer.headers
        made.append(answer.json()["id"])
    assert made[0] != made[1]


async def test_only_a_simulated_accounts_own_key_opens_stripes_api_f1_f2(billfold_app: RunningBillfold) -> None:
    keys = ["", "sk_test_" + "0" * 48, billfold_app.team.api_key, billfold_app.team.webhook_secret, "pk_test_1"]
    before = await every_row(billfold_app.services.db)
    for route in ROUTES:
        path = filled(route.path, ["x_1", "x_2"])
        for key in keys:
            answer = await billfold_app.anonymous.request(
                route.method, f"/simulator/stripe/v1/{path}", headers={"Authorization": f"Bearer {key}"}
            )
            assert (answer.status_code, list(answer.json())) == (401, ["error"]), route
            assert not key or key not in answer.text
    assert changed_tables(before, await every_row(billfold_app.services.db)) == {}
