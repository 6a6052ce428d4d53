"""One team's shop as its own software uses it, over HTTP: each step of "a friend brings a friend"."""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Final

import httpx
import sqlalchemy as sa
import stripe

from billfold.domain.referrals.rewards import SETTLED, rewards
from billfold.infrastructure.stripe.signature import sign
from tests.stories.final_state import final_state
from tests.stories.running_server import RunningServer, Team, wait_until

REFERRER_CREDIT: Final = 1000
FRIEND_CREDIT: Final = 500
PRICE: Final = 2900


class Shop:
    """A team's project behind a running server; every call is one that the team's own software would make."""

    def __init__(self, server: RunningServer, team: Team) -> None:
        self.server = server
        self.team = team
        self.path = f"/api/billstack/teams/{team.id}/projects/{team.project_id}"
        self.http = httpx.Client(base_url=server.base_url, headers=team.headers, timeout=30)
        # As Stripe, who has no key of the team's; one for all, because to make one is to read the machine's certificates.
        self._foreign_http = httpx.Client(timeout=30)
        self.code = ""
        self.referrer = ""
        self.price = ""
        self.emails: dict[str, str] = {}
        # Not the library's default, which keeps its connections open until the garbage is collected.
        self._stripe_http = stripe.RequestsClient(timeout=30)
        self.stripe = stripe.StripeClient(
            team.stripe_key,
            base_addresses={"api": f"{server.base_url}/simulator/stripe"},
            http_client=self._stripe_http,
            max_network_retries=5,
        )

    def close(self) -> None:
        """Close the connections."""
        self.http.close()
        self._foreign_http.close()
        self._stripe_http.close()  # type: ignore[no-untyped-call] # the library's own

    def send(self, method: str, path: str, body: Any = None) -> Any:
        """Send a request that must succeed; a POST is repeated under its key while Stripe does not answer."""
        headers = {"Idempotency-Key": uuid.uuid4().hex} if method == "POST" else {}

        def once() -> httpx.Response | None:
            answer = self.http.request(method, self.path + path, json=body, headers=headers)
            if answer.status_code == httpx.codes.SERVICE_UNAVAILABLE:
                assert set(answer.json()) == {"error"}, answer.text
                assert int(answer.headers["retry-after"]) >= 1
                return None
            return answer

        answer = wait_until(lambda: once() or False, self.server)
        assert isinstance(answer, httpx.Response)
        assert answer.status_code < 300, answer.text
        return answer.json()

    def control(self, path: str, body: Any) -> Any:
        """Tell the simulator what to do."""
        answer = self.http.post(f"/simulator/{self.team.id}/{path}", json=body)
        assert answer.status_code == httpx.codes.OK, answer.text
        return answer.json()

    def open(self) -> None:
        """Set up what a shop needs: a price, credits for both sides, and a customer with a code."""
        config = {
            "enabled": True,
            "referrerCreditAmount": REFERRER_CREDIT,
            "refereeCreditAmount": FRIEND_CREDIT,
            "currency": "usd",
        }
        self.send("PUT", "/referrals/config", config)
        product = self.send("POST", "/products", {"name": "Pro"})["product"]["id"]
        price = {"unitAmount": PRICE, "interval": "month", "type": "recurring"}
        self.price = self.send("POST", f"/products/{product}/prices", price)["price"]["id"]
        self.referrer = self.customer("referrer@example.com")
        self.code = self.send("POST", "/referrals/codes", {"customerId": self.referrer})["code"]["code"]

    def customer(self, email: str) -> str:
        """Create a customer and return its id."""
        made = self.send("POST", "/customers", {"email": email})["customer"]
        self.emails[email] = made["id"]
        return str(made["id"])

    def claim(self, friend: str) -> None:
        """Have a customer claim the referrer's code."""
        referral = self.send("POST", "/referrals/apply", {"code": self.code, "refereeCustomerId": friend})["referral"]
        assert referral["status"] == "pending"

    def checkout(self, friend: str) -> str:
        """Open a checkout and return its session's id."""
        urls = {"successUrl": "https://example.com/ok", "cancelUrl": "https://example.com/no"}
        return str(self.send("POST", "/checkout", {"customerId": friend, "priceId": self.price, **urls})["sessionId"])

    def pay(self, session: str) -> None:
        """Pay a checkout, as a person on Stripe's page does."""
        assert self.control(f"checkout/{session}/complete", {"outcome": "paid"})["session"]["status"] == "complete"

    def bring(self, name: str) -> str:
        """Have a friend claim the code and pay; what follows from it is the worker's."""
        friend = self.customer(f"{name}@example.com")
        self.claim(friend)
        self.pay(self.checkout(friend))
        return friend

    def statuses(self) -> list[str]:
        """Return the status of each referral of the code."""
        return [each["status"] for each in self.send("GET", f"/referrals/codes/{self.code}")["code"]["referrals"]]

    def credits(self) -> dict[str, list[int]]:
        """Return what stands on each customer's Stripe balance, in cents, by e-mail address; a credit is negative."""
        found: dict[str, list[int]] = {}
        for each in self.stripe.v1.customers.list({"limit": 100}).auto_paging_iter():
            listed = self.stripe.v1.customers.balance_transactions.list(each.id, {"limit": 100}).auto_paging_iter()
            # Invoices use credit up with transactions of their own kind.
            amounts = sorted(entry.amount for entry in listed if entry.type == "adjustment")
            assert each.email is not None
            assert each.email not in found, f"{each.email} has two customers at Stripe"
            if amounts:
                found[each.email] = amounts
        return found

    def expected_credits(self, *friends: str) -> dict[str, list[int]]:
        """Return what `credits` is when each of these friends has converted and everybody has been credited once."""
        if not friends:
            return {}
        mine = {f"{friend}@example.com": [-FRIEND_CREDIT] for friend in friends}
        return {**mine, "referrer@example.com": [-REFERRER_CREDIT] * len(friends)}

    def settled(self) -> int:
        """Return how many rewards Billfold itself holds to be on their earners' Stripe balances."""
        mine = (rewards.c.project_id == self.team.project_id, rewards.c.status == SETTLED)
        return len(self.server.rows(sa.select(rewards.c.id).where(*mine)))

    def wait_for_credits(self, *friends: str) -> None:
        """Wait until every side is credited, and see at Stripe that no side is credited twice."""
        wait_until(lambda: self.settled() >= 2 * len(friends), self.server)
        # Looking must not use up the failures that were asked for, nor meet them.
        self.control("faults", {})
        assert self.credits() == self.expected_credits(*friends)

    def final_state(self) -> str:
        """Return the team's facts, to be compared with those of another telling of the same story."""
        return str(self.server.read(lambda db: final_state(db, self.team.id, self.code)))

    def events(self) -> list[dict[str, Any]]:
        """Return every event of the simulated account, oldest first, as Stripe's own list has them."""
        found: list[dict[str, Any]] = []
        headers = {"Authorization": f"Bearer {self.team.stripe_key}"}
        while True:
            after = {"starting_after": found[-1]["id"]} if found else {}
            address = f"{self.server.base_url}/simulator/stripe/v1/events"
            page = self._foreign_http.get(address, params={"limit": 100, **after}, headers=headers).json()
            found.extend(page["data"])
            if not page["has_more"]:
                return found[::-1]

    def signed(self, event: dict[str, Any]) -> tuple[str, bytes, dict[str, str]]:
        """Return where an event is delivered, its body, and the headers that Stripe would send now."""
        body = json.dumps(event).encode()
        signature = sign(body, self.team.webhook_secret, datetime.now(UTC))
        headers = {"content-type": "application/json; charset=utf-8", "stripe-signature": signature}
        return f"{self.server.base_url}/api/webhooks/stripe/{self.team.id}", body, headers

    def deliver(self, events: Sequence[dict[str, Any]]) -> None:
        """Deliver events one after the other; each must be taken."""
        for event in events:
            address, body, headers = self.signed(event)
            answer = self._foreign_http.post(address, content=body, headers=headers)
            assert (answer.status_code, answer.json()) == (200, {"received": True})
