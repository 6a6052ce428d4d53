"""The partner program of the demo: who applied, who came by their links, what they earned, and what waits for a decision.

As the rest of the year it goes through the doors of production: applications and clicks with the API key, decisions as a member
of the team, profiles and leads in the partner's own pages after a sign-in by mail.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

import httpx

_LANDING: Final = "https://www.example.com/start"
_AGENT: Final = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
_SIGN_IN_LINK: Final = re.compile(r"/partner/sign-in/[a-z0-9_]+/([0-9a-f]{64})")
_OPENS: Final = 12
_PROFILES: Final = 14
_WEBHOOK: Final = 16
_REJECTS: Final = 22
_REFUND: Final = 30
_SELF_REFERRAL: Final = 35
_PAYS: Final = 44
_LEADS: Final = 49
_LAST_CLICKS: Final = 51
# The first month of the Team plan, half of it given back.
_GIVEN_BACK_CENTS: Final = 2450
# Week, place of the partner among `_PARTNERS`, and price: 0 is Solo, 1 is Team, both monthly.
_BROUGHT: Final = (
    (15, 0, 1), (18, 1, 0), (21, 0, 1), (25, 2, 1), (28, 1, 1), (33, 0, 0), (38, 1, 1), (43, 2, 0), (47, 0, 1),
)  # fmt: skip
_REFUNDED: Final = 2


@dataclass(frozen=True, slots=True)
class Applicant:
    """Who applies, with the code that he is given and how he wants to be paid."""

    name: str
    email: str
    company: str
    website: str
    reason: str
    audience: str
    code: str = ""
    payout: Mapping[str, str] | None = None


_PARTNERS: Final = (
    Applicant(
        "Linnea Marlowe", "linnea@marlowe-studio.example.com", "Marlowe Studio", "https://marlowe-studio.example.com",
        "I set up research libraries for small teams and would like to bring them along.", "Clients and a monthly letter",
        "MARLOWE", {"kind": "bank", "holder": "Linnea Marlowe", "country": "DE", "iban": "DE89370400440532013000"},
    ),
    Applicant(
        "Teodor Vance", "teodor@fieldcast.example.com", "Fieldcast", "https://fieldcast.example.com",
        "A podcast about working outdoors, twelve episodes a year.", "About 4,000 listeners",
        "FIELDCAST", {"kind": "paypal", "email": "teodor@fieldcast.example.com"},
    ),
    Applicant(
        "Noor Castell", "noor@castell-consulting.example.com", "Castell Consulting", "https://castell-consulting.example.com",
        "We advise surveyors on their tools.", "Workshops", "CASTELL",
    ),
)  # fmt: skip
_REJECTED: Final = Applicant(
    "Best Coupons", "deals@best-coupons.example.com", "Best Coupons", "https://best-coupons.example.com",
    "We list every discount there is.", "Search engines",
)  # fmt: skip
_WAITING: Final = Applicant(
    "Imke Sommer", "imke@sommer-maps.example.com", "Sommer Maps", "https://sommer-maps.example.com",
    "I teach map making and show Fieldnote in my course.", "Two courses a year",
)  # fmt: skip
_QUESTION: Final = {"key": "audience", "label": "Who listens to you?", "kind": "text", "required": True}
# Two partners about one company: the team decides.
_CLAIMS: Final = (
    (0, {"email": "ops@harbour-survey.example.com", "name": "Runa Okonedo", "value": "2400", "notes": "Met at a workshop."}),
    (2, {"email": "hello@harbour-survey.example.com", "name": "Falk Ibsen", "value": "1800", "notes": "Asked for a comparison."}),
)  # fmt: skip
_OPEN_DEAL: Final = (1, {"email": "team@ridgeline.example.com", "name": "Saskia Bell", "company": "Ridgeline"})


class Partnership:
    """The program's year: `live_week` does what happens in it; `portal` is the page of its first partner at the end."""

    def __init__(
        self,
        client: httpx.AsyncClient,
        *,
        project_id: str,
        path: str,
        simulator: str,
        password: tuple[str, str],
        api_key: str,
        latest_mail: Callable[[], Awaitable[str]],
        forget_links: Callable[[], None],
    ) -> None:
        self._client = client
        self._project_id = project_id
        self._path = path
        self._simulator = simulator
        self._password = password
        self._key = {"x-api-key": api_key, "x-app-id": project_id}
        self._latest_mail = latest_mail
        self._forget_links = forget_links
        self._member: dict[str, str] = {}
        self._pages: list[str] = []
        self._clicks = 0
        self._brought: list[str] = []

    @property
    def portal(self) -> str:
        """Where the first partner's page is."""
        return self._pages[0]

    async def live_week(
        self, number: int, price_ids: Sequence[str], welcome: Callable[[Mapping[str, Any]], Awaitable[str]]
    ) -> None:
        """Do what the week brings; `welcome` makes a customer with more fields of the API and returns his id."""
        steps: dict[int, Callable[[], Awaitable[None]]] = {
            _OPENS: self._open,
            _PROFILES: self._fill_profiles,
            _WEBHOOK: self._add_webhook,
            _REJECTS: self._reject,
            _REFUND: self._refund,
            _PAYS: self._pay,
            _LEADS: self._register_leads,
        }
        # What a link was a moment ago is from the week before: a week takes no longer here.
        self._forget_links()
        step = steps.get(number)
        if step is not None:
            await step()
        if _PROFILES < number <= _LAST_CLICKS:
            for place in range(len(_PARTNERS)):
                # Some weeks a link is seen more than in others.
                for _ in range((number * (place + 2)) % 5):
                    await self._click(place)
        for week, place, price in _BROUGHT:
            if week == number:
                await self._bring(await welcome({"clickToken": await self._click(place)}), price_ids[price])
        if number == _SELF_REFERRAL:
            # He tries whether his own link pays, under another name of the same mailbox.
            own = {"email": "teodor+test@fieldcast.example.com", "name": "T. Vance", "clickToken": await self._click(1)}
            await self._bring(await welcome(own), price_ids[0])

    async def _open(self) -> None:
        """Switch the program on and take the first partners in."""
        email, password = self._password
        login = await self._send("POST", "/v1/auth/login", {"email": email, "password": password}, {})
        self._member = {"Authorization": f"Bearer {login['token']}"}
        settings = {
            "enabled": True,
            "defaultCommissionRate": 20,
            "holdingPeriodDays": 30,
            "minPayoutAmount": 15,
            "landingUrl": _LANDING,
            "introduction": "Bring teams that work in the field, and earn a fifth of what they pay.",
            "questions": [_QUESTION],
        }
        await self._admin("PATCH", "/settings", settings)
        for each in _PARTNERS:
            decision = {"action": "approve", "code": each.code, "internalNote": "Known from the newsletter."}
            await self._admin("POST", f"/applications/{await self._apply(each)}/review", decision)

    async def _reject(self) -> None:
        reason = "Fieldnote takes partners who show it to their own audience."
        decision = {"action": "reject", "rejectionReason": reason}
        await self._admin("POST", f"/applications/{await self._apply(_REJECTED)}/review", decision)

    async def _fill_profiles(self) -> None:
        """Have each partner sign in by mail and say how to be paid; one of them forgets."""
        for each in _PARTNERS:
            path = f"/partner/sign-in/{self._project_id}"
            await self._press(path, {"email": each.email})
            (token,) = _SIGN_IN_LINK.findall(await self._latest_mail())
            page = await self._press(f"{path}/{token}", {})
            self._pages.append(page)
            if each.payout is not None:
                await self._press(f"{page}/profile/payout-method", each.payout)
            self._client.cookies.clear()

    async def _add_webhook(self) -> None:
        """Add a webhook that is switched off: what happens is kept for it, and nothing is sent."""
        body = {
            "url": "https://hooks.example.com/billfold",
            "types": ["commission_created", "payout_paid", "referral.converted"],
            "description": "Tells the team's chat (switched off in this demo)",
            "enabled": False,
        }
        await self._send("POST", f"{self._path}/webhooks", body, {})

    async def _refund(self) -> None:
        found = await self._send("GET", f"{self._path}/subscriptions?customerId={self._brought[_REFUNDED]}", None, {})
        body = {"subscriptionId": found["subscriptions"][0]["id"], "amount": _GIVEN_BACK_CENTS}
        await self._send("POST", f"{self._simulator}/refunds", body, {})

    async def _pay(self) -> None:
        """Pay a batch by hand: prepare, approve, send, and note the bank's reference of each payout."""
        run = await self._admin("POST", "/payouts", {})
        batch = f"/payouts/batches/{run['batch']['id']}"
        await self._admin("POST", f"{batch}/approve", {})
        await self._admin("POST", f"{batch}/send", {})
        for number, payout in enumerate(run["payouts"], start=1):
            reference = {"reference": f"Transfer {number} of the quarter"}
            await self._admin("POST", f"/payouts/{payout['id']}/mark-paid", reference)

    async def _register_leads(self) -> None:
        """Leave for the team: a deal, a deal with a rival, and an application."""
        for place, lead in (_OPEN_DEAL, *_CLAIMS):
            await self._press(f"{self._pages[place]}/deals", lead)
        await self._apply(_WAITING)

    async def _apply(self, each: Applicant) -> str:
        body = {
            "email": each.email,
            "name": each.name,
            "company": each.company,
            "website": each.website,
            "reason": each.reason,
            "answers": {"audience": each.audience},
        }
        made: str = (await self._send("POST", "/v1/affiliate/apply", body, self._key))["id"]
        return made

    async def _click(self, place: int) -> str:
        self._clicks += 1
        body = {
            "code": _PARTNERS[place].code,
            "url": _LANDING,
            "referrer": f"{_PARTNERS[place].website}/notes",
            "userAgent": _AGENT,
            # Of a range that is kept for documentation, so that no two are one visitor.
            "ip": f"2001:db8:{self._clicks:x}::1",
        }
        token: str = (await self._send("POST", "/v1/affiliate/track", body, self._key))["clickToken"]
        return token

    async def _bring(self, customer_id: str, price_id: str) -> None:
        self._brought.append(customer_id)
        body = {
            "customerId": customer_id,
            "priceId": price_id,
            "successUrl": "https://app.example.com/welcome?session={CHECKOUT_SESSION_ID}",
            "cancelUrl": "https://app.example.com/prices",
        }
        session = (await self._send("POST", f"{self._path}/checkout", body, {}))["sessionId"]
        await self._send("POST", f"{self._simulator}/checkout/{session}/complete", {"outcome": "paid"}, {})

    async def _admin(self, method: str, end: str, body: Mapping[str, Any]) -> dict[str, Any]:
        return await self._send(method, f"/v1/apps/{self._project_id}/affiliates{end}", body, self._member)

    async def _press(self, path: str, fields: Mapping[str, str]) -> str:
        """Send a form of a page as a browser does, and return where it leads."""
        origin = str(self._client.base_url).rstrip("/")
        headers = {"Origin": origin, "Content-Type": "application/x-www-form-urlencoded"}
        answer = await self._client.post(path, content=urlencode(fields), headers=headers)
        # A form that was not accepted is shown again, with what was wrong about it.
        if answer.is_error:
            raise RuntimeError(f"the demo's form {path} was answered {answer.status_code}: {answer.text}")
        leads_to: str = answer.headers.get("location", "")
        return leads_to.removeprefix(origin)

    async def _send(
        self, method: str, path: str, body: Mapping[str, Any] | None, headers: Mapping[str, str]
    ) -> dict[str, Any]:
        answer = await self._client.request(method, path, json=body, headers=headers)
        if answer.is_error:
            raise RuntimeError(f"the demo's {method} {path} was answered {answer.status_code}: {answer.text}")
        found: dict[str, Any] = answer.json()
        return found
