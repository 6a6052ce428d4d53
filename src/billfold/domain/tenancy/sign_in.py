"""Signing in, and what limits guessing.

Every limit is on the wall clock and in the database. A stranger who types wrong passwords all day closes the password of an
account for all, but never the person's way in: sign-in links have an allowance of their own, and one is mailed at least every
twelve minutes and works for fifteen, so while strangers use that allowance up, a link that works lies in the person's mailbox.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from billfold.base.crypto import Sealer
from billfold.base.errors import Invalid
from billfold.domain.tenancy import attempts, members, one_time_tokens, second_factors, sessions, users
from billfold.domain.tenancy.attempts import attempt_key, take
from billfold.domain.tenancy.audit_log import Actor, record
from billfold.domain.tenancy.one_time_tokens import Purpose
from billfold.domain.tenancy.sessions import SessionCaller
from billfold.domain.tenancy.users import User
from billfold.infrastructure.db.database import Writing

# An account from one network: a person who mistypes. A network: somebody who tries many accounts; an office shares it.
# An account: many networks against one person.
_PASSWORDS_HERE: Final = (10, timedelta(minutes=15))
_PASSWORDS_OF_NETWORK: Final = (100, timedelta(minutes=15))
_PASSWORDS_OF_ACCOUNT: Final = (100, timedelta(hours=1))
# One every twelve minutes: less than a sign-in link's life, see above.
MAILS_OF_ACCOUNT: Final = (5, timedelta(hours=1))
_MAILS_OF_NETWORK: Final = (20, timedelta(hours=1))
# Of a million codes three are right at any moment.
_CODES: Final = (10, timedelta(minutes=15))
# Failed tries are written down so often at most, for each account: who tries all day must not fill the log.
_FAILURES_NOTED: Final = (20, timedelta(hours=1))


@dataclass(frozen=True, slots=True)
class Client:
    """Where a person signs in from: the address, the network that attempts are counted for, and what the browser calls itself."""

    address: str
    network: str
    user_agent: str
    # The session that the same browser had before; it ends when another begins.
    previous_session_id: str | None = None


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A begun session: its token, which is told this once only, and whether it still lacks the second factor."""

    token: str
    user_id: str
    needs_second_factor: bool
    next_path: str | None = None


async def take_password_attempt(tx: Writing, *, email: str, network: str, now: datetime) -> int:
    """Count a password that is about to be tried: 0, or how many seconds to wait."""
    account = _account(email)
    return (
        await take(tx, attempt_key("password", account, network), *_PASSWORDS_HERE, now)
        or await take(tx, attempt_key("passwords from", network), *_PASSWORDS_OF_NETWORK, now)
        or await take(tx, attempt_key("passwords of", account), *_PASSWORDS_OF_ACCOUNT, now)
    )


async def take_mail_attempt(tx: Writing, *, network: str, now: datetime) -> int:
    """Count a mail that somebody has sent: 0, or how many seconds to wait."""
    return await take(tx, attempt_key("mails from", network), *_MAILS_OF_NETWORK, now)


async def may_be_mailed(tx: Writing, *, email: str, now: datetime) -> bool:
    """Count a mail about signing in to an address, and tell whether it may be sent; who asked is not told."""
    return await take(tx, attempt_key("mails to", _account(email)), *MAILS_OF_ACCOUNT, now) == 0


async def take_code_attempt(tx: Writing, user_id: str, *, now: datetime) -> int:
    """Count a code of the second factor that is about to be tried: 0, or how many seconds to wait."""
    return await take(tx, attempt_key("codes of", user_id), *_CODES, now)


async def begin_session(
    tx: Writing, user: User, client: Client, *, by: str, is_kept: bool, now: datetime, next_path: str | None = None
) -> SignedIn:
    """Begin a session for a person who has proved who he is, and forget the wrong tries from here.

    `by` says for the audit log how he proved it: by his `password`, a mailed `link`, or by having signed up just now.
    Raises `Invalid` if the password was replaced since `user` was read. The allowance of the network stays used: else whoever has
    an account could guess at others' between two sign-ins of his own.
    """
    present = await users.lock_user(tx, user.id)
    if present.password_hash != user.password_hash:
        raise Invalid("The password was changed a moment ago. Sign in again.")
    if client.previous_session_id is not None:
        await sessions.end_session(tx, client.previous_session_id)
    needs_code = await second_factors.has_second_factor(tx, user.id)
    token = await sessions.create_session(
        tx,
        user_id=user.id,
        address=client.address,
        user_agent=client.user_agent,
        second_factor_passed=not needs_code,
        is_kept=is_kept,
        now=now,
    )
    await attempts.forgive(tx, attempt_key("password", _account(user.email), client.network))
    if not needs_code:
        await _note(tx, user.id, user.email, "member.signed_in", address=client.address, details={"by": by}, now=now)
    return SignedIn(token, user.id, needs_code, next_path)


async def sign_in_by_link(tx: Writing, token: str, client: Client, *, now: datetime) -> SignedIn:
    """Use a mailed link up and begin a session for whom it was mailed to; `Invalid` if it is used or expired."""
    used = await one_time_tokens.use_token(tx, token, Purpose.SIGN_IN, now=now)
    user = await users.lock_user(tx, used.user_id or "")
    return await begin_session(tx, user, client, by="link", is_kept=True, now=now, next_path=used.next_path)


async def pass_second_factor(
    tx: Writing, sealer: Sealer, session: SessionCaller, code: str, *, address: str, now: datetime
) -> str | None:
    """Return the session's new token if the code is right (an app's or a recovery code), else None."""
    if not await second_factors.check_code(tx, sealer, user_id=session.user_id, code=code, now=now):
        await _note_failure(tx, session.user_id, session.email, "code", address=address, now=now)
        return None
    await attempts.forgive(tx, attempt_key("codes of", session.user_id))
    by = {"by": "second factor"}
    await _note(tx, session.user_id, session.email, "member.signed_in", address=address, details=by, now=now)
    return await sessions.pass_second_factor(tx, session, now=now)


async def note_wrong_password(tx: Writing, email: str, *, address: str, now: datetime) -> None:
    """Write down that a wrong password was tried on an account; nothing if nobody has the address.

    To be called after the answer was sent, so that its time does not tell whether there is such an account.
    """
    user = await users.find_user(tx, email)
    if user is not None:
        await _note_failure(tx, user.id, user.email, "password", address=address, now=now)


async def sign_out(
    tx: Writing, session: SessionCaller, *, everywhere: bool = False, address: str, now: datetime
) -> None:
    """End a session or, if it has passed the second factor, every session of the person."""
    if not session.second_factor_passed:
        await sessions.end_session(tx, session.session_id)
        return
    if everywhere:
        await sessions.revoke_sessions_of_user(tx, session.user_id)
    else:
        await sessions.end_session(tx, session.session_id)
    details = {"everywhere": everywhere}
    await _note(tx, session.user_id, session.email, "member.signed_out", address=address, details=details, now=now)


async def end_other_session(
    tx: Writing, session: SessionCaller, other_id: str | None, *, address: str, now: datetime
) -> None:
    """End another session of the person, or all others for None; `NotFound` if it is not his, or ended before."""
    if other_id is None:
        await sessions.revoke_sessions_of_user(tx, session.user_id, except_session_id=session.session_id)
    else:
        await sessions.revoke_session(tx, user_id=session.user_id, session_id=other_id)
    details = {"session": other_id or "all others"}
    await _note(tx, session.user_id, session.email, "session.ended", address=address, details=details, now=now)


async def reset_password(tx: Writing, token: str, password_hash: str, *, address: str, now: datetime) -> None:
    """Replace a password by a mailed link and end every session of the person; `Invalid` for a used link."""
    used = await one_time_tokens.use_token(tx, token, Purpose.PASSWORD_RESET, now=now)
    user = await users.lock_user(tx, used.user_id or "")
    await _replace(tx, user.id, password_hash)
    await sessions.revoke_sessions_of_user(tx, user.id)
    await attempts.forgive(tx, attempt_key("passwords of", _account(user.email)))
    await _note(tx, user.id, user.email, "password.reset", address=address, now=now)


async def change_password(
    tx: Writing, session: SessionCaller, *, from_hash: str | None, to_hash: str, address: str, now: datetime
) -> str:
    """Replace the signed-in person's password, end every other session, and return this session's new token.

    `from_hash` is what the present password was compared with; `Invalid` if it was replaced in between.
    """
    user = await users.lock_user(tx, session.user_id)
    if user.password_hash != from_hash:
        raise Invalid("The password was changed a moment ago. Try again.")
    await _replace(tx, user.id, to_hash)
    await sessions.revoke_sessions_of_user(tx, user.id, except_session_id=session.session_id)
    await _note(tx, user.id, user.email, "password.changed", address=address, now=now)
    return await sessions.renew(tx, session.session_id, now=now)


async def switch_second_factor_on(
    tx: Writing, sealer: Sealer, session: SessionCaller, code: str, *, address: str, now: datetime
) -> tuple[list[str], str]:
    """Confirm the second factor, end every other session, and return the recovery codes and this session's new token."""
    codes = await second_factors.confirm_enrolment(tx, sealer, user_id=session.user_id, code=code, now=now)
    await sessions.revoke_sessions_of_user(tx, session.user_id, except_session_id=session.session_id)
    await _note(tx, session.user_id, session.email, "second_factor.switched_on", address=address, now=now)
    return codes, await sessions.renew(tx, session.session_id, now=now)


async def switch_second_factor_off(
    tx: Writing, sealer: Sealer, session: SessionCaller, code: str, *, address: str, now: datetime
) -> str | None:
    """Switch the second factor off if the code is right, and return the session's new token; else None."""
    if not await second_factors.check_code(tx, sealer, user_id=session.user_id, code=code, now=now):
        return None
    await second_factors.remove_second_factor(tx, session.user_id)
    await _note(tx, session.user_id, session.email, "second_factor.switched_off", address=address, now=now)
    return await sessions.renew(tx, session.session_id, now=now)


async def drop_second_factor(tx: Writing, user: User, *, now: datetime) -> None:
    """Switch off the second factor of somebody who cannot show it any more: for whoever runs the installation."""
    await second_factors.remove_second_factor(tx, user.id)
    actor = Actor("system", None, None, "billfold people")
    await _note_in_teams(tx, actor, user.id, "second_factor.switched_off", details={"email": user.email}, now=now)


async def replace_recovery_codes(
    tx: Writing, sealer: Sealer, session: SessionCaller, code: str, *, address: str, now: datetime
) -> list[str]:
    """Replace the recovery codes if the code is right and return the new ones; an empty list if it is not."""
    if not await second_factors.check_code(tx, sealer, user_id=session.user_id, code=code, now=now):
        return []
    await _note(tx, session.user_id, session.email, "recovery_codes.replaced", address=address, now=now)
    return await second_factors.renew_recovery_codes(tx, session.user_id)


async def forget_outlived(tx: Writing, *, now: datetime) -> None:
    """Delete ended sessions, expired links and free attempts; for a recurring job."""
    await sessions.forget_ended_sessions(tx, now=now)
    await one_time_tokens.forget_expired_tokens(tx, now=now)
    await attempts.forget_free_attempts(tx, now=now)


async def _replace(tx: Writing, user_id: str, password_hash: str) -> None:
    await users.set_password(tx, user_id, password_hash)
    await one_time_tokens.revoke_tokens_of_user(tx, user_id)


async def _note(
    tx: Writing,
    user_id: str,
    email: str,
    action: str,
    *,
    address: str,
    details: Mapping[str, object] | None = None,
    now: datetime,
) -> None:
    """Write into the audit log of each of the person's teams what he did about his way in."""
    await _note_in_teams(tx, Actor("member", user_id, address, email), user_id, action, details=details, now=now)


async def _note_failure(tx: Writing, user_id: str, email: str, wrong: str, *, address: str, now: datetime) -> None:
    """Write down that somebody, who need not be the person, did not get in; `wrong` is what was not right."""
    if await take(tx, attempt_key("failures noted", user_id), *_FAILURES_NOTED, now):
        return
    stranger = Actor("system", None, address, "Somebody not signed in")
    details = {"email": email, "wrong": wrong}
    await _note_in_teams(tx, stranger, user_id, "member.sign_in_failed", details=details, now=now)


async def _note_in_teams(
    tx: Writing, actor: Actor, user_id: str, action: str, *, details: Mapping[str, object] | None, now: datetime
) -> None:
    for team in await members.teams_of_user(tx, user_id):
        await record(
            tx,
            team_id=team.id,
            project_id=None,
            actor=actor,
            action=action,
            subject=user_id,
            details=details,
            now=now,
        )


def _account(email: str) -> str:
    return email.strip().lower()
