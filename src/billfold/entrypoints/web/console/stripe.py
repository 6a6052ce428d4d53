"""`/console/{teamId}/stripe`: the team's Stripe account: connect, import with progress, disconnect."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from billfold.base.errors import BillfoldError, Conflict, Invalid
from billfold.domain.billing import imports, raw_objects, stripe_account
from billfold.domain.billing.imports import Progress, checked_kinds
from billfold.domain.tenancy.audit_log import record
from billfold.domain.tenancy.members import Role
from billfold.domain.tenancy.stripe_keys import StripeKeys
from billfold.entrypoints.web.console.recorded import Recorded
from billfold.entrypoints.web.console.statuses import Status
from billfold.entrypoints.web.console.visits import Visit, enter
from billfold.entrypoints.web.forms import Form
from billfold.infrastructure.db.database import Reading

_HERE: Final = "/console/{team_id}/stripe"
# A small account is imported before the page comes; a large one goes on by itself.
_INLINE: Final = timedelta(seconds=2)
_IMPORT: Final = {
    "running": Status("wait", "Syncing"),
    "finished": Status("good", "Ready"),
    "stopped": Status("off", "Paused"),
    "failed": Status("bad", "Failed"),
}


async def show(request: Request) -> Response:
    """Show how the team stands with Stripe."""
    visit = await enter(request, Role.ADMIN)
    return await _page(visit, {})


async def connect(request: Request) -> Response:
    """Connect an account, or give the connection new keys; nothing that was typed is shown again: it is secret."""
    visit = await enter(request)
    form = await visit.form(Role.ADMIN)
    services = visit.services
    keys = StripeKeys(form.text("secret_key"), form.text("publishable_key") or None, form.text("webhook_secret"))
    try:
        source, account = await services.stripe.try_keys(visit.team_id, keys)
        recorded = Recorded(visit, "stripe.connected", account.id, of_team=True)
        await recorded.write(
            stripe_account.connect,
            services.sealer,
            team_id=visit.team_id,
            source=source,
            account=account,
            keys=keys,
            now=visit.now,
        )
    except BillfoldError as error:
        return await _page(visit, {"": _in_words(error.message)})
    services.stripe.forget(visit.team_id)
    return visit.done(f"{visit.team_home}/stripe", "Stripe is connected. Import what the account holds next.")


async def simulate(request: Request) -> Response:
    """Connect the Stripe account in the box."""
    visit = await enter(request)
    await visit.form(Role.ADMIN)
    services = visit.services
    if services.simulator is None:
        raise Invalid("The Stripe simulator is switched off on this server.")
    try:
        await Recorded(visit, "stripe.connected", details={"mode": "test", "simulated": True}, of_team=True).write(
            stripe_account.simulate, services.sealer, services.simulator, team_id=visit.team_id, now=visit.now
        )
    except BillfoldError as error:
        return await _page(visit, {"": error.message})
    services.stripe.forget(visit.team_id)
    return visit.done(f"{visit.team_home}/stripe", "The simulator is connected. Everything can be tried now.")


async def start_import(request: Request) -> Response:
    """Import what the account holds, bring it up to date, or go on with what was stopped or failed, as it was wished for."""
    visit = await enter(request)
    await visit.form(Role.ADMIN)
    kinds, since = checked_kinds(None), None
    before = await visit.services.db.read(imports.find_progress, visit.team_id)
    if before is not None and before.run.status in {"stopped", "failed"}:
        kinds, since = checked_kinds(before.run.kinds), before.run.created_since
    try:
        holder = await visit.services.backfill.start(visit.team_id, kinds=kinds, created_since=since)
    except BillfoldError as error:
        return await _page(visit, {"": error.message})
    await visit.services.db.write(
        record,
        team_id=visit.team_id,
        project_id=None,
        actor=visit.actor,
        action="stripe.import_started",
        subject=None,
        details={},
        now=visit.now,
    )
    await visit.services.backfill.go_on_or_give_up(visit.team_id, holder, until=visit.now + _INLINE)
    progress = await visit.services.db.read(imports.find_progress, visit.team_id)
    text = "The import has begun. It goes on by itself, also when you leave."
    if progress is not None and progress.run.status == "finished":
        text = "The import is done."
    return visit.done(f"{visit.team_home}/stripe", text)


async def stop_import(request: Request) -> Response:
    """Stop an import where it is; it can go on there."""
    visit = await enter(request)
    await visit.form(Role.ADMIN)
    stopping = Recorded(visit, "stripe.import_stopped", of_team=True)
    try:
        await stopping.write(imports.stop, visit.team_id, now=visit.now)
    except Conflict:
        return visit.done(f"{visit.team_home}/stripe", "The import had ended already.", "warn")
    return visit.done(
        f"{visit.team_home}/stripe", "The import is stopped. What was read stays; it can go on from there."
    )


async def ask_disconnection(request: Request) -> Response:
    """Ask before Stripe is disconnected."""
    visit = await enter(request, Role.ADMIN)
    return visit.show(
        "confirm.html",
        {
            "question": "Disconnect Stripe?",
            "consequences": (
                "The keys are wiped. What is stored stays; nothing new comes in, and nothing can be sold.",
                "In Stripe nothing changes: subscriptions go on and are charged.",
            ),
            "act": "Disconnect Stripe",
            "action": f"{visit.team_home}/stripe/disconnection",
            "back": f"{visit.team_home}/stripe",
            "back_words": "Stripe",
        },
    )


async def disconnect(request: Request) -> Response:
    """Wipe the keys."""
    visit = await enter(request)
    await visit.form(Role.ADMIN)
    await Recorded(visit, "stripe.disconnected", of_team=True).write(
        stripe_account.disconnect, team_id=visit.team_id, now=visit.now
    )
    visit.services.stripe.forget(visit.team_id)
    return visit.done(f"{visit.team_home}/stripe", "Stripe is disconnected, and its keys are wiped.")


async def _page(visit: Visit, errors: dict[str, str]) -> Response:
    progress, unassigned = await visit.services.db.read(_state, visit.team_id)
    connection = visit.connection
    values = {
        "connection": connection if connection is not None and connection.is_active else None,
        "can_simulate": visit.services.simulator is not None,
        "webhook_url": visit.services.settings.webhook_url(visit.team_id),
        "progress": progress,
        "import_status": None if progress is None else _IMPORT.get(progress.run.status, Status("off", "Unknown")),
        "unassigned": {kind: count for kind, count in unassigned.items() if count},
        "form": Form([]),
        "errors": errors,
    }
    return visit.show("stripe.html", values, 400 if errors else 200)


async def _state(tx: Reading, team_id: str) -> tuple[Progress | None, dict[str, int]]:
    return await imports.find_progress(tx, team_id), await raw_objects.count_unassigned(tx, team_id)


def _in_words(message: str) -> str:
    """Call the fields what the form calls them."""
    for name, words in (
        ("secretKey", "Secret key"),
        ("publishableKey", "Publishable key"),
        ("webhookSecret", "Signing secret"),
    ):
        message = message.replace(name, words)
    return message


ROUTES: Final = [
    Route(_HERE, show, methods=["GET"]),
    Route(f"{_HERE}/connection", connect, methods=["POST"]),
    Route(f"{_HERE}/simulator", simulate, methods=["POST"]),
    Route(f"{_HERE}/imports", start_import, methods=["POST"]),
    Route(f"{_HERE}/imports/stop", stop_import, methods=["POST"]),
    Route(f"{_HERE}/disconnection", ask_disconnection, methods=["GET"]),
    Route(f"{_HERE}/disconnection", disconnect, methods=["POST"]),
]
