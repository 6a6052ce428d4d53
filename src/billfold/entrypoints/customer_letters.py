"""The letter with which a customer of a project signs in; it looks as the project's, and comes from this server."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from billfold.domain.billing.customer_sign_in import LIVES
from billfold.infrastructure.mail.composition import Message, compose
from billfold.infrastructure.mail.letters import Letter


def link_address(public_url: str, *, redirect_url: str | None, project_id: str, token: str) -> str:
    """Return where a sign-in link leads: the app's own address with `token` and `appId`, or our page if it has none."""
    if redirect_url is None:
        return f"{public_url}/partner/sign-in/{project_id}/{token}"
    parts = urlsplit(redirect_url)
    query = [*parse_qsl(parts.query, keep_blank_values=True), ("token", token), ("appId", project_id)]
    return urlunsplit(parts._replace(query=urlencode(query)))


def customer_sign_in_letter(*, to: str, brand: str, url: str, team_id: str, now: datetime) -> Letter:
    """Return the letter; `brand` is what the project calls itself."""
    minutes = int(LIVES.total_seconds()) // 60
    composed = compose(
        Message(
            heading=f"Your sign-in link for {brand}",
            paragraphs=(f"Press the button to sign in. It works once, for {minutes} minutes.",),
            button=("Sign in", url),
            after=("If it was not you who asked for it, do nothing: without this link nobody gets in.",),
            reason=f"You get this because somebody typed {to} at {brand}.",
            signature=brand,
        )
    )
    return Letter(
        to=to,
        subject=f"Your sign-in link for {brand}"[:200],
        text=composed.text,
        html=composed.html,
        article=composed.article,
        team_id=team_id,
        is_private=True,
        good_until=now + LIVES,
    )
