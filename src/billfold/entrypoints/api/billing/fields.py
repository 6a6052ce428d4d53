"""Kinds of request fields that several resources share: each checks itself and describes itself alike."""

from __future__ import annotations

import re
from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, Field, StringConstraints, WithJsonSchema

from billfold.base.errors import Invalid
from billfold.base.paging import Page, page_from
from billfold.domain.billing.currencies import CURRENCIES
from billfold.domain.billing.customers import EMAIL_PATTERN, LONGEST_EMAIL, checked_email
from billfold.domain.billing.metadata import (
    LARGEST_EXACT_NUMBER,
    LARGEST_KEYS,
    LONGEST_KEY,
    LONGEST_VALUE,
    checked_metadata,
)
from billfold.domain.tenancy.names import LONGEST_NAME
from billfold.domain.wallets.rules import UNIT_PATTERN, UNIT_TEXT, checked_unit

# No database column or Stripe field of ours could keep a NUL character.
_WITHOUT_NUL: Final = r"^[^\x00]*$"


def text_of(length: int) -> StringConstraints:
    """Return the limits of a text that must not be empty."""
    return StringConstraints(min_length=1, max_length=length, pattern=_WITHOUT_NUL)


METADATA_TEXT: Final = (
    f"an object of up to {LARGEST_KEYS} keys of 1 to {LONGEST_KEY} characters without square brackets, with strings of up to "
    f"{LONGEST_VALUE} characters, numbers or booleans as values; project_id, team_id and billstack_… are reserved"
)
EMAIL_TEXT: Final = "an e-mail address such as jane@example.com that no other customer of the project has"

Email = Annotated[
    str,
    AfterValidator(checked_email),
    WithJsonSchema({"type": "string", "maxLength": LONGEST_EMAIL, "pattern": EMAIL_PATTERN}),
    Field(description=EMAIL_TEXT),
]
MetadataField = Annotated[
    dict[str, Any],
    AfterValidator(checked_metadata),
    WithJsonSchema(
        {
            "type": "object",
            "maxProperties": LARGEST_KEYS,
            "propertyNames": {
                "pattern": rf"^(?!project_id$|team_id$|billstack_)[^\[\]\x00]{{1,{LONGEST_KEY}}}$",
                "maxLength": LONGEST_KEY,
            },
            "additionalProperties": {
                "anyOf": [
                    {"type": "string", "maxLength": LONGEST_VALUE, "pattern": _WITHOUT_NUL},
                    {"type": "number", "minimum": -LARGEST_EXACT_NUMBER, "maximum": LARGEST_EXACT_NUMBER},
                    {"type": "boolean"},
                ]
            },
        }
    ),
    Field(description=METADATA_TEXT),
]
# A host by name or number, a port, and a path of visible characters; Stripe's `{CHECKOUT_SESSION_ID}` may stand in it.
_WEB_ADDRESS: Final = (
    r"^[Hh][Tt][Tt][Pp][Ss]?://([A-Za-z0-9\-._~]+|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?"
    r"([/?#][^\u0000-\u0020\u007f-\u00a0\u2028\u2029]*)?$"
)
_LONGEST_WEB_ADDRESS: Final = 5_000


def _checked_web_address(given: str) -> str:
    if len(given) > _LONGEST_WEB_ADDRESS or re.fullmatch(_WEB_ADDRESS, given) is None:
        raise ValueError
    return given


def _checked_currency(given: str) -> str:
    if given not in CURRENCIES:
        raise ValueError
    return given


WebAddress = Annotated[
    str,
    AfterValidator(_checked_web_address),
    WithJsonSchema({"type": "string", "maxLength": _LONGEST_WEB_ADDRESS, "pattern": _WEB_ADDRESS}),
    Field(description="an absolute http or https address such as https://app.example.com/done"),
]
Currency = Annotated[
    str,
    AfterValidator(_checked_currency),
    WithJsonSchema({"type": "string", "enum": sorted(CURRENCIES)}),
    Field(description="the lower-case three-letter code of a currency that Stripe supports, such as usd"),
]
Unit = Annotated[
    str,
    AfterValidator(checked_unit),
    WithJsonSchema({"type": "string", "pattern": UNIT_PATTERN}),
    Field(description=UNIT_TEXT),
]
# What `checked_name` takes: something to see, and nothing that ends or controls a line.
_OFF_A_LINE: Final = r"\u0000-\u001f\u007f-\u009f\u2028\u2029"
Name = Annotated[
    str,
    text_of(LONGEST_NAME),
    WithJsonSchema(
        {
            "type": "string",
            "minLength": 1,
            "maxLength": LONGEST_NAME,
            "pattern": rf"^[^{_OFF_A_LINE}]*[^\s{_OFF_A_LINE}][^{_OFF_A_LINE}]*$",
        }
    ),
    Field(description=f"a text of 1 to {LONGEST_NAME} characters on one line"),
]
# What mail servers take (RFC 5321's dot-atom and a domain): `mailable_address` is the judge.
_ATOM: Final = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL: Final = r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
MailAddress = Annotated[
    str,
    text_of(254),
    WithJsonSchema(
        {"type": "string", "maxLength": 254, "pattern": rf"^{_ATOM}(\.{_ATOM})*@({_LABEL}\.)+[A-Za-z]{{2,63}}$"}
    ),
    Field(description="an e-mail address such as jane@example.com"),
]
RoleName = Annotated[Literal["viewer", "member", "admin", "owner"], Field(description="viewer, member, admin or owner")]
# An id in a body is only compared: whether it is right is for the look-up to say.
AnyId = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=_WITHOUT_NUL)]


def cleared(value: str | None, field: str, given: frozenset[str]) -> str | None:
    """Return what a change says of a text: None for "not sent", "" for an explicit null, which clears it."""
    return (value or "") if field in given else None


def read_page(query: Any) -> Page:
    """Read `limit` and `offset` from the query."""
    return page_from(query.get("limit"), query.get("offset"))


def read_flag(query: Any, name: str, *, default: bool) -> bool:
    """Read a boolean from the query: `true` or `false`, nothing else."""
    text = query.get(name)
    if text is None:
        return default
    if text not in {"true", "false"}:
        raise Invalid(f"{name} must be true or false.")
    return bool(text == "true")
