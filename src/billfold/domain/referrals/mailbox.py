"""Which e-mail addresses reach the same mailbox: nobody refers themselves, and nobody is brought twice.

Contract G30, B2 and B3, SCENARIOS C4.
"""

from __future__ import annotations

import hashlib
import unicodedata
from typing import Final

_SAME_DOMAIN: Final = {"googlemail.com": "gmail.com"}
_IGNORES_DOTS: Final = frozenset({"gmail.com"})


def mailbox_of(email: str) -> str:
    """Return the same text for all spellings of one mailbox: case, Unicode form, dots and `+tag` make no difference.

    Not every provider ignores dots, so two strangers can share a result. It is used only to refuse credit between two
    customers, where wrongly refusing a rare pair costs less than paying everybody who can type a dot.
    """
    local, domain = _parts(email)
    return f"{local.replace('.', '')}@{domain}"


def mailbox_hash(project_id: str, email: str) -> str:
    """Return what a project keeps of an address for ever (contract B2, B17): a SHA-256 in hexadecimal.

    Case, Unicode form and `+tag` make no difference, dots only where the provider is known to ignore them: strangers must not
    share a result, because the first who is brought would keep the second from being. The project's id goes in, so the same
    address in two projects cannot be told to be the same.
    """
    local, domain = _parts(email)
    if domain in _IGNORES_DOTS:
        local = local.replace(".", "")
    return hashlib.sha256(f"{project_id}\x1f{local}@{domain}".encode()).hexdigest()


def _parts(email: str) -> tuple[str, str]:
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", email.strip()).casefold())
    local, _, domain = folded.rpartition("@")
    # Nothing before the plus sign is no tag but the whole name.
    return local.partition("+")[0] or local, _SAME_DOMAIN.get(domain, domain)
