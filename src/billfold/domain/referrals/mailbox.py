"""Which e-mail addresses reach the same mailbox: the check against referring oneself (contract G30, SCENARIOS C4)."""

from __future__ import annotations

import unicodedata
from typing import Final

_SAME_DOMAIN: Final = {"googlemail.com": "gmail.com"}


def mailbox_of(email: str) -> str:
    """Return the same text for all spellings of one mailbox: case, Unicode form, dots and `+tag` make no difference.

    Not every provider ignores dots, so two strangers can share a result. It is used only to refuse credit between two
    customers, where wrongly refusing a rare pair costs less than paying everybody who can type a dot.
    """
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", email.strip()).casefold())
    local, _, domain = folded.rpartition("@")
    local = local.partition("+")[0].replace(".", "")
    return f"{local}@{_SAME_DOMAIN.get(domain, domain)}"
