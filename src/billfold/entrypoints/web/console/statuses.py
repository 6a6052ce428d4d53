"""One word and one shape for each state, as the look of Billfold has them: never a second word for the same state."""

from __future__ import annotations

from typing import Final, NamedTuple


class Status(NamedTuple):
    """A class of the style sheet and the word beside its shape."""

    kind: str
    word: str


SUBSCRIPTION: Final = {
    "active": Status("good", "Active"),
    "trialing": Status("wait", "Trialing"),
    "past_due": Status("warn", "Past due"),
    "unpaid": Status("bad", "Unpaid"),
    "incomplete": Status("warn", "Incomplete"),
    "incomplete_expired": Status("off", "Expired"),
    "paused": Status("off", "Paused"),
    "canceled": Status("off", "Canceled"),
}
INVOICE: Final = {
    "draft": Status("new", "Draft"),
    "open": Status("new", "Open"),
    "paid": Status("good", "Paid"),
    "void": Status("off", "Void"),
    "uncollectible": Status("bad", "Unpaid"),
}
REFERRAL: Final = {
    "pending": Status("wait", "Pending"),
    "converted": Status("good", "Converted"),
    "expired": Status("off", "Expired"),
    "void": Status("off", "Void"),
}
REWARD: Final = {
    "held": Status("wait", "Held"),
    "available": Status("wait", "Processing"),
    "failed": Status("bad", "Failed"),
    "settled": Status("good", "Paid"),
}
PAYOUT: Final = {
    "intent": Status("wait", "Pending"),
    "sent": Status("wait", "Processing"),
    "settled": Status("good", "Paid"),
    "failed": Status("bad", "Failed"),
    "cancelled": Status("off", "Canceled"),
}
PAYOUT_BATCH: Final = {
    "preparing": Status("wait", "Processing"),
    "prepared": Status("new", "Open"),
    "approved": Status("new", "Approved"),
    "sent": Status("good", "Sent"),
}
APPLICATION: Final = {
    "pending": Status("new", "To decide"),
    "approved": Status("good", "Approved"),
    "rejected": Status("off", "Rejected"),
}
PARTNER: Final = {
    "active": Status("good", "Active"),
    "suspended": Status("warn", "Suspended"),
    "terminated": Status("off", "Terminated"),
}
COMMISSION: Final = {
    "pending": Status("wait", "Held"),
    "approved": Status("new", "Available"),
    "paid": Status("good", "Paid"),
    "voided": Status("off", "Void"),
}
DEAL: Final = {
    "pending": Status("new", "To decide"),
    "accepted": Status("good", "Accepted"),
    "won": Status("good", "Won"),
    "declined": Status("off", "Declined"),
    "expired": Status("off", "Expired"),
}
REVIEW: Final = {
    "open": Status("warn", "To review"),
    "released": Status("good", "Released"),
    "confirmed": Status("bad", "Confirmed"),
}
STRIPE_EVENT: Final = {
    "received": Status("wait", "Processing"),
    "processed": Status("good", "Delivered"),
    "failed": Status("bad", "Failed"),
    "ignored": Status("off", "Void"),
}
WEBHOOK: Final = {
    "on": Status("good", "Active"),
    "failing": Status("warn", "Failing"),
    "off": Status("off", "Switched off"),
    "failed": Status("bad", "Switched off"),
}
DELIVERY: Final = {
    "waiting": Status("wait", "Waiting"),
    "delivered": Status("good", "Delivered"),
    "failed": Status("bad", "Failed"),
}
COMPARISON: Final = {
    "running": Status("wait", "Comparing"),
    "finished": Status("good", "Ready"),
    "failed": Status("bad", "Failed"),
}
_UNKNOWN: Final = Status("off", "Unknown")


def status_of(table: dict[str, Status], value: str) -> Status:
    """Return the word for a stored state; one that a later version wrote reads as itself."""
    return table.get(value, _UNKNOWN._replace(word=value.replace("_", " ").capitalize()))
