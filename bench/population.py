"""A project full of customers, codes and referrals, like those that Billfold made through its API but many."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from bench.bulk import Bulk, open_bulk
from bench.processes import Installation

# Base 32 as in Billfold's own ids and codes.
_DIGITS: Final = "0123456789abcdefghjkmnpqrstvwxyz"
_CODE_DIGITS: Final = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_PAIRS: Final = [high + low for high in _DIGITS for low in _DIGITS]
_CODE_PAIRS: Final = [high + low for high in _CODE_DIGITS for low in _CODE_DIGITS]
# Ids have twenty digits; of those that are filled in the first twelve are the same.
_ID_HEAD: Final = "0" * 12
# One code for so many referrals.
_REFERRALS_PER_CODE: Final = 3
# Odd, so that multiplying by it visits every number once, in no order: addresses and Stripe's ids do not arrive sorted.
_SCATTER: Final = 2_654_435_761


@dataclass(frozen=True, slots=True)
class Population:
    """How many of each a project holds; customers from `first_free` on have no code and were never referred."""

    customers: int
    codes: int
    first_free: int


def customer_id(number: int) -> str:
    """Return the id of a filled-in customer; they sort in order of their number, as Billfold's own do by time."""
    return _id("pc", number)


def code(number: int) -> str:
    """Return a filled-in code: eight characters in no order."""
    return _written(number * _SCATTER % 2**40, _CODE_PAIRS)


def _written(number: int, pairs: list[str]) -> str:
    """Write a number below 2**40 in eight digits of base 32, two at a time: a million of them are needed."""
    return pairs[number >> 30] + pairs[number >> 20 & 1023] + pairs[number >> 10 & 1023] + pairs[number & 1023]


@dataclass(frozen=True, slots=True)
class _Templates:
    referrer_id: str
    referee_id: str
    code: str
    referral_id: str


def populate(made: Installation, *, customers: int, referrals: int) -> Population:
    """Fill a project; the server must not run meanwhile (it is started here for the template rows)."""
    with made.serve():
        rows = _make_templates(made)
    codes = max(1, referrals // _REFERRALS_PER_CODE)
    bulk = open_bulk(made.database_url)
    _copy_all(bulk, rows, customers, codes, referrals)
    bulk.close()
    return Population(customers=customers, codes=codes, first_free=referrals + codes)


def _make_templates(made: Installation) -> _Templates:
    path = made.project_path
    made.call(
        "PUT",
        f"{path}/referrals/config",
        {"enabled": True, "referrerCreditAmount": 1000, "refereeCreditAmount": 500, "currency": "usd"},
    )
    referrer, referee = (
        made.call(
            "POST", f"{path}/customers", {"email": f"{name}@example.com", "name": name, "metadata": {"plan": "pro"}}
        )
        for name in ("template-referrer", "template-referee")
    )
    referrer_id, referee_id = referrer["customer"]["id"], referee["customer"]["id"]
    text = made.call("POST", f"{path}/referrals/codes", {"customerId": referrer_id})["code"]["code"]
    referral: Any = made.call("POST", f"{path}/referrals/apply", {"code": text, "refereeCustomerId": referee_id})
    return _Templates(referrer_id, referee_id, text, referral["referral"]["id"])


def _copy_all(bulk: Bulk, rows: _Templates, customers: int, codes: int, referrals: int) -> None:
    person = bulk.template("customers", "id", rows.referee_id)

    def customer(number: int) -> dict[str, Any]:
        scattered = number * _SCATTER % 2**32
        email = f"person.{scattered:08x}@example.com"
        return {
            "id": customer_id(number),
            "email": email,
            "email_normalised": email,
            "stripe_customer_id": f"cus_{scattered:014x}",
            # One second after the other: the newest are the last of the index, as in life.
            "created_at": person["created_at"] - (customers - number) * 1_000_000,
        }

    bulk.copy("customers", person, customer, customers)
    participant = bulk.template("participants", "customer_id", rows.referrer_id)
    bulk.copy("participants", participant, lambda i: {"id": _id("part", i), "customer_id": customer_id(i)}, codes)
    owned = bulk.template("referral_codes", "code", rows.code)

    def own_code(number: int) -> dict[str, Any]:
        created_at = owned["created_at"] - (codes - number) * 3_000_000
        return {
            "id": _id("code", number),
            "customer_id": customer_id(number),
            "code": code(number),
            "created_at": created_at,
            "updated_at": created_at,
        }

    bulk.copy("referral_codes", owned, own_code, codes)
    made = bulk.template("referrals", "id", rows.referral_id)

    def referral(number: int) -> dict[str, Any]:
        owner, referee = number % codes, codes + number
        # Two of three converted, as they would have been long ago.
        converted = number % 3 > 0
        created_at = made["created_at"] - (referrals - number) * 1_000_000
        return {
            "id": _id("ref", number),
            "code_id": _id("code", owner),
            "code": code(owner),
            "referrer_id": customer_id(owner),
            "referee_id": customer_id(referee),
            "pair": f"{customer_id(owner)}:{customer_id(referee)}",
            "status": "converted" if converted else "pending",
            "created_at": created_at,
            "converted_at": created_at + 60_000_000 if converted else None,
        }

    bulk.copy("referrals", made, referral, referrals)


def _id(prefix: str, number: int) -> str:
    return f"{prefix}_{_ID_HEAD}{_written(number, _PAIRS)}"
