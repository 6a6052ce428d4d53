"""What every surface needs: built once by `wiring.py`, put on each sub-application's `app.state.services`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from billfold.base.clock import Clock
from billfold.base.crypto import Sealer
from billfold.base.settings import Settings
from billfold.base.signing import Signer
from billfold.domain.billing.backfill import Backfill
from billfold.domain.billing.reconciliation import Reconciliation
from billfold.domain.billing.stripe_account import Simulates
from billfold.entrypoints.feed_readers import FeedReaders
from billfold.entrypoints.key_use import KeyUse
from billfold.entrypoints.known_keys import KnownKeys
from billfold.entrypoints.limits import GuessBudget
from billfold.entrypoints.password_work import PasswordWork
from billfold.infrastructure.db.database import Database
from billfold.infrastructure.mail.mailbox import Mailbox
from billfold.infrastructure.outbound import Outbound
from billfold.infrastructure.stripe.pacing import Paces

if TYPE_CHECKING:
    from billfold.domain.tenancy.stripe_connections import StripeConnections


@dataclass(frozen=True, slots=True)
class Services:
    """What the surfaces share: the database, the clock, the settings, what opens sealed secrets, the teams' Stripe accounts."""

    db: Database
    clock: Clock
    settings: Settings
    sealer: Sealer
    stripe: StripeConnections
    # None: the simulator is switched off.
    simulator: Simulates | None = None
    key_use: KeyUse = field(init=False)
    known_keys: KnownKeys = field(init=False)
    backfill: Backfill = field(init=False)
    reconciliation: Reconciliation = field(init=False)
    mail: Mailbox = field(init=False)
    passwords: PasswordWork = field(init=False)
    # For addresses that are called often: it keeps connections open.
    outbound: Outbound = field(init=False)
    portal_guesses: GuessBudget = field(init=False)
    feed_readers: FeedReaders = field(init=False)
    # Writes and reads click tokens.
    click_signer: Signer = field(init=False)

    def __post_init__(self) -> None:
        # The usual way past `frozen`: these fields are derived, and set this once only.
        object.__setattr__(self, "key_use", KeyUse(self.db))
        object.__setattr__(self, "known_keys", KnownKeys())
        # What runs in the background about one account keeps one pace.
        paces = Paces()
        object.__setattr__(self, "backfill", Backfill(self.db, self.stripe, self.clock, paces))
        object.__setattr__(self, "reconciliation", Reconciliation(self.db, self.stripe, self.clock, paces))
        object.__setattr__(self, "portal_guesses", GuessBudget(per_minute=self.settings.bad_keys_per_minute))
        object.__setattr__(self, "feed_readers", FeedReaders(self.db))
        object.__setattr__(self, "mail", Mailbox(self.sealer, is_sending=self.settings.smtp_url is not None))
        object.__setattr__(self, "passwords", PasswordWork())
        outbound = Outbound(allow_private=self.settings.outbound_private, keeps_connections=True)
        object.__setattr__(self, "outbound", outbound)
        object.__setattr__(self, "click_signer", self.sealer.signer("click tokens"))
