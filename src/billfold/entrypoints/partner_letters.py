"""Mails to partners, drawn from files: `templates/letters/{kind}.html` and `.txt`, whose first line is the subject.

The HTML for mail programs carries its styles inline; the article is the same without, for the drawer. Both come from one
template, which asks `s("name")` for a style. The plain text is written for itself.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import cache
from typing import Any, Final

import jinja2
from markupsafe import Markup

from billfold.base.crypto import Sealer
from billfold.base.errors import Invalid
from billfold.base.settings import Settings
from billfold.domain.partners.letter_settings import sender_of
from billfold.domain.partners.letters import PartnerLetter
from billfold.entrypoints.sealed_links import link_handle, open_handle
from billfold.entrypoints.web.amounts import day_text, money_text
from billfold.infrastructure.db.database import Writing
from billfold.infrastructure.mail.composition import STYLES
from billfold.infrastructure.mail.letters import Letter
from billfold.infrastructure.mail.mailbox import Mailbox

_LONGEST_SUBJECT: Final = 200
_HANDLE_FIELD: Final = "digest choice"


class PartnerLetters:
    """Writes letters and hands them to the mailbox, in the unit that it is given."""

    def __init__(self, mailbox: Mailbox, sealer: Sealer, settings: Settings) -> None:
        self._mailbox = mailbox
        self._sealer = sealer
        self._settings = settings

    async def send(self, tx: Writing, letter: PartnerLetter, *, now: datetime) -> None:
        """Keep one letter; an address that no mail server takes is passed over."""
        sender = await sender_of(tx, letter.project_id, self._settings.sender_domains)
        refusal = None
        if letter.refusable_by is not None:
            refusal = f"{self._settings.public_url}/partner/mails/{choice_handle(self._sealer, letter)}"
        values = {
            **letter.facts,
            "brand": sender.brand,
            "name": letter.name,
            "to": letter.to,
            "sign_in": f"{self._settings.public_url}/partner/sign-in/{letter.project_id}",
            "refusal": refusal,
        }
        subject, text = _plain(letter.kind, values)
        article = _marked_up(letter.kind, values, lambda _: Markup())
        styled = _marked_up(letter.kind, values, _style)
        try:
            whole = Letter(
                to=letter.to,
                subject=subject,
                text=text,
                html=templates().get_template("document.html").render(subject=subject, letter=styled, s=_style),
                article=str(article),
                team_id=letter.team_id,
                sender_name=sender.name or None,
                reply_to=sender.reply_to,
                sender_address=sender.address,
                unsubscribe_url=refusal,
                is_private=letter.good_until is not None,
                good_until=letter.good_until,
            )
        except Invalid:
            # Whoever typed such an address sees his state on the page; nobody else's mail waits for it.
            return
        await self._mailbox.send(tx, whole, now=now)


def choice_handle(sealer: Sealer, letter: PartnerLetter) -> str:
    """Return what stands in the address by which a partner refuses digests without signing in: it says who, and no more."""
    partner_id = letter.refusable_by or ""
    return link_handle(sealer, letter.project_id, partner_id, field=_HANDLE_FIELD)


def open_choice(sealer: Sealer, handle: str) -> tuple[str, str] | None:
    """Return the project's and the partner's id of such an address, None if it is not one of ours."""
    return open_handle(sealer, handle, field=_HANDLE_FIELD)


@cache
def templates() -> jinja2.Environment:
    """Return the environment of the letters: HTML is escaped, plain text is not; a missing name is an error."""
    made = jinja2.Environment(
        loader=jinja2.PackageLoader("billfold.entrypoints.web", "templates/letters"),
        autoescape=jinja2.select_autoescape(["html"]),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(money=money_text, day=day_text)
    return made


def _plain(kind: str, values: dict[str, Any]) -> tuple[str, str]:
    rendered = templates().get_template(f"{kind}.txt").render(values)
    subject, _, text = rendered.partition("\n")
    clean = "".join(each if each.isprintable() else " " for each in subject)[:_LONGEST_SUBJECT]
    return clean, text.strip("\n") + "\n"


def _marked_up(kind: str, values: dict[str, Any], style: Callable[[str], Markup]) -> Markup:
    # Drawn by an environment that escapes: what comes back is markup.
    return Markup(templates().get_template(f"{kind}.html").render({**values, "s": style}))  # noqa: S704 - as the line above says


def _style(name: str) -> Markup:
    return Markup(' style="{}"').format(STYLES[name])
