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
from billfold.infrastructure.mail.mailbox import Mailbox

if TYPE_CHECKING:
    from billfold.domain.tenancy.stripe_connections import StripeConnections


@dataclass(frozen=True, slots=True)
class Services:
    """The database, the clock, the settings, what opens sealed secrets, each team's Stripe account, and where letters go."""

    db: Database
    clock: Clock
    settings: Settings
    sealer: Sealer
    stripe: StripeConnections
    key_use: KeyUse = field(init=False)
    known_keys: KnownKeys = field(init=False)
    mail: Mailbox = field(init=False)

    def __post_init__(self) -> None:
        # The usual way past `frozen`: these fields are derived, and set this once only.
        object.__setattr__(self, "key_use", KeyUse(self.db))
        object.__setattr__(self, "known_keys", KnownKeys())
        object.__setattr__(self, "mail", Mailbox(self.sealer, is_sending=self.settings.smtp_url is not None))
