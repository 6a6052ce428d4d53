"""The secrets with which deliveries are signed: made, sealed, opened, and two at a time while one is replaced.

A secret is told once, when it is made, and then only ever sealed. After a rotation the old one signs beside the new one for a
day, so that a receiver can change over without missing or refusing anything.
"""

from __future__ import annotations

import base64
import secrets
from datetime import datetime, timedelta
from typing import Final, Protocol

from billfold.base.crypto import Sealer

OVERLAP: Final = timedelta(hours=24)
FIELD: Final = "secret"
PREVIOUS_FIELD: Final = "previous_secret"
# The prefix of the Standard Webhooks specification, before 24 to 64 bytes in base64.
_PREFIX: Final = "whsec_"
_BYTES: Final = 32


def new_secret() -> str:
    """Return a new signing secret, such as `whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw…`."""
    return _PREFIX + base64.b64encode(secrets.token_bytes(_BYTES)).decode()


def seal(sealer: Sealer, endpoint_id: str, secret: str) -> str:
    """Return a secret as the present one of an endpoint is stored."""
    return sealer.seal(secret, owner=endpoint_id, field=FIELD)


def seal_as_previous(sealer: Sealer, endpoint_id: str, sealed: str) -> str:
    """Return the stored present secret as the previous one is stored: a value opens only in the column it was sealed for."""
    return sealer.seal(sealer.open(sealed, owner=endpoint_id, field=FIELD), owner=endpoint_id, field=PREVIOUS_FIELD)


class Signs(Protocol):
    """What has signing secrets: an endpoint, as it is listed or as it is claimed."""

    @property
    def id(self) -> str:
        """Whose they are."""
        ...

    @property
    def secret_sealed(self) -> str:
        """The present one."""
        ...

    @property
    def previous_secret_sealed(self) -> str | None:
        """The one before, if it was rotated."""
        ...

    @property
    def previous_secret_until(self) -> datetime | None:
        """Until when that one signs too."""
        ...


def open_secrets(sealer: Sealer, endpoint: Signs, now: datetime) -> tuple[str, ...]:
    """Return the secrets that sign at a moment, the present one first; raises `SealBroken`."""
    present = sealer.open(endpoint.secret_sealed, owner=endpoint.id, field=FIELD)
    until = endpoint.previous_secret_until
    if endpoint.previous_secret_sealed is None or until is None or until <= now:
        return (present,)
    return (present, sealer.open(endpoint.previous_secret_sealed, owner=endpoint.id, field=PREVIOUS_FIELD))
