"""A letter before it is kept or sent, checked so that no text of a stranger becomes a header or a second recipient."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from billfold.base.errors import Invalid

_LONGEST_SUBJECT: Final = 200
_LONGEST_CONTENT: Final = 256 * 1024
_LONGEST_ADDRESS: Final = 254
# RFC 5321's dot-atom: the quoted forms that it also allows are how commas and spaces get into a list of recipients.
_LOCAL_PART: Final = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
# What stands in angle brackets in a header.
_HEADER_URL: Final = re.compile(r"https?://[!-;=?-~]+")
_DOMAIN: Final = re.compile(
    r"([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
)


@dataclass(frozen=True, slots=True)
class Letter:
    """One mail to one address.

    `html` is a whole document for mail programs; `article` is the same without styles, for the drawer's page. `team_id` or
    `user_id` say whose it is: whose drawer shows it. `is_private` marks a letter with a link that signs somebody in or changes
    what he signs in with. After `good_until` it is not sent any more. Raises `Invalid` for what no mail can hold.
    """

    to: str
    subject: str
    text: str
    html: str
    article: str = ""
    team_id: str | None = None
    user_id: str | None = None
    is_private: bool = False
    good_until: datetime | None = None
    # Before the address that sends, that address (None: the installation's), and where answers go.
    sender_name: str | None = None
    reply_to: str | None = None
    sender_address: str | None = None
    # Where whoever gets it may refuse more of its kind, by one POST (RFC 8058).
    unsubscribe_url: str | None = None

    def __post_init__(self) -> None:
        mailable_address(self.to)
        for address in (self.reply_to, self.sender_address):
            if address is not None:
                mailable_address(address)
        if self.unsubscribe_url is not None and not _HEADER_URL.fullmatch(self.unsubscribe_url):
            raise Invalid("The address at which a mail is refused must be a web address without blanks.")
        if self.sender_name is not None and not self.sender_name.isprintable():
            raise Invalid("The name of a mail's sender must be one line of printable characters.")
        if not self.subject.strip() or not self.subject.isprintable():
            raise Invalid("The subject of a mail must be one line of printable characters.")
        if len(self.subject) > _LONGEST_SUBJECT:
            raise Invalid(f"The subject of a mail must have at most {_LONGEST_SUBJECT} characters.")
        if len(self.text) + len(self.html) + len(self.article) > _LONGEST_CONTENT:
            raise Invalid("The mail is too long.")


def mailable_address(text: str) -> str:
    """Return an address as mail servers take it (its domain in ASCII), or raise `Invalid`."""
    local, _, domain = text.rpartition("@")
    try:
        domain = domain.encode("idna").decode()
    except UnicodeError:
        domain = ""
    if len(text) > _LONGEST_ADDRESS or not _LOCAL_PART.fullmatch(local) or not _DOMAIN.fullmatch(domain):
        raise Invalid("No mail can be sent to this address: it should look like owner@example.com.")
    return f"{local}@{domain}"
