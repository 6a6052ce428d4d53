"""The letters of signing in: one fact, one button, why it came. Links lead to the public address, whatever host was asked."""

from __future__ import annotations

from datetime import datetime

from billfold.domain.tenancy.one_time_tokens import LIFETIMES, Purpose
from billfold.infrastructure.mail.composition import Message, compose
from billfold.infrastructure.mail.letters import Letter


def sign_in_letter(public_url: str, *, to: str, user_id: str | None, token: str, now: datetime) -> Letter:
    """Return the letter with a link that signs in once."""
    message = Message(
        heading="Your sign-in link",
        paragraphs=("Press the button to sign in. It works once, for 15 minutes.",),
        button=("Sign in", f"{public_url}/sign-in/link/{token}"),
        after=("If it was not you who asked for it, do nothing: without this link nobody gets in.",),
        reason=_reason(to, public_url),
    )
    return _letter("Your sign-in link", message, Purpose.SIGN_IN, to=to, user_id=user_id, now=now)


def reset_letter(public_url: str, *, to: str, user_id: str | None, token: str, now: datetime) -> Letter:
    """Return the letter with a link to choose a new password."""
    message = Message(
        heading="Choose a new password",
        paragraphs=("Press the button and type the password that you want from now on. It works once, for one hour.",),
        button=("Choose a new password", f"{public_url}/password/reset/{token}"),
        after=(
            "Choosing one signs you out everywhere.",
            "If it was not you who asked for it, do nothing: your password stays as it is.",
        ),
        reason=_reason(to, public_url),
    )
    return _letter("Choose a new password", message, Purpose.PASSWORD_RESET, to=to, user_id=user_id, now=now)


def sign_up_letter(public_url: str, *, to: str, user_id: str | None, token: str, now: datetime) -> Letter:
    """Return the letter that proves the address of somebody who signs up."""
    message = Message(
        heading="Finish signing up",
        paragraphs=("Press the button to choose a password and name your team. It works once, for 24 hours.",),
        button=("Finish signing up", f"{public_url}/sign-up/{token}"),
        after=("If it was not you who asked for it, do nothing: no account is made.",),
        reason=_reason(to, public_url),
    )
    return _letter("Finish signing up", message, Purpose.SIGN_UP, to=to, user_id=user_id, now=now)


def _letter(subject: str, message: Message, purpose: Purpose, *, to: str, user_id: str | None, now: datetime) -> Letter:
    composed = compose(message)
    return Letter(
        to=to,
        subject=subject,
        text=composed.text,
        html=composed.html,
        article=composed.article,
        user_id=user_id,
        is_private=True,
        good_until=now + LIFETIMES[purpose],
    )


def _reason(to: str, public_url: str) -> str:
    return f"You get this because somebody typed {to} at {public_url}."
