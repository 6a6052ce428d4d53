"""Puts the house together: the only module, with `app.py` and `cli/`, that knows every other.

Importing it also registers every table.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib import import_module
from typing import Any, Final

import msgspec

from billfold import subscribers
from billfold.base.clock import Clock, SystemClock
from billfold.base.crypto import Sealer
from billfold.base.errors import Invalid
from billfold.base.settings import Settings
from billfold.domain.analytics import figures
from billfold.domain.billing import sweep
from billfold.domain.billing.customer_sign_in import forget_old_tokens
from billfold.domain.billing.portal_sessions import forget_expired_sessions
from billfold.domain.billing.sync import sync_handlers
from billfold.domain.partners.letters import PartnerPost
from billfold.domain.partners.portal_links import forget_expired_links
from billfold.domain.payouts.methods import SEALED_FIELD as METHOD_FIELD
from billfold.domain.payouts.methods import payout_methods
from billfold.domain.payouts.payees import SEALED_FIELD as TAX_FIELD
from billfold.domain.payouts.payees import payees
from billfold.domain.referrals import clicks, links, publishable_keys  # noqa: F401 - registers their tables
from billfold.domain.referrals.checkouts import checkout_handlers
from billfold.domain.tenancy import (  # noqa: F401 - registers their tables
    audit_log,
    branding,
    invitations,
    members,
    registration,
    second_factors,
    sign_in,
)
from billfold.domain.tenancy.idempotency_keys import forget_outlived_keys
from billfold.domain.tenancy.identities import identity_providers
from billfold.domain.tenancy.stripe_connections import KeySource, StripeConnections, stripe_connections
from billfold.domain.webhooks import pruning, upkeep
from billfold.domain.webhooks.deliveries import fan_out
from billfold.domain.webhooks.dispatcher import Dispatcher
from billfold.domain.webhooks.endpoints import webhook_endpoints
from billfold.domain.webhooks.notices import Notices
from billfold.domain.webhooks.sequencer import Sequencer
from billfold.domain.webhooks.signing_secrets import FIELD as WEBHOOK_FIELD
from billfold.domain.webhooks.signing_secrets import PREVIOUS_FIELD as PREVIOUS_WEBHOOK_FIELD
from billfold.entrypoints.api.affiliate.app import affiliate_api, create_affiliate_app
from billfold.entrypoints.api.affiliate.track import TrackDoor
from billfold.entrypoints.api.auth.app import create_auth_api
from billfold.entrypoints.api.billing.app import create_billing_app
from billfold.entrypoints.api.billing.door import BillingDoor
from billfold.entrypoints.api.portal.app import create_portal_api
from billfold.entrypoints.api.referral.app import create_referral_app
from billfold.entrypoints.api.referral.document import document as referral_document
from billfold.entrypoints.click_intake import ClickIntake
from billfold.entrypoints.identity import Identities
from billfold.entrypoints.in_memory import post_in_memory
from billfold.entrypoints.limits import AsgiApp
from billfold.entrypoints.partner_letters import PartnerLetters
from billfold.entrypoints.public_events import RENDERERS
from billfold.entrypoints.referral_links import ReferralLinks
from billfold.entrypoints.services import Services
from billfold.entrypoints.stripe_webhook import PREFIX, create_stripe_webhook
from billfold.entrypoints.web.app import create_web_app
from billfold.entrypoints.web.reference.pages import Documents
from billfold.entrypoints.web.simulator import create_simulator_app
from billfold.infrastructure.db.database import Writing
from billfold.infrastructure.db.opening import open_database
from billfold.infrastructure.db.resealing import SealedColumn
from billfold.infrastructure.jobs.schedule import Recurring
from billfold.infrastructure.jobs.worker import Handler, Run, StepHandler, UnitHandler, Worker
from billfold.infrastructure.mail import mailbox
from billfold.infrastructure.mail.delivery import parse_server, send_handler
from billfold.infrastructure.mail.mailbox import SEND_JOB, forget_old_mails
from billfold.infrastructure.stripe.port import StripeGateway
from billfold.infrastructure.stripe_simulator import Simulator, create_simulator
from billfold.infrastructure.stripe_simulator.delivery import SEALED_FIELD as SIMULATOR_FIELD
from billfold.infrastructure.stripe_simulator.tables import accounts
from billfold.subscribers.partner_letters import ROUND_JOB, go_round

PRUNE_KEYS_JOB: Final = "idempotency_keys.prune"
PRUNE_SESSIONS_JOB: Final = "sessions.prune"
PRUNE_MAILS_JOB: Final = "mails.prune"
PRUNE_PORTAL_JOB: Final = "portal_sessions.prune"
PRUNE_CLICKS_JOB: Final = "clicks.prune"
COUNT_CLICKS_JOB: Final = "clicks.count"
PRUNE_AUDIT_LOG_JOB: Final = "audit_log.prune"
PRUNE_CUSTOMER_LINKS_JOB: Final = "customer_links.prune"
RECURRING: Final[tuple[Recurring, ...]] = (
    *sweep.RECURRING,
    *subscribers.RECURRING,
    *upkeep.RECURRING,
    *pruning.RECURRING,
    *figures.RECURRING,
    Recurring(PRUNE_KEYS_JOB, timedelta(hours=1)),
    Recurring(PRUNE_SESSIONS_JOB, timedelta(hours=1)),
    Recurring(PRUNE_MAILS_JOB, timedelta(days=1)),
    Recurring(PRUNE_CLICKS_JOB, timedelta(days=1)),
    Recurring(COUNT_CLICKS_JOB, timedelta(minutes=1)),
    Recurring(PRUNE_AUDIT_LOG_JOB, timedelta(days=1)),
    Recurring(PRUNE_PORTAL_JOB, timedelta(hours=1)),
    Recurring(PRUNE_CUSTOMER_LINKS_JOB, timedelta(hours=1)),
)

# Every column whose name ends in `_sealed`: what `billfold reseal` goes through after the secret key was changed.
SEALED_COLUMNS: Final = (
    *(
        SealedColumn(stripe_connections.c[f"{field}_sealed"], owner="team_id", field=field)
        for field in ("secret_key", "publishable_key", "webhook_secret", "previous_webhook_secret")
    ),
    SealedColumn(accounts.c.webhook_secret_sealed, owner="id", field=SIMULATOR_FIELD),
    SealedColumn(mailbox.mails.c.content_sealed, owner="id", field=mailbox.SEALED_FIELD),
    SealedColumn(second_factors.second_factors.c.secret_sealed, owner="user_id", field=second_factors.SEALED_FIELD),
    SealedColumn(identity_providers.c.secret_sealed, owner="id", field="secret"),
    SealedColumn(payout_methods.c.details_sealed, owner="id", field=METHOD_FIELD),
    SealedColumn(payees.c.tax_id_sealed, owner="customer_id", field=TAX_FIELD),
    SealedColumn(webhook_endpoints.c.secret_sealed, owner="id", field=WEBHOOK_FIELD),
    SealedColumn(webhook_endpoints.c.previous_secret_sealed, owner="id", field=PREVIOUS_WEBHOOK_FIELD),
)


@dataclass(frozen=True, slots=True)
class Installation:
    """Everything of one process, made but not started: `services.db.start()` comes first, `close()` last."""

    services: Services
    simulator: Simulator
    worker: Worker
    sequencer: Sequencer
    dispatcher: Dispatcher
    webhook_door: AsgiApp
    billing_app: AsgiApp
    simulator_app: AsgiApp
    web_app: AsgiApp
    auth_api: AsgiApp
    portal_api: AsgiApp
    identities: Identities
    referral_app: AsgiApp
    affiliate_app: AsgiApp
    click_intake: ClickIntake
    referral_links: ReferralLinks
    track_door: AsgiApp
    partner_post: PartnerPost

    async def close(self) -> None:
        """Close what is open, the database last."""
        await self.services.key_use.finish()
        self.services.passwords.close()
        await self.identities.close()
        await self.services.outbound.close()
        await self.services.stripe.close()
        await self.services.db.stop()


def assemble(settings: Settings, *, clock: Clock | None = None) -> Installation:
    """Make everything for these settings; raises `SettingsInvalid` if there is no secret key."""
    clock = clock or SystemClock()
    sealer = Sealer(*settings.keys())
    db = open_database(settings.database_url)
    db.subscriptions = subscriptions()

    async def send_webhook(team_id: str, headers: Mapping[str, str], body: bytes) -> int:
        # The same door that Stripe knocks at, without a socket in between.
        return await post_in_memory(door, PREFIX + team_id, headers, body)

    simulator = create_simulator(db, clock, sealer, send_webhook, public_url=settings.public_url)

    def open_gateway(secret_key: str, api_base: str | None, kind: str) -> StripeGateway:
        from billfold.infrastructure.stripe.client import connect  # noqa: PLC0415 - see `load_stripe_client`

        if kind == "simulated":
            return connect(secret_key, transport=simulator.asgi)
        return connect(secret_key, api_base=api_base)

    async def source_of(team_id: str, secret_key: str) -> KeySource:
        owner = await db.read(simulator.team_of_key, secret_key) if settings.simulator else None
        if owner is None:
            return KeySource("stripe", settings.stripe_api_base)
        if owner != team_id:
            raise Invalid("This key opens the simulated Stripe account of another team.")
        return KeySource("simulated", None)

    services = Services(
        db=db,
        clock=clock,
        settings=settings,
        sealer=sealer,
        stripe=StripeConnections(db, sealer, open_gateway, source_of),
        simulator=simulator if settings.simulator else None,
    )
    door = create_stripe_webhook(services)
    post = PartnerLetters(services.mail, sealer, settings)
    sequencer = Sequencer(db, clock, RENDERERS, fan_out)
    events_kept_for = timedelta(days=settings.events_days)
    handlers: dict[str, Handler] = {
        **simulator.handlers,
        **sync_handlers(services.stripe),
        **sweep.sweep_handlers(services.stripe),
        **checkout_handlers(services.stripe, services.click_signer),
        **services.backfill.handlers,
        **services.reconciliation.handlers,
        PRUNE_KEYS_JOB: UnitHandler(_prune_keys),
        PRUNE_SESSIONS_JOB: UnitHandler(_prune_sessions),
        PRUNE_MAILS_JOB: UnitHandler(_prune_mails),
        PRUNE_CLICKS_JOB: _clicks_handler(settings.click_days),
        COUNT_CLICKS_JOB: StepHandler(_count_clicks),
        PRUNE_AUDIT_LOG_JOB: _audit_log_handler(settings.audit_log_days),
        SEND_JOB: _mail_handler(services),
        **sequencer.handlers,
        pruning.PRUNE_JOB: pruning.prune_handler(events_kept_for),
        **upkeep.handlers(events_kept_for),
        **figures.HANDLERS,
        PRUNE_PORTAL_JOB: UnitHandler(_prune_portal_sessions),
        PRUNE_CUSTOMER_LINKS_JOB: UnitHandler(_prune_customer_links),
        **{each.job: each.handler(services.stripe) for each in (*subscribers.SUBSCRIBERS, *subscribers.JOBS)},
        **{each.job: each.handler(sealer) for each in subscribers.SEALED},
        **{each.job: each.handler(post) for each in subscribers.LETTERS},
        ROUND_JOB: go_round(post),
    }
    worker = Worker(
        db, handlers, clock, recurring=(*RECURRING, *simulator.recurring), concurrency=settings.worker_concurrency
    )
    identities = Identities(services)
    intake = ClickIntake(db, services.click_signer)
    return Installation(
        services=services,
        simulator=simulator,
        worker=worker,
        sequencer=sequencer,
        dispatcher=_dispatcher(services),
        webhook_door=door,
        billing_app=BillingDoor(create_billing_app(services)),
        simulator_app=create_simulator_app(services, simulator),
        web_app=create_web_app(services, _DOCUMENTS),
        auth_api=create_auth_api(services),
        portal_api=create_portal_api(services),
        identities=identities,
        referral_app=create_referral_app(services, identities),
        affiliate_app=create_affiliate_app(services),
        click_intake=intake,
        referral_links=ReferralLinks(services, intake),
        track_door=TrackDoor(services, intake),
        partner_post=post,
    )


# Made when the reference is first opened: from the routes alone, so nothing behind them has to exist.
_DOCUMENTS: Final[Documents] = {
    "billing": lambda: create_billing_app(None).openapi(),
    "affiliate": lambda: affiliate_api(None).openapi(),
    "referral": lambda: msgspec.json.decode(referral_document()),
}


def _dispatcher(services: Services) -> Dispatcher:
    return Dispatcher(
        services.db,
        services.outbound.fetch,
        services.sealer,
        services.clock,
        Notices(services.mail, services.settings.public_url).tell,
        places=services.settings.webhook_concurrency,
    )


def load_stripe_client() -> None:
    """Import what talks to Stripe: a quarter of all import time, which the server spends beside its first requests."""
    import_module("billfold.infrastructure.stripe.client")


def subscriptions() -> Mapping[str, tuple[str, ...]]:
    """Return which jobs each event starts, as `subscribers/` declares them."""
    found: dict[str, tuple[str, ...]] = {}
    for each in (*subscribers.SUBSCRIBERS, *subscribers.SEALED, *subscribers.LETTERS):
        found[each.event.name] = (*found.get(each.event.name, ()), each.job)
    return found


async def _prune_keys(tx: Writing, payload: Any, now: datetime) -> None:
    del payload
    await forget_outlived_keys(tx, now=now)


async def _prune_sessions(tx: Writing, payload: Any, now: datetime) -> None:
    del payload
    await sign_in.forget_outlived(tx, now=now)


async def _prune_portal_sessions(tx: Writing, payload: Any, now: datetime) -> None:
    del payload
    await forget_expired_sessions(tx, now=now)


async def _prune_customer_links(tx: Writing, payload: Any, now: datetime) -> None:
    del payload
    await forget_old_tokens(tx, now=now)
    await forget_expired_links(tx, now=now)


async def _prune_mails(tx: Writing, payload: Any, now: datetime) -> None:
    del payload
    await forget_old_mails(tx, now=now)


def _clicks_handler(kept_days: int) -> Handler:
    """Return what removes old clicks, some thousands a unit."""

    async def steps(run: Run) -> None:
        before = run.clock.now() - timedelta(days=kept_days)
        while await run.db.write(clicks.prune, before=before):
            pass

    return StepHandler(steps)


async def _count_clicks(run: Run) -> None:
    while await run.db.write(clicks.count_step, now=run.clock.now()):
        pass


def _audit_log_handler(kept_days: int | None) -> Handler:
    """Return what removes old rows of the audit log, some thousands a unit; it leaves them all without a number of days."""

    async def steps(run: Run) -> None:
        if kept_days is not None:
            before = run.clock.now() - timedelta(days=kept_days)
            while await run.db.write(audit_log.forget_old_rows, before=before):
                pass

    return StepHandler(steps)


def _mail_handler(services: Services) -> Handler:
    url = services.settings.smtp_url
    server = None if url is None else parse_server(url.get_secret_value())
    return send_handler(services.mail, server, services.settings.mail_from)
