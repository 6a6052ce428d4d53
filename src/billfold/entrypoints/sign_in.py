"""What the pages and the JSON of signing in share: count the attempt, compare off the loop, then begin a session.

Whether an address is known shows nowhere: the words are the same, the hashing is done for nobody as well, and mail is looked up
and written only after the answer was sent.
"""

from __future__ import annotations

from typing import Final

from starlette.requests import Request

from billfold.base.errors import BillfoldError, Forbidden, Invalid
from billfold.domain.tenancy import one_time_tokens, sign_in
from billfold.domain.tenancy.one_time_tokens import Purpose
from billfold.domain.tenancy.sessions import SessionCaller
from billfold.domain.tenancy.sign_in import Client, SignedIn
from billfold.domain.tenancy.users import LONGEST_PASSWORD, User, check_new_password, find_user, get_user
from billfold.entrypoints.caller import Unauthorized
from billfold.entrypoints.client_address import client_address
from billfold.entrypoints.limits import network_of
from billfold.entrypoints.services import Services
from billfold.entrypoints.web.letters import reset_letter, sign_in_letter, sign_up_letter
from billfold.entrypoints.web.session_cookie import read_unfinished_session
from billfold.infrastructure.db.database import Writing

WRONG: Final = "This e-mail address and password do not belong together."
_LONGEST_EMAIL: Final = 254


class TooManyAttempts(BillfoldError):
    """Whoever it is has to wait `seconds`: surfaces answer 429 with Retry-After."""

    def __init__(self, message: str, seconds: int) -> None:
        super().__init__(message)
        self.seconds = seconds


async def client_of(services: Services, request: Request) -> Client:
    """Return where a request comes from, with the session that it had before."""
    address = client_address(request, services.settings)
    previous = await read_unfinished_session(services, request)
    return Client(
        address=address,
        network=network_of(address),
        user_agent=request.headers.get("user-agent", ""),
        previous_session_id=None if previous is None else previous.session_id,
    )


async def sign_in_by_password(
    services: Services, client: Client, *, email: str, password: str, is_kept: bool
) -> SignedIn:
    """Begin a session, or raise `Unauthorized`, `TooManyAttempts`, or `Unavailable` if too many sign in at once."""
    now = services.clock.now()
    if not 0 < len(email) <= _LONGEST_EMAIL or "\0" in email:
        email = ""
    seconds = await services.db.write(sign_in.take_password_attempt, email=email, network=client.network, now=now)
    if seconds:
        raise TooManyAttempts(
            f"Too many passwords were tried. Wait {wait_text(seconds)}, or have a sign-in link sent to you.", seconds
        )
    user = await _right_user(services, await services.db.read(find_user, email), password)
    if user is None:
        raise Unauthorized(WRONG)
    return await services.db.write(sign_in.begin_session, user, client, by="password", is_kept=is_kept, now=now)


async def check_password(services: Services, session: SessionCaller, client: Client, password: str) -> User:
    """Return the signed-in person if the password is his, counted like a sign-in; raises as `sign_in_by_password`."""
    now = services.clock.now()
    seconds = await services.db.write(
        sign_in.take_password_attempt, email=session.email, network=client.network, now=now
    )
    if seconds:
        raise TooManyAttempts(f"Too many passwords were tried. Wait {wait_text(seconds)}.", seconds)
    user = await _right_user(services, await services.db.read(get_user, session.user_id), password)
    if user is None:
        raise Unauthorized("The present password is not right.")
    return user


async def change_password(
    services: Services, session: SessionCaller, client: Client, *, present: str, wanted: str
) -> str:
    """Replace the signed-in person's password and return his session's new token."""
    check_new_password(wanted)
    user = await check_password(services, session, client, present)
    to_hash = await services.passwords.hash(wanted)
    return await services.db.write(
        sign_in.change_password,
        session,
        from_hash=user.password_hash,
        to_hash=to_hash,
        address=client.address,
        now=services.clock.now(),
    )


async def reset_password(services: Services, client: Client, token: str, wanted: str) -> None:
    """Replace a password by a mailed link, which ends every session; `Invalid` for a used link or a bad password."""
    check_new_password(wanted)
    now = services.clock.now()
    # Looked at before the slow hashing: guessing tokens must not be a way to keep the processor busy.
    if await services.db.read(one_time_tokens.find_token, token, Purpose.PASSWORD_RESET, now=now) is None:
        raise Invalid("This link was used before or has expired. Ask for a new one.")
    password_hash = await services.passwords.hash(wanted)
    await services.db.write(sign_in.reset_password, token, password_hash, address=client.address, now=now)


async def note_wrong_password(services: Services, client: Client, email: str) -> None:
    """Write down a refused sign-in; to be called after the answer was sent, so that nothing shows."""
    await services.db.write(
        sign_in.note_wrong_password, email.strip(), address=client.address, now=services.clock.now()
    )


async def pass_second_factor(services: Services, session: SessionCaller, client: Client, code: str) -> str:
    """Return the token of a session that may do everything from here on; raises `Unauthorized` or `TooManyAttempts`."""
    now = services.clock.now()
    await count_code(services, session.user_id)
    token = await services.db.write(
        sign_in.pass_second_factor, services.sealer, session, code, address=client.address, now=now
    )
    if token is None:
        raise Unauthorized("This code is not right, or was used before. Wait for the next one and type that.")
    return token


async def count_code(services: Services, user_id: str) -> None:
    """Count a code that is about to be tried, or raise `TooManyAttempts`."""
    seconds = await services.db.write(sign_in.take_code_attempt, user_id, now=services.clock.now())
    if seconds:
        raise TooManyAttempts(f"Too many codes were tried. Wait {wait_text(seconds)}.", seconds)


async def count_mail(services: Services, client: Client) -> None:
    """Count a mail that somebody asks for, or raise `TooManyAttempts`."""
    seconds = await services.db.write(sign_in.take_mail_attempt, network=client.network, now=services.clock.now())
    if seconds:
        raise TooManyAttempts(f"Too many mails were asked for. Wait {wait_text(seconds)}.", seconds)


async def mail_link(services: Services, purpose: Purpose, email: str, next_path: str | None = None) -> None:
    """Mail a link to an address if it should get one; to be called after the answer was sent, so that nothing shows.

    Signing up with an address that has an account mails a link to sign in.
    """
    await services.db.write(_mail_link, services, purpose, email.strip(), next_path)


async def _mail_link(tx: Writing, services: Services, purpose: Purpose, email: str, next_path: str | None) -> None:
    now = services.clock.now()
    user = await find_user(tx, email)
    if user is None and (purpose is not Purpose.SIGN_UP or services.settings.sign_up != "open"):
        return
    if not await sign_in.may_be_mailed(tx, email=email, now=now):
        return
    if user is not None and purpose is Purpose.SIGN_UP:
        purpose = Purpose.SIGN_IN
    to = email if user is None else user.email
    user_id = None if user is None else user.id
    # An invitation's path holds its token, which is stored nowhere but as a hash.
    kept_path = None if next_path is not None and next_path.startswith("/invitations/") else next_path
    token = await one_time_tokens.issue_token(tx, purpose, email=to, user_id=user_id, next_path=kept_path, now=now)
    make = {
        Purpose.SIGN_IN: sign_in_letter,
        Purpose.PASSWORD_RESET: reset_letter,
        Purpose.SIGN_UP: sign_up_letter,
    }[purpose]
    letter = make(services.settings.public_url, to=to, user_id=user_id, token=token, now=now)
    await services.mail.send(tx, letter, now=now)


def require_open_sign_up(services: Services) -> None:
    """Raise `Forbidden` unless everybody may make an account."""
    if services.settings.sign_up != "open":
        raise Forbidden("Accounts are by invitation here: ask a member of the team for one.")


def wait_text(seconds: int) -> str:
    """Return a time to wait in words: `40 seconds`, `12 minutes`."""
    if seconds <= 90:  # noqa: PLR2004 - beyond that, minutes are easier to read
        return "1 second" if seconds == 1 else f"{seconds} seconds"
    return f"{-(-seconds // 60)} minutes"


async def _right_user(services: Services, user: User | None, password: str) -> User | None:
    """Compare in any case, with a text of a bounded length, so that an unknown person takes as long as a known one."""
    stored = None if user is None else user.password_hash
    is_right = await services.passwords.is_right(password[:LONGEST_PASSWORD], stored)
    return user if is_right and len(password) <= LONGEST_PASSWORD else None
