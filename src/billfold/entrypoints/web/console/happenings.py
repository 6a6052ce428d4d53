"""A customer's story line by line, for the timeline of his page. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from billfold.domain.analytics.customer_story import CustomerStory
from billfold.entrypoints.web.amounts import money_text, unit_text


@dataclass(frozen=True, slots=True)
class Happening:
    """A line of the timeline; `mark` is `key` where money moved, `trouble` where a person is needed."""

    at: datetime
    text: str
    remark: str = ""
    href: str = ""
    amount: str = ""
    mark: str = ""


def happenings(story: CustomerStory, home: str) -> list[Happening]:
    """Return what happened, newest first; `home` is where the project's pages begin."""
    found = [
        Happening(story.customer.created_at, "Became a customer"),
        *_arrival(story, home),
        *_billing(story),
        *_bringing(story, home),
    ]
    # Stripe knows whole seconds only: what happened within one stays in the order in which it must have been.
    found.sort(key=lambda each: each.at.replace(microsecond=0))
    return found[::-1]


def _billing(story: CustomerStory) -> Iterator[Happening]:
    for each in story.subscriptions:
        name = each.nickname or each.product or each.stripe_subscription_id
        yield Happening(each.created_at, f"Subscribed to {name}", mark="key")
        if each.canceled_at is not None:
            yield Happening(each.canceled_at, f"The subscription to {name} ended")
    for invoice in story.invoices:
        if invoice.paid_at is not None and invoice.amount_paid:
            amount = money_text(invoice.amount_paid, invoice.currency)
            yield Happening(invoice.paid_at, f"Paid invoice {invoice.number or ''}", amount=amount, mark="key")


def _arrival(story: CustomerStory, home: str) -> Iterator[Happening]:
    sponsor = story.sponsor
    if sponsor is not None:
        by = sponsor.referrer_name or sponsor.referrer_email or "somebody"
        href = f"{home}/referrals/{sponsor.id}"
        yield Happening(sponsor.created_at, f"Was referred by {by}", f"Code {sponsor.code}", href)
    for code in story.codes:
        yield Happening(code.created_at, f"Got the referral code {code.code}")


def _bringing(story: CustomerStory, home: str) -> Iterator[Happening]:
    for friend in story.brought:
        name = friend.referee_name or friend.referee_email or "Somebody"
        href = f"{home}/referrals/{friend.id}"
        yield Happening(friend.created_at, f"Referred {name}", f"Code {friend.code}", href)
    for reward in story.rewards:
        href = f"{home}/referrals/{reward.referral_id}"
        amount = unit_text(reward.amount, reward.unit)
        if reward.failure is not None:
            text = "A credit could not be given"
            yield Happening(reward.updated_at, text, reward.failure, href, amount, "trouble")
        else:
            yield Happening(reward.created_at, "Earned a credit", "Why", href, amount)
        if reward.settled_at is not None:
            yield Happening(reward.settled_at, "The credit was given", amount=amount, mark="key")
