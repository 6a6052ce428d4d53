"""Telling people that an endpoint was switched off: a mail to each admin, an event for the other endpoints, a line in the log."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from urllib.parse import urlsplit

from billfold.base.clock import iso
from billfold.base.errors import Invalid
from billfold.domain.tenancy import audit_log
from billfold.domain.tenancy.audit_log import SYSTEM
from billfold.domain.tenancy.members import Role, listed_members
from billfold.domain.tenancy.teams import get_team
from billfold.domain.webhooks.endpoints import Endpoint, OffReason
from billfold.domain.webhooks.events import WebhookDisabled
from billfold.infrastructure.db.database import Writing
from billfold.infrastructure.jobs.events import publish
from billfold.infrastructure.mail.composition import Message, compose
from billfold.infrastructure.mail.letters import Letter
from billfold.infrastructure.mail.mailbox import Mailbox

_SUBJECT: Final = "A webhook was switched off"
_WHAT_NOW: Final = (
    "Nothing is lost: what it has not taken waits, new events wait behind it, and all of it goes out in order when you switch "
    "the webhook on again. Events are kept for 90 days."
)
_WHY: Final = {
    OffReason.FAILING: "It took nothing for five days, and at least twenty events failed.",
    OffReason.GONE: "It answered 410 Gone to every try of an event, which says that it is not there any more.",
}


class Notices:
    """Tells it in the unit that switches the endpoint off; `public_url` is where the console is."""

    def __init__(self, mailbox: Mailbox, public_url: str) -> None:
        self._mailbox = mailbox
        self._public_url = public_url

    async def tell(self, tx: Writing, endpoint: Endpoint, now: datetime) -> None:
        """Tell that this endpoint was switched off."""
        for member in await listed_members(tx, endpoint.team_id):
            if Role(member.role).includes(Role.ADMIN):
                try:
                    await self._mailbox.send(tx, self._letter(endpoint, member.email), now=now)
                except Invalid:
                    # An address that no mail server takes: the others are told, and the console tells everybody.
                    continue
        event = WebhookDisabled(
            team_id=endpoint.team_id, project_id=endpoint.project_id, object_id=endpoint.id, data=_data(endpoint)
        )
        team = await get_team(tx, endpoint.team_id)
        await publish(tx, event, happened_at=team.time_at(now), now=now)
        await audit_log.record(
            tx,
            team_id=endpoint.team_id,
            project_id=endpoint.project_id,
            actor=SYSTEM,
            action="webhook.disabled",
            subject=endpoint.id,
            details={"reason": endpoint.off_reason},
            now=now,
        )

    def _letter(self, endpoint: Endpoint, to: str) -> Letter:
        page = f"{self._public_url}/console/{endpoint.team_id}/{endpoint.project_id}/webhooks/{endpoint.id}"
        # Only the host: the rest of an address may hold a token.
        host = urlsplit(endpoint.url).hostname or endpoint.url
        composed = compose(
            Message(
                heading=_SUBJECT,
                paragraphs=(
                    f"The webhook at {host} is switched off. {_WHY[OffReason(endpoint.off_reason or OffReason.FAILING)]}",
                    _WHAT_NOW,
                ),
                button=("Look at the webhook", page),
                reason="You get this because you are an admin or owner of the team.",
            )
        )
        return Letter(
            to=to,
            subject=_SUBJECT,
            text=composed.text,
            html=composed.html,
            article=composed.article,
            team_id=endpoint.team_id,
        )


def _data(endpoint: Endpoint) -> dict[str, object]:
    return {
        "webhook": {
            "id": endpoint.id,
            "url": endpoint.url,
            "description": endpoint.description,
            "disabledReason": endpoint.off_reason,
            "disabledAt": None if endpoint.off_at is None else iso(endpoint.off_at),
            "failingSince": None if endpoint.failing_since is None else iso(endpoint.failing_since),
        }
    }
