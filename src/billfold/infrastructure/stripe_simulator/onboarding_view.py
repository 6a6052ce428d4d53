"""What the owner of a connected account sees of his onboarding."""

from __future__ import annotations

from dataclasses import dataclass

from billfold.infrastructure.stripe_simulator.connect import is_link_good
from billfold.infrastructure.stripe_simulator.workspace import Entry, Shelf


@dataclass(frozen=True, slots=True)
class Onboarding:
    """An onboarding page: who asks, for which account, and where it leads."""

    account_id: str
    platform: str
    email: str | None
    country: str
    return_url: str


def view_onboarding(shelf: Shelf, entry: Entry, token: str) -> Onboarding | None:
    """Return what a page shows, None for a link that is not good."""
    link = entry.state.get("link") or {}
    if not is_link_good(link, token, at=shelf.at):
        return None
    return Onboarding(
        account_id=entry.document["id"],
        platform=shelf.account.settings.get("name") or "the platform",
        email=entry.document["email"],
        country=entry.document["country"],
        return_url=link["return_url"],
    )
