"""The second factor: codes of an authenticator app (RFC 6238, six digits every 30 seconds) and ten recovery codes.

The app's secret is sealed. A code is taken for its own step and the one before and after it, and only if no code of that
step or a later one was taken before: whoever looks over a shoulder cannot use the same code again. Recovery codes carry 80
random bits, so their SHA-256 is enough; each works once.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import pyotp
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from billfold.base.crypto import Sealer, same, token_hash
from billfold.base.errors import Conflict, Invalid
from billfold.domain.tenancy.users import users
from billfold.infrastructure.db.database import Reading, Writing
from billfold.infrastructure.db.statements import command, metadata, query
from billfold.infrastructure.db.types import Moment

RECOVERY_CODES: Final = 10
_RECOVERY_ALPHABET: Final = "abcdefghjkmnpqrstuvwxyz023456789"
_RECOVERY_LENGTH: Final = 16
_STEP_SECONDS: Final = 30
_STEPS_AROUND: Final = (0, -1, 1)
_DIGITS: Final = 6
SEALED_FIELD: Final = "second_factor"

second_factors = sa.Table(
    "second_factors",
    metadata,
    sa.Column("user_id", sa.Text, sa.ForeignKey(users.c.id), primary_key=True),
    sa.Column("secret_sealed", sa.Text, nullable=False),
    # NULL: shown to the person, and not yet proved by a first code. Asked for at sign-in only once it is set.
    sa.Column("confirmed_at", Moment),
    # The step of the last code that was taken.
    sa.Column("last_step", sa.BigInteger, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
)
recovery_codes = sa.Table(
    "recovery_codes",
    metadata,
    sa.Column("user_id", sa.Text, sa.ForeignKey(users.c.id), primary_key=True),
    sa.Column("code_hash", sa.Text, primary_key=True),
)


@dataclass(frozen=True, slots=True)
class SecondFactor:
    """How a person's second factor stands."""

    user_id: str
    secret_sealed: str
    confirmed_at: datetime | None


_GET: Final = query(
    sa.select(second_factors.c.user_id, second_factors.c.secret_sealed, second_factors.c.confirmed_at).where(
        second_factors.c.user_id == sa.bindparam("owner_user_id")
    ),
    SecondFactor,
)
_new = insert(second_factors).values(
    user_id=sa.bindparam("user_id"),
    secret_sealed=sa.bindparam("secret_sealed"),
    confirmed_at=None,
    last_step=0,
    created_at=sa.bindparam("created_at", type_=Moment()),
)
# Starting again replaces a secret that was never proved, and no other.
_BEGIN: Final = query(
    _new.on_conflict_do_update(
        index_elements=["user_id"],
        set_={"secret_sealed": _new.excluded.secret_sealed, "created_at": _new.excluded.created_at, "last_step": 0},
        where=second_factors.c.confirmed_at.is_(None),
    ).returning(second_factors.c.user_id),
    str,
)
_TAKE_STEP: Final = command(
    sa.update(second_factors)
    .where(
        second_factors.c.user_id == sa.bindparam("owner_user_id"),
        second_factors.c.secret_sealed == sa.bindparam("the_secret_sealed"),
        second_factors.c.last_step < sa.bindparam("step", type_=sa.BigInteger()),
    )
    .values(
        last_step=sa.bindparam("step", type_=sa.BigInteger()),
        confirmed_at=sa.func.coalesce(second_factors.c.confirmed_at, sa.bindparam("at_moment", type_=Moment())),
    )
)
_REMOVE: Final = command(sa.delete(second_factors).where(second_factors.c.user_id == sa.bindparam("owner_user_id")))
_ADD_CODE: Final = command(
    insert(recovery_codes).values(user_id=sa.bindparam("user_id"), code_hash=sa.bindparam("code_hash"))
)
_USE_CODE: Final = command(
    sa.delete(recovery_codes).where(
        recovery_codes.c.user_id == sa.bindparam("owner_user_id"),
        recovery_codes.c.code_hash == sa.bindparam("wanted_hash"),
    )
)
_REMOVE_CODES: Final = command(
    sa.delete(recovery_codes).where(recovery_codes.c.user_id == sa.bindparam("owner_user_id"))
)
_COUNT_CODES: Final = query(
    sa.select(sa.func.count())
    .select_from(recovery_codes)
    .where(recovery_codes.c.user_id == sa.bindparam("owner_user_id")),
    int,
)


async def has_second_factor(tx: Reading, user_id: str) -> bool:
    """Tell whether signing in takes a code."""
    factor = await tx.first(_GET, owner_user_id=user_id)
    return factor is not None and factor.confirmed_at is not None


async def begin_enrolment(tx: Writing, sealer: Sealer, *, user_id: str, now: datetime) -> str:
    """Make a secret and return it in base32, as apps take it; it counts once a code of it was confirmed.

    Raises `Conflict` if the person has a second factor already.
    """
    secret = pyotp.random_base32()
    sealed = sealer.seal(secret, owner=user_id, field=SEALED_FIELD)
    if await tx.first(_BEGIN, user_id=user_id, secret_sealed=sealed, created_at=now) is None:
        raise Conflict("You have a second factor already. Switch it off first to set up another.")
    return secret


async def pending_secret(tx: Reading, sealer: Sealer, user_id: str) -> str | None:
    """Return the secret that still waits for its first code, in base32, or None."""
    factor = await tx.first(_GET, owner_user_id=user_id)
    if factor is None or factor.confirmed_at is not None:
        return None
    return sealer.open(factor.secret_sealed, owner=user_id, field=SEALED_FIELD)


async def confirm_enrolment(tx: Writing, sealer: Sealer, *, user_id: str, code: str, now: datetime) -> list[str]:
    """Switch the second factor on by a first code, and return the recovery codes, which are told this once only.

    Raises `Invalid` for a wrong code, `Conflict` if nothing was begun.
    """
    factor = await tx.first(_GET, owner_user_id=user_id)
    if factor is None or factor.confirmed_at is not None:
        raise Conflict("There is no second factor being set up. Begin again.")
    if not await _take_code(tx, sealer, factor, code, now):
        raise Invalid("This is not the code that the app shows now. See that the clock of your telephone is right.")
    return await renew_recovery_codes(tx, user_id)


async def check_code(tx: Writing, sealer: Sealer, *, user_id: str, code: str, now: datetime) -> bool:
    """Take a code of the app or a recovery code; each is taken once."""
    factor = await tx.first(_GET, owner_user_id=user_id)
    if factor is None or factor.confirmed_at is None:
        return False
    if await _take_code(tx, sealer, factor, code, now):
        return True
    wanted_hash = _recovery_hash(user_id, code)
    return bool(await tx.run(_USE_CODE, owner_user_id=user_id, wanted_hash=wanted_hash))


async def renew_recovery_codes(tx: Writing, user_id: str) -> list[str]:
    """Replace a person's recovery codes by ten new ones and return them."""
    codes = [_new_recovery_code() for _ in range(RECOVERY_CODES)]
    await tx.run(_REMOVE_CODES, owner_user_id=user_id)
    await tx.run_many(_ADD_CODE, [{"user_id": user_id, "code_hash": _recovery_hash(user_id, code)} for code in codes])
    return codes


async def count_recovery_codes(tx: Reading, user_id: str) -> int:
    """Return how many recovery codes are left."""
    return await tx.one(_COUNT_CODES, owner_user_id=user_id)


async def remove_second_factor(tx: Writing, user_id: str) -> None:
    """Switch the second factor off and forget its codes."""
    await tx.run(_REMOVE, owner_user_id=user_id)
    await tx.run(_REMOVE_CODES, owner_user_id=user_id)


def enrolment_address(secret: str, *, email: str, issuer: str) -> str:
    """Return the `otpauth://` address that a QR code shows to an app."""
    return pyotp.TOTP(secret, digits=_DIGITS, interval=_STEP_SECONDS).provisioning_uri(name=email, issuer_name=issuer)


async def _take_code(tx: Writing, sealer: Sealer, factor: SecondFactor, code: str, now: datetime) -> bool:
    typed = "".join(code.split())
    if len(typed) != _DIGITS or not (typed.isascii() and typed.isdigit()):
        return False
    secret = pyotp.TOTP(sealer.open(factor.secret_sealed, owner=factor.user_id, field=SEALED_FIELD))
    present = int(now.timestamp()) // _STEP_SECONDS
    matching = [present + each for each in _STEPS_AROUND if same(secret.generate_otp(present + each), typed)]
    if not matching:
        return False
    taken = await tx.run(
        _TAKE_STEP,
        owner_user_id=factor.user_id,
        the_secret_sealed=factor.secret_sealed,
        step=matching[0],
        at_moment=now,
    )
    return bool(taken)


def _new_recovery_code() -> str:
    text = "".join(secrets.choice(_RECOVERY_ALPHABET) for _ in range(_RECOVERY_LENGTH))
    return "-".join(text[start : start + 4] for start in range(0, _RECOVERY_LENGTH, 4))


def _recovery_hash(user_id: str, code: str) -> str:
    typed = "".join(character for character in code.lower() if character.isalnum())
    return token_hash(f"{user_id}:{typed}")
