"""The only place that knows Stripe's JSON and how it differs between API versions. Pure: dictionaries in, values out.

`events.py` reads the few fields of an event that its storing needs; `objects.py`, `payments.py` and `payment_methods.py`
turn whole objects into values; `fields.py` reads one field and says what is wrong with it. A text's NUL characters and lone
surrogates become U+FFFD, because PostgreSQL cannot store them; a stored event's raw body stays exact.
"""

from billfold.infrastructure.stripe.translate.connect import (
    account_link,
    connected_account,
    transfer,
    transfer_reversal,
)
from billfold.infrastructure.stripe.translate.events import BadEvent, decode_event
from billfold.infrastructure.stripe.translate.fields import AmountTooLarge, BadObject
from billfold.infrastructure.stripe.translate.objects import (
    account,
    balance_transaction,
    checkout_session,
    customer,
    price,
    product,
    promotion_code,
    subscription,
    used_promotion_codes,
)
from billfold.infrastructure.stripe.translate.payment_methods import (
    customers_payment_method,
    own_payment_method,
    setup_intent,
)
from billfold.infrastructure.stripe.translate.payments import charge, has_credit_notes, invoice, payment_intent

__all__ = [
    "AmountTooLarge",
    "BadEvent",
    "BadObject",
    "account",
    "account_link",
    "balance_transaction",
    "charge",
    "checkout_session",
    "connected_account",
    "customer",
    "customers_payment_method",
    "decode_event",
    "has_credit_notes",
    "invoice",
    "own_payment_method",
    "payment_intent",
    "price",
    "product",
    "promotion_code",
    "setup_intent",
    "subscription",
    "transfer",
    "transfer_reversal",
    "used_promotion_codes",
]
