"""Which applications are approved without anybody looking at them (issue: domain, existing customer).

An application proves no mailbox. That is harmless here: the partner whom it makes belongs to the mailbox that was typed, and only
who signs in by a link mailed there can use him (contract A16).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from billfold.base.errors import Invalid

MOST_DOMAINS: Final = 50
# A domain as people type it, in lower case.
DOMAIN: Final = re.compile(r"([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}")
EXISTING_CUSTOMER: Final = "existing_customer"


def checked_domains(given: Sequence[str]) -> list[str]:
    """Return e-mail domains in lower case, or raise `Invalid`."""
    domains = list(dict.fromkeys(domain.strip().lower().removeprefix("@") for domain in given))
    if len(domains) > MOST_DOMAINS:
        raise Invalid(f"autoApproveDomains may hold at most {MOST_DOMAINS} domains.")
    for domain in domains:
        if not DOMAIN.fullmatch(domain):
            raise Invalid(f"autoApproveDomains: {domain[:80]!r} is no domain such as example.com.")
    return domains


def approving_rule(
    email_normalised: str, *, domains: Sequence[str], customers_too: bool, is_customer: bool
) -> str | None:
    """Return the name of the rule that approves an application: a domain, or `existing_customer`; None if none does."""
    domain = email_normalised.rpartition("@")[2]
    if domain in domains:
        return f"domain:{domain}"
    return EXISTING_CUSTOMER if customers_too and is_customer else None
