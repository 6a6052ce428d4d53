"""The keys with which a team connects its Stripe account, and what can be said of them before anything is asked of Stripe."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from billfold.base.errors import Invalid

_SECRET_KEY: Final = re.compile(r"(?:sk|rk)_(test|live)_[A-Za-z0-9_]{1,250}")
_PUBLISHABLE_KEY: Final = re.compile(r"pk_(test|live)_[A-Za-z0-9_]{1,250}")
_WEBHOOK_SECRET: Final = re.compile(r"whsec_[A-Za-z0-9_+/=-]{1,250}")


@dataclass(frozen=True, slots=True)
class StripeKeys:
    """What a team enters to connect: secrets in the clear, which are never stored or logged so."""

    secret_key: str
    publishable_key: str | None
    webhook_secret: str

    def __repr__(self) -> str:
        """Show nothing secret, so that a traceback cannot either."""
        return "StripeKeys(…)"


def check_keys(keys: StripeKeys) -> bool:
    """Return whether the keys are live ones; raise `Invalid` if their shape is wrong or their modes differ (G22).

    Called before anything is asked of Stripe or stored.
    """
    secret = _SECRET_KEY.fullmatch(keys.secret_key)
    if secret is None:
        raise Invalid("secretKey must be a Stripe secret key: sk_test_…, sk_live_…, rk_test_… or rk_live_….")
    if _WEBHOOK_SECRET.fullmatch(keys.webhook_secret) is None:
        raise Invalid("webhookSecret must be the signing secret of the webhook endpoint: whsec_….")
    if keys.publishable_key is not None:
        publishable = _PUBLISHABLE_KEY.fullmatch(keys.publishable_key)
        if publishable is None:
            raise Invalid("publishableKey must be a Stripe publishable key: pk_test_… or pk_live_….")
        if publishable[1] != secret[1]:
            raise Invalid("secretKey and publishableKey must be of the same mode: both test or both live.")
    return secret[1] == "live"
