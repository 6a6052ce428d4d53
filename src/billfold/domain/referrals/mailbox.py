"""Which e-mail addresses reach the same mailbox: nobody refers themselves, and nobody is brought twice.

Contract G30, B2 and B3, SCENARIOS C4.
"""

from __future__ import annotations

import hashlib
import unicodedata
from typing import Final

_SAME_DOMAIN: Final = {"googlemail.com": "gmail.com"}
_IGNORES_DOTS: Final = frozenset({"gmail.com"})
# Where anybody may have a mailbox: two addresses there tell of no organisation. Not complete, and it need not be: the signal that
# follows from an organisation only asks a person to look.
_PUBLIC_PROVIDERS: Final = frozenset({
    "126.com", "163.com", "aol.com", "bluewin.ch", "btinternet.com", "comcast.net", "fastmail.com", "free.fr",
    "freenet.de", "gmail.com", "gmx.at", "gmx.ch", "gmx.com", "gmx.de", "gmx.net", "hey.com", "hotmail.co.uk",
    "hotmail.com", "hotmail.de", "hotmail.fr", "icloud.com", "inbox.com", "laposte.net", "libero.it", "live.com",
    "mac.com", "mail.com", "mail.ru", "me.com", "msn.com", "naver.com", "orange.fr", "outlook.com", "outlook.de",
    "pm.me", "posteo.de", "proton.me", "protonmail.com", "qq.com", "rediffmail.com", "sfr.fr", "t-online.de",
    "tutanota.com", "verizon.net", "wanadoo.fr", "web.de", "yahoo.co.jp", "yahoo.co.uk", "yahoo.com", "yahoo.de",
    "yahoo.fr", "yandex.com", "yandex.ru", "zoho.com",
})  # fmt: skip


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
    return hashlib.sha256(f"{project_id}\x1f{_exact_mailbox(email)}".encode()).hexdigest()


def same_mailbox(one: str, other: str) -> bool:
    """Tell whether two addresses certainly reach one mailbox; dots make no difference only where the provider ignores them."""
    return "@" in one and _exact_mailbox(one) == _exact_mailbox(other)


def written_mailbox(email: str) -> str:
    """Return one spelling of a mailbox, in which two addresses are equal exactly when `same_mailbox` says so."""
    return _exact_mailbox(email)


def organisation_of(email: str) -> str | None:
    """Return the domain of an address if it is an organisation's own, None for one of a public provider."""
    domain = _parts(email)[1]
    return None if domain in _PUBLIC_PROVIDERS or not domain else domain


def _exact_mailbox(email: str) -> str:
    local, domain = _parts(email)
    if domain in _IGNORES_DOTS:
        local = local.replace(".", "")
    return f"{local}@{domain}"


def _parts(email: str) -> tuple[str, str]:
    if email.isascii():
        # The same for these, in a tenth of the time: each sign-up asks three times.
        folded = email.strip().lower()
    else:
        folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", email.strip()).casefold())
    local, _, domain = folded.rpartition("@")
    # Nothing before the plus sign is no tag but the whole name.
    return local.partition("+")[0] or local, _SAME_DOMAIN.get(domain, domain)
