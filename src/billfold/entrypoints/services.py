"""What every surface needs: built once by `wiring.py`, put on each sub-application's `app.state.services`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from billfold.base.clock import Clock
from billfold.base.crypto import Sealer
from billfold.base.settings import Settings
from billfold.entrypoints.key_use import KeyUse
from billfold.entrypoints.known_keys import KnownKeys
from billfold.infrastructure.db.database import Database

if TYPE_CHECKING:
    from billfold.domain.tenancy.stripe_connections import StripeConnections


@dataclass(frozen=True, slots=True)
class Services:
    """The database, the clock, the settings, what opens sealed secrets, and each team's Stripe account."""

    db: Database
    clock: Clock
    settings: Settings
    sealer: Sealer
    stripe: StripeConnections
    key_use: KeyUse = field(init=False)
    known_keys: KnownKeys = field(init=False)

    def __post_init__(self) -> None:
        # The usual way past `frozen`: these fields are derived, and set this once only.
        object.__setattr__(self, "key_use", KeyUse(self.db))
        object.__setattr__(self, "known_keys", KnownKeys())
