"""How a delivery proves whose it is: the Standard Webhooks headers, and beside them the affiliate contract's own (section 7).

Both sign the same raw body. The time in them is the try's, so that a receiver may refuse what is old; the id is the event's and
the same in every try, so that a receiver may ignore what it has.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Final

from standardwebhooks import Webhook

_USER_AGENT: Final = "Billfold-Webhooks/1"


def signed_headers(
    *, event_id: str, event_type: str, body: str, secrets: Sequence[str], now: datetime
) -> dict[str, str]:
    """Return the headers of one try; a signature for each secret, the present one's first."""
    moment = str(int(now.timestamp()))
    own = ",".join(f"v1={_own_signature(secret, moment, body)}" for secret in secrets)
    return {
        "content-type": "application/json",
        "user-agent": _USER_AGENT,
        "webhook-id": event_id,
        "webhook-timestamp": moment,
        "webhook-signature": " ".join(_signer(secret).sign(event_id, now, body) for secret in secrets),
        "x-stackbe-signature": f"t={moment},{own}",
        "x-stackbe-event": event_type,
        "x-stackbe-delivery": event_id,
    }


def _own_signature(secret: str, moment: str, body: str) -> str:
    """Return the hexadecimal HMAC-SHA256 of `<t>.<raw body>`; its key is the whole secret as it was shown, as Stripe's is."""
    return hmac.new(secret.encode(), f"{moment}.{body}".encode(), hashlib.sha256).hexdigest()


@lru_cache(maxsize=1_024)
def _signer(secret: str) -> Webhook:
    return Webhook(secret)
