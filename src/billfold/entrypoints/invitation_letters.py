"""The letter that asks somebody into a team."""

from __future__ import annotations

from typing import Final

from billfold.base.settings import Settings
from billfold.domain.tenancy.invitations import Invitation
from billfold.infrastructure.mail.composition import Message, compose
from billfold.infrastructure.mail.letters import Letter

_ROLES: Final = {
    "viewer": "You will be able to see everything in it and change nothing.",
    "member": "You will be able to see and change customers, products, subscriptions and referrals.",
    "admin": "You will also be able to manage projects, keys, invitations and the Stripe connection.",
    "owner": "You will be able to do everything in it.",
}


def invitation_address(settings: Settings, token: str) -> str:
    """Return the link of an invitation."""
    return f"{settings.public_url}/invitations/{token}"


def invitation_letter(
    settings: Settings, invitation: Invitation, token: str, *, team_name: str, invited_by: str
) -> Letter:
    """Return the letter with the link; it is not sent any more once the invitation has run out."""
    composed = compose(
        Message(
            heading="You are invited to a team",
            paragraphs=(
                f"{invited_by} invites you to the team “{team_name}” as {invitation.role}. {_ROLES[invitation.role]}",
                "The link works once, and for seven days.",
            ),
            button=("Accept the invitation", invitation_address(settings, token)),
            after=("If you do not know what this is about, do nothing.",),
            reason=f"You get this because {invited_by} entered your address.",
        )
    )
    return Letter(
        to=invitation.email,
        subject="You are invited to a team",
        text=composed.text,
        html=composed.html,
        article=composed.article,
        team_id=invitation.team_id,
        is_private=True,
        good_until=invitation.expires_at,
    )
