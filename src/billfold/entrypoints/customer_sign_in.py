"""Signing a customer in by mail: what the API and the pages share."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from billfold.domain.billing import customer_sign_in
from billfold.domain.billing.customer_sessions import open_customer_session
from billfold.domain.billing.customer_sign_in import SESSION_LIVES
from billfold.domain.billing.customers import Customer, normalised_email
from billfold.domain.billing.portal_subscriptions import portal_subscriptions
from billfold.domain.partners.letter_settings import sender_of
from billfold.domain.tenancy.attempts import attempt_key, take
from billfold.domain.tenancy.branding import find_branding
from billfold.domain.tenancy.projects import get_project
from billfold.entrypoints.customer_letters import customer_sign_in_letter, link_address
from billfold.entrypoints.services import Services
from billfold.entrypoints.session_tokens import SessionTokens
from billfold.entrypoints.sign_in import TooManyAttempts, wait_text
from billfold.infrastructure.db.database import Reading, Writing

# An address: somebody who asks for link after link for it. A project: its whole mail in an hour.
_MAILS_OF_ADDRESS: Final = (5, timedelta(hours=1))
_ENTITLED: Final = frozenset({"active", "trialing", "past_due"})


@dataclass(frozen=True, slots=True)
class SignedInCustomer:
    """A customer who has just proved his mailbox, and his session's token."""

    team_id: str
    customer: Customer
    session_id: str
    session_token: str
    redirect_url: str | None
    expires_at: datetime
    plan_name: str | None


async def mail_sign_in_link(
    services: Services,
    *,
    team_id: str,
    project_id: str,
    email: str,
    redirect_url: str | None,
    at: datetime,
    to_our_page: bool = False,
) -> None:
    """Mail a link to a customer's address; nothing tells whether there is such a customer.

    `to_our_page` has it lead to the partner portal's own page, whatever the app configured. Raises `Invalid` for what is
    no address and for a redirect that is not configured, `TooManyAttempts` after five in an hour.
    """
    await services.db.write(
        _mail,
        services,
        team_id=team_id,
        project_id=project_id,
        email=email,
        redirect_url=redirect_url,
        at=at,
        to_our_page=to_our_page,
    )


async def _mail(
    tx: Writing,
    services: Services,
    *,
    team_id: str,
    project_id: str,
    email: str,
    redirect_url: str | None,
    at: datetime,
    to_our_page: bool,
) -> None:
    now = services.clock.now()
    key = attempt_key("customer mails to", project_id, normalised_email(email))
    seconds = await take(tx, key, *_MAILS_OF_ADDRESS, now)
    if seconds:
        raise TooManyAttempts(f"Too many links were asked for. Wait {wait_text(seconds)}.", seconds)
    settings = await customer_sign_in.get_settings(tx, team_id=team_id, project_id=project_id, at=at)
    leads_to = None if to_our_page else customer_sign_in.allowed_url(settings, redirect_url)
    issued = await customer_sign_in.issue_token(tx, settings, email, leads_to=leads_to, at=at, now=now)
    if issued is None:
        return
    customer, token = issued
    url = link_address(services.settings.public_url, redirect_url=leads_to, project_id=project_id, token=token)
    letter = customer_sign_in_letter(
        to=customer.email, brand=await _brand(tx, team_id, project_id), url=url, team_id=team_id, now=now
    )
    sender = await sender_of(tx, project_id, services.settings.sender_domains)
    letter = replace(letter, sender_name=sender.name or None, reply_to=sender.reply_to, sender_address=sender.address)
    await services.mail.send(tx, letter, now=now)


async def _brand(tx: Reading, team_id: str, project_id: str) -> str:
    branding = await find_branding(tx, project_id)
    if branding is not None and branding.name:
        return branding.name
    return (await get_project(tx, team_id=team_id, project_id=project_id)).name


async def sign_in_customer(
    services: Services, tokens: SessionTokens, *, project_id: str, token: str
) -> SignedInCustomer:
    """Use a mailed token up and begin a session; raises `TokenInvalid` or one of its kinds."""
    now = services.clock.now()
    used, customer, session_id, plan_name = await services.db.write(_begin, project_id, token, now)
    session_token = tokens.issue(
        "customer", subject=customer.id, session_id=session_id, now=now, lives=SESSION_LIVES, app_id=project_id
    )
    return SignedInCustomer(
        team_id=customer.team_id,
        customer=customer,
        session_id=session_id,
        session_token=session_token,
        redirect_url=used.redirect_url,
        expires_at=now + SESSION_LIVES,
        plan_name=plan_name,
    )


async def _begin(
    tx: Writing, project_id: str, token: str, now: datetime
) -> tuple[customer_sign_in.SignInToken, Customer, str, str | None]:
    used, customer = await customer_sign_in.use_token(tx, project_id, token, now=now)
    session_id, _ = await open_customer_session(
        tx, project_id=project_id, customer_id=customer.id, now=now, lives=SESSION_LIVES
    )
    return used, customer, session_id, await plan_of(tx, project_id, customer.id)


async def plan_of(tx: Reading, project_id: str, customer_id: str) -> str | None:
    """Return the name of the product that a customer is entitled to now, None without a subscription."""
    for each in await portal_subscriptions(tx, project_id, customer_id):
        if each.subscription.status in _ENTITLED:
            return each.product_name
    return None
