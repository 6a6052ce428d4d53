"""The commands that the demo prints: the main loop as seven steps that can be pasted one after the other."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """Where the tour happens: one project with a price and a customer who has a code."""

    url: str
    team_id: str
    project_id: str
    api_key: str
    stripe_key: str
    price_id: str
    code: str
    referrer_stripe_id: str
    referrer_name: str
    portal: str


@dataclass(frozen=True, slots=True)
class Stop:
    """One step: what it shows, and the command."""

    title: str
    command: str


def stops(place: Place) -> list[Stop]:
    """Return the tour; the first step sets the shell variables that the others use."""
    read = "python3 -c 'import json, sys; print(json.load(sys.stdin)%s)'"
    post = 'curl -sS -w "\\n" -H "$KEY" -H "Content-Type: application/json"'
    return [
        Stop(
            "Say where and who you are",
            f"API={place.url}/api/billstack/teams/{place.team_id}/projects/{place.project_id}; "
            f'SIMULATOR={place.url}/simulator/{place.team_id}; KEY="Authorization: Bearer {place.api_key}"',
        ),
        Stop("See how the business does", 'curl -sS -w "\\n" -H "$KEY" "$API/analytics?growthDays=90"'),
        Stop(
            "A friend signs up",
            f'FRIEND=$({post} $API/customers -d \'{{"email":"friend@example.com","name":"A Friend"}}\' | '
            + read % '["customer"]["id"]'
            + '); echo "$FRIEND"',
        ),
        Stop(
            f"... with the code of {place.referrer_name}",
            f'{post} $API/referrals/apply -d "{{\\"code\\":\\"{place.code}\\",\\"refereeCustomerId\\":\\"$FRIEND\\"}}"',
        ),
        Stop(
            "... and goes to the checkout (open the url that it answers in a browser, or go on here)",
            f'SESSION=$({post} $API/checkout -d "{{\\"customerId\\":\\"$FRIEND\\",\\"priceId\\":\\"{place.price_id}\\",'
            '\\"successUrl\\":\\"https://app.example.com/welcome\\",\\"cancelUrl\\":\\"https://app.example.com/\\"}" | '
            + read % '["sessionId"]'
            + '); echo "$SIMULATOR/checkout/$SESSION"',
        ),
        Stop("... and pays", post + ' $SIMULATOR/checkout/$SESSION/complete -d \'{"outcome":"paid"}\''),
        Stop("The referral is converted", f'sleep 1; curl -sS -w "\\n" -H "$KEY" $API/referrals/codes/{place.code}'),
        Stop(
            "... and the credit stands on the Stripe balance of who brought the friend",
            f"curl -sS -w '\\n' -u {place.stripe_key}: "
            f"{place.url}/simulator/stripe/v1/customers/{place.referrer_stripe_id}/balance_transactions?limit=1",
        ),
        Stop("A month later the next invoice uses it up", post + " $SIMULATOR/clock -d '{\"advance_days\":31}'"),
    ]


def text(place: Place) -> str:
    """Return the tour as numbered text."""
    lines: list[str] = []
    for number, stop in enumerate(stops(place), start=1):
        lines += [f"{number}. {stop.title}", f"   {stop.command}", ""]
    return "\n".join(lines)
